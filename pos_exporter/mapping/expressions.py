"""A small language for cells: arithmetic, comparisons, choices and a dozen functions, no more.

An expression is parsed once, against a closed list of forms; a name is a column, nothing has an
attribute, and nothing can be called but the functions below. Numbers are `Decimal`. A text that
holds a number becomes one by `number(COL)`, a flag by `bool(COL)`: never by accident, so that `"N"`
is not true and `"4O"` is not four. Nothing (a blank cell) makes any sum nothing.

    price = parse_expression("round(number(PX_HT) * (1 + number(TX) / 100), 2)")
    price.columns                                      # ('PX_HT', 'TX')
    price.evaluate({"PX_HT": "41,58", "TX": Decimal(20)}, Formats(decimal=","))
"""

import ast
import operator
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from decimal import Decimal, DecimalException, localcontext
from typing import Any

from pos_exporter.mapping.errors import (
    ExpressionFunctionError,
    ExpressionPartError,
    ExpressionSyntaxError,
)
from pos_exporter.mapping.formats import Formats, Value
from pos_exporter.mapping.functions import FUNCTIONS, Function, is_true, shown
from pos_exporter.mapping.row_errors import ExpressionError

LONGEST = 1000
_DEEPEST = 40

Cells = Mapping[str, Value]
Evaluate = Callable[[Cells, Formats], Value]

_SUMS: dict[type[ast.operator], Callable[[Decimal, Decimal], Decimal]] = {
    ast.Add: operator.add,
    ast.Sub: operator.sub,
    ast.Mult: operator.mul,
    ast.Div: operator.truediv,
}
# Both sides are of one kind when these are called.
_ORDERS: dict[type[ast.cmpop], Callable[[Any, Any], bool]] = {
    ast.Lt: operator.lt,
    ast.LtE: operator.le,
    ast.Gt: operator.gt,
    ast.GtE: operator.ge,
}


@dataclass(frozen=True)
class Expression:
    """A parsed expression.

    Args:
        text: As it was written.
        columns: The columns it reads, each once, in order of appearance.
    """

    text: str
    columns: tuple[str, ...]
    _run: Evaluate = field(repr=False, compare=False)

    def evaluate(self, cells: Cells, formats: Formats) -> Value:
        """Return the value for one row.

        Args:
            cells: A value per column in `columns`.
            formats: How the till writes numbers and flags.

        Raises:
            RowError: When these cells have no such value.
        """
        try:
            with localcontext() as context:
                context.prec = 40
                return self._run(cells, formats)
        except ExpressionError as error:
            facts = {**error.facts, "text": self.text}
            raise ExpressionError(value=error.value, **facts) from error
        except DecimalException as error:
            reason = {"reason_fr": "division par zéro ou nombre démesuré"}
            reason["reason_en"] = "division by zero or a number far too large"
            raise ExpressionError(text=self.text, **reason) from error


def parse_expression(text: str) -> Expression:
    """Return the expression that a text holds.

    Raises:
        ExpressionSyntaxError: When it cannot be read at all.
        ExpressionPartError: When it holds a form outside the grammar.
        ExpressionFunctionError: When it calls what is no function, or wrongly.
    """
    source = text.strip()
    if len(source) > LONGEST:
        raise ExpressionSyntaxError(value=text, position=LONGEST, reason="too long")
    try:
        tree = ast.parse(source, mode="eval")
    except (SyntaxError, ValueError, MemoryError, RecursionError) as error:
        position = getattr(error, "offset", None) or 1
        reason = getattr(error, "msg", None) or str(error)
        raise ExpressionSyntaxError(value=text, position=position, reason=reason) from error
    parser = _Parser(source)
    run = parser.parse(tree.body)
    return Expression(source, tuple(parser.columns), run)


class _Parser:
    def __init__(self, source: str) -> None:
        self.columns: dict[str, None] = {}
        self._source = source
        self._depth = 0

    def parse(self, node: ast.expr) -> Evaluate:
        self._depth += 1
        if self._depth > _DEEPEST:
            raise ExpressionPartError(part="(((…", position=node.col_offset + 1)
        try:
            return self._parsed(node)
        finally:
            self._depth -= 1

    def _parsed(self, node: ast.expr) -> Evaluate:
        match node:
            case ast.Constant():
                return self._constant(node)
            case ast.Name(id=name):
                self.columns[name] = None
                return lambda cells, formats: cells[name]
            case ast.BinOp(left=left, op=op, right=right) if type(op) in _SUMS:
                return _sum(_SUMS[type(op)], self.parse(left), self.parse(right))
            case ast.UnaryOp(op=ast.USub(), operand=operand):
                zero: Evaluate = lambda cells, formats: Decimal(0)  # noqa: E731 (typed)
                return _sum(operator.sub, zero, self.parse(operand))
            case ast.UnaryOp(op=ast.Not(), operand=operand):
                inner = self.parse(operand)
                return lambda cells, formats: not is_true(inner(cells, formats))
            case ast.BoolOp(op=op, values=values):
                return _choice(isinstance(op, ast.Or), [self.parse(value) for value in values])
            case ast.Compare():
                return self._comparison(node)
            case ast.IfExp(test=test, body=body, orelse=orelse):
                when, yes, no = self.parse(test), self.parse(body), self.parse(orelse)
                return lambda cells, formats: (
                    yes(cells, formats) if is_true(when(cells, formats)) else no(cells, formats)
                )
            case ast.Call():
                return self._call(node)
        raise self._refused(node)

    def _refused(self, node: ast.expr) -> ExpressionPartError:
        part = ast.get_source_segment(self._source, node) or type(node).__name__
        return ExpressionPartError(value=self._source, part=part[:60], position=node.col_offset + 1)

    def _constant(self, node: ast.Constant) -> Evaluate:
        value: Value
        if node.value is None or isinstance(node.value, bool | str):
            value = node.value
        elif isinstance(node.value, int | float):
            # From the text as written: a float would already have lost something.
            written = (ast.get_source_segment(self._source, node) or "").replace("_", "")
            if not written.replace(".", "", 1).isdecimal():
                raise self._refused(node)
            value = Decimal(written)
        else:
            raise self._refused(node)
        return lambda cells, formats: value

    def _comparison(self, node: ast.Compare) -> Evaluate:
        parts: list[Callable[[Value, Cells, Formats], tuple[bool, Value]]] = []
        for op, right in zip(node.ops, node.comparators, strict=True):
            if isinstance(op, ast.In | ast.NotIn):
                parts.append(_membership(isinstance(op, ast.In), self._listed(right)))
            elif isinstance(op, ast.Eq | ast.NotEq):
                parts.append(_equality(isinstance(op, ast.Eq), self.parse(right)))
            elif type(op) in _ORDERS:
                parts.append(_order(_ORDERS[type(op)], self.parse(right)))
            else:
                raise self._refused(node)
        first = self.parse(node.left)

        def run(cells: Cells, formats: Formats) -> Value:
            left = first(cells, formats)
            for part in parts:
                holds, left = part(left, cells, formats)
                if not holds:
                    return False
            return True

        return run

    def _listed(self, node: ast.expr) -> list[Evaluate]:
        if not isinstance(node, ast.Tuple | ast.List):
            raise self._refused(node)
        return [self.parse(item) for item in node.elts]

    def _call(self, node: ast.Call) -> Evaluate:
        name = node.func.id if isinstance(node.func, ast.Name) else ""
        function = FUNCTIONS.get(name)
        fits = function is not None and function.least <= len(node.args) <= function.most
        if function is None or not fits or node.keywords:
            part = ast.get_source_segment(self._source, node.func) or name
            known = ", ".join(sorted(FUNCTIONS))
            position = node.col_offset + 1
            raise ExpressionFunctionError(
                value=self._source, part=part[:60], position=position, known=known
            )
        return _called(function, [self.parse(argument) for argument in node.args])


def _called(function: Function, arguments: list[Evaluate]) -> Evaluate:
    def run(cells: Cells, formats: Formats) -> Value:
        return function.run([argument(cells, formats) for argument in arguments], formats)

    return run


def _sum(act: Callable[[Decimal, Decimal], Decimal], left: Evaluate, right: Evaluate) -> Evaluate:
    def run(cells: Cells, formats: Formats) -> Value:
        one, other = left(cells, formats), right(cells, formats)
        if one is None or other is None:
            return None
        if not isinstance(one, Decimal) or not isinstance(other, Decimal):
            wrong = other if isinstance(one, Decimal) else one
            raise ExpressionError(
                value=wrong,
                reason_fr=f"{shown(wrong)} n'est pas un nombre : number(…)",
                reason_en=f"{shown(wrong)} is no number: number(…)",
            )
        return act(one, other)

    return run


def _choice(is_or: bool, parts: list[Evaluate]) -> Evaluate:
    def run(cells: Cells, formats: Formats) -> Value:
        tests = (is_true(part(cells, formats)) for part in parts)
        return any(tests) if is_or else all(tests)

    return run


def _same_kind(left: Value, right: Value) -> None:
    if left is None or right is None or type(left) is type(right):
        return
    raise ExpressionError(
        value=left,
        reason_fr=f"{shown(left)} ne se compare pas à {shown(right)}",
        reason_en=f"{shown(left)} cannot be compared with {shown(right)}",
    )


def _equality(
    wanted: bool, right: Evaluate
) -> Callable[[Value, Cells, Formats], tuple[bool, Value]]:
    def test(left: Value, cells: Cells, formats: Formats) -> tuple[bool, Value]:
        other = right(cells, formats)
        _same_kind(left, other)
        return (left == other) is wanted, other

    return test


def _order(
    act: Callable[[Any, Any], bool], right: Evaluate
) -> Callable[[Value, Cells, Formats], tuple[bool, Value]]:
    def test(left: Value, cells: Cells, formats: Formats) -> tuple[bool, Value]:
        other = right(cells, formats)
        _same_kind(left, other)
        return left is not None and other is not None and act(left, other), other

    return test


def _membership(
    wanted: bool, items: list[Evaluate]
) -> Callable[[Value, Cells, Formats], tuple[bool, Value]]:
    def test(left: Value, cells: Cells, formats: Formats) -> tuple[bool, Value]:
        others = [item(cells, formats) for item in items]
        for other in others:
            _same_kind(left, other)
        return (left in others) is wanted, left

    return test
