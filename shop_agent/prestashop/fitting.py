"""What a version of PrestaShop lacks is left out of questions and writes: here, and only here.

A field that does not exist makes a whole question fail (35) and is ignored in a write, in silence.
So it is dropped, never refused: an article is not kept from a shop because its version has no MPN.
`left_out` names what was dropped, for who must not compare it or wishes to tell.

Rules: pure; the same object comes back when there is nothing to leave out.

    able = capabilities(ShopVersion.parse("1.6.1.24"))
    fit_display("products", ("id", "mpn", "images[id]"), able)            # ("id", "images[id]")
    fit_write("products", Write(7, {"state": "1", "price": "9.90"}), able)  # the price alone
    left_out("products", write, able)                                     # ("state",)
"""

from collections.abc import Sequence
from dataclasses import replace

from shop_agent.prestashop.entities import Row, Write
from shop_agent.prestashop.versions import Capabilities, lacking_somewhere


def fit_display(resource: str, display: Sequence[str], able: Capabilities) -> tuple[str, ...]:
    """Return what this version has of a display, and nothing when it lacks the resource."""
    lacks = able.lacks(resource)
    if "id" in lacks:
        return ()
    return tuple(_part(part, lacks) for part in display if part.partition("[")[0] not in lacks)


def fit_write(resource: str, write: Write, able: Capabilities) -> Write:
    """Return a write without the fields, associations and columns that this version lacks."""
    dropped = left_out(resource, write, able)
    if not dropped:
        return write
    fields = {name: value for name, value in write.fields.items() if name not in dropped}
    rows = {
        name: tuple(_row(name, row, dropped) for row in listed)
        for name, listed in write.associations.items()
        if name not in dropped
    }
    return replace(write, fields=fields, associations=rows)


def left_out(resource: str, write: Write, able: Capabilities) -> tuple[str, ...]:
    """Return the names that a write loses on this version: `state`, `product_bundle[id_…]`."""
    lacks = able.lacks(resource)
    columns = dict.fromkeys(
        f"{name}[{column}]"
        for name, rows in write.associations.items()
        for row in rows
        for column in row
    )
    return tuple(name for name in (*write.fields, *write.associations, *columns) if name in lacks)


def varies(resource: str, display: Sequence[str]) -> bool:
    """Say whether a display holds something that a version lacks: then it must be known first."""
    lacks = lacking_somewhere(resource)
    return "id" in lacks or any(not lacks.isdisjoint(_names(part)) for part in display)


def _names(part: str) -> tuple[str, ...]:
    name, _, columns = part.partition("[")
    return (name, *(f"{name}[{column}]" for column in columns.rstrip("]").split(",")))


def _part(part: str, lacks: frozenset[str]) -> str:
    """Return one part of a display without the columns that are lacking."""
    name, bracket, columns = part.partition("[")
    if not bracket:
        return part
    kept = [one for one in columns.rstrip("]").split(",") if f"{name}[{one}]" not in lacks]
    return f"{name}[{','.join(kept)}]"


def _row(name: str, row: Row, dropped: Sequence[str]) -> Row:
    return {column: value for column, value in row.items() if f"{name}[{column}]" not in dropped}
