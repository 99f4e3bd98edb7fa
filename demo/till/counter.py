"""What happens at the counter: small acts on the till, each in its own transaction.

The promise: an act either changes exactly what it says or raises, and writes nothing else. A
sellable thing is known by its one key (`VENDABLE.CLE`: a variant's, or a simple article's). Acts
that sell only lower the stock: receipts and payments are not this till's tables.

    with open_till(path) as till:
        sell(till, 100103, 1)
        stock_of(till, 100103)              # 4
        change_price(till, 1001, Decimal("79.90"))
        [order.order_uid for order in web_orders(till)]
"""

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from pathlib import Path

from demo.till.catalogue import Promotion, comma, french_day
from demo.till.schema import add_promotion
from protocol.errors import RefusedItemError, Text

WEB_ORDER_STATES = ("A PREPARER", "PREPAREE", "EXPEDIEE", "LIVREE", "ANNULEE")


class NotInTillError(RefusedItemError):
    """An act named an article, a variant, a family or an order that the till does not have."""

    code = "E-DEMO-103"
    what = Text("Inconnu dans la caisse", "Not in the till")
    remedy = Text("Vérifier la clé", "Check the key")


@dataclass(frozen=True)
class WebOrderLine:
    """One line of a web order; key is the sellable's, None where it resolved to nothing."""

    key: int | None
    label: str
    quantity: int
    unit_price: str


@dataclass(frozen=True)
class WebOrder:
    """A web order as the till holds it; amounts as its intake wrote them."""

    order_id: int
    order_uid: str
    reference: str
    customer_mail: str
    total: str
    state: str
    lines: tuple[WebOrderLine, ...]
    tracking: tuple[str, ...]


@contextmanager
def open_till(path: Path) -> Iterator[sqlite3.Connection]:
    """Open an existing till and close it afterwards; waits five seconds for another's write.

    Raises:
        NotInTillError: When there is no file: a till is built, never made by opening it.
    """
    if not path.exists():
        raise NotInTillError(place=path)
    connection = sqlite3.connect(path, timeout=5)
    try:
        yield connection
    finally:
        connection.close()


def sellable_keys(till: sqlite3.Connection, *, online: bool = False) -> list[int]:
    """Return the keys of all sellable things, in order.

    Args:
        till: The till.
        online: Only of flagged, live articles that a site can sell: gift cards stay in the shop.
    """
    rows = till.execute(
        "SELECT V.CLE FROM VENDABLE V JOIN ARTICLE A ON A.ID_ART = V.ID_ART "
        "WHERE ? = 0 OR (A.INTERNET = 'O' AND A.ARRETE = 'N' AND A.NATURE <> 'C') "
        "ORDER BY V.CLE",
        (online,),
    )
    return [key for (key,) in rows]


def stock_of(till: sqlite3.Connection, key: int) -> int:
    """Return the till's own figure, signed: all depots, web orders' units already taken out."""
    row = till.execute(
        "SELECT CASE WHEN V.ID_DECL IS NULL THEN A.QTE_STK ELSE COALESCE("
        "(SELECT SUM(S.QTE) FROM STOCK S WHERE S.ID_DECL = V.ID_DECL), 0) END "
        "FROM VENDABLE V JOIN ARTICLE A ON A.ID_ART = V.ID_ART WHERE V.CLE = ?",
        (key,),
    ).fetchone()
    if row is None:
        raise NotInTillError(place="VENDABLE.CLE", value=key)
    return int(row[0])


def sell(till: sqlite3.Connection, key: int, quantity: int = 1) -> None:
    """Take units out of the shop's stock, below zero if need be; a negative quantity is a return.

    Raises:
        NotInTillError: When nothing sellable has this key.
    """
    _move_stock(till, key, -quantity, depot="MAG")


def receive_goods(till: sqlite3.Connection, key: int, quantity: int, *, depot: str = "RES") -> None:
    """Add units to a depot (`MAG` or `RES`; a simple article has one stock only).

    Raises:
        NotInTillError: When nothing sellable has this key.
    """
    _move_stock(till, key, quantity, depot=depot)


def change_price(till: sqlite3.Connection, article_id: int, price: Decimal) -> None:
    """Set an article's price, tax included."""
    _change(till, "UPDATE ARTICLE SET PX_TTC = ? WHERE ID_ART = ?", comma(price), article_id)


def change_variant_price(till: sqlite3.Connection, variant_id: int, price: Decimal | None) -> None:
    """Set a variant's own price, tax included; None: the article's again."""
    text = None if price is None else comma(price)
    _change(till, "UPDATE DECLINAISON SET PX_TTC = ? WHERE ID_DECL = ?", text, variant_id)


def switch_internet(till: sqlite3.Connection, article_id: int, *, on: bool) -> None:
    """Flag an article for the site, or take the flag away."""
    flag = "O" if on else "N"
    _change(till, "UPDATE ARTICLE SET INTERNET = ? WHERE ID_ART = ?", flag, article_id)


def rename_reference(till: sqlite3.Connection, article_id: int, reference: str) -> None:
    """Give an article another reference; its key stays."""
    _change(till, "UPDATE ARTICLE SET REF = ? WHERE ID_ART = ?", reference, article_id)


def rename_article(till: sqlite3.Connection, article_id: int, name: str) -> None:
    """Give an article another French name."""
    _change(till, "UPDATE ARTICLE SET LIB = ? WHERE ID_ART = ?", name, article_id)


def move_family(till: sqlite3.Connection, article_id: int, family: str) -> None:
    """Put an article in another family.

    Raises:
        NotInTillError: When there is no such family or article.
    """
    if till.execute("SELECT 1 FROM FAMILLE WHERE COD_FAM = ?", (family,)).fetchone() is None:
        raise NotInTillError(place="FAMILLE.COD_FAM", value=family)
    _change(till, "UPDATE ARTICLE SET COD_FAM = ? WHERE ID_ART = ?", family, article_id)


def move_shelf(till: sqlite3.Connection, family: str, rayon: str) -> None:
    """Hang a whole family under another rayon.

    Raises:
        NotInTillError: When there is no such rayon or family.
    """
    if till.execute("SELECT 1 FROM RAYON WHERE COD_RAY = ?", (rayon,)).fetchone() is None:
        raise NotInTillError(place="RAYON.COD_RAY", value=rayon)
    _change(till, "UPDATE FAMILLE SET COD_RAY = ? WHERE COD_FAM = ?", rayon, family)


def rename_family(till: sqlite3.Connection, family: str, name: str) -> None:
    """Give a family another French name."""
    _change(till, "UPDATE FAMILLE SET LIB_FAM = ? WHERE COD_FAM = ?", name, family)


def promote(till: sqlite3.Connection, promotion: Promotion) -> int:
    """Enter a promotion and return its key."""
    with till:
        return add_promotion(till, promotion)


def withdraw_promotion(till: sqlite3.Connection, promotion_id: int) -> None:
    """Switch a promotion off, whatever its dates; the row stays in the till."""
    _change(till, "UPDATE PROMO SET ACTIVE = ? WHERE ID_PROMO = ?", "N", promotion_id)


def delete_promotion(till: sqlite3.Connection, promotion_id: int) -> None:
    """Delete a promotion's row."""
    with till:
        sql = "DELETE FROM PROMO WHERE ID_PROMO = ?"
        if till.execute(sql, (promotion_id,)).rowcount != 1:
            raise NotInTillError(place="PROMO.ID_PROMO", value=promotion_id)


def discontinue(till: sqlite3.Connection, article_id: int, on: date) -> None:
    """Stop an article from a day on; its stock stays in the till."""
    _change(
        till,
        "UPDATE ARTICLE SET ARRETE = 'O', DAT_ARRET = ? WHERE ID_ART = ?",
        french_day(on),
        article_id,
    )


def web_orders(till: sqlite3.Connection) -> tuple[WebOrder, ...]:
    """Return the web orders that the till holds, oldest first."""
    rows = till.execute(
        "SELECT O.ID_CDE, O.REF_WEB, COALESCE(O.REF_CDE, ''), COALESCE(C.MAIL, ''), "
        "COALESCE(O.TOT_TTC, ''), O.ETAT FROM COMMANDE_WEB O "
        "LEFT JOIN CLIENT C ON C.ID_CLI = O.ID_CLI ORDER BY O.ID_CDE"
    ).fetchall()
    return tuple(
        WebOrder(
            order_id=order_id,
            order_uid=uid,
            reference=reference,
            customer_mail=mail,
            total=str(total),
            state=state,
            lines=_lines(till, order_id),
            tracking=_tracking(till, order_id),
        )
        for order_id, uid, reference, mail, total, state in rows
    )


def set_web_order_state(till: sqlite3.Connection, order_id: int, state: str) -> None:
    """Set a web order's state, one of `WEB_ORDER_STATES`; `ANNULEE` gives its units back.

    Raises:
        NotInTillError: When there is no such state or order.
    """
    if state not in WEB_ORDER_STATES:
        raise NotInTillError(place="COMMANDE_WEB.ETAT", value=state)
    _change(till, "UPDATE COMMANDE_WEB SET ETAT = ? WHERE ID_CDE = ?", state, order_id)


def cancel_web_order(till: sqlite3.Connection, order_id: int) -> None:
    """Cancel a web order at the till: its units are in stock again."""
    set_web_order_state(till, order_id, "ANNULEE")


def ship_web_order(
    till: sqlite3.Connection, order_id: int, *, carrier: str, tracking: str, on: date
) -> None:
    """Send one parcel of a web order, and set the order to `EXPEDIEE`.

    Raises:
        NotInTillError: When there is no such order.
    """
    with till:
        set_ = "UPDATE COMMANDE_WEB SET ETAT = 'EXPEDIEE' WHERE ID_CDE = ?"
        if till.execute(set_, (order_id,)).rowcount != 1:
            raise NotInTillError(place="COMMANDE_WEB.ID_CDE", value=order_id)
        till.execute(
            "INSERT INTO EXPEDITION (ID_CDE, TRANSP, NO_SUIVI, DAT_EXP) VALUES (?,?,?,?)",
            (order_id, carrier, tracking, french_day(on)),
        )


def _lines(till: sqlite3.Connection, order_id: int) -> tuple[WebOrderLine, ...]:
    rows = till.execute(
        "SELECT COALESCE(ID_DECL, ID_ART), COALESCE(LIB_LIG, ''), QTE, COALESCE(PU_TTC, '') "
        "FROM LIGNE_COMMANDE_WEB WHERE ID_CDE = ? ORDER BY NO_LIG, ID_LIG",
        (order_id,),
    )
    return tuple(WebOrderLine(key, label, units, str(price)) for key, label, units, price in rows)


def _tracking(till: sqlite3.Connection, order_id: int) -> tuple[str, ...]:
    rows = till.execute("SELECT NO_SUIVI FROM EXPEDITION WHERE ID_CDE = ? ORDER BY 1", (order_id,))
    return tuple(number for (number,) in rows)


def _move_stock(till: sqlite3.Connection, key: int, units: int, *, depot: str) -> None:
    row = till.execute("SELECT ID_ART, ID_DECL FROM VENDABLE WHERE CLE = ?", (key,)).fetchone()
    if row is None:
        raise NotInTillError(place="VENDABLE.CLE", value=key)
    article_id, variant_id = row
    with till:
        if variant_id is None:
            till.execute(
                "UPDATE ARTICLE SET QTE_STK = QTE_STK + ? WHERE ID_ART = ?", (units, article_id)
            )
        else:
            till.execute(
                "INSERT INTO STOCK (ID_DECL, COD_DEP, QTE) VALUES (?,?,?) "
                "ON CONFLICT (ID_DECL, COD_DEP) DO UPDATE SET QTE = QTE + excluded.QTE",
                (variant_id, depot, units),
            )


def _change(till: sqlite3.Connection, sql: str, value: str | None, key: int | str) -> None:
    """Run one UPDATE of (value, key), which must meet exactly one row."""
    with till:
        if till.execute(sql, (value, key)).rowcount != 1:
            raise NotInTillError(place=sql.split()[1], value=key)
