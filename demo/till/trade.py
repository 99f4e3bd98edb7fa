"""How the shop trades: promotions, prices by quantity, suppliers, packs, services.

The promise: no chance of its own; all follows from the articles and the day, so that a catalogue's
names, prices and stock are the same with it or without. The three articles that are no goods (a
pack, a service, a gift card) take the place of the last three drawn, where there is room.

    articles = with_special_articles(catalogue.articles)
    trade = trade_of(articles, today=date(2026, 9, 1))
    trade.promotions[0].name                # "Fin d'été": 20 % on a family, ten days ago
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from decimal import Decimal

from demo.till import words
from demo.till.catalogue import Article, Promotion, ean13

_CENT = Decimal("0.01")
#: Fewer articles than these keep their last three.
_ROOM = 20
PACK, SERVICE, GIFT_CARD = "L", "V", "C"


@dataclass(frozen=True)
class SupplierLine:
    """Another supplier of an article; price is tax excluded."""

    article_id: int
    supplier: int
    reference: str
    price: Decimal


@dataclass(frozen=True)
class ListLine:
    """A price for customers who signed in, tax excluded, from so many units on."""

    article_id: int
    least: int
    price: Decimal


@dataclass(frozen=True)
class PackLine:
    """What a pack holds."""

    pack_id: int
    article_id: int
    units: int


@dataclass(frozen=True)
class Trade:
    """All that goes with the articles.

    Args:
        promotions: As the till lists them.
        families: Further families: article, family.
        suppliers: Further suppliers.
        list_prices: Of the list by quantity.
        packs: Contents of packs.
    """

    promotions: tuple[Promotion, ...] = ()
    families: tuple[tuple[int, str], ...] = ()
    suppliers: tuple[SupplierLine, ...] = ()
    list_prices: tuple[ListLine, ...] = ()
    packs: tuple[PackLine, ...] = ()


def with_special_articles(articles: Sequence[Article]) -> tuple[Article, ...]:
    """Return the articles, the last three of which are a pack, a service and a gift card."""
    if len(articles) < _ROOM or len(_parts(articles[:-3])) < 2:
        return tuple(articles)
    kept, last = articles[:-3], articles[-3:]
    pack = _special(last[0], PACK, "Coffret d'entretien", "Shoe care box", "29.90", 6)
    service = _special(last[1], SERVICE, "Ressemelage à l'atelier", "Resoling", "45.00", 99)
    card = _special(last[2], GIFT_CARD, "Carte cadeau 50 €", "Gift card 50 €", "50.00", 99)
    return (*kept, pack, service, card)


def _special(article: Article, nature: str, fr: str, en: str, price: str, stock: int) -> Article:
    key = article.article_id
    return replace(
        article,
        reference=f"L01-{key}", name_fr=fr, name_en=en, summary=f"{fr}, choisi par Clara.",
        html_fr=f"<p>{fr}.</p>", html_en=None, family="L01", brand=None, vat_code=1,
        price=Decimal(price), purchase_price=Decimal("10.00"), ean=ean13(key, 0), stock=stock,
        internet=True, discontinued_on=None, variants=(), photos=(), nature=nature,
        material=None, season=None, upc=None, isbn=None, ecotax=None, meta_title=None,
        meta_description=None,
        weight_kg=Decimal("0.900") if nature == PACK else Decimal("0.000"),
    )  # fmt: skip


def trade_of(articles: Sequence[Article], today: date) -> Trade:
    """Return what goes with the articles on a day."""
    sold = [a for a in articles if a.internet and a.discontinued_on is None]
    goods = [a for a in sold if a.nature == "S"]
    return Trade(
        promotions=tuple(_promotions(goods, today)),
        families=tuple(_further_families(goods)),
        suppliers=tuple(_further_suppliers(goods)),
        list_prices=tuple(_list_prices(goods)),
        packs=tuple(
            PackLine(pack.article_id, part.article_id, units)
            for pack in sold if pack.nature == PACK
            for part, units in zip(_parts(goods), (2, 1), strict=False)
        ),
    )  # fmt: skip


def _parts(articles: Sequence[Article]) -> list[Article]:
    """Return the first two simple articles that the site sells: what the pack holds."""
    simple = [a for a in articles if not a.variants and a.nature == "S"]
    return [a for a in simple if a.internet and a.discontinued_on is None][:2]


def _promotions(goods: Sequence[Article], today: date) -> Iterator[Promotion]:
    """Yield one of each kind; two of them overlap, two say the same, one is over, one is off."""

    def days(first: int, last: int) -> tuple[date, date]:
        return today + timedelta(days=first), today + timedelta(days=last)

    yield Promotion("Fin d'été", *days(-10, 20), family="F04", percent=Decimal(20))
    yield Promotion("Déstockage mocassins", *days(-90, -60), family="H02", percent=Decimal(30))
    yield Promotion("Braderie", *days(-5, 25), family="E01", percent=Decimal(50), active=False)
    dear = next((a for a in goods if a.price > 40), None)
    if dear is not None:
        first, last = days(0, 13)
        coupon = Promotion(
            "Offre de rentrée", first, last, article_id=dear.article_id, amount=Decimal("10.00")
        )
        yield from (coupon, coupon)
    sized = next((a for a in goods if a.variants), None)
    if sized is not None:
        price = (sized.price * Decimal("0.7")).quantize(_CENT)
        variant = sized.variants[-1].variant_id
        yield Promotion("Fin de série", *days(-3, 60), variant_id=variant, price=price)
    sandal = next((a for a in goods if a.family == "F04"), None)
    if sandal is not None:
        price = (sandal.price * Decimal("0.75")).quantize(_CENT)
        yield Promotion("Coup de cœur", *days(-3, 10), article_id=sandal.article_id, price=price)


def _further_families(goods: Sequence[Article]) -> Iterator[tuple[int, str]]:
    """Yield a second family of the same rayon for about one article in twelve."""
    for article in goods:
        if article.article_id % 12 == 0:
            rayon = [f.code for f in words.FAMILIES if f.code[0] == article.family[0]]
            yield article.article_id, rayon[(rayon.index(article.family) + 1) % len(rayon)]


def _further_suppliers(goods: Sequence[Article]) -> Iterator[SupplierLine]:
    for article in goods:
        if article.article_id % 10 == 0 and article.supplier is not None:
            other = article.supplier % len(words.SUPPLIERS) + 1
            price = (article.purchase_price * Decimal("1.05")).quantize(_CENT)
            yield SupplierLine(article.article_id, other, f"S{other}-{article.article_id}", price)


def _list_prices(goods: Sequence[Article]) -> Iterator[ListLine]:
    for article in goods:
        if article.article_id % 9 == 0:
            rate = Decimal("1.20") if article.vat_code == 1 else Decimal("1.055")
            price = (article.price / rate * Decimal("0.9")).quantize(_CENT)
            yield ListLine(article.article_id, 6, price)
            if article.article_id % 2 == 0:
                yield ListLine(article.article_id, 12, (price * Decimal("0.9")).quantize(_CENT))
