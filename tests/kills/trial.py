"""Kills at chosen events and compares what comes of it with an undisturbed run.

After a kill both programs pass twice, the killed one first; then till and shop must be as if
nothing had happened. A third pass of both must write nothing more to either; after it both
memories, and what each knows of the other's word, must be as in the undisturbed run too.

    with Trial(folder) as trial:
        trial.events("great pass")                              # counted: 212
        trial.strike("great pass", Kill(17, "after")).problems  # []
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Self

from protocol.errors import ComptoirError
from tests.kills.pictures import Picture, differences, picture_of_minds, picture_of_world
from tests.kills.referee import Kill
from tests.kills.stories import STORIES, Story
from tests.kills.theatre import Theatre

PASSES_AFTER = 2
_SHOWN = 200


@dataclass(frozen=True)
class Strike:
    """What came of one kill.

    Args:
        story: Its story's name.
        kill: Where the program was killed.
        event: What it was about to do, or had done.
        problems: Every difference to the undisturbed run; empty for none.
    """

    story: str
    kill: Kill
    event: str
    problems: Sequence[str]

    def __str__(self) -> str:
        at = f"{self.story}: killed {self.kill.when} {self.kill.event} ({self.event})"
        shown = [problem[:_SHOWN] for problem in self.problems]
        return "\n    ".join([at, *shown])


@dataclass(frozen=True)
class _Reference:
    story: Story
    events: Sequence[str]
    world: Picture
    minds: Picture


class UnquietError(Exception):
    """The programs do not come to rest even undisturbed: kills could not be judged."""


class Trial:
    """All stories, prepared and run once without a kill.

    Args:
        folder: An empty folder.
    """

    def __init__(self, folder: Path) -> None:
        self._theatre = Theatre(folder)
        self._references: dict[str, _Reference] = {}

    def __enter__(self) -> Self:
        self._theatre.__enter__()
        try:
            self._prepare()
        except BaseException:
            self._theatre.__exit__()
            raise
        return self

    def __exit__(self, *details: object) -> None:
        self._theatre.__exit__(*details)

    def events(self, story: str) -> Sequence[str]:
        """Return the events of a story's pass, in order, as its undisturbed run showed them."""
        return self._references[story].events

    def kills(self) -> Iterator[tuple[str, Kill]]:
        """Yield every kill there is: before and after each event of each story."""
        for name, reference in self._references.items():
            for number in range(1, len(reference.events) + 1):
                yield name, Kill(number, "before")
                yield name, Kill(number, "after")

    def strike(self, name: str, kill: Kill) -> Strike:
        """Kill once and return what came of it."""
        reference = self._references[name]
        theatre, story = self._theatre, reference.story
        theatre.restore(name)
        run = theatre.play(story.program, story.options, kill=kill)
        if not run.killed:
            return Strike(name, kill, "never reached", ["the run ended before that event"])
        event = run.events[kill.event - 1]
        try:
            world, minds, unrest = self._afterwards(story)
        except ComptoirError as error:
            return Strike(name, kill, event, [f"a later pass failed: {error.code} {error}"])
        problems = differences(reference.world, world) + differences(reference.minds, minds)
        return Strike(name, kill, event, [*problems, *unrest])

    def make_ready(self, name: str) -> None:
        """Start the process of a later strike, so that it imports meanwhile."""
        self._theatre.make_ready(self._references[name].story.program)

    def _prepare(self) -> None:
        for story in STORIES:
            story.lead(self._theatre)
            self._theatre.save(story.name)
        for story in STORIES:
            self._references[story.name] = self._run_undisturbed(story)

    def _run_undisturbed(self, story: Story) -> _Reference:
        self._theatre.restore(story.name)
        run = self._theatre.play(story.program, story.options)
        world, minds, unrest = self._afterwards(story)
        if unrest:
            raise UnquietError("\n".join(unrest))
        return _Reference(story, run.events, world, minds)

    def _afterwards(self, story: Story) -> tuple[Picture, Picture, list[str]]:
        """Let both pass twice, and once more; return the world, both memories, and all unrest."""
        theatre, writes = self._theatre, self._theatre.referee.writes
        theatre.rounds(PASSES_AFTER, first=story.program)
        world = picture_of_world(theatre.stage.till_path, theatre.shop)
        writes.clear()
        theatre.rounds(1, first=story.program)
        later = picture_of_world(theatre.stage.till_path, theatre.shop)
        unrest = [f"not quiet: {line}" for line in differences(world, later)]
        unrest += [f"not quiet: {what}" for what in writes]
        folder = theatre.stage.folder
        memories = folder / "exporter" / "state.db", folder / "agent" / "state.db"
        return world, picture_of_minds(*memories, theatre.shop), unrest
