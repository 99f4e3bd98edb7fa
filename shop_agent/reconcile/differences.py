"""Till against site: what each planned action says of the two, and why they differ. Pure.

Nothing is decided here: the pass has planned, and its typed actions are told apart. *In flight*:
the till said it after the shop was last written. *Explained*: the formula of the stock, a mode, a
held class, a refusal, or the web team's own switch makes the difference. *Edited*: a person's text
is kept. *Drift*: the shop no longer shows what we wrote, and nobody may have changed it.

    found = differences(actions, figures, known)
    [one for one in found if one.why == "drift"]
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Literal

from shop_agent.actions import (
    Action,
    AddPhoto,
    Create,
    Delete,
    FieldKey,
    Hold,
    KeepEdit,
    Last,
    Refuse,
    RemovePhoto,
    SetStock,
    Settle,
    Subject,
    Update,
    Wait,
)
from shop_agent.reconcile.stock import Figure
from shop_agent.reconcile.wanted import normal

Why = Literal["in-flight", "explained", "edited", "drift"]
#: Reasons of an explained difference that are no problem's code.
BUFFER, ORDERS, FORCED, MODE = "buffer", "orders", "forced", "mode"
SILENT, OVERSALE = "silent", "oversale"


@dataclass(frozen=True)
class Known:
    """What the state knows of the facts of a plan.

    Args:
        written: What we last wrote, by (resource, id).
        linked: Facts that have an entity.
        moving: Facts that the till or an order has moved since they were settled.
        edits: People's texts that are kept since an earlier pass: (subject, resource, id, field,
            language id).
        mode: The mode that counts; nothing is drift where it lets nothing be written.
    """

    written: Mapping[tuple[str, int], Mapping[FieldKey, Last]] = field(default_factory=dict)
    linked: frozenset[Subject] = frozenset()
    moving: frozenset[Subject] = frozenset()
    edits: tuple[tuple[Subject, str, int, str, int], ...] = ()
    mode: str = "all"


@dataclass(frozen=True)
class Difference:
    """One thing in which till and site differ.

    Args:
        subject: The fact.
        resource: Of the webservice; empty where no entity is concerned.
        id: The entity's; None: not there, or not known.
        field: What differs; empty: the whole entity.
        lang: Language id, 0 for none.
        site: What the shop shows; None: nothing.
        till: What the till wants; None: nothing, or not known.
        why: Its class.
        reason: A problem's code, or `buffer`, `orders`, `forced`, `mode`; empty: none.
    """

    subject: Subject
    resource: str
    id: int | None
    field: str
    lang: int
    site: str | None
    till: str | None
    why: Why
    reason: str = ""


def differences(
    actions: Iterable[Action], figures: Mapping[Subject, Figure], known: Known
) -> list[Difference]:
    """Return every difference, in the order of the plan; explained stock and kept texts last."""
    found = [one for action in actions for one in _of_action(action, known)]
    told = {(one.subject, one.field, one.lang) for one in found}
    found += [one for subject, made in sorted(figures.items()) for one in _explained(subject, made)]
    for subject, resource, ps_id, name, lang in known.edits:
        if (subject, name, lang) not in told:
            found.append(Difference(subject, resource, ps_id, name, lang, None, None, "edited"))
    return found


def _of_action(action: Action, known: Known) -> Iterator[Difference]:
    subject = action.subject
    match action:
        case Update():
            yield from _of_update(action, known)
        case Create():
            why = _quiet(known, "drift" if subject in known.linked else "in-flight")
            yield _whole(subject, action.resource, None, why, known, till="")
        case SetStock():
            why = _quiet(known, "in-flight" if subject in known.moving else "drift", stock=True)
            yield Difference(
                subject, "stock_availables", action.row, "quantity", 0, str(action.was),
                str(action.quantity), why, MODE if why == "explained" else "",
            )  # fmt: skip
        case AddPhoto():
            yield _whole(subject, "images", None, _quiet(known, "in-flight"), known, till="")
        case RemovePhoto():
            yield _whole(
                subject, "images", action.image_id, _quiet(known, "in-flight"), known, site=""
            )
        case Delete():
            why = _quiet(known, "in-flight")
            yield _whole(subject, action.resource, action.ps_id, why, known, site="")
        case KeepEdit():
            yield Difference(
                subject, action.resource, action.ps_id, action.field, action.lang, action.site,
                None, "edited", action.problem.code,
            )  # fmt: skip
        case Hold() | Refuse():
            yield _reason(subject, "explained", action.problem.code)
        case Wait():
            yield _reason(subject, "in-flight", action.problem.code)
        case Settle() if action.unseen is not None:
            yield _reason(subject, "explained", action.unseen.code)


def _of_update(action: Update, known: Known) -> Iterator[Difference]:
    resource, ps_id = action.resource, action.write.id or 0
    written = known.written.get((resource, ps_id), {})
    for (name, lang), sent in action.sent.items():
        last = written.get((name, lang))
        is_ours = last is not None and last.sent == normal(resource, name, sent)
        has_drifted = is_ours and last is not None and not last.edited
        why = _quiet(known, "drift" if has_drifted else "in-flight")
        yield Difference(
            action.subject, resource, ps_id, name, lang, action.was.get((name, lang)), sent, why,
            MODE if why == "explained" else "",
        )  # fmt: skip


def _quiet(known: Known, why: Why, *, stock: bool = False) -> Why:
    """Return the class, or `explained` where the mode keeps such a thing from being written."""
    is_free = known.mode == "all" or (stock and known.mode == "stock")
    return why if is_free else "explained"


def _whole(
    subject: Subject, resource: str, ps_id: int | None, why: Why, known: Known, *,
    site: str | None = None, till: str | None = None,
) -> Difference:  # fmt: skip
    reason = MODE if why == "explained" else ""
    return Difference(subject, resource, ps_id, "", 0, site, till, why, reason)


def _reason(subject: Subject, why: Why, code: str) -> Difference:
    return Difference(subject, "", None, "", 0, None, None, why, code)


def _explained(subject: Subject, made: Figure) -> Iterator[Difference]:
    """Yield why a figure that is right is not the till's."""
    if made.shown != made.target or made.shown == made.quantity:
        return
    reasons = [FORCED] if made.forced else []
    reasons += [ORDERS] if made.kept else []
    reasons += [BUFFER] if made.buffer else []
    reasons += [SILENT] if made.silent else []
    reasons += [OVERSALE] if made.free < 0 == made.target else []
    yield Difference(
        subject, "stock_availables", made.row, "quantity", 0, str(made.shown), str(made.quantity),
        "explained", "+".join(reasons),
    )  # fmt: skip
