"""Customers of the site on their way into the till, also those who never ordered.

One whom the till does not answer for stands back: orders come first, and other customers too. One
in doubt is left alone until they change: nobody can look them up, and they come with their orders.

done = enter_customers(engine, keys, writer, clock())
"""

from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from sqlalchemy import Engine, select, update

from pos_exporter.intake.port import InDoubtError, NotWritableError, TillWriter
from pos_exporter.state import STATE
from protocol.errors import OutcomeUnknownError, RefusedItemError, RetryableError
from protocol.keys import Keys
from protocol.link.notices import problem_json
from protocol.records import Customer, parse_record
from protocol.values import format_time

#: After so many customers without an answer in one run, the till is left alone.
_MOST_UNANSWERED = 3


@dataclass
class CustomersDone:
    """What one run did with customers.

    Args:
        entered: Those who entered.
        refused: Those who need a hand.
        unanswered: Why the till did not answer for some of them; they are tried again.
    """

    entered: int = 0
    refused: int = 0
    unanswered: list[RetryableError | OutcomeUnknownError] = field(default_factory=list)


def enter_customers(
    engine: Engine, keys: Keys, writer: TillWriter | None, moment: datetime
) -> CustomersDone:
    """Enter every customer that the till does not have yet."""
    done, table = CustomersDone(), STATE.web_customer
    with engine.connect() as connection:
        waiting = select(table).where(table.c.state.not_in(("entered", "doubt")))
        rows = connection.execute(waiting.order_by(table.c.problem.is_not(None), table.c.key)).all()
    for row in rows if writer is not None else ():
        record = parse_record(keys.open(row.body), place=f"customer {row.key}")
        try:
            if isinstance(record, Customer) and writer is not None:
                values = _entered(writer, record, done, moment)
                with engine.begin() as connection:
                    connection.execute(update(table).where(table.c.key == row.key).values(**values))
        except NotWritableError:
            break  # a till that takes orders alone: its customers come with them
        if len(done.unanswered) == _MOST_UNANSWERED:
            break
    return done


def _entered(
    writer: TillWriter, customer: Customer, done: CustomersDone, moment: datetime
) -> dict[str, Any]:
    try:
        entered = writer.enter_customer(customer)
    except RefusedItemError as error:
        done.refused += 1
        state = "doubt" if isinstance(error, InDoubtError) else "refused"
        return {"state": state, "problem": problem_json(error.problem())}
    except (RetryableError, OutcomeUnknownError) as error:
        done.unanswered.append(error)
        return {"problem": problem_json(error.problem())}
    done.entered += not entered.already
    at = format_time(moment)
    return {"state": "entered", "problem": None, "till_key": entered.key, "entered_at": at}
