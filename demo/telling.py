"""What the demo prints at its end: the two sides, what is set aside, the orders.

The promise: pure, values in and tables out; what came out wrong is judged by the story, not here.

    console.print(side_by_side(lines))
    console.print(set_aside(items, notes))
    console.print(plan_counts({"products": {"change": 2}}))          # "products : 2 change"
"""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from rich.markup import escape
from rich.table import Table

from demo.compare import Line
from demo.till import WebOrder

_ROWS = 12
#: The exporter's word for where a line waits → how the table says it.
_WHERE = {
    "withheld": "caisse / till",
    "refused": "refusé / refused",
    "held": "retenu / held",
    "waiting": "attend / waits",
    "edited_on_site": "gardé / kept",
    "note": "note",
}


def side_by_side(lines: Sequence[Line]) -> Table:
    """Return a few of the lines, one for each promotion in force among them."""
    table = Table(title="Caisse et site côte à côte / Till and shop side by side")
    for column in ("Référence", "Déclinaison", "Nom", "Prix", "Promo", "Stock", "Photos", ""):
        table.add_column(column)
    for line in _chosen(lines):
        till, shop = line.till, line.shop
        price, stock, photos = (
            f"{getattr(till, name, '—')} | {getattr(shop, name, '—')}"
            for name in ("price", "stock", "photos")
        )
        name = till.name if till else shop.name if shop else ""
        cells = (line.article, line.variant, name[:32], price, _promotion(line), stock, photos)
        table.add_row(*map(escape, cells), "✓" if line.is_right else "✗")
    return table


def _promotion(line: Line) -> str:
    return f"{line.promotion} ({line.usual})" if line.promotion else ""


def _chosen(lines: Sequence[Line]) -> Iterator[Line]:
    """Yield lines from the whole list, and the first that each promotion lowers."""
    chosen = set(range(0, len(lines), max(1, len(lines) // _ROWS)))
    first = {line.promotion: number for number, line in reversed([*enumerate(lines)])}
    chosen |= {number for promotion, number in first.items() if promotion}
    yield from (lines[number] for number in sorted(chosen))


def set_aside(items: Sequence[Mapping[str, str]], notes: Sequence[Mapping[str, str]]) -> Table:
    """Return everything that is not on the site as the till has it: set aside, mended, left out."""
    title = f"Mis de côté, et pourquoi / Set aside, and why ({len(items)}) · notes ({len(notes)})"
    table = Table(title=title)
    for column in ("Où", "Article", "Code", "Pourquoi", "Que faire"):
        table.add_column(column, overflow="fold")
    for row in (*items, *notes):
        where = _WHERE.get(row["group"], row["group"])
        cells = (row.get(name, "") for name in ("label", "code", "what", "remedy"))
        table.add_row(where, *map(escape, cells))
    return table


def held(classes: Sequence[Mapping[str, Any]]) -> Table:
    """Return the classes of changes that wait for a person's yes."""
    table = Table(title=f"Attend un accord / Waits for a yes ({len(classes)})")
    for column in ("Classe", "Combien", "Exemples"):
        table.add_column(column, overflow="fold")
    for one in classes:
        examples = " · ".join(map(str, one["examples"]))
        table.add_row(escape(one["key"]), f"{one['count']} / {one['of']}", escape(examples))
    return table


def orders_table(orders: Sequence[WebOrder]) -> Table:
    """Return the web orders that the till holds."""
    table = Table(title="Commandes web dans la caisse / Web orders in the till")
    for column in ("Commande", "Client", "Total", "Lignes", "État"):
        table.add_column(column)
    for order in orders:
        lines = ", ".join(f"{line.quantity} × {line.label}" for line in order.lines)
        cells = (order.reference, order.customer_mail, order.total, lines[:70], order.state)
        table.add_row(*map(escape, cells))
    return table


def plan_counts(counts: Mapping[str, Any]) -> str:
    """Return what a dry run would do, in a line; a dash for nothing."""
    said = (
        f"{resource} : " + ", ".join(f"{number} {verb}" for verb, number in found.items())
        if isinstance(found, Mapping)
        else f"{resource} : {found}"
        for resource, found in counts.items()
    )
    return " · ".join(said) or "—"
