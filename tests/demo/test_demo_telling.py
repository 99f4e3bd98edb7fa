"""What the demo prints: which lines it shows, and how counts read."""

from decimal import Decimal

from rich.table import Table

from demo.compare import Line, Sold
from demo.telling import held, plan_counts, set_aside, side_by_side

SOLD = Sold("Derby", Decimal("49.90"), 3, True, 1)


def column(table: Table, number: int) -> list[str]:
    return [str(cell) for cell in table.columns[number].cells]


def line(number: int, promotion: str = "") -> Line:
    usual = Decimal("59.90") if promotion else SOLD.price
    return Line(f"A{number:03d}", "", SOLD, SOLD, promotion, usual)


def test_every_promotion_has_a_line_in_the_table() -> None:
    names = {7: "Braderie", 9: "Braderie", 95: "Coup de cœur"}
    table = side_by_side([line(number, names.get(number, "")) for number in range(100)])
    shown = column(table, 0)
    assert {"A007", "A095"} <= set(shown)
    assert "A009" not in shown
    promotions = dict(zip(shown, column(table, 4), strict=True))
    assert promotions["A007"] == "Braderie (59.90)"
    assert promotions["A000"] == ""
    assert set(column(table, 7)) == {"✓"}


def test_a_line_of_one_side_is_shown_as_wrong() -> None:
    table = side_by_side([Line("A1", "", SOLD, None, "", SOLD.price), Line("A2", "", None, SOLD)])
    assert column(table, 3) == ["49.90 | —", "— | 49.90"]
    assert column(table, 7) == ["✗", "✗"]


def test_what_is_set_aside_held_or_mended_says_where() -> None:
    rows = [{"group": "withheld", "label": "A1", "code": "E-ROW-002"},
            {"group": "held", "label": "A2", "code": "E-HLD-003"}]  # fmt: skip
    table = set_aside(rows, [{"group": "note", "label": "A3", "code": "E-ROW-101"}])
    assert column(table, 1) == ["A1", "A2", "A3"]
    assert column(table, 2) == ["E-ROW-002", "E-HLD-003", "E-ROW-101"]
    assert len(set(column(table, 0))) == 3
    one = {"key": "price/article/7", "count": 1, "of": 1, "examples": ["49,90 → 4,99"]}
    assert column(held([one]), 0) == ["price/article/7"]
    assert column(held([one]), 1) == ["1 / 1"]


def test_counts_of_both_programs_read_alike() -> None:
    assert plan_counts({}) == "—"
    assert plan_counts({"article": 2, "stock": 3}) == "article : 2 · stock : 3"
    two = {"products": {"change": 2, "hold": 1}}
    assert plan_counts(two) == "products : 2 change, 1 hold"
