"""The common behaviour of a resource; a family overrides what its class does differently.

A family answers for one resource: what is visible, what is computed, what an association holds,
what happens on adding, updating and deleting.

    family = Family(core, RESOURCES["zones"])
    record = family.blank()
    record.values["name"] = "Europe"
    family.add(record)
"""

# ruff: noqa: S608 - only names of our own tables are put into SQL; values are bound

from collections.abc import Mapping, Sequence

from demo.prestashop.core import Core
from demo.prestashop.record import Record
from demo.prestashop.refusals import NOT_SAVED, PhpDiedError, RefusedError
from demo.prestashop.tables import Resource

AssociationRow = Mapping[str, str]

# Positions that a class gives out when a row is added: column that groups them, or none.
_POSITIONED: Mapping[str, str] = {
    "product_options": "",
    "product_option_values": "id_attribute_group",
    "product_features": "",
    "product_feature_values": "id_feature",
}


class Family:
    """One resource's behaviour, with PrestaShop's common rules.

    Args:
        core: The shop's shared parts.
        resource: What this family answers for.
    """

    # Fields that are written through a method of their own.
    setters: frozenset[str] = frozenset()

    def __init__(self, core: Core, resource: Resource) -> None:
        self.core = core
        self.resource = resource
        self.database = core.database

    def visible(self) -> str:
        """Return a condition on `main` that limits lists; empty for none."""
        return ""

    def order(self) -> str:
        """Return the order of lists that no sort tells apart, on `main`."""
        return "main.id"

    def check_visible(self, record: Record) -> None:
        """Refuse to show an entity that this shop does not own."""

    def find(self, identifier: int) -> Record | None:
        """Return an entity for reading or changing, or None."""
        record = self.database.find(self.resource, identifier)
        if record is not None:
            self.loaded(record)
        return record

    def load(self, ids: list[int]) -> list[Record]:
        """Return several entities for reading, in this order."""
        records = self.database.load(self.resource, ids)
        for record in records:
            self.loaded(record)
        return records

    def loaded(self, record: Record) -> None:
        """Set what a freshly read entity has beyond its columns."""

    def blank(self) -> Record:
        """Return a new entity without any value."""
        return Record(self.resource)

    def computed(self, record: Record, name: str) -> str | None:
        """Return the value of a field that has no column."""
        return record.values.get(name)

    def rows(self, record: Record, association: str) -> Sequence[AssociationRow]:
        """Return the rows of an association."""
        return []

    def set_special(self, record: Record, name: str, text: str) -> None:
        """Write one of the `setters` fields."""

    def prepare(self, record: Record, method: str) -> None:
        """Change an entity before it is validated; RefusedError stops it."""

    def limits(self) -> Mapping[str, int]:
        """Return lengths that settings make shorter than the schema says."""
        return {}

    def add(self, record: Record) -> None:
        """Insert an entity with the dates and defaults its class sets."""
        self._stamp(record, new=True)
        self._place(record)
        self.database.insert(record)

    def update(self, record: Record, before: Record) -> None:
        """Write an entity; `before` is how it was."""
        self._stamp(record, new=False)
        self.database.update(record)

    def delete(self, record: Record) -> None:
        """Delete an entity and what goes with it."""
        self.database.delete(self.resource, record.id)

    def set_rows(self, record: Record, association: str, rows: Sequence[AssociationRow]) -> None:
        """Replace an association as a whole."""

    def after(self, record: Record, method: str, options: Mapping[str, str]) -> None:
        """Do what follows a write, such as an e-mail that was asked for."""

    def broken_key(self) -> PhpDiedError | RefusedError:
        """Return what becomes of a write that a unique key forbids."""
        if self.core.version.broken_key == "refused":
            return RefusedError(500, NOT_SAVED)
        return PhpDiedError()

    def _stamp(self, record: Record, new: bool) -> None:
        names = self.resource.by_name
        now = self.core.now()
        if "date_add" in names and (new or not record.text("date_add")):
            record.values["date_add"] = now
        if "date_upd" in names:
            record.values["date_upd"] = now
        if "id_shop_default" in names and not record.integer("id_shop_default"):
            record.values["id_shop_default"] = "1"

    def _place(self, record: Record) -> None:
        if self.resource.name not in _POSITIONED or record.integer("position"):
            return
        group = _POSITIONED[self.resource.name]
        where = f" WHERE {group} = ?" if group else ""
        sql = f"SELECT COALESCE(MAX(position), -1) + 1 FROM {self.resource.name}{where}"
        last = self.database.number(sql, *([record.integer(group)] if group else []))
        record.values["position"] = str(last)


def link_rows(ids: Sequence[int]) -> list[AssociationRow]:
    """Return association rows that hold an id each."""
    return [{"id": str(one)} for one in ids]


def row_ids(rows: Sequence[AssociationRow]) -> list[int]:
    """Return the ids that association rows hold, each once, in order."""
    found = [int(row["id"]) for row in rows if row.get("id", "").isdigit()]
    return list(dict.fromkeys(found))
