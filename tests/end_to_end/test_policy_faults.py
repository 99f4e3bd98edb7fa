"""Faults of the merchant's policy that a second reading found; none may come back."""

from collections.abc import Iterator
from decimal import Decimal

import pytest

from protocol.records import Brakes, Pilot, Promotion, Stock
from shop_agent.actions import Subject
from shop_agent.display import SWITCH
from shop_agent.reconcile.policy import Lock
from tests.shop_agent.policy_floor import PolicyFloor, open_policy_floor, priced, shop_of, sized
from tests.shop_agent.shop_floor import an_article

BRAKES = Brakes(mass_percent=20, mass_count=4, edited_percent=5)
A0, A1 = Subject("article", "A000"), Subject("article", "A001")


@pytest.fixture
def floor() -> Iterator[PolicyFloor]:
    with open_policy_floor() as floor:
        yield floor


def switch(floor: PolicyFloor) -> str | None:
    [row] = floor.shop.query("SELECT value FROM configurations WHERE name = ?", SWITCH)
    return row["value"]


def sizes(floor: PolicyFloor) -> dict[str, int]:
    """Return what the shop shows of each combination, by reference."""
    references = {one.id: one.text("reference") for one in floor.all("combinations")}
    return {
        references[row.whole("id_product_attribute")]: row.whole("quantity")
        for row in floor.all("stock_availables")
        if row.whole("id_product_attribute")
    }


# --- the first load --------------------------------------------------------------------------


def _a_shop_that_sells(floor: PolicyFloor) -> None:
    """Leave one product of the till's in the shop, and an agent that knows nothing."""
    floor.load(*shop_of(1))
    floor.forget()


def test_a_first_load_waits_also_in_a_shop_that_sells_some_of_it(floor: PolicyFloor) -> None:
    _a_shop_that_sells(floor)
    floor.say(*shop_of(3))
    for full in (False, False, True):
        assert floor.whole(full=full).report.classes == {"first-load": (2, 3)}
    assert len(floor.active()) == 1
    floor.approve("first-load", 2)
    floor.whole()
    assert len(floor.active()) == 3


@pytest.mark.parametrize("mode", ["observe", "stock"])
def test_a_first_load_is_asked_after_a_trial_that_wrote_no_article(
    floor: PolicyFloor, mode: str
) -> None:
    _a_shop_that_sells(floor)
    floor.choose(mode=mode)
    floor.say(*shop_of(3))
    floor.whole()
    floor.choose(mode="all")
    assert floor.whole().report.classes == {"first-load": (2, 3)}
    assert len(floor.active()) == 1


# --- the shop's own switch -------------------------------------------------------------------


def test_the_shops_switch_is_not_touched_before_the_first_yes(floor: PolicyFloor) -> None:
    before = switch(floor)
    floor.choose(empty_combinations="hide" if before == "1" else "show")
    floor.say(*shop_of(2))
    floor.whole()
    assert switch(floor) == before
    floor.whole(accept=("first-load",))
    floor.whole()
    assert switch(floor) != before


def test_a_pilot_changes_nothing_for_the_whole_shop(floor: PolicyFloor) -> None:
    floor.load(*shop_of(2))
    before = switch(floor)
    other = "hide" if before == "1" else "show"
    floor.choose(empty_combinations=other, pilot=Pilot(articles=("A000",)))
    floor.whole(full=True)
    assert switch(floor) == before
    floor.choose(empty_combinations=other)
    floor.whole()
    assert switch(floor) != before


def test_a_switch_that_could_not_be_set_is_set_by_the_next_pass(floor: PolicyFloor) -> None:
    floor.load(*shop_of(1))
    before = switch(floor)
    floor.choose(empty_combinations="hide" if before == "1" else "show")
    fault = floor.webservice.change
    floor.webservice.change = _fail  # type: ignore[method-assign,assignment] # a shop that is down
    with pytest.raises(ConnectionError):
        floor.whole()
    floor.webservice.change = fault  # type: ignore[method-assign] # it is up again
    floor.whole()
    assert switch(floor) != before


def _fail(*_: object) -> None:
    raise ConnectionError


# --- time ------------------------------------------------------------------------------------


def test_a_pass_without_time_comes_nearer_every_time(floor: PolicyFloor) -> None:
    floor.say(*shop_of(230), *(Stock(key=f"a:A{n:03}", quantity=4) for n in range(230)))
    passes = 0
    floor.whole(has_time=False)
    assert floor.held()["first-load"].count == 230  # half a plan is no plan to say yes to
    floor.approve("first-load", 230)
    while floor.whole(has_time=False).report.more_to_do:
        passes += 1
        assert passes < 40
    assert len(floor.active()) == 230
    assert all(floor.active().values())
    assert set(floor.stock().values()) == {4}
    assert floor.whole(full=True).writes == 0


# --- a yes -----------------------------------------------------------------------------------


def test_a_yes_to_one_price_is_not_for_another(floor: PolicyFloor) -> None:
    floor.load(*shop_of(2))
    floor.say(priced("A000", "0.49"))
    floor.whole()
    floor.approve("price/article/A000", 1)
    floor.say(priced("A000", "0.05"))
    done = floor.whole()
    assert done.report.classes == {"price/article/A000": (1, 1)}
    assert floor.product("REF-A000").number("price") == Decimal("41.583333")
    assert floor.held()["price/article/A000"].examples[0].endswith("0,05")
    floor.approve("price/article/A000", 1, hours=2)
    floor.whole()
    assert floor.product("REF-A000").number("price") == Decimal("0.041667")


def test_a_yes_that_is_long_over_is_nothing_when_it_is_said_again(floor: PolicyFloor) -> None:
    floor.load(*shop_of(1))
    floor.say(priced("A000", "0.49"))
    floor.whole()
    floor.approve("price/article/A000", 1, hours=1)
    floor.whole()
    floor.now = floor.now.replace(day=28)
    floor.whole()  # it is forgotten by now
    floor.say(priced("A000", "41.00"))
    floor.whole()
    floor.whole(accept=("price/article/A000",))
    floor.say(priced("A000", "0.30"))
    floor.approve_again()
    assert floor.whole().report.classes == {"price/article/A000": (1, 1)}


# --- variants that vanish --------------------------------------------------------------------

SIZES = tuple(str(number) for number in range(36, 48))


@pytest.fixture
def shoes(floor: PolicyFloor) -> PolicyFloor:
    """Two shoes in twelve sizes."""
    floor.choose(brakes=BRAKES)
    floor.load(*shop_of(2), *sized("A000", *SIZES), *sized("A001", *SIZES))
    return floor


def _vanish(floor: PolicyFloor, count: int) -> None:
    for size in SIZES[:count]:
        floor.bury("variant", f"A000-{size}", "vanished")
        floor.bury("stock", f"v:A000-{size}", "vanished")


def test_a_mass_of_sizes_that_vanish_waits_while_figures_go_on(shoes: PolicyFloor) -> None:
    _vanish(shoes, 6)
    shoes.say(Stock(key="v:A000-47", quantity=0), Stock(key="v:A001-36", quantity=3))
    done = shoes.whole()
    assert done.report.classes == {"sellables": (6, 24)}
    assert shoes.fates()[Subject("variant", "A000-36")] == ("held", "E-HLD-007")
    shown = sizes(shoes)
    assert {shown[f"A000-{size}"] for size in SIZES[:6]} == {10}
    assert (shown["A000-47"], shown["A001-36"]) == (0, 3)
    assert shoes.whole(full=True).report.classes == {"sellables": (6, 24)}
    shoes.whole(only_stock=True)
    assert sizes(shoes) == shown
    shoes.approve("sellables", 6)
    shoes.whole()
    assert {sizes(shoes)[f"A000-{size}"] for size in SIZES[:6]} == {0}
    assert shoes.held() == {}
    assert shoes.fates()[Subject("variant", "A000-36")] == ("applied", "E-AGT-009")
    # What has left is no disappearance any more, whatever is looked at again.
    shoes.choose(brakes=BRAKES, buffer=1)
    assert shoes.whole(full=True).report.classes == {}


def test_sizes_that_come_back_while_they_are_held_were_never_away(shoes: PolicyFloor) -> None:
    _vanish(shoes, 6)
    shoes.whole()
    shoes.say(*sized("A000", *SIZES))
    done = shoes.whole()
    assert (done.report.classes, set(sizes(shoes).values())) == ({}, {10})
    assert shoes.held() == {}


def test_few_sizes_and_those_of_an_article_that_is_gone_ask_nobody(shoes: PolicyFloor) -> None:
    _vanish(shoes, 3)
    assert shoes.whole().report.classes == {}
    assert sizes(shoes)["A000-36"] == 0
    for size in SIZES:
        shoes.bury("variant", f"A001-{size}")
        shoes.bury("stock", f"v:A001-{size}")
    shoes.bury("article", "A001")
    assert shoes.whole().report.classes == {}
    assert not shoes.active()["REF-A001"]


def test_articles_in_mass_are_not_hidden_among_many_sizes(floor: PolicyFloor) -> None:
    floor.choose(brakes=BRAKES)
    floor.load(*shop_of(12), *sized("A000", *SIZES), *sized("A001", *SIZES), *sized("A002", *SIZES))
    floor.bury("variant", "A000-36")
    floor.bury("stock", "v:A000-36")
    for n in range(3, 9):
        floor.bury("article", f"A{n:03}")
        floor.bury("stock", f"a:A{n:03}")
    assert floor.whole().report.classes["deactivations"][0] == 6
    assert all(floor.active().values())


# --- the mode and the pilot ------------------------------------------------------------------


def _promotion() -> Promotion:
    return Promotion.model_validate({"key": "P1", "article": "A000", "percent": Decimal(20)})


@pytest.mark.parametrize("mode", ["observe", "stock"])
def test_what_a_mode_held_is_written_once_when_it_is_over(floor: PolicyFloor, mode: str) -> None:
    floor.choose()
    floor.load(*shop_of(3), *sized("A001", "40", "41"))
    floor.bury("stock", "a:A001")
    floor.whole()
    floor.choose(mode=mode)
    floor.say(_promotion(), priced("A001", "39.90"), *sized("A001", "40", "41", "42"))
    floor.bury("article", "A002")
    floor.bury("stock", "a:A002")
    floor.whole()
    assert (len(floor.all("specific_prices")), floor.active()["REF-A002"]) == (0, True)
    floor.choose(mode="all")
    floor.whole()
    assert len(floor.all("specific_prices")) == 1
    assert sizes(floor) == {"A001-40": 10, "A001-41": 10, "A001-42": 10}
    assert not floor.active()["REF-A002"]
    assert floor.whole().writes == 0
    done = floor.whole(full=True)
    assert done.writes == 0, floor.proxy.writes()
    held = [one for one, (state, _) in floor.fates().items() if state == "held"]
    assert held == []


def test_a_pilot_that_moves_takes_what_it_left_and_leaves_what_it_had(floor: PolicyFloor) -> None:
    floor.load(*shop_of(3))
    floor.choose(pilot=Pilot(articles=("A000",)))
    floor.say(priced("A000", "39.90"), priced("A001", "39.90"), _promotion())
    floor.whole()
    floor.choose(pilot=Pilot(articles=("A001",)))
    floor.say(priced("A000", "38.90"), Stock(key="a:A000", quantity=2))
    floor.whole()
    assert floor.product("REF-A000").number("price") == Decimal("33.25")
    assert floor.product("REF-A001").number("price") == Decimal("33.25")
    assert floor.stock()["REF-A000"] == 10
    floor.lock = Lock(pilot=Pilot(articles=("A002",)))  # in both: none
    floor.say(priced("A001", "37.90"), priced("A002", "37.90"))
    assert floor.whole().writes == 0
    floor.lock = Lock()
    floor.choose()
    floor.whole()
    assert floor.stock()["REF-A000"] == 2
    assert floor.whole(full=True).writes == 0


# --- coming and going while held -------------------------------------------------------------


def test_a_held_price_that_goes_and_comes_back_is_held_still(floor: PolicyFloor) -> None:
    floor.load(*shop_of(2), *sized("A000", "40", "41"))
    floor.say(priced("A000", "0.49"), _promotion())
    floor.whole()
    floor.bury("article", "A000")
    floor.whole()
    assert floor.active()["REF-A000"] is False
    assert floor.held() == {}
    floor.say(priced("A000", "0.49"), *sized("A000", "40", "41"))
    assert floor.whole().report.classes == {"price/article/A000": (1, 1)}
    assert floor.product("REF-A000").number("price") == Decimal("41.583333")
    floor.say(an_article("A000"))
    floor.whole()
    assert floor.active()["REF-A000"]
    assert floor.held() == {}


@pytest.mark.parametrize("first", ["inactive", "hidden", "out_of_stock", "leave"])
@pytest.mark.parametrize("then", ["inactive", "hidden", "out_of_stock", "leave"])
def test_one_fate_after_another_and_back(floor: PolicyFloor, first: str, then: str) -> None:
    floor.choose(gone={"vanished": first})
    floor.load(*shop_of(2))
    floor.bury("article", "A000", "vanished")
    floor.bury("stock", "a:A000", "vanished")
    floor.whole()
    floor.choose(gone={"vanished": then})
    floor.whole()
    seen = floor.product("REF-A000")
    if then != "leave":
        assert seen.flag("active") == (then != "inactive")
        assert (seen.text("visibility") == "none") == (then == "hidden")
        is_empty = "out_of_stock" in (first, then)  # nobody says a figure any more
        assert floor.stock()["REF-A000"] == (0 if is_empty else 10)
    floor.say(an_article("A000"), Stock(key="a:A000", quantity=7))
    floor.whole()
    seen = floor.product("REF-A000")
    assert (seen.flag("active"), seen.text("visibility")) == (True, "both")
    assert floor.stock()["REF-A000"] == 7
    assert floor.whole(full=True).writes == 0


@pytest.mark.parametrize("fate", ["inactive", "hidden", "out_of_stock"])
def test_a_draft_is_switched_on_by_people_and_follows_the_till_then(
    floor: PolicyFloor, fate: str
) -> None:
    floor.choose(new_articles="draft", gone={"vanished": fate})
    floor.load(*shop_of(1))
    assert floor.active() == {"REF-A000": False}
    floor.bury("article", "A000", "vanished")
    floor.whole()
    floor.say(an_article("A000"))
    floor.whole(full=True)
    assert floor.active() == {"REF-A000": False}
    floor.shop.execute("UPDATE products SET active = 1")
    floor.say(an_article("A000", name={"fr": "Autre"}))
    floor.whole()
    floor.bury("article", "A000", "vanished")
    floor.whole()
    assert floor.active()["REF-A000"] == (fate != "inactive")
    floor.say(an_article("A000"))
    floor.whole()
    assert floor.active() == {"REF-A000": True}
    assert floor.product("REF-A000").text("visibility") == "both"
