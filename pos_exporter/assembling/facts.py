"""One row becomes one fact: a function per kind, pure, each answering a record of the protocol.

Here are the lists and the photos; `goods` has articles and variants, `offers` promotions. What a
row says of itself is checked here; what it says of other rows (does this brand exist?) is for the
steps. A field that the mapping does not name is not said; a named one that is blank is said to be
nothing.

    record = a_brand(view, query)
    record.name                               # 'Maison Ruelle'
"""

from collections.abc import Mapping
from typing import TypeVar

from pydantic import ValidationError

from pos_exporter.assembling.codes import color
from pos_exporter.assembling.figures import tax_rate
from pos_exporter.assembling.shop_rules import (
    BRAND_NAME,
    INNER_NAME,
    NAME,
    PLAIN_NAME,
    VALUE_NAME,
    LineRule,
    line_of,
    needed_line,
)
from pos_exporter.mapping.entities import (
    AxisQuery,
    AxisValueQuery,
    BrandQuery,
    CategoryQuery,
    PhotoQuery,
    TaxRateQuery,
)
from pos_exporter.mapping.features import FeatureQuery, FeatureValueQuery
from pos_exporter.mapping.fields import OWN_LANGUAGE, FieldRule, Texts
from pos_exporter.mapping.formats import Value, plain_text
from pos_exporter.mapping.keys import fit_key
from pos_exporter.mapping.named_errors import UnknownAxisError
from pos_exporter.mapping.offer_errors import GroupEmptyError, UnknownFeatureError
from pos_exporter.mapping.offers import PriceListQuery, SupplierQuery
from pos_exporter.mapping.row_errors import RowError, WireRefusesError
from pos_exporter.mapping.rows import Frame, RowView
from pos_exporter.mapping.text_errors import NameEmptyError
from pos_exporter.photos import PhotoFacts
from protocol.records import (
    Axis,
    AxisValue,
    Brand,
    Category,
    Feature,
    FeatureValue,
    Photo,
    PriceList,
    Record,
    Supplier,
    TaxRate,
)

R = TypeVar("R", bound=Record)


def a_tax_rate(view: RowView, query: TaxRateQuery) -> TaxRate:
    """Return a VAT rate."""
    rule = query.fields.country
    country = view.read(rule, plain_text) if rule is not None else None
    rate = view.read(query.fields.rate, tax_rate(view.frame.mapping.formats))
    return record_of(TaxRate, view, rate=rate, country=country or view.frame.mapping.till.country)


def a_category(view: RowView, query: CategoryQuery) -> Category:
    """Return a category; its parent is not looked for here."""
    parent = query.fields.parent
    return record_of(
        Category,
        view,
        name=names_of(view, query.fields.name, NAME),
        parent=view.reference(parent) if parent is not None else None,
    )


def a_brand(view: RowView, query: BrandQuery) -> Brand:
    """Return a brand."""
    return record_of(Brand, view, name=brand_name_of(view, query.fields.name))


def a_supplier(view: RowView, query: SupplierQuery) -> Supplier:
    """Return a supplier."""
    return record_of(Supplier, view, name=brand_name_of(view, query.fields.name))


def a_feature(view: RowView, query: FeatureQuery) -> Feature:
    """Return a feature of articles."""
    return record_of(Feature, view, name=names_of(view, query.fields.name, PLAIN_NAME))


def a_feature_value(view: RowView, query: FeatureValueQuery) -> FeatureValue:
    """Return a value of a feature; its key is that of the feature and its own."""
    feature = needed_reference(view, query.fields.feature, UnknownFeatureError)
    names = names_of(view, query.fields.name, VALUE_NAME)
    key = value_key(feature, view.key)
    return record_of(FeatureValue, view, key=key, feature=feature, name=names)


def a_price_list(view: RowView, query: PriceListQuery) -> PriceList:
    """Return a price list."""
    told, inner = dict[str, object](), line_of(INNER_NAME)
    if query.fields.name is not None:
        told["name"] = view.mend(query.fields.name, inner) or ""
    group = view.mend(query.fields.group, inner)
    if group is None:
        raise GroupEmptyError(place=view.place(query.fields.group.columns()))
    return record_of(PriceList, view, group=group, **told)


def an_axis(view: RowView, query: AxisQuery) -> Axis:
    """Return an axis of variants."""
    style = query.fields.style
    told = {} if style is None else {"style": view.read(style, plain_text) or "select"}
    return record_of(Axis, view, name=names_of(view, query.fields.name, PLAIN_NAME), **told)


def an_axis_value(view: RowView, query: AxisValueQuery) -> AxisValue:
    """Return a size or a colour; its key is that of the axis and its own."""
    axis = needed_reference(view, query.fields.axis, UnknownAxisError)
    hexa = query.fields.color
    told = {} if hexa is None else {"color": view.read(hexa, color)}
    names = names_of(view, query.fields.name, PLAIN_NAME)
    return record_of(AxisValue, view, key=value_key(axis, view.key), axis=axis, name=names, **told)


def value_key(owner: str, code: str) -> str:
    """Return the key of an axis' or a feature's value from the two keys."""
    return fit_key(f"{owner}|{code}")


def a_photo(
    view: RowView, query: PhotoQuery, article: str, position: int, facts: PhotoFacts
) -> Photo:
    """Return a photo of an article whose bytes are known."""
    legend, shown = query.fields.legend, query.fields.variants
    told: dict[str, object] = (
        {}
        if legend is None
        else {
            "legend": view.texts(
                legend, line_of(PLAIN_NAME, repair=view.frame.mapping.repair_names)
            )
            or None
        }
    )
    keys = view.read(shown, _keys) if shown is not None else ()
    if keys:
        told["variants"] = keys
    if facts.look is not None:
        told["look"] = facts.look
    said = {"sha256": facts.sha256, "size": facts.size, "position": position}
    return record_of(Photo, view, article=article, **said, **told)


def _keys(value: Value) -> tuple[str, ...]:
    """Return the keys in a text that has commas between them, each once."""
    parts = ((plain_text(value) or "").split(",")) if value is not None else []
    return tuple(dict.fromkeys(part.strip() for part in parts if part.strip()))


def names_of(view: RowView, rules: Texts, rule: LineRule) -> dict[str, str]:
    """Return a thing's names by language.

    Raises:
        NameEmptyError: When it has none in the till's own language.
    """
    names = view.texts(rules, line_of(rule, repair=view.frame.mapping.repair_names))
    own = view.frame.language
    if own not in names:
        asked = rules.get(own) or rules.get(OWN_LANGUAGE)
        raise NameEmptyError(place=view.place(asked.columns() if asked else ()))
    return names


def brand_name_of(view: RowView, rule: FieldRule) -> str:
    """Return the one name of a brand or a supplier."""
    return view.mend(rule, needed_line(BRAND_NAME, repair=view.frame.mapping.repair_names))


def needed_reference(view: RowView, rule: FieldRule, missing: type[RowError]) -> str:
    """Return the key of a record that a row must speak of.

    Raises:
        RowError: `missing`, when it speaks of none.
    """
    key = view.reference(rule)
    if key is None:
        raise missing(place=view.place(rule.columns()))
    return key


def price_of(amount: object, frame: Frame) -> Mapping[str, object]:
    """Return a price with tax as a record holds it."""
    return {"amount": amount, "currency": frame.mapping.till.currency}


def record_of(model: type[R], view: RowView, **fields: object) -> R:
    """Return the record; the protocol's own limits are the last check.

    Raises:
        WireRefusesError: When they refuse a value.
    """
    try:
        return model.model_validate({"key": view.key, **fields})
    except ValidationError as error:
        first = error.errors(include_url=False)[0]
        name = ".".join(str(part) for part in first["loc"])
        value: Value = first["input"] if isinstance(first["input"], str) else ""
        raise WireRefusesError(
            place=view.place((name,)), value=value, reason=f"{name}: {first['msg']}"
        ) from error
