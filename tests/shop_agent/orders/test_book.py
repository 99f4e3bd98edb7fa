"""The order book: what is kept, what is to be read and offered again, and who is who."""

import json
from collections.abc import Iterator
from datetime import UTC, datetime

import pytest
from sqlalchemy import Connection, create_engine, event

from protocol.link.staging import Delivery
from protocol.packet import Line
from protocol.records import Customer, Fate, Order
from shop_agent.mailroom import VERIFY_STOCK, receive
from shop_agent.orders.book import Noted, fate, note, note_deleted, offer
from shop_agent.orders.bundles import Cursor, LightOrder
from shop_agent.orders.documents import order_document, revision
from shop_agent.orders.offers import by_sellable
from shop_agent.orders.positions import (
    Baseline,
    begin_second_life,
    get_baseline,
    get_cursor,
    move_cursor,
    set_baseline,
)
from shop_agent.orders.rereading import ids_of, known_by, to_offer_again, to_read_again
from shop_agent.orders.reserving import release, released, reserved, without_state
from shop_agent.orders.roles import Pack, Part, role_of
from shop_agent.orders.told_customers import offer_customer
from shop_agent.replica import Replica
from shop_agent.state import METADATA
from tests.shop_agent.orders import cases

PROFILE = cases.profile()
LATER = "2026-11-24 11:00:00"


@pytest.fixture
def connection() -> Iterator[Connection]:
    engine = create_engine("sqlite://")
    METADATA.create_all(engine)
    with engine.begin() as opened:
        yield opened
    engine.dispose()


def read(connection: Connection, light: LightOrder) -> Noted:
    return note(connection, light, role_of(light.state, PROFILE))


def told(
    connection: Connection, *lines: tuple[int, int, int], number: int = 1, state: int = 32,
    date_upd: str = cases.PLACED,
) -> Order:  # fmt: skip
    """Read an order whole, note it and offer it; return its document."""
    entity = cases.order(number, *lines, current_state=str(state), date_upd=date_upd)
    details = tuple(
        cases.detail(
            int(row["id"]), number, product_id=row["product_id"],
            product_attribute_id=row["product_attribute_id"],
            product_quantity=row["product_quantity"],
        )
        for row in entity.associations["order_rows"]
    )  # fmt: skip
    bundle = cases.bundle(entity, details=details)
    document = order_document(bundle, PROFILE, lambda product, combination: None)
    read(connection, bundle.light)
    offer(connection, document, bundle.light.date_upd)
    return document


def kept(connection: Connection) -> dict[tuple[int, int], list[int]]:
    """Return the units kept of each sellable, by order."""
    return {at: [*orders.values()] for at, orders in reserved(connection, by_sellable).items()}


def test_a_new_order_keeps_its_units_at_once(connection: Connection) -> None:
    noted = read(connection, cases.light(1, (12, 40, 2), (7, 0, 1)))
    assert noted == Noted(
        is_new=True, is_told=True, touched=frozenset({(12, 40), (7, 0)}), proves_restore=False
    )
    read(connection, cases.light(2, (12, 40, 3)))
    assert reserved(connection, by_sellable) == {
        (12, 40): {cases.light(1).uid: 2, cases.light(2).uid: 3},
        (7, 0): {cases.light(1).uid: 1},
    }


def test_an_order_read_again_as_it_was_touches_nothing(connection: Connection) -> None:
    light = cases.light(1, (12, 40, 2))
    read(connection, light)
    assert read(connection, light).touched == frozenset()


def test_a_change_touches_former_and_present_units(connection: Connection) -> None:
    read(connection, cases.light(1, (12, 40, 2)))
    noted = read(connection, cases.light(1, (12, 41, 2)))
    assert (noted.is_new, noted.touched) == (False, frozenset({(12, 40), (12, 41)}))


def test_an_order_never_offered_may_release(connection: Connection) -> None:
    read(connection, cases.light(1, (12, 40, 2)))
    read(connection, cases.light(1, (12, 40, 2), state=36))
    assert kept(connection) == {}


def test_an_order_in_state_0_keeps_what_is_seen_so_far(connection: Connection) -> None:
    read(connection, cases.light(1, state=0))
    assert kept(connection) == {}
    read(connection, cases.light(1, (12, 40, 1), state=0))
    assert kept(connection) == {(12, 40): [1]}
    assert to_read_again(connection) == (1,)


def test_a_cancellation_releases_when_the_till_has_answered_it(connection: Connection) -> None:
    first = told(connection, (12, 40, 2))
    assert fate(connection, first.key, revision(first), "imported")
    second = told(connection, (12, 40, 2), state=36, date_upd=LATER)
    assert kept(connection) == {(12, 40): [2]}
    assert fate(connection, first.key, revision(first), "imported")
    assert kept(connection) == {(12, 40): [2]}
    assert fate(connection, first.key, revision(second), "imported")
    assert kept(connection) == {}


def test_a_cancellation_seen_and_not_yet_offered_releases_nothing(connection: Connection) -> None:
    first = told(connection, (12, 40, 2))
    read(connection, cases.light(1, (12, 40, 2), state=36, reference="REFERENC1", date_upd=LATER))
    fate(connection, first.key, revision(first), "imported")
    assert kept(connection) == {(12, 40): [2]}


def test_an_edit_keeps_the_most_until_it_is_answered(connection: Connection) -> None:
    told(connection, (12, 40, 3))
    second = told(connection, (12, 40, 1), (12, 41, 2), date_upd=LATER)
    assert kept(connection) == {(12, 40): [3], (12, 41): [2]}
    fate(connection, second.key, revision(second), "imported")
    assert kept(connection) == {(12, 40): [1], (12, 41): [2]}


def test_a_word_on_what_was_never_offered_changes_nothing(connection: Connection) -> None:
    document = told(connection, (12, 40, 2))
    assert not fate(connection, "shop.example/1/9/X/Y", revision(document), "imported")
    assert not fate(connection, document.key, "0" * 64, "imported")
    assert not fate(connection, document.key, None, "imported")
    assert to_offer_again(connection) == (1,)


@pytest.mark.parametrize(
    ("state", "again"), [("imported", ()), ("ignored", ()), ("waiting", (1,)), ("refused", (1,))]
)
def test_only_imported_or_ignored_closes(
    connection: Connection, state: str, again: tuple[int, ...]
) -> None:
    document = told(connection, (12, 40, 2))
    assert to_offer_again(connection) == (1,)
    fate(connection, document.key, revision(document), state)  # type: ignore[arg-type]  # of the table above
    assert to_offer_again(connection) == again


def test_a_newer_document_opens_the_order_again(connection: Connection) -> None:
    first = told(connection, (12, 40, 2))
    fate(connection, first.key, revision(first), "imported")
    told(connection, (12, 40, 2), state=34, date_upd=LATER)
    assert to_offer_again(connection) == (1,)


def test_a_till_that_lost_an_order_opens_it_again(connection: Connection) -> None:
    document = told(connection, (12, 40, 2))
    fate(connection, document.key, revision(document), "imported")
    fate(connection, document.key, revision(document), "waiting")
    assert to_offer_again(connection) == (1,)
    assert kept(connection) == {(12, 40): [2]}


def test_an_offer_says_whether_its_content_is_new(connection: Connection) -> None:
    document = told(connection, (12, 40, 2))
    assert not offer(connection, document, cases.PLACED)
    changed = document.model_copy(update={"note": "urgent"})
    assert offer(connection, changed, LATER)


def test_an_order_may_be_offered_before_it_was_noted(connection: Connection) -> None:
    bundle = cases.bundle()
    document = order_document(bundle, PROFILE, lambda product, combination: None)
    assert offer(connection, document, cases.PLACED)
    assert kept(connection) == {(12, 40): [2]}
    assert known_by(connection)(bundle.light)


def test_an_order_is_known_as_it_was_offered(connection: Connection) -> None:
    document = told(connection, (12, 40, 2))
    is_known = known_by(connection)
    light = cases.light(1, (12, 40, 2), reference="REFERENC1")
    assert light.uid == document.key
    assert is_known(light)
    for other in (
        cases.light(1, (12, 40, 2), reference="REFERENC1", date_upd=LATER),
        cases.light(1, (12, 40, 2), reference="REFERENC1", state=33),
        cases.light(1, (12, 40, 1), reference="REFERENC1"),
        cases.light(2, (12, 40, 2)),
    ):
        assert not is_known(other)


def test_a_change_seen_between_batches_is_still_to_be_read_whole(connection: Connection) -> None:
    told(connection, (12, 40, 2))
    assert to_read_again(connection) == ()
    seen = cases.light(1, (12, 40, 2), reference="REFERENC1", state=33)
    read(connection, seen)
    assert not known_by(connection)(seen)
    assert to_read_again(connection) == (1,)
    told(connection, (12, 40, 2), state=33)
    assert to_read_again(connection) == ()


def test_an_older_reading_does_not_hide_a_change_seen_since(connection: Connection) -> None:
    entity = cases.bundle()
    read(connection, entity.light)
    seen = cases.light(1, (12, 40, 5), reference="REFERENC1", date_upd=LATER)
    read(connection, seen)
    document = order_document(entity, PROFILE, lambda product, combination: None)
    offer(connection, document, entity.light.date_upd)
    assert to_read_again(connection) == (1,)
    assert kept(connection) == {(12, 40): [5]}


def test_orders_seen_and_not_told_are_to_be_read_and_offered(connection: Connection) -> None:
    read(connection, cases.light(1, (12, 40, 2)))
    assert to_read_again(connection) == to_offer_again(connection) == (1,)


def test_a_state_that_nobody_knows_is_read_again(connection: Connection) -> None:
    told(connection, (12, 40, 2), state=99)
    assert kept(connection) == {(12, 40): [2]}
    assert to_read_again(connection) == (1,)


def test_an_order_that_the_shop_lost_and_has_again_keeps_its_units(connection: Connection) -> None:
    light = cases.light(1, (12, 40, 2))
    read(connection, light)
    note_deleted(connection, 1)
    assert (kept(connection), to_read_again(connection)) == ({}, ())
    assert read(connection, light).touched == {(12, 40)}
    assert (kept(connection), to_read_again(connection)) == ({(12, 40): [2]}, (1,))


def test_what_was_released_of_a_lost_order_is_kept_when_the_shop_has_it_again(
    connection: Connection,
) -> None:
    order = told(connection, (12, 40, 2))
    note_deleted(connection, 1)
    release(connection, order.key, lambda product, combination: f"v:{combination}")
    assert released(connection) == {order.key: {"v:40": 2}}
    told(connection, (12, 40, 2))
    assert released(connection) == {}


def test_of_an_id_given_again_the_former_order_is_gone(connection: Connection) -> None:
    read(connection, cases.light(1, (12, 40, 2)))
    other = cases.light(1, (12, 40, 1), reference="BBBBBBBBB")
    read(connection, other)
    [gone] = note_deleted(connection, 1, but=other.uid)
    assert gone.uid == cases.light(1).uid
    assert kept(connection) == {(12, 40): [1]}
    assert note_deleted(connection, 1, but=other.uid) == ()


def test_the_same_id_again_proves_a_restored_shop(connection: Connection) -> None:
    read(connection, cases.light(1, (12, 40, 2)))
    other = read(connection, cases.light(1, (12, 40, 1), reference="BBBBBBBBB"))
    assert (other.is_new, other.proves_restore) == (True, True)
    assert kept(connection) == {(12, 40): [2, 1]}
    placed_again = read(connection, cases.light(1, date_add=LATER))
    assert placed_again.proves_restore


def test_orders_of_the_baseline_keep_nothing_and_are_not_told(connection: Connection) -> None:
    read(connection, cases.light(7, (12, 40, 1)))
    read(connection, cases.light(8, (12, 40, 1)))
    read(connection, cases.light(11, (12, 40, 4)))
    set_baseline(connection, up_to=10, not_in_till={8, 9}, newest_add=cases.PLACED)
    in_it = read(connection, cases.light(10, (12, 40, 1)))
    not_in_it = read(connection, cases.light(9, (12, 40, 2)))
    # The shop moves its stock all the same, when somebody cancels it.
    assert (in_it.is_told, in_it.touched) == (False, frozenset({(12, 40)}))
    assert (not_in_it.is_told, not_in_it.touched) == (True, frozenset({(12, 40)}))
    assert kept(connection) == {(12, 40): [1, 2, 4]}
    assert to_offer_again(connection) == to_read_again(connection) == (8, 9, 11)


def test_orders_of_the_baseline_are_known_whatever_becomes_of_them(connection: Connection) -> None:
    set_baseline(connection, up_to=10, not_in_till={9}, newest_add=cases.PLACED)
    is_known = known_by(connection)
    assert is_known(cases.light(10, (12, 40, 1), date_upd=LATER))
    read(connection, cases.light(10, (12, 40, 1)))
    assert is_known(cases.light(10, (12, 40, 1), state=36, date_upd=LATER))
    assert not is_known(cases.light(9, (12, 40, 1)))
    assert not is_known(cases.light(11, (12, 40, 1)))


def test_a_baseline_set_anew_frees_the_orders_that_it_leaves_out(connection: Connection) -> None:
    set_baseline(connection, up_to=7, not_in_till=(), newest_add=cases.PLACED)
    read(connection, cases.light(7, (12, 40, 1)))
    assert (kept(connection), to_read_again(connection)) == ({}, ())
    set_baseline(connection, up_to=0, not_in_till=(), newest_add="")  # the till has none of them
    assert (kept(connection), to_read_again(connection)) == ({(12, 40): [1]}, (7,))


def test_an_id_of_the_baseline_given_again_is_a_new_order(connection: Connection) -> None:
    set_baseline(connection, up_to=10, not_in_till=(), newest_add=cases.PLACED)
    again = cases.light(10, (12, 40, 1), date_add=LATER)
    assert not known_by(connection)(again)
    noted = read(connection, again)
    assert (noted.is_told, noted.proves_restore) == (True, True)
    assert kept(connection) == {(12, 40): [1]}


def test_a_large_baseline(connection: Connection) -> None:
    for number in range(1, 1201):
        read(connection, cases.light(number, (12, 40, 1)))
    set_baseline(connection, 1200, not_in_till=range(1, 1101), newest_add=cases.PLACED)
    assert len(reserved(connection, by_sellable)[(12, 40)]) == 1100


PACKS = {12: Pack((Part((7, 0), 2), Part((8, 80), 1)))}


def test_a_pack_keeps_its_components_and_itself(connection: Connection) -> None:
    noted = note(connection, cases.light(1, (12, 0, 3), (7, 0, 1)), "paid", PACKS)
    assert kept(connection) == {(12, 0): [3], (7, 0): [7], (8, 80): [3]}
    assert noted.touched == {(12, 0), (7, 0), (8, 80)}


def test_components_stay_as_they_were_when_the_order_was_noted(connection: Connection) -> None:
    light = cases.light(1, (12, 0, 1))
    note(connection, light, "paid", PACKS)
    note(connection, light, "paid", {})
    assert kept(connection) == {(12, 0): [1], (7, 0): [2], (8, 80): [1]}


def test_less_than_the_strict_rule_is_the_merchants_choice(connection: Connection) -> None:
    told(connection, (12, 40, 2))
    told(connection, (12, 40, 2), state=36, date_upd=LATER)
    assert kept(connection) == {(12, 40): [2]}
    assert reserved(connection, by_sellable, strict=False) == {}


def test_what_an_order_without_a_state_takes_is_named_until_it_has_one(
    connection: Connection,
) -> None:
    read(connection, cases.light(1, (12, 40, 2), state=0))
    read(connection, cases.light(2, (7, 0, 1)))
    assert without_state(connection) == {(12, 40)}
    read(connection, cases.light(1, (12, 40, 2), state=32))
    assert without_state(connection) == frozenset()


def test_after_a_loss_the_till_may_still_work_on_what_it_was_told_before(
    connection: Connection,
) -> None:
    begin_second_life(connection)
    cancelled = told(connection, (12, 40, 2), state=36)
    assert kept(connection) == {(12, 40): [2]}
    fate(connection, cancelled.key, revision(cancelled), "waiting")
    assert kept(connection) == {(12, 40): [2]}
    fate(connection, cancelled.key, revision(cancelled), "ignored")
    assert kept(connection) == {}


def test_cursors_and_baseline_are_kept(connection: Connection) -> None:
    assert get_cursor(connection) == get_cursor(connection, "customers") == Cursor()
    assert get_baseline(connection) == Baseline()
    orders = Cursor(12, LATER)
    customers = Cursor(3, LATER, ((3, LATER), (2, cases.PLACED)))
    move_cursor(connection, Cursor(11, None))
    move_cursor(connection, orders)
    move_cursor(connection, customers, "customers")
    assert get_cursor(connection) == orders
    assert get_cursor(connection, "customers") == customers
    fixed = set_baseline(connection, 12, {9}, LATER)
    assert get_baseline(connection) == fixed == Baseline(12, frozenset({9}), LATER)


def test_a_customer_is_told_when_new_or_changed(connection: Connection) -> None:
    customer = Customer(key="shop.example/1/customer/3", shop_id=3, email="marie@example.org")
    assert offer_customer(connection, customer)
    assert not offer_customer(connection, customer)
    moved = customer.model_copy(update={"email": "marie@example.com"})
    assert offer_customer(connection, moved)
    assert offer_customer(connection, customer)


def test_more_references_than_one_query_takes(connection: Connection) -> None:
    """After a move of the shop all its payments bear new ids."""
    read(connection, cases.light(1, (12, 40, 2)))
    many = {cases.light(1).reference, *(f"R{number}" for number in range(260_000))}
    assert ids_of(connection, many) == (1,)


def test_what_many_answers_touch_is_noted_once_for_a_packet(connection: Connection) -> None:
    """A till that begins its answers anew says thousands at once."""
    orders = [told(connection, (12, 40 + number, 2), number=number) for number in range(1, 9)]
    fates = [
        Fate(
            key=f"order/{one.key}", of_kind="order", of_key=one.key, of_hash=revision(one),
            state="imported", at=datetime(2026, 11, 24, 10, tzinfo=UTC),
        )
        for one in orders
    ]  # fmt: skip
    written: list[str] = []

    def note_written(*statement: object) -> None:
        written.append(str(statement[2]))

    event.listen(connection.engine, "before_cursor_execute", note_written)
    lines = tuple(Line("fate", one.key, one, None) for one in fates)
    receive(connection, Delivery("answers", 1, 1, lines))
    assert len([one for one in written if "INSERT INTO meta" in one]) == 1
    verify = json.loads(Replica(connection).setting(VERIFY_STOCK) or "[]")
    assert verify == [[12, 40 + number] for number in range(1, 9)]
