"""Expressions that are ready to be evaluated: at all steps, at one step, and where there is none."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
import torch
from torch import nn

import gatescope as gs
from gatescope.debugging.expressions.compiled import Expression, compile_condition, compile_expression
from gatescope.debugging.expressions.names import Names
from gatescope.debugging.expressions.step_arrays import StepArrays
from gatescope.traces.trace import Trace

MakeTrace = Callable[..., Trace]


@pytest.mark.parametrize("direction", ["forward", "reverse"])
@pytest.mark.parametrize("text", ["not f[0] > 2", "t >= 0", "1 < 2", "batch >= 0", "not prev(t) > 9"])
def test_a_condition_never_holds_where_a_packed_sequence_has_no_step(
    direction: str, text: str, names_of: Callable[[Trace], Names], packed: Trace
) -> None:
    condition = compile_condition(text, names_of(packed))
    arrays = StepArrays(packed, None, 0, direction)
    present = np.arange(4)[:, None] < [2, 4, 1]
    assert np.array_equal(condition.evaluate(arrays), present)
    for t, batch in np.ndindex(4, 3):
        assert condition.value_at(arrays, t, batch) is bool(present[t, batch])


def test_what_has_no_step_is_nan_or_empty(
    evaluated: Callable[..., Any], names_of: Callable[[Trace], Names], packed: Trace
) -> None:
    absent = np.arange(4)[:, None] >= [2, 4, 1]
    for text in ("t", "f[0]", "c", "layer", "sum(f > 2)"):
        assert np.array_equal(np.isnan(evaluated(text, packed)).reshape(4, 3, -1).all(-1), absent), text
    assert np.array_equal(evaluated("direction", packed) == "", absent)
    arrays = StepArrays(packed)
    assert np.isnan(compile_expression("c", names_of(packed)).value_at(arrays, 3, 0)).all()
    assert compile_expression("direction", names_of(packed)).value_at(arrays, 3, 0) == ""


def test_the_result_has_one_value_for_each_step_and_element_whatever_is_in_it(evaluated: Callable[..., Any]) -> None:
    trace = gs.trace(nn.LSTM(2, 3), torch.randn(4, 2, 2))
    for text in ("1", "t", "batch", "t + batch", "layer == 0", "direction", "f[0]", "1 < 2"):
        assert evaluated(text, trace).shape == (4, 2), text
    for text in ("f", "f + t", "c * batch", "prev(h)"):
        assert evaluated(text, trace).shape == (4, 2, 3), text


def test_the_value_at_one_step_is_a_plain_one(trace: Trace, names_of: Callable[[Trace], Names]) -> None:
    arrays, names = StepArrays(trace), names_of(trace)

    def at(text: str) -> Any:
        return compile_expression(text, names).value_at(arrays, 3)

    assert at("t") == 3.0
    assert isinstance(at("t"), float)
    assert isinstance(at("f[0]"), float)
    assert at("t == 3") is True
    assert at("token") == "l"
    assert at("f").shape == (3,)


def test_the_value_at_one_step_needs_only_the_steps_that_it_reads(
    trace: Trace, names_of: Callable[[Trace], Names]
) -> None:
    names = names_of(trace)
    for layer, direction in trace.cells:
        arrays = StepArrays(trace, None, layer, direction)
        for text in ("c[0]", "prev(c[0])", "next(next(h[1]))", "prev(prev(prev(t)))", "next(prev(c[2]))", "batch"):
            expression = compile_expression(text, names)
            whole = expression.evaluate(arrays)
            for t in range(7):
                assert np.array_equal(expression.value_at(arrays, t), whole[t, 0], equal_nan=True), (text, t)


def test_a_compiled_expression_serves_every_run_of_such_a_network(make_trace: MakeTrace) -> None:
    expression: Expression = compile_expression("f[0]", Names.of(gs.ModuleSpec(4, 3)))
    for seed in range(2):
        trace = make_trace(4, 3, seed=seed)
        assert np.array_equal(expression.evaluate(StepArrays(trace)), trace.cell().f[..., 0].numpy())
