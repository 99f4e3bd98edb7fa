"""The merchant's choices as they count here: what the till says, narrowed by this side's settings.

Rules: nothing is left open (every line has its default); a lock narrows and never widens (`observe`
under `stock` under `all`; a pilot of each side, and an article must be in both). Pure.

    choices = effective(policy, Lock(mode="observe"))
    choices.mode                                       # "observe", whatever the till says
    buffer_of(article, choices, tree)                  # units kept from the site
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, fields
from typing import Literal, TypeVar, get_args

from pydantic import Field

from protocol.records import Article, Brakes, Cause, Filter, Owner, Pilot, Policy, StockChoices
from protocol.records.choices import Fallen, Mode

#: From the narrowest to the widest.
_MODES: tuple[Mode, ...] = ("observe", "stock", "all")
_FATES: tuple[Fallen, ...] = ("leave", "out_of_stock", "hidden", "inactive")
_OWNERS: tuple[Owner, ...] = ("site", "till-until-edited", "union", "till")
DEFAULT_FATE: Fallen = "inactive"
#: Category key → its parent's key, None at the root.
Tree = Mapping[str, str | None]
_Word = TypeVar("_Word", bound=str)


class Choices(Policy):
    """A policy without an open line."""

    mode: Mode = "all"
    only_flagged: bool = True
    only_new: bool = False
    filter: Filter = Filter()
    buffers: dict[str, int] = Field(default={})
    new_articles: Literal["live", "draft"] = "live"
    fill_languages: bool = True
    empty_combinations: Literal["show", "hide", "site"] = "site"
    brakes: Brakes = Brakes()
    stock: StockChoices = StockChoices()
    #: An article must be in each; none: the whole catalogue.
    pilots: tuple[Pilot, ...] = ()

    def fate(self, cause: Cause) -> Fallen:
        """Return what an article becomes that the till no longer sends."""
        return self.gone.get(cause, DEFAULT_FATE)


@dataclass(frozen=True)
class Lock:
    """What this side's own settings allow at the most; None says nothing.

    Args:
        mode: The widest mode.
        pilot: The articles that may be touched.
        gone: The hardest fate, per cause.
        only_flagged: True: only articles that are online at the till, whatever it says.
        new_articles: `draft`: the agent switches no new article on.
        empty_combinations: `site`: the shop's own switch is left alone.
        buffer: The fewest units kept from the site.
        owners: record.field → the most that the till may own of it.
        brakes: The widest brakes, each figure for itself.
    """

    mode: Mode | None = None
    pilot: Pilot | None = None
    gone: Mapping[Cause, Fallen] = field(default_factory=dict)
    only_flagged: Literal[True] | None = None
    new_articles: Literal["draft"] | None = None
    empty_combinations: Literal["site"] | None = None
    buffer: int = 0
    owners: Mapping[str, Literal["site", "till-until-edited"]] = field(default_factory=dict)
    brakes: Brakes | None = None

    def lines(self) -> tuple[str, ...]:
        """Return the names of the lines that are locked."""
        return tuple(one.name for one in fields(self) if getattr(self, one.name))


def effective(policy: Policy, lock: Lock) -> Choices:
    """Return the choices that count: the till's, with defaults, under this side's lock."""
    said = {name: value for name in Policy.model_fields if (value := getattr(policy, name))}
    open_ones = Choices.model_construct(**{**_defaults(), **said})
    pilots = tuple(one for one in (policy.pilot, lock.pilot) if one is not None)
    return open_ones.model_copy(
        update={
            "mode": _narrower(_MODES, open_ones.mode, lock.mode),
            "pilots": pilots,
            "only_flagged": policy.only_flagged is not False or bool(lock.only_flagged),
            "fill_languages": policy.fill_languages is not False,
            "gone": {
                cause: _narrower(_FATES, open_ones.fate(cause), lock.gone.get(cause))
                for cause in get_args(Cause)
            },
            "new_articles": lock.new_articles or open_ones.new_articles,
            "empty_combinations": lock.empty_combinations or open_ones.empty_combinations,
            "buffer": max(policy.buffer, lock.buffer),
            "buffers": {key: max(units, lock.buffer) for key, units in open_ones.buffers.items()},
            "owners": _owners(policy, lock),
            "brakes": _brakes(open_ones.brakes, lock.brakes),
        }
    )


def _defaults() -> dict[str, object]:
    return Choices(version=1, owners={}).model_copy().__dict__


def _narrower(order: tuple[_Word, ...], said: _Word, lock: _Word | None) -> _Word:
    return said if lock is None else min(said, lock, key=order.index)


def _owners(policy: Policy, lock: Lock) -> dict[str, Owner]:
    """Return the owners; one that the till leaves to the default is capped by the lock alone."""
    owners: dict[str, Owner] = dict(policy.owners)
    for name, most in lock.owners.items():
        owners[name] = _narrower(_OWNERS, owners.get(name, most), most)
    return owners


def _brakes(said: Brakes, lock: Brakes | None) -> Brakes:
    if lock is None:
        return said
    return Brakes(
        price_percent=min(said.price_percent, lock.price_percent),
        mass_percent=min(said.mass_percent, lock.mass_percent),
        mass_count=min(said.mass_count, lock.mass_count),
        edited_percent=min(said.edited_percent, lock.edited_percent),
    )


def ancestry(key: str, tree: Tree) -> Iterable[str]:
    """Yield a category and what it is under, nearest first; a circle ends it."""
    seen: set[str] = set()
    at: str | None = key
    while at is not None and at not in seen:
        yield at
        seen.add(at)
        at = tree.get(at)


def buffer_of(article: Article | None, choices: Choices, tree: Tree) -> int:
    """Return the units of each sellable of an article that are kept from the site.

    The article's own figure counts; else that of the nearest category, of two as near the one
    that the article names first; else the merchant's for all.
    """
    if article is None:
        return choices.buffer
    if article.buffer is not None:
        return article.buffer
    found = [
        (steps, choices.buffers[key])
        for named in article.categories
        for steps, key in enumerate(ancestry(named, tree))
        if key in choices.buffers
    ]
    return min(found, key=lambda one: one[0])[1] if found else choices.buffer
