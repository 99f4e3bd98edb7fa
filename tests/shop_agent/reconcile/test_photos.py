"""What is to become of a photo, the cover and the combinations' images."""

import pytest

from protocol.records import Photo
from shop_agent.reconcile.photos import (
    Known,
    Standing,
    Step,
    cover_of,
    lists_of,
    next_step,
    parse_known,
)

A, B = "a" * 64, "b" * 64


def photo(key: str, position: int = 1, *variants: str) -> Photo:
    return Photo(
        key=key, article="1", sha256=A, size=9, position=position, variants=variants or None
    )


@pytest.mark.parametrize("standing", ["ours", "adopted", "removed"])
def test_what_is_noted_is_read_again(standing: Standing) -> None:
    assert parse_known(Known(A, standing).text()) == Known(A, standing)


@pytest.mark.parametrize(
    ("image", "known", "images", "step"),
    [
        (None, None, set(), Step.ADD),
        (None, None, {5}, Step.ADD),
        (5, Known(A, "ours"), {5}, Step.KEEP),
        (5, Known(A, "adopted"), {5}, Step.KEEP),
        (5, Known(B, "ours"), {5}, Step.ADD),
        (5, Known(B, "adopted"), {5}, Step.ADD),
        (5, Known(A, "ours"), {6}, Step.TAKEN_OFF),
        (5, Known(A, "removed"), {6}, Step.TAKEN_OFF),
        (5, Known(B, "removed"), {6}, Step.ADD),
        (5, None, {5}, Step.KEEP),
    ],
)
def test_the_next_step(
    image: int | None, known: Known | None, images: set[int], step: Step
) -> None:
    assert next_step(A, image, known, images=images, claimed=None) is step
    assert next_step(A, image, known, images=images, claimed=None, gone=True) is Step.REMOVE


def test_what_an_upload_without_an_answer_brought_is_claimed() -> None:
    assert next_step(A, None, None, images={5, 6}, claimed=6) is Step.CLAIM


def test_the_first_photo_that_is_there_is_the_cover() -> None:
    assert cover_of([(photo("z", 2), 5), (photo("b", 1), 7), (photo("a", 2), 6)]) == 7
    assert cover_of([]) is None


def test_a_combination_shows_its_own_photos_and_those_of_all() -> None:
    shown = [(photo("p", 1, "red"), 5), (photo("q", 2, "red", "blue"), 6), (photo("r", 3), 7)]
    assert lists_of(shown, ["red", "blue", "green"]) == {
        "red": {5, 6, 7}, "blue": {6, 7}, "green": {7},
    }  # fmt: skip


def test_without_a_word_on_variants_no_list_is_ours() -> None:
    assert lists_of([(photo("p"), 5), (photo("q", 2), 6)], ["red"]) == {"red": frozenset()}
