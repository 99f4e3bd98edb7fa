"""What a customer wrote in a cart: it becomes the order's, and opens a conversation.

A note that is private to the shop stays with the cart.

    take_message(core, order=12, cart=7)
"""

from demo.prestashop.core import THIS_SHOP, Core
from demo.prestashop.record import Record
from demo.prestashop.tables import RESOURCES

_SIGNS = "abcdefghijkmnopqrstuvwxyz0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ"
_FIRST = "SELECT id, message, private FROM messages WHERE id_cart = ? ORDER BY id LIMIT 1"
_OWNER = (
    "SELECT orders.id_customer, orders.id_lang, customers.email FROM orders"
    " JOIN customers ON customers.id = orders.id_customer WHERE orders.id = ?"
)


def take_message(core: Core, order: int, cart: int) -> None:
    """Give an order the message that its cart has, in a conversation of its own too."""
    found = core.database.rows(_FIRST, cart)
    owners = core.database.rows(_OWNER, order)
    if not found or not owners or found[0]["private"] == "1":
        return
    core.database.run("UPDATE messages SET id_order = ? WHERE id = ?", order, found[0]["id"])
    thread = Record(RESOURCES["customer_threads"])
    thread.values |= {
        **owners[0],
        "id_shop": str(THIS_SHOP),
        "id_order": str(order),
        "id_contact": "0",
        "token": "".join(core.chance.choices(_SIGNS, k=12)),
        "status": "open",
        "date_add": core.now(),
        "date_upd": core.now(),
    }
    said = Record(RESOURCES["customer_messages"])
    said.values |= {
        "id_customer_thread": str(core.database.insert(thread)),
        "message": found[0]["message"],
        "private": "1",
        "date_add": core.now(),
        "date_upd": core.now(),
    }
    core.database.insert(said)
