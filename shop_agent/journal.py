"""The journal: each write noted before it is tried, and what the shop stored after it.

Every method works inside the caller's transaction. An intent that stays open is a write whose
outcome was never learnt: the next pass looks at the shop and settles it.

    journal = Journal(connection)
    intent = journal.open_intent(subject, "products", "CHANGE", 7, sent, moment)
    journal.remember("products", 7, {("price", 0): Last("9.99", "9.99")})
    journal.close_intent(intent)
"""

import json
from collections.abc import Mapping, Sequence
from datetime import datetime

from sqlalchemy import Connection, and_, delete, insert, select

from protocol.values import format_time
from shop_agent.actions import FieldKey, Last, Subject
from shop_agent.reconcile.plan import TAKEN_BACK, Memory
from shop_agent.state import STATE

_IDS_PER_QUERY = 500


class Journal:
    """What was written to the shop, in one connection."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def memories(self, resource: str, ids: Sequence[int]) -> dict[int, Memory]:
        """Return what was last written to some entities, and what is still unsettled.

        A field whose first write is unsettled is left out: without a value from before, nothing
        tells a write that never happened from one that the shop stored otherwise.
        """
        last: dict[int, dict[FieldKey, Last]] = {ps_id: {} for ps_id in ids}
        pending: dict[int, dict[FieldKey, str]] = {ps_id: {} for ps_id in ids}
        written, intent = STATE.written, STATE.intent
        for start in range(0, len(ids), _IDS_PER_QUERY):
            some = list(ids[start : start + _IDS_PER_QUERY])
            query = select(written).where(written.c.resource == resource)
            for row in self._connection.execute(query.where(written.c.ps_id.in_(some))).all():
                note = Last(row.sent, row.stored, row.edited)
                last[row.ps_id][row.field, row.lang] = note
            open_ones = select(intent).where(intent.c.resource == resource)
            for row in self._connection.execute(open_ones.where(intent.c.ps_id.in_(some))).all():
                sent, known = parse_sent(row.body), last[row.ps_id]
                pending[row.ps_id].update(
                    {k: text for k, text in sent.items() if k in known or text == TAKEN_BACK}
                )
        return {ps_id: Memory(last[ps_id], pending[ps_id]) for ps_id in ids}

    def remember(self, resource: str, ps_id: int, notes: Mapping[FieldKey, Last]) -> None:
        """Note what was sent and what the shop stored."""
        written = STATE.written
        for (name, lang), last in notes.items():
            same = and_(
                written.c.resource == resource,
                written.c.ps_id == ps_id,
                written.c.field == name,
                written.c.lang == lang,
            )
            self._connection.execute(delete(written).where(same))
            self._connection.execute(
                insert(written).values(
                    resource=resource,
                    ps_id=ps_id,
                    field=name,
                    lang=lang,
                    sent=last.sent,
                    stored=last.stored,
                    edited=last.edited,
                )
            )

    def forget_writes(self, resource: str, ps_id: int) -> None:
        """Forget what was written to an entity that is gone."""
        written = STATE.written
        self._connection.execute(
            delete(written).where(written.c.resource == resource, written.c.ps_id == ps_id)
        )

    def open_intent(
        self,
        subject: Subject,
        resource: str,
        verb: str,
        ps_id: int | None,
        sent: Mapping[FieldKey, str],
        moment: datetime,
    ) -> int:
        """Note a write before it is tried; return the intent's id."""
        result = self._connection.execute(
            insert(STATE.intent).values(
                kind=subject.kind,
                key=subject.key,
                resource=resource,
                ps_id=ps_id,
                verb=verb,
                body=render_sent(sent),
                opened_at=format_time(moment),
            )
        )
        return int(result.inserted_primary_key[0]) if result.inserted_primary_key else 0

    def take_back(
        self, subject: Subject, resource: str, ps_id: int, name: str, lang: int, moment: datetime
    ) -> None:
        """Have the next pass write the till's value over a person's, whatever stands there then.

        Args:
            subject: The fact.
            resource: Of its entity.
            ps_id: Of its entity.
            name: The field, as the shop calls it; of a list, its name.
            lang: Id of the language; 0 for none.
            moment: UTC now.
        """
        # What is unsettled is ours, whatever the shop shows; this value is nothing the till wants.
        sent = {(name, lang): TAKEN_BACK}
        self.open_intent(subject, resource, "CHANGE", ps_id, sent, moment)

    def close_intent(self, intent_id: int) -> None:
        """Note that a write's outcome is known."""
        self._connection.execute(delete(STATE.intent).where(STATE.intent.c.id == intent_id))

    def close_intents_of(self, subject: Subject) -> None:
        """Note that everything unsettled about a fact has been looked at."""
        intent = STATE.intent
        self._connection.execute(
            delete(intent).where(intent.c.kind == subject.kind, intent.c.key == subject.key)
        )

    def intents(self, kind: str) -> dict[str, dict[FieldKey, str]]:
        """Return the values of unsettled creations of a kind, by key."""
        intent = STATE.intent
        rows = self._connection.execute(
            select(intent).where(intent.c.kind == kind, intent.c.ps_id.is_(None))
        ).all()
        return {row.key: parse_sent(row.body) for row in rows}


def render_sent(sent: Mapping[FieldKey, str]) -> str:
    """Return the values of a write as they are journalled."""
    return json.dumps([[name, lang, text] for (name, lang), text in sent.items()])


def parse_sent(text: str) -> dict[FieldKey, str]:
    """Return what `render_sent` wrote."""
    return {(name, lang): value for name, lang, value in json.loads(text)}
