"""Files that are sent as images: taken out of a multipart body, recognised, made anew, resized.

What a file is, is seen from its content first, then from the type that was declared; its name must
end as that of an image. Every image is made anew, so that it is read otherwise than sent.

    upload = find_upload(request, "image")
    is_recognised(upload), remake(upload.content)
"""

from dataclasses import dataclass
from email.parser import BytesParser
from email.policy import HTTP
from io import BytesIO

from PIL import Image, UnidentifiedImageError

from demo.prestashop.answers import Request
from demo.prestashop.refusals import PhpDiedError, RefusedError

_FORMATS = {"JPEG", "PNG", "GIF", "WEBP"}
_ENDINGS = {"gif", "jpg", "jpeg", "jpe", "png", "webp"}
_MIMES = {"image/gif", "image/jpg", "image/jpeg", "image/pjpeg", "image/png", "image/x-png"} | {
    "image/webp"
}
_BEGINNINGS = (b"\xff\xd8\xff", b"\x89PNG\r\n", b"GIF8")
_NOT_COPIED = (76, "An error occurred while copying image")


@dataclass(frozen=True)
class Upload:
    """One file of a multipart body."""

    file: str
    mime: str
    content: bytes


def find_upload(request: Request, field: str) -> Upload | None:
    """Return the file of a field of a multipart body, or None."""
    kind = request.headers.get("content-type", "")
    if not kind.startswith("multipart/form-data"):
        return None
    head = f"Content-Type: {kind}\r\n\r\n".encode()
    message = BytesParser(policy=HTTP).parsebytes(head + request.body)
    for part in message.iter_parts():
        content = part.get_payload(decode=True)
        named = part.get_param("name", header="content-disposition") == field
        if named and isinstance(content, bytes):
            return Upload(part.get_filename() or "", part.get_content_type(), content)
    return None


def is_recognised(upload: Upload) -> bool:
    """Whether a file passes for an image that the shop takes."""
    if not upload.content or upload.file.rpartition(".")[2].lower() not in _ENDINGS:
        return False
    try:
        with Image.open(BytesIO(upload.content)) as image:
            return image.format in _FORMATS
    except (UnidentifiedImageError, OSError, ValueError):
        return upload.mime in _MIMES


def remake(content: bytes, keep_png: bool = False) -> bytes:
    """Return an image as the shop stores it: JPEG, or PNG where a PNG may stay one.

    Raises:
        RefusedError: The content is no image after all.
        PhpDiedError: It begins as one and is cut short.
    """
    out = BytesIO()
    try:
        image = Image.open(BytesIO(content))
    except (UnidentifiedImageError, OSError, ValueError) as error:
        if content.startswith(_BEGINNINGS):
            raise PhpDiedError from error
        raise RefusedError(400, _NOT_COPIED) from error
    with image:
        try:
            image.load()
        except (OSError, ValueError, SyntaxError) as error:
            raise PhpDiedError from error
        if keep_png and image.format == "PNG":
            image.save(out, "PNG")
        else:
            image.convert("RGB").save(out, "JPEG", quality=90)
    return out.getvalue()


def resize(content: bytes, side: int) -> bytes:
    """Return a stored image that fits into a square, in the same format."""
    out = BytesIO()
    with Image.open(BytesIO(content)) as image:
        kind = "PNG" if image.format == "PNG" else "JPEG"
        image.thumbnail((side, side))
        image.save(out, kind)
    return out.getvalue()


def mime_of(content: bytes) -> str:
    """Return the type of a stored image."""
    return "image/png" if content.startswith(b"\x89PNG") else "image/jpeg"
