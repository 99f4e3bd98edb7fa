"""Variants by columns and by rows, their axes, and what becomes of an article without any."""

from decimal import Decimal

import pytest

from pos_exporter.source.port import Undecodable
from protocol.records import Axis, AxisValue, Variant
from tests.pos_exporter.assembling.shop import Cells, Shop, article, find, keys, variant, withheld
from tests.pos_exporter.mapping.samples import FLAT, PIVOT

LISTED = """
  axis_value:
    - {table: PT, key: [C], fields: {axis: {const: size}, name: L}}
  variant:
    table: DECL
    key: [ID]
    axes: {size: {col: PT, listed: true, name: Pointure}}
    fields: {article: ART, reference: REF}
"""


def test_variants_bring_their_axes_and_values() -> None:
    assembled = Shop().assembled()
    assert find(assembled, "axis", "size") == Axis(
        key="size", name={"fr": "Pointure", "en": "Size"}
    )
    assert find(assembled, "axis", "color") == Axis(
        key="color", name={"fr": "color"}, style="color"
    )
    assert keys(assembled, "axis_value") == ["size|38", "color|NOI", "size|39"]
    assert find(assembled, "axis_value", "color|NOI") == AxisValue(
        key="color|NOI", axis="color", name={"fr": "noir"}, color="#000000"
    )
    assert find(assembled, "variant", "22") == Variant(
        key="22",
        article="2",
        reference="V-22",
        ean=None,
        values=("size|39", "color|NOI"),
        price=None,
    )


def test_a_variant_may_have_its_own_price() -> None:
    found = find(Shop(variant=[variant(21, 2, PX="59,90")]).assembled(), "variant", "21")
    assert isinstance(found, Variant)
    assert found.price is not None
    assert found.price.amount == Decimal("59.90")


@pytest.mark.parametrize(
    ("cells", "code", "place"),
    [
        ({"EAN": "3760009040019"}, "E-ROW-026", "DECL.EAN, variant 21"),
        ({"PX": "x"}, "E-ROW-002", "DECL.PX, variant 21"),
        ({"PX": "-1"}, "E-ROW-030", "DECL.PX, variant 21"),
        ({"REF": "a=b"}, "E-ROW-025", "DECL.REF, variant 21"),
        ({"COUL_LIB": None}, "E-ROW-044", "DECL.COUL, variant 21"),
        ({"COUL_LIB": "no{ir"}, "E-ROW-022", "DECL.COUL_LIB, variant 21"),
        ({"HEXA": "noir"}, "E-ROW-028", "DECL.HEXA, variant 21"),
        ({"PT": Undecodable(b"\xe9")}, "E-ROW-001", "DECL.PT, variant 21"),
        ({"PT": None, "COUL": " "}, "E-ROW-047", "DECL.PT, COUL, variant 21"),
        ({"WEB": "?"}, "E-ROW-003", "DECL.WEB, variant 21"),
        ({"ART": None}, "E-ROW-010", "DECL.ART, variant 21"),
    ],
)
def test_a_wrong_variant_is_set_aside_alone(cells: Cells, code: str, place: str) -> None:
    assembled = Shop(variant=[variant(21, 2, **cells), variant(22, 2, 39)]).assembled()
    assert withheld(assembled.withheld) == [("variant", "21", code)]
    assert assembled.withheld[0].problem.place == place
    assert keys(assembled, "variant") == ["22"]
    assert keys(assembled, "article") == ["1", "2"]


def test_the_label_of_a_variant_names_its_article() -> None:
    assembled = Shop(variant=[variant(21, 2, PX="x"), variant(22, 2, 39)]).assembled()
    assert assembled.faults[0].label == "R-2 Derby 2 V-21"
    assert assembled.faults[0].line("fr").startswith("R-2 Derby 2 V-21 — [E-ROW-002] DECL.PX")


def test_the_second_of_two_alike_is_set_aside() -> None:
    shop = Shop(variant=[variant(21, 2), variant(22, 2), variant(23, 2, 40), variant(11, 1)])
    assembled = shop.assembled()
    assert withheld(assembled.withheld) == [("variant", "22", "E-ROW-046")]
    problem = assembled.withheld[0].problem
    assert (problem.place, problem.value) == ("DECL.PT, COUL, variant 22", "38 NOI")
    assert problem.facts["first"] == "R-2 Derby 2 V-21"
    assert keys(assembled, "variant") == ["21", "23", "11"]


def test_variants_follow_their_article() -> None:
    assembled = Shop(article=[article(1), article(2, PX="x")]).assembled()
    assert withheld(assembled.withheld) == [
        ("article", "2", "E-ROW-002"),
        ("variant", "21", "E-ROW-090"),
        ("variant", "22", "E-ROW-090"),
    ]
    followers = assembled.withheld[1:]
    assert {item.follows for item in followers} == {"article 2"}
    assert {item.problem.facts["cause"] for item in followers} == {"E-ROW-002"}


def test_a_variant_of_an_article_that_was_not_read_is_left_out() -> None:
    assembled = Shop(variant=[variant(91, 9)]).assembled()
    assert [(i.kind, i.key, i.cause) for i in assembled.left_out] == [("variant", "91", "vanished")]


def test_an_article_without_any_usable_variant_does_not_pass_for_a_simple_one() -> None:
    assembled = Shop(variant=[variant(21, 2, PX="x"), variant(22, 2, WEB="N")]).assembled()
    assert withheld(assembled.faults) == [("variant", "21", "E-ROW-002")]
    assert ("article", "2", "E-ROW-091") in withheld(assembled.withheld)
    assert keys(assembled, "article") == ["1"]
    assert ("stock", "a:2", "filtered") in [(i.kind, i.key, i.cause) for i in assembled.left_out]


def test_an_article_whose_variants_are_all_off_the_site_is_off_it_too() -> None:
    assembled = Shop(variant=[variant(21, 2, WEB="N"), variant(22, 2, WEB="N")]).assembled()
    assert assembled.withheld == ()
    assert ("article", "2", "unflagged") in [(i.kind, i.key, i.cause) for i in assembled.left_out]


def pivoted(*rows: tuple[object, object, str, object]) -> Shop:
    cells: list[Cells] = [
        {"ART": a, "NO": no, "AXE": axis, "VAL": value, "REF": f"V-{a}-{no}"}
        for a, no, axis, value in rows
    ]
    return Shop(text=FLAT + PIVOT, variant=cells)


def test_rows_of_one_key_are_one_variant() -> None:
    assembled = pivoted(
        (2, 1, "COULEUR", "noir"),
        (2, 1, "TAILLE", 38),
        (2, 2, "TAILLE", 39),
        (2, 2, "COULEUR", "noir"),
    ).assembled()
    assert assembled.withheld == ()
    found = find(assembled, "variant", "2|1")
    assert isinstance(found, Variant)
    assert (found.values, found.reference) == (("size|38", "color|noir"), "V-2-1")
    assert keys(assembled, "axis_value") == ["size|38", "color|noir", "size|39"]


def test_an_axis_that_the_mapping_does_not_know() -> None:
    assembled = pivoted((2, 1, "MATIERE", "cuir"), (2, 2, "TAILLE", 38)).assembled()
    assert withheld(assembled.withheld) == [("variant", "2|1", "E-ROW-043")]
    assert assembled.withheld[0].problem.place == "DECL.AXE, variant 2|1"


def test_a_listed_value_must_be_in_the_list() -> None:
    shop = Shop(text=FLAT + LISTED, variant=[variant(21, 2, 38), variant(22, 2, 99)])
    shop.more["axis_value"] = [{"C": 38, "L": "38"}, {"C": 39, "L": "39/40"}]
    assembled = shop.assembled()
    assert keys(assembled, "axis_value") == ["size|38", "size|39"]
    assert withheld(assembled.withheld) == [("variant", "22", "E-ROW-044")]
    assert assembled.withheld[0].problem.value == "99"


def test_a_listed_value_that_is_set_aside_exists_all_the_same() -> None:
    shop = Shop(text=FLAT + LISTED, variant=[variant(21, 2, 38)])
    shop.more["axis_value"] = [{"C": 38, "L": ""}, {"C": 38, "L": "38"}]
    assembled = shop.assembled()
    assert withheld(assembled.withheld) == [
        ("axis_value", "size|38", "E-ROW-020"),
        ("axis_value", "size|38", "E-ROW-012"),
    ]
    assert keys(assembled, "variant") == ["21"]


def test_a_list_of_an_axis_that_does_not_exist() -> None:
    shop = Shop(text=FLAT + LISTED.replace("const: size", "const: tall"), variant=[])
    shop.more["axis_value"] = [{"C": 38, "L": "38"}]
    assert withheld(shop.assembled().faults) == [("axis_value", "38", "E-ROW-043")]


def test_axes_may_be_read_from_the_till() -> None:
    axes = "  axis: {table: AX, key: [C], fields: {name: L, style: S}}\n"
    shop = Shop(text=FLAT + axes + LISTED, variant=[variant(21, 2, 38)])
    shop.more["axis"] = [{"C": "size", "L": "Taille", "S": "radio"}]
    shop.more["axis_value"] = [{"C": 38, "L": "38"}]
    assembled = shop.assembled()
    assert find(assembled, "axis", "size") == Axis(key="size", name={"fr": "Taille"}, style="radio")
    shop.more["axis"][0]["S"] = "slider"
    assert withheld(shop.assembled().faults) == [("axis", "size", "E-ROW-099")]
