"""Stock rows and specific prices."""

import pytest

from demo.prestashop import Shop
from tests.demo.prestashop.asking import Asker, combination_xml, product_xml


@pytest.fixture
def sized(ask: Asker) -> Asker:
    """Product 1 with the combinations 1 and 2: stock rows 1, 2 and 3."""
    ask.new_id("products", product_xml())
    for _ in range(2):
        ask.new_id("combinations", combination_xml(1))
    return ask


def quantities(ask: Asker) -> list[str]:
    """Return the quantities of all rows of this shop."""
    return ask.get("stock_availables?display=[quantity]").values("*/*/quantity")


def patch(row: int, quantity: int) -> str:
    """Return a row's new quantity."""
    return f"<stock_available><id>{row}</id><quantity>{quantity}</quantity></stock_available>"


def test_rows_are_made_with_products_and_combinations(sized: Asker) -> None:
    rows = sized.get("stock_availables?display=full")
    assert rows.values("*/*/id_product_attribute") == ["0", "1", "2"]
    assert rows.values("*/*/out_of_stock") == ["2", "2", "2"]
    assert rows.values("*/*/quantity") == ["0", "0", "0"]
    assert rows.values("*/*/id_shop") == ["1", "1", "1"]


def test_writing_combinations_sums_up_the_product(sized: Asker) -> None:
    answer = sized("PATCH", "stock_availables", patch(2, 5) + patch(3, -7))
    assert answer.values("stock_available/id") == ["2", "3"]
    assert quantities(sized) == ["-2", "5", "-7"]


def test_writing_the_product_row_is_wrong_until_the_next_combination(sized: Asker) -> None:
    assert sized("PATCH", "stock_availables", patch(1, 50)).status == 200
    assert quantities(sized) == ["50", "0", "0"]
    sized("PATCH", "stock_availables", patch(2, 3))
    assert quantities(sized) == ["3", "3", "0"]


def test_new_combinations_leave_the_product_row(ask: Asker) -> None:
    ask.new_id("products", product_xml())
    ask("PATCH", "stock_availables", patch(1, 50))
    ask.new_id("combinations", combination_xml(1))
    assert quantities(ask) == ["50", "0"]


def test_a_put_without_shop_makes_the_row_vanish(sized: Asker) -> None:
    body = (
        "<x><id>1</id><id_product>1</id_product><id_product_attribute>0</id_product_attribute>"
        "<quantity>9</quantity><depends_on_stock>0</depends_on_stock><out_of_stock>2</out_of_stock>"
    )
    assert sized("PUT", "stock_availables", body + "</x>").status == 200
    gone = sized.get("stock_availables/1")
    assert (gone.status, gone.codes) == (404, [131])
    ids = sized.get("products/1").values("*/associations/stock_availables/stock_available/id")
    assert ids == ["2", "3"]
    sized("PATCH", "stock_availables", patch(2, 4))
    rows = sized.get("stock_availables?filter[id_product_attribute]=0&display=[id,quantity]")
    assert (rows.values("*/*/id"), rows.values("*/*/quantity")) == (["1", "4"], ["9", "4"])


def test_a_put_with_the_shop_repairs_a_row(shop: Shop, ask: Asker) -> None:
    ask.new_id("products", product_xml())
    shop.execute("UPDATE stock_availables SET id_shop = 0 WHERE id = 1")
    assert ask.get("stock_availables/1").codes == [131]
    assert ask("PATCH", "stock_availables", "<x><id>1</id><id_shop>1</id_shop></x>").status == 200
    assert ask.get("stock_availables/1").status == 200


def test_a_row_of_another_product_kills_php(sized: Asker) -> None:
    sized.new_id("products", product_xml())
    answer = sized("PATCH", "stock_availables", "<x><id>1</id><id_product>2</id_product></x>")
    assert (answer.status, answer.body) == (500, b"")


def test_the_answer_holds_the_order_of_the_request(sized: Asker) -> None:
    answer = sized("PATCH", "stock_availables", patch(3, 3) + patch(1, 1) + patch(2, 2))
    assert answer.values("stock_available/id") == ["3", "1", "2"]


SPECIFIC = (
    "<specific_price><id_shop>0</id_shop><id_cart>0</id_cart><id_product>1</id_product>"
    "<id_currency>0</id_currency><id_country>0</id_country><id_group>0</id_group>"
    "<id_customer>0</id_customer><price>{price}</price><from_quantity>{quantity}</from_quantity>"
    "<reduction>{reduction}</reduction><reduction_tax>{tax}</reduction_tax>"
    "<reduction_type>{kind}</reduction_type><from>{start}</from><to>{end}</to></specific_price>"
)
PLAIN = {
    "price": "-1",
    "quantity": "1",
    "reduction": "0.2",
    "tax": "1",
    "kind": "percentage",
    "start": "0000-00-00 00:00:00",
    "end": "0000-00-00 00:00:00",
}


@pytest.mark.parametrize(
    ("changes", "with_tax"),
    [
        ({}, "9.600000"),
        ({"reduction": "1.2"}, "0.000000"),
        ({"reduction": "20"}, "0.000000"),
        ({"reduction": "2.5", "kind": "amount"}, "9.500000"),
        ({"reduction": "2.5", "kind": "amount", "tax": "0"}, "9.000000"),
        ({"price": "5", "reduction": "0"}, "6.000000"),
        ({"start": "2026-12-01 00:00:00"}, "12.000000"),
        ({"end": "2026-11-23 00:00:00"}, "12.000000"),
        ({"start": "2026-11-01 00:00:00", "end": "2026-12-31 23:59:59"}, "9.600000"),
        ({"quantity": "3"}, "12.000000"),
    ],
)
def test_specific_prices_make_the_front_price(
    ask: Asker, changes: dict[str, str], with_tax: str
) -> None:
    ask.new_id("products", product_xml(price="10"))
    ask.new_id("specific_prices", SPECIFIC.format(**{**PLAIN, **changes}))
    answer = ask.get("products/1?price[p][use_tax]=1&price[p][decimals]=6")
    assert answer.value("product/p") == with_tax


def test_a_specific_price_for_a_quantity_is_asked_with_it(ask: Asker) -> None:
    ask.new_id("products", product_xml(price="10"))
    ask.new_id("specific_prices", SPECIFIC.format(**{**PLAIN, "quantity": "3"}))
    answer = ask.get("products/1?price[p][use_tax]=0&price[p][quantity]=3")
    assert answer.value("product/p") == "8.000000"


@pytest.mark.parametrize(
    ("changes", "field"),
    [({"start": ""}, "from"), ({"end": "31/12/2026"}, "to"), ({"kind": "half"}, "reduction_type")],
)
def test_specific_prices_that_are_refused(ask: Asker, changes: dict[str, str], field: str) -> None:
    answer = ask("POST", "specific_prices", SPECIFIC.format(**{**PLAIN, **changes}))
    assert (answer.status, answer.codes) == (400, [85])
    assert f"SpecificPrice-&gt;{field} is" in answer.message


def test_the_same_specific_price_twice_kills_php(ask: Asker) -> None:
    body = SPECIFIC.format(**PLAIN)
    assert ask("POST", "specific_prices", body).status == 201
    answer = ask("POST", "specific_prices", body)
    assert (answer.status, answer.content_type, answer.body) == (
        500,
        "text/html; charset=utf-8",
        b"",
    )
    patched = ask("PATCH", "specific_prices", "<x><id>1</id><reduction>0.3</reduction></x>")
    assert patched.status == 200
    assert ask("DELETE", "specific_prices/1").status == 200
