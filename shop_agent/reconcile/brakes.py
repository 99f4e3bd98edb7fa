"""The brakes: what a person must see before it happens, told from a plan that is known whole.

*Single*: one price at 0, or moved by more than so many percent against what the shop shows, is set
aside alone. *Mass*: more than so many percent **and** more than so many of the live ones of a class
hold that class, and nothing else. A price that is held leaves the rest of its entity's change free.
Pure; amounts are with tax.

    is_mass(57, of=200, brakes=Brakes())                              # True
    Move(article, Decimal("49.90"), Decimal("0.49")).is_wild(50)      # True
"""

import hashlib
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field, replace
from decimal import Decimal
from typing import Literal

from protocol.money import round_cents
from protocol.records import Brakes
from shop_agent.actions import Action, Create, Hold, KeepEdit, Remember, Settle, Subject, Update

DEACTIVATIONS, PRICES, EDITS, FIRST_LOAD = "deactivations", "prices", "edits", "first-load"
#: Sizes that vanish from articles that stay.
SELLABLES = "sellables"
#: Of all classes of a single price.
PRICE_PREFIX = "price/"
#: They make one price together: what visitors pay stays as it is when none of them is written.
PRICE_FIELDS = frozenset({"price", "id_tax_rules_group", "ecotax"})
#: Examples that a person is shown.
EXAMPLES = 10
_LONGEST_KEY = 190


def is_mass(count: int, *, of: int, brakes: Brakes) -> bool:
    """Return whether so many changes of one class are a mass."""
    return count > brakes.mass_count and count * 100 > brakes.mass_percent * of


def is_rewriting(count: int, *, of: int, brakes: Brakes) -> bool:
    """Return whether so many of our texts differ at once that the shop rewrites, not people."""
    return count > brakes.mass_count and count * 100 > brakes.edited_percent * of


def price_class(subject: Subject) -> str:
    """Return the class of one price; a key too long for a record's is cut and told apart."""
    name = f"{PRICE_PREFIX}{subject.kind}/{subject.key}"
    if len(name) <= _LONGEST_KEY:
        return name
    return f"{name[: _LONGEST_KEY - 17]}~{hashlib.sha256(name.encode()).hexdigest()[:16]}"


def is_single(key: str) -> bool:
    """Return whether a class is that of one price alone."""
    return key.startswith(PRICE_PREFIX)


@dataclass(frozen=True)
class Move:
    """One price that a plan writes.

    Args:
        subject: The article or variant.
        before: What the shop shows, with tax; None for a creation.
        after: What it would show.
        is_healing: The till wants what we wrote before: it is the shop that moved.
    """

    subject: Subject
    before: Decimal | None
    after: Decimal
    is_healing: bool = False

    @property
    def is_change(self) -> bool:
        """Whether a visitor would see another price than before, or none at all."""
        if self.before is None:
            return self.after <= 0
        return round_cents(self.before) != round_cents(self.after)

    def is_wild(self, percent: int) -> bool:
        """Return whether it is set aside alone: at 0, or moved by more than so many percent.

        From 0 upwards there is nothing to compare with: it is a price at last. One that we wrote
        before was judged then.
        """
        if not self.is_change:
            return False
        if self.after <= 0:
            return True
        if self.is_healing:
            return False
        before = self.before or Decimal(0)
        return before > 0 and abs(self.after - before) * 100 > percent * before

    def shown(self) -> str:
        """Return it for people: `49,90 → 0,49`."""
        return f"{_money(self.before)} → {_money(self.after)}"


def _money(amount: Decimal | None) -> str:
    return "—" if amount is None else f"{round_cents(amount):.2f}".replace(".", ",")


@dataclass(frozen=True)
class Asked:
    """What one class would do.

    Args:
        key: The class.
        changes: Each change with its line for people.
        of: Live ones of which they are a part.
        weights: Changes that count more than one, such as several texts of one entry.
    """

    key: str
    changes: Mapping[Subject, str]
    of: int
    weights: Mapping[Subject, int] = field(default_factory=dict)


Verdict = Literal["free", "approved", "held"]


def verdict(count: int, *, is_too_much: bool, up_to: int | None) -> Verdict:
    """Return what becomes of so many changes; `up_to` is what a valid approval allows."""
    if not is_too_much:
        return "free"
    return "approved" if up_to is not None and count <= up_to else "held"


# --- taking a held part out of a plan --------------------------------------------------------


def without_fields(update: Update, names: Collection[str]) -> Update | None:
    """Return a change without some fields, or None when nothing is left to write."""
    fields = {name: value for name, value in update.write.fields.items() if name not in names}
    if not fields and not update.write.associations:
        return None
    sent = {key: text for key, text in update.sent.items() if key[0] not in names}
    was = {key: text for key, text in update.was.items() if key[0] not in names}
    return replace(update, write=replace(update.write, fields=fields), sent=sent, was=was)


def hold_prices(
    actions: Sequence[Action], held: Mapping[Subject, Hold], instead: Mapping[Subject, str]
) -> list[Action]:
    """Return a plan without the prices of some subjects; a creation without its price waits whole.

    What is held is said last, in the place of "settled".

    Args:
        actions: The plan.
        held: Whose prices.
        instead: What to write as `price` all the same: the impact of a variant that keeps what
            visitors pay while its article's own price moves.
    """
    kept: list[Action] = []
    for action in actions:
        if action.subject not in held or isinstance(action, Hold):
            kept.append(action)
        elif isinstance(action, Update):
            rest = _keeping_price(action, instead.get(action.subject))
            kept += [rest] if rest is not None else []
        elif not isinstance(action, Create | Settle):
            kept.append(action)
    return [*kept, *held.values()]


def _keeping_price(update: Update, price: str | None) -> Update | None:
    if price is None or "price" not in update.write.fields:
        return without_fields(update, PRICE_FIELDS)
    write = replace(update.write, fields={**update.write.fields, "price": price})
    return replace(update, write=write, sent={**update.sent, ("price", 0): price})


def hold_edits(
    actions: Sequence[Action],
    held: Mapping[Subject, Hold],
    rewritten: Mapping[Subject, Collection[str]],
) -> list[Action]:
    """Return a plan that neither reports nor overwrites the texts that the shop rewrote.

    Args:
        actions: The plan.
        held: Whose texts.
        rewritten: Our own texts that the plan would write back, by subject.
    """
    kept: list[Action] = []
    for action in actions:
        if action.subject not in held:
            kept.append(action)
        elif isinstance(action, Update):
            rest = without_fields(action, rewritten.get(action.subject, ()))
            kept += [rest] if rest is not None else []
        elif isinstance(action, Remember):
            notes = {key: last for key, last in action.last.items() if not last.edited}
            kept += [replace(action, last=notes)] if notes else []
        elif not isinstance(action, KeepEdit | Settle):
            kept.append(action)
    return [*kept, *held.values()]
