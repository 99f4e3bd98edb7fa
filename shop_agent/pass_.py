"""One pass, as a readable sentence.

Prove the position; receive what the till wrote; read the shop's orders; write stock, then how far
the till is with orders, then the catalogue, then the stock of what is new, then photos, then the
switches; offer the orders; send the answers. Whatever the shop does in between, what is known is
sent at the end.

    report = run_pass(agent, Options(full=False))
"""

from collections.abc import Callable, Collection
from contextlib import AbstractContextManager
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from sqlalchemy import Connection, Engine

from protocol.channel.port import Channel
from protocol.errors import ComptoirError, NeedsPersonError, Text
from protocol.link.link import Link
from protocol.link.proof import Proof
from protocol.records import FACT_KINDS, Baseline, record_line
from protocol.values import format_time
from shop_agent.apply import Desk, OutOfTimeError
from shop_agent.case_watch import judge
from shop_agent.cases import Cases
from shop_agent.errors import RecoveringError
from shop_agent.held import Holds, held_classes
from shop_agent.history import Keep
from shop_agent.modes import write_shop
from shop_agent.orders import doubting
from shop_agent.orders.positions import begin_second_life, get_baseline, has_baseline
from shop_agent.orders.settling import told_again
from shop_agent.photo_shelf import WANTS
from shop_agent.prestashop.client import Webservice
from shop_agent.profile import Profile, dump, load, read_profile
from shop_agent.progress.rules import Rules
from shop_agent.reconcile.policy import Choices, Lock, effective
from shop_agent.replica import Replica
from shop_agent.report import Report
from shop_agent.rounds import Rounds
from shop_agent.same_shop import MOVED, check_not_restored, check_same, forget_restored
from shop_agent.watch import Orders

#: The shop's settings are read again after this long, and at every full pass.
PROFILE_LIFETIME = timedelta(hours=24)
#: The setting that holds the baseline as the till was told it.
BASELINE_TOLD = "baseline_told"
#: What a pass that finds it dirty writes to the shop.
_WRITTEN = ("stock", "variant", "article", "photo")
#: A person's yes to a shop whose order ids begin anew.
RESTORED = "restored"


class NoBaselineError(NeedsPersonError):
    """Nobody has said yet which of the shop's present orders the till already has."""

    code = "E-AGT-022"
    what = Text(
        "On ne sait pas quelles commandes du site la caisse a déjà",
        "It is not known which of the site's orders the till already has",
    )
    remedy = Text(
        "« shop-agent baseline none » (aucune) ou « all » (toutes celles d'aujourd'hui)",
        "« shop-agent baseline none » (none of them) or « all » (all of today's)",
    )


@dataclass(frozen=True)
class Options:
    """What one pass is asked to do.

    Args:
        full: Look at everything that is ours, not only at what changed.
        only_stock: Stock and orders alone.
        dry_run: Plan and print; write nothing to the shop or the server.
        accept: Held classes that a person says yes to.
        deadline: UTC; after it no further batch begins.
    """

    full: bool = False
    only_stock: bool = False
    dry_run: bool = False
    accept: Collection[str] = ()
    deadline: datetime | None = None


@dataclass(frozen=True)
class Agent:
    """A wired agent.

    Args:
        engine: The state database.
        link: To the till.
        open_channel: The place between the two.
        open_shop: The webservice.
        clock: UTC now.
        elapsed: Seconds of a clock that never goes back.
        shop_url: The shop's address.
        shop_id: PrestaShop's `id_shop`; None for its default shop.
        dead_states: States that the merchant counts as never to be served.
        way_back: What the till's progress of an order may do in the shop.
        lock: What this side's settings allow at the most.
        keep: How much of the history is kept.
        progress: Told of each step: (step, done, of).
    """

    engine: Engine
    link: Link
    open_channel: Callable[[], AbstractContextManager[Channel]]
    open_shop: Callable[[], AbstractContextManager[Webservice]]
    clock: Callable[[], datetime]
    elapsed: Callable[[], float]
    shop_url: str
    shop_id: int | None = None
    dead_states: Collection[int] = ()
    way_back: Rules = field(default_factory=Rules)
    lock: Lock = field(default_factory=Lock)
    keep: Keep = field(default_factory=Keep)
    progress: Callable[[str, int, int], None] = field(default=lambda step, done, of: None)


def run_pass(agent: Agent, options: Options) -> Report:
    """Carry out one pass and return its account.

    Raises:
        ComptoirError: what stopped it; everything that was known was sent before.
    """
    report = Report(dry=options.dry_run, progress=agent.progress)
    with agent.open_channel() as channel:
        proof = Proof(agent.link, agent.engine, channel)
        report.received = proof.receive().records
        stopped = _with_the_shop(agent, options, report, proof)
        if not options.dry_run:
            _tell_cases(agent)
            proof.send()
    if stopped is not None:
        raise stopped
    return report


def _with_the_shop(
    agent: Agent, options: Options, report: Report, proof: Proof
) -> ComptoirError | None:
    """Do all that concerns the shop; return what stopped it, for after the sending."""

    def prove() -> None:
        if not proof.require():
            raise RecoveringError

    try:
        with agent.open_shop() as shop:
            shop.guard(prove)
            _work(agent, options, report, shop, prove)
    except OutOfTimeError:
        report.more_to_do = True
    except ComptoirError as error:
        return error
    return None


def _work(
    agent: Agent, options: Options, report: Report, shop: Webservice, prove: Callable[[], None]
) -> None:
    with agent.engine.connect() as connection:
        links = Replica(connection).links()
    desk = Desk(
        engine=agent.engine,
        shop=shop,
        outbox=agent.link.outbox,
        links=links,
        clock=agent.clock,
        report=report,
        has_time=lambda: options.deadline is None or agent.clock() < options.deadline,
        choices=choices_of(agent),
        keep=agent.keep,
        way_back=agent.way_back,
    )
    profile = profile_of(
        agent, shop, fresh=options.full or MOVED in options.accept, accepted=MOVED in options.accept
    )
    orders = Orders(desk, profile, agent.dead_states)
    _require_baseline(agent)
    touched: frozenset[tuple[int, int]] = frozenset()
    if not options.dry_run:
        if RESTORED in options.accept:
            orders.read_all_again()
        _note_second_life(agent)
        _answer_resyncs(desk, orders, agent.link)
        touched = _collect(desk, orders, profile, options)
    if not agent.link.is_proven(agent.engine):
        raise RecoveringError
    if options.full or touched or _has_news(agent, report):
        prove()
        if not options.dry_run:
            orders.settle()
    _write(agent, options, desk, profile, orders, touched)
    if not options.dry_run and orders.has_more():
        orders.collect(full=False)


def _note_second_life(agent: Agent) -> None:
    """Remember that a state which was lost or restored does not know all that the till was told."""
    with agent.engine.begin() as connection:
        if agent.link.was_in_doubt(connection):
            begin_second_life(connection)
            doubting.doubt(connection)


def _collect(
    desk: Desk, orders: Orders, profile: Profile, options: Options
) -> frozenset[tuple[int, int]]:
    """Read what the shop has for the till; stop before writing to one that was restored.

    Raises:
        ShopGivenAgainError: It gives order ids a second time; its orders were read all the same.
    """
    rounds = Rounds(desk, profile, orders)
    ids: frozenset[int] = frozenset()
    if options.full or not options.only_stock:
        ids |= rounds.look_around(everything=options.full)
    if options.full:
        ids |= rounds.nightly()
    touched = orders.collect(full=options.full, ids=ids)
    with desk.engine.begin() as connection:
        if RESTORED in options.accept:
            forget_restored(connection)
            Cases(connection, desk.clock()).keep_only("shop_restored", ())
            Replica(connection).mark_all_dirty(FACT_KINDS)
        check_not_restored(connection)
    return touched


def _write(
    agent: Agent,
    options: Options,
    desk: Desk,
    profile: Profile,
    orders: Orders,
    touched: frozenset[tuple[int, int]],
) -> None:
    """Write the shop, and note which classes of changes wait for a person, come what may."""
    holds = Holds(
        agent.engine, agent.link.outbox, agent.clock, accept=options.accept, dry=options.dry_run
    )
    desk.holds = holds
    complete = False
    try:
        write_shop(
            desk, orders, profile, agent.elapsed, full=options.full,
            only_stock=options.only_stock, touched=touched,
        )  # fmt: skip
        complete = not options.only_stock
    finally:
        holds.finish(complete=complete)
        desk.report.classes = {one.key: (one.count, one.of) for one in holds.held()}
        if not options.dry_run:
            judge(desk, profile)


def _has_news(agent: Agent, report: Report) -> bool:
    """Return whether this pass has more to do than to look, as far as can be told before."""
    with agent.engine.connect() as connection:
        return bool(report.received or report.orders) or Replica(connection).has_dirty(_WRITTEN)


def _tell_cases(agent: Agent) -> None:
    """Queue what the till does not know yet of the questions that are open for a person."""
    with agent.engine.begin() as connection:
        Cases(connection, agent.clock()).tell(agent.link.outbox)


def choices_of(agent: Agent) -> Choices:
    """Return the merchant's choices as they count here."""
    with agent.engine.connect() as connection:
        return effective(Replica(connection).policy(), agent.lock)


def _answer_resyncs(desk: Desk, orders: Orders, link: Link) -> None:
    """Fill the epochs that the till asked for, or that begin."""
    with desk.engine.begin() as connection:
        needs_orders = link.outbox.needs_snapshot(connection, "orders")
        needs_answers = link.outbox.needs_snapshot(connection, "answers")
        replica = Replica(connection)
        if needs_answers:
            link.outbox.queue(connection, replica.told.all_told())
            link.outbox.queue(connection, [one.record() for one in held_classes(connection)])
            link.outbox.queue(connection, told_again(connection))
            Cases(connection, desk.clock()).tell(link.outbox, again=True)
            replica.set_setting(WANTS, "")
            link.outbox.begin(connection, "answers")
        baseline = _baseline_record(connection)
        said = record_line(baseline).decode()
        if needs_answers or replica.setting(BASELINE_TOLD) != said:
            # The till gives it back after a loss: another one than ours would double orders.
            link.outbox.queue(connection, [baseline])
            replica.set_setting(BASELINE_TOLD, said)
        if needs_orders:
            link.outbox.begin(connection, "orders")
    if needs_orders:
        orders.open_epoch()


def _baseline_record(connection: Connection) -> Baseline:
    baseline = get_baseline(connection)
    open_ones = tuple(str(one) for one in sorted(baseline.not_in_till))
    newest = baseline.newest_add or None
    return Baseline(up_to=baseline.up_to, open=open_ones, newest_add=newest)


def _require_baseline(agent: Agent) -> None:
    with agent.engine.connect() as connection:
        if not has_baseline(connection):
            raise NoBaselineError


def profile_of(agent: Agent, shop: Webservice, *, fresh: bool, accepted: bool = False) -> Profile:
    """Return the shop's settings, as last read within a day.

    Args:
        agent: Ours.
        shop: The webservice.
        fresh: Read them now.
        accepted: A person says that this is the shop, whatever it is called now.

    Raises:
        ShopMovedError: The shop bears another name than at the pairing.
    """
    with agent.engine.connect() as connection:
        replica = Replica(connection)
        kept, read_at = replica.setting("profile"), replica.setting("profile_at")
        instance = replica.setting("instance")
    limit = format_time(agent.clock() - PROFILE_LIFETIME)
    known = load(kept) if kept and read_at and read_at > limit and not fresh else None
    if known is not None and known.url == agent.shop_url:
        return known
    profile = read_profile(shop, agent.shop_url, shop_id=agent.shop_id, instance=instance)
    with agent.engine.begin() as connection:
        check_same(connection, profile, accepted=accepted)
        replica = Replica(connection)
        replica.set_setting("profile", dump(profile))
        replica.set_setting("profile_at", format_time(agent.clock()))
        # With another name every order would be another order: it is kept from the first day.
        replica.set_setting("instance", profile.instance)
    return profile
