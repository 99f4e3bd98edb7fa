"""Draws a whole shop by chance: some three hundred models and their two thousand variants.

The promise: the same randomness, number of models and day give the same catalogue. Every name and
reference is used once. A model in sizes has its family's sizes in one or two colours; rayons A and
L sell what is no shoe, most of it simple: its bar code and stock are the article's own.

    catalogue = draw_catalogue(Random(7), models=300, today=date(2026, 9, 1))
    catalogue.articles[0].name_fr      # 'Sandale Noémie cuir grainé'
    catalogue.articles[0].variants[0].reference     # 'F04-1001-37-VSA'
    catalogue.promotions[0].last_day   # datetime.date(2026, 9, 15)
"""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal
from itertools import count, product
from random import Random

from demo.till import words
from demo.till.catalogue import (
    FIRST_ARTICLE_ID,
    Article,
    Catalogue,
    Photo,
    Promotion,
    Variant,
    ean13,
    isbn13,
    upc12,
)
from demo.till.words import Colour, Family

_CENT, _GRAM = Decimal("0.01"), Decimal("0.001")


def draw_catalogue(random: Random, *, models: int, today: date) -> Catalogue:
    """Return a believable shop of that many models.

    Args:
        random: The only source of chance.
        models: How many articles.
        today: The shop's day: creations lie before it, promotions around it.
    """
    names: dict[str, Iterator[str]] = {}
    families = random.choices(words.FAMILIES, [f.share for f in words.FAMILIES], k=models)
    articles = []
    for article_id, family in enumerate(families, FIRST_ARTICLE_ID):
        type_fr, type_en = random.choice(family.types)
        first = next(names.setdefault(type_fr + family.code[0], _first_names(random, family)))
        articles.append(_draw_article(random, article_id, family, (type_fr, type_en, first), today))
    return Catalogue(tuple(articles), tuple(_promotions(random, articles, today)))


def _season(family: Family) -> str | None:
    """Return when a family is worn; what is no shoe has no season."""
    if family.code[0] in "AL":
        return None
    return {"F04": "PE26", "H05": "PE26", "F01": "AH26", "H03": "AH26"}.get(family.code, "TTE")


def _first_names(random: Random, family: Family) -> Iterator[str]:
    """Yield names in an order of chance; when all are used, those of a second collection."""
    first_names = words.NAMES_BY_RAYON.get(family.code[0], words.FIRST_NAMES)
    shuffled = random.sample(first_names, len(first_names))
    for collection in count(1):
        for first in shuffled:
            yield first if collection == 1 else f"{first} {collection}"


def _draw_article(
    random: Random, article_id: int, family: Family, name: tuple[str, str, str], today: date
) -> Article:
    type_fr, type_en, first = name
    material_fr, material_en = random.choice(words.MATERIALS)
    reference = f"{family.code}-{article_id}"
    price = Decimal(random.randint(*family.euros)) - Decimal(random.choice(("0.10", "0.05", "0")))
    age = random.randint(3, 1500)
    simple, shoe = family.sizes is None, family.code[0] not in "AL"
    name_fr = f"{type_fr} {first} {material_fr}" if shoe else f"{type_fr} {first}"
    name_en = f"{first} {type_en}, {material_en}" if shoe else f"{first} {type_en}"
    summaries = words.SUMMARIES if shoe else words.GOODS_SUMMARIES
    html_fr = words.HTML_FR if shoe else words.GOODS_HTML_FR
    html_en = words.HTML_EN if shoe else words.GOODS_HTML_EN
    facts_fr = {"type": type_fr, "first": first, "material": material_fr}
    facts_en = {"first": first, "material": material_en}
    article = Article(
        article_id=article_id,
        reference=reference,
        name_fr=name_fr,
        name_en=name_en if random.random() < 0.6 else None,
        summary=random.choice(summaries).format(**facts_fr),
        html_fr=random.choice(html_fr).format(**facts_fr),
        html_en=random.choice(html_en).format(**facts_en) if random.random() < 0.5 else None,
        family=family.code,
        brand=random.randint(1, len(words.BRANDS)) if random.random() < 0.94 else None,
        supplier=random.randint(1, len(words.SUPPLIERS)),
        vat_code=family.vat_code,
        price=price.quantize(_CENT),
        purchase_price=(price * random.randint(34, 48) / 100).quantize(_CENT),
        ean=ean13(article_id, 0) if simple else None,
        stock=random.randint(-1, 30) if simple else None,
        weight_kg=(Decimal(family.weight + random.randint(-40, 90)) / 1000).quantize(_GRAM),
        internet=random.random() < 0.85,
        discontinued_on=(
            today - timedelta(days=random.randint(1, age)) if random.random() < 0.06 else None
        ),
        created_on=today - timedelta(days=age),
        variants=tuple(_variants(random, article_id, reference, family, price)),
        photos=_photos(random, family, article_id, name_fr),
    )
    return _described(article, family, material_fr if shoe else None)


def _described(article: Article, family: Family, material: str | None) -> Article:
    """Return an article with what follows from it without chance: codes, season, search texts."""
    key = article.article_id
    has_meta, is_book = key % 4 == 0, family.code == "L02"
    return replace(
        article,
        material=material,
        season=_season(family),
        supplier_reference=f"S{article.supplier}-{key}",
        meta_title=f"{article.name_fr} | Les Semelles de Clara" if has_meta else None,
        meta_description=article.summary if has_meta else None,
        upc=upc12(key) if family.code == "L01" and key % 3 == 0 else None,
        isbn=isbn13(key) if is_book else None,
        ecotax=Decimal("0.06") if family.code in {"A02", "L01"} and key % 5 == 0 else None,
        photos=_in_colours(article),
    )


def _in_colours(article: Article) -> tuple[Photo, ...]:
    """Return the photos; where there are as many as colours, each shows one of them."""
    colours = list(dict.fromkeys(variant.colour for variant in article.variants))
    if len(colours) < 2 or len(colours) != len(article.photos):
        return article.photos
    pairs = zip(article.photos, colours, strict=True)
    return tuple(replace(photo, colour=colour) for photo, colour in pairs)


def _variants(
    random: Random, article_id: int, reference: str, family: Family, price: Decimal
) -> Iterator[Variant]:
    if family.sizes is None:
        return
    sizes = list(range(family.sizes[0], family.sizes[1] + 1))
    sizes = sizes[random.randint(0, 1) :] if len(sizes) > 3 else sizes
    colours: list[Colour] = random.sample(words.COLOURS, 2 if random.random() < 0.43 else 1)
    dearer = (price + 5).quantize(_CENT) if random.random() < 0.1 else None
    for number, (colour, size) in enumerate(product(colours, sizes), 1):
        stock = [("MAG", random.choice((-1, 0, 0, 1, 1, 1, 2, 2, 3, 4)))]
        if random.random() < 0.5:
            stock.append(("RES", random.randint(0, 6)))
        yield Variant(
            variant_id=article_id * 100 + number,
            size=size,
            colour=colour.code,
            reference=f"{reference}-{size}-{colour.code}",
            ean=ean13(article_id, number),
            own_price=dearer if size == sizes[-1] else None,
            stock=tuple(stock),
        )


def _photos(random: Random, family: Family, article_id: int, name: str) -> tuple[Photo, ...]:
    wanted = random.choices((0, 1, 2), (3, 89, 8))[0]
    return tuple(
        Photo(n, f"{family.code}/{article_id}-{n}.jpg", name if n == 1 else f"{name}, de dessus")
        for n in range(1, wanted + 1)
    )


def _promotions(random: Random, articles: Sequence[Article], today: date) -> Iterator[Promotion]:
    """Yield one promotion for about one article in thirty: past, current or to come."""
    for article in articles:
        if random.random() < 0.03:
            first = today + timedelta(days=random.randint(-60, 20))
            price = (article.price * Decimal("0.8")).quantize(_CENT)
            last = first + timedelta(days=27)
            yield Promotion("Prix doux", first, last, article_id=article.article_id, price=price)
