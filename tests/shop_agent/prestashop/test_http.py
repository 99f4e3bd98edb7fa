"""One exchange: keys, redirections, silence, broken and endless answers, and what is repeated."""

import logging
import socket

import pytest

from shop_agent.prestashop.client import Webservice
from shop_agent.prestashop.entities import Write
from shop_agent.prestashop.errors import (
    KeyRefusedError,
    ShopUnreachableError,
    UnreadableAnswerError,
    WriteOutcomeUnknownError,
    WrongAddressError,
)
from shop_agent.prestashop.http import Http, Timeouts, open_session
from tests.shop_agent.prestashop.stub_shop import (
    HTML_HEADERS,
    HURRIED,
    KEY,
    PATIENT,
    XML_HEADERS,
    Reply,
    Seen,
    StubShop,
    entities,
)

LANGUAGES = Reply(200, entities("<languages><language><id>1</id></language></languages>"))
TAX = Reply(200, entities("<tax><id>1</id><rate>20</rate></tax>"))
NO_KEY = Reply(401, "401 Unauthorized", HTML_HEADERS)
PRICE = Write(1, {"price": "1"})


def test_the_key_travels_in_the_header() -> None:
    with StubShop([LANGUAGES]) as stub, stub.open() as shop:
        assert str(shop.ping()) == "8.2.1"
    assert stub.seen[0].headers["Authorization"].startswith("Basic ")
    assert "ws_key" not in stub.seen[0].query
    assert stub.seen[0].path == "/api/languages"


def test_a_host_that_drops_the_header_gets_the_key_in_the_address_from_then_on() -> None:
    def answer(seen: Seen) -> Reply:
        return LANGUAGES if seen.query.get("ws_key") == KEY else NO_KEY

    with StubShop(answer) as stub, stub.open() as shop:
        shop.ping()
        shop.ping()
    assert [seen.query.get("ws_key") for seen in stub.seen] == [None, KEY, KEY]
    assert "Authorization" not in stub.seen[2].headers


def test_a_key_that_never_arrives_is_refused_after_one_more_try() -> None:
    with StubShop(lambda seen: NO_KEY) as stub, stub.open() as shop, pytest.raises(KeyRefusedError):
        shop.ping()
    assert len(stub.seen) == 2


def test_a_write_is_sent_again_after_a_missing_key_since_nobody_read_it() -> None:
    done = Reply(200, entities("<product><id>1</id></product>"))
    with StubShop([NO_KEY, done]) as stub, stub.open() as shop:
        assert shop.change("products", PRICE).id == 1


def test_a_redirection_is_a_wrong_address_and_is_not_followed() -> None:
    where = {"Location": f"http://elsewhere.example:81/?url=languages&ws_key={KEY}"}
    with (
        StubShop([Reply(302, "", where)]) as stub,
        stub.open() as shop,
        pytest.raises(WrongAddressError) as caught,
    ):
        shop.ping()
    assert len(stub.seen) == 1
    assert "http://elsewhere.example:81/" in caught.value.facts["reason"]
    assert KEY not in str(caught.value)


@pytest.mark.parametrize("body", ["<html>Welcome", ""])
def test_html_instead_of_xml_is_a_wrong_address(body: str) -> None:
    with (
        StubShop([Reply(200, body, HTML_HEADERS)]) as stub,
        stub.open() as shop,
        pytest.raises(WrongAddressError),
    ):
        shop.ping()


def test_a_reading_is_tried_again_a_few_times() -> None:
    busy = Reply(503, "", {**HTML_HEADERS, "Retry-After": "0"})
    with StubShop([busy, Reply(hang_up=True), LANGUAGES]) as stub, stub.open() as shop:
        shop.ping()
    assert len(stub.seen) == 3


def test_a_reading_is_given_up_after_a_few_times() -> None:
    with (
        StubShop(lambda seen: Reply(502, "", HTML_HEADERS)) as stub,
        stub.open() as shop,
        pytest.raises(ShopUnreachableError),
    ):
        shop.ping()
    assert len(stub.seen) == 3


@pytest.mark.parametrize("status", [429, 500, 502, 503, 504])
def test_a_write_is_never_repeated(status: int) -> None:
    with (
        StubShop(lambda seen: Reply(status, "", HTML_HEADERS)) as stub,
        stub.open() as shop,
        pytest.raises((WriteOutcomeUnknownError, ShopUnreachableError)) as caught,
    ):
        shop.change("products", PRICE)
    assert len(stub.seen) == 1
    assert isinstance(caught.value, ShopUnreachableError) == (status == 429)


@pytest.mark.parametrize(
    "reply", [Reply(hang_up=True), Reply(delay=0.6), Reply(200, TAX.body, cut=30)]
)
def test_a_write_without_a_whole_answer_is_unknown_and_sent_once(reply: Reply) -> None:
    with (
        StubShop(lambda seen: reply) as stub,
        stub.open(HURRIED) as shop,
        pytest.raises(WriteOutcomeUnknownError) as caught,
    ):
        shop.create("products", Write(None, {"price": "1"}))
    assert not caught.value.answered
    assert len(stub.seen) == 1


def test_a_slow_reading_is_unreachable() -> None:
    with (
        StubShop(lambda seen: Reply(delay=0.5)) as stub,
        stub.open(HURRIED) as shop,
        pytest.raises(ShopUnreachableError) as caught,
    ):
        shop.get("taxes", 1)
    assert caught.value.facts["reason"] == "no answer in time"


def test_a_reading_cut_in_its_body_is_read_once_more() -> None:
    cut = Reply(200, TAX.body, cut=40)
    with StubShop([cut, TAX]) as stub, stub.open() as shop:
        assert shop.get("taxes", 1)
    with (
        StubShop([cut, cut, TAX]) as stub,
        stub.open() as shop,
        pytest.raises(ShopUnreachableError),
    ):
        shop.get("taxes", 1)


def test_an_oversized_answer_is_not_taken() -> None:
    large = Reply(200, entities("<!-- " + "x" * 5000 + " -->"))
    with StubShop(lambda seen: large) as stub, stub.open(answer_limit=1000) as shop:
        with pytest.raises(UnreadableAnswerError):
            shop.get("taxes", 1)
        with pytest.raises(WriteOutcomeUnknownError) as caught:
            shop.change("products", PRICE)
    assert caught.value.answered


def test_an_answer_that_drips_is_given_up() -> None:
    ticks = iter(range(0, 10_000, 100))
    with (
        StubShop(lambda seen: TAX) as stub,
        stub.open(Timeouts(5, 5, 50), clock=lambda: next(ticks)) as shop,
        pytest.raises(ShopUnreachableError) as caught,
    ):
        shop.get("taxes", 1)
    assert caught.value.facts["reason"] == "answer too slow"


def test_no_connection_is_retryable_even_for_a_write() -> None:
    with socket.socket() as closed:
        closed.bind(("127.0.0.1", 0))  # taken, but nobody listens
        url = f"http://127.0.0.1:{closed.getsockname()[1]}"
        with Webservice(Http(url, KEY, open_session(backoff=0), PATIENT)) as shop:
            with pytest.raises(ShopUnreachableError):
                shop.ping()
            with pytest.raises(ShopUnreachableError):
                shop.create("products", Write(None, {"price": "1"}))


def test_the_key_is_in_no_error_and_no_log(caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)

    def answer(seen: Seen) -> Reply:
        return Reply(hang_up=True) if "ws_key" in seen.query else NO_KEY

    with (
        StubShop(answer) as stub,
        stub.open() as shop,
        pytest.raises(ShopUnreachableError) as caught,
    ):
        shop.ping()
    assert "ws_key=***" in caplog.text
    assert KEY not in caplog.text
    assert KEY not in str(caught.value) + repr(caught.value.__dict__)
    assert caught.value.__suppress_context__


def test_cookies_are_not_kept() -> None:
    baked = Reply(200, LANGUAGES.body, {**XML_HEADERS, "Set-Cookie": "PrestaShop-1=x; path=/"})
    with StubShop(lambda seen: baked) as stub, stub.open() as shop:
        shop.ping()
        shop.ping()
    assert "Cookie" not in stub.seen[1].headers


@pytest.mark.parametrize(
    "url", ["shop.example", "ftp://shop.example", "https://", "https://u:p@shop.example", ""]
)
def test_an_address_that_is_none(url: str) -> None:
    with open_session() as session, pytest.raises(WrongAddressError) as caught:
        Http(url, KEY, session)
    assert "u:p" not in str(caught.value)


@pytest.mark.parametrize(
    "url", ["https://s.example/b", "https://s.example/b/", " https://s.example/b/api/ "]
)
def test_an_address_may_end_as_people_write_it(url: str) -> None:
    with Http(url, KEY, open_session()) as http:
        assert http.address == "https://s.example/b"


@pytest.mark.parametrize("key", ["", "clé", "a b", "a\r\nX: y"])
def test_a_key_that_is_none(key: str) -> None:
    with open_session() as session, pytest.raises(KeyRefusedError):
        Http("https://s.example", key, session)
