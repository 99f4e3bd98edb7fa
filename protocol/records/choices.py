"""The merchant's choices, the classes that a person must say yes to, and that yes.

Policy(version=1, owners={"article.name": "till"}, mode="stock")
Approval(key="deactivations", up_to=57, until=…)
"""

from typing import ClassVar, Literal

from pydantic import Field

from protocol.records.base import Cause, Owner, Record, Stream
from protocol.values import Key, Language, Line, Quantity, Utc, Wire

Mode = Literal["observe", "stock", "all"]
Fallen = Literal["inactive", "hidden", "out_of_stock", "leave"]


class Filter(Wire):
    """Which articles the merchant wants on the site; absent or empty lists leave all through."""

    categories: tuple[Key, ...] | None = Field(
        default=None, description="keys; what is below them counts too"
    )
    brands: tuple[Key, ...] | None = Field(default=None, description="keys")
    suppliers: tuple[Key, ...] | None = Field(default=None, description="keys")
    in_stock: bool | None = Field(default=None, description="only what is above 0 at the till")
    with_photo: bool | None = Field(default=None, description="only what has a photo")


class Pilot(Wire):
    """A trial on a part of the catalogue: the agent writes nothing else."""

    articles: tuple[Key, ...] | None = Field(default=None, description="keys")
    categories: tuple[Key, ...] | None = Field(
        default=None, description="keys; what is below them counts too"
    )


class Brakes(Wire):
    """How much may change before a person is asked; every figure is a setting."""

    price_percent: Quantity = Field(
        default=50, ge=1, description="a price that moves by more is set aside alone"
    )
    mass_percent: Quantity = Field(
        default=20, ge=1, description="of the live ones of a class: more is held as a class …"
    )
    mass_count: Quantity = Field(default=20, ge=0, description="… when it is more than this, too")
    edited_percent: Quantity = Field(
        default=5, ge=1, description="of our texts edited at once: the shop rewrites, not people"
    )


class StockChoices(Wire):
    """What the site shows when a figure alone does not say it; every field has a default."""

    oversale: Literal["show", "zero"] | None = Field(
        default=None, description="a figure below zero: as it is, or as 0; absent: as it is"
    )
    strict: bool | None = Field(
        default=None,
        description="released stock waits for the till's answer (§11); absent: yes",
    )
    unpaid_days: Quantity | None = Field(
        default=None, ge=1, description="an order unpaid for longer is a case; absent: 10"
    )
    silent_after_hours: Quantity | None = Field(
        default=None,
        ge=1,
        description="nothing came for longer: the till is silent; absent: never",
    )
    silent_buffer: Quantity | None = Field(
        default=None, ge=0, description="buffer while it is silent, if larger; absent: 0"
    )
    silent_low: Quantity | None = Field(
        default=None,
        ge=0,
        description="what is at or under it shows 0 meanwhile; absent: none",
    )


class Policy(Record):
    """The merchant's choices, signed with everything else."""

    stream: ClassVar[Stream] = "catalogue"
    kind: Literal["policy"] = "policy"
    key: Literal["policy"] = "policy"
    version: int = Field(ge=1, description="grows with every change of the merchant's choices")
    owners: dict[str, Owner] = Field(description="record.field → owner; absent: the default")
    buffer: Quantity = Field(default=0, ge=0, description="units kept from the site, per sellable")
    gone: dict[Cause, Fallen] = Field(
        default={}, description="what an article becomes, per cause; absent: inactive"
    )
    default_language: Language = Field(default="fr", description="of texts that have one language")
    mode: Mode | None = Field(
        default=None, description="observe writes nothing, stock only stock; absent: all"
    )
    pilot: Pilot | None = Field(default=None, description="absent: the whole catalogue")
    only_flagged: bool | None = Field(
        default=None, description="only articles that are online at the till; absent: yes"
    )
    only_new: bool | None = Field(
        default=None,
        description="of articles sent before, only stock and prices go on; absent: no",
    )
    filter: Filter | None = Field(default=None, description="absent: all articles")
    buffers: dict[Key, Quantity] | None = Field(
        default=None, description="units kept, by category key; the nearest one counts"
    )
    new_articles: Literal["live", "draft"] | None = Field(
        default=None, description="draft: switched on by the web team; absent: live"
    )
    fill_languages: bool | None = Field(
        default=None,
        description="at creation, texts in the default language fill the others; absent: yes",
    )
    empty_combinations: Literal["show", "hide", "site"] | None = Field(
        default=None, description="sizes without stock on the page; absent: the site decides"
    )
    brakes: Brakes | None = Field(default=None, description="absent: the defaults")
    stock: StockChoices | None = Field(default=None, description="absent: the defaults")


class HeldClass(Record):
    """A class of changes that waits for a person; with a count of 0 it waits no more."""

    stream: ClassVar[Stream] = "answers"
    kind: Literal["held_class"] = "held_class"
    count: Quantity = Field(ge=0, description="changes that wait")
    of: Quantity = Field(ge=0, description="live ones of which they are a part")
    examples: tuple[Line, ...] = Field(
        default=(), description="a few of them, for people: article, old → new"
    )
    since: Utc = Field(description="when it was first held")


class Approval(Record):
    """A person's yes to one held class, up to the count that was shown, until a moment."""

    stream: ClassVar[Stream] = "answers"
    kind: Literal["approval"] = "approval"
    up_to: Quantity = Field(ge=1, description="changes, as shown to the person")
    until: Utc = Field(description="at most 24 hours after it was given")
