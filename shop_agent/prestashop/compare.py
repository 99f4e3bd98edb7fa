"""Does the shop hold what was sent? The comparison behind every "look before repeating".

Rules: only what was sent is compared; numbers as numbers (`1` is `1.000000`), texts exactly, but
for the ends of lines, which XML does not keep; associations as sets, by the columns sent. HTML
that PrestaShop has rewritten counts as different: then the answer is "not as sent", no more.

    holds(Write(id=3, fields={"quantity": "7"}), entity)     # True
    fields_sent("products", writes)                          # ("id", "price", "categories[id]")
"""

from collections.abc import Sequence
from decimal import Decimal, InvalidOperation

from shop_agent.prestashop.entities import Entity, FieldValue, Row, Write
from shop_agent.prestashop.resource_types import NUMERIC
from shop_agent.prestashop.resources import get_resource


def holds(write: Write, entity: Entity) -> bool:
    """Say whether an entity, read with `fields_sent`, shows all that a write asked for."""
    same_fields = all(
        same_value(entity.resource, name, sent, entity.fields.get(name, ""))
        for name, sent in write.fields.items()
    )
    return same_fields and all(
        same_rows(sent, entity.associations.get(name, ()))
        for name, sent in write.associations.items()
    )


def same_value(resource: str, name: str, sent: FieldValue, read: FieldValue) -> bool:
    """Say whether a field read is the one sent; languages that were not sent do not count."""
    if isinstance(sent, str) or isinstance(read, str):
        plain = isinstance(sent, str) and isinstance(read, str)
        return plain and _same_text(resource, name, str(sent), str(read))
    return all(
        lang in read and _same_text(resource, name, text, read[lang]) for lang, text in sent.items()
    )


def same_rows(sent: Sequence[Row], read: Sequence[Row]) -> bool:
    """Say whether two associations name the same rows, by the columns sent, in any order."""
    columns = {column for row in sent for column in row}
    wanted = {frozenset(row.items()) for row in sent}
    held = (
        {frozenset((name, value) for name, value in row.items() if name in columns) for row in read}
        if columns
        else {frozenset(row.items()) for row in read}
    )
    return wanted == held


def fields_sent(resource: str, writes: Sequence[Write]) -> tuple[str, ...]:
    """Return the display that reads back all that these writes send."""
    names = dict.fromkeys(name for write in writes for name in write.fields)
    columns: dict[str, dict[str, None]] = {}
    for write in writes:
        for name, rows in write.associations.items():
            known = columns.setdefault(name, {"id": None})
            known.update((column, None) for row in rows for column in row)
    parts = [f"{name}[{','.join(listed)}]" for name, listed in columns.items()]
    return ("id", *names, *parts)


def _same_text(resource: str, name: str, sent: str, read: str) -> bool:
    rule = get_resource(resource).fields.get(name)
    if rule is not None and rule.kind in NUMERIC:
        return _number(sent) == _number(read)
    return _lines(sent) == _lines(read)


def _number(text: str) -> Decimal | str:
    """Return a text as a number, empty as 0; or as it is when it is none."""
    try:
        return Decimal(text or "0")
    except InvalidOperation:
        return text


def _lines(text: str) -> str:
    return text.replace("\r\n", "\n").replace("\r", "\n")
