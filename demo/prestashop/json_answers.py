"""Views and errors as the JSON that PrestaShop 8.2 writes.

Values are texts, ids are numbers. The JSON of one entity drops every field that PHP holds for
false; lists keep them. A batch shows only its last entity. An empty list is `[]`.

    to_list("products", [view], ids=[1])      # b'{"products":[{"id":1,...}]}'
"""

import json
from collections.abc import Mapping, Sequence

from demo.prestashop.views import EntityView, Shown, ShownList

Cell = str | int | bool | None | list[dict[str, str]]


def to_entity(view: EntityView) -> bytes:
    """Return the JSON of one entity, without its false values."""
    fields = {name: cell for name, cell in _fields(view).items() if cell not in ("", "0", 0, None)}
    return _dump({view.node: _with_lists(fields, view.lists)})


def to_list(name: str, views: Sequence[EntityView]) -> bytes:
    """Return the JSON of a list of entities; `[]` when there is none."""
    if not views:
        return b"[]"
    return _dump({name: [_with_lists(_fields(view), view.lists) for view in views]})


def to_errors(errors: Sequence[tuple[int, str]]) -> bytes:
    """Return the JSON of one or more errors."""
    return _dump({"errors": [{"code": code, "message": text} for code, text in errors]})


def _fields(view: EntityView) -> dict[str, Cell]:
    return {shown.name: _cell(shown) for shown in view.fields}


def _cell(shown: Shown) -> Cell:
    if shown.computed and shown.value is None:
        return False
    if shown.texts is None:
        return int(shown.value or 0) if shown.whole else shown.value
    if len(shown.texts) == 1:
        return next(iter(shown.texts.values()))
    return [{"id": str(lang), "value": text} for lang, text in shown.texts.items()]


def _with_lists(fields: Mapping[str, Cell], lists: Sequence[ShownList]) -> dict[str, object]:
    shown: dict[str, object] = dict(fields)
    rows = {
        one.association.name: [{cell.name: cell.value for cell in row.fields} for row in one.rows]
        for one in lists
        if any(row.fields for row in one.rows)
    }
    if rows:
        shown["associations"] = rows
    return shown


def _dump(tree: dict[str, object]) -> bytes:
    text = json.dumps(tree, ensure_ascii=False, separators=(",", ":"))
    return text.replace("/", "\\/").encode()
