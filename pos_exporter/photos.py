"""Photos: found under one folder, made fit for the site, known by the hash of what is sent.

A photo that a shop can show as it is (JPEG, PNG or GIF, upright, at most 1600 pixels and 2 MB)
keeps its bytes; any other is turned upright, made smaller and written anew. Reading and unpacking
pictures is slow, so what is known of a file is remembered by its path, time and size: a file that
did not change is not opened again. Pictures without end and paths out of the folder are refused.

    take = PhotoTaker(cache)
    take(image_rule, "F01/1001-1.jpg")            # PhotoFacts(sha256='…', size=8123, look='…')
    fit_photo(take.load(image_rule, "F01/1001-1.jpg"))
"""

import hashlib
import io
import warnings
from collections.abc import MutableMapping
from dataclasses import dataclass
from pathlib import Path, PurePosixPath

from PIL import Image, ImageOps, UnidentifiedImageError

from pos_exporter.mapping.entities import ImageRule
from pos_exporter.mapping.photo_errors import (
    PhotoMissingError,
    PhotoOutsideError,
    PhotoTooLargeError,
    PhotoUnreadableError,
)
from pos_exporter.mapping.row_errors import UndecodableTextError
from pos_exporter.source.port import Undecodable
from protocol.program.look import look_of, on_white

#: Number of the way in which photos are made fit; another number makes every file be read again.
RECIPE = 2
LONGEST_SIDE = 1600
MOST_BYTES_SENT = 2 * 2**20
MOST_BYTES_READ = 32 * 2**20
MOST_PIXELS = 80_000_000
_SHOWN_AS_IS = {"JPEG", "PNG", "GIF"}
_PLAIN_MODES = {"RGB", "L", "P", "RGBA", "LA", "1"}
_ORIENTATION = 0x0112


@dataclass(frozen=True)
class PhotoStamp:
    """What tells that a file has not changed; a BLOB is known by its hash instead of a time."""

    path: str
    modified_ns: int
    size: int
    recipe: int = RECIPE


@dataclass(frozen=True)
class PhotoFacts:
    """What is announced of a photo: hash, number and look of the bytes to be sent."""

    sha256: str
    size: int
    look: str | None


PhotoCache = MutableMapping[PhotoStamp, PhotoFacts]


class PhotoTaker:
    """Finds photos and tells what will be sent of them.

    Args:
        cache: What is known of files already; what is learnt is added.
    """

    def __init__(self, cache: PhotoCache) -> None:
        self._cache = cache

    def __call__(self, image: ImageRule, written: object) -> PhotoFacts | None:
        """Return what will be sent of a photo, or None when the cell is blank.

        Args:
            image: Where photos are.
            written: The cell: a path below the folder, or the bytes themselves.

        Raises:
            RowError: When there is no such photo, or it is not fit to be sent.
        """
        if written is None or written == "" or written == b"":
            return None
        stamp = self._stamp(image, written)
        if stamp not in self._cache:
            self._cache[stamp] = facts_of(fit_photo(self.load(image, written)))
        return self._cache[stamp]

    def load(self, image: ImageRule, written: object) -> bytes:
        """Return a photo's bytes as the till keeps them. Raises as `__call__` does."""
        if image.root is None:
            return _blob(written)
        path = find_file(image, written)
        if path.stat().st_size > MOST_BYTES_READ:
            raise PhotoTooLargeError(value=path.name, size=f"{path.stat().st_size // 2**20} Mo")
        try:
            return path.read_bytes()
        except OSError as error:
            raise PhotoUnreadableError(value=path.name, reason=error.strerror) from error

    def _stamp(self, image: ImageRule, written: object) -> PhotoStamp:
        if image.root is None:
            content = _blob(written)
            return PhotoStamp(hashlib.sha256(content).hexdigest(), 0, len(content))
        path = find_file(image, written)
        found = path.stat()
        return PhotoStamp(str(path), found.st_mtime_ns, found.st_size)


def facts_of(content: bytes) -> PhotoFacts:
    """Return what is announced of these bytes."""
    return PhotoFacts(hashlib.sha256(content).hexdigest(), len(content), look_of(content))


def _blob(written: object) -> bytes:
    if isinstance(written, bytes | bytearray | memoryview):
        return bytes(written)
    raise PhotoUnreadableError(value=str(written)[:40], reason="BLOB ?")


def find_file(image: ImageRule, written: object) -> Path:
    """Return the file that a path of the till leads to: an ordinary file below the folder.

    Raises:
        PhotoMissingError: When there is none.
        PhotoOutsideError: When it leads anywhere else.
        UndecodableTextError: When the path itself cannot be read.
    """
    if isinstance(written, Undecodable | bytes):
        raise UndecodableTextError(value=str(written))
    root, value = image.root or Path(), str(written).strip()
    told = value
    for beginning, instead in image.rewrite:
        if value.lower().startswith(beginning.lower()):
            value = instead + value[len(beginning) :]
            break
    relative = PurePosixPath(value.replace("\\", "/"))
    if relative.is_absolute() or ":" in value or ".." in relative.parts or "\0" in value:
        raise PhotoOutsideError(value=told)
    try:
        path = (root / relative).resolve()
        if not path.is_relative_to(root.resolve()):
            raise PhotoOutsideError(value=told)
        if not path.is_file():
            raise PhotoMissingError(value=told)
    except OSError as error:  # a name too long, a folder without rights
        raise PhotoMissingError(value=told) from error
    return path


def fit_photo(content: bytes) -> bytes:
    """Return the bytes to be sent of a photo; the same bytes always give the same.

    Raises:
        PhotoUnreadableError: When they are no whole picture.
        PhotoTooLargeError: When it has too many pixels.
    """
    try:
        with warnings.catch_warnings():
            # Pillow warns of what we measure ourselves, and of odd metadata.
            warnings.simplefilter("ignore")
            return _fitted(content)
    except (OSError, SyntaxError, ValueError, EOFError, UnidentifiedImageError) as error:
        raise PhotoUnreadableError(reason=str(error)[:80]) from error
    except Image.DecompressionBombError as error:
        raise PhotoTooLargeError(size="?") from error


def _fitted(content: bytes) -> bytes:
    with Image.open(io.BytesIO(content)) as picture:
        width, height = picture.size
        if width * height > MOST_PIXELS:
            raise PhotoTooLargeError(size=f"{width} x {height}")
        kind = picture.format or ""
        upright = picture.getexif().get(_ORIENTATION, 1) in {0, 1}
        picture.load()  # a picture that is cut short is found here
        small = len(content) <= MOST_BYTES_SENT and max(width, height) <= LONGEST_SIDE
        if small and upright and kind in _SHOWN_AS_IS and picture.mode in _PLAIN_MODES:
            return content
        return _written_anew(ImageOps.exif_transpose(picture), kind)


def _written_anew(picture: Image.Image, kind: str) -> bytes:
    picture.thumbnail((LONGEST_SIDE, LONGEST_SIDE))
    if kind == "PNG" and picture.mode in _PLAIN_MODES:
        written = io.BytesIO()
        picture.save(written, "PNG", optimize=True)
        if len(written.getvalue()) <= MOST_BYTES_SENT:
            return written.getvalue()
    flat = on_white(picture)
    for quality in (88, 75, 60):
        written = io.BytesIO()
        flat.save(written, "JPEG", quality=quality, optimize=True)
        if len(written.getvalue()) <= MOST_BYTES_SENT:
            break
    return written.getvalue()
