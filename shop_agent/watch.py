"""The order book kept up to date: read whole for the till, read light while stock is written.

orders = Orders(desk, profile, dead)
touched = orders.collect(full=False)        # documents queued, cursor moved, in one transaction
StockWriter(desk, orders, …)                # asks refresh() and reserved()
"""

from collections.abc import Collection, Mapping, Sequence

from sqlalchemy import Connection

from protocol.errors import RefusedItemError
from protocol.program.state import reading
from protocol.records import Order, Role
from shop_agent.actions import Subject
from shop_agent.apply import Desk
from shop_agent.orders import book, positions
from shop_agent.orders.bundles import Cursor, LightOrder, OrderBundle
from shop_agent.orders.collect import read_changed, read_customers, read_new_light
from shop_agent.orders.documents import (
    customer_document,
    order_document,
    shop_profile_record,
)
from shop_agent.orders.roles import role_of
from shop_agent.profile import Profile
from shop_agent.reconcile.stock import Sellable
from shop_agent.replica import Replica


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

    # --- for the stock writer ----------------------------------------------------------------

    def refresh(self) -> frozenset[Sellable]:
        """Read new and changed orders in brief; return what they touch and did not before."""
        with self._desk.engine.connect() as connection:
            cursor = positions.get_cursor(connection)
        lights = read_new_light(self._desk.shop, self._profile, cursor)
        touched: set[Sellable] = set()
        with self._desk.engine.begin() as connection:
            for light in lights:
                touched |= book.note(connection, light, self._role(light)).touched
            self._mark(connection, touched)
        return frozenset(touched)

    def reserved(self) -> Mapping[Sellable, Sequence[tuple[str, int]]]:
        """Return, for each (product, combination), the units that each order keeps."""
        with self._desk.engine.connect() as connection:
            return book.reserved(connection)

    # --- for the till ------------------------------------------------------------------------

    def collect(self, *, full: bool, again: Collection[int] = ()) -> frozenset[Sellable]:
        """Queue every order that is new or changed; return what their stock touches.

        Args:
            full: Look by id too, and offer again what the till has not done with.
            again: Orders to be offered whatever the book says.
        """
        # Held across requests, so it must not hold the database's lock.
        with reading(self._desk.engine).connect() as connection:
            cursor = positions.get_cursor(connection)
            known = book.known_by(connection)
            ids = set(again) | set(book.to_read_again(connection))
            if full:
                ids |= set(book.to_offer_again(connection))
            changes = read_changed(
                self._desk.shop, self._profile, cursor, now=self._desk.clock(), ids=ids,
                is_known=known, thorough=full,
            )  # fmt: skip
        touched: set[Sellable] = set()
        with self._desk.engine.begin() as connection:
            for light in changes.known:  # the baseline's: not told, but their stock moves
                touched |= book.note(connection, light, self._role(light)).touched
            for bundle in changes.bundles:
                noted = book.note(connection, bundle.light, self._role(bundle.light))
                touched |= noted.touched
                document = self._document(bundle) if noted.is_told else None
                if document is not None:
                    is_new = book.offer(connection, document, bundle.light.date_upd)
                    if is_new or full or bundle.light.id in again:
                        self._desk.outbox.queue(connection, [document])
                        self._desk.report.orders += 1
            positions.move_cursor(connection, changes.cursor)
            self._mark(connection, touched)
        return frozenset(touched)

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
                if book.offer_customer(connection, customer):
                    self._desk.outbox.queue(connection, [customer])
                    self._desk.report.customers += 1
            positions.move_cursor(connection, changes.cursor, "customers")

    def read_all_again(self) -> None:
        """Forget how far the shop's orders were read: it was restored, and gives ids anew.

        What the book knows just so is not read whole again, nor told.
        """
        with self._desk.engine.begin() as connection:
            positions.move_cursor(connection, Cursor())

    def open_epoch(self) -> None:
        """Begin a new epoch of the orders stream.

        Its content is the shop, what the till is not done with, and all customers: those that were
        on their way went with the old epoch.
        """
        with self._desk.engine.begin() as connection:
            again = book.to_offer_again(connection)
            book.forget_customers(connection)
            positions.move_cursor(connection, Cursor(), "customers")
            record = shop_profile_record(self._profile, self._dead)
            self._desk.outbox.queue(connection, [record], snapshot=True)
            self._desk.outbox.snapshot_queued(connection, "orders")
        self.collect(full=False, again=again)

    def has_more(self) -> bool:
        """Return whether orders seen in brief are still to be read whole."""
        with self._desk.engine.connect() as connection:
            return bool(book.to_read_again(connection))

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
