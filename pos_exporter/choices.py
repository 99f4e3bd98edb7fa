"""The merchant's choices as they stand in the settings file, and as they travel (SPEC §6.7).

Keys are the till's own, as the mapping's `key` makes them: `why REFERENCE` shows an article's. A
choice that is not written is not said, and the default of SPEC §6.3 counts. The record's version
is not written by people: it grows by itself with every change of the choices.

    PolicySettings(mode="stock", buffers={"F01": 2}).record().mode     # 'stock'
    unknown_keys(policy, assembled)           # (("buffers", "F99"),): no such key at the till
"""

from collections.abc import Collection, Iterator
from typing import Annotated, Literal, Self

from pydantic import AfterValidator, Field, StringConstraints, model_validator

from pos_exporter.assembled import Assembled
from protocol.errors import RefusedItemError, Text
from protocol.program.config_problems import SettingError
from protocol.program.settings import Settings
from protocol.records import KINDS, Cause, Fallen, Mode, Owner, Policy

TillKey = Annotated[
    str, StringConstraints(min_length=1, max_length=190, pattern=r"^[^\x00-\x1f]+$")
]
#: What has an owner without being a field of a record.
_OWNED_BESIDES = {"article.default_category"}
#: Choices that are told only when they are made.
_MAY_BE_ABSENT = (
    "mode", "only_flagged", "only_new", "buffers", "new_articles", "fill_languages",
    "empty_combinations",
)  # fmt: skip


class UnknownOwnedFieldError(RefusedItemError):
    """`policy.owners` names no field of a record."""

    code = "E-CFG-040"
    what = Text("« {value} » n'est pas un champ connu", "« {value} » is no known field")
    remedy = Text(
        "Écrire fiche.champ, par exemple article.name", "Write record.field, such as article.name"
    )


class EmptyPilotError(RefusedItemError):
    """A trial on nothing."""

    code = "E-CFG-041"
    what = Text("Un essai (pilot) qui ne nomme rien", "A trial (pilot) that names nothing")
    remedy = Text(
        "Nommer des articles ou des catégories, ou effacer « pilot » pour tout le catalogue",
        "Name articles or categories, or remove « pilot » for the whole catalogue",
    )


class SilenceWithoutLimitError(RefusedItemError):
    """Choices for a silent till, which is never silent."""

    code = "E-CFG-042"
    what = Text(
        "« silent_buffer » et « silent_low » sans « silent_after_hours »",
        "« silent_buffer » and « silent_low » without « silent_after_hours »",
    )
    remedy = Text(
        "Dire après combien d'heures sans nouvelles la caisse compte pour muette, par exemple 20",
        "Say after how many hours without a word the till counts as silent, such as 20",
    )


class UnknownChoiceError(RefusedItemError):
    """A choice names a key that the till does not have."""

    code = "E-POS-033"
    what = Text(
        "Vos choix nomment « {value} », que la caisse n'a pas",
        "Your choices name « {value} », which the till does not have",
    )
    remedy = Text(
        "Corriger « policy » dans les réglages : il faut la clé de la caisse, pas le nom",
        "Correct « policy » in the settings: the till's key is wanted, not the name",
    )


def _owned_field(name: str) -> str:
    kind, _, field = name.partition(".")
    known = kind in KINDS and field in KINDS[kind].model_fields and field not in {"kind", "key"}
    if not known and name not in _OWNED_BESIDES:
        raise SettingError.of(UnknownOwnedFieldError(value=name))
    return name


class FilterSettings(Settings):
    """Which articles go to the site; what is empty or absent lets all through.

    Args:
        categories: Keys; what is below them counts too.
        brands: Keys.
        suppliers: Keys.
        in_stock: Only what is above 0 at the till.
        with_photo: Only what has a photo.
    """

    categories: tuple[TillKey, ...] = ()
    brands: tuple[TillKey, ...] = ()
    suppliers: tuple[TillKey, ...] = ()
    in_stock: bool = False
    with_photo: bool = False

    def said(self) -> dict[str, object]:
        """Return what is chosen."""
        return {name: value for name, value in vars(self).items() if value}


class PilotSettings(Settings):
    """A trial on a part of the catalogue; the site's program writes nothing else.

    Args:
        articles: Keys.
        categories: Keys; what is below them counts too.
    """

    articles: tuple[TillKey, ...] = ()
    categories: tuple[TillKey, ...] = ()

    @model_validator(mode="after")
    def _names_something(self) -> Self:
        # Read as "the whole catalogue", an empty trial would do the opposite of what it says.
        if not self.articles and not self.categories:
            raise SettingError.of(EmptyPilotError())
        return self

    def said(self) -> dict[str, object]:
        """Return what is chosen."""
        return {name: value for name, value in vars(self).items() if value}


class BrakeSettings(Settings):
    """How much may change on the site before a person is asked (SPEC §6.8).

    Args:
        price_percent: A price that moves by more is set aside alone.
        mass_percent: Of the live ones of a class; more is held as a class …
        mass_count: … when it is more than this, too.
        edited_percent: Of our texts edited at once.
    """

    price_percent: int = Field(default=50, ge=1)
    mass_percent: int = Field(default=20, ge=1, le=100)
    mass_count: int = Field(default=20, ge=0)
    edited_percent: int = Field(default=5, ge=1, le=100)


class StockSettings(Settings):
    """What the site shows where a figure alone does not say it (SPEC §11).

    Args:
        oversale: A figure below zero: `show` as it is, or as `zero`.
        strict: Units of a cancelled or edited order are sold again only once the till has answered.
        unpaid_days: An order unpaid for longer is a question to a person.
        silent_after_hours: Nothing came from the till for longer: it is silent.
        silent_buffer: The buffer while it is silent, if larger.
        silent_low: What is at or under it shows 0 while it is silent.
    """

    oversale: Literal["show", "zero"] | None = None
    strict: bool | None = None
    unpaid_days: int | None = Field(default=None, ge=1, le=3650)
    silent_after_hours: int | None = Field(default=None, ge=1, le=8760)
    silent_buffer: int | None = Field(default=None, ge=0, le=999_999_999)
    silent_low: int | None = Field(default=None, ge=0, le=999_999_999)

    @model_validator(mode="after")
    def _silence_has_a_limit(self) -> Self:
        # Without a limit the till is never silent, and the other two would do nothing.
        is_said = self.silent_buffer is not None or self.silent_low is not None
        if is_said and self.silent_after_hours is None:
            raise SettingError.of(SilenceWithoutLimitError())
        return self

    def said(self) -> dict[str, object]:
        """Return what is chosen."""
        return {name: value for name, value in vars(self).items() if value is not None}


class PolicySettings(Settings):
    """The merchant's choices, sent signed to the agent.

    Args:
        owners: Who owns a field, where it differs from the default: `article.name: till`.
        buffer: Units kept from the site, per sellable.
        buffers: Units kept, by category key; the nearest category counts.
        gone: What an article becomes on the site, per cause; inactive where nothing is said.
        default_language: Of texts that have one language.
        fill_languages: At creation, texts in the default language fill the others.
        mode: `observe` writes nothing, `stock` only stock, `all` everything.
        pilot: A trial on a part of the catalogue.
        only_flagged: Only articles flagged for the site at the till.
        only_new: Of articles sent before, only stock and prices go on.
        filter: Which articles go to the site.
        new_articles: `draft`: the web team switches them on.
        empty_combinations: Sizes without stock on the page; absent: the site decides.
        brakes: How much may change before a person is asked.
        stock: What the site shows where a figure alone does not say it.
    """

    owners: dict[Annotated[str, AfterValidator(_owned_field)], Owner] = Field(default_factory=dict)
    buffer: int = Field(default=0, ge=0, le=999_999_999)
    buffers: dict[TillKey, Annotated[int, Field(ge=0, le=999_999_999)]] | None = None
    gone: dict[Cause, Fallen] = Field(default_factory=dict)
    default_language: str = Field(default="fr", pattern=r"^[a-z]{2}$")
    fill_languages: bool | None = None
    mode: Mode | None = None
    pilot: PilotSettings | None = None
    only_flagged: bool | None = None
    only_new: bool | None = None
    filter: FilterSettings | None = None
    new_articles: Literal["live", "draft"] | None = None
    empty_combinations: Literal["show", "hide", "site"] | None = None
    brakes: BrakeSettings | None = None
    stock: StockSettings | None = None

    def record(self, version: int = 1) -> Policy:
        """Return the choices as they travel; what was not chosen is absent."""
        told: dict[str, object] = {
            "version": version,
            "owners": self.owners,
            "buffer": self.buffer,
            "gone": self.gone,
            "default_language": self.default_language,
        }
        for name in _MAY_BE_ABSENT:
            value = getattr(self, name)
            if value is not None:
                told[name] = value
        if self.brakes is not None:
            told["brakes"] = self.brakes.model_dump()
        if self.stock is not None and self.stock.said():
            told["stock"] = self.stock.said()
        if self.filter is not None and self.filter.said():
            told["filter"] = self.filter.said()
        if self.pilot is not None:
            told["pilot"] = self.pilot.said()
        return Policy.model_validate(told)


def unknown_keys(policy: Policy, assembled: Assembled) -> tuple[tuple[str, str], ...]:
    """Return the choices that name what the till does not have: (choice, key)."""
    things = (
        *((record.kind, record.key) for record in assembled.records),
        *((item.kind, item.key) for item in assembled.withheld),
        *((item.kind, item.key) for item in assembled.left_out),
    )
    known: dict[str, set[str]] = {}
    for kind, key in things:
        known.setdefault(kind, set()).add(key)
    return tuple(
        (choice, key)
        for choice, kind, keys in _named(policy)
        for key in keys
        if key not in known.get(kind, set())
    )


def _named(policy: Policy) -> Iterator[tuple[str, str, Collection[str]]]:
    """Yield each choice that names keys, with their kind."""
    if policy.filter is not None:
        yield "filter.categories", "category", policy.filter.categories or ()
        yield "filter.brands", "brand", policy.filter.brands or ()
        yield "filter.suppliers", "supplier", policy.filter.suppliers or ()
    if policy.pilot is not None:
        yield "pilot.articles", "article", policy.pilot.articles or ()
        yield "pilot.categories", "category", policy.pilot.categories or ()
    yield "buffers", "category", policy.buffers or {}
