"""A photo's look: 8 × 8 pixels that stay when a shop writes a picture anew (SPEC §8.8).

Rules: any bytes may be given; what is no whole picture, or would fill the memory, has no look.
Transparent parts show white, as in a shop that keeps photos as JPEG.

    look = look_of(jpeg)                  # "c8c2b9…", 384 hex digits, or None
    distance(look, look_of(shops_jpeg))   # 0.4: mean difference of the 192 bytes
"""

import io
import warnings

from PIL import Image, UnidentifiedImageError

SIDE = 8
MOST_PIXELS = 80_000_000


def look_of(content: bytes) -> str | None:
    """Return the look of a picture, or None when the bytes are none."""
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # of sizes that are measured here, of odd metadata
            return _look_of(content)
    except (OSError, SyntaxError, ValueError, EOFError, UnidentifiedImageError):
        return None
    except Image.DecompressionBombError:
        return None


def distance(one: str, other: str) -> float:
    """Return the mean absolute difference of two looks' bytes, 0 to 255."""
    pairs = zip(bytes.fromhex(one), bytes.fromhex(other), strict=True)
    return sum(abs(a - b) for a, b in pairs) / (SIDE * SIDE * 3)


def on_white(picture: Image.Image) -> Image.Image:
    """Return a picture as RGB, its transparent parts white."""
    if "A" not in picture.getbands() and "transparency" not in picture.info:
        return picture.convert("RGB")
    seen = picture.convert("RGBA")
    ground = Image.new("RGBA", seen.size, "white")
    return Image.alpha_composite(ground, seen).convert("RGB")


def _look_of(content: bytes) -> str | None:
    with Image.open(io.BytesIO(content)) as picture:
        width, height = picture.size
        if width * height > MOST_PIXELS:
            return None
        small = on_white(picture).resize((SIDE, SIDE), Image.Resampling.BOX)
    return small.tobytes().hex()
