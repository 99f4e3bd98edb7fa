"""The sealed file gives back what was written, and believes nothing that was changed."""

import hashlib
import io
import struct

import pytest
from hypothesis import given
from hypothesis import strategies as st
from nacl.bindings import crypto_secretstream_xchacha20poly1305_TAG_FINAL as FINAL

from protocol.errors import ComptoirError
from protocol.program.backup.errors import (
    DamagedBackupError,
    NewerBackupError,
    NotABackupError,
    WrongPassphraseError,
)
from protocol.program.backup.sealed_file import (
    CHUNK,
    MAGIC,
    Cost,
    Header,
    SealedReader,
    SealedWriter,
    derive_key,
    read_header,
)

CHEAP = Cost(passes=1, memory=8192)
PASSPHRASE = "quatre mots sans lien"
HEADER = Header.new("shop-agent", "2026-11-24T20:00:00Z", CHEAP, lambda size: b"s" * size)
KEY = derive_key(HEADER, PASSPHRASE)
#: Of magic, version and length.
FIXED = len(MAGIC) + 4
CHUNKS = len(HEADER.framed())


def sealed(content: bytes, header: Header = HEADER) -> bytes:
    target = io.BytesIO()
    with SealedWriter(target, header, KEY) as writer:
        writer.write(content)
    return target.getvalue()


def opened(file: bytes, passphrase: str = PASSPHRASE) -> bytes:
    """Read a file as `restore` does."""
    source = io.BytesIO(file)
    header = read_header(source, "file")
    reader = SealedReader(source, derive_key(header, passphrase), "file")
    content = b"".join(iter(lambda: reader.read(10_000), b""))
    reader.finish()
    return content


def redigested(file: bytes) -> bytes:
    """Return a file that says to be as it was written, though it was changed."""
    return file[:-32] + hashlib.sha256(file[:-32]).digest()


def refusal(file: bytes, passphrase: str = PASSPHRASE) -> type[ComptoirError]:
    with pytest.raises(ComptoirError) as told:
        opened(file, passphrase)
    return type(told.value)


@given(st.binary(max_size=300), st.lists(st.integers(0, 300), max_size=4))
def test_what_was_written_comes_back(content: bytes, cuts: list[int]) -> None:
    target = io.BytesIO()
    with SealedWriter(target, HEADER, KEY) as writer:
        start = 0
        for cut in [*sorted(cuts), len(content)]:
            writer.write(content[start:cut])
            start = max(start, cut)
    assert opened(target.getvalue()) == content
    assert read_header(target, "file") == HEADER


@pytest.mark.parametrize("size", [0, 1, CHUNK - 1, CHUNK, CHUNK + 1, 2 * CHUNK, 3 * CHUNK + 7])
def test_any_number_of_chunks_comes_back(size: int) -> None:
    content = bytes(number % 251 for number in range(size))
    assert opened(sealed(content)) == content


def test_nothing_of_the_content_can_be_read() -> None:
    assert b"canary" not in sealed(b"canary" * 50)


@given(st.data())
def test_one_changed_byte_is_refused(data: st.DataObject) -> None:
    file = bytearray(sealed(b"content" * 40))
    file[data.draw(st.integers(0, len(file) - 1))] ^= data.draw(st.integers(1, 255))
    assert refusal(bytes(file)) in {DamagedBackupError, NotABackupError}


@given(st.data())
def test_one_changed_byte_is_refused_though_the_digest_was_made_anew(data: st.DataObject) -> None:
    file = bytearray(sealed(b"content" * 40))
    place = data.draw(st.integers(FIXED, len(file) - 33))
    file[place] ^= data.draw(st.integers(1, 255))
    assert refusal(redigested(bytes(file))) in {DamagedBackupError, WrongPassphraseError}


@pytest.mark.parametrize(
    "at", [7, len(MAGIC) - 1, FIXED - 1, FIXED + 3, CHUNKS + 1, CHUNKS + 30, -1]
)
def test_damage_of_each_part_is_told_as_damage(at: int) -> None:
    file = bytearray(sealed(b"content" * 40))
    file[at] ^= 1
    assert refusal(bytes(file)) is DamagedBackupError


@pytest.mark.parametrize(
    "length", [len(MAGIC), FIXED, CHUNKS, CHUNKS + 24, CHUNK + CHUNKS, -32, -1]
)
def test_a_cut_file_is_damaged(length: int) -> None:
    assert refusal(sealed(b"c" * 2 * CHUNK)[:length]) is DamagedBackupError


def test_a_longer_file_is_damaged() -> None:
    assert refusal(sealed(b"content") + b"x") is DamagedBackupError


def test_a_file_cut_at_a_chunk_is_damaged_whatever_its_digest_says() -> None:
    whole = sealed(b"c" * 2 * CHUNK)
    assert refusal(redigested(whole[: CHUNKS + 24 + CHUNK + 17] + b"d" * 32)) is DamagedBackupError


def test_chunks_that_changed_places_are_damaged() -> None:
    whole = sealed(b"a" * CHUNK + b"b" * CHUNK + b"c")
    begin, size = CHUNKS + 24, CHUNK + 17
    first, second = whole[begin : begin + size], whole[begin + size : begin + 2 * size]
    third = whole[begin + 2 * size :]
    swapped = whole[:begin] + first + first + third
    assert refusal(redigested(swapped)) is DamagedBackupError
    assert second != first


def test_a_copy_in_text_mode_is_damage_and_not_another_kind_of_file() -> None:
    assert refusal(sealed(b"content").replace(b"\r\n", b"\n")) is DamagedBackupError


@pytest.mark.parametrize("file", [b"", b"PK\x03\x04", b"{}" * 100, MAGIC[:6]])
def test_something_else_is_no_backup(file: bytes) -> None:
    assert refusal(file) is NotABackupError


def test_a_newer_version_is_told_as_such() -> None:
    file = sealed(b"content")
    newer = file[: len(MAGIC)] + struct.pack(">H", 2) + file[len(MAGIC) + 2 :]
    assert refusal(redigested(newer)) is NewerBackupError


def test_a_later_header_that_says_more_is_read() -> None:
    more = HEADER.model_dump_json()[:-1] + ',"more":1}'

    class Said(Header):
        def framed(self) -> bytes:
            return MAGIC + struct.pack(">HH", 1, len(more)) + more.encode()

    assert opened(sealed(b"content", Said(**HEADER.model_dump()))) == b"content"


def test_a_wrong_passphrase_is_no_damage() -> None:
    assert refusal(sealed(b"content"), "quatre mots sans liens") is WrongPassphraseError


@pytest.mark.parametrize("field", ["memory", "passes", "salt", "program"])
def test_the_header_cannot_be_made_up(field: str) -> None:
    said = HEADER.model_dump() | {"memory": 9000, "passes": 2, "salt": "0" * 32, "program": "x"}
    other = Header(**{**HEADER.model_dump(), field: said[field]})
    file = sealed(b"content")
    assert refusal(redigested(other.framed() + file[CHUNKS:])) is WrongPassphraseError


@pytest.mark.parametrize(("field", "value"), [("memory", 2**40), ("passes", 10**9)])
def test_a_header_that_would_keep_the_machine_busy_is_refused(field: str, value: int) -> None:
    other = Header.model_construct(**{**HEADER.model_dump(), field: value})
    assert refusal(redigested(other.framed() + sealed(b"")[CHUNKS:])) is DamagedBackupError


def test_what_follows_the_last_chunk_is_damage_even_from_one_who_has_the_key() -> None:
    target = io.BytesIO()
    with SealedWriter(target, HEADER, KEY) as writer:
        writer._push(b"c" * CHUNK, FINAL)
        writer.write(b"more")
    assert refusal(target.getvalue()) is DamagedBackupError
