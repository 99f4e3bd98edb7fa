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

from protocol.errors import RefusedItemError, Text
from protocol.strict_json import Json, canonical, parse_object
from protocol.values import (
    Country,
    Currency,
    Key,
    LangLine,
    LangProse,
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
    kind: str
    key: Key


class Tombstone(Record):
    """A fact that is no longer true at the till, and why."""

    stream: ClassVar[Stream] = "catalogue"
    gone: Cause


class Unknown(Record):
    """A record of a kind that this version does not know: reported, never fatal."""

    stream: ClassVar[Stream] = "answers"


# --- till → site -----------------------------------------------------------------------------


class TaxRate(Record):
    """A VAT rate of the till; the agent finds the shop's tax rules group for it."""

    stream: ClassVar[Stream] = "catalogue"
    kind: Literal["tax_rate"] = "tax_rate"
    rate: Rate = Field(description="percent, e.g. 5.5")
    country: Country = "FR"


class Category(Record):
    """A rayon, a famille: one node of the till's tree."""

    stream: ClassVar[Stream] = "catalogue"
    kind: Literal["category"] = "category"
    name: LangLine
    parent: Key | None = Field(description="null: under the shop's home category")


class Brand(Record):
    """A brand."""

    stream: ClassVar[Stream] = "catalogue"
    kind: Literal["brand"] = "brand"
    name: Line


class Axis(Record):
    """What variants differ by: pointure, couleur."""

    stream: ClassVar[Stream] = "catalogue"
    kind: Literal["axis"] = "axis"
    name: LangLine
    style: Literal["select", "radio", "color"] = "select"


class AxisValue(Record):
    """One size, one colour."""

    stream: ClassVar[Stream] = "catalogue"
    kind: Literal["axis_value"] = "axis_value"
    axis: Key
    name: LangLine
    color: Annotated[str, StringConstraints(pattern=r"^#[0-9a-fA-F]{6}$")] | None = None


class Price(Wire):
    """A sale price with tax."""

    amount: Money = Field(ge=0, description="tax included, 2 places")
    currency: Currency = "EUR"
    basis: Literal["tax_included"] = "tax_included"


class Article(Record):
    """What the till sells under one name; its variants and stock are records of their own."""

    stream: ClassVar[Stream] = "catalogue"
    kind: Literal["article"] = "article"
    reference: Line = Field(min_length=1)
    ean: Annotated[str, StringConstraints(pattern=r"^[0-9]{8}$|^[0-9]{12,14}$")] | None = None
    name: LangLine = Field(min_length=1)
    description: LangProse | None = Field(default=None, description="HTML; null clears it")
    price: Price
    tax_rate: Key = Field(description="key of a tax_rate record")
    brand: Key | None = None
    categories: tuple[Key, ...] = Field(default=(), description="the first is the default category")
    purchase_price: Money | None = Field(
        default=None, ge=0, description="tax excluded; only where the merchant opted in"
    )


class Variant(Record):
    """One sellable size and colour of an article."""

    stream: ClassVar[Stream] = "catalogue"
    kind: Literal["variant"] = "variant"
    article: Key
    reference: Line = ""
    ean: Annotated[str, StringConstraints(pattern=r"^[0-9]{8}$|^[0-9]{12,13}$")] | None = None
    values: tuple[Key, ...] = Field(min_length=1, description="keys of axis_value records")
    price: Price | None = Field(default=None, description="null: the article's price")


class Counted(Wire):
    """Units of one web order that a stock figure has already deducted."""

    order: Key
    quantity: Quantity


class Stock(Record):
    """Self-contained: the till's figure and the web orders that this very figure contains."""

    stream: ClassVar[Stream] = "catalogue"
    kind: Literal["stock"] = "stock"
    key: Annotated[str, StringConstraints(pattern=r"^[av]:.+$", max_length=192)] = Field(
        description="a:<article key> or v:<variant key>"
    )
    quantity: Quantity = Field(description="signed, never clamped")
    counted: tuple[Counted, ...] = ()


class Photo(Record):
    """A photo's place; its bytes travel in the media stream when the agent wants them."""

    stream: ClassVar[Stream] = "catalogue"
    kind: Literal["photo"] = "photo"
    article: Key
    sha256: Sha256
    size: int = Field(ge=1, le=32 * 1024 * 1024, description="bytes")
    position: int = Field(ge=1, le=10_000)
    legend: LangLine | None = None


class Policy(Record):
    """The merchant's choices, signed with everything else."""

    stream: ClassVar[Stream] = "catalogue"
    kind: Literal["policy"] = "policy"
    key: Literal["policy"] = "policy"
    version: int = Field(ge=1)
    owners: dict[str, Owner] = Field(description="record.field → owner; absent: the default")
    buffer: Quantity = Field(default=0, ge=0, description="units kept from the site, per sellable")
    gone: dict[Cause, Literal["inactive", "leave"]] = Field(
        default={}, description="what an article becomes, per cause; absent: inactive"
    )
    default_language: Annotated[str, StringConstraints(pattern=r"^[a-z]{2}$")] = "fr"


class Withheld(Wire):
    """A record that is at the till but cannot be sent, and why."""

    kind: str
    key: Key
    code: str


class SnapshotEnd(Record):
    """The last record of a snapshot: what it covers."""

    stream: ClassVar[Stream] = "catalogue"
    kind: Literal["snapshot_end"] = "snapshot_end"
    scope: tuple[str, ...] = Field(description="record kinds that are complete in this snapshot")
    withheld: tuple[Withheld, ...] = ()


# --- both ways -------------------------------------------------------------------------------


class LangPair(Wire):
    """One sentence in French and English."""

    fr: Line
    en: Line


class Reason(Wire):
    """Why a record is not applied, in words for the person who can mend it."""

    code: Annotated[str, StringConstraints(max_length=40)]
    place: Line = ""
    value: Line = ""
    what: LangPair
    remedy: LangPair


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
    of_kind: Line
    of_key: Key
    of_hash: Sha256 | None = Field(description="content hash of the record it speaks of")
    state: FateState
    reason: Reason | None = None
    at: Utc


class Wants(Record):
    """The photos that the agent needs now, a few at a time."""

    stream: ClassVar[Stream] = "answers"
    kind: Literal["wants"] = "wants"
    key: Literal["photos"] = "photos"
    photos: tuple[Sha256, ...]


class Baseline(Record):
    """Which of the shop's orders the till's figures contained when the two were paired."""

    stream: ClassVar[Stream] = "answers"
    kind: Literal["baseline"] = "baseline"
    key: Literal["baseline"] = "baseline"
    up_to: int = Field(ge=0, description="shop order id; later ones are all offered")
    open: tuple[Key, ...] = Field(
        default=(), description="order uids at or under up_to that the till does not have"
    )


class ResyncRequest(Record):
    """The reader lost its place and asks for a new epoch that quotes this nonce."""

    stream: ClassVar[Stream] = "answers"
    kind: Literal["resync_request"] = "resync_request"
    key: Literal["catalogue", "media", "orders", "answers"]
    nonce: Hex32
    reason: Literal["state_lost", "state_restored", "gap", "equivocation_cleared", "damaged"]


# --- site → till -----------------------------------------------------------------------------

Role = Literal[
    "unset", "awaiting_payment", "paid", "payable_on_delivery", "preparing", "shipped",
    "delivered", "backorder_paid", "backorder_unpaid", "payment_error", "cancelled", "refunded",
    "dead", "unknown",
]  # fmt: skip


class OrderState(Wire):
    """The order's present state in the shop."""

    id: int = Field(ge=0)
    role: Role
    name: Line = ""


class Address(Wire):
    """A postal address as the customer typed it."""

    company: Line = ""
    first_name: Line = ""
    last_name: Line = ""
    address1: Line = ""
    address2: Line = ""
    postcode: Line = ""
    city: Line = ""
    country: Country | None = None
    phone: Line = ""
    mobile: Line = ""
    vat_number: Line = ""
    note: Line = ""


class OrderLine(Wire):
    """One line of an order, as the shop computed it."""

    id: int = Field(description="the shop's order_detail id")
    product_id: int
    combination_id: int = Field(description="0: the product has no variants")
    stock_key: Key | None = Field(description="a:… or v:… at the till; null when not linked")
    reference: Line = ""
    ean: Line = ""
    name: Line
    quantity: Quantity
    refunded: Quantity = 0
    unit_price_tax_excluded: Money
    unit_price_tax_included: Money
    total_tax_excluded: Money
    total_tax_included: Money
    tax_rate: Money | None = Field(default=None, description="percent; null when unknown")


class Discount(Wire):
    """A voucher that was used."""

    name: Line
    amount_tax_included: Money
    amount_tax_excluded: Money
    free_shipping: bool = False


class Payment(Wire):
    """A payment that the shop knows of."""

    method: Line
    amount: Money
    transaction: Line = ""
    paid_at: ShopTime | None = None


class Totals(Wire):
    """The order's sums, as the shop computed them."""

    products_tax_excluded: Money
    products_tax_included: Money
    shipping_tax_excluded: Money
    shipping_tax_included: Money
    shipping_tax_rate: Money
    wrapping_tax_excluded: Money
    wrapping_tax_included: Money
    discounts_tax_excluded: Money
    discounts_tax_included: Money
    paid_tax_excluded: Money
    paid_tax_included: Money
    paid_real: Money


class Customer(Record):
    """A customer of the site, also one who never ordered; never a password hash."""

    stream: ClassVar[Stream] = "orders"
    kind: Literal["customer"] = "customer"
    shop_id: int = Field(ge=1, description="the shop's customer id")
    email: Line
    first_name: Line = ""
    last_name: Line = ""
    company: Line = ""
    guest: bool = False
    language: Annotated[str, StringConstraints(pattern=r"^[a-z]{2}$")] | None = None
    created_at: ShopTime | None = None
    address: Address | None = None


class StateChange(Wire):
    """One line of an order's history."""

    state: int
    at: ShopTime


class Order(Record):
    """A whole order per revision; its key is the order uid (SPEC §6.4)."""

    stream: ClassVar[Stream] = "orders"
    kind: Literal["order"] = "order"
    shop_id: int = Field(ge=1, description="the shop's order id")
    reference: Line
    placed_at: ShopTime = Field(description="the shop's local time")
    timezone: Line = Field(description="the shop's, e.g. Europe/Paris")
    currency: Currency
    state: OrderState
    history: tuple[StateChange, ...] = ()
    customer: Customer
    delivery: Address
    invoice: Address
    carrier: Line = ""
    payment_module: Line = ""
    payment_method: Line = ""
    payments: tuple[Payment, ...] = ()
    lines: tuple[OrderLine, ...]
    discounts: tuple[Discount, ...] = ()
    totals: Totals
    note: Prose = ""
    gift_message: Prose = ""


class TaxGroup(Wire):
    """A tax rules group of the shop and its rate in the shop's country."""

    id: int
    name: Line
    rate: Money


class ShopProfile(Record):
    """What the till's side needs to know of the shop."""

    stream: ClassVar[Stream] = "orders"
    kind: Literal["shop_profile"] = "shop_profile"
    key: Literal["shop"] = "shop"
    version: Line
    instance: Line = Field(description="names this shop in order uids")
    url: Line
    name: Line
    timezone: Line
    currency: Currency
    languages: tuple[str, ...] = Field(description="the first is the default")
    tax_groups: tuple[TaxGroup, ...]
    states: tuple[OrderState, ...]


# --- lines -----------------------------------------------------------------------------------

KINDS: dict[str, type[Record]] = {
    str(model.model_fields["kind"].default): model
    for model in (
        TaxRate, Category, Brand, Axis, AxisValue, Article, Variant, Stock, Photo, Policy,
        SnapshotEnd, Fate, Wants, Baseline, ResyncRequest, Customer, Order, ShopProfile,
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
    """Return a record's canonical JSON, without a newline.

    A field that nobody set and that would be null is left out: absent says nothing, null clears.
    """
    fields = record.model_dump(mode="json")
    said = record.model_fields_set
    return canonical({n: value for n, value in fields.items() if value is not None or n in said})


def content_hash(record: Record) -> str:
    """Return the SHA-256 of a record's canonical line, 64 hex."""
    return hashlib.sha256(record_line(record)).hexdigest()
