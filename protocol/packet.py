r"""Bytes ↔ packet: magic, version, signed manifest, sealed data, in one file (SPEC §5).

The order of checks is the promise (SPEC §7.1): size, magic, version, signature; only then is the
manifest parsed and the recipient compared, and only after the sequence rules (`protocol.sequence`)
is the data unsealed, unpacked within the limits the manifest signed, and read line by line.

    content = build_packet(header, lines, keys)
    envelope = read_envelope(content, keys)          # verified, data still sealed
    opened = open_data(envelope, keys)               # records, and lines that were refused
"""

import gzip
import hashlib
import io
import struct
import zlib
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from protocol.errors import ComptoirError, Problem, RefusedItemError, Text
from protocol.keys import PACKET_DOMAIN, CannotOpenError, Keys, key_id
from protocol.manifest import (
    LETTERS,
    MAJOR,
    MAX_MANIFEST,
    MINOR,
    WRITES,
    Acknowledgement,
    DataSeal,
    Manifest,
    Opening,
    Resync,
    SnapshotPart,
    Unreadable,
    manifest_bytes,
    parse_manifest,
)
from protocol.records import BadRecordError, Record, Stream, Unknown, parse_record
from protocol.strict_json import BadJsonError, Json, canonical, parse_object

MAGIC = b"\x89CPT\r\n\x1a\n"
MAX_PACKET = 32 * 1024 * 1024
MAX_UNPACKED = 256 * 1024 * 1024
_PREFIX = len(MAGIC) + 1 + 4
_SEAL = 8 + 64


class PacketError(RefusedItemError):
    """A file is not a packet for us; the reader's position does not move."""

    code = "E-PKT-000"
    what = Text("Paquet refusé ({reason})", "Packet refused ({reason})")
    remedy = Text(
        "Rien n'a été appliqué. Si cela dure, lancer « doctor » des deux côtés",
        "Nothing was applied. If it lasts, run « doctor » on both sides",
    )


class DamagedPacketError(PacketError):
    """Wrong magic, wrong lengths: the file was cut or changed on its way."""

    code = "E-PKT-001"
    what = Text("Paquet abîmé ({reason})", "Damaged packet ({reason})")


class PacketVersionError(PacketError):
    """Another major version of the format."""

    code = "E-PKT-002"
    what = Text("Version {version} du protocole inconnue", "Protocol version {version} unknown")
    remedy = Text("Mettre à jour ce programme", "Update this program")


class BadSignatureError(PacketError):
    """Not signed by the pinned key of the other side."""

    code = "E-PKT-003"
    what = Text("Signature refusée ({reason})", "Signature refused ({reason})")
    remedy = Text(
        "Quelqu'un d'autre écrit sur le serveur FTP, ou l'appairage a changé : appairer de nouveau",
        "Someone else writes to the FTP server, or the pairing changed: pair again",
    )


class WrongRecipientError(PacketError):
    """Signed by the peer but not for us, or not a stream that the peer writes."""

    code = "E-PKT-004"
    what = Text("Paquet pour quelqu'un d'autre ({reason})", "Packet for someone else ({reason})")


class DataMismatchError(PacketError):
    """The data is not what the manifest signed."""

    code = "E-PKT-006"
    what = Text(
        "Contenu différent du manifeste ({reason})", "Data differs from manifest ({reason})"
    )


@dataclass(frozen=True)
class Header:
    """What the writer decides about a packet before it is built.

    Args:
        stream: The stream it belongs to.
        epoch: Epoch number, from 1.
        seq: Sequence in the epoch, from 1.
        prev: Head hash of the packet before in this epoch; 64 zeros at seq 1.
        created_at: UTC.
        opens: At seq 1 only.
        snapshot: When the packet is a part of a snapshot.
        acks: The writer's reading positions.
        unreadable: Packets to be uploaded again.
        resync: Streams of the peer that should begin anew.
        next_by: Heartbeat promise, UTC.
    """

    stream: Stream
    epoch: int
    seq: int
    prev: str
    created_at: datetime
    opens: Opening | None = None
    snapshot: SnapshotPart | None = None
    acks: tuple[Acknowledgement, ...] = ()
    unreadable: tuple[Unreadable, ...] = ()
    resync: tuple[Resync, ...] = ()
    next_by: datetime | None = None


@dataclass(frozen=True)
class Envelope:
    """A packet whose signature and recipient were verified; its data is still sealed.

    Args:
        manifest: The verified header.
        head_hash: SHA-256 of magic…signature, 64 hex: what `prev` and acknowledgements quote.
        sealed: The data as stored.
    """

    manifest: Manifest
    head_hash: str
    sealed: bytes


@dataclass(frozen=True)
class Line:
    """One record line of a packet: the record, or why it was refused alone.

    Args:
        kind: As the line says; empty when it could not be read.
        key: As the line says; empty when it could not be read.
        record: The record, or None with a problem.
        problem: Why the line is refused.
    """

    kind: str
    key: str
    record: Record | None
    problem: Problem | None


@dataclass(frozen=True)
class Opened:
    """An envelope whose data was unsealed, unpacked and read."""

    envelope: Envelope
    lines: tuple[Line, ...] = ()
    photo: bytes | None = None

    @property
    def manifest(self) -> Manifest:
        """The envelope's header."""
        return self.envelope.manifest


def build_packet(header: Header, lines: Sequence[tuple[str, bytes]], keys: Keys) -> bytes:
    """Return a packet of records for the confirmed peer.

    Args:
        header: Stream, epoch, sequence and what is said beside the data.
        lines: (kind, canonical record line without newline), in the order to be applied.
        keys: Ours, paired.
    """
    counts: dict[str, int] = {}
    for kind, _ in lines:
        counts[kind] = counts.get(kind, 0) + 1
    body = [canonical(_binding(header, keys)), *(line for _, line in lines)]
    body.append(canonical({"end": len(lines)}))
    unpacked = b"\n".join(body) + b"\n"
    return _assemble(header, counts, unpacked, gzip.compress(unpacked, mtime=0), "gzip", keys)


def build_photo_packet(header: Header, photo: bytes, keys: Keys) -> bytes:
    """Return a media packet: the binding line, a newline, one photo's bytes, not compressed."""
    unpacked = canonical(_binding(header, keys)) + b"\n" + photo
    return _assemble(header, {"photo": 1}, unpacked, unpacked, "none", keys)


def packet_name(stream: Stream, epoch: int, seq: int, content: bytes) -> str:
    """Return a packet's file name (SPEC §4.1)."""
    digest = hashlib.sha256(content).hexdigest()[:16]
    return f"{LETTERS[stream]}-{epoch:08x}-{seq:012d}-{digest}.pkt"


def read_envelope(content: bytes, keys: Keys) -> Envelope:
    """Return a verified packet for us from the peer, its data still sealed.

    Raises:
        DamagedPacketError, PacketVersionError, BadSignatureError, UnknownNeedsError,
        BadManifestError, WrongRecipientError: the first check that fails, in this order.
    """
    envelope = verify_envelope(content, keys.require_peer().signing, keys)
    manifest, peer = envelope.manifest, keys.require_peer()
    if manifest.sender != peer.party or manifest.recipient != keys.public.party:
        raise WrongRecipientError(reason=f"{manifest.sender} → {manifest.recipient}")
    if manifest.stream not in WRITES[peer.role]:
        raise WrongRecipientError(reason=f"{peer.role} does not write {manifest.stream}")
    return envelope


def read_own_envelope(content: bytes, keys: Keys) -> Envelope:
    """Return one of our own packets, verified by our own key: what we once wrote.

    Raises:
        PacketError: as `read_envelope`, for a file that we never signed.
    """
    return verify_envelope(content, keys.public.signing, keys)


def verify_envelope(content: bytes, signing_public: bytes, keys: Keys) -> Envelope:
    """Return a packet whose signature by one given key holds (see `read_envelope`)."""
    if len(content) > MAX_PACKET:
        raise DamagedPacketError(reason=f"over {MAX_PACKET} bytes")
    if len(content) < _PREFIX + _SEAL:
        raise DamagedPacketError(reason="too short")
    if content[: len(MAGIC)] != MAGIC:
        raise DamagedPacketError(reason=_magic_damage(content))
    if content[len(MAGIC)] != MAJOR:
        raise PacketVersionError(version=content[len(MAGIC)])
    (length,) = struct.unpack_from(">I", content, len(MAGIC) + 1)
    if length > MAX_MANIFEST or len(content) < _PREFIX + length + _SEAL:
        raise DamagedPacketError(reason="manifest length")
    signed = content[: _PREFIX + length]
    named, signature = content[len(signed) : len(signed) + 8], content[len(signed) + 8 :][:64]
    if named != key_id(signing_public):
        raise BadSignatureError(reason=f"key {named.hex()}")
    verifier = replace(keys.public, signing=signing_public)
    if not verifier.verifies(PACKET_DOMAIN + signed, signature):
        raise BadSignatureError(reason="signature")
    head_hash = hashlib.sha256(content[: len(signed) + _SEAL]).hexdigest()
    sealed = content[len(signed) + _SEAL :]
    return Envelope(parse_manifest(signed[_PREFIX:]), head_hash, sealed)


def open_data(envelope: Envelope, keys: Keys) -> Opened:
    """Return an envelope's records or photo; a line that is no record is refused alone.

    Raises:
        DataMismatchError: when the data is not to the byte what the manifest signed, does not
            open with our key, or is bound to another packet.
    """
    unpacked = _unpack(envelope, keys)
    binding, _, rest = unpacked.partition(b"\n")
    _check_binding(binding, envelope.manifest)
    if envelope.manifest.stream == "media" and envelope.manifest.counts:
        return Opened(envelope, photo=rest)
    return Opened(envelope, lines=_read_lines(rest, envelope.manifest))


def _unpack(envelope: Envelope, keys: Keys) -> bytes:
    said = envelope.manifest.data
    if len(envelope.sealed) != said.size:
        raise DataMismatchError(reason=f"{len(envelope.sealed)} / {said.size} bytes")
    if hashlib.sha256(envelope.sealed).hexdigest() != said.sha256:
        raise DataMismatchError(reason="sha256")
    if said.unpacked_size > MAX_UNPACKED:
        raise DataMismatchError(reason=f"over {MAX_UNPACKED} bytes unpacked")
    try:
        packed = keys.open(envelope.sealed)
    except CannotOpenError as error:
        raise DataMismatchError(reason="seal") from error
    unpacked = packed if said.compression == "none" else _gunzip(packed, said.unpacked_size)
    if len(unpacked) != said.unpacked_size:
        raise DataMismatchError(reason="unpacked size")
    if hashlib.sha256(unpacked).hexdigest() != said.unpacked_sha256:
        raise DataMismatchError(reason="unpacked sha256")
    return unpacked


def _gunzip(packed: bytes, size: int) -> bytes:
    # Reading one byte more than was signed shows a bomb without unpacking it.
    try:
        with gzip.GzipFile(fileobj=io.BytesIO(packed)) as stream:
            return stream.read(size + 1)
    except (OSError, EOFError, zlib.error) as error:
        raise DataMismatchError(reason="gzip") from error


def _check_binding(line: bytes, manifest: Manifest) -> None:
    if len(line) > MAX_MANIFEST:
        raise DataMismatchError(reason="binding line")
    said = _own_line(line, "binding line")
    if said != _binding_fields(
        manifest.sender, manifest.recipient, manifest.stream, manifest.epoch, manifest.seq
    ):
        raise DataMismatchError(reason="binding line")


def _read_lines(rest: bytes, manifest: Manifest) -> tuple[Line, ...]:
    lines = rest.split(b"\n")
    if len(lines) < 2 or lines[-1] != b"":
        raise DataMismatchError(reason="last line")
    *body, end, _ = lines
    if _own_line(end, "last line") != {"end": len(body)}:
        raise DataMismatchError(reason="end count")
    if sum(manifest.counts.values()) != len(body):
        raise DataMismatchError(reason="counts")
    return tuple(_read_line(line, manifest, number) for number, line in enumerate(body, start=2))


def _own_line(line: bytes, name: str) -> dict[str, Json]:
    try:
        return parse_object(line, place=name)
    except BadJsonError as error:
        raise DataMismatchError(reason=name) from error


def _read_line(line: bytes, manifest: Manifest, number: int) -> Line:
    place = f"{manifest.stream} {manifest.epoch}/{manifest.seq} line {number}"
    kind = key = ""
    try:
        fields = parse_object(line, place=place)
        kind, key = str(fields.get("kind", "")), str(fields.get("key", ""))[:190]
        record = parse_record(line, place=place)
        if not isinstance(record, Unknown) and record.stream != manifest.stream:
            raise BadRecordError(place=place, value=kind, reason=f"not of {manifest.stream}")
    except ComptoirError as error:
        return Line(kind, key, None, error.problem())
    return Line(kind, key, record, None)


def _binding(header: Header, keys: Keys) -> dict[str, str | int]:
    peer = keys.require_peer()
    return _binding_fields(keys.public.party, peer.party, header.stream, header.epoch, header.seq)


def _binding_fields(
    sender: str, recipient: str, stream: Stream, epoch: int, seq: int
) -> dict[str, str | int]:
    return {
        "from": sender, "to": recipient, "stream": stream, "epoch": epoch, "seq": seq,
        "schema": f"{stream}/{MAJOR}",
    }  # fmt: skip


def _assemble(
    header: Header, counts: dict[str, int], unpacked: bytes, packed: bytes, how: str, keys: Keys
) -> bytes:
    peer = keys.require_peer()
    sealed = peer.seal(packed)
    manifest = Manifest.model_validate(
        {
            "v": (MAJOR, MINOR),
            "from": keys.public.party,
            "to": peer.party,
            "stream": header.stream,
            "epoch": header.epoch,
            "seq": header.seq,
            "prev": header.prev,
            "opens": header.opens,
            "snapshot": header.snapshot,
            "counts": counts,
            "data": DataSeal.model_validate(
                {
                    "compression": how,
                    "size": len(sealed),
                    "sha256": hashlib.sha256(sealed).hexdigest(),
                    "unpacked_size": len(unpacked),
                    "unpacked_sha256": hashlib.sha256(unpacked).hexdigest(),
                    "schema": f"{header.stream}/{MAJOR}",
                }
            ),
            "acks": header.acks,
            "unreadable": header.unreadable,
            "resync": header.resync,
            "created_at": header.created_at,
            "next_by": header.next_by,
        }
    )
    said = manifest_bytes(manifest)
    signed = MAGIC + bytes([MAJOR]) + struct.pack(">I", len(said)) + said
    signature = keys.sign(PACKET_DOMAIN + signed)
    return signed + key_id(keys.public.signing) + signature + sealed


def _magic_damage(content: bytes) -> str:
    if content.startswith((b"\x89CPT\n", b"\x89CPT\r\r", b"\x89CPT\r\n\x1a\r")):
        return "line ends were translated: the transfer was not in binary mode"
    if content.startswith(b"\x09CPT"):
        return "the 8th bit was cut"
    return "not a packet"
