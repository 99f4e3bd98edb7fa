"""A person's word on a web order, and what may be said of each.

`taken`: the till has it (or has been brought to its latest revision) by hand; of one in doubt, what
was handed over is there, and a revision that came since still follows. `resend`: it has not,
hand it over again, under a name that was never used. `ignore`: it shall not be in the till, nor
shall its later revisions. An answer counts at once; the site learns of it with the next run.

    for order in orders_told(connection): order.reference, order.state, order.answers
    answer_order(connection, "XKBKNABJK", "taken", moment)
    enter_again(connection, ["clara-3f9a/1042/XKBKNABJK/20261124093000"])
"""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal, get_args

from sqlalchemy import Connection, Row, select, update

from pos_exporter.orders_ledger import attempt_of
from pos_exporter.orders_outcome import DONE
from pos_exporter.problems import read_problem
from pos_exporter.state import STATE
from protocol.errors import Problem, Text, UsageError
from protocol.values import format_time

Word = Literal["taken", "resend", "ignore"]
WORDS: tuple[Word, ...] = get_args(Word)
_MARK_DIGITS = 32


class UnknownOrderError(UsageError):
    """No order of this name came from the site, or several did."""

    code = "E-POS-051"
    what = Text("Commande inconnue, ou pas unique", "No such order, or several")
    remedy = Text(
        "Donner l'identifiant entier que « pos-exporter orders » affiche",
        "Give the whole identifier that « pos-exporter orders » shows",
    )


class WordRefusedError(UsageError):
    """This cannot be said of an order in this state."""

    code = "E-POS-052"
    what = Text(
        "Réponse « {word} » impossible pour une commande « {state} »",
        "No answer « {word} » for an order « {state} »",
    )
    remedy = Text("Réponses possibles : {possible}", "Possible answers: {possible}")


class OrderChangedError(UsageError):
    """The order is another one than the person was shown."""

    code = "E-POS-057"
    what = Text("Cette commande a changé depuis", "This order has changed since")
    remedy = Text(
        "Relire ce que la page en dit maintenant, puis répondre",
        "Read what the page says of it now, then answer",
    )


@dataclass(frozen=True)
class OrderTold:
    """A web order as a person is told of it, without its customer.

    Args:
        uid: Its identifier.
        reference: As the customer knows it.
        placed_at: The shop's local time.
        total: With its currency.
        role: What its state in the shop means.
        state: new, waiting, refused, doubt, imported, closed, ignored.
        till_key: Under which the till keeps it.
        evidence: By what we know that; None: we do not.
        entered_at: When we saw that the till has it.
        doubt: Since when nobody knows.
        file: Of the drop folder, as long as it is open.
        problem: Why it is no further.
        answers: What a person may say of it.
        mark: Names what is shown: an answer counts for that.
    """

    uid: str
    reference: str
    placed_at: str
    total: str
    role: str
    state: str
    till_key: str | None
    evidence: str | None
    entered_at: datetime | None
    doubt: datetime | None
    file: str
    problem: Problem | None
    answers: tuple[Word, ...]
    mark: str


def orders_told(connection: Connection, *, every: bool = False) -> tuple[OrderTold, ...]:
    """Return the orders that are not done, or every one; the newest first."""
    table = STATE.web_order
    query = select(table).order_by(table.c.placed_at.desc(), table.c.uid)
    if not every:
        query = query.where(table.c.state.not_in(DONE))
    return tuple(order_told(row) for row in connection.execute(query))


def answer_order(
    connection: Connection, name: str, word: Word, moment: datetime, *, seen: str | None = None
) -> OrderTold:
    """Keep a person's word and return the order as it is now.

    Args:
        connection: In a transaction.
        name: The order's uid, or its reference where that is one order's.
        word: What they say.
        moment: Now.
        seen: The mark of what they were shown; None: as it is now.

    Raises:
        UnknownOrderError: When there is no such order.
        OrderChangedError: When it is not what they were shown any more.
        WordRefusedError: When this cannot be said of it.
    """
    row = _find(connection, name)
    if seen is not None and seen != mark_of(row):
        raise OrderChangedError(place=row.reference)
    possible = answers_to(row)
    if word not in possible:
        raise WordRefusedError(
            value=name, word=word, state=row.state, possible=", ".join(possible) or "—"
        )
    table = STATE.web_order
    changed = update(table).where(table.c.uid == row.uid)
    connection.execute(changed.values(**_values(row, word, moment)))
    return order_told(_find(connection, row.uid))


def mark_of(row: Row[Any]) -> str:
    """Return what changes with an order's content, and whenever it is sent again."""
    return f"{row.revision[:_MARK_DIGITS]}-{row.tries or 0}"


def enter_again(connection: Connection, uids: Collection[str]) -> None:
    """Have orders enter that the till had and lost, as if they had never been there."""
    table = STATE.web_order
    rows = connection.execute(select(table).where(table.c.uid.in_(uids))).all()
    for row in rows:
        again = update(table).where(table.c.uid == row.uid)
        connection.execute(again.values(**_anew(row)))


def answers_to(row: Row[Any]) -> tuple[Word, ...]:
    """Return what a person may say of an order; what lies in the till's hands waits for it."""
    if row.lost is not None:
        return WORDS
    handed_over = row.attempt is not None and row.state == "waiting"
    if row.state == "doubt" or (row.state == "refused" and row.attempt is not None):
        return ("taken", "resend") if row.entered_at else WORDS
    if row.entered_at is not None:
        return ("taken",) if row.state in ("waiting", "refused") and not handed_over else ()
    if row.state == "ignored":
        return ("resend",) if row.body else ()  # what was wiped cannot be sent
    return ("taken", "ignore") if row.state in ("new", "waiting", "refused") and (
        not handed_over
    ) else ()  # fmt: skip


def _values(row: Row[Any], word: Word, moment: datetime) -> dict[str, Any]:
    if word == "resend":
        return _anew(row) if row.lost is not None else _resent(row)
    closed = {"answered": False, "problem": None, "attempt": None, "doubt": None, "lost": None,
              "entered_revision": row.revision, "lines_hash": None}  # fmt: skip
    if word == "ignore":
        gone = _anew(row) if row.lost is not None else {}
        return {**gone, **closed, "state": "ignored", "person_said": "ignore"}
    return {
        **closed,
        "state": "imported",
        "person_said": None,
        "till_key": row.till_key or _file(row) or row.reference,
        "evidence": "person",
        "entered_at": row.entered_at or format_time(moment),
        **_of_older(row),
    }


def _of_older(row: Row[Any]) -> dict[str, Any]:
    """Return what `taken` says of an attempt with an older revision: the newest is still to go."""
    attempt = attempt_of(row)
    if attempt is None or attempt.mark.revision == row.revision:
        return {}
    return {
        "state": "new", "entered_revision": attempt.mark.revision,
        "lines_hash": attempt.lines, "told_hash": attempt.told,
    }  # fmt: skip


def _resent(row: Row[Any]) -> dict[str, Any]:
    """Return an order as one whose last attempt came to nothing."""
    return {
        "state": "new", "answered": False, "problem": None, "attempt": None, "doubt": None,
        "tries": (row.tries or 0) + 1, "person_said": None,
    }  # fmt: skip


def _anew(row: Row[Any]) -> dict[str, Any]:
    return {
        **_resent(row), "till_key": None, "entered_at": None, "evidence": None, "changed_at": None,
        "lost": None,
        "entered_revision": None, "lines_hash": None, "told_hash": None,
    }  # fmt: skip


def _find(connection: Connection, name: str) -> Row[Any]:
    table = STATE.web_order
    named = (table.c.uid == name.strip()) | (table.c.reference == name.strip())
    rows = connection.execute(select(table).where(named).limit(2)).all()
    if len(rows) != 1:
        raise UnknownOrderError(value=name)
    return rows[0]


def _file(row: Row[Any]) -> str:
    attempt = attempt_of(row)
    return attempt.mark.file if attempt is not None else ""


def order_told(row: Row[Any]) -> OrderTold:
    """Return what a person is told of an order's row."""
    return OrderTold(
        uid=row.uid,
        reference=row.reference,
        placed_at=row.placed_at,
        total=row.total,
        role=row.role,
        state=row.state,
        till_key=row.till_key,
        evidence=row.evidence,
        entered_at=datetime.fromisoformat(row.entered_at) if row.entered_at else None,
        doubt=datetime.fromisoformat(row.doubt) if row.doubt else None,
        file=_file(row),
        problem=read_problem(row.problem) if row.problem else None,
        answers=answers_to(row),
        mark=mark_of(row),
    )
