"""What comes home from the site: orders as whole documents, customers, the shop's profile.

Order(key=order_uid(…), lines=(OrderLine(stock_key="v:104201", quantity=1, …),), …)
"""

import hashlib
from typing import ClassVar, Literal

from pydantic import Field

from protocol.records.base import Record, Stream
from protocol.values import (
    LONGEST_KEY,
    Country,
    Currency,
    Key,
    Language,
    Line,
    Money,
    Prose,
    Quantity,
    ShopTime,
    Wire,
)

Role = Literal[
    "unset", "awaiting_payment", "paid", "payable_on_delivery", "preparing", "shipped",
    "delivered", "backorder_paid", "backorder_unpaid", "payment_error", "cancelled", "refunded",
    "dead", "unknown",
]  # fmt: skip


class OrderState(Wire):
    """The order's present state in the shop."""

    id: int = Field(ge=0, description="the shop's order state id; 0: not set yet")
    role: Role = Field(description="what the state does to stock (§11)")
    name: Line = Field(default="", description="as the shop calls it")


class Address(Wire):
    """A postal address as the customer typed it."""

    company: Line = Field(default="", description="of the addressee")
    first_name: Line = Field(default="", description="of the addressee")
    last_name: Line = Field(default="", description="of the addressee")
    address1: Line = Field(default="", description="street and number")
    address2: Line = Field(default="", description="second line")
    postcode: Line = Field(default="", description="as typed")
    city: Line = Field(default="", description="as typed")
    country: Country | None = Field(
        default=None, description="ISO 3166-1; null: unknown to the shop"
    )
    phone: Line = Field(default="", description="as typed")
    mobile: Line = Field(default="", description="as typed")
    vat_number: Line = Field(default="", description="as typed")
    note: Line = Field(default="", description="delivery instructions")


class OrderLine(Wire):
    """One line of an order, as the shop computed it."""

    id: int = Field(description="the shop's order_detail id")
    product_id: int = Field(description="the shop's product id")
    combination_id: int = Field(description="0: the product has no variants")
    stock_key: Key | None = Field(description="a:… or v:… at the till; null when not linked")
    reference: Line = Field(default="", description="as the shop printed it")
    ean: Line = Field(default="", description="as the shop printed it")
    name: Line = Field(description="as the shop printed it")
    quantity: Quantity = Field(description="units ordered")
    refunded: Quantity = Field(default=0, description="units of them refunded or returned since")
    unit_price_tax_excluded: Money = Field(
        description="of one unit, after the line's own reductions"
    )
    unit_price_tax_included: Money = Field(
        description="of one unit, after the line's own reductions"
    )
    total_tax_excluded: Money = Field(description="of the line")
    total_tax_included: Money = Field(description="of the line")
    tax_rate: Money | None = Field(default=None, description="percent; null when unknown")
    original_price_tax_excluded: Money | None = Field(
        default=None, description="of one unit, before the line's own reductions; absent: not said"
    )
    reduction_percent: Money | None = Field(
        default=None, description="taken off one unit; absent: none"
    )
    reduction_tax_excluded: Money | None = Field(
        default=None, description="taken off one unit, an amount; absent: none"
    )
    reduction_tax_included: Money | None = Field(
        default=None, description="taken off one unit, an amount; absent: none"
    )
    ecotax: Money | None = Field(
        default=None, description="of one unit, tax excluded, contained in the price; absent: none"
    )


class RefundLine(Wire):
    """What one refund gives back of one line."""

    line: int = Field(description="`id` of the order's line")
    quantity: Quantity = Field(description="units")
    total_tax_excluded: Money = Field(description="of these units")
    total_tax_included: Money = Field(description="of these units")


class Refund(Wire):
    """A credit slip of the shop; it changes none of the order's sums."""

    id: int = Field(description="the shop's order slip id")
    at: ShopTime | None = Field(default=None, description="the shop's local time; null: not said")
    products_tax_excluded: Money = Field(description="given back for goods")
    products_tax_included: Money = Field(description="given back for goods")
    shipping_tax_excluded: Money = Field(description="given back for carriage")
    shipping_tax_included: Money = Field(description="given back for carriage")
    lines: tuple[RefundLine, ...] = Field(default=(), description="empty: an amount alone")


class Discount(Wire):
    """A voucher that was used."""

    name: Line = Field(description="as the shop printed it")
    amount_tax_included: Money = Field(description="what it took off")
    amount_tax_excluded: Money = Field(description="what it took off")
    free_shipping: bool = Field(default=False, description="it made the shipping free")


class Payment(Wire):
    """A payment that the shop knows of."""

    method: Line = Field(description="as the shop calls it")
    amount: Money = Field(description="in the order's currency")
    transaction: Line = Field(default="", description="the payment provider's number; empty: none")
    paid_at: ShopTime | None = Field(
        default=None, description="the shop's local time; null: not said"
    )


class Totals(Wire):
    """The order's sums, as the shop computed them."""

    products_tax_excluded: Money = Field(description="sum of the lines")
    products_tax_included: Money = Field(description="sum of the lines")
    shipping_tax_excluded: Money = Field(description="carriage")
    shipping_tax_included: Money = Field(description="carriage")
    shipping_tax_rate: Money = Field(description="percent")
    wrapping_tax_excluded: Money = Field(description="gift wrapping")
    wrapping_tax_included: Money = Field(description="gift wrapping")
    discounts_tax_excluded: Money = Field(description="taken off")
    discounts_tax_included: Money = Field(description="taken off")
    paid_tax_excluded: Money = Field(description="to be paid")
    paid_tax_included: Money = Field(description="to be paid")
    paid_real: Money = Field(description="paid so far, as the shop recorded it")
    wrapping_tax_rate: Money | None = Field(
        default=None, description="percent; absent: no wrapping, or unknown"
    )


class Customer(Record):
    """A customer of the site, also one who never ordered; never a password hash."""

    stream: ClassVar[Stream] = "orders"
    kind: Literal["customer"] = "customer"
    shop_id: int = Field(ge=1, description="the lowest of the shop's ids that bear this e-mail")
    email: Line = Field(description="as typed; one e-mail is one customer (§6.4)")
    first_name: Line = Field(default="", description="as typed")
    last_name: Line = Field(default="", description="as typed")
    company: Line = Field(default="", description="as typed")
    guest: bool = Field(default=False, description="ordered without an account")
    language: Language | None = Field(
        default=None, description="of messages to them; null: the shop's"
    )
    created_at: ShopTime | None = Field(
        default=None, description="the shop's local time; null: not said"
    )
    address: Address | None = Field(default=None, description="the newest one; null: none")


class StateChange(Wire):
    """One line of an order's history."""

    state: int = Field(description="the shop's order state id")
    at: ShopTime = Field(description="the shop's local time")


class Order(Record):
    """A whole order per revision; its key is the order uid (SPEC §6.4)."""

    stream: ClassVar[Stream] = "orders"
    kind: Literal["order"] = "order"
    shop_id: int = Field(ge=1, description="the shop's order id")
    reference: Line = Field(description="as the customer knows it")
    placed_at: ShopTime = Field(description="the shop's local time")
    timezone: Line = Field(description="the shop's, e.g. Europe/Paris")
    currency: Currency = Field(description="of every amount in the order, ISO 4217")
    state: OrderState = Field(description="the present one")
    history: tuple[StateChange, ...] = Field(default=(), description="oldest first")
    customer: Customer = Field(description="whole, as at this revision")
    delivery: Address = Field(description="where it goes")
    invoice: Address = Field(description="who pays")
    carrier: Line = Field(default="", description="its name; empty: none chosen")
    payment_module: Line = Field(default="", description="the shop's module name")
    payment_method: Line = Field(default="", description="as the customer read it")
    payments: tuple[Payment, ...] = Field(default=(), description="as far as the shop knows them")
    lines: tuple[OrderLine, ...] = Field(description="packs are not expanded")
    discounts: tuple[Discount, ...] = Field(default=(), description="vouchers used")
    totals: Totals = Field(description="as the shop computed them")
    note: Prose = Field(default="", description="the customer's messages, oldest first")
    gift_message: Prose = Field(default="", description="empty: none")
    refunds: tuple[Refund, ...] | None = Field(
        default=None, description="credit slips, oldest first; absent: none"
    )
    cart: int | None = Field(
        default=None, description="the shop's cart id: what was split of one cart shares it"
    )
    conversion_rate: Money | None = Field(
        default=None, description="units of its currency for one of the shop's; absent: the same"
    )


class TaxGroup(Wire):
    """A tax rules group of the shop and its rate in the shop's country."""

    id: int = Field(description="the shop's tax rules group id")
    name: Line = Field(description="as the shop calls it")
    rate: Money = Field(description="percent, in the shop's country")


class ShopProfile(Record):
    """What the till's side needs to know of the shop."""

    stream: ClassVar[Stream] = "orders"
    kind: Literal["shop_profile"] = "shop_profile"
    key: Literal["shop"] = "shop"
    version: Line = Field(description="PrestaShop's, e.g. 8.1.7")
    instance: Line = Field(description="names this shop in order uids")
    url: Line = Field(description="of the shop's front")
    name: Line = Field(description="as customers read it")
    timezone: Line = Field(description="of every local time, e.g. Europe/Paris")
    currency: Currency = Field(description="the shop's default, ISO 4217")
    languages: tuple[str, ...] = Field(description="the first is the default")
    tax_groups: tuple[TaxGroup, ...] = Field(description="all that are active")
    states: tuple[OrderState, ...] = Field(description="every order state with the role it plays")


def order_uid(instance: str, shop_id: int, reference: str, placed_at: str) -> str:
    """Return what names one order for good, even when a restored shop re-uses its id (SPEC §6.4).

    Args:
        instance: Of the shop's profile.
        shop_id: The shop's order id.
        reference: The order's reference.
        placed_at: The shop's local time, `2026-11-24 09:30:00`.

    Returns:
        A key; one over 190 characters is cut after 120 and ends in its SHA-256.
    """
    uid = f"{instance}/{shop_id}/{reference}/{placed_at}"
    if len(uid) <= LONGEST_KEY:
        return uid
    return f"{uid[:120]}/{hashlib.sha256(uid.encode()).hexdigest()}"
