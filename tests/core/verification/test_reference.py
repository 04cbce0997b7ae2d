"""What a trace is compared with: one step of torch's kernel, its gates, and a whole run."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
import torch
from torch import nn

import gatescope as gs
from gatescope.modules.network import cell_weights
from gatescope.traces.trace import Trace
from gatescope.verification.reference import free_run, observed_gates, revealed_gates

pytestmark = pytest.mark.filterwarnings("ignore:LSTM with projections is not supported with oneDNN")

MakeTrace = Callable[..., Trace]
MakeLSTM = Callable[..., nn.LSTM]
KINDS = ("LSTM", "GRU", "RNN", "LSTMCell", "GRUCell", "RNNCell")


def textbook(kind: str, x: Any, h: Any, p: Any) -> dict[str, Any]:
    """The gates in the test's own words, each the paper's formula."""
    from_x = x @ p.w_ih.T + (0 if p.b_ih is None else p.b_ih)
    from_h = h @ p.w_hh.T + (0 if p.b_hh is None else p.b_hh)
    if kind == "LSTM":
        z_i, z_f, z_c, z_o = (from_x + from_h).chunk(4, dim=1)
        return {"f": z_f.sigmoid(), "i": z_i.sigmoid(), "c_tilde": z_c.tanh(), "o": z_o.sigmoid()}
    if kind == "GRU":
        (r_x, z_x, n_x), (r_h, z_h, n_h) = from_x.chunk(3, dim=1), from_h.chunk(3, dim=1)
        r = (r_x + r_h).sigmoid()
        return {"r": r, "z": (z_x + z_h).sigmoid(), "n": (n_x + r * n_h).tanh()}
    return {"a": from_x + from_h}


@pytest.mark.numeric
@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("bias", [True, False])
@pytest.mark.parametrize("way", [revealed_gates, observed_gates])
@pytest.mark.parametrize("size", [1.0, 1e5])
def test_the_kernels_show_the_textbook_gates(kind: str, bias: bool, way: Any, size: float) -> None:
    torch.manual_seed(0)
    module = getattr(nn, kind)(3, 5, bias=bias, dtype=torch.float64)
    with torch.no_grad():
        weight = next(module.parameters())
        weight[::3] *= size  # saturated, beyond the smallest indicator
    trace = gs.trace(module, torch.zeros(1, 3, dtype=torch.float64))
    w = cell_weights(trace.spec, trace.weights, 0, "forward")
    x, h = torch.randn(7, 3, dtype=torch.float64), torch.randn(7, 5, dtype=torch.float64)
    before = dict.fromkeys(trace.spec.cell.states, h)
    with torch.no_grad():
        rows = way(trace.spec, w, x, before)
    expected = textbook(kind.removesuffix("Cell"), x, h, w.parameters)
    assert set(rows) == set(expected) == set(trace.spec.cell.gates)
    for gate, values in expected.items():
        torch.testing.assert_close(rows[gate], values, rtol=1e-14, atol=1e-14)


@pytest.mark.numeric
def test_the_reference_is_one_step_of_the_real_module_from_the_recorded_state(make_trace: MakeTrace) -> None:
    trace = make_trace(3, 4, dtype=torch.float64)
    report, cell = gs.verify(trace), trace.cell()
    module = nn.LSTM(3, 4, dtype=torch.float64)
    module.load_state_dict(trace.weights)
    for t in range(6):
        state = tuple(cell.state_before(name)[t][None].contiguous() for name in ("h", "c"))
        with torch.no_grad():
            _, (h, c) = module(trace.x[t][None], state)
        for name, state in (("h", h[0]), ("c", c[0])):  # of another batch size, so that its last bits may be others
            assert ((report.reference(name)[t] - state).abs() <= report.bound(name)[t]).all()


@pytest.mark.parametrize("proj_size", [0, 2])
def test_free_running_is_the_distance_to_a_whole_run_of_the_module(make_lstm: MakeLSTM, proj_size: int) -> None:
    module = make_lstm(3, 4, 2, bidirectional=True, proj_size=proj_size, scale=4)
    generator = torch.Generator().manual_seed(1)
    x = torch.randn(30, 2, 3, generator=generator)
    units = proj_size or 4
    hx = (torch.randn(4, 2, units, generator=generator), torch.randn(4, 2, 4, generator=generator))
    trace = gs.trace(module, x, hx)
    report = gs.verify(trace)
    with torch.no_grad():
        output, (h_n, c_n) = module(x, hx)
    drift = torch.cat([report.free_running("h", 1, side) for side in ("forward", "reverse")], dim=-1)
    assert torch.equal(drift, (trace.output - output).abs())
    for index, (layer, direction) in enumerate(trace.spec.cells()):
        last = 0 if direction == "reverse" else 29
        # The reference's C is found step by step, so it may differ from its own c_n by a rounding.
        of_c, of_h = (report.free_running(name, layer, direction)[last] for name in ("c", "h"))
        torch.testing.assert_close(of_c, (trace.c_n[index] - c_n[index]).abs(), rtol=0, atol=1e-5)
        torch.testing.assert_close(of_h, (trace.h_n[index] - h_n[index]).abs(), rtol=0, atol=1e-5)


@pytest.mark.parametrize("kind", KINDS)
def test_a_whole_run_is_that_of_the_module(kind: str) -> None:
    module, x = getattr(nn, kind)(3, 4), torch.randn(6, 2, 3)
    states, rows, hx = free_run(gs.trace(module, x)), [], None
    with torch.no_grad():
        if isinstance(module, nn.RNNBase):
            rows = list(module(x)[0])
        else:
            for step in x:
                hx = module(step, hx)
                rows.append(hx[0] if kind == "LSTMCell" else hx)
    assert list(states) == [(0, "forward")]
    assert torch.equal(states[0, "forward"]["h"], torch.stack(rows))  # the same calls
    assert list(states[0, "forward"]) == (["h", "c"] if kind.startswith("LSTM") else ["h"])


def test_a_layer_below_is_told_by_a_network_cut_off_above_it() -> None:
    module, x = nn.GRU(3, 4, 3), torch.randn(6, 2, 3)
    states = free_run(gs.trace(module, x))
    for layer in range(3):
        cut = nn.GRU(3, 4, layer + 1)
        cut.load_state_dict({name: module.state_dict()[name] for name in cut.state_dict()})
        with torch.no_grad():
            assert torch.equal(states[layer, "forward"]["h"], cut(x)[0])
