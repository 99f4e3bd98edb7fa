"""The story of all kinds of orders: each enters the till when it should, with the shop's own sums.

What the shop holds and what the till holds are read from their own databases, and compared to the
cent; the code under test is asked for nothing.

    class TestOrderKinds(OrderKindsStory): ...      # in a suite that has a `front`
"""

import sqlite3
from collections.abc import Sequence
from contextlib import closing
from datetime import datetime, timedelta
from decimal import Decimal
from pathlib import Path
from uuid import uuid4
from zoneinfo import ZoneInfo

from demo.till import build_small_till
from tests.stories.office import (
    Sale,
    call_it_free,
    edit_first_line,
    refund_line,
    sale_of,
    secrets_of,
    state_of,
    wait_for_payment,
)
from tests.stories.play import Play
from tests.stories.shopper import Buyer, Shopper
from tests.stories.story import Story

#: Four variants at 20 %; simple at 20 %; two variants at 20 %; simple at 5.5 %; a pack.
SHOE, SIMPLE, BOOT, BOOK, PACK = 100101, 1002, 100301, 1005, 1006
_MORE = """
UPDATE ARTICLE SET COD_TVA = 2, PX_TTC = '19,90', QTE_STK = 40 WHERE ID_ART = 1005;
UPDATE ARTICLE SET QTE_STK = 40 WHERE ID_ART = 1002;
UPDATE STOCK SET QTE = 40;
INSERT INTO ARTICLE (ID_ART, REF, LIB, COD_FAM, COD_TVA, PX_TTC, QTE_STK, POIDS, INTERNET, NATURE)
  VALUES (1006, 'L01-1006', 'Coffret d''hiver', 'L01', 1, '99,00', 5, '1,000', 'O', 'L');
INSERT INTO LOT (ID_ART, ID_ART_ELT, ID_DECL_ELT, QTE)
  VALUES (1006, 1002, NULL, 2), (1006, NULL, 100301, 1);
"""


class OrderKindsStory(Story):
    """A small till with two VAT rates and a pack."""

    @classmethod
    def make_till(cls, path: Path) -> None:
        build_small_till(path, articles=5, photos=0)
        with closing(sqlite3.connect(path)) as till, till:
            till.executescript(_MORE)

    def test_a_voucher_and_a_free_carriage(self, play: Play) -> None:
        shopper = Shopper(play.front)
        buyer = _register(play, "Zoé", "Durand")
        off = shopper.voucher("Bienvenue", Decimal(5))
        free = shopper.voucher("Port offert", Decimal(0), free_shipping=True)
        first = buyer.buy([_line(play, SHOE, 1)], vouchers=[off])
        second = buyer.buy([_line(play, SIMPLE, 2)], vouchers=[free])
        sales = _bring_home(play, first, second)
        assert sales[0].discounts == 5
        assert sales[1].discounts == sales[1].shipping == Decimal("8.40")
        assert sales[1].paid == sales[1].lines[0].total

    def test_two_rates_a_combination_and_a_pack(self, play: Play) -> None:
        buyer = _register(play, "Paul", "Petit")
        lines = [_line(play, SHOE, 1), _line(play, BOOK, 3), _line(play, SIMPLE, 1)]
        mixed = buyer.buy(lines)
        packed = buyer.buy([_line(play, PACK, 1)])
        sales = _bring_home(play, mixed, packed)
        assert sorted(_rates(play, mixed)) == [Decimal("5.5"), Decimal(20), Decimal(20)]
        assert [line.total for line in sales[1].lines] == [Decimal(99)]

    def test_a_free_order(self, play: Play) -> None:
        buyer = _register(play, "Lise", "Blanc")
        gift = Shopper(play.front).voucher("Cadeau", Decimal(9999), free_shipping=True)
        order = buyer.buy([_line(play, SIMPLE, 1)], vouchers=[gift])
        call_it_free(play.front, order)
        [sale] = _bring_home(play, order)
        assert {sale.paid, sale.paid_really, sale.paid_without_tax} == {Decimal(0)}
        assert sale.discounts == sale.lines[0].total + sale.shipping

    def test_a_guest_and_an_account_with_one_email_are_one_customer(self, play: Play) -> None:
        email = _email()
        guest = Shopper(play.front).register(email, "Nina", "Roux", guest=True)
        first = guest.buy([_line(play, SIMPLE, 1)])
        [_] = _bring_home(play, first)
        # PrestaShop takes an account that has a guest's e-mail.
        account = Shopper(play.front).register(email, "Nina", "Roux")
        second = account.buy([_line(play, SIMPLE, 2)])
        [_] = _bring_home(play, second)
        with play.till() as till:
            found = till.execute("SELECT NOM FROM CLIENT WHERE MAIL = ?", (email,)).fetchall()
        assert found == [("Roux",)]
        assert guest.id != account.id

    def test_one_that_is_paid_a_day_later_waits_and_keeps_its_stock(self, play: Play) -> None:
        buyer = _register(play, "Marc", "Noir")
        before = play.figures(BOOT)
        order = buyer.buy([_line(play, BOOT, 2)])
        yesterday = _shop_time(play) - timedelta(days=1)
        wait_for_payment(play.front, order, _stamp(yesterday))
        play.stage.sync_shop()
        done = play.both()
        assert done.exported.orders.imported == 0
        assert _in_till(play, order) is None
        assert play.figures(BOOT) == (before[0], before[1] - 2)

        buyer.move(order, state_of(play.front, "PS_OS_PAYMENT"))
        [sale] = _bring_home(play, order)
        assert sale.paid_really == sale.paid
        assert play.figures(BOOT) == (before[0] - 2, before[1] - 2)

    def test_one_cancelled_before_the_till_has_it_never_enters(self, play: Play) -> None:
        buyer = _register(play, "Ida", "Vert")
        before = play.figures(SHOE)
        order = buyer.buy([_line(play, SHOE, 3)])
        buyer.move(order, state_of(play.front, "PS_OS_CANCELED"))
        for _ in range(2):
            play.stage.sync_shop()
            assert play.both().exported.orders.imported == 0
        assert _in_till(play, order) is None
        assert play.figures(SHOE) == before

    def test_one_refunded_before_shipping_and_one_after(self, play: Play) -> None:
        buyer = _register(play, "Luc", "Gris")
        early = buyer.buy([_line(play, SIMPLE, 2)])
        late = buyer.buy([_line(play, SIMPLE, 1)])
        _bring_home(play, early, late)

        refund_line(play.front, early, buyer.id, 2)
        buyer.move(early, state_of(play.front, "PS_OS_REFUND"))
        for setting in ("PS_OS_PREPARATION", "PS_OS_SHIPPING", "PS_OS_DELIVERED"):
            buyer.move(late, state_of(play.front, setting))
        refund_line(play.front, late, buyer.id, 1)
        buyer.move(late, state_of(play.front, "PS_OS_REFUND"))
        for _ in range(2):
            play.stage.sync_shop()
            assert play.both().exported.orders.imported == 0
        for order in (early, late):  # what entered stays as it was sold
            assert _in_till(play, order) == _as_till(sale_of(play.front, order))

    def test_one_edited_after_the_import_is_told_again(self, play: Play) -> None:
        buyer = _register(play, "Eve", "Brun")
        before = play.figures(SIMPLE)
        order = buyer.buy([_line(play, SIMPLE, 1)])
        [sale] = _bring_home(play, order)
        edit_first_line(play.front, order, 3, _stamp(_shop_time(play) + timedelta(seconds=2)))
        edited = sale_of(play.front, order)
        assert edited.paid == sale.paid + 2 * sale.lines[0].unit
        assert play.stage.sync_shop().orders == 1
        play.both()
        # The till has one; the site keeps the two that the edit added.
        assert play.figures(SIMPLE)[1] == before[1] - 3

    def test_nobody_s_secrets_leave_the_shop(self, play: Play) -> None:
        buyer = _register(play, "Canari", "Secret")
        order = buyer.buy([_line(play, SIMPLE, 1)])
        secrets = [one.encode() for one in secrets_of(play.front, buyer.id)]
        assert len(secrets) == 2
        _bring_home(play, order)
        kept = [one for one in play.stage.folder.rglob("*") if one.is_file()]
        assert any(b"Canari" in one.read_bytes() for one in kept)  # it would be seen
        assert [one.name for one in kept if any(x in one.read_bytes() for x in secrets)] == []


# --- acts ------------------------------------------------------------------------------------


def _bring_home(play: Play, *orders: int) -> list[Sale]:
    """Run until these orders are in the till; each must be there as the shop holds it, once."""
    play.stage.sync_shop()
    done = play.both()
    assert done.exported.orders.imported == len(orders)
    sales = [sale_of(play.front, order) for order in orders]
    for order, sale in zip(orders, sales, strict=True):
        assert _in_till(play, order) == _as_till(sale)
    assert play.both().exported.orders.imported == 0
    return sales


def _register(play: Play, first_name: str, last_name: str) -> Buyer:
    return Shopper(play.front).register(_email(), first_name, last_name)


def _email() -> str:
    return f"{uuid4().hex[:12]}@example.com"


def _line(play: Play, key: int, quantity: int) -> tuple[int, int, int]:
    product, combination, _ = play.place(key)
    return product, combination, quantity


def _shop_time(play: Play) -> datetime:
    """Return what the shop's clock shows."""
    sql = "SELECT value FROM {configurations} WHERE name = 'PS_TIMEZONE' LIMIT 1"
    [row] = play.front.look(sql.format(**play.front.names()))
    return datetime.now(ZoneInfo(str(row["value"])))


def _stamp(moment: datetime) -> str:
    return moment.strftime("%Y-%m-%d %H:%M:%S")


# --- what the till holds ---------------------------------------------------------------------

#: Total with and without tax, carriage, discounts, and per line: units, unit price, total.
_Held = tuple[Decimal, Decimal, Decimal, Decimal, Sequence[tuple[int, Decimal, Decimal]]]


def _as_till(sale: Sale) -> _Held:
    lines = [(line.quantity, line.unit, line.total) for line in sale.lines]
    return sale.paid, sale.paid_without_tax, sale.shipping, sale.discounts, lines


def _in_till(play: Play, order: int) -> _Held | None:
    """Return an order as the till holds it; None where it has none; there must not be two."""
    with play.till() as till:
        rows = till.execute(
            "SELECT ID_CDE, TOT_TTC, TOT_HT, PORT_TTC, REMISE_TTC FROM COMMANDE_WEB "
            "WHERE REF_WEB LIKE '%/' || ? || '/%' AND REF_CDE = ?",
            (order, sale_of(play.front, order).reference),
        ).fetchall()
        assert len(rows) <= 1
        if not rows:
            return None
        number, *sums = rows[0]
        lines = till.execute(
            "SELECT QTE, PU_TTC, TOT_TTC FROM LIGNE_COMMANDE_WEB WHERE ID_CDE = ? ORDER BY NO_LIG",
            (number,),
        ).fetchall()
    paid, without_tax, shipping, discounts = (_amount(one) for one in sums)
    held = [(quantity, _amount(unit), _amount(total)) for quantity, unit, total in lines]
    return paid, without_tax, shipping, discounts, held


def _rates(play: Play, order: int) -> list[Decimal]:
    with play.till() as till:
        rows = till.execute(
            "SELECT L.TX_TVA FROM LIGNE_COMMANDE_WEB L JOIN COMMANDE_WEB C ON C.ID_CDE = L.ID_CDE "
            "WHERE C.REF_CDE = ? ORDER BY L.NO_LIG",
            (sale_of(play.front, order).reference,),
        ).fetchall()
    return [Decimal(rate.replace(",", ".")) for (rate,) in rows]


def _amount(text: str) -> Decimal:
    return Decimal(text.replace(",", ".")).quantize(Decimal("0.01"))
