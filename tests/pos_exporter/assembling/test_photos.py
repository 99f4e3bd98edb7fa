"""Photos among the facts: whose they are, their places, what has no picture."""

import pytest

from pos_exporter.photos import PhotoFacts
from protocol.records import Photo, record_line
from tests.pos_exporter.assembling.shop import Cells, Shop, article, find, keys, withheld

ONE, TWO = PhotoFacts("1" * 64, 100, "a" * 384), PhotoFacts("2" * 64, 200, None)
RANKED = (
    "  photo: {table: PH, key: [ID], image: {blob: F}, fields: {article: ART, position: RANG}}\n"
)


def photo(key: int, owner: object, file: object = "one", **cells: object) -> Cells:
    return {"ID": key, "ART": owner, "F": file, "LEG": None, **cells}


def shop(*photos: Cells) -> Shop:
    return Shop(photo=list(photos), photo_bytes={"one": ONE, "two": TWO})


def test_photos_have_the_order_of_their_rows() -> None:
    assembled = shop(photo(7, 1, "two"), photo(8, 2), photo(9, 1, LEG="De dessus")).assembled()
    assert find(assembled, "photo", "7") == Photo(
        key="7", article="1", sha256=TWO.sha256, size=200, position=1, legend=None
    )
    found = [find(assembled, "photo", key) for key in ("8", "9")]
    assert [(p.article, p.position) for p in found if isinstance(p, Photo)] == [("2", 1), ("1", 2)]
    assert isinstance(found[1], Photo)
    assert found[1].legend == {"fr": "De dessus"}
    assert isinstance(found[0], Photo)
    assert (found[0].look, found[1].look) == ("a" * 384, "a" * 384)
    assert b"look" not in record_line(find(assembled, "photo", "7"))


def test_a_rank_of_the_till_is_kept() -> None:
    till = shop(photo(7, 1, RANG=3), photo(8, 1, RANG=None), photo(9, 1, RANG="un"))
    till.text = till.text.split("  photo:")[0] + RANKED
    assembled = till.assembled()
    found = [find(assembled, "photo", key) for key in ("7", "8")]
    assert [p.position for p in found if isinstance(p, Photo)] == [3, 2]
    assert withheld(assembled.withheld) == [("photo", "9", "E-ROW-002")]


def test_a_photo_may_show_some_variants_only() -> None:
    till = shop(photo(7, 2, V=" 21, 22,21"), photo(8, 2, V=None))
    till.text = till.text.replace("legend: LEG", "legend: LEG, variants: V")
    found = [find(till.assembled(), "photo", key) for key in ("7", "8")]
    assert [p.variants for p in found if isinstance(p, Photo)] == [("21", "22"), None]
    assert b"variants" not in record_line(found[1])


def test_a_blank_cell_is_no_photo_and_no_fault() -> None:
    assembled = shop(photo(7, 1, "none at all"), photo(8, 1, "one")).assembled()
    assert keys(assembled, "photo") == ["8"]
    assert assembled.withheld == ()


def test_a_photo_follows_its_article_unseen() -> None:
    till = shop(photo(7, 1), photo(8, 2), photo(9, 99))
    till.article = [article(1, PX="x"), article(2, WEB="N")]
    assembled = till.assembled()
    assert ("photo", "7", "E-ROW-090") in withheld(assembled.withheld)
    out = [(i.key, i.cause) for i in assembled.left_out if i.kind == "photo"]
    assert out == [("8", "unflagged"), ("9", "vanished")]


@pytest.mark.parametrize(
    ("row", "code"),
    [
        (photo(7, None), "E-ROW-010"),
        (photo(7, 1, LEG="a{b"), "E-ROW-022"),
    ],
)
def test_wrong_rows(row: Cells, code: str) -> None:
    assembled = shop(row).assembled()
    assert withheld(assembled.withheld) == [("photo", "7", code)]


def test_a_photo_twice() -> None:
    assert withheld(shop(photo(7, 1), photo(7, 1)).assembled().faults) == [
        ("photo", "7", "E-ROW-012")
    ]
