"""A price list serves those who have its group as default group: `doctor` looks for them."""

from decimal import Decimal

from protocol.program.checks import Level
from protocol.records import PriceList, Promotion
from shop_agent.group_checks import check_groups, groups_used
from shop_agent.prestashop.entities import Write
from shop_agent.replica import Replica
from tests.shop_agent.price_floor import PriceFloor, open_price_floor


def checks(floor: PriceFloor) -> list[tuple[Level, str | None]]:
    with floor.engine.connect() as connection:
        named = groups_used(Replica(connection))
    found = check_groups(floor.webservice, floor.profile(), named)
    return [(one.level, one.problem.code if one.problem else None) for one in found]


def test_a_group_that_is_nobodys_default_is_told() -> None:
    with open_price_floor() as floor:
        assert checks(floor) == []
        floor.say(PriceList(key="T", group="Pros"))
        assert checks(floor) == [(Level.attention, "E-AGT-080")]
        names = {1: "Trade", 2: "Pros"}
        write = Write(None, {"name": names, "price_display_method": "1", "show_prices": "1"})
        group = floor.webservice.create("groups", write).id
        assert checks(floor) == [(Level.attention, "E-AGT-085")]
        customer = floor.shop.register_customer("pro@example.com")
        floor.shop.execute(
            "UPDATE customers SET id_default_group = ? WHERE id = ?", group, customer
        )
        assert checks(floor) == [(Level.ok, None)]


def test_promotions_name_groups_too_and_withdrawn_ones_do_not() -> None:
    with open_price_floor() as floor:
        floor.say(Promotion(key="P", article="1", percent=Decimal(5), group="Club"))
        assert checks(floor) == [(Level.attention, "E-AGT-080")]
        floor.bury("promotion", "P")
        assert checks(floor) == []
