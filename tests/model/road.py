"""What befalls files on the road between till and shop: lost, late, or come again.

road = Road(place)
road.do_hide(0, 0)                    # the first packet of the till is not there for a while
road.do_show(0)
"""

from collections.abc import Callable

from protocol.channel.memory import MemoryPlace
from protocol.channel.port import Side
from tests.model.choosing import pick, side_of


class Road:
    """The place between, and what was ever there.

    Args:
        place: It.
    """

    def __init__(self, place: MemoryPlace) -> None:
        self._place = place
        self._hidden: dict[tuple[Side, str], bytes] = {}
        self._archive: dict[tuple[Side, str], bytes] = {}

    def keep_copies(self) -> None:
        """Keep a copy of what is there, so that it may come again."""
        for side, files in self._place.files.items():
            self._archive.update({(side, name): body for name, body in files.items()})

    def show_all(self) -> None:
        """Have all that is delayed come."""
        while self._hidden:
            self.do_show(0)

    def do_lose(self, side: int, which: int) -> None:
        """A file vanishes from the place."""
        self._with_file(side, which, lambda where, name: self._place.lose(where, name))

    def do_hide(self, side: int, which: int) -> None:
        """A file is not there for a while: delayed, or behind a later one."""

        def hide(where: Side, name: str) -> None:
            self._hidden[where, name] = self._place.files[where].pop(name)

        self._with_file(side, which, hide)

    def do_show(self, which: int) -> None:
        """A delayed file comes."""
        if self._hidden:
            where, name = pick(sorted(self._hidden), which)
            self._place.files[where][name] = self._hidden.pop((where, name))

    def do_double(self, side: int, which: int) -> None:
        """An old file comes again."""
        where = side_of(side)
        old = sorted(name for one, name in self._archive if one == where)
        if old:
            name = pick(old, which)
            self._place.files[where][name] = self._archive[where, name]

    def _with_file(self, side: int, which: int, do: Callable[[Side, str], None]) -> None:
        where = side_of(side)
        if self._place.files[where]:
            do(where, pick(sorted(self._place.files[where]), which))
