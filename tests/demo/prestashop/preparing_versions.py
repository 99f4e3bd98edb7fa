"""What shops of other versions had already made when a request was recorded, and who asked."""

import re
from collections.abc import Callable, Mapping, Sequence
from io import BytesIO

from PIL import Image

from demo.prestashop import Shop
from tests.demo.prestashop.asking import KEY
from tests.demo.prestashop.pictures import jpeg
from tests.demo.prestashop.recordings import Recording

Step = Callable[[Shop, Recording], None]
READER = "RECORDEDREADERKEY000000000000001"
DISABLED = "RECORDEDDISABLEDKEY0000000000001"
# The key that asked, by what the recording's name tells; every other one was the full key.
_KEYS: Mapping[str, str] = {
    "no-key": "", "401_no_key": "",
    "bad-key": "X" * 32, "401_wrong_key_32": "X" * 32, "ws_key_param": "",
    "short-key": "SHORT", "401_short_key": "SHORT",
    "inactive-key": DISABLED, "401_disabled_key": DISABLED,
    "method-not-allowed-for-key": READER, "405_method_not_allowed_for_key": READER,
    "resource-not-allowed-for-key": READER, "401_resource_not_allowed_for_key": READER,
}  # fmt: skip
_CUT = b"<bytes cut>"


def key_of(name: str) -> str:
    """Return the key that a recorded request bore, as it is here."""
    return next((key for part, key in _KEYS.items() if part in name), KEY)


def body_of(recorded: Recording) -> bytes:
    """Return the body of a recorded request, with a file in place of one that was cut out."""
    return recorded.request.replace(_CUT, _file_of(recorded.name))


def _file_of(name: str) -> bytes:
    if "not_image" in name:
        return b"hello"
    if "too_large" in name:
        return jpeg() + b"\0" * (2 * 1024 * 1024)
    if "bmp" in name:
        out = BytesIO()
        Image.new("RGB", (4, 4)).save(out, "BMP")
        return out.getvalue()
    return jpeg()


def target_of(recorded: Recording) -> str:
    """Return what was asked for; a key that was good is one here."""
    if "param_ok" not in recorded.name:
        return recorded.target
    return re.sub(r"ws_key=[^&]+", f"ws_key={KEY}", recorded.target)


def content_type_of(recorded: Recording) -> Mapping[str, str]:
    """Return the headers that a recorded request bore and that matter."""
    wanted = ("content-type", "io-format", "output-format")
    sent = {name: value for name, value in recorded.sent.items() if name in wanted}
    boundary = re.match(rb"--(\w+)\r\n", recorded.request)
    if boundary and "content-type" not in sent:
        sent["content-type"] = f"multipart/form-data; boundary={boundary[1].decode()}"
    return sent


def _keys(shop: Shop, recorded: Recording) -> None:
    shop.add_key(READER, {"products": {"GET"}, "stock_availables": {"GET"}})
    shop.add_key(DISABLED, {"products": {"GET"}})
    shop.disable_key(DISABLED)


def _people(shop: Shop, recorded: Recording) -> None:
    """Make the customers 3 to 6, each with an address."""
    for number in range(4):
        customer = shop.register_customer(f"jean{number or ''}@example.com")
        shop.add_address(customer)


def _orders(shop: Shop, recorded: Recording) -> None:
    """Make the orders 6 to 10."""
    for _ in range(5):
        shop.place_order("zoe@example.com", [(6, 0, 1)])


def _carts(shop: Shop, recorded: Recording) -> None:
    """Fill the carts that an order is asked for, with the key of their customer."""
    wanted = {
        name: int(found[1])
        for name in ("id_cart", "id_customer", "id_address_delivery")
        if (found := re.search(rf"<{name}>(\d+)<".encode(), recorded.request))
    }
    known = re.search(rb"<secure_key>(\w+)<", recorded.request)
    if known:
        sql = "UPDATE customers SET secure_key = ? WHERE id = ?"
        shop.execute(sql, known[1].decode(), wanted["id_customer"])
    shop.execute("DELETE FROM carts WHERE id = ?", wanted["id_cart"])
    shop.execute(
        "INSERT INTO carts (id, id_customer, id_lang, id_currency) VALUES (?, ?, 1, 1)",
        wanted["id_cart"], wanted["id_customer"],
    )  # fmt: skip
    shop.execute(
        "INSERT INTO cart_rows (id_cart, id_product, id_product_attribute, quantity)"
        " VALUES (?, 6, 0, 2)",
        wanted["id_cart"],
    )


def _ordered(shop: Shop, recorded: Recording) -> None:
    """Make an order of the cart that another one is asked for."""
    found = re.search(rb"<id_cart>(\d+)<", recorded.request)
    assert found is not None
    shop.execute("INSERT INTO orders (id_cart) VALUES (?)", found[1].decode())


def _image(shop: Shop, recorded: Recording) -> None:
    """Give a product the image that is named in the address."""
    product, image = re.findall(r"\d+", recorded.target)[:2]
    sql = (
        "INSERT OR REPLACE INTO product_images (id, id_product, position, cover, mime, content)"
        " VALUES (?, ?, 9, 0, 'image/jpeg', ?)"
    )
    shop.execute(sql, image, product, jpeg())


def _image_of_product(shop: Shop, recorded: Recording) -> None:
    """Make the product that is named in the address, with an image."""
    product = re.findall(r"\d+", recorded.target)[0]
    shop.execute("INSERT OR IGNORE INTO products (id) VALUES (?)", product)
    sql = "INSERT INTO product_images (id_product, position, cover, content) VALUES (?, 1, 1, ?)"
    shop.execute(sql, product, jpeg())


def _without_images(shop: Shop, recorded: Recording) -> None:
    shop.execute("DELETE FROM product_images WHERE id_product = 10")


def _stock_of_1(shop: Shop, recorded: Recording) -> None:
    """Number the stock rows of product 1's combinations as the old fixtures have them."""
    shop.execute("DELETE FROM stock_availables WHERE id IN (8, 9, 10)")
    shop.execute("UPDATE stock_availables SET id = id - 12 WHERE id IN (20, 21, 22)")


def _discount(shop: Shop, recorded: Recording) -> None:
    """Make the specific price that is sent once more; its row has the id 3."""
    found = re.search(rb"<id_product>(\d+)<", recorded.request)
    in_shop = re.search(rb"<id_shop>(\d+)<", recorded.request)
    shop.execute(
        "INSERT OR REPLACE INTO specific_prices (id, id_shop_group, id_shop, id_cart, id_product,"
        " id_product_attribute, id_currency, id_country, id_group, id_customer,"
        ' id_specific_price_rule, price, from_quantity, reduction, reduction_type, "from", "to")'
        " VALUES (3, 0, ?, 0, ?, 0, 0, 0, 0, 0, 0, '-1.000000', 1, '0.200000', 'percentage',"
        " '0000-00-00 00:00:00', '0000-00-00 00:00:00')",
        in_shop[1].decode() if in_shop else 0,
        found[1].decode() if found else 8,
    )


def _default_combination(shop: Shop, recorded: Recording) -> None:
    shop.execute("INSERT INTO combinations (id_product, default_on) VALUES (81, 1)")


def _combination(shop: Shop, recorded: Recording) -> None:
    found = re.search(rb"<id>(\d+)<", recorded.request)
    assert found is not None
    shop.execute(
        "INSERT INTO combinations (id, id_product, minimal_quantity) VALUES (?, 1, 1)",
        found[1].decode(),
    )


def _dateless(shop: Shop, recorded: Recording) -> None:
    shop.execute("UPDATE configurations SET date_add = '0000-00-00 00:00:00' WHERE id = 51")


def _closed(shop: Shop, recorded: Recording) -> None:
    shop.execute("UPDATE configurations SET value = '0' WHERE name = 'PS_WEBSERVICE'")


def _product(shop: Shop, recorded: Recording) -> None:
    shop.execute("INSERT OR IGNORE INTO products (id) VALUES (81)")


_STEPS: Sequence[tuple[str, str, Sequence[Step]]] = (
    ("", r"key", [_keys]),
    ("1.6.1.24", r"stock", [_stock_of_1]),
    ("", r"writes/customer-put|customer_post_(dup|guest)", [_people]),
    ("", r"order-get|w\.order_patch|q\.order_ok|w\.order_(history|carrier)", [_orders]),
    ("", r"order-post|order_post", [_people, _carts]),
    ("", r"order[-_]post[-_]same[-_]cart", [_ordered]),
    ("", r"image-(delete|post-psmethod-put|put)\.|w\.image_delete", [_image]),
    ("", r"product_delete_with_image", [_image_of_product]),
    ("", r"image-list-product-without", [_without_images]),
    ("", r"specific[-_]price[-_](delete|post[-_]duplicate)", [_discount]),
    ("9.0.0", r"combination_patch", [_combination]),
    ("", r"combination_post_second_default", [_default_combination]),
    ("", r"configuration_patch", [_dateless]),
    ("", r"webservice[-_]disabled", [_closed]),
    ("9.0.0", r"image_", [_product]),
)


def prepare(shop: Shop, version: str, recorded: Recording) -> None:
    """Bring a shop with the fixtures to the state in which a request was recorded."""
    for number, pattern, steps in _STEPS:
        if number in {"", version} and re.search(pattern, recorded.name):
            for step in steps:
                step(shop, recorded)
