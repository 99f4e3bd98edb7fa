"""Questions that the site's program asks a person, and the answers given here (SPEC §6.9).

A case comes from the site and ends there: here it is only shown and answered. An answer counts for
the case as it was shown; one that changes since is asked anew. Page and commands only write the
answer down; the next run sends it, and the site's program ends the case. Every function works
inside the caller's transaction.

    answer_case(connection, "unpaid/shop.example/12/…", "release", moment, seen=case.hash)
    said = answers_to_say(connection)                        # records for the answers stream
"""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Row, delete, func, insert, select, update

from pos_exporter.state import LINK, STATE
from protocol.errors import NeedsPersonError, Text, UsageError
from protocol.records import (
    Case,
    CaseAnswer,
    CaseKind,
    CaseVerb,
    content_hash,
    parse_record,
    record_line,
)
from protocol.values import format_time

_TABLE = STATE.site_case


class NoSuchCaseError(UsageError):
    """No open case has this key."""

    code = "E-CAS-030"
    what = Text("Aucun cas ouvert sous « {value} »", "No open case under « {value} »")
    remedy = Text(
        "Il est peut-être déjà réglé ; « pos-exporter cases » montre ceux qui restent",
        "It may be settled already; « pos-exporter cases » shows those that are left",
    )


class CaseChangedError(UsageError):
    """The case is another one than the person was shown."""

    code = "E-CAS-031"
    what = Text("Ce cas a changé depuis", "This case has changed since")
    remedy = Text(
        "Relire ce qu'il dit maintenant, puis répondre", "Read what it says now, then answer"
    )


class NoSuchVerbError(UsageError):
    """The case does not take this answer."""

    code = "E-CAS-032"
    what = Text("Ce cas ne se règle pas par « {value} »", "This case does not take « {value} »")
    remedy = Text("Réponses possibles : {verbs}", "Answers that it takes: {verbs}")


class SeveralCasesError(UsageError):
    """Several open cases fit."""

    code = "E-CAS-033"
    what = Text("Plusieurs cas portent « {value} »", "Several cases bear « {value} »")
    remedy = Text("Donner la clé entière : {keys}", "Give the whole key: {keys}")


class OpenCasesError(NeedsPersonError):
    """Questions of the site wait for a person."""

    code = "E-CAS-034"
    what = Text("{count} cas à voir", "{count} case(s) to look at")
    remedy = Text(
        "Les lire sur la page « Cas à voir », ou par « pos-exporter cases »",
        "Read them on the page « To look at », or by « pos-exporter cases »",
    )


@dataclass(frozen=True)
class SiteCase:
    """One question of the site.

    Args:
        key: Names it.
        about: What kind of case.
        code: Stable, such as `E-CAS-003`.
        place: What it is about: the article, or the order.
        what: What happened.
        remedy: What to do.
        orders: Order uids that it names.
        stock_keys: Sellables that it names.
        verbs: What a person may answer.
        since: UTC.
        hash: Names what is shown here.
        answer: What a person said; None: nothing yet.
        answered_at: UTC.
    """

    key: str
    about: CaseKind
    code: str
    place: str
    what: Text
    remedy: Text
    orders: tuple[str, ...]
    stock_keys: tuple[str, ...]
    verbs: tuple[CaseVerb, ...]
    since: datetime
    hash: str
    answer: CaseVerb | None = None
    answered_at: datetime | None = None


# --- the site --------------------------------------------------------------------------------


def take_case(connection: Connection, record: Case, epoch: int) -> None:
    """Note a case as the site says it; one that is over goes, one that changed is asked anew."""
    digest = content_hash(record)
    row = connection.execute(select(_TABLE).where(_TABLE.c.key == record.key)).first()
    if row is not None and row.hash == digest and record.until is None:
        connection.execute(update(_TABLE).where(_TABLE.c.key == record.key).values(epoch=epoch))
        return
    connection.execute(delete(_TABLE).where(_TABLE.c.key == record.key))
    if record.until is None:
        connection.execute(
            insert(_TABLE).values(
                key=record.key, about=record.about, body=record_line(record), hash=digest,
                since=format_time(record.since), epoch=epoch, queued=False,
            )
        )  # fmt: skip


def forget_unsaid(connection: Connection) -> None:
    """Forget what the site has not said again since its answers began anew: it knows it no more."""
    streams = LINK.in_stream.c
    epoch = connection.scalar(select(func.max(streams.epoch)).where(streams.stream == "answers"))
    if epoch is not None:
        connection.execute(delete(_TABLE).where(_TABLE.c.epoch < epoch))


def answers_to_say(connection: Connection, *, again: bool = False) -> tuple[CaseAnswer, ...]:
    """Return what must be sent to the site's program, and note that it is queued.

    Args:
        connection: The caller's transaction.
        again: Every answer whose case is still open, also one that was sent: our answers begin
            anew.
    """
    given = select(_TABLE).where(_TABLE.c.answer.is_not(None)).order_by(_TABLE.c.key)
    rows = connection.execute(given if again else given.where(_TABLE.c.queued.is_(False))).all()
    connection.execute(update(_TABLE).where(_TABLE.c.answer.is_not(None)).values(queued=True))
    return tuple(
        CaseAnswer(
            key=row.key, verb=row.answer, of_hash=row.hash,
            at=datetime.fromisoformat(row.answered_at),
        )
        for row in rows
    )  # fmt: skip


# --- a person --------------------------------------------------------------------------------


def site_cases(connection: Connection) -> tuple[SiteCase, ...]:
    """Return what is open, the oldest first; what a person has answered comes last."""
    rows = connection.execute(
        select(_TABLE).order_by(_TABLE.c.answer.is_not(None), _TABLE.c.since, _TABLE.c.key)
    ).all()
    return tuple(_case(row) for row in rows)


def get_case(connection: Connection, name: str) -> SiteCase:
    """Return the case that a person means: by its key, or by a part of it that is enough.

    Raises:
        NoSuchCaseError: When none fits.
        SeveralCasesError: When several do.
    """
    found = site_cases(connection)
    fitting = [one for one in found if one.key == name] or [one for one in found if name in one.key]
    if not fitting:
        raise NoSuchCaseError(value=name)
    if len(fitting) > 1:
        raise SeveralCasesError(value=name, keys=", ".join(one.key for one in fitting))
    return fitting[0]


def answer_case(
    connection: Connection, key: str, verb: str, moment: datetime, *, seen: str
) -> SiteCase:
    """Write down a person's answer, to be sent by the next run.

    Args:
        connection: The caller's transaction.
        key: The case's, whole.
        verb: What the person says.
        moment: UTC.
        seen: The hash of what the person was shown.

    Raises:
        NoSuchCaseError: When the case is not open any more.
        CaseChangedError: When it says something else now.
        NoSuchVerbError: When it does not take this answer.
    """
    found = {one.key: one for one in site_cases(connection)}
    if key not in found:
        raise NoSuchCaseError(value=key)
    case = found[key]
    if case.hash != seen:
        raise CaseChangedError(place=key)
    if verb not in case.verbs:
        raise NoSuchVerbError(value=verb, verbs=", ".join(case.verbs))
    if case.answer is None:  # said twice it is the first that counts
        given = {"answer": verb, "answered_at": format_time(moment), "queued": False}
        connection.execute(update(_TABLE).where(_TABLE.c.key == key).values(**given))
    return case


def _case(row: Row[Any]) -> SiteCase:
    record = parse_record(row.body, place="site_case")
    if not isinstance(record, Case):
        raise TypeError(record.kind)
    reason = record.reason
    return SiteCase(
        key=record.key,
        about=record.about,
        code=reason.code,
        place=reason.place,
        what=Text(reason.what.fr, reason.what.en),
        remedy=Text(reason.remedy.fr, reason.remedy.en),
        orders=record.orders,
        stock_keys=record.stock_keys,
        verbs=record.verbs,
        since=record.since,
        hash=row.hash,
        answer=row.answer,
        answered_at=datetime.fromisoformat(row.answered_at) if row.answered_at else None,
    )
