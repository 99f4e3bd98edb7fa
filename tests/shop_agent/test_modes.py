"""Modes, pilot and first load on the simulated shop: what is written, and what the till is told."""

from collections.abc import Iterator

import pytest

from protocol.records import FACT_KINDS, Pilot, Record, Stock, record_from
from protocol.strict_json import Json
from shop_agent.actions import Create, SetStock, Subject
from shop_agent.reconcile.policy import Lock
from tests.shop_agent.policy_floor import PolicyFloor, open_policy_floor, priced, shop_of, sized
from tests.shop_agent.shop_floor import an_article

A0, A1 = Subject("article", "A000"), Subject("article", "A001")
STOCK0 = Subject("stock", "a:A000")


@pytest.fixture
def floor() -> Iterator[PolicyFloor]:
    with open_policy_floor() as floor:
        yield floor


def test_observe_plans_everything_and_only_reads(floor: PolicyFloor) -> None:
    floor.choose(mode="observe")
    floor.say(*shop_of(3), *sized("A002", "40", "41"))
    before = floor.tables()
    done = floor.whole(full=True)
    assert floor.tables() == before
    assert {one.method for one in floor.proxy.requests()} <= {"GET", "HEAD"}
    assert done.report.counts == {}
    assert done.report.planned["products"] == {"created": 3}
    assert done.report.planned["combinations"] == {"created": 2}
    assert sum(isinstance(one, Create) for one in done.report.actions) == 3 + 2 + 3
    fates = floor.fates()
    assert {fates[A0], fates[STOCK0], fates[Subject("variant", "A002-40")]} == {
        ("held", "E-HLD-001")
    }


def test_observe_after_a_load_sees_what_it_would_write(floor: PolicyFloor) -> None:
    floor.load(*shop_of(2))
    floor.choose(mode="observe")
    floor.say(priced("A000", "39.90"), Stock(key="a:A001", quantity=4))
    before = floor.tables()
    done = floor.whole()
    assert (floor.tables(), done.writes) == (before, 0)
    assert done.report.planned == {
        "stock_availables": {"changed": 1}, "products": {"changed": 1}
    }  # fmt: skip
    assert [one.quantity for one in done.report.actions if isinstance(one, SetStock)] == [4]
    idle = floor.whole()
    assert (idle.writes, idle.report.planned) == (0, {})


def test_what_observe_held_goes_when_the_mode_is_all(floor: PolicyFloor) -> None:
    floor.load(*shop_of(2))
    floor.choose(mode="observe")
    floor.say(priced("A000", "39.90"), Stock(key="a:A001", quantity=4))
    floor.whole()
    floor.choose(mode="all")
    floor.whole()
    assert floor.product("REF-A000").number("price") == 33.25
    assert floor.stock()["REF-A001"] == 4
    assert {floor.fates()[A0], floor.fates()[STOCK0]} == {("applied", None)}


def test_the_agents_own_lock_does_the_same_and_gives_way(floor: PolicyFloor) -> None:
    floor.load(*shop_of(1))
    floor.lock = Lock(mode="observe")
    floor.say(priced("A000", "39.90"))
    assert floor.whole().writes == 0
    assert floor.fates()[A0] == ("held", "E-HLD-001")
    floor.lock = Lock()
    assert floor.whole().writes == 1
    assert floor.fates()[A0] == ("applied", None)


def test_stock_writes_stock_alone(floor: PolicyFloor) -> None:
    floor.load(*shop_of(2))
    floor.choose(mode="stock")
    floor.say(priced("A000", "39.90"), an_article("A009"), Stock(key="a:A000", quantity=4))
    done = floor.whole()
    assert done.report.counts == {"stock_availables": {"changed": 1}}
    assert {one.resource for one in floor.proxy.write_requests()} == {"stock_availables"}
    fates = floor.fates()
    assert (fates[A0], fates[STOCK0]) == (("held", "E-HLD-001"), ("applied", None))
    assert fates[Subject("article", "A009")] == ("held", "E-HLD-001")


def test_stock_finds_the_products_that_were_there_before_us(floor: PolicyFloor) -> None:
    floor.load(*shop_of(1))
    with open_policy_floor() as other:  # a shop with that product, an agent that knows nothing
        other.load(*shop_of(1))
        other.forget()
        other.choose(mode="stock")
        other.say(*shop_of(1), Stock(key="a:A000", quantity=3))
        other.whole()
        assert other.stock() == {"REF-A000": 3}
        assert other.fates()[A0] == ("held", "E-HLD-001")


def test_a_refusal_is_told_in_observe_too(floor: PolicyFloor) -> None:
    floor.choose(mode="observe")
    rate = record_from({"kind": "tax_rate", "key": "Z", "rate": "7.7"}, place="test")
    floor.say(rate, an_article("A000", tax_rate="Z"))
    assert floor.whole().report.refused[0][0] == A0
    assert floor.fates()[A0] == ("refused", "E-AGT-002")


def _category(key: str, parent: str | None = None) -> Record:
    said: dict[str, Json] = {
        "kind": "category",
        "key": key,
        "name": {"fr": f"Rayon {key}"},
        "parent": parent,
    }
    return record_from(said, place="test")


def test_a_pilot_writes_its_articles_and_what_they_hang_on(floor: PolicyFloor) -> None:
    floor.choose(pilot=Pilot(categories=("shoes",)))
    floor.load(
        _category("shoes"), _category("boots", "shoes"), _category("bags"),
        an_article("A000", categories=("boots",)), Stock(key="a:A000", quantity=7),
        an_article("A001", categories=("bags",)), Stock(key="a:A001", quantity=8),
    )  # fmt: skip
    assert floor.active() == {"REF-A000": True}
    names = {one.texts("name")[2] for one in floor.all("categories")}
    assert {"Rayon shoes", "Rayon boots"} <= names
    assert "Rayon bags" not in names
    fates = floor.fates()
    assert (fates[A0], fates[A1]) == (("applied", None), ("held", "E-HLD-002"))
    assert fates[Subject("stock", "a:A001")] == ("held", "E-HLD-002")
    idle = floor.whole(full=True)
    assert (idle.writes, idle.report.counts) == (0, {})


def test_a_pilots_end_brings_the_others(floor: PolicyFloor) -> None:
    floor.choose(pilot=Pilot(articles=("A000",)))
    floor.load(*shop_of(2))
    assert floor.active() == {"REF-A000": True}
    floor.choose()
    floor.whole()
    assert floor.active() == {"REF-A000": True, "REF-A001": True}
    assert floor.stock()["REF-A001"] == 10


def test_a_pilot_leaves_the_stock_of_the_others_alone(floor: PolicyFloor) -> None:
    floor.load(*shop_of(2))
    floor.choose(pilot=Pilot(articles=("A000",)))
    floor.say(Stock(key="a:A000", quantity=4), Stock(key="a:A001", quantity=4))
    floor.whole()
    assert floor.stock() == {"REF-A000": 4, "REF-A001": 10}


def test_the_first_load_asks_and_a_yes_from_the_till_begins_it(floor: PolicyFloor) -> None:
    floor.say(*shop_of(3))
    asked = floor.whole()
    assert (asked.writes, asked.report.classes) == (0, {"first-load": (3, 3)})
    assert floor.fates()[A0] == ("held", "E-AGT-020")
    assert floor.held()["first-load"].examples[0] == "REF-A000 Article A000"
    assert [(one.key, one.count) for one in floor.told()] == [("first-load", 3)]
    waiting = floor.whole()
    assert waiting.report.classes == {"first-load": (3, 3)}
    assert floor.proxy.requests() == () or waiting.writes == 0
    floor.approve("first-load", 3)
    floor.whole()
    assert len(floor.active()) == 3
    assert floor.held() == {}
    assert [(one.key, one.count) for one in floor.told()] == [("first-load", 0)]


def test_a_first_load_that_grew_asks_anew(floor: PolicyFloor) -> None:
    floor.say(*shop_of(3))
    floor.whole()
    since = floor.held()["first-load"].since
    floor.say(*shop_of(5))
    floor.approve("first-load", 3)
    assert floor.whole().report.classes == {"first-load": (5, 5)}
    assert floor.held()["first-load"].since > since
    assert floor.active() == {}


def test_an_article_that_is_not_flagged_is_refused(floor: PolicyFloor) -> None:
    floor.load(*shop_of(1), an_article("A001", online=False))
    assert floor.fates()[A1] == ("refused", "E-AGT-030")
    assert floor.active() == {"REF-A000": True}
    floor.choose(only_flagged=False)
    floor.whole()
    assert floor.active() == {"REF-A000": True, "REF-A001": True}
    floor.lock = Lock(only_flagged=True)
    floor.whole()
    assert floor.fates()[A1] == ("refused", "E-AGT-030")


def test_every_kind_of_fact_has_its_word_in_observe(floor: PolicyFloor) -> None:
    floor.choose(mode="observe")
    floor.say(*shop_of(1), *sized("A000", "40"), _category("shoes"))
    floor.whole()
    told = {subject.kind for subject in floor.fates()}
    assert told == {"article", "stock", "axis", "axis_value", "variant", "category"}
    assert told <= set(FACT_KINDS)
