"""Which orders are read, with how many requests, and where the next reading begins."""

from collections import Counter
from collections.abc import Collection
from datetime import UTC, datetime

import pytest

from shop_agent.orders.bundles import Cursor, LightOrder
from shop_agent.orders.collect import (
    Changes,
    ShopRestoredError,
    moved_cursor,
    read_changed,
    read_customers,
    read_in_states,
    read_new_light,
    read_newest,
)
from shop_agent.prestashop.entities import Entity
from tests.shop_agent.orders import cases
from tests.shop_agent.orders.little_shop import LittleShop

NOW = datetime(2026, 11, 24, 12, 0, 0, tzinfo=UTC)  # 13:00 in Paris
PROFILE = cases.profile()


def at(minute: str) -> str:
    return f"2026-11-24 {minute}:00"


def stocked(*orders: Entity) -> LittleShop:
    """Return a shop with these orders and what they name."""
    return LittleShop(
        *orders,
        *(cases.detail(100 * one.id, order_id=one.id) for one in orders),
        cases.customer(),
        cases.address(5),
        cases.address(6, city="Nantes"),
        cases.made("carriers", 7, name="Colissimo"),
        cases.made("taxes", 1, rate="20.000"),
        cases.payment(9, "99.700000"),
    )


class Reading:
    """Readings of one little shop, and what each of them asked."""

    def __init__(self, shop: LittleShop) -> None:
        self.shop = shop
        self.asked: Counter[str] = Counter()

    def changed(
        self, cursor: Cursor, *, ids: Collection[int] = (), known: Collection[LightOrder] = (),
        thorough: bool = False,
    ) -> Changes:  # fmt: skip
        with self.shop.serve() as stub, stub.open() as webservice:
            changes = read_changed(
                webservice, PROFILE, cursor, now=NOW, ids=ids, is_known=set(known).__contains__,
                thorough=thorough,
            )  # fmt: skip
        self.asked = Counter(seen.path.removeprefix("/api/") for seen in stub.seen)
        return changes

    def light(self, cursor: Cursor, seen_up_to: str | None = None) -> tuple[LightOrder, ...]:
        with self.shop.serve() as stub, stub.open() as webservice:
            found = read_new_light(webservice, PROFILE, cursor, seen_up_to=seen_up_to)
        self.asked = Counter(seen.path.removeprefix("/api/") for seen in stub.seen)
        return found


def ids(changes: Changes) -> list[int]:
    return [bundle.light.id for bundle in changes.bundles]


def three() -> Reading:
    return Reading(
        stocked(
            cases.order(1, date_upd=at("09:00")),
            cases.order(2, date_upd=at("10:00")),
            cases.order(3, date_upd=at("11:00")),
        )
    )


def test_the_first_reading_takes_all_and_says_where_it_ended() -> None:
    changes = three().changed(Cursor())
    assert ids(changes) == [1, 2, 3]
    assert changes.cursor == Cursor(after_id=3, since=at("11:00"))


def test_an_idle_shop_costs_one_request() -> None:
    reading = three()
    first = reading.changed(Cursor())
    known = [bundle.light for bundle in first.bundles]
    again = reading.changed(first.cursor, known=known)
    assert ids(again) == []
    assert again.cursor == first.cursor
    assert reading.asked == {"orders": 1}


def test_many_changed_orders_cost_one_request_per_resource() -> None:
    reading = Reading(stocked(*(cases.order(number) for number in range(1, 41))))
    changes = reading.changed(Cursor())
    assert len(changes.bundles) == 40
    # Twice: in brief and whole; by id, and by e-mail.
    assert (reading.asked.pop("orders"), reading.asked.pop("customers")) == (2, 2)
    assert set(reading.asked.values()) == {1}
    assert set(reading.asked) == {
        "order_details", "order_payments", "order_cart_rules", "order_histories", "messages",
        "order_slip", "addresses", "carriers", "taxes",
    }  # fmt: skip


def test_a_bundle_holds_what_belongs_to_its_order() -> None:
    first, second, _ = three().changed(Cursor()).bundles
    assert [one.id for one in first.details] == [100]
    assert [one.id for one in second.details] == [200]
    assert [one.id for one in first.payments] == [9]
    assert second.payments == ()
    assert first.customer is not None
    assert first.delivery is not None
    assert first.invoice is not None
    assert first.invoice.text("city") == "Nantes"
    assert (first.carrier, first.currency, first.countries[8]) == ("Colissimo", "EUR", "FR")
    assert first.tax_rates == {1: 20}


def test_nothing_secret_is_even_asked_for() -> None:
    shop = stocked(cases.order())
    with shop.serve() as stub, stub.open() as webservice:
        read_changed(webservice, PROFILE, Cursor(), now=NOW)
        read_customers(webservice, PROFILE, Cursor(), now=NOW)
    displays = " ".join(seen.query["display"] for seen in stub.seen)
    for secret in ("passwd", "secure_key", "birthday", "card_"):
        assert secret not in displays


def test_a_change_is_found_by_its_date_however_old_the_order() -> None:
    reading = three()
    first = reading.changed(Cursor())
    known = [bundle.light for bundle in first.bundles]
    reading.shop.put(cases.order(1, current_state="36", date_upd=at("12:00")))
    again = reading.changed(first.cursor, known=known)
    assert ids(again) == [1]
    assert again.cursor == Cursor(after_id=3, since=at("12:00"))


def test_a_change_inside_the_overlap_is_found() -> None:
    reading = three()
    first = reading.changed(Cursor())
    known = [bundle.light for bundle in first.bundles]
    reading.shop.put(cases.order(2, current_state="36", date_upd=at("10:57")))
    assert ids(reading.changed(first.cursor, known=known)) == [2]


def test_an_order_with_an_old_date_is_found_by_its_id_when_looked_for() -> None:
    reading = three()
    first = reading.changed(Cursor())
    known = [bundle.light for bundle in first.bundles]
    reading.shop.put(cases.order(4, date_upd="2026-01-01 00:00:00"))
    assert ids(reading.changed(first.cursor, known=known)) == []
    assert ids(reading.changed(first.cursor, known=known, thorough=True)) == [4]
    reading.shop.put(cases.order(2, date_upd=at("11:30")))
    assert ids(reading.changed(first.cursor, known=known)) == [2, 4]


def test_orders_named_are_read_whatever_their_date() -> None:
    reading = three()
    first = reading.changed(Cursor())
    known = [bundle.light for bundle in first.bundles]
    again = reading.changed(first.cursor, known=known, ids={1, 99})
    assert ids(again) == [1]
    assert again.missing == (99,)
    assert again.cursor == first.cursor


def test_an_order_of_another_shop_of_the_installation_is_not_ours() -> None:
    reading = Reading(stocked(cases.order(1), cases.order(2, id_shop="2")))
    changes = reading.changed(Cursor(), ids={2})
    assert ids(changes) == [1]
    assert changes.missing == (2,)


@pytest.mark.parametrize("remaining", [(), (1, 2)])
def test_a_shop_whose_ids_end_below_the_cursor_was_restored(remaining: tuple[int, ...]) -> None:
    orders = [cases.order(number, date_upd=at("09:00")) for number in remaining]
    with pytest.raises(ShopRestoredError) as caught:
        Reading(stocked(*orders)).changed(Cursor(3, at("11:00")))
    assert caught.value.facts == {"highest": str(max(remaining, default=0)), "known": "3"}
    assert caught.value.exit_code == 6


def test_a_deleted_order_below_the_newest_is_no_restored_shop() -> None:
    reading = three()
    first = reading.changed(Cursor())
    reading.shop.put(cases.order(4, date_upd=at("10:59")))
    reading.shop.remove("orders", 3)
    known = [bundle.light for bundle in first.bundles]
    assert ids(reading.changed(first.cursor, known=known)) == [4]


def test_a_date_in_the_future_does_not_carry_the_cursor_away() -> None:
    reading = Reading(stocked(cases.order(1, date_upd="2031-01-01 00:00:00")))
    changes = reading.changed(Cursor())
    assert changes.cursor == Cursor(1, "2026-11-24 13:00:00")
    reading.shop.put(cases.order(2, date_upd="2026-11-24 13:10:00"))
    known = [bundle.light for bundle in changes.bundles]
    assert ids(reading.changed(changes.cursor, known=known)) == [2]


def test_the_cursor_never_goes_back() -> None:
    before = Cursor(9, at("12:00"))
    assert moved_cursor(before, [], PROFILE, NOW) == before
    assert moved_cursor(before, [(3, at("11:00"))], PROFILE, NOW) == before
    assert moved_cursor(before, [(12, at("12:30"))], PROFILE, NOW) == Cursor(12, at("12:30"))


def test_between_batches_new_and_changed_orders_come_in_one_request() -> None:
    reading = three()
    cursor = reading.changed(Cursor()).cursor
    reading.shop.put(
        cases.order(1, (12, 40, 3), date_upd=at("12:00")),
        cases.order(4, (7, 0, 1), date_upd=at("12:01"), current_state="0"),
    )
    found = reading.light(cursor)
    assert [(one.id, one.state) for one in found] == [(1, 32), (3, 32), (4, 0)]
    assert found[0].lines[0].quantity == 3
    assert reading.asked == {"orders": 1}


def test_a_shop_without_orders_is_read_by_id() -> None:
    reading = Reading(LittleShop())
    assert reading.light(Cursor()) == ()
    reading.shop.put(cases.order(1))
    assert [one.id for one in reading.light(Cursor())] == [1]


def test_an_address_that_lists_leave_out_is_asked_for_alone() -> None:
    shop = stocked(cases.order(1))
    shop.hide("addresses", 6)
    reading = Reading(shop)
    (bundle,) = reading.changed(Cursor()).bundles
    assert bundle.invoice is not None
    assert bundle.invoice.text("city") == "Nantes"
    assert reading.asked["addresses/6"] == 1


def test_what_the_shop_no_longer_has_is_empty() -> None:
    shop = stocked(cases.order(1))
    shop.remove("addresses", 5, 6)
    shop.remove("customers", 3)
    shop.remove("carriers", 7)
    (bundle,) = Reading(shop).changed(Cursor()).bundles
    assert (bundle.customer, bundle.delivery, bundle.invoice, bundle.carrier) == (
        None,
        None,
        None,
        "",
    )


def test_a_foreign_currency_and_country_are_asked_for() -> None:
    shop = stocked(cases.order(1, id_currency="4"))
    shop.put(
        cases.address(5, id_country="3"),
        cases.made("currencies", 4, iso_code="chf"),
        cases.made("countries", 3, iso_code="BE"),
    )
    (bundle,) = Reading(shop).changed(Cursor()).bundles
    assert (bundle.currency, bundle.countries) == ("CHF", {8: "FR", 3: "BE"})


def test_the_open_orders_at_pairing() -> None:
    shop = stocked(cases.order(1, current_state="42"), cases.order(2), cases.order(3))
    with shop.serve() as stub, stub.open() as webservice:
        found = read_in_states(webservice, PROFILE, {42, 32}, up_to=2)
        assert [(one.id, one.state) for one in found] == [(1, 42), (2, 32)]
        assert read_in_states(webservice, PROFILE, set(), up_to=2) == ()


def test_where_reading_begins_at_pairing() -> None:
    shop = stocked(
        cases.order(1, date_upd=at("12:00"), date_add=at("10:30")),
        cases.order(2, date_upd=at("11:00"), date_add=at("10:10")),
    )
    with shop.serve() as stub, stub.open() as webservice:
        assert read_newest(webservice, PROFILE) == (Cursor(2, at("12:00")), at("10:30"))
    with LittleShop().serve() as stub, stub.open() as webservice:
        assert read_newest(webservice, PROFILE) == (Cursor(), None)


def test_customers_that_never_ordered_come_with_their_newest_address() -> None:
    shop = LittleShop(
        cases.customer(3),
        cases.customer(4, date_upd=at("11:00")),
        cases.customer(5, deleted="1"),
        cases.customer(6, active="0"),
        cases.address(5),
        cases.address(8, city="Brest"),
        cases.address(9, city="Ailleurs", deleted="1"),
    )
    with shop.serve() as stub, stub.open() as webservice:
        first = read_customers(webservice, PROFILE, Cursor(), now=NOW)
        asked = len(stub.seen)
        again = read_customers(webservice, PROFILE, first.cursor, now=NOW)
        assert len(stub.seen) == asked + 1
        shop.put(cases.customer(3, date_upd=at("11:02")))
        changed = read_customers(webservice, PROFILE, again.cursor, now=NOW)
    assert [one.customer.id for one in first.bundles] == [3, 4]
    assert first.bundles[0].address is not None
    assert first.bundles[0].address.text("city") == "Brest"
    assert first.bundles[1].address is None
    assert again.bundles == ()
    assert again.cursor == first.cursor
    assert [one.customer.id for one in changed.bundles] == [3]
    assert changed.cursor.since == at("11:02")


def test_a_rush_of_orders_is_not_read_again_at_each_reading_of_a_pass() -> None:
    reading = three()
    cursor = Cursor(after_id=1, since=at("09:00"))
    assert [light.id for light in reading.light(cursor)] == [1, 2, 3]
    assert [light.id for light in reading.light(cursor, at("10:00"))] == [2, 3]
    assert [light.id for light in reading.light(cursor, at("10:01"))] == [3]
    assert reading.asked == {"orders": 1}
