"""One step of a run: read the till, see what changed, queue it.

What is set aside is noted, a suspicious reading stops here, and a dry run queues nothing.

    assembled = compare(exporter, options, report)
    report.changes.counts()             # {"stock": 11}
"""

from sqlalchemy import Connection

from pos_exporter.approvals import end_reading
from pos_exporter.assembled import Assembled
from pos_exporter.choices import UnknownChoiceError, unknown_keys
from pos_exporter.exporter import Exporter, ExportReport, Options
from pos_exporter.filters import filtered
from pos_exporter.ignored import count_ignored_faults
from pos_exporter.mapping.shop import known_shop
from pos_exporter.meta import meta
from pos_exporter.orders_entering import follow_changes
from pos_exporter.policy_memory import last_policy, remember, versioned
from pos_exporter.reading import read_till
from pos_exporter.said import SaidBook
from pos_exporter.saying import decide, queue
from pos_exporter.site_figures import unless_paused, without_settled
from pos_exporter.suspicion import check_reading
from protocol.records import Policy, ShopProfile, parse_record
from protocol.values import format_time


def compare(exporter: Exporter, options: Options, report: ExportReport) -> Assembled:
    """Read the till, queue what changed, and return the reading as the merchant wants it."""
    with exporter.engine.connect() as connection:
        policy, last = versioned(connection, exporter.policy), last_policy(connection)
    exporter.progress("read", 0, 1)
    whole = _read(exporter, report)
    check_reading(exporter, options, whole, policy, last)
    _judge_choices(exporter, policy, whole)
    if not options.dry_run:
        follow_changes(exporter, whole, report)
    exporter.progress("compare", 0, 1)
    chosen = without_settled(exporter, filtered(whole, policy))
    assembled = unless_paused(exporter, report, chosen)
    _keep_set_aside(exporter, assembled, report)
    _queue(exporter, options, policy, assembled, report)
    return assembled


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
