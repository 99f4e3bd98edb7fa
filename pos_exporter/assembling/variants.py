"""Variants: whose they are, their sizes and colours, and what an article without any left means.

put_variants(rows, frame, ledger)
ledger.records("variant")
"""

from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import partial

from pos_exporter.assembling.articles import off_site
from pos_exporter.assembling.axes import a_value_of_variants, codes_of
from pos_exporter.assembling.facts import value_key
from pos_exporter.assembling.goods import a_variant
from pos_exporter.assembling.ledger import Ledger
from pos_exporter.assembling.steps import refuse_twice, views_of
from pos_exporter.assembling.suppliers import Suppliers
from pos_exporter.assembling.till_rows import TillRows
from pos_exporter.mapping.entities import VariantQuery
from pos_exporter.mapping.named_errors import UnknownAxisValueError, VariantTwiceError
from pos_exporter.mapping.row_errors import KeyEmptyError, NoVariantLeftError, RowError
from pos_exporter.mapping.rows import Frame, RowView
from protocol.records import AxisValue


@dataclass
class _Family:
    """An article's variants so far."""

    by_values: dict[tuple[str, ...], str] = field(default_factory=dict)
    all: list[str] = field(default_factory=list)


def put_variants(rows: TillRows, frame: Frame, ledger: Ledger) -> None:
    """Put the variants, and the axis values that they bring, into the ledger."""
    families: dict[str, _Family] = {}
    suppliers = Suppliers(rows, frame, ledger)
    for views, query in _variants(rows, frame, ledger):
        first = views[0]
        try:
            article = first.reference(query.fields.article)
            if article is None:
                raise KeyEmptyError(place=first.place(query.fields.article.columns()))
        except RowError as error:
            ledger.set_aside("variant", first.key, error, label=first.label())
            continue
        label = partial(_label, first, article, ledger)
        ledger.name("variant", first.key, label, owner=article, codes=first.codes)
        family = families.setdefault(article, _Family())
        family.all.append(first.key)
        if shares_fate("variant", first.key, article, ledger):
            continue
        try:
            _put_variant(views, query, article, family, suppliers, ledger)
        except RowError as error:
            ledger.set_aside("variant", first.key, error)
    ledger.with_variants |= families.keys()
    for article, family in families.items():
        if ledger.fate("article", article) == "record":
            _judge_article(article, family, ledger)


def _label(view: RowView, article: str, ledger: Ledger) -> str:
    return f"{ledger.label('article', article)} {view.label()}".strip()


def shares_fate(kind: str, key: str, article: str, ledger: Ledger) -> bool:
    """Note what belongs to an article that is no record; return whether that is so."""
    fate = ledger.fate("article", article)
    if fate == "record":
        return False
    if fate == "withheld":
        ledger.follow(kind, key, ("article", article))
    else:
        ledger.leave_out(kind, key, ledger.cause("article", article))
    return True


def _variants(
    rows: TillRows, frame: Frame, ledger: Ledger
) -> Iterator[tuple[list[RowView], VariantQuery]]:
    """Yield each variant's rows: one, or one per axis where the mapping pivots."""
    pivots: dict[tuple[int, str], tuple[list[RowView], VariantQuery]] = {}
    for view, query in views_of(rows.of("variant", VariantQuery), "variant", frame, ledger):
        if query.pivot is None:
            yield [view], query
        else:
            pivots.setdefault((id(query), view.key), ([], query))[0].append(view)
    yield from pivots.values()


def _put_variant(
    views: list[RowView],
    query: VariantQuery,
    article: str,
    family: _Family,
    suppliers: Suppliers,
    ledger: Ledger,
) -> None:
    view = views[0]
    cause = off_site(view)
    if cause is not None:
        ledger.leave_out("variant", view.key, cause)
        return
    values, new = _values(views, query, ledger)
    record = a_variant(view, query, article, values, suppliers.of(view, None, "variant"))
    refuse_twice(view, record, ledger)
    twin = family.by_values.setdefault(tuple(sorted(values)), view.key)
    if twin != view.key:
        columns = [axis.col for axis in query.axes.values() if axis.col is not None]
        shown = " ".join(value.split("|", 1)[1] for value in values)
        first = ledger.label("variant", twin) or twin
        raise VariantTwiceError(place=view.place(columns), value=shown, first=first)
    for value in new:
        ledger.add(value)
    ledger.add(record, [note for row in views for note in row.notes])


def _values(
    views: list[RowView], query: VariantQuery, ledger: Ledger
) -> tuple[list[str], list[AxisValue]]:
    """Return the keys of a variant's axis values, and the values that no one brought before."""
    codes, keys, new = codes_of(views, query), [], []
    for axis, rule in query.axes.items():
        if axis not in codes:
            continue
        code, view = codes[axis]
        column = rule.col or (query.pivot.value if query.pivot else "")
        key = value_key(axis, code)
        if rule.listed and not ledger.knows("axis_value", key):
            raise UnknownAxisValueError(place=view.place((column,)), value=code)
        if not ledger.knows("axis_value", key):
            new.append(a_value_of_variants(view, axis, rule, code, column))
        keys.append(key)
    return keys, new


def _judge_article(article: str, family: _Family, ledger: Ledger) -> None:
    """Hold back an article none of whose variants is sent: it would look like a simple one."""
    fates = {key: ledger.fate("variant", key) for key in family.all}
    if "record" in fates.values():
        return
    ledger.take_back("article", article)
    held = next((key for key, fate in fates.items() if fate == "withheld"), None)
    if held is None:
        ledger.leave_out("article", article, ledger.cause("variant", family.all[0]))
        return
    error = NoVariantLeftError(place=f"article {article}")
    ledger.set_aside("article", article, error, follows=f"variant {held}")
