"""One step of a run: what a person or the till answered, on its way to the site.

Each answer is said once; all of them again, where our answers begin anew.

    restate_answers(exporter)
    say_answers(exporter)
"""

from sqlalchemy import update

from pos_exporter import settlements
from pos_exporter.approvals import yes_to_say
from pos_exporter.cases import answers_to_say, forget_unsaid
from pos_exporter.exporter import Exporter
from pos_exporter.meta import meta
from pos_exporter.state import STATE
from protocol.records import parse_record


def restate_answers(exporter: Exporter) -> None:
    """Where our answers begin anew, say again the baseline, each order's fate and each yes."""
    outbox = exporter.link.outbox
    with exporter.engine.begin() as connection:
        if not outbox.needs_snapshot(connection, "answers"):
            return
        outbox.begin(connection, "answers")
        kept = meta(connection, "baseline")
        if kept is not None:
            outbox.queue(connection, [parse_record(kept.encode(), place="baseline")])
        connection.execute(update(STATE.web_order).values(answered=False))
        outbox.queue(connection, yes_to_say(connection, exporter.clock(), again=True))
        outbox.queue(connection, answers_to_say(connection, again=True))
        outbox.queue(connection, settlements.to_say(connection, again=True))


def say_answers(exporter: Exporter) -> None:
    """Send the yes that a person gave, and the answers to the site's questions."""
    with exporter.engine.begin() as connection:
        exporter.link.outbox.queue(connection, yes_to_say(connection, exporter.clock()))
        # A click is sent, though its case be one that the site is only about to say again.
        exporter.link.outbox.queue(connection, answers_to_say(connection))
        forget_unsaid(connection)
        exporter.link.outbox.queue(connection, settlements.to_say(connection))
