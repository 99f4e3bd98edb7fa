"""What people do in a history: customers and the back office at the shop, and those at the till.

customers = Customers(ground, watch)
customers.do_place(0, 1, 9, 0, 1)     # one small shoe, nothing else, paid
TillPeople(ground).do_sell(0, 1)
"""

from collections.abc import Callable

from pos_exporter.orders_lost import enter_lost
from tests.model.choosing import cart, pick
from tests.model.goods import BOUGHT, KEYS, LARGE, SMALL
from tests.model.ground import Ground
from tests.model.moments import Watch
from tests.model.oracle import kept_by, uid_of
from tests.model.shop import STATES, WebOrder


class Customers:
    """Customers and the back office.

    Args:
        ground: Where they are.
        watch: Told of every order that comes.
    """

    def __init__(self, ground: Ground, watch: Watch) -> None:
        self._ground = ground
        self._watch = watch

    def do_place(self, first: int, units: int, second: int, more: int, state: int) -> None:
        """A customer orders one or two things."""
        bought = cart(first, units, second, more)
        self._watch.came(self._ground.shop.place(bought, pick(STATES, state)))

    def do_begin(
        self, first: int, units: int, second: int, more: int, state: int, shown: int
    ) -> None:
        """A customer's order is being placed: it has no state yet."""
        bought = cart(first, units, second, more)
        becomes = pick(STATES, state)
        self._watch.came(self._ground.shop.begin(bought, becomes, shown=shown % (len(bought) + 1)))

    def do_finish(self, which: int) -> None:
        """The shop comes to the end of placing an order."""
        open_ones = [one for one in self._ground.shop.orders.values() if one.state == 0]
        if open_ones:
            self._ground.shop.finish(pick(open_ones, which))

    def do_state(self, which: int, state: int) -> None:
        """An order gets another state."""
        self._with_order(which, lambda one: self._ground.shop.set_state(one, pick(STATES, state)))

    def do_edit(self, which: int, line: int, what: int, units: int) -> None:
        """Somebody edits an order's lines.

        Not so that an order of before the pairing loses one, nor one that nobody has read, in a
        shop that puts nothing back for it: what it was, only the night tells.
        """
        ground = self._ground

        def edit(order: WebOrder) -> None:
            uid = uid_of(order)
            is_unseen = not ground.shop.edits_move and uid not in ground.oracle.orders
            if units or not (is_unseen or uid in ground.oracle.contained):
                ground.shop.edit(order, line % 3, pick(BOUGHT, what), units)

        self._with_order(which, edit)

    def do_credit(self, which: int) -> None:
        """Somebody makes a credit slip."""
        self._with_order(which, self._ground.shop.credit)

    def do_remake(self, which: int) -> None:
        """A combination is deleted and made anew, and the agent's catalogue links it."""
        key = pick((SMALL, LARGE), which)
        if (
            not self._ground.running
            and self._ground.rig.link_of("variant", key[2:]) == self._ground.shop.combinations[key]
        ):
            self._ground.shop.remake(key)
            self._ground.adopt()

    def _with_order(self, which: int, do: Callable[[WebOrder], None]) -> None:
        if self._ground.shop.orders:
            do(pick([one for _, one in sorted(self._ground.shop.orders.items())], which))


class TillPeople:
    """Those at the till.

    Args:
        ground: Where they are.
    """

    def __init__(self, ground: Ground) -> None:
        self._ground = ground
        self._uncounted: set[str] = set()  # while the till is being read

    def begin_run(self) -> None:
        """Let a program begin: what was put back before it is in its reading."""
        self._uncounted.clear()

    def do_sell(self, key: int, units: int) -> None:
        """The till sells."""
        self._ground.till.sell(pick(BOUGHT, key), units)

    def do_receive(self, key: int, units: int) -> None:
        """The till takes back, or receives a delivery."""
        self._ground.till.sell(pick(BOUGHT, key), -units)

    def do_count(self, which: int, part: int) -> None:
        """Somebody deducts a web order at the till, or a part of it.

        Not one that was put back while the till is being read: no three readings tell that.
        """
        if self._ground.till.orders:
            uid = pick(list(self._ground.till.orders), which)
            if uid in self._uncounted:
                return
            self._ground.till.count(uid, pick(KEYS, part) if part >= 0 else None)

    def do_uncount(self, which: int) -> None:
        """Somebody puts a web order's units back at the till."""
        if self._ground.till.counted:
            uid = pick(list(self._ground.till.counted), which)
            self._ground.till.uncount(uid)
            if self._ground.running == "pos":
                self._uncounted.add(uid)

    def do_follow(self, which: int) -> None:
        """Somebody brings a web order to what the shop says now, at a till that cannot be told."""
        if self._ground.till.takes_changes:
            return
        orders = {uid_of(one): one for one in self._ground.shop.orders.values()}
        known = [uid for uid in self._ground.till.orders if uid in orders]
        if known:
            uid = pick(known, which)
            self._ground.till.follow(uid, kept_by(orders[uid]))

    def do_click(self) -> None:
        """A person has the orders that the till lost enter again."""
        if not self._ground.running:
            with self._ground.rig.pos.engine.begin() as connection:
                enter_lost(connection)
