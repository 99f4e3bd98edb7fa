"""What a pass may write: the mode, the pilot and the first load, each kept by one pretence.

A *pretence* plans like a pass and writes nothing to the shop. Of what it finds, only this is kept:
which entities of the shop the till's facts are (so that stock and orders find them), what is
refused, and that everything else is held. So `observe` plans everything and writes nothing, `stock`
writes stock alone, a pilot leaves the others alone, and a first load asks before it begins.

    write_shop(desk, orders, profile, elapsed, full=False, only_stock=False, touched=())
"""

import hashlib
from collections.abc import Callable, Collection
from dataclasses import replace

from protocol.errors import Problem
from protocol.records import FACT_KINDS
from protocol.records.choices import Mode
from shop_agent.actions import Adopt, Create, Subject
from shop_agent.apply import Desk
from shop_agent.catalogue import Catalogue
from shop_agent.display import Display
from shop_agent.errors import FirstLoadError
from shop_agent.figures import OrderWatch
from shop_agent.judging import label
from shop_agent.photos import Photos
from shop_agent.policy_errors import HeldModeError, HeldPilotError
from shop_agent.profile import Profile
from shop_agent.progress.bring import BringBack
from shop_agent.reconcile.brakes import FIRST_LOAD, Asked
from shop_agent.reconcile.pilot import members
from shop_agent.reconcile.stock import Sellable
from shop_agent.replica import Replica
from shop_agent.report import Report
from shop_agent.specific_prices import SpecificPrices
from shop_agent.stock import StockWriter
from shop_agent.switch import Switch

#: They are nothing in the shop: no fate is told of them.
_SILENT = frozenset({"tax_rate"})
#: They concern orders, not articles: a pilot keeps nobody's parcel from its customer.
_OF_ORDERS = frozenset({"order_progress", "shipment"})
#: The setting that holds a digest of the choices that the facts were planned under.
_CHOICES = "choices"


def write_shop(
    desk: Desk,
    orders: OrderWatch,
    profile: Profile,
    elapsed: Callable[[], float],
    *,
    full: bool,
    only_stock: bool,
    touched: Collection[Sellable],
) -> None:
    """Write the shop as far as the merchant's choices let us: stock first, switches last."""
    mode = desk.choices.mode
    desk.report.mode = mode
    _note_choices(desk)
    if mode == "all" and desk.choices.pilots:
        inside = _members(desk)
        desk.concerns = inside.__contains__
    if mode == "all" and not only_stock and _may_touch_all(desk):
        profile = Display(desk, profile).run(full=full)
    pretence = _pretence(desk)
    stock_desk = pretence if mode == "observe" else desk
    stock = StockWriter(stock_desk, orders, profile, elapsed=elapsed)
    stock.run(full=full, touched=touched)
    if mode != "all":
        _pretend_all(desk, pretence, profile, mode, full=full, only_stock=only_stock)
        if mode == "stock":
            _stock_of_the_new(desk, stock)
    elif not only_stock:
        _write_all(desk, stock, profile, full=full)


def _may_touch_all(desk: Desk) -> bool:
    """Return whether a setting of the whole shop may be written: no trial, no first yes to come."""
    if desk.choices.pilots:
        return False
    with desk.engine.connect() as connection:
        return desk.dry or Replica(connection).setting(FIRST_LOAD) is not None


def _write_all(desk: Desk, stock: StockWriter, profile: Profile, *, full: bool) -> None:
    if _waits_for_first_load(desk, profile, full=full):
        return
    BringBack(desk, profile, desk.way_back).run(full=full)
    created = desk.report.written()
    Catalogue(desk, profile).run(full=full)
    if desk.report.written() > created:
        _stock_of_the_new(desk, stock)
    SpecificPrices(desk, profile).run(full=full)
    Photos(desk).run(full=full)
    switch = Switch(desk, profile)
    switch.run(full=full)
    if switch.moved_stock:
        _stock_of_the_new(desk, stock)
    if desk.choices.pilots and not desk.dry:
        _leave_others(desk, profile, full=full)


def _stock_of_the_new(desk: Desk, stock: StockWriter) -> None:
    """Write the stock of what was made since; a dry run made nothing, and would say it twice."""
    if not desk.dry:
        stock.run(full=False)


def _note_choices(desk: Desk) -> None:
    """Have everything looked at again when other choices count than before, also by our lock."""
    said = desk.choices.model_dump_json(exclude={"version"}).encode()
    digest = hashlib.sha256(said).hexdigest()
    if desk.dry:
        return
    with desk.engine.begin() as connection:
        replica = Replica(connection)
        before = replica.setting(_CHOICES)
        if before != digest:
            replica.set_setting(_CHOICES, digest)
            if before is not None:
                replica.mark_all_dirty(FACT_KINDS)


# --- the pretence ----------------------------------------------------------------------------


def _pretence(desk: Desk) -> Desk:
    """Return a desk at which everything is planned and nothing written; its links are its own.

    It knows no time: half a plan is nothing that could be kept, or that a person could say yes to.
    """
    with desk.engine.connect() as connection:
        links = Replica(connection).links()
    report = Report(dry=True, progress=desk.report.progress)
    return replace(
        desk, links=links, report=report, failed=set(), holds=None, pretends=True,
        has_time=lambda: True,
    )  # fmt: skip


def _pretend_all(
    desk: Desk, pretence: Desk, profile: Profile, mode: Mode, *, full: bool, only_stock: bool
) -> None:
    """Plan what the mode keeps from the shop, and hold it."""
    if not only_stock:
        Catalogue(pretence, profile).run(full=full)
        SpecificPrices(pretence, profile).run(full=full)
        Switch(pretence, profile).run(full=full)
    kinds = {"stock"} if only_stock else set(FACT_KINDS) - _SILENT
    if mode == "stock":
        kinds.discard("stock")
    problem = HeldModeError(mode=mode).problem()
    _hold_back(desk, pretence, lambda one: problem, kinds=kinds, full=full)


def _hold_back(
    desk: Desk,
    pretence: Desk,
    why: Callable[[Subject], Problem],
    *,
    kinds: Collection[str],
    full: bool,
    stays: bool = False,
) -> None:
    """Keep of a pretence which entity is which fact and what is refused; the rest is held.

    Args:
        desk: The pass's.
        pretence: Its plan is done.
        why: The reason of a fate.
        kinds: Of facts.
        full: All of them, not only those that changed.
        stays: They are planned again in each pass.
    """
    found = pretence.report
    if desk.report.mode != "all":
        desk.report.actions += found.actions
    desk.report.figures |= found.figures
    desk.report.refused += found.refused
    desk.report.planned = found.counts
    desk.report.connection = desk.report.connection or found.connection
    if desk.dry:
        return
    refused = dict(found.refused)
    with desk.engine.begin() as connection:
        replica = Replica(connection)
        for action in found.actions:
            if isinstance(action, Adopt):
                replica.link(action.subject, action.ps_id)
                desk.links.add(action.subject, action.ps_id)
        for kind in sorted(kinds):
            for fact in replica.facts(kind, dirty_only=not full):
                subject = fact.subject
                if not pretence.concerns(subject):
                    continue
                desk.hashes[subject] = fact.hash
                if not stays:
                    replica.mark_clean(subject)
                if subject in refused:
                    desk.tell(connection, subject, "refused", refused[subject])
                elif fact.gone is not None and desk.links(kind, fact.record.key) is None:
                    desk.tell(connection, subject, "applied")
                else:
                    desk.tell(connection, subject, "held", why(subject))


# --- the pilot -------------------------------------------------------------------------------


def _members(desk: Desk) -> frozenset[Subject]:
    with desk.engine.connect() as connection:
        replica = Replica(connection)
        facts = {
            kind: [fact.record for fact in replica.facts(kind, dirty_only=False)]
            for kind in FACT_KINDS
        }
    return members(desk.choices.pilots, facts)


def _leave_others(desk: Desk, profile: Profile, *, full: bool) -> None:
    """Find out which entities the articles outside the pilot are, and leave them alone."""
    inside = desk.concerns
    pretence = replace(_pretence(desk), concerns=lambda subject: not inside(subject))
    Catalogue(pretence, profile).run(full=full)
    problem = HeldPilotError().problem()
    kinds = set(FACT_KINDS) - _SILENT - _OF_ORDERS
    _hold_back(desk, pretence, lambda one: problem, kinds=kinds, full=full)


# --- the first load --------------------------------------------------------------------------


def _waits_for_first_load(desk: Desk, profile: Profile, *, full: bool) -> bool:
    """Return whether the first creation of articles in this shop waits for a person's yes."""
    holds = desk.holds
    with desk.engine.connect() as connection:
        replica = Replica(connection)
        articles = replica.count("article")
        # Links say nothing: a trial, or this very question, finds what the shop sells already.
        is_done = replica.setting(FIRST_LOAD) is not None
    if holds is None or is_done or not articles or desk.dry:
        return False
    if holds.is_accepted(FIRST_LOAD):
        _accept_first_load(desk)
        return False
    if holds.is_waiting(FIRST_LOAD) and not full:
        holds.keep(FIRST_LOAD)  # nobody has said yes since: nothing is read again
        return True
    pretence = _pretence(desk)
    Catalogue(pretence, profile).run(full=full)
    created = {one.subject for one in pretence.report.actions if isinstance(one, Create)}
    created = {subject for subject in created if subject.kind == "article"}
    with desk.engine.connect() as connection:
        lines = {subject: label(Replica(connection), subject) for subject in created}
    if not lines or not holds.ask(Asked(FIRST_LOAD, lines, articles), lambda count, of: True):
        _accept_first_load(desk)
        return False
    problem = FirstLoadError(articles=len(lines)).problem()
    kinds = set(FACT_KINDS) - _SILENT - {"stock"}
    _hold_back(desk, pretence, lambda one: problem, kinds=kinds, full=full, stays=True)
    desk.report.held.append((min(lines), problem))  # one line for all: nobody reads thousands
    return True


def _accept_first_load(desk: Desk) -> None:
    with desk.engine.begin() as connection:
        Replica(connection).set_setting(FIRST_LOAD, "accepted")
