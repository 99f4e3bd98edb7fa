"""What a product, a brand, a price or a customer may hold, and how a refusal names its field."""

import pytest

from demo.prestashop import Shop
from tests.demo.prestashop.asking import Asker, texts


def product(field: str) -> str:
    """Return a small product with one more field."""
    return f"<product><price>1</price><name>{texts('A')}</name>{field}</product>"


def named(name: str) -> str:
    """Return a product of that name."""
    link = f"<link_rewrite>{texts('aa')}</link_rewrite>"
    return f"<product><price>1</price><name>{texts(name)}</name>{link}</product>"


@pytest.mark.parametrize("sign", ["&lt;", "&gt;", ";", "=", "#", "{", "}"])
def test_signs_that_a_name_may_not_have(ask: Asker, sign: str) -> None:
    answer = ask("POST", "products", named(f"a{sign}b"))
    assert (answer.status, answer.codes) == (400, [84])
    assert answer.message == 'Validation error: "Property Product-&gt;name is not valid"'


@pytest.mark.parametrize(
    "sign",
    ["&amp;", '"', "'", *"/\\%€$*|~^?!@é\t\xa0\x9d", "😀"],
)
def test_signs_that_a_name_may_have(ask: Asker, sign: str) -> None:
    assert ask("POST", "products", named(f"a{sign}b")).status == 201


def test_lengths(ask: Asker) -> None:
    assert ask("POST", "products", named("é" * 128)).status == 201
    answer = ask("POST", "products", named("é" * 129))
    assert (answer.status, answer.codes) == (400, [84])
    assert "Product-&gt;name is currently 129 chars. It must be between 0 and 128" in answer.message


def test_an_empty_name_is_accepted(ask: Asker) -> None:
    assert ask("POST", "products", named("")).status == 201


@pytest.mark.parametrize(
    ("field", "accepted"),
    [
        ("<reference>Réf é/(+&amp;#.,-_:*%)[]|~^?!@$€</reference>", True),
        ("<reference>a;b</reference>", False),
        ("<reference>a=b</reference>", False),
        ("<reference>a&lt;b</reference>", False),
        ("<reference>a{b</reference>", False),
        (f"<reference>{'x' * 64}</reference>", True),
        (f"<reference>{'x' * 65}</reference>", False),
        ("<ean13>3000000000014</ean13>", True),
        ("<ean13>3000000000019</ean13>", True),
        ("<ean13>12345678</ean13>", True),
        ("<ean13></ean13>", True),
        ("<ean13>300 000</ean13>", False),
        ("<ean13>30000000000a</ean13>", False),
        ("<ean13>30000000000140</ean13>", False),
        ("<upc>123456789012</upc>", True),
        ("<upc>1234567890123</upc>", False),
        ("<isbn>978-2-1234-5680-3</isbn>", True),
        ("<mpn>M/1 é</mpn>", True),
        ("<wholesale_price>1.234567</wholesale_price>", True),
        ("<wholesale_price>-1</wholesale_price>", False),
        ("<weight>0.25</weight>", True),
        ("<weight>-1</weight>", False),
        ("<weight>1,5</weight>", False),
        ("<active>0</active>", True),
        ("<active>yes</active>", False),
        ("<active>true</active>", False),
        ("<condition>used</condition>", True),
        ("<condition>broken</condition>", False),
        ("<visibility>none</visibility>", True),
        ("<visibility>all</visibility>", False),
        ("<id_manufacturer>999</id_manufacturer>", True),
        ("<id_manufacturer>abc</id_manufacturer>", False),
        ("<id_tax_rules_group>999</id_tax_rules_group>", True),
        ("<id_category_default>999</id_category_default>", True),
        ("<available_date>2026-12-01</available_date>", True),
        ("<available_date>0000-00-00</available_date>", True),
        ("<available_date>24/11/2026</available_date>", False),
        ("<minimal_quantity>2</minimal_quantity>", True),
        ("<minimal_quantity>-2</minimal_quantity>", False),
        ("<product_type>combinations</product_type>", True),
        ("<product_type>bogus</product_type>", False),
    ],
)
def test_plain_fields_of_a_product(ask: Asker, field: str, accepted: bool) -> None:
    answer = ask("POST", "products", product(field))
    name = field[1 : field.index(">")]
    if accepted:
        assert answer.status == 201, answer.body
    else:
        assert (answer.status, answer.codes) == (400, [85])
        assert f"Product-&gt;{name} " in answer.message


@pytest.mark.parametrize("price", ["1,5", "-1", "abc", "1e2", "1.1234567891", "12345678901.1", ""])
def test_prices_that_are_refused(ask: Asker, price: str) -> None:
    body = f"<product><price>{price}</price><name>{texts('A')}</name></product>"
    answer = ask("POST", "products", body)
    assert (answer.status, answer.codes) == (400, [85])
    assert "Product-&gt;price is" in answer.message


@pytest.mark.parametrize(
    ("field", "text", "accepted"),
    [
        ("meta_title", "x" * 255, True),
        ("meta_title", "x" * 256, False),
        ("meta_description", "a {b}", False),
        ("meta_description", "a &lt; b", False),
        ("description_short", "y" * 800, True),
        ("description_short", "y" * 801, False),
        ("description", "y" * 5000, True),
        ("description", "&lt;script&gt;alert(1)&lt;/script&gt;", False),
        ("description", "&lt;p onclick=&quot;x()&quot;&gt;t&lt;/p&gt;", False),
        ("description", "&lt;iframe src=&quot;http://x&quot;&gt;&lt;/iframe&gt;", False),
        ("description", "&lt;form&gt;&lt;input/&gt;&lt;/form&gt;", False),
        ("description", "&lt;a href=&quot;javascript:x()&quot;&gt;t&lt;/a&gt;", False),
        ("description", "&lt;b&gt;x&lt;/b&gt;", True),
    ],
)
def test_multilingual_fields_of_a_product(
    ask: Asker, field: str, text: str, accepted: bool
) -> None:
    answer = ask("POST", "products", product(f"<{field}>{texts(text)}</{field}>"))
    if accepted:
        assert answer.status == 201, answer.body
    else:
        assert (answer.status, answer.codes) == (400, [84])
        assert f"Product-&gt;{field} " in answer.message


def test_the_limit_of_the_summary_is_a_setting(shop: Shop, ask: Asker) -> None:
    sql = "UPDATE configurations SET value = '10' WHERE name = 'PS_PRODUCT_SHORT_DESC_LIMIT'"
    shop.execute(sql)
    body = product(f"<description_short>{texts('y' * 11)}</description_short>")
    assert ask("POST", "products", body).codes == [84]


def test_multilingual_problems_come_before_the_others(ask: Asker) -> None:
    body = f"<product><price>abc</price><name>{texts('a=b')}</name></product>"
    assert ask("POST", "products", body).codes == [84]


@pytest.mark.parametrize(
    ("resource", "body", "field"),
    [
        ("products", f"<x><name>{texts('A')}</name></x>", "price"),
        ("combinations", "<x><id_product>1</id_product></x>", "minimal_quantity"),
        ("combinations", "<x><minimal_quantity>1</minimal_quantity></x>", "id_product"),
        ("manufacturers", "<x><active>1</active></x>", "name"),
        ("customers", "<x><lastname>A</lastname></x>", "passwd"),
        ("orders", "<x><id_cart>1</id_cart></x>", "id_address_delivery"),
    ],
)
def test_missing_fields_are_named(ask: Asker, resource: str, body: str, field: str) -> None:
    answer = ask("POST", resource, body)
    assert (answer.status, answer.codes) == (400, [41])
    assert answer.message == f'parameter "{field}" required'


def test_a_missing_required_text_is_empty_not_missing(ask: Asker) -> None:
    body = f"<x><group_type>select</group_type><name>{texts('A')}</name></x>"
    answer = ask("POST", "product_options", body)
    assert (answer.status, answer.codes) == (400, [84])
    assert "AttributeGroup-&gt;public_name is empty." in answer.message


@pytest.mark.parametrize(
    ("quantity", "codes"),
    [("-7", []), ("0", []), ("4.7", [85]), ("abc", [85]), ("", [85]), ("99999999999", [85])],
)
def test_quantities(ask: Asker, quantity: str, codes: list[int]) -> None:
    ask.new_id("products", product(""))
    body = f"<stock_available><id>1</id><quantity>{quantity}</quantity></stock_available>"
    assert ask("PATCH", "stock_availables", body).codes == codes


def test_a_quantity_that_is_no_number_is_out_of_range(ask: Asker) -> None:
    ask.new_id("products", product(""))
    body = "<stock_available><id>1</id><quantity>abc</quantity></stock_available>"
    message = ask("PATCH", "stock_availables", body).message
    assert "range of property StockAvailable-&gt;quantity is currently 0" in message


@pytest.mark.parametrize(
    ("name", "accepted"),
    [("Jean-Luc", True), ("D'Artagnan", True), ("Zoé", True), ("R2D2", False), ("J.P", False),
     ("A (B)", False), ("&quot;A&quot;", False)],
)  # fmt: skip
def test_names_of_customers(ask: Asker, name: str, accepted: bool) -> None:
    body = (
        f"<x><passwd>secret1</passwd><lastname>{name}</lastname><firstname>A</firstname>"
        "<email>a@example.com</email></x>"
    )
    answer = ask("POST", "customers", body)
    assert (answer.status == 201) == accepted
    assert answer.codes == ([] if accepted else [85])


def test_a_brand_name_has_64_signs_at_most(ask: Asker) -> None:
    answer = ask("POST", "manufacturers", f"<x><name>{'x' * 70}</name></x>")
    assert (answer.status, answer.codes) == (400, [85])
    assert "Manufacturer-&gt;name is currently 70 chars." in answer.message
