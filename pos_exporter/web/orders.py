"""The orders' pages: one order whole, the picking list, a person's answers, and what was lost.

What is in an order is opened only for the answer that shows it, and no answer is kept by a browser
(`gate.py`). Everything here is decided elsewhere; a form writes a person's word down and begins a
pass.

    add_order_pages(app, OrdersRoom(engine, keys, clock, start_sync), page)
"""

from collections.abc import Callable
from contextlib import AbstractContextManager
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from flask import Flask, abort, redirect, request, url_for
from sqlalchemy import Connection, Engine
from werkzeug.wrappers import Response

from pos_exporter.orders_answers import WORDS, UnknownOrderError, Word, answer_order
from pos_exporter.orders_lost import enter_lost
from pos_exporter.orders_opened import OpenedOrder, find_opened, to_pick
from pos_exporter.picking import address_lines, picking
from pos_exporter.shelves import places
from protocol.keys import Keys
from protocol.program.state_errors import state_errors
from protocol.records import Order


class Page(Protocol):
    """Renders one of the page's templates with what all of them show."""

    def __call__(self, name: str, /, **more: object) -> str:
        """Return the page."""
        ...


@dataclass(frozen=True)
class OrdersRoom:
    """What the orders' pages are connected to.

    Args:
        engine: The exporter's state.
        keys: Open the orders; None before the pairing: nothing came yet.
        clock: UTC now.
        start_sync: Begins a pass in the background; whether it began.
    """

    engine: Engine
    keys: Keys | None
    clock: Callable[[], datetime]
    start_sync: Callable[[], bool]

    def find(self, uid: str) -> OpenedOrder | None:
        """Return one order with what is in it, None when there is none."""
        if self.keys is None:
            return None
        with self._named(), self.engine.connect() as connection:
            return find_opened(connection, self.keys, uid)

    def open_orders(self) -> tuple[tuple[Order, ...], dict[str, str]]:
        """Return the orders to be picked, and where their goods stand."""
        if self.keys is None:
            return (), {}
        with self._named(), self.engine.connect() as connection:
            orders = to_pick(connection, self.keys)
            keys = {line.stock_key for order in orders for line in order.lines if line.stock_key}
            return orders, places(connection, keys)

    def act(self, change: Callable[[Connection], object]) -> None:
        """Write a person's word down and begin a pass."""
        with self._named(), self.engine.begin() as connection:
            change(connection)
        self.start_sync()

    def _named(self) -> AbstractContextManager[None]:
        return state_errors(self.engine.url.render_as_string(hide_password=True))


def add_order_pages(app: Flask, room: OrdersRoom, page: Page) -> None:
    """Add the pages and forms."""

    @app.get("/orders/order")
    def order() -> str:
        found = room.find(request.args.get("uid", ""))
        if found is None:
            abort(404)
        return page("order", found=found, address_lines=address_lines)

    @app.get("/orders/picking")
    def picking_list() -> str:
        orders, shelves = room.open_orders()
        return page(
            "picking", picks=picking(orders, shelves), orders=orders, address_lines=address_lines
        )

    @app.post("/orders/answer")
    def answer_order_form() -> Response:
        form = request.form
        uid, asked, seen = form.get("uid", ""), form.get("word", ""), form.get("seen", "")
        word = next((one for one in WORDS if one == asked), None)
        if word is None:
            raise UnknownOrderError(value=uid)
        said: Word = word
        room.act(lambda connection: answer_order(connection, uid, said, room.clock(), seen=seen))
        return _to_orders("order_answered")

    @app.post("/orders/reimport")
    def reimport() -> Response:
        room.act(enter_lost)
        return _to_orders("reimport")


def _to_orders(done: str) -> Response:
    return redirect(url_for("orders", done=done), code=303)
