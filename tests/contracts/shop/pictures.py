"""The files that the script uploads: pictures of one colour, and what is no picture.

multipart(Upload("jpeg"))     # (body, content type)
"""

from io import BytesIO

from PIL import Image

from tests.contracts.shop.model import Upload

BOUNDARY = "----script-boundary"
_SIDE = 120


def _picture(kind: str, colour: tuple[int, int, int]) -> bytes:
    out = BytesIO()
    Image.new("RGB", (_SIDE, _SIDE), colour).save(out, kind)
    return out.getvalue()


def _content(name: str) -> bytes:
    if name == "garbage":
        return b"this is no picture at all" * 20
    if name == "empty":
        return b""
    if name == "truncated jpeg":
        whole = _picture("JPEG", (10, 120, 200))
        return whole[: len(whole) // 2]
    if name == "large":
        return _picture("JPEG", (1, 2, 3)) + b"\0" * (2 * 1024 * 1024)
    return _picture(name.upper(), (200, 80, 40))


def multipart(upload: Upload) -> tuple[bytes, str]:
    """Return a multipart body with one file, and its content type."""
    head = (
        f"--{BOUNDARY}\r\nContent-Disposition: form-data; "
        f'name="{upload.field}"; filename="{upload.file_name}"\r\n'
        f"Content-Type: {upload.kind}\r\n\r\n"
    )
    body = head.encode() + _content(upload.content) + f"\r\n--{BOUNDARY}--\r\n".encode()
    return body, f"multipart/form-data; boundary={BOUNDARY}"
