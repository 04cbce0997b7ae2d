"""The names that an expression may use, and what each of them reads."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
import torch
from torch import nn

import gatescope as gs
from gatescope.debugging.expressions.compiled import compile_expression
from gatescope.debugging.expressions.errors import ExpressionError
from gatescope.debugging.expressions.names import Names
from gatescope.traces.trace import Trace


@pytest.mark.parametrize("kind", ["LSTM", "GRU", "RNN"])
@pytest.mark.parametrize("direction", ["forward", "reverse"])
def test_every_quantity_and_preactivation_is_a_name_and_its_values_are_the_traces(
    kind: str, direction: str, evaluated: Callable[..., Any]
) -> None:
    trace = gs.trace(getattr(nn, kind)(4, 3, bidirectional=True), torch.randn(5, 2, 4))
    cell = trace.cell(0, direction)
    for name in (*trace.spec.cell.names, *trace.spec.cell.preactivation_names):
        assert np.array_equal(evaluated(name, trace, 0, direction), cell.quantity(name).numpy()), name
    assert np.array_equal(evaluated("x", trace, 0, direction), trace.x.numpy())


def test_torch_s_letter_is_another_name(
    trace: Trace, evaluated: Callable[..., Any], names_of: Callable[[Trace], Names]
) -> None:
    assert np.array_equal(evaluated("g", trace), trace.cell().c_tilde.numpy())
    assert compile_expression("g[0] > f[1]", names_of(trace)).uses == {"c_tilde", "f"}


def test_the_names_of_the_place_say_where_the_cell_is(trace: Trace, evaluated: Callable[..., Any]) -> None:
    batch = gs.trace(nn.LSTM(4, 3), torch.randn(6, 2, 4))
    assert evaluated("t", batch).tolist() == [[t, t] for t in range(6)]
    assert evaluated("batch", batch).tolist() == [[0, 1]] * 6
    assert evaluated("layer", trace, 1).tolist() == [[1]] * 7
    assert evaluated("direction", trace, 1, "reverse").tolist() == [["reverse"]] * 7
    assert evaluated("token", trace).ravel().tolist() == list("hello, ")


def test_a_deeper_layer_reads_the_h_of_the_one_below(trace: Trace, evaluated: Callable[..., Any]) -> None:
    below = torch.cat([trace.cell(0, "forward").h, trace.cell(0, "reverse").h], dim=-1)
    assert np.array_equal(evaluated("x", trace, 1), below.numpy())


def test_h_of_a_projection_has_fewer_units_and_no_range() -> None:
    names = Names.of(gs.ModuleSpec(4, 8, proj_size=2))
    with pytest.raises(ExpressionError, match="h has the units 0 to 1, but not 2"):
        compile_expression("h[2]", names)
    with pytest.raises(ExpressionError, match="h has none"):
        compile_expression("saturated(h, 0.9)", names)
    assert compile_expression("saturated(o[7], 0.9)", names).width is None


def test_a_name_that_this_run_does_not_have_is_refused_with_the_reason() -> None:
    names = Names.of(gs.ModuleSpec(4, 3, kind="GRU"))
    with pytest.raises(ExpressionError, match="the steps of this sequence are numbers"):
        compile_expression('token == "l"', names)
    with pytest.raises(ExpressionError, match=r"not compared with nn\.GRU"):
        compile_expression("err > 1", names)
    assert "token" not in names.by_name
    assert {"token", "err"} <= set(Names.of(names.spec, tokens=True, reference=True).by_name)
