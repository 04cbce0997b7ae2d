"""A trace gives what nn.LSTM gives: the same numbers, shapes and dtype, for all of its options."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
import torch
from hypothesis import given, settings, strategies as st
from torch import Tensor, nn
from torch.nn.utils.parametrizations import weight_norm

import gatescope as gs
from gatescope.traces.trace import Trace

pytestmark = pytest.mark.filterwarnings("ignore:LSTM with projections is not supported with oneDNN")

MakeTrace = Callable[..., Trace]
MakeLSTM = Callable[..., nn.LSTM]
Compare = Callable[[Trace, Any], None]
Case = tuple[nn.LSTM, Tensor, tuple[Tensor, Tensor] | None]


@st.composite
def cases(draw: st.DrawFn, dtype: torch.dtype) -> Case:
    """Draw a network, a sequence and perhaps initial states."""
    hidden = draw(st.integers(1, 6))
    options: dict[str, Any] = {
        "num_layers": draw(st.integers(1, 3)),
        "bias": draw(st.booleans()),
        "batch_first": draw(st.booleans()),
        "bidirectional": draw(st.booleans()),
        "proj_size": draw(st.integers(0, hidden - 1)),
    }
    width, steps, batch = draw(st.integers(1, 5)), draw(st.integers(1, 7)), draw(st.none() | st.integers(1, 4))
    with torch.random.fork_rng(devices=[]):
        torch.manual_seed(draw(st.integers(0, 2**32)))
        module = nn.LSTM(width, hidden, **options, dtype=dtype).eval()
        lengths = [steps] if batch is None else [batch, steps] if module.batch_first else [steps, batch]
        x = torch.randn(*lengths, width, dtype=dtype)
        cells = module.num_layers * (2 if module.bidirectional else 1)
        middle = [] if batch is None else [batch]
        h0 = torch.randn(cells, *middle, module.proj_size or hidden, dtype=dtype)
        c0 = torch.randn(cells, *middle, hidden, dtype=dtype)
    return module, x, draw(st.sampled_from([None, (h0, c0)]))


@given(cases(torch.float64))
@settings(max_examples=4 * settings.default.max_examples)
def test_float64_agrees_with_the_module_within_rounding(assert_within_drift: Compare, case: Case) -> None:
    module, x, hx = case
    assert_within_drift(gs.trace(module, x, hx), module(x, hx))


@pytest.mark.numeric
@given(cases(torch.float32), st.integers(1, 16))
@settings(max_examples=2 * settings.default.max_examples)
def test_float32_matches_at_every_weight_scale(case: Case, scale: int) -> None:
    module, x, hx = case
    with torch.no_grad():
        for weight in module.parameters():
            weight.mul_(scale)
    trace = gs.trace(module, x, hx)
    report = gs.verify(trace)
    assert report.verdict.code == "matches", str(report.verdict)
    assert trace.output.shape == module(x, hx)[0].shape
    assert trace.output.dtype == torch.float32


@given(cases(torch.float64))
def test_layout_in_memory_changes_nothing(case: Case) -> None:
    module, x, hx = case
    strided = torch.stack([x, torch.full_like(x, torch.nan)], dim=-1)[..., 0]  # every other number
    assert strided.stride() != x.stride()
    ours, again = gs.trace(module, x, hx), gs.trace(module, strided, hx)
    for name in ("output", "h_n", "c_n"):
        assert torch.equal(getattr(ours, name), getattr(again, name))


@given(cases(torch.float64))
def test_each_cell_keeps_every_quantity_of_every_step(case: Case) -> None:
    module, x, hx = case
    trace = gs.trace(module, x, hx)
    steps, batch, hidden, units = len(trace), trace.batch_size, module.hidden_size, trace.spec.output_size
    for layer, direction in trace.spec.cells():
        cell = trace.cell(layer, direction)
        for name in ("f", "i", "c_tilde", "c", "o", "z_f", "z_i", "z_c", "z_o"):
            assert getattr(cell, name).shape == (steps, batch, hidden)
        assert cell.h.shape == (steps, batch, units)


@given(cases(torch.float64))
def test_gates_follow_from_their_pre_activations_and_c_from_the_gates(case: Case) -> None:
    module, x, hx = case
    trace = gs.trace(module, x, hx)
    for cell in trace.cells.values():
        for gate, z in ((cell.f, cell.z_f), (cell.i, cell.z_i), (cell.o, cell.z_o)):
            torch.testing.assert_close(gate, 1 / (1 + torch.exp(-z)), rtol=1e-14, atol=1e-15)
        torch.testing.assert_close(cell.c_tilde, torch.tanh(cell.z_c), rtol=1e-14, atol=1e-15)
        torch.testing.assert_close(cell.c, cell.f * cell.state_before("c") + cell.i * cell.c_tilde, rtol=0, atol=1e-14)
        before_projection = cell.o * torch.tanh(cell.c)
        w_hr = cell.weights.w_hr
        shown = before_projection if w_hr is None else before_projection @ w_hr.T
        torch.testing.assert_close(cell.h, shown, rtol=0, atol=1e-14)


def sigmoid(z: Any) -> Any:
    return 1 / (1 + np.exp(-z))


@pytest.mark.numeric
@pytest.mark.parametrize("direction", ["forward", "reverse"])
@pytest.mark.parametrize("layer", [0, 1])
def test_the_time_index_is_the_input_position(make_trace: MakeTrace, layer: int, direction: str) -> None:
    """One step of each cell, written out again in numpy from nn.LSTM's own parameter names."""
    trace = make_trace(3, 4, 2, bidirectional=True, dtype=torch.float64, steps=6)
    suffix = f"_l{layer}" + ("_reverse" if direction == "reverse" else "")
    w_ih, w_hh, b_ih, b_hh = (
        trace.weights[name + suffix].numpy() for name in ("weight_ih", "weight_hh", "bias_ih", "bias_hh")
    )
    below = [trace.cell(0, side).h for side in ("forward", "reverse")]
    inputs = (trace.x if layer == 0 else torch.cat(below, dim=-1)).numpy()
    cell = trace.cell(layer, direction)
    for t in range(6):
        earlier = t - 1 if direction == "forward" else t + 1
        outside = earlier not in range(6)
        h, c = (np.zeros((2, 4)) if outside else states.numpy()[earlier] for states in (cell.h, cell.c))
        z_i, z_f, z_g, z_o = np.split(inputs[t] @ w_ih.T + b_ih + h @ w_hh.T + b_hh, 4, axis=1)
        c_next = sigmoid(z_f) * c + sigmoid(z_i) * np.tanh(z_g)
        for mine, expected in (
            (cell.z_i, z_i), (cell.z_f, z_f), (cell.z_c, z_g), (cell.z_o, z_o),
            (cell.c, c_next), (cell.h, sigmoid(z_o) * np.tanh(c_next)),
        ):  # fmt: skip
            np.testing.assert_allclose(mine[t].numpy(), expected, rtol=0, atol=1e-14)


def test_zero_weights_give_half_open_gates_and_halve_the_memory_each_step(make_lstm: MakeLSTM) -> None:
    module = make_lstm(2, 3, scale=0.0, dtype=torch.float64)
    c0 = torch.tensor([[1.0, -2.0, 4.0]], dtype=torch.float64)
    trace = gs.trace(module, torch.ones(5, 2, dtype=torch.float64), (torch.zeros_like(c0), c0))
    cell = trace.cell()
    for gate in (cell.f, cell.i, cell.o):
        assert torch.equal(gate, torch.full_like(gate, 0.5))
    assert torch.equal(cell.c_tilde, torch.zeros_like(cell.c_tilde))
    halves = c0[0] * 0.5 ** torch.arange(1, 6, dtype=torch.float64)[:, None]
    assert torch.equal(cell.c[:, 0], halves)
    assert torch.equal(cell.h[:, 0], 0.5 * torch.tanh(halves))


def test_wide_open_gates_count_the_steps(make_lstm: MakeLSTM) -> None:
    """With f = i = 1 and a saturated candidate, C is the number of steps so far."""
    module = make_lstm(1, 1, scale=0.0, dtype=torch.float64)
    with torch.no_grad():
        module.bias_ih_l0.fill_(100.0)
    trace = gs.trace(module, torch.zeros(7, 1, dtype=torch.float64))
    assert trace.cell().c[:, 0, 0].tolist() == [1, 2, 3, 4, 5, 6, 7]


def test_missing_states_are_zeros(make_lstm: MakeLSTM, any_sequence: Tensor) -> None:
    module = make_lstm(4, 3, 2)
    zeros = torch.zeros(2, 2, 3)
    with_zeros, without = gs.trace(module, any_sequence, (zeros, zeros)), gs.trace(module, any_sequence)
    assert torch.equal(with_zeros.output, without.output)


def test_batch_first_is_ignored_without_a_batch(make_lstm: MakeLSTM) -> None:
    x = torch.randn(5, 4, generator=torch.Generator().manual_seed(1))
    plain, first = (gs.trace(make_lstm(4, 3, batch_first=flag), x) for flag in (False, True))
    assert torch.equal(plain.output, first.output)
    assert plain.output.shape == (5, 3)
    assert plain.h_n.shape == (1, 3)


def test_module_and_random_state_stay_as_they_were(make_lstm: MakeLSTM, any_sequence: Tensor) -> None:
    module = make_lstm(4, 3, 2, bidirectional=True, proj_size=2).train()
    x = any_sequence.clone().requires_grad_()
    before = {name: weight.detach().clone() for name, weight in module.named_parameters()}
    torch.manual_seed(5)
    state = torch.get_rng_state()
    report = gs.verify(gs.trace(module, x))
    report.free_running("h")
    assert torch.equal(torch.get_rng_state(), state)
    assert module.training
    assert x.grad is None
    assert torch.equal(x.detach(), any_sequence)
    for name, weight in module.named_parameters():
        assert torch.equal(weight, before[name])
        assert weight.grad is None
        assert weight.requires_grad
    assert not report.trace.output.requires_grad


def test_a_trace_is_not_changed_by_what_happens_later(make_lstm: MakeLSTM, any_sequence: Tensor) -> None:
    module, x = make_lstm(4, 3), any_sequence
    h0, c0 = torch.ones(1, 2, 3), torch.ones(1, 2, 3)
    trace = gs.trace(module, x, (h0, c0))
    output, c_before = trace.output.clone(), trace.cell().state_before("c").clone()
    with torch.no_grad():
        for tensor in (*module.parameters(), x, h0, c0):
            tensor.add_(1.0)
    assert torch.equal(trace.output, output)
    assert torch.equal(trace.cell().state_before("c"), c_before)
    assert gs.verify(trace).matches


@given(cases(torch.float32), st.integers(0, 2**40))
def test_build_makes_the_weights_that_pytorch_makes_for_a_seed(case: Case, seed: int) -> None:
    from gatescope.modules.network import spec_of

    spec = spec_of(case[0])
    before = torch.get_rng_state()
    built = gs.build(spec, seed)
    assert torch.equal(torch.get_rng_state(), before)
    with torch.random.fork_rng(devices=[]):
        torch.manual_seed(seed)
        own = nn.LSTM(
            spec.input_size, spec.hidden_size, spec.num_layers, bias=spec.bias, batch_first=spec.batch_first,
            bidirectional=spec.bidirectional, proj_size=spec.proj_size,
        )  # fmt: skip
    assert list(built.state_dict()) == list(own.state_dict())
    for name, weight in own.state_dict().items():
        assert torch.equal(built.state_dict()[name], weight), name


def test_parametrised_weights_are_traced_as_they_act(
    make_lstm: MakeLSTM, any_sequence: Tensor, assert_within_drift: Compare
) -> None:
    module = make_lstm(4, 3, dtype=torch.float64)
    weight_norm(module, "weight_hh_l0")
    with torch.no_grad():
        module.parametrizations.weight_hh_l0.original0.mul_(3)  # type: ignore[union-attr, operator]
    x = any_sequence.double()
    trace = gs.trace(module, x)
    assert_within_drift(trace, module(x))
    assert gs.verify(trace).matches


def test_a_subclass_is_an_lstm_too(any_sequence: Tensor, assert_within_drift: Compare) -> None:
    class Named(nn.LSTM):
        pass

    module = Named(4, 3).eval()
    assert_within_drift(gs.trace(module, any_sequence), module(any_sequence))
