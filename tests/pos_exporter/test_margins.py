"""What articles leave, in exact decimals, in a file that a spreadsheet opens safely."""

import csv
import io
from decimal import Decimal

import pytest

from pos_exporter.assembled import Assembled
from pos_exporter.margins import Margin, as_csv, margins
from protocol.errors import Lang
from protocol.records import Article, Price, Record, SupplierOffer, TaxRate, Variant


def article(**fields: object) -> Article:
    told = {"reference": "R1", "name": {"fr": "Derby", "en": "Derby shoe"}, **fields}
    price = Price(amount=Decimal("59.90"))
    return Article.model_validate({"key": "1", "price": price, "tax_rate": "N", **told})


def lines(*records: Record) -> tuple[Margin, ...]:
    rate = TaxRate(key="N", rate=Decimal(20))
    return margins(Assembled((rate, *records), (), (), {}))


def test_the_margin_is_what_is_left_without_tax() -> None:
    (line,) = lines(article(purchase_price=Decimal("20.50")))
    assert (line.without_tax, line.margin) == (Decimal("49.92"), Decimal("29.42"))
    assert line.percent == Decimal("58.93")


def test_a_variant_has_its_own_prices_or_the_article_s() -> None:
    own = Variant(
        key="11", article="1", values=("size|38",), reference="R1-38",
        price=Price(amount=Decimal("12.00")), purchase_price=Decimal(4),
    )  # fmt: skip
    plain = Variant(key="12", article="1", values=("size|39",))
    of_article, first, second = lines(article(purchase_price=Decimal(10)), own, plain)
    assert of_article.variant == ""
    assert (first.reference, first.variant, first.margin) == ("R1-38", "11", Decimal("6.00"))
    assert (second.reference, second.margin) == ("R1", of_article.margin)


def test_a_supplier_s_price_counts_where_the_article_has_none() -> None:
    offers = (
        SupplierOffer(supplier="A"),
        SupplierOffer(supplier="B", purchase_price=Decimal("9.92")),
    )
    assert lines(article(suppliers=offers))[0].margin == Decimal("40.00")


def test_what_is_not_known_is_left_empty() -> None:
    (line,) = lines(article())
    assert (line.purchase, line.margin, line.percent) == (None, None, None)
    (line,) = lines(article(purchase_price=Decimal(1), tax_rate="unknown"))
    assert (line.without_tax, line.margin) == (None, None)


@pytest.mark.parametrize(("lang", "sign", "margin"), [("fr", ";", "29,42"), ("en", ",", "29.42")])
def test_a_spreadsheet_reads_its_own_country(lang: Lang, sign: str, margin: str) -> None:
    text = as_csv(lines(article(purchase_price=Decimal("20.5"))), lang)
    titles, row = csv.reader(io.StringIO(text), delimiter=sign)
    assert len(titles) == len(row) == 9
    assert row[0:3] == ["1", "R1", "Derby"]
    assert row[6:8] == ["20,50" if lang == "fr" else "20.50", margin]


@pytest.mark.parametrize("name", ["=HYPERLINK(1)", "+1", "-1", "@x"])
def test_no_name_becomes_a_formula(name: str) -> None:
    text = as_csv(lines(article(name={"fr": name})), "en")
    assert list(csv.reader(io.StringIO(text)))[1][2] == f"'{name}"
