"""What the tests of expressions share: their values over a trace, and the place that an error marks."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest
import torch
from torch import nn
from torch.nn.utils.rnn import pack_sequence

import gatescope as gs
from gatescope.debugging.expressions.compiled import compile_condition, compile_expression
from gatescope.debugging.expressions.errors import ExpressionError
from gatescope.debugging.expressions.names import Names
from gatescope.debugging.expressions.step_arrays import StepArrays
from gatescope.traces.trace import Trace

LSTM = Names.of(gs.ModuleSpec(4, 8), tokens=True, reference=True)


@pytest.fixture(scope="session")
def trace() -> Trace:
    """Return a trace of two layers in both directions, whose input is a text of seven characters."""
    torch.manual_seed(0)
    sequence = torch.randn(7, 4)
    return replace(gs.trace(nn.LSTM(4, 3, num_layers=2, bidirectional=True), sequence), tokens=tuple("hello, "))


@pytest.fixture(scope="session")
def names_of() -> Callable[[Trace], Names]:
    """Return a function that returns the names for the cells of a trace."""

    def of(trace: Trace) -> Names:
        return Names.of(trace.spec, tokens=trace.tokens is not None, reference=True)

    return of


@pytest.fixture(scope="session")
def evaluated(names_of: Callable[[Trace], Names]) -> Callable[..., Any]:
    """Return a function that evaluates an expression at all steps of a trace."""

    def evaluate(text: str, trace: Trace, layer: int = 0, direction: str = "forward", report: Any = None) -> Any:
        return compile_expression(text, names_of(trace)).evaluate(StepArrays(trace, report, layer, direction))

    return evaluate


@pytest.fixture(scope="session")
def with_values() -> Callable[..., Trace]:
    """Return a function that gives unit 0 of a trace's first cell one value for each step, of the only element."""

    def changed(trace: Trace, direction: str = "forward", lengths: list[int] | None = None, **values: Any) -> Trace:
        cell = trace.cell(0, direction)
        changed = dict(cell.values)
        for name, steps in values.items():
            changed[name] = cell.values[name].clone()
            changed[name][..., 0] = torch.tensor(steps)[:, None]
        return trace.with_cell(
            replace(cell, values=changed, lengths=None if lengths is None else torch.tensor(lengths))
        )

    return changed


@pytest.fixture
def packed() -> Trace:
    """Return a trace of a packed sequence of three elements of 2, 4 and 1 steps."""
    sequences = [torch.randn(steps, 2) for steps in (2, 4, 1)]
    return gs.trace(nn.LSTM(2, 3, bidirectional=True), pack_sequence(sequences, enforce_sorted=False))


@pytest.fixture(scope="session")
def refused() -> Callable[..., tuple[str, str]]:
    """Return a function that returns a condition with ‹ › around what is wrong in it, and the code."""

    def marked(text: str, names: Names = LSTM) -> tuple[str, str]:
        with pytest.raises(ExpressionError) as caught:
            compile_condition(text, names)
        start, end = caught.value.start, caught.value.end
        return f"{text[:start]}‹{text[start:end]}›{text[end:]}", caught.value.code.removeprefix("expression_")

    return marked
