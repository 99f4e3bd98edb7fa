"""The simulator's own door for people's acts: in Python and over HTTP."""

import pytest

from demo.prestashop import Shop
from demo.prestashop.backoffice import BackOfficeRefusedError
from demo.prestashop.faults import UnknownFaultError
from tests.demo.prestashop.asking import Asker, product_xml


def test_an_order_makes_the_customer_and_the_address(shop: Shop, ask: Asker) -> None:
    ask.new_id("products", product_xml(price="10"))
    order = shop.place_order("new@example.com", [(1, 0, 3)])
    read = ask.get(f"orders/{order}")
    assert read.value("*/total_paid") == "36.000000"
    owner = ask.get(f"customers/{read.value('*/id_customer')}")
    assert (owner.value("*/email"), owner.value("*/is_guest")) == ("new@example.com", "0")
    address = ask.get(f"addresses/{read.value('*/id_address_delivery')}")
    assert address.value("*/id_country") == "8"
    again = shop.place_order("new@example.com", [(1, 0, 1)])
    assert ask.get(f"orders/{again}").value("*/id_customer") == read.value("*/id_customer")


def test_guests_are_new_each_time(shop: Shop, ask: Asker) -> None:
    ask.new_id("products", product_xml())
    owners = set()
    for _ in range(2):
        order = shop.place_order("guest@example.com", [(1, 0, 1)], guest=True)
        owners.add(ask.get(f"orders/{order}").value("*/id_customer"))
    assert owners == {"1", "2"}
    assert ask.get("customers/1").value("*/is_guest") == "1"


def test_a_registered_email_is_refused_twice(shop: Shop) -> None:
    shop.register_customer("zoe@example.com")
    with pytest.raises(BackOfficeRefusedError):
        shop.register_customer("zoe@example.com")


def test_what_does_not_exist_is_refused(shop: Shop) -> None:
    with pytest.raises(BackOfficeRefusedError):
        shop.place_order("zoe@example.com", [])
    with pytest.raises(BackOfficeRefusedError):
        shop.set_state(1, 2)
    assert shop.query("SELECT id FROM customers") == []
    with pytest.raises(UnknownFaultError):
        shop.fail_next("bogus")


def test_changes_behind_the_shops_back(shop: Shop, ask: Asker) -> None:
    ask.new_id("products", product_xml())
    shop.execute("UPDATE products SET price = '7.000000' WHERE id = ?", 1)
    assert ask.get("products/1").value("*/price") == "7.000000"
    assert shop.query("SELECT reference FROM products") == [{"reference": "SHOE"}]
    assert shop.query("SELECT id FROM products WHERE id = ? AND active = ?", [1, 1]) == [
        {"id": "1"}
    ]
    shop.execute("UPDATE products SET active = ? WHERE id = ?", (0, 1))
    assert ask.get("products/1").value("*/active") == "0"


def test_a_shop_is_kept_in_its_file(tmp_path_factory: pytest.TempPathFactory) -> None:
    path = tmp_path_factory.mktemp("kept") / "shop.db"
    with Shop(path, key="K" * 32) as first:
        Asker(first, "K" * 32).new_id("products", product_xml())
    with Shop(path, key="L" * 32) as second:
        assert Asker(second, "L" * 32).get("products/1").status == 200
        assert Asker(second, "K" * 32).get("products/1").status == 200


def test_an_order_that_is_still_being_made_has_taken_its_stock(shop: Shop, ask: Asker) -> None:
    ask.new_id("products", product_xml())
    shop.set_stock(1, 0, 5)
    order = shop.place_order("zoe@example.com", [(1, 0, 2)], state=0)
    assert ask.get(f"orders/{order}").value("*/current_state") == "0"
    assert shop.stock_of(1) == 3
    assert ask.get("order_histories").tree[0].find("order_history") is None
    shop.set_state(order, 11)
    assert ask.get(f"orders/{order}").value("*/current_state") == "11"
    assert shop.stock_of(1) == 3


def test_something_can_happen_between_two_requests(shop: Shop, ask: Asker) -> None:
    ask.new_id("products", product_xml())
    shop.set_stock(1, 0, 5)
    shop.before_next(
        lambda: shop.place_order("zoe@example.com", [(1, 0, 2)]),
        method="PATCH",
        path="stock_availables",
    )
    assert ask.get("stock_availables/1").value("*/quantity") == "5"
    ask("PATCH", "stock_availables", "<x><id>1</id><quantity>4</quantity></x>")
    assert shop.stock_of(1) == 4
    assert len(ask.get("orders").tree[0]) == 1
    ask("PATCH", "stock_availables", "<x><id>1</id><quantity>9</quantity></x>")
    assert len(ask.get("orders").tree[0]) == 1
