"""What is read of web orders and customers, as values: light to keep stock, whole to tell the till.

light = light_order(entity, profile)
light.uid          # "shop.example/1/12/XKBKNABJK/2026-11-24 04:43:58"
bundle.light       # the same, of an order that was read whole
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal

from protocol.records import order_uid
from protocol.values import ShopTime
from shop_agent.orders.roles import Bought
from shop_agent.prestashop.entities import Entity, Row
from shop_agent.prestashop.errors import UnreadableAnswerError
from shop_agent.profile import Profile


@dataclass(frozen=True)
class Cursor:
    """How far the shop has been read.

    Args:
        after_id: The highest id seen; 0 for none.
        since: The newest `date_upd` seen, the shop's local time; None for none.
        recent: (id, `date_upd`) of what was last read inside the overlap; customers only, orders
            being known by the book.
    """

    after_id: int = 0
    since: ShopTime | None = None
    recent: tuple[tuple[int, str], ...] = ()


@dataclass(frozen=True)
class LightOrder:
    """An order as far as stock and changes need it.

    Args:
        uid: Names it for good; see `order_uid`.
        id: The shop's order id: given again after a restore from backup.
        reference: The shop's.
        date_add: When it was placed, the shop's local time.
        date_upd: When it last changed, the shop's local time.
        state: `current_state`; 0 while it is being placed.
        lines: What it takes, in the shop's order; may be incomplete while the state is 0.
    """

    uid: str
    id: int
    reference: str
    date_add: str
    date_upd: str
    state: int
    lines: tuple[Bought, ...]


@dataclass(frozen=True)
class OrderBundle:
    """An order and all that its document is made of; each list ordered by id.

    Args:
        light: The order in brief.
        order: The order.
        details: Its lines.
        payments: The payments under its reference. Orders that one cart was split into share a
            reference, and so each shows all of them; `total_paid_real` is the order's own.
        cart_rules: Its vouchers.
        histories: Its states so far.
        messages: The customer's words and the shop's notes on it.
        slips: Its credit slips.
        customer: None when the shop no longer has it.
        person: Id of the first customer with the same e-mail; 0: nobody else has it.
        delivery: Where to; None when the shop no longer has it.
        invoice: For whom the invoice is; None when the shop no longer has it.
        carrier: The carrier's name, or empty.
        currency: ISO code.
        countries: ISO code by country id, for the two addresses.
        tax_rates: Percent by tax id, for its lines.
    """

    light: LightOrder
    order: Entity
    currency: str
    details: tuple[Entity, ...] = ()
    payments: tuple[Entity, ...] = ()
    cart_rules: tuple[Entity, ...] = ()
    histories: tuple[Entity, ...] = ()
    messages: tuple[Entity, ...] = ()
    slips: tuple[Entity, ...] = ()
    customer: Entity | None = None
    person: int = 0
    delivery: Entity | None = None
    invoice: Entity | None = None
    carrier: str = ""
    countries: Mapping[int, str] = field(default_factory=dict)
    tax_rates: Mapping[int, Decimal] = field(default_factory=dict)

    def bought(self) -> tuple[Bought, ...]:
        """Return what its document buys: its lines are read after it, and may say another thing."""
        return tuple(
            Bought(
                detail.whole("product_id"),
                detail.whole("product_attribute_id"),
                detail.whole("product_quantity"),
            )
            for detail in self.details
        )


@dataclass(frozen=True)
class CustomerBundle:
    """A customer, the newest address in use, and the country codes that it needs.

    `person` is the id of the first customer with the same e-mail; 0: nobody else has it.
    """

    customer: Entity
    address: Entity | None = None
    countries: Mapping[int, str] = field(default_factory=dict)
    person: int = 0


def light_order(order: Entity, profile: Profile) -> LightOrder:
    """Return an order in brief; it must have been read with its `order_rows`."""
    reference, date_add = order.text("reference"), order.text("date_add")
    return LightOrder(
        uid=order_uid(profile.instance, order.id, reference, date_add),
        id=order.id,
        reference=reference,
        date_add=date_add,
        date_upd=order.text("date_upd"),
        state=order.whole("current_state"),
        # the node is left out of an order that has no lines yet
        lines=tuple(_bought(row, order) for row in order.associations.get("order_rows", ())),
    )


def row_number(row: Row, name: str, owner: Entity) -> int:
    """Return a column of an association's row as an integer, 0 when empty; raise otherwise."""
    value = row.get(name) or "0"
    try:
        return int(value)
    except ValueError as error:
        raise UnreadableAnswerError(
            place=f"{owner.place}, {name}", value=value, reason="not a whole number"
        ) from error


def _bought(row: Row, order: Entity) -> Bought:
    return Bought(
        product_id=row_number(row, "product_id", order),
        combination_id=row_number(row, "product_attribute_id", order),
        quantity=row_number(row, "product_quantity", order),
    )
