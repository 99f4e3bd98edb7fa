"""What an e-mail about new orders says; personal data only if the merchant asks for it. Pure.

letters([told], "fr", every="order", details=False)
"""

import hashlib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Literal

from pos_exporter.mail.port import Letter
from pos_exporter.picking import address_lines
from pos_exporter.web.wording import Words
from protocol.errors import Text
from protocol.records import Order

#: One letter per order, one per run, or one per day.
Every = Literal["order", "run", "day"]
_ID_DIGITS = 32


@dataclass(frozen=True)
class NewOrder:
    """One order to tell of.

    Args:
        uid: Its identifier.
        reference: As the customer knows it.
        total: With its currency, as the state keeps it.
        role: What its state means.
        state: How far it got into the till.
        whole: The document, where the merchant wants details.
    """

    uid: str
    reference: str
    total: str
    role: str
    state: str
    whole: Order | None = None


def letters(orders: Sequence[NewOrder], words: Words, every: Every, shop: str) -> list[Letter]:
    """Return the letters that tell of these orders, none for none."""
    if every == "order":
        return [_letter([order], words, shop) for order in orders]
    return [_letter(orders, words, shop)] if orders else []


def _letter(orders: Sequence[NewOrder], words: Words, shop: str) -> Letter:
    prefix = f"[{shop}] " if shop else ""
    if len(orders) == 1:
        subject = words.text(_ONE).format(
            reference=orders[0].reference, total=words.amount(orders[0].total)
        )
    else:
        subject = words.text(_SEVERAL).format(count=len(orders))
    body = "\n\n".join("\n".join(_lines(order, words)) for order in orders)
    return Letter(
        " ".join(f"{prefix}{subject}".split()), f"{body}\n\n{words.text(_END)}\n", _id(orders)
    )


def _lines(order: NewOrder, words: Words) -> Iterable[str]:
    yield f"{order.reference} — {words.amount(order.total)}"
    colon, role = words("colon"), words.named("role", order.role, "unknown")
    yield f"{words('col_role')}{colon} {role}"
    yield f"{words('col_till')}{colon} {words.named('order', order.state, 'other')}"
    whole = order.whole
    if whole is None:
        return
    for line in whole.lines:
        yield f"  {line.quantity} × {line.reference} {line.name}"
    if whole.carrier:
        yield f"{words('order_carrier')}{colon} {whole.carrier}"
    yield from address_lines(whole.delivery)
    yield whole.customer.email
    if whole.note:
        yield f"{words('order_note')}{colon} {whole.note}"


def _id(orders: Sequence[NewOrder]) -> str:
    uids = "\n".join(order.uid for order in orders)
    return f"{hashlib.sha256(uids.encode()).hexdigest()[:_ID_DIGITS]}@comptoir.invalid"


_ONE = Text("Nouvelle commande {reference}, {total}", "New order {reference}, {total}")
_SEVERAL = Text("{count} nouvelles commandes", "{count} new orders")
_END = Text(
    "La page de Comptoir, sur le poste de caisse, montre tout : « Commandes ».",
    "Comptoir's page, on the shop's PC, shows everything: « Orders ».",
)
