"""What visitors see, per choice of the merchant, on the simulated shop; what the till is told."""

from collections.abc import Iterator
from typing import Any

import pytest

from protocol.records import Photo, Stock, record_from
from protocol.strict_json import Json
from shop_agent.actions import Subject
from shop_agent.display import SWITCH, find_obstacle, hides_empty
from shop_agent.prestashop.entities import Write
from tests.shop_agent.policy_floor import PolicyFloor, open_policy_floor, shop_of, sized
from tests.shop_agent.shop_floor import FR, an_article

A0 = Subject("article", "A000")
OFF = {"active": "0"}


@pytest.fixture
def floor() -> Iterator[PolicyFloor]:
    with open_policy_floor() as floor:
        yield floor


def gone(floor: PolicyFloor, cause: str = "vanished") -> None:
    for kind, key in (("article", "A000"), ("stock", "a:A000")):
        floor.bury(kind, key, cause)  # type: ignore[arg-type]  # a cause by parameter


def seen(floor: PolicyFloor) -> tuple[bool, str, int]:
    product = floor.product("REF-A000")
    return product.flag("active"), product.text("visibility"), floor.stock()["REF-A000"]


# --- fate per cause --------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("fate", "shown"),
    [
        ("inactive", (False, "both", 10)),
        ("hidden", (True, "none", 10)),
        ("out_of_stock", (True, "both", 0)),
        ("leave", (True, "both", 10)),
    ],
)
def test_each_fate_and_the_way_back(
    floor: PolicyFloor, fate: str, shown: tuple[bool, str, int]
) -> None:
    floor.choose(gone={"vanished": fate})
    floor.load(*shop_of(1))
    before = floor.product("REF-A000")
    gone(floor)
    floor.whole()
    assert seen(floor) == shown
    assert floor.whole(full=True).writes == 0
    floor.say(*shop_of(1))
    floor.whole()
    assert seen(floor) == (True, "both", 10)
    after = floor.product("REF-A000")
    assert (after.id, after.texts("link_rewrite")) == (before.id, before.texts("link_rewrite"))
    assert floor.fates()[A0] == ("applied", None)
    assert floor.whole(full=True).writes == 0


def test_the_cause_decides(floor: PolicyFloor) -> None:
    floor.choose(gone={"unflagged": "hidden", "discontinued": "out_of_stock"})
    floor.load(*shop_of(1))
    gone(floor, "unflagged")
    floor.whole()
    assert seen(floor) == (True, "none", 10)
    gone(floor, "discontinued")
    floor.whole()
    assert seen(floor) == (True, "both", 0)
    gone(floor, "filtered")  # nothing is said of it: switched off
    floor.whole()
    assert seen(floor)[:2] == (False, "both")


def test_a_hidden_article_comes_back_as_the_web_team_had_it(floor: PolicyFloor) -> None:
    floor.choose(gone={"vanished": "hidden"})
    floor.load(*shop_of(1))
    ps_id = floor.product("REF-A000").id
    floor.webservice.change("products", Write(ps_id, {"visibility": "search"}))
    gone(floor)
    floor.whole()
    assert seen(floor)[1] == "none"
    floor.say(*shop_of(1))
    floor.whole()
    assert seen(floor)[1] == "search"


def test_out_of_stock_takes_every_size(floor: PolicyFloor) -> None:
    floor.choose(gone={"vanished": "out_of_stock"})
    floor.load(an_article("A000"), *sized("A000", "40", "41"))
    floor.bury("article", "A000", "vanished")  # its sizes still come with their figures
    floor.whole()
    rows = floor.all("stock_availables")
    assert [row.whole("quantity") for row in rows if row.whole("id_product_attribute")] == [0, 0]
    floor.say(an_article("A000"))
    floor.whole()
    rows = floor.all("stock_availables")
    assert [row.whole("quantity") for row in rows if row.whole("id_product_attribute")] == [10, 10]


# --- drafts and the web team -----------------------------------------------------------------


def test_a_draft_is_complete_and_off_until_the_web_team_switches_it_on(floor: PolicyFloor) -> None:
    floor.choose(new_articles="draft")
    floor.load(*shop_of(1))
    assert seen(floor) == (False, "both", 10)
    assert floor.fates()[A0] == ("applied", "E-SEE-001")
    assert floor.whole(full=True).writes == 0
    product = floor.product("REF-A000")
    assert product.texts("name")[FR] == "Article A000"
    floor.webservice.change("products", Write(product.id, {"active": "1"}))
    floor.whole(full=True)
    assert floor.fates()[A0] == ("applied", None)
    gone(floor)
    floor.whole()
    assert not seen(floor)[0]
    floor.say(*shop_of(1))
    floor.whole()
    assert seen(floor)[0]  # once on, it follows the till


def test_a_draft_that_was_gone_is_still_a_draft(floor: PolicyFloor) -> None:
    floor.choose(new_articles="draft")
    floor.load(*shop_of(1))
    gone(floor)
    floor.whole()
    floor.say(*shop_of(1))
    floor.whole()
    assert not seen(floor)[0]
    assert floor.fates()[A0] == ("applied", "E-SEE-001")


def test_live_switches_the_drafts_on(floor: PolicyFloor) -> None:
    floor.choose(new_articles="draft")
    floor.load(*shop_of(1))
    floor.choose(new_articles="live")
    floor.whole()
    assert seen(floor)[0]


@pytest.mark.parametrize(
    ("owner", "is_on", "code"),
    [("till", True, None), ("till-until-edited", False, "E-SEE-002"), ("site", False, "E-SEE-002")],
)
def test_who_owns_the_switch_decides_what_the_web_teams_hand_means(
    floor: PolicyFloor, owner: str, is_on: bool, code: str | None
) -> None:
    floor.load(*shop_of(1))
    floor.choose(owners={"article.online": owner})
    floor.whole()
    floor.webservice.change("products", Write(floor.product("REF-A000").id, OFF))
    for _ in range(2):
        floor.whole(full=True)
        assert seen(floor)[0] is is_on
        assert floor.fates()[A0] == ("applied", code)


def test_why_visitors_do_not_see_what_is_applied(floor: PolicyFloor) -> None:
    said: dict[str, Json] = {
        "kind": "category",
        "key": "C",
        "name": {"fr": "Rayon"},
        "parent": None,
    }
    category = record_from(said, place="test")
    floor.load(category, an_article("A000", categories=("C",)), Stock(key="a:A000", quantity=1))
    product = floor.product("REF-A000")
    shelf = product.whole("id_category_default")
    floor.webservice.change("categories", Write(shelf, OFF))
    floor.whole(full=True)
    assert floor.fates()[A0] == ("applied", "E-SEE-003")
    floor.webservice.change("categories", Write(shelf, {"active": "1"}))
    floor.webservice.change("products", Write(product.id, {"visibility": "none"}))
    floor.whole(full=True)
    assert floor.fates()[A0] == ("applied", "E-SEE-004")


# --- sizes without stock ---------------------------------------------------------------------


def switch(floor: PolicyFloor) -> str:
    rows = floor.webservice.find_any("configurations", "name", [SWITCH])
    return rows[0].text("value")


@pytest.mark.parametrize(("choice", "value"), [("hide", "0"), ("show", "1")])
def test_the_shops_switch_is_set_once_and_healed_at_night(
    floor: PolicyFloor, choice: str, value: str
) -> None:
    other = {"0": "1", "1": "0"}[value]
    floor.shop.execute("UPDATE configurations SET value = ? WHERE name = ?", other, SWITCH)
    floor.choose(empty_combinations=choice)
    floor.load(*shop_of(1))
    assert switch(floor) == other  # nothing of the whole shop's before the first load
    floor.whole()
    assert switch(floor) == value
    assert floor.whole(full=True).writes == 0
    floor.shop.execute("UPDATE configurations SET value = ? WHERE name = ?", other, SWITCH)
    floor.whole()
    assert switch(floor) == other
    floor.whole(full=True)
    assert switch(floor) == value


def test_site_leaves_the_switch_alone(floor: PolicyFloor) -> None:
    floor.load(*shop_of(1))
    floor.shop.execute("UPDATE configurations SET value = '0' WHERE name = ?", SWITCH)
    floor.whole(full=True)
    assert switch(floor) == "0"


def test_a_hidden_size_says_so(floor: PolicyFloor) -> None:
    floor.choose(empty_combinations="hide")
    floor.load(an_article("A000"), *sized("A000", "40", "41"))
    floor.say(Stock(key="v:A000-40", quantity=0))
    floor.whole()
    fates = floor.fates()
    assert fates[Subject("stock", "v:A000-40")] == ("applied", "E-SEE-005")
    assert fates[Subject("stock", "v:A000-41")] == ("applied", None)
    floor.choose(empty_combinations="show")
    floor.whole()
    assert floor.fates()[Subject("stock", "v:A000-40")] == ("applied", None)


@pytest.mark.parametrize(
    ("settings", "rule", "hides"),
    [
        ({SWITCH: "0"}, 2, True),
        ({SWITCH: "1"}, 2, False),
        ({SWITCH: "0", "PS_STOCK_MANAGEMENT": "0"}, 2, False),
        ({SWITCH: "0", "PS_ORDER_OUT_OF_STOCK": "1"}, 2, False),
        ({SWITCH: "0", "PS_ORDER_OUT_OF_STOCK": "1"}, 0, True),
        ({SWITCH: "0"}, 1, False),
    ],
)
def test_when_prestashop_hides_an_empty_size(
    settings: dict[str, str], rule: int, hides: bool
) -> None:
    assert hides_empty(settings, rule) is hides


def test_what_keeps_the_switch_from_having_an_effect(floor: PolicyFloor) -> None:
    def code(settings: dict[str, str]) -> str | None:
        found = find_obstacle(floor.webservice, settings)
        return found.code if found else None

    floor.load(*shop_of(2))
    assert code({}) is None
    assert code({"PS_STOCK_MANAGEMENT": "0"}) == "E-DSP-002"
    assert code({"PS_ORDER_OUT_OF_STOCK": "1"}) == "E-DSP-003"
    sql = "UPDATE stock_availables SET out_of_stock = 1 WHERE id_product = ?"
    floor.shop.execute(sql, floor.product("REF-A001").id)
    found: Any = find_obstacle(floor.webservice, {})
    assert (found.code, found.facts["count"], found.facts["names"]) == (
        "E-DSP-004", "1", "REF-A001",
    )  # fmt: skip


# --- buffers ---------------------------------------------------------------------------------


def test_buffers_of_article_category_and_shop_and_their_changes(floor: PolicyFloor) -> None:
    shelves = [
        record_from({"kind": "category", "key": k, "name": {"fr": k}, "parent": p}, place="test")
        for k, p in (("shoes", None), ("boots", "shoes"))
    ]
    floor.choose(buffer=1, buffers={"shoes": 3})
    floor.load(
        *shelves, *shop_of(3), an_article("A001", categories=("boots",)),
        an_article("A002", buffer=5),
    )  # fmt: skip
    shown = ("REF-A000", "REF-A001", "REF-A002")
    assert [floor.stock()[one] for one in shown] == [9, 7, 5]
    floor.say(an_article("A002", buffer=2), an_article("A000", categories=("shoes",)))
    floor.whole()
    assert [floor.stock()[one] for one in shown] == [7, 7, 8]
    floor.choose(buffer=1, buffers={"boots": 0})
    floor.whole()
    assert [floor.stock()[one] for one in shown] == [9, 10, 8]


def test_a_promised_photo_keeps_a_draft_waiting_not_seen(floor: PolicyFloor) -> None:
    photo = Photo(key="p", article="A000", sha256="0" * 64, size=10, position=1)
    floor.load(*shop_of(1), photo)
    assert not seen(floor)[0]
    assert floor.fates()[A0] == ("waiting", "E-AGT-001")
