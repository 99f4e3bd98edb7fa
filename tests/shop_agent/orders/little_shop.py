"""A shop in memory behind the stub server: enough of PrestaShop to read lists from it.

Knows filters (one value, a list, greater than), sorting, limits, displays, and that a date is
neither filtered nor sorted by without `date=1`.

    shop = LittleShop(order(1), detail(1, order_id=1))
    with shop.serve() as stub, stub.open() as webservice: ...
"""

import re
from collections.abc import Mapping
from xml.sax.saxutils import escape

from shop_agent.prestashop.entities import Entity, FieldValue
from shop_agent.prestashop.resources import get_resource
from tests.shop_agent.prestashop.stub_shop import Reply, Seen, StubShop, entities, errors

_LIST = re.compile(r"\[(.*)\]")
_NAMES = re.compile(r"(\w+)(?:\[([^\]]*)\])?")
SIGNED = {"PSWS-Version": "8.2.1"}


class LittleShop:
    """Entities by resource and id; give it more, or take some away, at any time."""

    def __init__(self, *given: Entity) -> None:
        self._kept: dict[str, dict[int, Entity]] = {}
        self._hidden: set[tuple[str, int]] = set()
        self.put(*given)

    def put(self, *given: Entity) -> None:
        """Add entities, or replace those of the same id."""
        for one in given:
            self._kept.setdefault(one.resource, {})[one.id] = one

    def remove(self, resource: str, *ids: int) -> None:
        """Take entities away."""
        for one_id in ids:
            del self._kept[resource][one_id]

    def hide(self, resource: str, entity_id: int) -> None:
        """Leave an entity out of lists; it still answers by its id."""
        self._hidden.add((resource, entity_id))

    def serve(self) -> StubShop:
        """Return the server, not started yet."""
        return StubShop(self.answer)

    def answer(self, seen: Seen) -> Reply:
        """Return PrestaShop's answer to one GET."""
        resource, _, one_id = seen.path.removeprefix("/api/").partition("/")
        kept = self._kept.get(resource, {})
        if one_id:
            found = kept.get(int(one_id))
            return Reply(200, entities(_node(found, None))) if found else Reply(404, "", SIGNED)
        return self._list(resource, list(kept.values()), seen.query)

    def _list(self, resource: str, kept: list[Entity], query: Mapping[str, str]) -> Reply:
        shown = dict(_NAMES.findall(query["display"][1:-1]))
        sort = query.get("sort", "[]")[1:-1]
        filters = {name[7:-1]: value for name, value in query.items() if name.startswith("filter[")}
        if "date_" in f"{sort}{[*filters]}" and query.get("date") != "1":
            return Reply(500, errors(32))
        found = [
            one
            for one in kept
            if (resource, one.id) not in self._hidden
            and all(_passes(one, name, value) for name, value in filters.items())
        ]
        for key in reversed(sort.split(",") if sort else []):
            name, _, direction = key.rpartition("_")
            found.sort(key=lambda one, name=name: _sortable(one, name), reverse=direction == "DESC")  # type: ignore[misc]  # mypy cannot type a lambda's default
        nodes = "".join(_node(one, shown) for one in found[: int(query.get("limit", "9999"))])
        plural = get_resource(resource).plural
        return Reply(200, entities(f"<{plural}>{nodes}</{plural}>"))


def _value(one: Entity, name: str) -> str:
    value = str(one.id) if name == "id" else one.fields.get(name, "")
    return value if isinstance(value, str) else ""


def _sortable(one: Entity, name: str) -> tuple[int, str]:
    value = _value(one, name)
    return (int(value), "") if value.isdigit() else (0, value)


def _passes(one: Entity, name: str, wanted: str) -> bool:
    value = _value(one, name)
    if wanted.startswith(">["):
        limit = wanted[2:-1]
        return int(value) > int(limit) if limit.isdigit() else value > limit
    listed = _LIST.fullmatch(wanted)
    choices = listed[1].split("|") if listed else [wanted]
    return value.lower() in {choice.lower() for choice in choices}


def _node(one: Entity, shown: Mapping[str, str] | None) -> str:
    """Return an entity's XML: all of it, or the fields and columns that the display names."""
    kind = get_resource(one.resource)
    names = [name for name in (shown or one.fields) if name not in kind.associations]
    parts = [f"<id>{one.id}</id>"]
    parts += [_field(name, one.fields.get(name, "")) for name in names if name != "id"]
    lists = "".join(
        _rows(name, kind.associations[name], one)
        for name in kind.associations
        if shown is None or name in shown
    )
    if lists:
        parts.append(f"<associations>{lists}</associations>")
    return f"<{kind.node}>{''.join(parts)}</{kind.node}>"


def _field(name: str, value: FieldValue) -> str:
    if isinstance(value, str):
        return f"<{name}>{escape(value)}</{name}>"
    inside = "".join(
        f'<language id="{lang}">{escape(text)}</language>' for lang, text in value.items()
    )
    return f"<{name}>{inside}</{name}>"


def _rows(name: str, node: str, one: Entity) -> str:
    rows = "".join(
        f"<{node}>{''.join(_field(column, text) for column, text in row.items())}</{node}>"
        for row in one.associations.get(name, ())
    )
    return f"<{name}>{rows}</{name}>"
