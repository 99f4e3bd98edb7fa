"""Brings the till's progress and parcels to the shop: each write is noted before it is asked for.

Rules: without a fact to settle nothing is asked; an order on which nothing can be done yet waits
without a question. A write without a clear answer is looked up in a later pass and its e-mail never
asked for again: a person is told instead (`mail_uncertain`).

    BringBack(desk, profile, rules).run(full=False)
"""

from collections.abc import Mapping
from dataclasses import replace

from sqlalchemy import Connection

from protocol.errors import ComptoirError, OutcomeUnknownError, Problem, RefusedItemError
from shop_agent.actions import Action, Create, Subject, Update
from shop_agent.apply import Desk
from shop_agent.case_errors import MailUncertainError
from shop_agent.case_rules import Wanted
from shop_agent.cases import Cases
from shop_agent.history import Line
from shop_agent.prestashop.check import check_write
from shop_agent.prestashop.entities import Write
from shop_agent.profile import Profile
from shop_agent.progress.errors import MovedBackError, OrderUnknownError, StillLookingError
from shop_agent.progress.look import look
from shop_agent.progress.plan import (
    WAITING,
    Decision,
    MoveState,
    SetTracking,
    Site,
    outcome_of,
    plan_parcels,
    plan_state,
)
from shop_agent.progress.rules import Rules
from shop_agent.progress.steps import Step, Steps, What
from shop_agent.progress.wishes import Group, gather
from shop_agent.replica import Replica

#: Per parcel key or order uid, why it is not in the shop; None: it is.
Verdicts = dict[str, Problem | None]


class BringBack:
    """The way back of one pass.

    Args:
        desk: What the pass's writers share.
        profile: The shop's.
        rules: What the merchant allows.
    """

    def __init__(self, desk: Desk, profile: Profile, rules: Rules) -> None:
        self._desk = desk
        self._profile = profile
        self._rules = rules

    def run(self, *, full: bool) -> None:
        """Settle what the till said of orders, as far as the shop lets us."""
        with self._desk.engine.connect() as connection:
            groups = gather(connection, full=full)
        asked = [one for one in groups if not self._settles_unasked(one)]
        if not asked:
            return
        about = {one.wishes.uid: (one.row.shop_id, one.wishes.stage) for one in asked if one.row}
        sites = look(self._desk.shop, self._profile, self._rules, about)
        for group in asked:
            self._desk.check_time()
            site = sites.get(group.wishes.uid)
            self._tell(group, self._unknown(group) if site is None else self._bring(group, site))

    # --- without a question ------------------------------------------------------------------

    def _settles_unasked(self, group: Group) -> bool:
        """Settle an order of which our own memory says that nothing can be done, or is left."""
        if group.row is None or group.row.deleted:
            self._tell(group, self._unknown(group))
            return True
        with self._desk.engine.connect() as connection:
            steps = Steps(connection).of(group.wishes.uid)
        if any(one.status != "done" for one in steps.values()):
            return False
        site, now = self._remembered(group, steps), self._desk.clock()
        parcels = plan_parcels(group.wishes, site, steps, self._rules, now)
        state = plan_state(group.wishes, site, steps, self._rules, now)
        said = {**parcels.of, **state.of}
        # That people moved it back is seen in the shop: our book may be older than our own write.
        is_doubtful = any(one and one.code == MovedBackError.code for one in said.values())
        if parcels.act or state.act or is_doubtful:
            return False
        self._tell(group, said)
        return True

    def _remembered(self, group: Group, steps: Mapping[str, Step]) -> Site:
        """Return the order as our book has it: good enough to see that nothing can be done."""
        row, stage = group.row, group.wishes.stage
        flags = self._profile.states.get(row.state) if row is not None else None
        tracking = steps.get("tracking")
        return Site(
            order=row.shop_id if row is not None else 0,
            state=row.state if row is not None else 0,
            role=row.role if row is not None else "unknown",
            name=flags.name if flags is not None else "?",
            row=0,
            tracking=tracking.value if tracking is not None else "",
            target=self._rules.state_of(stage, self._profile) if stage is not None else None,
        )

    def _unknown(self, group: Group) -> Verdicts:
        problem = OrderUnknownError(place=f"order {group.wishes.reference}").problem()
        return {fact.record.key: problem for fact in group.facts}

    # --- one order ---------------------------------------------------------------------------

    def _bring(self, group: Group, site: Site) -> Verdicts:
        """Write what is to be written for one order; return what is said of its facts."""
        wishes, desk = group.wishes, self._desk
        keys = [wishes.uid, *(one.key for one in wishes.parcels)]
        if not self._look_up(group, site):
            return dict.fromkeys(keys, self._still_looking(group))
        said: Verdicts = {}
        for plan in (plan_parcels, plan_state):
            with desk.engine.connect() as connection:
                steps = Steps(connection).of(wishes.uid)
            decision = plan(wishes, site, steps, self._rules, desk.clock())
            self._keep_known(group, decision)
            said |= decision.of
            if decision.act is None:
                continue
            if desk.dry:
                self._pretend(group, decision.act)
            elif (problem := self._write(group, decision.act, steps)) is not None:
                said |= dict.fromkeys(decision.of, problem)
                if problem.code == StillLookingError.code:
                    return {**dict.fromkeys(keys, problem), **said}
            elif isinstance(decision.act, SetTracking):
                site = replace(site, tracking=decision.act.number)
        return said

    def _look_up(self, group: Group, site: Site) -> bool:
        """Settle the open steps by what the shop shows; return whether none is open any more."""
        uid, now = group.wishes.uid, self._desk.clock()
        with self._desk.engine.begin() as connection:
            steps = Steps(connection)
            if self._desk.dry:
                return all(step.status != "open" for step in steps.of(uid).values())
            for step in steps.of(uid).values():
                outcome = outcome_of(step, site, now) if step.status == "open" else None
                if outcome == "happened":
                    self._seen(connection, group, step)
                elif outcome == "not":
                    self._keep(connection, uid, step, step.undone())
                elif outcome == "too_soon":
                    return False
        return True

    def _seen(self, connection: Connection, group: Group, step: Step) -> None:
        """Note a write that is seen in the shop; whether its e-mail left nobody can know."""
        uid = group.wishes.uid
        if not step.asking:
            Steps(connection).keep(uid, step.done())
            return
        doubted = step.doubted()
        Steps(connection).keep(uid, doubted)
        error = MailUncertainError(
            place=f"order {group.wishes.reference}", reference=group.wishes.reference,
            about=step.value if step.what == "tracking" else step.what, tries=doubted.tries,
        )  # fmt: skip
        wanted = Wanted("mail_uncertain", uid, error.problem(), (uid,))
        Cases(connection, self._desk.clock()).open(wanted)

    def _still_looking(self, group: Group) -> Problem:
        reference = group.wishes.reference
        return StillLookingError(place=f"order {reference}", reference=reference).problem()

    def _keep_known(self, group: Group, decision: Decision) -> None:
        if decision.known is not None and not self._desk.dry:
            with self._desk.engine.begin() as connection:
                Steps(connection).keep(group.wishes.uid, decision.known)

    def _keep(self, connection: Connection, uid: str, step: Step, now: Step | None) -> None:
        if now is None:
            Steps(connection).forget(uid, step.what)
        else:
            Steps(connection).keep(uid, now)

    # --- one write ---------------------------------------------------------------------------

    def _write(
        self, group: Group, act: SetTracking | MoveState, steps: Mapping[str, Step]
    ) -> Problem | None:
        """Ask the shop for one write; return why it is not done, or None.

        Raises:
            ComptoirError: the shop cannot be reached, or lets us write nothing at all.
        """
        step, uid, engine = self._step(act, steps), group.wishes.uid, self._desk.engine
        refusal = self._refusal(act)
        if refusal is not None:
            return refusal.problem()
        with engine.begin() as connection:
            Steps(connection).keep(uid, step)
        try:
            line = self._ask(group, act)
        except OutcomeUnknownError as error:
            answered = bool(getattr(error, "answered", False))
            with engine.begin() as connection:
                Steps(connection).keep(uid, replace(step, answered=answered))
            return self._still_looking(group)
        except ComptoirError as error:
            with engine.begin() as connection:
                self._keep(connection, uid, step, _withdrawn(step))
            if isinstance(error, RefusedItemError):
                return error.problem()
            raise
        with engine.begin() as connection:
            Steps(connection).keep(uid, step.done())
            self._desk.note(connection, [line])
        return None

    def _step(self, act: SetTracking | MoveState, steps: Mapping[str, Step]) -> Step:
        now = self._desk.clock()
        what: What = "tracking" if isinstance(act, SetTracking) else act.stage
        if isinstance(act, SetTracking):
            value, before = act.number, act.was
        else:
            value, before = str(act.state), str(act.newest_line)
        known = steps.get(what)
        told, tries = (known.told, known.tries) if known is not None else (frozenset[str](), 0)
        return Step(what, value, before, told, act.asking, "open", at=now, tries=tries)

    def _refusal(self, act: SetTracking | MoveState) -> RefusedItemError | None:
        version = self._desk.shop.version
        problems = check_write(*_write_of(act), version) if version is not None else ()
        return problems[0] if problems else None

    def _ask(self, group: Group, act: SetTracking | MoveState) -> Line:
        """Make the request; return what the history says of it."""
        shop, report = self._desk.shop, self._desk.report
        resource, write = _write_of(act)
        subject, mails = _subject(group, act), bool(act.asking)
        if isinstance(act, SetTracking):
            shop.change(resource, write, send_email=mails)
            report.count(resource, "changed")
            return Line(
                subject, resource, act.row, "tracking_number", before=act.was, after=act.number
            )
        made = shop.create(resource, write, send_email=mails)
        report.count(resource, "created")
        return Line(subject, resource, made.id, "id_order_state", after=str(act.state))

    def _pretend(self, group: Group, act: SetTracking | MoveState) -> None:
        """Put what would be done into the plan of a dry run."""
        resource, write = _write_of(act)
        subject = _subject(group, act)
        sent = {(name, 0): str(value) for name, value in write.fields.items()}
        planned: Action = Create(subject, resource, write, sent)
        if isinstance(act, SetTracking):
            was = {("tracking_number", 0): act.was}
            planned = Update(subject, resource, write, sent, was)
        self._desk.report.actions.append(planned)
        self._desk.report.count(resource, "changed" if write.id is not None else "created")

    # --- what the till is told ---------------------------------------------------------------

    def _tell(self, group: Group, said: Verdicts) -> None:
        """Tell the till what became of the facts of an order, those alone that were to settle."""
        desk = self._desk
        with desk.engine.begin() as connection:
            for fact in group.facts:
                subject = fact.subject
                problem = None if fact.gone is not None else said.get(fact.record.key)
                desk.hashes[subject] = fact.hash
                self._tell_one(connection, subject, problem)

    def _tell_one(self, connection: Connection, subject: Subject, problem: Problem | None) -> None:
        desk, replica = self._desk, Replica(connection)
        waits = problem is not None and problem.code in {*WAITING, OrderUnknownError.code}
        if problem is not None:
            (desk.report.waiting if waits else desk.report.refused).append((subject, problem))
        if desk.dry:
            return
        if problem is None:
            desk.tell(connection, subject, "applied")
        else:
            desk.tell(connection, subject, "waiting" if waits else "refused", problem)
        if waits:
            replica.mark_dirty(subject)
        else:
            replica.mark_clean(subject)


def _write_of(act: SetTracking | MoveState) -> tuple[str, Write]:
    if isinstance(act, SetTracking):
        return "order_carriers", Write(act.row, {"tracking_number": act.number})
    fields = {"id_order": str(act.order), "id_order_state": str(act.state)}
    return "order_histories", Write(None, fields)


def _subject(group: Group, act: SetTracking | MoveState) -> Subject:
    """Return the fact that a write serves: the newest parcel's, or the order's."""
    if isinstance(act, SetTracking) and group.wishes.parcels:
        return Subject("shipment", group.wishes.parcels[-1].key)
    return Subject("order_progress", group.wishes.uid)


def _withdrawn(step: Step) -> Step | None:
    """Return a step whose write was refused: a repeat that the shop refuses is not tried again."""
    if step.is_repeat:
        return replace(step, status="done", asking=())
    return step.undone()
