"""Files that are sent as images: taken out of a multipart body, recognised, made anew, resized.

What a file is, is seen from its content first, then from the type that was declared; its name must
end as that of an image. Every image is made anew, so that it is read otherwise than sent.

    upload = find_upload(request, "image")
    is_recognised(upload, version), remake(upload.content)
"""

from collections.abc import Collection
from dataclasses import dataclass
from email.parser import BytesParser
from email.policy import HTTP
from io import BytesIO

from PIL import Image, UnidentifiedImageError

from demo.prestashop.answers import Request
from demo.prestashop.refusals import PhpDiedError, RefusedError
from demo.prestashop.versions import Version

_ENDINGS = ("gif", "jpg", "jpeg", "jpe", "png", "webp")
_MIMES = ("gif", "jpg", "jpeg", "pjpeg", "png", "webp", "x-png")
_WEBP = "webp"
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


def endings(version: Version) -> list[str]:
    """Return how the names of images may end."""
    return [one for one in _ENDINGS if one != _WEBP or "WEBP" in version.image_formats]


def mimes(version: Version) -> list[str]:
    """Return the types of images that may be sent."""
    known = [one for one in _MIMES if one != _WEBP or "WEBP" in version.image_formats]
    return [f"image/{one}" for one in known]


def is_recognised(upload: Upload, version: Version) -> bool:
    """Whether a file passes for an image that the shop takes."""
    ending = upload.file.rpartition(".")[2].lower()
    if not upload.content or ending not in endings(version):
        return False
    try:
        with Image.open(BytesIO(upload.content)) as image:
            return image.format in version.image_formats
    except (UnidentifiedImageError, OSError, ValueError):
        return upload.mime in mimes(version)


def remake(content: bytes, keep_as_png: Collection[str] = ()) -> bytes:
    """Return an image as the shop stores it: JPEG, or PNG for the formats named.

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
        if image.format in keep_as_png:
            image.save(out, "PNG")
        else:
            image.convert("RGB").save(out, "JPEG", quality=90)
    return out.getvalue()


def resize(content: bytes, side: int) -> bytes:
    """Return a stored image in the middle of a white square, never enlarged, in the same format."""
    out = BytesIO()
    with Image.open(BytesIO(content)) as image:
        kind = "PNG" if image.format == "PNG" else "JPEG"
        image.thumbnail((side, side))
        canvas = Image.new("RGB", (side, side), "white")
        canvas.paste(image, ((side - image.width) // 2, (side - image.height) // 2))
        canvas.save(out, kind)
    return out.getvalue()


def mime_of(content: bytes) -> str:
    """Return the type of a stored image."""
    return "image/png" if content.startswith(b"\x89PNG") else "image/jpeg"
