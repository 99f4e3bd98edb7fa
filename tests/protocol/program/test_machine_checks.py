"""What `doctor` and `status` say of this computer, the pairing and the link."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import update

from protocol.program.checks import Check, Level
from protocol.program.link_view import InView, LinkView, read_link
from protocol.program.link_words import link_lines, link_values
from protocol.program.machine_checks import (
    ENOUGH_BYTES,
    LEAST_BYTES,
    check_clock,
    check_link,
    check_machine,
    check_pairing,
)
from protocol.program.settings import StatePaths, StateSettings, state_paths
from protocol.records import Stock
from tests.protocol.sides import Clock, Pair, paired_keys


def paths_in(folder: Path) -> StatePaths:
    return state_paths(StateSettings(folder=folder), "shop-agent")


def seen(check: Check) -> tuple[str, Level, str]:
    return check.id, check.level, check.problem.code if check.problem else ""


@pytest.fixture
def pair() -> Iterator[Pair]:
    """Two sides that have spoken once."""
    made = Pair.new()
    made.pos.open_with(Stock(key="a:1", quantity=5, counted=()))
    made.shop.open_with()
    made.pos.sync()
    made.shop.sync()
    made.pos.sync()
    yield made
    made.close()


def view_of(pair: Pair) -> LinkView:
    with pair.shop.engine.connect() as connection:
        return read_link(connection, pair.shop.tables, "shop")


# --- computer --------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("free", "level"),
    [
        (ENOUGH_BYTES, Level.ok),
        (ENOUGH_BYTES - 1, Level.attention),
        (LEAST_BYTES - 1, Level.failed),
    ],
)
def test_room_is_judged(free: int, level: Level, tmp_path: Path) -> None:
    folder, room = check_machine(paths_in(tmp_path), lambda path: free)
    assert seen(folder) == ("M01", Level.ok, "")
    assert room.level is level
    assert list(tmp_path.iterdir()) == []  # the probe is gone


def test_a_folder_that_others_synchronise_is_to_be_known(tmp_path: Path) -> None:
    folder, _ = check_machine(paths_in(tmp_path / "OneDrive" / "comptoir"))
    assert seen(folder) == ("M01", Level.attention, "E-DOC-001")


def test_a_folder_that_is_gone_fails(tmp_path: Path) -> None:
    paths = paths_in(tmp_path / "here")
    paths.folder.rmdir()
    folder, _ = check_machine(paths, lambda path: ENOUGH_BYTES)
    assert seen(folder) == ("M01", Level.failed, "E-STA-005")


def test_clocks_may_differ_by_five_minutes() -> None:
    now = Clock()()
    assert check_clock("x", now + timedelta(minutes=5), now).level is Level.ok
    assert seen(check_clock("x", now - timedelta(minutes=6), now))[1:] == (
        Level.attention,
        "E-DOC-003",
    )


def test_pairing_is_judged_by_its_keys(tmp_path: Path) -> None:
    _, shop = paired_keys()
    paths = paths_in(tmp_path)
    assert seen(check_pairing(paths, None))[2] == "E-KEY-007"
    assert seen(check_pairing(paths, replace(shop, confirmed=False)))[2] == "E-KEY-002"
    well = check_pairing(paths, shop)
    assert well.facts["fingerprint"] == shop.fingerprint()


# --- link ------------------------------------------------------------------------------------


def test_positions_are_what_was_sent_taken_and_confirmed(pair: Pair) -> None:
    view = view_of(pair)
    incoming = {one.stream: one for one in view.incoming}
    assert (incoming["catalogue"].epoch, incoming["catalogue"].seq) == (1, 1)
    assert incoming["catalogue"].last_at == pair.clock.now
    assert incoming["media"] == InView("media", next_by=None)
    with pair.pos.engine.connect() as connection:
        catalogue = read_link(connection, pair.pos.tables, "pos").outgoing[0]
    assert (catalogue.stream, catalogue.seq, catalogue.acknowledged) == ("catalogue", 1, 1)
    answers = {one.stream: one for one in view.outgoing}["answers"]
    assert (answers.seq, answers.acknowledged) == (1, 0)  # a word without records needs no answer


def test_what_waits_is_counted(pair: Pair) -> None:
    pair.pos.queue(Stock(key="a:1", quantity=4, counted=()))
    with pair.pos.engine.connect() as connection:
        before = read_link(connection, pair.pos.tables, "pos")
    pair.pos.send()
    with pair.pos.engine.connect() as connection:
        after = read_link(connection, pair.pos.tables, "pos")
    assert (before.outgoing[0].queued, before.outgoing[0].packets) == (1, 0)
    assert (after.outgoing[0].queued, after.outgoing[0].packets) == (0, 1)


def test_the_other_side_is_late_only_when_we_looked(pair: Pair) -> None:
    view = view_of(pair)
    promised = view.next_by
    assert promised is not None
    later = promised + timedelta(minutes=6)
    assert not view.is_late(later, looked_at=promised)
    assert not view.is_late(later, looked_at=None)
    assert view.is_late(later, looked_at=later)
    assert [seen(c)[2] for c in check_link(view, later, later)] == ["", "E-DOC-004"]


def test_a_stopped_stream_fails_and_is_told(pair: Pair) -> None:
    table = pair.shop.tables.in_stream
    with pair.shop.engine.begin() as connection:
        stop = update(table).where(table.c.stream == "catalogue").values(stopped="E-LNK-011")
        connection.execute(stop)
    view = view_of(pair)
    checks = list(check_link(view, pair.clock.now, pair.clock.now))
    assert seen(checks[0]) == ("L01", Level.failed, "E-LNK-011")
    assert checks[0].exit_code == 6
    assert any("E-LNK-011" in line.fr for line in link_lines(view))
    assert link_values(view)["incoming"][0]["stopped"] == "E-LNK-011"


def test_a_damaged_packet_becomes_a_notice_with_its_count(pair: Pair) -> None:
    pair.pos.queue(Stock(key="a:1", quantity=4, counted=()))
    pair.pos.send()
    name = max(name for name in pair.place.files["pos"] if name.startswith("c-"))
    pair.place.damage("pos", name)
    pair.shop.receive()
    pair.shop.receive()
    view = view_of(pair)
    (notice,) = view.notices
    assert notice.times == 2
    (told,) = [c for c in check_link(view, pair.clock.now, pair.clock.now) if c.id == "L03"]
    assert seen(told) == ("L03", Level.attention, notice.problem.code)
    assert told.facts["times"] == "2"
    assert any(notice.problem.code in line.en for line in link_lines(view))
