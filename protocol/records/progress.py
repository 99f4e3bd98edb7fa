"""What follows an order: its progress at the till, its parcels, its settlement, its open cases.

OrderProgress(key="shop.example/812/XKBKNABJK/2026-11-24 …", stage="shipped")
Shipment(key="P-77", order="shop.example/812/…", tracking="6A123", carrier="Colissimo")
Settlement(key="shop.example/812/…", units=(SettledUnits(key="v:104201", quantity=1),))
"""

from typing import Annotated, ClassVar, Literal

from pydantic import Field, StringConstraints

from protocol.records.answers import Reason
from protocol.records.base import Record, Stream
from protocol.values import Key, Line, Quantity, Sha256, Utc, Wire

Stage = Literal["prepared", "shipped", "delivered", "cancelled"]
CaseKind = Literal[
    "oversale", "negative_at_till", "unpaid", "refunded_uncounted", "unknown_state",
    "unlinked_line", "mail_uncertain", "shop_restored", "totals", "order_deleted", "left_out",
]  # fmt: skip
CaseVerb = Literal["release", "dismiss", "resend"]
#: An order uid with a word before it is longer than a key.
CaseKey = Annotated[
    str, StringConstraints(min_length=1, max_length=250, pattern=r"^[^\x00-\x1f]+$")
]


class OrderProgress(Record):
    """How far the till has come with a web order; its key is the order uid."""

    stream: ClassVar[Stream] = "catalogue"
    kind: Literal["order_progress"] = "order_progress"
    stage: Stage = Field(description="the furthest that the till has come")
    at: Utc | None = Field(default=None, description="when, if the till says; absent: unknown")


class Shipment(Record):
    """One parcel of a web order; an order may have several."""

    stream: ClassVar[Stream] = "catalogue"
    kind: Literal["shipment"] = "shipment"
    order: Key = Field(description="the order uid")
    tracking: Line | None = Field(default=None, description="the parcel's number; null: none yet")
    carrier: Line | None = Field(default=None, description="as the till calls it; null: unknown")
    shipped_at: Utc | None = Field(
        default=None, description="when it left, if the till says; absent: unknown"
    )


class SettledUnits(Wire):
    """Units of one sellable that the till's figures contain for good."""

    key: Key = Field(description="stock key: a:… or v:…")
    quantity: Quantity = Field(ge=1, description="units that neither side counts any more")


class Settlement(Record):
    """An order that both ends have done with: its units are in the till's figures for good (§11).

    The shop's side says so first; the till's side then leaves them out of `counted`. Each says its
    settlements again where its answers begin anew, so that the other can take them back.
    """

    stream: ClassVar[Stream] = "answers"
    kind: Literal["settlement"] = "settlement"
    units: tuple[SettledUnits, ...] = Field(
        default=(), description="empty: the order is over and kept nothing"
    )
    void: bool | None = Field(
        default=None,
        description="the till has lost the order, and nothing of it is settled any more",
    )


class Case(Record):
    """Something that a person must see; `until` tells that it is over."""

    stream: ClassVar[Stream] = "answers"
    kind: Literal["case"] = "case"
    key: CaseKey = Field(description="<about>/<order uid or stock key>")
    about: CaseKind = Field(description="what kind of case")
    reason: Reason = Field(description="what happened and what to do, in words")
    orders: tuple[Key, ...] = Field(default=(), description="order uids that it names")
    stock_keys: tuple[Key, ...] = Field(default=(), description="sellables that it names")
    verbs: tuple[CaseVerb, ...] = Field(
        default=(), description="what a person may answer with one click"
    )
    since: Utc = Field(description="when it was first seen")
    until: Utc | None = Field(default=None, description="when it was over; absent: it is open")


class CaseAnswer(Record):
    """A person's answer to a case; its key is the case's."""

    stream: ClassVar[Stream] = "answers"
    kind: Literal["case_answer"] = "case_answer"
    key: CaseKey = Field(description="the case's")
    verb: CaseVerb = Field(description="release: what it keeps may be sold; dismiss: seen")
    of_hash: Sha256 | None = Field(
        default=None,
        description="content hash of the case that the person saw; absent: of any under this key",
    )
    at: Utc = Field(description="when the person said so")
