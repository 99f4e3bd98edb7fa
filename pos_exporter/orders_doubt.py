"""Since when our memory of orders is in doubt: what was placed before may be in the till already.

The doubt outlasts the proof by a day: the orders may come long after it.

    begin_doubt(exporter)               # the position is not proven
    unsure_since(exporter)              # UTC, or None: there is no doubt
    end_doubt(exporter)                 # a day after the proof
"""

from datetime import datetime, timedelta

from pos_exporter.exporter import Exporter
from pos_exporter.meta import meta, set_meta
from protocol.values import format_time

_UNSURE, _UNSURE_UNTIL = "orders_unsure", "orders_unsure_until"


def begin_doubt(exporter: Exporter) -> None:
    """Remember that what was placed before now may be in the till, though we know nothing of it."""
    with exporter.engine.begin() as connection:
        if not meta(connection, _UNSURE) or meta(connection, _UNSURE_UNTIL):
            set_meta(connection, _UNSURE, format_time(exporter.clock()))
            set_meta(connection, _UNSURE_UNTIL, "")


def end_doubt(exporter: Exporter) -> None:
    """Forget it a day after the position was proven: the orders may come long after the proof."""
    if unsure_since(exporter) is None:
        return
    with exporter.engine.begin() as connection:
        until = meta(connection, _UNSURE_UNTIL)
        if not until:
            set_meta(connection, _UNSURE_UNTIL, format_time(exporter.clock() + timedelta(days=1)))
        elif exporter.clock() >= datetime.fromisoformat(until):
            set_meta(connection, _UNSURE, "")
            set_meta(connection, _UNSURE_UNTIL, "")


def unsure_since(exporter: Exporter) -> datetime | None:
    """Return since when our memory is in doubt (UTC, aware), None where it is not."""
    with exporter.engine.connect() as connection:
        kept = meta(connection, _UNSURE)
    return datetime.fromisoformat(kept) if kept else None
