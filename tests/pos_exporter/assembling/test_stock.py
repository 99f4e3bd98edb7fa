"""Stock figures and the web orders that they contain."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pos_exporter.assembling.counted import added_up, counted_of, smaller_counted
from protocol.records import Counted, Stock
from tests.pos_exporter.assembling.shop import (
    COUNTED,
    Cells,
    Shop,
    article,
    find,
    keys,
    variant,
    withheld,
)
from tests.pos_exporter.mapping.samples import COLUMNS, FLAT

BOTH = FLAT.replace(
    "  stock: {of: article, table: ART, key: [ID], fields: {quantity: QTE}}",
    "  stock: {of: variant, table: STK, key: [DECL], fields: {quantity: N}}",
)


def stocked(*rows: tuple[object, object], summed: bool = False, counted: bool = True) -> Shop:
    text = BOTH.replace("key: [DECL],", "key: [DECL], sum: true,") if summed else BOTH
    shop = Shop(text=text + COLUMNS + (COUNTED if counted else ""))
    shop.more["stock"] = [{"DECL": key, "N": n} for key, n in rows]
    shop.more["counted_orders"] = []
    return shop


def quantities(shop: Shop) -> dict[str, int]:
    return {r.key: r.quantity for r in shop.assembled().records if isinstance(r, Stock)}


@pytest.mark.parametrize(("written", "units"), [(3, 3), ("12", 12), ("-2,0", -2), (0, 0), (4.0, 4)])
def test_figures_are_signed_and_never_clamped(written: object, units: int) -> None:
    shop = Shop(article=[article(1, QTE=written)], variant=[])
    assert quantities(shop) == {"a:1": units}


@pytest.mark.parametrize(
    ("written", "code"),
    [
        ("douze", "E-ROW-050"),
        (None, "E-ROW-050"),
        ("", "E-ROW-050"),
        ("1,5", "E-ROW-051"),
        ("9999999999", "E-ROW-051"),
    ],
)
def test_a_figure_that_is_none_holds_back_that_stock_only(written: object, code: str) -> None:
    assembled = Shop(article=[article(1, QTE=written)], variant=[]).assembled()
    assert withheld(assembled.withheld) == [("stock", "a:1", code)]
    assert assembled.withheld[0].problem.place == "ART.QTE, stock 1"
    assert assembled.withheld[0].label == "R-1 Derby 1"
    assert keys(assembled, "article") == ["1"]


def test_a_sellable_without_a_row_has_none() -> None:
    assert quantities(stocked((21, 4))) == {"v:21": 4, "v:22": 0}


def test_depots_are_added_up_when_asked() -> None:
    assert quantities(stocked((21, 4), (21, -1), (22, 2), summed=True)) == {"v:21": 3, "v:22": 2}


def test_one_wrong_depot_makes_the_sum_wrong() -> None:
    assembled = stocked((21, 4), (21, "x"), (22, 2), summed=True).assembled()
    assert withheld(assembled.withheld) == [("stock", "v:21", "E-ROW-050")]
    assert keys(assembled, "stock") == ["v:22"]


def test_two_figures_for_one_thing_are_none() -> None:
    assembled = stocked((21, 4), (21, 1)).assembled()
    assert withheld(assembled.withheld) == [("stock", "v:21", "E-ROW-052")]
    assert keys(assembled, "stock") == ["v:22"]


def test_stock_of_what_was_not_read_is_left_out() -> None:
    assembled = stocked((21, 4), (999, 1)).assembled()
    assert [(i.kind, i.key, i.cause) for i in assembled.left_out] == [
        ("stock", "v:999", "vanished")
    ]


def test_the_stock_of_an_article_with_variants_is_theirs() -> None:
    assembled = Shop().assembled()
    assert keys(assembled, "stock") == ["a:1"]
    assert [(i.key, i.cause) for i in assembled.left_out] == [("a:2", "filtered")]


def test_stock_follows_its_variant() -> None:
    shop = stocked((21, 4), (22, 1))
    shop.variant = [variant(21, 2, PX="x"), variant(22, 2, 39, WEB="N"), variant(23, 2, 40)]
    assembled = shop.assembled()
    assert withheld(assembled.withheld) == [
        ("variant", "21", "E-ROW-002"),
        ("stock", "v:21", "E-ROW-090"),
    ]
    assert assembled.withheld[1].follows == "variant 21"
    assert ("stock", "v:22", "unflagged") in [(i.kind, i.key, i.cause) for i in assembled.left_out]
    assert quantities(shop) == {"v:23": 0}


def order(key: object, uid: object, units: object) -> Cells:
    return {"DECL": key, "UID": uid, "N": units}


def test_a_figure_says_which_orders_it_contains() -> None:
    shop = stocked((21, 4), (22, 1))
    shop.more["counted_orders"] = [order(21, "B", 1), order(21, "A", 2), order(21, "B", 1)]
    found = find(shop.assembled(), "stock", "v:21")
    assert isinstance(found, Stock)
    assert found.counted == (Counted(order="A", quantity=2), Counted(order="B", quantity=2))


@pytest.mark.parametrize(
    "row",
    [
        order(21, "A", "x"),
        order(21, None, 1),
        order(21, "A", None),
        order(21, "  ", 1),
        order(21, "A" * 191, 1),
        order(21, "A\tB", 1),
        order(21, "A", 10_000_000_000),
    ],
)
def test_a_wrong_line_of_an_order_holds_the_figure_back(row: Cells) -> None:
    shop = stocked((21, 4), (22, 1))
    shop.more["counted_orders"] = [row]
    assembled = shop.assembled()
    assert withheld(assembled.withheld) == [("stock", "v:21", "E-ROW-053")]
    assert assembled.withheld[0].problem.place.startswith("CMD.")
    assert keys(assembled, "stock") == ["v:22"]


def test_without_one_moment_the_smaller_of_two_readings_counts() -> None:
    shop = stocked((21, 4), (22, 1))
    shop.more["counted_orders"] = [order(21, "A", 2), order(21, "gone", 1)]
    shop.counted_again = [order(21, "A", 1), order(21, "new", 1)]
    found = find(shop.assembled(), "stock", "v:21")
    assert isinstance(found, Stock)
    assert found.counted == (Counted(order="A", quantity=1),)


COUNTS = st.dictionaries(
    st.sampled_from("ab"), st.dictionaries(st.sampled_from("xyz"), st.integers(1, 5), min_size=1)
)


@given(COUNTS, COUNTS)
def test_the_smaller_never_exceeds_either(
    before: dict[str, dict[str, int]], after: dict[str, dict[str, int]]
) -> None:
    smaller = smaller_counted(before, after)
    assert smaller == smaller_counted(after, before)
    for key in ("a", "b"):
        for uid in ("x", "y", "z"):
            least = min(r.get(key, {}).get(uid, 0) for r in (before, after))
            assert smaller.get(key, {}).get(uid, 0) == least
    assert smaller_counted(before, before) == before


def test_sums_that_come_to_nothing_say_nothing() -> None:
    counted = added_up([("a", "x", 1), ("a", "x", -1), ("a", "y", 2), ("b", "z", -3)])
    assert counted == {"a": {"y": 2}}
    assert counted_of(counted, "b") == ()


@pytest.mark.parametrize(
    ("preset", "counted"),
    [
        ("at_import", {"A": 1, "B": 2, "C": 3}),
        ("at_validation", {"B": 2, "C": 3}),
        ("at_shipping", {"C": 3}),
    ],
)
def test_a_preset_counts_what_the_till_shows_to_be_so_far(
    preset: str, counted: dict[str, int]
) -> None:
    shop = Shop(text=f"counted: {preset}\n" + BOTH + COLUMNS + FLAGGED)
    shop.more["stock"] = [{"DECL": 21, "N": 9}]
    shop.more["counted_orders"] = [
        order(21, "A", 1) | {"VALIDE": "N", "PARTI": "N"},
        order(21, "B", 2) | {"VALIDE": "O", "PARTI": "N"},
        order(21, "C", 3) | {"VALIDE": "O", "PARTI": "O"},
    ]
    found = find(shop.assembled(), "stock", "v:21")
    assert isinstance(found, Stock)
    assert {one.order: one.quantity for one in found.counted} == counted


def test_a_flag_that_is_neither_yes_nor_no_holds_the_figure_back() -> None:
    shop = Shop(text="counted: at_shipping\n" + BOTH + COLUMNS + FLAGGED)
    shop.more["stock"] = [{"DECL": 21, "N": 9}]
    shop.more["counted_orders"] = [order(21, "A", 1) | {"VALIDE": "O", "PARTI": "peut-être"}]
    assert withheld(shop.assembled().withheld) == [("stock", "v:21", "E-ROW-053")]


FLAGGED = COUNTED.replace("of: variant,", "of: variant, validated: VALIDE, shipped: PARTI,")
IN_A_CELL = BOTH.replace("fields: {quantity: N}", "fields: {quantity: N, counted: WEB}")


@pytest.mark.parametrize(
    ("cell", "counted"),
    [
        (None, {}),
        ("", {}),
        ("A", {"A": 1}),
        ("A=2; B ;A=1", {"A": 3, "B": 1}),
        ("shop/1/R/2026-11-24 10:00:00=4", {"shop/1/R/2026-11-24 10:00:00": 4}),
    ],
)
def test_a_figure_may_name_its_orders_in_a_column(
    cell: str | None, counted: dict[str, int]
) -> None:
    shop = Shop(text=IN_A_CELL + COLUMNS)
    shop.more["stock"] = [{"DECL": 21, "N": 9, "WEB": cell}]
    found = find(shop.assembled(), "stock", "v:21")
    assert isinstance(found, Stock)
    assert {one.order: one.quantity for one in found.counted} == counted


@pytest.mark.parametrize("cell", ["A=x", "=2", "A=1,5", "A" * 191, "A\tB=1", "A=10000000000"])
def test_a_column_that_cannot_be_read_holds_its_figure_back(cell: str) -> None:
    shop = Shop(text=IN_A_CELL + COLUMNS)
    shop.more["stock"] = [{"DECL": 21, "N": 9, "WEB": cell}]
    assert ("stock", "v:21", "E-ROW-053") in withheld(shop.assembled().withheld)
