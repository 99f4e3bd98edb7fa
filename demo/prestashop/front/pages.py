"""The front's pages as HTML, in French and English.

Names and references are escaped; descriptions are HTML that the shop has cleaned.

    pages = Pages("Ma boutique", iso="fr", lang=2, tree=tree(core, 2))
    pages.product(product)      # "<!DOCTYPE html>…"
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from html import escape

from demo.prestashop.front.reading import Category, Price, Product, Variant
from demo.prestashop.slug import slug

_FRENCH: Mapping[str, str] = {
    "home": "Accueil", "gone": "Cette page n'existe pas", "sold out": "Épuisé",
    "basket": "Ajouter au panier", "empty": "Aucun produit", "reference": "Référence",
    "closed": "La boutique est fermée un moment", "not sold": "N'est pas en vente en ligne",
    "choose": "Déclinaisons",
}  # fmt: skip
_ENGLISH: Mapping[str, str] = {
    "home": "Home", "gone": "This page does not exist", "sold out": "Sold out",
    "basket": "Add to basket", "empty": "No products", "reference": "Reference",
    "closed": "The shop is closed for a moment", "not sold": "Not sold online",
    "choose": "Combinations",
}  # fmt: skip
_STYLE = """
body{font:16px/1.5 system-ui,sans-serif;margin:0;color:#222;background:#fafafa}
header{background:#24324a;color:#fff;padding:.8rem 1.5rem}header a{color:#fff;margin-right:1rem}
.frame{display:flex;gap:2rem;padding:1.5rem;align-items:flex-start}
nav ul{list-style:none;padding-left:1rem;margin:0}main{flex:1}
.grid{display:grid;grid-template-columns:repeat(auto-fill,minmax(180px,1fr));gap:1rem}
.card{background:#fff;border:1px solid #ddd;border-radius:6px;padding:.8rem}
img{max-width:100%;height:auto}.photos img{width:160px;margin-right:.5rem}
.price{font-weight:700}del{color:#888;font-weight:400;margin-left:.4rem}
.sold-out{color:#b3261e;font-weight:700}table{border-collapse:collapse;margin:1rem 0}
td{padding:.3rem .9rem .3rem 0;border-bottom:1px solid #ddd}
button{padding:.5rem 1rem}
"""


@dataclass(frozen=True)
class Pages:
    """Makes pages for one shop in one language.

    Args:
        shop: Its name.
        iso: `fr` for French words; English ones otherwise.
        lang: Id of the language, which links carry on.
        tree: The categories of the menu.
        languages: Each one's ISO code, with the address of the same page in it.
    """

    shop: str
    iso: str
    lang: int
    tree: Sequence[Category]
    languages: Sequence[tuple[str, str]] = ()

    def home(self, products: Sequence[Product]) -> str:
        """Return the home page: the tree, and what lies in Home itself."""
        return self._page(self.say("home"), self._grid(products))

    def category(self, one: Category, products: Sequence[Product]) -> str:
        """Return a category's page."""
        below = "".join(f"<li>{self._link(child)}</li>" for child in one.below)
        body = f"<div>{one.description}</div>" + (f"<ul>{below}</ul>" if below else "")
        return self._page(one.name, body + self._grid(products))

    def product(self, one: Product) -> str:
        """Return a product's page."""
        photos = "".join(
            f'<img src="{photo_path(image, one)}" alt="{escape(one.name)}">' for image in one.images
        )
        facts = [escape(one.brand), self._reference(one.reference)]
        return self._page(
            one.name,
            f'<div class="photos">{photos}</div><p>{" · ".join(fact for fact in facts if fact)}</p>'
            f"<p>{self._price(one.price)}</p><div>{one.summary}</div>"
            f"{self._variants(one.variants)}<p>{self._buying(one)}</p>"
            f"<div>{one.description}</div>",
        )

    def gone(self) -> str:
        """Return the page for what a visitor cannot see."""
        return self._page(self.say("gone"), "")

    def closed(self) -> str:
        """Return the page of a shop in maintenance."""
        return self._page(self.say("closed"), "")

    def say(self, what: str) -> str:
        """Return words of the front in its language."""
        return (_FRENCH if self.iso == "fr" else _ENGLISH)[what]

    def _page(self, title: str, body: str) -> str:
        menu = f'<a href="/?id_lang={self.lang}">{escape(self.shop)}</a>'
        others = "".join(
            f'<a href="{escape(address)}">{escape(iso)}</a>' for iso, address in self.languages
        )
        return (
            f'<!DOCTYPE html><html lang="{escape(self.iso)}"><head><meta charset="utf-8">'
            f"<title>{escape(title)}</title><style>{_STYLE}</style></head><body>"
            f"<header>{menu}{others}</header>"
            f'<div class="frame"><nav>{self._tree(self.tree)}</nav>'
            f"<main><h1>{escape(title)}</h1>{body}</main></div></body></html>"
        )

    def _tree(self, categories: Sequence[Category]) -> str:
        rows = "".join(f"<li>{self._link(one)}{self._tree(one.below)}</li>" for one in categories)
        return f"<ul>{rows}</ul>" if rows else ""

    def _link(self, one: Category) -> str:
        address = f"/{one.id}-{escape(one.slug)}?id_lang={self.lang}"
        return f'<a href="{address}">{escape(one.name)}</a>'

    def _grid(self, products: Sequence[Product]) -> str:
        if not products:
            return f"<p>{self.say('empty')}</p>"
        return f'<div class="grid">{"".join(self._card(one) for one in products)}</div>'

    def _card(self, one: Product) -> str:
        address = f"/{one.id}-{escape(one.slug)}.html?id_lang={self.lang}"
        photo = f'<img src="{photo_path(one.images[0], one)}" alt=""><br>' if one.images else ""
        flag = "" if one.available or not one.sold else self._sold_out()
        return (
            f'<div class="card"><a href="{address}">{photo}{escape(one.name)}</a>'
            f"<br>{self._price(one.price)} {flag}</div>"
        )

    def _price(self, price: Price | None) -> str:
        if price is None:
            return ""
        old = f"<del>{self._money(price.before)}</del>" if price.before > price.now else ""
        return f'<span class="price">{self._money(price.now)}{old}</span>'

    def _money(self, amount: Decimal) -> str:
        return f"{amount:.2f}".replace(".", ",") + " €" if self.iso == "fr" else f"€{amount:.2f}"

    def _reference(self, reference: str) -> str:
        return f"{self.say('reference')} {escape(reference)}" if reference else ""

    def _variants(self, variants: Sequence[Variant]) -> str:
        rows = "".join(
            f'<tr data-combination="{one.id}"><td>{escape(one.label)}</td>'
            f"<td>{escape(one.reference)}</td><td>{self._price(one.price)}</td>"
            f"<td>{'' if one.available else self._sold_out()}</td></tr>"
            for one in variants
        )
        return f"<h2>{self.say('choose')}</h2><table>{rows}</table>" if rows else ""

    def _buying(self, one: Product) -> str:
        if not one.sold:
            return self.say("not sold")
        if not one.available:
            return self._sold_out()
        return f'<button class="add-to-cart">{self.say("basket")}</button>'

    def _sold_out(self) -> str:
        return f'<span class="sold-out">{self.say("sold out")}</span>'


def photo_path(image: int, one: Product) -> str:
    """Return the address of a photo."""
    return f"/{image}-large_default/{slug(one.name) or 'photo'}.jpg"
