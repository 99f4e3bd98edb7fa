"""The broken packets: each is right but for the one defect that its name says.

The `at` of a defect tells where it shows: in the envelope (checks 1 to 8 of SPEC §7.1), in the data
(11 and 12), or in one line alone (13 and 14).
"""

import struct
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, Literal

from tests.golden.stranger import (
    MAGIC,
    Side,
    binding,
    canonical,
    gzipped,
    lines_of,
    manifest_for,
    packet,
    seal,
)

BRAND = b'{"key":"1","kind":"brand","name":"X"}'
_HEAD = 13
_BOMB = 4 * 1024 * 1024

At = Literal["envelope", "data", "line"]


@dataclass(frozen=True)
class Defect:
    """One broken packet and what a reader must say to it."""

    name: str
    at: At
    code: str
    content: bytes
    reader: str = "shop"


def sealed(
    pos: Side, shop: Side, records: Sequence[bytes], *, epoch: int = 1, seq: int = 2
) -> tuple[bytes, bytes]:
    """Return a catalogue packet's data, unpacked and sealed."""
    bound = binding(pos, shop, stream="catalogue", epoch=epoch, seq=seq)
    unpacked = lines_of(bound, records)
    return unpacked, seal(gzipped(unpacked), shop)


def packets(pos: Side, shop: Side) -> list[Defect]:
    """Return every broken packet."""
    return [*_of_bytes(pos, shop), *_of_manifest(pos, shop), *_of_data(pos, shop),
            *_of_lines(pos, shop)]  # fmt: skip


def _good(pos: Side, shop: Side, **changed: Any) -> bytes:
    unpacked, box = sealed(pos, shop, [BRAND])
    said = {"counts": {"brand": 1}} | changed
    return packet(manifest_for(pos, shop, unpacked, box, **said), box, pos)


def _changed(content: bytes, offset: int) -> bytes:
    harmed = bytearray(content)
    harmed[offset] ^= 0x01
    return bytes(harmed)


def _of_bytes(pos: Side, shop: Side) -> list[Defect]:
    good = _good(pos, shop)
    (length,) = struct.unpack(">I", good[9:_HEAD])
    stranger = Side("pos", "30" * 16, b"\x31" * 32, b"\x32" * 32)
    unpacked, box = sealed(pos, shop, [BRAND])
    manifest = manifest_for(pos, shop, unpacked, box, counts={"brand": 1})
    borrowed = packet(manifest, box, Side("pos", "", stranger.signing_seed, b"\x00" * 32))
    key_at = _HEAD + length
    forged = borrowed[:key_at] + pos.key_id + borrowed[key_at + 8 :]
    damaged, wrong = "E-PKT-001", "E-PKT-003"
    return [
        Defect("empty", "envelope", damaged, b""),
        Defect("bad-magic-ascii", "envelope", damaged, good.replace(b"\r\n", b"\n")),
        Defect("bad-magic-ascii-crlf", "envelope", damaged, good.replace(b"\n", b"\r\n")),
        Defect("bad-magic-seven-bits", "envelope", damaged, bytes(byte & 0x7F for byte in good)),
        Defect("bad-magic-zip", "envelope", damaged, b"PK\x03\x04\x0a\x00\x00\x00" + good[8:]),
        Defect("cut-in-manifest", "envelope", damaged, good[: _HEAD + length // 2]),
        Defect("manifest-length-lies", "envelope", damaged, good[:9] + b"\xff" * 4 + good[13:]),
        Defect("newer-major", "envelope", "E-PKT-002", MAGIC + b"\x02" + good[9:]),
        Defect("wrong-key", "envelope", wrong, borrowed),
        Defect("wrong-key-under-our-key-id", "envelope", wrong, forged),
        Defect("changed-manifest-byte", "envelope", wrong, _changed(good, _HEAD + length // 2)),
        Defect("changed-key-id-byte", "envelope", wrong, _changed(good, key_at)),
        Defect("changed-signature-byte", "envelope", wrong, _changed(good, key_at + 20)),
        Defect(
            "signature-without-domain", "envelope", wrong, packet(manifest, box, pos, domain=b"")
        ),
        Defect("changed-data-byte", "data", "E-PKT-006", _changed(good, len(good) - 1)),
        Defect("cut-in-data", "data", "E-PKT-006", good[:-1]),
        Defect("byte-too-many", "data", "E-PKT-006", good + b"\n"),
    ]


def _of_manifest(pos: Side, shop: Side) -> list[Defect]:
    other = Side("shop", "40" * 16, b"\x41" * 32, b"\x42" * 32)
    unpacked, box = sealed(pos, shop, [BRAND])
    text = canonical(manifest_for(pos, shop, unpacked, box, counts={"brand": 1}))
    twice = text.replace(b'"epoch":1,', b'"epoch":1,"epoch":1,')
    wrong, elsewhere = "E-PKT-005", "E-PKT-004"

    def said(name: str, code: str, **changed: Any) -> Defect:
        return Defect(name, "envelope", code, _good(pos, shop, **changed))

    part = {"id": "5a" * 16, "part": 3, "of": 3}
    return [
        said("wrong-recipient", elsewhere, to=other.party),
        said("wrong-sender", elsewhere, **{"from": other.party}),
        said("stream-of-the-other-side", elsewhere, stream="orders"),
        Defect("reflected-to-its-writer", "envelope", "E-PKT-003", _good(pos, shop), "pos"),
        Defect("duplicate-json-key", "envelope", wrong, packet(twice, box, pos)),
        Defect("manifest-not-json", "envelope", wrong, packet(b"{epoch:1}", box, pos)),
        Defect("manifest-is-a-list", "envelope", wrong, packet(b"[]", box, pos)),
        said("needs-unknown", "E-PKT-007", needs=["zstd"]),
        said("needs-unknown-and-new-shape", "E-PKT-007", needs=["zstd"], data={"seal": "hpke"}),
        said("newer-major-in-manifest", wrong, v=[2, 0]),
        said("missing-field", wrong, created_at=None),
        said("missing-opens", wrong, seq=1, prev="0" * 64),
        said("opens-after-the-first", wrong, opens={"nonces": ["0" * 32]}),
        said("prev-at-the-first", wrong, seq=1, opens={}),
        said("no-prev-after-the-first", wrong, prev="0" * 64),
        said("sequence-zero", wrong, seq=0),
        said("sequence-as-text", wrong, seq="2"),
        said("epoch-too-high", wrong, epoch=2**32),
        said("snapshot-part-at-another-place", wrong, snapshot=part),
        said("local-time", wrong, created_at="2026-11-24T09:30:00+01:00"),
        said("unknown-seal", wrong, data={"seal": "rot13"}),
        said("schema-of-another-stream", wrong, data={"schema": "orders/1"}),
        said("count-below-one", wrong, counts={"brand": 2, "axis": -1}),
    ]


def _of_data(pos: Side, shop: Side) -> list[Defect]:
    bound = binding(pos, shop, stream="catalogue", epoch=1, seq=2)
    good = lines_of(bound, [BRAND])
    other = Side("shop", "40" * 16, b"\x41" * 32, b"\x42" * 32)

    def made(
        name: str,
        unpacked: bytes,
        *,
        packed: Callable[[bytes], bytes] = gzipped,
        to: Side = shop,
        box: bytes | None = None,
        **changed: Any,
    ) -> Defect:
        stored = seal(packed(unpacked), to) if box is None else box
        fields = {"counts": {"brand": 1}} | changed
        manifest = manifest_for(pos, shop, unpacked, stored, **fields)
        return Defect(name, "data", "E-PKT-006", packet(manifest, stored, pos))

    bomb = gzipped(bytes(_BOMB))
    return [
        made("data-of-another-packet", good, data={"sha256": "0" * 64}),
        made("sealed-to-another", good, to=other),
        made("not-sealed", good, box=gzipped(good)),
        made("not-gzip", good, packed=lambda content: content),
        made("gzip-cut", good, packed=lambda content: gzipped(content)[:-9]),
        made("gzip-bomb", good, packed=lambda _: bomb),
        made("gzip-bomb-declared", good, packed=lambda _: bomb, data={"unpacked_size": 2**40}),
        made("unpacked-size-lies", good, data={"unpacked_size": len(good) - 1}),
        made("unpacked-hash-lies", good, data={"unpacked_sha256": "0" * 64}),
        made("bad-end-count", lines_of(bound, [BRAND], end={"end": 2})),
        made("end-line-with-more", lines_of(bound, [BRAND], end={"end": 1, "x": 1})),
        made("no-end-line", good[: good.rindex(b'{"end"')]),
        made("no-last-line-feed", good[:-1]),
        made("end-line-not-json", good.replace(b'{"end":1}', b"end")),
        made("counts-mismatch", good, counts={"brand": 2}),
        made("binding-mismatch", lines_of(bound | {"seq": 3}, [BRAND])),
        made("binding-of-another-writer", lines_of(bound | {"from": other.party}, [BRAND])),
        made("binding-with-more", lines_of(bound | {"note": "x"}, [BRAND])),
        made("no-binding-line", good.partition(b"\n")[2]),
    ]


def _of_lines(pos: Side, shop: Side) -> list[Defect]:
    def line(name: str, code: str, text: str) -> Defect:
        unpacked, box = sealed(pos, shop, [text.encode("utf-8", "surrogateescape"), BRAND])
        manifest = manifest_for(pos, shop, unpacked, box, counts={"article": 1, "brand": 1})
        return Defect(name, "line", code, packet(manifest, box, pos))

    def article(price: str) -> str:
        return (
            '{"kind":"article","key":"7","reference":"R","name":{"fr":"N"},"tax_rate":"N",'
            f'"price":{{"amount":{price}}}}}'
        )

    json, record = "E-REC-001", "E-REC-002"
    wants = '{"kind":"wants","key":"photos","photos":[]}'
    deep = '{"kind":"brand","key":"2","name":"X","x":' + "[" * 20 + "]" * 20 + "}"
    return [
        line("float-price", json, article("49.90")),
        line("nan-price", json, article("NaN")),
        line("duplicate-key-in-line", json, '{"kind":"brand","key":"2","key":"3","name":"X"}'),
        line("too-deep", json, deep),
        line("lone-surrogate", json, '{"kind":"brand","key":"2","name":"\\ud800"}'),
        line("lone-surrogate-in-a-name", json, '{"kind":"brand","key":"2","\\ud800":1}'),
        line("bad-utf-8", json, '{"kind":"brand","key":"2","name":"\udcff"}'),
        line("empty-line", json, ""),
        line("price-as-integer", record, article("49")),
        line("negative-price", record, article('"-1"')),
        line("comma-price", record, article('"49,90"')),
        line("quantity-as-integer", record, '{"kind":"stock","key":"a:7","quantity":3}'),
        line("record-of-another-stream", record, wants),
    ]
