"""An agent's catalogue against a simulated shop, without a till or a channel: facts go straight in.

with open_floor() as floor:
    floor.say(TaxRate(key="N", rate=Decimal(20)), article)
    report = floor.run()
    floor.product("BOT-1")          # as the webservice shows it
    floor.fates()                   # {Subject: (state, code)}
"""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import UTC, datetime
from decimal import Decimal

from lxml import etree
from sqlalchemy import Engine, make_url, select

from demo.prestashop import Shop, serve
from protocol.keys import new_keys
from protocol.link.outbox import Outbox
from protocol.link.staging import Delivery
from protocol.packet import Line
from protocol.program.engine import make_engine
from protocol.records import Article, Cause, Policy, Price, Record, TaxRate, Tombstone, parse_record
from protocol.records.lines import record_line
from shop_agent.actions import Subject
from shop_agent.apply import Desk
from shop_agent.catalogue import Catalogue
from shop_agent.prestashop.client import Webservice
from shop_agent.prestashop.entities import Entity
from shop_agent.prestashop.http import Http, Timeouts, open_session
from shop_agent.profile import Profile, read_profile
from shop_agent.reception import Reception
from shop_agent.reconcile.policy import Lock, effective
from shop_agent.reconcile.stock import Floor as Kept
from shop_agent.reconcile.stock import Sellable
from shop_agent.replica import Replica
from shop_agent.report import Report
from shop_agent.state import LINK, METADATA, STATE
from shop_agent.stock import StockWriter
from shop_agent.switch import Switch
from shop_agent.told import Told

KEY = "FLOORSHOPKEY00000000000000000001"
NOW = datetime(2026, 11, 24, 8, 45, tzinfo=UTC)
EN, FR = 1, 2
RATE = TaxRate(key="N", rate=Decimal(20))


def an_article(key: str, **changes: object) -> Article:
    """Return an article of 49.90, in no category, under « REF-<key> »."""
    fields: dict[str, object] = {
        "key": key, "reference": f"REF-{key}", "name": {"fr": f"Article {key}"},
        "price": Price(amount=Decimal("49.90")), "tax_rate": "N",
    }  # fmt: skip
    return Article.model_validate({**fields, **changes})


class Quiet:
    """A shop in which nobody buys."""

    def refresh(self) -> frozenset[Sellable]:
        """Nothing new."""
        return frozenset()

    def reserved(self) -> Mapping[str, Mapping[str, int]]:
        """Nothing is kept."""
        return {}

    def floors(self) -> Mapping[str, Mapping[str, Kept]]:
        """Nothing is settled."""
        return {}

    def without_state(self) -> frozenset[Sellable]:
        """Nothing is being placed."""
        return frozenset()


class Floor:
    """The shop, and the agent's state beside it.

    Args:
        shop: The simulated shop.
        webservice: Asks it.
        engine: The agent's state.
    """

    def __init__(self, shop: Shop, webservice: Webservice, engine: Engine) -> None:
        self.shop = shop
        self.webservice = webservice
        self.engine = engine
        self._sequence = 0
        self.say(RATE)

    # --- the till ----------------------------------------------------------------------------

    def say(self, *records: Record) -> None:
        """Have the till say some facts, as they come out of a packet."""
        read = [parse_record(record_line(record), place="floor") for record in records]
        self._deliver([Line(one.kind, one.key, one, None) for one in read])

    def bury(self, kind: str, key: str, cause: Cause = "discontinued") -> None:
        """Have the till say that a fact is no longer true."""
        self._deliver([Line(kind, key, Tombstone(kind=kind, key=key, gone=cause), None)])

    def choose(self, **choices: object) -> None:
        """Have the merchant choose."""
        self.say(Policy.model_validate({"version": 1, "owners": {}, **choices}))

    def _deliver(self, lines: list[Line]) -> None:
        self._sequence += 1
        with self.engine.begin() as connection:
            delivery = Delivery("catalogue", 1, self._sequence, tuple(lines))
            Reception(connection).receive(delivery)

    # --- the agent ---------------------------------------------------------------------------

    def run(self, *, full: bool = False, dry: bool = False) -> Report:
        """Carry out what a pass does of the catalogue, and its switches."""
        desk, profile = self._desk(dry), self.profile()
        Catalogue(desk, profile).run(full=full)
        Switch(desk, profile).run(full=full)
        return desk.report

    def run_stock(self, *, full: bool = False) -> Report:
        """Carry out what a pass does of stock."""
        desk = self._desk(dry=False)
        StockWriter(desk, Quiet(), self.profile(), elapsed=lambda: 0.0).run(full=full)
        return desk.report

    def desk(self) -> Desk:
        """Return what the writers of a new pass share."""
        return self._desk(dry=False)

    def profile(self) -> Profile:
        """Return the shop as the agent knows it."""
        return read_profile(self.webservice, "http://shop")

    def take_back(self, subject: Subject, field: str, lang: int = 0) -> bool:
        """Give a field back to the till, as a person does by the command."""
        with self.engine.begin() as connection:
            return Replica(connection).take_back(subject, field, lang, NOW)

    def fates(self) -> dict[Subject, tuple[str, str | None]]:
        """Return (state, code of the reason) of everything the till was told of."""
        with self.engine.connect() as connection:
            told = Told(connection).all_told()
        return {
            Subject(one.of_kind, one.of_key): (one.state, one.reason.code if one.reason else None)
            for one in told
        }

    def intents(self) -> int:
        """Return how many writes are unsettled."""
        with self.engine.connect() as connection:
            return len(connection.execute(select(STATE.intent)).all())

    def _desk(self, dry: bool) -> Desk:
        with self.engine.connect() as connection:
            replica = Replica(connection)
            links, choices = replica.links(), effective(replica.policy(), Lock())
        outbox = Outbox(LINK, new_keys("shop", label="floor"))
        report = Report(dry=dry)
        return Desk(
            self.engine, self.webservice, outbox, links, lambda: NOW, report, choices=choices
        )

    # --- the shop ----------------------------------------------------------------------------

    def product(self, reference: str) -> Entity:
        """Return the only product with a reference."""
        [found] = self.webservice.find_any("products", "reference", [reference])
        return found

    def all(self, resource: str) -> list[Entity]:
        """Return every entity of a resource, by id."""
        return list(self.webservice.iter_all(resource))

    def combinations(self, product_id: int) -> list[Entity]:
        """Return a product's combinations, by id."""
        return list(self.webservice.find_any("combinations", "id_product", [product_id]))

    def price(self, product_id: int, combination_id: int = 0) -> Decimal:
        """Return what a visitor pays, as the shop computes it."""
        query = (
            ("display", "[id,paid]"),
            ("filter[id]", f"[{product_id}]"),
            ("price[paid][use_tax]", "1"),
            ("price[paid][use_ecotax]", "1"),
            ("price[paid][decimals]", "6"),
            ("price[paid][product_attribute]", str(combination_id)),
        )
        answer = self.webservice.ask("GET", "products", "products", query)
        paid = etree.fromstring(answer.body).findtext(".//paid")
        return Decimal(paid or "").quantize(Decimal("0.01"))


@contextmanager
def open_floor() -> Iterator[Floor]:
    """Give a new simulated shop without products, and an agent that knows nothing yet."""
    engine = make_engine(make_url("sqlite://"))
    METADATA.create_all(engine)
    with Shop(None, key=KEY) as shop, serve(shop) as server:
        http = Http(server.url, KEY, open_session(), Timeouts())
        with Webservice(http) as webservice:
            yield Floor(shop, webservice, engine)
    engine.dispose()
