"""What a storm begins with and how it is told: a loaded stage, and the figures.

with open_setting(folder, shop, Size(variants=40, stock=25)) as setting:
    storm = setting.storm(Inside(setting.play))
    storm.blow()
    tell(storm, capsys)          # printed though the test passes
"""

import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass, replace
from pathlib import Path

import pytest

from demo.till import build_small_till
from tests.stories.play import Play, open_play
from tests.storm.programs import Programs
from tests.storm.shop import StormShop
from tests.storm.size import Size
from tests.storm.storm import Silent, Storm

#: The small till's articles come in fives, with ten sellables.
_ARTICLES, _SELLABLES = 5, 10


@dataclass
class Setting:
    """A loaded stage.

    Args:
        play: It.
        shop: The shop behind it.
        size: How much is done in each storm.
        baseline: The highest order id of before the first storm.
        storms: How many there were.
    """

    play: Play
    shop: StormShop
    size: Size
    baseline: int
    storms: int = 0

    def storm(self, programs: Programs) -> Storm:
        """Return the next storm, drawn otherwise than the last."""
        self.storms += 1
        size = replace(self.size, seed=self.size.seed + self.storms)
        return Storm(self.play, self.shop, programs, size, after=self.baseline)


@contextmanager
def open_setting(folder: Path, shop: StormShop, size: Size) -> Iterator[Setting]:
    """Set a stage with a till of so many sellables, and load it into the shop."""
    with (
        shop.open_front() as front,
        open_play(folder, front, lambda path: _build_till(path, size)) as play,
    ):
        play.first_load()
        front.carrier()  # a shop without one: else each of the first buyers makes it
        yield Setting(play, shop, size, shop.last_order())


def _build_till(path: Path, size: Size) -> None:
    """Build a till of so many sellables, with so many units of each in the shop."""
    build_small_till(path, articles=size.variants * _ARTICLES // _SELLABLES, photos=0)
    with closing(sqlite3.connect(path)) as till, till:
        sql = "UPDATE STOCK SET QTE = CASE COD_DEP WHEN 'MAG' THEN ? ELSE 0 END"
        till.execute(sql, (size.stock,))
        sql = "UPDATE ARTICLE SET QTE_STK = ? WHERE QTE_STK IS NOT NULL"
        till.execute(sql, (size.stock,))


def tell(storm: Storm, capsys: pytest.CaptureFixture[str], silent: Silent | None = None) -> None:
    """Print the figures of a storm, past the capture."""
    counts = {**storm.ledger.counts(), **storm.figures.counts()}
    counts["units oversold"] = storm.oversold
    if silent is not None:
        counts |= {"looks in the silence": silent.rounds, "exposed after a pass": silent.exposed}
    lines = [f"storm: {name}: {count}" for name, count in counts.items()]
    with capsys.disabled():
        print("\n" + "\n".join(lines))  # noqa: T201 - the figures are the result
