"""From an entity in memory to what a reader sees: the fields asked for, links, associations.

A link is left out where an id is 0 or missing; a text that was never sent shows no language links.

    show(family, record, query)      # EntityView("product", (Shown("id", "1", ...), ...), ...)
"""

from collections.abc import Sequence

from demo.prestashop.families.base import AssociationRow, Family
from demo.prestashop.query import Query
from demo.prestashop.record import Record
from demo.prestashop.tables import Association, Field
from demo.prestashop.views import EntityView, Shown, ShownList, ShownRow


def show(
    family: Family, record: Record, query: Query, extra: Sequence[Shown] = (), saved: bool = False
) -> EntityView:
    """Return the view of an entity.

    Args:
        family: Answers for computed fields and associations.
        record: The entity.
        query: Which fields, associations and languages to show.
        extra: Computed prices, shown after the fields.
        saved: Whether this answers a write: its JSON has no numbers.
    """
    everything = query.full or query.ids_only
    fields: list[Shown] = []
    if everything or "id" in query.fields:
        fields.append(Shown("id", str(record.id), whole=not saved))
    for field in family.resource.fields:
        if everything or field.name in query.fields:
            fields.append(_shown(family, record, field, query.languages, saved))
    lists = []
    for association in family.resource.associations:
        if everything or association.name in query.lists:
            lists.append(_shown_list(family, record, association, query))
    shown = (*fields, *extra) if everything else _with_prices(fields, extra, query)
    return EntityView(family.resource.entity, tuple(shown), tuple(lists))


def _with_prices(fields: list[Shown], extra: Sequence[Shown], query: Query) -> list[Shown]:
    return [*fields, *(one for one in extra if one.name in query.fields)]


def _shown(
    family: Family, record: Record, field: Field, languages: tuple[int, ...], saved: bool
) -> Shown:
    if field.lang:
        texts = record.texts.get(field.name)
        known = texts if isinstance(texts, dict) else {}
        by_lang = {lang: known.get(lang, "") for lang in languages}
        return Shown(field.name, None, by_lang, sent=isinstance(texts, dict))
    asked = family.computed if field.computed else _value_of
    value = asked(record, field.name)
    link = ""
    if field.link and (value not in {None, "", "0"} or not field.name.startswith("id_")):
        link = f"{field.link.format(entity=record.id)}/{value or ''}"
    version = family.core.version
    called = f"{family.resource.name}.{field.name}"
    whole = not version.json_whole.isdisjoint((called, f"{called}={value}"))
    if version.json_numbers and not saved:
        whole = field.whole and value not in {None, ""}
    return Shown(field.name, value, link=link, computed=field.computed, whole=whole)


def _value_of(record: Record, name: str) -> str | None:
    return record.values.get(name)


def _shown_list(
    family: Family, record: Record, association: Association, query: Query
) -> ShownList:
    wanted = query.lists.get(association.name)
    rows = family.rows(record, association.name)
    bare = association.bare and family.core.version.bare_lists
    return ShownList(
        association,
        tuple(_shown_row(record, association, row, wanted, bare) for row in rows),
    )


def _shown_row(
    record: Record,
    association: Association,
    row: AssociationRow,
    wanted: tuple[str, ...] | None,
    bare: bool,
) -> ShownRow:
    cells = [
        Shown(one.name, row.get(one.name, ""), link=_cell_link(one.link, row.get(one.name, "")))
        for one in association.fields
        if wanted is None or (one.name in wanted and not bare)
    ]
    return ShownRow(tuple(cells), _row_link(record, association, row.get("id", "")))


def _cell_link(link: str, value: str) -> str:
    return f"{link}/{value}" if link else ""


def _row_link(record: Record, association: Association, identifier: str) -> str:
    if association.virtual or not association.linked:
        return ""
    if association.href:
        product = record.text("id_product") or str(record.id)
        return association.href.format(product=product, id=identifier)
    return f"{association.api}/{identifier}"
