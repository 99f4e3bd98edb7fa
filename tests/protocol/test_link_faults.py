"""What goes wrong between two links, and how they find each other again by themselves."""

from collections.abc import Iterator
from dataclasses import replace

import pytest

from protocol.keys import parse_pairing_line
from protocol.link.outbox import Limits
from protocol.packet import MAX_PACKET
from protocol.records import Brand, Customer, Fate, SnapshotEnd, Stock
from tests.protocol.sides import Pair, copy_of

SOMEONE = Customer(key="shop/1", shop_id=1, email="camille@example.fr")
END = SnapshotEnd(key="s", scope=("brand",))


@pytest.fixture
def pair() -> Iterator[Pair]:
    made = Pair.new()
    yield made
    made.close()


def brand(key: str, name: str = "Marque") -> Brand:
    return Brand(key=key, name=name)


def opened(pair: Pair) -> None:
    pair.pos.open_with(brand("1"), END)
    pair.pos.sync()
    pair.shop.open_with(SOMEONE)
    pair.shop.sync()
    pair.pos.sync()
    pair.shop.received.clear()


def catalogue(pair: Pair) -> list[str]:
    return sorted(name for name in pair.place.files["pos"] if name.startswith("c-"))


def ask(pair: Pair) -> None:
    with pair.shop.engine.begin() as connection:
        pair.shop.link.ask_resync(connection, "catalogue", "gap")


def refill(pair: Pair) -> None:
    """Fill whatever epochs were asked for, as the programs do at each run."""
    if pair.pos.needs_snapshot():
        pair.pos.open_with(brand("1"), brand("2"), END)
    if pair.shop.needs_snapshot():
        pair.shop.open_with(SOMEONE)


def rounds(pair: Pair, times: int) -> None:
    for _ in range(times):
        pair.pos.begin()
        pair.pos.receive()
        refill(pair)
        pair.pos.send()
        pair.shop.begin()
        pair.shop.receive()
        refill(pair)
        pair.shop.send()


def waits(pair: Pair) -> set[str]:
    with pair.pos.engine.begin() as connection:
        here: set[str] = set(pair.pos.link.inbox.positions.waits_for_proof(connection))
    with pair.shop.engine.begin() as connection:
        return (here | set(pair.shop.link.inbox.positions.waits_for_proof(connection))) - {"media"}


def test_both_sides_lose_their_state_and_find_each_other_again(pair: Pair) -> None:
    opened(pair)
    pair.pos.fresh_state()
    pair.shop.fresh_state()
    rounds(pair, 4)
    assert waits(pair) == set()
    assert {record.key for record in pair.shop.records()} >= {"1", "2", "s"}
    pair.pos.queue(brand("9"))
    rounds(pair, 1)
    assert pair.shop.records()[-1].key == "9"


def test_a_request_is_answered_once_however_often_it_is_seen(pair: Pair) -> None:
    opened(pair)
    ask(pair)
    pair.shop.sync()
    kept = dict(pair.place.files["shop"])
    rounds(pair, 2)
    with pair.pos.engine.connect() as connection:
        epoch, _ = pair.pos.link.outbox.position(connection, "catalogue")
    pair.place.files["shop"].update(kept)
    rounds(pair, 2)
    with pair.pos.engine.connect() as connection:
        assert pair.pos.link.outbox.position(connection, "catalogue")[0] == epoch


def test_a_late_first_part_does_not_stick_the_stream() -> None:
    pair = Pair.new(Limits(records=2))
    pair.pos.open_with(*(brand(str(n)) for n in range(5)), END)
    pair.pos.sync()
    first = catalogue(pair)[0]
    content = pair.place.files["pos"].pop(first)
    pair.shop.sync()
    pair.place.files["pos"][first] = content
    pair.shop.sync()
    assert [record.key for record in pair.shop.records()] == ["0", "1", "2", "3", "4", "s"]
    pair.close()


def test_a_damaged_opening_packet_is_repaired(pair: Pair) -> None:
    opened(pair)
    ask(pair)
    pair.shop.sync()
    pair.pos.sync()
    pair.pos.open_with(brand("1"), END)
    pair.pos.sync()
    name = catalogue(pair)[-1]
    good = pair.place.files["pos"][name]
    pair.place.files["pos"][name] = good[:-1] + bytes([good[-1] ^ 1])
    for _ in range(4):
        pair.shop.sync()
        pair.pos.sync()
    assert pair.place.files["pos"][name] == good
    pair.shop.sync()
    assert [record.key for record in pair.shop.records()] == ["1", "s"]


def test_a_server_that_damages_every_upload_is_named_on_both_sides(pair: Pair) -> None:
    opened(pair)
    pair.pos.queue(brand("2"))
    pair.pos.sync()
    name = catalogue(pair)[-1]
    good = pair.place.files["pos"][name]
    for _ in range(12):
        pair.place.files["pos"][name] = good[:-1] + bytes([good[-1] ^ 1])
        pair.shop.sync()
        pair.pos.sync()
    assert "E-LNK-014" in pair.shop.codes()
    assert "E-LNK-014" in pair.pos.codes()


def test_stock_has_places_in_the_window_even_among_other_records() -> None:
    pair = Pair.new(Limits(records=10, window=4, reserved=2))
    opened(pair)
    for number in range(2):
        pair.pos.queue(brand(f"b{number}"))
        pair.pos.sync()
    pair.pos.queue(*(brand(f"c{number}") for number in range(3)), Stock(key="a:1", quantity=3))
    pair.pos.sync()
    pair.shop.sync()
    assert "stock" in {record.kind for record in pair.shop.records()}
    pair.close()


def test_a_fact_that_changes_while_its_snapshot_waits_stays_in_it(pair: Pair) -> None:
    pair.pos.open_with(brand("1"), brand("2"), END)
    pair.pos.queue(brand("1", "Neue"))
    pair.pos.sync()
    pair.shop.sync()
    (delivery,) = pair.shop.received
    assert delivery.snapshot
    assert {line.key for line in delivery.lines} == {"1", "2", "s"}


def test_an_old_packet_of_ours_under_a_new_name_proves_nothing(pair: Pair) -> None:
    opened(pair)
    name = catalogue(pair)[-1]
    content = pair.place.files["pos"][name]
    pair.place.files["pos"]["c-00000009-000000000001-" + name.split("-")[3]] = content
    assert pair.pos.begin()


def test_a_file_too_large_is_refused_and_stops_nobody(pair: Pair) -> None:
    opened(pair)
    huge = "c-00000001-000000000009-" + "0" * 16 + ".pkt"
    pair.place.files["pos"][huge] = b"x" * (MAX_PACKET + 1)
    pair.pos.queue(brand("2"))
    pair.pos.sync()
    pair.shop.sync()
    assert [record.key for record in pair.shop.records()] == ["2"]
    assert "E-CHN-006" in pair.shop.codes()


def test_a_cut_listing_is_no_replay(pair: Pair) -> None:
    opened(pair)
    pair.place.listing_limit = 0
    pair.shop.sync()
    pair.place.listing_limit = None
    pair.shop.sync()
    assert pair.shop.codes() == set()


def test_the_newest_packet_of_a_stream_outlives_its_epoch(pair: Pair) -> None:
    opened(pair)
    ask(pair)
    pair.shop.sync()
    pair.pos.sync()
    assert catalogue(pair)


def test_a_reader_that_never_heard_us_follows_a_writer_that_lost_its_state(pair: Pair) -> None:
    pair.pos.open_with(brand("1"), END)
    pair.pos.sync()
    pair.pos.fresh_state()
    pair.place.files["pos"].clear()
    rounds(pair, 3)
    assert {record.key for record in pair.shop.records()} == {"1", "2", "s"}


def test_answers_outlive_a_new_epoch(pair: Pair) -> None:
    opened(pair)
    fate = Fate(
        key="brand/1", of_kind="brand", of_key="1", of_hash=None, state="applied",
        at=pair.clock.now,
    )  # fmt: skip
    pair.shop.queue(fate)
    with pair.pos.engine.begin() as connection:
        pair.pos.link.ask_resync(connection, "answers", "gap")
    rounds(pair, 3)
    assert [record.key for record in pair.pos.records() if record.kind == "fate"] == ["brand/1"]


def test_a_writer_that_hears_that_it_is_old_gives_no_number_twice(pair: Pair) -> None:
    opened(pair)
    kept = copy_of(pair.pos.engine)
    pair.pos.queue(brand("2"))
    pair.pos.sync()
    pair.shop.sync()
    pair.pos.engine.dispose()
    pair.pos.engine = kept
    # The place lost the one packet that would have told it at once.
    pair.place.lose("pos", catalogue(pair)[-1])
    pair.pos.queue(brand("3"))
    pair.pos.sync()
    assert not any(name.startswith("c-00000001-000000000002") for name in catalogue(pair))
    rounds(pair, 4)
    assert "E-LNK-011" not in pair.shop.codes()
    assert waits(pair) == set()


def test_a_new_pairing_of_the_same_keys_begins_anew(pair: Pair) -> None:
    opened(pair)
    old = dict(pair.place.files["pos"])
    pos = replace(pair.pos.keys, pairing_id="aa" * 16, peer_pairing_id="", state_id=None)
    shop = replace(pair.shop.keys, pairing_id="bb" * 16, peer_pairing_id="", state_id=None)
    pos, shop = (
        pos.with_peer(parse_pairing_line(shop.pairing_line())),
        shop.with_peer(parse_pairing_line(pos.pairing_line())),
    )
    pair.pos.keys = replace(pos, confirmed=True)
    pair.shop.keys = replace(shop, confirmed=True)
    pair.pos.rewire()
    pair.shop.rewire()
    pair.place.files["pos"].update(old)
    rounds(pair, 3)
    assert waits(pair) == set()
    assert {record.key for record in pair.shop.records()} == {"1", "2", "s"}
