"""Those who act while both programs run: web buyers, the back office, the counter, the clerk.

A buyer takes no more than the site shows, as PrestaShop's front would let them; the webservice does
not look. The clerk does at the till what the exporter says is to be done there: an order that was
changed or cancelled on the site after its entry.

    WebWorker(shop, places, ledger, gate, quota, Random(1)).work()      # in a thread of its own
    Counter(play, keys, ledger, quota, Random(2)).sell_units(300)       # in another
    Clerk(play, keys_of_places, ledger).follow()
"""

import sqlite3
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from random import Random
from uuid import uuid4

import requests
from sqlalchemy import select

from demo.till import receive_goods, sell, set_web_order_state, stock_of
from pos_exporter.state import STATE
from pos_exporter.wiring import wire as wire_exporter
from protocol.records import Order, parse_record
from tests.stories.play import Play
from tests.stories.shopper import Buyer, Line, Shopper
from tests.storm.ledger import Gate, Ledger, Quota
from tests.storm.shop import Place, StormShop

#: States of a fresh shop, by number: what a buyer or the back office may bring an order into.
PAID, PREPARING, SHIPPED, CANCELLED, REFUNDED, ERROR, AWAITING = 2, 3, 4, 6, 7, 8, 10
#: From a living order, as often as it is listed; from one that is over.
_FROM_LIVING = (CANCELLED, CANCELLED, CANCELLED, REFUNDED, ERROR, AWAITING, PREPARING, SHIPPED)
_FROM_OVER = (PAID, PAID, CANCELLED)
_OVER = frozenset({CANCELLED, REFUNDED, ERROR})
_LOOKS, _MOST_LINES, _MOST_UNITS = 10, 2, 2
_MOVED, _EDITED = 0.4, 0.3
_DELIVERED_EVERY, _DELIVERED = 5, 4
_TILL_WAIT = 30
#: How often a buyer comes again who found nothing, and after how many seconds.
_PATIENCE, _COMES_AGAIN = 20, 0.5


@dataclass
class WebWorker:
    """Buys, and works in the back office on the orders it placed.

    Args:
        shop: The shop.
        places: What may be bought.
        ledger: Where acts are counted.
        gate: Passed for each act.
        quota: Orders to place.
        random: Its own.
        rest: Seconds between two acts.
        noted: Called after each act, before anybody may look.
    """

    shop: StormShop
    places: Sequence[Place]
    ledger: Ledger
    gate: Gate
    quota: Quota
    random: Random
    rest: float = 0.0
    noted: Callable[[], None] = lambda: None
    _states: dict[int, int] = field(default_factory=dict)

    def work(self) -> None:
        """Place orders until the quota is met, with edits and moves between them."""
        with self.shop.open_front() as front:
            buyer = Shopper(front).register(f"{uuid4().hex[:12]}@example.com", "Zoé", "Durand")
            while self.quota.take():
                self._buy(buyer)
                if self.random.random() < _MOVED:
                    self._act(lambda: self._unasked(lambda: self._move(buyer)))
                if self.random.random() < _EDITED:
                    self._act(lambda: self._unasked(self._edit))

    def _buy(self, buyer: Buyer) -> None:
        """Place an order as soon as there is something to buy, if that is within reason."""
        before = len(self._states)
        for _ in range(_PATIENCE):
            self._act(lambda: self._place(buyer))
            if len(self._states) > before or self.quota.stop.wait(_COMES_AGAIN):
                return
        self.ledger.count("nothing to buy")

    def _act(self, act: Callable[[], None]) -> None:
        with self.gate.acting():
            try:
                act()
            except requests.HTTPError:
                self.ledger.count("answers of 500")
            self.noted()
        self.quota.stop.wait(self.rest)

    def _place(self, buyer: Buyer) -> None:
        lines = self._choose()
        if not lines:
            return
        order = buyer.place(lines)
        self._states[order] = PAID
        self.ledger.count("placed")
        # Another buyer was faster, after this one had looked.
        stock = self.shop.stock()
        self._count_beyond(sum(min(units, max(0, -stock[p, c])) for p, c, units in lines))

    def _choose(self) -> list[Line]:
        stock = self.shop.stock()
        wanted, chosen = self.random.randint(1, _MOST_LINES), {}
        for place in self.random.sample(self.places, min(_LOOKS, len(self.places))):
            if stock[place] > 0:
                chosen[place] = min(stock[place], self.random.randint(1, _MOST_UNITS))
            if len(chosen) == wanted:
                break
        return [(*place, units) for place, units in chosen.items()]

    def _move(self, buyer: Buyer) -> None:
        if not self._states:
            return
        order = self.random.choice(list(self._states))
        is_over = self._states[order] in _OVER
        state = self.random.choice(_FROM_OVER if is_over else _FROM_LIVING)
        buyer.move(order, state)
        self._states[order] = state
        back = is_over and state not in _OVER
        self.ledger.count("reactivated" if back else f"moved to {state}")

    def _unasked(self, act: Callable[[], None]) -> None:
        """Do what the back office does whatever the site shows; count what it took beyond."""
        before = self.shop.short()
        act()
        self._count_beyond(max(0, self.shop.short() - before))

    def _count_beyond(self, units: int) -> None:
        if units:
            self.ledger.count("units taken beyond what was shown", units)

    def _edit(self) -> None:
        living = [order for order, state in self._states.items() if state not in _OVER]
        if not living:
            return
        order, by = self.random.choice(living), self.random.choice((-1, 1, 1))
        if self.shop.edit_line(order, by=by):
            self.ledger.count("edited up" if by > 0 else "edited down")


@dataclass
class Counter:
    """The counter of the shop: sells what is on the shelves, and takes deliveries.

    Args:
        play: The stage.
        keys: Of what is sold.
        ledger: Where acts are counted.
        quota: The web's orders: the counter sells as they come.
        random: Its own.
    """

    play: Play
    keys: Sequence[int]
    ledger: Ledger
    quota: Quota
    random: Random

    def sell_units(self, units: int) -> None:
        """Sell so many units, one by one; every fifth time goods come for what is lowest."""
        for number in range(units):
            while self.quota.share < number / units and not self.quota.stop.is_set():
                self.quota.stop.wait(0.02)
            if self.quota.stop.is_set():
                return
            with open_patient(self.play) as till:
                stocks = {key: stock_of(till, key) for key in self.keys}
                there = [key for key, figure in stocks.items() if figure > 0]
                if there:
                    sell(till, self.random.choice(there), 1)
                    self.ledger.count("sold at the till")
                if number % _DELIVERED_EVERY == 0:
                    receive_goods(till, min(stocks, key=lambda key: stocks[key]), _DELIVERED)
                    self.ledger.count("delivered to the till", _DELIVERED)


@dataclass
class Clerk:
    """Who follows at the till what the exporter says was changed on the site.

    Args:
        play: The stage.
        ledger: Where acts are counted.
    """

    play: Play
    ledger: Ledger

    def follow(self) -> int:
        """Do all that waits; return how many orders were touched."""
        waiting = self._waiting()
        with open_patient(self.play) as till:
            return sum(self._follow_one(till, order) for order in waiting)

    def _waiting(self) -> list[Order]:
        stage, table = self.play.stage, STATE.web_order
        changed = (table.c.state == "waiting") & table.c.till_key.is_not(None)
        with wire_exporter(stage.exporter(), stage.exporter_wiring) as exporter:
            with exporter.engine.connect() as connection:
                bodies = connection.execute(select(table.c.body).where(changed)).scalars().all()
            keys = exporter.link.keys
            records = [parse_record(keys.open(body), place="web_order") for body in bodies]
        return [record for record in records if isinstance(record, Order)]

    def _follow_one(self, till: sqlite3.Connection, order: Order) -> bool:
        sql = "SELECT ID_CDE, ETAT FROM COMMANDE_WEB WHERE REF_WEB = ?"
        [(number, state)] = till.execute(sql, (order.key,)).fetchall()
        is_over = order.state.role in {"cancelled", "refunded", "payment_error", "dead"}
        changed = False
        if is_over != (state == "ANNULEE"):
            set_web_order_state(till, number, "ANNULEE" if is_over else "A PREPARER")
            self.ledger.count("cancelled at the till" if is_over else "taken up again at the till")
            changed = True
        return changed if is_over else self._follow_lines(till, number, order) or changed

    def _follow_lines(self, till: sqlite3.Connection, number: int, order: Order) -> bool:
        wanted = {position: line.quantity for position, line in enumerate(order.lines, 1)}
        sql = "SELECT NO_LIG, QTE FROM LIGNE_COMMANDE_WEB WHERE ID_CDE = ?"
        held = dict(till.execute(sql, (number,)).fetchall())
        differing = {line: units for line, units in wanted.items() if held.get(line) != units}
        with till:
            for line, units in differing.items():
                sql = "UPDATE LIGNE_COMMANDE_WEB SET QTE = ? WHERE ID_CDE = ? AND NO_LIG = ?"
                assert till.execute(sql, (units, number, line)).rowcount == 1
        if differing:
            self.ledger.count("lines changed at the till", len(differing))
        return bool(differing)


@contextmanager
def open_patient(play: Play) -> Iterator[sqlite3.Connection]:
    """Open the till as somebody who waits until the other one has written."""
    with play.till() as till:
        till.execute(f"PRAGMA busy_timeout = {_TILL_WAIT * 1000}")
        yield till
