"""What the recorded session had already made when a request was recorded, step by step."""

import re
from collections.abc import Callable, Sequence

from demo.prestashop import Shop
from tests.demo.prestashop.asking import Asker, combination_xml, product_xml, texts
from tests.demo.prestashop.pictures import jpeg, multipart

Step = Callable[[Shop, Asker], None]
CART = (
    "<cart><id_currency>1</id_currency><id_lang>1</id_lang><id_customer>{customer}</id_customer>"
    "<id_address_delivery>{address}</id_address_delivery>"
    "<id_address_invoice>{address}</id_address_invoice><id_shop>1</id_shop>"
    "<associations><cart_rows>{rows}</cart_rows></associations></cart>"
)
ROW = (
    "<cart_row><id_product>{}</id_product><id_product_attribute>{}</id_product_attribute>"
    "<quantity>{}</quantity></cart_row>"
)


def people(shop: Shop, ask: Asker) -> None:
    """Make customers 3 (registered) and 4 (a guest), with addresses 7 and 8."""
    shop.register_customer("zoe@example.com", firstname="Zoé", lastname="Durand")
    shop.register_customer("guest@example.com", firstname="Guy", lastname="Invite", guest=True)
    shop.add_address(3)
    shop.add_address(4)


def products(shop: Shop, ask: Asker) -> None:
    """Make products 20 and 21, the option 5 with the values 26 to 28, combinations 40 and 41."""
    for reference in ("POS-1", "POS-2"):
        ask.new_id("products", product_xml(reference))
    names = f"<name>{texts('Taille')}</name><public_name>{texts('Taille')}</public_name>"
    ask.new_id(
        "product_options",
        f"<product_option><group_type>select</group_type>{names}</product_option>",
    )
    for size in ("36", "37", "38"):
        value = f"<id_attribute_group>5</id_attribute_group><name>{texts(size)}</name>"
        ask.new_id("product_option_values", f"<product_option_value>{value}</product_option_value>")
    for size in ("36", "37"):
        ask.new_id("combinations", combination_xml(20, f"SHOE-{size}"))
    ask("PATCH", "combinations", "<combination><id>41</id><default_on>1</default_on></combination>")


def carts(shop: Shop, ask: Asker) -> None:
    """Make the carts 6 to 10."""
    for customer, lines in (
        (3, [(6, 0, 2)]),
        (3, [(2, 9, 1)]),
        (4, [(2, 10, 1), (6, 0, 1)]),
        (3, [(6, 0, 500)]),
        (3, [(6, 0, 5000)]),
    ):
        rows = "".join(ROW.format(*line) for line in lines)
        ask.new_id("carts", CART.format(customer=customer, address=customer + 4, rows=rows))


def orders(shop: Shop, ask: Asker) -> None:
    """Make the orders 6 to 8."""
    for email in ("zoe@example.com", "zoe@example.com", "guy@example.com"):
        shop.place_order(email, [(2, 10, 1), (6, 0, 1)])


def images(shop: Shop, ask: Asker) -> None:
    """Give product 20 the images 24 to 29."""
    for _ in range(6):
        body, kind = multipart("image", "a.jpg", "image/jpeg", jpeg())
        assert ask("POST", "images/products/20", body, {"content-type": kind}).status == 200


def brands(shop: Shop, ask: Asker) -> None:
    """Make the manufacturers 3, 4 and 5."""
    for name in ("Three", "Four", "Five"):
        ask.new_id("manufacturers", f"<manufacturer><name>{name}</name></manufacturer>")


def vanish(shop: Shop, ask: Asker) -> None:
    """Take the stock row 6 away from the shop."""
    shop.execute("UPDATE stock_availables SET id_shop = 0 WHERE id = 6")


def no_product_19(shop: Shop, ask: Asker) -> None:
    """Delete product 19."""
    assert ask("DELETE", "products/19").status == 200


def discounts(shop: Shop, ask: Asker) -> None:
    """Give product 6 the discounts that are sent again, for everybody and for group 3."""
    for group in (0, 3):
        shop.execute(
            "INSERT INTO specific_prices (id_shop_group, id_shop, id_cart, id_product,"
            " id_product_attribute, id_currency, id_country, id_group, id_customer,"
            " id_specific_price_rule, price, from_quantity, reduction, reduction_type,"
            ' "from", "to")'
            " VALUES (0, 0, 0, 6, 0, 0, 0, ?, 0, 0, '-1.000000', 1, '0.200000', 'percentage',"
            " '0000-00-00 00:00:00', '0000-00-00 00:00:00')",
            group,
        )


def disable(shop: Shop, ask: Asker) -> None:
    """Switch the webservice off."""
    shop.execute("UPDATE configurations SET value = '0' WHERE name = 'PS_WEBSERVICE'")


def both_rows_of_5(shop: Shop, ask: Asker) -> None:
    """Take product 5's stock row out of the shop, as an earlier short PUT had done."""
    shop.execute("UPDATE stock_availables SET id_shop = 0 WHERE id = 5")


_BUYING = (people, products, carts)
_ORDERED = (people, products, orders)
STEPS: dict[str, Sequence[Step]] = {
    "err.product_delete_again.http": [no_product_19],
    "err.stock_row_id_shop_0.http": [vanish],
    "err.webservice_disabled.http": [disable],
    "q.customer_guest.xml": [people],
    "q.images_of_product.xml": [products, images],
    "v.specific_price_reduction_20.http": [discounts],
    "w.combination_patch.xml": [products],
    "w.combination_post_second_default.xml": [products],
    "w.customer_post_duplicate_email.xml": [people],
    "w.image_delete_cover.http": [products, images],
    "err.image_delete_missing.http": [],
    "w.manufacturer_delete_batch.xml": [brands],
    "w.manufacturer_delete_batch_one_missing.xml": [brands],
    "w.specific_price_post_duplicate.xml": [discounts],
    "w.stock_put_wrong_product.xml": [both_rows_of_5],
    "err.order_history_unknown_state.http": _ORDERED,
    "err.order_post_same_cart.xml": _ORDERED,
    "err.order_post_unknown_module.xml": _BUYING,
}


def steps_of(name: str) -> Sequence[Step]:
    """Return what to make before a recorded request is sent again."""
    if name in STEPS:
        return STEPS[name]
    if name.startswith("w.order_post"):
        return _BUYING
    if name.startswith(("w.order", "q.order")):
        return _ORDERED
    return ()


def prepare(shop: Shop, ask: Asker, name: str, request: bytes) -> None:
    """Bring a shop with the fixtures to the state in which a request was recorded."""
    for step in steps_of(name):
        step(shop, ask)
    key = re.search(rb"<secure_key>(\w+)</secure_key>", request)
    owner = re.search(rb"<id_customer>(\d+)</id_customer>", request)
    if key and owner:
        sql = "UPDATE customers SET secure_key = ? WHERE id = ?"
        shop.execute(sql, key[1].decode(), int(owner[1]))
