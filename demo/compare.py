"""Till and shop side by side: the till read by SQL, the shop as a visitor would pay there.

Nothing of the two programs is used on the till's side, so that a mistake of theirs shows: what a
visitor pays is worked out here once more, from the till's own rows (SPEC §6.6).

    lines = compare(till_path, webservice, now=datetime(2026, 9, 1, 10, 0))
    wrong = [line for line in lines if not line.is_right]
    lines[7].promotion                  # "Fin d'été": in force, and the lowest
"""

import sqlite3
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import closing
from dataclasses import dataclass
from datetime import date, datetime
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
        price: What a visitor pays for one, promotions included: tax included, 2 places.
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
    """One sellable thing on both sides; None where a side does not have it.

    Args:
        article: Its reference.
        variant: Its own reference; empty for an article without variants.
        till: As the till has it.
        shop: As the shop sells it.
        promotion: The promotion that makes the till's price; empty: none does.
        usual: The till's price without any promotion; None where the till does not have it.
    """

    article: str
    variant: str
    till: Sold | None
    shop: Sold | None
    promotion: str = ""
    usual: Decimal | None = None

    @property
    def is_right(self) -> bool:
        """Whether both sides agree."""
        return self.till == self.shop


@dataclass(frozen=True)
class Reduction:
    """What one promotion of the till takes off; one of the three says it.

    Args:
        name: As the till calls it.
        percent: Taken off.
        amount: Taken off, tax included.
        price: The new price, tax included.
    """

    name: str
    percent: Decimal | None
    amount: Decimal | None
    price: Decimal | None

    def of(self, usual: Decimal) -> Decimal:
        """Return what it makes of a price: 2 places, never under 0."""
        if self.price is not None:
            return self.price
        taken = self.amount or usual * (self.percent or Decimal(0)) / 100
        return round_cents(max(Decimal(0), usual - taken))


def visitor_price(usual: Decimal, reductions: Iterable[Reduction]) -> tuple[Decimal, str]:
    """Return the lowest of the usual price and what each reduction makes of it, and whose it is.

    Args:
        usual: Tax included, 2 places.
        reductions: Of the promotions in force for this very thing; they never add up.
    """
    lowest, name = usual, ""
    for one in reductions:
        if one.of(usual) < lowest:
            lowest, name = one.of(usual), one.name
    return lowest, name


_TILL = """
SELECT A.REF AS article, COALESCE(D.REF_DECL, '') AS variant, A.LIB AS name,
       COALESCE(D.PX_TTC, A.PX_TTC) AS price, A.ID_ART AS article_id,
       D.ID_DECL AS variant_id,
       CASE WHEN A.NATURE = 'L' THEN 0
            WHEN D.ID_DECL IS NULL THEN A.QTE_STK
            ELSE COALESCE((SELECT SUM(S.QTE) FROM STOCK S WHERE S.ID_DECL = D.ID_DECL), 0)
       END AS stock,
       (SELECT COUNT(*) FROM PHOTO P WHERE P.ID_ART = A.ID_ART) AS photos
FROM ARTICLE A LEFT JOIN DECLINAISON D ON D.ID_ART = A.ID_ART
WHERE A.INTERNET = 'O' AND A.ARRETE = 'N' AND A.NATURE <> 'C'
"""


_PROMOTIONS = """
SELECT LIB_PROMO, ID_ART, ID_DECL, COD_FAM, REMISE, MONTANT, PX_PROMO, DAT_DEB, DAT_FIN
FROM PROMO WHERE ACTIVE = 'O'
"""
# A family's promotion is for its articles, whether it is their first or a further one.
_SHELVES = """
SELECT ID_ART, COD_FAM FROM ARTICLE UNION SELECT ID_ART, COD_FAM FROM ARTICLE_FAMILLE
"""

#: What a promotion may be for: an article, a variant or a family, and its key.
_Target = tuple[str, int | str | None]
_Key = tuple[str, str]


@dataclass(frozen=True)
class _Priced:
    """A thing of the till, its price without promotions and the promotion that lowers it."""

    sold: Sold
    usual: Decimal
    promotion: str


def compare(
    till_path: Path, shop: Webservice, *, now: datetime, without: Sequence[int] = ()
) -> list[Line]:
    """Return every thing that is for sale on either side, ordered by reference.

    Args:
        till_path: The demo till's file.
        shop: The webservice.
        now: The shop's local time: which promotions are in force.
        without: Till ids of articles whose rows are wrong: they are on neither side.
    """
    till = dict(_read_till(till_path, set(without), now.date()))
    site = dict(_read_shop(shop))
    return [_line(key, till.get(key), site.get(key)) for key in sorted(till.keys() | site.keys())]


def _line(key: _Key, till: _Priced | None, shop: Sold | None) -> Line:
    if till is None:
        return Line(*key, None, shop)
    return Line(*key, till.sold, shop, till.promotion, till.usual)


def _read_till(path: Path, without: set[int], today: date) -> Iterator[tuple[_Key, _Priced]]:
    with closing(sqlite3.connect(f"file:{path}?mode=ro", uri=True)) as till:
        till.text_factory = lambda raw: raw.decode("utf-8", "replace")
        till.row_factory = sqlite3.Row
        reductions = _reductions(till, today)
        shelves: dict[int, list[_Target]] = {}
        for article_id, family in till.execute(_SHELVES):
            shelves.setdefault(article_id, []).append(("COD_FAM", family))
        for row in till.execute(_TILL):
            article_id = row["article_id"]
            if article_id in without:
                continue
            targets = [
                ("ID_ART", article_id), ("ID_DECL", row["variant_id"]), *shelves[article_id],
            ]  # fmt: skip
            usual = _amount(row["price"])
            found = [one for target in targets for one in reductions.get(target, ())]
            price, promotion = visitor_price(usual, found)
            sold = Sold(row["name"].strip(), price, row["stock"], True, row["photos"])
            yield (row["article"], row["variant"]), _Priced(sold, usual, promotion)


def _reductions(till: sqlite3.Connection, today: date) -> Mapping[_Target, list[Reduction]]:
    """Return what the promotions in force on a day take off, by what they are for."""
    found: dict[_Target, list[Reduction]] = {}
    for row in till.execute(_PROMOTIONS):
        if not _day(row["DAT_DEB"]) <= today <= _day(row["DAT_FIN"]):
            continue
        percent, amount, price = (
            None if row[column] is None else _amount(row[column])
            for column in ("REMISE", "MONTANT", "PX_PROMO")
        )
        for column in ("ID_ART", "ID_DECL", "COD_FAM"):
            if row[column] is not None:
                one = Reduction(row["LIB_PROMO"], percent, amount, price)
                found.setdefault((column, row[column]), []).append(one)
    return found


def _amount(text: str) -> Decimal:
    return Decimal(text.replace(",", "."))


def _day(text: str) -> date:
    day, month, year = map(int, text.split("/"))
    return date(year, month, day)


def _read_shop(shop: Webservice) -> Iterator[tuple[_Key, Sold]]:
    french = next(e.id for e in shop.find("languages") if e.text("iso_code") == "fr")
    products = {product.id: product for product in shop.iter_all("products")}
    prices, variant_prices = _prices(shop, "products"), _prices(shop, "combinations")
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
            is_pack = bool(product.rows("product_bundle"))  # 1.6 has no product_type
            units = 0 if is_pack else stock.get((product.id, 0), 0)
            sold = Sold(name, prices[product.id], units, True, photos)
            yield (product.text("reference"), ""), sold
        for one in variants.get(product.id, ()):
            units = stock.get((product.id, one.id), 0)
            sold = Sold(name, variant_prices[one.id], units, True, photos)
            yield (product.text("reference"), one.text("reference")), sold


def _prices(shop: Webservice, resource: str) -> Mapping[int, Decimal]:
    """Return what a visitor who did not sign in pays for one of each: products or combinations."""
    group = shop.find("configurations", {"name": "[PS_UNIDENTIFIED_GROUP]"})[0].text("value")
    query = (
        ("display", "[id,ttc]"), ("price[ttc][use_tax]", "1"), ("price[ttc][decimals]", "6"),
        ("price[ttc][group]", group),
    )  # fmt: skip
    answer: Answer = shop.ask("GET", resource, resource, query)
    return {
        entity.id: round_cents(entity.number("ttc"))
        for entity in parse_entities(answer.body, resource)
    }
