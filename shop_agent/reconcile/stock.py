"""Stock is arithmetic, not a copy (SPEC §11).

    site = quantity − Σ over orders of max(0, reserved − max(counted, settled, released)) − buffer

`reserved` is what each web order keeps; `counted` is what this very figure of the till already
contains. Stale together, a late record does no harm. `settled` and `released` are floors under
`counted`: what both ends have done with, and what a person gave back. Pure.

    site_quantity(Stock(key="v:1", quantity=5), {"uid-a": 1, "uid-b": 2}, buffer=0)   # 2
    figure(stock, {"uid-a": 1}, floors={"uid-a": Floor(settled=1)}, shown=5, row=9).target
"""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Literal

from protocol.records import Stock

#: (product id, combination id); the combination is 0 for a product without variants.
Sellable = tuple[int, int]


@dataclass(frozen=True)
class Floor:
    """Units of one order and sellable that are kept no more, whatever the till counts.

    Args:
        settled: In the till's figures for good; both ends have stopped tracking them.
        released: Given back by a person.
    """

    settled: int = 0
    released: int = 0


NO_FLOOR = Floor()
#: By order uid.
Floors = Mapping[str, Floor]


@dataclass(frozen=True)
class Share:
    """What one web order has to do with one figure, for people.

    Args:
        reserved: Units that it keeps by its state, or by what the till may still be working on.
        counted: Units of it that this figure of the till already contains.
        settled: Units that both ends have done with.
        released: Units that a person gave back.
    """

    reserved: int
    counted: int = 0
    settled: int = 0
    released: int = 0

    @property
    def kept(self) -> int:
        """The units that the site may not sell."""
        return max(0, self.reserved - max(self.counted, self.settled, self.released))


@dataclass(frozen=True)
class Rules:
    """What the merchant chose, and what the shop allows, for one sellable.

    Args:
        buffer: Units kept from the site. It never makes a figure that is positive negative.
        oversale: A figure below zero: `show` as it is, or as `zero`.
        backorder: It may be ordered without stock: below zero is normal.
        silent_buffer: The buffer while the till is silent, if larger; None: it is not silent.
        silent_low: What is at or under it shows 0 while the till is silent.
    """

    buffer: int = 0
    oversale: Literal["show", "zero"] = "show"
    backorder: bool = False
    silent_buffer: int | None = None
    silent_low: int = 0

    @property
    def is_silent(self) -> bool:
        """Whether the till has not been heard for longer than the merchant allows."""
        return self.silent_buffer is not None

    @property
    def kept_back(self) -> int:
        """The buffer that counts now."""
        return max(self.buffer, self.silent_buffer or 0)


NO_RULES = Rules()


@dataclass(frozen=True)
class Figure:
    """One figure with all that made it, for people.

    Args:
        key: Stock key.
        quantity: The till's.
        kept: Units that each web order keeps and the till has not counted, by order uid.
        buffer: Units kept from the site.
        target: What the shop should show.
        shown: What it shows.
        row: The stock_availables id.
        forced: Why it is 0 whatever the till says: `gone` or `out_of_stock`; empty: it is not.
        shares: What each order has to do with it, by uid; those with nothing to keep too.
        backorder: It may be ordered without stock: below zero is normal.
        silent: The till is silent, and the merchant's rules for that count.
    """

    key: str
    quantity: int
    kept: Mapping[str, int]
    buffer: int
    target: int
    shown: int
    row: int = 0
    forced: str = ""
    shares: Mapping[str, Share] = field(default_factory=dict)
    backorder: bool = False
    silent: bool = False

    @property
    def free(self) -> int:
        """The till's figure less what web orders keep."""
        return self.quantity - sum(self.kept.values())

    @property
    def oversold(self) -> int:
        """Units sold that are not there, an order being among what took them; 0 where that is so.

        Not of what may be ordered without stock.
        """
        return -self.free if self.kept and self.free < 0 and not self.backorder else 0


def figure(
    stock: Stock,
    reserved: Mapping[str, int],
    *,
    shown: int,
    row: int,
    floors: Floors | None = None,
    rules: Rules = NO_RULES,
) -> Figure:
    """Return a figure as the formula makes it."""
    shares = shares_of(stock, reserved, floors)
    kept = {uid: share.kept for uid, share in shares.items() if share.kept}
    made = Figure(
        stock.key, stock.quantity, kept, rules.kept_back, 0, shown, row,
        shares=shares, backorder=rules.backorder, silent=rules.is_silent,
    )  # fmt: skip
    return replace(made, target=target_of(made.free, rules))


def site_quantity(
    stock: Stock, reserved: Mapping[str, int], *, buffer: int, floors: Floors | None = None
) -> int:
    """Return the figure that the shop should show.

    Args:
        stock: The till's last word on this sellable.
        reserved: Units that each web order keeps of it, by order uid.
        buffer: Units kept from the site. It never makes a figure that is positive negative.
        floors: What is settled or released, by order uid.

    Returns:
        Signed: below zero when more was sold than there is.
    """
    return target_of(free_quantity(stock, reserved, floors), Rules(buffer))


def target_of(free: int, rules: Rules) -> int:
    """Return what the shop should show of what is free to be sold."""
    if free < 0:
        return 0 if rules.oversale == "zero" and not rules.backorder else free
    left = max(0, free - rules.kept_back)
    return 0 if rules.is_silent and left <= rules.silent_low else left


def free_quantity(stock: Stock, reserved: Mapping[str, int], floors: Floors | None = None) -> int:
    """Return the till's quantity less what web orders keep and the till has not counted."""
    return stock.quantity - sum(kept_of(stock, reserved, floors).values())


def kept_of(
    stock: Stock, reserved: Mapping[str, int], floors: Floors | None = None
) -> dict[str, int]:
    """Return the units that each web order keeps and the till's figure has not counted."""
    return {uid: share.kept for uid, share in shares_of(stock, reserved, floors).items()}


def shares_of(
    stock: Stock, reserved: Mapping[str, int], floors: Floors | None = None
) -> dict[str, Share]:
    """Return what each web order has to do with a figure, by uid."""
    counted = {entry.order: entry.quantity for entry in stock.counted}
    shares = {}
    for uid, units in reserved.items():
        floor = (floors or {}).get(uid, NO_FLOOR)
        shares[uid] = Share(units, counted.get(uid, 0), floor.settled, floor.released)
    return shares
