"""How far the till is with web orders, and their parcels: rows become facts.

An order that is none of Comptoir's (an older system's, typed by hand) is left out, with one note
for all of them; a row without an order, or without a stage yet, says nothing. A stage that nobody
knows sets its row aside.

    put_progress(rows, frame, ledger)
    ledger.records("order_progress")[0].stage        # 'shipped'
"""

import re
from collections.abc import Callable
from datetime import UTC, datetime, time
from typing import TypeVar, get_args
from zoneinfo import ZoneInfo

from pos_exporter.assembling.facts import record_of
from pos_exporter.assembling.ledger import Ledger
from pos_exporter.assembling.steps import refuse_twice, views_of
from pos_exporter.assembling.till_rows import TillRows
from pos_exporter.mapping.fields import FieldRule
from pos_exporter.mapping.formats import Value, parse_moment, plain_text
from pos_exporter.mapping.notes import OtherOrdersNote
from pos_exporter.mapping.offer_errors import UnknownStageError
from pos_exporter.mapping.progress import OrderProgressQuery, ShipmentQuery
from pos_exporter.mapping.row_errors import RowError
from pos_exporter.mapping.rows import Frame, RowView
from protocol.records import OrderProgress, Record, Shipment
from protocol.records.progress import Stage

_STAGES = frozenset(get_args(Stage))
#: An order uid (SPEC 6.4): shop, id, reference, date; or its beginning and a hash, where too long.
_UID = re.compile(r".+/\d+/.+/[\d :-]{14,19}|.{120}/[0-9a-f]{64}")
_NOON, _YEARS = time(12), range(1970, 9999)
Q = TypeVar("Q", OrderProgressQuery, ShipmentQuery)


def put_progress(rows: TillRows, frame: Frame, ledger: Ledger) -> None:
    """Put the progress and the parcels of web orders into the ledger."""
    _put("order_progress", OrderProgressQuery, _a_progress, rows, frame, ledger)
    _put("shipment", ShipmentQuery, _a_shipment, rows, frame, ledger)


def _put(
    kind: str, query_type: type[Q], build: Callable[[RowView, Q, str], Record | None],
    rows: TillRows, frame: Frame, ledger: Ledger,
) -> None:  # fmt: skip
    others: list[str] = []
    for view, query in views_of(rows.of(kind, query_type), kind, frame, ledger):
        key = view.key
        try:
            order = view.read(query.fields.order, plain_text)
            if order is None or not _UID.fullmatch(order.strip()):
                others += [order] if order is not None and order.strip() else []
                continue
            key = order.strip() if kind == "order_progress" else key
            record = build(view, query, order.strip())
            if record is not None:
                refuse_twice(view, record, ledger)
                ledger.add(record, view.notes)
        except RowError as error:
            ledger.set_aside(kind, key, error, label=key)
    if others:
        note = OtherOrdersNote(place=kind, value=others[0], count=len(others))
        ledger.note(kind, others[0], note)


def _a_progress(view: RowView, query: OrderProgressQuery, order: str) -> OrderProgress | None:
    """Return how far an order is; None while the till has nothing to say of it."""
    stage = view.read(query.fields.stage, _stage)
    if stage is None:
        return None
    return record_of(OrderProgress, view, key=order, stage=stage, **_moment(view, "at", query))


def _a_shipment(view: RowView, query: ShipmentQuery, order: str) -> Shipment:
    told: dict[str, object] = {}
    for name in ("tracking", "carrier"):
        rule: FieldRule | None = getattr(query.fields, name)
        if rule is not None:
            told[name] = " ".join((view.read(rule, plain_text) or "").split()) or None
    return record_of(Shipment, view, order=order, **told, **_moment(view, "shipped_at", query))


def _stage(value: Value) -> str | None:
    text = plain_text(value)
    if text is None or not text.strip():
        return None
    if text.strip() not in _STAGES:
        raise UnknownStageError(value=text, known=", ".join(sorted(_STAGES)))
    return text.strip()


def _moment(view: RowView, name: str, query: Q) -> dict[str, object]:
    """Return a moment of the till as it travels; a day alone counts from its noon."""
    rule: FieldRule | None = getattr(query.fields, name)
    found = view.read(rule, _reader(view.frame)) if rule is not None else None
    return {} if found is None else {name: found}


def _reader(frame: Frame) -> Callable[[Value], datetime | None]:
    zone, formats = ZoneInfo(frame.mapping.till.timezone), frame.mapping.formats

    def read(value: Value) -> datetime | None:
        if value is None:
            return None
        found = parse_moment(value, formats, zone)
        if found.year not in _YEARS:
            return None  # how some tills write that there is none
        moment = found if isinstance(found, datetime) else datetime.combine(found, _NOON)
        return moment.replace(tzinfo=zone, microsecond=0).astimezone(UTC)

    return read
