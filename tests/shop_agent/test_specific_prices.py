"""Promotions and price lists reach the shop, stay quiet there, and leave people's prices alone."""

from collections.abc import Iterator
from decimal import Decimal

import pytest

from protocol.errors import ComptoirError
from protocol.records import Category, ListPrice, Price, PriceList, Promotion, Record
from shop_agent.actions import Delete, Subject
from shop_agent.prestashop.entities import Write
from tests.shop_agent.price_floor import SIZES, PriceFloor, a_variant, open_price_floor
from tests.shop_agent.shop_floor import an_article

P = Subject("promotion", "P")
APPLIED = ("applied", None)


@pytest.fixture
def floor() -> Iterator[PriceFloor]:
    with open_price_floor() as opened:
        yield opened


def promotion(key: str = "P", **fields: object) -> Promotion:
    target = {} if {"variant", "category"} & set(fields) else {"article": "1"}
    return Promotion.model_validate({"key": key, **target, **fields})


def pros(floor: PriceFloor) -> int:
    """Make a customer group of the shop."""
    names = {1: "Trade", 2: "Pros"}
    write = Write(None, {"name": names, "price_display_method": "1", "reduction": "0",
                         "show_prices": "1"})  # fmt: skip
    return floor.webservice.create("groups", write).id


def stocked(floor: PriceFloor, *facts: Record) -> None:
    """Have the catalogue in the shop before any promotion."""
    floor.say(*facts)
    floor.run()


def test_each_kind_of_reduction_is_what_a_visitor_pays(floor: PriceFloor) -> None:
    stocked(floor, an_article("1"))
    for fields, price in (
        ({"percent": "20"}, "39.92"), ({"amount_off": "7.40"}, "42.50"), ({"price": "33"}, "33"),
    ):  # fmt: skip
        floor.say(promotion(**fields))
        floor.run()
        assert floor.paid("1") == Decimal(price)
        assert len(floor.rows()) == 1
    assert floor.fates()[P] == APPLIED


def test_a_quiet_pass_asks_nothing_and_a_full_one_writes_nothing(floor: PriceFloor) -> None:
    stocked(floor, an_article("1"), an_article("2"), promotion(percent="20"))
    assert floor.price_pass().counts == {}
    assert [one for one in floor.shop.requests() if "specific" in one.path] == []
    floor.price_pass(full=True)
    asked = [one for one in floor.shop.requests() if "specific" in one.path]
    assert [one.method for one in asked] == ["GET"]


def test_a_quick_pass_reads_the_articles_that_changed_alone(floor: PriceFloor) -> None:
    stocked(floor, an_article("1"), an_article("2"), promotion(percent="20"),
            promotion("Q", percent="10", article="2"))  # fmt: skip
    floor.say(promotion("Q", percent="30", article="2"))
    floor.price_pass()
    read = [one.path for one in floor.shop.requests() if one.method == "GET"]
    assert len(read) == 2  # before the write, and back after it
    assert floor.paid("2") == Decimal("34.93")
    assert floor.paid("1") == Decimal("39.92")


def test_variants_with_their_own_prices(floor: PriceFloor) -> None:
    stocked(floor, *SIZES, an_article("1"), a_variant("40"), a_variant("41", "60"))
    floor.say(promotion(price="33"))
    floor.run()
    assert [floor.paid("1", key) for key in ("1-40", "1-41")] == [Decimal(33), Decimal(33)]
    assert len(floor.rows()) == 2
    floor.say(promotion(percent="50"))
    floor.run()
    paid = [floor.paid("1", key) for key in ("1-40", "1-41")]
    assert paid == [Decimal("24.95"), Decimal(30)]
    assert [row.whole("id_product_attribute") for row in floor.rows()] == [0]


def test_one_variant_alone(floor: PriceFloor) -> None:
    stocked(floor, *SIZES, an_article("1"), a_variant("40"), a_variant("41"))
    floor.say(promotion(variant="1-41", amount_off="10"))
    floor.run()
    paid = [floor.paid("1", key) for key in ("1-40", "1-41")]
    assert paid == [Decimal("49.90"), Decimal("39.90")]


def test_a_category_and_what_enters_and_leaves_it(floor: PriceFloor) -> None:
    tree = (Category(key="R", name={"fr": "Rayon"}, parent=None),
            Category(key="F", name={"fr": "Famille"}, parent="R"),
            Category(key="X", name={"fr": "Autre"}, parent=None))  # fmt: skip
    stocked(floor, *tree, an_article("1", categories=("F",)), an_article("2", categories=("X",)))
    floor.say(promotion(category="R", percent="20"))
    floor.run()
    assert (floor.paid("1"), floor.paid("2")) == (Decimal("39.92"), Decimal("49.90"))
    floor.say(an_article("1", categories=("X",)), an_article("2", categories=("R",)))
    floor.run()
    assert (floor.paid("1"), floor.paid("2")) == (Decimal("49.90"), Decimal("39.92"))
    # The family goes elsewhere, and its articles with it.
    floor.say(an_article("1", categories=("F",)))
    floor.run()
    floor.say(Category(key="F", name={"fr": "Famille"}, parent="X"))
    floor.run()
    assert floor.paid("1") == Decimal("49.90")
    assert floor.fates()[P] == APPLIED


def test_a_new_price_moves_the_promotion_with_it(floor: PriceFloor) -> None:
    stocked(floor, *SIZES, an_article("1"), a_variant("40"), a_variant("41"), promotion(price="33"))
    assert len(floor.rows()) == 1
    floor.say(a_variant("41", "60"))
    floor.run()
    assert len(floor.rows()) == 2
    assert floor.paid("1", "1-41") == Decimal(33)


def test_of_two_the_lower_one_while_it_lasts_and_the_other_after_it(floor: PriceFloor) -> None:
    stocked(floor, an_article("1"))
    # The shop is in Paris: 08:45 UTC is 09:45 there.
    floor.say(promotion("A", percent="10"),
              promotion("B", percent="50", starts_at="2026-11-24 10:00:00",
                        ends_at="2026-11-24 10:59:59"))  # fmt: skip
    floor.run()
    assert floor.paid("1") == Decimal("44.91")
    floor.watch.passes(minutes=15)
    assert floor.paid("1") == Decimal("24.95")
    floor.watch.passes(minutes=59)
    assert floor.paid("1") == Decimal("24.95")
    floor.watch.passes(minutes=1)
    assert floor.paid("1") == Decimal("44.91")


def test_what_is_over_is_deleted_by_a_full_pass(floor: PriceFloor) -> None:
    stocked(floor, an_article("1"), promotion(percent="50", ends_at="2026-11-24 10:00:00"))
    floor.watch.passes(hours=1)
    assert floor.paid("1") == Decimal("49.90")
    assert floor.run().counts == {}
    assert floor.run(full=True).counts["specific_prices"] == {"deleted": 1}
    assert floor.rows() == []


def test_a_withdrawn_promotion_ends_at_once(floor: PriceFloor) -> None:
    stocked(floor, an_article("1"), promotion(percent="50"), promotion("Q", percent="10"))
    floor.bury("promotion", "P")
    floor.run()
    assert floor.paid("1") == Decimal("44.91")
    floor.bury("promotion", "Q")
    assert floor.run().counts["specific_prices"] == {"deleted": 1}
    assert (floor.rows(), floor.paid("1")) == ([], Decimal("49.90"))
    assert floor.fates()[P] == APPLIED


def test_a_row_that_is_gone_already_is_deleted_well_enough(floor: PriceFloor) -> None:
    stocked(floor, an_article("1"), an_article("2"), promotion(percent="50"),
            promotion("Q", percent="10", article="2"))  # fmt: skip
    first = floor.rows()[0].id
    floor.bury("promotion", "P")
    floor.bury("promotion", "Q")
    floor.shop.before_next(lambda: floor.shop.execute(
        "DELETE FROM specific_prices WHERE id = ?", first), method="DELETE")  # fmt: skip
    assert floor.run().counts["specific_prices"] == {"deleted": 2}
    assert (floor.rows(), floor.intents()) == ([], 0)


def test_people_lose_against_the_till_in_our_rows_and_keep_theirs(floor: PriceFloor) -> None:
    stocked(floor, an_article("1"), an_article("2"), promotion(percent="20"),
            promotion("Q", percent="10", article="2"))  # fmt: skip
    mine, gone = floor.rows()
    theirs = floor.add_row("1", id_customer="1", reduction="0.9")
    floor.webservice.change("specific_prices", Write(mine.id, {"reduction": "0.01"}))
    floor.webservice.delete("specific_prices", gone.id)
    assert floor.run().counts == {}
    done = floor.run(full=True).counts["specific_prices"]
    assert done == {"changed": 1, "created": 1}
    assert (floor.paid("1"), floor.paid("2")) == (Decimal("39.92"), Decimal("44.91"))
    assert theirs in [row.id for row in floor.rows()]


def test_a_persons_row_in_the_place_of_ours_stays_and_is_told(floor: PriceFloor) -> None:
    stocked(floor, an_article("1"))
    theirs = floor.add_row("1")
    floor.say(promotion(percent="20"))
    report = floor.run()
    assert floor.fates()[P] == ("refused", "E-AGT-083")
    assert [row.id for row in floor.rows()] == [theirs]
    assert {subject for subject, _ in report.refused} == {P}
    floor.webservice.delete("specific_prices", theirs)
    floor.run(full=True)
    assert (floor.fates()[P], floor.paid("1")) == (APPLIED, Decimal("39.92"))


def test_our_rows_are_found_again_by_an_agent_without_memory(floor: PriceFloor) -> None:
    stocked(floor, an_article("1"), promotion(percent="20"))
    with floor.engine.begin() as connection:
        connection.exec_driver_sql("DELETE FROM shop_link WHERE kind = 'specific_price'")
    assert floor.run(full=True).counts["specific_prices"] == {"adopted": 1}
    floor.bury("promotion", "P")
    floor.run()
    assert floor.rows() == []


def test_a_creation_without_an_answer_is_looked_for(floor: PriceFloor) -> None:
    stocked(floor, an_article("1"))
    floor.say(promotion(percent="20"))
    floor.shop.fail_next("apply_then_500", method="POST", path="/api/specific_prices")
    floor.run()
    assert len(floor.rows()) == 1
    floor.run(full=True)
    assert (len(floor.rows()), floor.fates()[P], floor.intents()) == (1, APPLIED, 0)


def test_a_cut_creation_is_made_once(floor: PriceFloor) -> None:
    stocked(floor, an_article("1"))
    floor.say(promotion(percent="20"))
    floor.shop.fail_next("apply_then_reset", method="POST", path="/api/specific_prices")
    for _ in range(3):
        try:
            floor.run()
        except ComptoirError:
            continue
    assert (len(floor.rows()), floor.fates()[P], floor.intents()) == (1, APPLIED, 0)


def test_a_promotion_waits_for_its_article_and_then_comes(floor: PriceFloor) -> None:
    floor.say(promotion(percent="20"), promotion("V", variant="1-40", price="30"))
    floor.run()
    assert floor.fates()[P] == ("waiting", "E-AGT-001")
    assert floor.fates()[Subject("promotion", "V")] == ("waiting", "E-AGT-001")
    floor.say(*SIZES, an_article("1"), a_variant("40"), a_variant("41"))
    floor.run()
    assert (floor.paid("1", "1-40"), floor.paid("1", "1-41")) == (Decimal(30), Decimal("39.92"))
    assert floor.fates()[P] == floor.fates()[Subject("promotion", "V")] == APPLIED


def test_a_promotion_that_lowers_nothing_is_told_and_comes_alive(floor: PriceFloor) -> None:
    stocked(floor, an_article("1"), promotion(price="60"))
    assert (floor.fates()[P], floor.rows()) == (("applied", "E-AGT-084"), [])
    floor.say(an_article("1", price=Price(amount=Decimal(80))))
    floor.run()
    assert (floor.fates()[P], floor.paid("1")) == (APPLIED, Decimal(60))


def test_an_impossible_date_is_refused_and_mended(floor: PriceFloor) -> None:
    stocked(floor, an_article("1"), promotion(percent="20", ends_at="2027-02-30 00:00:00"))
    assert (floor.fates()[P], floor.rows()) == (("refused", "E-AGT-082"), [])
    floor.say(promotion(percent="20", ends_at="2027-02-28 00:00:00"))
    floor.run()
    assert (floor.fates()[P], floor.paid("1")) == (APPLIED, Decimal("39.92"))


def test_a_price_list_is_for_its_group_alone(floor: PriceFloor) -> None:
    group = pros(floor)
    price = ListPrice(key="L", price_list="T", article="1", amount=Decimal(30),
                      basis="tax_excluded")  # fmt: skip
    ten = ListPrice(key="L10", price_list="T", article="1", amount=Decimal(24), from_quantity=10,
                    basis="tax_included")  # fmt: skip
    floor.say(an_article("1"), price, ten)
    floor.run()
    assert floor.fates()[Subject("list_price", "L")] == ("waiting", "E-AGT-001")
    floor.say(PriceList(key="T", group=" pros"), promotion(percent="50"))
    floor.run()
    assert floor.paid("1") == Decimal("24.95")
    assert floor.paid("1", group=group) == Decimal(36)
    assert floor.paid("1", group=group, quantity=10) == Decimal(24)
    assert floor.fates()[Subject("list_price", "L")] == APPLIED
    assert floor.fates()[Subject("price_list", "T")] == APPLIED
    floor.bury("price_list", "T")
    floor.run()
    assert floor.paid("1", group=group) == Decimal("24.95")


def test_a_list_for_no_group_is_set_aside_until_there_is_one(floor: PriceFloor) -> None:
    price = ListPrice(key="L", price_list="T", article="1", amount=Decimal(36),
                      basis="tax_included")  # fmt: skip
    floor.say(an_article("1"), price, PriceList(key="T", group="Pros"))
    floor.run()
    refused = ("refused", "E-AGT-080")
    assert floor.fates()[Subject("price_list", "T")] == refused
    assert floor.fates()[Subject("list_price", "L")] == refused
    group = pros(floor)
    floor.run(full=True)
    assert floor.fates()[Subject("list_price", "L")] == APPLIED
    assert floor.paid("1", group=group) == Decimal(36)


def test_an_article_that_goes_takes_its_special_prices_along(floor: PriceFloor) -> None:
    stocked(floor, an_article("1"), promotion(percent="20"))
    floor.bury("article", "1")
    floor.run()
    assert floor.rows() == []
    assert floor.fates()[P] == ("waiting", "E-AGT-001")


def test_a_dry_run_says_what_it_would_do_and_keeps_nothing(floor: PriceFloor) -> None:
    stocked(floor, an_article("1"), promotion(percent="20"))
    floor.bury("promotion", "P")
    report = floor.run(dry=True)
    assert [action for action in report.actions if isinstance(action, Delete)]
    assert report.counts["specific_prices"] == {"deleted": 1}
    assert len(floor.rows()) == 1
    floor.run()
    assert floor.rows() == []


def test_with_ecotax_beside_the_price(floor: PriceFloor) -> None:
    floor.shop.execute("UPDATE configurations SET value = '1' WHERE name = 'PS_USE_ECOTAX'")
    stocked(floor, an_article("1", ecotax=Decimal("2.40")))
    assert floor.paid("1") == Decimal("49.90")
    for fields, price in (
        ({"percent": "50"}, "24.95"), ({"amount_off": "7.40"}, "42.50"), ({"price": "33"}, "33"),
    ):  # fmt: skip
        floor.say(promotion(**fields))
        floor.run()
        assert floor.paid("1") == Decimal(price)
