"""Small pictures and multipart bodies."""

from io import BytesIO

from PIL import Image

BOUNDARY = "----simulated-boundary"


def picture(kind: str, side: int = 60, colour: tuple[int, int, int] = (200, 80, 40)) -> bytes:
    """Return a square of one colour: JPEG, PNG, GIF, WEBP or BMP."""
    out = BytesIO()
    Image.new("RGB", (side, side), colour).save(out, kind)
    return out.getvalue()


def jpeg() -> bytes:
    """Return a small JPEG."""
    return picture("JPEG")


def multipart(field: str, file: str, kind: str, content: bytes) -> tuple[bytes, str]:
    """Return a multipart body with one file, and its content type."""
    head = (
        f'--{BOUNDARY}\r\nContent-Disposition: form-data; name="{field}"; filename="{file}"\r\n'
        f"Content-Type: {kind}\r\n\r\n"
    )
    body = head.encode() + content + f"\r\n--{BOUNDARY}--\r\n".encode()
    return body, f"multipart/form-data; boundary={BOUNDARY}"
