"""Photos: odd answers, rows left behind, and outcomes settled by looking at the list."""

import pytest

from shop_agent.prestashop.errors import (
    EntityGoneError,
    ImageRefusedError,
    ShopFailedError,
    UnreadableAnswerError,
    WriteOutcomeUnknownError,
)
from shop_agent.prestashop.http import ImageFile
from shop_agent.prestashop.images import (
    Gallery,
    delete_image,
    download_image,
    find_cover,
    find_galleries,
    list_images,
    replace_image,
    set_cover,
    upload_image,
)
from tests.shop_agent.prestashop.old_shop import OldShop
from tests.shop_agent.prestashop.stub_shop import (
    HTML_HEADERS,
    HURRIED,
    SIGNED,
    Reply,
    StubShop,
    entities,
    errors,
)

JPEG = ImageFile(b"\xff\xd8\xff\xe0 a picture", "shoe.jpg")
ABSENT = Reply(404, "", SIGNED)
BROKEN = Reply(500, "", HTML_HEADERS)
PICTURE = Reply(200, b"\xff\xd8\xff", {"Content-Type": "image/jpeg", "PSWS-Version": "8.2.1"})
NO_FILE = Reply(500, errors(61))
DELETED = Reply(200, "", SIGNED)
REFUSED = Reply(400, errors(76))


def photos(*ids: int) -> Reply:
    nodes = "".join(f'<declination id="{n}" xlink:href="http://x/{n}"/>' for n in ids)
    return Reply(200, entities(f'<image id="20">\n{nodes}\n</image>'))


def answered(inside: str) -> Reply:
    return Reply(200, f'<?xml version="1.0" encoding="UTF-8"?>\n{inside}')


NEW = "<image>\n<id><![CDATA[24]]></id>\n<id_product><![CDATA[20]]></id_product>\n</image>\n"
FILE = '<content encode="base64"><![CDATA[' + "A" * 5000 + "]]></content>"


def test_the_list_is_rising_ids_and_a_404_is_an_empty_one() -> None:
    with StubShop([photos(26, 24), photos(3), ABSENT]) as stub, stub.open() as shop:
        assert list_images(shop, 20) == (24, 26)
        assert list_images(shop, 20) == (3,)
        assert list_images(shop, 20) == ()
    assert stub.seen[0].path == "/api/images/products/20"


def test_a_photo_without_id_is_not_guessed() -> None:
    odd = Reply(200, entities('<image id="20"><declination/></image>'))
    with StubShop([odd]) as stub, stub.open() as shop, pytest.raises(UnreadableAnswerError):
        list_images(shop, 20)


@pytest.mark.parametrize(
    "reply",
    [
        answered(NEW + FILE),  # two roots: not XML at all
        Reply(200, entities(NEW + FILE)),
        Reply(200, "<br />\nWarning: 600 signs " + "x" * 600 + entities(NEW + FILE)),
        answered("<image><id>24</id></image>" + FILE[:200]),
    ],
)
def test_the_new_id_is_read_from_the_first_bytes(reply: Reply) -> None:
    with StubShop([reply]) as stub, stub.open() as shop:
        assert upload_image(shop, 20, JPEG, ()) == 24
    (seen,) = stub.seen
    assert (seen.verb, seen.path) == ("POST", "/api/images/products/20")
    assert b'name="image"; filename="shoe.jpg"' in seen.body
    assert b"Content-Type: image/jpeg" in seen.body
    assert JPEG.content in seen.body


def test_an_upload_whose_answer_is_lost_is_found_in_the_list() -> None:
    replies = [BROKEN, photos(22, 24), PICTURE]
    with StubShop(replies) as stub, stub.open() as shop:
        assert upload_image(shop, 20, JPEG, before=(22,)) == 24
    silent = [Reply(hang_up=True), photos(24), PICTURE]
    with StubShop(silent) as stub, stub.open() as shop:
        assert upload_image(shop, 20, JPEG, before=()) == 24


def test_an_answer_without_an_id_is_looked_up_too() -> None:
    replies = [answered("<image></image>"), photos(24), PICTURE]
    with StubShop(replies) as stub, stub.open() as shop:
        assert upload_image(shop, 20, JPEG, ()) == 24


def test_a_broken_file_is_refused_and_its_row_deleted() -> None:
    replies = [REFUSED, photos(22, 24, 25), NO_FILE, DELETED, PICTURE]
    with StubShop(replies) as stub, stub.open() as shop, pytest.raises(ImageRefusedError) as caught:
        upload_image(shop, 20, JPEG, before=(22,))
    assert caught.value.facts["shop_code"] == "76"
    deletions = [seen.path for seen in stub.seen if seen.verb == "DELETE"]
    assert deletions == ["/api/images/products/20/24"]  # 25 shows a picture: a person added it


def test_a_file_that_breaks_the_shop_leaves_nothing_either() -> None:
    replies = [BROKEN, photos(22, 24), NO_FILE, DELETED]
    with StubShop(replies) as stub, stub.open() as shop, pytest.raises(ShopFailedError):
        upload_image(shop, 20, JPEG, before=(22,))
    assert stub.seen[-1].path == "/api/images/products/20/24"


def test_an_upload_that_may_still_be_at_work_is_left_alone() -> None:
    replies = [Reply(delay=0.4), photos(22, 24), NO_FILE]
    with (
        StubShop(replies) as stub,
        stub.open(HURRIED) as shop,
        pytest.raises(WriteOutcomeUnknownError),
    ):
        upload_image(shop, 20, JPEG, before=(22,))
    assert all(seen.verb != "DELETE" for seen in stub.seen)


def test_two_new_photos_cannot_be_told_apart() -> None:
    replies = [BROKEN, photos(24, 25), PICTURE, PICTURE]
    with StubShop(replies) as stub, stub.open() as shop, pytest.raises(WriteOutcomeUnknownError):
        upload_image(shop, 20, JPEG, ())


def test_deleting() -> None:
    gone = Reply(400, errors(57))
    with StubShop([DELETED, gone]) as stub, stub.open() as shop:
        assert delete_image(shop, 20, 24)
        assert not delete_image(shop, 20, 24)


def test_a_deletion_answered_by_an_empty_500_is_settled_by_the_list() -> None:
    replies = [BROKEN, photos(25), BROKEN, ABSENT, BROKEN, photos(24)]
    with StubShop(replies) as stub, stub.open() as shop:
        assert delete_image(shop, 20, 24)
        assert delete_image(shop, 20, 24)
        with pytest.raises(WriteOutcomeUnknownError):
            delete_image(shop, 20, 24)


def shown(*products: str) -> Reply:
    return Reply(200, entities(f"<products>{''.join(products)}</products>"))


def pictured(product: int, cover: int | str, *images: int) -> str:
    rows = "".join(f"<image><id>{image}</id></image>" for image in images)
    return (
        f"<product><id>{product}</id><id_default_image>{cover}</id_default_image>"
        f"<associations><images>{rows}</images></associations></product>"
    )


EMPTY_500 = Reply(500, "")  # what 1.6 answers for the photos of a product without any


def test_a_list_that_fails_is_read_from_the_product_instead() -> None:
    replies = [EMPTY_500, shown(pictured(20, "")), EMPTY_500, shown()]
    replies += [EMPTY_500, shown(pictured(20, 26, 26, 24))]
    with StubShop(replies) as stub, stub.open(version="1.6.1.24") as shop:
        assert [list_images(shop, 20) for _ in range(3)] == [(), (), (24, 26)]


def test_deleting_the_last_photo_of_an_old_shop_is_settled_by_looking() -> None:
    replies = [BROKEN, EMPTY_500, shown(pictured(20, ""))]
    with StubShop(replies) as stub, stub.open(version="1.6.1.24") as shop:
        assert delete_image(shop, 20, 24)


def test_galleries_tell_the_photos_in_order_and_the_cover() -> None:
    reply = shown(pictured(20, 24, 26, 24), pictured(21, ""))
    with StubShop([reply]) as stub, stub.open() as shop:
        found = find_galleries(shop, [20, 21, 22])
    assert found == {20: Gallery((26, 24), 24), 21: Gallery((), None)}
    assert stub.seen[0].query["display"] == "[id,id_default_image,images[id]]"


def test_a_photo_is_replaced_by_a_post_that_says_put() -> None:
    missing = Reply(400, errors(57))
    no_row = Reply(500, errors(63))
    replies = [PICTURE, missing, REFUSED, no_row]
    with StubShop(replies) as stub, stub.open() as shop:
        replace_image(shop, 20, 24, JPEG)
        for expected in (EntityGoneError, ImageRefusedError, WriteOutcomeUnknownError):
            with pytest.raises(expected):
                replace_image(shop, 20, 24, JPEG)
    first = stub.seen[0]
    assert (first.verb, first.path) == ("POST", "/api/images/products/20/24")
    assert first.query["ps_method"] == "PUT"
    assert JPEG.content in first.body


def test_a_photo_replaced_by_a_page_of_html_is_unknown() -> None:
    page = Reply(200, "<html>", HTML_HEADERS)
    with (
        StubShop([page]) as stub,
        stub.open() as shop,
        pytest.raises(WriteOutcomeUnknownError),
    ):
        replace_image(shop, 20, 24, JPEG)


def test_downloading() -> None:
    with StubShop([PICTURE, Reply(400, errors(57)), ABSENT]) as stub, stub.open() as shop:
        assert download_image(shop, 20, 24) == ImageFile(
            b"\xff\xd8\xff", "20-24.jpeg", "image/jpeg"
        )
        assert download_image(shop, 20, 25) is None
        assert download_image(shop, 99, 25) is None


@pytest.mark.parametrize(
    "reply",
    [
        NO_FILE,
        Reply(200, entities("<image/>")),
        Reply(200, b"", {"Content-Type": "image/jpeg", "PSWS-Version": "8.2.1"}),
        Reply(200, b"\xff" * 1001, {"Content-Type": "image/jpeg", "PSWS-Version": "8.2.1"}),
    ],
)
def test_what_is_no_picture_or_too_large_is_not_taken(reply: Reply) -> None:
    with StubShop([reply] * 3) as stub, stub.open() as shop, pytest.raises(UnreadableAnswerError):
        download_image(shop, 20, 24, limit=1000)


def test_the_cover_of_an_old_shop_is_set_in_the_whole_product() -> None:
    row = "<price>3</price><id_default_image>24</id_default_image><manufacturer_name/>"
    old = OldShop("products", {20: row})
    with StubShop(old) as stub, stub.open(version="1.7.8.11") as shop:
        assert set_cover(shop, 20, 26).id == 20
    assert (old.text(20, "id_default_image"), old.text(20, "price")) == ("26", "3")


def test_the_cover() -> None:
    def cover(inside: str) -> Reply:
        return Reply(200, entities(f"<products>{inside}</products>"))

    covered = "<product><id>20</id><id_default_image>24</id_default_image></product>"
    bare = "<product><id>20</id><id_default_image/></product>"
    done = Reply(200, entities(covered))
    with StubShop([cover(covered), cover(bare), cover(""), done]) as stub, stub.open() as shop:
        assert [find_cover(shop, 20) for _ in range(3)] == [24, None, None]
        assert set_cover(shop, 20, 24).id == 20
    assert b"<id>20</id><id_default_image>24</id_default_image>" in stub.seen[3].body
