"""What a person does about one line that is set aside: look, send again, leave it as it is."""

import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from functools import partial
from pathlib import Path

import pytest
from sqlalchemy import Connection, insert, select

from demo.till import WRONG_ROWS, build_till
from pos_exporter.mapping.photo_errors import PhotoMissingError
from pos_exporter.state import STATE
from pos_exporter.wiring import paths_of
from protocol.program.engine import make_engine
from protocol.records import reason_of
from tests.commands import Play, opened_play

REFUSED = PhotoMissingError(value="a.jpg", place="photo 1").problem()


@pytest.fixture
def play(tmp_path: Path) -> Iterator[Play]:
    with opened_play(tmp_path) as opened:
        opened.pair()
        opened.pos("sync")
        yield opened


@pytest.fixture
def spoiled(tmp_path: Path) -> Iterator[Play]:
    with opened_play(tmp_path, make_till=partial(build_till, models=14)) as opened:
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


def answer(play: Play, kind: str, key: str, fate: str) -> None:
    row = {"kind": kind, "key": key, "state": fate, "at": "2026-11-24T08:00:00Z",
           "reason": reason_of(REFUSED).model_dump_json()}  # fmt: skip
    with state(play) as connection:
        connection.execute(insert(STATE.fate).values(**row))


def fates(play: Play) -> int:
    with state(play) as connection:
        return len(connection.execute(select(STATE.fate)).all())


def at_the_till(play: Play, sql: str) -> None:
    with closing(sqlite3.connect(play.stage.till_path)) as till:
        till.execute(sql)
        till.commit()


@pytest.mark.parametrize("name", ["article/1001", "1001"])
def test_one_line_is_told_with_all_that_is_known(play: Play, name: str) -> None:
    at_the_till(play, "UPDATE ARTICLE SET PX_TTC = '1,00' WHERE ID_ART = 1001")
    play.pos("sync")
    answer(play, "article", "1001", "refused")
    item = play.pos("quarantine", "show", name).last
    assert (item["kind"], item["key"], item["state"]) == ("article", "1001", "refused")
    assert (item["code"], item["place"], item["value"]) == (REFUSED.code, "photo 1", "a.jpg")
    assert item["history"][0]["field"] == "price.amount"
    assert item["history"][0]["after"] == "1"
    assert item["remedy"] in play.pos("quarantine", "show", name, as_json=False).out


@pytest.mark.parametrize("fate", ["refused", "waiting"])
def test_what_the_site_refused_goes_again(play: Play, fate: str) -> None:
    answer(play, "article", "1001", fate)
    assert play.pos("sync").last["changes"] == {}
    done = play.pos("quarantine", "retry", "article/1001").last
    assert (done["items"], done["again"], fates(play)) == (["article/1001"], 1, 0)
    assert play.pos("sync").last["changes"] == {"article": 1}
    assert play.pos("sync").last["changes"] == {}


def test_a_retry_is_no_change_in_the_history(play: Play) -> None:
    answer(play, "article", "1001", "refused")
    with state(play) as connection:
        before = len(connection.execute(select(STATE.history)).all())
    play.pos("quarantine", "retry", "1001")
    play.pos("sync")
    with state(play) as connection:
        assert len(connection.execute(select(STATE.history)).all()) == before


def test_an_ignored_refusal_is_counted_nowhere(play: Play) -> None:
    answer(play, "article", "1001", "refused")
    assert play.pos("sync").code == 3
    play.pos("quarantine", "ignore", "1001")
    assert play.pos("sync").code == 0
    assert play.pos("status").last["set_aside"] == {}
    assert play.pos("quarantine", "list").last["count"] == 0
    assert play.pos("quarantine", "list").last["ignored"] == 1
    play.pos("quarantine", "ignore", "1001", "--undo")
    assert play.pos("sync").code == 3


def test_an_ignored_row_comes_back_when_its_problem_changes(spoiled: Play) -> None:
    first = play_item(spoiled)
    name = f"{first['kind']}/{first['key']}"
    assert spoiled.pos("quarantine", "ignore", name).last["items"] == [name]
    assert spoiled.pos("sync").last["set_aside"] == len(WRONG_ROWS) - 1
    assert spoiled.pos("status").last["set_aside"] == {"withheld": len(WRONG_ROWS) - 1}
    assert spoiled.pos("quarantine", "show", name).last["ignored"] is True
    at_the_till(spoiled, "UPDATE ARTICLE SET PX_TTC = 'autre chose' WHERE ID_ART = 901")
    assert spoiled.pos("sync").last["set_aside"] == len(WRONG_ROWS)


def play_item(play: Play) -> dict[str, str]:
    items: list[dict[str, str]] = play.pos("quarantine", "list").last["items"]
    return next(one for one in items if (one["kind"], one["key"]) == ("article", "901"))


@pytest.mark.parametrize("act", ["show", "retry", "ignore"])
def test_a_name_that_is_nowhere_is_said(play: Play, act: str) -> None:
    assert play.pos("quarantine", act, "article/1001").codes == {"E-POS-039"}


def test_margins_are_written_though_purchase_prices_stay(play: Play, tmp_path: Path) -> None:
    file = tmp_path / "marges.csv"
    done = play.pos("report", "margins", "--csv", str(file)).last
    lines = file.read_text(encoding="utf-8-sig").splitlines()
    assert (len(lines) - 1, done["with_margin"]) == (done["lines"], done["lines"])
    said = play.pos("sync", "--dry-run", "--article", "1001", "--full").of("action")
    assert all("purchase_price" not in one["record"] for one in said)
    done_wrong = play.pos("report", "margins", "--csv", "/no/such/folder/m.csv")
    assert done_wrong.codes == {"E-POS-038"}


def test_the_site_answers_anew_what_is_sent_again(play: Play) -> None:
    at_the_till(play, "INSERT INTO TVA (COD_TVA, TX_TVA) VALUES (9, '8,5')")
    at_the_till(play, "UPDATE ARTICLE SET COD_TVA = 9 WHERE ID_ART = 1002")
    play.settle()
    assert play.pos("quarantine", "show", "article/1002").last["state"] == "refused"
    play.pos("quarantine", "retry", "article/1002")
    assert play.pos("sync").last["changes"] == {"article": 1}
    before = play.pos("status").last["counters"]["unanswered"]
    play.agent("sync")
    play.pos("sync")
    assert play.pos("status").last["counters"]["unanswered"] == before - 1
    assert play.pos("quarantine", "show", "article/1002").last["state"] == "refused"
