"""A fresh shop: languages, taxes, states, settings and two categories; no product.

The rows lie in `seed.json`; their dates are the moment of filling.

    fill(core)      # once, on an empty database
"""

# ruff: noqa: S608 - only names of our own tables are put into SQL; values are bound

import json
from importlib import resources

from demo.prestashop.core import Core
from demo.prestashop.record import Record, Texts
from demo.prestashop.storing import stored
from demo.prestashop.tables import RESOURCES

# Settings whose dates were never set, so that changing one of them alone is refused.
_DATELESS = "PS_DISP_UNAVAILABLE_ATTR"
_CARRIER_TAX_GROUP = 1


def fill(core: Core) -> None:
    """Put the rows of a fresh install into an empty database."""
    seed = json.loads((resources.files(__package__) / "seed.json").read_text("utf-8"))
    rows = {(row["resource"], row["id"]): row for row in (*seed, *core.version.seed)}
    with core.database.transaction():
        for row in rows.values():
            core.database.insert(record_of(row, core.now()))
        zero = "0000-00-00 00:00:00"
        sql = "UPDATE configurations SET date_add = ?, date_upd = ? WHERE name = ?"
        core.database.run(sql, zero, zero, _DATELESS)
        # An installed setting belongs to no shop; one that was written belongs to shop 0.
        core.database.run("UPDATE configurations SET id_shop = NULL, id_shop_group = NULL")
        core.database.run("UPDATE carriers SET id_tax_rules_group = ?", _CARRIER_TAX_GROUP)
        for category in (1, 2):
            for group in (1, 2, 3):
                core.database.run("INSERT INTO category_group VALUES (?, ?)", category, group)


def fill_own_fields(core: Core) -> None:
    """Fill in what only this version has, in all rows there are."""
    with core.database.transaction():
        for resource in core.version.resources.values():
            known = RESOURCES[resource.name].by_name if resource.name in RESOURCES else {}
            for field in resource.scalar_columns:
                if field.name not in known:
                    sql = f'UPDATE {resource.name} SET "{field.name}" = ?'
                    core.database.run(sql, stored(field, None))
        for name, values in core.version.values.items():
            for column, value in values.items():
                core.database.run(f'UPDATE {name} SET "{column}" = ?', value)


def record_of(row: dict[str, object], now: str) -> Record:
    """Return the entity that a row of the seed describes."""
    record = Record(RESOURCES[str(row["resource"])], int(str(row["id"])))
    values, texts = row.get("values"), row.get("texts")
    if isinstance(values, dict):
        record.values = {str(name): str(value) for name, value in values.items()}
    if isinstance(texts, dict):
        record.texts = {str(name): _texts(pair) for name, pair in texts.items()}
    for name in ("date_add", "date_upd"):
        if name in record.resource.by_name:
            record.values[name] = now
    return record


def _texts(pair: list[str]) -> Texts:
    return dict(enumerate(pair, start=1))
