"""The till writer contract: an order is in the till exactly once and whole, or not at all.

An implementation inherits `TillWriterContract` and brings a fixture `till`, which knows `SIMPLE`
and `VARIANT`, has a way to look at what it holds, and can go away.
"""

from typing import Protocol

import pytest

from pos_exporter.intake.port import LineNotLinkedError, LineRefusedError, TillWriter
from protocol.errors import RetryableError
from tests.pos_exporter.intake.orders import customer, line, order

SIMPLE, VARIANT = "a:1002", "v:100101"


class Till(Protocol):
    """A till that takes orders, with a back door."""

    @property
    def writer(self) -> TillWriter:
        """What is tested."""
        ...

    def orders(self) -> dict[str, list[tuple[str, int]]]:
        """Return stock key and quantity of every line, per order uid."""
        ...

    def customers(self) -> list[int]:
        """Return the shop ids of the web customers it holds."""
        ...

    def go_away(self) -> None:
        """Be unreachable from now on."""
        ...


class TillWriterContract:
    """What every till writer promises."""

    def test_an_order_enters_whole(self, till: Till) -> None:
        entered = till.writer.enter_order(order("U1", line(1, SIMPLE, 2), line(2, VARIANT)))
        assert not entered.already
        assert entered.key
        assert till.orders() == {"U1": [(SIMPLE, 2), (VARIANT, 1)]}

    def test_the_same_order_again_changes_nothing(self, till: Till) -> None:
        first = till.writer.enter_order(order("U1", line(1, SIMPLE)))
        again = till.writer.enter_order(order("U1", line(1, SIMPLE)))
        assert (again.key, again.already) == (first.key, True)
        assert till.orders() == {"U1": [(SIMPLE, 1)]}

    def test_two_orders_are_two(self, till: Till) -> None:
        keys = {till.writer.enter_order(order(uid, line(1, SIMPLE))).key for uid in ("U1", "U2")}
        assert len(keys) == 2
        assert set(till.orders()) == {"U1", "U2"}

    def test_a_line_of_nothing_leaves_the_whole_order_out(self, till: Till) -> None:
        with pytest.raises(LineNotLinkedError) as refused:
            till.writer.enter_order(order("U1", line(1, SIMPLE), line(2, None)))
        assert refused.value.facts["line"] == "2"
        assert refused.value.facts["name"] == "Derby n°2"
        assert till.orders() == {}

    def test_an_article_that_the_till_lost_leaves_the_whole_order_out(self, till: Till) -> None:
        with pytest.raises(LineRefusedError) as refused:
            till.writer.enter_order(order("U1", line(1, SIMPLE), line(2, "v:999")))
        assert refused.value.facts["line"] == "2"
        assert till.orders() == {}
        assert not till.writer.holds_order("U1")

    def test_an_order_that_waited_enters_once_it_can(self, till: Till) -> None:
        with pytest.raises(LineRefusedError):
            till.writer.enter_order(order("U1", line(1, "v:999")))
        assert not till.writer.enter_order(order("U1", line(1, VARIANT))).already

    def test_a_till_says_what_it_holds(self, till: Till) -> None:
        assert not till.writer.holds_order("U1")
        till.writer.enter_order(order("U1", line(1, SIMPLE)))
        assert till.writer.holds_order("U1")
        assert not till.writer.holds_order("' OR 1=1 --")

    def test_a_customer_is_there_once(self, till: Till) -> None:
        first = till.writer.enter_customer(customer(7))
        again = till.writer.enter_customer(customer(7))
        assert (first.already, again.already, again.key) == (False, True, first.key)
        till.writer.enter_customer(customer(8))
        assert sorted(till.customers()) == [7, 8]

    def test_a_till_that_is_away_took_nothing(self, till: Till) -> None:
        till.go_away()
        for act in (
            lambda: till.writer.enter_order(order("U1", line(1, SIMPLE))),
            lambda: till.writer.enter_customer(customer()),
            lambda: till.writer.holds_order("U1"),
        ):
            with pytest.raises(RetryableError):
                act()
