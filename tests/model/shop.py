"""A PrestaShop in memory: its orders, and the stock that it moves by itself, as measured.

Its own give-and-take is asymmetric, and that is kept: stock is taken when a line is placed, before
the order has a state; an order in error or cancelled gives it back, and takes it again when it
leaves that state; refunding, shipping and credit slips give nothing back. A pack moves what its
`pack_stock_type` says. Beside the shelf that the agent writes there is a second one that a naive
connector would have written: both move alike.

    shop = ModelShop(clock)
    order = shop.place([("v:11", 2)], state=PAID)
    shop.set_state(order, CANCELLED)
    shop.shelf["v:11"]
"""

from collections.abc import Callable, Iterable, Sequence
from copy import deepcopy
from dataclasses import dataclass, field

from tests.model.goods import HOLDS, KEYS, LARGE, PACK, PRODUCTS, SMALL, added, parts_of, times

(CHEQUE, PAID, PREPARING, SHIPPED, DELIVERED, CANCELLED, REFUNDED, ERROR, BACKORDER, WIRE,
 ) = range(1, 11)  # fmt: skip
UNPAID_BACKORDER, ON_DELIVERY, DEAD, STRANGE = 12, 13, 17, 99
STATES = (
    CHEQUE, PAID, PREPARING, SHIPPED, DELIVERED, CANCELLED, REFUNDED, ERROR, BACKORDER, WIRE,
    UNPAID_BACKORDER, ON_DELIVERY, DEAD, STRANGE,
)  # fmt: skip
#: PrestaShop gives the stock of such an order back, and of no other.
GIVES_BACK = frozenset({CANCELLED, ERROR})


@dataclass(frozen=True)
class Bought:
    """One line of an order as the shop keeps it."""

    id: int
    key: str
    combination: int
    quantity: int

    @property
    def product(self) -> int:
        """PrestaShop's product."""
        return PRODUCTS[self.key]


@dataclass
class WebOrder:
    """One order.

    Args:
        id: Given again after a restore.
        reference: The shop's.
        added: When it was placed, the shop's local time.
        changed: When it last changed, likewise.
        state: 0 while it is being placed.
        lines: Those that are there; while the state is 0, not all of them.
        to_come: Lines that are still to be placed.
        becomes: The state that it will get.
        credited: It has a credit slip.
        states: The states that it had, with their times.
    """

    id: int
    reference: str
    added: str
    changed: str
    state: int
    lines: tuple[Bought, ...] = ()
    to_come: tuple[Bought, ...] = ()
    becomes: int = 0
    credited: bool = False
    states: tuple[tuple[int, str], ...] = ()
    version: int = 0

    def units(self) -> dict[str, int]:
        """Return what it takes, by stock key, packs with their components."""
        return added(*(times(parts_of(line.key), line.quantity) for line in self.lines))


@dataclass
class Kept:
    """What a backup of the shop holds."""

    orders: dict[int, WebOrder]
    shelves: list[dict[str, int]]
    next_id: int
    combinations: dict[str, int]


@dataclass
class ModelShop:
    """The shop.

    Args:
        local_time: What its clock shows.
        pack_stock: 0 the pack alone, 1 its components alone, 2 both.
        edits_move: Whether an edit of lines moves the stock, as the back office does.
    """

    local_time: Callable[[], str]
    pack_stock: int = 2
    edits_move: bool = True
    orders: dict[int, WebOrder] = field(default_factory=dict)
    shelf: dict[str, int] = field(default_factory=lambda: dict.fromkeys(KEYS, 0))
    naive: dict[str, int] = field(default_factory=lambda: dict.fromkeys(KEYS, 0))
    combinations: dict[str, int] = field(default_factory=lambda: {SMALL: 101, LARGE: 102})
    next_id: int = 1
    serial: int = 0
    #: Units that the shop gave back by itself since orders were last read.
    given_back: dict[str, int] = field(default_factory=dict)

    # --- customers and the back office ---------------------------------------------------------

    def place(self, wanted: Sequence[tuple[str, int]], state: int) -> WebOrder:
        """Place an order at once."""
        order = self.begin(wanted, state, shown=len(wanted))
        self.finish(order)
        return order

    def begin(self, wanted: Sequence[tuple[str, int]], becomes: int, *, shown: int) -> WebOrder:
        """Begin to place an order: it has no state yet, and perhaps not all of its lines."""
        now, self.serial = self.local_time(), self.serial + 1
        lines = tuple(
            Bought(self.serial * 10 + n, key, self.combinations.get(key, 0), quantity)
            for n, (key, quantity) in enumerate(wanted)
        )
        order = WebOrder(self.next_id, f"REF{self.serial:06}", now, now, 0, becomes=becomes)
        self.orders[order.id] = order
        self.next_id += 1
        order.to_come = lines
        self._bring_lines(order, shown)
        return order

    def finish(self, order: WebOrder) -> None:
        """Place what is left of an order and give it its state."""
        self._bring_lines(order, len(order.to_come))
        order.state = order.becomes
        self._stamp(order, state=order.state)

    def _bring_lines(self, order: WebOrder, count: int) -> None:
        fresh, order.to_come = order.to_come[:count], order.to_come[count:]
        order.lines += fresh
        if order.becomes not in GIVES_BACK:
            self._move(fresh, -1)
        self._stamp(order)

    def set_state(self, order: WebOrder, state: int) -> None:
        """Change an order's state, as the back office does."""
        if order.state == 0:
            return
        was, is_now = order.state in GIVES_BACK, state in GIVES_BACK
        if is_now and not was:
            self._move(order.lines, +1)
        elif was and not is_now:
            self._move(order.lines, -1)
        order.state = state
        self._stamp(order, state=state)

    def edit(self, order: WebOrder, number: int, key: str, quantity: int) -> None:
        """Change the quantity of a line, remove it (0), or add one where there is none."""
        if order.state == 0:
            return
        before = order.lines
        if number < len(before):
            line = before[number]
            changed = Bought(line.id, line.key, line.combination, quantity)
            order.lines = tuple(
                one for one in (*before[:number], changed, *before[number + 1 :]) if one.quantity
            )
        elif quantity:
            self.serial += 1
            combination = self.combinations.get(key, 0)
            order.lines += (Bought(self.serial * 10, key, combination, quantity),)
        if self.edits_move and order.state not in GIVES_BACK:
            self._move(before, +1)
            self._move(order.lines, -1)
        self._stamp(order)

    def credit(self, order: WebOrder) -> None:
        """Make a credit slip: neither stock nor date move."""
        order.credited = True
        order.version += 1

    def remake(self, key: str) -> None:
        """Delete a combination and make it anew: another id, and a row that shows nothing."""
        if key in self.combinations:
            self.combinations[key] = 103 + self.serial
            self.serial += 1
            self.shelf[key] = self.naive[key] = 0

    def _move(self, lines: Iterable[Bought], by: int) -> None:
        for line in lines:
            for key, units in self._rows_of(line.key).items():
                for shelf in (self.shelf, self.naive):
                    shelf[key] += by * units * line.quantity
                if by > 0:
                    self.given_back[key] = self.given_back.get(key, 0) + units * line.quantity
                else:
                    left = self.given_back.get(key, 0) - units * line.quantity
                    self.given_back[key] = max(0, left)

    def _rows_of(self, key: str) -> dict[str, int]:
        """Return the rows that PrestaShop moves for one unit."""
        if key != PACK:
            return {key: 1}
        parts = {0: {}, 1: HOLDS, 2: HOLDS}[self.pack_stock]
        return {**({PACK: 1} if self.pack_stock in (0, 2) else {}), **parts}

    def _stamp(self, order: WebOrder, state: int | None = None) -> None:
        order.changed = max(order.changed, self.local_time())
        order.version += 1
        if state is not None:
            order.states += ((state, order.changed),)

    # --- its rows ------------------------------------------------------------------------------

    def rows(self) -> dict[int, tuple[str, int, int]]:
        """Return the stock rows: (key, product, combination) by row id."""
        rows = {}
        for key in KEYS:
            combination = self.combinations.get(key, 0)
            rows[1000 + combination if combination else PRODUCTS[key]] = (
                key, PRODUCTS[key], combination,
            )  # fmt: skip
        return rows

    def write(self, row: int, quantity: int) -> str:
        """Set a row, as the webservice does; return its stock key."""
        key, _, _ = self.rows()[row]
        self.shelf[key] = quantity
        self.given_back[key] = 0
        return key

    # --- backups -------------------------------------------------------------------------------

    def saved(self) -> Kept:
        """Return a backup."""
        shelves = [dict(self.shelf), dict(self.naive)]
        return Kept(deepcopy(self.orders), shelves, self.next_id, dict(self.combinations))

    def restore(self, kept: Kept) -> None:
        """Put the shop back as the backup has it; its ids are given again."""
        self.orders = deepcopy(kept.orders)
        for order in self.orders.values():
            order.version += 1000
        self.shelf, self.naive = (dict(shelf) for shelf in kept.shelves)
        self.next_id = kept.next_id
        self.combinations = dict(kept.combinations)
