"""The exporter's memory of its own words, and of the answers to them."""

from collections.abc import Iterable, Iterator

import pytest
from sqlalchemy import Engine, insert, make_url, select

from pos_exporter.assembled import SetAside
from pos_exporter.changes import Changes, FactKey, compare
from pos_exporter.mapping.notes import HtmlCleanedNote, TextCutNote
from pos_exporter.mapping.row_errors import KeyTwiceError
from pos_exporter.mapping.text_errors import NameEmptyError
from pos_exporter.said import SaidBook
from pos_exporter.state import METADATA, STATE
from protocol.program.engine import make_engine
from protocol.records import Brand, Record, content_hash

OLD, NEW = Brand(key="1", name="Père Gaspard"), Brand(key="1", name="Gaspard & fils")
OTHER = Brand(key="2", name="Anatole")


@pytest.fixture
def state() -> Iterator[Engine]:
    engine = make_engine(make_url("sqlite://"))
    METADATA.create_all(engine)
    yield engine
    engine.dispose()


def say(engine: Engine, records: Iterable[Record], *, snapshot: bool = False) -> Changes:
    """Queue what changed, as a run does."""
    with engine.begin() as connection:
        book = SaidBook(connection)
        before = {} if snapshot else book.fingerprints()
        changes = compare(records, before, (), {})
        if snapshot:
            book.forget_all()
        book.keep(changes)
    return changes


def answer(engine: Engine, record: Record, state: str) -> None:
    row = {"kind": record.kind, "key": record.key, "of_hash": content_hash(record)}
    with engine.begin() as connection:
        connection.execute(insert(STATE.fate).values(**row, state=state, at="2026-11-24T08:45:00Z"))


def answers(engine: Engine) -> dict[FactKey, str]:
    with engine.connect() as connection:
        rows = connection.execute(select(STATE.fate)).all()
    return {(row.kind, row.key): row.state for row in rows}


def said(engine: Engine) -> set[FactKey]:
    with engine.connect() as connection:
        return set(SaidBook(connection).fingerprints())


def keep(engine: Engine, items: list[SetAside], day: int) -> list[tuple[str, str, str, str]]:
    with engine.begin() as connection:
        SaidBook(connection).keep_withheld(items, f"2026-11-{day}T08:00:00Z")
        rows = connection.execute(select(STATE.withheld).order_by("key", "code")).all()
    return [(row.key, row.code, row.level, row.since[8:10]) for row in rows]


def test_of_one_thing_the_first_fault_is_kept_and_every_note(state: Engine) -> None:
    fault, second = (
        SetAside("article", "1", "", error.problem())
        for error in (NameEmptyError(), KeyTwiceError())
    )
    cut, clean = (
        SetAside("article", "1", "", error.problem(), level="note")
        for error in (TextCutNote(), HtmlCleanedNote())
    )
    assert keep(state, [fault, second, cut, clean, cut], 24) == [
        ("1", "E-ROW-020", "fault", "24"),
        ("1", HtmlCleanedNote.code, "note", "24"),
        ("1", TextCutNote.code, "note", "24"),
    ]
    # What was so before keeps its date.
    assert keep(state, [second, cut], 25) == [
        ("1", "E-ROW-012", "fault", "25"),
        ("1", TextCutNote.code, "note", "24"),
    ]


def test_new_content_waits_for_its_own_answer(state: Engine) -> None:
    say(state, [OLD, OTHER])
    answer(state, OLD, "refused")
    answer(state, OTHER, "applied")
    say(state, [NEW, OTHER])
    assert answers(state) == {("brand", "2"): "applied"}


def test_a_snapshot_keeps_the_answers_to_what_has_not_changed(state: Engine) -> None:
    # The site has these very records and says nothing of them again.
    say(state, [OLD, OTHER])
    answer(state, OLD, "applied")
    answer(state, OTHER, "refused")
    assert len(say(state, [NEW, OTHER], snapshot=True).records) == 2
    assert answers(state) == {("brand", "2"): "refused"}


@pytest.mark.parametrize("snapshot", [False, True])
def test_the_answer_to_what_is_gone_goes_with_it(state: Engine, snapshot: bool) -> None:
    say(state, [OLD, OTHER])
    answer(state, OTHER, "refused")
    say(state, [OLD], snapshot=snapshot)
    assert (said(state), answers(state)) == ({("brand", "1")}, {})
