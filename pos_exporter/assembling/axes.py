"""What variants differ by: the codes of a variant's sizes and colours, and what they are called.

codes_of([view], query)        # {'size': ('38', view), 'color': ('NOI', view)}
"""

from collections.abc import Sequence

from pos_exporter.assembling.codes import color
from pos_exporter.assembling.facts import record_of, value_key
from pos_exporter.assembling.shop_rules import PLAIN_NAME, line_of
from pos_exporter.mapping.entities import AxisRule, VariantQuery
from pos_exporter.mapping.fields import OWN_LANGUAGE, FieldRule, Texts
from pos_exporter.mapping.keys import join_key
from pos_exporter.mapping.named_errors import (
    UnknownAxisError,
    UnknownAxisValueError,
    VariantPlainError,
)
from pos_exporter.mapping.rows import Frame, RowView
from protocol.records import Axis, AxisValue


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
    names = view.texts(labels, line_of(PLAIN_NAME, repair=view.frame.mapping.repair_names))
    if view.frame.language not in names:
        raise UnknownAxisValueError(place=view.place((column,)), value=code)
    told = {} if rule.color is None else {"color": view.read(rule.color, color)}
    key = value_key(axis, code)
    return record_of(AxisValue, view, key=key, axis=axis, name=names, **told)


def an_axis_of_variants(axis: str, rule: AxisRule, frame: Frame) -> Axis:
    """Return the axis that a mapping names in words."""
    names = {lang or frame.language: words for lang, words in rule.name.items()}
    return Axis(key=axis, name=names or {frame.language: axis}, style=rule.style)
