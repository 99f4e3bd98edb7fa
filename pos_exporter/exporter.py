"""A wired exporter, what one run is asked to do, and the account that it gives.

Values only: what a run does with them is in `export` and in the steps that it calls.

    options = Options(only=frozenset({"stock"}))
    report = run_export(exporter, options)
    report.set_aside()                  # how many things wait for a person's hand
"""

from collections.abc import Callable, Collection
from contextlib import AbstractContextManager
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from sqlalchemy import Engine

from pos_exporter.changes import Changes, Guard
from pos_exporter.intake.port import TillWriter
from pos_exporter.mail.news import News
from pos_exporter.mapping.model import TillMapping
from pos_exporter.orders_outcome import OrdersDone
from pos_exporter.saying import Asked, Saying
from pos_exporter.source.port import Source
from protocol.channel.port import Channel
from protocol.link.link import Link, Sent
from protocol.records import Policy, Role


@dataclass(frozen=True)
class Options:
    """What one run is asked to do.

    Args:
        full: Say everything again, in a new epoch.
        only: Kinds of facts to send; empty for all.
        dry_run: Compare and print; queue and send nothing, enter nothing into the till.
        accept: Brakes that a person says yes to.
        articles: References, bar codes or keys of the articles to send; empty for all.
        only_new: Send only articles that were never sent.
    """

    full: bool = False
    only: frozenset[str] = frozenset()
    dry_run: bool = False
    accept: Collection[str] = ()
    articles: tuple[str, ...] = ()
    only_new: bool = False

    def asked(self) -> Asked:
        """Return the part of the reading that is asked for."""
        return Asked(self.full, self.only, self.articles, self.only_new)


@dataclass(frozen=True)
class Exporter:
    """A wired exporter.

    Args:
        engine: The state database.
        link: To the site.
        open_channel: The place between the two.
        source: The till, for reading.
        mapping: What its tables mean.
        writer: The till, for orders; None when it takes none.
        policy: The merchant's choices.
        guard: How much may change at once.
        import_when: Roles in which an order enters the till.
        clock: UTC now.
        progress: Told of each step: (step, done, of).
        news: Tells of new orders by e-mail; None: nobody wants any.
    """

    engine: Engine
    link: Link
    open_channel: Callable[[], AbstractContextManager[Channel]]
    source: Source
    mapping: TillMapping
    writer: TillWriter | None
    policy: Policy
    guard: Guard
    import_when: Collection[Role]
    clock: Callable[[], datetime]
    progress: Callable[[str, int, int], None] = field(default=lambda step, done, of: None)
    news: News | None = None


@dataclass
class ExportReport:
    """What a run did, for the page, the log and `--json`."""

    dry: bool = False
    received: int = 0
    orders: OrdersDone = field(default_factory=OrdersDone)
    changes: Changes | None = None
    snapshot: bool = False
    withheld: int = 0
    faults: int = 0
    photos: int = 0
    sent: Sent = field(default_factory=Sent)
    articles: int = 0
    refused_by_site: int = 0
    held_by_site: int = 0
    left_out: int = 0
    saying: Saying | None = None
    stock_paused_until: str | None = None

    def set_aside(self) -> int:
        """Return how many things wait for a person's hand."""
        orders = self.orders
        return self.faults + self.refused_by_site + orders.refused + orders.doubts + orders.lost

    def summary(self) -> dict[str, Any]:
        """Return the account as JSON values."""
        return {
            "dry_run": self.dry,
            "received": self.received,
            "articles": self.articles,
            "changes": self.changes.counts() if self.changes else {},
            "gone": len(self.changes.gone) if self.changes else 0,
            "snapshot": self.snapshot,
            "left_out": self.left_out,
            "withheld": self.withheld,
            "faults": self.faults,
            "refused_by_site": self.refused_by_site,
            "held_by_site": self.held_by_site,
            "photos": self.photos,
            "stock_paused_until": self.stock_paused_until,
            "orders": vars(self.orders),
            "packets": {"built": self.sent.built, "uploaded": self.sent.uploaded},
        }
