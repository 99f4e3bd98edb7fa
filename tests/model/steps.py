"""What can happen, as values: a history is a list of steps, and a shorter list is a history too.

Numbers choose among what is there at that moment (`order 7` of three is the second), so that any
step may be left out of a history and the rest still means something.

    Step("place", (0, 1, 9, 0, 1))      # one small shoe, nothing else, paid
    Step("agent", (0,), Script(inside=(Moment("write", 1, False, Step(…)),)))
"""

from dataclasses import dataclass

from tests.model.ports import Script

QUIETLY = Script()


@dataclass(frozen=True)
class Step:
    """One thing that happens.

    Args:
        name: What; a method of the world.
        args: Its numbers.
        script: For a run of a program: what happens inside it.
    """

    name: str
    args: tuple[int, ...] = ()
    script: Script = QUIETLY

    def __str__(self) -> str:
        words = f"{self.name}{list(self.args) if self.args else ''}"
        script = self.script
        more = [
            f"{'after' if one.after else 'before'} {one.point} {one.nth}: {one.step}"
            for one in script.inside
        ]
        late = " (with effect)" if script.late else ""
        more += [f"killed at call {script.dies}{late}"] if script.dies else []
        more += [f"call {script.fails} fails{late}"] if script.fails else []
        return f"{words} {{{'; '.join(more)}}}" if more else words

    def count(self) -> int:
        """Return how many steps this is, those inside it included."""
        return 1 + sum(one.step.count() for one in self.script.inside if isinstance(one.step, Step))


@dataclass(frozen=True)
class Setting:
    """How a history's world is made.

    Args:
        quantity: Units of each sellable at first.
        buffer: Units kept from the site.
        at_import: The till deducts an order when it takes it in; otherwise a person does.
        takes_changes: The till takes later revisions in; otherwise a person does.
        one_snapshot: The till is read in one moment.
        pack_stock: See `ModelShop`.
        edits_move: See `ModelShop`.
        tick: Milliseconds that a port call takes.
        old: Orders of the shop before the pairing: (pick, units, state, whether the till has it).
    """

    quantity: int = 5
    buffer: int = 0
    at_import: bool = True
    takes_changes: bool = True
    one_snapshot: bool = True
    pack_stock: int = 2
    edits_move: bool = True
    tick: int = 20
    old: tuple[tuple[int, int, int, bool], ...] = ()


@dataclass(frozen=True)
class History:
    """A setting and what happens in it."""

    setting: Setting
    steps: tuple[Step, ...]
    seed: int = 0

    def length(self) -> int:
        """Return the number of steps, those inside others included."""
        return sum(step.count() for step in self.steps)
