"""The parts of an expression: their types and units, and what lies before the first and after the last step."""

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
from gatescope.traces.trace import Trace

NAN = float("nan")


def test_a_unit_of_x_that_only_a_wider_layer_has_is_nan_in_the_others(
    trace: Trace, evaluated: Callable[..., Any], names_of: Callable[[Trace], Names]
) -> None:
    assert np.isnan(evaluated("x[5]", trace, 0)).all()
    assert evaluated("x[5]", trace, 0).dtype == np.float32
    assert np.isfinite(evaluated("x[5]", trace, 1)).all()
    assert not evaluated("(x > 0)[5] or (x <= 0)[5]", trace, 0).any()
    assert np.array_equal(evaluated("mean(x)", trace, 0), trace.x.numpy().mean(-1))
    assert compile_expression("x", names_of(trace)).width == 6
    assert evaluated("x", trace, 0).shape == (7, 1, 4)


@pytest.mark.parametrize("direction", ["forward", "reverse"])
def test_prev_is_the_step_that_ran_before_and_at_first_the_initial_state(
    direction: str, evaluated: Callable[..., Any]
) -> None:
    module = nn.LSTM(4, 3, bidirectional=True)
    states = torch.randn(2, 2, 2, 3)
    trace = gs.trace(module, torch.randn(5, 2, 4), tuple(states))
    cell = trace.cell(0, direction)
    for name in ("h", "c"):
        assert np.array_equal(evaluated(f"prev({name})", trace, 0, direction), cell.state_before(name).detach().numpy())
    first = 0 if direction == "forward" else 4
    twice = evaluated("prev(prev(c[1]))", trace, 0, direction)
    assert np.isnan(twice[first]).all()
    assert np.array_equal(twice[abs(first - 1)], cell.c0[:, 1].numpy())
    t = evaluated("prev(t)", trace, 0, direction)[:, 0]
    expected = [NAN, 0, 1, 2, 3] if direction == "forward" else [1, 2, 3, 4, NAN]
    assert np.array_equal(t, expected, equal_nan=True)
    t = evaluated("next(t)", trace, 0, direction)[:, 0]
    expected = [1, 2, 3, 4, NAN] if direction == "forward" else [NAN, 0, 1, 2, 3]
    assert np.array_equal(t, expected, equal_nan=True)


def test_before_the_first_step_only_what_reads_nothing_but_states_is_known(evaluated: Callable[..., Any]) -> None:
    trace = replace(gs.trace(nn.LSTM(1, 1), torch.ones(2, 1), (torch.ones(1, 1), torch.ones(1, 1))), tokens=("a", "b"))
    at_first = {
        "prev(c[0] > 0.5)": True, "prev(not c[0] > 0.5)": False, "prev(any(h == 1) and layer == 0)": True,
        "prev(not f[0] > 2)": False, "prev(c[0] > 0.5 or f[0] > 0)": False, 'prev(token != "b")': False,
        "prev(isnan(f))": False, "prev(next(c[0]) > -9)": False, "prev(t) < 1": False, "prev(sum(f > 2)) == 0": False,
        'prev(token) == ""': True, "prev(batch) == 0": True,
    }  # fmt: skip
    for text, expected in at_first.items():
        assert evaluated(text, trace)[0, 0] == expected, text
    assert evaluated('next(token) == ""', trace).ravel().tolist() == [False, True]
    assert evaluated("next(not f[0] > 2)", trace).ravel().tolist() == [True, False]


def test_in_reverse_a_shorter_element_starts_at_its_own_end(evaluated: Callable[..., Any], packed: Trace) -> None:
    cell = packed.cell(0, "reverse")
    trace = packed.with_cell(replace(cell, before={name: torch.full((3, 3), 7.0) for name in cell.before}))
    before = evaluated("prev(c[0])", trace, 0, "reverse")
    assert [before[1, 0], before[3, 1], before[0, 2]] == [7, 7, 7]
    assert np.array_equal(before[:3, 1], cell.c[1:, 1, 0].detach().numpy())
    after = evaluated("next(t)", trace)
    assert np.array_equal(after, [[1, 1, NAN], [NAN, 2, NAN], [NAN, 3, NAN], [NAN] * 3], equal_nan=True)


def test_dividing_by_zero_gives_infinity_or_nan_without_a_word(trace: Trace, evaluated: Callable[..., Any]) -> None:
    values = {"1 / 0": np.inf, "0 / 0": NAN, "t % 0": NAN, "(t + 1) / (t - t)": np.inf, "sum(f > 0) // 0": np.inf}
    for text, value in values.items():
        assert np.array_equal(evaluated(text, trace), np.full((7, 1), value), equal_nan=True), text


def test_python_s_numbers_leave_the_type_of_an_array_as_it_is(trace: Trace, evaluated: Callable[..., Any]) -> None:
    for text in ("f[0] * 2", "f[0] + 1 / 3", "f[0] - layer", "-f[0] * (2 + 3 * 4)", "mean(f) % 0.5"):
        assert evaluated(text, trace).dtype == np.float32, text
    assert np.array_equal(evaluated("f[0] + 1 / 3", trace), trace.cell().f.numpy()[..., 0] + 1 / 3)
