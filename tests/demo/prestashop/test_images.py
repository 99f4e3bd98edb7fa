"""Images of products and categories."""

import pytest
from lxml import etree

from demo.prestashop import Shop
from tests.demo.prestashop import recordings
from tests.demo.prestashop.asking import Answered, Asker, combination_xml, product_xml
from tests.demo.prestashop.pictures import jpeg, multipart, picture


@pytest.fixture
def with_product(ask: Asker) -> Asker:
    """A shop with product 1."""
    ask.new_id("products", product_xml())
    return ask


def send(
    ask: Asker,
    path: str = "images/products/1",
    content: bytes | None = None,
    kind: str = "image/jpeg",
    field: str = "image",
    method: str = "POST",
) -> Answered:
    """Send a file."""
    body, header = multipart(field, "a.jpg", kind, jpeg() if content is None else content)
    return ask(method, path, body, {"content-type": header})


def covers(ask: Asker) -> str:
    """Return the id of product 1's cover."""
    return ask.get("products/1").value("product/id_default_image")


def test_an_upload_answers_200_with_the_image_in_base64(with_product: Asker) -> None:
    answer = send(with_product)
    assert (answer.status, answer.content_type) == (200, "text/xml;charset=utf-8")
    assert [node.tag for node in answer.tree] == ["image", "content"]
    assert answer.value("image/id") == "1"
    assert answer.value("image/cover") == "1"
    assert answer.value("content").startswith("/9j/")
    assert send(with_product).value("image/cover") == ""
    assert covers(with_product) == "1"


def test_an_upload_is_answered_in_the_recorded_shape(with_product: Asker) -> None:
    recordings.require()
    ours = send(with_product).tree
    theirs = etree.fromstring(recordings.index()["w.image_post.xml"].body)
    assert recordings.shape(ours[0], links=False) == recordings.shape(theirs[0], links=False)
    assert recordings.shape(ours[1]) == recordings.shape(theirs[1])


@pytest.mark.parametrize(
    ("kind", "mime", "read_as", "type_read"),
    [
        ("JPEG", "image/jpeg", b"\xff\xd8", "image/jpeg"),
        ("JPEG", "text/plain", b"\xff\xd8", "image/jpeg"),
        ("PNG", "image/png", b"\x89PNG", "image/png"),
        ("GIF", "image/gif", b"\xff\xd8", "image/jpeg"),
        ("WEBP", "image/webp", b"\xff\xd8", "image/jpeg"),
    ],
)
def test_formats_are_made_anew(
    with_product: Asker, kind: str, mime: str, read_as: bytes, type_read: str
) -> None:
    assert send(with_product, content=picture(kind), kind=mime).status == 200
    read = with_product.get("images/products/1/1")
    assert (read.status, read.content_type) == (200, type_read)
    assert read.body.startswith(read_as)
    small = with_product.get("images/products/1/1/small_default")
    assert (small.status, small.content_type) == (200, type_read)


@pytest.mark.parametrize(
    ("content", "kind", "field", "file", "code"),
    [
        (picture("BMP"), "image/bmp", "image", "a.jpg", 76),
        (picture("BMP"), "image/jpeg", "image", "a.jpg", 76),
        (jpeg(), "image/jpeg", "image", "a.txt", 76),
        (jpeg(), "image/jpeg", "image", "a", 76),
        (jpeg(), "image/jpeg", "file", "a.jpg", 76),
        (b"", "image/jpeg", "image", "a.jpg", 76),
        (b"no image at all", "text/plain", "image", "a.jpg", 76),
        (b"\xff" * (2 * 1024 * 1024 + 1), "image/jpeg", "image", "a.jpg", 72),
    ],
)
def test_files_that_are_refused_leave_nothing(
    with_product: Asker, content: bytes, kind: str, field: str, file: str, code: int
) -> None:
    body, header = multipart(field, file, kind, content)
    answer = with_product("POST", "images/products/1", body, {"content-type": header})
    assert (answer.status, answer.codes) == (400, [code])
    assert with_product.get("images/products/1").status == 404


def test_a_broken_file_leaves_a_row_without_content(with_product: Asker) -> None:
    assert send(with_product, content=b"no image at all").codes == [76]
    listed = with_product.get("images/products/1")
    assert [node.get("id") for node in listed.tree[0]] == ["1"]
    assert with_product.get("images/products/1/1").status == 500
    replaced = send(with_product, "images/products/1/1?ps_method=PUT")
    assert (replaced.status, replaced.codes) == (500, [63])
    assert with_product("DELETE", "images/products/1/1").status == 200


def test_a_product_with_a_broken_image_is_deleted_and_denied(with_product: Asker) -> None:
    send(with_product, content=b"no image at all")
    answer = with_product("DELETE", "products/1")
    assert (answer.status, answer.codes) == (500, [88])
    assert with_product.get("products/1").status == 404
    assert with_product.get("images/products/1").status == 404


def test_an_unknown_product(with_product: Asker) -> None:
    answer = send(with_product, "images/products/99999")
    assert (answer.status, answer.codes) == (400, [76])
    assert answer.message == "Product 99999 does not exist"


def test_no_images_is_404(with_product: Asker) -> None:
    for product in (1, 99999):
        answer = with_product.get(f"images/products/{product}")
        assert (answer.status, answer.body) == (404, b"")


def test_an_unknown_image(with_product: Asker) -> None:
    send(with_product)
    for method in ("GET", "DELETE"):
        answer = with_product(method, "images/products/1/99")
        assert (answer.status, answer.codes) == (400, [57])


def test_replacing(with_product: Asker) -> None:
    send(with_product)
    before = with_product.get("images/products/1/1").body
    assert send(with_product, "images/products/1/1", method="PUT").codes == [76]
    assert send(with_product, "images/products/1/1").codes == [65]
    fresh = picture("JPEG", colour=(0, 0, 255))
    answer = send(with_product, "images/products/1/1?ps_method=PUT", content=fresh)
    assert (answer.status, answer.content_type) == (200, "image/jpeg")
    assert with_product.get("images/products/1/1").body == answer.body != before


def test_the_cover_can_be_moved_and_is_lost_with_its_image(with_product: Asker) -> None:
    for _ in range(3):
        send(with_product)
    with_product("PATCH", "products", "<x><id>1</id><id_default_image>3</id_default_image></x>")
    assert covers(with_product) == "3"
    gone = with_product("DELETE", "images/products/1/3")
    assert (gone.status, gone.content_type, gone.body) == (200, None, b"")
    assert covers(with_product) == ""
    send(with_product)
    assert covers(with_product) == "4"
    listed = with_product.get("products/1").values("*/associations/images/image/id")
    assert listed == ["1", "2", "4"]


def test_images_do_not_change_the_products_date(shop: Shop, with_product: Asker) -> None:
    made = with_product.get("products/1").value("*/date_upd")
    send(with_product)
    assert with_product.get("products/1").value("*/date_upd") == made
    with_product.new_id("combinations", combination_xml(1))
    assert shop.query("SELECT COUNT(*) AS n FROM product_images") == [{"n": "1"}]


def test_a_category_has_one_image(ask: Asker) -> None:
    assert ask.get("images/categories/2").codes == [61]
    assert send(ask, "images/categories/2").status == 200
    assert send(ask, "images/categories/2").codes == [65]
    assert send(ask, "images/categories/2?ps_method=PUT").status == 200
    assert ask.get("images/categories/2").content_type == "image/jpeg"
    assert ask("DELETE", "images/categories/2").status == 200
    assert ask("DELETE", "images/categories/2").codes == [64]
    assert ask.get("images/categories/2").codes == [61]


def test_deleting_the_list_is_answered_and_does_nothing(with_product: Asker) -> None:
    send(with_product)
    assert with_product("DELETE", "images/products/1").status == 200
    assert with_product.get("images/products/1/1").status == 200


def test_kinds_and_sizes_are_listed(ask: Asker) -> None:
    kinds = ask.get("images").tree[0]
    assert [node.tag for node in kinds][:3] == ["general", "products", "categories"]
    sizes = ask.get("images/products").tree[0]
    assert {node.get("name") for node in sizes} >= {"home_default", "large_default"}
    assert ask.get("images/bogus").codes == [48]


def test_an_unknown_size(with_product: Asker) -> None:
    send(with_product)
    assert with_product.get("images/products/1/1/bogus").codes == [58]
