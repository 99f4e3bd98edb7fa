"""Faults found at the till's side by an adversary; each was seen to fail before its mend."""

from datetime import UTC, date, datetime
from decimal import Decimal
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from pos_exporter.assembled import Assembled
from pos_exporter.assembling.codes import bar_code
from pos_exporter.assembling.texts import description, short_description
from pos_exporter.changes import Guard, ShrunkenReadError, check_read, compare, fingerprint
from pos_exporter.mapping.entities import ImageRule
from pos_exporter.mapping.photo_errors import PhotoMissingError
from pos_exporter.mapping.shop import KnownShop
from pos_exporter.photos import PhotoFacts
from pos_exporter.reading import read_till
from pos_exporter.source.memory import MemorySource
from pos_exporter.source.port import Row, Undecodable
from protocol.records import Article, FeatureValue, Photo, Record, record_line
from tests.pos_exporter.assembling.shop import Shop, article, find, keys, variant, withheld
from tests.pos_exporter.assembling.test_features import COLUMN, ROWS, features, shop_of
from tests.pos_exporter.assembling.test_offers import promoting, promotion
from tests.pos_exporter.mapping.samples import FLAT, mapping_of

# --- promotions' days -------------------------------------------------------------------------


@pytest.mark.parametrize("day", [date(2026, 12, 24), datetime(2026, 12, 24), "24/12/2026"])  # noqa: DTZ001 (a till's clock)
def test_a_day_kept_as_midnight_is_the_last_day_to_its_end(day: object) -> None:
    assembled = promoting({"ART": 1, "POUR": "20", "DEB": day, "FIN": day}).assembled()
    found = promotion(assembled)
    assert found.starts_at == "2026-12-24 00:00:00"
    assert found.ends_at == "2026-12-24 23:59:59"


def test_a_moment_with_a_time_ends_at_that_time() -> None:
    at = datetime(2026, 12, 24, 18, 30)  # noqa: DTZ001 (a till's clock)
    assert promotion(promoting({"ART": 1, "POUR": "20", "FIN": at}).assembled()).ends_at == (
        "2026-12-24 18:30:00"
    )


def test_a_moment_with_a_zone_is_that_moment() -> None:
    at = datetime(2026, 12, 24, 22, 59, 59, tzinfo=UTC)
    assert promotion(promoting({"ART": 1, "POUR": "20", "FIN": at}).assembled()).ends_at == (
        "2026-12-24 23:59:59"
    )


@pytest.mark.parametrize(
    ("zone", "cells"),
    [
        ("America/Martinique", {"DEB": datetime(1, 1, 1)}),  # noqa: DTZ001 (a till's clock)
        ("Pacific/Noumea", {"FIN": date(9999, 12, 31)}),
    ],
)
def test_the_first_and_last_days_of_calendars_stop_no_run(
    zone: str, cells: dict[str, object]
) -> None:
    shop = promoting({"ART": 1, "POUR": "20", **cells}, {"ART": 2, "POUR": "10"})
    shop.known = KnownShop(zone=ZoneInfo(zone))
    assert keys(shop.assembled(), "promotion") == ["1", "2"]


# --- nothing disappears -----------------------------------------------------------------------


def buried(before: Assembled, now: Assembled) -> set[tuple[str, str]]:
    """Return what a second run takes for gone."""
    said = {(record.kind, record.key): fingerprint(record) for record in before.records}
    there = {(item.kind, item.key) for item in now.withheld}
    scope = {kind for kind, _ in said} - now.unsure_kinds - now.unread
    return set(compare(now.records, said, there, {}, scope=scope).gone)


def test_an_entity_that_the_mapping_lost_buries_nothing() -> None:
    before = promoting({"ART": 1, "POUR": "20"})
    after = promoting()
    after.text = Shop().text
    assert buried(before.assembled(), after.assembled()) == set()
    assert buried(before.assembled(), promoting().assembled()) == {("promotion", "1")}


def test_the_size_of_a_wrong_variant_is_not_gone() -> None:
    right = Shop(variant=[variant(21, 2), variant(22, 2, 44)])
    wrong = Shop(variant=[variant(21, 2), variant(22, 2, 44, PX="x")])
    assert buried(right.assembled(), wrong.assembled()) == set()
    nobodys = Shop(article=[article(1), article(2) | {"ID": None}])
    assert buried(right.assembled(), nobodys.assembled()) == set()
    gone = Shop(variant=[variant(21, 2)])
    assert ("axis_value", "size|44") in buried(right.assembled(), gone.assembled())


def test_a_feature_value_that_cannot_be_told_is_not_gone() -> None:
    feature_rows: dict[str, list[dict[str, object]]] = {"feature": [{"C": "mat", "L": "Matière"}]}
    mapped = ROWS.replace("value: V", "value: {col: V, map: {1: cuir}}")
    right, wrong = shop_of("", article(1), more=mapped), shop_of("", article(1), more=mapped)
    right.more |= {**feature_rows, "article_feature": [{"A": 1, "C": "mat", "V": 1, "L": "Cuir"}]}
    wrong.more |= {**feature_rows, "article_feature": [{"A": 1, "C": "mat", "V": 9, "L": "Cuir"}]}
    assert keys(right.assembled(), "feature_value") == ["mat|cuir"]
    assert buried(right.assembled(), wrong.assembled()) == set()


def records_of(count: int, prefix: str) -> list[Record]:
    found = find(Shop().assembled(), "article", "1")
    assert isinstance(found, Article)
    return [found.model_copy(update={"key": f"{prefix}{n}"}) for n in range(count)]


def test_other_keys_for_all_articles_are_no_plain_reading() -> None:
    said = {(record.kind, record.key): b"x" for record in records_of(50, "A")}
    with pytest.raises(ShrunkenReadError):
        check_read(records_of(50, "B"), said, (), (), Guard())
    check_read([*records_of(45, "A"), *records_of(90, "B")], said, (), (), Guard())


# --- lookups ----------------------------------------------------------------------------------

LOOKED_UP = """
till: {name: t}
lookups: {rates: {table: RATES}, names: {table: NAMES, on_missing: default, default: Autre}}
entities:
  tax_rate: {table: TVA, key: [C], fields: {rate: {col: C, lookup: rates}}}
  article: {table: ART, key: [I],
            fields: {reference: R, name: {col: N, lookup: names}, price: P, tax_rate: T}}
"""


def looked_up(rates: list[Row], names: list[Row]) -> Assembled:
    tables: dict[str, list[Row]] = {
        "RATES": rates,
        "NAMES": names,
        "TVA": [{"C": 1}, {"C": 2}],
        "ART": [
            {"I": 1, "R": "A", "N": "é", "P": "5", "T": 1},
            {"I": 2, "R": "B", "N": "x", "P": "5", "T": 1},
        ],
    }
    answers = {f"SELECT * FROM {name}": rows for name, rows in tables.items()}  # noqa: S608 (names of this test)
    return read_till(MemorySource(answers), mapping_of(LOOKED_UP), {})


def test_a_wrong_row_of_a_lookup_reaches_its_own_code_only() -> None:
    rates: list[Row] = [{"k": 1, "v": "20"}, {"k": 2, "v": Undecodable(b"\xe9")}]
    assembled = looked_up(rates, [{"k": Undecodable(b"\xe9"), "v": "?"}, {"k": "é", "v": "Été"}])
    assert keys(assembled, "tax_rate") == ["1"]
    assert withheld(assembled.withheld) == [("tax_rate", "2", "E-ROW-001")]


def test_a_code_is_found_however_its_accents_are_written() -> None:
    rates: list[Row] = [{"k": 1, "v": "20"}, {"k": 2, "v": "10"}]
    assembled = looked_up(rates, [{"k": "e\u0301", "v": "Été"}])
    found = find(assembled, "article", "1")
    assert isinstance(found, Article)
    assert found.name == {"fr": "Été"}


# --- figures ----------------------------------------------------------------------------------


def test_a_figure_far_too_large_sets_its_row_aside_and_no_run() -> None:
    shop = Shop(article=[article(1, PX=Decimal(10) ** 29), article(2)])
    shop.text = shop.text.replace("price: PX\n", "price: {col: PX, scale: 2}\n", 1)
    assembled = shop.assembled()
    assert keys(assembled, "article") == ["2"]
    assert ("article", "1", "E-ROW-034") in withheld(assembled.withheld)


@pytest.mark.parametrize(
    ("written", "amount"),
    [("1 234,50", "1234.50"), ("1\u202f234,5", "1234.50"), (1234.5, "1234.50"), ("49", "49.00")],
)
def test_prices_as_tills_write_them(written: object, amount: str) -> None:
    found = find(Shop(article=[article(1, PX=written)]).assembled(), "article", "1")
    assert isinstance(found, Article)
    assert found.price.amount == Decimal(amount)


@pytest.mark.parametrize(
    "written", ["1.234,50", "1,234.50", "12 34,50", "", None, "-3", "-0", "NaN"]
)
def test_prices_that_could_mean_several_things_are_not_guessed(written: object) -> None:
    assert keys(Shop(article=[article(1, PX=written)]).assembled(), "article") == []


def test_a_bar_code_of_zeros_is_none() -> None:
    assert bar_code((8, 12, 13))("0000000000000") is None
    assert bar_code((8, 12, 13))("00000000") is None


# --- features and order -----------------------------------------------------------------------


def test_one_material_written_in_several_ways_is_one_value() -> None:
    ways = ["Cuir", "cuir ", "CUIR", "  cuir", "Cuir  souple", "cuir\u00a0souple"]
    shop = shop_of(COLUMN, *(article(n, MAT=way) for n, way in enumerate(ways, 1)))
    assembled = shop.assembled()
    values = [record for record in assembled.records if isinstance(record, FeatureValue)]
    assert [(value.key, value.name["fr"]) for value in values] == [
        ("matiere|cuir", "Cuir"),
        ("matiere|cuir souple", "Cuir  souple"),
    ]
    assert [features(assembled, str(n)) for n in range(1, 7)] == [
        *[("matiere|cuir",)] * 4, *[("matiere|cuir souple",)] * 2,
    ]  # fmt: skip


ORDERED = (
    FLAT
    + """
  article_categories: {table: AC, key: [A], fields: {category: F}}
  supplier: {table: FRN, key: [C], fields: {name: L}}
  article_supplier: {table: AF, key: [A], fields: {supplier: F, reference: R}}
  article_feature: {table: CAR, key: [A], fields: {feature: C, value: V}}
  feature: {table: C, key: [C], fields: {name: L}}
  pack_part: {table: LOT, key: [A], fields: {article: P}}
  photo: {table: PH, key: [ID], image: {path: F, root: x}, fields: {article: ART}}
"""
)


def tables() -> dict[str, list[Row]]:
    return {
        "TVA": [{"CODE": 1, "TAUX": "20"}, {"CODE": 1, "TAUX": "10"}],
        "FAM": [{"CODE": c, "LIB": c, "PERE": None} for c in ("F1", "F2", "F3")],
        "MRQ": [{"CODE": 5, "LIB": "Zoé"}],
        "ART": [article(n, MAT="x") for n in (1, 2, 10)],
        "AC": [{"A": 1, "F": c} for c in ("F3", "F2")],
        "FRN": [{"C": c, "L": f"F {c}"} for c in (1, 2)],
        "AF": [{"A": 1, "F": f, "R": r} for f, r in ((2, "a"), (1, "b"), (2, "c"))],
        "C": [{"C": "mat", "L": "Matière"}],
        "CAR": [{"A": n, "C": "mat", "V": v} for n, v in ((1, "Cuir"), (2, "CUIR"), (1, "Daim"))],
        "LOT": [{"A": 10, "P": n} for n in (2, 1)],
        "PH": [{"ID": n, "ART": 1, "F": f"{n}.jpg"} for n in (9, 10)],
    }


def read(rows: dict[str, list[Row]], monkeypatch: pytest.MonkeyPatch) -> Assembled:
    facts = PhotoFacts("0" * 64, 9, None)
    monkeypatch.setattr("pos_exporter.reading.PhotoTaker", lambda _: lambda *_: facts)
    answers = {f"SELECT * FROM {name}": found for name, found in rows.items()}  # noqa: S608 (names of this test)
    return read_till(MemorySource(answers), mapping_of(ORDERED), {})


def test_rows_in_another_order_are_no_change(monkeypatch: pytest.MonkeyPatch) -> None:
    first = read(tables(), monkeypatch)
    turned = read({name: rows[::-1] for name, rows in tables().items()}, monkeypatch)
    said = {(record.kind, record.key): fingerprint(record) for record in first.records}
    assert compare(turned.records, said, (), {}).records == ()
    places = {r.key: r.position for r in first.records if isinstance(r, Photo)}
    assert places == {"9": 1, "10": 2}


def test_an_order_that_the_query_asks_for_is_kept() -> None:
    text = ORDERED.replace(
        "table: AC, key: [A]", 'sql: "SELECT A, F FROM AC ORDER BY RANG", key: [A]'
    )
    text = text.split("  photo:", maxsplit=1)[0]
    rows = tables()
    answers = {f"SELECT * FROM {name}": found for name, found in rows.items()}  # noqa: S608 (names of this test)
    answers["SELECT A, F FROM AC ORDER BY RANG"] = rows["AC"]
    found = find(read_till(MemorySource(answers), mapping_of(text), {}), "article", "1")
    assert isinstance(found, Article)
    assert found.categories == ("F1", "F3", "F2")


def test_parts_named_twice_are_added_up() -> None:
    shop = Shop(article=[article(1), article(2), article(3)], variant=[])
    shop.text += "\n  pack_part: {table: LOT, key: [A], fields: {article: P, quantity: N}}\n"
    shop.more["pack_part"] = [{"A": 3, "P": 1, "N": 1}, {"A": 3, "P": 1, "N": 2}]
    found = find(shop.assembled(), "article", "3")
    assert isinstance(found, Article)
    assert [(part.article, part.quantity) for part in found.parts or ()] == [("1", 3)]


class _OneMissing(Shop):
    def _take(self, image: ImageRule, written: object) -> PhotoFacts | None:
        if written == "lost.jpg":
            raise PhotoMissingError(value=written)
        return super()._take(image, written)


def test_a_photo_that_is_missing_keeps_its_place() -> None:
    shop = _OneMissing(photo_bytes={"b.jpg": PhotoFacts("0" * 64, 9, None)})
    shop.photo = [
        {"ID": n, "ART": 1, "F": name, "LEG": None} for n, name in enumerate(("lost.jpg", "b.jpg"))
    ]
    found = find(shop.assembled(), "photo", "1")
    assert isinstance(found, Photo)
    assert found.position == 2


# --- what stays at the till -------------------------------------------------------------------


def test_purchase_prices_leave_the_shop_in_no_record(tmp_path: Path) -> None:
    secret = b"17.4321"
    rows = tables()
    rows["ART"] = [article(n, PX="49.90", ACHAT=secret.decode()) for n in (1, 2)]
    rows["AF"] = [{"A": 1, "F": 1, "R": "r", "PA": secret.decode()}]
    del rows["PH"], rows["LOT"]
    text = ORDERED.split("  pack_part:", maxsplit=1)[0].replace('decimal: ","', 'decimal: "."')
    text = text.replace("reference: R}}", "reference: R, purchase_price: PA}}")
    answers = {f"SELECT * FROM {name}": found for name, found in rows.items()}  # noqa: S608 (names of this test)

    def lines(mapping: str) -> bytes:
        source, file = MemorySource(answers), mapping_of(mapping, tmp_path)
        return b"".join(map(record_line, read_till(source, file, {}).records))

    assert secret in lines(text + "\nsend_purchase_price: true\n")
    kept = lines(text)
    assert b'"suppliers"' in kept
    assert secret not in kept
    assert b"purchase" not in kept


# --- texts ------------------------------------------------------------------------------------


def test_a_cut_text_keeps_its_ampersands() -> None:
    text = "<p>R&D, AT&T et &eacute;t&eacute; " + "mot " * 300 + "</p>"
    cut = short_description(text).value or ""
    assert cut.startswith("<p>R&D, AT&T et &eacute;t&eacute; mot mot")


@pytest.mark.parametrize("sign", ["<", "< ", "<a ", "< / "])
def test_a_huge_text_of_signs_is_read_in_one_go(sign: str) -> None:
    # Quadratic search took minutes here.
    assert description(sign * (400_000 // len(sign))).notes == ()
    assert description("<" + " " * 400_000).notes == ()
