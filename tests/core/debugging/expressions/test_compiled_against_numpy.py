"""Random expressions over random traces, against an evaluator that takes one step of one element after the other."""

from __future__ import annotations

import ast
import operator
from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import cache
from typing import Any

import numpy as np
import torch
from hypothesis import given, settings, strategies as st
from torch import nn

import gatescope as gs
from gatescope.debugging.expressions.compiled import compile_condition, compile_expression
from gatescope.debugging.expressions.log_message import compile_message
from gatescope.debugging.expressions.names import Names
from gatescope.debugging.expressions.step_arrays import StepArrays
from gatescope.traces.trace import CellTrace, Trace

STEPS, BATCH, UNITS = 5, 3, 4
POOL = [0.0, -0.0, 0.1, 0.25, 0.5, 0.9, 0.95, 1.0, -1.0, -0.3, 2.0, 7.5, float("nan"), float("inf"), -float("inf")]
KINDS = {"LSTM": {}, "LSTM, projected": {"proj_size": 2}, "GRU": {}, "RNN": {}, "RNN, relu": {"nonlinearity": "relu"}}


# ------------------------------------------------------------------------------------------------ traces


@cache
def real_trace(kind: str, dtype: torch.dtype) -> Trace:
    module = getattr(nn, kind.split(",", maxsplit=1)[0])(3, UNITS, bidirectional=True, **KINDS[kind]).to(dtype)
    return gs.trace(module, torch.zeros(STEPS, BATCH, 3, dtype=dtype))


@st.composite
def random_cells(draw: st.DrawFn) -> tuple[Trace, CellTrace]:
    """Draw a trace whose cell holds any numbers; in half of the cases as of a packed sequence."""
    trace = real_trace(draw(st.sampled_from(list(KINDS))), draw(st.sampled_from([torch.float32, torch.float64])))
    cell = trace.cell(0, draw(st.sampled_from(trace.spec.directions)))
    generator = torch.Generator().manual_seed(draw(st.integers(0, 10**6)))
    lengths = draw(st.none() | st.lists(st.integers(1, STEPS), min_size=BATCH, max_size=BATCH).map(torch.tensor))

    def anything(like: torch.Tensor) -> torch.Tensor:
        drawn = torch.tensor(POOL, dtype=like.dtype)[torch.randint(len(POOL), like.shape, generator=generator)]
        return torch.where(torch.rand(like.shape, generator=generator) < 0.5, drawn, torch.rand_like(drawn))

    changed = replace(cell.mapped(anything), lengths=lengths)
    if changed.present is not None:
        absent = ~changed.present[..., None]
        values = {name: value.masked_fill(absent, torch.nan) for name, value in changed.values.items()}
        changed = replace(changed, x=changed.x.masked_fill(absent, torch.nan), values=values)
    tokens = tuple(draw(st.text("lo你\n", min_size=STEPS, max_size=STEPS)))
    return replace(trace.with_cell(changed), tokens=tokens), changed


# ------------------------------------------------------------------------------------------- expressions


@dataclass
class Writer:
    """Writes random expressions that are right."""

    draw: st.DrawFn
    names: Names

    def one_of(self, *ways: Callable[[], str]) -> str:
        return self.draw(st.sampled_from(ways))()

    def vector_name(self, units: int) -> str:
        return self.draw(st.sampled_from([n.name for n in self.names.by_name.values() if n.units == units]))

    def gate(self) -> str:
        return self.draw(
            st.sampled_from([n.name for n in self.names.by_name.values() if n.limits in ((0, 1), (-1, 1))])
        )

    def constant(self) -> str:
        return self.draw(st.sampled_from(["0", "1", "0.1", "2", "1e-3", "-0.5", "0.9", "100", "1e300"]))

    def number(self, depth: int) -> str:
        simple = [self.constant, self.unit, lambda: self.draw(st.sampled_from(["t", "layer", "batch"]))]
        if not depth:
            return self.one_of(*simple)
        return self.one_of(
            *simple, lambda: self.arithmetic(self.number, depth), lambda: f"-{self.number(depth - 1)}",
            lambda: f"{self.draw(st.sampled_from(['mean', 'min', 'max', 'sum']))}({self.vector(depth - 1)})",
            lambda: f"{self.draw(st.sampled_from(['mean', 'sum']))}({self.truths(depth - 1)})",
            lambda: f"{self.draw(st.sampled_from(['abs', 'prev', 'next']))}({self.number(depth - 1)})",
            lambda: f"saturated({self.gate()}, 0.9)" if self.has_gates else self.unit(),
        )  # fmt: skip

    @property
    def has_gates(self) -> bool:
        return any(name.limits for name in self.names.by_name.values())

    def unit(self) -> str:
        units = self.draw(st.sampled_from([name.units for name in self.names.by_name.values() if name.units]))
        return f"{self.vector_name(units)}[{self.draw(st.integers(0, units - 1))}]"

    def arithmetic(self, side: Callable[[int], str], depth: int) -> str:
        sign = self.draw(st.sampled_from(["+", "-", "*", "/", "%", "//"]))
        return f"({side(depth - 1)} {sign} {self.number(depth - 1)})"

    def vector(self, depth: int) -> str:
        if not depth:
            return self.vector_name(UNITS)
        return self.one_of(
            lambda: self.vector_name(UNITS), lambda: self.arithmetic(self.vector, depth),
            lambda: f"({self.vector(depth - 1)} - {self.vector(depth - 1)})",
            lambda: f"{self.draw(st.sampled_from(['abs', 'prev', 'next']))}({self.vector(depth - 1)})",
        )  # fmt: skip

    def compared(self, first: str, depth: int) -> str:
        signs = self.draw(st.lists(st.sampled_from(["<", "<=", ">", ">=", "==", "!="]), min_size=1, max_size=2))
        return f"({first} {' '.join(f'{sign} {self.number(depth - 1)}' for sign in signs)})"

    def truths(self, depth: int) -> str:
        depth = max(depth, 1)
        return self.one_of(
            lambda: self.compared(self.vector(depth - 1), depth),
            lambda: f"({self.compared(self.vector(depth - 1), depth)} and {self.truth(depth - 1)})",
            lambda: f"(not {self.compared(self.vector(depth - 1), depth)})",
            lambda: f"crosses({self.vector(depth - 1)}, {self.number(depth - 1)})",
            lambda: f"isfinite({self.vector(depth - 1)})",
        )

    def truth(self, depth: int) -> str:
        simple = [
            lambda: self.compared(self.number(0), 1),
            lambda: self.draw(st.sampled_from(['token == "l"', 'direction != "reverse"', "token == prev(token)"])),
        ]
        if depth <= 0:
            return self.one_of(*simple)
        return self.one_of(
            *simple, lambda: self.compared(self.number(depth - 1), depth),
            lambda: f"({self.truth(depth - 1)} {self.draw(st.sampled_from(['and', 'or']))} {self.truth(depth - 1)})",
            lambda: f"(not {self.truth(depth - 1)})",
            lambda: f"{self.draw(st.sampled_from(['any', 'all']))}({self.truths(depth - 1)})",
            lambda: f"{self.draw(st.sampled_from(['prev', 'next']))}({self.truth(depth - 1)})",
            lambda: f"crosses({self.number(depth - 1)}, {self.number(depth - 1)})",
            lambda: f"isnan({self.draw(st.sampled_from([self.vector, self.number]))(depth - 1)})",
        )  # fmt: skip


# ------------------------------------------------------------------------------------------------ one step


class UnknownError(Exception):
    """What is not known before the first step."""


ARITHMETIC: dict[type, Callable[..., Any]] = {
    ast.Add: np.add, ast.Sub: np.subtract, ast.Mult: np.multiply, ast.Div: np.divide, ast.Mod: np.mod,
    ast.FloorDiv: np.floor_divide,
}  # fmt: skip
COMPARISONS = {
    ast.Lt: operator.lt, ast.LtE: operator.le, ast.Gt: operator.gt, ast.GtE: operator.ge, ast.Eq: operator.eq,
    ast.NotEq: operator.ne,
}  # fmt: skip
REDUCTIONS = {"any": np.any, "all": np.all, "mean": np.mean, "min": np.min, "max": np.max, "sum": np.sum}


@dataclass
class Walk:
    """Evaluates at one step after the other, counted from 0 in the order in which one element runs; -1 is before."""

    trace: Trace
    cell: CellTrace
    batch: int

    @property
    def order(self) -> list[int]:
        steps = STEPS if self.cell.lengths is None else int(self.cell.lengths[self.batch])
        return list(range(steps)) if self.cell.direction == "forward" else list(range(steps))[::-1]

    def at(self, node: ast.AST, step: int) -> Any:
        value = self._at(node, step)
        if isinstance(value, bool | int | float | str):
            return value
        if isinstance(value, np.generic) and value.dtype.kind != "f":
            return value.item()
        return np.asarray(value)  # of no dimensions for one number: that keeps its type beside Python's numbers

    def _at(self, node: ast.AST, step: int) -> Any:
        match node:
            case ast.Constant(value=str(text)):
                return text
            case ast.Constant(value=value):
                return float(value)
            case ast.Name(id=name):
                return self.name(name, step)
            case ast.Subscript(value=vector, slice=ast.Constant(value=unit)):
                return self.at(vector, step)[..., unit]
            case ast.UnaryOp(op=ast.Not(), operand=operand):
                return np.logical_not(self.at(operand, step))
            case ast.UnaryOp(operand=operand):
                return -self.at(operand, step)
            case ast.BinOp(left=left, op=op, right=right):
                sides = self.at(left, step), self.at(right, step)
                result = ARITHMETIC[type(op)](*sides)
                return float(result) if all(isinstance(side, float) for side in sides) else result
            case ast.BoolOp(op=op, values=values):
                function = np.logical_and if isinstance(op, ast.And) else np.logical_or
                return function.reduce(np.broadcast_arrays(*(self.at(value, step) for value in values)), axis=0)
            case ast.Compare(left=left, ops=ops, comparators=comparators):
                sides = [self.at(side, step) for side in (left, *comparators)]
                truths = [COMPARISONS[type(op)](*pair) for op, *pair in zip(ops, sides, sides[1:], strict=False)]
                return truths[0] if len(truths) == 1 else np.logical_and(*truths)
            case ast.Call(func=ast.Name(id=function), args=arguments):
                return self.call(function, arguments, step)
        raise AssertionError(ast.dump(node))

    def name(self, name: str, step: int) -> Any:
        known = {
            "layer": float(self.cell.layer),
            "batch": np.asarray(float(self.batch)),
            "direction": self.cell.direction,
        }
        if name in known:
            return known[name]
        if step < 0:
            if name in self.cell.before:
                return self.cell.before[name][self.batch].numpy()
            raise UnknownError
        t = self.order[step]
        if name == "t":
            return np.asarray(float(t))
        if name == "token":
            return self.trace.tokens[t]
        values = self.cell.x if name == "x" else self.cell.quantity(name)
        return values[t, self.batch].numpy()

    def call(self, function: str, arguments: list[ast.expr], step: int) -> Any:
        first = arguments[0]
        match function:
            case "prev" | "next":
                return self.neighbour(first, step, -1 if function == "prev" else 1)
            case "crosses":
                before = [self.neighbour(argument, step, -1) for argument in arguments]
                if not any(isinstance(part, ast.Name) for part in ast.walk(arguments[1])):
                    before[1] = self.at(arguments[1], step)
                return crossed(*before, *(self.at(argument, step) for argument in arguments))
            case "saturated":
                gate = self.at(first, step)
                quantity = self.cell.cell.named(first.id)
                (low,) = [each.low for each in self.cell.cell.quantities if each.name == quantity]
                beyond = abs(gate) > 0.9 if low else (gate > 0.9) | (gate < 1 - 0.9)
                return np.asarray(sum(beyond.tolist()) / len(beyond))
            case "isnan":
                return bool(np.isnan(self.at(first, step)).any())
            case "isfinite":
                return np.isfinite(self.at(first, step))
            case "abs":
                return abs(self.at(first, step))
        value = self.at(first, step)
        result = REDUCTIONS[function](value)
        return np.asarray(np.float64(result)) if value.dtype == bool and function in ("sum", "mean") else result

    def neighbour(self, node: ast.expr, step: int, by: int) -> Any:
        if step < 0:
            raise UnknownError
        try:
            if step + by < len(self.order):
                value = self.at(node, step + by)
                return np.asarray(value) if isinstance(value, float) else value
        except UnknownError:
            pass
        here = self.at(node, step)
        if isinstance(here, str):
            return ""
        return np.full_like(here, False if np.asarray(here).dtype == bool else np.nan)


def crossed(before: Any, level_before: Any, now: Any, level: Any) -> Any:
    """Return whether a value came from one side of the level to it, or to the other."""
    return ((before < level_before) & (now >= level)) | ((before > level_before) & (now <= level))


# --------------------------------------------------------------------------------------------------- tests


def assert_same(text: str, trace: Trace, cell: CellTrace) -> None:
    names = Names.of(trace.spec, tokens=True)
    arrays = StepArrays(trace, None, cell.layer, cell.direction)
    expression = compile_expression(text, names)
    ours = expression.evaluate(arrays)
    assert ours.shape[:2] == (STEPS, BATCH)
    tree = ast.parse(text, mode="eval").body
    for batch in range(BATCH):
        walk = Walk(trace, cell, batch)
        with np.errstate(all="ignore"):
            expected = {t: walk.at(tree, step) for step, t in enumerate(walk.order)}
        for t in range(STEPS):
            empty = {"truth": False, "number": np.nan, "text": ""}[expression.kind]
            wanted = expected.get(t, np.full(ours.shape[2:], empty))
            assert same_bits(ours[t, batch], wanted), (text, t, batch, ours[t, batch], wanted)
            assert same_bits(np.asarray(expression.value_at(arrays, t, batch)), ours[t, batch]), (text, t, batch)


def same_bits(one: Any, other: Any) -> bool:
    if np.asarray(one).dtype.kind in "bUO":
        return bool(np.array_equal(one, other))
    return bool(np.array_equal(one, other, equal_nan=True))


@settings(max_examples=4 * settings.default.max_examples)
@given(random_cells(), st.data(), st.integers(0, 4))
def test_a_condition_is_what_numpy_makes_of_it_step_by_step(
    drawn: tuple[Trace, CellTrace], data: st.DataObject, depth: int
) -> None:
    trace, cell = drawn
    names = Names.of(trace.spec, tokens=True)
    text = data.draw(st.composite(lambda draw: Writer(draw, names).truth(depth))(), label="condition")
    assert_same(text, trace, cell)
    holds = compile_condition(text, names).evaluate(StepArrays(trace, None, 0, cell.direction))
    assert holds.dtype == bool
    assert cell.present is None or not holds[~cell.present.numpy()].any()


@settings(max_examples=4 * settings.default.max_examples)
@given(random_cells(), st.data(), st.integers(0, 3))
def test_a_number_or_a_vector_is_what_numpy_makes_of_it_step_by_step(
    drawn: tuple[Trace, CellTrace], data: st.DataObject, depth: int
) -> None:
    trace, cell = drawn
    names = Names.of(trace.spec, tokens=True)
    way = data.draw(st.sampled_from(["number", "vector", "truths"]))
    text = data.draw(st.composite(lambda draw: getattr(Writer(draw, names), way)(depth))(), label="expression")
    assert_same(text, trace, cell)
    message = compile_message(f"it is {{{text}}}.", names)
    assert message.at(StepArrays(trace, None, 0, cell.direction), 1, 1).startswith("it is ")
