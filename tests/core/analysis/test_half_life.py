"""How long memories last: closed forms, numpy, and what the runs themselves do."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from math import inf, isnan, log
from typing import Any

import numpy as np
import pytest
import torch
from hypothesis import given, strategies as st
from torch import nn
from torch.nn.utils.rnn import pack_padded_sequence

import gatescope as gs
from gatescope.analysis.half_life import Fading, half_lives
from gatescope.traces import chunks as whole_run
from gatescope.traces.trace import Trace, as_numpy

MakeTrace = Callable[..., Trace]


def with_kept(trace: Trace, values: Any, name: str = "f") -> Trace:
    """The trace with other forget gates, (T,) for all units and elements, or (T, B, H)."""
    cell = trace.cell()
    kept = torch.as_tensor(values, dtype=torch.float64)
    kept = kept if kept.ndim == 3 else kept[:, None, None]
    values = {**cell.values, name: kept.to(cell.values[name]).expand_as(cell.values[name]).clone()}
    return trace.with_cell(replace(cell, values=values))


@pytest.fixture
def plain(make_trace: MakeTrace) -> Trace:
    """A run of 6 steps in float64."""
    return make_trace(3, 2, steps=6, batch=1, dtype=torch.float64)


@pytest.mark.parametrize(("kept", "steps"), [(0.5, 1.0), (0.25, 0.5), (2**-0.1, 10.0), (2**-0.001, 1000.0)])
def test_a_constant_gate_has_a_closed_form(plain: Trace, kept: float, steps: float) -> None:
    np.testing.assert_allclose(half_lives(with_kept(plain, [kept] * 6)), steps, rtol=1e-12)


def test_different_gates_count_by_their_geometric_mean(plain: Trace) -> None:
    found = half_lives(with_kept(plain, [1.0, 0.5, 1.0, 0.5, 1.0, 0.5]))
    np.testing.assert_allclose(found, 2.0, rtol=1e-12)  # the arithmetic mean, 0.75, would give 2.41


@pytest.mark.parametrize(
    ("kept", "expected"), [([1.0] * 6, inf), ([1.0, 1.0, 0.0, 1.0, 1.0, 1.0], 0.0), ([1.5] * 6, inf)]
)
def test_what_is_never_forgotten_and_what_is_forgotten_at_once(
    plain: Trace, kept: list[float], expected: float
) -> None:
    assert half_lives(with_kept(plain, kept)).tolist() == [expected] * 2


def test_the_sign_of_a_held_gate_does_not_matter_and_nan_stays(plain: Trace) -> None:
    assert half_lives(with_kept(plain, [-0.5] * 6)).tolist() == [1.0, 1.0]
    values = torch.full((6, 1, 2), 0.5)
    values[3, 0, 1] = torch.nan
    found = half_lives(with_kept(plain, values))
    assert found[0] == 1.0
    assert isnan(found[1])


@given(seed=st.integers(0, 5), kind=st.sampled_from(["LSTM", "GRU"]), batch=st.sampled_from([None, 1, 3]))
def test_every_layer_and_direction_as_numpy_computes_it(
    make_trace: MakeTrace, seed: int, kind: str, batch: int | None
) -> None:
    trace = make_trace(3, 4, batch=batch, seed=seed, scale=3.0, kind=kind, num_layers=2, bidirectional=True)
    gate = "f" if kind == "LSTM" else "z"
    for layer, direction in trace.cells:
        kept = as_numpy(trace.cell(layer, direction).quantity(gate)).astype(np.float64)
        for element in (None, *range(trace.batch_size)):
            part = kept.reshape(-1, 4) if element is None else kept[:, element]
            expected = log(2) / -np.log(part).mean(axis=0)
            np.testing.assert_allclose(half_lives(trace, layer, direction, element), expected, rtol=1e-12)


def packed() -> Trace:
    torch.manual_seed(0)
    x = torch.randn(7, 3, 3)
    with torch.no_grad():
        return gs.trace(nn.LSTM(3, 4, bidirectional=True), pack_padded_sequence(x, [7, 1, 4], enforce_sorted=False))


@pytest.mark.parametrize("direction", ["forward", "reverse"])
def test_steps_that_an_element_lacks_do_not_count(direction: str) -> None:
    trace, lengths = packed(), [7, 1, 4]
    kept = as_numpy(trace.cell(0, direction).f).astype(np.float64)
    rows = [kept[:length, element] for element, length in enumerate(lengths)]
    for element, expected in ((None, np.concatenate(rows)), *enumerate(rows)):
        found = half_lives(trace, 0, direction, element)
        np.testing.assert_allclose(found, log(2) / -np.log(expected).mean(axis=0), rtol=1e-12)


def test_a_long_run_is_gone_through_in_pieces(make_trace: MakeTrace, monkeypatch: pytest.MonkeyPatch) -> None:
    trace = make_trace(3, 4, steps=23)
    whole = half_lives(trace)
    monkeypatch.setattr(whole_run, "_AT_ONCE", 40)
    np.testing.assert_allclose(half_lives(trace), whole, rtol=1e-12)


def test_a_plain_rnn_has_no_memory_of_that_kind(make_trace: MakeTrace) -> None:
    trace = make_trace(3, 4, kind="RNN")
    for ask in (half_lives, Fading):
        with pytest.raises(gs.GatescopeError) as refused:
            ask(trace)
        assert refused.value.message.code == "no_memory"


# from one step on


def test_half_is_left_after_as_many_steps_as_the_product_takes(plain: Trace) -> None:
    fading = Fading(with_kept(plain, [0.1, 0.8, 0.8, 0.8, 0.8, 1.0]))
    # 0.8 * 0.8 * 0.8 = 0.512, so it takes a fourth; the gate of the step itself, 0.1, has acted before.
    assert [fading.steps_to_half(t) for t in range(6)] == [4, None, None, None, None, None]


def test_exactly_half_is_half(plain: Trace) -> None:
    fading = Fading(with_kept(plain, [1.0, 0.5, 1.0, 0.5, 1.0, 0.25]))
    assert [fading.steps_to_half(t) for t in range(6)] == [1, 2, 1, 2, 1, None]


@given(seed=st.integers(0, 9), kind=st.sampled_from(["LSTM", "GRU"]), direction=st.sampled_from(["forward", "reverse"]))
def test_from_every_step_as_one_multiplication_after_the_other(
    make_trace: MakeTrace, seed: int, kind: str, direction: str
) -> None:
    trace = make_trace(3, 2, steps=8, batch=2, seed=seed, scale=4.0, kind=kind, num_layers=2, bidirectional=True)
    kept = as_numpy(trace.cell(1, direction).quantity("f" if kind == "LSTM" else "z")).astype(np.float64)[:, 1, 1]
    fading = Fading(trace, 1, direction, batch=1, unit=1)
    order = list(range(8)) if direction == "forward" else list(range(7, -1, -1))
    for number, t in enumerate(order):
        left, expected = 1.0, None
        for later, at in enumerate(order[number + 1 :], 1):
            left *= kept[at]
            if left <= 0.5:
                expected = later
                break
        assert fading.steps_to_half(t) == expected


def test_a_shorter_element_ends_where_it_ends() -> None:
    trace = packed()
    fading = Fading(trace, batch=2)
    assert fading.steps_to_half(3) is None
    with pytest.raises(gs.GatescopeError) as refused:
        fading.steps_to_half(4)
    assert refused.value.message.code == "no_such_step"


def test_where_the_memory_is_held_nothing_from_before_is_left() -> None:
    module, x = nn.LSTM(3, 2), torch.randn(6, 1, 3, generator=torch.Generator().manual_seed(0))
    with torch.no_grad():
        module.bias_ih_l0[2:4] = 30.0  # f = 1
        trace = gs.trace(module, x, holds=[gs.Hold("c", 0.7, start=3, stop=4, units=(0,))])
    assert [Fading(trace, unit=0).steps_to_half(t) for t in range(6)] == [3, 2, 1, None, None, None]
    assert Fading(trace, unit=1).steps_to_half(0) is None
