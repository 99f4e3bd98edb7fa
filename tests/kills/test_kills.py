"""Thirty of all kills, spread evenly: each comes to the same end as an undisturbed run.

`python -m tests.kills.sweep` makes them all.
"""

from collections.abc import Iterator

import pytest

from tests.kills.referee import Kill
from tests.kills.stories import STORIES
from tests.kills.sweep import figures, strike_all
from tests.kills.trial import Trial

KILLS = 30


@pytest.fixture(scope="module")
def trial(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Trial]:
    with Trial(tmp_path_factory.mktemp("kills") / "theatre") as prepared:
        yield prepared


def test_every_story_does_what_its_kills_are_to_interrupt(trial: Trial) -> None:
    first, great = trial.events("first pass"), trial.events("great pass")
    assert {"HTTP POST product_options", "HTTP POST products"} <= set(first)
    assert {
        "HTTP POST categories", "HTTP POST manufacturers", "HTTP POST product_option_values",
        "HTTP POST products", "HTTP PATCH products", "HTTP POST combinations",
        "HTTP PATCH stock_availables", "HTTP POST images/products/1",
        "FTP RETR", "FTP STOR", "FTP RNTO", "FTP DELE", "commit",
    } <= set(great)  # fmt: skip
    export = trial.events("great export")
    assert export.count("till commit") == 3  # two customers, one order
    assert export.count("FTP STOR") == 3  # the snapshot, the photo, the answers


@pytest.mark.slow
@pytest.mark.timeout(600)
def test_kills_spread_over_all_runs_leave_no_trace(
    trial: Trial, capsys: pytest.CaptureFixture[str]
) -> None:
    every = list(trial.kills())
    chosen = [_spread(every, number) for number in range(KILLS)]
    strikes = strike_all(trial, chosen)
    with capsys.disabled():
        print(f"\n{figures(trial, strikes)}")  # noqa: T201 - the figures are the result
    assert {story.name for story in STORIES} == {strike.story for strike in strikes}
    assert [str(strike) for strike in strikes if strike.problems] == []


def _spread(every: list[tuple[str, Kill]], number: int) -> tuple[str, Kill]:
    """Return the kill in the middle of one of thirty equal parts, before and after in turn."""
    events = len(every) // 2
    event = (2 * number + 1) * events // (2 * KILLS)
    return every[2 * event + number % 2]
