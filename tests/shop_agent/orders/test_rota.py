"""Whose turn it is, and what a look brings."""

from datetime import UTC, datetime, timedelta

from shop_agent.orders.rota import (
    AT_ONCE,
    CUSTOMERS,
    MEMBERS,
    Look,
    Rota,
    Seen,
    look_at,
    parse_rota,
    render_rota,
)
from tests.shop_agent.orders import cases
from tests.shop_agent.orders.little_shop import LittleShop

NOW = datetime(2026, 11, 24, 12, 0, tzinfo=UTC)


def all_seen(minutes_ago: int) -> Rota:
    return Rota(dict.fromkeys(MEMBERS, Seen(NOW - timedelta(minutes=minutes_ago))))


def look(shop: LittleShop, resource: str, seen: Seen) -> Look:
    with shop.serve() as stub, stub.open() as webservice:
        return look_at(webservice, cases.profile(), resource, seen, now=NOW)


def test_what_was_never_looked_at_comes_at_once() -> None:
    assert Rota().due(NOW) == MEMBERS
    known = all_seen(1).after("messages", Seen())
    assert known.due(NOW) == ("messages",)


def test_nothing_due_leaves_room_for_customers() -> None:
    assert all_seen(1).due(NOW) == (CUSTOMERS,)
    assert all_seen(1).due(NOW, everything=True) == MEMBERS


def test_every_member_has_its_turn_within_three_passes_of_five_minutes() -> None:
    rota = all_seen(15)
    had: list[str] = []
    for passed in range(3):
        now = NOW + timedelta(minutes=5 * passed)
        due = rota.due(now)
        assert len(due) == AT_ONCE
        for one in due:
            rota = rota.after(one, Seen(now))
        had += due
    assert sorted(had) == sorted(MEMBERS)


def test_a_rota_survives_as_text() -> None:
    rota = Rota({"addresses": Seen(NOW, since=cases.PLACED, recent=((5, cases.PLACED),)),
                 "messages": Seen(NOW, after_id=7)})  # fmt: skip
    assert parse_rota(render_rota(rota)) == rota
    assert parse_rota("") == Rota()


def test_the_first_look_only_notes_how_far_there_is() -> None:
    shop = LittleShop(cases.made("messages", 4, id_order="1"), cases.made("messages", 9))
    first = look(shop, "messages", Seen())
    assert first == Look(Seen(NOW, after_id=9))
    shop.put(cases.made("messages", 10, id_order="0"), cases.made("messages", 11, id_order="3"))
    assert look(shop, "messages", first.seen) == Look(Seen(NOW, after_id=11), frozenset({3}))


def test_payments_tell_references_and_histories_states() -> None:
    shop = LittleShop(
        cases.payment(9, "1"),
        cases.made("order_histories", 5, id_order="3", id_order_state="32"),
        cases.made("order_histories", 6, id_order="3", id_order_state="34"),
    )
    assert look(shop, "order_payments", Seen(NOW)).references == {"REFERENC1"}
    assert look(shop, "order_histories", Seen(NOW, after_id=4)).states == {3: 34}


def test_an_address_is_told_once_though_it_stands_inside_the_overlap() -> None:
    shop = LittleShop(cases.made("addresses", 5, date_upd="2026-11-24 12:00:00"))
    seen = look(shop, "addresses", Seen()).seen
    assert look(shop, "addresses", seen).addresses == frozenset()
    shop.put(cases.made("addresses", 6, date_upd="2026-11-24 12:00:00"))
    found = look(shop, "addresses", seen)
    assert found.addresses == {6}
    assert look(shop, "addresses", found.seen).addresses == frozenset()
