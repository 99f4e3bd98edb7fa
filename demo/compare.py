"""Till and shop side by side: the till read by SQL, the shop as a visitor would pay there.

Nothing of the two programs is used on the till's side, so that a mistake of theirs shows.

    lines = compare(till_path, webservice)
    wrong = [line for line in lines if not line.is_right]
"""

import sqlite3
from collections.abc import Iterator, Mapping, Sequence
from contextlib import closing
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path

from protocol.money import round_cents
from shop_agent.prestashop.answers import Answer
from shop_agent.prestashop.client import Webservice
from shop_agent.prestashop.entities import Entity
from shop_agent.prestashop.xml import parse_entities


@dataclass(frozen=True)
class Sold:
    """One thing for sale, as one of the two sides has it.

    Args:
        name: In French.
        price: Tax included, 2 places.
        stock: Units; 0 of a pack on either side: how many can be sold is the shop's own count.
        online: Whether a visitor sees it.
        photos: How many the article has.
    """

    name: str
    price: Decimal
    stock: int
    online: bool
    photos: int


@dataclass(frozen=True)
class Line:
    """One sellable thing on both sides; None where a side does not have it."""

    article: str
    variant: str
    till: Sold | None
    shop: Sold | None

    @property
    def is_right(self) -> bool:
        """Whether both sides agree."""
        return self.till == self.shop


_TILL = """
SELECT A.REF AS article, COALESCE(D.REF_DECL, '') AS variant, A.LIB AS name,
       COALESCE(D.PX_TTC, A.PX_TTC) AS price, A.ID_ART AS article_id,
       CASE WHEN A.NATURE = 'L' THEN 0
            WHEN D.ID_DECL IS NULL THEN A.QTE_STK
            ELSE COALESCE((SELECT SUM(S.QTE) FROM STOCK S WHERE S.ID_DECL = D.ID_DECL), 0)
       END AS stock,
       (SELECT COUNT(*) FROM PHOTO P WHERE P.ID_ART = A.ID_ART) AS photos
FROM ARTICLE A LEFT JOIN DECLINAISON D ON D.ID_ART = A.ID_ART
WHERE A.INTERNET = 'O' AND A.ARRETE = 'N' AND A.NATURE <> 'C'
"""


def compare(till_path: Path, shop: Webservice, *, without: Sequence[int] = ()) -> list[Line]:
    """Return every thing that is for sale on either side, ordered by reference.

    Args:
        till_path: The demo till's file.
        shop: The webservice.
        without: Till ids of articles whose rows are wrong: they are on neither side.
    """
    till = dict(_read_till(till_path, set(without)))
    site = dict(_read_shop(shop))
    keys = sorted(till.keys() | site.keys())
    return [Line(*key, till.get(key), site.get(key)) for key in keys]


def _read_till(path: Path, without: set[int]) -> Iterator[tuple[tuple[str, str], Sold]]:
    with closing(sqlite3.connect(f"file:{path}?mode=ro", uri=True)) as till:
        till.text_factory = lambda raw: raw.decode("utf-8", "replace")
        till.row_factory = sqlite3.Row
        for row in till.execute(_TILL):
            if row["article_id"] in without:
                continue
            price = Decimal(row["price"].replace(",", "."))
            sold = Sold(row["name"].strip(), price, row["stock"], True, row["photos"])
            yield (row["article"], row["variant"]), sold


def _read_shop(shop: Webservice) -> Iterator[tuple[tuple[str, str], Sold]]:
    french = next(e.id for e in shop.find("languages") if e.text("iso_code") == "fr")
    products = {product.id: product for product in shop.iter_all("products")}
    prices = _prices(shop)
    stock = {
        (row.whole("id_product"), row.whole("id_product_attribute")): row.whole("quantity")
        for row in shop.iter_all("stock_availables")
    }
    variants: dict[int, list[Entity]] = {}
    for combination in shop.iter_all("combinations"):
        variants.setdefault(combination.whole("id_product"), []).append(combination)
    for product in products.values():
        if not product.flag("active"):
            continue
        name = product.texts("name")[french]
        photos = len(product.rows("images"))
        if product.id not in variants:
            is_pack = "pack" in (product.fields.get("product_type"), product.fields.get("type"))
            units = 0 if is_pack else stock.get((product.id, 0), 0)
            sold = Sold(name, prices[product.id], units, True, photos)
            yield (product.text("reference"), ""), sold
        for one in variants.get(product.id, ()):
            price = _with_impact(shop, product.id, one.id)
            sold = Sold(name, price, stock.get((product.id, one.id), 0), True, photos)
            yield (product.text("reference"), one.text("reference")), sold


def _prices(shop: Webservice) -> Mapping[int, Decimal]:
    """Return what a visitor pays for each product without a choice of variant."""
    query = (
        ("display", "[id,ttc]"), ("price[ttc][use_tax]", "1"), ("price[ttc][decimals]", "6"),
    )  # fmt: skip
    answer: Answer = shop.ask("GET", "products", "products", query)
    return {
        entity.id: round_cents(entity.number("ttc"))
        for entity in parse_entities(answer.body, "products")
    }


def _with_impact(shop: Webservice, product: int, combination: int) -> Decimal:
    """Return what a visitor pays for one variant."""
    query = (
        ("price[ttc][use_tax]", "1"), ("price[ttc][decimals]", "6"),
        ("price[ttc][product_attribute]", str(combination)), ("display", "[id,ttc]"),
        ("filter[id]", f"[{product}]"),
    )  # fmt: skip
    answer = shop.ask("GET", "products", "products", query)
    return round_cents(parse_entities(answer.body, "products")[0].number("ttc"))
