"""The steps of a cell as arrays: the trace's own memory, tokens, and the errors of its verification."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import numpy as np
import pytest
import torch
from torch import nn

import gatescope as gs
from gatescope.debugging.expressions.compiled import compile_expression
from gatescope.debugging.expressions.names import Names
from gatescope.debugging.expressions.step_arrays import StepArrays
from gatescope.messages.message import Message
from gatescope.traces.trace import Trace

NAN = float("nan")


def test_err_is_the_largest_error_over_its_bound_of_each_step(trace: Trace, evaluated: Callable[..., Any]) -> None:
    report = gs.verify(trace, gates=True)
    for layer, direction in trace.cells:
        ratios = [report.ratio(name, layer, direction).numpy().max(-1) for name in report.compared]
        assert np.array_equal(evaluated("err", trace, layer, direction, report), np.max(ratios, axis=0))
    assert (evaluated("err", trace, report=report) < 1).all()


def test_err_leaves_out_what_is_nan_and_is_nan_where_nothing_can_be_compared(evaluated: Callable[..., Any]) -> None:
    module, x = nn.LSTM(4, 3), torch.randn(4, 1, 4)
    trace = gs.trace(module, x)
    damaged = trace.cell().values | {"c": trace.cell().c.clone()}
    damaged["c"][2, 0, 1] = NAN
    report = gs.verify(trace.with_cell(replace(trace.cell(), values=damaged)), gates=False)
    err = evaluated("err", trace, report=report)
    assert np.isfinite(err[:2]).all()
    assert np.isinf(err[2])  # ours is not finite there, torch's is
    with torch.no_grad():
        module.weight_ih_l0[4] = NAN  # the forget gate of unit 1
    partly = gs.trace(module, x)
    assert partly.cell().f[0, 0, 1].isnan()
    assert np.isfinite(evaluated("err", partly, report=gs.verify(partly, gates=True))[0])
    x[1] = NAN
    nothing = gs.trace(module, x)
    assert np.isnan(evaluated("err", nothing, report=gs.verify(nothing))[1:]).all()
    assert np.isnan(evaluated("err", trace)).all()


def test_quantities_are_the_traces_own_memory_and_cannot_be_written_to(
    trace: Trace, names_of: Callable[[Trace], Names]
) -> None:
    arrays = StepArrays(trace)
    f = compile_expression("f", names_of(trace)).evaluate(arrays)
    assert np.shares_memory(f, trace.cell().f.numpy())
    assert arrays.read("f") is arrays.read("f")
    one = compile_expression("f", names_of(trace)).value_at(arrays, 1)
    assert isinstance(one, np.ndarray)
    for array in (f, arrays.read("f"), one):
        with pytest.raises(ValueError, match="read-only"):
            array[0] = 1


def test_numbers_of_16_bits_follow_their_arrays(evaluated: Callable[..., Any]) -> None:
    module, x = nn.LSTM(4, 3).to(torch.bfloat16), torch.randn(5, 4, dtype=torch.bfloat16)
    trace = gs.trace(module, x)
    assert evaluated("f", trace).dtype == np.float32
    assert np.array_equal(evaluated("f[0] * 2", trace), trace.cell().f[..., 0].float().numpy() * 2)


@pytest.mark.parametrize("tokens", [("a", "long" * 500, "a"), ("a", "a\0", "a")])
def test_tokens_of_any_length_are_compared_as_they_are(tokens: tuple[str, ...], evaluated: Callable[..., Any]) -> None:
    trace = replace(gs.trace(nn.LSTM(1, 1), torch.zeros(3, 1)), tokens=tokens)
    assert evaluated('token == "a"', trace).ravel().tolist() == [True, False, True]
    assert evaluated("token == prev(token)", trace).ravel().tolist() == [False, False, False]
    assert evaluated("token", trace).nbytes < 10_000


def test_a_cell_that_is_not_there_is_refused(trace: Trace) -> None:
    with pytest.raises(gs.GatescopeError) as caught:
        StepArrays(trace, None, 2, "forward")
    assert caught.value.message == Message("no_such_layer", {"last": 1, "value": 2})
