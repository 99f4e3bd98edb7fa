"""Looks for words that must not be readable in what lies on a server, however they are wrapped.

find_readable(root, ["Xylophine"])      # [("v1/pos/c-….pkt", "Xylophine")]: it can be read there
"""

import base64
import zlib
from collections.abc import Iterable, Iterator
from pathlib import Path

#: How far into a file compressed bytes may begin: after any header of ours.
_FARTHEST = 1024
_MOST = 1024 * 1024
_ZLIB, _GZIP, _DEFLATE = 15, 31, -15


def find_readable(root: Path, words: Iterable[str]) -> list[tuple[str, str]]:
    """Return (file, word) for each word found in a file's name or bytes, below a folder.

    A word is found as UTF-8, Latin-1 and UTF-16, in base64, in hexadecimal, and inside compressed
    bytes that begin near the start of the file.
    """
    forms = [(word, form) for word in words for form in _forms(word)]
    found = []
    for path in sorted(one for one in root.rglob("*") if one.is_file()):
        name = str(path.relative_to(root))
        texts = [name.encode(), *_unwrapped(path.read_bytes())]
        hits = {word for word, form in forms if any(form in text for text in texts)}
        found += [(name, word) for word in sorted(hits)]
    return found


def _forms(word: str) -> Iterator[bytes]:
    plain = word.encode()
    yield plain
    yield word.encode("latin-1", "replace")
    yield word.encode("utf-16-le")
    yield plain.hex().encode()
    for shift in range(3):
        # What stands before decides how a word's bits fall; its first and last letters may mix.
        encoded = base64.b64encode(b"\0" * shift + plain)
        yield encoded[(0, 4, 4)[shift] : len(encoded) - 4]


def _unwrapped(content: bytes) -> Iterator[bytes]:
    yield content
    for start in range(min(_FARTHEST, len(content))):
        for kind in (_ZLIB, _GZIP, _DEFLATE):
            inflated = _inflate(content[start:], kind)
            if inflated:
                yield inflated


def _inflate(content: bytes, kind: int) -> bytes:
    try:
        return zlib.decompressobj(kind).decompress(content, _MOST)
    except zlib.error:
        return b""
