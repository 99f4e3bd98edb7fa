"""The proxy passes everything on unchanged, and counts it."""

from collections.abc import Iterator

import pytest
import requests

from demo.prestashop import Shop, serve
from tests.equipment.counting_proxy import CountingProxy, SeenWrite

KEY = "COUNTINGPROXYKEY0000000000000001"
_PATCH = (
    '<prestashop><product><id>1</id><price>9.5</price><name><language id="1">One</language>'
    '<language id="2">Un</language></name></product>'
    "<product><id>2</id><associations><categories><category><id>4</id></category>"
    "<category><id>2</id></category></categories></associations></product></prestashop>"
)


@pytest.fixture
def shop() -> Iterator[Shop]:
    with Shop(None, key=KEY, fixtures=True) as shop:
        yield shop


@pytest.fixture
def proxy(shop: Shop) -> Iterator[CountingProxy]:
    with serve(shop) as server, CountingProxy(server.url) as proxy:
        yield proxy


def ask(proxy: CountingProxy, method: str, path: str, body: str = "") -> requests.Response:
    return requests.request(
        method, f"{proxy.url}/api/{path}", data=body.encode(), auth=(KEY, ""), timeout=10,
        allow_redirects=False,
    )  # fmt: skip


def test_an_answer_comes_through_with_its_headers(proxy: CountingProxy) -> None:
    answer = ask(proxy, "GET", "products/1?display=[id,reference]")
    assert answer.status_code == 200
    assert answer.headers["PSWS-Version"] == "8.2.1"
    assert "<![CDATA[demo_1]]>" in answer.text


def test_the_shop_sees_its_own_name_as_host(proxy: CountingProxy, shop: Shop) -> None:
    assert ask(proxy, "GET", "languages").status_code == 200
    assert [one.status for one in shop.requests()] == [200]


def test_readings_are_counted_and_are_no_writes(proxy: CountingProxy) -> None:
    with requests.Session() as session:
        for _ in range(3):
            assert session.get(f"{proxy.url}/api/products/1", auth=(KEY, ""), timeout=10).ok
    assert ask(proxy, "HEAD", "products/999").status_code == 404
    seen = [(one.method, one.resource, one.status) for one in proxy.requests()]
    assert seen == [("GET", "products/1", 200)] * 3 + [("HEAD", "products/999", 404)]
    assert proxy.write_requests() == ()


def test_a_write_is_read_entity_by_entity(proxy: CountingProxy, shop: Shop) -> None:
    assert ask(proxy, "PATCH", "products", _PATCH).status_code == 200
    assert proxy.writes() == (
        SeenWrite("PATCH", "products", 1, {"price": "9.5", "name": {1: "One", 2: "Un"}}),
        SeenWrite("PATCH", "products", 2, {"categories": "2 4"}),
    )
    assert shop.query("SELECT price FROM products WHERE id = 1") == [{"price": "9.500000"}]


def test_a_deletion_is_a_write_without_fields(proxy: CountingProxy) -> None:
    assert ask(proxy, "DELETE", "manufacturers/1").status_code == 200
    assert proxy.writes() == (SeenWrite("DELETE", "manufacturers/1", None),)
    proxy.clear()
    assert proxy.requests() == ()
    assert proxy.totals() == (1, 1)


def test_a_shop_that_hangs_up_is_noted_as_unanswered(proxy: CountingProxy, shop: Shop) -> None:
    shop.fail_next("reset")
    with pytest.raises(requests.ConnectionError):
        ask(proxy, "GET", "products")
    assert [(one.method, one.status) for one in proxy.requests()] == [("GET", 0)]


def test_a_put_of_a_whole_entity_is_seen_as_what_it_changes(
    proxy: CountingProxy, shop: Shop
) -> None:
    rows = ask(proxy, "GET", "stock_availables?display=full&filter[id]=[1|2]").text
    body = rows.replace("<stock_availables>", "").replace("</stock_availables>", "")
    held = shop.stock_of(1)
    answer = ask(proxy, "PUT", "stock_availables", body.replace(f"[{held}]", "[41]", 1))
    assert answer.status_code == 200
    first, second = proxy.writes()
    assert first == SeenWrite("PATCH", "stock_availables", 1, {"quantity": "41"})
    assert (second.method, second.id, second.fields) == ("PATCH", 2, {})
