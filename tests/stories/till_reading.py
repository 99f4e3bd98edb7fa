"""What the demo's till says, read by plain SQL: what a story expects on the site.

It goes another way than the exporter: no mapping, no packets. Money is Decimal with tax, texts are
as the site must show them (a missing English text is filled with the French one at creation).

    with open_till(path) as till:
        articles = online_articles(till, without={901})
    differences(articles[1001], product, shelves)      # {}: the site is as the till
"""

import html
import re
import sqlite3
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal

from tests.stories.shopfront import SeenCategory, SeenProduct, SeenVariant

_CENT = Decimal("0.01")
_TAG = re.compile(r"<[^>]*>")


@dataclass(frozen=True)
class TillVariant:
    """A variant: price with tax, French names of size and colour, stock of all depots."""

    key: int
    reference: str
    ean: str
    price: Decimal
    values: frozenset[str]
    stock: int


@dataclass(frozen=True)
class TillArticle:
    """An article for the site: price with tax, rate in percent, texts by ISO code.

    stock is None of a pack: what it holds decides, and the site counts that itself.
    """

    key: int
    reference: str
    ean: str
    names: Mapping[str, str]
    descriptions: Mapping[str, str]
    price: Decimal
    rate: Decimal
    brand: str | None
    family: str
    more_families: frozenset[str]
    stock: int | None
    photos: int
    variants: tuple[TillVariant, ...]


@dataclass(frozen=True)
class TillFamily:
    """A category of the till: its code, its parent's (None: none) and its names."""

    code: str
    parent: str | None
    names: Mapping[str, str]


def online_articles(
    till: sqlite3.Connection, *, without: Collection[int] = ()
) -> dict[int, TillArticle]:
    """Return the articles that are to be sold on the site, by key.

    Args:
        till: The till's database.
        without: Keys to leave out, whose rows cannot be read.
    """
    till.row_factory = sqlite3.Row
    rows = till.execute(
        "SELECT A.*, T.TX_TVA, M.LIB_MRQ, "
        "(SELECT COUNT(*) FROM PHOTO P WHERE P.ID_ART = A.ID_ART) AS PHOTOS "
        "FROM ARTICLE A JOIN TVA T ON T.COD_TVA = A.COD_TVA "
        "LEFT JOIN MARQUE M ON M.COD_MRQ = A.COD_MRQ "
        "WHERE A.INTERNET = 'O' AND A.ARRETE = 'N' AND A.NATURE <> 'C' ORDER BY A.ID_ART"
    ).fetchall()
    return {row["ID_ART"]: _article(till, row) for row in rows if row["ID_ART"] not in without}


def families(till: sqlite3.Connection) -> list[TillFamily]:
    """Return the till's tree, parents first."""
    shelves = till.execute("SELECT COD_RAY, LIB_RAY, LIB_RAY_EN FROM RAYON").fetchall()
    below = till.execute("SELECT COD_FAM, COD_RAY, LIB_FAM, LIB_FAM_EN FROM FAMILLE").fetchall()
    tops = [TillFamily(code, None, {"fr": fr, "en": en or fr}) for code, fr, en in shelves]
    return tops + [
        TillFamily(code, parent, {"fr": fr, "en": en or fr}) for code, parent, fr, en in below
    ]


def differences(
    wanted: TillArticle, seen: SeenProduct, shelves: Mapping[int, SeenCategory]
) -> dict[str, tuple[object, object]]:
    """Return what differs between till and site: name → (till, site); empty when nothing does.

    Args:
        wanted: The article.
        seen: The product.
        shelves: The shop's categories.
    """
    shelf = shelves[seen.default_category].names["fr"]
    pairs: dict[str, tuple[object, object]] = {
        "reference": (wanted.reference, seen.reference),
        "ean": (wanted.ean, seen.ean),
        "active": (True, seen.active),
        "names": (dict(wanted.names), dict(seen.names)),
        "descriptions": (_shown(wanted.descriptions), _shown(seen.descriptions)),
        "price": (wanted.price, with_tax(seen)),
        "rate": (wanted.rate, seen.tax_rate),
        "brand": (wanted.brand, seen.brand),
        "family": (wanted.family, shelf),
        "categories": (
            {wanted.family, *wanted.more_families},
            {shelves[category].names["fr"] for category in seen.categories},
        ),
        "stock": (wanted.stock if wanted.stock is not None else seen.stock, seen.stock),
        "photos": (wanted.photos, len(seen.images)),
        "cover": (seen.images[0] if seen.images else None, seen.cover),
    }
    pairs |= _variant_pairs(wanted, seen)
    return {name: pair for name, pair in pairs.items() if pair[0] != pair[1]}


def with_tax(product: SeenProduct, variant: SeenVariant | None = None) -> Decimal:
    """Return what a product or one of its variants costs with tax, to the cent."""
    price = product.price + (variant.impact if variant else 0)
    return (price * (100 + product.tax_rate) / 100).quantize(_CENT, ROUND_HALF_UP)


def _variant_pairs(
    wanted: TillArticle, seen: SeenProduct
) -> Iterator[tuple[str, tuple[object, object]]]:
    there = {variant.reference: variant for variant in seen.variants}
    references = [variant.reference for variant in seen.variants]
    yield "variants", (sorted(v.reference for v in wanted.variants), sorted(references))
    for variant in wanted.variants:
        shown = there.get(variant.reference)
        if shown is None:
            continue
        till = (variant.ean, variant.price, _folded(variant.values), variant.stock)
        site = (shown.ean, with_tax(seen, shown), _folded(shown.values), shown.stock)
        yield variant.reference, (till, site)


def _article(till: sqlite3.Connection, row: sqlite3.Row) -> TillArticle:
    variants = tuple(_variants(till, row["ID_ART"], row["PX_TTC"]))
    own = row["QTE_STK"] if not variants else sum(variant.stock for variant in variants)
    more = till.execute(
        "SELECT LIB_FAM FROM FAMILLE JOIN ARTICLE_FAMILLE USING (COD_FAM) WHERE ID_ART = ?",
        (row["ID_ART"],),
    ).fetchall()
    return TillArticle(
        key=row["ID_ART"],
        reference=row["REF"],
        ean=row["EAN"] or "",
        names={"fr": row["LIB"], "en": row["LIB_EN"] or row["LIB"]},
        descriptions={"fr": row["DESC_FR"] or "", "en": row["DESC_EN"] or row["DESC_FR"] or ""},
        price=_money(row["PX_TTC"]),
        rate=Decimal(row["TX_TVA"].replace(",", ".")),
        brand=row["LIB_MRQ"],
        family=till.execute(
            "SELECT LIB_FAM FROM FAMILLE WHERE COD_FAM = ?", (row["COD_FAM"],)
        ).fetchone()[0],
        more_families=frozenset(name for (name,) in more),
        stock=None if row["NATURE"] == "L" else own,
        photos=row["PHOTOS"],
        variants=variants,
    )


def _variants(till: sqlite3.Connection, article: int, price: str) -> Iterator[TillVariant]:
    rows = till.execute(
        "SELECT D.*, P.LIB_PT, C.LIB_COUL, "
        "(SELECT COALESCE(SUM(S.QTE), 0) FROM STOCK S WHERE S.ID_DECL = D.ID_DECL) AS UNITS "
        "FROM DECLINAISON D LEFT JOIN POINTURE P ON P.COD_PT = D.COD_PT "
        "LEFT JOIN COULEUR C ON C.COD_COUL = D.COD_COUL WHERE D.ID_ART = ? ORDER BY D.ID_DECL",
        (article,),
    )
    for row in rows.fetchall():
        yield TillVariant(
            key=row["ID_DECL"],
            reference=row["REF_DECL"],
            ean=row["EAN"] or "",
            price=_money(row["PX_TTC"] or price),
            values=frozenset({row["LIB_PT"], row["LIB_COUL"]}),
            stock=row["UNITS"],
        )


def _money(text: str) -> Decimal:
    return Decimal(text.replace(",", "."))


def _folded(names: frozenset[str]) -> list[str]:
    """Return names without case: a shop's own size or colour is taken, and keeps its spelling."""
    return sorted(name.casefold() for name in names)


def _shown(texts: Mapping[str, str]) -> dict[str, str]:
    """Return what a visitor reads: PrestaShop writes the HTML around it otherwise."""
    return {
        iso: " ".join(html.unescape(_TAG.sub(" ", text)).split()) for iso, text in texts.items()
    }
