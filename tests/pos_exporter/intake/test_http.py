"""The HTTP till writer against a hook on loopback: the contract, and answers that never came."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import pytest

from pos_exporter.intake.hook_address import check_address
from pos_exporter.intake.http import HttpTillWriter
from pos_exporter.intake.port import (
    HookAddressError,
    IntakeUnknownError,
    Mark,
    NotWritableError,
    StillUnknownError,
    TillRefusedError,
)
from pos_exporter.mapping.write_back import WriteBack
from tests.contracts.till_writer import (
    LATER,
    SIMPLE,
    VARIANT,
    AskedTillContract,
    Clerk,
    WholeTillContract,
)
from tests.equipment.hook import Fault, TillHook
from tests.pos_exporter.intake.orders import customer, line, order

NOW = datetime(2026, 11, 24, 8, 45, tzinfo=UTC)
_SOON, _DAYS = timedelta(seconds=30), timedelta(days=2)


def rules(**hook: object) -> WriteBack:
    told = {"timeout": "2s", "changes": True, "customers": True, **hook}
    formats = {"tax_rates": {20: "1", 5.5: "2"}}
    return WriteBack.model_validate({"mode": "http", "formats": formats, "hook": told})


class _HookTill:
    def __init__(self, hook: TillHook) -> None:
        self.hook = hook
        self.writer = HttpTillWriter(hook.url, "s3cret", rules(), lambda: NOW)

    def work(self) -> None:
        """It works at once."""

    def orders(self) -> dict[str, list[tuple[str, int]]]:
        return {
            uid: [(one["stock_key"], int(one["quantity"])) for one in told["lines"]]
            for uid, told in self.hook.orders.items()
        }

    def cancelled(self) -> set[str]:
        return {
            uid for uid, told in self.hook.orders.items() if told["state"]["role"] == "cancelled"
        }

    def customers(self) -> list[int]:
        return self.hook.customers

    def go_away(self) -> None:
        self.hook.close()

    def posts(self) -> int:
        return sum(method == "POST" for method, _ in self.hook.requests)


@pytest.fixture
def till() -> Iterator[_HookTill]:
    with TillHook(b"s3cret", {"1002", "100101"}) as hook:
        yield _HookTill(hook)


class TestHttpTillWriter(WholeTillContract, AskedTillContract):
    """The contract, over HTTP."""

    @pytest.fixture
    def till(self, till: _HookTill) -> _HookTill:
        return till


@pytest.mark.parametrize("fault", ["lost", "broken_after", "keyless"])
def test_an_answer_that_never_came_is_looked_up_and_the_order_not_posted_again(
    till: _HookTill, fault: Fault
) -> None:
    clerk, one = Clerk(till), order("U1", line(1, SIMPLE))
    till.hook.fault = fault
    with pytest.raises(IntakeUnknownError):
        clerk.begin(one)
    found = clerk.enter(one)
    assert (found.key, found.already, found.evidence) == ("1", True, "lookup")
    assert (till.posts(), list(till.hook.orders)) == (1, ["U1"])


@pytest.mark.parametrize("fault", ["lost_before", "broken"])
def test_an_order_that_was_not_taken_is_posted_again_when_the_hook_had_time(
    till: _HookTill, fault: Fault
) -> None:
    clerk, one = Clerk(till), order("U1", line(1, SIMPLE))
    till.hook.fault = fault
    with pytest.raises(IntakeUnknownError):
        clerk.begin(one)
    assert clerk.noted is not None
    with pytest.raises(IntakeUnknownError):
        till.writer.look("U1", clerk.noted, _SOON)  # it may still be at work
    assert till.posts() == 1
    assert not clerk.enter(one).already
    keys = {key for method, key in till.hook.requests if method == "POST"}
    assert (till.posts(), keys, list(till.hook.orders)) == (2, {"U1"}, ["U1"])


def test_what_nobody_can_look_up_becomes_a_doubt(till: _HookTill) -> None:
    mark = Mark("order", "0" * 64)
    till.hook.blind = 2
    with pytest.raises(IntakeUnknownError):
        till.writer.look("U1", mark, LATER)
    with pytest.raises(StillUnknownError):
        till.writer.look("U1", mark, _DAYS)
    said_yes = Mark("order", "0" * 64, said_yes=True)
    with pytest.raises(StillUnknownError):
        till.writer.look("U1", said_yes, LATER)


def test_an_order_that_is_there_is_known_by_409(till: _HookTill) -> None:
    till.writer.enter_order(order("U1", line(1, SIMPLE)))
    again = till.writer.enter_order(order("U1", line(1, SIMPLE)))
    assert (again.key, again.already, again.evidence) == ("1", True, "already")


def test_the_hook_s_own_words_are_kept(till: _HookTill) -> None:
    with pytest.raises(TillRefusedError) as refused:
        till.writer.enter_order(order("U1", line(1, "a:77")))
    assert refused.value.facts["words"] == "422 unknown article 77"


def test_a_wrong_secret_is_refused_and_nothing_taken(till: _HookTill) -> None:
    stranger = HttpTillWriter(till.hook.url, "guess", rules(), lambda: NOW)
    with pytest.raises(TillRefusedError) as refused:
        stranger.enter_order(order("U1", line(1, SIMPLE)))
    assert refused.value.facts["words"].startswith("401")
    assert till.hook.orders == {}


def test_a_person_s_second_try_has_another_key(till: _HookTill) -> None:
    clerk = Clerk(till)
    clerk.again()
    clerk.enter(order("a/1/ü", line(1, SIMPLE)))
    assert till.hook.requests == [("POST", "a/1/ü/1")]


def test_what_the_hook_is_told(till: _HookTill) -> None:
    till.writer.enter_order(order("U1", line(1, VARIANT)))
    told = till.hook.orders["U1"]
    assert (told["lines"][0]["tax_code"], told["lines"][0]["sellable_key"]) == ("1", "100101")
    assert told["delivery"]["city"] == "Romans"


def test_what_the_hook_does_not_take(till: _HookTill) -> None:
    closed = HttpTillWriter(till.hook.url, "s", rules(changes=False, customers=False), lambda: NOW)
    with pytest.raises(NotWritableError):
        closed.change_order(order("U1", line(1, SIMPLE)), "1")
    with pytest.raises(NotWritableError):
        closed.enter_customer(customer())
    assert till.hook.requests == []


@pytest.mark.parametrize("url", ["ftp://caisse/x", "caisse", "http://"])
def test_an_address_that_is_none(url: str) -> None:
    with pytest.raises(HookAddressError):
        HttpTillWriter(url, "s", rules(), lambda: NOW)


def test_a_hook_without_a_secret_is_not_asked() -> None:
    with pytest.raises(HookAddressError):
        HttpTillWriter("http://127.0.0.1:1/x", "", rules(), lambda: NOW)


@pytest.mark.parametrize(
    ("scheme", "address", "fits"),
    [
        ("http", "127.0.0.1", True),
        ("http", "192.168.1.20", True),
        ("http", "fd00::7", True),
        ("http", "fe80::1%eth0", True),
        ("http", "8.8.8.8", False),
        ("http", "2001:4860:4860::8888", False),
        ("https", "8.8.8.8", True),
    ],
)
def test_clear_text_stays_on_the_shop_s_network(scheme: str, address: str, fits: bool) -> None:
    if fits:
        check_address(scheme, address)
        return
    with pytest.raises(HookAddressError):
        check_address(scheme, address)
