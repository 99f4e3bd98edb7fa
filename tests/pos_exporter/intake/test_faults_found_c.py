"""Faults found in the till writers; each was seen to fail before its mend."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from decimal import Decimal

import pytest
from sqlalchemy import create_engine, text
from sqlalchemy.engine import URL

from pos_exporter.intake.binds import check_order, line_binds, order_binds
from pos_exporter.intake.http import HttpTillWriter
from pos_exporter.intake.port import (
    InDoubtError,
    IntakeUnknownError,
    Mark,
    Note,
    StatementRefusedError,
    TaxRateUnknownError,
    TillNotWritableError,
)
from pos_exporter.intake.procedure import ProcedureTillWriter
from pos_exporter.intake.sql import SqlTillWriter
from pos_exporter.mapping.write_back import WriteBack, WriteFormats
from tests.equipment.hook import TillHook
from tests.pos_exporter.intake.orders import customer, line, order
from tests.pos_exporter.intake.test_procedure import CALLS, STATEMENTS, TABLES
from tests.pos_exporter.mapping.samples import mapping_of

NOW = datetime(2026, 11, 24, 8, 45, tzinfo=UTC)
SIMPLE = "a:1002"

# --- values that no till expects ----------------------------------------------------------------


@pytest.mark.parametrize(
    ("zone", "placed_at", "told"),
    [
        ("Pays/Inconnu", "2026-11-24 09:30:00", "2026-11-24 09:30:00"),
        ("", "2026-11-24 09:30:00", "2026-11-24 09:30:00"),
        ("America/Martinique", "0000-00-00 00:00:00", None),
        ("Europe/Paris", "0000-00-00 00:00:00", None),
        ("America/Martinique", "2026-11-24 04:30:00", "2026-11-24 09:30:00"),
    ],
)
def test_a_zone_or_date_that_is_none_stops_no_order(
    zone: str, placed_at: str, told: str | None
) -> None:
    one = order("U1", line(1, SIMPLE), timezone=zone, placed_at=placed_at)
    binds = order_binds(one, WriteFormats(), till_timezone="Europe/Paris")
    assert binds["placed_at"] == told


@pytest.fixture
def maria(mariadb_url: URL) -> Iterator[URL]:
    engine = create_engine(mariadb_url)
    with engine.begin() as connection:
        for sql in TABLES:
            connection.execute(text(sql.replace(":", "\\:")))
        connection.execute(text("CREATE UNIQUE INDEX QUI ON CLI (NOM)"))
    engine.dispose()
    yield mariadb_url


def written(url: URL) -> SqlTillWriter:
    rules = mapping_of(STATEMENTS).write_back
    assert rules is not None
    return SqlTillWriter(url, rules, till_timezone="Europe/Paris")


def test_a_letter_that_the_tills_encoding_lacks_refuses_one_and_stops_no_other(maria: URL) -> None:
    with written(maria.update_query_dict({"charset": "latin1"})) as writer:
        with pytest.raises(StatementRefusedError):
            writer.enter_customer(customer(7, last_name="Łukasz"))
        assert writer.enter_customer(customer(8, last_name="Zoé")).already is False


def test_what_an_engine_says_of_a_refusal_names_no_customer(maria: URL) -> None:
    with written(maria) as writer:
        writer.enter_customer(customer(7, last_name='O\'Hara "Zoé"'))
        with pytest.raises(StatementRefusedError) as refused:
            writer.enter_customer(customer(8, last_name='O\'Hara "Zoé"'))
    reason = refused.value.facts["reason"]
    assert "QUI" in reason
    assert "Hara" not in reason


def test_a_customer_whom_a_procedure_took_and_does_not_show_is_in_doubt(maria: URL) -> None:
    rules = mapping_of(CALLS.replace("WHERE WEB = :customer_shop_id", "WHERE NOM = 'X'")).write_back
    assert rules is not None
    with (
        ProcedureTillWriter(maria, rules, till_timezone="Europe/Paris") as writer,
        pytest.raises(InDoubtError),
    ):
        writer.enter_customer(customer(7))


# --- a hook -------------------------------------------------------------------------------------


@pytest.fixture
def hook() -> Iterator[TillHook]:
    with TillHook(b"s3cret", {"1002"}) as hook:
        yield hook


def posting(hook: TillHook) -> HttpTillWriter:
    told = {"timeout": "2s", "changes": True, "customers": True}
    rules = WriteBack.model_validate({"mode": "http", "hook": told})
    return HttpTillWriter(hook.url, "s3cret", rules, lambda: NOW)


def test_an_answer_that_shows_no_order_is_no_evidence_of_one(hook: TillHook) -> None:
    hook.vague = True
    writer = posting(hook)
    with pytest.raises(IntakeUnknownError):
        writer.look("U1", Mark("order", "0" * 64), timedelta(minutes=5))
    with pytest.raises(TillNotWritableError):
        writer.holds_order("U1")


def test_a_customer_who_changed_is_another_request(hook: TillHook) -> None:
    writer = posting(hook)
    for name in ("O'Hara", "O'Hara", "Durand"):
        writer.enter_customer(customer(7, last_name=name))
    keys = [key for _, key in hook.requests]
    assert keys[0] == keys[1] != keys[2]
    assert all(key.startswith("customer/shop-7/") for key in keys)


def test_what_never_left_is_not_noted_as_begun(hook: TillHook) -> None:
    noted: list[Mark] = []
    writer = posting(hook)
    hook.close()
    with pytest.raises(TillNotWritableError):
        writer.enter_order(order("U1", line(1, SIMPLE)), Note(begin=noted.append))
    assert noted == []


@pytest.mark.parametrize("answer", [{"key": True}, {"key": False}, {"key": None}, {}])
def test_a_yes_is_no_key(
    hook: TillHook, monkeypatch: pytest.MonkeyPatch, answer: dict[str, object]
) -> None:
    monkeypatch.setattr(hook, "take", lambda body: (200, answer))
    noted: list[Mark] = []
    with pytest.raises(IntakeUnknownError):
        posting(hook).enter_order(order("U1", line(1, SIMPLE)), Note(begin=noted.append))
    assert noted[-1].said_yes


# --- what costs nothing -------------------------------------------------------------------------


def test_a_line_that_costs_nothing_needs_no_vat_rate() -> None:
    """PrestaShop names no taxes in an order whose articles are free."""
    zero = Decimal(0)
    prices = (
        "unit_price_tax_excluded", "unit_price_tax_included",
        "total_tax_excluded", "total_tax_included",
    )  # fmt: skip
    free = line(1, SIMPLE).model_copy(update={**dict.fromkeys(prices, zero), "tax_rate": None})
    formats = WriteFormats(tax_rates={Decimal(20): "1"})
    check_order(order("U1", free), formats)
    assert line_binds(free, 1, formats)["tax_code"] is None
    with pytest.raises(TaxRateUnknownError):
        check_order(order("U1", line(1, SIMPLE).model_copy(update={"tax_rate": None})), formats)
