"""What a pass did, counted and named, for the page, the log and `--json`.

report.count("products", "created", 3)
report.summary()          # {"written": {"products": {"created": 3}}, …}
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from protocol.errors import Problem
from shop_agent.actions import Action, Subject


@dataclass
class Report:
    """The running account of one pass.

    Args:
        dry: Nothing was written.
        progress: Told of each step as it begins: (step, done, of).
        actions: What was decided, in order; kept in a dry run only.
    """

    dry: bool = False
    progress: Callable[[str, int, int], None] = lambda step, done, of: None
    counts: dict[str, dict[str, int]] = field(default_factory=dict)
    refused: list[tuple[Subject, Problem]] = field(default_factory=list)
    waiting: list[tuple[Subject, Problem]] = field(default_factory=list)
    edited: list[tuple[Subject, Problem]] = field(default_factory=list)
    actions: list[Action] = field(default_factory=list)
    received: int = 0
    orders: int = 0
    customers: int = 0
    exposures: int = 0
    exposure_seconds: float = 0.0
    more_to_do: bool = False

    def count(self, resource: str, what: str, by: int = 1) -> None:
        """Add to a count of one resource."""
        counts = self.counts.setdefault(resource, {})
        counts[what] = counts.get(what, 0) + by

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
            "customers": self.customers,
            "exposures": self.exposures,
            "exposure_seconds": round(self.exposure_seconds, 3),
            "refused": [_said(subject, problem) for subject, problem in self.refused],
            "waiting": [_said(subject, problem) for subject, problem in self.waiting],
            "edited": [_said(subject, problem) for subject, problem in self.edited],
            "more_to_do": self.more_to_do,
        }


def _said(subject: Subject, problem: Problem) -> dict[str, str]:
    return {
        "kind": subject.kind,
        "key": subject.key,
        "code": problem.code,
        "fr": problem.line("fr"),
        "en": problem.line("en"),
    }
