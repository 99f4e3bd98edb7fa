"""What the till is told: every figure as the shop has it, and nothing that is not its business."""

from decimal import Decimal

import pytest

from protocol.records import Customer, Order, content_hash, order_uid, parse_record, record_line
from shop_agent.orders.bundles import CustomerBundle, light_order
from shop_agent.orders.documents import (
    OrderUnreadableError,
    customer_document,
    order_document,
    revision,
    shop_profile_record,
    totals_gap,
)
from shop_agent.prestashop.entities import Entity
from tests.shop_agent.orders import cases

KEYS = {(12, 40): "v:derby-41", (7, 0): "a:shoe-polish"}


def told(placed: Entity | None = None, **parts: object) -> Order:
    return order_document(
        cases.bundle(placed, **parts), cases.profile(), lambda *ids: KEYS.get(ids)
    )


def test_a_whole_order_survives_the_wire() -> None:
    document = told()
    read = parse_record(record_line(document), place="a test")
    assert isinstance(read, Order)
    assert read == document
    assert content_hash(read) == revision(document)


def test_the_key_tells_shop_id_reference_and_date() -> None:
    assert told().key == "shop.example/1/1/REFERENC1/2026-11-24 10:00:00"
    long_one = order_uid("shop.example/1", 1, "R" * 250, cases.PLACED)
    assert len(long_one) <= 190
    assert long_one != order_uid("shop.example/1", 1, "R" * 251, cases.PLACED)


def test_figures_are_the_shop_s_in_both_bases() -> None:
    document = told()
    (line,) = document.lines
    assert (line.quantity, line.stock_key, line.combination_id) == (2, "v:derby-41", 40)
    assert line.unit_price_tax_excluded == Decimal("41.583333")
    assert line.total_tax_included == Decimal("99.8")
    assert line.tax_rate == 20
    assert document.totals.shipping_tax_included == Decimal("4.9")
    assert document.totals.shipping_tax_rate == 20
    assert document.totals.paid_tax_included == Decimal("99.7")
    (discount,) = document.discounts
    assert (discount.amount_tax_included, discount.amount_tax_excluded) == (
        Decimal(5),
        Decimal("4.166667"),
    )
    assert totals_gap(document) == 0


def test_local_times_state_and_people_are_the_shop_s() -> None:
    document = told(
        histories=(
            cases.made("order_histories", 8, id_order_state="32", date_add="2026-11-24 10:05:00"),
            cases.made("order_histories", 7, id_order_state="42", date_add=cases.PLACED),
            cases.made("order_histories", 9, id_order_state="32", date_add="0000-00-00 00:00:00"),
        )
    )
    assert (document.placed_at, document.timezone) == (cases.PLACED, "Europe/Paris")
    assert (document.state.id, document.state.role, document.state.name) == (
        32,
        "paid",
        "Paiement accepté",
    )
    assert [(one.state, one.at) for one in document.history] == [
        (42, cases.PLACED),
        (32, "2026-11-24 10:05:00"),
    ]
    assert (document.delivery.city, document.invoice.city) == ("Rennes", "Nantes")
    assert (document.customer.email, document.customer.language) == ("marie@example.org", "fr")
    assert (document.carrier, document.payment_module) == ("Colissimo", "ps_wirepayment")


def test_what_is_nobody_s_business_does_not_travel() -> None:
    text = record_line(told()).decode()
    for secret in ("passwd", "$2y$", "secure_key", "0123456789abcdef", "birthday", "1980-02-03"):
        assert secret not in text


def test_a_guest_is_marked() -> None:
    assert told(customer=cases.customer(is_guest="1")).customer.guest
    assert not told().customer.guest


def test_an_order_without_its_customer_says_what_the_address_says() -> None:
    document = told(customer=None)
    assert document.customer == Customer(
        key="shop.example/1/customer/3",
        shop_id=3,
        email="",
        first_name="Marie",
        last_name="Durand",
        company="",
    )
    assert told(customer=None, invoice=None, delivery=None).customer.last_name == ""


def test_several_payments_by_age() -> None:
    document = told(
        payments=(
            cases.payment(12, "59.700000", transaction_id="T-2", date_add="0000-00-00 00:00:00"),
            cases.payment(11, "40.000000", payment_method="Bon cadeau"),
        )
    )
    assert [(one.method, one.amount, one.paid_at) for one in document.payments] == [
        ("Bon cadeau", Decimal(40), cases.PLACED),
        ("Virement bancaire", Decimal("59.7"), None),
    ]
    assert document.payments[1].transaction == "T-2"


def test_a_voucher_that_was_taken_back_is_not_told() -> None:
    gone = cases.made(
        "order_cart_rules", 3, name="Non", value="1", value_tax_excl="1", free_shipping="0",
        deleted="1",
    )  # fmt: skip
    old_shop = cases.made(
        "order_cart_rules", 4, name="Port", value="4.9", value_tax_excl="4.083333",
        free_shipping="1",
    )  # fmt: skip
    (discount,) = told(cart_rules=(gone, old_shop)).discounts
    assert (discount.name, discount.free_shipping) == ("Port", True)


def slip(quantity: str) -> Entity:
    rows = ({"id": "1", "id_order_detail": "100", "product_quantity": quantity},)
    return Entity("order_slip", 1, {"id_order": "1"}, {"order_slip_details": rows})


@pytest.mark.parametrize(
    ("said", "credited", "refunded"),
    [("0", None, 0), ("1", None, 1), ("0", "1", 1), ("1", "2", 2), ("0", "9", 2)],
)
def test_units_refunded_by_the_line_or_by_slips(
    said: str, credited: str | None, refunded: int
) -> None:
    document = told(
        details=(cases.detail(product_quantity_refunded=said),),
        slips=(slip(credited),) if credited else (),
    )
    assert document.lines[0].refunded == refunded
    assert document.lines[0].quantity == 2


def test_a_line_that_names_no_known_tax_is_told_by_its_prices() -> None:
    assert told(tax_rates={}).lines[0].tax_rate == 20
    free = cases.detail(unit_price_tax_excl="0.000000", unit_price_tax_incl="0.000000")
    assert told(details=(free,), tax_rates={}).lines[0].tax_rate is None


def test_shipping_taxed_without_saying_so() -> None:
    untold = cases.order(carrier_tax_rate="0.000")
    assert told(untold).totals.shipping_tax_rate == 20
    free = cases.order(
        carrier_tax_rate="0.000", total_shipping_tax_excl="0", total_shipping_tax_incl="0"
    )
    assert told(free).totals.shipping_tax_rate == 0


@pytest.mark.parametrize(
    ("fields", "gap"),
    [
        ({"total_paid_tax_incl": "99.710000"}, "-0.01"),
        ({"total_discounts_tax_incl": "0.000000"}, "5.00"),
        ({"total_wrapping_tax_incl": "2.000000"}, "2.00"),
        ({"total_paid_tax_incl": "99.704000"}, "0.00"),
    ],
)
def test_a_sum_that_does_not_add_up_is_shown_not_corrected(
    fields: dict[str, str], gap: str
) -> None:
    document = told(cases.order(1, **fields))
    assert totals_gap(document) == Decimal(gap)
    paid = fields.get("total_paid_tax_incl", "99.7")
    assert document.totals.paid_tax_included == Decimal(paid)


def test_the_customer_s_words_come_before_the_shop_s_note() -> None:
    messages = (
        cases.made("messages", 5, message="Sonner deux fois", private="0"),
        cases.made("messages", 4, message="Bonjour", private="0"),
        cases.made("messages", 6, message="client difficile", private="1"),
    )
    document = told(cases.order(note="Emballer"), messages=messages)
    assert document.note == "Bonjour\n\nSonner deux fois\n\nEmballer"


def test_an_order_being_placed_has_no_lines_and_waits() -> None:
    document = told(cases.order(current_state="0"), details=(), payments=())
    assert (document.lines, document.state.role) == ((), "unset")


def test_the_revision_follows_the_content_alone() -> None:
    two = (cases.detail(100), cases.detail(101, product_attribute_id="41"))
    assert revision(told(details=two)) == revision(told(details=two[::-1]))
    changed = (cases.detail(100), cases.detail(101, product_quantity="1"))
    assert revision(told(details=two)) != revision(told(details=changed))
    assert revision(told(cases.order(date_upd="2026-11-25 08:00:00"))) == revision(told())


@pytest.mark.parametrize(
    "parts",
    [
        {"currency": ""},
        {"details": (cases.detail(product_quantity="12345678901"),)},
        {"payments": (cases.payment(1, "12345678901.5"),)},
    ],
)
def test_an_order_that_has_no_place_in_the_protocol_is_refused(parts: dict[str, object]) -> None:
    with pytest.raises(OrderUnreadableError) as caught:
        told(None, **parts)
    assert caught.value.place == "orders 1"
    assert caught.value.code == "E-ORD-002"


def test_an_order_of_nobody_is_refused() -> None:
    with pytest.raises(OrderUnreadableError):
        told(cases.order(id_customer="0"), customer=None)


def test_an_order_s_brief() -> None:
    brief = light_order(cases.order(4, (12, 40, 2), (7, 0, 1)), cases.profile())
    assert (brief.id, brief.state, brief.date_upd) == (4, 32, cases.PLACED)
    assert [(one.product_id, one.combination_id, one.quantity) for one in brief.lines] == [
        (12, 40, 2),
        (7, 0, 1),
    ]


def test_a_customer_travels_with_their_address() -> None:
    document = customer_document(
        CustomerBundle(cases.customer(), cases.address(), {8: "FR"}), cases.profile()
    )
    assert (document.key, document.shop_id) == ("shop.example/1/customer/3", 3)
    assert document.address is not None
    assert document.address.country == "FR"
    assert parse_record(record_line(document), place="a test") == document
    assert customer_document(CustomerBundle(cases.customer()), cases.profile()).address is None


def test_the_shop_travels_with_what_its_states_mean() -> None:
    record = shop_profile_record(cases.profile(), dead={51})
    assert record.languages == ("fr", "en")
    assert {one.id: one.role for one in record.states}[51] == "dead"
    assert [(one.rate, one.id, one.name) for one in record.tax_groups] == [
        (Decimal(0), 0, ""),
        (Decimal("5.5"), 3, "Réduit"),
        (Decimal(10), 2, "Intermédiaire"),
        (Decimal(20), 1, "Taux normal"),
    ]
    assert parse_record(record_line(record), place="a test") == record
