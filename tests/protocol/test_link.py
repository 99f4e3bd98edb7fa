"""The link: in order, once, and nothing on the word of a replayed past."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from protocol.keys import new_keys, parse_pairing_line
from protocol.link.outbox import Limits
from protocol.manifest import ZERO_HASH, Opening
from protocol.packet import Header, build_packet, packet_name
from protocol.records import Brand, Customer, SnapshotEnd, Stock, Wants
from tests.protocol.sides import Pair, copy_of

SOMEBODY = Customer(key="shop/1", shop_id=1, email="camille@example.fr")


@pytest.fixture
def pair() -> Iterator[Pair]:
    made = Pair.new()
    yield made
    made.close()


def brand(key: str, name: str = "Marque") -> Brand:
    return Brand(key=key, name=name)


def opened(pair: Pair, *keys: str) -> None:
    """Bring a first snapshot of brands over and acknowledge it."""
    pair.pos.open_with(*(brand(key) for key in keys), SnapshotEnd(key="s", scope=("brand",)))
    pair.pos.sync()
    pair.shop.sync()
    pair.pos.sync()
    pair.shop.received.clear()


def test_a_snapshot_arrives_as_a_set_whatever_its_parts() -> None:
    pair = Pair.new(Limits(records=2))
    pair.pos.open_with(*(brand(str(n)) for n in range(5)), SnapshotEnd(key="s", scope=("brand",)))
    pair.pos.sync()
    assert len(pair.place.files["pos"]) == 3
    hidden = sorted(pair.place.files["pos"])[1]
    content = pair.place.files["pos"].pop(hidden)
    pair.shop.sync()
    assert pair.shop.received == []
    pair.place.files["pos"][hidden] = content
    pair.shop.sync()
    (delivery,) = pair.shop.received
    assert delivery.snapshot
    assert [line.key for line in delivery.lines] == ["0", "1", "2", "3", "4", "s"]
    pair.close()


def test_a_delta_is_taken_once_and_cleaned_after_its_acknowledgement(pair: Pair) -> None:
    opened(pair, "1")
    pair.pos.queue(brand("2"))
    pair.pos.sync()
    pair.pos.queue(brand("3"))
    pair.pos.sync()
    pair.shop.sync()
    pair.shop.sync()
    assert [record.key for record in pair.shop.records()] == ["2", "3"]
    assert len(pair.place.files["pos"]) == 2
    pair.pos.sync()
    catalogue = [name for name in pair.place.files["pos"] if name.startswith("c-")]
    assert len(catalogue) == 1  # the newest of a stream always stays


def test_a_waiting_record_is_replaced_by_a_newer_one(pair: Pair) -> None:
    opened(pair, "1")
    pair.pos.queue(brand("2", "first"))
    pair.pos.queue(brand("2", "second"))
    pair.pos.sync()
    pair.shop.sync()
    assert [getattr(record, "name", None) for record in pair.shop.records()] == ["second"]


def test_nothing_to_say_writes_nothing_until_the_promise_falls_due(pair: Pair) -> None:
    opened(pair, "1")
    for _ in range(2):
        pair.pos.sync()
        pair.shop.sync()
    before = {side: dict(files) for side, files in pair.place.files.items()}
    for _ in range(5):
        pair.pos.sync()
        pair.shop.sync()
    assert pair.place.files == before
    pair.clock.pass_time(minutes=55)
    pair.pos.sync()
    assert pair.place.files["pos"] != before["pos"]


def test_a_vanished_packet_goes_up_again_byte_for_byte(pair: Pair) -> None:
    opened(pair, "1")
    pair.pos.queue(brand("2"))
    pair.pos.sync()
    (name,) = [n for n in pair.place.files["pos"] if n.startswith("c-") and "000000000002" in n]
    content = pair.place.files["pos"].pop(name)
    pair.pos.sync()
    assert pair.place.files["pos"][name] == content


def test_a_gap_waits_and_heals(pair: Pair) -> None:
    opened(pair, "1")
    pair.pos.queue(brand("2"))
    pair.pos.sync()
    pair.pos.queue(brand("3"))
    pair.pos.sync()
    first = sorted(n for n in pair.place.files["pos"] if n.startswith("c-"))[-2]
    content = pair.place.files["pos"].pop(first)
    pair.shop.sync()
    assert pair.shop.records() == []
    pair.place.files["pos"][first] = content
    pair.shop.sync()
    assert [record.key for record in pair.shop.records()] == ["2", "3"]


def test_a_damaged_packet_is_asked_for_again_after_three_polls(pair: Pair) -> None:
    opened(pair, "1")
    pair.pos.queue(brand("2"))
    pair.pos.sync()
    name = sorted(n for n in pair.place.files["pos"] if n.startswith("c-"))[-1]
    good = pair.place.files["pos"][name]
    pair.place.files["pos"][name] = good[:-1] + bytes([good[-1] ^ 1])
    for _ in range(3):
        pair.shop.sync()
    assert pair.shop.records() == []
    assert "E-PKT-006" in pair.shop.codes()
    pair.pos.sync()
    assert pair.place.files["pos"][name] == good
    pair.shop.sync()
    assert [record.key for record in pair.shop.records()] == ["2"]


@pytest.mark.parametrize("offset", [0, 8, 10, 40, 200, -200, -1])
def test_any_changed_byte_is_refused_and_moves_nothing(pair: Pair, offset: int) -> None:
    opened(pair, "1")
    pair.pos.queue(brand("2"))
    pair.pos.sync()
    name = sorted(n for n in pair.place.files["pos"] if n.startswith("c-"))[-1]
    bad = bytearray(pair.place.files["pos"][name])
    bad[offset] ^= 0x10
    pair.place.files["pos"][name] = bytes(bad)
    with pair.shop.engine.connect() as connection:
        before = pair.shop.link.inbox.positions.acknowledgements(connection)
    pair.shop.sync()
    with pair.shop.engine.connect() as connection:
        assert pair.shop.link.inbox.positions.acknowledgements(connection) == before
    assert pair.shop.records() == []
    assert any(code.startswith(("E-PKT", "E-REC")) for code in pair.shop.codes())


def test_a_packet_of_an_unknown_key_is_refused(pair: Pair) -> None:
    opened(pair, "1")
    stranger = new_keys("pos", label="X", random_bytes=lambda size: bytes([5]) * size)
    stranger = replace(
        stranger.with_peer(parse_pairing_line(pair.shop.keys.pairing_line())), confirmed=True
    )
    header = Header("catalogue", 1, 2, "a" * 64, datetime(2026, 11, 24, tzinfo=UTC))
    forged = build_packet(header, [("brand", b'{"kind":"brand","key":"9","name":"X"}')], stranger)
    pair.place.files["pos"][packet_name("catalogue", 1, 2, forged)] = forged
    pair.shop.sync()
    assert pair.shop.records() == []
    assert pair.shop.codes() == {"E-PKT-003"}


def test_a_packet_re_signed_by_the_readers_own_key_is_refused(pair: Pair) -> None:
    opened(pair, "1")
    own = replace(pair.shop.keys, role="pos")
    header = Header("catalogue", 1, 2, "a" * 64, datetime(2026, 11, 24, tzinfo=UTC))
    forged = build_packet(header, [("brand", b'{"kind":"brand","key":"9","name":"X"}')], own)
    pair.place.files["pos"][packet_name("catalogue", 1, 2, forged)] = forged
    pair.shop.sync()
    assert pair.shop.records() == []
    assert pair.shop.codes() == {"E-PKT-003"}


def test_our_own_packet_reflected_at_us_is_refused(pair: Pair) -> None:
    opened(pair, "1")
    pair.pos.sync()
    name, content = next(iter(sorted(pair.place.files["pos"].items(), reverse=True)))
    pair.place.files["shop"][name.replace("c-", "o-")] = content
    pair.pos.sync()
    assert pair.pos.records() == []
    assert "E-PKT-003" in pair.pos.codes()


def test_a_replayed_packet_changes_nothing_and_is_told(pair: Pair) -> None:
    opened(pair, "1")
    pair.pos.queue(brand("2"))
    pair.pos.sync()
    kept = dict(pair.place.files["pos"])
    pair.shop.sync()
    pair.pos.queue(brand("3"))
    pair.pos.sync()
    pair.shop.sync()
    pair.pos.sync()
    pair.shop.sync()
    pair.shop.received.clear()
    pair.place.files["pos"].update(kept)
    pair.shop.sync()
    assert pair.shop.records() == []
    assert pair.shop.codes() == {"E-LNK-010"}


def older_epoch(pair: Pair) -> dict[str, bytes]:
    """Return a whole first epoch, replaced since by a second."""
    opened(pair, "1")
    pair.pos.queue(brand("2"))
    pair.pos.sync()
    kept = dict(pair.place.files["pos"])
    pair.shop.sync()
    with pair.shop.engine.begin() as connection:
        pair.shop.link.ask_resync(connection, "catalogue", "gap")
    pair.shop.sync()
    pair.pos.sync()
    assert pair.pos.needs_snapshot()
    pair.pos.open_with(brand("1"), brand("5"), SnapshotEnd(key="s", scope=("brand",)))
    for _ in range(2):
        pair.pos.sync()
        pair.shop.sync()
    pair.shop.received.clear()
    return kept


def test_a_replayed_older_epoch_is_refused_with_state_intact(pair: Pair) -> None:
    kept = older_epoch(pair)
    pair.pos.sync()
    pair.shop.sync()
    pair.place.files["pos"].update(kept)
    pair.shop.sync()
    assert pair.shop.records() == []
    assert "E-LNK-010" in pair.shop.codes()


def test_a_replayed_older_epoch_is_refused_after_the_state_was_lost(pair: Pair) -> None:
    kept = older_epoch(pair)
    pair.shop.fresh_state()
    pair.place.files["pos"] = dict(kept)
    assert not pair.shop.begin()
    pair.shop.receive()
    assert pair.shop.records() == []
    assert {"E-LNK-012", "E-LNK-001"} <= pair.shop.codes()


def test_a_lost_state_recovers_by_its_own_nonce(pair: Pair) -> None:
    older_epoch(pair)
    pair.shop.fresh_state()
    assert not pair.shop.begin()
    pair.shop.sync()
    pair.pos.sync()
    assert pair.pos.needs_snapshot()
    pair.pos.open_with(brand("7"), SnapshotEnd(key="s", scope=("brand",)))
    pair.pos.sync()
    pair.shop.sync()
    assert [record.key for record in pair.shop.records()] == ["7", "s"]
    assert pair.shop.begin()


def test_a_lost_state_before_an_emptied_place_gives_no_number_twice(pair: Pair) -> None:
    opened(pair, "1")
    pair.pos.fresh_state()
    for files in pair.place.files.values():
        files.clear()
    pair.pos.queue(brand("2"))
    for _ in range(3):
        pair.pos.sync()
        if pair.pos.needs_snapshot():
            pair.pos.open_with(brand("7"), SnapshotEnd(key="s", scope=("brand",)))
            pair.pos.sync()
        pair.clock.now += timedelta(hours=1)
        pair.shop.sync()
        if pair.shop.needs_snapshot():
            pair.shop.open_with(SOMEBODY, SnapshotEnd(key="s", scope=("customer",)))
            pair.shop.sync()
    pair.pos.sync()
    assert "E-LNK-011" not in pair.shop.codes()
    assert [record.key for record in pair.shop.records()][-2:] == ["7", "s"]
    assert pair.pos.begin()


def test_an_epoch_of_our_own_will_still_answers_a_request_that_nobody_read(pair: Pair) -> None:
    older_epoch(pair)
    pair.shop.fresh_state()
    pair.shop.sync()
    pair.pos.sync()
    pair.pos.open_with(brand("7"), SnapshotEnd(key="s", scope=("brand",)))
    with pair.pos.engine.begin() as connection:
        pair.pos.link.outbox.open_epoch(connection, "catalogue", nonce=None)
    pair.pos.open_with(brand("8"), SnapshotEnd(key="s", scope=("brand",)))
    pair.pos.sync()
    pair.shop.sync()
    assert [record.key for record in pair.shop.records()] == ["8", "s"]
    assert pair.shop.begin()


def test_a_reader_that_asked_in_two_lives_is_answered_whichever_it_is_in(pair: Pair) -> None:
    opened(pair, "1")
    copy = copy_of(pair.shop.engine)
    pair.shop.queue(Wants(photos=("a" * 64,)))
    pair.shop.sync()
    pair.shop.fresh_state()
    pair.shop.sync()  # asks
    pair.shop.engine.dispose()
    pair.shop.engine = copy
    pair.shop.begin()
    pair.shop.open_with(SOMEBODY, SnapshotEnd(key="s", scope=("customer",)))
    pair.shop.sync()  # asks by another nonce, in two streams; the older request is read last
    for _ in range(2):
        pair.pos.sync()
        if pair.pos.needs_snapshot():
            pair.pos.open_with(brand("7"), SnapshotEnd(key="s", scope=("brand",)))
            pair.pos.sync()
        pair.shop.sync()
    assert [record.key for record in pair.shop.records()][-2:] == ["7", "s"]
    assert pair.shop.begin()


def test_a_person_has_a_stopped_stream_taken_up_again(pair: Pair) -> None:
    test_two_packets_of_one_number_stop_the_stream(pair)
    assert pair.shop.link.take_up_again(pair.shop.engine) == ("catalogue",)
    assert pair.shop.link.take_up_again(pair.shop.engine) == ()
    pair.shop.sync()
    pair.pos.sync()
    pair.pos.open_with(brand("7"), SnapshotEnd(key="s", scope=("brand",)))
    pair.pos.sync()
    pair.shop.sync()
    assert [record.key for record in pair.shop.records()] == ["7", "s"]


def test_a_full_server_is_cleaned_before_anything_is_uploaded(pair: Pair) -> None:
    opened(pair, "1")
    for key in "234":
        pair.pos.queue(brand(key))
        pair.pos.sync()
    pair.shop.sync()  # acknowledges all three
    pair.place.capacity = sum(map(len, pair.place.files["pos"].values()))
    pair.place.capacity += sum(map(len, pair.place.files["shop"].values()))
    pair.pos.queue(brand("5"))
    pair.pos.sync()
    pair.shop.sync()
    assert [record.key for record in pair.shop.records()][-1] == "5"


def test_a_restored_state_is_recognised_by_our_own_newer_packets(pair: Pair) -> None:
    opened(pair, "1")
    backup = pair.shop.engine
    copy = copy_of(pair.shop.engine)
    pair.shop.queue(Wants(photos=("a" * 64,)))
    pair.shop.sync()
    pair.pos.sync()
    pair.shop.engine = copy
    assert not pair.shop.begin()
    assert "E-LNK-001" in pair.shop.codes()
    pair.shop.sync()
    pair.pos.sync()
    assert pair.pos.needs_snapshot()
    backup.dispose()


def test_a_restored_state_is_recognised_by_the_peers_acknowledgement(pair: Pair) -> None:
    opened(pair, "1")
    backup = pair.shop.engine
    copy = copy_of(pair.shop.engine)
    pair.shop.queue(Wants(photos=("a" * 64,)))
    pair.shop.sync()
    pair.pos.sync()
    pair.place.files["shop"].clear()
    pair.shop.engine = copy
    assert pair.shop.begin()  # nothing on the server contradicts it yet
    pair.shop.receive()
    # Already in this pass: nothing may be written from so old a state.
    assert not pair.shop.link.is_proven(pair.shop.engine)
    assert not pair.shop.begin()
    backup.dispose()


def test_a_restored_state_is_recognised_by_what_comes_before_its_turn(pair: Pair) -> None:
    opened(pair, "1")
    backup = pair.pos.engine
    copy = copy_of(pair.pos.engine)
    for name in ("a", "b"):
        pair.shop.queue(Wants(photos=(name * 64,)))
        pair.shop.sync()
        pair.pos.sync()
        pair.clock.now += timedelta(hours=1)
        pair.pos.sync()
        pair.shop.sync()
    pair.place.files["pos"].clear()
    kept = sorted(name for name in pair.place.files["shop"] if name.startswith("a-"))
    for name in kept[:-1]:
        del pair.place.files["shop"][name]
    pair.pos.engine = copy
    pair.pos.queue(brand("9"))
    pair.pos.sync()
    assert pair.place.files["pos"] == {}  # no number is given twice
    assert not pair.pos.begin()
    backup.dispose()


def test_two_packets_of_one_number_stop_the_stream(pair: Pair) -> None:
    opened(pair, "1")
    pair.pos.queue(brand("2"))
    pair.pos.sync()
    pair.shop.sync()
    head = Header(
        "catalogue", 1, 1, ZERO_HASH, datetime(2026, 11, 24, tzinfo=UTC),
        opens=Opening(nonces=(pair.pos.keys.first_nonce(),)),
    )  # fmt: skip
    twin = build_packet(head, [("brand", b'{"kind":"brand","key":"9","name":"X"}')], pair.pos.keys)
    pair.place.files["pos"][packet_name("catalogue", 1, 1, twin)] = twin
    pair.shop.received.clear()
    pair.shop.sync()
    assert pair.shop.records() == []
    assert "E-LNK-011" in pair.shop.codes()
    with pair.shop.engine.connect() as connection:
        assert pair.shop.link.inbox.positions.stopped(connection) == ("catalogue",)


def test_one_bad_line_is_refused_alone(pair: Pair) -> None:
    opened(pair, "1")
    with pair.pos.engine.connect() as connection:
        epoch, seq = pair.pos.link.outbox.position(connection, "catalogue")
    with pair.shop.engine.connect() as connection:
        (ack,) = [
            a
            for a in pair.shop.link.inbox.positions.acknowledgements(connection)
            if a.stream == "catalogue"
        ]
    header = Header("catalogue", epoch, seq + 1, ack.hash, datetime(2026, 11, 24, tzinfo=UTC))
    lines = [
        ("brand", b'{"kind":"brand","key":"8","name":5}'),
        ("brand", b'{"kind":"brand","key":"9","name":"X"}'),
        ("comet", b'{"kind":"comet","key":"c"}'),
    ]
    packet = build_packet(header, lines, pair.pos.keys)
    pair.place.files["pos"][packet_name("catalogue", epoch, seq + 1, packet)] = packet
    pair.shop.sync()
    (delivery,) = pair.shop.received
    assert [line.problem.code if line.problem else None for line in delivery.lines] == [
        "E-REC-002", None, None,
    ]  # fmt: skip
    assert (delivery.lines[0].kind, delivery.lines[0].key) == ("brand", "8")


def test_a_full_window_keeps_places_for_stock() -> None:
    pair = Pair.new(Limits(records=1, window=4, reserved=2))
    opened(pair, "1")
    pair.pos.queue(*(brand(f"b{n}") for n in range(5)))
    pair.pos.queue(Stock(key="a:1", quantity=3))
    pair.pos.sync()
    pair.shop.sync()
    kinds = [record.kind for record in pair.shop.records()]
    assert kinds == ["stock", "brand"]
    pair.close()


def test_photos_travel_one_to_a_packet(pair: Pair) -> None:
    opened(pair, "1")
    assert pair.pos.link.pack_photos(pair.pos.engine, [b"\xff\xd8 one", b"\n\ntwo\n"]) == 2
    pair.pos.sync()
    pair.shop.sync()
    assert [d.photo for d in pair.shop.received] == [b"\xff\xd8 one", b"\n\ntwo\n"]
