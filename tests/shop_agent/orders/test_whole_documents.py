"""All that an order's document holds beside its sums, and what must never be asked of the shop."""

from decimal import Decimal

from protocol.records import Order
from shop_agent.orders.bundles import OrderBundle
from shop_agent.orders.documents import order_document, revision, totals_gap
from shop_agent.orders.gather import gather
from shop_agent.orders.persons import Person, read_persons
from shop_agent.prestashop.entities import Entity
from tests.shop_agent.orders import cases
from tests.shop_agent.orders.little_shop import LittleShop

SECRET = ("passwd", "secure_key", "birthday", "last_passwd_gen", "reset_password_token")


def told(placed: Entity | None = None, **parts: object) -> Order:
    bundle: OrderBundle = cases.bundle(placed, **parts)
    return order_document(bundle, cases.profile(), lambda *_: "v:1")


def test_a_line_tells_what_it_cost_before_and_what_was_taken_off() -> None:
    reduced = cases.detail(
        original_product_price="51.979167", reduction_percent="20.000000",
        reduction_amount_tax_excl="0.000000", reduction_amount_tax_incl="0.000000",
        ecotax="0.410000",
    )  # fmt: skip
    [line] = told(details=(reduced,)).lines
    assert line.original_price_tax_excluded == Decimal("51.979167")
    assert line.reduction_percent == 20
    assert (line.reduction_tax_excluded, line.reduction_tax_included) == (None, None)
    assert line.ecotax == Decimal("0.41")


def test_refunds_are_told_by_line_and_change_no_sum() -> None:
    row = {"id_order_detail": "100", "product_quantity": "1", "amount_tax_excl": "41.583333",
           "amount_tax_incl": "49.9"}  # fmt: skip
    fields = {
        "id_order": "1", "total_products_tax_excl": "41.583333", "total_products_tax_incl": "49.9",
        "total_shipping_tax_excl": "4.083333", "total_shipping_tax_incl": "4.9",
        "date_add": cases.PLACED,
    }  # fmt: skip
    slip = Entity("order_slip", 4, fields, {"order_slip_details": (row,)})
    document = told(slips=(slip,))
    assert document.refunds is not None
    [refund] = document.refunds
    assert (refund.id, refund.at, refund.shipping_tax_included) == (4, cases.PLACED, Decimal("4.9"))
    [line] = refund.lines
    assert (line.line, line.quantity, line.total_tax_included) == (100, 1, Decimal("49.9"))
    assert document.lines[0].refunded == 1
    assert document.totals == told().totals
    assert totals_gap(document) == 0
    assert revision(document) != revision(told())


def test_wrapping_has_its_rate_and_a_foreign_currency_its_course() -> None:
    wrapped = told(
        cases.order(total_wrapping_tax_excl="2.000000", total_wrapping_tax_incl="2.400000",
                    total_paid_tax_incl="102.100000"),
    )  # fmt: skip
    assert wrapped.totals.wrapping_tax_rate == 20
    assert totals_gap(wrapped) == 0
    abroad = told(cases.order(conversion_rate="1.100000"), currency="CHF")
    assert (abroad.currency, abroad.conversion_rate) == ("CHF", Decimal("1.1"))
    assert told(cases.order(conversion_rate="1.000000")).conversion_rate is None


def test_split_orders_share_reference_and_cart_and_are_two() -> None:
    first = told(cases.order(1, reference="SPLIT", id_cart="77"))
    second = told(cases.order(2, reference="SPLIT", id_cart="77"))
    assert first.reference == second.reference
    assert (first.cart, second.cart) == (77, 77)
    assert first.key != second.key


def test_a_deleted_product_without_reference_is_a_whole_line() -> None:
    gone = cases.detail(product_reference="", product_ean13="")
    document = order_document(cases.bundle(details=(gone,)), cases.profile(), lambda *_: None)
    [line] = document.lines
    assert (line.stock_key, line.reference, line.name) == (None, "", "Derby - Pointure : 41")
    assert line.total_tax_included == Decimal("99.8")


def test_a_guest_bears_the_key_of_the_first_customer_with_the_same_email() -> None:
    document = told(customer=cases.customer(9, is_guest="1"), person=3)
    assert (document.customer.key, document.customer.shop_id) == ("shop.example/1/customer/3", 3)
    assert document.customer.guest


def test_persons_are_told_by_email_whatever_its_case() -> None:
    shop = LittleShop(
        cases.customer(3, is_guest="1"),
        cases.customer(8, email="MARIE@example.org"),
        cases.customer(9, email="paul@example.org"),
        cases.customer(10, email=""),
    )
    asked = [
        cases.customer(8, email="MARIE@example.org"),
        cases.customer(9, email="paul@example.org"),
        cases.customer(10, email=""),
    ]
    with shop.serve() as stub, stub.open() as webservice:
        found = read_persons(webservice, cases.profile(), asked)
    assert found == {8: Person(3, has_account=True), 9: Person(9, has_account=True)}


def test_no_secret_is_ever_asked_for() -> None:
    shop = LittleShop(
        cases.order(), cases.detail(), cases.customer(), cases.address(5), cases.address(6),
        cases.made("carriers", 7, name="Colissimo"), cases.made("taxes", 1, rate="20.000"),
    )  # fmt: skip
    with shop.serve() as stub, stub.open() as webservice:
        [bundle] = gather(webservice, cases.profile(), [1])
    assert bundle.customer is not None
    assert not set(SECRET) & (bundle.customer.fields.keys() | bundle.order.fields.keys())
    for seen in stub.seen:
        assert "display" in seen.query  # never a whole entity of customers or orders
        assert not any(name in seen.query["display"] for name in SECRET)
