"""What the site should show, worked out without our code: from the shop's orders and the till.

It knows what the till was truly offered and has truly answered, whatever a program remembers: a
state that was lost or restored forgets, the oracle does not.

    oracle.limit("v:11", orders)      # the most that the site may show while the till is silent
    oracle.exact("v:11")              # what it shows once everything has been said
"""

from collections.abc import Iterable, Mapping, Set
from dataclasses import dataclass, field

from protocol.records import Fate, Order, Settlement, Stock
from tests.model.goods import added, parts_of, times
from tests.model.profile import URL
from tests.model.shop import CANCELLED, DEAD, ERROR, REFUNDED, WebOrder
from tests.model.till import ModelTill

#: States in which an order keeps nothing of its own accord.
FREE = frozenset({CANCELLED, REFUNDED, ERROR, DEAD})
_FREE_ROLES = frozenset({"cancelled", "refunded", "payment_error", "dead"})
_CLOSING = frozenset({"imported", "ignored"})
_INSTANCE = URL.removeprefix("http://") + "/1"

Units = Mapping[str, int]


def uid_of(order: WebOrder) -> str:
    """Return what names an order for good (SPEC §6.4)."""
    return f"{_INSTANCE}/{order.id}/{order.reference}/{order.added}"


def kept_by(order: WebOrder) -> dict[str, int]:
    """Return what an order keeps by its present state and lines."""
    return {} if order.state in FREE else order.units()


@dataclass(frozen=True)
class Memory:
    """What the agent's state knows of its documents and of the till's words on them."""

    offers: Mapping[str, tuple[tuple[str, Units], ...]]
    taken: Set[str]


#: Of a state that was lost.
NOTHING = Memory({}, frozenset())


@dataclass
class Oracle:
    """The truth about figures.

    Args:
        till: The till.
        buffer: Units kept from the site, as the agent has heard.
        contained: Orders that the till's figures contained at pairing.
        heard: The till's last word on each figure that reached the agent.
        offers: Per order, the documents that may be under way: their hash, and what they keep.
        taken: Orders of which the agent heard that the till took them in.
        orders: What each order kept, by uid, when the agent last read the shop's orders.
        unknown: Orders whose documents the agent has forgotten, and not read since.
        settled: Per order, the units by key that the agent said are in the figures for good.
        lost: What orders kept that went with a restore of the shop.
        doubted: The most that an order bought since the agent's state was lost or put back, until
            the till closes it: a state that forgot cannot know what it offered of it before.
    """

    till: ModelTill
    buffer: int = 0
    contained: set[str] = field(default_factory=set)
    heard: dict[str, Stock] = field(default_factory=dict)
    offers: dict[str, list[tuple[str, Units]]] = field(default_factory=dict)
    taken: set[str] = field(default_factory=set)
    orders: dict[str, Units] = field(default_factory=dict)
    unknown: set[str] = field(default_factory=set)
    settled: dict[str, Units] = field(default_factory=dict)
    lost: dict[str, Units] = field(default_factory=dict)
    doubted: dict[str, Units] = field(default_factory=dict)
    closed: set[str] = field(default_factory=set)
    _has_forgotten: bool = False

    # --- what was said -------------------------------------------------------------------------

    def offered(self, order: Order, digest: str) -> None:
        """Note a document that is on its way to the till."""
        since = self.offers.setdefault(order.key, [])
        if not since or since[-1][0] != digest:
            since.append((digest, _document_units(order)))

    def answered(self, fate: Fate) -> None:
        """Note the till's word on a document, as it reached the agent."""
        since = self.offers.get(fate.of_key, [])
        places = [n for n, (digest, _) in enumerate(since) if digest == fate.of_hash]
        if not places:
            return
        if fate.state == "imported":
            self.taken.add(fate.of_key)
        if fate.state in _CLOSING:
            self.closed.add(fate.of_key)
            self.doubted.pop(fate.of_key, None)
        untaken = fate.state in ("waiting", "refused") and fate.of_key not in self.taken
        if fate.state in _CLOSING or untaken:
            del since[: places[-1]]

    def settles(self, record: Settlement) -> str:
        """Note a settlement; return what is wrong with it: the figures heard must prove it.

        From then on the units are the till's business: what moves there moves the figure alone.
        """
        units = {one.key: one.quantity for one in record.units}
        for key, wanted in units.items():
            if self._counted(record.key, key) < wanted:
                return f"{record.key} settled, {wanted} of {key}, before the till counted it"
        self.settled[record.key] = units
        return ""

    def unsettles(self, uid: str) -> None:
        """Note that an order is settled no more: the till has lost it."""
        self.settled.pop(uid, None)

    def _counted(self, uid: str, key: str) -> int:
        """Return the units of an order that the till's last word contains."""
        stock = self.heard.get(key)
        said = [one.quantity for one in (stock.counted if stock else ()) if one.order == uid]
        return max([0, *said, self.settled.get(uid, {}).get(key, 0)])

    def remembers(self, before: "Memory") -> None:
        """Take from the agent what it has learnt since a backup that it was put back to.

        Of an order that the backup does not know, nobody can know more than what it bought.
        """
        self._has_forgotten = True
        self.closed.clear()
        self.unknown |= self.offers.keys() - before.offers.keys()
        known = {uid: list(since) for uid, since in before.offers.items()}
        self.offers = {**self.offers, **known}
        self.taken = {uid for uid in self.taken if uid not in known} | set(before.taken)

    def memory(self) -> "Memory":
        """Return what the agent knows now of what it offered and heard."""
        return Memory({uid: tuple(since) for uid, since in self.offers.items()}, set(self.taken))

    def read(self, orders: Iterable[WebOrder], put_back: Mapping[str, tuple[Units, Units]]) -> None:
        """Note that the agent has just read these of the shop's orders.

        Args:
            orders: All that are there.
            put_back: Of those that a backup brought back, what they kept as last read and what
                they keep since: nothing tells that they changed, until the night or a person does.
        """
        orders = list(orders)
        for order in orders:
            if uid_of(order) in self.unknown:
                self._cap(uid_of(order), order.units())
        for order in orders:
            uid = uid_of(order)
            if self._has_forgotten and uid not in self.closed:
                self.doubted[uid] = _most(self.doubted.get(uid, {}), order.units())
        self.orders = {uid_of(order): kept_by(order) for order in orders}
        for uid, (former, since) in put_back.items():
            if self.orders.get(uid) == since:
                self.orders[uid] = {k: min(one, former.get(k, 0)) for k, one in since.items()}

    def _cap(self, uid: str, bought: Units) -> None:
        self.unknown.discard(uid)
        self.offers[uid] = [
            (digest, {key: min(one, bought.get(key, 0)) for key, one in units.items()})
            for digest, units in self.offers.get(uid, ())
        ]

    # --- what follows --------------------------------------------------------------------------

    def limit(self, key: str, orders: Mapping[str, Units] | None = None) -> int | None:
        """Return the most that the site may show by what reached the agent; None: nothing yet.

        Args:
            key: Stock key.
            orders: What each order keeps now; those that the agent read last when left out.
        """
        stock = self.heard.get(key)
        if stock is None:
            return None
        present = self.orders if orders is None else orders
        kept = sum(
            max(0, self._reserved(uid, key, present) - self._counted(uid, key))
            for uid in {*present, *self.offers}
            if uid not in self.contained and uid not in self.lost
        )
        return _shown(stock.quantity - kept, self.buffer)

    def exact(self, key: str, orders: Iterable[WebOrder], buffer: int) -> tuple[int, int]:
        """Return the least and the most that the site may show when all has been said.

        They differ by what orders keep that went with a restore of the shop, and by what a state
        that forgot cannot know of orders that the till has not closed.
        """
        present = {uid_of(order): kept_by(order) for order in orders}
        kept = {
            uid: max(0, self._reserved(uid, key, present) - self._contained(uid, key))
            for uid in {*present, *self.offers}
            if uid not in self.contained
        }
        gone = {
            uid: max(kept.get(uid, 0), units.get(key, 0) - self._contained(uid, key), 0)
            for uid, units in self.lost.items()
            if uid not in self.contained
        }
        sure = sum(units for uid, units in kept.items() if uid not in self.lost)
        free = self.till.stock[key] - sure
        doubts = sum(
            max(0, units.get(key, 0) - self._contained(uid, key) - kept.get(uid, 0))
            for uid, units in self.doubted.items()
            if uid not in self.contained and uid not in self.lost
        )
        return _shown(free - sum(gone.values()) - doubts, buffer), _shown(free, buffer)

    def _contained(self, uid: str, key: str) -> int:
        """Return the units of an order that the till's figure contains, now or for good."""
        settled = self.settled.get(uid, {}).get(key, 0)
        return max(self.till.counted.get(uid, {}).get(key, 0), settled)

    def _reserved(self, uid: str, key: str, present: Mapping[str, Units]) -> int:
        most = present.get(uid, {}).get(key, 0)
        return max([most, *(units.get(key, 0) for _, units in self.offers.get(uid, ()))])


def _most(one: Units, other: Units) -> Units:
    return {key: max(one.get(key, 0), other.get(key, 0)) for key in {*one, *other}}


def _shown(free: int, buffer: int) -> int:
    return free if free < 0 else max(0, free - buffer)


def _document_units(order: Order) -> Units:
    if order.state.role in _FREE_ROLES:
        return {}
    lines = (line for line in order.lines if line.stock_key)
    return added(*(times(parts_of(line.stock_key or ""), line.quantity) for line in lines))
