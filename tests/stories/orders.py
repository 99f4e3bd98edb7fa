"""The orders' story: what is bought lands in the till once, and stock agrees throughout.

Figures are (till, site) after every single run, by hand: the formula is not asked for them.
"""

import sqlite3
from decimal import Decimal
from uuid import uuid4

from demo.till import cancel_web_order, receive_goods, sell, web_orders
from tests.stories.play import Play
from tests.stories.shopper import CANCELLED, Buyer, Shopper
from tests.stories.story import Story

#: Sellables of the small till: a variant of its first article, and a simple one.
VARIANT, SIMPLE = 100101, 1002
_CENT = Decimal("0.01")


class OrdersStory(Story):
    """A small till; each test buys what the others do not."""

    def test_an_order_lands_in_the_till_once_and_stock_agrees_after_every_run(
        self, play: Play
    ) -> None:
        assert play.figures(VARIANT) == (4, 4)
        assert play.figures(SIMPLE) == (10, 10)
        buyer = _register(play, "Zoé", "Durand-Lefèvre")
        order = buyer.buy([_line(play, VARIANT, 2), _line(play, SIMPLE, 1)])
        assert (play.figures(VARIANT), play.figures(SIMPLE)) == ((4, 2), (10, 9))

        play.proxy.clear()
        play.stage.sync_shop()
        assert play.proxy.write_requests() == ()
        assert (play.figures(VARIANT), play.figures(SIMPLE)) == ((4, 2), (10, 9))

        done = play.both()
        assert (done.exported.orders.imported, done.writes) == (1, ())
        assert (play.figures(VARIANT), play.figures(SIMPLE)) == ((2, 2), (9, 9))
        _check_order(play, order, buyer)

        for full in (False, True, False):
            again = play.both(full=full)
            assert (again.exported.orders.imported, again.exported.orders.already) == (0, 0)
            assert again.writes == ()
        assert (play.figures(VARIANT), play.figures(SIMPLE)) == ((2, 2), (9, 9))
        _check_order(play, order, buyer)

        with play.till() as till:
            sell(till, VARIANT, 1)
            receive_goods(till, SIMPLE, 5)
        # The new figures contain the order already: it is not taken off a second time.
        assert len(play.both().writes) == 2
        assert (play.figures(VARIANT), play.figures(SIMPLE)) == ((1, 1), (14, 14))

    def test_the_till_sells_while_an_order_is_on_its_way(self, play: Play) -> None:
        key = 100102
        assert play.figures(key) == (5, 5)
        _register(play, "Paul", "Petit").buy([_line(play, key, 2)])
        with play.till() as till:
            sell(till, key, 1)
        # The till's 4 do not know of the order yet.
        play.stage.sync_till()
        play.stage.sync_shop()
        assert play.figures(key) == (4, 2)
        play.both()
        assert play.figures(key) == (2, 2)

    def test_a_cancelled_order_releases_its_stock_when_the_till_has_followed(
        self, play: Play
    ) -> None:
        key = 100103
        assert play.figures(key) == (6, 6)
        buyer = _register(play, "Nina", "Roux")
        order = buyer.buy([_line(play, key, 3)])
        play.stage.sync_shop()
        play.both()
        assert play.figures(key) == (3, 3)

        buyer.move(order, CANCELLED)
        assert play.figures(key) == (3, 6)  # PrestaShop gives back at once
        play.stage.sync_shop()
        assert play.figures(key) == (3, 3)
        waiting = play.both()
        assert waiting.exported.orders.waiting == 1
        assert play.figures(key) == (3, 3)

        with play.till() as till:
            [mine] = [one for one in web_orders(till) if one.customer_mail == buyer.email]
            cancel_web_order(till, mine.order_id)
        followed = play.both()
        assert followed.exported.orders.waiting == 0
        assert play.figures(key) == (6, 6)
        assert play.both(full=True).writes == ()

    def test_a_customer_who_never_ordered_arrives_once(self, play: Play) -> None:
        buyer = _register(play, "Élodie", "Martin")
        play.stage.sync_shop()
        assert play.both().exported.orders.customers == 1
        assert _clients(play, buyer) == [("Martin", "Élodie", buyer.email, "75011", "Paris")]
        assert play.both(full=True).exported.orders.customers == 0
        assert len(_clients(play, buyer)) == 1


def _register(play: Play, first_name: str, last_name: str) -> Buyer:
    # A shop may have seen this story before, and takes each address once.
    email = f"{uuid4().hex[:12]}@example.com"
    return Shopper(play.front).register(email, first_name, last_name)


def _line(play: Play, key: int, quantity: int) -> tuple[int, int, int]:
    product, combination, _ = play.place(key)
    return product, combination, quantity


def _check_order(play: Play, order: int, buyer: Buyer) -> None:
    """Compare the till's one order of this buyer with the shop's, to the cent."""
    shown = play.front.order(order)
    with play.till() as till:
        till.row_factory = sqlite3.Row
        [row] = till.execute(
            "SELECT O.*, C.MAIL, C.NOM, C.PRENOM, C.ADR1, C.CP, C.VILLE, C.PAYS, C.TEL "
            "FROM COMMANDE_WEB O JOIN CLIENT C ON C.ID_CLI = O.ID_CLI WHERE C.REF_WEB = ?",
            (str(buyer.id),),
        ).fetchall()
        lines = till.execute(
            "SELECT COALESCE(ID_DECL, ID_ART) AS CLE, QTE, PU_TTC, TX_TVA, TOT_TTC "
            "FROM LIGNE_COMMANDE_WEB WHERE ID_CDE = ? ORDER BY NO_LIG",
            (row["ID_CDE"],),
        ).fetchall()
        articles = play.expected()
    assert row["REF_CDE"] == shown.reference
    assert row["ETAT"] == "A PREPARER"
    assert (row["PRENOM"], row["NOM"]) == ("Zoé", "Durand-Lefèvre")
    assert (row["MAIL"], row["TEL"]) == (buyer.email, "0102030405")
    assert (row["ADR1"], row["CP"], row["VILLE"]) == ("12 rue des Lilas", "75011", "Paris")
    assert (row["LIV_NOM"], row["LIV_CP"], row["LIV_PAYS"]) == ("Zoé Durand-Lefèvre", "75011", "FR")
    assert row["TRANSP"] == shown.carrier

    unit, simple = articles[1001].price, articles[1002].price
    assert [(line["CLE"], line["QTE"]) for line in lines] == [(VARIANT, 2), (SIMPLE, 1)]
    assert [_money(line["PU_TTC"]) for line in lines] == [unit, simple]
    assert [_money(line["TOT_TTC"]) for line in lines] == [2 * unit, simple]
    rates = [articles[1001].rate, articles[1002].rate]
    assert [Decimal(line["TX_TVA"].replace(",", ".")) for line in lines] == rates
    assert _money(row["PORT_TTC"]) == shown.shipping == Decimal("8.40")
    assert _money(row["TOT_TTC"]) == shown.paid == 2 * unit + simple + shown.shipping
    assert _money(row["TOT_HT"]) == shown.paid_without_tax
    assert _money(row["REMISE_TTC"]) == 0


def _clients(play: Play, buyer: Buyer) -> list[tuple[str, ...]]:
    with play.till() as till:
        return till.execute(
            "SELECT NOM, PRENOM, MAIL, CP, VILLE FROM CLIENT WHERE REF_WEB = ?", (str(buyer.id),)
        ).fetchall()


def _money(text: str) -> Decimal:
    amount = Decimal(text.replace(",", "."))
    assert amount == amount.quantize(_CENT), text
    return amount
