"""The lists that articles point into: VAT rates, categories, brands, axes and their values.

put_lists(rows, frame, ledger)
ledger.knows("category", "F01")
"""

from pos_exporter.assembling.facts import (
    a_brand,
    a_category,
    a_tax_rate,
    an_axis,
    an_axis_of_variants,
    an_axis_value,
)
from pos_exporter.assembling.ledger import Ledger
from pos_exporter.assembling.steps import put, put_rows, refuse_twice, views_of
from pos_exporter.assembling.till_rows import TillRows
from pos_exporter.mapping.entities import (
    AxisQuery,
    AxisValueQuery,
    BrandQuery,
    CategoryQuery,
    TaxRateQuery,
)
from pos_exporter.mapping.errors import (
    CategoryLoopError,
    RowError,
    UnknownAxisError,
    UnknownCategoryError,
)
from pos_exporter.mapping.rows import Frame, RowView
from protocol.records import AxisValue, Category


def put_lists(rows: TillRows, frame: Frame, ledger: Ledger) -> None:
    """Put every list into the ledger."""
    put_rows(rows, "tax_rate", TaxRateQuery, a_tax_rate, frame, ledger)
    _put_categories(rows, frame, ledger)
    put_rows(rows, "brand", BrandQuery, a_brand, frame, ledger)
    put_rows(rows, "axis", AxisQuery, an_axis, frame, ledger)
    _put_axes_in_words(frame, ledger)
    _put_axis_values(rows, frame, ledger)


def _put_categories(rows: TillRows, frame: Frame, ledger: Ledger) -> None:
    views: dict[str, RowView] = {}
    for view, query in views_of(rows.of("category", CategoryQuery), "category", frame, ledger):
        put(view, query, a_category, ledger)
        views.setdefault(view.key, view)
    parents = {c.key: c.parent for c in ledger.records("category") if isinstance(c, Category)}
    for key, parent in parents.items():
        wrong = _wrong_parent(views[key], parent, parents, ledger)
        if wrong is not None:
            ledger.take_back("category", key)
            ledger.set_aside("category", key, wrong)


def _wrong_parent(
    view: RowView, parent: str | None, parents: dict[str, str | None], ledger: Ledger
) -> RowError | None:
    rule = getattr(view.query, "fields").parent  # noqa: B009 (a CategoryQuery's, by its step)
    place = view.place(rule.columns() if rule else ())
    # `parents` and not only the ledger: a category that was just set aside exists all the same.
    if parent is not None and parent not in parents and not ledger.knows("category", parent):
        return UnknownCategoryError(place=place, value=parent)
    seen, above = {view.key}, parent
    while above is not None:
        if above == view.key:
            return CategoryLoopError(place=place, value=parent)
        if above in seen:
            return None  # the loop is further up, and theirs
        seen.add(above)
        above = parents.get(above)
    return None


def _put_axes_in_words(frame: Frame, ledger: Ledger) -> None:
    """Put the axes that variants name in the mapping, where no list has them."""
    for query in frame.mapping.entities.variant:
        for name, rule in query.axes.items():
            if not ledger.knows("axis", name):
                ledger.add(an_axis_of_variants(name, rule, frame))


def _put_axis_values(rows: TillRows, frame: Frame, ledger: Ledger) -> None:
    reads = rows.of("axis_value", AxisValueQuery)
    for view, query in views_of(reads, "axis_value", frame, ledger):
        key = view.key
        try:
            axis = view.reference(query.fields.axis)
            if axis is None or not ledger.knows("axis", axis):
                place = view.place(query.fields.axis.columns())
                raise UnknownAxisError(place=place, value=axis or "")
            key = f"{axis}|{view.key}"
            record: AxisValue = an_axis_value(view, query)
            refuse_twice(view, record, ledger)
        except RowError as error:
            ledger.set_aside("axis_value", key, error, label=view.label())
        else:
            ledger.add(record)
