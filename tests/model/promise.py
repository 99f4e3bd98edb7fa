"""What must hold while programs run: the judge of what is said, written and shown.

judge = Judge(ground)
judge.queued(record)                  # BrokenPromiseError: a figure that is not true
judge.wrote("v:11")                   # … or more on the site than the orders read allow
judge.end_pass(is_whole=True, heals=False)
"""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select

from protocol.link.staging import Delivery
from protocol.records import Fate, Order, Policy, Record, Settlement, Stock, content_hash
from shop_agent.state import STATE
from tests.model.goods import KEYS
from tests.model.ground import Ground
from tests.model.moments import is_inside


@dataclass(frozen=True)
class Exposure:
    """The site showed more than the formula: an order came between a reading and a write.

    Args:
        seconds: How long.
        in_one_pass: Mended by the pass that made it; otherwise that one was stopped, and the next
            whole one mended it.
    """

    seconds: float
    in_one_pass: bool


@dataclass(eq=False)
class _Offered:
    """A document on its way into the outbox.

    Args:
        document: It.
        digest: Its content hash.
        is_late: It was read once stock was written.
        is_kept: Its transaction was kept.
    """

    document: Order
    digest: str
    is_late: bool
    is_kept: bool = False


class BrokenPromiseError(AssertionError):
    """The promise does not hold."""


class Judge:
    """Asked whether the promise holds.

    Args:
        ground: What it looks at.
    """

    def __init__(self, ground: Ground) -> None:
        self._ground = ground
        self.exposures: list[Exposure] = []
        self.naive_oversold = False
        self._exposed: dict[str, tuple[int, datetime]] = {}  # since which pass, and when
        self._passes = 0
        self._pending: list[_Offered] = []
        self._naive_due: set[str] = set()

    # --- what is said --------------------------------------------------------------------------

    def delivered(self, delivery: Delivery) -> None:
        """Note what the agent has just taken from the till."""
        for line in delivery.lines:
            if isinstance(line.record, Policy):
                self._ground.oracle.buffer = line.record.buffer
            elif isinstance(line.record, Stock):
                self._ground.oracle.heard[line.record.key] = line.record
                self._naive_due.add(line.record.key)
            elif isinstance(line.record, Fate) and line.record.of_kind == "order":
                self._ground.oracle.answered(line.record)

    def queued(self, record: Record) -> None:
        """Note what a program puts into its outbox; its transaction may yet fail."""
        if isinstance(record, Stock):
            self._judge_figure(record)
        elif isinstance(record, Order):
            is_late = not is_inside("_collect", "open_epoch")
            self._pending.append(_Offered(record, content_hash(record), is_late))
        elif isinstance(record, Settlement) and record.void:
            self._ground.oracle.unsettles(record.key)
        elif isinstance(record, Settlement) and self._ground.running == "shop":
            wrong = self._ground.oracle.settles(record)
            if wrong:
                raise BrokenPromiseError(wrong)

    def _judge_figure(self, stock: Stock) -> None:
        """What the till says of a figure is true of it: it contains no less of each order."""
        quantity, counted = self._ground.till.read[stock.key]
        for one in stock.counted:
            if stock.quantity != quantity or one.quantity > counted.get(one.order, 0):
                raise BrokenPromiseError(
                    f"{stock.key}: {stock.quantity} said to contain {one.quantity} of {one.order}, "
                    f"{quantity} contained {counted.get(one.order, 0)}"
                )

    def orders_read(self) -> None:
        """Note what the agent now knows; not what it reads for the till once stock is written."""
        if is_inside("refresh", "_collect", "open_epoch"):
            self._ground.oracle.read(self._ground.shop.orders.values(), self._ground.put_back)
            self._ground.shop.given_back.clear()

    # --- what is written and shown -------------------------------------------------------------

    def begin_pass(self) -> None:
        """Let a pass of the agent begin."""
        self._passes += 1

    def end_pass(self, *, is_whole: bool, heals: bool) -> None:
        """Judge a pass of the agent.

        Args:
            is_whole: It came to its end, with nothing left to do.
            heals: It reads what nothing tells at once that a shop was restored.
        """
        self._keep_offers()
        if is_whole:
            if heals:
                self._ground.is_stale = False
                self._ground.put_back.clear()
            self._judge_naive()
            if not self._ground.is_stale:
                self._judge_pass()
        self._keep_offers(late=True)

    def wrote(self, key: str) -> None:
        """What is written is never above what the orders read last allow."""
        self._keep_offers()
        shown = self._ground.shop.shelf[key]
        limit = self._ground.oracle.limit(key)
        if limit is not None and shown > limit:
            raise BrokenPromiseError(
                f"{key}: {shown} written, {limit} at most by the orders read last"
            )
        now = self._ground.oracle.limit(key, self._ground.present())
        if now is not None and shown > now:
            self._exposed.setdefault(key, (self._passes, self._ground.now))
        else:
            self._end_exposure(key)

    def _end_exposure(self, key: str) -> None:
        since = self._exposed.pop(key, None)
        if since is not None:
            seconds = (self._ground.now - since[1]).total_seconds()
            self.exposures.append(Exposure(seconds, since[0] == self._passes))

    def _judge_pass(self) -> None:
        """After a whole pass the site shows at most what the till's last word and orders allow.

        But for what the shop gave back by itself since its orders were last read.
        """
        oracle, shop = self._ground.oracle, self._ground.shop
        present = self._ground.present()
        for key in KEYS:
            limit = oracle.limit(key, oracle.orders)
            if limit is None:
                continue
            shown = shop.shelf[key] - shop.given_back.get(key, 0)
            if shown > limit and shop.shelf[key] > (oracle.limit(key, present) or 0):
                raise BrokenPromiseError(
                    f"{key}: the site shows {shown} after a pass, {limit} at most"
                )
            self._end_exposure(key)

    def _judge_naive(self) -> None:
        """Do what a plain copy of the till's figures would have done in the agent's place."""
        present = self._ground.present()
        for key in self._naive_due:
            self._ground.shop.naive[key] = self._ground.oracle.heard[key].quantity
        self._naive_due.clear()
        for key in KEYS:
            limit = self._ground.oracle.limit(key, present)
            shown = self._ground.shop.naive[key] - self._ground.shop.given_back.get(key, 0)
            if limit is not None and shown > max(limit, 0):
                self.naive_oversold = True

    def _keep_offers(self, *, late: bool = False) -> None:
        """Keep the documents whose transaction was kept.

        Args:
            late: Also those that were read once stock was written.
        """
        due = [one for one in self._pending if late or not one.is_late]
        if not due:
            return
        order = STATE.web_order
        with self._ground.rig.shop.engine.connect() as connection:
            rows = connection.execute(select(order.c.uid, order.c.revision)).all()
        newest = {row.uid: row.revision for row in rows}
        kept: set[str] = set()
        for one in reversed(self._pending):  # what came before a kept one was kept too
            if newest.get(one.document.key) == one.digest:
                kept.add(one.document.key)
            one.is_kept = one.document.key in kept
        for one in due:
            if one.is_kept:
                self._ground.oracle.offered(one.document, one.digest)
        self._pending = [one for one in self._pending if one not in due]
