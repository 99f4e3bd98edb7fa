"""The parts of a mapping about features, suppliers, promotions, price lists and packs."""

from datetime import UTC, date, datetime

import pytest

from pos_exporter.mapping.formats import Formats, parse_moment
from pos_exporter.mapping.row_errors import NotADateError
from protocol.program.yaml_config import ConfigError
from tests.pos_exporter.mapping.samples import FLAT, mapping_of

PROMOTION = "\n  promotion: {table: P, key: [I], fields: {%s}}\n"
SUPPLIER = "\n  supplier: {table: S, key: [C], fields: {name: L}}\n"


def codes(text: str) -> list[str]:
    with pytest.raises(ConfigError) as refused:
        mapping_of(text)
    return [problem.code for problem in refused.value.problems]


def flat_with(fields: str) -> str:
    return FLAT.replace(
        "      purchase_price: ACHAT\n", f"      purchase_price: ACHAT\n      {fields}\n"
    )


@pytest.mark.parametrize(
    ("fields", "column"),
    [
        ("weight: {col: KG, unit: kg}", "KG"),
        ("width: W", "W"),
        ("supplier: {supplier: F, reference: R2}", "R2"),
        ("features: {matiere: {col: MAT, label: MAT_LIB}}", "MAT"),
        ("features: {matiere: {col: MAT, label: MAT_LIB}}", "MAT_LIB"),
        ("nature: {col: NAT, map: {C: gift_card}}", "NAT"),
    ],
)
def test_every_column_of_an_article_is_looked_for_at_the_till(fields: str, column: str) -> None:
    assert column in mapping_of(flat_with(fields)).entities.article[0].columns_used()


def test_the_columns_of_a_promotion_are_those_of_its_flag_too() -> None:
    text = FLAT + PROMOTION.replace("fields", "active: bool(A), fields") % "article: X, percent: Y"
    query = mapping_of(text).entities.promotion[0]
    assert query.columns_used() == ("I", "X", "Y", "A")
    assert query.last_day_included


@pytest.mark.parametrize(
    ("text", "code"),
    [
        (FLAT + PROMOTION % "percent: Y", "E-MAP-008"),
        (FLAT + PROMOTION % "article: X", "E-MAP-008"),
        (FLAT + "\n  pack_part: {table: P, key: [I], fields: {quantity: N}}\n", "E-MAP-008"),
        (
            FLAT
            + "\n  price_list: {table: P, key: [I], fields: {group: G}}"
            + "\n  list_price: {table: P, key: [I], fields: {price_list: P, amount: X}}\n",
            "E-MAP-008",
        ),
        (
            FLAT
            + "\n  list_price: {table: P, key: [I],"
            + " fields: {price_list: P, article: A, amount: X}}\n",
            "E-MAP-007",
        ),
        (
            FLAT + "\n  article_supplier: {table: P, key: [I], fields: {supplier: S}}\n",
            "E-MAP-007",
        ),
        (flat_with("weight: {col: KG, unit: stone}"), "E-CFG-013"),
        (flat_with("features: {matiere: {name: Matière}}"), "E-CFG-010"),
        (FLAT.replace("{name: test}", "{name: test, timezone: Mars/Olympus}"), "E-MAP-009"),
    ],
)
def test_mistakes(text: str, code: str) -> None:
    assert code in codes(text)


def test_an_entity_of_suppliers_speaks_of_articles_unless_said() -> None:
    rows = "  article_supplier: {table: P, key: [I], fields: {supplier: S}}\n"
    mapping = mapping_of(FLAT + SUPPLIER + rows)
    assert [query.of for query in mapping.entities.article_supplier] == ["article"]


FRENCH = Formats(date="%d/%m/%Y", moment="%d/%m/%Y %H:%M")
NINE = datetime(2026, 11, 24, 9, 30)  # noqa: DTZ001 (the till's own clock)


def test_moments_are_read_as_written() -> None:
    assert parse_moment("24/11/2026 09:30", FRENCH, UTC) == NINE
    assert parse_moment(NINE, FRENCH, UTC) == NINE
    assert parse_moment("24/11/2026", FRENCH, UTC) == date(2026, 11, 24)
    assert parse_moment(date(2026, 11, 24), FRENCH, UTC) == date(2026, 11, 24)
    assert type(parse_moment("24/11/2026", FRENCH, UTC)) is date
    with pytest.raises(NotADateError):
        parse_moment("2026-11-24 09:30", FRENCH, UTC)
