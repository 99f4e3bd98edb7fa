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


def test_a_shop_is_kept_in_its_file(tmp_path_factory: pytest.TempPathFactory) -> None:
    path = tmp_path_factory.mktemp("kept") / "shop.db"
    with Shop(path, key="K" * 32) as first:
        Asker(first, "K" * 32).new_id("products", product_xml())
    with Shop(path, key="L" * 32) as second:
        assert Asker(second, "L" * 32).get("products/1").status == 200
        assert Asker(second, "K" * 32).get("products/1").status == 200
