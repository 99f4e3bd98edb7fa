"""The simulator as other versions of PrestaShop: what each does otherwise, beyond its fields."""

from collections.abc import Callable

import pytest

from demo.prestashop import Shop
from demo.prestashop.versions import DEFAULT, NUMBERS, UnknownVersionError, get_version
from tests.demo.prestashop.asking import KEY, Answered, Asker, combination_xml, product_xml, texts
from tests.demo.prestashop.pictures import jpeg, multipart, picture

OLD = ["1.6.1.24", "1.7.8.11"]
Make = Callable[[str], Asker]
_CUSTOMER = (
    "<customer><email>{}</email><passwd>secret123</passwd><lastname>Durand</lastname>"
    "<firstname>Zoe</firstname><is_guest>{}</is_guest></customer>"
)
_DISCOUNT = (
    "<specific_price><id_shop>0</id_shop><id_cart>0</id_cart><id_product>1</id_product>"
    "<id_currency>0</id_currency><id_country>0</id_country><id_group>0</id_group>"
    "<id_customer>0</id_customer><price>-1</price><from_quantity>1</from_quantity>"
    "<reduction>0.2</reduction><reduction_tax>1</reduction_tax>"
    "<reduction_type>percentage</reduction_type><from>0000-00-00 00:00:00</from>"
    "<to>0000-00-00 00:00:00</to></specific_price>"
)


@pytest.fixture
def ask_as() -> Make:
    """Asks a fresh shop of a version."""
    return lambda version: Asker(Shop(None, key=KEY, version=version))


def _product(more: str = "") -> str:
    return product_xml(more=f"<link_rewrite>{texts('shoe')}</link_rewrite>{more}")


def _upload(ask: Asker, content: bytes, ending: str = "jpg") -> Answered:
    mime = {"jpg": "image/jpeg", "webp": "image/webp"}[ending]
    body, kind = multipart("image", f"a.{ending}", mime, content)
    return ask("POST", "images/products/1", body, {"content-type": kind})


def test_an_unknown_version_is_refused_by_name() -> None:
    with pytest.raises(UnknownVersionError) as caught:
        Shop(None, key=KEY, version="7.0")
    assert caught.value.code == "E-DEMO-003"
    assert DEFAULT in NUMBERS


@pytest.mark.parametrize("version", NUMBERS)
def test_every_answer_names_the_version(ask_as: Make, version: str) -> None:
    assert ask_as(version).get("languages").headers["PSWS-Version"] == version


@pytest.mark.parametrize("version", NUMBERS)
def test_patch_is_a_verb_and_a_permission_since_8(ask_as: Make, version: str) -> None:
    ask = ask_as(version)
    ask.new_id("products", _product())
    answer = ask("PATCH", "products", "<product><id>1</id><price>9</price></product>")
    assert (answer.status, answer.codes) == ((405, [23]) if version in OLD else (200, []))
    root = ask.get("").tree
    assert (root.find("api/products").get("patch") is None) is (version in OLD)  # type: ignore[union-attr]  # it is there


@pytest.mark.parametrize(
    ("version", "resource", "there"),
    [
        ("1.6.1.24", "messages", False),
        ("1.6.1.24", "order_discounts", True),
        ("1.7.8.11", "messages", True),
        ("8.2.1", "order_returns", False),
        ("9.0.0", "order_returns", True),
        ("9.0.0", "supply_orders", False),
    ],
)
def test_resources_come_and_go(ask_as: Make, version: str, resource: str, there: bool) -> None:
    answer = ask_as(version).get(resource)
    assert (answer.status, answer.codes) == ((200, []) if there else (400, [27]))


@pytest.mark.parametrize(
    ("version", "length", "status"),
    [("1.6.1.24", 32, 201), ("1.6.1.24", 33, 400), ("1.7.8.11", 64, 201), ("1.7.8.11", 65, 400)],
)
def test_a_reference_may_be_longer_since_1_7(
    ask_as: Make, version: str, length: int, status: int
) -> None:
    body = _product().replace("SHOE", "R" * length)
    assert ask_as(version)("POST", "products", body).status == status


@pytest.mark.parametrize(
    ("version", "digits", "status"),
    [("8.2.1", 14, 400), ("9.0.0", 14, 201), ("9.0.0", 15, 400)],
)
def test_an_ean_of_a_product_may_have_14_digits_since_9(
    ask_as: Make, version: str, digits: int, status: int
) -> None:
    ask = ask_as(version)
    code = f"<ean13>{'1' * digits}</ean13>"
    assert ask("POST", "products", _product(code)).status == status
    assert ask("POST", "combinations", combination_xml(1, more=code)).status == 400


def test_fields_that_are_gone_are_ignored_and_cannot_be_asked_for(ask_as: Make) -> None:
    ask = ask_as("9.0.0")
    ask.new_id("products", _product("<meta_keywords>x</meta_keywords>"))
    answer = ask.get("products?display=[id,meta_keywords]")
    assert (answer.status, answer.codes[0]) == (500, 35)


@pytest.mark.parametrize(("version", "status"), [("1.7.8.11", 400), ("8.2.1", 500)])
def test_an_unknown_filter_is_a_server_error_where_php_warns(
    ask_as: Make, version: str, status: int
) -> None:
    answer = ask_as(version).get("products?filter[nosuch]=1")
    assert (answer.status, answer.codes[0]) == (status, 32)


@pytest.mark.parametrize(
    ("version", "sign"),
    [("1.6.1.24", "->"), ("1.7.8.11", "->"), ("8.2.1", "-&gt;"), ("9.0.0", "->")],
)
def test_only_8_escapes_the_names_of_refused_fields(ask_as: Make, version: str, sign: str) -> None:
    body = _product().replace("<price>10", "<price>-1")
    answer = ask_as(version)("POST", "products", body)
    assert (answer.codes, f"Product{sign}price" in answer.message) == ([85], True)


def test_1_6_wants_name_and_link_with_language_nodes(ask_as: Make) -> None:
    ask = ask_as("1.6.1.24")
    for body in (
        "<product><price>1</price></product>",
        f"<product><price>1</price><name>{texts('A')}</name></product>",
        "<product><price>1</price><name>A</name><link_rewrite>a</link_rewrite></product>",
    ):
        answer = ask("POST", "products", body)
        assert (answer.status, answer.codes) == (400, [84])
    identifier = ask.new_id("products", _product())
    answer = ask("PUT", "products", f"<product><id>{identifier}</id><price>2</price></product>")
    assert (answer.status, answer.codes) == (400, [84])


def test_1_6_copies_the_first_language_to_the_others(ask_as: Make) -> None:
    ask = ask_as("1.6.1.24")
    first = '<language id="1">{}</language>'
    body = (
        f"<product><price>1</price><name>{first.format('Boot')}</name>"
        f"<link_rewrite>{first.format('boot')}</link_rewrite></product>"
    )
    identifier = ask.new_id("products", body)
    answer = ask.get(f"products/{identifier}")
    assert answer.values("product/name/language") == ["Boot", "Boot"]


@pytest.mark.parametrize("version", NUMBERS)
def test_webp_is_taken_since_8_and_kept_in_a_way_of_its_own(ask_as: Make, version: str) -> None:
    ask = ask_as(version)
    ask.new_id("products", _product())
    answer = _upload(ask, picture("WEBP"), "webp")
    if version in OLD:
        assert (answer.status, answer.codes) == (400, [76])
        return
    kept = ask.get("images/products/1/1").content_type
    assert kept == ("image/png" if version == "9.0.0" else "image/jpeg")


@pytest.mark.parametrize(
    ("version", "status"), [("1.6.1.24", 500), ("1.7.8.11", 404), ("8.2.1", 404)]
)
def test_a_product_without_photos_has_no_list(ask_as: Make, version: str, status: int) -> None:
    ask = ask_as(version)
    ask.new_id("products", _product())
    answer = ask.get("images/products/1")
    assert (answer.status, answer.body) == (status, b"")


@pytest.mark.parametrize("version", NUMBERS)
def test_a_broken_file_leaves_a_row_since_1_7(ask_as: Make, version: str) -> None:
    ask = ask_as(version)
    ask.new_id("products", _product())
    assert _upload(ask, b"hello").codes == [76]
    assert (ask.get("images/products/1").status == 200) is (version != "1.6.1.24")


@pytest.mark.parametrize(
    ("version", "status", "gone"), [("8.2.1", 200, True), ("9.0.0", 500, True)]
)
def test_9_dies_after_deleting_a_photo(ask_as: Make, version: str, status: int, gone: bool) -> None:
    ask = ask_as(version)
    ask.new_id("products", _product())
    assert _upload(ask, jpeg()).status == 200
    answer = ask("DELETE", "images/products/1/1")
    assert (answer.status, answer.body) == (status, b"")
    assert (ask.get("images/products/1/1").codes == [57]) is gone


def test_9_dies_of_a_product_with_photos_and_leaves_its_links(ask_as: Make) -> None:
    ask = ask_as("9.0.0")
    for _ in range(2):
        ask.new_id("products", _product())
    assert _upload(ask, jpeg()).status == 200
    assert ask("DELETE", "products?id=[1,2]").status == 500
    assert [ask.get(f"products/{one}").status for one in (1, 2)] == [404, 200]
    assert '<product xlink:href="http://shop.test/api/products/1">' in (
        ask.get("categories/2").body.decode()
    )


@pytest.mark.parametrize(
    ("version", "registered", "guest"),
    [("1.6.1.24", 201, 500), ("1.7.8.11", 500, 500), ("8.2.1", 500, 500), ("9.0.0", 500, 201)],
)
def test_who_may_share_an_address(ask_as: Make, version: str, registered: int, guest: int) -> None:
    ask = ask_as(version)
    body = [_CUSTOMER.format("zoe@example.com", kind) for kind in (0, 0, 1)]
    answers = [ask("POST", "customers", one).status for one in body]
    assert answers == [201, registered, guest]


def test_9_refuses_the_key_of_a_customer(ask_as: Make) -> None:
    ask = ask_as("9.0.0")
    key = f"<secure_key>{'a' * 32}</secure_key></customer>"
    answer = ask("POST", "customers", _CUSTOMER.format("a@b.fr", 0).replace("</customer>", key))
    assert (answer.status, answer.codes) == (400, [93])


@pytest.mark.parametrize("version", NUMBERS)
def test_a_discount_that_is_there_already(ask_as: Make, version: str) -> None:
    ask = ask_as(version)
    ask.new_id("specific_prices", _DISCOUNT)
    answer = ask("POST", "specific_prices", _DISCOUNT)
    assert answer.status == 500
    assert answer.codes == ([46] if version in OLD else [])


@pytest.mark.parametrize(
    ("version", "status", "body"),
    [
        ("1.6.1.24", 200, b"Invalid new order status"),
        ("1.7.8.11", 500, b"Invalid new order status"),
        ("8.2.1", 500, b""),
    ],
)
def test_an_order_that_cannot_move(ask_as: Make, version: str, status: int, body: bytes) -> None:
    sent = "<order_history><id_order>9</id_order><id_order_state>2</id_order_state></order_history>"
    answer = ask_as(version)("POST", "order_histories", sent)
    assert (answer.status, answer.body, answer.content_type) == (
        status,
        body,
        "text/html; charset=utf-8",
    )


def test_an_order_of_more_than_there_is_waits_before_8() -> None:
    found = {}
    for version in NUMBERS:
        with Shop(None, key=KEY, version=version, fixtures=True) as shop:
            order = shop.place_order("zoe@example.com", [(6, 0, 5000)])
            sql = "SELECT current_state FROM orders WHERE id = ?"
            found[version] = shop.query(sql, order)[0]["current_state"]
    assert found == {"1.6.1.24": "9", "1.7.8.11": "9", "8.2.1": "11", "9.0.0": "11"}


def test_a_summary_has_its_limit_in_9_too(ask_as: Make) -> None:
    long = f"<description_short>{texts('x' * 5000)}</description_short>"
    answer = ask_as("9.0.0")("POST", "products", _product(long))
    assert (answer.status, answer.codes) == (400, [84])


def test_display_of_one_entity_shows_its_id_only_in_1_6(ask_as: Make) -> None:
    found = {}
    for version in ("1.6.1.24", "1.7.8.11"):
        found[version] = len(ask_as(version).get("categories/2?display=[id,name]").tree[0])
    assert found == {"1.6.1.24": 0, "1.7.8.11": 2}


@pytest.mark.parametrize("version", NUMBERS)
def test_whole_numbers_are_numbers_in_json_since_9(ask_as: Make, version: str) -> None:
    ask = ask_as(version)
    ask.new_id("products", _product())
    stock = ask.get("stock_availables?display=full&output_format=JSON").json["stock_availables"][0]
    assert isinstance(stock["quantity"], int) is (version == "9.0.0")
    assert stock["depends_on_stock"] == "0"
    one = ask.get("stock_availables/1?output_format=JSON").json["stock_available"]
    assert ("quantity" in one) is (version in OLD)


def test_behaviour_is_data_and_the_default_is_the_tables() -> None:
    usual = get_version()
    assert usual.number == DEFAULT
    assert usual.resources["products"].field("reference").max == 64
    assert get_version("1.6.1.24").resources["products"].field("reference").max == 32
    assert not get_version("1.6.1.24").has_drafts
