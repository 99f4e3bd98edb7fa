"""The shop over HTTP: connections, limits, accidents, the request log, the JSON door."""

import http.client
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor

import pytest
import requests

from demo.prestashop import LoggedRequest, Server, Shop, serve
from tests.demo.prestashop.asking import KEY, product_xml
from tests.demo.prestashop.pictures import jpeg

TIMEOUT = 10
BRAND = "<prestashop><manufacturer><name>A</name></manufacturer></prestashop>"


@pytest.fixture
def server(shop: Shop) -> Iterator[Server]:
    """The fresh shop on a port."""
    with serve(shop) as running:
        yield running


@pytest.fixture
def session() -> Iterator[requests.Session]:
    """A session that bears the key."""
    with requests.Session() as made:
        made.auth = (KEY, "")
        yield made


def test_connections_are_kept_open(server: Server) -> None:
    connection = http.client.HTTPConnection("127.0.0.1", server.port, timeout=TIMEOUT)
    try:
        connection.connect()
        kept = connection.sock
        for _ in range(3):
            connection.request("GET", f"/api/languages?ws_key={KEY}")
            answer = connection.getresponse()
            assert (answer.status, answer.version) == (200, 11)
            answer.read()
            assert connection.sock is kept
    finally:
        connection.close()


def test_links_name_the_server_as_it_was_called(server: Server, session: requests.Session) -> None:
    answer = session.get(f"{server.url}/api/languages", timeout=TIMEOUT)
    assert f'xlink:href="{server.url}/api/languages/1"'.encode() in answer.content


def test_another_host_name_is_redirected(server: Server, session: requests.Session) -> None:
    answer = session.get(
        f"{server.url}/api/languages",
        headers={"Host": "www.other.example"},
        allow_redirects=False,
        timeout=TIMEOUT,
    )
    assert (answer.status_code, answer.headers["Location"]) == (302, f"{server.url}/?url=languages")


def test_long_addresses_and_large_bodies_are_refused_in_html(server: Server) -> None:
    long = requests.get(f"{server.url}/api/products?filter[id]={'1' * 9000}", timeout=TIMEOUT)
    assert (long.status_code, long.headers["Content-Type"]) == (414, "text/html")
    connection = http.client.HTTPConnection("127.0.0.1", server.port, timeout=TIMEOUT)
    try:
        connection.putrequest("POST", "/api/manufacturers")
        connection.putheader("Content-Length", str(64 * 1024 * 1024))
        connection.endheaders()
        answer = connection.getresponse()
        assert (answer.status, answer.getheader("Content-Type")) == (413, "text/html")
        answer.read()
    finally:
        connection.close()


def test_unknown_verbs_head_and_chunked_bodies(server: Server, session: requests.Session) -> None:
    assert (
        session.request("OPTIONS", f"{server.url}/api/products", timeout=TIMEOUT).status_code == 405
    )
    head = session.head(f"{server.url}/api/languages/1", timeout=TIMEOUT)
    assert (head.status_code, head.content) == (200, b"")
    parts = iter([BRAND[:20].encode(), BRAND[20:].encode()])
    answer = session.post(f"{server.url}/api/manufacturers", data=parts, timeout=TIMEOUT)
    assert answer.status_code == 201


def test_images_over_http(server: Server, session: requests.Session) -> None:
    body = f"<prestashop>{product_xml()}</prestashop>"
    session.post(f"{server.url}/api/products", data=body.encode(), timeout=TIMEOUT)
    answer = session.post(
        f"{server.url}/api/images/products/1",
        files={"image": ("a.jpg", jpeg(), "image/jpeg")},
        timeout=TIMEOUT,
    )
    assert answer.status_code == 200
    read = session.get(f"{server.url}/api/images/products/1/1", timeout=TIMEOUT)
    assert read.headers["Content-Type"] == "image/jpeg"


def test_the_log_can_be_read_and_cleared(
    shop: Shop, server: Server, session: requests.Session
) -> None:
    session.get(f"{server.url}/api/languages", timeout=TIMEOUT)
    session.post(f"{server.url}/api/manufacturers", data=BRAND, timeout=TIMEOUT)
    assert shop.requests() == [
        LoggedRequest("GET", "/api/languages", 200),
        LoggedRequest("POST", "/api/manufacturers", 201),
    ]
    shop.clear_requests()
    assert shop.requests() == []


def brands(shop: Shop) -> int:
    """Return how many manufacturers there are."""
    return len(shop.query("SELECT id FROM manufacturers"))


@pytest.mark.parametrize(
    ("kind", "status", "content_type", "start", "written"),
    [
        ("500", 500, "text/html; charset=utf-8", b"", 0),
        ("apply_then_500", 500, "text/html; charset=utf-8", b"", 1),
        ("apply_then_warning", 500, "text/xml;charset=utf-8", b"<?xml", 1),
        ("html", 500, "text/html", b"<html>", 0),
        ("noise", 201, "text/xml;charset=utf-8", b"<br />", 1),
        ("fatal_200", 200, "text/html; charset=utf-8", b"\nFatal error", 0),
    ],
)
def test_accidents(
    shop: Shop,
    server: Server,
    session: requests.Session,
    kind: str,
    status: int,
    content_type: str,
    start: bytes,
    written: int,
) -> None:
    shop.fail_next(kind, method="POST", path="/api/manufacturers")
    assert session.get(f"{server.url}/api/manufacturers", timeout=TIMEOUT).status_code == 200
    answer = session.post(f"{server.url}/api/manufacturers", data=BRAND, timeout=TIMEOUT)
    assert (answer.status_code, answer.headers["Content-Type"]) == (status, content_type)
    assert answer.content.startswith(start)
    assert brands(shop) == written
    again = session.post(f"{server.url}/api/manufacturers", data=BRAND, timeout=TIMEOUT)
    assert again.status_code == 201


@pytest.mark.parametrize(("kind", "written"), [("reset", 0), ("apply_then_reset", 1)])
def test_cut_connections(
    shop: Shop, server: Server, session: requests.Session, kind: str, written: int
) -> None:
    shop.fail_next(kind)
    with pytest.raises(requests.ConnectionError):
        session.post(f"{server.url}/api/manufacturers", data=BRAND, timeout=TIMEOUT)
    assert brands(shop) == written
    assert shop.requests() == [LoggedRequest("POST", "/api/manufacturers", 0)]


def test_a_delay_holds_one_request_only(
    shop: Shop, server: Server, session: requests.Session
) -> None:
    shop.fail_next("delay", seconds=0.3)
    begun = time.monotonic()
    assert session.get(f"{server.url}/api/languages", timeout=TIMEOUT).status_code == 200
    assert time.monotonic() - begun >= 0.3
    with pytest.raises(requests.ReadTimeout):
        shop.fail_next("delay", seconds=0.4)
        session.get(f"{server.url}/api/languages", timeout=0.1)


def test_accidents_can_come_later_and_more_than_once(
    shop: Shop, server: Server, session: requests.Session
) -> None:
    shop.fail_next("500", times=2, after=1)
    found = [
        session.get(f"{server.url}/api/languages", timeout=TIMEOUT).status_code for _ in range(4)
    ]
    assert found == [200, 500, 500, 200]
    shop.fail_next("500", times=9)
    shop.faults.clear()
    assert session.get(f"{server.url}/api/languages", timeout=TIMEOUT).status_code == 200


def door(server: Server, session: requests.Session, act: str, **said: object) -> requests.Response:
    """Carry out an act through the simulator's own door."""
    return session.post(f"{server.url}/_backoffice/{act}", json=said, timeout=TIMEOUT)


def test_the_door_of_the_back_office(shop: Shop, server: Server, session: requests.Session) -> None:
    body = f"<prestashop>{product_xml(price='10')}</prestashop>"
    session.post(f"{server.url}/api/products", data=body.encode(), timeout=TIMEOUT)
    lines = [[1, 0, 2]]
    placed = door(server, session, "place_order", customer_email="a@example.com", lines=lines)
    assert placed.json() == {"id_order": 1}
    assert door(server, session, "set_state", id_order=1, id_state=3).status_code == 200
    assert door(server, session, "register_customer", email="b@example.com").status_code == 200
    said = {"id_product": 1, "id_product_attribute": 0, "quantity": 9}
    assert door(server, session, "set_stock", **said).json() == {}
    assert shop.stock_of(1) == 9
    sql = "UPDATE products SET price = '7.000000' WHERE id = ?"
    assert door(server, session, "execute", sql=sql, parameters=[1]).status_code == 200
    read = door(server, session, "query", sql="SELECT price FROM products")
    assert read.json() == {"rows": [{"price": "7.000000"}]}
    assert door(server, session, "fail_next", kind="500").status_code == 200
    assert door(server, session, "clear_faults").status_code == 200
    log = door(server, session, "requests", clear=True).json()["requests"]
    assert log == [["POST", "/api/products", 201]]
    assert shop.requests() == []


def test_the_door_is_guarded_and_says_what_is_wrong(
    server: Server, session: requests.Session
) -> None:
    assert requests.post(f"{server.url}/_backoffice/query", timeout=TIMEOUT).status_code == 401
    assert door(server, session, "bogus").status_code == 404
    assert (
        door(server, session, "set_state", id_order=1, id_state=2).json()["error"] == "E-DEMO-002"
    )
    assert door(server, session, "fail_next", kind="bogus").json()["error"] == "E-DEMO-001"
    assert door(server, session, "set_stock").status_code == 400


def test_a_closed_server_frees_its_port(shop: Shop) -> None:
    with serve(shop) as first:
        port = first.port
        assert requests.get(f"{first.url}/api/", timeout=TIMEOUT).status_code == 401
    with serve(shop, port) as second:
        assert requests.get(f"{second.url}/api/", timeout=TIMEOUT).status_code == 401


def test_requests_from_many_threads(shop: Shop, server: Server) -> None:
    body = f"<prestashop>{product_xml()}</prestashop>".encode()
    for _ in range(4):
        requests.post(f"{server.url}/api/products?ws_key={KEY}", data=body, timeout=TIMEOUT)

    def patch(number: int) -> int:
        row = number % 4 + 1
        stock = f"<stock_available><id>{row}</id><quantity>{number}</quantity></stock_available>"
        answer = requests.patch(
            f"{server.url}/api/stock_availables?ws_key={KEY}",
            data=f"<prestashop>{stock}</prestashop>",
            timeout=TIMEOUT,
        )
        return answer.status_code

    with ThreadPoolExecutor(8) as pool:
        assert set(pool.map(patch, range(40))) == {200}
    assert sum(shop.stock_of(product) % 4 for product in range(1, 5)) == 6


def test_closing_ends_a_delayed_request_at_once(shop: Shop) -> None:
    with serve(shop) as running:
        shop.fail_next("delay", seconds=60)
        with ThreadPoolExecutor(1) as pool:
            asked = pool.submit(requests.get, f"{running.url}/api/languages", timeout=TIMEOUT)
            while shop.faults.planned():
                time.sleep(0.01)
            begun = time.monotonic()
            running.close()
            assert time.monotonic() - begun < 5
            with pytest.raises(requests.ConnectionError):
                asked.result()
