"""What an overview says: frozen values, times UTC and aware, texts in both languages.

view.counters.said["stock"]            # 2010
view.last_run.summary.changes          # {"stock": 11, "article": 1}
view.state.word                        # "up_to_date"
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, tzinfo
from typing import Literal

from pos_exporter.approvals import Held
from pos_exporter.cases import SiteCase
from pos_exporter.lost import LostOrder
from pos_exporter.overview.robot import RobotSetting
from protocol.errors import Problem, Text
from protocol.link.notices import Notice

Word = Literal["up_to_date", "late", "broken", "paused", "action_required", "never_ran"]
Why = Literal[
    "ok", "never_ran", "paused", "person", "settings", "stream_stopped", "fatal", "unexpected",
    "failing", "held", "retrying", "more_to_do", "interrupted", "robot_late", "robot_silent",
    "site_late", "site_silent", "recovering", "orders_lost",
]  # fmt: skip
Group = Literal["withheld", "refused", "held", "edited_on_site", "waiting", "note"]


@dataclass(frozen=True)
class OverviewSettings:
    """What the state database does not know.

    Args:
        shop: The shop's name, as people call it.
        contact: Whom to call, for instance the integrator's name and phone.
        most_lines: Most lines of each list; counts are always whole.
        zone: Of the robot's hours; None is the PC's own.
    """

    shop: str = ""
    contact: str = ""
    most_lines: int = 500
    zone: tzinfo | None = None


@dataclass(frozen=True)
class RunSummary:
    """What a pass did, as its row in the run table tells.

    Args:
        changes: Facts queued for the site, by kind, removals included.
        gone: How many of them are removals.
        photos: Photos packed for the site.
        imported: Web orders entered into the till.
        set_aside: Lines that wait for a person's hand, at both ends.
        dry_run: Nothing was sent.
        problem: What ended it.
    """

    changes: Mapping[str, int] = field(default_factory=dict)
    gone: int = 0
    photos: int = 0
    imported: int = 0
    set_aside: int = 0
    dry_run: bool = False
    problem: Problem | None = None


@dataclass(frozen=True)
class RunView:
    """One pass; its exit code is None while it is not over."""

    id: int
    started_at: datetime
    finished_at: datetime | None
    exit_code: int | None
    summary: RunSummary


@dataclass(frozen=True)
class State:
    """How it stands: a word, its reason, and the problem behind it if one was told."""

    word: Word
    why: Why
    since: datetime | None = None
    problem: Problem | None = None


@dataclass(frozen=True)
class Counters:
    """Whole counts, whatever the lists show.

    Args:
        said: Facts last said to the site, by kind.
        fates: What became of facts, by state.
        withheld: Rows set aside at the till.
        orders: Web orders by state.
        unanswered: Facts said whose fate is not known yet.
        to_send: Records still here.
        on_the_way: Records uploaded that the site's program has not confirmed to have.
        ignored: Lines that a person leaves as they are; they are in no other count.
        notes: What was sent otherwise than it stands at the till.
        left_out: Articles that the merchant's choices keep at the till.
    """

    said: Mapping[str, int]
    fates: Mapping[str, int]
    withheld: int
    orders: Mapping[str, int]
    unanswered: int
    to_send: int
    on_the_way: int
    ignored: int = 0
    notes: int = 0
    left_out: int = 0

    @property
    def to_correct(self) -> int:
        """Return how many lines wait for a person; what is held waits as a class, not by line."""
        return self.withheld + self.fates.get("refused", 0)

    @property
    def orders_open(self) -> int:
        """Return how many web orders are still to enter the till."""
        return sum(self.orders.get(state, 0) for state in ("new", "waiting", "refused", "doubt"))


@dataclass(frozen=True)
class SetAside:
    """One fact that is not on the site as the till has it, and why."""

    group: Group
    kind: str
    key: str
    label: str
    code: str
    place: str
    value: str
    what: Text
    remedy: Text
    since: datetime


@dataclass(frozen=True)
class OrderLine:
    """One web order, without its customer.

    Args:
        uid: Its identifier.
        reference: As the customer knows it.
        placed_at: The shop's local time, as the shop wrote it.
        received_at: UTC.
        total: Decimal string and currency, tax included: `129.90 EUR`.
        role: What its state at the shop means (SPEC §11).
        state: How far it got into the till: new, waiting, refused, doubt; imported, closed,
            ignored.
        till_key: Its number at the till once it is there.
        problem: Why it waits or was refused.
        answers: What a person may say of it.
        mark: Names what is shown: an answer counts for that.
    """

    uid: str
    reference: str
    placed_at: str
    received_at: datetime
    total: str
    role: str
    state: str
    till_key: str | None
    problem: Problem | None
    answers: tuple[str, ...]
    mark: str


@dataclass(frozen=True)
class Site:
    """The site's program: when it last spoke, and by when it promised to speak again."""

    last_at: datetime | None = None
    next_by: datetime | None = None


@dataclass(frozen=True)
class Overview:
    """How the synchronisation stands at one moment."""

    now: datetime
    settings: OverviewSettings
    state: State
    last_run: RunView | None
    next_run: datetime | None
    counters: Counters
    set_aside: tuple[SetAside, ...]
    notes: tuple[SetAside, ...]
    held: tuple[Held, ...]
    cases: tuple[SiteCase, ...]
    orders: tuple[OrderLine, ...]
    lost: tuple[LostOrder, ...]
    notices: tuple[Notice, ...]
    robot: RobotSetting
    site: Site
    paused_until: datetime | None
    stock_paused_until: datetime | None = None

    @property
    def unanswered_cases(self) -> int:
        """Return how many of the site's questions wait for a person."""
        return sum(one.answer is None for one in self.cases)
