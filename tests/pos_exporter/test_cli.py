"""The exporter's commands as a person, a script and a scheduler use them."""

import json
import os
import signal
import sqlite3
import subprocess
import sys
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import replace
from datetime import UTC, datetime
from functools import partial
from pathlib import Path

import pytest
import requests

from demo.till import WRONG_ROWS, build_till
from pos_exporter.config import load_settings
from protocol.errors import Text
from protocol.program.lock import run_lock
from tests.commands import Play, opened_play


@pytest.fixture
def play(tmp_path: Path) -> Iterator[Play]:
    """A paired stage."""
    with opened_play(tmp_path) as opened:
        opened.pair()
        yield opened


@pytest.fixture
def spoiled(tmp_path: Path) -> Iterator[Play]:
    """A paired stage whose till has twelve wrong rows."""
    make = partial(build_till, models=14)
    with opened_play(tmp_path, make_till=make) as opened:
        opened.pair()
        yield opened


def at_the_till(play: Play, sql: str) -> None:
    with closing(sqlite3.connect(play.stage.till_path)) as till:
        till.execute(sql)
        till.commit()


def packets(play: Play) -> list[Path]:
    return sorted((play.stage.folder.parent / "packets").rglob("c-*.pkt"))


# --- runs ------------------------------------------------------------------------------------


def test_nothing_runs_before_pairing(tmp_path: Path) -> None:
    with opened_play(tmp_path) as opened:
        done = opened.pos("sync")
        assert (done.code, done.codes) == (6, {"E-KEY-007"})


def test_a_first_run_says_everything_and_a_second_nothing(play: Play) -> None:
    first, second = play.pos("sync"), play.pos("sync")
    assert (first.code, first.last["snapshot"]) == (0, True)
    assert first.last["changes"]["article"] == 4
    assert first.last["packets"]["uploaded"] >= 1
    assert (second.code, second.last["changes"]) == (0, {})
    runs = play.pos("runs").of("run")
    assert [run["exit_code"] for run in runs] == [0, 0]
    assert runs[1]["summary"]["changes"] == first.last["changes"]
    assert play.pos("runs", "1").of("run")[0]["id"] == 1


def test_only_what_changed_travels(play: Play) -> None:
    play.pos("sync")
    at_the_till(play, "UPDATE ARTICLE SET LIB = 'Autre nom' WHERE ID_ART = 1001")
    done = play.pos("sync")
    assert done.last["changes"] == {"article": 1}
    assert play.pos("sync", "--full").last["changes"]["article"] == 4


def test_stock_alone(play: Play) -> None:
    play.pos("sync")
    at_the_till(play, "UPDATE ARTICLE SET LIB = 'Autre nom' WHERE ID_ART = 1001")
    assert play.pos("sync", "--only", "stock").last["changes"] == {}
    assert play.pos("sync").last["changes"] == {"article": 1}


def test_a_trial_shows_and_sends_nothing(play: Play) -> None:
    done = play.pos("sync", "--dry-run")
    assert (done.code, done.last["dry_run"]) == (0, True)
    assert len(done.of("action")) == sum(done.last["changes"].values())
    assert packets(play) == []
    assert play.pos("runs").of("run") == []


def test_wrong_rows_are_told_once_counted_always_and_listed(spoiled: Play) -> None:
    first = spoiled.pos("sync")
    assert (first.code, first.last["set_aside"]) == (3, len(WRONG_ROWS))
    assert len(first.of("item_error")) == len(WRONG_ROWS)
    listed = spoiled.pos("quarantine", "list").last["items"]
    assert {one["code"] for one in listed} == {one["code"] for one in first.of("item_error")}
    assert len(listed) == len(WRONG_ROWS)
    assert all(one["place"] and one["what"] and one["remedy"] and one["label"] for one in listed)
    assert spoiled.pos("sync", "--cron").code == 0
    assert spoiled.pos("status").last["set_aside"] == {"withheld": len(WRONG_ROWS)}


def test_a_mended_row_goes_and_leaves_the_list(spoiled: Play) -> None:
    spoiled.pos("sync")
    at_the_till(spoiled, "UPDATE ARTICLE SET PX_TTC = '40,90' WHERE ID_ART = 901")
    done = spoiled.pos("sync")
    assert done.last["changes"]["article"] == 1
    items = spoiled.pos("quarantine", "list").last["items"]
    assert "901" not in {one["key"] for one in items if one["kind"] == "article"}


def test_the_list_is_in_the_language_asked_for(spoiled: Play) -> None:
    spoiled.pos("sync")
    fr = spoiled.pos("quarantine", "list").last["items"]
    en = spoiled.pos("quarantine", "list", "--lang", "en").last["items"]
    assert [one["code"] for one in fr] == [one["code"] for one in en]
    assert all(a["what"] != b["what"] for a, b in zip(fr, en, strict=True))


def test_a_shrunken_read_asks_a_person(play: Play) -> None:
    play.pos("sync")
    at_the_till(play, "UPDATE ARTICLE SET INTERNET = 'N' WHERE ID_ART > 1001")
    sent = packets(play)
    done = play.pos("sync")
    assert (done.code, done.codes) == (6, {"E-POS-020"})
    assert packets(play) == sent
    status = play.pos("status").last
    assert (status["state"], status["why"]) == ("action_required", "person")
    assert play.pos("sync", "--accept", "shrunken-read").code == 0


def test_one_run_at_a_time(play: Play) -> None:
    folder = play.stage.folder / "exporter"
    with run_lock(folder, command="pos-exporter sync", now=datetime(2026, 11, 24, tzinfo=UTC)):
        assert play.pos("sync").codes == {"E-RUN-001"}
        assert play.pos("sync", "--cron").code == 0


def test_commits_are_told_to_the_wiring(play: Play) -> None:
    told: list[str] = []
    play.pos_wiring = replace(play.pos_wiring, commit_listeners=[told.append])
    play.pos("sync")
    assert told.count("before commit") == told.count("after commit") > 3


def test_secrets_stay_out_of_the_log(play: Play) -> None:
    def broken(*_: object) -> None:
        raise ZeroDivisionError(play.environment["TILL_URL"])

    play.pos_wiring = replace(play.pos_wiring, open_channel=broken)  # type: ignore[arg-type]  # it never returns
    done = play.pos("sync")
    assert (done.code, done.codes) == (1, {"E-RUN-000"})
    logs = sorted((play.stage.folder / "exporter" / "logs").glob("*.jsonl"))
    text = logs[-1].read_text(encoding="utf-8")
    assert "ZeroDivisionError" in text
    assert play.environment["TILL_URL"] not in text


# --- what is told ----------------------------------------------------------------------------


def test_status_tells_the_page_s_word_and_the_positions(play: Play) -> None:
    assert play.pos("status").last["state"] == "never_ran"
    play.settle()
    status = play.pos("status").last
    assert (status["state"], status["why"]) == ("up_to_date", "ok")
    outgoing = {one["stream"]: one for one in status["link"]["outgoing"]}
    assert outgoing["catalogue"]["acknowledged"] == outgoing["catalogue"]["seq"] > 0
    assert status["counters"]["said"]["article"] == 4
    assert play.pos("status", as_json=False).out


def test_a_pause_of_stock_is_told_until_it_is_over(play: Play) -> None:
    play.settle()
    assert play.pos("pause", "stock").codes == {"E-POS-041"}
    assert play.pos("pause", "stock", "--until", "9:00", "--off").code == 2
    assert play.pos("pause", "stock", "--until", "hier").codes == {"E-POS-040"}
    until = play.pos("pause", "stock", "--until", "2199-01-01").last["stock_paused_until"]
    at_the_till(play, "UPDATE STOCK SET QTE = QTE + 1 WHERE ID_DECL = 100101")
    done = play.pos("sync").last
    assert (done["stock_paused_until"], done["changes"].get("stock", 0)) == (until, 0)
    assert play.pos("status").last["stock_paused_until"] == until
    assert play.pos("pause", "stock", "--off").last["stock_paused_until"] is None
    assert play.pos("sync", "--only", "stock").last["changes"] == {"stock": 1}
    assert play.pos("status").last["stock_paused_until"] is None


def test_a_row_of_the_till_has_no_braces_that_break_a_sentence(play: Play) -> None:
    at_the_till(play, "UPDATE ARTICLE SET LIB = 'Derby {x} <y>' WHERE ID_ART = 1001")
    done = play.pos("sync", as_json=False)
    assert done.code == 3
    assert "{x}" in done.out


# --- doctor ----------------------------------------------------------------------------------


def test_all_is_well_after_a_round(play: Play) -> None:
    play.settle()
    done = play.pos("doctor")
    assert (done.code, {line["state"] for line in done.of("check")}) == (0, {"ok"})
    assert {"T02", "T03", "T04", "T05", "T06"} <= {line["check"] for line in done.of("check")}


def test_a_till_that_is_not_there_is_said(play: Play) -> None:
    environment = {**play.environment, "TILL_URL": "sqlite:////no/such/till.sqlite"}
    play.pos_wiring = replace(play.pos_wiring, environment=environment)
    done = play.pos("doctor")
    assert (done.code, done.check("T02")["code"]) == (5, "E-TILL-001")
    assert play.pos("sync").codes == {"E-TILL-001"}


def test_a_column_that_the_till_lacks_is_named(play: Play) -> None:
    mapping = play.stage.folder / "mapping.yaml"
    text = mapping.read_text(encoding="utf-8")
    mapping.write_text(text.replace("LIB", "LIBELLE_LONG"), encoding="utf-8")
    done = play.pos("doctor")
    assert done.code == 2
    assert done.check("T05")["state"] == "failed"


def test_a_mapping_with_mistakes_is_told_line_by_line(play: Play) -> None:
    mapping = play.stage.folder / "mapping.yaml"
    mapping.write_text("mapping_version: '1'\ntill: {}\n", encoding="utf-8")
    done = play.pos("doctor")
    assert done.code == 2
    assert done.check("T04")["place"].startswith(str(mapping))
    assert play.pos("sync").code == 2


def test_a_till_that_takes_no_orders_is_to_be_known(play: Play) -> None:
    text = play.stage.exporter_file.read_text(encoding="utf-8")
    without = "\n".join(line for line in text.splitlines() if "write_url" not in line)
    play.stage.exporter_file.write_text(without, encoding="utf-8")
    check = play.pos("doctor").check("T06")
    assert (check["state"], check["code"]) == ("attention", "E-DOC-031")


def test_that_purchase_prices_leave_the_shop_is_to_be_known(play: Play) -> None:
    assert all(line["check"] != "T07" for line in play.pos("doctor").of("check"))
    mapping = play.stage.folder / "mapping.yaml"
    text = mapping.read_text(encoding="utf-8")
    mapping.write_text(
        text.replace("send_purchase_price: false", "send_purchase_price: true"), encoding="utf-8"
    )
    check = play.pos("doctor").check("T07")
    assert (check["state"], check["code"]) == ("attention", "E-MAP-020")


# --- robot and page --------------------------------------------------------------------------


@contextmanager
def started(play: Play, *arguments: str) -> Iterator["subprocess.Popen[str]"]:
    """Give a command of its own process; it is gone afterwards, whatever happens."""
    command = [sys.executable, "-m", "pos_exporter", *arguments, "--json", "-c",
               str(play.stage.exporter_file)]  # fmt: skip
    with subprocess.Popen(
        command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True,
        env={**os.environ, **play.environment},
    ) as process:  # fmt: skip
        try:
            yield process
        finally:
            process.kill()


def test_the_robot_runs_and_stops_when_told(play: Play) -> None:
    with started(play, "run", "--every", "1s") as robot:
        assert robot.stdout is not None
        summaries = (line for line in robot.stdout if json.loads(line)["type"] == "summary")
        assert next(summaries)
        assert next(summaries)
        robot.send_signal(signal.SIGTERM)
        assert robot.wait(timeout=60) == 0
    assert len(play.pos("runs").of("run")) >= 2


def test_the_page_is_served_until_told_to_stop(play: Play) -> None:
    with started(play, "serve", "--port", "0") as server:
        assert server.stdout is not None
        told = json.loads(server.stdout.readline())
        with requests.Session() as browser:
            answer = browser.get(told["url"], timeout=30)
        assert answer.status_code == 200
        assert "Synchroniser" in answer.text
        server.send_signal(signal.SIGTERM)
        assert server.wait(timeout=60) in {0, 130}


# --- init ------------------------------------------------------------------------------------

TILL = ("--till-url", "${TILL_URL}", "--write-url", "", "--mapping", "mapping.yaml")
SERVER = ("--ftp-host", "ftp.example", "--ftp-user", "clara", "--ftp-password", "secret")
ANSWERS = (*TILL, *SERVER)


def test_init_writes_what_it_was_told(play: Play) -> None:
    done = play.pos("init", "--force", *ANSWERS)
    assert done.code == 0
    settings = load_settings(play.stage.exporter_file, play.environment)
    assert settings.till.url.get_secret_value() == play.environment["TILL_URL"]
    assert settings.till.mapping == play.stage.folder / "mapping.yaml"
    assert settings.till.write_url is None
    assert settings.channel.ftp is not None
    assert settings.channel.ftp.root == done.last["root"]


def test_both_ends_agree_on_the_root(play: Play) -> None:
    root = play.pos("init", "--force", *ANSWERS).last["root"]
    theirs = play.agent(
        "init", "--force", "--root", root, "--ftp-host", "ftp.example", "--ftp-user", "clara",
        "--ftp-password", "secret", "--shop-url", "https://s.example", "--shop-key", "K" * 32,
    )  # fmt: skip
    assert theirs.last["root"] == root


def test_init_asks_what_is_missing(play: Play) -> None:
    typed = "ftp.example\nclara\nsecret\n\n\n${TILL_WRITE_URL}\n"
    assert play.pos("init", "--force", typed=typed, as_json=False).code == 0
    environment = {**play.environment, "TILL_WRITE_URL": "sqlite:///w.db"}
    settings = load_settings(play.stage.exporter_file, environment)
    assert settings.till.write_url is not None
    assert settings.till.write_url.get_secret_value() == "sqlite:///w.db"
    assert settings.till.url.get_secret_value() == play.environment["TILL_URL"]


@pytest.mark.parametrize("lang", ["fr", "en"])
def test_the_file_has_comments_in_the_language_asked_for(play: Play, lang: str) -> None:
    play.pos("init", "--force", "--lang", lang, *ANSWERS)
    text = play.stage.exporter_file.read_text(encoding="utf-8")
    title = Text("côté de la caisse", "till's side")
    assert (title.fr if lang == "fr" else title.en) in text
    assert f"language: {lang}" in text
