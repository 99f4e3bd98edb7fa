"""What a visitor of the simulated shop sees, and what not."""

import re
from collections.abc import Callable
from decimal import Decimal

import pytest
import requests

from demo.prestashop import Shop, serve
from demo.prestashop.answers import Answer, Request, parse_target
from demo.prestashop.front import open_front
from tests.demo.prestashop.asking import Asker, combination_xml, product_xml, texts
from tests.demo.prestashop.pictures import jpeg, multipart

Visit = Callable[..., Answer]
_OPTION = (
    "<product_option><group_type>select</group_type>"
    f"<name>{texts('Size', 'Taille')}</name><public_name>{texts('Size', 'Taille')}</public_name>"
    "</product_option>"
)


@pytest.fixture
def visit(shop: Shop) -> Visit:
    """Opens an address of the front, in French."""

    def opened(target: str, lang: int = 2, method: str = "GET") -> Answer:
        path, pairs = parse_target(target)
        asked = (*pairs, ("id_lang", str(lang)))
        return open_front(shop.core, Request(method, path, asked, {}, b""))

    return opened


def _page(answer: Answer) -> str:
    assert answer.status == 200
    return answer.body.decode()


def _category(ask: Asker, name: str, parent: int = 2, active: int = 1) -> int:
    slug = name.lower()
    return ask.new_id(
        "categories",
        f"<category><id_parent>{parent}</id_parent><active>{active}</active>"
        f"<name>{texts(name)}</name><link_rewrite>{texts(slug)}</link_rewrite></category>",
    )


def _sizes(ask: Asker, shop: Shop, product: int, stocks: dict[str, int]) -> list[int]:
    """Give a product one combination per size, with a stock each."""
    option = ask.new_id("product_options", _OPTION)
    made = []
    for size, units in stocks.items():
        value = ask.new_id(
            "product_option_values",
            f"<product_option_value><id_attribute_group>{option}</id_attribute_group>"
            f"<name>{texts(size)}</name></product_option_value>",
        )
        linked = (
            "<associations><product_option_values><product_option_value>"
            f"<id>{value}</id></product_option_value></product_option_values></associations>"
        )
        made.append(ask.new_id("combinations", combination_xml(product, f"R-{size}", linked)))
        shop.set_stock(product, made[-1], units)
    return made


def _offered(page: str) -> list[str]:
    return re.findall(r'data-combination="\d+"><td>[^<]* : ([^<]*)<', page)


def test_home_shows_the_tree_without_what_visitors_may_not_see(
    shop: Shop, ask: Asker, visit: Visit
) -> None:
    shoes = _category(ask, "Shoes")
    _category(ask, "Boots", shoes)
    hidden = _category(ask, "Attic", active=0)
    _category(ask, "Below", hidden)
    members = _category(ask, "Members")
    shop.execute("DELETE FROM category_group WHERE id_category = ? AND id_group = 1", members)
    page = _page(visit("/"))
    assert re.findall(r'href="/\d+-([a-z]+)\?id_lang=2"', page) == ["shoes", "boots"]
    assert visit(f"/{hidden}-attic").status == 404
    assert visit(f"/{members}-members").status == 404
    assert visit(f"/index.php?id_category={shoes}&controller=category").status == 200


@pytest.mark.parametrize(
    ("change", "listed", "status"),
    [
        ("active = 1", True, 200),
        ("active = 0", False, 404),
        ("state = 0", False, 404),
        ("visibility = 'none'", False, 404),
        ("visibility = 'search'", False, 200),
        ("visibility = 'catalog'", True, 200),
    ],
)
def test_a_product_is_seen_as_its_switches_say(
    shop: Shop, ask: Asker, visit: Visit, change: str, listed: bool, status: int
) -> None:
    product = ask.new_id("products", product_xml())
    shop.execute(f"UPDATE products SET {change}")  # noqa: S608 - our own words
    assert (f"/{product}-" in _page(visit("/"))) is listed
    for address in (f"/index.php?id_product={product}&controller=product", f"/{product}-shoe.html"):
        assert visit(address).status == status


def test_a_product_of_1_6_has_no_drafts(open_demo: Callable[[str], Shop]) -> None:
    shop = open_demo("1.6.1.24")
    shop.execute("UPDATE products SET state = NULL")
    assert open_front(shop.core, Request("GET", "/1-x.html", (), {}, b"")).status == 200


def test_a_page_speaks_the_language_that_is_asked_for(ask: Asker, visit: Visit) -> None:
    product = ask.new_id("products", product_xml())
    french, english = (_page(visit(f"/{product}-x.html", lang)) for lang in (2, 1))
    assert "<h1>Chaussure</h1>" in french
    assert "<h1>Shoe</h1>" in english
    assert ("Épuisé" in french, "Sold out" in english) == (True, True)
    assert _page(visit(f"/{product}-x.html", 77)) == english


def test_prices_bear_tax_and_a_promotion_strikes_the_old_one_out(
    shop: Shop, ask: Asker, visit: Visit
) -> None:
    product = ask.new_id("products", product_xml(price="10"))
    assert '<span class="price">12,00 €</span>' in _page(visit(f"/{product}-x.html"))
    ask.new_id(
        "specific_prices",
        f"<specific_price><id_shop>0</id_shop><id_cart>0</id_cart><id_product>{product}</id_product>"
        "<id_currency>0</id_currency><id_country>0</id_country><id_group>0</id_group>"
        "<id_customer>0</id_customer><price>-1</price><from_quantity>1</from_quantity>"
        "<reduction>0.2</reduction><reduction_tax>1</reduction_tax>"
        "<reduction_type>percentage</reduction_type><from>0000-00-00 00:00:00</from>"
        "<to>0000-00-00 00:00:00</to></specific_price>",
    )
    struck = '<span class="price">9,60 €<del>12,00 €</del></span>'
    assert struck in _page(visit(f"/{product}-x.html"))
    assert struck in _page(visit("/"))
    shop.execute("UPDATE products SET show_price = 0, available_for_order = 0")
    assert 'class="price"' not in _page(visit(f"/{product}-x.html"))


def test_the_front_charges_what_the_webservice_computes(
    open_demo: Callable[[str], Shop], ask_demo: Asker
) -> None:
    shop = open_demo("8.2.1")
    for product in range(1, 20):
        page = open_front(shop.core, Request("GET", f"/{product}-x.html", (), {}, b"")).body
        shown = re.findall(r'<p><span class="price">€([\d.]+)', page.decode())
        asked = f"products/{product}?display=[id,p]&price[p][use_tax]=1&price[p][decimals]=2"
        assert shown == [
            str(Decimal(ask_demo.get(asked).value("product/p")).quantize(Decimal("0.01")))
        ]


@pytest.mark.parametrize(
    ("display", "managed", "out_of_stock", "by_default", "offered"),
    [
        (1, 1, 2, 0, "S M L XL"),
        (0, 1, 2, 0, "S L XL"),
        (0, 1, 2, 1, "S M L XL"),
        (0, 1, 1, 0, "S M L XL"),
        (0, 1, 0, 1, "S L XL"),
        (0, 0, 2, 0, "S M L XL"),
    ],
)
def test_sizes_offered_are_those_of_the_measured_table(
    shop: Shop,
    ask: Asker,
    visit: Visit,
    display: int,
    managed: int,
    out_of_stock: int,
    by_default: int,
    offered: str,
) -> None:
    product = ask.new_id("products", product_xml())
    _sizes(ask, shop, product, {"S": 3, "M": 0, "L": 2, "XL": 1})
    for name, value in (
        ("PS_DISP_UNAVAILABLE_ATTR", display),
        ("PS_STOCK_MANAGEMENT", managed),
        ("PS_ORDER_OUT_OF_STOCK", by_default),
    ):
        shop.execute("UPDATE configurations SET value = ? WHERE name = ?", value, name)
    sql = "UPDATE stock_availables SET out_of_stock = ? WHERE id_product_attribute = 0"
    shop.execute(sql, out_of_stock)
    assert _offered(_page(visit(f"/{product}-x.html"))) == offered.split()


def test_the_basket_is_there_while_something_can_be_bought(
    shop: Shop, ask: Asker, visit: Visit
) -> None:
    product = ask.new_id("products", product_xml())
    sizes = _sizes(ask, shop, product, {"36": 1, "37": 0})
    page = _page(visit(f"/{product}-x.html"))
    assert ("add-to-cart" in page, page.count("Épuisé")) == (True, 1)
    assert "Épuisé" not in _page(visit("/"))
    shop.set_stock(product, sizes[0], 0)
    page = _page(visit(f"/{product}-x.html"))
    assert ("add-to-cart" in page, page.count("Épuisé")) == (False, 3)
    assert "Épuisé" in _page(visit("/"))


def test_a_product_not_for_sale_online_says_so(shop: Shop, ask: Asker, visit: Visit) -> None:
    product = ask.new_id("products", product_xml())
    shop.set_stock(product, 0, 5)
    assert "add-to-cart" in _page(visit(f"/{product}-x.html"))
    shop.execute("UPDATE products SET available_for_order = 0")
    page = _page(visit(f"/{product}-x.html"))
    assert ("add-to-cart" in page, "Épuisé" in page) == (False, False)


def test_fewer_than_the_smallest_quantity_is_sold_out(shop: Shop, ask: Asker, visit: Visit) -> None:
    product = ask.new_id("products", product_xml())
    shop.set_stock(product, 0, 2)
    shop.execute("UPDATE products SET minimal_quantity = 3")
    assert "add-to-cart" not in _page(visit(f"/{product}-x.html"))


def test_names_are_escaped_and_nothing_is_run(shop: Shop, ask: Asker, visit: Visit) -> None:
    product = ask.new_id("products", product_xml(reference='A"&amp;B'))
    shop.execute("UPDATE products_lang SET name = '<script>alert(1)</script>'")
    answer = visit(f"/{product}-x.html")
    page = _page(answer)
    assert "<script>" not in page
    assert "&lt;script&gt;" in page
    assert "A&quot;&amp;B" in page
    assert "default-src 'self'" in dict(answer.headers)["Content-Security-Policy"]


def test_a_photo_is_served_scaled_and_only_where_it_is(ask: Asker, visit: Visit) -> None:
    product = ask.new_id("products", product_xml())
    body, kind = multipart("image", "a.jpg", "image/jpeg", jpeg())
    assert ask("POST", f"images/products/{product}", body, {"content-type": kind}).status == 200
    address = re.findall(r'<img src="([^"]*)"', _page(visit(f"/{product}-x.html")))
    answer = visit(address[0])
    assert (answer.status, answer.content_type) == (200, "image/jpeg")
    assert answer.body.startswith(b"\xff\xd8\xff")
    assert visit("/1-huge/shoe.jpg").status == 404
    assert visit("/99-large_default/shoe.jpg").status == 404


def test_only_reading_is_answered_and_a_closed_shop_says_so(shop: Shop, visit: Visit) -> None:
    assert visit("/", method="POST").status == 405
    assert visit("/nowhere").status == 404
    assert visit("/index.php?controller=cart").status == 404
    shop.execute("UPDATE configurations SET value = '0' WHERE name = 'PS_SHOP_ENABLE'")
    assert visit("/").status == 503


def test_the_front_is_served_beside_the_webservice_and_not_logged(shop: Shop, ask: Asker) -> None:
    product = ask.new_id("products", product_xml())
    shop.clear_requests()
    shop.fail_next("500")
    with serve(shop) as server:
        answer = requests.get(f"{server.url}/{product}-shoe.html?id_lang=1", timeout=10)
        head = requests.head(f"{server.url}/", timeout=10)
    assert (answer.status_code, head.status_code, head.content) == (200, 200, b"")
    assert "<h1>Shoe</h1>" in answer.text
    assert shop.requests() == []
