"""What a person is told of the orders that the till has lost; `orders_lost` finds them.

[order.reference for order in lost_orders(connection)]     # the oldest first
lost_problem(orders)                                       # None: none is lost
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, select

from pos_exporter.state import STATE
from protocol.errors import NeedsPersonError, Problem, Text

_NAMED = 5
_ORDER = STATE.web_order.c


class OrdersLostError(NeedsPersonError):
    """The till lost web orders: it was restored from a backup, or somebody deleted them."""

    code = "E-POS-056"
    what = Text(
        "La caisse a perdu {count} commande(s) du site ({references})",
        "The till has lost {count} order(s) of the site ({references})",
    )
    remedy = Text(
        "Sur la page, « Commandes », « Les remettre en caisse » (ou « pos-exporter orders "
        "reimport ») ; une commande supprimée exprès : « ne pas l'entrer »",
        "On the page, « Orders », « Put them into the till again » (or « pos-exporter orders "
        "reimport »); an order deleted on purpose: « leave it out »",
    )


@dataclass(frozen=True)
class LostOrder:
    """One order that the till has no more; since is UTC."""

    uid: str
    reference: str
    total: str
    since: datetime


def lost_orders(connection: Connection) -> tuple[LostOrder, ...]:
    """Return the orders that the till has lost, the oldest first."""
    rows = connection.execute(
        select(STATE.web_order).where(_ORDER.lost.is_not(None)).order_by(_ORDER.shop_id)
    )
    return tuple(
        LostOrder(row.uid, row.reference, row.total, datetime.fromisoformat(row.lost))
        for row in rows
    )


def lost_error(orders: Sequence[LostOrder]) -> OrdersLostError | None:
    """Return what is to be said of lost orders, None when there are none."""
    if not orders:
        return None
    named = ", ".join(order.reference for order in orders[:_NAMED])
    more = "…" if len(orders) > _NAMED else ""
    return OrdersLostError(count=len(orders), references=f"{named}{more}")


def lost_problem(orders: Sequence[LostOrder]) -> Problem | None:
    """Return the same as a problem."""
    error = lost_error(orders)
    return error.problem() if error is not None else None
