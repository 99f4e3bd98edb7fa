"""Loading a mapping: what it becomes, and that each mistake is found at its line."""

from pathlib import Path

import pytest

from pos_exporter.mapping.entities import VariantQuery
from pos_exporter.mapping.model import load_mapping
from protocol.program.yaml_config import ConfigError
from tests.pos_exporter.mapping.samples import COLUMNS, FLAT, PIVOT, mapping_of

HEAD = "till: {name: t}\nentities:\n"
TVA = "  tax_rate: {table: TVA, key: [C], fields: {rate: T}}\n"
ART = "  article: {table: A, key: [I], fields: {reference: R, name: N, price: P, tax_rate: V}}\n"
WRITE = "write_back:\n  order:\n    idempotency: SELECT K FROM C WHERE U = :order_uid\n"


def whole(*parts: str) -> str:
    """Return a mapping of these parts of its entities (and what may follow them)."""
    return HEAD + "".join(parts)


def codes(text: str) -> list[tuple[str, int]]:
    """Return the code and line of every mistake of a text."""
    with pytest.raises(ConfigError) as refused:
        mapping_of(text)
    return [(p.code, int(p.place.rsplit(":", 2)[1])) for p in refused.value.problems]


def test_a_single_query_and_a_list_of_them_are_the_same() -> None:
    mapping = mapping_of(FLAT)
    assert len(mapping.entities.article) == 1
    query = mapping.entities.article[0]
    assert query.query("x").sql == "SELECT * FROM ART"
    assert query.table_name == "ART"
    assert set(query.columns_used()) == {
        "ID", "REF", "LIB", "LIB_EN", "PX", "TVA", "EAN", "MRQ", "FAM", "FAM2", "DESCR", "ACHAT",
        "WEB", "FINI",
    }  # fmt: skip


def test_variants_use_the_columns_of_their_axes() -> None:
    def used(text: str) -> set[str]:
        query = mapping_of(FLAT + text).entities.variant[0]
        assert isinstance(query, VariantQuery)
        return set(query.columns_used())

    assert {"PT", "COUL", "COUL_LIB", "COUL_EN", "HEXA", "ART", "WEB"} <= used(COLUMNS)
    assert {"AXE", "VAL", "NO", "ART", "REF"} == used(PIVOT)


def test_queries_are_named_by_their_place_in_the_file() -> None:
    mapping = mapping_of(
        whole(
            TVA,
            "  brand:\n"
            "    - {table: M, key: [C], fields: {name: L}}\n"
            "    - {sql: 'SELECT C, L FROM N WHERE X IN :x', params: {x: [a, b]}, key: [C],"
            " fields: {name: L}}\n"
            "lookups: {v: {sql: 'SELECT A AS k, B AS v FROM L'}}\n",
        )
    )
    assert [place for place, _ in mapping.queries()] == [
        "lookups.v", "entities.tax_rate", "entities.brand.0", "entities.brand.1",
    ]  # fmt: skip
    assert mapping.entities.brand[1].query().params == {"x": ("a", "b")}


def test_photos_lie_beside_the_mapping_unless_said(tmp_path: Path) -> None:
    photo = (
        "  photo: {table: P, key: [I], fields: {article: A}, image: {path: F, root: '${PHOTOS}'}}"
    )
    mapping = mapping_of(HEAD + TVA + ART + photo, tmp_path)
    assert mapping.entities.photo[0].image.root == tmp_path / "pictures"


def test_a_file_is_loaded(tmp_path: Path) -> None:
    path = tmp_path / "m.yaml"
    path.write_text(HEAD + TVA, encoding="utf-8")
    assert load_mapping(path, {}).till.name == "t"


@pytest.mark.parametrize(
    ("text", "code", "line"),
    [
        (whole("  brand: {table: M, key: [C], fields: {nom: L}}"), "E-CFG-010", 3),
        (whole("  brand: {table: M, key: [], fields: {name: L}}"), "E-CFG-014", 3),
        (whole("  brands: {}"), "E-CFG-011", 3),
        (whole("  brand: {sql: 'DELETE FROM M', key: [C], fields: {name: L}}"), "E-MAP-001", 3),
        (whole("  brand: {table: M, where: '{x}', key: [C], fields: {name: L}}"), "E-MAP-002", 3),
        (
            whole("  brand: {table: M, where: 'A = :x', key: [C], fields: {name: L}}"),
            "E-MAP-003",
            3,
        ),
        (whole("  brand: {table: M, sql: SELECT 1, key: [C], fields: {name: L}}"), "E-MAP-008", 3),
        (whole("  brand: {table: 'M; N', key: [C], fields: {name: L}}"), "E-CFG-015", 3),
        (
            whole("  brand: {table: M, key: [C], fields: {name: {col: L, const: x}}}"),
            "E-MAP-008",
            3,
        ),
        (whole("  brand: {table: M, key: [C], fields: {name: {expr: 'L.x'}}}"), "E-MAP-011", 3),
        (whole("  brand: {table: M, key: [C], fields: {name: {expr: 'f(L)'}}}"), "E-MAP-012", 3),
        (whole("  brand: {table: M, key: [C], fields: {name: {expr: 'L +'}}}"), "E-MAP-010", 3),
        (HEAD + ART, "E-MAP-007", 3),
        (
            whole("  brand: {table: M, key: [C], fields: {name: {col: L, lookup: v}}}"),
            "E-MAP-007",
            1,
        ),
        (HEAD + TVA + "formats: {decimal: ';'}", "E-CFG-015", 4),
    ],
)
def test_each_mistake_is_told_at_its_line(text: str, code: str, line: int) -> None:
    assert (code, line) in codes(text)


@pytest.mark.parametrize(
    ("axes", "code"),
    [
        ("axes: {}", "E-CFG-014"),
        ("axes: {size: {name: T}}", "E-MAP-008"),
        ("axes: {size: {col: T}}, pivot: {axis: A, value: V, axes: {T: size}}", "E-MAP-008"),
        ("axes: {size: {}}, pivot: {axis: A, value: V, axes: {T: tall}}", "E-MAP-007"),
    ],
)
def test_axes_must_be_complete(axes: str, code: str) -> None:
    variant = f"  variant: {{table: D, key: [I], fields: {{article: A}}, {axes}}}\n"
    assert code in [found for found, _ in codes(HEAD + TVA + ART + variant)]


@pytest.mark.parametrize(
    ("image", "code"), [("{path: F}", "E-MAP-007"), ("{path: F, blob: B}", "E-MAP-008")]
)
def test_a_photo_is_in_one_place(image: str, code: str) -> None:
    photo = f"  photo: {{table: P, key: [I], fields: {{article: A}}, image: {image}}}\n"
    assert code in [found for found, _ in codes(HEAD + TVA + ART + photo)]


@pytest.mark.parametrize(
    ("statements", "code"),
    [
        ("    statements: []", "E-CFG-014"),
        ("    statements: [{id: o, sql: 'INSERT INTO C VALUES (:nobody)'}]", "E-MAP-003"),
        ("    statements: [{id: o, sql: 'INSERT INTO C VALUES ({x})'}]", "E-MAP-002"),
        ("    statements: [{id: o, sql: 'INSERT INTO C VALUES (:quantity)'}]", "E-MAP-003"),
        ("    statements: [{id: l, sql: 'INSERT INTO C VALUES (:o_key)'}]", "E-MAP-003"),
        ("    statements: [{id: o, unless_sql: 'DELETE FROM C', sql: 'SELECT 1'}]", "E-MAP-001"),
    ],
)
def test_writing_statements_are_sound(statements: str, code: str) -> None:
    assert code in [found for found, _ in codes(HEAD + TVA + WRITE + statements)]


def test_a_statement_s_key_is_known_to_those_after_it() -> None:
    mapping = mapping_of(
        whole(
            TVA,
            WRITE,
            "    statements:\n"
            "      - {id: o, sql: 'INSERT INTO C VALUES (:order_uid)', key: lastrowid}\n"
            "      - {id: l, foreach: lines, sql: 'INSERT INTO L VALUES (:o_key, :quantity)'}\n",
        )
    )
    assert mapping.write_back is not None
    assert mapping.write_back.order is not None
    assert [s.id for s in mapping.write_back.order.statements] == ["o", "l"]


STOCK = "  stock: {of: article, table: S, key: [I], fields: {quantity: N}}\n"
CELL = "  stock: {of: article, table: S, key: [I], fields: {quantity: N, counted: W}}\n"
LINES = "  counted_orders: {of: article, table: L, key: [I], fields: {order: U, quantity: Q}}\n"


@pytest.mark.parametrize(
    ("counted", "stock", "code"),
    [
        ("never", STOCK + LINES, "E-MAP-008"),
        ("never", CELL, "E-MAP-008"),
        ("at_import", STOCK, "E-MAP-007"),
        ("at_validation", STOCK + LINES, "E-MAP-007"),
        ("at_shipping", STOCK + LINES, "E-MAP-007"),
    ],
)
def test_a_preset_needs_its_evidence(counted: str, stock: str, code: str) -> None:
    text = f"counted: {counted}\n" + whole(TVA, ART, stock)
    assert code in [found for found, _ in codes(text)]


@pytest.mark.parametrize(
    ("counted", "stock", "counts"),
    [("never", STOCK, False), ("at_import", STOCK + LINES, True)],
)
def test_a_preset_with_its_evidence_is_sound(counted: str, stock: str, counts: bool) -> None:
    mapping = mapping_of(f"counted: {counted}\n" + whole(TVA, ART, stock))
    assert mapping.counts_orders is counts
    assert mapping_of(whole(TVA, ART, CELL)).counts_orders
