"""Views and errors as the JSON that PrestaShop writes.

Values are texts, ids are numbers. From 8.0 on the JSON of one entity drops every field that PHP
holds for false; lists keep them. In 9.0 the languages' ids are numbers too. A batch shows only its
last entity. An empty list is `[]`.

    to_list("products", [view], version)      # b'{"products":[{"id":1,...}]}'
"""

import json
import re
from collections.abc import Mapping, Sequence

from demo.prestashop.versions import Version
from demo.prestashop.views import EntityView, Shown, ShownList

# What the columns of an association that are whole numbers are called.
_WHOLE = re.compile("id|id_.*|.*_id|.*quantity")

Cell = str | int | bool | None | list[dict[str, int | str]]


def to_entity(view: EntityView, version: Version) -> bytes:
    """Return the JSON of one entity, without its false values where the version drops them."""
    numbers = version.json_numbers
    fields = _fields(view, numbers)
    if version.json_drops:
        fields = {name: cell for name, cell in fields.items() if cell not in ("", "0", 0, None)}
    return _dump({view.node: _with_lists(fields, view.lists, numbers)})


def to_list(name: str, views: Sequence[EntityView], version: Version) -> bytes:
    """Return the JSON of a list of entities; `[]` when there is none."""
    if not views:
        return b"[]"
    numbers = version.json_numbers
    shown = [_with_lists(_fields(view, numbers), view.lists, numbers) for view in views]
    return _dump({name: shown})


def to_errors(errors: Sequence[tuple[int, str]]) -> bytes:
    """Return the JSON of one or more errors."""
    return _dump({"errors": [{"code": code, "message": text} for code, text in errors]})


def to_names(names: Sequence[str]) -> bytes:
    """Return the JSON of the root: the names of the resources."""
    return json.dumps(names, separators=(",", ":")).encode()


def _fields(view: EntityView, numbers: bool) -> dict[str, Cell]:
    return {shown.name: _cell(shown, numbers) for shown in view.fields}


def _cell(shown: Shown, numbers: bool) -> Cell:
    if shown.computed and shown.value is None:
        return False
    if shown.texts is None:
        return int(shown.value or 0) if shown.whole else shown.value
    if len(shown.texts) == 1:
        return next(iter(shown.texts.values()))
    number = int if numbers else str
    return [{"id": number(lang), "value": text} for lang, text in shown.texts.items()]


def _list_cell(shown: Shown, numbers: bool) -> Cell:
    digits = (shown.value or "").isdigit() and _WHOLE.fullmatch(shown.name)
    return int(shown.value or "0") if numbers and digits else shown.value


def _with_lists(
    fields: Mapping[str, Cell], lists: Sequence[ShownList], numbers: bool
) -> dict[str, object]:
    shown: dict[str, object] = dict(fields)
    rows = {
        one.association.name: [
            {cell.name: _list_cell(cell, numbers) for cell in row.fields} for row in one.rows
        ]
        for one in lists
        if any(row.fields for row in one.rows)
    }
    if rows:
        shown["associations"] = rows
    return shown


def _dump(tree: dict[str, object]) -> bytes:
    text = json.dumps(tree, ensure_ascii=False, separators=(",", ":"))
    return text.replace("/", "\\/").encode()
