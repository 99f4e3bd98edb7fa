"""Packets: what goes in comes out, and nothing that was changed on its way gets in."""

import hashlib
import json
import tracemalloc
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from protocol.errors import ComptoirError
from protocol.keys import Keys, NotPairedError, new_keys
from protocol.manifest import (
    MAX_MANIFEST,
    ZERO_HASH,
    Acknowledgement,
    Opening,
    SnapshotPart,
    Unreadable,
    manifest_bytes,
    parse_manifest,
)
from protocol.packet import (
    MAGIC,
    MAX_PACKET,
    DamagedPacketError,
    DataMismatchError,
    Header,
    Opened,
    PacketError,
    build_packet,
    build_photo_packet,
    open_data,
    packet_name,
    read_envelope,
    read_own_envelope,
)
from protocol.records import KINDS, Brand, Record, Stream, record_line
from protocol.spec import example_keys
from tests.golden import make, stranger
from tests.golden.broken import BRAND, sealed
from tests.protocol.strategies import models, records_of

POS, SHOP = example_keys()
NOW = datetime(2026, 11, 24, 9, 30, tzinfo=UTC)
SLOW = settings(max_examples=30, deadline=None, suppress_health_check=list(HealthCheck))


def header(**changed: Any) -> Header:
    fields: dict[str, Any] = {"stream": "catalogue", "epoch": 1, "seq": 2, "prev": "a" * 64}
    return Header(**(fields | {"created_at": NOW} | changed))


def built(*records: Record, **changed: Any) -> bytes:
    lines = [(record.kind, record_line(record)) for record in records]
    return build_packet(header(**changed), lines, POS)


def taken(content: bytes, keys: Keys = SHOP) -> Opened:
    return open_data(read_envelope(content, keys), keys)


GOOD = built(Brand(key="1", name="Méduse"), Brand(key="2", name="Élan"))


# --- in and out ------------------------------------------------------------------------------


@SLOW
@given(st.data())
def test_records_come_out_as_they_went_in(data: st.DataObject) -> None:
    stream: Stream = data.draw(st.sampled_from(("catalogue", "orders", "answers")))
    kinds = [model for model in KINDS.values() if model.stream == stream]
    records = data.draw(st.lists(st.sampled_from(kinds).flatmap(records_of), max_size=4))
    writer, reader = (SHOP, POS) if stream == "orders" else (POS, SHOP)
    lines = [(record.kind, record_line(record)) for record in records]
    read = taken(build_packet(header(stream=stream), lines, writer), reader)
    assert [line.record for line in read.lines] == records
    assert [(line.kind, line.key) for line in read.lines] == [
        (r.kind, r.key[:190]) for r in records
    ]
    assert sum(read.manifest.counts.values()) == len(records)


@SLOW
@given(
    st.integers(1, 2**32 - 1),
    st.integers(2, 2**53 - 1),
    st.lists(models(Acknowledgement), max_size=8),
    st.lists(models(Unreadable), max_size=8),
    st.datetimes(timezones=st.just(UTC)),
)
def test_a_manifest_comes_out_as_it_went_in(
    epoch: int, seq: int, acks: list[Any], unreadable: list[Any], moment: datetime
) -> None:
    said = {"acks": tuple(acks), "unreadable": tuple(unreadable), "next_by": moment}
    manifest = read_envelope(built(epoch=epoch, seq=seq, **said), SHOP).manifest
    assert (manifest.epoch, manifest.seq, manifest.prev) == (epoch, seq, "a" * 64)
    assert (manifest.acks, manifest.unreadable) == (tuple(acks), tuple(unreadable))
    assert manifest.next_by == moment.replace(microsecond=0)
    assert parse_manifest(manifest_bytes(manifest)) == manifest


@given(st.binary(max_size=300))
def test_a_photo_is_whatever_bytes_it_is(photo: bytes) -> None:
    read = taken(build_photo_packet(header(stream="media"), photo, POS))
    assert (read.photo, read.lines) == (photo, ())


def test_a_heartbeat_has_no_lines() -> None:
    read = taken(built(stream="answers"))
    assert (read.lines, read.manifest.counts, read.photo) == ((), {}, None)


def test_a_media_heartbeat_is_no_photo() -> None:
    assert taken(built(stream="media")).photo is None


def test_the_first_packet_of_an_epoch_opens_it() -> None:
    first = header(seq=1, prev=ZERO_HASH, opens=Opening(nonces=("0" * 32,)),
                   snapshot=SnapshotPart(id="1" * 32, part=1, of=1))  # fmt: skip
    manifest = read_envelope(build_packet(first, [], POS), SHOP).manifest
    assert manifest.opens == Opening(nonces=("0" * 32,))
    assert manifest.snapshot == SnapshotPart(id="1" * 32, part=1, of=1)


def test_our_own_packet_is_recognised() -> None:
    assert read_own_envelope(GOOD, POS).head_hash == read_envelope(GOOD, SHOP).head_hash
    with pytest.raises(PacketError):
        read_own_envelope(GOOD, SHOP)


def test_a_strangers_packet_by_the_specification_is_read() -> None:
    unpacked, box = sealed(make.POS_SIDE, make.SHOP_SIDE, [BRAND])
    fields = stranger.manifest_for(
        make.POS_SIDE, make.SHOP_SIDE, unpacked, box, counts={"brand": 1}, acks=None
    )
    pretty = json.dumps(fields, indent=3).encode()  # canonical form is not asked for
    (line,) = taken(stranger.packet(pretty, box, make.POS_SIDE)).lines
    assert line.record == Brand(key="1", name="X")


def test_a_name_tells_place_and_content() -> None:
    name = packet_name("orders", 255, 7, b"x")
    assert name == f"o-000000ff-000000000007-{hashlib.sha256(b'x').hexdigest()[:16]}.pkt"


def test_the_same_records_never_make_the_same_packet() -> None:
    assert built(Brand(key="1", name="X")) != built(Brand(key="1", name="X"))


def test_nobody_unpaired_reads_or_writes() -> None:
    alone = new_keys("pos", label="x")
    for act in (lambda: build_packet(header(), [], alone), lambda: read_envelope(GOOD, alone)):
        with pytest.raises(NotPairedError):
            act()
    with pytest.raises(NotPairedError):
        read_envelope(GOOD, replace(SHOP, confirmed=False))


# --- changed on the way ----------------------------------------------------------------------


@given(st.integers(0, len(GOOD) - 1), st.integers(1, 255))
def test_one_changed_byte_anywhere_is_refused(offset: int, change: int) -> None:
    harmed = bytearray(GOOD)
    harmed[offset] ^= change
    with pytest.raises(ComptoirError) as caught:
        taken(bytes(harmed))
    assert caught.value.code.startswith("E-PKT-")


def test_every_offset_refuses_a_changed_bit() -> None:
    for offset in range(len(GOOD)):
        harmed = bytearray(GOOD)
        harmed[offset] ^= 1 << offset % 8
        with pytest.raises(PacketError):
            taken(bytes(harmed))


@given(st.integers(0, len(GOOD) - 1))
def test_a_packet_cut_anywhere_is_refused(length: int) -> None:
    with pytest.raises(PacketError):
        taken(GOOD[:length])


@given(st.binary(min_size=1, max_size=20))
def test_bytes_too_many_are_refused(tail: bytes) -> None:
    with pytest.raises(DataMismatchError):
        taken(GOOD + tail)


@given(st.binary(max_size=400))
def test_any_bytes_are_refused(content: bytes) -> None:
    for start in (b"", MAGIC, MAGIC + b"\x01"):
        with pytest.raises(PacketError):
            taken(start + content)


@pytest.mark.parametrize(
    ("harm", "told"),
    [
        (lambda c: c.replace(b"\r\n", b"\n"), "binary"),
        (lambda c: c.replace(b"\n", b"\r\n"), "binary"),
        (lambda c: c.replace(b"\r\n", b"\n").replace(b"\n", b"\r\n"), "binary"),
        (lambda c: bytes(byte & 0x7F for byte in c), "8th bit"),
        (lambda c: b"<!DOCTYPE html>" + c, "not a packet"),
    ],
)
def test_a_damaged_magic_tells_how(harm: Callable[[bytes], bytes], told: str) -> None:
    with pytest.raises(DamagedPacketError) as caught:
        taken(harm(GOOD))
    assert told in caught.value.facts["reason"]


def test_data_of_another_packet_is_refused() -> None:
    other = built(Brand(key="3", name="X"))
    length = 85 + int.from_bytes(GOOD[9:13])
    with pytest.raises(DataMismatchError):
        taken(GOOD[:length] + other[85 + int.from_bytes(other[9:13]) :])


def test_a_line_of_our_writer_that_breaks_the_frame_is_refused() -> None:
    framed = build_packet(header(), [("brand", BRAND + b'\n{"end":1}')], POS)
    with pytest.raises(DataMismatchError):
        taken(framed)


# --- bounded ---------------------------------------------------------------------------------


def test_a_file_over_the_limit_is_refused_unread() -> None:
    with pytest.raises(DamagedPacketError) as caught:
        taken(MAGIC + bytes(MAX_PACKET))
    assert caught.value.code == "E-PKT-001"


@pytest.mark.parametrize("declared", [200, 2**40])
def test_a_gzip_bomb_is_not_unpacked(declared: int) -> None:
    pos, shop = make.POS_SIDE, make.SHOP_SIDE
    box = stranger.seal(stranger.gzipped(bytes(100 * 1024 * 1024)), shop)
    fields = stranger.manifest_for(
        pos, shop, b"", box, counts={"brand": 1}, data={"unpacked_size": declared}
    )
    content = stranger.packet(fields, box, pos)
    tracemalloc.start()
    with pytest.raises(DataMismatchError):
        taken(content)
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert peak < 5 * 1024 * 1024


def test_a_manifest_over_the_limit_is_refused() -> None:
    length = (MAX_MANIFEST + 1).to_bytes(4)
    with pytest.raises(DamagedPacketError):
        taken(MAGIC + b"\x01" + length + bytes(MAX_MANIFEST + 100))


# --- lines -----------------------------------------------------------------------------------


def test_a_refused_line_keeps_its_kind_key_and_place() -> None:
    content = build_packet(
        header(seq=9),
        [("brand", b'{"key":"8","kind":"brand","name":5}'), ("brand", BRAND)],
        POS,
    )
    bad, good = taken(content).lines
    assert (bad.kind, bad.key, bad.record) == ("brand", "8", None)
    assert bad.problem
    assert bad.problem.code == "E-REC-002"
    assert bad.problem.place.startswith("catalogue 1/9 line 2")
    assert good.record == Brand(key="1", name="X")


def test_a_record_of_another_stream_is_refused_alone() -> None:
    lines = [
        ("wants", b'{"key":"photos","kind":"wants","photos":[]}'),
        ("comet", b'{"key":"h","kind":"comet"}'),
    ]
    wants, comet = taken(build_packet(header(), lines, POS)).lines
    assert wants.problem
    assert wants.problem.code == "E-REC-002"
    assert comet.problem is None


def test_a_manifest_says_no_name_and_no_price() -> None:
    content = built(Brand(key="secret-key", name="Canari-Zoé"))
    assert b"Canari" not in content
    assert b"secret-key" not in content
