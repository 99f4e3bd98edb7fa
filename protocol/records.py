"""What travels, typed: one class per record kind, and the way between a record and its line.

A record is a whole fact under its key: the last one received wins, and a lost, doubled or late one
does no harm. An absent field says nothing; null clears it, where the field allows null. A field
that this version does not know survives; a kind that it does not know is `Unknown`.

    article = parse_record(b'{"kind":"article","key":"1042",...}', place="line 2")
    line = record_line(article)          # canonical bytes, without a newline
    digest = content_hash(article)       # 64 hex; equal facts give equal hashes
"""

import hashlib
from typing import Annotated, ClassVar, Literal

from pydantic import Field, StringConstraints, ValidationError

from protocol.errors import Problem, RefusedItemError, Text
from protocol.strict_json import Json, canonical, parse_object
from protocol.values import (
    Country,
    Currency,
    Key,
    LangLine,
    LangProse,
    Language,
    Line,
    Money,
    Prose,
    Quantity,
    Rate,
    Sha256,
    ShopTime,
    Utc,
    Wire,
)

Stream = Literal["catalogue", "media", "orders", "answers"]
Cause = Literal["unflagged", "filtered", "discontinued", "vanished"]
Owner = Literal["till", "site", "till-until-edited", "union"]
Hex32 = Annotated[str, StringConstraints(pattern=r"^[0-9a-f]{32}$")]


class Record(Wire):
    """Base of every record: its kind and its key."""

    stream: ClassVar[Stream]
    kind: str = Field(description="names the shape of the rest")
    key: Key = Field(description="the sender's immutable id of what the record is about")

    def _says(self, name: str) -> bool:
        # In a record, unlike in what it is made of, null and absent differ: null clears.
        return name in self.model_fields_set or super()._says(name)


class Tombstone(Record):
    """A fact that is no longer true at the till, and why."""

    stream: ClassVar[Stream] = "catalogue"
    gone: Cause = Field(description="why the till no longer has it, or no longer sends it")


class Unknown(Record):
    """A record of a kind that this version does not know: reported, never fatal."""

    stream: ClassVar[Stream] = "answers"


# --- till → site -----------------------------------------------------------------------------


class TaxRate(Record):
    """A VAT rate of the till; the agent finds the shop's tax rules group for it."""

    stream: ClassVar[Stream] = "catalogue"
    kind: Literal["tax_rate"] = "tax_rate"
    rate: Rate = Field(description="percent, e.g. 5.5")
    country: Country = Field(default="FR", description="where the rate is levied, ISO 3166-1")


class Category(Record):
    """A rayon, a famille: one node of the till's tree."""

    stream: ClassVar[Stream] = "catalogue"
    kind: Literal["category"] = "category"
    name: LangLine = Field(description="as customers read it")
    parent: Key | None = Field(description="null: under the shop's home category")


class Brand(Record):
    """A brand."""

    stream: ClassVar[Stream] = "catalogue"
    kind: Literal["brand"] = "brand"
    name: Line = Field(description="as customers read it")


class Axis(Record):
    """What variants differ by: pointure, couleur."""

    stream: ClassVar[Stream] = "catalogue"
    kind: Literal["axis"] = "axis"
    name: LangLine = Field(description="as customers read it")
    style: Literal["select", "radio", "color"] = Field(
        default="select", description="how the shop lets a customer choose"
    )


class AxisValue(Record):
    """One size, one colour."""

    stream: ClassVar[Stream] = "catalogue"
    kind: Literal["axis_value"] = "axis_value"
    axis: Key = Field(description="key of an axis record")
    name: LangLine = Field(description="as customers read it")
    color: Annotated[str, StringConstraints(pattern=r"^#[0-9a-fA-F]{6}$")] | None = Field(
        default=None, description="for a swatch; null: none"
    )


class Price(Wire):
    """A sale price with tax."""

    amount: Money = Field(ge=0, description="tax included, 2 places")
    currency: Currency = Field(default="EUR", description="ISO 4217")
    basis: Literal["tax_included"] = Field(
        default="tax_included", description="the amount contains the tax of the article's rate"
    )


class Article(Record):
    """What the till sells under one name; its variants and stock are records of their own."""

    stream: ClassVar[Stream] = "catalogue"
    kind: Literal["article"] = "article"
    reference: Line = Field(
        min_length=1, description="the till's code for people: it may change, the key may not"
    )
    ean: Annotated[str, StringConstraints(pattern=r"^[0-9]{8}$|^[0-9]{12,14}$")] | None = Field(
        default=None, description="8, 12, 13 or 14 digits; null: none"
    )
    name: LangLine = Field(min_length=1, description="at least in the default language")
    description: LangProse | None = Field(default=None, description="HTML; null clears it")
    price: Price = Field(description="of one unit, and of every variant without its own")
    tax_rate: Key = Field(description="key of a tax_rate record")
    brand: Key | None = Field(default=None, description="key of a brand record; null: none")
    categories: tuple[Key, ...] = Field(default=(), description="the first is the default category")
    purchase_price: Money | None = Field(
        default=None, ge=0, description="tax excluded; only where the merchant opted in"
    )


class Variant(Record):
    """One sellable size and colour of an article."""

    stream: ClassVar[Stream] = "catalogue"
    kind: Literal["variant"] = "variant"
    article: Key = Field(description="key of its article record")
    reference: Line = Field(
        default="", description="the till's code for people; empty: the article's"
    )
    ean: Annotated[str, StringConstraints(pattern=r"^[0-9]{8}$|^[0-9]{12,13}$")] | None = Field(
        default=None, description="8, 12 or 13 digits; null: none"
    )
    values: tuple[Key, ...] = Field(min_length=1, description="keys of axis_value records")
    price: Price | None = Field(default=None, description="null: the article's price")


class Counted(Wire):
    """Units of one web order that a stock figure has already deducted."""

    order: Key = Field(description="order uid")
    quantity: Quantity = Field(
        description="units that the figure no longer contains because of this order"
    )


class Stock(Record):
    """Self-contained: the till's figure and the web orders that this very figure contains."""

    stream: ClassVar[Stream] = "catalogue"
    kind: Literal["stock"] = "stock"
    key: Annotated[str, StringConstraints(pattern=r"^[av]:[^\x00-\x1f]+$", max_length=192)] = Field(
        description="a:<article key> or v:<variant key>"
    )
    quantity: Quantity = Field(description="signed, never clamped")
    counted: tuple[Counted, ...] = Field(
        default=(), description="at most one entry per order; an order not named counts 0"
    )


class Photo(Record):
    """A photo's place; its bytes travel in the media stream when the agent wants them."""

    stream: ClassVar[Stream] = "catalogue"
    kind: Literal["photo"] = "photo"
    article: Key = Field(description="key of its article record")
    sha256: Sha256 = Field(description="of the photo's bytes")
    size: int = Field(ge=1, le=32 * 1024 * 1024, description="bytes")
    position: int = Field(
        ge=1, le=10_000, description="order on the article's page; 1 is the cover"
    )
    legend: LangLine | None = Field(default=None, description="as customers read it; null: none")


class Policy(Record):
    """The merchant's choices, signed with everything else."""

    stream: ClassVar[Stream] = "catalogue"
    kind: Literal["policy"] = "policy"
    key: Literal["policy"] = "policy"
    version: int = Field(ge=1, description="grows with every change of the merchant's choices")
    owners: dict[str, Owner] = Field(description="record.field → owner; absent: the default")
    buffer: Quantity = Field(default=0, ge=0, description="units kept from the site, per sellable")
    gone: dict[Cause, Literal["inactive", "leave"]] = Field(
        default={}, description="what an article becomes, per cause; absent: inactive"
    )
    default_language: Language = Field(default="fr", description="of texts that have one language")


class Withheld(Wire):
    """A record that is at the till but cannot be sent, and why."""

    kind: str = Field(description="of the record")
    key: Key = Field(description="of the record")
    code: str = Field(description="error code of the reason (§12)")


class SnapshotEnd(Record):
    """The last record of a snapshot: what it covers."""

    stream: ClassVar[Stream] = "catalogue"
    kind: Literal["snapshot_end"] = "snapshot_end"
    scope: tuple[str, ...] = Field(description="record kinds that are complete in this snapshot")
    withheld: tuple[Withheld, ...] = Field(
        default=(), description="present at the till, but not sendable: not gone"
    )


# --- both ways -------------------------------------------------------------------------------


class LangPair(Wire):
    """One sentence in French and English."""

    fr: Line = Field(description="in French")
    en: Line = Field(description="in English")


class Reason(Wire):
    """Why a record is not applied, in words for the person who can mend it."""

    code: Annotated[str, StringConstraints(max_length=40)] = Field(description="error code (§12)")
    place: Line = Field(
        default="", description="where, for the person who can mend it: record and field"
    )
    value: Line = Field(
        default="", description="the offending value; empty where it would show a secret"
    )
    what: LangPair = Field(description="what happened")
    remedy: LangPair = Field(description="what to do")


def reason_of(problem: Problem) -> Reason:
    """Return a problem as it travels, worded in both languages."""
    facts = problem.facts
    return Reason(
        code=problem.code,
        place=problem.place[:1000],
        value=problem.value[:1000],
        what=LangPair(fr=problem.what.in_lang("fr", facts), en=problem.what.in_lang("en", facts)),
        remedy=LangPair(
            fr=problem.remedy.in_lang("fr", facts), en=problem.remedy.in_lang("en", facts)
        ),
    )


FateState = Literal[
    "applied", "unchanged", "superseded", "waiting", "refused", "held", "edited_on_site",
    "imported", "ignored",
]  # fmt: skip


class Fate(Record):
    """What became of one record at the other end; sent again whenever it changes."""

    stream: ClassVar[Stream] = "answers"
    kind: Literal["fate"] = "fate"
    key: Annotated[str, StringConstraints(max_length=250)] = Field(
        description="<kind>/<key> of the record it speaks of"
    )
    of_kind: Line = Field(description="kind of that record")
    of_key: Key = Field(description="key of that record")
    of_hash: Sha256 | None = Field(description="content hash of the record it speaks of")
    state: FateState = Field(description="what became of it (§6.5)")
    reason: Reason | None = Field(default=None, description="given when waiting, refused or held")
    at: Utc = Field(description="when it became so")


class Wants(Record):
    """The photos that the agent needs now, a few at a time."""

    stream: ClassVar[Stream] = "answers"
    kind: Literal["wants"] = "wants"
    key: Literal["photos"] = "photos"
    photos: tuple[Sha256, ...] = Field(
        description="SHA-256 of the photos wanted now; the list replaces the one before"
    )


class Baseline(Record):
    """Which of the shop's orders the till's figures contained when the two were paired."""

    stream: ClassVar[Stream] = "answers"
    kind: Literal["baseline"] = "baseline"
    key: Literal["baseline"] = "baseline"
    up_to: int = Field(ge=0, description="shop order id; later ones are all offered")
    open: tuple[Key, ...] = Field(
        default=(), description="order ids at or under up_to that the till does not have"
    )
    newest_add: ShopTime | None = Field(
        default=None, description="newest date_add of the shop's orders then, its local time"
    )


# --- site → till -----------------------------------------------------------------------------

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


class Customer(Record):
    """A customer of the site, also one who never ordered; never a password hash."""

    stream: ClassVar[Stream] = "orders"
    kind: Literal["customer"] = "customer"
    shop_id: int = Field(ge=1, description="the shop's customer id")
    email: Line = Field(description="as typed; it may be shared by guests")
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


# --- lines -----------------------------------------------------------------------------------

KINDS: dict[str, type[Record]] = {
    str(model.model_fields["kind"].default): model
    for model in (
        TaxRate, Category, Brand, Axis, AxisValue, Article, Variant, Stock, Photo, Policy,
        SnapshotEnd, Fate, Wants, Baseline, Customer, Order, ShopProfile,
    )
}  # fmt: skip
#: Kinds whose absence from a complete snapshot means that the till no longer has them.
FACT_KINDS = (
    "tax_rate", "category", "brand", "axis", "axis_value", "article", "variant", "stock", "photo",
)  # fmt: skip

MAX_LINE = 1024 * 1024


class BadRecordError(RefusedItemError):
    """A line is no record of this version."""

    code = "E-REC-002"
    what = Text("Enregistrement refusé ({reason})", "Record refused ({reason})")
    remedy = Text(
        "Corriger la fiche à la caisse ; le reste du paquet est traité",
        "Correct the entry at the till; the rest of the packet goes on",
    )


def parse_record(line: bytes, *, place: str) -> Record:
    """Return the record that one line of a packet holds.

    Raises:
        BadJsonError, BadRecordError: with the place, the field and its value.
    """
    if len(line) > MAX_LINE:
        raise BadRecordError(place=place, reason="over 1 MiB")
    return record_from(parse_object(line, place=place), place=place)


def record_from(fields: dict[str, Json], *, place: str) -> Record:
    """Return the record that an object describes (see `parse_record`)."""
    kind = fields.get("kind")
    model: type[Record] = KINDS.get(kind, Unknown) if isinstance(kind, str) else Unknown
    if "gone" in fields and kind in FACT_KINDS:
        model = Tombstone
    try:
        return model.model_validate_json(canonical(fields))
    except ValidationError as error:
        first = error.errors(include_url=False)[0]
        where = ".".join(str(part) for part in first["loc"])
        raise BadRecordError(
            place=f"{place}, {kind} {fields.get('key')}, {where}",
            value=first["input"] if isinstance(first["input"], str | int) else "",
            reason=f"{where}: {first['msg']}",
        ) from error


def record_line(record: Record) -> bytes:
    """Return a record's normal form (SPEC §6.2) as canonical JSON, without a newline.

    A field that nobody set and that would be null is left out: absent says nothing, null clears.
    """
    return canonical(record.model_dump(mode="json"))


def order_uid(instance: str, shop_id: int, reference: str, placed_at: str) -> str:
    """Return what names one order for good, even when a restored shop re-uses its id (SPEC §6.4).

    Args:
        instance: Of the shop's profile.
        shop_id: The shop's order id.
        reference: The order's reference.
        placed_at: The shop's local time, `2026-11-24 09:30:00`.
    """
    digits = "".join(sign for sign in placed_at if sign.isdigit())
    return f"{instance}/{shop_id}/{reference}/{digits}"


def content_hash(record: Record) -> str:
    """Return the SHA-256 of a record's canonical line, 64 hex."""
    return hashlib.sha256(record_line(record)).hexdigest()
