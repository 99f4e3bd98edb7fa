"""What is remembered of each web order on its way into the till.

An *attempt* is noted before anything happens at the till whose outcome may stay unknown, and is
forgotten once that outcome is known: whoever finds it looks first. Two fingerprints of the revision
that the till has tell what a later one changes: of lines and amounts (and whether the order is
over), and of addresses and notes.

    attempt = Attempt.of(order, mark, moment)
    attempt_of(row)                        # None: nothing is open
    difference(row, order)                 # 'lines', 'address', 'notes' or None
"""

import hashlib
import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from datetime import datetime, timedelta
from typing import Any, Literal, Self

from sqlalchemy import Row

from pos_exporter.intake.port import OVER, Mark
from pos_exporter.mapping.shop import find_zone
from protocol.records import Order
from protocol.strict_json import canonical
from protocol.values import format_time

Difference = Literal["lines", "address", "notes"]
_ADDRESS_DIGITS = 32
#: How far the shop's clock may be off ours.
_CLOCKS = timedelta(minutes=10)


@dataclass(frozen=True)
class Attempt:
    """Something that was begun at the till.

    Args:
        mark: By what it is found again.
        at: When it was begun.
        lines: Fingerprint of the revision's lines.
        told: Fingerprint of its addresses and notes.
    """

    mark: Mark
    at: datetime
    lines: str
    told: str

    @classmethod
    def of(cls, order: Order, mark: Mark, moment: datetime) -> Self:
        """Return the attempt to bring this revision of an order."""
        return cls(mark, moment, lines_hash(order), told_hash(order))

    @classmethod
    def parse(cls, text: str | None) -> Self | None:
        """Return what the state keeps, None where it keeps none."""
        if text is None:
            return None
        kept = json.loads(text)
        at = datetime.fromisoformat(kept["at"])
        return cls(Mark(**kept["mark"]), at, kept["lines"], kept["told"])

    def text(self) -> str:
        """Return it as the state keeps it."""
        return json.dumps({**asdict(self), "at": format_time(self.at)})


def attempt_of(row: Row[Any]) -> Attempt | None:
    """Return what was begun with an order and not ended, None where there is nothing."""
    return Attempt.parse(row.attempt)


def lines_hash(order: Order) -> str:
    """Return what tells whether an order's lines or totals changed, or it began or ceased."""
    said = order.model_dump(mode="json", include={"lines", "totals", "discounts"})
    return _digest({**said, "over": order.state.role in OVER})


def told_hash(order: Order) -> str:
    """Return what tells whether the address changed (first half), or what else is said."""
    address = order.model_dump(mode="json", include={"delivery"})
    notes = order.model_dump(
        mode="json", include={"invoice", "carrier", "note", "gift_message"}
    )  # fmt: skip
    return _digest(address)[:_ADDRESS_DIGITS] + _digest(notes)[:_ADDRESS_DIGITS]


def difference(row: Row[Any], order: Order) -> Difference | None:
    """Return what an order says that the till was not told, the weightiest first."""
    if row.lines_hash != lines_hash(order):
        return "lines"
    told = told_hash(order)
    if row.told_hash is None or row.told_hash == told or order.state.role in OVER:
        return None
    same_address = row.told_hash[:_ADDRESS_DIGITS] == told[:_ADDRESS_DIGITS]
    return "notes" if same_address else "address"


def placed_before(order: Order, moment: datetime) -> bool:
    """Return whether an order may be older than a moment, as far as two clocks agree.

    True where its date or zone tells nothing.
    """
    placed = _moment(order, order.placed_at)
    return placed is None or placed < moment + _CLOCKS


def unchanged_since(order: Order, moment: datetime) -> bool:
    """Return whether an order was placed, and got its state, surely before a moment."""
    said = [_moment(order, at) for at in (order.placed_at, *(one.at for one in order.history))]
    return all(at is not None and at + _CLOCKS < moment for at in said)


def _moment(order: Order, shop_time: str) -> datetime | None:
    """Return one of the shop's local times as a moment; None where it tells none."""
    zone = find_zone(order.timezone)
    try:
        found = datetime.fromisoformat(shop_time)
    except ValueError:
        return None
    return found.replace(tzinfo=zone) if zone is not None else None


def _digest(said: Mapping[str, Any]) -> str:
    return hashlib.sha256(canonical(said)).hexdigest()
