"""One order's life in a simulated PrestaShop: placed, told, cancelled, answered, released."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from decimal import Decimal

import pytest
from sqlalchemy import Connection, create_engine

from demo.prestashop import Shop, serve
from protocol.records import Order
from shop_agent.orders.book import fate, note, offer
from shop_agent.orders.bundles import Cursor
from shop_agent.orders.collect import read_changed, read_customers, read_new_light
from shop_agent.orders.documents import order_document, revision, totals_gap
from shop_agent.orders.offers import by_sellable
from shop_agent.orders.positions import get_cursor, move_cursor
from shop_agent.orders.rereading import known_by, to_read_again
from shop_agent.orders.reserving import reserved
from shop_agent.orders.roles import role_of
from shop_agent.prestashop.client import Webservice
from shop_agent.prestashop.http import Http, open_session
from shop_agent.profile import Profile, read_profile
from shop_agent.state import METADATA

KEY = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567"


class Watch:
    """A clock that moves when told."""

    def __init__(self) -> None:
        self.now = datetime(2026, 11, 24, 9, 0, 0, tzinfo=UTC)

    def __call__(self) -> datetime:
        return self.now

    def later(self, minutes: int) -> None:
        self.now += timedelta(minutes=minutes)


class Pass:
    """The reading half of a pass: read, note, offer, move the cursor."""

    def __init__(self, shop: Webservice, url: str, connection: Connection, watch: Watch) -> None:
        self.shop = shop
        self.connection = connection
        self.watch = watch
        self.profile: Profile = read_profile(shop, url)

    def read(self) -> list[Order]:
        changes = read_changed(
            self.shop,
            self.profile,
            get_cursor(self.connection),
            now=self.watch.now,
            ids=to_read_again(self.connection),
            is_known=known_by(self.connection),
        )
        documents = []
        for bundle in changes.bundles:
            role = role_of(bundle.light.state, self.profile)
            document = order_document(bundle, self.profile, lambda product, combination: None)
            note(self.connection, bundle.light, role)
            if offer(self.connection, document, bundle.light.date_upd):
                documents.append(document)
        move_cursor(self.connection, changes.cursor)
        return documents


@pytest.fixture
def watch() -> Watch:
    return Watch()


@pytest.fixture
def simulated(watch: Watch) -> Iterator[Shop]:
    with Shop(None, key=KEY, clock=watch, fixtures=True) as shop:
        yield shop


@pytest.fixture
def agent(simulated: Shop, watch: Watch) -> Iterator[Pass]:
    engine = create_engine("sqlite://")
    METADATA.create_all(engine)
    with (
        serve(simulated) as server,
        Webservice(Http(server.url, KEY, open_session(backoff=0))) as webservice,
        engine.begin() as connection,
    ):
        yield Pass(webservice, server.url, connection, watch)
    engine.dispose()


def test_fixture_orders_add_up(agent: Pass) -> None:
    documents = agent.read()
    assert len(documents) == 5
    assert [totals_gap(document) for document in documents] == [Decimal(0)] * 5
    assert {document.timezone for document in documents} == {"Europe/Paris"}


def test_an_order_is_placed_told_cancelled_and_released(
    simulated: Shop, agent: Pass, watch: Watch
) -> None:
    agent.read()
    settings = agent.profile.settings
    watch.later(30)
    placed = simulated.place_order("zoe@example.com", [(1, 1, 2)])
    between = read_new_light(agent.shop, agent.profile, get_cursor(agent.connection))
    assert between[-1].id == placed

    (document,) = agent.read()
    assert (document.shop_id, document.customer.email) == (placed, "zoe@example.com")
    assert totals_gap(document) == 0
    assert document.lines[0].tax_rate == 20
    assert reserved(agent.connection, by_sellable)[(1, 1)] == {document.key: 2}
    assert fate(agent.connection, document.key, revision(document), "imported")

    simulated.clear_requests()
    assert agent.read() == []
    assert len(simulated.requests()) == 1

    watch.later(30)
    simulated.set_state(placed, int(settings["PS_OS_CANCELED"]))
    (cancelled,) = agent.read()
    assert (cancelled.key, cancelled.state.role) == (document.key, "cancelled")
    assert reserved(agent.connection, by_sellable)[(1, 1)] == {document.key: 2}
    assert fate(agent.connection, document.key, revision(cancelled), "imported")
    assert (1, 1) not in reserved(agent.connection, by_sellable)


def test_the_customer_of_an_order_is_read_too(simulated: Shop, agent: Pass, watch: Watch) -> None:
    first = read_customers(agent.shop, agent.profile, Cursor(), now=watch.now)
    watch.later(30)
    simulated.place_order("zoe@example.com", [(1, 1, 1)])
    again = read_customers(agent.shop, agent.profile, first.cursor, now=watch.now)
    (zoe,) = again.bundles
    assert zoe.customer.text("email") == "zoe@example.com"
    assert zoe.address is not None
