"""What the `images` resource answers in XML: kinds, sizes, lists, an upload.

An upload's answer bears the whole file in base64 beside the row.

    image_list(20, [24, 25], "http://127.0.0.1:8080/api/")
"""

from collections.abc import Collection, Mapping, Sequence

from demo.prestashop.versions import Version
from demo.prestashop.xml_nodes import HREF, Element, add, finished, new_root


def image_types(kinds: Sequence[str], version: Version, mimes: Sequence[str], base: str) -> bytes:
    """Return the document that lists the kinds of images, and what files they take."""
    root = new_root()
    parent = add(root, "image_types")
    parent.text = "\n"
    for kind in kinds:
        _add_kind(parent, kind, f"{base}images/{kind}", version, {"GET", "HEAD"}, mimes)
    return finished(root)


def general_images(
    names: Sequence[str], version: Version, mimes: Sequence[str], base: str
) -> bytes:
    """Return the document that lists the shop's own images, such as the one on invoices."""
    root = new_root()
    parent = add(root, "general_image_types")
    parent.text = "\n"
    for name in names:
        allowed = {"GET", "PUT", "HEAD"}
        _add_kind(parent, name, f"{base}images/general/{name}", version, allowed, mimes)
    return finished(root)


def _add_kind(
    parent: Element, name: str, link: str, version: Version, allowed: Collection[str],
    mimes: Sequence[str],
) -> None:  # fmt: skip
    node = add(parent, name)
    node.set(HREF, link)
    for method in version.methods:
        node.set(method.lower(), "true" if method in allowed else "false")
    node.set("upload_allowed_mimetypes", ", ".join(mimes))


def image_sizes(
    sizes: Mapping[str, tuple[int, int]], base: str, entities: Sequence[int] = ()
) -> bytes:
    """Return the document of a kind of images: its sizes, and the entities that have images."""
    root = new_root()
    parent = add(root, "image_types")
    parent.text = "\n"
    for name, (identifier, _) in sizes.items():
        node = add(parent, "image_type")
        node.set("id", str(identifier))
        node.set("name", name)
        node.set(HREF, f"{base}image_types/{identifier}")
    images = add(root, "images")
    images.text = "\n"
    for entity in entities:
        node = add(images, "image")
        node.set("id", str(entity))
        node.set(HREF, f"{base}images/products/{entity}")
    return finished(root)


def image_list(product: int, ids: Sequence[int], base: str) -> bytes:
    """Return the document that lists the images of one product."""
    root = new_root()
    parent = add(root, "image")
    parent.set("id", str(product))
    parent.text = "\n"
    for identifier in ids:
        node = add(parent, "declination")
        node.set("id", str(identifier))
        node.set(HREF, f"{base}images/products/{product}/{identifier}")
    return finished(root)


def image_document(
    identifier: int,
    product: int,
    position: int,
    cover: bool,
    languages: Sequence[int],
    content: str,
    base: str,
) -> bytes:
    """Return the answer to an upload: the image's row, and the file in base64 beside it."""
    root = new_root()
    node = add(root, "image")
    node.text = "\n"
    for name, value in (
        ("id", str(identifier)),
        ("id_product", str(product)),
        ("position", str(position)),
        ("cover", "1" if cover else ""),
    ):
        add(node, name, value)
    legend = add(node, "legend")
    for lang in languages:
        language = add(legend, "language", "", tail="")
        language.set("id", str(lang))
        language.set(HREF, f"{base}languages/{lang}")
    add(root, "content", content).set("encode", "base64")
    return finished(root)
