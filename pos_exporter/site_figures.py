"""The figures as the site is to have them: without what is settled, none while shelves are counted.

Both read the state alone: the till is not asked again.

    assembled = unless_paused(exporter, report, without_settled(exporter, assembled))
"""

from dataclasses import replace

from pos_exporter import settlements
from pos_exporter.assembled import Assembled
from pos_exporter.exporter import Exporter, ExportReport
from pos_exporter.stock_pause import paused_until, without_stock
from protocol.values import format_time


def without_settled(exporter: Exporter, assembled: Assembled) -> Assembled:
    """Return the reading whose figures no longer count what both ends have done with."""
    with exporter.engine.connect() as connection:
        known = settlements.settled(connection)
    if not known:
        return assembled
    return replace(assembled, records=settlements.left_out(assembled.records, known))


def unless_paused(exporter: Exporter, report: ExportReport, assembled: Assembled) -> Assembled:
    """Return the reading without its figures while shelves are counted."""
    with exporter.engine.connect() as connection:
        until = paused_until(connection, exporter.clock())
    report.stock_paused_until = format_time(until) if until else None
    return without_stock(assembled) if until else assembled
