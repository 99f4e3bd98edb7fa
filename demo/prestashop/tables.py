"""What each webservice resource holds, read once from `tables/*.json`: fields, rules, associations.

The JSON files are the only place where a field's name, order, kind, size, format and link are
written down; everything else in this room (schemas, rendering, validation, SQL columns) follows.
A field that is `computed` has no column; `read_only` refuses to be written (error 93).

    from demo.prestashop.tables import RESOURCES

    products = RESOURCES["products"]
    products.field("reference").max      # 64
    products.association("categories").node
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from importlib import resources
from types import MappingProxyType
from typing import Any

NUMERIC = frozenset({"int", "bool", "decimal", "float"})


@dataclass(frozen=True)
class Field:
    """One field of a resource, in the order of the schema.

    Args:
        name: As in the XML.
        kind: How it is stored: int, bool, decimal, float, text, raw (kept with its
            tags), html, date, datetime, none.
        scale: Decimals kept, for the kind decimal.
        lang: One text per language.
        link: Resource the value points to; `{entity}` stands for the id of the entity itself.
        computed: Not stored: the schema says `notFilterable`.
        read_only: Writing it is refused with code 93.
        shown_read_only: The schema says `readOnly`, yet writing is accepted.
        nullable: A missing value is stored as NULL, not as 0 or an empty text.
        bounds: Smallest and largest number accepted.
    """

    name: str
    kind: str
    scale: int = 0
    lang: bool = False
    link: str = ""
    required: bool = False
    max: int = 0
    format: str = ""
    computed: bool = False
    read_only: bool = False
    shown_read_only: bool = False
    nullable: bool = False
    default: str = ""
    values: tuple[str, ...] = ()
    bounds: tuple[int, int] | None = None

    @property
    def stored(self) -> bool:
        """Whether the database has a column for it."""
        return not self.computed and self.kind != "none"

    @property
    def whole(self) -> bool:
        """Whether values are whole numbers, and not merely yes or no."""
        if self.computed:
            return self.name.startswith(("id_", "nb_", "position", "quantity"))
        counted = self.kind == "bool" and self.format not in {"", "isBool"}
        return self.kind == "int" or counted

    @property
    def numeric(self) -> bool:
        """Whether values compare as numbers."""
        return self.kind in NUMERIC

    @property
    def dated(self) -> bool:
        """Whether filtering it needs `date=1`."""
        return self.name in {"date_add", "date_upd"}


@dataclass(frozen=True)
class AssociationField:
    """One field of the rows of an association."""

    name: str
    link: str = ""
    required: bool = False
    read_only: bool = False


@dataclass(frozen=True)
class Association:
    """One list of linked rows inside an entity.

    Args:
        api: Resource the rows belong to; empty for rows that exist only here.
        href: Template of the row's link where it is not `api/id`.
        virtual: Its rows are no entities of their own.
        linked: Whether a row bears a link itself.
        bare: Its rows show nothing but their link when it is asked for by name.
    """

    name: str
    node: str
    fields: tuple[AssociationField, ...]
    api: str = ""
    href: str = ""
    virtual: bool = False
    linked: bool = True
    bare: bool = False


@dataclass(frozen=True)
class Resource:
    """One resource of the webservice.

    Args:
        name: As in the URL.
        plural: Element around a list; nearly always the name.
        entity: Name of the element of one entity.
        class_name: Name that error messages use before `->`.
        forbidden: Methods that nobody may use on it (code 101).
    """

    name: str
    plural: str
    entity: str
    class_name: str
    forbidden: frozenset[str]
    fields: tuple[Field, ...]
    associations: tuple[Association, ...]

    @cached_property
    def by_name(self) -> Mapping[str, Field]:
        """Fields by their name."""
        return {field.name: field for field in self.fields}

    def field(self, name: str) -> Field:
        """Return the field of that name; KeyError when the resource has none."""
        return self.by_name[name]

    def find_association(self, name: str) -> Association | None:
        """Return the association of that name, or None."""
        return next((one for one in self.associations if one.name == name), None)

    @cached_property
    def scalar_columns(self) -> tuple[Field, ...]:
        """Fields stored once per entity."""
        return tuple(field for field in self.fields if field.stored and not field.lang)

    @cached_property
    def lang_columns(self) -> tuple[Field, ...]:
        """Fields stored once per entity and language."""
        return tuple(field for field in self.fields if field.stored and field.lang)


def _parse_field(row: dict[str, object]) -> Field:
    entries = dict(row)
    values = entries.pop("values", [])
    bounds = entries.pop("range", None)
    low_high = (int(bounds[0]), int(bounds[1])) if isinstance(bounds, list) else None
    allowed = tuple(str(value) for value in values) if isinstance(values, list) else ()
    return Field(values=allowed, bounds=low_high, **entries)  # type: ignore[arg-type]  # our JSON


def _parse_association(row: dict[str, object]) -> Association:
    entries = dict(row)
    rows = entries.pop("fields")
    fields = tuple(AssociationField(**one) for one in rows) if isinstance(rows, list) else ()
    return Association(fields=fields, **entries)  # type: ignore[arg-type]  # our own JSON


def parse_resource(table: Mapping[str, Any]) -> Resource:
    """Return the resource that a table in JSON describes."""
    return Resource(
        name=table["resource"],
        plural=table.get("plural", table["resource"]),
        entity=table["entity"],
        class_name=table["class"],
        forbidden=frozenset(table.get("forbidden", [])),
        fields=tuple(_parse_field(row) for row in table["fields"]),
        associations=tuple(_parse_association(row) for row in table["associations"]),
    )


def _load() -> Mapping[str, Resource]:
    folder = resources.files(__package__) / "tables"
    files = sorted((one for one in folder.iterdir()), key=lambda one: one.name)
    found = [
        parse_resource(json.loads(one.read_text("utf-8")))
        for one in files
        if one.name.endswith(".json")
    ]
    return MappingProxyType({resource.name: resource for resource in found})


RESOURCES: Mapping[str, Resource] = _load()
