"""What every story has: a till of its own, and a stage that is set once for all of its tests.

    class QuietStory(Story):
        @classmethod
        def make_till(cls, path: Path) -> None:
            build_small_till(path, articles=5)

        def test_nothing_is_written(self, play: Play) -> None: ...

A suite's conftest gives `front`, the shop, and takes `play` from here.
"""

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any, ClassVar

import pytest

from demo.ftp import PlainHandler
from demo.till import build_small_till
from tests.stories.play import Play, open_play
from tests.stories.shopfront import Shopfront


class Story:
    """A small till, loaded into the shop before the first test.

    Attributes:
        policy: The merchant's choices.
        handler: What answers FTP clients, when it is to be watched.
    """

    policy: ClassVar[Mapping[str, Any]] = {}
    handler: ClassVar[type[PlainHandler] | None] = None

    @classmethod
    def make_till(cls, path: Path) -> None:
        """Build the story's till at a path."""
        build_small_till(path, articles=5, photos=2, photo_folder=path.parent / "photos")

    @classmethod
    def begin(cls, play: Play) -> None:
        """Do what comes before the first test."""
        play.first_load()


@pytest.fixture(scope="class")
def play(
    request: pytest.FixtureRequest, front: Shopfront, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Play]:
    """Give the stage of the story whose test asks."""
    story = request.cls
    assert isinstance(story, type)
    assert issubclass(story, Story)
    folder = tmp_path_factory.mktemp("story")
    with open_play(
        folder, front, story.make_till, policy=story.policy, handler=story.handler
    ) as play:
        story.begin(play)
        yield play
