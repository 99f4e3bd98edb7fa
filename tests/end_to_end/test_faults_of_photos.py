"""Faults of photos that a second reading found; none may come back."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from PIL import Image

from tests.end_to_end.faults_scene import Scene, open_scene


@pytest.fixture
def scene(tmp_path: Path) -> Iterator[Scene]:
    with open_scene(tmp_path) as made:
        yield made


def test_a_changed_cover_is_still_the_cover(scene: Scene) -> None:
    assert scene.product(1001).cover is not None
    [photo] = sorted((scene.stage.folder / "photos").rglob("*.jpg"))
    _paint(photo, "blue")
    for _ in range(3):
        scene.both()
    after = scene.product(1001)
    assert len(after.images) == 1
    assert after.cover == after.images[0]


def test_one_picture_of_several_articles_is_asked_for_again(scene: Scene) -> None:
    folder = scene.stage.folder / "photos"
    _paint(folder / "placeholder.jpg", "grey")
    photo = "INSERT INTO PHOTO (ID_PHOTO, ID_ART, RANG, FICHIER) VALUES (?, ?, 1, ?)"
    scene.at_the_till(photo, 9001, 1002, "placeholder.jpg")
    scene.both()  # asked for
    scene.at_the_till(photo, 9002, 1003, "placeholder.jpg")
    for _ in range(4):  # the bytes come together with the second article's wish
        scene.both()
    assert [len(scene.product(article).images) for article in (1002, 1003)] == [1, 1]


def test_a_photo_without_an_answer_does_not_take_its_neighbours_image(scene: Scene) -> None:
    folder = scene.stage.folder / "photos"
    for number, color in ((1, "red"), (2, "green")):
        _paint(folder / f"{color}.jpg", color)
        scene.at_the_till(
            "INSERT INTO PHOTO (ID_PHOTO, ID_ART, RANG, FICHIER) VALUES (?, 1002, ?, ?)",
            9000 + number, number, f"{color}.jpg",
        )  # fmt: skip
    scene.both()
    scene.stage.sync_till()
    scene.shop.fail_next("reset", method="POST", path="/api/images")
    scene.stage.sync_shop()
    for _ in range(2):
        scene.both()
    assert len(scene.product(1002).images) == 2
    for _ in range(3):
        assert scene.quiet() == []


def _paint(path: Path, color: str) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    Image.new("RGB", (60, 60), color).save(path, "JPEG")
