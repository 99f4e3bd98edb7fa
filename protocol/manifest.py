"""The manifest: what a packet says of itself in clear, and never a name, an e-mail or a price.

It is signed as the bytes that were written; nobody ever serialises it again to verify (SPEC §5.3).

    manifest = parse_manifest(content)     # Manifest, or BadManifestError
    content = manifest_bytes(manifest)
"""

from typing import Annotated, Literal

from pydantic import Field, StringConstraints, ValidationError

from protocol.errors import RefusedItemError, Text
from protocol.records import Hex32, Stream
from protocol.strict_json import BadJsonError, canonical, parse_object
from protocol.values import Sha256, Utc, Wire

MAJOR = 1
MINOR = 0
MAX_MANIFEST = 65_536
MAX_SEQUENCE = 2**53 - 1
ZERO_HASH = "0" * 64

Party = Annotated[str, StringConstraints(pattern=r"^[0-9a-f]{16}$")]
Position = Annotated[int, Field(ge=1, le=MAX_SEQUENCE)]
Epoch = Annotated[int, Field(ge=1, le=2**32 - 1)]

#: Which streams each side writes, and the letter that tells them in file names (SPEC §4.1).
LETTERS: dict[Stream, str] = {"catalogue": "c", "media": "m", "orders": "o", "answers": "a"}
WRITES: dict[str, tuple[Stream, ...]] = {
    "pos": ("catalogue", "media", "answers"),
    "shop": ("orders", "answers"),
}


class BadManifestError(RefusedItemError):
    """A signed manifest does not say what this version must know."""

    code = "E-PKT-005"
    what = Text("Manifeste refusé ({reason})", "Manifest refused ({reason})")
    remedy = Text(
        "Mettre à jour les deux programmes ; signaler si cela persiste",
        "Update both programs; report it if it stays",
    )


class UnknownNeedsError(BadManifestError):
    """The writer says that a reader must know a feature that this version does not."""

    code = "E-PKT-007"
    what = Text("Le paquet exige {needs}", "The packet needs {needs}")
    remedy = Text("Mettre à jour ce programme", "Update this program")


class DataSeal(Wire):
    """How the data is kept and what it is, as stored and as unpacked."""

    seal: Literal["sealedbox-x25519-v1"] = Field(
        default="sealedbox-x25519-v1", description="how it is sealed; one way in version 1"
    )
    compression: Literal["gzip", "none"] = Field(description="gzip for records, none for a photo")
    size: int = Field(ge=0, description="bytes as stored")
    sha256: Sha256 = Field(description="of the bytes as stored")
    unpacked_size: int = Field(ge=0, description="bytes after unsealing and unpacking")
    unpacked_sha256: Sha256 = Field(description="of the bytes as unpacked")
    schema_name: Annotated[str, StringConstraints(pattern=r"^[a-z]+/[0-9]+$")] = Field(
        alias="schema", description="stream/major, e.g. catalogue/1"
    )


class SnapshotPart(Wire):
    """Which part of which snapshot a packet is; part n is packet n of its epoch."""

    id: Hex32 = Field(description="names the snapshot: 16 random bytes")
    part: int = Field(ge=1, le=100_000, description="from 1; equals seq")
    of: int = Field(ge=1, le=100_000, description="how many parts there are")


class Opening(Wire):
    """Said by the first packet of an epoch."""

    nonces: tuple[Hex32, ...] = Field(
        default=(), max_length=8, description="of the resync requests or pairing that it answers"
    )


class Acknowledgement(Wire):
    """The highest packet of a stream such that all before it are verified and durable."""

    stream: Stream = Field(description="one that the recipient writes")
    epoch: Epoch = Field(description="of that packet")
    seq: Position = Field(description="of that packet")
    hash: Sha256 = Field(description="head hash of that packet (§5.2)")


class Unreadable(Wire):
    """A packet that could not be verified in three polls: please upload it again."""

    stream: Stream = Field(description="one that the recipient writes")
    epoch: Epoch = Field(description="of that packet")
    seq: Position = Field(description="of that packet")


ResyncReason = Literal["state_lost", "state_restored", "gap", "equivocation_cleared", "damaged"]


class Resync(Wire):
    """The sender lost its place in a stream: please open a new epoch that quotes this nonce."""

    stream: Stream = Field(description="one that the recipient writes")
    nonce: Hex32 = Field(description="drawn by the reader; the new epoch quotes it")
    reason: ResyncReason = Field(description="why (§7.7)")


class Manifest(Wire):
    """A packet's signed header."""

    v: tuple[int, int] = Field(description="protocol version: major, minor")
    sender: Party = Field(alias="from", description="party id of the writer (§3.2)")
    recipient: Party = Field(alias="to", description="party id of the reader")
    stream: Stream = Field(description="one that the sender writes (§4.1)")
    epoch: Epoch = Field(description="of the packet")
    seq: Position = Field(description="1 and then one more for each packet of the epoch")
    prev: Sha256 = Field(description="head hash of the packet before; 64 zeros at seq 1")
    opens: Opening | None = Field(default=None, description="present at seq 1, absent later")
    snapshot: SnapshotPart | None = Field(
        default=None, description="present in the parts of a snapshot"
    )
    counts: dict[str, Annotated[int, Field(ge=1)]] = Field(
        description="records per kind; empty in a heartbeat"
    )
    data: DataSeal = Field(description="what the rest of the file is")
    acks: tuple[Acknowledgement, ...] = Field(
        default=(), max_length=8, description="how far the sender has read (§8.4)"
    )
    unreadable: tuple[Unreadable, ...] = Field(
        default=(), max_length=8, description="please upload these again (§7.5)"
    )
    resync: tuple[Resync, ...] = Field(
        default=(), max_length=8, description="please open new epochs (§7.7)"
    )
    created_at: Utc = Field(description="advisory: order is by seq alone")
    next_by: Utc | None = Field(default=None, description="you will hear from me by then")
    needs: tuple[str, ...] = Field(default=(), description="features a reader must know")


def parse_manifest(content: bytes) -> Manifest:
    """Return the manifest that verified bytes hold.

    Raises:
        UnknownNeedsError: for a feature that this version does not know.
        BadManifestError: with the field at fault.
    """
    try:
        fields = parse_object(content, place="manifest")
    except BadJsonError as error:
        raise BadManifestError(place=error.place, reason=error.facts["reason"]) from error
    # Asked first: what a needed feature changed in the other fields is not ours to judge.
    needs = fields.get("needs")
    if isinstance(needs, list) and needs:
        raise UnknownNeedsError(place="manifest.needs", needs=canonical(needs).decode())
    try:
        manifest = Manifest.model_validate_json(canonical(fields))
    except ValidationError as error:
        first = error.errors(include_url=False)[0]
        where = ".".join(str(part) for part in first["loc"])
        raise BadManifestError(place=f"manifest.{where}", reason=first["msg"]) from error
    if manifest.v[0] != MAJOR:
        raise BadManifestError(place="manifest.v", value=manifest.v, reason="version")
    if manifest.data.schema_name != f"{manifest.stream}/{MAJOR}":
        raise BadManifestError(place="manifest.data.schema", reason=manifest.data.schema_name)
    if (manifest.seq == 1) != (manifest.opens is not None):
        raise BadManifestError(place="manifest.opens", reason="seq 1 opens an epoch")
    if (manifest.seq == 1) != (manifest.prev == ZERO_HASH):
        raise BadManifestError(place="manifest.prev", value=manifest.prev, reason="zeros at seq 1")
    part = manifest.snapshot
    if part and (part.part != manifest.seq or part.part > part.of):
        raise BadManifestError(place="manifest.snapshot", value=part.part, reason="part n is seq n")
    return manifest


def manifest_bytes(manifest: Manifest) -> bytes:
    """Return the bytes to be signed."""
    return canonical(manifest.model_dump(mode="json", by_alias=True, exclude_none=True))
