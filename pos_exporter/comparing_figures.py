"""One step of a run: the figures alone of what the site knows, read, checked and queued.

Chosen where stock or prices alone are asked for, and the site was told everything once.

    if is_of_figures(exporter, options):
        compare_figures(exporter, options, report)
"""

from pos_exporter.exporter import Exporter, ExportReport, Options
from pos_exporter.narrow import (
    assemble_figures,
    check_figures,
    is_narrow,
    queue_figures,
    read_narrow,
    said_figures,
)
from pos_exporter.orders_entering import follow_changes
from pos_exporter.said import SaidBook
from pos_exporter.site_figures import unless_paused, without_settled
from pos_exporter.suspicion import asking


def is_of_figures(exporter: Exporter, options: Options) -> bool:
    """Return whether figures alone are asked for, of what was said as a whole before."""
    if not is_narrow(options.only, options.articles, only_new=options.only_new):
        return False
    with exporter.engine.connect() as connection:
        return not exporter.link.outbox.needs_snapshot(connection, "catalogue")


def compare_figures(exporter: Exporter, options: Options, report: ExportReport) -> None:
    """Read the figures of what the site knows, and queue those that changed."""
    with exporter.engine.connect() as connection:
        known, in_stock = said_figures(connection), SaidBook(connection).in_stock()
    exporter.progress("read", 0, 1)
    rows = read_narrow(exporter.source, exporter.mapping)
    figures = assemble_figures(rows, exporter.mapping, known)
    report.articles = len(set(known.values()))
    with asking(exporter, options):
        check_figures(rows, figures.records, in_stock, exporter.guard)
    follow_changes(exporter, figures, report)
    exporter.progress("compare", 0, 1)
    records = unless_paused(exporter, report, without_settled(exporter, figures)).records
    with exporter.engine.begin() as connection:
        report.changes = queue_figures(connection, exporter.link.outbox, records, exporter.clock())
