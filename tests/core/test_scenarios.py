"""The cases that the product was asked for: shared/scenarios.md, S1 and S4."""

from __future__ import annotations

from collections.abc import Callable

import pytest
import torch
from torch import nn

import gatescope as gs
from gatescope.traces.trace import Trace

MakeTrace = Callable[..., Trace]
MakeLSTM = Callable[..., nn.LSTM]


def test_s1_one_step_shows_every_vector(make_lstm: MakeLSTM) -> None:
    trace = gs.trace(make_lstm(10, 30), torch.ones(1, 10))
    cell = trace.cell()
    assert trace.x[0, 0].shape == (10,)
    for name in ("f", "i", "c_tilde", "c", "o", "h"):
        assert cell.quantity(name)[0, 0].shape == (30,)


def test_s1_each_gate_has_its_own_w_u_and_b_within_the_packed_tensors(make_lstm: MakeLSTM) -> None:
    trace = gs.trace(make_lstm(10, 30, dtype=torch.float64), torch.ones(1, 10, dtype=torch.float64))
    cell = trace.cell()
    for gate, z in {"i": cell.z_i, "f": cell.z_f, "c_tilde": cell.z_c, "o": cell.z_o}.items():
        rows = trace.spec.gate_rows(gate)
        w, u = cell.weights.parameters.w_ih[rows], cell.weights.parameters.w_hh[rows]
        b = trace.weights["bias_ih_l0"][rows] + trace.weights["bias_hh_l0"][rows]
        assert w.shape == (30, 10)
        assert u.shape == (30, 30)
        assert b.shape == (30,)
        torch.testing.assert_close(z[0, 0], w @ trace.x[0, 0] + b, rtol=0, atol=1e-14)
    assert [trace.spec.gate_rows(gate).start for gate in ("i", "f", "c_tilde", "o")] == [0, 30, 60, 90]


def test_s1_the_packed_parameters_have_the_asked_shapes() -> None:
    spec = gs.parse_constructor("nn.LSTM(10, 30, batch_first=True)")
    assert spec.parameters() == {
        "weight_ih_l0": (120, 10), "weight_hh_l0": (120, 30), "bias_ih_l0": (120,), "bias_hh_l0": (120,),
    }  # fmt: skip


@pytest.mark.parametrize("given", [False, True])
def test_s1_a_batch_of_fifty_with_and_without_initial_states(make_lstm: MakeLSTM, given: bool) -> None:
    module = make_lstm(10, 30, batch_first=True)
    x = torch.randn(50, 100, 10, generator=torch.Generator().manual_seed(0))
    hx = (torch.ones(1, 50, 30), torch.ones(1, 50, 30)) if given else None
    trace = gs.trace(module, x, hx)
    assert trace.output.shape == (50, 100, 30)
    assert trace.h_n.shape == trace.c_n.shape == (1, 50, 30)
    assert trace.cell().f.shape == (100, 50, 30)
    assert gs.verify(trace).matches
    assert torch.equal(trace.cell().state_before("h")[0], torch.full((50, 30), float(given)))


def test_s4_two_layers(make_trace: MakeTrace) -> None:
    trace = make_trace(3, 5, 2, steps=13, batch=7)
    assert trace.output.shape == (13, 7, 5)
    assert trace.h_n.shape == trace.c_n.shape == (2, 7, 5)
    assert torch.equal(trace.output[-1], trace.h_n[-1])
    assert gs.verify(trace).matches


def test_s4_batch_first_makes_thirteen_the_batch(make_trace: MakeTrace) -> None:
    trace = make_trace(3, 5, 2, batch_first=True, steps=7, batch=13)
    assert trace.output.shape == (13, 7, 5)
    assert trace.h_n.shape == trace.c_n.shape == (2, 13, 5)
    assert torch.equal(trace.output[:, -1], trace.h_n[-1])
    assert gs.verify(trace).matches


@pytest.mark.parametrize("layers", [1, 2])
def test_s4_the_reverse_direction_ends_at_position_zero(make_trace: MakeTrace, layers: int) -> None:
    trace = make_trace(3, 5, layers, bidirectional=True, steps=13, batch=7)
    assert trace.output.shape == (13, 7, 10)
    assert trace.h_n.shape == trace.c_n.shape == (2 * layers, 7, 5)
    assert torch.equal(trace.output[0, :, 5:], trace.h_n[-1])
    assert torch.equal(trace.output[-1, :, :5], trace.h_n[-2])
    reverse = trace.cell(layers - 1, "reverse")
    assert torch.equal(reverse.last("h"), reverse.h[0])
    assert torch.equal(reverse.state_before("h")[-1], reverse.h0)  # it starts at the other end
    assert gs.verify(trace).matches
