"""Keys: without one, wrong ones, switched off ones, and what a key may do."""

import pytest

from demo.prestashop import Shop
from tests.demo.prestashop.asking import KEY, Asker, product_xml

READER = "READINGKEY0000000000000000000001"


def test_without_key_the_answer_is_one_line_of_text(shop: Shop) -> None:
    answer = Asker(shop, key="").get("products/1")
    assert (answer.status, answer.body) == (401, b"401 Unauthorized")
    assert answer.content_type == "text/html; charset=utf-8"
    assert answer.headers["WWW-Authenticate"].startswith("Basic realm=")
    assert "PSWS-Version" not in answer.headers


def test_a_key_of_the_wrong_length_is_malformed(shop: Shop) -> None:
    answer = Asker(shop, key="SHORT").get("products")
    assert (answer.status, answer.codes) == (401, [18])
    assert answer.headers["PSWS-Version"] == "0"


def test_unknown_and_disabled_keys_are_answered_alike(shop: Shop) -> None:
    shop.add_key(READER, {"products": {"GET"}})
    shop.disable_key(READER)
    for key in (READER, "X" * 32):
        answer = Asker(shop, key=key).get("products")
        assert (answer.status, answer.codes) == (401, [20, 21])


def test_the_key_may_come_in_the_address_and_the_header_wins(shop: Shop, ask: Asker) -> None:
    bare = Asker(shop, key="")
    assert bare.get(f"languages?ws_key={KEY}").status == 200
    assert bare.get("languages?ws_key=" + "X" * 32).codes == [20, 21]
    assert ask.get("languages?ws_key=" + "X" * 32).status == 200


def test_a_resource_that_the_key_does_not_have_is_401(shop: Shop) -> None:
    shop.add_key(READER, {"products": {"GET"}})
    answer = Asker(shop, key=READER).get("customers/1")
    assert (answer.status, answer.codes) == (401, [26])
    assert '"customers"' in answer.message


@pytest.mark.parametrize("method", ["PUT", "POST", "PATCH", "DELETE", "HEAD"])
def test_a_method_that_the_key_does_not_have_is_405(shop: Shop, method: str) -> None:
    shop.add_key(READER, {"products": {"GET"}})
    answer = Asker(shop, key=READER)(method, "products/1", product_xml())
    assert (answer.status, answer.codes) == (405, [25])


def test_unknown_resource_lists_all_of_them(ask: Asker) -> None:
    answer = ask.get("bogus")
    assert (answer.status, answer.codes) == (400, [27])
    assert '"zones"' in answer.message and '"images"' in answer.message


def test_unknown_verb(ask: Asker) -> None:
    assert (ask("OPTIONS", "products/1").status, ask("OPTIONS", "products/1").codes) == (405, [23])


def test_verbs_that_nobody_may_use(ask: Asker) -> None:
    for method in ("POST", "DELETE"):
        answer = ask(method, "stock_availables/1")
        assert (answer.status, answer.codes) == (405, [101])


def test_a_switched_off_webservice_is_503_and_maintenance_changes_nothing(
    shop: Shop, ask: Asker
) -> None:
    shop.execute("UPDATE configurations SET value = '0' WHERE name = 'PS_SHOP_ENABLE'")
    assert ask.get("languages").status == 200
    shop.execute("UPDATE configurations SET value = '0' WHERE name = 'PS_WEBSERVICE'")
    answer = ask.get("languages")
    assert (answer.status, answer.codes) == (503, [22])


def test_the_root_lists_what_the_key_may_do(shop: Shop) -> None:
    shop.add_key(READER, {"products": {"GET", "HEAD"}})
    tree = Asker(shop, key=READER).get("").tree
    assert [node.tag for node in tree[0]] == ["products"]
    assert tree[0][0].get("get") == "true"
    assert tree[0][0].get("put") == "false"
    assert [node.get("type") for node in tree[0][0].iterfind("schema")] == ["blank", "synopsis"]


def test_the_root_as_json_kills_php(ask: Asker) -> None:
    answer = ask.get("?output_format=JSON")
    assert (answer.status, answer.body) == (500, b"")


def test_answers_bear_the_headers_of_the_webservice(ask: Asker) -> None:
    headers = ask.get("languages").headers
    assert headers["PSWS-Version"] == "8.2.1"
    assert headers["X-Powered-By"] == "PrestaShop Webservice"
    assert headers["Access-Time"] == "1795487400"
    assert len(headers["Content-Sha1"]) == 40
    assert float(headers["Execution-Time"]) >= 0
