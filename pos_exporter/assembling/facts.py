"""One row becomes one fact: a function per kind, pure, each answering a record of the protocol.

What a row says of itself is checked here; what it says of other rows (does this brand exist?) is
for `assemble`. A field that the mapping does not name is not said; a named one that is blank is
said to be nothing.

    record = article(view, query, categories=("F01",))
    record.price.amount                               # Decimal('49.90')
"""

from collections.abc import Mapping, Sequence
from typing import TypeVar

from pydantic import ValidationError

from pos_exporter.assembling.shop_rules import (
    BRAND_NAME,
    NAME,
    PLAIN_NAME,
    REFERENCE,
    LineRule,
    bar_code,
    color,
    description,
    line_of,
    needed_line,
    needed_price,
    purchase_price,
    sale_price,
    tax_rate,
)
from pos_exporter.mapping.entities import (
    ArticleQuery,
    AxisQuery,
    AxisRule,
    AxisValueQuery,
    BrandQuery,
    CategoryQuery,
    PhotoQuery,
    TaxRateQuery,
    VariantQuery,
)
from pos_exporter.mapping.errors import (
    NameEmptyError,
    RowError,
    UnknownAxisError,
    UnknownAxisValueError,
    UnknownTaxRateError,
    VariantPlainError,
    WireRefusesError,
)
from pos_exporter.mapping.fields import OWN_LANGUAGE, FieldRule, Texts
from pos_exporter.mapping.formats import Value, plain_text
from pos_exporter.mapping.keys import fit_key, join_key
from pos_exporter.mapping.rows import Frame, RowView
from protocol.records import (
    Article,
    Axis,
    AxisValue,
    Brand,
    Category,
    Photo,
    Record,
    TaxRate,
    Variant,
)

R = TypeVar("R", bound=Record)
_ARTICLE_EAN = bar_code((8, 12, 13, 14))
_VARIANT_EAN = bar_code((8, 12, 13))


def a_tax_rate(view: RowView, query: TaxRateQuery) -> TaxRate:
    """Return a VAT rate."""
    rule = query.fields.country
    country = view.read(rule, plain_text) if rule is not None else None
    rate = view.read(query.fields.rate, tax_rate(view.frame.mapping.formats))
    return _record(TaxRate, view, rate=rate, country=country or view.frame.mapping.till.country)


def a_category(view: RowView, query: CategoryQuery) -> Category:
    """Return a category; its parent is not looked for here."""
    parent = query.fields.parent
    return _record(
        Category,
        view,
        name=_names(view, query.fields.name, NAME),
        parent=view.reference(parent) if parent is not None else None,
    )


def a_brand(view: RowView, query: BrandQuery) -> Brand:
    """Return a brand."""
    return _record(Brand, view, name=view.read(query.fields.name, needed_line(BRAND_NAME)))


def an_axis(view: RowView, query: AxisQuery) -> Axis:
    """Return an axis of variants."""
    style = query.fields.style
    told = {} if style is None else {"style": view.read(style, plain_text) or "select"}
    return _record(Axis, view, name=_names(view, query.fields.name, PLAIN_NAME), **told)


def an_axis_value(view: RowView, query: AxisValueQuery) -> AxisValue:
    """Return a size or a colour; its key is that of the axis and its own."""
    axis = _needed_reference(view, query.fields.axis, UnknownAxisError)
    hexa = query.fields.color
    told = {} if hexa is None else {"color": view.read(hexa, color)}
    names = _names(view, query.fields.name, PLAIN_NAME)
    return _record(
        AxisValue, view, key=axis_value_key(axis, view.key), axis=axis, name=names, **told
    )


def axis_value_key(axis: str, code: str) -> str:
    """Return the key of an axis' value from the two keys."""
    return fit_key(f"{axis}|{code}")


def an_article(view: RowView, query: ArticleQuery, more_categories: Sequence[str]) -> Article:
    """Return an article.

    Args:
        view: Its row.
        query: Its query.
        more_categories: Keys of the categories that another query gives it.
    """
    fields, frame = query.fields, view.frame
    told: dict[str, object] = {}
    if fields.ean is not None:
        told["ean"] = view.read(fields.ean, _ARTICLE_EAN)
    if fields.description is not None:
        told["description"] = view.texts(fields.description, description) or None
    if fields.brand is not None:
        told["brand"] = view.reference(fields.brand)
    if fields.purchase_price is not None and frame.mapping.send_purchase_price:
        told["purchase_price"] = view.read(
            fields.purchase_price, purchase_price(frame.mapping.formats)
        )
    named = [view.reference(rule) for rule in fields.categories]
    categories = dict.fromkeys(key for key in (*named, *more_categories) if key is not None)
    return _record(
        Article,
        view,
        reference=view.read(fields.reference, needed_line(REFERENCE)),
        name=_names(view, fields.name, NAME),
        price=_price(view.read(fields.price, needed_price(frame.mapping.formats)), frame),
        tax_rate=_needed_reference(view, fields.tax_rate, UnknownTaxRateError),
        categories=tuple(categories),
        **told,
    )


def a_variant(view: RowView, query: VariantQuery, article: str, values: Sequence[str]) -> Variant:
    """Return a variant of an article with these axis values (keys)."""
    fields, told = query.fields, dict[str, object]()
    if fields.reference is not None:
        told["reference"] = view.read(fields.reference, line_of(REFERENCE)) or ""
    if fields.ean is not None:
        told["ean"] = view.read(fields.ean, _VARIANT_EAN)
    if fields.price is not None:
        amount = view.read(fields.price, sale_price(view.frame.mapping.formats))
        told["price"] = None if amount is None else _price(amount, view.frame)
    return _record(Variant, view, article=article, values=tuple(values), **told)


def codes_of(views: Sequence[RowView], query: VariantQuery) -> dict[str, tuple[str, RowView]]:
    """Return a variant's code per axis, and the row that says it.

    Args:
        views: The variant's rows: one, or one per axis with `pivot`.
        query: Its query.

    Raises:
        RowError: When an axis is unknown, or there is no code at all.
    """
    pivot, found = query.pivot, dict[str, tuple[str, RowView]]()
    for view in views:
        columns = {name: axis.col for name, axis in query.axes.items() if axis.col is not None}
        if pivot is not None:
            written = view.code(pivot.axis) or ""
            if written not in pivot.axes:
                raise UnknownAxisError(place=view.place((pivot.axis,)), value=written)
            columns = {pivot.axes[written]: pivot.value}
        for name, column in columns.items():
            code = view.code(column)
            if code is not None:
                found[name] = (join_key([code]), view)
    if not found:
        columns_read = [axis.col for axis in query.axes.values() if axis.col is not None]
        raise VariantPlainError(
            place=views[0].place(columns_read or [pivot.value if pivot else ""])
        )
    return found


def a_value_of_variants(
    view: RowView, axis: str, rule: AxisRule, code: str, column: str
) -> AxisValue:
    """Return the size or colour that a variant's own row describes.

    Raises:
        UnknownAxisValueError: When the row has no label for it: its code is in no list.
    """
    labels: Texts = rule.label or {OWN_LANGUAGE: FieldRule(col=column)}
    names = view.texts(labels, line_of(PLAIN_NAME))
    if view.frame.language not in names:
        raise UnknownAxisValueError(place=view.place((column,)), value=code)
    told = {} if rule.color is None else {"color": view.read(rule.color, color)}
    key = axis_value_key(axis, code)
    return _record(AxisValue, view, key=key, axis=axis, name=names, **told)


def an_axis_of_variants(axis: str, rule: AxisRule, frame: Frame) -> Axis:
    """Return the axis that a mapping names in words."""
    names = {lang or frame.language: words for lang, words in rule.name.items()}
    return Axis(key=axis, name=names or {frame.language: axis}, style=rule.style)


def a_photo(
    view: RowView, query: PhotoQuery, article: str, position: int, sha256: str, size: int
) -> Photo:
    """Return a photo of an article whose bytes are known."""
    legend = query.fields.legend
    told = {} if legend is None else {"legend": view.texts(legend, line_of(PLAIN_NAME)) or None}
    return _record(
        Photo, view, article=article, sha256=sha256, size=size, position=position, **told
    )


def _names(view: RowView, rules: Texts, rule: LineRule) -> dict[str, str]:
    names = view.texts(rules, line_of(rule))
    own = view.frame.language
    if own not in names:
        asked = rules.get(own) or rules.get(OWN_LANGUAGE)
        raise NameEmptyError(place=view.place(asked.columns() if asked else ()))
    return names


def _needed_reference(view: RowView, rule: FieldRule, missing: type[RowError]) -> str:
    key = view.reference(rule)
    if key is None:
        raise missing(place=view.place(rule.columns()))
    return key


def _price(amount: object, frame: Frame) -> Mapping[str, object]:
    return {"amount": amount, "currency": frame.mapping.till.currency}


def _record(model: type[R], view: RowView, **fields: object) -> R:
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
