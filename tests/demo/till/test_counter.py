"""The acts of the shop, and the triggers that let web orders move the stock."""

import sqlite3
from collections.abc import Callable, Iterator
from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest

from demo.till import (
    build_small_till,
    cancel_web_order,
    change_price,
    change_variant_price,
    delete_promotion,
    discontinue,
    move_family,
    move_shelf,
    open_till,
    promote,
    receive_goods,
    rename_article,
    rename_family,
    rename_reference,
    sell,
    sellable_keys,
    set_web_order_state,
    ship_web_order,
    stock_of,
    switch_internet,
    web_orders,
    withdraw_promotion,
)
from demo.till.catalogue import Promotion
from demo.till.counter import NotInTillError, WebOrderLine

VARIANT, OTHER, SIMPLE = 100101, 100102, 1002
DAY = date(2026, 11, 24)


@pytest.fixture
def till(tmp_path: Path) -> Iterator[sqlite3.Connection]:
    built = build_small_till(tmp_path / "small.db", photos=0)
    with open_till(built.path) as connection:
        yield connection


def article(till: sqlite3.Connection, column: str, key: int = 1001) -> object:
    row = till.execute("SELECT * FROM ARTICLE WHERE ID_ART = ?", (key,))
    names = [description[0] for description in row.description]
    return dict(zip(names, row.fetchone(), strict=True))[column]


def write_order(
    till: sqlite3.Connection, *lines: tuple[int, int], state: str = "A PREPARER"
) -> int:
    """Write a web order as an intake would; lines are (sellable key, quantity)."""
    with till:
        customer = till.execute(
            "INSERT INTO CLIENT (NOM, PRENOM, MAIL, REF_WEB) VALUES "
            "('Lefèvre', 'Zoé', 'zoe@example.test', '17')"
        ).lastrowid
        order_id = till.execute(
            "INSERT INTO COMMANDE_WEB (REF_WEB, REF_CDE, ID_CLI, TOT_TTC, ETAT) VALUES (?,?,?,?,?)",
            ("shop-1/12/XKBKNABJK/20261124", "XKBKNABJK", customer, "99.80", state),
        ).lastrowid
        assert order_id is not None
        for number, (key, quantity) in enumerate(lines, 1):
            till.execute(
                "INSERT INTO LIGNE_COMMANDE_WEB "
                "(ID_CDE, NO_LIG, ID_ART, ID_DECL, LIB_LIG, QTE, PU_TTC) "
                "SELECT ?, ?, ID_ART, ID_DECL, 'Bottine', ?, '49.90' FROM VENDABLE WHERE CLE = ?",
                (order_id, number, quantity, key),
            )
    return order_id


def test_a_sale_lowers_one_figure_below_zero_if_need_be(till: sqlite3.Connection) -> None:
    before = {key: stock_of(till, key) for key in sellable_keys(till)}
    sell(till, VARIANT, before[VARIANT] + 1)
    sell(till, SIMPLE)
    after = {key: stock_of(till, key) for key in sellable_keys(till)}
    assert after == {**before, VARIANT: -1, SIMPLE: before[SIMPLE] - 1}


def test_goods_received_go_to_their_depot_and_add_up(till: sqlite3.Connection) -> None:
    before = stock_of(till, VARIANT)
    receive_goods(till, VARIANT, 5)
    receive_goods(till, VARIANT, 2, depot="MAG")
    receive_goods(till, SIMPLE, 3)
    assert stock_of(till, VARIANT) == before + 7
    assert stock_of(till, SIMPLE) == 13
    depots = till.execute(
        "SELECT COD_DEP, QTE FROM STOCK WHERE ID_DECL = ? ORDER BY 1", (VARIANT,)
    ).fetchall()
    assert depots == [("MAG", 5), ("RES", 6)]


def test_a_variant_without_stock_row_has_none_and_gets_one(till: sqlite3.Connection) -> None:
    with till:
        till.execute("DELETE FROM STOCK WHERE ID_DECL = ?", (VARIANT,))
    assert stock_of(till, VARIANT) == 0
    sell(till, VARIANT, 2)
    assert stock_of(till, VARIANT) == -2


def test_prices_are_written_with_a_comma(till: sqlite3.Connection) -> None:
    change_price(till, 1001, Decimal("79.90"))
    change_variant_price(till, VARIANT, Decimal("84.90"))
    assert article(till, "PX_TTC") == "79,90"
    own = "SELECT PX_TTC FROM DECLINAISON WHERE ID_DECL = ?"
    assert till.execute(own, (VARIANT,)).fetchone() == ("84,90",)
    change_variant_price(till, VARIANT, None)
    assert till.execute(own, (VARIANT,)).fetchone() == (None,)


def test_the_other_acts_change_their_own_column(till: sqlite3.Connection) -> None:
    switch_internet(till, 1001, on=False)
    rename_reference(till, 1001, "BOT-2027")
    rename_article(till, 1001, "Bottine Adèle d'hiver")
    move_family(till, 1001, "F06")
    discontinue(till, 1001, DAY)
    assert article(till, "INTERNET") == "N"
    assert article(till, "REF") == "BOT-2027"
    assert article(till, "LIB") == "Bottine Adèle d'hiver"
    assert article(till, "COD_FAM") == "F06"
    assert (article(till, "ARRETE"), article(till, "DAT_ARRET")) == ("O", "24/11/2026")
    switch_internet(till, 1001, on=True)
    assert article(till, "INTERNET") == "O"
    assert article(till, "LIB", 1003) != "Bottine Adèle d'hiver"


def test_online_keys_leave_out_unflagged_and_discontinued_articles(
    till: sqlite3.Connection,
) -> None:
    assert sellable_keys(till, online=True) == sellable_keys(till)
    switch_internet(till, 1001, on=False)
    discontinue(till, 1002, DAY)
    assert sellable_keys(till, online=True) == [1005, 100301, 100302, 100401, 100402]


@pytest.mark.parametrize(
    "act",
    [
        lambda till: sell(till, 1001),  # an article with variants is not sellable itself
        lambda till: sell(till, 777),
        lambda till: receive_goods(till, 777, 1),
        lambda till: stock_of(till, 777),
        lambda till: change_price(till, 777, Decimal(1)),
        lambda till: change_variant_price(till, 777, None),
        lambda till: move_family(till, 1001, "Z99"),
        lambda till: discontinue(till, 777, DAY),
        lambda till: cancel_web_order(till, 777),
        lambda till: ship_web_order(till, 777, carrier="La Poste", tracking="6A1", on=DAY),
    ],
)
def test_an_unknown_key_is_refused_and_nothing_changes(
    till: sqlite3.Connection, act: Callable[[sqlite3.Connection], object]
) -> None:
    before = list(till.iterdump())
    with pytest.raises(NotInTillError) as caught:
        act(till)
    assert caught.value.code == "E-DEMO-103"
    assert list(till.iterdump()) == before


def test_an_unknown_order_state_is_refused(till: sqlite3.Connection) -> None:
    order_id = write_order(till, (VARIANT, 1))
    with pytest.raises(NotInTillError):
        set_web_order_state(till, order_id, "PERDUE")
    assert web_orders(till)[0].state == "A PREPARER"


def test_opening_a_till_that_is_not_there_makes_none(tmp_path: Path) -> None:
    with pytest.raises(NotInTillError), open_till(tmp_path / "none.db"):
        pass
    assert list(tmp_path.iterdir()) == []


def test_a_web_order_takes_its_units_out_of_the_stock(till: sqlite3.Connection) -> None:
    before = {key: stock_of(till, key) for key in sellable_keys(till)}
    order_id = write_order(till, (VARIANT, 2), (SIMPLE, 1))
    after = {key: stock_of(till, key) for key in sellable_keys(till)}
    assert after == {**before, VARIANT: before[VARIANT] - 2, SIMPLE: before[SIMPLE] - 1}
    (order,) = web_orders(till)
    assert (order.order_id, order.reference, order.total) == (order_id, "XKBKNABJK", "99.80")
    assert (order.order_uid, order.customer_mail) == (
        "shop-1/12/XKBKNABJK/20261124",
        "zoe@example.test",
    )
    assert order.lines == (
        WebOrderLine(VARIANT, "Bottine", 2, "49.90"),
        WebOrderLine(SIMPLE, "Bottine", 1, "49.90"),
    )


def test_a_web_order_of_a_variant_without_stock_row_still_counts(
    till: sqlite3.Connection,
) -> None:
    with till:
        till.execute("DELETE FROM STOCK WHERE ID_DECL = ?", (VARIANT,))
    write_order(till, (VARIANT, 2))
    assert stock_of(till, VARIANT) == -2


def test_a_line_that_resolved_to_nothing_moves_nothing(till: sqlite3.Connection) -> None:
    before = {key: stock_of(till, key) for key in sellable_keys(till)}
    order_id = write_order(till)
    with till:
        till.execute(
            "INSERT INTO LIGNE_COMMANDE_WEB (ID_CDE, LIB_LIG, QTE) VALUES (?, 'Inconnu', 1)",
            (order_id,),
        )
    assert {key: stock_of(till, key) for key in sellable_keys(till)} == before
    assert web_orders(till)[0].lines == (WebOrderLine(None, "Inconnu", 1, ""),)


def test_a_changed_line_moves_the_difference(till: sqlite3.Connection) -> None:
    before = {key: stock_of(till, key) for key in (VARIANT, OTHER, SIMPLE)}
    order_id = write_order(till, (VARIANT, 2))
    with till:
        till.execute("UPDATE LIGNE_COMMANDE_WEB SET QTE = 5 WHERE ID_CDE = ?", (order_id,))
    assert stock_of(till, VARIANT) == before[VARIANT] - 5
    with till:
        till.execute("UPDATE LIGNE_COMMANDE_WEB SET ID_DECL = ?", (OTHER,))
    assert stock_of(till, VARIANT) == before[VARIANT]
    assert stock_of(till, OTHER) == before[OTHER] - 5
    with till:
        till.execute("UPDATE LIGNE_COMMANDE_WEB SET ID_ART = ?, ID_DECL = NULL", (SIMPLE,))
    assert stock_of(till, OTHER) == before[OTHER]
    assert stock_of(till, SIMPLE) == before[SIMPLE] - 5


def test_a_cancelled_order_gives_back_once_and_may_come_back(till: sqlite3.Connection) -> None:
    before = {key: stock_of(till, key) for key in sellable_keys(till)}
    order_id = write_order(till, (VARIANT, 1), (VARIANT, 1), (SIMPLE, 3))
    taken = {key: stock_of(till, key) for key in sellable_keys(till)}
    cancel_web_order(till, order_id)
    cancel_web_order(till, order_id)
    assert {key: stock_of(till, key) for key in sellable_keys(till)} == before
    set_web_order_state(till, order_id, "PREPAREE")
    set_web_order_state(till, order_id, "EXPEDIEE")
    assert {key: stock_of(till, key) for key in sellable_keys(till)} == taken


def test_lines_of_a_cancelled_order_move_nothing(till: sqlite3.Connection) -> None:
    before = stock_of(till, VARIANT)
    order_id = write_order(till, (VARIANT, 2), state="ANNULEE")
    assert stock_of(till, VARIANT) == before
    with till:
        till.execute("UPDATE LIGNE_COMMANDE_WEB SET QTE = 4")
        till.execute("DELETE FROM COMMANDE_WEB WHERE ID_CDE = ?", (order_id,))
    assert stock_of(till, VARIANT) == before
    assert web_orders(till) == ()


def test_a_deleted_order_gives_back_with_its_lines(till: sqlite3.Connection) -> None:
    before = {key: stock_of(till, key) for key in sellable_keys(till)}
    order_id = write_order(till, (VARIANT, 2), (SIMPLE, 1))
    with till:
        till.execute("DELETE FROM COMMANDE_WEB WHERE ID_CDE = ?", (order_id,))
    assert {key: stock_of(till, key) for key in sellable_keys(till)} == before
    assert till.execute("SELECT COUNT(*) FROM LIGNE_COMMANDE_WEB").fetchone() == (0,)


def test_a_rolled_back_order_leaves_nothing(till: sqlite3.Connection) -> None:
    before = list(till.iterdump())
    till.execute("INSERT INTO COMMANDE_WEB (REF_WEB) VALUES ('x')")
    till.execute(
        "INSERT INTO LIGNE_COMMANDE_WEB (ID_CDE, ID_ART, ID_DECL, QTE) VALUES (1, 1001, ?, 1)",
        (VARIANT,),
    )
    assert stock_of(till, VARIANT) == 3
    till.rollback()
    assert list(till.iterdump()) == before
    assert stock_of(till, VARIANT) == 4


def test_shipping_tells_the_parcels_and_moves_no_stock(till: sqlite3.Connection) -> None:
    order_id = write_order(till, (VARIANT, 2))
    taken = stock_of(till, VARIANT)
    ship_web_order(till, order_id, carrier="Colissimo", tracking="6A001", on=DAY)
    ship_web_order(till, order_id, carrier="Colissimo", tracking="6A002", on=DAY)
    (order,) = web_orders(till)
    assert (order.state, order.tracking) == ("EXPEDIEE", ("6A001", "6A002"))
    assert stock_of(till, VARIANT) == taken


def test_no_table_holds_a_receipt_or_a_payment(till: sqlite3.Connection) -> None:
    names = {
        column.lower()
        for (table,) in till.execute(
            "SELECT name FROM sqlite_master WHERE type = 'table'"
        ).fetchall()
        for _, column, *_ in till.execute(f"PRAGMA table_info({table})")
    }
    assert not {n for n in names if "regl" in n or "paie" in n or "ticket" in n}


def promotions(till: sqlite3.Connection) -> list[tuple[object, ...]]:
    return till.execute(
        "SELECT LIB_PROMO, COD_FAM, REMISE, DAT_DEB, DAT_FIN, ACTIVE FROM PROMO ORDER BY ID_PROMO"
    ).fetchall()


def test_a_promotion_begins_and_is_withdrawn_or_deleted(till: sqlite3.Connection) -> None:
    wanted = Promotion("Soldes", DAY, date(2026, 12, 31), family="F01", percent=Decimal("12.5"))
    key = promote(till, wanted)
    row = ("Soldes", "F01", "12,5", "24/11/2026", "31/12/2026")
    assert promotions(till) == [(*row, "O")]
    withdraw_promotion(till, key)
    assert promotions(till) == [(*row, "N")]
    delete_promotion(till, key)
    assert promotions(till) == []
    for act in (withdraw_promotion, delete_promotion):
        with pytest.raises(NotInTillError):
            act(till, key)


def test_a_family_moves_and_is_renamed(till: sqlite3.Connection) -> None:
    def family() -> tuple[object, ...]:
        sql = "SELECT COD_RAY, LIB_FAM, LIB_FAM_EN FROM FAMILLE WHERE COD_FAM = 'F01'"
        found: tuple[object, ...] = till.execute(sql).fetchone()
        return found

    move_shelf(till, "F01", "A")
    rename_family(till, "F01", "Bottes")
    assert family() == ("A", "Bottes", "Boots & ankle boots")
    with pytest.raises(NotInTillError):
        move_shelf(till, "F01", "Z")
    with pytest.raises(NotInTillError):
        rename_family(till, "Z99", "Rien")
    assert family()[0] == "A"
