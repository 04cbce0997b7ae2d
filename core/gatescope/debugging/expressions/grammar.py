"""The grammar: which parts of Python's syntax an expression may use, and what each becomes.

Every kind of node that is not named here is refused.
"""

from __future__ import annotations

import ast
import difflib
import operator
from collections.abc import Callable, Iterable
from functools import reduce
from typing import Any

import numpy as np

from gatescope.debugging.expressions.errors import ExpressionError, quote
from gatescope.debugging.expressions.functions import FUNCTIONS, require
from gatescope.debugging.expressions.names import Kind, Names
from gatescope.debugging.expressions.operands import Operand, elementwise, one_unit
from gatescope.debugging.expressions.step_arrays import Value
from gatescope.debugging.expressions.tokenizer import DEPTH, screen
from gatescope.messages.message import Message, describe_all

_ARITHMETIC: dict[type[ast.operator], Callable[..., Any]] = {
    ast.Add: np.add, ast.Sub: np.subtract, ast.Mult: np.multiply, ast.Div: np.divide,
    ast.FloorDiv: np.floor_divide, ast.Mod: np.remainder,
}  # fmt: skip
_SIGNS: dict[type[ast.unaryop], Callable[..., Any]] = {ast.USub: np.negative, ast.UAdd: np.positive}
# Python's own, since numpy's know no texts before version 2; of arrays they are numpy's.
_COMPARISONS: dict[type[ast.cmpop], Callable[..., Any]] = {
    ast.Lt: operator.lt, ast.LtE: operator.le, ast.Gt: operator.gt, ast.GtE: operator.ge,
    ast.Eq: operator.eq, ast.NotEq: operator.ne,
}  # fmt: skip
_JOINS: dict[type[ast.boolop], Callable[..., Any]] = {ast.And: np.logical_and, ast.Or: np.logical_or}
_DIRECTIONS = ("forward", "reverse")


def compiled_term(text: str, names: Names) -> Operand:
    """Check an expression and compile it.

    Raises
    ------
    ExpressionError
        Where it is none of the language.
    """
    line = f"({screen(text, names)})"  # in brackets, spaces before it mean nothing
    try:
        tree = ast.parse(line, mode="eval").body
    except SyntaxError as error:
        # What the screening lets through and Python does not, such as `1 < not 2`.
        place = min(max((error.offset or 2) - 2, 0), len(text) - 1)
        raise ExpressionError(Message("expression_not_read"), place, len(text)) from None
    except (ValueError, MemoryError, RecursionError):
        raise ExpressionError(Message("expression_not_read"), 0, len(text)) from None
    compiler = _Compiler(text, line, names)
    compiler.check_depth(tree)
    try:
        return compiler.term(tree)
    except RecursionError:  # called from very deep down
        raise ExpressionError(Message("expression_too_deep", {"limit": DEPTH}), 0, len(text)) from None


class _Compiler:
    """Makes a term of each node of one expression.

    Parameters
    ----------
    text : str
        As it was written.
    line : str
        As it was parsed: with a bracket before it.
    names : Names
        What may be used.
    """

    def __init__(self, text: str, line: str, names: Names) -> None:
        self._text = text
        self._bytes = line.encode()  # Python counts columns in them
        self._names = names

    def check_depth(self, tree: ast.expr) -> None:
        """Refuse nodes that lie too deep for functions that call each other."""
        level = [tree]
        for _ in range(DEPTH):
            level = [child for node in level for child in ast.iter_child_nodes(node) if isinstance(child, ast.expr)]
        if level:
            raise ExpressionError(Message("expression_too_deep", {"limit": DEPTH}), *self._place(level[0]))

    def term(self, node: ast.expr) -> Operand:
        """Compile a node."""
        match node:
            case ast.Constant(value=int() | float() as value) if not isinstance(value, bool):
                return self._placed(_constant(float(value)), node)
            case ast.Constant(value=str()):
                raise self._refused(node, Message("expression_text_place"))
            case ast.Name():
                return self._placed(self._name(node), node)
            case ast.Subscript():
                return self._placed(self._unit(node), node)
            case ast.Call():
                return self._placed(self._call(node), node)
            case ast.UnaryOp() | ast.BinOp() | ast.BoolOp() | ast.Compare():
                return self._placed(self._operation(node), node)
        raise self._refused(node, Message("expression_not_read"))

    def _operation(self, node: ast.UnaryOp | ast.BinOp | ast.BoolOp | ast.Compare) -> Operand:
        match node:
            case ast.UnaryOp(op=ast.Not()):
                return elementwise("truth", np.logical_not, self._of_kind("truth", node.operand))
            case ast.UnaryOp() if type(node.op) in _SIGNS:
                return self._signed(node)
            case ast.BinOp() if type(node.op) in _ARITHMETIC:
                left, right = (self._of_kind("number", side) for side in (node.left, node.right))
                return elementwise("number", _ARITHMETIC[type(node.op)], left, right)
            case ast.BoolOp():
                join = _JOINS[type(node.op)]
                truths = [self._of_kind("truth", value) for value in node.values]
                return elementwise("truth", lambda *values: _joined(join, values), *truths)
            case ast.Compare():
                return self._comparison(node)
        raise self._refused(node, Message("expression_not_read"))

    def _signed(self, node: ast.UnaryOp) -> Operand:
        operand = self._of_kind("number", node.operand)
        if isinstance(operand.constant, float):
            return _constant(-operand.constant if isinstance(node.op, ast.USub) else operand.constant)
        return elementwise("number", _SIGNS[type(node.op)], operand)

    def _comparison(self, node: ast.Compare) -> Operand:
        nodes = [node.left, *node.comparators]
        terms = [self._side(side) for side in nodes]
        functions = []
        for left, right, comparison in zip(terms, terms[1:], node.ops, strict=False):
            if type(comparison) not in _COMPARISONS:
                raise self._refused(node, Message("expression_not_read"))
            _check_sides(left, right, equal=isinstance(comparison, ast.Eq | ast.NotEq))
            functions.append(_COMPARISONS[type(comparison)])

        def compare(*values: Value) -> Value:
            pairs = zip(functions, values, values[1:], strict=False)
            return _joined(np.logical_and, [function(left, right) for function, left, right in pairs])

        return elementwise("truth", compare, *terms)

    def _side(self, node: ast.expr) -> Operand:
        """Compile a side of a comparison, which alone may be a text."""
        if isinstance(node, ast.Constant) and isinstance(node.value, str):
            return self._placed(_constant(node.value), node)
        return self.term(node)

    def _of_kind(self, kind: Kind, node: ast.expr) -> Operand:
        return require(kind, self.term(node))

    def _name(self, node: ast.Name) -> Operand:
        name = self._names.by_name.get(node.id)
        if name is None:
            raise self._refused(node, self._unknown(node.id))
        source = name.source
        return Operand(
            name.kind,
            lambda part: part[source],
            name.units,
            name.varies,
            name.limits,
            at_start=source in self._names.at_start,
            uses=frozenset({source}),
        )

    def _unknown(self, word: str) -> Message:
        if word in self._names.missing:
            return self._names.missing[word]
        if word in FUNCTIONS:
            return Message("expression_function_alone", {"usage": FUNCTIONS[word].usage})
        return _unknown(word, [*self._names.by_name, *FUNCTIONS], list(self._names.by_name))

    def _unit(self, node: ast.Subscript) -> Operand:
        if isinstance(node.value, ast.Name) and node.value.id in FUNCTIONS:
            raise self._refused(node.value, self._unknown(node.value.id))
        vector = self.term(node.value)
        if vector.units is None:
            raise self._refused(node, Message("expression_no_units", {"part": vector.text}))
        unit = _whole_number(node.slice)
        fields = {"part": vector.text, "last": vector.units - 1}
        if unit is None:
            raise self._refused(node.slice, Message("expression_unit_not_whole", fields))
        if unit not in range(vector.units):
            raise self._refused(
                node.slice, Message("expression_unit_range", fields | {"unit": self._quote(node.slice)})
            )
        return one_unit(vector, unit)

    def _call(self, node: ast.Call) -> Operand:
        if not isinstance(node.func, ast.Name) or node.keywords:
            raise self._refused(node.func, Message("expression_not_a_function", {"part": self._quote(node.func)}))
        name = node.func.id
        if name not in FUNCTIONS:
            raise self._refused(node.func, self._no_function(name))
        function = FUNCTIONS[name]
        if len(node.args) != function.values:
            fields = {"usage": function.usage, "expected": function.values, "given": len(node.args)}
            raise self._refused(node, Message("expression_values", fields))
        return function.build(*(self.term(argument) for argument in node.args))

    def _no_function(self, name: str) -> Message:
        if name in self._names.by_name:
            return Message("expression_not_a_function", {"part": name})
        return _unknown(name, list(FUNCTIONS), list(FUNCTIONS))

    def _placed(self, term: Operand, node: ast.expr) -> Operand:
        return term.placed(self._text, *self._place(node))

    def _refused(self, node: ast.expr, message: Message) -> ExpressionError:
        return ExpressionError(message, *self._place(node))

    def _quote(self, node: ast.expr) -> str:
        start, end = self._place(node)
        return quote(self._text[start:end])

    def _place(self, node: ast.expr) -> tuple[int, int]:
        start, end = (self._offset(column) for column in (node.col_offset, node.end_col_offset or 0))
        return start, end

    def _offset(self, column: int) -> int:
        """Return the place in the text of a column of the parsed line."""
        return len(self._bytes[:column].decode()) - 1


def _whole_number(node: ast.expr) -> int | None:
    if isinstance(node, ast.UnaryOp) and isinstance(node.op, ast.USub):
        number = _whole_number(node.operand)
        return None if number is None else -number
    value = node.value if isinstance(node, ast.Constant) else None
    return value if isinstance(value, int) and not isinstance(value, bool) else None


def _constant(value: float | str) -> Operand:
    kind: Kind = "text" if isinstance(value, str) else "number"
    return Operand(kind, lambda _part: value, constant=value)


def _joined(function: Callable[..., Any], values: Iterable[Value]) -> Value:
    result: Value = reduce(function, values)
    return result


def _unknown(word: str, near: list[str], allowed: list[str]) -> Message:
    """Say what a word that is no name could have been."""
    fields = {"name": quote(word), "allowed": describe_all(allowed)}
    closest = difflib.get_close_matches(word.lower(), near, n=1)
    if closest:
        return Message("expression_unknown_near", fields | {"closest": closest[0]})
    return Message("expression_unknown", fields)


def _check_sides(left: Operand, right: Operand, *, equal: bool) -> None:
    """Refuse two sides of a comparison that cannot be compared."""
    for term in (left, right):
        if term.kind == "truth":
            raise term.refused(Message("expression_truth_compared", {"part": term.text}))
    start, end = left.start, right.end
    if left.kind != right.kind:
        text, number = (left, right) if left.kind == "text" else (right, left)
        fields = {"text": text.text, "number": number.text}
        raise ExpressionError(Message("expression_text_and_number", fields), start, end)
    if left.kind == "text" and not equal:
        raise ExpressionError(Message("expression_text_order"), start, end)
    for one, other in ((left, right), (right, left)):
        if isinstance(one.constant, str):
            _check_constant_text(one, other)


def _check_constant_text(constant: Operand, other: Operand) -> None:
    if isinstance(other.constant, str):
        raise constant.refused(Message("expression_text_place"))
    if other.uses == {"direction"} and constant.constant not in _DIRECTIONS:
        raise constant.refused(Message("expression_direction", {"value": constant.text}))
