"""One run, as a readable sentence.

Prove the position; receive what the site wrote; ask the till what it still has; bring the site's
orders and customers into it; read it; see what changed; queue it, with a whole snapshot where an
epoch begins; add the photos that are wanted; send; tell of new orders by e-mail.

    report = run_export(exporter, Options())
"""

import json
from collections.abc import Callable, Collection, Iterator
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Connection, Engine, func, select, update

from pos_exporter import settlements
from pos_exporter.approvals import (
    SHRUNKEN,
    end_reading,
    hold_reading,
    reading_allowed,
    yes_to_say,
)
from pos_exporter.assembled import Assembled
from pos_exporter.cases import answers_to_say, forget_unsaid
from pos_exporter.changes import Changes, Guard, ShrunkenReadError, check_read
from pos_exporter.choices import UnknownChoiceError, unknown_keys
from pos_exporter.errors import UnprovenStateError
from pos_exporter.filters import filtered
from pos_exporter.ignored import count_ignored_faults, ignored_fates
from pos_exporter.intake.port import TillWriter, UnreadError
from pos_exporter.lost import lost_orders
from pos_exporter.mail.news import News
from pos_exporter.mail.port import MailError
from pos_exporter.mapping.errors import RowError
from pos_exporter.mapping.model import TillMapping
from pos_exporter.mapping.shop import known_shop
from pos_exporter.meta import meta, set_meta
from pos_exporter.narrow import (
    assemble_figures,
    check_figures,
    is_narrow,
    queue_figures,
    read_narrow,
    said_figures,
)
from pos_exporter.orders_desk import OrdersDesk, OrdersDone, counted_units, pack_units
from pos_exporter.orders_lost import ask_till, wipe_old
from pos_exporter.policy_memory import last_policy, remember, versioned
from pos_exporter.reading import read_photos, read_till
from pos_exporter.said import SaidBook
from pos_exporter.saying import Asked, Saying, causes_of, decide, queue, withheld_of
from pos_exporter.source.port import Source
from pos_exporter.state import STATE
from pos_exporter.stock_pause import paused_until, without_stock
from protocol.channel.port import Channel
from protocol.errors import ComptoirError, Problem, RefusedItemError, RetryableError
from protocol.link.link import Link, Sent
from protocol.records import Photo, Policy, Role, ShopProfile, parse_record
from protocol.values import format_time

_UNSURE, _UNSURE_UNTIL = "orders_unsure", "orders_unsure_until"


@dataclass(frozen=True)
class Options:
    """What one run is asked to do.

    Args:
        full: Say everything again, in a new epoch.
        only: Kinds of facts to send; empty for all.
        dry_run: Compare and print; queue and send nothing, enter nothing into the till.
        accept: Brakes that a person says yes to.
        articles: References, bar codes or keys of the articles to send; empty for all.
        only_new: Send only articles that were never sent.
    """

    full: bool = False
    only: frozenset[str] = frozenset()
    dry_run: bool = False
    accept: Collection[str] = ()
    articles: tuple[str, ...] = ()
    only_new: bool = False

    def asked(self) -> Asked:
        """Return the part of the reading that is asked for."""
        return Asked(self.full, self.only, self.articles, self.only_new)


@dataclass(frozen=True)
class Exporter:
    """A wired exporter.

    Args:
        engine: The state database.
        link: To the site.
        open_channel: The place between the two.
        source: The till, for reading.
        mapping: What its tables mean.
        writer: The till, for orders; None when it takes none.
        policy: The merchant's choices.
        guard: How much may change at once.
        import_when: Roles in which an order enters the till.
        clock: UTC now.
        progress: Told of each step: (step, done, of).
        news: Tells of new orders by e-mail; None: nobody wants any.
    """

    engine: Engine
    link: Link
    open_channel: Callable[[], AbstractContextManager[Channel]]
    source: Source
    mapping: TillMapping
    writer: TillWriter | None
    policy: Policy
    guard: Guard
    import_when: Collection[Role]
    clock: Callable[[], datetime]
    progress: Callable[[str, int, int], None] = field(default=lambda step, done, of: None)
    news: News | None = None


@dataclass
class ExportReport:
    """What a run did, for the page, the log and `--json`."""

    dry: bool = False
    received: int = 0
    orders: OrdersDone = field(default_factory=OrdersDone)
    changes: Changes | None = None
    snapshot: bool = False
    withheld: int = 0
    faults: int = 0
    photos: int = 0
    sent: Sent = field(default_factory=Sent)
    articles: int = 0
    refused_by_site: int = 0
    held_by_site: int = 0
    left_out: int = 0
    saying: Saying | None = None
    stock_paused_until: str | None = None

    def set_aside(self) -> int:
        """Return how many things wait for a person's hand."""
        orders = self.orders
        return self.faults + self.refused_by_site + orders.refused + orders.doubts + orders.lost

    def summary(self) -> dict[str, Any]:
        """Return the account as JSON values."""
        return {
            "dry_run": self.dry,
            "received": self.received,
            "articles": self.articles,
            "changes": self.changes.counts() if self.changes else {},
            "gone": len(self.changes.gone) if self.changes else 0,
            "snapshot": self.snapshot,
            "left_out": self.left_out,
            "withheld": self.withheld,
            "faults": self.faults,
            "refused_by_site": self.refused_by_site,
            "held_by_site": self.held_by_site,
            "photos": self.photos,
            "stock_paused_until": self.stock_paused_until,
            "orders": vars(self.orders),
            "packets": {"built": self.sent.built, "uploaded": self.sent.uploaded},
        }


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
        _compare(exporter, options, report)
        _count_refusals(exporter, report)
        return report
    with exporter.open_channel() as channel:
        exporter.progress("receive", 0, 1)
        link.prove_position(engine, channel)
        report.received = link.receive(engine, channel).records
        _restate_answers(exporter)
        _say_approvals(exporter)
        if _ask_till(exporter, options):
            link.send(engine, channel)  # before any figure: the site keeps what the till lost
        stopped = _enter_orders(exporter, report)
        if _is_narrow(exporter, options):
            _compare_figures(exporter, options, report)
        else:
            report.photos = _pack_photos(exporter, _compare(exporter, options, report))
        exporter.progress("send", 0, 1)
        report.sent = link.send(engine, channel)
    _tell_by_mail(exporter)
    _count_refusals(exporter, report)
    if stopped is not None:
        raise stopped
    return report


def _compare(exporter: Exporter, options: Options, report: ExportReport) -> Assembled:
    """Read the till, queue what changed, and return the reading as the merchant wants it."""
    with exporter.engine.connect() as connection:
        policy, last = versioned(connection, exporter.policy), last_policy(connection)
    exporter.progress("read", 0, 1)
    whole = _read(exporter, report)
    _check(exporter, options, whole, policy, last)
    _judge_choices(exporter, policy, whole)
    if not options.dry_run:
        _follow_changes(exporter, whole, report)
    exporter.progress("compare", 0, 1)
    chosen = _without_settled(exporter, filtered(whole, policy))
    assembled = _unless_paused(exporter, report, chosen)
    _keep_set_aside(exporter, assembled, report)
    _queue(exporter, options, policy, assembled, report)
    return assembled


def _is_narrow(exporter: Exporter, options: Options) -> bool:
    """Return whether figures alone are asked for, of what was said as a whole before."""
    if not is_narrow(options.only, options.articles, only_new=options.only_new):
        return False
    with exporter.engine.connect() as connection:
        return not exporter.link.outbox.needs_snapshot(connection, "catalogue")


def _compare_figures(exporter: Exporter, options: Options, report: ExportReport) -> None:
    """Read the figures of what the site knows, and queue those that changed."""
    with exporter.engine.connect() as connection:
        known, in_stock = said_figures(connection), SaidBook(connection).in_stock()
    exporter.progress("read", 0, 1)
    rows = read_narrow(exporter.source, exporter.mapping)
    figures = assemble_figures(rows, exporter.mapping, known)
    report.articles = len(set(known.values()))
    with _asking(exporter, options):
        check_figures(rows, figures.records, in_stock, exporter.guard)
    _follow_changes(exporter, figures, report)
    exporter.progress("compare", 0, 1)
    records = _unless_paused(exporter, report, _without_settled(exporter, figures)).records
    with exporter.engine.begin() as connection:
        report.changes = queue_figures(connection, exporter.link.outbox, records, exporter.clock())


def _without_settled(exporter: Exporter, assembled: Assembled) -> Assembled:
    """Return the reading whose figures no longer count what both ends have done with."""
    with exporter.engine.connect() as connection:
        known = settlements.settled(connection)
    if not known:
        return assembled
    return replace(assembled, records=settlements.left_out(assembled.records, known))


def _unless_paused(exporter: Exporter, report: ExportReport, assembled: Assembled) -> Assembled:
    """Return the reading without its figures while shelves are counted."""
    with exporter.engine.connect() as connection:
        until = paused_until(connection, exporter.clock())
    report.stock_paused_until = format_time(until) if until else None
    return without_stock(assembled) if until else assembled


def _say_approvals(exporter: Exporter) -> None:
    """Send the yes that a person gave, and the answers to the site's questions."""
    with exporter.engine.begin() as connection:
        exporter.link.outbox.queue(connection, yes_to_say(connection, exporter.clock()))
        # A click is sent, though its case be one that the site is only about to say again.
        exporter.link.outbox.queue(connection, answers_to_say(connection))
        forget_unsaid(connection)
        exporter.link.outbox.queue(connection, settlements.to_say(connection))


def _restate_answers(exporter: Exporter) -> None:
    """Where our answers begin anew, say again the baseline, each order's fate and each yes."""
    outbox = exporter.link.outbox
    with exporter.engine.begin() as connection:
        if not outbox.needs_snapshot(connection, "answers"):
            return
        outbox.begin(connection, "answers")
        kept = meta(connection, "baseline")
        if kept is not None:
            outbox.queue(connection, [parse_record(kept.encode(), place="baseline")])
        connection.execute(update(STATE.web_order).values(answered=False))
        outbox.queue(connection, yes_to_say(connection, exporter.clock(), again=True))
        outbox.queue(connection, answers_to_say(connection, again=True))
        outbox.queue(connection, settlements.to_say(connection, again=True))


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


def _enter_orders(exporter: Exporter, report: ExportReport) -> ComptoirError | None:
    """Bring orders into the till; not while our own memory is in doubt.

    Returns:
        What stopped it, for after the sending: a till that cannot be written is read all the same.
    """
    if not exporter.link.is_proven(exporter.engine):
        exporter.link.tell(exporter.engine, UnprovenStateError().problem())
        _begin_doubt(exporter)
        return None
    try:
        desk = _orders_desk(exporter)
        report.orders = desk.run()
        _end_doubt(exporter)
        _tell_unread(exporter, desk.unread)
    except ComptoirError as error:
        return error
    finally:
        with exporter.engine.connect() as connection:
            report.orders.lost = len(lost_orders(connection))
    return None


def _follow_changes(exporter: Exporter, assembled: Assembled, report: ExportReport) -> None:
    """Answer the orders that were changed at the till too; only a till that counts can show it."""
    if exporter.mapping.counts_orders and exporter.link.is_proven(exporter.engine):
        records = assembled.records
        packs = pack_units(records)
        _orders_desk(exporter).follow(counted_units(records), report.orders, packs)


def _orders_desk(exporter: Exporter) -> OrdersDesk:
    return OrdersDesk(
        exporter.engine, exporter.link.keys, exporter.link.outbox, exporter.writer,
        exporter.clock, exporter.import_when, unsure=_unsure_since(exporter),
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


def _begin_doubt(exporter: Exporter) -> None:
    """Remember that what was placed before now may be in the till, though we know nothing of it."""
    with exporter.engine.begin() as connection:
        if not meta(connection, _UNSURE) or meta(connection, _UNSURE_UNTIL):
            set_meta(connection, _UNSURE, format_time(exporter.clock()))
            set_meta(connection, _UNSURE_UNTIL, "")


def _end_doubt(exporter: Exporter) -> None:
    """Forget it a day after the position was proven: the orders may come long after the proof."""
    if _unsure_since(exporter) is None:
        return
    with exporter.engine.begin() as connection:
        until = meta(connection, _UNSURE_UNTIL)
        if not until:
            set_meta(connection, _UNSURE_UNTIL, format_time(exporter.clock() + timedelta(days=1)))
        elif exporter.clock() >= datetime.fromisoformat(until):
            set_meta(connection, _UNSURE, "")
            set_meta(connection, _UNSURE_UNTIL, "")


def _unsure_since(exporter: Exporter) -> datetime | None:
    with exporter.engine.connect() as connection:
        kept = meta(connection, _UNSURE)
    return datetime.fromisoformat(kept) if kept else None


def _read(exporter: Exporter, report: ExportReport) -> Assembled:
    with exporter.engine.connect() as connection:
        known = SaidBook(connection).photo_files()
        shop = known_shop(_profile(connection))
    before = len(known)
    only_flagged = exporter.policy.only_flagged is not False
    assembled = read_till(
        exporter.source, exporter.mapping, known, only_flagged=only_flagged, shop=shop
    )
    if len(known) != before:
        with exporter.engine.begin() as connection:
            SaidBook(connection).keep_photo_files(known)
    report.articles = sum(record.kind == "article" for record in assembled.records)
    return assembled


def _profile(connection: Connection) -> ShopProfile | None:
    """Return what the shop said of itself, None before it did."""
    kept = meta(connection, "shop_profile")
    record = parse_record(kept.encode(), place="shop_profile") if kept is not None else None
    return record if isinstance(record, ShopProfile) else None


def _keep_set_aside(exporter: Exporter, assembled: Assembled, report: ExportReport) -> None:
    """Note what is set aside of what the merchant wants on the site."""
    with exporter.engine.begin() as connection:
        items = (*assembled.faults, *assembled.notes)
        SaidBook(connection).keep_withheld(items, format_time(exporter.clock()))
        report.faults = len(assembled.faults) - count_ignored_faults(connection)
    report.withheld = len(assembled.withheld)


def _check(
    exporter: Exporter, options: Options, assembled: Assembled, policy: Policy, last: Policy | None
) -> None:
    """Stop a suspicious reading, unless a person said yes to what it loses."""
    with exporter.engine.connect() as connection:
        book = SaidBook(connection)
        said, in_stock = book.fingerprints(), book.in_stock()
    there = withheld_of(assembled)
    if last is not None and last.only_flagged != policy.only_flagged:
        there |= set(causes_of(assembled))  # the choice was changed, not the till
    with _asking(exporter, options):
        check_read(assembled.records, said, there, in_stock, exporter.guard)


@contextmanager
def _asking(exporter: Exporter, options: Options) -> Iterator[None]:
    """Let a suspicious reading pass that a person said yes to; hold any other."""
    try:
        yield
    except ShrunkenReadError as error:
        if SHRUNKEN in options.accept:
            return
        with exporter.engine.connect() as connection:
            allowed = reading_allowed(connection, exporter.clock())
        if 0 < error.before - error.now <= allowed:
            return
        if not options.dry_run:
            with exporter.engine.begin() as connection:
                hold_reading(connection, error.now, error.before, error.kind, exporter.clock())
        raise


def _judge_choices(exporter: Exporter, policy: Policy, assembled: Assembled) -> None:
    """Tell a person which of the choices name nothing at the till."""
    for choice, key in unknown_keys(policy, assembled):
        problem = UnknownChoiceError(place=f"policy.{choice}", value=key).problem()
        exporter.link.tell(exporter.engine, problem)


def _queue(
    exporter: Exporter, options: Options, policy: Policy, assembled: Assembled,
    report: ExportReport,
) -> None:  # fmt: skip
    """Queue what changed; everything, where an epoch begins or is asked for."""
    outbox, moment, asked = exporter.link.outbox, exporter.clock(), options.asked()
    with exporter.engine.begin() as connection:
        if not options.dry_run and not asked.is_part:
            outbox.begin(connection, "catalogue")
            if options.full and not outbox.needs_snapshot(connection, "catalogue"):
                outbox.open_epoch(connection, "catalogue", nonce=None)
        saying = decide(connection, outbox, policy, assembled, asked, moment)
        report.snapshot, report.changes, report.saying = saying.snapshot, saying.changes, saying
        report.left_out = sum(
            one.kind == "article" and one.by not in ("", "only_new") for one in saying.left_out
        )
        if options.dry_run:
            return
        queue(connection, outbox, saying, moment)
        remember(connection, policy)
        end_reading(connection)


def _pack_photos(exporter: Exporter, assembled: Assembled) -> int:
    """Build a packet for each photo that the site asked for, as far as the window has room."""
    with exporter.engine.connect() as connection:
        wanted = set(json.loads(meta(connection, "wants") or "[]"))
    announced = {record.sha256: record for record in assembled.records if isinstance(record, Photo)}
    photos = [announced[sha] for sha in wanted if sha in announced]
    if not photos:
        return 0
    packed = 0
    try:
        for photo, content in read_photos(exporter.source, exporter.mapping, photos):
            if not exporter.link.pack_photos(exporter.engine, [content]):
                break
            wanted.discard(photo.sha256)
            packed += 1
            exporter.progress("photo", packed, len(photos))
    except RowError as error:
        # The file changed between the reading and now: the next run announces the new one.
        exporter.link.tell(exporter.engine, error.problem())
    with exporter.engine.begin() as connection:
        set_meta(connection, "wants", json.dumps(sorted(wanted)))
    return packed


def _count_refusals(exporter: Exporter, report: ExportReport) -> None:
    """Count the site's refusals; what it holds waits as a class, or by the merchant's choice."""
    state, number = STATE.fate.c.state, select(func.count()).select_from(STATE.fate)
    with exporter.engine.connect() as connection:
        refused = connection.execute(number.where(state == "refused")).scalar_one()
        report.refused_by_site = refused - ignored_fates(connection).get("refused", 0)
        report.held_by_site = connection.execute(number.where(state == "held")).scalar_one()
