"""The catalogue's floor with special prices, and a clock that both sides share.

with open_price_floor() as floor:
    floor.say(an_article("1"), Promotion(key="P", article="1", percent=Decimal(20)))
    floor.run()
    floor.paid("1")          # Decimal("39.92"): what a visitor pays
    floor.rows()             # the shop's specific prices
"""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from decimal import Decimal

from sqlalchemy import Engine, make_url

from demo.prestashop import Shop, serve
from protocol.program.engine import make_engine
from protocol.records import Axis, AxisValue, Price, Variant
from shop_agent.apply import Desk
from shop_agent.catalogue import Catalogue
from shop_agent.prestashop.client import Webservice
from shop_agent.prestashop.entities import Entity, Write
from shop_agent.prestashop.http import Http, Timeouts, open_session
from shop_agent.replica import Replica
from shop_agent.report import Report
from shop_agent.specific_prices import SpecificPrices
from shop_agent.state import METADATA
from shop_agent.switch import Switch
from tests.shop_agent.shop_floor import KEY, NOW, Floor

CUSTOMERS = 3  # the shop's usual group
SIZES = (Axis(key="S", name={"fr": "Pointure"}),
         AxisValue(key="40", axis="S", name={"fr": "40"}),
         AxisValue(key="41", axis="S", name={"fr": "41"}))  # fmt: skip


def a_variant(size: str, price: str | None = None, article: str = "1") -> Variant:
    """Return the variant `<article>-<size>`, with a price of its own or its article's."""
    own = None if price is None else Price(amount=Decimal(price))
    key = f"{article}-{size}"
    return Variant(key=key, article=article, values=(size,), reference=key, price=own)


@dataclass
class Watch:
    """The time, UTC, as both the shop and the agent read it."""

    now: datetime = NOW

    def __call__(self) -> datetime:
        return self.now

    def passes(self, **how_long: float) -> None:
        """Let time pass."""
        self.now += timedelta(**how_long)


class PriceFloor(Floor):
    """A floor whose passes do special prices too."""

    def __init__(self, shop: Shop, webservice: Webservice, engine: Engine, watch: Watch) -> None:
        super().__init__(shop, webservice, engine)
        self.watch = watch

    def run(self, *, full: bool = False, dry: bool = False) -> Report:
        """Carry out what a pass does of the catalogue and of special prices."""
        desk, profile = self._desk(dry), self.profile()
        Catalogue(desk, profile).run(full=full)
        SpecificPrices(desk, profile).run(full=full)
        Switch(desk, profile).run(full=full)
        return desk.report

    def price_pass(self, *, full: bool = False) -> Report:
        """Carry out special prices alone; the shop's log holds this pass's requests alone."""
        desk, profile = self._desk(dry=False), self.profile()
        self.shop.clear_requests()
        SpecificPrices(desk, profile).run(full=full)
        return desk.report

    def _desk(self, dry: bool) -> Desk:
        return replace(super()._desk(dry), clock=self.watch)

    def rows(self) -> list[Entity]:
        """Return every specific price of the shop, by id."""
        return self.all("specific_prices")

    def add_row(self, article: str, **fields: str) -> int:
        """Have a person make a specific price of an article; return its id."""
        usual = {
            "id_shop": "1", "id_shop_group": "0", "id_cart": "0",
            "id_product": str(self.ps_id("article", article)), "id_product_attribute": "0",
            "id_currency": "0", "id_country": "0", "id_group": "0", "id_customer": "0",
            "price": "-1", "from_quantity": "1", "reduction": "0.05", "reduction_tax": "1",
            "reduction_type": "percentage", "from": "0000-00-00 00:00:00",
            "to": "0000-00-00 00:00:00",
        }  # fmt: skip
        return self.webservice.create("specific_prices", Write(None, {**usual, **fields})).id

    def ps_id(self, kind: str, key: str) -> int:
        """Return the PrestaShop id of a fact."""
        with self.engine.connect() as connection:
            return Replica(connection).links()(kind, key) or 0

    def paid(
        self, article: str, variant: str = "", *, group: int = CUSTOMERS, quantity: int = 1
    ) -> Decimal:
        """Return what a customer pays for one unit, as the shop computes it."""
        options = {
            "use_tax": "1", "decimals": "2", "group": str(group), "quantity": str(quantity),
            "product_attribute": str(self.ps_id("variant", variant)),
        }  # fmt: skip
        query = [("display", "[id,paid]"), ("filter[id]", f"[{self.ps_id('article', article)}]")]
        query += [(f"price[paid][{name}]", value) for name, value in options.items()]
        answer = self.webservice.ask("GET", "products", "products", tuple(query))
        text = answer.body.decode().partition("<paid>")[2].partition("</paid>")[0]
        return Decimal(text.replace("<![CDATA[", "").replace("]]>", "").strip())


@contextmanager
def open_price_floor() -> Iterator[PriceFloor]:
    """Give a new simulated shop without products, and an agent that knows nothing yet."""
    engine, watch = make_engine(make_url("sqlite://")), Watch()
    METADATA.create_all(engine)
    with Shop(None, key=KEY, clock=watch) as shop, serve(shop) as server:
        http = Http(server.url, KEY, open_session(), Timeouts())
        with Webservice(http) as webservice:
            yield PriceFloor(shop, webservice, engine, watch)
    engine.dispose()
