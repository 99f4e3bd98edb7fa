"""Stock rows: compute, write, look again (SPEC §11; the shop offers no compare-and-set).

Orders are read before each batch of rows, at the latest after 100 rows or 2 seconds of writing;
rows of low figures go last, in small batches, each right after a reading. Then we look back: what
an order touched that was not known at its write is computed, read and put right, until no new
order appears; what fresh orders and those without a state touched is verified once more in the next
pass. What lies between the last reading and a write is the *window*: it cannot be closed, so each
case is counted and its length noted.

    StockWriter(desk, watch, profile, elapsed=monotonic).run(full=False)
"""

import json
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence

from protocol.errors import Problem
from shop_agent.actions import SetStock, Subject
from shop_agent.apply import Desk
from shop_agent.figures import Figures, Orders, OrderWatch
from shop_agent.history import Line
from shop_agent.mailroom import VERIFY_STOCK
from shop_agent.policy_errors import SizeHiddenError
from shop_agent.prestashop.batch import Refused, Unknown, Written, write_batch
from shop_agent.prestashop.entities import Write
from shop_agent.profile import Profile
from shop_agent.reconcile.stock import Sellable
from shop_agent.replica import Fact, Replica
from shop_agent.silence import note_silence
from shop_agent.stock_rows import StockRow
from shop_agent.vanishing import Vanishing

ROWS_PER_READING = 100
SECONDS_PER_READING = 2.0
LOW_STOCK = 3
LOW_BATCH = 20
#: Looks back at the most: each follows an order that came meanwhile. What still moves then is
#: verified by the next pass.
LOOKS = 50


class StockWriter:
    """Writes the figures of one pass.

    Args:
        desk: What the pass's writers share.
        watch: The order book.
        profile: The shop's.
        elapsed: Seconds of a clock that never goes back.
    """

    def __init__(
        self,
        desk: Desk,
        watch: OrderWatch,
        profile: Profile,
        *,
        elapsed: Callable[[], float],
    ) -> None:
        self._desk = desk
        self._watch = watch
        self._figures = Figures(desk, watch, profile)
        self._elapsed = elapsed
        self._begun = desk.report.written()
        self._touched: set[Sellable] = set()  # since the last computation
        self._seen: set[Sellable] = set()  # in this pass
        self._read_at = float("-inf")
        self._rows_since = 0
        self._written_at: dict[Sellable, float] = {}
        self._exposed: dict[Sellable, float] = {}  # shown too much since then
        self._unknown: set[Sellable] = set()  # a write of theirs had no known outcome

    def run(self, *, full: bool, touched: Collection[Sellable] = ()) -> None:
        """Bring the shop's figures to the formula.

        Args:
            full: Look at every sellable, not only at those that changed.
            touched: What orders read earlier in this pass have moved.
        """
        self._note_silence()
        self._seen |= set(touched)
        self._touched |= self._seen | self._to_verify()
        if touched:
            self._keep_to_verify(self._touched)
        if not self._facts(full=full):
            return  # an idle pass asks the shop nothing more
        self._figures.load()
        self._refresh()
        facts = self._facts(full=full)
        self._touched.clear()  # they are among these facts; what comes from here on is looked at
        rows = self._figures.rows.read([one for one in facts if not self._figures.is_over(one)])
        there = {row.fact.subject for row in rows}
        # What is gone from the till and has no row in the shop is as it should be.
        self._settle_facts([f for f in facts if f.gone is not None and f.subject not in there])
        self._write(rows)
        self._look_back()

    # --- what is looked at -------------------------------------------------------------------

    def _facts(self, *, full: bool) -> list[Fact]:
        with self._desk.engine.connect() as connection:
            replica = Replica(connection)
            facts = replica.facts("stock", dirty_only=not full)
            known = {fact.subject for fact in facts}
            for key in self._keys(self._touched):
                fact = replica.find("stock", key)
                if fact is not None and fact.subject not in known:
                    facts.append(fact)
        facts = [fact for fact in facts if self._desk.concerns(fact.subject)]
        self._desk.hashes.update({fact.subject: fact.hash for fact in facts})
        return facts

    def _keys(self, sellables: Iterable[Sellable]) -> set[str]:
        keys = (self._desk.links.stock_key(*sellable) for sellable in sellables)
        return {key for key in keys if key is not None}

    def _refresh(self) -> None:
        touched = self._watch.refresh()
        self._touched |= touched
        self._seen |= touched
        if touched:  # a pass that ends early verifies them all the same
            self._keep_to_verify(self._to_verify() | touched)
        self._read_at, self._rows_since = self._elapsed(), 0

    def _to_verify(self) -> set[Sellable]:
        with self._desk.engine.connect() as connection:
            kept = json.loads(Replica(connection).setting(VERIFY_STOCK) or "[]")
        return {(product, combination) for product, combination in kept}

    def _keep_to_verify(self, sellables: Iterable[Sellable]) -> None:
        if self._desk.dry:
            return
        with self._desk.engine.begin() as connection:
            kept = json.dumps(sorted(sellables))
            Replica(connection).set_setting(VERIFY_STOCK, kept)

    def _note_silence(self) -> None:
        """Have every figure computed again when the till falls silent, or speaks again."""
        if self._desk.dry:
            return
        with self._desk.engine.begin() as connection:
            note_silence(connection, self._desk.choices.stock, self._desk.clock())

    # --- writing -----------------------------------------------------------------------------

    def _write(self, rows: Sequence[StockRow]) -> None:
        rows = self._without_held(rows)
        # Facts whose rows are right already are settled at once.
        plan = self._plan(rows)
        self._settle([row for row in rows if row.row not in plan])
        self._note_wrong([row for row in rows if row.row in plan])
        high = [row for row in rows if row.row in plan and plan[row.row].quantity > LOW_STOCK]
        low = [row for row in rows if row.row in plan and plan[row.row].quantity <= LOW_STOCK]
        for size, part in ((ROWS_PER_READING, high), (LOW_BATCH, low)):
            for start in range(0, len(part), size):
                self._desk.check_time(self._begun)
                self._desk.report.progress("stock", start, len(part))
                self._write_batch(part[start : start + size], fresh=size == LOW_BATCH)

    def _without_held(self, rows: Sequence[StockRow]) -> Sequence[StockRow]:
        """Return the rows without those of sellables that vanished and wait for a person."""
        figures = self._figures
        leaving = {figures.vanished(row): row for row in rows if figures.vanishes(row)}
        hashes = {
            one: figures.gone_variants.get(row.fact.record.key, row.fact.hash)
            for one, row in leaving.items()
        }
        held = Vanishing(self._desk).hold(hashes, of=figures.count_there)
        kept = {leaving[one].row for one in held}
        return [row for row in rows if row.row not in kept] if kept else rows

    def _plan(self, rows: Sequence[StockRow]) -> dict[int, SetStock]:
        orders = self._figures.orders()
        plan = {}
        for row in rows:
            figure = self._figures.of(row, orders)
            self._desk.report.figures[row.fact.subject] = figure
            quantity = figure.target
            if quantity != row.shown:
                plan[row.row] = SetStock(row.fact.subject, row.row, quantity, row.shown)
        return plan

    def _write_batch(self, rows: Sequence[StockRow], *, fresh: bool) -> None:
        late = self._elapsed() - self._read_at > SECONDS_PER_READING
        if fresh or late or self._rows_since + len(rows) > ROWS_PER_READING:
            self._refresh()
        plan = self._plan(rows)
        self._settle([row for row in rows if row.row not in plan])
        changed = [row for row in rows if row.row in plan]
        if self._desk.dry:
            self._desk.report.actions.extend(plan.values())
            self._desk.report.count("stock_availables", "changed", len(plan))
            return
        if not changed:
            return
        writes = [Write(row.row, {"quantity": str(plan[row.row].quantity)}) for row in changed]
        result = write_batch(self._desk.shop, "CHANGE", "stock_availables", writes)
        self._rows_since += len(changed)
        done = []
        for row, outcome in zip(changed, result.outcomes, strict=True):
            if isinstance(outcome, Written):
                self._note_written_at(row)
                self._desk.report.count("stock_availables", "changed")
                done.append(row)
            elif isinstance(outcome, Refused):
                self._refuse(row.fact.subject, outcome)
            elif isinstance(outcome, Unknown):
                self._note_unknown(row, outcome.error.problem())
        self._note_written([(row, plan[row.row]) for row in done])
        self._settle(done)
        if result.stopped is not None:
            raise result.stopped

    def _note_unknown(self, row: StockRow, problem: Problem) -> None:
        """Look once more, still in this pass, at a figure whose write has no known outcome."""
        if row.sellable not in self._unknown:
            self._unknown.add(row.sellable)
            self._touched.add(row.sellable)
        else:
            self._desk.report.waiting.append((row.fact.subject, problem))

    def _note_written_at(self, row: StockRow) -> None:
        """Note when a row was written; one that was shown too high is right from now on."""
        now = self._elapsed()
        self._written_at[row.sellable] = now
        since = self._exposed.pop(row.sellable, None)
        if since is not None:
            self._desk.report.expose(now - since)

    # --- looking back ------------------------------------------------------------------------

    def _look_back(self) -> None:
        """Read again what orders touched that were not known when it was written."""
        for _ in range(LOOKS):
            self._refresh()
            touched, self._touched = self._touched, set()
            if not touched:
                break
            facts = self._facts_of(touched)
            rows = self._figures.rows.read([one for one in facts if not self._figures.is_over(one)])
            self._note_exposed(rows)
            self._write(rows)
        for since in self._exposed.values():
            self._desk.report.expose(self._elapsed() - since)
        self._exposed.clear()
        # An order may become visible before its lines: what is fresh is verified once more, and
        # what an order without a state takes for as long as it has none.
        self._keep_to_verify(self._seen | self._touched | self._watch.without_state())

    def _note_exposed(self, rows: Sequence[StockRow]) -> None:
        """Note which rows show more than the formula since we wrote them: the window's price."""
        orders = self._figures.orders()
        for row in rows:
            written = self._written_at.get(row.sellable)
            if written is not None and row.shown > self._figures.of(row, orders).target:
                self._exposed.setdefault(row.sellable, written)

    def _facts_of(self, sellables: Iterable[Sellable]) -> list[Fact]:
        with self._desk.engine.connect() as connection:
            replica = Replica(connection)
            facts = [replica.find("stock", key) for key in sorted(self._keys(sellables))]
        return [one for one in facts if one is not None and self._desk.concerns(one.subject)]

    # --- notes -------------------------------------------------------------------------------

    def _note_written(self, done: Sequence[tuple[StockRow, SetStock]]) -> None:
        """Write down the figures that changed: one that nothing asked for had drifted."""
        with self._desk.engine.begin() as connection:
            self._desk.note(
                connection,
                [
                    Line(
                        row.fact.subject, "stock_availables", row.row, "quantity", 0,
                        str(one.was), str(one.quantity),
                        "healed" if self._is_quiet(row) else "till",
                    )
                    for row, one in done
                ],
            )  # fmt: skip

    def _is_quiet(self, row: StockRow) -> bool:
        """Return whether neither the till nor an order has moved this figure since it was right."""
        return not row.fact.dirty and row.fact.record.key not in self._keys(self._seen)

    def _note_wrong(self, rows: Sequence[StockRow]) -> None:
        """Have these looked at again, should this pass not come to them."""
        if self._desk.dry or not rows:
            return
        with self._desk.engine.begin() as connection:
            replica = Replica(connection)
            for row in rows:
                replica.mark_dirty(row.fact.subject)

    def _settle(self, rows: Sequence[StockRow]) -> None:
        """Settle what is right; what an order touched since its row was read is looked at again."""
        moved = self._keys(self._touched)
        right = [row for row in rows if row.fact.record.key not in moved]
        hidden = [row for row in right if self._figures.may_hide(row)]
        orders = self._figures.orders() if hidden else Orders({}, {})
        unseen = {
            row.fact.subject: SizeHiddenError(place=str(row.fact.subject)).problem()
            for row in hidden
            if self._figures.of(row, orders).target <= 0
        }
        self._settle_facts([row.fact for row in right], unseen)

    def _settle_facts(
        self, facts: Sequence[Fact], unseen: Mapping[Subject, Problem] | None = None
    ) -> None:
        if self._desk.dry or not facts:
            return
        with self._desk.engine.begin() as connection:
            replica = Replica(connection)
            for fact in facts:
                replica.mark_clean(fact.subject)
                why = (unseen or {}).get(fact.subject)
                self._desk.tell(connection, fact.subject, "applied", why)

    def _refuse(self, subject: Subject, outcome: Refused) -> None:
        problem = outcome.error.problem()
        self._desk.report.refused.append((subject, problem))
        with self._desk.engine.begin() as connection:
            Replica(connection).mark_clean(subject)
            self._desk.tell(connection, subject, "refused", problem)
