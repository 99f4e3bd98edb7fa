"""The order book kept up to date: read whole for the till, read light while stock is written.

orders = Orders(desk, profile, dead)
touched = orders.collect(full=False)        # documents queued, cursor moved, in one transaction
StockWriter(desk, orders, …)                # asks refresh() and reserved()
"""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import timedelta

from sqlalchemy import Connection

from protocol.errors import RefusedItemError
from protocol.program.state import reading
from protocol.records import Order, Role, Stock
from protocol.values import ShopTime
from shop_agent.actions import Subject
from shop_agent.apply import Desk
from shop_agent.case_rules import of_deleted
from shop_agent.case_watch import judge_document, judge_restore
from shop_agent.cases import Cases
from shop_agent.orders import book, positions, rereading, reserving, settling, told_customers
from shop_agent.orders.bundles import Cursor, LightOrder, OrderBundle
from shop_agent.orders.collect import (
    moved_cursor,
    read_changed,
    read_customers,
    read_new_light,
)
from shop_agent.orders.documents import (
    customer_document,
    order_document,
    shop_profile_record,
)
from shop_agent.orders.floors import floors_of
from shop_agent.orders.offers import parse_units
from shop_agent.orders.roles import Packs, bought_units, role_of
from shop_agent.orders.rota import Rota
from shop_agent.orders.shop_time import local_now
from shop_agent.packs import PackBook
from shop_agent.profile import Profile
from shop_agent.reconcile.stock import Floor, Sellable
from shop_agent.replica import Replica
from shop_agent.same_shop import may_be_given, note_restored

#: Orders of so many days go into a new epoch, also those that the till has.
OFFERED_ANEW = timedelta(days=30)


class Orders:
    """A shop's orders, as one pass sees them.

    Args:
        desk: What the pass's writers share.
        profile: The shop's.
        dead: States that the merchant counts as never to be served.
    """

    def __init__(self, desk: Desk, profile: Profile, dead: Collection[int] = ()) -> None:
        self._desk = desk
        self._profile = profile
        self._dead = dead
        self._packs = PackBook(desk.engine, desk.links, desk.shop)
        self._seen_up_to: ShopTime | None = None  # in this pass
        self._has_news = False  # seen in brief in this pass

    # --- for the stock writer ----------------------------------------------------------------

    def refresh(self) -> frozenset[Sellable]:
        """Read new and changed orders in brief; return what they touch and did not before."""
        with self._desk.engine.connect() as connection:
            cursor = positions.get_cursor(connection)
        lights = read_new_light(self._desk.shop, self._profile, cursor, seen_up_to=self._seen_up_to)
        self._seen_up_to = self._newest(cursor, lights)
        packs = self._packs_of(lights)
        touched: set[Sellable] = set()
        with self._desk.engine.begin() as connection:
            for light in lights:
                touched |= self._note(connection, light, packs).touched
            moved = self._packs.around(touched)
            self._mark(connection, moved)
        self._has_news |= bool(touched)
        return moved

    def _newest(self, cursor: Cursor, lights: Sequence[LightOrder]) -> ShopTime | None:
        """Return up to which stamp this pass has read; never past the shop's clock."""
        known = replace(cursor, since=self._seen_up_to or cursor.since)
        stamps = [(light.id, light.date_upd) for light in lights]
        return moved_cursor(known, stamps, self._profile, self._desk.clock()).since

    def reserved(self) -> Mapping[str, Mapping[str, int]]:
        """Return, for each stock key, the units that each order keeps, by its uid."""
        is_strict = self._desk.choices.stock.strict is not False
        with self._desk.engine.connect() as connection:
            return reserving.reserved(connection, self._desk.links.stock_key, strict=is_strict)

    def floors(self) -> Mapping[str, Mapping[str, Floor]]:
        """Return, for each stock key, what of an order is settled or released, by its uid."""
        with self._desk.engine.connect() as connection:
            return floors_of(connection)

    def without_state(self) -> frozenset[Sellable]:
        """Return what orders take that are still being placed."""
        with self._desk.engine.connect() as connection:
            return reserving.without_state(connection)

    def settle(self) -> None:
        """Settle what both ends have done with, and tell the till."""

        def newest(stock_key: str) -> Stock | None:
            fact = replica.find("stock", stock_key)
            return fact.record if fact is not None and isinstance(fact.record, Stock) else None

        with self._desk.engine.begin() as connection:
            replica = Replica(connection)
            till = settling.Till(self._desk.links.stock_key, newest, self._packs.is_pack)
            self._desk.outbox.queue(connection, settling.settle(connection, till))

    # --- for the till ------------------------------------------------------------------------

    def collect(
        self, *, full: bool, again: Collection[int] = (), ids: Collection[int] = ()
    ) -> frozenset[Sellable]:
        """Queue every order that is new or changed; return what their stock touches.

        Args:
            full: Look by id too, and offer again what the till has not done with.
            again: Orders to be offered whatever the book says.
            ids: Orders to be read whole whatever their date, and offered where they changed.
        """
        # Held across requests, so it must not hold the database's lock.
        with reading(self._desk.engine).connect() as connection:
            cursor = positions.get_cursor(connection)
            known = rereading.known_by(connection)
            offered = {*again, *(rereading.to_offer_again(connection) if full else ())}
            wanted = {*ids, *offered, *rereading.to_read_again(connection)}
            changes = read_changed(
                self._desk.shop, self._profile, cursor, now=self._desk.clock(), ids=wanted,
                is_known=known, thorough=full,
            )  # fmt: skip
        # An order that a list leaves out is asked for by its id before it counts as gone.
        gone = [one for one in changes.missing if not self._desk.shop.exists("orders", one)]
        packs = self._packs_of(
            [*changes.known, *(one.light for one in changes.bundles)], changes.bundles
        )
        if gone:
            self._packs.around({(0, 0)})  # reads the till's packs before the transaction begins
        touched: set[Sellable] = set()
        with self._desk.engine.begin() as connection:
            for light in changes.known:  # the baseline's: not told, but their stock moves
                touched |= self._note(connection, light, packs).touched
            for bundle in changes.bundles:
                noted = self._note(connection, bundle.light, packs)
                touched |= noted.touched
                document = self._document(bundle) if noted.is_told else None
                if document is not None:
                    is_new = book.offer(connection, document, bundle.light.date_upd, packs)
                    if is_new or bundle.light.id in offered:
                        self._desk.outbox.queue(connection, [document])
                        self._desk.report.orders += 1
                    judge_document(connection, self._desk.clock(), document)
            for one in gone:
                touched |= self._note_deleted(connection, one)
            positions.move_cursor(connection, changes.cursor)
            self._seen_up_to = changes.cursor.since
            moved = self._packs.around(touched)
            self._mark(connection, moved)
        return moved

    def collect_customers(self) -> None:
        """Queue every customer that is new or changed, also one who never ordered."""
        with self._desk.engine.connect() as connection:
            cursor = positions.get_cursor(connection, "customers")
        changes = read_customers(self._desk.shop, self._profile, cursor, now=self._desk.clock())
        with self._desk.engine.begin() as connection:
            for bundle in changes.bundles:
                try:
                    customer = customer_document(bundle, self._profile)
                except RefusedItemError as error:
                    subject = Subject("customer", str(bundle.customer.id))
                    self._desk.report.refused.append((subject, error.problem()))
                    continue
                if told_customers.offer_customer(connection, customer):
                    self._desk.outbox.queue(connection, [customer])
                    self._desk.report.customers += 1
            positions.move_cursor(connection, changes.cursor, "customers")

    def read_all_again(self) -> None:
        """Forget how far the shop was read: it was restored, and gives ids anew.

        What the book knows just so is not read whole again, nor told.
        """
        with self._desk.engine.begin() as connection:
            positions.move_cursor(connection, Cursor())
            positions.keep_rota(connection, Rota())

    def open_epoch(self) -> None:
        """Begin a new epoch of the orders stream.

        Its content is the shop, what the till is not done with, and all customers: those that were
        on their way went with the old epoch. And every order of the last days: a shop PC that was
        put back from a backup has forgotten at both ends, in the till and in its program, what it
        took in since.
        """
        since = local_now(self._desk.clock() - OFFERED_ANEW, self._profile.timezone)
        with self._desk.engine.begin() as connection:
            recent = rereading.placed_since(connection, since)
            again = {*rereading.to_offer_again(connection), *recent}
            told_customers.forget_customers(connection)
            positions.move_cursor(connection, Cursor(), "customers")
            record = shop_profile_record(self._profile, self._dead)
            self._desk.outbox.queue(connection, [record], snapshot=True)
            self._desk.outbox.snapshot_queued(connection, "orders")
        self.collect(full=False, again=again)

    def has_more(self) -> bool:
        """Return whether orders seen in brief are still to be read whole.

        One whose state says nothing was read in this pass, and will be in the next.
        """
        with self._desk.engine.connect() as connection:
            return self._has_news or rereading.has_unread(connection)

    def _packs_of(self, lights: Iterable[LightOrder], bundles: Iterable[OrderBundle] = ()) -> Packs:
        """Return which products are packs, of orders that the book does not have just so.

        All of an order whose lines are no more what it said itself: it was edited meanwhile.
        """
        with self._desk.engine.connect() as connection:
            fresh = [
                light for light in lights if not book.is_noted(connection, light, self._role(light))
            ]
        products = {line.product_id for light in fresh for line in light.lines}
        for bundle in bundles:
            if bought_units(bundle.bought()) != bought_units(bundle.light.lines):
                products |= {line.product_id for line in bundle.bought()}
        return self._packs.of(products)

    def _note(self, connection: Connection, light: LightOrder, packs: Packs) -> book.Noted:
        """Enter an order into the book; one that proves a restored shop is a case."""
        noted = book.note(connection, light, self._role(light), packs)
        settling.follow(connection, light.uid, noted.kept_less, self._desk.links.stock_key)
        if noted.touched and not noted.is_new:
            Cases(connection, self._desk.clock()).close(f"order_deleted/{light.uid}")
        if not noted.proves_restore:
            return noted
        former = self._note_deleted(connection, light.id, but=light.uid)
        if not may_be_given(connection, light.id):
            judge_restore(connection, self._desk.clock(), {light.uid: light.reference})
            note_restored(connection, light.reference)
        return replace(noted, touched=noted.touched | former)

    def _note_deleted(
        self, connection: Connection, order_id: int, *, but: str = ""
    ) -> set[Sellable]:
        """Enter that the shop no longer has an order; a person is told where it keeps anything."""
        touched: set[Sellable] = set()
        for row in book.note_deleted(connection, order_id, but=but):
            touched |= parse_units(row.units).keys()
            keys = tuple(sorted(reserving.units_by_name(row, self._desk.links.stock_key)))
            if keys and row.revision is not None and not (row.in_baseline or row.is_done):
                deleted = of_deleted(row.uid, row.reference, keys)
                Cases(connection, self._desk.clock()).open(deleted)
        return touched

    def _mark(self, connection: Connection, touched: Collection[Sellable]) -> None:
        """Have these figures computed, by a later pass if this one does not come to it.

        The book tells a change once: it must not be lost with the pass.
        """
        replica = Replica(connection)
        for sellable in touched:
            key = self._desk.links.stock_key(*sellable)
            if key is not None:
                replica.mark_dirty(Subject("stock", key))

    def _document(self, bundle: OrderBundle) -> Order | None:
        """Return the document of an order; None while PrestaShop is still placing it."""
        if bundle.light.state == 0:
            return None
        links = self._desk.links
        try:
            return order_document(bundle, self._profile, links.stock_key, self._dead)
        except RefusedItemError as error:
            subject = Subject("order", bundle.light.uid)
            self._desk.report.refused.append((subject, error.problem()))
            return None

    def _role(self, light: LightOrder) -> Role:
        return role_of(light.state, self._profile, self._dead)
