"""What the till was told of the shop's customers: nobody is told twice of the same.

Rules: all happens inside the caller's transaction; kept is the hash of what was said, no content.

    if offer_customer(connection, customer):         # False: the till was told just this
        outbox.queue(connection, [customer])
    forget_customers(connection)                     # all are told again
"""

from sqlalchemy import Connection, delete, insert, select

from protocol.records import Customer, content_hash
from shop_agent.state import STATE


def offer_customer(connection: Connection, customer: Customer) -> bool:
    """Record that a customer goes to the till; return False when the till was told just this."""
    table, digest = STATE.web_customer, content_hash(customer)
    told = connection.execute(
        select(table.c.hash).where(table.c.shop_id == customer.shop_id)
    ).scalar_one_or_none()
    if told == digest:
        return False
    connection.execute(delete(table).where(table.c.shop_id == customer.shop_id))
    connection.execute(insert(table).values(shop_id=customer.shop_id, hash=digest))
    return True


def forget_customers(connection: Connection) -> None:
    """Forget what the till was told of customers: all are to be told again."""
    connection.execute(delete(STATE.web_customer))
