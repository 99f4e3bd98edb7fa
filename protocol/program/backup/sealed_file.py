r"""A file that only its passphrase opens, and that shows any damage before it is believed.

    magic       11   \x89CPTBAK\r\n\x1a\n: shows what a text-mode copy did to it
    version      2   big endian
    length       2   of the header, big endian
    header           JSON: program, made_at, and how the key is made of the passphrase
    chunks           XChaCha20-Poly1305 (libsodium's secretstream): 65,536 bytes each, the last one
                     shorter and marked as such; magic…header is authenticated with each
    digest      32   SHA-256 of all before it: tells damage from a wrong passphrase

A newer version keeps magic, version and digest where they are.

    with SealedWriter(target, header, key) as sealed: sealed.write(content)
    header = read_header(source, place); key = derive_key(header, "correct horse battery")
    reader = SealedReader(source, key, place); reader.read(100); reader.finish()
"""

import hashlib
import os
import struct
from dataclasses import dataclass
from types import TracebackType
from typing import Annotated, BinaryIO, Literal, Self

from nacl import pwhash
from nacl.bindings import (
    crypto_secretstream_xchacha20poly1305_ABYTES as OVERHEAD,
)
from nacl.bindings import (
    crypto_secretstream_xchacha20poly1305_init_pull,
    crypto_secretstream_xchacha20poly1305_init_push,
    crypto_secretstream_xchacha20poly1305_pull,
    crypto_secretstream_xchacha20poly1305_push,
    crypto_secretstream_xchacha20poly1305_state,
)
from nacl.bindings import (
    crypto_secretstream_xchacha20poly1305_TAG_FINAL as FINAL,
)
from nacl.bindings import (
    crypto_secretstream_xchacha20poly1305_TAG_MESSAGE as MESSAGE,
)
from nacl.exceptions import CryptoError
from pydantic import BaseModel, ConfigDict, Field, ValidationError

from protocol.keys import RandomBytes
from protocol.program.backup.errors import (
    DamagedBackupError,
    NewerBackupError,
    NotABackupError,
    TooLittleMemoryError,
    WrongPassphraseError,
)

MAGIC = b"\x89CPTBAK\r\n\x1a\n"
#: As much of the magic as a text-mode copy leaves alone.
_SIGN = MAGIC[:7]
VERSION = 1
CHUNK = 65_536
_DIGEST = 32
_STREAM = 24
_NUMBERS = struct.Struct(">HH")
_MEGABYTE = 2**20


@dataclass(frozen=True)
class Cost:
    """What one guess of the passphrase costs.

    Args:
        passes: Of argon2id over its memory.
        memory: Bytes.
    """

    passes: int = 4
    memory: int = 128 * _MEGABYTE


class Header(BaseModel):
    """What a backup says of itself; nothing of it is secret.

    Args:
        program: `pos-exporter` or `shop-agent`.
        made_at: UTC, as text.
        kdf: How the passphrase becomes a key.
        passes: Of argon2id.
        memory: Of argon2id, in bytes.
        salt: 16 bytes, hex.
    """

    model_config = ConfigDict(frozen=True, strict=True)

    program: Annotated[str, Field(min_length=1, max_length=60)]
    made_at: Annotated[str, Field(max_length=40)]
    kdf: Literal["argon2id"] = "argon2id"
    # Bounds: a made-up header must not keep this machine busy for hours.
    passes: Annotated[int, Field(ge=1, le=64)]
    memory: Annotated[int, Field(ge=8192, le=2**31)]
    salt: Annotated[str, Field(pattern=r"^[0-9a-f]{32}$")]

    @classmethod
    def new(cls, program: str, made_at: str, cost: Cost, random_bytes: RandomBytes) -> "Header":
        """Return the header of a new backup."""
        return cls(
            program=program, made_at=made_at, passes=cost.passes, memory=cost.memory,
            salt=random_bytes(16).hex(),
        )  # fmt: skip

    def framed(self) -> bytes:
        """Return the file's first bytes, up to the chunks."""
        body = self.model_dump_json().encode()
        return MAGIC + _NUMBERS.pack(VERSION, len(body)) + body


def derive_key(header: Header, passphrase: str) -> bytes:
    """Return the 32 bytes that open the chunks; takes half a second on purpose.

    Raises:
        TooLittleMemoryError: When this machine cannot.
    """
    try:
        return pwhash.argon2id.kdf(
            32, passphrase.encode(), bytes.fromhex(header.salt), header.passes, header.memory
        )
    except (MemoryError, CryptoError) as error:
        raise TooLittleMemoryError(megabytes=header.memory // _MEGABYTE) from error


class SealedWriter:
    """Writes one sealed file; whole only after the block has ended without an error.

    Args:
        target: Empty, opened for binary writing.
        header: Of the file.
        key: As `derive_key` made it.
    """

    def __init__(self, target: BinaryIO, header: Header, key: bytes) -> None:
        self._target, self._hash, self._waiting = target, hashlib.sha256(), bytearray()
        self._state = crypto_secretstream_xchacha20poly1305_state()
        self._said = header.framed()
        self._put(self._said)
        self._put(crypto_secretstream_xchacha20poly1305_init_push(self._state, key))

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        if kind is None:
            self._push(bytes(self._waiting), FINAL)
            self._target.write(self._hash.digest())

    def write(self, content: bytes) -> int:
        """Take content to be sealed; return its length."""
        self._waiting += content
        # Fewer than a chunk wait, none perhaps: they are the last one.
        while len(self._waiting) >= CHUNK:
            self._push(bytes(self._waiting[:CHUNK]), MESSAGE)
            del self._waiting[:CHUNK]
        return len(content)

    def _push(self, content: bytes, tag: int) -> None:
        self._put(crypto_secretstream_xchacha20poly1305_push(self._state, content, self._said, tag))

    def _put(self, content: bytes) -> None:
        self._hash.update(content)
        self._target.write(content)


def read_header(source: BinaryIO, place: object) -> Header:
    """Return what a backup says of itself, once the file is known to be as it was written.

    The passphrase is not needed, so nobody is asked for it in vain.

    Raises:
        NotABackupError: When the file is something else.
        DamagedBackupError: When it is cut, longer, or has one byte changed.
        NewerBackupError: When a newer program made it.
    """
    source.seek(0)
    if source.read(len(_SIGN)) != _SIGN:
        raise NotABackupError(place=place)
    _check_digest(source, place)
    source.seek(len(MAGIC))
    version, length = _NUMBERS.unpack(source.read(_NUMBERS.size))
    if version > VERSION:
        raise NewerBackupError(place=place, version=version)
    if version < VERSION:
        raise DamagedBackupError(place=place, reason="version")
    try:
        return Header.model_validate_json(source.read(length))
    except ValidationError as error:
        raise DamagedBackupError(place=place, reason="header") from error


def _check_digest(source: BinaryIO, place: object) -> None:
    size = source.seek(0, os.SEEK_END)
    left = size - _DIGEST
    if left < len(MAGIC) + _NUMBERS.size:
        raise DamagedBackupError(place=place, reason="length")
    source.seek(0)
    if source.read(len(MAGIC)) != MAGIC:
        raise DamagedBackupError(place=place, reason="text mode")
    source.seek(0)
    digest = hashlib.sha256()
    while left > 0:
        content = source.read(min(left, _MEGABYTE))
        left -= len(content)
        digest.update(content)
    if digest.digest() != source.read(_DIGEST):
        raise DamagedBackupError(place=place, reason="SHA-256")


class SealedReader:
    """Reads what a sealed file holds, each chunk proven before it is handed out.

    Args:
        source: A file that `read_header` has accepted.
        key: As `derive_key` made it.
        place: The file, as shown to people.

    Raises:
        WrongPassphraseError: With the first reading, when the key does not fit.
        DamagedBackupError: When a chunk is not the one that was written there.
    """

    def __init__(self, source: BinaryIO, key: bytes, place: object) -> None:
        self._source, self._place = source, place
        self._ready = bytearray()
        self._has_begun = self._has_ended = False
        size = source.seek(0, os.SEEK_END)
        source.seek(len(MAGIC))
        _, length = _NUMBERS.unpack(source.read(_NUMBERS.size))
        source.seek(0)
        # As it was written: a later program may have said more in it.
        self._said = source.read(len(MAGIC) + _NUMBERS.size + length)
        begin = source.read(_STREAM)
        self._left = size - _DIGEST - len(self._said) - _STREAM
        if self._left < OVERHEAD:
            raise DamagedBackupError(place=place, reason="length")
        self._state = crypto_secretstream_xchacha20poly1305_state()
        crypto_secretstream_xchacha20poly1305_init_pull(self._state, begin, key)

    def read(self, size: int) -> bytes:
        """Return the next bytes, fewer only at the end."""
        while len(self._ready) < size and not self._has_ended:
            self._pull()
        taken = bytes(self._ready[:size])
        del self._ready[:size]
        return taken

    def finish(self) -> None:
        """Prove the rest of the file, to its last chunk."""
        while not self._has_ended:
            self._ready.clear()
            self._pull()

    def _pull(self) -> None:
        size = min(self._left, CHUNK + OVERHEAD)
        self._left -= size
        try:
            content, tag = crypto_secretstream_xchacha20poly1305_pull(
                self._state, self._source.read(size), self._said
            )
        except (CryptoError, ValueError) as error:
            if self._has_begun:
                raise DamagedBackupError(place=self._place, reason="chunk") from error
            raise WrongPassphraseError(place=self._place) from error
        self._has_begun = True
        self._has_ended = tag == FINAL
        # The file's end and the writer's end are one.
        if self._has_ended != (self._left == 0):
            raise DamagedBackupError(place=self._place, reason="end")
        self._ready += content
