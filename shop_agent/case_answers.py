"""What a person's answer to a case does, whichever end it was given at: once, and to what was seen.

An answer that comes late, twice, or to something that has changed since the person saw it, does
nothing. Each verb's act is one function of `ACTS`; a room that asks its own question adds its own.

    take_answer(connection, CaseAnswer(key="unpaid/shop.example/12/…", verb="release", …))
"""

from collections.abc import Callable, Mapping
from datetime import datetime

from sqlalchemy import Connection

from protocol.records import CaseAnswer, CaseKind, CaseVerb, Role
from shop_agent.actions import Subject
from shop_agent.case_rules import UNPAID
from shop_agent.cases import CaseNow, Cases, hash_of
from shop_agent.orders import order_rows, reserving
from shop_agent.orders.roles import GONE_OUT, OVER
from shop_agent.progress.steps import Steps
from shop_agent.replica import Replica

#: Does what a person said of an open case, inside the transaction that closes it.
Act = Callable[[Connection, CaseNow], None]


def take_answer(connection: Connection, answer: CaseAnswer) -> bool:
    """Act on an answer and close its case; return whether there was anything to answer."""
    case = Cases(connection, answer.at).find_open(answer.key)
    if case is None or answer.verb not in case.wanted.verbs or answer.verb not in ACTS:
        return False
    if answer.of_hash is not None and answer.of_hash != hash_of(case):
        return False
    ACTS[answer.verb](connection, case)
    moment = max(answer.at, datetime.fromisoformat(case.since))
    Cases(connection, moment).answer(case.key, answer.verb)
    return True


def _release(connection: Connection, case: CaseNow) -> None:
    """Let the site sell what these orders keep; the figures are computed in the next pass.

    Not of one that has become something else, unseen: the pass that read it was cut short.
    """
    replica = Replica(connection)
    links = replica.links()
    for uid in case.wanted.orders:
        row = order_rows.find(connection, uid)
        if row is None or not _is_still(case.wanted.about, row.role, row.deleted):
            continue
        for key in reserving.release(connection, uid, links.stock_key):
            replica.mark_dirty(Subject("stock", key))


def _is_still(about: CaseKind, role: Role, deleted: bool | None) -> bool:
    """Return whether an order is still what its case says of it."""
    if about == "order_deleted":
        return bool(deleted)
    return role in {"unpaid": UNPAID, "left_out": GONE_OUT}.get(about, OVER)


def _dismiss(connection: Connection, case: CaseNow) -> None:
    """A person has seen it: nothing more."""


def _resend(connection: Connection, case: CaseNow) -> None:
    """Have the shop write to these customers once more; the next pass asks it to."""
    Steps(connection).mail_again(case.wanted.orders)


ACTS: Mapping[CaseVerb, Act] = {"release": _release, "dismiss": _dismiss, "resend": _resend}
