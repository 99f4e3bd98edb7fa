"""`orders`: web orders that are not done, and why; `orders answer`: a person's word on one.

show_orders(settings, wiring, output, every=False)
answer(settings, wiring, output, "XKBKNABJK", "taken")
"""

from pos_exporter.config import ExporterSettings
from pos_exporter.orders_answers import OrderTold, Word, answer_order, orders_told
from pos_exporter.state import METADATA
from pos_exporter.web.wording import Words
from pos_exporter.wiring import MIGRATIONS, Wiring, paths_of
from protocol.errors import Text
from protocol.program.command import literal, opened_state
from protocol.program.console import DONE, Output


def show_orders(settings: ExporterSettings, wiring: Wiring, output: Output, *, every: bool) -> int:
    """Tell the orders that wait, are refused or in doubt; with `every`, the others too."""
    url, words = paths_of(settings).url, Words(output.lang, wiring.clock())
    with (
        opened_state(url, METADATA, MIGRATIONS, wiring.commit_listeners) as engine,
        engine.connect() as connection,
    ):
        orders = orders_told(connection, every=every)
    for order in orders:
        for line in _lines(order, words, output):
            output.say(literal(line))
    if not orders:
        output.say(_NONE)
    elif any(order.answers for order in orders):
        output.say(_HOW)
    output.emit("orders", orders=[_as_values(order) for order in orders])
    return DONE


def answer(
    settings: ExporterSettings, wiring: Wiring, output: Output, name: str, word: Word
) -> int:
    """Keep a person's word on an order.

    Raises:
        UnknownOrderError, WordRefusedError: As `answer_order`.
    """
    url = paths_of(settings).url
    with (
        opened_state(url, METADATA, MIGRATIONS, wiring.commit_listeners) as engine,
        engine.begin() as connection,
    ):
        order = answer_order(connection, name, word, wiring.clock())
    output.say(_NOTED[word], reference=order.reference)
    output.emit("answered", **_as_values(order))
    return DONE


def _lines(order: OrderTold, words: Words, output: Output) -> list[str]:
    state = words.named("order", order.state, "other")
    first = f"{order.reference} — {words.amount(order.total)} — {state}"
    known = f"  {order.till_key} ({order.evidence})" if order.till_key else ""
    asked = f"  {order.uid}: {', '.join(order.answers)}" if order.answers else ""
    problem = f"  {order.problem.line(output.lang)}" if order.problem is not None else ""
    return [line for line in (first, known, problem, asked) if line]


def _as_values(order: OrderTold) -> dict[str, object]:
    problem = order.problem
    return {
        "uid": order.uid,
        "reference": order.reference,
        "placed_at": order.placed_at,
        "total": order.total,
        "role": order.role,
        "state": order.state,
        "till_key": order.till_key,
        "evidence": order.evidence,
        "entered_at": order.entered_at.isoformat() if order.entered_at else None,
        "doubt": order.doubt.isoformat() if order.doubt else None,
        "file": order.file or None,
        "code": problem.code if problem else None,
        "answers": list(order.answers),
    }


_NONE = Text("Aucune commande n'attend", "No order waits")
_HOW = Text(
    "Pour répondre : pos-exporter orders answer COMMANDE taken|resend|ignore (la caisse l'a, la "
    "renvoyer, ne pas l'entrer)",
    "To answer: pos-exporter orders answer ORDER taken|resend|ignore (the till has it, send it "
    "again, leave it out)",
)
_NOTED = {
    "taken": Text(
        "{reference} : notée comme entrée en caisse ; le site l'apprend au prochain passage",
        "{reference}: noted as being in the till; the site learns it with the next run",
    ),
    "resend": Text(
        "{reference} : repart vers la caisse au prochain passage",
        "{reference}: goes to the till again with the next run",
    ),
    "ignore": Text(
        "{reference} : n'entrera pas en caisse, ni ses changements",
        "{reference}: will not enter the till, nor will its changes",
    ),
}
