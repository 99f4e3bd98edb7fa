"""What the till holds before anything is written: articles, variants, photos, promotions.

The promise: pure values, money as `Decimal`, every EAN with its right check digit. Articles made
here are plain, without chance (for tests and for the wrong rows); `draw` makes the whole shop.

    small_catalogue(5).articles[1].variants     # (): a simple article
    comma(Decimal("49.90"))                     # '49,90'
    french_day(date(2026, 11, 24))              # '24/11/2026'
    ean13(1001, 3)                              # '3760010010037'
"""

from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from itertools import product

from demo.till import words
from demo.till.words import Family

FIRST_ARTICLE_ID = 1001

# Sizes, then colour codes.
Axes = tuple[tuple[int, ...], tuple[str, ...]]
_SMALL_SHAPES: tuple[Axes | None, ...] = (
    ((38, 39), ("NOI", "COG")),
    None,
    ((38, 39), ("NOI",)),
    ((40, 41), ("BOR",)),
    None,
)


@dataclass(frozen=True)
class Variant:
    """One size and colour of an article; own_price is tax included, None: the article's."""

    variant_id: int
    size: int
    colour: str
    reference: str
    ean: str
    own_price: Decimal | None
    stock: tuple[tuple[str, int], ...]


@dataclass(frozen=True)
class Photo:
    """One photo of an article; file is a path under the photo folder, with `/`.

    colour is the code of the only colour that it shows, None: all.
    """

    position: int
    file: str
    legend: str
    colour: str | None = None


@dataclass(frozen=True)
class Article:
    """One model of the shop; price is tax included (as is ecotax), purchase_price tax excluded.

    ean and stock are those of a simple article, and None where there are variants. nature is `S`
    (goods), `L` (a pack), `V` (a service) or `C` (a gift card).
    """

    article_id: int
    reference: str
    name_fr: str
    name_en: str | None
    summary: str
    html_fr: str
    html_en: str | None
    family: str
    brand: int | None
    supplier: int | None
    vat_code: int
    price: Decimal
    purchase_price: Decimal
    ean: str | None
    stock: int | None
    weight_kg: Decimal
    internet: bool
    discontinued_on: date | None
    created_on: date
    variants: tuple[Variant, ...]
    photos: tuple[Photo, ...]
    nature: str = "S"
    material: str | None = None
    season: str | None = None
    supplier_reference: str | None = None
    meta_title: str | None = None
    meta_description: str | None = None
    upc: str | None = None
    isbn: str | None = None
    ecotax: Decimal | None = None


@dataclass(frozen=True)
class Promotion:
    """A lower price from the first to the last day, both included.

    It is for one of: an article, a variant, a family; and says one of: a percentage or an amount
    taken off, a price, both tax included.
    """

    name: str
    first_day: date
    last_day: date
    article_id: int | None = None
    variant_id: int | None = None
    family: str | None = None
    percent: Decimal | None = None
    amount: Decimal | None = None
    price: Decimal | None = None
    active: bool = True


@dataclass(frozen=True)
class Catalogue:
    """All that the shop sells, ordered by article id."""

    articles: tuple[Article, ...]
    promotions: tuple[Promotion, ...] = ()

    def with_photos(self, limit: int | None) -> "Catalogue":
        """Return the catalogue with only its first `limit` photos; None: with all."""
        if limit is None:
            return self
        articles, left = [], limit
        for article in self.articles:
            kept = article.photos[:left]
            left -= len(kept)
            articles.append(replace(article, photos=kept))
        return replace(self, articles=tuple(articles))


def comma(amount: Decimal) -> str:
    """Return an amount as the till writes it: `49,90`."""
    return str(amount).replace(".", ",")


def french_day(day: date) -> str:
    """Return a day as the till writes it: `24/11/2026`."""
    return day.strftime("%d/%m/%Y")


def ean13(article_id: int, number: int) -> str:
    """Return the EAN-13 of an article's variant (number 0: the article itself)."""
    body = f"376{article_id:06d}{number:03d}"
    return body + _check_digit(body)


def isbn13(article_id: int) -> str:
    """Return an ISBN as books print it: `978-2-3600-1042-1`."""
    body = f"97823600{article_id % 10_000:04d}"
    return f"978-2-3600-{body[8:]}-{_check_digit(body)}"


def upc12(article_id: int) -> str:
    """Return the UPC of an article."""
    body = f"0376{article_id % 10_000_000:07d}"
    return body + _check_digit(f"0{body}")


def _check_digit(body: str) -> str:
    odd, even = sum(map(int, body[::2])), sum(map(int, body[1::2]))
    return str(-(odd + 3 * even) % 10)


def plain_article(article_id: int, family: Family, first: str, *, axes: Axes | None) -> Article:
    """Return an article without chance, to be sold on the site: for tests and the wrong rows.

    Args:
        article_id: Its key.
        family: Its family.
        first: The first name that tells it from the others of its type.
        axes: Sizes and colours of its variants, or None: a simple article.
    """
    type_fr, type_en = family.types[0]
    name = f"{type_fr} {first}"
    reference = f"{family.code}-{article_id}"
    html = words.HTML_FR if axes else words.GOODS_HTML_FR
    return Article(
        article_id=article_id,
        reference=reference,
        name_fr=name,
        name_en=f"{first} {type_en}",
        summary=f"{name} : choisi par Clara, essayé à l'atelier.",
        html_fr=html[article_id % len(html)].format(
            type=type_fr, first=first, material="cuir lisse"
        ),
        html_en=None,
        family=family.code,
        brand=1 + article_id % 3,
        supplier=1,
        vat_code=family.vat_code,
        price=Decimal(40 + article_id % 50) + Decimal("0.90"),
        purchase_price=Decimal("20.50"),
        ean=None if axes else ean13(article_id, 0),
        stock=None if axes else 10,
        weight_kg=Decimal("0.850"),
        internet=True,
        discontinued_on=None,
        created_on=date(2026, 3, 2),
        variants=tuple(
            Variant(
                variant_id=article_id * 100 + number,
                size=size,
                colour=colour,
                reference=f"{reference}-{size}-{colour}",
                ean=ean13(article_id, number),
                own_price=None,
                stock=(("MAG", 2 + number), ("RES", 1)),
            )
            for number, (colour, size) in enumerate(product(axes[1], axes[0]) if axes else (), 1)
        ),
        photos=(Photo(1, f"{family.code}/{article_id}-1.jpg", name),),
    )


def small_catalogue(articles: int, *, photos: int = 1) -> Catalogue:
    """Return a tiny catalogue of articles that all go to the site, for tests that count.

    In turn: four variants, simple, two variants, two variants, simple. The first `photos`
    articles have one photo each. Nothing else goes with them: no supplier, no promotion.
    """
    small = []
    for n in range(articles):
        axes = _SMALL_SHAPES[n % len(_SMALL_SHAPES)]
        family = words.FAMILY["F01" if axes else "L01"]
        first = words.FIRST_NAMES[n % len(words.FIRST_NAMES)]
        article = plain_article(FIRST_ARTICLE_ID + n, family, first, axes=axes)
        article = replace(article, supplier=None)
        small.append(article if n < photos else replace(article, photos=()))
    return Catalogue(tuple(small))
