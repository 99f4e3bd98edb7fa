"""Margins: purchase price, price without tax and what is left, per article and variant.

For merchants who keep purchase prices off the web: the till is read with them, and only this file
shows them. Rounding is `protocol.money`'s; an article whose tax rate or purchase price is not known
has an empty margin.

    rows = margins(assembled)
    rows[0].margin, rows[0].percent      # Decimal("12.30"), Decimal("41.00")
"""

import csv
import io
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal

from pos_exporter.assembled import Assembled
from protocol.errors import ComptoirError, Lang
from protocol.money import excluding_tax, round_cents
from protocol.records import Article, SupplierOffer, TaxRate, Variant

#: What a spreadsheet would take for a formula.
_FORMULA = ("=", "+", "-", "@", "\t", "\r")
_TITLES = {
    "fr": ("clé", "référence", "nom", "déclinaison", "prix TTC", "prix HT", "prix d'achat HT",
           "marge HT", "marge %"),
    "en": ("key", "reference", "name", "variant", "price with tax", "price without tax",
           "purchase price", "margin", "margin %"),
}  # fmt: skip


@dataclass(frozen=True)
class Margin:
    """One line of the report.

    Args:
        key: Of the article or the variant.
        reference: The till's code for people.
        name: In the till's language.
        variant: Key of the variant; empty for an article.
        price: With tax, 2 places.
        without_tax: 2 places; None when the rate is not known.
        purchase: Without tax; None when the till does not say it.
        margin: Without tax, 2 places.
        percent: Of the price without tax, 2 places.
    """

    key: str
    reference: str
    name: str
    variant: str
    price: Decimal
    without_tax: Decimal | None
    purchase: Decimal | None
    margin: Decimal | None
    percent: Decimal | None


def margins(assembled: Assembled, language: str = "fr") -> tuple[Margin, ...]:
    """Return a line per article, each followed by its variants."""
    rates = {r.key: r.rate for r in assembled.records if isinstance(r, TaxRate)}
    variants: dict[str, list[Variant]] = {}
    for record in assembled.records:
        if isinstance(record, Variant):
            variants.setdefault(record.article, []).append(record)
    articles = (record for record in assembled.records if isinstance(record, Article))
    return tuple(
        line
        for article in articles
        for line in _lines(article, variants.get(article.key, ()), rates, language)
    )


def _lines(
    article: Article, variants: Iterable[Variant], rates: Mapping[str, Decimal], language: str
) -> Iterator[Margin]:
    name = article.name.get(language) or next(iter(article.name.values()))
    rate, bought = rates.get(article.tax_rate), _bought(article)
    yield _margin(article.key, article.reference, name, "", article.price.amount, rate, bought)
    for variant in variants:
        price = (variant.price or article.price).amount
        own = _bought(variant)
        reference = variant.reference or article.reference
        purchase = bought if own is None else own
        yield _margin(article.key, reference, name, variant.key, price, rate, purchase)


def _bought(record: Article | Variant) -> Decimal | None:
    """Return the purchase price: the record's own, else its first supplier's."""
    if record.purchase_price is not None:
        return record.purchase_price
    offers: tuple[SupplierOffer, ...] = record.suppliers or ()
    return next((o.purchase_price for o in offers if o.purchase_price is not None), None)


def _margin(
    key: str, reference: str, name: str, variant: str, price: Decimal, rate: Decimal | None,
    purchase: Decimal | None,
) -> Margin:  # fmt: skip
    without = _without_tax(price, rate)
    if without is None:
        return Margin(key, reference, name, variant, price, None, purchase, None, None)
    shown, left, percent = round_cents(without), None, None
    if purchase is not None:
        left = round_cents(without - purchase)
        percent = round_cents((without - purchase) * 100 / without) if without else None
    return Margin(key, reference, name, variant, price, shown, purchase, left, percent)


def _without_tax(price: Decimal, rate: Decimal | None) -> Decimal | None:
    try:
        return None if rate is None else excluding_tax(price, rate)
    except ComptoirError:
        return None  # a price that no price without tax gives: told when it is sent


def as_csv(rows: Iterable[Margin], lang: Lang) -> str:
    """Return the report as a spreadsheet opens it: `;` and decimal commas in French."""
    comma = lang == "fr"
    written = io.StringIO()
    writer = csv.writer(written, delimiter=";" if comma else ",", lineterminator="\r\n")
    writer.writerow(_TITLES[lang])
    for row in rows:
        numbers = (row.price, row.without_tax, row.purchase, row.margin, row.percent)
        texts = (row.key, row.reference, row.name, row.variant)
        writer.writerow([*map(plain_cell, texts), *(_number(one, comma=comma) for one in numbers)])
    return written.getvalue()


def plain_cell(text: str) -> str:
    """Return a text that no spreadsheet takes for a formula."""
    return f"'{text}" if text.startswith(_FORMULA) else text


def _number(number: Decimal | None, *, comma: bool) -> str:
    text = "" if number is None else f"{round_cents(number):.2f}"
    return text.replace(".", ",") if comma else text
