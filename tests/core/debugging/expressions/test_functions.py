"""The functions of the language: what each makes of its values, and which values it takes."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import numpy as np
import pytest
import torch
from torch import nn

import gatescope as gs
from gatescope.debugging.expressions.compiled import compile_condition, compile_expression
from gatescope.debugging.expressions.errors import ExpressionError
from gatescope.debugging.expressions.names import Names
from gatescope.debugging.expressions.step_arrays import StepArrays
from gatescope.traces.trace import Trace

NAN = float("nan")


@pytest.mark.parametrize(
    ("spec", "text"),
    [
        (gs.ModuleSpec(4, 3, kind="RNN", nonlinearity="relu"), "saturated(h, 0.9)"),
        (gs.ModuleSpec(4, 3, kind="RNN"), "saturated(a, 0.9)"),
        (gs.ModuleSpec(4, 3), "saturated(z_f, 0.9)"),
        (gs.ModuleSpec(4, 3), "saturated(f + i, 0.9)"),
        (gs.ModuleSpec(4, 3), "saturated(c[1], 0.9)"),
    ],
)
def test_what_has_no_range_cannot_be_saturated(spec: gs.ModuleSpec, text: str) -> None:
    with pytest.raises(ExpressionError) as caught:
        compile_expression(text, Names.of(spec))
    assert caught.value.code == "expression_no_limits"


@pytest.mark.parametrize(
    ("values", "hits"),
    [
        ([-1, 1, 1, -1], [0, 1, 0, 1]),
        ([-1, 0, 1, 0], [0, 1, 0, 1]),  # touching the level is arriving there; leaving it is nothing
        ([1, 0, 1, 0], [0, 1, 0, 1]),
        ([0, 1, 0, 0], [0, 0, 1, 0]),
        ([-1, NAN, 1, -1], [0, 0, 0, 1]),
        ([1, -0.0, -1, 1], [0, 1, 0, 1]),
        ([float("-inf"), float("inf"), 0, 0], [0, 1, 1, 0]),
    ],
)
def test_crosses_is_coming_to_a_level_or_to_its_other_side(
    values: list[float], hits: list[int], evaluated: Callable[..., Any], with_values: Callable[..., Trace]
) -> None:
    trace = with_values(gs.trace(nn.LSTM(1, 1, bidirectional=True), torch.zeros(4, 1)), c=values)
    assert evaluated("crosses(c[0], 0)", trace).ravel().tolist() == [bool(hit) for hit in hits]
    turned = with_values(trace, "reverse", c=values[::-1])
    assert evaluated("crosses(c[0], 0)", turned, 0, "reverse").ravel().tolist()[::-1] == [bool(hit) for hit in hits]


def test_crosses_counts_from_the_initial_state(
    evaluated: Callable[..., Any], with_values: Callable[..., Trace]
) -> None:
    trace = gs.trace(nn.LSTM(1, 1), torch.zeros(1, 1), (torch.zeros(1, 1), torch.full((1, 1), -1.0)))
    assert evaluated("crosses(c[0], -0.9)", with_values(trace, c=[1.0])).tolist() == [[True]]
    assert evaluated("crosses(f[0], 0)", with_values(trace, f=[1.0])).tolist() == [[False]]


def test_crosses_follows_a_level_that_moves_itself(
    evaluated: Callable[..., Any], names_of: Callable[[Trace], Names], with_values: Callable[..., Trace]
) -> None:
    trace = with_values(gs.trace(nn.LSTM(1, 1), torch.zeros(3, 1)), c=[1.0, 1.0, 1.0], f=[2.0, 0.5, 0.25])
    assert evaluated("crosses(c[0], f[0])", trace).ravel().tolist() == [False, True, False]
    assert compile_expression("crosses(c, 0)", names_of(trace)).width == 1


def test_saturated_is_the_fraction_of_units_near_an_end_of_their_range(evaluated: Callable[..., Any]) -> None:
    trace = gs.trace(nn.LSTM(1, 4), torch.zeros(1, 1))
    f = torch.tensor([[[0.95, 0.96, 0.04, NAN]]])
    g = torch.tensor([[[-0.96, 0.96, 0.01, -0.95]]])
    trace = trace.with_cell(replace(trace.cell(), values=trace.cell().values | {"f": f, "c_tilde": g}))
    assert evaluated("saturated(f, 0.95)", trace).tolist() == [[0.5]]
    assert evaluated("saturated(g, 0.95)", trace).tolist() == [[0.5]]
    assert evaluated("saturated(f, 0.9)", trace).tolist() == [[0.75]]
    assert [evaluated(f"saturated(f[{unit}], 0.95)", trace).item() for unit in range(4)] == [0, 1, 1, 0]
    assert evaluated("saturated(prev(h), 0)", trace).tolist() == [[0]]


def test_isnan_of_a_vector_is_whether_any_unit_is(
    evaluated: Callable[..., Any], names_of: Callable[[Trace], Names]
) -> None:
    trace = gs.trace(nn.LSTM(1, 3), torch.zeros(3, 1))
    h = torch.tensor([[[0.0, 1, 2]], [[0, NAN, 2]], [[NAN, NAN, NAN]]])
    trace = trace.with_cell(replace(trace.cell(), values=trace.cell().values | {"h": h}))
    expected = {
        "isnan(h)": [0, 1, 1], "isnan(h[1])": [0, 1, 1], "isnan(h[0])": [0, 0, 1], "not isnan(h)": [1, 0, 0],
        "any(isnan(h))": [0, 1, 1], "all(isnan(h))": [0, 0, 1], "sum(isnan(h))": [0, 1, 3],
        "all(isfinite(h))": [1, 0, 0], "isnan(h) and t < 2": [0, 1, 0], "prev(isnan(h))": [0, 0, 1],
    }  # fmt: skip
    for text, values in expected.items():
        assert evaluated(text, trace).ravel().tolist() == values, text
    assert compile_condition("isnan(h)", names_of(trace)).width is None


@pytest.mark.parametrize("units", [1, 2, 8, 31, 32, 33, 100])
@pytest.mark.parametrize("dtype", [torch.float16, torch.float32, torch.float64])
def test_reductions_are_numpys_whatever_the_number_of_units(units: int, dtype: torch.dtype) -> None:
    trace = gs.trace(nn.LSTM(2, units).to(dtype), torch.randn(300, 40, 2).to(dtype))
    c = trace.cell().c.numpy()
    arrays = StepArrays(trace)
    expected = {
        "any(c > 0.1)": (c > 0.1).any(-1), "all(c > -0.1)": (c > -0.1).all(-1),
        "min(c)": c.min(-1), "max(c)": c.max(-1),
        "sum(c)": c.sum(-1), "mean(c)": c.mean(-1), "sum(c > 0)": (c > 0).sum(-1), "mean(c > 0)": (c > 0).mean(-1),
    }  # fmt: skip
    for text, values in expected.items():
        ours = compile_expression(text, Names.of(trace.spec)).evaluate(arrays)
        assert np.array_equal(ours, values), text
        assert values.dtype in (ours.dtype, np.int64), text
