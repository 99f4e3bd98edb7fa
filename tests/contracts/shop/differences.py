"""Where two shops answered differently, and which of these differences are known.

found = differences(real, simulated)
unlisted, unseen = weigh(found, KNOWN_DIFFERENCES)
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from fnmatch import fnmatchcase

from tests.contracts.shop.runner import Heard


@dataclass(frozen=True)
class Difference:
    """One fact that the two shops do not share; None where a shop has no such fact."""

    step: str
    request: str
    what: str
    real: str | None
    simulated: str | None

    def __str__(self) -> str:
        return (
            f"{self.step} | {self.request} | {self.what}: {self.real!r} is {self.simulated!r} here"
        )


@dataclass(frozen=True)
class Known:
    """Differences that are left as they are.

    Args:
        step: Name of the step, with `*`.
        what: The fact, with `*`.
        reason: Why it is left.
    """

    step: str
    what: str
    reason: str

    def covers_step(self, name: str) -> bool:
        """Return whether a step may differ so."""
        return _alike(name, self.step)

    def covers(self, one: Difference) -> bool:
        """Return whether a difference is of this kind."""
        return self.covers_step(one.step) and _alike(one.what, self.what)


def _alike(text: str, pattern: str) -> bool:
    # A square bracket is a sign of a path here, not a set of signs.
    return fnmatchcase(text, pattern.replace("[", "[[]"))


def differences(real: Sequence[Heard], simulated: Sequence[Heard]) -> list[Difference]:
    """Return every fact that differs, in the order of the script."""
    found: list[Difference] = []
    for first, second in zip(real, simulated, strict=True):
        for what in dict.fromkeys([*first.facts, *second.facts]):
            pair = first.facts.get(what), second.facts.get(what)
            if pair[0] != pair[1]:
                found.append(Difference(first.step.name, first.request, what, *pair))
    return found


def weigh(
    found: Sequence[Difference], known: Iterable[Known]
) -> tuple[list[Difference], list[Known]]:
    """Return the differences that nobody listed, and the listed ones that did not occur."""
    listed = list(known)
    unlisted = [one for one in found if not any(entry.covers(one) for entry in listed)]
    unseen = [entry for entry in listed if not any(entry.covers(one) for one in found)]
    return unlisted, unseen
