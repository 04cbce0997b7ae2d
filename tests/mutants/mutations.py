"""Small faults to plant in a source file, one at a time: what the mutation run asks the tests to find.

mutmut and cosmic-ray know only a number off by one and the exchange of operators, and start an interpreter for each
mutant or copy the sources; the faults that matter here are a constant or a term three times too large or a quarter of
what it is, a sign, a guard left out, two gates in each other's place.
"""

from __future__ import annotations

import ast
import os
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path

EXCHANGED_NAMES = {"min": "max", "any": "all"}
EXCHANGED_METHODS = {
    "amin": "amax", "minimum": "maximum", "argmin": "argmax", "cummin": "cummax", "any": "all", "add": "sub",
    "add_": "sub_", "mul": "div", "mul_": "div_", "sigmoid": "tanh", "sigmoid_": "tanh_", "relu": "tanh",
    "of_x": "of_h", "isnan": "isfinite", "zeros": "ones", "zeros_like": "ones_like", "new_zeros": "new_ones",
}  # fmt: skip
for _names in (EXCHANGED_NAMES, EXCHANGED_METHODS):
    _names.update({other: one for one, other in _names.items() if other not in _names})
EXCHANGED_METHODS["tanh"] = "relu"

LEFT_OUT = (
    "abs", "abs_", "clamp", "clamp_", "clone", "detach", "double", "flip", "float", "masked_fill", "masked_fill_",
    "maximum", "minimum", "nan_to_num", "nan_to_num_", "projected", "relu", "sigmoid", "square", "sqrt", "tanh",
)  # fmt: skip
"""Methods without which an expression still makes sense."""

OPERATORS: dict[type[ast.AST], tuple[str, ...]] = {
    ast.Add: ("-",), ast.Sub: ("+",), ast.Mult: ("/", "+"), ast.Div: ("*",), ast.FloorDiv: ("*",), ast.Mod: ("*",),
    ast.Pow: ("*",), ast.MatMult: ("*",), ast.BitAnd: ("|",), ast.BitOr: ("&",),
    ast.Lt: ("<=", ">"), ast.LtE: ("<", ">"), ast.Gt: (">=", "<"), ast.GtE: (">", "<"), ast.Eq: ("!=",),
    ast.NotEq: ("==",), ast.Is: ("is not",), ast.IsNot: ("is",), ast.In: ("not in",), ast.NotIn: ("in",),
}  # fmt: skip
COMMUTATIVE = ("add", "addcmul_", "coarser", "max", "maximum", "min", "minimum", "multiply")
SIZED = ("Tensor", "float")  # what functions return that can be too large or too small
SCALED = ("({} * 3)", "({} / 4)")


@dataclass(frozen=True)
class Mutant:
    """A fault in the file at `path`: in the lines that read `old`, which then read `new`; `function` is its name."""

    path: Path
    function: str
    line: int
    old: str
    new: str
    source: str

    def __str__(self) -> str:
        return f"{os.path.relpath(self.path)}:{self.line} {self.function}\n    - {self.old}\n    + {self.new}"


def find_mutants(path: Path) -> list[Mutant]:
    """Return every fault that can be planted in a file, in the order of its lines."""
    source = path.read_text(encoding="utf-8")
    file = _File(source)
    file.visit(ast.parse(source))
    mutants = []
    for node, function, text in file.found:
        start, end = file.position(node.lineno, node.col_offset), file.position(node.end_lineno, node.end_col_offset)
        changed = (file.data[:start] + text.encode() + file.data[end:]).decode()
        first, last = node.lineno - 1, node.end_lineno
        lines = changed.splitlines()
        old, new = source.splitlines()[first:last], lines[first : last + len(lines) - len(source.splitlines())]
        old_text, new_text = (" ".join(line.strip() for line in part) for part in (old, new))
        mutants.append(Mutant(path, function, node.lineno, old_text, new_text, changed))
    unique = {mutant.source: mutant for mutant in reversed(mutants) if mutant.source != source}
    return sorted(unique.values(), key=lambda mutant: (mutant.line, mutant.new))


class _File(ast.NodeVisitor):
    """Collects what to put in the place of which part; not of types, texts, assertions and what is raised."""

    def __init__(self, source: str) -> None:
        self.data = source.encode()  # columns count bytes
        self._starts = [0]
        for line in self.data.splitlines(keepends=True):
            self._starts.append(self._starts[-1] + len(line))
        self.found: list[tuple[ast.expr | ast.stmt, str, str]] = []
        self._scope: list[str] = []
        self._returns = ""

    def position(self, line: int | None, column: int | None) -> int:
        assert line is not None
        assert column is not None
        return self._starts[line - 1] + column

    def text(self, node: ast.expr | ast.stmt) -> str:
        """Return the source of a part, in parentheses where it is no word: its own are not among its columns."""
        start, end = self.position(node.lineno, node.col_offset), self.position(node.end_lineno, node.end_col_offset)
        text = self.data[start:end].decode()
        words = ast.Name | ast.Attribute | ast.Call | ast.Subscript | ast.Constant | ast.stmt
        return text if isinstance(node, words) else f"({text})"

    def visit(self, node: ast.AST) -> None:
        if isinstance(node, ast.If) and ast.unparse(node.test) == "TYPE_CHECKING":
            return
        if isinstance(node, ast.stmt | ast.expr):
            for text in self._instead_of(node):
                self.found.append((node, ".".join(self._scope), text))
            for part, text in self._in_parts_of(node):
                self.found.append((part, ".".join(self._scope), text))
        super().visit(node)

    def visit_FunctionDef(self, node: ast.FunctionDef) -> None:
        before, self._returns = self._returns, ast.unparse(node.returns) if node.returns else ""
        self._scope.append(node.name)
        for default in (*node.args.defaults, *(one for one in node.args.kw_defaults if one)):
            self.visit(default)
        for statement in node.body:
            self.visit(statement)
        self._scope.pop()
        self._returns = before

    def visit_ClassDef(self, node: ast.ClassDef) -> None:
        self._scope.append(node.name)
        for statement in node.body:
            self.visit(statement)
        self._scope.pop()

    def visit_AnnAssign(self, node: ast.AnnAssign) -> None:
        if node.value is not None:
            self.visit(node.value)

    def visit_keyword(self, node: ast.keyword) -> None:
        if node.arg == "dim":  # which it is, is a fault; whether it is counted from the end is none
            other = "1" if self.text(node.value) == "0" else "0"
            self.found.append((node.value, ".".join(self._scope), other))
        elif node.arg != "strict":  # what is zipped is as long; that it is looked at is no result
            self.visit(node.value)

    def visit_Subscript(self, node: ast.Subscript) -> None:
        self.visit(node.value)
        if ast.unparse(node.slice).lstrip("-").isdigit():  # of two, [1] is [-1]
            self.found.append((node.slice, ".".join(self._scope), "1" if self.text(node.slice) == "0" else "0"))
        else:
            self.visit(node.slice)

    def visit_BinOp(self, node: ast.BinOp) -> None:
        if isinstance(node.op, ast.Pow) and isinstance(node.left, ast.Constant):
            self.visit(node.right)  # 2.0**-24 is one number
        elif not isinstance(node.op, ast.LShift):  # how much is computed at once changes the time only
            self.generic_visit(node)

    def _skip(self, node: ast.AST) -> None:
        pass

    visit_Import = visit_ImportFrom = visit_Assert = visit_Raise = visit_JoinedStr = _skip  # noqa: N815 - ast's names

    def _instead_of(self, node: ast.stmt | ast.expr) -> Iterator[str]:  # noqa: PLR0912 - a row for each kind
        """Yield what can stand in the place of all of a statement or expression."""
        match node:
            case ast.Expr(ast.Call()) | ast.AugAssign() | ast.Raise():
                yield "pass"
            case ast.Constant(bool(value)):
                yield str(not value)
            case ast.Constant(int(value) | float(value)):
                yield from ("0", f"(-{value})", f"({value} * 3)") if value else ("1",)
                if value:
                    yield f"({value} / 4)" if isinstance(value, float) else f"({value} + 1)"
            case ast.UnaryOp():
                yield self.text(node.operand)
            case ast.BinOp(left, operator, right):
                for other in OPERATORS.get(type(operator), ()):
                    yield f"({self.text(left)} {other} {self.text(right)})"
                if isinstance(operator, ast.Add | ast.Sub | ast.Mult):
                    yield from (self.text(left), self.text(right))
            case ast.BoolOp(operator, [first, *_, last]):
                other = "and" if isinstance(operator, ast.Or) else "or"
                yield "(" + f" {other} ".join(map(self.text, node.values)) + ")"
                yield from (self.text(first), self.text(last))
            case ast.Compare(left, [operator], [right]):
                for other in OPERATORS[type(operator)]:
                    yield f"({self.text(left)} {other} {self.text(right)})"
            case ast.Call(ast.Attribute(receiver, name)):
                if name in EXCHANGED_METHODS:
                    called = self.text(node)[len(self.text(node.func)) :]
                    yield f"{self.text(receiver)}.{EXCHANGED_METHODS[name]}{called}"
                if name in LEFT_OUT:
                    yield self.text(receiver)
            case ast.Call(ast.Name(name)) if name in EXCHANGED_NAMES:
                yield EXCHANGED_NAMES[name] + self.text(node)[len(name) :]

    def _in_parts_of(self, node: ast.stmt | ast.expr) -> Iterator[tuple[ast.expr, str]]:
        """Yield parts of a statement or expression, and what can stand in their place there."""
        swapped: list[ast.expr] = []
        match node:
            case ast.If(test) | ast.IfExp(test) | ast.While(test):
                yield test, f"(not {self.text(test)})"
            case ast.BinOp(left, ast.Add() | ast.Sub(), right):
                yield from ((side, scaled.format(self.text(side))) for side in (left, right) for scaled in SCALED)
            case ast.Return(ast.expr() as value):
                if self._returns in SIZED:
                    yield from ((value, scaled.format(self.text(value))) for scaled in SCALED)
                swapped = value.elts if isinstance(value, ast.Tuple) else []
            case ast.Dict() if self._returns == "Values":
                yield from ((value, scaled.format(self.text(value))) for value in node.values for scaled in SCALED)
                swapped = node.values
            case ast.Call(ast.Attribute(_, "add" | "add_"), [term, *_]):
                yield from ((term, scaled.format(self.text(term))) for scaled in SCALED)
        if isinstance(node, ast.Call):
            swapped = [] if ast.unparse(node.func).rpartition(".")[2] in COMMUTATIVE else node.args
            for keyword in node.keywords:
                if keyword.arg in ("alpha", "value"):
                    yield from ((keyword.value, scaled.format(self.text(keyword.value))) for scaled in SCALED)
        for one, other in pairwise(swapped):
            yield from self._exchanged(one, other)

    def _exchanged(self, one: ast.expr, other: ast.expr) -> Iterator[tuple[ast.expr, str]]:
        """Yield two neighbours in each other's place, as one part that reaches from the first to the last."""
        if _is_no_operand(one) or _is_no_operand(other):
            return
        both = ast.Name("", lineno=one.lineno, col_offset=one.col_offset)
        both.end_lineno, both.end_col_offset = other.end_lineno, other.end_col_offset
        start, end = self.position(one.end_lineno, one.end_col_offset), self.position(other.lineno, other.col_offset)
        yield both, self.text(other) + self.data[start:end].decode() + self.text(one)


def _is_no_operand(node: ast.expr) -> bool:
    """Whether it is a text, the parts of one, or what makes no program in another place."""
    text = isinstance(node, ast.Constant) and isinstance(node.value, str)
    return text or isinstance(node, ast.JoinedStr | ast.Dict | ast.Starred | ast.GeneratorExp)
