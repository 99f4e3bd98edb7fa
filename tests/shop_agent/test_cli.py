"""The agent's commands as a person, a script and a scheduler use them."""

import json
import os
import signal
import stat
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
import requests

from protocol.keys import load_keys
from protocol.program.lock import run_lock
from shop_agent.config import load_settings
from shop_agent.prestashop.rights import NEEDED
from tests.commands import KEY, Play, opened_play


@pytest.fixture
def play(tmp_path: Path) -> Iterator[Play]:
    """A stage before pairing."""
    with opened_play(tmp_path) as opened:
        yield opened


@pytest.fixture
def paired(play: Play) -> Play:
    """A paired stage whose till has spoken."""
    play.pair()
    play.pos("sync")
    return play


class Ticking:
    """A clock on which every look costs a minute."""

    def __init__(self) -> None:
        self.now = datetime(2026, 11, 24, 9, 0, tzinfo=UTC)

    def __call__(self) -> datetime:
        self.now += timedelta(minutes=1)
        return self.now


def writes(play: Play) -> list[str]:
    return [one.path for one in play.shop.requests() if one.method not in {"GET", "HEAD"}]


# --- pairing ---------------------------------------------------------------------------------


def test_nothing_runs_before_pairing(play: Play) -> None:
    done = play.agent("sync")
    assert done.code == 6
    assert done.codes == {"E-KEY-007"}
    assert play.shop.requests() == []


def test_both_ends_show_one_fingerprint(play: Play) -> None:
    ours = play.pos("pair").last
    assert ours["fingerprint"] is None
    theirs = play.agent("pair", ours["line"]).last
    again = play.pos("pair", theirs["line"]).last
    assert theirs["fingerprint"] == again["fingerprint"]
    assert len(theirs["fingerprint"].split()) == 8
    assert not theirs["confirmed"]


def test_a_person_says_yes_or_no(play: Play) -> None:
    line = play.pos("pair").last["line"]
    refused = play.agent("pair", line, typed="non\n", as_json=False)
    assert refused.code == 6
    assert "E-KEY-008" in refused.err
    _, keys_file = play.stage.keys_files()
    before = load_keys(keys_file)
    assert before is not None
    assert not before.confirmed
    said = play.agent("pair", typed="oui\n", as_json=False)
    assert said.code == 0
    assert before.fingerprint() in said.out
    assert play.agent("pair").last["confirmed"]


def test_a_wrong_fingerprint_confirms_nothing(play: Play) -> None:
    play.agent("pair", play.pos("pair").last["line"])
    done = play.agent("pair", "--yes-fingerprint", "AAAA " * 8)
    assert (done.code, done.codes) == (6, {"E-KEY-004"})
    assert not play.agent("pair").last["confirmed"]


def test_a_fingerprint_without_the_other_line_is_no_pairing(play: Play) -> None:
    done = play.agent("pair", "--yes-fingerprint", "AAAA " * 8)
    assert (done.code, done.codes) == (6, {"E-KEY-002"})


def test_a_damaged_line_is_a_usage_error(play: Play) -> None:
    line = play.pos("pair").last["line"]
    done = play.agent("pair", line[:-1])
    assert (done.code, done.codes) == (2, {"E-KEY-001"})


def test_pairing_may_set_the_baseline(play: Play) -> None:
    play.pair(baseline="none")
    assert play.agent("status").last["has_baseline"]
    assert play.shop.requests() == []  # `none` asks the shop nothing


# --- passes ----------------------------------------------------------------------------------


def test_the_first_load_asks_once_and_is_recorded(paired: Play) -> None:
    asked = paired.agent("sync")
    assert (asked.code, {one["code"] for one in asked.of("item_error")}) == (6, {"E-AGT-020"})
    [held] = asked.of("held_class")
    assert (held["key"], held["count"], held["of"]) == ("first-load", 4, 4)
    assert (asked.last["written"], writes(paired)) == ({}, [])
    assert paired.agent("status").last["held"][0]["count"] == 4
    paired.shop.clear_requests()
    assert paired.agent("sync").code == 6
    assert len(paired.shop.requests()) < 10  # nobody said yes: nothing is planned again
    done = paired.agent("sync", "--accept", "first-load")
    assert done.code == 0
    assert done.last["written"]["products"]["created"] == 4
    paired.pos("sync")
    paired.agent("sync")
    quiet = paired.agent("sync")
    assert (quiet.code, quiet.last["written"]) == (0, {})
    runs = paired.agent("runs").of("run")
    assert [run["exit_code"] for run in runs] == [0, 0, 0, 6, 6]
    assert runs[-1]["summary"]["classes"] == {"first-load": {"count": 4, "of": 4}}
    assert runs[-3]["summary"]["written"] == done.last["written"]


def test_a_lock_of_the_sites_settings_is_shown_and_obeyed(paired: Play) -> None:
    path = paired.stage.agent_file
    lock = "policy: {mode: observe, pilot: {articles: [1001]}}\n"
    path.write_text(path.read_text(encoding="utf-8") + lock, encoding="utf-8")
    done = paired.agent("sync")
    assert (done.code, done.last["mode"], done.last["written"]) == (0, "observe", {})
    assert done.last["planned"]["products"]["created"] == 4
    assert writes(paired) == []
    status = paired.agent("status").last
    assert (status["mode"], status["pilot"], status["locked"]) == (
        "observe", True, ["mode", "pilot"],
    )  # fmt: skip


def test_a_lock_that_would_widen_is_a_mistake(paired: Play) -> None:
    path = paired.stage.agent_file
    lock = "policy: {new_articles: live}\n"
    path.write_text(path.read_text(encoding="utf-8") + lock, encoding="utf-8")
    assert paired.agent("status").code == 2


def test_the_sentence_is_in_the_language_asked_for(paired: Play) -> None:
    paired.settle()
    fr = paired.agent("sync", as_json=False).out
    en = paired.agent("sync", "--lang", "en", as_json=False).out
    assert fr.strip() == "Rien à faire : le site est à jour"
    assert en.strip() == "Nothing to do: the site is up to date"


def test_a_trial_shows_and_writes_nothing(paired: Play) -> None:
    paired.shop.clear_requests()
    tried = paired.agent("sync", "--dry-run")
    assert tried.code == 0
    assert tried.last["dry_run"]
    assert tried.last["written"]["products"]["created"] == 4
    assert len(tried.of("action")) > 4
    assert writes(paired) == []
    assert paired.agent("runs").of("run") == []


def test_a_used_up_budget_is_8_and_mild_for_cron(paired: Play) -> None:
    paired.agent_wiring = replace(paired.agent_wiring, clock=Ticking())
    arguments = ("sync", "--accept", "first-load", "--max-runtime", "1m")
    done = paired.agent(*arguments)
    assert (done.code, done.last["more_to_do"]) == (8, True)
    assert paired.agent(*arguments, "--cron").code == 0
    assert paired.agent("runs").of("run")[0]["exit_code"] == 8  # the record is not mild


def test_stock_alone_leaves_the_catalogue(paired: Play) -> None:
    done = paired.agent("sync", "--only", "stock")
    assert (done.code, done.last["written"]) == (0, {})
    assert writes(paired) == []


def test_one_run_at_a_time(paired: Play) -> None:
    folder = paired.stage.folder / "agent"
    with run_lock(folder, command="shop-agent sync", now=datetime(2026, 11, 24, tzinfo=UTC)):
        held = paired.agent("sync")
        mild = paired.agent("sync", "--cron")
        pairing = paired.agent("pair", "--renew")
    assert (held.code, held.codes) == (4, {"E-RUN-001"})
    assert mild.code == 0
    assert pairing.code == 4


def test_a_refused_record_is_told_kept_and_listed(paired: Play) -> None:
    paired.shop.execute("UPDATE tax_rule_groups SET active = 0")
    done = paired.agent("sync", "--accept", "first-load")
    assert done.code == 3
    told = done.of("item_error")
    assert {one["code"] for one in told} == {"E-AGT-002"}
    listed = paired.agent("quarantine", "list").last
    refused = [one for one in listed["items"] if one["state"] == "refused"]
    assert len(refused) == len(told) == done.last["set_aside"]
    assert all(one["what"] and one["remedy"] and one["place"] for one in refused)
    assert paired.agent("status").last["set_aside"]["refused"] == len(told)
    assert paired.agent("doctor").check("W06")["code"] == "E-AGT-002"
    last = str(paired.agent("runs").of("run")[0]["id"])
    assert "E-AGT-002" in paired.agent("runs", last, as_json=False).out


def test_an_unreachable_shop_is_for_later(paired: Play) -> None:
    text = paired.stage.agent_file.read_text(encoding="utf-8")
    url = load_settings(paired.stage.agent_file, paired.environment).shop.url
    paired.stage.agent_file.write_text(text.replace(url, "http://127.0.0.1:1"), encoding="utf-8")
    paired.agent_wiring = replace(paired.agent_wiring, open_session=requests.Session)
    done = paired.agent("sync")
    assert (done.code, done.codes) == (5, {"E-SHOP-001"})
    assert paired.agent("doctor").check("W01")["code"] == "E-SHOP-001"


def test_what_nobody_foresaw_is_1_and_its_log_keeps_the_secret(paired: Play) -> None:
    def broken() -> requests.Session:
        raise ZeroDivisionError(f"by {KEY}")

    paired.agent_wiring = replace(paired.agent_wiring, open_session=broken)
    done = paired.agent("sync")
    assert (done.code, done.codes) == (1, {"E-RUN-000"})
    assert KEY not in done.out + done.err
    logs = sorted((paired.stage.folder / "agent" / "logs").glob("*.jsonl"))
    text = logs[-1].read_text(encoding="utf-8")
    assert "ZeroDivisionError" in text
    assert KEY not in text
    assert paired.agent("runs").of("run")[0]["exit_code"] == 1


def test_every_question_to_the_shop_is_a_right_that_doctor_names(paired: Play) -> None:
    paired.settle()
    paired.shop.place_order("zoe@example.com", [(1, 1, 1)])
    paired.agent("sync", "--full")
    asked = {
        (one.path.removeprefix("/api/").split("?")[0].split("/")[0], one.method)
        for one in paired.shop.requests()
    }
    assert ("orders", "GET") in asked
    assert not {one for one in asked if one[0] and one[1] not in NEEDED.get(one[0], ())}


# --- what is told ----------------------------------------------------------------------------


def test_status_tells_positions_and_acknowledgements(paired: Play) -> None:
    paired.settle()
    status = paired.agent("status").last
    incoming = {one["stream"]: one for one in status["link"]["incoming"]}
    outgoing = {one["stream"]: one for one in status["link"]["outgoing"]}
    assert incoming["catalogue"]["epoch"] == 1
    assert incoming["catalogue"]["seq"] >= 1
    assert incoming["catalogue"]["stopped"] is None
    assert 0 < outgoing["answers"]["acknowledged"] <= outgoing["answers"]["seq"]
    assert status["last_run"]["exit_code"] == 0
    assert not status["late"]
    assert status["link"]["notices"] == []


def test_a_replayed_packet_is_told_in_status(paired: Play) -> None:
    folder = paired.stage.folder.parent / "packets" / "v1" / "pos"
    old = next(folder.glob("c-*.pkt"))
    kept = old.read_bytes()
    paired.settle()
    old.unlink(missing_ok=True)
    paired.agent("sync")
    old.write_bytes(kept)
    paired.agent("sync")
    status = paired.agent("status").last
    assert [one["code"] for one in status["link"]["notices"]] == ["E-LNK-010"]
    assert "E-LNK-010" in paired.agent("status", as_json=False).out
    assert paired.agent("doctor").check("L03")["code"] == "E-LNK-010"


def test_a_till_that_broke_its_promise_is_late(paired: Play) -> None:
    paired.settle()
    later = datetime.now(UTC) + timedelta(hours=3)
    paired.agent_wiring = replace(paired.agent_wiring, clock=lambda: later)
    assert not paired.agent("status").last["late"]  # we did not look since
    paired.agent("sync")
    assert paired.agent("status").last["late"]
    assert paired.agent("doctor").check("L02")["code"] == "E-DOC-004"


def test_an_unknown_run_is_a_usage_error(play: Play) -> None:
    done = play.agent("runs", "99")
    assert (done.code, done.codes) == (2, {"E-RUN-003"})


def test_settings_mistakes_are_all_told(play: Play) -> None:
    play.stage.agent_file.write_text("language: de\nshop: {}\n", encoding="utf-8")
    done = play.agent("status")
    assert done.code == 2
    assert done.codes == {"E-CFG-010", "E-CFG-013"}


@pytest.mark.parametrize(
    "arguments",
    [("sync", "--only", "photos"), ("sync", "--max-runtime", "soon"), ("run", "--every", "0m"),
     ("baseline", "some"), ("dance",)],
)  # fmt: skip
def test_options_that_make_no_sense_are_usage_errors(
    play: Play, arguments: tuple[str, ...]
) -> None:
    assert play.agent(*arguments, as_json=False).code == 2


# --- robot -----------------------------------------------------------------------------------


def test_the_robot_survives_an_error_and_stops_when_told(paired: Play) -> None:
    paired.shop.fail_next("html")
    command = [sys.executable, "-m", "shop_agent", "run", "--every", "1s", "--json", "-c",
               str(paired.stage.agent_file)]  # fmt: skip
    environment = {**os.environ, **paired.environment}
    with subprocess.Popen(
        command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True, env=environment
    ) as robot:
        assert robot.stdout is not None
        ends: list[int] = []
        while len(ends) < 3:
            line = json.loads(robot.stdout.readline())
            ends += [line["exit_code"]] if line["type"] in {"error", "summary"} else []
        robot.send_signal(signal.SIGTERM)
        assert robot.wait(timeout=60) == 0
    assert ends[0] == 5
    assert set(ends[1:]) == {6}  # the first load waits for a person, and the robot goes on


# --- init ------------------------------------------------------------------------------------

ANSWERS = ("--shop-url", "https://shop.example", "--shop-key", "${SHOP_KEY}", "--ftp-host",
           "ftp.example", "--ftp-user", "clara", "--ftp-password", "p${w}d: \"x\"")  # fmt: skip


def test_init_writes_what_it_was_told(play: Play, tmp_path: Path) -> None:
    play.stage.agent_file.unlink()
    done = play.agent("init", *ANSWERS, "--state", str(tmp_path / "here"))
    assert done.code == 0
    settings = load_settings(play.stage.agent_file, {"SHOP_KEY": KEY})
    assert settings.channel.ftp is not None
    assert settings.channel.ftp.password.get_secret_value() == 'p${w}d: "x"'
    assert settings.channel.ftp.root == done.last["root"]
    assert settings.shop.key.get_secret_value() == KEY
    assert settings.state.folder == tmp_path / "here"
    if sys.platform != "win32":
        assert stat.S_IMODE(play.stage.agent_file.stat().st_mode) == 0o600


def test_init_draws_another_root_each_time(play: Play) -> None:
    roots = {play.agent("init", *ANSWERS, "--force").last["root"] for _ in range(2)}
    assert len(roots) == 2


def test_init_never_replaces_unasked(play: Play) -> None:
    before = play.stage.agent_file.read_text(encoding="utf-8")
    done = play.agent("init", *ANSWERS)
    assert (done.code, done.codes) == (2, {"E-CFG-031"})
    assert play.agent("init", *ANSWERS, "--force").code == 0
    kept = play.stage.agent_file.with_name("shop-agent.yaml.bak")
    assert kept.read_text(encoding="utf-8") == before


def test_init_asks_what_is_missing(play: Play) -> None:
    typed = "ftp.example\nclara\n\nhttps://shop.example\n\n"
    done = play.agent("init", "--force", typed=typed, as_json=False)
    assert done.code == 0
    settings = load_settings(
        play.stage.agent_file, {"SHOP_KEY": KEY, "FTP_PASSWORD": "from the environment"}
    )
    assert settings.channel.ftp is not None
    assert settings.channel.ftp.password.get_secret_value() == "from the environment"
    assert settings.shop.url == "https://shop.example"


def test_init_without_anybody_there_says_what_is_missing(play: Play) -> None:
    done = play.agent("init", "--force", "--ftp-host", "ftp.example")
    assert (done.code, done.codes) == (2, {"E-CFG-030"})


def test_init_checks_before_it_writes(play: Play) -> None:
    before = play.stage.agent_file.read_text(encoding="utf-8")
    done = play.agent("init", *ANSWERS, "--root", "../up", "--force")
    assert (done.code, done.codes) == (2, {"E-CHN-008"})
    assert play.stage.agent_file.read_text(encoding="utf-8") == before


def test_init_with_a_folder_needs_no_server(play: Play, tmp_path: Path) -> None:
    answers = ("--folder", str(tmp_path / "shared"), "--shop-url", "https://s.example")
    done = play.agent("init", "--force", *answers, "--shop-key", KEY)
    assert (done.code, done.last["root"]) == (0, None)
    settings = load_settings(play.stage.agent_file, {})
    assert settings.channel.folder is not None
    assert settings.channel.folder.path == tmp_path / "shared"
