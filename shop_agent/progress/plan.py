"""What to do with one order: decided from the till's words, our memory and a look. Pure.

Rules: the number first, then the state. What people did on the site is left alone and told. One
e-mail per parcel: on the number where the carrier can be followed, else on the state, never on
both. A write whose outcome is unknown is judged by what the shop shows; its e-mail is never asked
for a second time.

    decision = plan_parcels(wishes, site, steps, rules, now)
    decision.act          # SetTracking(row=6, number="6A1, 6A2", asking=("P-2",)), or None
    decision.of           # {"P-1": None, "P-2": None}: a problem per parcel, None for none
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Literal

from protocol.errors import ComptoirError, Problem
from protocol.records import Role
from protocol.records.progress import Stage
from shop_agent.progress.errors import (
    CancelledAtTillError,
    MovedBackError,
    NoCarrierRowError,
    NoRoomError,
    NoStateError,
    NotYetError,
    OrderOverError,
    StillLookingError,
    TrackedOtherwiseError,
)
from shop_agent.progress.rules import OVER, PARCELS, Rules, is_there
from shop_agent.progress.steps import ORDER, Step, told_of

#: A request without any answer may still be worked on by the shop for this long.
PATIENCE = timedelta(minutes=5)
#: Characters that the shop keeps of an order's numbers.
ROOM = 64
_BETWEEN = ", "
#: These wait: the fact is looked at again. Everything else is refused until it changes.
WAITING = frozenset(
    one.code for one in (NotYetError, CancelledAtTillError, NoStateError, StillLookingError)
)


@dataclass(frozen=True)
class Parcel:
    """One parcel of the till; shipped_at is UTC, None when it does not say."""

    key: str
    tracking: str | None
    shipped_at: datetime | None = None


@dataclass(frozen=True)
class Wishes:
    """What the till says of one order.

    Args:
        uid: The order's.
        reference: As the customer knows it.
        stage: How far it is; None: the till does not say.
        at: Since when.
        parcels: In the order of their departure.
    """

    uid: str
    reference: str
    stage: Stage | None = None
    at: datetime | None = None
    parcels: tuple[Parcel, ...] = ()


@dataclass(frozen=True)
class Site:
    """The order as the shop shows it.

    Args:
        order: Its id.
        state: Its present state.
        role: What that means.
        name: What the shop calls that state.
        row: Id of its order_carrier; None: it has none.
        tracking: The numbers there.
        mails_numbers: Writing a number can tell the customer: the carrier can be followed.
        history: (id, state) of its history lines.
        target: The shop's state of the stage that the till says; None: it has none.
    """

    order: int
    state: int
    role: Role
    name: str = ""
    row: int | None = None
    tracking: str = ""
    mails_numbers: bool = False
    history: tuple[tuple[int, int], ...] = ()
    target: int | None = None

    @property
    def newest_line(self) -> int:
        """Id of the newest history line, 0 for none."""
        return max((one for one, _ in self.history), default=0)


@dataclass(frozen=True)
class SetTracking:
    """Write an order's numbers; the customer is told of the parcels in `asking`, if any."""

    row: int
    number: str
    was: str
    asking: tuple[str, ...] = ()


@dataclass(frozen=True)
class MoveState:
    """Bring an order into a state; the customer is told by its e-mail if `asking` holds any."""

    order: int
    stage: Stage
    state: int
    newest_line: int
    asking: tuple[str, ...] = ()


@dataclass(frozen=True)
class Decision:
    """What is to be done, and what is said of each fact.

    Args:
        act: The next write, None for none.
        of: Per parcel key, or the order's uid: why it is not in the shop; None: it is, or will be.
        known: The step as it is from now on, without a write.
    """

    act: SetTracking | MoveState | None = None
    of: Mapping[str, Problem | None] = field(default_factory=dict)
    known: Step | None = None


# --- what became of a write ------------------------------------------------------------------

Outcome = Literal["happened", "not", "too_soon"]


def outcome_of(step: Step, site: Site, now: datetime) -> Outcome:
    """Return what the shop shows of an open step.

    Numbers that are neither the old nor the new ones are a person's: ours may have been there.
    """
    if step.what == "tracking":
        # A repeat that a person asked for writes what is there already: it shows nothing.
        is_seen = site.tracking != step.before or step.value == step.before
    else:
        lines = [state for line, state in site.history if line > int(step.before or 0)]
        is_seen = int(step.value) in lines
    if is_seen:
        return "happened"
    return "not" if step.answered or now - step.at >= PATIENCE else "too_soon"


# --- parcels ---------------------------------------------------------------------------------


def plan_parcels(
    wishes: Wishes, site: Site, steps: Mapping[str, Step], rules: Rules, now: datetime
) -> Decision:
    """Return what to do about an order's numbers; no step of it may be open."""
    parcels = [one for one in wishes.parcels if one.tracking]
    fine = dict.fromkeys((one.key for one in wishes.parcels), None)
    step = steps.get("tracking")
    if step is not None and step.status == "again":
        return _mail_number_again(step, site, fine)
    numbers, left = _joined(parcels)
    if not numbers or wishes.stage == "cancelled":
        return Decision(of=fine)
    problem = _parcel_problem(wishes, site, step, numbers)
    if problem is not None:
        return Decision(of={**fine, **{one.key: problem.problem() for one in parcels}})
    said = {**fine, **{one.key: _no_room(wishes, one) for one in left}}
    keys = tuple(one.key for one in parcels if one not in left)
    if _has_all(site.tracking, numbers):
        known = Step("tracking", site.tracking, told=told_of(steps) | set(keys), at=now).done()
        return Decision(of=said, known=None if step else known)
    asking = _parcels_to_tell(parcels, left, site, steps, rules, now)
    wanted = _BETWEEN.join(numbers)
    return Decision(SetTracking(site.row or 0, wanted, site.tracking, asking), said)


def _joined(parcels: list[Parcel]) -> tuple[tuple[str, ...], list[Parcel]]:
    """Return the numbers that fit, each once, and the parcels whose number does not.

    A till with one column for several parcels may have joined their numbers itself.
    """
    numbers: list[str] = []
    left: list[Parcel] = []
    for one in parcels:
        own = dict.fromkeys(part.strip() for part in (one.tracking or "").split(","))
        fresh = [part for part in own if part and part not in numbers]
        if fresh and len(_BETWEEN.join([*numbers, *fresh])) > ROOM:
            left.append(one)
        else:
            numbers += fresh
    return tuple(numbers), left


def _has_all(tracking: str, numbers: tuple[str, ...]) -> bool:
    there = {one.strip() for one in tracking.split(",")}
    return bool(tracking) and all(one in there for one in numbers)


def _parcel_problem(
    wishes: Wishes, site: Site, step: Step | None, numbers: tuple[str, ...]
) -> ComptoirError | None:
    place = f"order {wishes.reference}"
    if site.role in OVER:
        return OrderOverError(place=place, reference=wishes.reference, state=site.name)
    if site.role not in PARCELS:
        return NotYetError(place=place, reference=wishes.reference, state=site.name)
    if site.row is None:
        return NoCarrierRowError(place=place, reference=wishes.reference)
    ours = step.value if step is not None else ""
    if site.tracking != ours and not _has_all(site.tracking, numbers):
        return TrackedOtherwiseError(
            place=place, reference=wishes.reference, found=site.tracking,
            wanted=_BETWEEN.join(numbers),
        )  # fmt: skip
    return None


def _no_room(wishes: Wishes, parcel: Parcel) -> Problem:
    return NoRoomError(
        place=f"order {wishes.reference}", reference=wishes.reference, wanted=parcel.tracking
    ).problem()


def _parcels_to_tell(
    parcels: list[Parcel], left: list[Parcel], site: Site, steps: Mapping[str, Step],
    rules: Rules, now: datetime,
) -> tuple[str, ...]:  # fmt: skip
    told = told_of(steps)
    if not site.mails_numbers or site.role == "delivered" or (told and not rules.mails_each_parcel):
        return ()
    news = [one for one in parcels if one.key not in told and one not in left]
    if not any(_is_recent(one.shipped_at, rules, now) for one in news):
        return ()
    return tuple(one.key for one in news)


def _mail_number_again(step: Step, site: Site, fine: Mapping[str, None]) -> Decision:
    if site.row is None or site.tracking != step.value:
        return Decision(of=fine, known=step.done())  # another number is there: nothing to repeat
    act = SetTracking(site.row, step.value, site.tracking, tuple(sorted(step.told)))
    return Decision(act, fine)


# --- the state -------------------------------------------------------------------------------


def plan_state(
    wishes: Wishes, site: Site, steps: Mapping[str, Step], rules: Rules, now: datetime
) -> Decision:
    """Return what to do about an order's state; its numbers are done, no step of it is open."""
    again = next((one for one in steps.values() if _is_state_again(one)), None)
    if again is not None:
        return _mail_state_again(again, wishes, site)
    stage = wishes.stage
    if stage is None:
        return Decision()
    if site.state == site.target or (
        is_there(stage, site.role) and not rules.may_move(stage, site.role)
    ):
        return Decision(of={wishes.uid: None})
    problem = _state_problem(stage, wishes, site, steps, rules)
    if problem is not None or site.target is None:
        return Decision(of={wishes.uid: problem.problem() if problem else None})
    asking = _whom_to_tell(stage, wishes, site, steps, rules, now)
    act = MoveState(site.order, stage, site.target, site.newest_line, asking)
    return Decision(act, {wishes.uid: None})


def _state_problem(
    stage: Stage, wishes: Wishes, site: Site, steps: Mapping[str, Step], rules: Rules
) -> ComptoirError | None:
    place, reference, state = f"order {wishes.reference}", wishes.reference, site.name
    if stage == "cancelled" and not rules.cancels:
        return CancelledAtTillError(place=place, reference=reference, state=state)
    if not rules.may_move(stage, site.role):
        kind = OrderOverError if site.role in OVER else NotYetError
        return kind(place=place, reference=reference, state=state)
    if site.target is None:
        return NoStateError(place=place, stage=stage)
    step = steps.get(stage)
    if step is not None and step.value == str(site.target):
        return MovedBackError(place=place, reference=reference, state=state)
    return None


def _whom_to_tell(
    stage: Stage, wishes: Wishes, site: Site, steps: Mapping[str, Step], rules: Rules,
    now: datetime,
) -> tuple[str, ...]:  # fmt: skip
    """Return what the state's e-mail tells of; empty: it is not asked for."""
    step = steps.get(stage)
    was_told = step is not None and ORDER in step.told
    if stage not in rules.mails or was_told or not _is_recent(wishes.at, rules, now):
        return ()
    if stage != "shipped":
        return (ORDER,)
    tracking = steps.get("tracking")
    is_theirs = site.tracking != (tracking.value if tracking else "")
    if told_of(steps) or is_theirs:
        return ()  # the parcel was told already, by us or by whoever wrote its number
    return (ORDER, *(one.key for one in wishes.parcels if one.tracking))


def _is_state_again(step: Step) -> bool:
    return step.what != "tracking" and step.status == "again"


def _mail_state_again(step: Step, wishes: Wishes, site: Site) -> Decision:
    said = {wishes.uid: None} if wishes.stage is not None else {}
    if str(site.state) != step.value or step.what == "tracking":
        return Decision(of=said, known=step.done())  # it is elsewhere by now: nothing to repeat
    asking = tuple(sorted(step.told))
    act = MoveState(site.order, step.what, site.state, site.newest_line, asking)
    return Decision(act, said)


def _is_recent(moment: datetime | None, rules: Rules, now: datetime) -> bool:
    return moment is None or now - moment <= rules.mail_within
