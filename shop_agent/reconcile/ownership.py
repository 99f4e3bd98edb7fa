"""Who wins, field by field: the three-way rule (design: every field has an owner).

The shop may store a text otherwise than it was sent (its HTML cleaner rewrites it), so what was
sent and what was stored are remembered apart. A field is quiet when the till still wants what we
sent and the shop still shows what it stored.

    decide("till", wanted="9.99", last=Last("9.99", "9.990000"), site="8.000000")  # Choice.WRITE
"""

from enum import Enum
from typing import TypeVar

from protocol.records import Owner
from shop_agent.actions import Last

Item = TypeVar("Item")


class Choice(Enum):
    """What to do with one field in one language."""

    LEAVE = "leave"  # nothing to do, nothing to note
    NOTE = "note"  # nothing to write, but remember what the shop shows
    WRITE = "write"  # the till's value goes to the shop
    EDITED = "edited"  # a person changed it: keep, report once
    AGREED = "agreed"  # a person's change was undone or equals ours: forget the report


def decide(owner: Owner, *, wanted: str, last: Last | None, site: str) -> Choice:
    """Return what to do with one field.

    Args:
        owner: Whose word counts.
        wanted: The till's value, in the form it is sent in.
        last: What was last written, or None when never.
        site: The shop's value, in the same normal form as `Last.stored`.
    """
    if owner == "site":
        return Choice.LEAVE
    if site == wanted:
        known = last is not None and (last.sent, last.stored) == (wanted, site)
        return Choice.LEAVE if known and last and not last.edited else Choice.NOTE
    untouched = last is not None and site == last.stored
    same_wish = last is not None and wanted == last.sent
    if owner == "till":
        return Choice.LEAVE if untouched and same_wish else Choice.WRITE
    if last is None:
        # An entry that was there before us: its text is somebody's work, unless it has none, and
        # stays so whatever the till says later. Nothing is noted: what is noted is ours.
        return Choice.LEAVE if site else Choice.WRITE
    if not untouched:
        return Choice.EDITED
    if last.edited and same_wish:
        return Choice.AGREED
    return Choice.LEAVE if same_wish else Choice.WRITE


def union(
    wanted: frozenset[Item],
    ours: frozenset[Item],
    site: frozenset[Item],
    removed: frozenset[Item],
) -> tuple[frozenset[Item], frozenset[Item], frozenset[Item]]:
    """Return (the list to be, what of it is ours, what people removed and we do not put back).

    Args:
        wanted: What the till wants in the list.
        ours: What we put there before.
        site: What is there now.
        removed: What people are known to have taken out before.
    """
    taken_out = (removed | (ours - site)) & wanted
    mine = wanted - taken_out
    return (site - (ours - wanted)) | mine, mine, taken_out
