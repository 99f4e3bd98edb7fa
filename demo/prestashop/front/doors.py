"""Which page an address of the front means.

| address | page |
|---|---|
| `/`, `/index.php` | home |
| `/7-chaussures`, `/index.php?id_category=7&controller=category` | a category |
| `/20-mocassin.html`, `/20-45-mocassin.html`, `/index.php?id_product=20&controller=product` | one |
| `/24-large_default/mocassin.jpg` | a photo, scaled down |

    open_front(core, request).status      # 200, 404 for what a visitor cannot see, 503 when closed
"""

import re
from urllib.parse import quote, urlencode

from demo.prestashop.answers import HTML, Answer, Request
from demo.prestashop.core import Core
from demo.prestashop.front.pages import Pages
from demo.prestashop.front.reading import find_category, find_product, products_of, tree
from demo.prestashop.images import SIZES
from demo.prestashop.pictures import mime_of, resize
from demo.prestashop.record import leading_int

_PRODUCT = re.compile(r"/(?:[^/]+/)?(\d+)(?:-\d+)?-[^/]*\.html")
_CATEGORY = re.compile(r"/(\d+)-[^/.]*")
_PHOTO = re.compile(r"/(\d+)-([a-z_]+)/[^/]+\.(?:jpg|png)")
# A description may bear what it likes: nothing of it is run, nothing is fetched elsewhere.
_SAFE = ("Content-Security-Policy", "default-src 'self'; style-src 'unsafe-inline'")


def open_front(core: Core, request: Request) -> Answer:
    """Answer what a visitor's browser asks for."""
    if request.method not in {"GET", "HEAD"}:
        return Answer(405, b"", HTML, (("Allow", "GET, HEAD"),))
    with core.database.lock:
        photo = _PHOTO.fullmatch(request.path)
        if photo:
            return _photo(core, leading_int(photo[1]), photo[2])
        status, page = _page(core, request)
    return Answer(status, page.encode(), HTML, (_SAFE,))


def _page(core: Core, request: Request) -> tuple[int, str]:
    lang = leading_int(request.options.get("id_lang", ""))
    if lang not in core.languages():
        lang = core.setting_number("PS_LANG_DEFAULT") or 1
    rows = core.database.rows("SELECT id, iso_code FROM languages WHERE active = 1 ORDER BY id")
    codes = {leading_int(row["id"] or ""): row["iso_code"] or "en" for row in rows}
    here = [(code, _in_language(request, one)) for one, code in codes.items()]
    name = core.setting("PS_SHOP_NAME")
    pages = Pages(name, codes.get(lang, "en"), lang, tree(core, lang), here)
    if core.setting("PS_SHOP_ENABLE") == "0":
        return 503, pages.closed()
    kind, identifier = _meant(request)
    if kind == "home":
        home = core.setting_number("PS_HOME_CATEGORY") or 2
        return 200, pages.home(products_of(core, home, lang))
    if kind == "product" and (product := find_product(core, identifier, lang)):
        return 200, pages.product(product)
    if kind == "category" and (category := find_category(core, identifier, lang)):
        return 200, pages.category(category, products_of(core, identifier, lang))
    return 404, pages.gone()


def _in_language(request: Request, lang: int) -> str:
    pairs = [pair for pair in request.pairs if pair[0] != "id_lang"]
    return f"{quote(request.path)}?{urlencode([*pairs, ('id_lang', str(lang))])}"


def _meant(request: Request) -> tuple[str, int]:
    """Return what kind of page is meant, and the id of what it shows."""
    for kind, pattern in (("product", _PRODUCT), ("category", _CATEGORY)):
        found = pattern.fullmatch(request.path)
        if found:
            return kind, leading_int(found[1])
    if request.path not in {"/", "/index.php"}:
        return "none", 0
    kind = request.options.get("controller", "home")
    if kind in {"product", "category"}:
        return kind, leading_int(request.options.get(f"id_{kind}", ""))
    return ("home" if kind in {"home", "index"} else "none"), 0


def _photo(core: Core, image: int, size: str) -> Answer:
    content = core.database.find_blob("SELECT content FROM product_images WHERE id = ?", image)
    if not content or size not in SIZES:
        return Answer(404, b"", HTML)
    return Answer(200, resize(content, SIZES[size][1]), mime_of(content))
