"""Promotions and price lists: targets, reductions, dates; a wrong row never blocks its article."""

from decimal import Decimal
from zoneinfo import ZoneInfo

import pytest

from pos_exporter.assembled import Assembled
from pos_exporter.mapping.shop import KnownShop
from pos_exporter.source.port import Undecodable
from protocol.records import ListPrice, PriceList, Promotion
from tests.pos_exporter.assembling.shop import Shop, find, keys, withheld

PROMOTIONS = """
  promotion:
    table: PROMO
    key: [ID]
    active: bool(ACT)
    fields: {name: LIB, article: ART, variant: DECL, category: FAM, percent: POUR,
             amount_off: MOINS, price: PX, starts_at: DEB, ends_at: FIN, group: GRP,
             from_quantity: MINI}
"""
LISTS = """
  price_list: {table: TARIF, key: [C], fields: {group: GRP, name: LIB}}
  list_price:
    {table: TL, key: [C, ART, DECL, MINI], basis: tax_excluded,
     fields: {price_list: C, article: ART, variant: DECL, amount: HT, from_quantity: MINI}}
"""
EMPTY: dict[str, object] = {
    "ACT": "O", "LIB": "Soldes", "ART": None, "DECL": None, "FAM": None, "POUR": None,
    "MOINS": None, "PX": None, "DEB": None, "FIN": None, "GRP": None, "MINI": None,
}  # fmt: skip


def promoting(*rows: dict[str, object]) -> Shop:
    shop = Shop()
    shop.text = shop.text.replace('decimal: ","', 'decimal: ",", date: "%d/%m/%Y"') + PROMOTIONS
    shop.more["promotion"] = [{**EMPTY, "ID": n, **row} for n, row in enumerate(rows, 1)]
    return shop


def promotion(assembled: Assembled, key: str = "1") -> Promotion:
    found = find(assembled, "promotion", key)
    assert isinstance(found, Promotion)
    return found


def test_each_target_and_each_reduction() -> None:
    assembled = promoting(
        {"ART": 1, "POUR": "20", "MOINS": "0,00", "PX": "0"},
        {"DECL": 21, "PX": "39,90"},
        {"FAM": "F1", "MOINS": "5", "GRP": " Pro ", "MINI": "3"},
    ).assembled()
    assert assembled.withheld == ()
    first, second, third = (promotion(assembled, key) for key in "123")
    assert (first.article, first.percent, first.amount_off, first.price) == (
        "1", Decimal(20), None, None,
    )  # fmt: skip
    assert (second.variant, second.price) == ("21", Decimal("39.90"))
    assert (third.category, third.amount_off, third.group, third.from_quantity) == (
        "F1", Decimal(5), "Pro", 3,
    )  # fmt: skip
    assert (first.name, first.group, first.from_quantity) == ("Soldes", None, 1)


@pytest.mark.parametrize(
    ("row", "code", "columns"),
    [
        ({"POUR": "20"}, "E-ROW-070", "ART, DECL, FAM"),
        ({"ART": 1, "FAM": "F1", "POUR": "20"}, "E-ROW-070", "ART, DECL, FAM"),
        ({"ART": 99, "POUR": "20"}, "E-ROW-071", "ART, DECL, FAM"),
        ({"FAM": "Z", "POUR": "20"}, "E-ROW-071", "ART, DECL, FAM"),
        ({"ART": 1}, "E-ROW-072", "POUR, MOINS, PX"),
        ({"ART": 1, "POUR": "20", "PX": "5"}, "E-ROW-072", "POUR, MOINS, PX"),
        ({"ART": 1, "POUR": "0", "MOINS": "0,00"}, "E-ROW-072", "POUR, MOINS, PX"),
        ({"ART": 1, "POUR": "120"}, "E-ROW-073", "POUR"),
        ({"ART": 1, "POUR": "vingt"}, "E-ROW-002", "POUR"),
        ({"ART": 1, "MOINS": "-5"}, "E-ROW-030", "MOINS"),
        ({"ART": 1, "PX": "9,999"}, "E-ROW-032", "PX"),
        ({"ART": 1, "POUR": "5", "DEB": "2026-11-24"}, "E-ROW-004", "DEB"),
        ({"ART": 1, "POUR": "5", "DEB": "02/01/2027", "FIN": "01/01/2027"}, "E-ROW-074", "FIN"),
        ({"ART": 1, "POUR": "5", "MINI": "0"}, "E-ROW-077", "MINI"),
        ({"ART": 1, "POUR": "5", "ACT": "?"}, "E-ROW-003", "ACT"),
        ({"ART": 1, "POUR": "5", "LIB": "x" * 256}, "E-ROW-021", "LIB"),
    ],
)
def test_a_wrong_promotion_holds_back_itself_alone(
    row: dict[str, object], code: str, columns: str
) -> None:
    assembled = promoting(row, {"ART": 1, "POUR": "10"}).assembled()
    assert withheld(assembled.withheld) == [("promotion", "1", code)]
    assert assembled.withheld[0].problem.place == f"PROMO.{columns}, promotion 1"
    assert keys(assembled, "promotion") == ["2"]
    assert keys(assembled, "article") == ["1", "2"]


def test_promotions_without_key_make_absences_doubtful() -> None:
    assembled = promoting({"ID": Undecodable(b"\xe9"), "ART": 1, "POUR": "5"}).assembled()
    assert assembled.unsure_kinds == {"promotion"}


def test_a_promotion_that_is_not_active_is_withdrawn() -> None:
    assembled = promoting({"ACT": "N", "ART": 1, "POUR": "x"}).assembled()
    assert assembled.withheld == ()
    out = {(item.kind, item.key): item.cause for item in assembled.left_out}
    assert out["promotion", "1"] == "unflagged"


def test_what_lowers_an_article_shares_its_stay_out_but_not_its_faults() -> None:
    shop = promoting({"ART": 1, "POUR": "5"}, {"DECL": 21, "POUR": "5"})
    shop.article[0]["WEB"], shop.article[1]["PX"] = "N", "x"
    assembled = shop.assembled()
    out = {(item.kind, item.key): (item.cause, item.owner) for item in assembled.left_out}
    assert out["promotion", "1"] == ("unflagged", "1")
    # The site may know the article from before.
    assert keys(assembled, "promotion") == ["2"]


@pytest.mark.parametrize(
    ("written", "starts", "ends"),
    [
        ("24/11/2026", "2026-11-24 00:00:00", "2026-11-24 23:59:59"),
        ("2026-11-24 09:30:00", "2026-11-24 09:30:00", "2026-11-24 09:30:00"),
        (None, None, None),
        ("", None, None),
    ],
)
def test_days_are_whole_and_moments_are_kept(
    written: str | None, starts: str | None, ends: str | None
) -> None:
    found = promotion(promoting({"ART": 1, "POUR": "5", "DEB": written}).assembled())
    assert found.starts_at == starts
    found = promotion(promoting({"ART": 1, "POUR": "5", "FIN": written}).assembled())
    assert found.ends_at == ends


def test_a_last_day_may_be_the_first_without() -> None:
    shop = promoting({"ART": 1, "POUR": "5", "FIN": "01/03/2026"})
    shop.text = shop.text.replace("active: bool(ACT)", "last_day_included: false")
    assert promotion(shop.assembled()).ends_at == "2026-02-28 23:59:59"


def test_times_travel_by_the_shops_clock() -> None:
    shop = promoting({"ART": 1, "POUR": "5", "DEB": "01/07/2026", "FIN": "31/12/2026"})
    shop.known = KnownShop(zone=ZoneInfo("Indian/Reunion"))
    found = promotion(shop.assembled())
    # Summer time in Paris at the start, none at the end.
    assert (found.starts_at, found.ends_at) == ("2026-07-01 02:00:00", "2027-01-01 02:59:59")


def test_a_second_row_of_a_key_is_set_aside() -> None:
    assembled = promoting({"ID": 5, "ART": 1, "POUR": "5"}, {"ID": 5, "ART": 2, "POUR": "6"})
    assert withheld(assembled.assembled().withheld) == [("promotion", "5", "E-ROW-012")]


# --- price lists ------------------------------------------------------------------------------


def listing(*rows: dict[str, object]) -> Shop:
    shop = Shop()
    shop.text += LISTS
    shop.more["price_list"] = [{"C": "P", "GRP": "Professionnels", "LIB": "Tarif pro"}]
    shop.more["list_price"] = [{"C": "P", "ART": "", "DECL": "", "MINI": 1, **row} for row in rows]
    shop.text = shop.text.replace("key: [C, ART, DECL, MINI]", "key: [N]")
    for number, row in enumerate(shop.more["list_price"], 1):
        row.setdefault("N", number)
    return shop


def test_prices_of_a_list() -> None:
    assembled = listing(
        {"ART": 1, "HT": "35,4167"}, {"DECL": 21, "HT": "30", "MINI": 6}
    ).assembled()
    assert assembled.withheld == ()
    assert find(assembled, "price_list", "P") == PriceList(
        key="P", group="Professionnels", name="Tarif pro"
    )
    first, second = (find(assembled, "list_price", key) for key in "12")
    assert isinstance(first, ListPrice)
    assert isinstance(second, ListPrice)
    assert (first.article, first.amount, first.basis) == ("1", Decimal("35.4167"), "tax_excluded")
    assert (second.variant, second.from_quantity, second.price_list) == ("21", 6, "P")


@pytest.mark.parametrize(
    ("row", "code"),
    [
        ({"HT": "9"}, "E-ROW-070"),
        ({"ART": 99, "HT": "9"}, "E-ROW-071"),
        ({"ART": 1, "C": "Z", "HT": "9"}, "E-ROW-075"),
        ({"ART": 1, "C": None, "HT": "9"}, "E-ROW-075"),
        ({"ART": 1, "HT": None}, "E-ROW-033"),
        ({"ART": 1, "HT": "0"}, "E-ROW-031"),
        ({"ART": 1, "HT": "1,1234567"}, "E-ROW-032"),
        ({"ART": 1, "HT": "9", "MINI": "-1"}, "E-ROW-077"),
    ],
)
def test_a_wrong_price_holds_back_itself_alone(row: dict[str, object], code: str) -> None:
    assembled = listing(row, {"ART": 2, "HT": "9"}).assembled()
    assert withheld(assembled.withheld) == [("list_price", "1", code)]
    assert keys(assembled, "list_price") == ["2"]
    assert keys(assembled, "article") == ["1", "2"]


def test_a_list_for_nobody() -> None:
    shop = listing({"ART": 1, "HT": "9"})
    shop.more["price_list"][0]["GRP"] = " "
    assembled = shop.assembled()
    assert withheld(assembled.withheld) == [("price_list", "P", "E-ROW-076")]
    # The site may know the list from before.
    assert keys(assembled, "list_price") == ["1"]
