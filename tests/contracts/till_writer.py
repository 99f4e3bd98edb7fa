"""The till writer contract: an order is in the till exactly once and whole, or not at all.

An implementation inherits `TillWriterContract` (`WholeTillContract` where it has codes for VAT and
takes later revisions, `AskedTillContract` where it can be asked and takes customers) and brings a
fixture `till`, which knows `SIMPLE` and `VARIANT`, VAT at 20 and 5.5 %, has a way to look at what
it holds, and can go away. A `Clerk` does what the desk does: note, look first at what was noted,
enter.
"""

from collections.abc import Callable
from contextlib import suppress
from datetime import timedelta
from decimal import Decimal
from typing import Protocol

import pytest

from pos_exporter.intake.port import (
    Entered,
    HandedOverError,
    LineNotLinkedError,
    Mark,
    Note,
    TaxRateUnknownError,
    TillWriter,
)
from protocol.errors import OutcomeUnknownError, RefusedItemError, RetryableError
from protocol.records import Order, OrderState
from tests.pos_exporter.intake.orders import customer, line, order

SIMPLE, VARIANT = "a:1002", "v:100101"
#: Long enough for any till to have answered, too short for anybody to be told.
LATER = timedelta(minutes=30)


class Till(Protocol):
    """A till that takes orders, with a back door."""

    @property
    def writer(self) -> TillWriter:
        """What is tested."""
        ...

    def work(self) -> None:
        """Do what the till does by itself: read its files."""
        ...

    def orders(self) -> dict[str, list[tuple[str, int]]]:
        """Return stock key and quantity of every line, per order uid."""
        ...

    def cancelled(self) -> set[str]:
        """Return the uids of orders that are over."""
        ...

    def customers(self) -> list[int]:
        """Return the shop ids of the web customers it holds."""
        ...

    def go_away(self) -> None:
        """Be unreachable from now on."""
        ...


class Killed(BaseException):
    """The program ended here."""


class Clerk:
    """Enters orders as the desk does, with a memory that outlives a kill.

    Args:
        till: Where to.
    """

    def __init__(self, till: Till) -> None:
        self._till = till
        self._number = 0
        self.noted: Mark | None = None
        self.on_note: Callable[[], None] = lambda: None

    def enter(self, one: Order) -> Entered:
        """Look first at what is noted, then enter, and have the till do its work."""
        return self._bring(one.key, lambda note: self._till.writer.enter_order(one, note))

    def change(self, one: Order, key: str) -> Entered:
        """Bring a later revision."""
        return self._bring(one.key, lambda note: self._till.writer.change_order(one, key, note))

    def begin(self, one: Order) -> Entered:
        """Enter, and nothing else."""
        return self._till.writer.enter_order(one, self._note())

    def again(self) -> None:
        """Say, as a person, that what was noted came to nothing."""
        self.noted = None
        self._number += 1

    def _bring(self, uid: str, act: Callable[[Note], Entered]) -> Entered:
        if self.noted is not None:
            found = self._till.writer.look(uid, self.noted, LATER)
            self.noted = None
            if found is not None:
                return found
        try:
            done = act(self._note())
        except HandedOverError:
            self._till.writer.finish()
            done = self._read(uid)
        self.noted = None
        return done

    def _read(self, uid: str) -> Entered:
        self._till.work()
        assert self.noted is not None
        done = self._till.writer.look(uid, self.noted, LATER)
        assert done is not None
        return done

    def _note(self) -> Note:
        def begin(mark: Mark) -> None:
            self.noted = mark
            self.on_note()

        return Note(self._number, begin)


class TillWriterContract:
    """What every till writer promises."""

    @pytest.fixture
    def clerk(self, till: Till) -> Clerk:
        return Clerk(till)

    def test_an_order_enters_whole(self, till: Till, clerk: Clerk) -> None:
        entered = clerk.enter(order("U1", line(1, SIMPLE, 2), line(2, VARIANT)))
        assert entered.key
        assert entered.evidence
        assert till.orders() == {"U1": [(SIMPLE, 2), (VARIANT, 1)]}

    def test_the_same_order_again_changes_nothing(self, till: Till, clerk: Clerk) -> None:
        first = clerk.enter(order("U1", line(1, SIMPLE)))
        again = clerk.enter(order("U1", line(1, SIMPLE)))
        assert (again.key, again.already) == (first.key, True)
        assert till.orders() == {"U1": [(SIMPLE, 1)]}

    def test_two_orders_are_two(self, till: Till, clerk: Clerk) -> None:
        keys = {clerk.enter(order(uid, line(1, SIMPLE))).key for uid in ("U1", "U2")}
        assert len(keys) == 2
        assert set(till.orders()) == {"U1", "U2"}

    def test_a_line_of_nothing_leaves_the_whole_order_out(self, till: Till, clerk: Clerk) -> None:
        with pytest.raises(LineNotLinkedError) as refused:
            clerk.enter(order("U1", line(1, SIMPLE), line(2, None)))
        assert refused.value.facts["line"] == "2"
        assert refused.value.facts["name"] == "Derby n°2"
        till.work()
        assert (till.orders(), clerk.noted) == ({}, None)

    def test_an_article_that_the_till_lost_leaves_the_whole_order_out(
        self, till: Till, clerk: Clerk
    ) -> None:
        with pytest.raises(RefusedItemError) as refused:
            clerk.enter(order("U1", line(1, SIMPLE), line(2, "v:999")))
        assert refused.value.code in {"E-INT-002", "E-INT-003", "E-INT-014"}
        assert till.orders() == {}

    def test_an_order_that_waited_enters_once_it_can(self, till: Till, clerk: Clerk) -> None:
        with pytest.raises(RefusedItemError):
            clerk.enter(order("U1", line(1, "v:999")))
        clerk.again()
        clerk.enter(order("U1", line(1, VARIANT)))
        assert till.orders() == {"U1": [(VARIANT, 1)]}

    def test_a_kill_before_anything_happens_loses_nothing(self, till: Till, clerk: Clerk) -> None:
        one = order("U1", line(1, SIMPLE))

        def killed() -> None:
            raise Killed

        clerk.on_note = killed
        with suppress(Killed, HandedOverError):
            clerk.begin(one)
        clerk.on_note = lambda: None
        till.work()
        clerk.enter(one)
        assert till.orders() == {"U1": [(SIMPLE, 1)]}

    def test_a_kill_after_the_write_doubles_nothing(self, till: Till, clerk: Clerk) -> None:
        one = order("U1", line(1, SIMPLE))
        with suppress(HandedOverError):
            clerk.begin(one)
        till.writer.finish()
        till.work()
        entered = clerk.enter(one)
        assert entered.already
        till.work()
        assert till.orders() == {"U1": [(SIMPLE, 1)]}

    def test_a_till_that_is_away_took_nothing(self, till: Till, clerk: Clerk) -> None:
        till.go_away()
        with pytest.raises(RetryableError):
            clerk.enter(order("U1", line(1, SIMPLE)))


class WholeTillContract(TillWriterContract):
    """What a till promises besides that has codes for VAT rates and takes later revisions."""

    def test_a_vat_rate_without_a_code_leaves_it_out_until_it_has_one(
        self, till: Till, clerk: Clerk
    ) -> None:
        strange = line(2, VARIANT).model_copy(update={"tax_rate": Decimal("8.5")})
        with pytest.raises(TaxRateUnknownError) as refused:
            clerk.enter(order("U1", line(1, SIMPLE), strange))
        assert refused.value.facts["rate"] == "8.5"
        till.work()
        assert till.orders() == {}
        known = strange.model_copy(update={"tax_rate": Decimal("5.50")})
        clerk.enter(order("U1", line(1, SIMPLE), known))
        assert till.orders() == {"U1": [(SIMPLE, 1), (VARIANT, 1)]}

    def test_a_later_revision_reaches_the_till(self, till: Till, clerk: Clerk) -> None:
        entered = clerk.enter(order("U1", line(1, SIMPLE, 2)))
        later = order("U1", line(1, SIMPLE), line(2, VARIANT, 3))
        for _ in range(2):
            clerk.change(later, entered.key)
            assert till.orders() == {"U1": [(SIMPLE, 1), (VARIANT, 3)]}

    def test_a_cancellation_reaches_the_till_as_such(self, till: Till, clerk: Clerk) -> None:
        first = order("U1", line(1, SIMPLE))
        entered = clerk.enter(first)
        clerk.enter(order("U2", line(1, SIMPLE)))
        assert till.cancelled() == set()
        over = OrderState(id=6, role="cancelled", name="Annulé")
        for _ in range(2):
            clerk.change(first.model_copy(update={"state": over}), entered.key)
            assert till.cancelled() == {"U1"}


class AskedTillContract(TillWriterContract):
    """What a till promises besides that can be asked and takes customers."""

    def test_a_till_says_what_it_holds(self, till: Till) -> None:
        assert not till.writer.holds_order("U1")
        till.writer.enter_order(order("U1", line(1, SIMPLE)))
        assert till.writer.holds_order("U1")
        assert not till.writer.holds_order("' OR 1=1 --")

    def test_an_order_that_is_refused_is_not_held(self, till: Till) -> None:
        with pytest.raises(RefusedItemError):
            till.writer.enter_order(order("U1", line(1, SIMPLE), line(2, "v:999")))
        assert not till.writer.holds_order("U1")

    def test_what_it_has_is_known_by_the_uid_alone(self, till: Till) -> None:
        entered = till.writer.enter_order(order("U1", line(1, SIMPLE)))
        mark = Mark("order", "0" * 64)
        found = till.writer.look("U1", mark, LATER)
        assert found is not None
        assert (found.key, found.already) == (entered.key, True)
        assert till.writer.look("U2", mark, LATER) is None

    def test_a_customer_is_there_once(self, till: Till) -> None:
        first = till.writer.enter_customer(customer(7))
        again = till.writer.enter_customer(customer(7))
        assert (first.already, again.already, again.key) == (False, True, first.key)
        till.writer.enter_customer(customer(8))
        assert sorted(till.customers()) == [7, 8]

    def test_a_till_that_is_away_answers_nothing(self, till: Till) -> None:
        till.go_away()
        for act in (
            lambda: till.writer.enter_customer(customer()),
            lambda: till.writer.holds_order("U1"),
        ):
            with pytest.raises(RetryableError):
                act()

    def test_nobody_looks_at_a_till_that_is_away(self, till: Till) -> None:
        till.go_away()
        with pytest.raises((RetryableError, OutcomeUnknownError)):
            till.writer.look("U1", Mark("order", "0" * 64), LATER)
