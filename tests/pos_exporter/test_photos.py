"""Photos: found only where they may be, made fit, and not opened twice."""

import hashlib
import io
import os
from pathlib import Path

import pytest
from PIL import Image

from pos_exporter.mapping.entities import ImageRule
from pos_exporter.mapping.photo_errors import (
    PhotoMissingError,
    PhotoOutsideError,
    PhotoTooLargeError,
    PhotoUnreadableError,
)
from pos_exporter.mapping.row_errors import UndecodableTextError
from pos_exporter.photos import (
    LONGEST_SIDE,
    MOST_BYTES_READ,
    MOST_BYTES_SENT,
    PhotoFacts,
    PhotoStamp,
    PhotoTaker,
    find_file,
    fit_photo,
)
from pos_exporter.source.port import Undecodable
from protocol.program.look import look_of

BLOB = ImageRule(blob="IMG")


def picture(
    size: tuple[int, int] = (40, 30), kind: str = "JPEG", mode: str = "RGB", **options: object
) -> bytes:
    written = io.BytesIO()
    image = Image.new(mode, size, 120 if mode in {"L", "P"} else None)
    image.save(written, kind, **options)
    return written.getvalue()


def opened(content: bytes) -> Image.Image:
    image = Image.open(io.BytesIO(content))
    image.load()
    return image


def noise(side: int) -> bytes:
    image = Image.frombytes("RGB", (side, side), os.urandom(side * side * 3))
    written = io.BytesIO()
    image.save(written, "PNG")
    return written.getvalue()


@pytest.fixture
def folder(tmp_path: Path) -> ImageRule:
    (tmp_path / "photos" / "F01").mkdir(parents=True)
    (tmp_path / "photos" / "F01" / "a.jpg").write_bytes(picture())
    (tmp_path / "secret.jpg").write_bytes(picture())
    rewrite = (("C:\\GESTION\\PHOTOS\\", ""), ("D:/", "F01/"))
    return ImageRule(path="F", root=tmp_path / "photos", rewrite=rewrite)


@pytest.mark.parametrize("content", [picture(), picture(kind="PNG"), picture(kind="GIF", mode="P")])
def test_what_the_shop_can_show_keeps_its_bytes(content: bytes) -> None:
    assert fit_photo(content) == content


@pytest.mark.parametrize(
    ("content", "size"),
    [
        (picture((3200, 800)), (1600, 400)),
        (picture((40, 30), "BMP"), (40, 30)),
        (picture((40, 30), "WEBP"), (40, 30)),
        (picture((40, 30), "TIFF"), (40, 30)),
        (picture((40, 30), "JPEG", "CMYK"), (40, 30)),
    ],
)
def test_other_pictures_become_jpeg(content: bytes, size: tuple[int, int]) -> None:
    found = opened(fit_photo(content))
    assert (found.format, found.mode, found.size) == ("JPEG", "RGB", size)


def test_a_photo_on_its_side_is_turned_and_its_metadata_stay_home() -> None:
    exif = Image.Exif()
    exif[0x0112] = 6
    exif[0x010E] = "12 rue de la boutique"
    found = opened(fit_photo(picture((40, 30), exif=exif)))
    assert found.size == (30, 40)
    assert dict(found.getexif()) == {}


def test_transparency_stays_in_png_and_becomes_white_in_jpeg() -> None:
    clear = picture((2000, 10), "PNG", "RGBA")
    assert opened(fit_photo(clear)).mode == "RGBA"
    found = opened(fit_photo(picture((40, 30), "WEBP", "RGBA", lossless=True)))
    assert (found.format, found.getpixel((5, 5))) == ("JPEG", (255, 255, 255))


def test_a_heavy_photo_is_made_light() -> None:
    heavy = noise(900)
    assert len(heavy) > MOST_BYTES_SENT
    light = fit_photo(heavy)
    assert len(light) <= MOST_BYTES_SENT
    assert max(opened(light).size) <= LONGEST_SIDE
    assert fit_photo(heavy) == light


@pytest.mark.parametrize("content", [b"", b"no picture", picture()[:-200], b"\xff\xd8\xff\xe0"])
def test_what_is_no_whole_picture_is_refused(content: bytes) -> None:
    with pytest.raises(PhotoUnreadableError):
        fit_photo(content)


def test_a_picture_without_end_is_refused_before_it_is_unpacked() -> None:
    with pytest.raises(PhotoTooLargeError):
        fit_photo(picture((10_000, 9_000), "PNG", "1"))


@pytest.mark.parametrize(
    "written",
    [
        "F01/a.jpg",
        "F01\\a.jpg",
        "./F01/a.jpg",
        "c:\\gestion\\photos\\F01\\a.jpg",
        "D:/a.jpg",
        " F01/a.jpg ",
    ],
)
def test_paths_of_the_till_lead_to_files(folder: ImageRule, written: str) -> None:
    assert find_file(folder, written).name == "a.jpg"


@pytest.mark.parametrize(
    "written",
    [
        "../secret.jpg",
        "F01/../../secret.jpg",
        "/etc/passwd",
        "E:\\x.jpg",
        "\\\\server\\x.jpg",
        "a\0b",
    ],
)
def test_paths_out_of_the_folder_are_refused(folder: ImageRule, written: str) -> None:
    with pytest.raises(PhotoOutsideError):
        find_file(folder, written)


def test_a_link_out_of_the_folder_is_refused(folder: ImageRule, tmp_path: Path) -> None:
    (tmp_path / "photos" / "link.jpg").symlink_to(tmp_path / "secret.jpg")
    with pytest.raises(PhotoOutsideError):
        find_file(folder, "link.jpg")


@pytest.mark.parametrize("written", ["F01/b.jpg", "F01", "x" * 5000])
def test_files_that_are_not_there(folder: ImageRule, written: str) -> None:
    with pytest.raises(PhotoMissingError):
        find_file(folder, written)


def test_a_path_that_cannot_be_read(folder: ImageRule) -> None:
    with pytest.raises(UndecodableTextError):
        find_file(folder, Undecodable(b"Zo\xe9.jpg"))


def test_a_huge_file_is_not_read(folder: ImageRule, tmp_path: Path) -> None:
    with (tmp_path / "photos" / "huge.jpg").open("wb") as file:
        file.truncate(MOST_BYTES_READ + 1)
    with pytest.raises(PhotoTooLargeError):
        PhotoTaker({})(folder, "huge.jpg")


@pytest.mark.parametrize("blank", [None, "", b""])
def test_a_blank_cell_is_no_photo(folder: ImageRule, blank: object) -> None:
    assert PhotoTaker({})(folder, blank) is None
    assert PhotoTaker({})(BLOB, blank) is None


def test_what_is_announced_is_what_will_be_sent(folder: ImageRule) -> None:
    taker = PhotoTaker({})
    facts = taker(folder, "F01/a.jpg")
    content = fit_photo(taker.load(folder, "F01/a.jpg"))
    assert facts == PhotoFacts(hashlib.sha256(content).hexdigest(), len(content), look_of(content))


def test_an_unchanged_file_is_not_opened_again(folder: ImageRule) -> None:
    cache: dict[PhotoStamp, PhotoFacts] = {}
    first = PhotoTaker(cache)(folder, "F01/a.jpg")
    assert first is not None
    path = find_file(folder, "F01/a.jpg")
    stamp = path.stat()
    path.write_bytes(b"x" * stamp.st_size)  # would be refused if it were opened
    os.utime(path, ns=(stamp.st_atime_ns, stamp.st_mtime_ns))
    assert PhotoTaker(cache)(folder, "F01/a.jpg") == first
    os.utime(path, ns=(stamp.st_atime_ns, stamp.st_mtime_ns + 10**9))
    with pytest.raises(PhotoUnreadableError):
        PhotoTaker(cache)(folder, "F01/a.jpg")


def test_a_blob_is_known_by_its_content() -> None:
    cache: dict[PhotoStamp, PhotoFacts] = {}
    one, other = picture((40, 30)), picture((41, 30))
    found = [PhotoTaker(cache)(BLOB, content) for content in (one, other, one, memoryview(one))]
    assert found[0] == found[2] == found[3] != found[1]
    assert len(cache) == 2


def test_a_blob_that_is_a_text_is_refused() -> None:
    with pytest.raises(PhotoUnreadableError):
        PhotoTaker({})(BLOB, "a.jpg")
