"""The brakes on the simulated shop: one class is held, the rest goes on, a yes lets it go."""

from collections.abc import Iterator
from decimal import Decimal

import pytest

from protocol.records import Brakes, Stock
from shop_agent.actions import Subject
from tests.shop_agent.policy_floor import PolicyFloor, open_policy_floor, priced, shop_of, sized
from tests.shop_agent.shop_floor import FR, an_article

COUNT = 24
#: As the defaults in kind, small enough for a quick test: more than a quarter and more than four.
BRAKES = Brakes(mass_percent=20, mass_count=4, edited_percent=5)


@pytest.fixture
def floor() -> Iterator[PolicyFloor]:
    with open_policy_floor() as floor:
        floor.choose(brakes=BRAKES)
        floor.load(*shop_of(COUNT))
        yield floor


def bury(floor: PolicyFloor, count: int) -> None:
    for n in range(count):
        for kind, key in (("article", f"A{n:03}"), ("stock", f"a:A{n:03}")):
            floor.bury(kind, key, "vanished")


def off(floor: PolicyFloor) -> int:
    return sum(not is_on for is_on in floor.active().values())


# --- deactivations ---------------------------------------------------------------------------


def test_a_mass_of_disappearances_waits_and_stock_goes_on(floor: PolicyFloor) -> None:
    bury(floor, 6)
    floor.say(*(Stock(key=f"a:A{n:03}", quantity=3) for n in range(10, 24)))
    done = floor.whole()
    assert done.report.classes == {"deactivations": (6, COUNT)}
    assert done.report.counts == {"stock_availables": {"changed": 14}}
    assert off(floor) == 0
    assert floor.stock()["REF-A000"] == 10  # what is held keeps its stock
    assert floor.fates()[Subject("article", "A000")] == ("held", "E-HLD-004")
    assert floor.held()["deactivations"].examples[0] == "REF-A000 Article A000"


def test_a_yes_from_the_till_lets_it_go_once(floor: PolicyFloor) -> None:
    bury(floor, 6)
    floor.whole()
    floor.approve("deactivations", 6)
    floor.whole()
    assert off(floor) == 6
    assert floor.held() == {}
    assert [(one.key, one.count) for one in floor.told()] == [("deactivations", 0)]
    bury(floor, 12)  # six more: the yes is used up, also when the till says it again
    floor.approve_again()
    assert floor.whole().report.classes == {"deactivations": (6, COUNT - 6)}
    assert off(floor) == 6


def test_accept_at_the_agent_lets_go_what_is_held_and_no_more(floor: PolicyFloor) -> None:
    bury(floor, 6)
    floor.whole()
    since = floor.held()["deactivations"].since
    bury(floor, 7)  # it grew since it was shown
    assert floor.whole(accept=("deactivations",)).report.classes == {"deactivations": (7, COUNT)}
    assert off(floor) == 0
    assert floor.held()["deactivations"].since > since
    floor.whole(accept=("deactivations",))
    assert off(floor) == 7


def test_a_yes_that_came_too_late_or_for_fewer_holds_anew(floor: PolicyFloor) -> None:
    bury(floor, 6)
    floor.whole()
    first = floor.held()["deactivations"].since
    floor.approve("deactivations", 5)
    floor.whole()
    second = floor.held()["deactivations"].since
    floor.approve("deactivations", 6, hours=-1)
    floor.whole()
    assert first < second < floor.held()["deactivations"].since
    assert off(floor) == 0


def test_a_class_that_shrinks_is_told_and_one_that_ends_is_over(floor: PolicyFloor) -> None:
    bury(floor, 6)
    floor.whole()
    floor.say(an_article("A000"))
    assert floor.whole().report.classes == {"deactivations": (5, COUNT)}
    assert {one.key: one.count for one in floor.told()}["deactivations"] == 5
    floor.say(an_article("A001"))
    floor.whole()  # four are few: they go
    assert floor.held() == {}
    assert off(floor) == 4


def test_few_disappearances_ask_nobody(floor: PolicyFloor) -> None:
    bury(floor, 4)
    assert floor.whole().report.classes == {}
    assert off(floor) == 4


@pytest.mark.parametrize("fate", ["inactive", "hidden", "out_of_stock"])
def test_every_choice_that_takes_away_is_of_that_class(floor: PolicyFloor, fate: str) -> None:
    floor.choose(brakes=BRAKES, gone={"vanished": fate})
    bury(floor, 6)
    assert floor.whole().report.classes == {"deactivations": (6, COUNT)}
    assert set(floor.stock().values()) == {10}


def test_leave_takes_nothing_away(floor: PolicyFloor) -> None:
    floor.choose(brakes=BRAKES, gone={"vanished": "leave"})
    bury(floor, 12)
    assert floor.whole().report.classes == {}
    assert off(floor) == 0


# --- prices ----------------------------------------------------------------------------------


def test_one_price_by_a_hundred_is_set_aside_alone(floor: PolicyFloor) -> None:
    floor.say(priced("A000", "0.49", name={"fr": "Nouveau nom"}), priced("A001", "39.90"))
    floor.say(Stock(key="a:A000", quantity=2))
    done = floor.whole()
    assert done.report.classes == {"price/article/A000": (1, 1)}
    assert floor.held()["price/article/A000"].examples == (
        "REF-A000 Nouveau nom : 49,90 → 0,49",
    )  # fmt: skip
    product = floor.product("REF-A000")
    assert product.number("price") == Decimal("41.583333")
    assert product.texts("name")[FR] == "Nouveau nom"
    assert floor.stock()["REF-A000"] == 2
    assert floor.product("REF-A001").number("price") == Decimal("33.25")
    assert floor.fates()[Subject("article", "A000")] == ("held", "E-HLD-003")
    floor.approve("price/article/A000", 1)
    floor.whole()
    assert floor.product("REF-A000").number("price") == Decimal("0.408333")
    assert floor.fates()[Subject("article", "A000")] == ("applied", None)
    assert floor.held() == {}


def test_a_price_that_is_put_right_waits_no_more(floor: PolicyFloor) -> None:
    floor.say(priced("A000", "0"))
    assert floor.whole().report.classes == {"price/article/A000": (1, 1)}
    floor.say(priced("A000", "45.00"))
    assert floor.whole().report.classes == {}
    assert floor.product("REF-A000").number("price") == Decimal("37.5")


def test_a_new_article_at_0_is_not_created(floor: PolicyFloor) -> None:
    floor.say(priced("B000", "0"), priced("B001", "9.00"))
    assert floor.whole().report.classes == {"price/article/B000": (1, 1)}
    assert "REF-B000" not in floor.active()
    assert floor.active()["REF-B001"]


def test_a_mass_of_price_moves_is_one_class(floor: PolicyFloor) -> None:
    floor.say(*(priced(f"A{n:03}", "0.49") for n in range(6)), an_article("C000"))
    done = floor.whole()
    assert done.report.classes == {"prices": (6, COUNT + 1)}
    assert "REF-C000" in floor.active()
    assert floor.product("REF-A005").number("price") == Decimal("41.583333")
    floor.whole(accept=("prices",))
    assert floor.product("REF-A005").number("price") == Decimal("0.408333")
    assert floor.held() == {}


def test_a_product_that_was_there_is_judged_too(floor: PolicyFloor) -> None:
    floor.forget()
    floor.say(priced("A000", "0.49"), *shop_of(0))
    done = floor.whole(accept=("first-load",))
    assert done.report.classes == {"price/article/A000": (1, 1)}
    assert floor.product("REF-A000").number("price") == Decimal("41.583333")
    floor.say(Stock(key="a:A000", quantity=1))
    floor.whole()
    assert floor.stock()["REF-A000"] == 1  # it is known all the same


def test_a_variants_price_is_set_aside_alone(floor: PolicyFloor) -> None:
    floor.say(*sized("A000", "40", "41", price="59.90"))
    floor.whole()
    product = floor.product("REF-A000").id
    floor.say(*sized("A000", "40", price="0.59"))
    assert floor.whole().report.classes == {"price/variant/A000-40": (1, 1)}
    first, second = floor.combinations(product)
    assert [floor.price(product, one.id) for one in (first, second)] == [Decimal("59.90")] * 2
    assert floor.fates()[Subject("variant", "A000-40")] == ("held", "E-HLD-003")


def test_a_held_variant_keeps_its_price_while_its_articles_moves(floor: PolicyFloor) -> None:
    floor.say(*sized("A000", "40", price="59.90"), *sized("A000", "41"))
    floor.whole()
    product = floor.product("REF-A000").id
    floor.say(priced("A000", "39.90"), *sized("A000", "40", price="0.59"))
    assert floor.whole().report.classes == {"price/variant/A000-40": (1, 1)}
    own, inherits = floor.combinations(product)
    assert floor.price(product, own.id) == Decimal("59.90")
    assert floor.price(product, inherits.id) == Decimal("39.90")
    floor.whole(accept=("price/variant/A000-40",))
    assert floor.price(product, own.id) == Decimal("0.59")


def test_articles_and_their_variants_own_prices_are_held_together(floor: PolicyFloor) -> None:
    for n in range(4):
        floor.say(*sized(f"A{n:03}", "40", price="59.90"))
    floor.whole()
    product = floor.product("REF-A000").id
    for n in range(4):
        floor.say(priced(f"A{n:03}", "54.90"), *sized(f"A{n:03}", "40", price="64.90"))
    floor.say(*(priced(f"A{n:03}", "54.90") for n in range(4, 6)))
    done = floor.whole()
    # Four articles show no price of their own: what counts is four variants and two articles.
    assert done.report.classes == {"prices": (6, COUNT + 4)}
    [variant] = floor.combinations(product)
    assert floor.price(product, variant.id) == Decimal("59.90")
    floor.whole(accept=("prices",))
    assert floor.price(product, variant.id) == Decimal("64.90")
    assert floor.product("REF-A004").number("price") == Decimal("45.75")
    assert floor.held() == {}


# --- texts -----------------------------------------------------------------------------------


def _rewrite(floor: PolicyFloor, count: int) -> None:
    for product in floor.all("products")[:count]:
        sql = "UPDATE products_lang SET name = 'RÉÉCRIT' WHERE id = ?"
        floor.shop.execute(sql, product.id)


def test_a_shop_that_rewrites_its_texts_is_one_class(floor: PolicyFloor) -> None:
    _rewrite(floor, 6)
    done = floor.whole(full=True)
    assert done.report.edited == []
    [(key, (count, _))] = done.report.classes.items()
    assert (key, count, done.writes) == ("edits", 6, 0)
    assert floor.fates()[Subject("article", "A000")] == ("held", "E-HLD-006")
    again = floor.whole()
    assert (list(again.report.classes), again.writes) == (["edits"], 0)
    told = floor.whole(accept=("edits",))
    assert (told.report.classes, told.writes, len(told.report.edited)) == ({}, 0, 6)
    assert floor.fates()[Subject("article", "A000")] == ("edited_on_site", "E-AGT-010")


def test_texts_that_the_till_owns_are_not_written_back_meanwhile(floor: PolicyFloor) -> None:
    floor.choose(brakes=BRAKES, owners={"article.name": "till"})
    floor.whole()
    _rewrite(floor, 6)
    done = floor.whole(full=True)
    assert (list(done.report.classes), done.writes) == (["edits"], 0)
    floor.whole(accept=("edits",))
    assert floor.product("REF-A000").texts("name")[FR] == "Article A000"


def test_a_few_edits_are_peoples(floor: PolicyFloor) -> None:
    _rewrite(floor, 4)
    done = floor.whole(full=True)
    assert (done.report.classes, len(done.report.edited)) == ({}, 4)


# --- what stays as it is ---------------------------------------------------------------------


def test_a_trial_shows_what_would_be_held_and_notes_nothing(floor: PolicyFloor) -> None:
    bury(floor, 6)
    tried = floor.whole(dry=True)
    assert (tried.writes, tried.report.classes) == (0, {"deactivations": (6, COUNT)})
    assert floor.held() == {}


def test_a_pass_for_stock_alone_leaves_the_classes(floor: PolicyFloor) -> None:
    bury(floor, 6)
    floor.whole()
    floor.whole(only_stock=True)
    assert list(floor.held()) == ["deactivations"]


def test_stock_is_in_no_class(floor: PolicyFloor) -> None:
    floor.say(*(Stock(key=f"a:A{n:03}", quantity=0) for n in range(COUNT)))
    assert floor.whole().report.classes == {}
    assert set(floor.stock().values()) == {0}
