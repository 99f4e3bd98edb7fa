"""Questions open for a person: opened and ended by facts, answered by a person (SPEC §6.9).

Rules: the till is told of each change, once; a case that a person has answered stays closed as long
as its facts are the same; one whose facts are over is forgotten once the till was told. All happens
inside the caller's transaction.

    cases = Cases(connection, moment)
    cases.open(of_order(order, terms))
    cases.keep_only("unpaid", {"unpaid/shop.example/12/…"})
    cases.tell(outbox)
"""

import json
from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Row, bindparam, delete, insert, select, update

from protocol.link.notices import problem_from, problem_json
from protocol.link.outbox import Outbox
from protocol.records import Case, CaseKind, CaseVerb, content_hash, reason_of
from protocol.values import format_time
from shop_agent.case_rules import Wanted
from shop_agent.state import STATE

_CASE = STATE.case.c
_OF_KEY = select(STATE.case).where(_CASE.key == bindparam("key"))


@dataclass(frozen=True)
class CaseNow:
    """One case as it stands.

    Args:
        wanted: What is so.
        since: When it was first seen, as it travels.
        until: When it was over or answered; None: it is open.
    """

    wanted: Wanted
    since: str
    until: str | None = None

    @property
    def key(self) -> str:
        """What names it."""
        return self.wanted.key

    def record(self) -> Case:
        """Return it as the till is told."""
        wanted = self.wanted
        return Case(
            key=wanted.key,
            about=wanted.about,
            reason=reason_of(wanted.problem),
            orders=wanted.orders,
            stock_keys=wanted.stock_keys,
            verbs=wanted.verbs,
            since=datetime.fromisoformat(self.since),
            until=datetime.fromisoformat(self.until) if self.until else None,
        )


class Cases:
    """The cases, in one connection.

    Args:
        connection: The caller's transaction.
        moment: UTC now.
    """

    def __init__(self, connection: Connection, moment: datetime) -> None:
        self._connection = connection
        self._now = format_time(moment)

    # --- as facts have it --------------------------------------------------------------------

    def open(self, wanted: Wanted) -> None:
        """Have a case open as the facts make it; one that a person closed stays closed."""
        row = self._find(wanted.key)
        facts = _render(wanted)
        if row is not None and row.answer is not None:
            if _parse(row).mark() == wanted.mark():
                return
            row = None  # something else is so than what the person has seen
        if row is not None and row.until is None:
            if row.facts != facts:
                self._change(wanted.key, facts=facts, told=False)
            return
        self._forget(wanted.key)
        self._connection.execute(
            insert(STATE.case).values(
                key=wanted.key, about=wanted.about, facts=facts, since=self._now, told=False
            )
        )

    def close(self, key: str) -> None:
        """Note that the facts of a case are over."""
        row = self._find(key)
        if row is None or (row.until is not None and row.answer is None):
            return
        if row.answer is not None:
            self._change(key, answer=None)
        else:
            self._change(key, until=self._now, told=False)
        self._forget_over()

    def keep_only(self, about: CaseKind, keys: Collection[str]) -> None:
        """End every case of a kind but these."""
        query = select(_CASE.key).where(_CASE.about == about)
        for key in set(self._connection.execute(query).scalars()) - set(keys):
            self.close(key)

    def known(self, about: CaseKind) -> list[Wanted]:
        """Return the cases of a kind whose facts are not over, answered ones too."""
        query = select(STATE.case).where(_CASE.about == about).order_by(_CASE.key)
        rows = self._connection.execute(query).all()
        return [_parse(row) for row in rows if row.until is None or row.answer is not None]

    # --- a person ----------------------------------------------------------------------------

    def find_open(self, key: str) -> CaseNow | None:
        """Return an open case, or None."""
        row = self._find(key)
        return _now(row) if row is not None and row.until is None else None

    def answer(self, key: str, verb: CaseVerb) -> None:
        """Close an open case as a person said; it stays closed as long as its facts stay."""
        self._change(key, until=self._now, answer=verb, told=False)

    # --- the till ----------------------------------------------------------------------------

    def tell(self, outbox: Outbox, *, again: bool = False) -> None:
        """Queue what the till does not know yet.

        Args:
            outbox: Where it goes.
            again: Every open case too, for our answers begin anew.
        """
        news = _CASE.told.is_(False)
        chosen = news | _CASE.until.is_(None) if again else news
        rows = self._connection.execute(select(STATE.case).where(chosen).order_by(_CASE.key)).all()
        outbox.queue(self._connection, [_now(row).record() for row in rows])
        self._connection.execute(update(STATE.case).where(news).values(told=True))
        self._forget_over()

    # --- rows --------------------------------------------------------------------------------

    def _find(self, key: str) -> Row[Any] | None:
        return self._connection.execute(_OF_KEY, {"key": key}).one_or_none()

    def _change(self, key: str, **values: object) -> None:
        self._connection.execute(update(STATE.case).where(_CASE.key == key).values(**values))

    def _forget(self, key: str) -> None:
        self._connection.execute(delete(STATE.case).where(_CASE.key == key))

    def _forget_over(self) -> None:
        is_over = _CASE.until.is_not(None) & _CASE.answer.is_(None) & _CASE.told.is_(True)
        self._connection.execute(delete(STATE.case).where(is_over))


def open_cases(connection: Connection) -> tuple[CaseNow, ...]:
    """Return every open case, the oldest first."""
    query = select(STATE.case).where(_CASE.until.is_(None)).order_by(_CASE.since, _CASE.key)
    return tuple(_now(row) for row in connection.execute(query).all())


def hash_of(case: CaseNow) -> str:
    """Return what names a case as a person was shown it."""
    return content_hash(case.record())


def _now(row: Row[Any]) -> CaseNow:
    return CaseNow(_parse(row), row.since, row.until)


def _render(wanted: Wanted) -> str:
    kept = {
        "of": wanted.of,
        "problem": problem_json(wanted.problem),
        "orders": wanted.orders,
        "stock_keys": wanted.stock_keys,
        "sellables": wanted.sellables,
    }
    return json.dumps(kept, ensure_ascii=False)


def _parse(row: Row[Any]) -> Wanted:
    kept = json.loads(row.facts)
    problem = problem_from(kept["problem"])
    return Wanted(
        row.about, kept["of"], problem, tuple(kept["orders"]), tuple(kept["stock_keys"]),
        tuple((product, combination) for product, combination in kept["sellables"]),
    )  # fmt: skip
