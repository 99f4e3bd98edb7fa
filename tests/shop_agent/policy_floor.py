"""A floor on which whole passes over the shop are played, with the merchant's choices and brakes.

with open_policy_floor() as floor:
    floor.load(*shop_of(100))
    floor.choose(mode="observe")
    done = floor.whole()                # a pass but for the orders
    floor.approve("deactivations", 57)  # as the till's packet would
"""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import timedelta
from decimal import Decimal
from typing import Any

from sqlalchemy import Engine, make_url, select

from demo.prestashop import Shop, serve
from protocol.keys import new_keys
from protocol.link.outbox import Outbox
from protocol.program.engine import make_engine
from protocol.records import Approval, HeldClass, Price, Record, Stock, parse_record, record_from
from shop_agent.apply import Desk, OutOfTimeError
from shop_agent.held import HeldNow, Holds, held_classes, receive_approval
from shop_agent.modes import write_shop
from shop_agent.prestashop.client import Webservice
from shop_agent.prestashop.http import Http, Timeouts, open_session
from shop_agent.reconcile.brakes import FIRST_LOAD
from shop_agent.reconcile.policy import Lock, effective
from shop_agent.replica import Replica
from shop_agent.report import Report
from shop_agent.state import LINK, METADATA
from tests.equipment.counting_proxy import CountingProxy
from tests.shop_agent.shop_floor import KEY, NOW, RATE, Floor, Quiet, an_article


@dataclass(frozen=True)
class Pass:
    """What one pass did: its account, and the requests that may have changed the shop."""

    report: Report
    writes: int


class PolicyFloor(Floor):
    """A floor with a proxy before the shop and a lock of the agent's own.

    Args:
        shop: The simulated shop.
        webservice: Asks it through the proxy.
        engine: The agent's state.
        proxy: Counts.
    """

    def __init__(
        self, shop: Shop, webservice: Webservice, engine: Engine, proxy: CountingProxy
    ) -> None:
        super().__init__(shop, webservice, engine)
        self.proxy = proxy
        self.now = NOW
        self.lock = Lock()
        self.outbox = Outbox(LINK, new_keys("shop", label="floor"))

    def load(self, *records: Record) -> None:
        """Bring some facts into the shop, the first load accepted."""
        self.say(*records)
        self.whole(accept=(FIRST_LOAD,))

    def whole(
        self, *, full: bool = False, accept: Sequence[str] = (), only_stock: bool = False,
        dry: bool = False, has_time: bool = True,
    ) -> Pass:  # fmt: skip
        """Carry out a pass of the agent but for what it reads of orders.

        Without time it is stopped as soon as it may be.
        """
        self.now += timedelta(minutes=5)
        with self.engine.connect() as connection:
            replica = Replica(connection)
            links, choices = replica.links(), effective(replica.policy(), self.lock)
        report, moment = Report(dry=dry), self.now
        desk = Desk(
            self.engine, self.webservice, self.outbox, links, lambda: moment, report,
            choices=choices, has_time=lambda: has_time,
        )  # fmt: skip
        desk.holds = Holds(self.engine, self.outbox, lambda: moment, accept=accept, dry=dry)
        self.proxy.clear()
        try:
            write_shop(
                desk, Quiet(), self.profile(), lambda: 0.0, full=full, only_stock=only_stock,
                touched=(),
            )  # fmt: skip
        except OutOfTimeError:
            report.more_to_do = True
        desk.holds.finish(complete=not (only_stock or report.more_to_do))
        report.classes = {one.key: (one.count, one.of) for one in desk.holds.held()}
        return Pass(report, len(self.proxy.write_requests()))

    def approve(self, key: str, up_to: int, *, hours: int = 24) -> None:
        """Have a person at the till say yes."""
        self._approval = Approval(key=key, up_to=up_to, until=self.now + timedelta(hours=hours))
        self.approve_again()

    def approve_again(self) -> None:
        """Have the till say its last yes once more, as it does after a loss."""
        with self.engine.begin() as connection:
            receive_approval(connection, self._approval)

    def forget(self) -> None:
        """Lose the agent's whole memory."""
        with self.engine.begin() as connection:
            for table in reversed(METADATA.sorted_tables):
                connection.execute(table.delete())
        self.say(RATE)

    def held(self) -> dict[str, HeldNow]:
        """Return the classes that are held, by key."""
        with self.engine.connect() as connection:
            return {one.key: one for one in held_classes(connection)}

    def told(self) -> list[HeldClass]:
        """Return the last word on each class that waits to be sent to the till."""
        table = LINK.queue
        with self.engine.connect() as connection:
            rows = connection.execute(select(table).order_by(table.c.id)).all()
        records = [parse_record(row.body, place="queue") for row in rows]
        return [one for one in records if isinstance(one, HeldClass)]

    def tables(self) -> dict[str, list[tuple[object, ...]]]:
        """Return everything that the shop holds, table by table."""
        names = self.shop.query("SELECT name FROM sqlite_master WHERE type = 'table'")
        return {
            str(row["name"]): [
                tuple(dict(one).values())
                for one in self.shop.query(f"SELECT * FROM {row['name']}")  # noqa: S608 - its names
            ]
            for row in names
        }

    def active(self) -> dict[str, bool]:
        """Return which products are on, by reference."""
        return {one.text("reference"): one.flag("active") for one in self.all("products")}

    def stock(self) -> dict[str, int]:
        """Return what the shop shows of each product, by reference."""
        references = {one.id: one.text("reference") for one in self.all("products")}
        return {
            references[row.whole("id_product")]: row.whole("quantity")
            for row in self.all("stock_availables")
            if not row.whole("id_product_attribute")
        }


def shop_of(count: int) -> list[Record]:
    """Return so many simple articles of 49.90 (A000 and up), ten of each there."""
    articles: list[Record] = [an_article(f"A{n:03}") for n in range(count)]
    return [*articles, *(Stock(key=f"a:A{n:03}", quantity=10) for n in range(count))]


def priced(key: str, amount: str, **changes: Any) -> Record:
    """Return one of those articles at another price."""
    return an_article(key, price=Price(amount=Decimal(amount)), **changes)


def sized(article: str, *sizes: str, price: str | None = None) -> list[Record]:
    """Return an article's variants in some sizes, with their axis, ten of each there."""
    said: list[dict[str, Any]] = [{"kind": "axis", "key": "size", "name": {"fr": "Taille"}}]
    for size in sizes:
        key = f"{article}-{size}"
        said += [
            {"kind": "axis_value", "key": size, "axis": "size", "name": {"fr": size}},
            {"kind": "variant", "key": key, "article": article, "values": [size], "reference": key}
            | ({"price": {"amount": price}} if price else {}),
            {"kind": "stock", "key": f"v:{key}", "quantity": "10"},
        ]
    return [record_from(one, place="test") for one in said]


@contextmanager
def open_policy_floor() -> Iterator[PolicyFloor]:
    """Give a new simulated shop without products behind a counting proxy."""
    engine = make_engine(make_url("sqlite://"))
    METADATA.create_all(engine)
    with (
        Shop(None, key=KEY) as shop,
        serve(shop) as server,
        CountingProxy(server.url) as proxy,
        Webservice(Http(proxy.url, KEY, open_session(), Timeouts())) as webservice,
    ):
        yield PolicyFloor(shop, webservice, engine, proxy)
    engine.dispose()
