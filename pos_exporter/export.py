"""One run, as a readable sentence.

Prove the position; receive what the site wrote; ask the till what it still has; bring the site's
orders and customers into it; read it; see what changed; queue it, with a whole snapshot where an
epoch begins; add the photos that are wanted; send; tell of new orders by e-mail.

    report = run_export(exporter, Options())
"""

from sqlalchemy import func, select

from pos_exporter.comparing import compare
from pos_exporter.comparing_figures import compare_figures, is_of_figures
from pos_exporter.exporter import Exporter, ExportReport, Options
from pos_exporter.ignored import ignored_fates
from pos_exporter.mail.port import MailError
from pos_exporter.orders_entering import enter_orders
from pos_exporter.orders_lost import ask_till, wipe_old
from pos_exporter.photo_packing import pack_wanted_photos
from pos_exporter.restating import restate_answers, say_answers
from pos_exporter.state import STATE
from protocol.errors import ComptoirError, RefusedItemError, RetryableError


def run_export(exporter: Exporter, options: Options) -> ExportReport:
    """Carry out one run and return its account.

    Raises:
        ShrunkenReadError: the till's reading is suspect; orders were received, nothing was sent.
        ComptoirError: what stopped it; when only orders could not enter, the rest was sent before.
    """
    report = ExportReport(dry=options.dry_run)
    engine, link = exporter.engine, exporter.link
    stopped: ComptoirError | None = None
    if options.dry_run:
        compare(exporter, options, report)
        _count_refusals(exporter, report)
        return report
    with exporter.open_channel() as channel:
        exporter.progress("receive", 0, 1)
        link.prove_position(engine, channel)
        report.received = link.receive(engine, channel).records
        restate_answers(exporter)
        say_answers(exporter)
        if _ask_till(exporter, options):
            link.send(engine, channel)  # before any figure: the site keeps what the till lost
        stopped = enter_orders(exporter, report)
        if is_of_figures(exporter, options):
            compare_figures(exporter, options, report)
        else:
            report.photos = pack_wanted_photos(exporter, compare(exporter, options, report))
        exporter.progress("send", 0, 1)
        report.sent = link.send(engine, channel)
    _tell_by_mail(exporter)
    _count_refusals(exporter, report)
    if stopped is not None:
        raise stopped
    return report


def _ask_till(exporter: Exporter, options: Options) -> int:
    """Return how many orders the till has just been found to have lost; see `orders_lost`."""
    engine, link = exporter.engine, exporter.link
    if not link.is_proven(engine):
        return 0
    moment = exporter.clock()
    with engine.begin() as connection:
        wipe_old(connection, moment)
    try:
        return ask_till(engine, exporter.writer, link.outbox, moment, every=options.full)
    except (RetryableError, RefusedItemError) as error:
        link.tell(engine, error.problem())
        return 0


def _tell_by_mail(exporter: Exporter) -> None:
    """Tell of new orders by e-mail, if the merchant wants it; a failure is only told."""
    if exporter.news is None:
        return
    try:
        exporter.news.tell()
    except MailError as error:
        exporter.link.tell(exporter.engine, error.problem())


def _count_refusals(exporter: Exporter, report: ExportReport) -> None:
    """Count the site's refusals; what it holds waits as a class, or by the merchant's choice."""
    state, number = STATE.fate.c.state, select(func.count()).select_from(STATE.fate)
    with exporter.engine.connect() as connection:
        refused = connection.execute(number.where(state == "refused")).scalar_one()
        report.refused_by_site = refused - ignored_fates(connection).get("refused", 0)
        report.held_by_site = connection.execute(number.where(state == "held")).scalar_one()
