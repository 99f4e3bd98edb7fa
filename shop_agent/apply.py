"""Carries a plan out: the intent is noted before each write, the result after it.

A write whose outcome is not known keeps its intent; the next pass looks at the shop and settles
it. Nothing here decides what to do: it writes what it was given, reads back what the shop stored,
and notes both.

    applier.carry_out(actions, hashes)
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from sqlalchemy import Connection, Engine

from protocol.errors import ComptoirError, Problem, RefusedItemError
from protocol.link.outbox import Outbox
from protocol.records import FACT_KINDS, FateState, Policy
from shop_agent.actions import (
    Action,
    Adopt,
    Create,
    FieldKey,
    Hold,
    KeepEdit,
    Last,
    Refuse,
    Remember,
    Settle,
    Subject,
    Update,
    Wait,
)
from shop_agent.errors import ForeignFieldError
from shop_agent.held import Holds
from shop_agent.history import ADOPTED, History, Keep, Line, lines_of
from shop_agent.links import Links
from shop_agent.prestashop.batch import NotAttempted, Refused, Unknown, Written, write_batch
from shop_agent.prestashop.check import check_write
from shop_agent.prestashop.client import Deed, Webservice
from shop_agent.prestashop.entities import Entity
from shop_agent.prestashop.identify import SPECIFIC_PRICE_KEY, Identity
from shop_agent.progress.rules import Rules
from shop_agent.reconcile.plan import VALUES
from shop_agent.reconcile.policy import Choices, Lock, effective
from shop_agent.reconcile.rows import LISTS, items, text_of
from shop_agent.reconcile.wanted import normal
from shop_agent.replica import Replica
from shop_agent.report import Report

#: How a creation without a clear answer is looked up, per resource.
IDENTITIES: Mapping[str, Identity] = {
    "categories": Identity("id_parent", ("name",)),
    "manufacturers": Identity("name"),
    "product_options": Identity("name"),
    "product_option_values": Identity("id_attribute_group", ("name",)),
    "products": Identity("reference"),
    "combinations": Identity("id_product", rows="product_option_values"),
    "suppliers": Identity("name"),
    "product_features": Identity("name"),
    "product_feature_values": Identity("id_feature", ("value",)),
    "product_suppliers": Identity("id_product", ("id_product_attribute", "id_supplier")),
    "specific_prices": Identity("id_product", SPECIFIC_PRICE_KEY),
}
#: Entities per request: a product costs the shop twenty times a stock row.
LIMITS: Mapping[str, int] = {"products": 50}
_LIMIT = 100


class OutOfTimeError(Exception):
    """The pass's time budget is used; what was done is done, the rest comes next time."""


@dataclass
class Desk:
    """What every writer of a pass shares.

    Args:
        engine: The state database.
        shop: The webservice.
        outbox: Where fates are queued.
        links: Till keys to PrestaShop ids.
        clock: UTC now.
        report: The pass's account.
        has_time: False once the time budget is used.
        hashes: Content hash of each fact planned so far.
        failed: Facts that this pass could not plan, or that a write did not reach for certain.
        choices: The merchant's, as they count here.
        holds: Asked before a plan is carried out; None: nothing is held.
        concerns: Whether a fact is looked at at all.
        pretends: Nothing may be written to the shop, whatever the pass.
        keep: How much of the history is kept.
        way_back: What the till's progress of an order may do in the shop.
    """

    engine: Engine
    shop: Webservice
    outbox: Outbox
    links: Links
    clock: Callable[[], datetime]
    report: Report
    has_time: Callable[[], bool] = lambda: True
    hashes: dict[Subject, str] = field(default_factory=dict)
    failed: set[Subject] = field(default_factory=set)
    choices: Choices = field(
        default_factory=lambda: effective(Policy(version=1, owners={}), Lock())
    )
    holds: Holds | None = None
    concerns: Callable[[Subject], bool] = lambda subject: True
    pretends: bool = False
    keep: Keep = field(default_factory=Keep)
    way_back: Rules = field(default_factory=Rules)

    @property
    def dry(self) -> bool:
        """Whether nothing may be written."""
        return self.report.dry or self.pretends

    def check_time(self, begun: int | None = None) -> None:
        """Stop between two batches when the time is used.

        Args:
            begun: What the report had written when this writer began: without a write since, it
                goes on, for a plan that took all the time would be made again and again.
        """
        if not self.has_time() and (begun is None or self.report.written() > begun):
            raise OutOfTimeError

    def note(self, connection: Connection, lines: Iterable[Line]) -> None:
        """Write down in the history what changed in the shop."""
        History(connection, self.keep).note(lines, self.clock())

    def tell(
        self,
        connection: Connection,
        subject: Subject,
        state: FateState,
        problem: Problem | None = None,
    ) -> None:
        """Queue a fate, when the till does not know it yet; of records only."""
        if subject.kind not in FACT_KINDS:
            return
        replica = Replica(connection)
        told = replica.told.tell(subject, self.hashes.get(subject), state, problem, self.clock())
        if told is not None:
            self.outbox.queue(connection, [told])


class Applier:
    """Writes the actions of one kind of fact."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk
        self._begun = desk.report.written()
        self._provisional = 0
        self._moved: list[str] = []  # articles that have another product than before

    def check_time(self) -> None:
        """Stop between two batches when the time is used, but not before the first write."""
        self._desk.check_time(self._begun)

    def carry_out(self, actions: Sequence[Action]) -> None:
        """Write what is to be written, then note everything else; a failed subject is not settled.

        Raises:
            ComptoirError: when the shop cannot be reached; what was written before is noted.
        """
        if self._desk.dry:
            self._pretend(actions)
            return
        creations = [action for action in actions if isinstance(action, Create)]
        updates = [action for action in actions if isinstance(action, Update)]
        # Until it is written it is not: an error among the creations leaves the changes undone.
        failed = {action.subject for action in creations} | {action.subject for action in updates}
        with self._desk.engine.begin() as connection:
            for action in actions:
                self._note(connection, action)
            self._leave_products(connection)
        try:
            self._write(creations, "POST", failed)
            self._write(updates, "CHANGE", failed)
        finally:
            self._desk.failed |= failed
            done = [a for a in actions if isinstance(a, Settle) and a.subject not in failed]
            with self._desk.engine.begin() as connection:
                for settled in done:
                    self._settle(connection, settled)

    def close_looked_at(self, subjects: Iterable[Subject]) -> None:
        """Close what was unsettled of facts that are settled later: the shop was looked at.

        What a person changes from now on is theirs, not the trace of a write without an answer.
        """
        if self._desk.dry:
            return
        with self._desk.engine.begin() as connection:
            for subject in subjects:
                if subject not in self._desk.failed:
                    Replica(connection).journal.close_intents_of(subject)

    def _note(self, connection: Connection, action: Action) -> None:
        replica, report = Replica(connection), self._desk.report
        if isinstance(action, Adopt):
            self._link(replica, action.subject, action.ps_id)
            report.count(action.resource, "adopted")
            line = Line(action.subject, action.resource, action.ps_id, after=ADOPTED)
            self._desk.note(connection, [line])
        elif isinstance(action, Remember):
            replica.journal.remember(action.resource, action.ps_id, action.last)
        elif isinstance(action, KeepEdit):
            # The till is told when the fact is settled: its fate is the last word of a pass.
            report.edited.append((action.subject, action.problem))
            self._note_edit(connection, action)
        elif isinstance(action, Wait):
            report.waiting.append((action.subject, action.problem))
            self._desk.failed.add(action.subject)
            self._desk.tell(connection, action.subject, "waiting", action.problem)
        elif isinstance(action, Refuse):
            self._desk.failed.add(action.subject)
            self._refuse(connection, action.subject, action.problem)
        elif isinstance(action, Hold):
            report.held.append((action.subject, action.problem))
            self._desk.failed.add(action.subject)
            replica.mark_dirty(action.subject)  # a full pass looks at clean facts too
            self._desk.tell(connection, action.subject, "held", action.problem)

    def _note_edit(self, connection: Connection, edit: KeepEdit) -> None:
        """Write down what a person changed on the site."""
        memory = Replica(connection).journal.memories(edit.resource, [edit.ps_id])[edit.ps_id]
        last = memory.last.get((edit.field, edit.lang))
        before = last.stored if last is not None else None
        line = Line(
            edit.subject, edit.resource, edit.ps_id, edit.field, edit.lang, before, edit.site,
            who="site",
        )  # fmt: skip
        self._desk.note(connection, [line])

    def _link(self, replica: Replica, subject: Subject, ps_id: int) -> None:
        if replica.link(subject, ps_id) and subject.kind == "article":
            self._moved.append(subject.key)
        self._desk.links.add(subject, ps_id)

    def _leave_products(self, connection: Connection) -> None:
        """Let go of what went with the former products of articles that have another one now."""
        if self._moved:
            for photo in Replica(connection).leave_products(self._moved):
                self._desk.links.drop(photo)
            self._moved.clear()

    def _refuse(self, connection: Connection, subject: Subject, problem: Problem) -> None:
        self._desk.report.refused.append((subject, problem))
        self._desk.tell(connection, subject, "refused", problem)
        Replica(connection).mark_clean(subject)

    def _settle(self, connection: Connection, action: Settle) -> None:
        replica = Replica(connection)
        replica.journal.close_intents_of(action.subject)
        replica.mark_clean(action.subject)
        is_edit = action.edited is not None and action.unseen is None
        state: FateState = "edited_on_site" if is_edit else "applied"
        self._desk.tell(connection, action.subject, state, action.unseen or action.edited)

    # --- batches -----------------------------------------------------------------------------

    def _write(
        self, actions: Sequence[Create] | Sequence[Update], deed: Deed, failed: set[Subject]
    ) -> None:
        by_resource: dict[str, list[Create | Update]] = {}
        for action in actions:
            by_resource.setdefault(action.resource, []).append(action)
        for resource, some in by_resource.items():
            limit = LIMITS.get(resource, _LIMIT)
            for start in range(0, len(some), limit):
                self.check_time()
                self._write_chunk(resource, deed, some[start : start + limit], failed)

    def _write_chunk(
        self, resource: str, deed: Deed, actions: list[Create | Update], failed: set[Subject]
    ) -> None:
        actions = [action for action in actions if not self._refused_here(action)]
        if not actions:
            return
        intents = self._open_intents(actions, deed)
        result = write_batch(
            self._desk.shop,
            deed,
            resource,
            [action.write for action in actions],
            identity=IDENTITIES.get(resource) if deed == "POST" else None,
            limit=LIMITS.get(resource, _LIMIT),
            taken=self._desk.links.ids(actions[0].subject.kind) if deed == "POST" else (),
        )
        written = {
            action.subject: outcome.entity.id
            for action, outcome in zip(actions, result.outcomes, strict=True)
            if isinstance(outcome, Written)
        }
        stored = self._read_back(resource, list(written.values()))
        with self._desk.engine.begin() as connection:
            replica, lines = Replica(connection), list[Line]()
            before = replica.journal.memories(resource, sorted(written.values()))
            for action, outcome, intent in zip(actions, result.outcomes, intents, strict=True):
                if isinstance(outcome, Written):
                    ps_id = outcome.entity.id
                    lines += lines_of(action, ps_id, before[ps_id].last)
                    self._written(connection, action, stored.get(outcome.entity.id), outcome)
                    failed.discard(action.subject)
                elif isinstance(outcome, Refused):
                    problem = self._blame(action, outcome.error)
                    self._refuse(connection, action.subject, problem)
                if not isinstance(outcome, Unknown):
                    replica.journal.close_intent(intent)
                if isinstance(outcome, Unknown):
                    self._desk.report.waiting.append((action.subject, outcome.error.problem()))
                elif isinstance(outcome, NotAttempted):
                    self._desk.report.count(resource, "not_attempted")
                    if outcome.reason is not None:  # a full pass looks at clean facts too
                        replica.mark_dirty(action.subject)
                        self._desk.report.waiting.append((action.subject, outcome.reason.problem()))
            self._leave_products(connection)
            self._desk.note(connection, lines)
        if result.stopped is not None:
            raise result.stopped

    def _refused_here(self, action: Create | Update) -> bool:
        """Refuse what the shop would refuse, before it is sent: it would stop its neighbours."""
        version = self._desk.shop.version
        problems = check_write(action.resource, action.write, version) if version else ()
        if not problems:
            return False
        with self._desk.engine.begin() as connection:
            self._refuse(connection, action.subject, problems[0].problem())
        return True

    def _open_intents(self, actions: Iterable[Create | Update], deed: Deed) -> list[int]:
        moment = self._desk.clock()
        with self._desk.engine.begin() as connection:
            replica = Replica(connection)
            return [
                replica.journal.open_intent(
                    action.subject, action.resource, deed, action.write.id, action.sent, moment
                )
                for action in actions
            ]

    def _read_back(self, resource: str, ids: Sequence[int]) -> dict[int, Entity]:
        if not ids:
            return {}
        return {entity.id: entity for entity in self._desk.shop.find_any(resource, "id", ids)}

    def _written(
        self,
        connection: Connection,
        action: Create | Update,
        stored: Entity | None,
        outcome: Written,
    ) -> None:
        replica, ps_id = Replica(connection), outcome.entity.id
        if isinstance(action, Create):
            self._link(replica, action.subject, ps_id)
        if stored is not None:
            notes = {
                key: _last(action.resource, key, sent, stored) for key, sent in action.sent.items()
            }
            replica.journal.remember(action.resource, ps_id, notes)
        what = "created" if isinstance(action, Create) else "changed"
        self._desk.report.count(action.resource, what)

    def _blame(self, action: Create | Update, error: RefusedItemError) -> Problem:
        """Return why it was refused; a field that we did not send is the shop's own trouble."""
        name = error.facts.get("field", "")
        if isinstance(action, Update) and name and name not in action.write.fields:
            return ForeignFieldError(place=str(action.subject), field=name).problem()
        return error.problem()

    # --- dry run -----------------------------------------------------------------------------

    def _pretend(self, actions: Sequence[Action]) -> None:
        """Count what would be done; creations get ids of no shop, so that planning can go on."""
        report = self._desk.report
        for action in actions:
            report.actions.append(action)
            if isinstance(action, Create):
                self._provisional -= 1
                self._desk.links.add(action.subject, self._provisional)
                report.count(action.resource, "created")
            elif isinstance(action, Update):
                report.count(action.resource, "changed")
            elif isinstance(action, Adopt):
                self._desk.links.add(action.subject, action.ps_id)
                report.count(action.resource, "adopted")
            elif isinstance(action, KeepEdit):
                report.edited.append((action.subject, action.problem))
            elif isinstance(action, Wait):
                report.waiting.append((action.subject, action.problem))
                self._desk.failed.add(action.subject)
            elif isinstance(action, Refuse):
                report.refused.append((action.subject, action.problem))
                self._desk.failed.add(action.subject)
            elif isinstance(action, Hold):
                report.held.append((action.subject, action.problem))
                self._desk.failed.add(action.subject)


def _last(resource: str, key: FieldKey, sent: str, stored: Entity) -> Last:
    name, lang = key
    if name == VALUES:
        return Last(sent, sent)
    if name in LISTS:
        read = name in stored.associations
        return Last(sent, text_of(items(name, stored.rows(name))) if read else sent)
    value = stored.fields.get(name, "")
    shown = value if isinstance(value, str) else value.get(lang, "")
    return Last(normal(resource, name, sent), normal(resource, name, shown))


def is_waiting(error: ComptoirError) -> bool:
    """Return whether a refusal goes away by itself when its parent comes."""
    return error.code == "E-AGT-001"
