"""What a pass did, counted and named, for the page, the log and `--json`.

report.count("products", "created", 3)
report.summary()          # {"written": {"products": {"created": 3}}, …}
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from protocol.errors import Problem
from shop_agent.actions import Action, Subject
from shop_agent.reconcile.stock import Figure


@dataclass
class Report:
    """The running account of one pass.

    Args:
        dry: Nothing was written.
        progress: Told of each step as it begins: (step, done, of).
        actions: What was decided, in order; kept in a dry run, and of what a mode holds.
        held: What waits for a person's yes, with its reason.
        classes: Changes that wait for a person's yes, by class: (how many, of how many).
        mode: The mode that counts.
        planned: What a mode or the first load kept from being written, by resource.
        absent_orders: Order ids that the shop skipped or deleted before they were ever seen.
        figures: Every stock figure that was looked at, with what makes it.
    """

    dry: bool = False
    progress: Callable[[str, int, int], None] = lambda step, done, of: None
    counts: dict[str, dict[str, int]] = field(default_factory=dict)
    refused: list[tuple[Subject, Problem]] = field(default_factory=list)
    waiting: list[tuple[Subject, Problem]] = field(default_factory=list)
    edited: list[tuple[Subject, Problem]] = field(default_factory=list)
    actions: list[Action] = field(default_factory=list)
    held: list[tuple[Subject, Problem]] = field(default_factory=list)
    classes: dict[str, tuple[int, int]] = field(default_factory=dict)
    mode: str = "all"
    planned: dict[str, dict[str, int]] = field(default_factory=dict)
    figures: dict[Subject, Figure] = field(default_factory=dict)
    received: int = 0
    orders: int = 0
    absent_orders: list[int] = field(default_factory=list)
    customers: int = 0
    exposures: int = 0
    exposure_seconds: float = 0.0
    exposure_longest: float = 0.0
    more_to_do: bool = False
    connection: dict[str, int] = field(default_factory=dict)

    def count(self, resource: str, what: str, by: int = 1) -> None:
        """Add to a count of one resource."""
        counts = self.counts.setdefault(resource, {})
        counts[what] = counts.get(what, 0) + by

    def expose(self, seconds: float) -> None:
        """Note that the site showed too much of one thing for so long: an order in the window."""
        self.exposures += 1
        self.exposure_seconds += seconds
        self.exposure_longest = max(self.exposure_longest, seconds)

    def written(self) -> int:
        """Return how many entities were created, changed or deleted."""
        return sum(sum(counts.values()) for counts in self.counts.values())

    def summary(self) -> dict[str, Any]:
        """Return the account as JSON values."""
        return {
            "dry_run": self.dry,
            "received": self.received,
            "written": self.counts,
            "orders": self.orders,
            "absent_orders": self.absent_orders,
            "customers": self.customers,
            "exposures": self.exposures,
            "exposure_seconds": round(self.exposure_seconds, 3),
            "exposure_longest": round(self.exposure_longest, 3),
            "refused": [_said(subject, problem) for subject, problem in self.refused],
            "waiting": [_said(subject, problem) for subject, problem in self.waiting],
            "edited": [_said(subject, problem) for subject, problem in self.edited],
            "held": [_said(subject, problem) for subject, problem in self.held],
            "classes": {key: {"count": n, "of": of} for key, (n, of) in self.classes.items()},
            "mode": self.mode,
            "planned": self.planned,
            "more_to_do": self.more_to_do,
            "connection": self.connection,
        }


def _said(subject: Subject, problem: Problem) -> dict[str, str]:
    return {
        "kind": subject.kind,
        "key": subject.key,
        "code": problem.code,
        "fr": problem.line("fr"),
        "en": problem.line("en"),
    }
