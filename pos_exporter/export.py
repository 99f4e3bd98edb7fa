"""One run, as a readable sentence.

Prove the position; receive what the site wrote; bring its orders and customers into the till; read
the till; see what changed; queue it, with a whole snapshot where an epoch begins; add the photos
that are wanted; send.

    report = run_export(exporter, Options())
"""

import json
from collections.abc import Callable, Collection, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from sqlalchemy import Engine, func, select, update

from pos_exporter.assembled import Assembled
from pos_exporter.changes import Changes, FactKey, Guard, check_read, compare
from pos_exporter.errors import UnprovenStateError
from pos_exporter.intake.port import TillWriter
from pos_exporter.mailroom import meta, set_meta
from pos_exporter.mapping.errors import RowError
from pos_exporter.mapping.model import TillMapping
from pos_exporter.orders_desk import OrdersDesk, OrdersDone, counted_units
from pos_exporter.reading import read_photos, read_till
from pos_exporter.said import SaidBook
from pos_exporter.source.port import Source
from pos_exporter.state import STATE
from protocol.channel.port import Channel
from protocol.errors import ComptoirError
from protocol.link.link import Link, Sent
from protocol.records import (
    FACT_KINDS,
    Cause,
    Photo,
    Policy,
    Record,
    Role,
    SnapshotEnd,
    Tombstone,
    Withheld,
    parse_record,
)
from protocol.values import format_time

SHRUNKEN = "shrunken-read"


@dataclass(frozen=True)
class Options:
    """What one run is asked to do.

    Args:
        full: Say everything again, in a new epoch.
        only: Kinds of facts to send; empty for all.
        dry_run: Compare and print; queue and send nothing, enter nothing into the till.
        accept: Brakes that a person says yes to.
    """

    full: bool = False
    only: frozenset[str] = frozenset()
    dry_run: bool = False
    accept: Collection[str] = ()


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

    def set_aside(self) -> int:
        """Return how many things wait for a person's hand."""
        return self.faults + self.refused_by_site + self.orders.refused

    def summary(self) -> dict[str, Any]:
        """Return the account as JSON values."""
        return {
            "dry_run": self.dry,
            "received": self.received,
            "articles": self.articles,
            "changes": self.changes.counts() if self.changes else {},
            "gone": len(self.changes.gone) if self.changes else 0,
            "snapshot": self.snapshot,
            "withheld": self.withheld,
            "faults": self.faults,
            "refused_by_site": self.refused_by_site,
            "photos": self.photos,
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
    with exporter.open_channel() as channel:
        exporter.progress("receive", 0, 1)
        link.prove_position(engine, channel)
        report.received = link.receive(engine, channel).records
        if not options.dry_run:
            _restate_answers(exporter)
            stopped = _enter_orders(exporter, report)
        exporter.progress("read", 0, 1)
        assembled = _read(exporter, report)
        _check(exporter, options, assembled)
        if not options.dry_run:
            _follow_changes(exporter, assembled, report)
        exporter.progress("compare", 0, 1)
        _queue(exporter, options, assembled, report)
        if not options.dry_run:
            exporter.progress("send", 0, 1)
            report.photos = _pack_photos(exporter, assembled)
            report.sent = link.send(engine, channel)
    _count_refusals(exporter, report)
    if stopped is not None:
        raise stopped
    return report


def _restate_answers(exporter: Exporter) -> None:
    """Where our answers begin anew, say again what became of each order, and the baseline."""
    outbox = exporter.link.outbox
    with exporter.engine.begin() as connection:
        if not outbox.needs_snapshot(connection, "answers"):
            return
        outbox.begin(connection, "answers")
        kept = meta(connection, "baseline")
        if kept is not None:
            outbox.queue(connection, [parse_record(kept.encode(), place="baseline")])
        connection.execute(update(STATE.web_order).values(answered=False))


def _enter_orders(exporter: Exporter, report: ExportReport) -> ComptoirError | None:
    """Bring orders into the till; not while our own memory is in doubt.

    Returns:
        What stopped it, for after the sending: a till that cannot be written is read all the same.
    """
    if not exporter.link.is_proven(exporter.engine):
        exporter.link.tell(exporter.engine, UnprovenStateError().problem())
        return None
    try:
        report.orders = _orders_desk(exporter).run()
    except ComptoirError as error:
        return error
    return None


def _follow_changes(exporter: Exporter, assembled: Assembled, report: ExportReport) -> None:
    """Answer the orders that were changed at the till too; only a till that counts can show it."""
    if exporter.mapping.entities.counted_orders and exporter.link.is_proven(exporter.engine):
        _orders_desk(exporter).follow(counted_units(assembled.records), report.orders)


def _orders_desk(exporter: Exporter) -> OrdersDesk:
    return OrdersDesk(
        exporter.engine, exporter.link.keys, exporter.link.outbox, exporter.writer,
        exporter.clock, exporter.import_when,
    )  # fmt: skip


def _read(exporter: Exporter, report: ExportReport) -> Assembled:
    with exporter.engine.connect() as connection:
        known = SaidBook(connection).photo_files()
    before = len(known)
    assembled = read_till(exporter.source, exporter.mapping, known)
    with exporter.engine.begin() as connection:
        book = SaidBook(connection)
        if len(known) != before:
            book.keep_photo_files(known)
        book.keep_withheld(assembled.faults, format_time(exporter.clock()))
    report.withheld = len(assembled.withheld)
    report.faults = len(assembled.faults)
    report.articles = sum(record.kind == "article" for record in assembled.records)
    return assembled


def _check(exporter: Exporter, options: Options, assembled: Assembled) -> None:
    if SHRUNKEN in options.accept:
        return
    with exporter.engine.connect() as connection:
        book = SaidBook(connection)
        said, in_stock = book.fingerprints(), book.in_stock()
    check_read(assembled.records, said, _withheld(assembled), in_stock, exporter.guard)


def _queue(
    exporter: Exporter, options: Options, assembled: Assembled, report: ExportReport
) -> None:
    """Queue what changed; everything, where an epoch begins or is asked for."""
    outbox = exporter.link.outbox
    scope = [kind for kind in (*FACT_KINDS, "policy") if not options.only or kind in options.only]
    complete = [kind for kind in scope if kind not in assembled.unsure_kinds]
    records: list[Record] = [exporter.policy, *assembled.records]
    chosen = [record for record in records if record.kind in scope]
    with exporter.engine.begin() as connection:
        book = SaidBook(connection)
        if not options.dry_run and not options.only:
            outbox.begin(connection, "catalogue")
            if options.full and not outbox.needs_snapshot(connection, "catalogue"):
                outbox.open_epoch(connection, "catalogue", nonce=None)
        report.snapshot = not options.only and outbox.needs_snapshot(connection, "catalogue")
        said = book.fingerprints()
        changes = compare(
            chosen,
            {} if report.snapshot else said,
            _withheld(assembled),
            _left_out(assembled),
            scope=complete,
        )
        report.changes = changes
        if options.dry_run:
            return
        if report.snapshot:
            end = _snapshot_end(assembled, complete, format_time(exporter.clock()))
            left_out = [
                Tombstone(kind=item.kind, key=item.key, gone=item.cause)
                for item in assembled.left_out
                if item.kind in FACT_KINDS
            ]
            outbox.queue(connection, [*changes.records, *left_out, end], snapshot=True)
            outbox.snapshot_queued(connection, "catalogue")
            withheld = _withheld(assembled)
            book.forget_all(but=[k for k in said if k in withheld or k[0] not in complete])
        elif not outbox.needs_snapshot(connection, "catalogue"):
            outbox.queue(connection, changes.records)
        book.keep(changes)


def _snapshot_end(assembled: Assembled, complete: Sequence[str], at: str) -> SnapshotEnd:
    withheld = {(item.kind, item.key): item.problem.code for item in assembled.withheld if item.key}
    return SnapshotEnd(
        key=at,
        scope=tuple(kind for kind in complete if kind in FACT_KINDS),
        withheld=tuple(
            Withheld(kind=kind, key=key, code=code) for (kind, key), code in withheld.items()
        ),
    )


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
    fate = STATE.fate
    with exporter.engine.connect() as connection:
        report.refused_by_site = connection.execute(
            select(func.count()).select_from(fate).where(fate.c.state.in_(("refused", "held")))
        ).scalar_one()


def _withheld(assembled: Assembled) -> frozenset[FactKey]:
    return frozenset((item.kind, item.key) for item in assembled.withheld if item.key)


def _left_out(assembled: Assembled) -> dict[FactKey, Cause]:
    return {(item.kind, item.key): item.cause for item in assembled.left_out}
