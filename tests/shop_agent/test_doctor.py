"""What `doctor` finds amiss at the shop, in the state and in the exchange folder."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
import yaml

from shop_agent.prestashop.rights import NEEDED, missing
from tests.commands import Play, opened_play

WEAK = "R" * 32


@pytest.fixture
def play(tmp_path: Path) -> Iterator[Play]:
    """A stage before pairing."""
    with opened_play(tmp_path) as opened:
        yield opened


@pytest.fixture
def weak(tmp_path: Path) -> Iterator[Play]:
    """A stage whose key lacks two boxes of stock and all of photos."""
    rights: dict[str, set[str]] = {
        name: set(verbs) for name, verbs in NEEDED.items() if name != "images"
    }
    rights["stock_availables"] = {"GET"}
    with opened_play(tmp_path, key=WEAK) as opened:
        opened.shop.add_key(WEAK, rights)
        yield opened


def test_all_is_well_after_a_round(play: Play) -> None:
    play.pair()
    play.settle()
    done = play.agent("doctor")
    assert {line["state"] for line in done.of("check")} == {"ok"}
    assert (done.code, done.last["failed"], done.last["attention"]) == (0, 0, 0)
    assert len(done.of("check")) == done.last["ok"] > 10


def test_a_switch_without_effect_is_told_with_its_cause(play: Play) -> None:
    path = play.stage.exporter_file
    settings = yaml.safe_load(path.read_text(encoding="utf-8"))
    settings["policy"] = {"empty_combinations": "hide"}
    path.write_text(yaml.safe_dump(settings), encoding="utf-8")
    play.pair()
    play.settle()
    assert play.agent("doctor").check("W09")["state"] == "ok"
    sql = "UPDATE configurations SET value = '0' WHERE name = 'PS_STOCK_MANAGEMENT'"
    play.shop.execute(sql)
    found = play.agent("doctor").check("W09")
    assert (found["state"], found["code"]) == ("attention", "E-DSP-002")


def test_before_pairing_a_person_must_act(play: Play) -> None:
    done = play.agent("doctor")
    assert done.code == 6
    assert done.check("M08")["code"] == "E-KEY-007"
    assert done.check("A01")["code"] == "E-AGT-022"
    assert done.check("L02")["code"] == "E-DOC-005"
    assert done.check("F08")["state"] == "ok"


def test_each_missing_box_is_named(weak: Play) -> None:
    done = weak.agent("doctor")
    lacking = [line for line in done.of("check") if line["check"] == "W05"]
    assert {line["code"] for line in lacking} == {"E-SHOP-012"}
    boxes = {("images", verb) for verb in NEEDED["images"]} | {("stock_availables", "PATCH")}
    assert len(lacking) == len(boxes)
    for resource, verb in boxes:
        assert any(resource in one["remedy"] and verb in one["remedy"] for one in lacking)


def test_a_key_with_every_box_lacks_nothing() -> None:
    rights = {name: frozenset(verbs) for name, verbs in NEEDED.items()}
    assert missing(rights) == ()
    assert missing({**rights, "orders": frozenset()}) == (("orders", "GET"),)


def test_the_webservice_switched_off_is_said(play: Play) -> None:
    play.shop.execute("UPDATE configurations SET value = '0' WHERE name = 'PS_WEBSERVICE'")
    done = play.agent("doctor")
    assert done.check("W01")["code"] == "E-SHOP-010"
    assert not [line for line in done.of("check") if line["check"] == "W05"]


def test_a_refused_key_is_said(play: Play) -> None:
    play.shop.disable_key(play.shop.key)
    assert play.agent("doctor").check("W01")["code"] == "E-SHOP-011"


def test_a_shop_without_its_language_is_said(play: Play) -> None:
    play.shop.execute("UPDATE languages SET active = 0")
    assert play.agent("doctor").check("W06")["code"] == "E-ORD-003"


def test_a_clock_that_is_off_is_said(play: Play) -> None:
    wrong = datetime.now(UTC) - timedelta(hours=2)
    play.agent_wiring = replace(play.agent_wiring, clock=lambda: wrong)
    check = play.agent("doctor").check("M03")
    assert (check["state"], check["code"]) == ("attention", "E-DOC-003")


def test_a_folder_that_is_no_folder_is_said(play: Play, tmp_path: Path) -> None:
    (tmp_path / "packets").write_text("not a folder", encoding="utf-8")
    done = play.agent("doctor")
    assert done.check("F07")["state"] == "failed"
    assert done.check("F07")["code"].startswith("E-CHN-")
    assert not [line for line in done.of("check") if line["check"] == "F08"]


def test_the_round_trip_leaves_nothing_behind(play: Play, tmp_path: Path) -> None:
    play.agent("doctor")
    assert [path for path in (tmp_path / "packets").rglob("*") if path.is_file()] == []


def test_damaged_keys_are_fatal(play: Play) -> None:
    _, keys = play.stage.keys_files()
    keys.parent.mkdir(parents=True, exist_ok=True)
    keys.write_text("{}", encoding="utf-8")
    done = play.agent("doctor")
    assert (done.code, done.check("M08")["code"]) == (7, "E-KEY-003")


def test_a_database_that_is_none_is_fatal(play: Play) -> None:
    state = play.stage.folder / "agent" / "state.db"
    state.parent.mkdir(parents=True, exist_ok=True)
    state.write_bytes(b"no database at all" * 100)
    done = play.agent("doctor")
    assert (done.code, done.check("M09")["code"]) == (7, "E-STA-001")
