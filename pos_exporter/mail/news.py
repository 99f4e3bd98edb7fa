"""Telling of new orders by e-mail: each once, when it may enter the till (or is there already).

Rules: nothing here ever stops a run; what did not leave is tried again with the next one. When
e-mails are switched on, or our state was lost, orders placed and paid before are old news. A letter
holds no more than reference and total, unless the merchant asks for details.

    news = News(engine, keys, mailer, NewsChoices(every="order"), roles, clock)
    news.tell()                       # how many orders were told of
"""

from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta, tzinfo
from typing import Any

from sqlalchemy import Engine, Row, delete, func, select, update

from pos_exporter.mail.letters import Every, NewOrder, letters
from pos_exporter.mail.port import Mailer
from pos_exporter.meta import meta, set_meta
from pos_exporter.orders_ledger import unchanged_since
from pos_exporter.orders_opened import opened
from pos_exporter.state import STATE
from pos_exporter.web.wording import Words
from protocol.errors import Lang
from protocol.keys import Keys
from protocol.records import Role
from protocol.values import format_time

_SINCE, _LAST = "mail_since", "mail_last"
_DAY = timedelta(hours=23, minutes=30)


@dataclass(frozen=True)
class NewsChoices:
    """How the merchant wants to be told.

    Args:
        every: A letter per order, per run or per day.
        details: Lines, customer and address too.
        lang: Of the letters.
        shop: The shop's name, for the subject.
        zone: Of the times; None is the PC's own.
    """

    every: Every = "order"
    details: bool = False
    lang: Lang = "fr"
    shop: str = ""
    zone: tzinfo | None = None


class News:
    """Tells of new orders.

    Args:
        engine: The state database.
        keys: Ours; bodies are sealed to them.
        mailer: Takes the letters.
        choices: The merchant's.
        roles: Roles in which an order is worth telling of.
        clock: UTC now.
    """

    def __init__(
        self, engine: Engine, keys: Keys, mailer: Mailer, choices: NewsChoices,
        roles: Collection[Role], clock: Callable[[], datetime],
    ) -> None:  # fmt: skip
        self._engine = engine
        self._keys = keys
        self._mailer = mailer
        self._choices = choices
        self._roles = sorted(roles)
        self._clock = clock

    def begin(self) -> None:
        """Take every order that is here now for known, the first time that e-mails are wanted."""
        table = STATE.web_order
        with self._engine.begin() as connection:
            if meta(connection, _SINCE) is None:
                set_meta(connection, _SINCE, format_time(self._clock()))
                connection.execute(update(table).values(mailed=""))

    def tell(self) -> int:
        """Hand over a letter for what is new; return how many orders were told of.

        Raises:
            MailError: When one did not leave; those before it are noted as told.
        """
        moment = self._clock()
        with self._engine.connect() as connection:
            last, since = meta(connection, _LAST), meta(connection, _SINCE)
            rows = connection.execute(self._untold()).all()
        rows = self._without_old(rows, since)
        told_at = datetime.fromisoformat(last) if last and self._choices.every == "day" else None
        if told_at is not None and moment - told_at < _DAY:
            return 0
        groups = [[row] for row in rows] if self._choices.every == "order" else [list(rows)]
        return sum(self._tell(group, moment) for group in groups if group)

    def _without_old(self, rows: Sequence[Row[Any]], since: str | None) -> Sequence[Row[Any]]:
        """Note what is old news as told; return the rest."""
        if since is None:
            return rows
        begun = datetime.fromisoformat(since)
        whole = ((row.uid, opened(self._keys, row)) for row in rows)
        old = [uid for uid, order in whole if order is not None and unchanged_since(order, begun)]
        table = STATE.web_order
        if old:
            with self._engine.begin() as connection:
                connection.execute(update(table).where(table.c.uid.in_(old)).values(mailed=""))
        return [row for row in rows if row.uid not in old]

    def _tell(self, rows: Sequence[Row[Any]], moment: datetime) -> int:
        choices = self._choices
        words = Words(choices.lang, moment, choices.zone)
        told = [self._new_order(row) for row in rows]
        for letter in letters(told, words, choices.every, choices.shop):
            self._mailer.send(letter)
        table, at = STATE.web_order, format_time(moment)
        uids = [row.uid for row in rows]
        with self._engine.begin() as connection:
            connection.execute(update(table).where(table.c.uid.in_(uids)).values(mailed=at))
            set_meta(connection, _LAST, at)
        return len(rows)

    def _new_order(self, row: Row[Any]) -> NewOrder:
        whole = opened(self._keys, row) if self._choices.details else None
        return NewOrder(row.uid, row.reference, row.total, row.role, row.state, whole)

    def _untold(self) -> Any:
        order = STATE.web_order.c
        return (
            select(STATE.web_order)
            .where(order.mailed.is_(None), order.role.in_(self._roles), func.length(order.body) > 0)
            .order_by(order.shop_id)
        )


def forget_news(engine: Engine) -> None:
    """Note that nobody wants e-mails: when they are wanted again, it begins anew."""
    table = STATE.meta
    with engine.connect() as connection:
        if meta(connection, _SINCE) is None:
            return
    with engine.begin() as connection:
        connection.execute(delete(table).where(table.c.name == _SINCE))
