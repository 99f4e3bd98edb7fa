"""A photo's look: it stays when a picture is written anew, and tells pictures apart."""

import io

import pytest
from PIL import Image, ImageDraw

from protocol.program.look import distance, look_of


def drawn(shade: int = 40, size: tuple[int, int] = (400, 300), mode: str = "RGB") -> Image.Image:
    picture = Image.new(mode, size, "white")
    pen = ImageDraw.Draw(picture)
    pen.ellipse((40, 60, 300, 220), fill=(shade, 90, 200))
    pen.rectangle((220, 20, 380, 120), fill=(200, shade, 30))
    return picture


def written(picture: Image.Image, kind: str = "JPEG", **options: object) -> bytes:
    stream = io.BytesIO()
    picture.save(stream, kind, **options)
    return stream.getvalue()


def look(content: bytes) -> str:
    found = look_of(content)
    assert found is not None
    return found


def test_a_look_is_the_mean_colour_of_each_of_64_parts() -> None:
    picture = Image.new("RGB", (16, 16), (0, 0, 0))
    picture.putpixel((0, 0), (255, 0, 4))
    picture.paste((10, 20, 30), (14, 14, 16, 16))
    seen = look(written(picture, "PNG"))
    assert len(seen) == 384
    assert seen[:6] == "400001"  # a quarter of the first part, rounded
    assert seen[6:-6] == "0" * 372
    assert seen[-6:] == "0a141e"


@pytest.mark.parametrize("quality", [60, 75, 90])
def test_a_picture_written_anew_looks_the_same(quality: int) -> None:
    before = written(drawn(), quality=88)
    with Image.open(io.BytesIO(before)) as opened:
        after = written(opened, quality=quality)
    assert before != after
    assert distance(look(before), look(after)) < 1


def test_two_pictures_look_different() -> None:
    assert distance(look(written(drawn(40))), look(written(drawn(140)))) > 6


def test_transparent_parts_show_white() -> None:
    clear = Image.new("RGBA", (80, 80), (255, 0, 0, 0))
    assert look(written(clear, "PNG")) == "ff" * 192


@pytest.mark.parametrize("content", [b"", b"no picture", written(drawn())[:400]])
def test_what_is_no_whole_picture_has_no_look(content: bytes) -> None:
    assert look_of(content) is None


def test_a_picture_without_end_has_no_look() -> None:
    assert look_of(written(Image.new("1", (10_000, 8_001)), "PNG")) is None
