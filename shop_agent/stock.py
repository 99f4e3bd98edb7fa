"""Stock rows: compute, write, look again (SPEC §11; the shop offers no compare-and-set).

Orders are read before each batch of rows, at the latest after 100 rows or 2 seconds of writing;
rows of low figures go last, in small batches, each right after a reading. Then we look back: what
an order touched that was not known at its write is computed, read and put right, until no new
order appears. What lies between the last reading and a write is the *window*: it cannot be closed,
so each case is counted and its length noted.

    StockWriter(desk, watch, profile, elapsed=monotonic).run(full=False)
"""

import json
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol

from protocol.errors import Problem
from protocol.records import Article, Category, Stock, Variant
from shop_agent.actions import SetStock, Subject
from shop_agent.apply import Desk
from shop_agent.display import hides_empty
from shop_agent.history import Line
from shop_agent.mailroom import VERIFY_STOCK
from shop_agent.policy_errors import SizeHiddenError
from shop_agent.prestashop.batch import Refused, Unknown, Written, write_batch
from shop_agent.prestashop.entities import Entity, Write
from shop_agent.profile import Profile
from shop_agent.reconcile.policy import buffer_of
from shop_agent.reconcile.stock import Figure, Sellable, reserved_of
from shop_agent.reconcile.stock import figure as make_figure
from shop_agent.replica import Fact, Replica
from shop_agent.vanishing import Vanishing

ROWS_PER_READING = 100
SECONDS_PER_READING = 2.0
LOW_STOCK = 3
LOW_BATCH = 20
#: Looks back at the most; what still moves then is verified by the next pass.
LOOKS = 5


class OrderWatch(Protocol):
    """The order book, kept up to date while stock is written."""

    def refresh(self) -> frozenset[Sellable]:
        """Read new and changed orders; return what they touch and did not touch before."""
        ...

    def reserved(self) -> Mapping[Sellable, Sequence[tuple[str, int]]]:
        """Return, for each (product, combination), the units that each order keeps."""
        ...


@dataclass(frozen=True)
class _Row:
    """One stock fact and its row in the shop."""

    fact: Fact
    sellable: Sellable
    row: int
    shown: int


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
        self._profile = profile
        self._elapsed = elapsed
        self._begun = desk.report.written()
        self._touched: set[Sellable] = set()  # since the last computation
        self._seen: set[Sellable] = set()  # in this pass
        self._read_at = float("-inf")
        self._rows_since = 0
        self._written_at: dict[Sellable, float] = {}
        self._articles: dict[str, str] = {}
        self._with_variants: set[str] = set()  # articles that have some in the shop
        self._gone: frozenset[str] = frozenset()
        self._gone_variants: dict[str, str] = {}  # keys of their stock, with their hashes
        self._fallen: frozenset[str] = frozenset()  # articles that are to show no stock
        self._buffers: dict[str, int] = {}  # by article
        self._rules: dict[int, int] = {}  # out_of_stock of products, as the shop has it

    def run(self, *, full: bool, touched: Iterable[Sellable] = ()) -> None:
        """Bring the shop's figures to the formula.

        Args:
            full: Look at every sellable, not only at those that changed.
            touched: What orders read earlier in this pass have moved.
        """
        self._load()
        self._touched |= set(touched) | self._to_verify()
        if not self._facts(full=full):
            return  # an idle pass asks the shop nothing more
        self._refresh()
        facts = self._facts(full=full)
        self._touched.clear()  # they are among these facts; what comes from here on is looked at
        rows = self._read([fact for fact in facts if not self._is_over(fact)])
        there = {row.fact.subject for row in rows}
        # What is gone from the till and has no row in the shop is as it should be.
        self._settle_facts([f for f in facts if f.gone is not None and f.subject not in there])
        self._write(rows)
        self._look_back()

    # --- reading -----------------------------------------------------------------------------

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

    def _is_over(self, fact: Fact) -> bool:
        """Return whether a figure is gone and asks for nothing more.

        It went together with its article, or never was in the shop; or its article has variants
        now, and the row of the product is their sum.
        """
        if fact.gone is None or self._article(fact) in self._fallen:
            return False
        article, simple = self._article(fact), fact.record.key.startswith("a:")
        is_sum = simple and article in self._with_variants
        return is_sum or article in self._gone or self._sellable(fact) is None

    def _keys(self, sellables: Iterable[Sellable]) -> set[str]:
        keys = (self._desk.links.stock_key(*sellable) for sellable in sellables)
        return {key for key in keys if key is not None}

    def _read(self, facts: Sequence[Fact]) -> list[_Row]:
        places = {s: fact for fact in facts if (s := self._sellable(fact)) is not None}
        products = sorted({product for product, _ in places if product > 0})
        if not products:
            return []
        found = self._desk.shop.find_any("stock_availables", "id_product", products)
        self._rules |= {
            row.whole("id_product"): row.whole("out_of_stock")
            for row in found
            if not row.whole("id_product_attribute") and is_our_row(row, self._profile)
        }
        return [
            _Row(places[at], at, entity.id, entity.whole("quantity"))
            for entity in found
            if (at := _at(entity)) in places and is_our_row(entity, self._profile)
        ]

    def _sellable(self, fact: Fact) -> Sellable | None:
        """Return the (product, combination) of a stock fact that is in the shop."""
        links, combination = self._desk.links, 0
        article = self._article(fact)
        if fact.record.key.startswith("v:"):
            combination = links("variant", fact.record.key.removeprefix("v:")) or 0
            if not combination:
                return None
        product = links("article", article) if article is not None else None
        return (product, combination) if product is not None else None

    def _article(self, fact: Fact) -> str | None:
        kind, _, key = fact.record.key.partition(":")
        return key if kind == "a" else self._articles.get(key)

    def _load(self) -> None:
        """Read once which variant is of which article, and which articles are gone."""
        with self._desk.engine.connect() as connection:
            replica = Replica(connection)
            for fact in replica.facts("variant", dirty_only=False):
                if isinstance(fact.record, Variant):
                    self._articles[fact.record.key] = fact.record.article
                    if fact.gone is not None:
                        self._gone_variants[f"v:{fact.record.key}"] = fact.hash
                    if self._desk.links("variant", fact.record.key) is not None:
                        self._with_variants.add(fact.record.article)
            articles = replica.facts("article", dirty_only=False)
            self._gone = frozenset(fact.record.key for fact in articles if fact.gone is not None)
            self._load_choices(replica, articles)

    def _load_choices(self, replica: Replica, articles: Sequence[Fact]) -> None:
        """Read once which articles are out of stock by the merchant's choice, and the buffers."""
        choices = self._desk.choices
        self._fallen = replica.fallen("out_of_stock")
        tree = {
            fact.record.key: fact.record.parent
            for fact in (replica.facts("category", dirty_only=False) if choices.buffers else ())
            if isinstance(fact.record, Category)
        }
        self._buffers = {
            fact.record.key: buffer_of(fact.record, choices, tree)
            for fact in articles
            if isinstance(fact.record, Article)
        }

    # --- writing -----------------------------------------------------------------------------

    def _write(self, rows: Sequence[_Row]) -> None:
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

    def _without_held(self, rows: Sequence[_Row]) -> Sequence[_Row]:
        """Return the rows without those of sellables that vanished and wait for a person."""
        leaving = {self._vanished(row): row for row in rows if self._vanishes(row)}
        hashes = {
            one: self._gone_variants.get(row.fact.record.key, row.fact.hash)
            for one, row in leaving.items()
        }
        held = Vanishing(self._desk).hold(hashes, of=self._count_there)
        kept = {leaving[one].row for one in held}
        return [row for row in rows if row.row not in kept] if kept else rows

    def _vanishes(self, row: _Row) -> bool:
        """Return whether the site would lose this sellable, while it keeps its article."""
        is_gone = row.fact.gone is not None or row.fact.record.key in self._gone_variants
        article = self._article(row.fact)
        return is_gone and row.shown > 0 and article not in self._gone | self._fallen

    def _vanished(self, row: _Row) -> Subject:
        """Return the fact that is gone: a variant, or the stock of what is still there."""
        key = row.fact.record.key
        is_variant = key in self._gone_variants
        return Subject("variant", key.removeprefix("v:")) if is_variant else row.fact.subject

    def _count_there(self) -> int:
        """Return of how many sellables in the shop the till says a figure."""
        with self._desk.engine.connect() as connection:
            facts = Replica(connection).facts("stock", dirty_only=False)
        return sum(
            fact.gone is None
            and self._sellable(fact) is not None
            and fact.record.key not in self._gone_variants
            and not (
                fact.record.key.startswith("a:") and self._article(fact) in self._with_variants
            )
            for fact in facts
        )

    def _plan(self, rows: Sequence[_Row]) -> dict[int, SetStock]:
        reserved = self._reserved()
        plan = {}
        for row in rows:
            figure = self._figure(row, reserved)
            if self._desk.dry:
                self._desk.report.figures[row.fact.subject] = figure
            quantity = figure.target
            if quantity != row.shown:
                plan[row.row] = SetStock(row.fact.subject, row.row, quantity, row.shown)
        return plan

    def _target(self, row: _Row, reserved: Mapping[Sellable, Sequence[tuple[str, int]]]) -> int:
        return self._figure(row, reserved).target

    def _figure(self, row: _Row, reserved: Mapping[Sellable, Sequence[tuple[str, int]]]) -> Figure:
        stock = row.fact.record
        article = self._article(row.fact)
        is_fallen = article in self._fallen
        # The combination of a variant that is gone stays, and sells nothing.
        is_gone = row.fact.gone is not None or row.fact.record.key in self._gone_variants
        if is_gone or is_fallen or not isinstance(stock, Stock):
            quantity = stock.quantity if isinstance(stock, Stock) else 0
            why = "out_of_stock" if is_fallen else "gone"
            return Figure(stock.key, quantity, {}, 0, 0, row.shown, row.row, why)
        units = reserved_of(self._sellables(row), reserved)
        buffer = self._buffers.get(article or "", self._desk.choices.buffer)
        return make_figure(stock, units, buffer=buffer, shown=row.shown, row=row.row)

    def _sellables(self, row: _Row) -> list[Sellable]:
        """Return where orders may have bought it: here, and where it was before."""
        kind, _, key = row.fact.record.key.partition(":")
        product, combination = row.sellable
        if kind == "v":
            former = self._desk.links.former("variant", key)
            return [(0, one) for one in (combination, *former)]
        return [(one, 0) for one in (product, *self._desk.links.former("article", key))]

    def _reserved(self) -> dict[Sellable, list[tuple[str, int]]]:
        """Return what orders keep: of a combination under its own id, whatever its product was."""
        kept: dict[Sellable, list[tuple[str, int]]] = {}
        for (product, combination), orders in self._watch.reserved().items():
            place = (0, combination) if combination else (product, 0)
            kept.setdefault(place, []).extend(orders)
        return kept

    def _write_batch(self, rows: Sequence[_Row], *, fresh: bool) -> None:
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
                self._written_at[row.sellable] = self._elapsed()
                self._desk.report.count("stock_availables", "changed")
                done.append(row)
            elif isinstance(outcome, Refused):
                self._refuse(row.fact.subject, outcome)
            elif isinstance(outcome, Unknown):
                problem = outcome.error.problem()
                self._desk.report.waiting.append((row.fact.subject, problem))
        self._note_written([(row, plan[row.row]) for row in done])
        self._settle(done)
        if result.stopped is not None:
            raise result.stopped

    def _note_written(self, done: Sequence[tuple[_Row, SetStock]]) -> None:
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

    def _is_quiet(self, row: _Row) -> bool:
        """Return whether neither the till nor an order has moved this figure since it was right."""
        return not row.fact.dirty and row.fact.record.key not in self._keys(self._seen)

    # --- looking back ------------------------------------------------------------------------

    def _look_back(self) -> None:
        """Read again what orders touched that were not known when it was written."""
        for _ in range(LOOKS):
            began = self._elapsed()
            self._refresh()
            touched, self._touched = self._touched, set()
            if not touched:
                break
            facts = self._facts_of(touched)
            rows = self._read([fact for fact in facts if not self._is_over(fact)])
            reserved = self._reserved()
            for row in rows:
                written = self._written_at.get(row.sellable)
                if written is not None and row.shown > self._target(row, reserved):
                    self._desk.report.exposures += 1
                    self._desk.report.exposure_seconds += began - written
            self._write(rows)
        # An order may become visible before its lines: what is fresh is verified once more.
        self._keep_to_verify(self._seen)

    def _facts_of(self, sellables: Iterable[Sellable]) -> list[Fact]:
        with self._desk.engine.connect() as connection:
            replica = Replica(connection)
            facts = [replica.find("stock", key) for key in sorted(self._keys(sellables))]
        return [fact for fact in facts if fact is not None]

    def _refresh(self) -> None:
        touched = self._watch.refresh()
        self._touched |= touched
        self._seen |= touched
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

    # --- notes -------------------------------------------------------------------------------

    def _note_wrong(self, rows: Sequence[_Row]) -> None:
        """Have these looked at again, should this pass not come to them."""
        if self._desk.dry or not rows:
            return
        with self._desk.engine.begin() as connection:
            replica = Replica(connection)
            for row in rows:
                replica.mark_dirty(row.fact.subject)

    def _settle(self, rows: Sequence[_Row]) -> None:
        """Settle what is right; what an order touched since its row was read is looked at again."""
        moved = self._keys(self._touched)
        right = [row for row in rows if row.fact.record.key not in moved]
        hidden = [row for row in right if self._may_hide(row)]
        reserved = self._reserved() if hidden else {}
        unseen = {
            row.fact.subject: SizeHiddenError(place=str(row.fact.subject)).problem()
            for row in hidden
            if self._target(row, reserved) <= 0
        }
        self._settle_facts([row.fact for row in right], unseen)

    def _may_hide(self, row: _Row) -> bool:
        """Return whether the shop hides this size when it has no stock."""
        product, combination = row.sellable
        if not combination or row.fact.gone is not None:
            return False
        settings = self._profile.settings
        return product in self._rules and hides_empty(settings, self._rules[product])

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


def is_our_row(row: Entity, profile: Profile) -> bool:
    """Return whether a stock row is of our shop, or of the group with which it shares stock."""
    shop, group = row.whole("id_shop"), row.whole("id_shop_group")
    return shop == profile.shop_id or (shop == 0 and group == profile.group_id)


def _at(entity: Entity) -> Sellable:
    return entity.whole("id_product"), entity.whole("id_product_attribute")
