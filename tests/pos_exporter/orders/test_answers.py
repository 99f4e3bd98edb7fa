"""`orders` and `orders answer`: what a person sees of an order and may say of it."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from sqlalchemy import Connection, insert, select, update

from pos_exporter.orders_answers import WORDS, enter_again
from pos_exporter.state import STATE
from pos_exporter.wiring import paths_of
from protocol.program.engine import make_engine
from tests.commands import Play, opened_play

ROW = {
    "revision": "0" * 64, "body": b"", "shop_id": 1, "role": "paid", "total": "49.90 EUR",
    "placed_at": "2026-11-24 09:30:00", "received_at": "2026-11-24T08:30:00Z", "answered": True,
}  # fmt: skip
ATTEMPT = (
    '{"mark": {"event": "order", "revision": "%s", "file": "WEB-1.csv"}, '
    '"at": "2026-11-24T08:31:00Z", "lines": "l", "told": "t"}' % ("0" * 64)
)
ENTERED = {"entered_at": "2026-11-24T08:31:00Z", "till_key": "42", "evidence": "done"}


@pytest.fixture
def play(tmp_path: Path) -> Iterator[Play]:
    with opened_play(tmp_path) as opened:
        opened.pair()
        opened.pos("sync")
        yield opened


@contextmanager
def state(play: Play) -> Iterator[Connection]:
    engine = make_engine(paths_of(play.stage.exporter()).url)
    try:
        with engine.begin() as connection:
            yield connection
    finally:
        engine.dispose()


def add(play: Play, uid: str, **values: object) -> None:
    row = {**ROW, "uid": uid, "reference": f"R{uid}", **values}
    with state(play) as connection:
        connection.execute(insert(STATE.web_order).values(**row))


def told(play: Play, *options: str) -> dict[str, dict[str, object]]:
    return {one["uid"]: one for one in play.pos("orders", *options).last["orders"]}


@pytest.mark.parametrize(
    ("values", "answers"),
    [
        ({"state": "new"}, ["taken", "ignore"]),
        ({"state": "waiting"}, ["taken", "ignore"]),
        ({"state": "refused"}, ["taken", "ignore"]),
        ({"state": "waiting", "attempt": ATTEMPT}, []),
        ({"state": "doubt", "attempt": ATTEMPT}, list(WORDS)),
        ({"state": "refused", "attempt": ATTEMPT}, list(WORDS)),
        ({"state": "waiting", **ENTERED}, ["taken"]),
        ({"state": "doubt", "attempt": ATTEMPT, **ENTERED}, ["taken", "resend"]),
        ({"state": "imported", **ENTERED}, []),
        ({"state": "closed"}, []),
        ({"state": "ignored", "person_said": "ignore", "body": b"sealed"}, ["resend"]),
        ({"state": "ignored", "person_said": "ignore"}, []),  # wiped
    ],
)
def test_what_may_be_said_of_an_order(
    play: Play, values: dict[str, object], answers: list[str]
) -> None:
    add(play, "U1", **values)
    assert told(play, "--all")["U1"]["answers"] == answers
    for word in WORDS:
        done = play.pos("orders", "answer", "RU1", word)
        assert done.codes == (set() if word in answers else {"E-POS-052"})
        if word in answers:
            break


def test_what_is_done_is_listed_only_when_everything_is_asked(play: Play) -> None:
    add(play, "U1", state="imported", **ENTERED)
    add(play, "U2", state="doubt", attempt=ATTEMPT, doubt="2026-11-24T09:00:00Z")
    assert set(told(play)) == {"U2"}
    whole = told(play, "--all")
    assert set(whole) == {"U1", "U2"}
    assert (whole["U1"]["till_key"], whole["U1"]["evidence"]) == ("42", "done")
    assert (whole["U2"]["file"], whole["U2"]["doubt"]) == ("WEB-1.csv", "2026-11-24T09:00:00+00:00")


def test_taken_counts_at_once(play: Play) -> None:
    add(play, "U1", state="doubt", attempt=ATTEMPT, doubt="2026-11-24T09:00:00Z")
    done = play.pos("orders", "answer", "U1", "taken").last
    assert (done["state"], done["evidence"], done["till_key"]) == (
        "imported", "person", "WEB-1.csv",
    )  # fmt: skip
    assert done["entered_at"] is not None
    assert (done["doubt"], done["file"], done["answers"]) == (None, None, [])


def test_an_order_is_named_by_one_reference_or_by_its_uid(play: Play) -> None:
    assert play.pos("orders", "answer", "NONE", "taken").codes == {"E-POS-051"}
    add(play, "U1", state="waiting", reference="SPLIT")
    add(play, "U2", state="waiting", reference="SPLIT")
    assert play.pos("orders", "answer", "SPLIT", "taken").codes == {"E-POS-051"}
    assert play.pos("orders", "answer", "U2", "taken").last["uid"] == "U2"
    assert set(told(play)) == {"U1"}


def test_a_person_reads_it_in_words(play: Play) -> None:
    add(play, "U1", state="doubt", attempt=ATTEMPT)
    shown = play.pos("orders", as_json=False).out
    assert "RU1" in shown
    assert "U1: taken, resend, ignore" in shown


def test_what_the_till_lost_enters_as_if_it_had_never_been_there(play: Play) -> None:
    add(play, "U1", state="imported", entered_revision="0" * 64, lines_hash="l", **ENTERED)
    add(play, "U2", state="imported", **ENTERED)
    with state(play) as connection:
        enter_again(connection, ["U1"])
        table = STATE.web_order
        rows = connection.execute(select(table).order_by(table.c.uid)).all()
        connection.execute(update(table).values(answered=True))
    lost, kept = rows
    assert (lost.state, lost.entered_at, lost.till_key, lost.tries) == ("new", None, None, 1)
    assert (kept.state, kept.till_key) == ("imported", "42")
