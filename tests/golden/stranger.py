"""A second implementation of packets, written from SPEC.md alone: it imports nothing of ours.

It writes what our own writer would never write, for the broken packets, and reads the good ones, so
that SPEC.md is shown to be enough. It refuses by `Refused` and trusts its caller with the rest.

    manifest, lines = read(content, reader=shop, writer=pos)
    content = packet(manifest_for(pos, shop, unpacked, sealed, seq=2), sealed, pos)
"""

import base64
import gzip
import hashlib
import json
import struct
import zlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from nacl.exceptions import BadSignatureError, CryptoError
from nacl.public import PrivateKey, PublicKey, SealedBox
from nacl.signing import SigningKey, VerifyKey

MAGIC = bytes.fromhex("894350540d0a1a0a")
LETTERS = {"catalogue": "c", "media": "m", "orders": "o", "answers": "a"}
DOMAIN = b"comptoir/packet/v1\x00"


class Refused(Exception):  # noqa: N818  # a stranger's word, not one of our errors
    """The packet is not for us, or is not what it says."""


@dataclass(frozen=True)
class Side:
    """One side's keys (SPEC §3)."""

    role: str
    pairing_id: str
    signing_seed: bytes
    sealing_seed: bytes
    label: str = "Chaussures Clara"

    @property
    def signing(self) -> bytes:
        return bytes(SigningKey(self.signing_seed).verify_key)

    @property
    def sealing(self) -> bytes:
        return bytes(PrivateKey(self.sealing_seed).public_key)

    @property
    def key_id(self) -> bytes:
        return hashlib.sha256(self.signing).digest()[:8]

    @property
    def party(self) -> str:
        return self.key_id.hex()

    def pairing_line(self) -> str:
        """SPEC §3.3."""
        fields = ["comptoir1", self.role, _b64(self.signing), _b64(self.sealing), self.pairing_id]
        body = ":".join([*fields, _b64(self.label.encode())])
        return f"{body}:{hashlib.sha256(body.encode()).hexdigest()[:8]}"


def pairing_bytes(pos: Side, shop: Side) -> bytes:
    """SPEC §3.4."""
    return b"".join(s.pairing_id.encode() + s.signing + s.sealing for s in (pos, shop))


def fingerprint(pos: Side, shop: Side) -> str:
    """SPEC §3.4."""
    digest = hashlib.sha256(b"comptoir/pairing/v1\x00" + pairing_bytes(pos, shop)).digest()
    text = base64.b32encode(digest[:20]).decode()
    return " ".join(text[at : at + 4] for at in range(0, 32, 4))


def first_nonce(pos: Side, shop: Side) -> str:
    """SPEC §3.5."""
    return hashlib.sha256(b"comptoir/first-epoch/v1\x00" + pairing_bytes(pos, shop)).hexdigest()[
        :32
    ]


def canonical(value: object) -> bytes:
    """SPEC §5.7."""
    return json.dumps(value, ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode()


# --- writing ---------------------------------------------------------------------------------


def binding(writer: Side, reader: Side, **place: Any) -> dict[str, Any]:
    """SPEC §5.4, the binding line's fields; `place` holds stream, epoch and seq."""
    schema = f"{place['stream']}/1"
    return {"from": writer.party, "to": reader.party, "schema": schema, **place}


def lines_of(bound: Mapping[str, Any], records: Sequence[bytes], end: object = None) -> bytes:
    """SPEC §5.4, unpacked; `end` replaces the end line."""
    last = {"end": len(records)} if end is None else end
    return b"".join(line + b"\n" for line in (canonical(bound), *records, canonical(last)))


def seal(content: bytes, reader: Side) -> bytes:
    """SPEC §5.4, step 6."""
    return bytes(SealedBox(PublicKey(reader.sealing)).encrypt(content))


def manifest_for(
    writer: Side, reader: Side, unpacked: bytes, sealed: bytes, **changed: Any
) -> dict[str, Any]:
    """SPEC §5.3; a field given as None is left out, `data` is merged."""
    stream = changed.get("stream", "catalogue")
    seal_of = {
        "seal": "sealedbox-x25519-v1", "compression": "gzip", "size": len(sealed),
        "sha256": _sha(sealed), "unpacked_size": len(unpacked), "unpacked_sha256": _sha(unpacked),
        "schema": f"{stream}/1",
    }  # fmt: skip
    fields = {
        "v": [1, 0], "from": writer.party, "to": reader.party, "stream": stream, "epoch": 1,
        "seq": 2, "prev": "a" * 64, "counts": {}, "created_at": "2026-11-24T09:30:00Z",
        **changed, "data": seal_of | changed.get("data", {}),
    }  # fmt: skip
    return {name: value for name, value in fields.items() if value is not None}


def packet(
    manifest: Mapping[str, Any] | bytes, sealed: bytes, writer: Side, domain: bytes = DOMAIN
) -> bytes:
    """SPEC §5.1 and §5.2."""
    said = manifest if isinstance(manifest, bytes) else canonical(manifest)
    signed = MAGIC + b"\x01" + struct.pack(">I", len(said)) + said
    signature = SigningKey(writer.signing_seed).sign(domain + signed).signature
    return signed + writer.key_id + signature + sealed


def name_of(manifest: Mapping[str, Any], content: bytes) -> str:
    """SPEC §4.1."""
    letter, epoch, seq = LETTERS[manifest["stream"]], manifest["epoch"], manifest["seq"]
    return f"{letter}-{epoch:08x}-{seq:012d}-{_sha(content)[:16]}.pkt"


# --- reading ---------------------------------------------------------------------------------


def head_hash(content: bytes) -> str:
    """SPEC §5.2."""
    (length,) = struct.unpack(">I", content[9:13])
    return _sha(content[: 85 + length])


def read(content: bytes, reader: Side, writer: Side) -> tuple[dict[str, Any], list[Any] | bytes]:
    """SPEC §7.1: return the manifest, and the records' fields or the photo's bytes.

    Raises:
        Refused: with the number of the check that failed.
    """
    manifest, sealed = _verified(content, reader, writer)
    said = manifest["data"]
    _check(len(sealed) == said["size"] and _sha(sealed) == said["sha256"], 11)
    _check(said["unpacked_size"] <= 256 * 1024 * 1024, 11)
    try:
        packed = SealedBox(PrivateKey(reader.sealing_seed)).decrypt(sealed)
    except CryptoError as error:
        raise Refused(11) from error
    unpacked = packed if said["compression"] == "none" else _gunzip(packed, said["unpacked_size"])
    _check(len(unpacked) == said["unpacked_size"], 11)
    _check(_sha(unpacked) == said["unpacked_sha256"], 11)
    bound, _, rest = unpacked.partition(b"\n")
    place = {name: manifest[name] for name in ("stream", "epoch", "seq")}
    _check(json.loads(bound) == binding(writer, reader, **place), 12)
    if manifest["stream"] == "media" and manifest["counts"]:
        return manifest, rest
    *records, end, nothing = rest.split(b"\n")
    _check(nothing == b"" and json.loads(end) == {"end": len(records)}, 12)
    _check(sum(manifest["counts"].values()) == len(records), 12)
    return manifest, [json.loads(line) for line in records]


def _verified(content: bytes, reader: Side, writer: Side) -> tuple[dict[str, Any], bytes]:
    _check(85 <= len(content) <= 32 * 1024 * 1024 and content[:8] == MAGIC, 1)
    _check(content[8] == 1, 2)
    (length,) = struct.unpack(">I", content[9:13])
    _check(length <= 65_536 and len(content) >= 85 + length, 3)
    signed, signature = content[: 13 + length], content[21 + length : 85 + length]
    _check(content[13 + length : 21 + length] == writer.key_id, 4)
    try:
        VerifyKey(writer.signing).verify(DOMAIN + signed, signature)
    except BadSignatureError as error:
        raise Refused(4) from error
    manifest = json.loads(signed[13:])
    _check(not manifest.get("needs"), 6)
    _check((manifest["seq"] == 1) == ("opens" in manifest), 7)
    _check(manifest["from"] == writer.party and manifest["to"] == reader.party, 8)
    return manifest, content[85 + length :]


def _gunzip(packed: bytes, size: int) -> bytes:
    try:
        return zlib.decompressobj(wbits=31).decompress(packed, size + 1)
    except zlib.error as error:
        raise Refused(11) from error


def gzipped(content: bytes) -> bytes:
    """SPEC §5.4, step 5."""
    return gzip.compress(content, mtime=0)


def _check(holds: bool, number: int) -> None:
    if not holds:
        raise Refused(number)


def _sha(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()


def _b64(content: bytes) -> str:
    return base64.urlsafe_b64encode(content).decode()
