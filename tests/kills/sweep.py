"""Kills both programs everywhere, or in a range, and prints what came of it.

Kills are numbered from 1: before and after the first event of the first story, and so on; `--list`
shows them. The last line gives the figures; the exit code is 1 when any kill left a difference.

    python -m tests.kills.sweep --from 100 --to 150
    kills: 114 events exporter, 339 events agent, 51 kills, 0 differences
"""

import argparse
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from itertools import zip_longest
from pathlib import Path

from tests.kills.referee import Kill
from tests.kills.stories import STORIES
from tests.kills.trial import Strike, Trial

_TOLD_EVERY = 25


def strike_all(
    trial: Trial,
    kills: Sequence[tuple[str, Kill]],
    tell: Callable[[int, Strike], None] = lambda index, strike: None,
) -> list[Strike]:
    """Carry out these kills in order; while one is judged, the next process is made ready.

    Args:
        trial: The stories, prepared.
        kills: (story, kill).
        tell: Told of each strike: (index, strike).
    """
    strikes = []
    for index, (this, following) in enumerate(zip_longest(kills, kills[1:])):
        if following is not None:
            trial.make_ready(following[0])
        strikes.append(trial.strike(*this))
        tell(index, strikes[-1])
    return strikes


def figures(trial: Trial, strikes: Sequence[Strike]) -> str:
    """Return the line that sums a sweep up."""
    counted = {"pos": 0, "shop": 0}
    for story in STORIES:
        counted[story.program] += len(trial.events(story.name))
    wrong = sum(bool(strike.problems) for strike in strikes)
    return (
        f"kills: {counted['pos']} events exporter, {counted['shop']} events agent, "
        f"{len(strikes)} kills, {wrong} differences"
    )


def main(arguments: Sequence[str] | None = None) -> int:
    """Sweep; return 0 when every kill came to the same end."""
    parser = argparse.ArgumentParser(prog="tests.kills.sweep", description=__doc__)
    parser.add_argument("--from", dest="first", type=int, default=1, metavar="A")
    parser.add_argument("--to", dest="last", type=int, default=None, metavar="B")
    parser.add_argument("--list", action="store_true", help="show the kills, kill nothing")
    asked = parser.parse_args(arguments)
    with tempfile.TemporaryDirectory() as folder, Trial(Path(folder) / "theatre") as trial:
        every = list(trial.kills())
        if asked.list:
            for number, (name, kill) in enumerate(every, 1):
                _say(f"{number}: {name}, {kill.when} {trial.events(name)[kill.event - 1]}")
            return 0
        strikes = strike_all(trial, every[asked.first - 1 : asked.last], _teller(asked.first))
        _say(figures(trial, strikes))
    return int(any(strike.problems for strike in strikes))


def _teller(first: int) -> Callable[[int, Strike], None]:
    """Return what prints every difference, and now and then how far it is."""
    started = time.monotonic()

    def tell(index: int, strike: Strike) -> None:
        if strike.problems:
            _say(f"{first + index}: {strike}")
        elif not (index + 1) % _TOLD_EVERY:
            _say(f"{first + index}: nothing lost, {time.monotonic() - started:.0f} s")

    return tell


def _say(line: str) -> None:
    sys.stdout.write(f"{line}\n")
    sys.stdout.flush()


if __name__ == "__main__":
    raise SystemExit(main())
