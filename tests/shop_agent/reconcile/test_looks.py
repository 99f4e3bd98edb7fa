"""Which image is which photo: the nearest, within the limit, and never by guess."""

from shop_agent.reconcile.looks import LIMIT, recognise


def look(shade: float) -> str:
    """Return a look whose every byte is about this: parts of a unit are spread over the bytes."""
    whole, part = int(shade), round((shade - int(shade)) * 192)
    return bytes([whole + 1] * part + [whole] * (192 - part)).hex()


def found(photos: dict[str, float], images: dict[int, float], *more: float) -> dict[str, int]:
    looks = {key: look(shade) for key, shade in photos.items()}
    rivals = [*looks.values(), *map(look, more)]
    return recognise(looks, rivals=rivals, images={i: look(s) for i, s in images.items()})


def test_the_limit_is_two() -> None:
    assert LIMIT == 2
    assert found({"a": 100}, {7: 102}) == {"a": 7}
    assert found({"a": 100}, {7: 102.1}) == {}


def test_the_nearest_image_is_taken() -> None:
    assert found({"a": 100}, {7: 102, 8: 101, 9: 200}) == {"a": 8}


def test_each_image_is_one_photo() -> None:
    assert found({"a": 100, "b": 103}, {7: 102.8, 8: 100.2}) == {"a": 8, "b": 7}
    assert found({"a": 100, "b": 103}, {7: 100.2}) == {"a": 7}


def test_an_image_nearer_to_another_photo_is_not_taken() -> None:
    """The other one has its image already: this is its double, put there by hand."""
    assert found({"b": 103}, {7: 100.2}, 100) == {}
    assert found({"b": 103}, {7: 102}, 100) == {"b": 7}


def test_an_image_between_two_photos_is_neither() -> None:
    assert found({"a": 100, "b": 104}, {7: 102}) == {}


def test_the_same_picture_twice_at_the_till_takes_two_images_in_order() -> None:
    assert found({"b": 100, "a": 100}, {7: 100.1, 8: 100.1}) == {"b": 7, "a": 8}
    assert found({"b": 100, "a": 100}, {7: 100.1}) == {"b": 7}


def test_a_double_in_the_shop_is_no_reason_to_upload_a_third() -> None:
    assert found({"a": 100}, {9: 100, 7: 100}) == {"a": 7}
