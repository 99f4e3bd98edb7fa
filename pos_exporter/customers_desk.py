"""Customers of the site on their way into the till, also those who never ordered.

done = enter_customers(engine, keys, writer, clock())
"""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Engine, select, update

from pos_exporter.intake.port import NotWritableError, TillWriter
from pos_exporter.state import STATE
from protocol.errors import RefusedItemError
from protocol.keys import Keys
from protocol.link.notices import problem_json
from protocol.records import Customer, parse_record
from protocol.values import format_time


@dataclass
class CustomersDone:
    """What one run did with customers."""

    entered: int = 0
    refused: int = 0


def enter_customers(
    engine: Engine, keys: Keys, writer: TillWriter | None, moment: datetime
) -> CustomersDone:
    """Enter every customer that the till does not have yet."""
    done, table = CustomersDone(), STATE.web_customer
    with engine.connect() as connection:
        rows = connection.execute(select(table).where(table.c.state != "entered")).all()
    for row in rows if writer is not None else ():
        record = parse_record(keys.open(row.body), place=f"customer {row.key}")
        try:
            if isinstance(record, Customer) and writer is not None:
                values = {**_entered(writer, record, done), "entered_at": format_time(moment)}
                with engine.begin() as connection:
                    connection.execute(update(table).where(table.c.key == row.key).values(**values))
        except NotWritableError:
            break  # a till that takes orders alone: its customers come with them
    return done


def _entered(writer: TillWriter, customer: Customer, done: CustomersDone) -> dict[str, Any]:
    try:
        entered = writer.enter_customer(customer)
    except RefusedItemError as error:
        done.refused += 1
        return {"state": "refused", "problem": problem_json(error.problem())}
    done.entered += not entered.already
    return {"state": "entered", "problem": None, "till_key": entered.key}
