"""Product images: sent as multipart, made anew by the shop, listed, read, replaced, deleted.

A broken file leaves a row without content behind, as PrestaShop 8 does. Only products have a list;
categories, manufacturers and suppliers have one image each.

    Images(core).handle(request, ["products", "20"])       # the list of product 20's images
"""

# ruff: noqa: S608 - only names of our own tables are put into SQL; values are bound

import base64

from demo.prestashop.answers import JSON, XML, Answer, Request, sha1_header
from demo.prestashop.core import Core
from demo.prestashop.pictures import (
    endings,
    find_upload,
    is_recognised,
    mime_of,
    mimes,
    remake,
    resize,
)
from demo.prestashop.record import leading_int
from demo.prestashop.refusals import (
    AbsentError,
    PhpDiedError,
    RefusedError,
    closest,
    php_warning,
    quoted,
)
from demo.prestashop.xml_answers import list_document
from demo.prestashop.xml_images import (
    general_images,
    image_document,
    image_list,
    image_sizes,
    image_types,
)

KINDS = (
    "general", "products", "categories", "manufacturers", "suppliers", "stores", "customizations",
)  # fmt: skip
GENERAL = ("header", "mail", "invoice", "store_icon")
# How often PHP before 8 tells of a file that is cut short: twice for each size it makes.
_CUT_WARNINGS = 17
SIZES = {
    "cart_default": (1, 125),
    "home_default": (4, 250),
    "large_default": (5, 800),
    "medium_default": (3, 452),
    "small_default": (2, 98),
}
_NO_IMAGE = (57, "This image id does not exist")
_NOT_ON_DISK = "This image does not exist on disk"
_SET_IMAGE = (76, 'Please set an "image" parameter with image data for value')
_BAD_FORMAT = "Image upload error : Image format not recognized, allowed formats are: "
_EXISTS = (65, "This image already exists. To modify it, please use the PUT method")
_TABLES = {"categories": "categories", "manufacturers": "manufacturers", "suppliers": "suppliers"}


class Images:
    """The `images` resource.

    Args:
        core: The shop's shared parts.
    """

    def __init__(self, core: Core) -> None:
        self._database = core.database
        self._core = core
        self._version = core.version

    def handle(self, request: Request, segments: list[str]) -> Answer:
        """Answer a request below `/api/images`."""
        if not segments:
            return _xml(image_types(KINDS, self._version, mimes(self._version), request.base))
        kind, *rest = segments
        if kind not in KINDS:
            known = list(KINDS)
            said = f'Image of type "{kind}" does not exist. Did you mean: "{closest(kind, known)}"?'
            raise RefusedError(400, (48, f"{said} The full list is: {quoted(known)}"))
        if kind == "general" and not rest:
            types = mimes(self._version)
            return _xml(general_images(GENERAL, self._version, types, request.base))
        if kind == "customizations" and not rest:
            return _xml(list_document("carts", [], request.base))
        if kind == "products":
            return self._product_images(request, rest)
        if kind in _TABLES and rest:
            return self._other_image(request, kind, leading_int(rest[0]), rest[1:])
        return _xml(image_sizes(SIZES, request.base))

    def _product_images(self, request: Request, segments: list[str]) -> Answer:
        if not segments:
            sql = "SELECT DISTINCT id_product FROM product_images ORDER BY id_product"
            return _xml(image_sizes(SIZES, request.base, self._database.ids(sql)))
        product = leading_int(segments[0])
        if request.method == "POST" and len(segments) == 1:
            return self._add(request, product)
        if len(segments) == 1:
            return self._list(request, product)
        return self._one(request, product, leading_int(segments[1]), segments[2:])

    def _list(self, request: Request, product: int) -> Answer:
        sql = "SELECT id FROM product_images WHERE id_product = ? ORDER BY id"
        ids = self._database.ids(sql, product)
        if not ids and self._version.empty_images == 404:
            raise AbsentError
        if not ids and request.method != "DELETE":
            kind = JSON if request.wants_json else XML
            return Answer(self._version.empty_images, b"", kind)
        if request.method == "DELETE":
            return Answer(200, content_type=None)  # answered so, though nothing is deleted
        if request.wants_json:
            warned = php_warning('Undefined array key "objectsNodeName"', line=127)
            raise RefusedError(500, *[warned] * (len(ids) + 1), (61, _NOT_ON_DISK))
        return _xml(image_list(product, ids, request.base))

    def _one(self, request: Request, product: int, image: int, sizes: list[str]) -> Answer:
        sql = "SELECT content FROM product_images WHERE id = ? AND id_product = ?"
        content = self._database.find_blob(sql, image, product)
        if content is None:
            raise RefusedError(400, _NO_IMAGE)
        if request.method in {"GET", "HEAD"}:
            return _binary(_resized(content, sizes))
        if request.method == "DELETE":
            return self._delete(image)
        if request.method == "POST":
            raise RefusedError(400, _EXISTS)
        if not content:
            raise RefusedError(500, (63, "Unable to delete the image"))
        fresh = self._accepted(request)
        self._store("product_images", "id = ?", fresh, image)
        return _binary(fresh)

    def _delete(self, image: int) -> Answer:
        """Delete an image; when it was the cover, the product has none until the next upload."""
        if self._version.image_delete_dies:
            self._forget(image)
            raise PhpDiedError
        sql = "SELECT id_product, position FROM product_images WHERE id = ?"
        gone = self._database.rows(sql, image)[0]
        self._forget(image)
        sql = "UPDATE product_images SET position = position - 1 WHERE id_product = ?"
        sql += " AND position > ?"
        self._database.run(sql, gone["id_product"], gone["position"])
        return Answer(200, content_type=None)

    def _forget(self, image: int) -> None:
        self._database.run("DELETE FROM product_images WHERE id = ?", image)
        self._database.run("DELETE FROM combination_images WHERE id_image = ?", image)

    def _add(self, request: Request, product: int) -> Answer:
        file = self._file(request)
        if not self._database.ids("SELECT id FROM products WHERE id = ?", product):
            raise RefusedError(400, (76, f"Product {product} does not exist"))
        content = b"" if self._version.keeps_broken_images else self._kept(file)
        sql = "SELECT COALESCE(MAX(position), 0) + 1 FROM product_images WHERE id_product = ?"
        position = self._database.number(sql, product)
        sql = "SELECT COUNT(*) FROM product_images WHERE id_product = ? AND cover = 1"
        cover = 0 if self._database.number(sql, product) else 1
        sql = "INSERT INTO product_images (id_product, position, cover) VALUES (?, ?, ?)"
        image = self._database.run(sql, product, position, cover)
        try:
            content = content or self._kept(file)
        except PhpDiedError as error:
            if self._version.warns:
                raise
            cut = (11, "[PHP Warning #2] imagecreatefromjpeg(): recoverable error: Premature end")
            raise RefusedError(500, *[cut] * _CUT_WARNINGS) from error
        self._store("product_images", "id = ?", content, image)
        body = image_document(
            image, product, position, bool(cover), self._core.languages(),
            base64.b64encode(content).decode(), request.base,
        )  # fmt: skip
        return _xml(body)

    def _other_image(self, request: Request, kind: str, entity: int, sizes: list[str]) -> Answer:
        sql = "SELECT content FROM other_images WHERE kind = ? AND id_entity = ?"
        content = self._database.find_blob(sql, kind, entity)
        if request.method == "POST" and content is not None:
            raise RefusedError(400, _EXISTS)
        if request.method == "POST":
            fresh = self._accepted(request)
            self._database.run(
                "INSERT INTO other_images (kind, id_entity) VALUES (?, ?)", kind, entity
            )
            self._store("other_images", "kind = ? AND id_entity = ?", fresh, kind, entity)
            return _binary(fresh)
        if content is None:
            code = 64 if request.method == "DELETE" else 61
            raise RefusedError(500, (code, _NOT_ON_DISK))
        if request.method == "DELETE":
            sql = "DELETE FROM other_images WHERE kind = ? AND id_entity = ?"
            self._database.run(sql, kind, entity)
            return Answer(200, content_type=None)
        if request.method in {"GET", "HEAD"}:
            return _binary(_resized(content, sizes))
        fresh = self._accepted(request)
        self._store("other_images", "kind = ? AND id_entity = ?", fresh, kind, entity)
        return _binary(fresh)

    def _kept(self, file: bytes) -> bytes:
        """Return a product's photo as it is kept."""
        kept = ("PNG",) if self._version.webp_becomes != "PNG" else ("PNG", "WEBP")
        return remake(file, kept)

    def _store(self, table: str, where: str, content: bytes, *key: object) -> None:
        sql = f"UPDATE {table} SET content = ?, mime = ? WHERE {where}"
        self._database.run(sql, content, mime_of(content), *key)

    def _accepted(self, request: Request) -> bytes:
        return remake(self._file(request))

    def _file(self, request: Request) -> bytes:
        """Return the file of the field `image`, after the checks that precede any write."""
        if request.verb == "PUT":  # PHP reads no files then
            raise RefusedError(400, _SET_IMAGE)
        upload = find_upload(request, "image")
        if upload is None:
            status, code, said = self._version.no_file
            raise RefusedError(status, (code, said))
        setting = self._core.setting_number("PS_LIMIT_UPLOAD_IMAGE_VALUE") or 2
        if len(upload.content) > (self._version.image_limit or setting * 1024 * 1024):
            limit = self._version.image_limit // 1000 or setting * 1000
            said = f"The image size is too large (maximum allowed is {limit} KB)"
            raise RefusedError(400, (72, said))
        if not is_recognised(upload, self._version):
            allowed = ", ".join(endings(self._version))
            raise RefusedError(400, (76, _BAD_FORMAT + allowed))
        return upload.content


def _resized(content: bytes, sizes: list[str]) -> bytes:
    if not content:
        raise PhpDiedError
    if not sizes:
        return content
    if sizes[0] not in SIZES:
        known = sorted(SIZES)
        said = f'This image size does not exist. Did you mean: "{closest(sizes[0], known)}"?'
        raise RefusedError(400, (58, f"{said} The full list is: {quoted(known)}"))
    return resize(content, SIZES[sizes[0]][1])


def _binary(content: bytes) -> Answer:
    return Answer(200, content, mime_of(content), (sha1_header(content),))


def _xml(body: bytes) -> Answer:
    return Answer(200, body, XML, (sha1_header(body),))
