"""The lists that articles point into: VAT rates, categories, brands, suppliers, features, axes.

put_lists(rows, frame, ledger)
ledger.knows("category", "F01")
"""

from collections.abc import Callable
from functools import partial

from pos_exporter.assembling.axes import an_axis_of_variants
from pos_exporter.assembling.facts import (
    a_brand,
    a_category,
    a_feature,
    a_feature_value,
    a_supplier,
    a_tax_rate,
    an_axis,
    an_axis_value,
)
from pos_exporter.assembling.features import knows_feature
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
from pos_exporter.mapping.features import FeatureQuery, FeatureValueQuery
from pos_exporter.mapping.fields import FieldRule
from pos_exporter.mapping.named_errors import (
    CategoryLoopError,
    UnknownAxisError,
    UnknownCategoryError,
)
from pos_exporter.mapping.offer_errors import UnknownFeatureError
from pos_exporter.mapping.offers import SupplierQuery
from pos_exporter.mapping.row_errors import RowError
from pos_exporter.mapping.rows import Frame, RowView
from protocol.records import Category, Record


def put_lists(rows: TillRows, frame: Frame, ledger: Ledger) -> None:
    """Put every list into the ledger."""
    put_rows(rows, "tax_rate", TaxRateQuery, a_tax_rate, frame, ledger)
    _put_categories(rows, frame, ledger)
    put_rows(rows, "brand", BrandQuery, a_brand, frame, ledger)
    put_rows(rows, "supplier", SupplierQuery, a_supplier, frame, ledger)
    put_rows(rows, "feature", FeatureQuery, a_feature, frame, ledger)
    _put_feature_values(rows, frame, ledger)
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
        knows = partial(ledger.knows, "axis")
        owner = (query.fields.axis, knows, UnknownAxisError)
        _put_value(view, owner, partial(an_axis_value, view, query), ledger)


def _put_feature_values(rows: TillRows, frame: Frame, ledger: Ledger) -> None:
    reads = rows.of("feature_value", FeatureValueQuery)
    for view, query in views_of(reads, "feature_value", frame, ledger):
        knows = partial(knows_feature, frame, ledger)
        owner = (query.fields.feature, knows, UnknownFeatureError)
        _put_value(view, owner, partial(a_feature_value, view, query), ledger)


def _put_value(
    view: RowView,
    owner: tuple[FieldRule, Callable[[str], bool], type[RowError]],
    build: Callable[[], Record],
    ledger: Ledger,
) -> None:
    """Put a value of an axis or a feature, whose key is the owner's and its own."""
    (rule, knows, missing), key = owner, view.key
    try:
        named = view.reference(rule)
        if named is None or not knows(named):
            raise missing(place=view.place(rule.columns()), value=named or "")
        key = f"{named}|{view.key}"
        record = build()
        refuse_twice(view, record, ledger)
    except RowError as error:
        ledger.set_aside(view.kind, key, error, label=view.label())
    else:
        ledger.add(record, view.notes)
