"""Whether visitors see an article: what the till, the merchant and the web team make of it.

Nothing is ever deleted. What the till no longer sends becomes what the merchant chose for that
cause, and what it was before is remembered, so that it comes back just so: same id, address and
photos. A new article may be a draft: only the web team switches it on, and from then on it follows
the till like any other. Pure.

    plan = plan_showing(live=True, shown=shown, standing=standing, owner="till")
    plan.fields          # (WantedField("active", "till", {0: "1"}),)
"""

from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal

from protocol.errors import Problem
from protocol.records import Owner
from protocol.records.choices import Fallen
from shop_agent.policy_errors import (
    CategoryOffError,
    DraftError,
    NoPriceError,
    NotListedError,
    SwitchedOffError,
)
from shop_agent.reconcile.wanted import WantedField

#: What `Fell.before` says of a draft.
DRAFT = "draft"
_NOWHERE = "none"


@dataclass(frozen=True)
class Shown:
    """A product as the shop shows it now.

    Args:
        active: Switched on.
        visibility: `both`, `catalog`, `search` or `none`.
        price: Without tax.
        default_category: Its id.
        categories: All of them.
    """

    active: bool
    visibility: str = "both"
    price: Decimal = Decimal(1)
    default_category: int = 0
    categories: frozenset[int] = frozenset()


@dataclass(frozen=True)
class Fell:
    """What became of an article that the till no longer sends.

    Args:
        fate: The merchant's choice, as it was carried out.
        before: What it changed: `1`, `0` or `draft` of `inactive`, the visibility of `hidden`.
    """

    fate: Fallen
    before: str = ""


@dataclass(frozen=True)
class Showing:
    """What is to be done with one article.

    Args:
        fields: What is written, by owner.
        fell: What is to be remembered afterwards; None: nothing.
        is_draft: It waits for the web team.
        takes_away: Visitors lose it.
    """

    fields: tuple[WantedField, ...]
    fell: Fell | None = None
    is_draft: bool = False
    takes_away: bool = False


def plan_showing(
    *, fate: Fallen | None, shown: Shown, fell: Fell | None, owner: Owner, may_be_draft: bool
) -> Showing:
    """Return what is to be done with an article that is in the shop.

    Args:
        fate: What the merchant chose for an article that is gone from the till; None: it is there.
        shown: The shop's product.
        fell: What became of it before.
        owner: Of `article.online`.
        may_be_draft: New articles are drafts, and we never switched this one on.
    """
    is_draft = not shown.active and (
        fell.before == DRAFT if fell and fell.fate == "inactive" else may_be_draft
    )
    if fate is None:
        fields = tuple(_come_back(shown, fell, owner))
        active = () if is_draft else (_field("active", owner, "1"),)
        return Showing((*active, *fields), is_draft=is_draft)
    if fate == "leave" or owner == "site":
        return Showing((), fell)
    if fell is not None and fell.fate == fate:
        return Showing(tuple(_fall(fate, owner, is_on=not is_draft)), fell)
    undone = [one for one in _undo(shown, fell, owner) if one.name != _written_by(fate)]
    before = _before(fate, shown, fell, is_draft=is_draft)
    fields = (*undone, *_fall(fate, owner, is_on=not is_draft))
    is_seen = shown.active and shown.visibility != _NOWHERE
    return Showing(fields, Fell(fate, before), takes_away=is_seen)


def _fall(fate: Fallen, owner: Owner, *, is_on: bool) -> Iterator[WantedField]:
    if fate == "inactive" and is_on:
        yield _field("active", owner, "0")
    elif fate == "hidden":
        yield _field("visibility", "till", _NOWHERE)


def _come_back(shown: Shown, fell: Fell | None, owner: Owner) -> Iterator[WantedField]:
    return (one for one in _undo(shown, fell, owner) if one.name != "active")


def _undo(shown: Shown, fell: Fell | None, owner: Owner) -> Iterator[WantedField]:
    """Yield what makes an article what it was, where what we made of it still stands."""
    if fell is None:
        return
    if fell.fate == "hidden" and shown.visibility == _NOWHERE:
        yield _field("visibility", "till", fell.before)
    elif fell.fate == "inactive" and fell.before == "1":
        yield _field("active", owner, "1")


def _before(fate: Fallen, shown: Shown, fell: Fell | None, *, is_draft: bool) -> str:
    if fate == "hidden":
        was_hidden = fell is not None and fell.fate == "hidden"
        return fell.before if fell is not None and was_hidden else shown.visibility
    if fate != "inactive":
        return ""
    if is_draft:
        return DRAFT
    return "1" if shown.active else "0"


def _written_by(fate: Fallen) -> str:
    return {"inactive": "active", "hidden": "visibility"}.get(fate, "")


def _field(name: str, owner: Owner, value: str) -> WantedField:
    return WantedField(name, owner, {0: value})


def why_unseen(
    shown: Shown, *, is_draft: bool, off_categories: frozenset[int], place: str
) -> Problem | None:
    """Return why visitors do not see an article that is in the shop, or None when they do.

    Args:
        shown: As it is once this pass has written.
        is_draft: It waits for the web team.
        off_categories: Categories that are off on the site.
        place: The article, for the reason.
    """
    if is_draft:
        return DraftError(place=place).problem()
    if not shown.active:
        return SwitchedOffError(place=place).problem()
    if shown.visibility == _NOWHERE:
        return NotListedError(place=place).problem()
    all_off = bool(shown.categories) and shown.categories <= off_categories
    if shown.default_category in off_categories or all_off:
        return CategoryOffError(place=place, category=shown.default_category).problem()
    if not shown.price:
        return NoPriceError(place=place).problem()
    return None
