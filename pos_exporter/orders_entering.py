"""One step of a run: the site's orders and customers enter the till, and its figures are believed.

Nothing enters while our own memory is in doubt; a till that cannot be written is read all the same.

    stopped = enter_orders(exporter, report)            # raised once the rest was sent
    follow_changes(exporter, assembled, report)         # after the till was read
"""

from pos_exporter.assembled import Assembled
from pos_exporter.errors import UnprovenStateError
from pos_exporter.exporter import Exporter, ExportReport
from pos_exporter.intake.port import UnreadError
from pos_exporter.lost import lost_orders
from pos_exporter.orders_desk import OrdersDesk
from pos_exporter.orders_doubt import begin_doubt, end_doubt, unsure_since
from pos_exporter.orders_units import counted_units, pack_units
from protocol.errors import ComptoirError, Problem


def enter_orders(exporter: Exporter, report: ExportReport) -> ComptoirError | None:
    """Bring orders into the till; not while our own memory is in doubt.

    Returns:
        What stopped it, for after the sending: a till that cannot be written is read all the same.
    """
    if not exporter.link.is_proven(exporter.engine):
        exporter.link.tell(exporter.engine, UnprovenStateError().problem())
        begin_doubt(exporter)
        return None
    try:
        desk = _orders_desk(exporter)
        report.orders = desk.run()
        end_doubt(exporter)
        _tell_unread(exporter, desk.unread)
    except ComptoirError as error:
        return error
    finally:
        with exporter.engine.connect() as connection:
            report.orders.lost = len(lost_orders(connection))
    return None


def follow_changes(exporter: Exporter, assembled: Assembled, report: ExportReport) -> None:
    """Answer the orders that were changed at the till too; only a till that counts can show it."""
    if exporter.mapping.counts_orders and exporter.link.is_proven(exporter.engine):
        records = assembled.records
        packs = pack_units(records)
        _orders_desk(exporter).follow(counted_units(records), report.orders, packs)


def _orders_desk(exporter: Exporter) -> OrdersDesk:
    return OrdersDesk(
        exporter.engine, exporter.link.keys, exporter.link.outbox, exporter.writer,
        exporter.clock, exporter.import_when, unsure=unsure_since(exporter),
    )  # fmt: skip


def _tell_unread(exporter: Exporter, unread: Problem | None) -> None:
    """Tell on every page that nobody reads the folder of orders, as long as it is so."""
    notices = exporter.link.notices
    with exporter.engine.connect() as connection:
        told = any(one.problem.code == UnreadError.code for one in notices.all(connection))
    if unread is None and not told:
        return
    with exporter.engine.begin() as connection:
        notices.forget(connection, UnreadError.code)
        if unread is not None:
            notices.tell(connection, unread, exporter.clock())
