"""The manifest: what a packet says of itself in clear, and never a name, an e-mail or a price.

It is signed as the bytes that were written; nobody ever serialises it again to verify (SPEC §5.2).

    manifest = parse_manifest(content)     # Manifest, or BadManifestError
    content = manifest_bytes(manifest)
"""

from typing import Annotated, Literal

from pydantic import Field, StringConstraints, ValidationError

from protocol.errors import RefusedItemError, Text
from protocol.records import Hex32, Stream
from protocol.strict_json import canonical, parse_object
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


class DataSeal(Wire):
    """How the data is kept and what it is, as stored and as unpacked."""

    seal: Literal["sealedbox-x25519-v1"] = "sealedbox-x25519-v1"
    compression: Literal["gzip", "none"]
    size: int = Field(ge=0, description="bytes as stored")
    sha256: Sha256
    unpacked_size: int = Field(ge=0)
    unpacked_sha256: Sha256
    schema_name: Annotated[str, StringConstraints(pattern=r"^[a-z]+/[0-9]+$")] = Field(
        alias="schema", description="stream/major, e.g. catalogue/1"
    )


class SnapshotPart(Wire):
    """Which part of which snapshot a packet is."""

    id: Hex32
    part: int = Field(ge=1, le=100_000)
    of: int = Field(ge=1, le=100_000)


class Opening(Wire):
    """Said by the first packet of an epoch."""

    nonce: Hex32 | None = Field(
        default=None, description="of the resync request or pairing that it answers"
    )


class Acknowledgement(Wire):
    """The highest packet of a stream such that all before it are verified and durable."""

    stream: Stream
    epoch: Epoch
    seq: Position
    hash: Sha256


class Unreadable(Wire):
    """A packet that could not be verified in three polls: please upload it again."""

    stream: Stream
    epoch: Epoch
    seq: Position


class Manifest(Wire):
    """A packet's signed header."""

    v: tuple[int, int] = Field(description="protocol version: major, minor")
    sender: Party = Field(alias="from")
    recipient: Party = Field(alias="to")
    stream: Stream
    epoch: Epoch
    seq: Position
    prev: Sha256 = Field(description="head hash of the packet before; 64 zeros at seq 1")
    opens: Opening | None = Field(default=None, description="present at seq 1, absent later")
    snapshot: SnapshotPart | None = None
    counts: dict[str, int] = Field(description="records per kind; empty in a heartbeat")
    data: DataSeal
    acks: tuple[Acknowledgement, ...] = Field(default=(), max_length=8)
    unreadable: tuple[Unreadable, ...] = Field(default=(), max_length=8)
    created_at: Utc = Field(description="advisory: order is by seq alone")
    next_by: Utc | None = Field(default=None, description="you will hear from me by then")
    needs: tuple[str, ...] = Field(default=(), description="features a reader must know")


def parse_manifest(content: bytes) -> Manifest:
    """Return the manifest that verified bytes hold.

    Raises:
        BadManifestError, BadJsonError: with the field at fault.
    """
    fields = parse_object(content, place="manifest")
    try:
        manifest = Manifest.model_validate_json(canonical(fields))
    except ValidationError as error:
        first = error.errors(include_url=False)[0]
        where = ".".join(str(part) for part in first["loc"])
        raise BadManifestError(place=f"manifest.{where}", reason=first["msg"]) from error
    if manifest.v[0] != MAJOR:
        raise BadManifestError(place="manifest.v", value=manifest.v, reason="version")
    if manifest.needs:
        raise BadManifestError(place="manifest.needs", value=manifest.needs, reason="needs")
    if (manifest.seq == 1) != (manifest.opens is not None):
        raise BadManifestError(place="manifest.opens", reason="seq 1 opens an epoch")
    if (manifest.seq == 1) != (manifest.prev == ZERO_HASH):
        raise BadManifestError(place="manifest.prev", value=manifest.prev, reason="zeros at seq 1")
    return manifest


def manifest_bytes(manifest: Manifest) -> bytes:
    """Return the bytes to be signed."""
    return canonical(manifest.model_dump(mode="json", by_alias=True, exclude_none=True))
