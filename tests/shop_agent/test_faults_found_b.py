"""Faults that a second reading found in the agent's catalogue; none may come back."""

from collections.abc import Iterator
from contextlib import contextmanager, suppress
from decimal import Decimal

import pytest
from sqlalchemy import delete, make_url, update

from demo.prestashop import Shop, serve
from demo.prestashop.faults import Kind
from protocol.errors import ComptoirError
from protocol.program.engine import make_engine
from protocol.records import Category, Price, Promotion, Supplier, TaxRate
from shop_agent.actions import Subject
from shop_agent.prestashop.client import Webservice
from shop_agent.prestashop.http import Http, Timeouts, open_session
from shop_agent.pricing import Pricing
from shop_agent.reconcile.policy import Lock, effective
from shop_agent.replica import Replica
from shop_agent.state import METADATA, STATE
from tests.shop_agent.price_floor import SIZES, PriceFloor, Watch, a_variant, open_price_floor
from tests.shop_agent.shop_floor import FR, KEY, Floor, an_article


@pytest.fixture
def floor() -> Iterator[PriceFloor]:
    with open_price_floor() as floor:
        yield floor


def shop_price(floor: PriceFloor, variant: str = "") -> Decimal:
    return floor.price(floor.ps_id("article", "1"), floor.ps_id("variant", variant))


def refuse_article(floor: PriceFloor) -> None:
    """Have a text of people's keep the shop from taking any change of the product."""
    rename = "UPDATE products_lang SET name = 'a <b>name</b>' WHERE id_lang = 2"
    floor.shop.execute(rename)


def test_a_variant_that_loses_its_own_price_waits_for_its_articles(floor: PriceFloor) -> None:
    floor.say(*SIZES, an_article("1"), a_variant("40", "60.00"), a_variant("41"))
    floor.run()
    assert (shop_price(floor, "1-40"), shop_price(floor, "1-41")) == (
        Decimal("60.00"), Decimal("49.90"),
    )  # fmt: skip
    refuse_article(floor)
    floor.say(an_article("1", price=Price(amount=Decimal("70.00"))), a_variant("40"))
    floor.run()
    assert shop_price(floor, "1-40") == Decimal("60.00")
    assert floor.fates()[Subject("variant", "1-40")][0] == "waiting"


def test_a_variant_waits_for_its_articles_tax_too(floor: PriceFloor) -> None:
    floor.say(*SIZES, TaxRate(key="R", rate=Decimal("5.5")))
    floor.say(an_article("1", price=Price(amount=Decimal("12.00"))), a_variant("40", "24.00"))
    floor.run()
    assert shop_price(floor, "1-40") == Decimal("24.00")
    refuse_article(floor)
    # The same 10.00 without tax: only the rate moves.
    floor.say(an_article("1", price=Price(amount=Decimal("10.55")), tax_rate="R"))
    floor.say(a_variant("40", "22.00"))
    floor.run()
    assert shop_price(floor, "1-40") == Decimal("24.00")


def test_a_withdrawn_promotion_ends_though_its_article_cannot_be_priced(
    floor: PriceFloor,
) -> None:
    floor.say(an_article("1"), Promotion(key="P", article="1", percent=Decimal(20)))
    floor.run()
    assert len(floor.rows()) == 1
    floor.say(an_article("1", tax_rate="not-there"))
    floor.run()
    assert len(floor.rows()) == 1  # what still stands stays
    floor.bury("promotion", "P", "vanished")
    floor.run()
    assert floor.rows() == []


def test_of_a_category_too(floor: PriceFloor) -> None:
    floor.say(Category(key="F", name={"fr": "Bottes"}, parent=None))
    floor.say(an_article("1", categories=("F",)))
    floor.say(Promotion(key="P", category="F", percent=Decimal(20)))
    floor.run()
    assert len(floor.rows()) == 1
    floor.say(an_article("1", tax_rate="not-there", categories=("F",)))
    floor.run()
    assert len(floor.rows()) == 1
    floor.bury("promotion", "P", "vanished")
    floor.run()
    assert floor.rows() == []


def test_categories_in_a_circle_are_not_written_as_one(floor: PriceFloor) -> None:
    names = [Category(key=key, name={"fr": key}, parent=None) for key in ("A", "B", "C")]
    floor.say(*names)
    floor.run()
    before = {one.id: one.text("id_parent") for one in floor.all("categories")}
    floor.say(
        Category(key="A", name={"fr": "A"}, parent="B"),
        Category(key="B", name={"fr": "B"}, parent="A"),
        Category(key="C", name={"fr": "C"}, parent="C"),
    )
    floor.run()
    assert {one.id: one.text("id_parent") for one in floor.all("categories")} == before
    assert floor.fates()[Subject("category", "A")][0] == "waiting"
    floor.say(Category(key="B", name={"fr": "B"}, parent=None))
    floor.run(full=True)
    a, b = floor.ps_id("category", "A"), floor.ps_id("category", "B")
    after = {one.id: one.text("id_parent") for one in floor.all("categories")}
    assert after[a] == str(b)


def test_texts_of_an_adopted_product_stay_when_the_till_changes_its_own(floor: PriceFloor) -> None:
    floor.say(an_article("1", description={"fr": "<p>Caisse</p>"}))
    floor.run()
    product = floor.ps_id("article", "1")
    floor.shop.execute("UPDATE products_lang SET description = '<p>Le site</p>', name = 'Du site'")
    forget(floor)
    floor.run(full=True)
    assert floor.ps_id("article", "1") == product
    floor.say(an_article("1", name={"fr": "Neuf"}, description={"fr": "<p>Caisse 2</p>"}))
    floor.run()
    shown = floor.product("REF-1")
    assert shown.texts("name")[FR] == "Du site"
    assert shown.texts("description")[FR] == "<p>Le site</p>"
    assert floor.take_back(Subject("article", "1"), "description", FR)  # a person's choice
    floor.run()
    assert floor.product("REF-1").texts("description")[FR] == "<p>Caisse 2</p>"
    assert floor.run(full=True).counts == {}


@pytest.mark.parametrize("variant", ["1-41", "1-40"])
def test_a_price_that_a_person_set_after_a_lost_write_is_the_tills_again(
    floor: PriceFloor, variant: str
) -> None:
    floor.say(*SIZES, an_article("1"), a_variant("40", "60.00"), a_variant("41"))
    floor.run()
    resource = "combinations" if variant == "1-40" else "products"
    floor.say(an_article("1", price=Price(amount=Decimal("55.00"))), a_variant("40", "66.00"))
    floor.shop.fail_next("reset", method="PATCH", path=f"/api/{resource}", times=30)
    with suppress(ComptoirError):
        floor.run()
    floor.shop.faults.clear()
    ps_id = floor.ps_id("variant", variant) if variant == "1-40" else floor.ps_id("article", "1")
    floor.shop.execute(f"UPDATE {resource} SET price = '7' WHERE id = ?", ps_id)  # noqa: S608 - ours
    for _ in range(2):
        floor.run()
    assert shop_price(floor, variant) == Decimal("66.00" if variant == "1-40" else "55.00")
    assert floor.run(full=True).counts == {}


def test_the_shops_ecotax_may_be_switched_on_and_off(floor: PriceFloor) -> None:
    rules = {"ecotax": Decimal("2.40")}
    floor.say(*SIZES, an_article("1", **rules), a_variant("40", "60.00"), a_variant("41"))
    for setting in ("0", "1", "0"):
        floor.shop.execute(
            "UPDATE configurations SET value = ? WHERE name = 'PS_USE_ECOTAX'", setting
        )
        if setting == "0":  # as PrestaShop does when it is switched off
            floor.shop.execute("UPDATE products SET ecotax = '0'")
        floor.run(full=True)
        assert (shop_price(floor, "1-40"), shop_price(floor, "1-41")) == (
            Decimal("60.00"), Decimal("49.90"),
        )  # fmt: skip
        assert floor.run(full=True).counts == {}


def test_a_promotion_on_each_of_many_articles_looks_at_its_own_alone(floor: PriceFloor) -> None:
    said = [an_article(str(number)) for number in range(1, 31)]
    floor.say(*said)
    floor.say(*(Promotion(key=f"P{one.key}", article=one.key, percent=Decimal(20)) for one in said))
    floor.run()
    assert len(floor.rows()) == 30
    with floor.engine.connect() as connection:
        replica = Replica(connection)
        choices = effective(replica.policy(), Lock())
        pricing = Pricing(replica, replica.links(), floor.profile(), choices)
        found = {one.key: pricing.promotions_of(replica, one.key) for one in said}
    assert {key: [term.fact.key for term in terms] for key, terms in found.items()} == {
        one.key: [f"P{one.key}"] for one in said
    }


@pytest.mark.parametrize("kind", ["reset", "apply_then_reset", "500", "apply_then_500"])
@pytest.mark.parametrize("resource", ["products", "combinations", "product_suppliers"])
def test_a_creation_without_an_answer_is_made_once_and_closed(
    floor: PriceFloor, resource: str, kind: Kind
) -> None:
    floor.say(*SIZES, Supplier(key="s", name="Tannerie"))
    floor.say(an_article("1", suppliers=({"supplier": "s"},)), a_variant("40"), a_variant("41"))
    floor.shop.fail_next(kind, method="POST", path=f"/api/{resource}")
    with suppress(ComptoirError):
        floor.run()
    for _ in range(2):
        floor.run(full=True)
    made = [len(floor.all(one)) for one in ("products", "combinations", "product_suppliers")]
    assert made == [1, 2, 1]
    assert floor.intents() == 0
    assert floor.run(full=True).counts == {}


def forget(floor: Floor) -> None:
    """Take from the agent all it knows of what it wrote."""
    with floor.engine.begin() as connection:
        for table in (STATE.written, STATE.shop_link, STATE.intent):
            connection.execute(delete(table))
        connection.execute(update(STATE.fact).values(dirty=True))


@contextmanager
def open_old_floor(version: str) -> Iterator[PriceFloor]:
    """Give a floor whose shop is of another version."""
    engine, watch = make_engine(make_url("sqlite://")), Watch()
    METADATA.create_all(engine)
    with Shop(None, key=KEY, clock=watch, version=version) as shop, serve(shop) as server:
        http = Http(server.url, KEY, open_session(), Timeouts())
        with Webservice(http) as webservice:
            yield PriceFloor(shop, webservice, engine, watch)
    engine.dispose()


@pytest.mark.parametrize("version", ["1.6.1.24", "1.7.8.11", "8.2.1", "9.0.0"])
def test_what_a_version_lacks_is_neither_written_nor_remembered(version: str) -> None:
    with open_old_floor(version) as floor:
        floor.say(*SIZES, Supplier(key="s", name="Tannerie"))
        said = {"nature": "standard", "condition": "new", "suppliers": ({"supplier": "s"},)}
        floor.say(an_article("1", when_out_of_stock="allow", **said), a_variant("40", "60.00"))
        floor.say(an_article("2"), a_variant("41", article="2"))
        floor.say(an_article("3", nature="pack", parts=({"variant": "2-41", "quantity": "2"},)))
        floor.say(Promotion(key="P", article="1", percent=Decimal(20)))
        for _ in range(2):
            floor.run()
        floor.shop.clear_requests()
        assert floor.run(full=True).counts == {}
        floor.say(an_article("1", isbn="2070368228", mpn="M-1", when_out_of_stock="allow", **said))
        floor.say(a_variant("40", "60.00").model_copy(update={"isbn": "2070368228"}))
        changed = floor.run().counts
        lacks = floor.webservice.lacks("products")
        assert bool(changed) is not ({"isbn", "mpn"} <= lacks)
        floor.shop.clear_requests()
        assert floor.run(full=True).counts == {}
        assert floor.intents() == 0
        assert [r.method for r in floor.shop.requests() if r.method != "GET"] == []


def test_an_isbn_does_not_take_a_product_of_1_6_through_a_rewriting() -> None:
    with open_old_floor("1.6.1.24") as floor:
        floor.say(an_article("1"))
        floor.run()
        floor.shop.clear_requests()
        floor.say(an_article("1", isbn="2070368228", mpn="M-1"))
        assert floor.run().counts == {}
        assert [r.method for r in floor.shop.requests() if r.method != "GET"] == []
        assert floor.fates()[Subject("article", "1")] == ("applied", None)
