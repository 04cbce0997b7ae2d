"""The gates are compared with those that nn.LSTM's own kernel uses, though it returns none of them."""

from __future__ import annotations

import dataclasses

import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st
from torch import nn

import gatescope as gs
from gatescope.network import cell_weights
from gatescope.reference import gate_module, gate_rows
from gatescope.traces import Trace

GATES = ("f", "i", "c_tilde", "o")


def traced(scale: float = 1.0, seed: int = 0, **options: object) -> Trace:
    torch.manual_seed(seed)
    module = nn.LSTM(3, 5, **options).eval()  # type: ignore[arg-type]
    with torch.no_grad():
        for parameter in module.parameters():
            parameter.mul_(scale)
    return gs.trace(module, torch.randn(6, 2, 3, dtype=module.weight_ih_l0.dtype))


@given(
    scale=st.sampled_from([0.1, 1.0, 8.0, 32.0]),
    seed=st.integers(0, 10_000),
    layers=st.integers(1, 2),
    bidirectional=st.booleans(),
    proj_size=st.sampled_from([0, 2]),
    bias=st.booleans(),
    dtype=st.sampled_from([torch.float32, torch.float64]),
)
def test_correct_gates_stay_within_the_bound(
    scale: float, seed: int, layers: int, bidirectional: bool, proj_size: int, bias: bool, dtype: torch.dtype
) -> None:
    trace = traced(
        scale, seed, num_layers=layers, bidirectional=bidirectional, proj_size=proj_size, bias=bias, dtype=dtype
    )
    report = gs.verify(trace, gates=True)
    assert report.compared == ("f", "i", "c_tilde", "c", "o", "h")
    assert report.matches, report.verdict


@pytest.mark.parametrize("gate", GATES)
@pytest.mark.parametrize("proj_size", [0, 2])
def test_a_gate_that_is_only_recorded_wrong_is_found(gate: str, proj_size: int) -> None:
    trace = traced(proj_size=proj_size, num_layers=2)
    cell = trace.cell(1)
    values = cell.quantity(gate).clone()
    values[3, 1, 2] += 1e-5
    wrong = dataclasses.replace(cell, steps=cell.steps._replace(**{gate: values}))
    report = gs.verify(dataclasses.replace(trace, cells={**trace.cells, (1, "forward"): wrong}), gates=True)
    first = report.first_difference
    assert first is not None
    assert (first.t, first.batch, first.unit, first.layer, first.quantity) == (3, 1, 2, 1, gate)


def test_without_gates_only_the_states_are_compared() -> None:
    report = gs.verify(traced())
    assert report.compared == ("c", "h")
    with pytest.raises(gs.GatescopeError, match="The quantity must be c, h"):
        report.resynced("f")


def test_drift_is_known_of_the_states_only() -> None:
    with pytest.raises(gs.GatescopeError, match="The quantity must be c, h"):
        gs.verify(traced(), gates=True).free_running("f")


@pytest.mark.parametrize("bias_size", [0.0, 1e5])
def test_the_kernel_shows_the_textbook_gates(bias_size: float) -> None:
    module = nn.LSTM(3, 5, dtype=torch.float64)
    with torch.no_grad():
        module.bias_ih_l0[::3] += bias_size  # saturated, beyond the smallest indicator
    spec = gs.trace(module, torch.zeros(1, 3, dtype=torch.float64)).spec
    w = cell_weights(spec, {name: value.detach() for name, value in module.named_parameters()}, 0, "forward")
    x, h = torch.randn(7, 3, dtype=torch.float64), torch.randn(7, 5, dtype=torch.float64)
    with torch.no_grad():
        rows = gate_rows(gate_module(spec, w), x, h)
    z_i, z_f, z_c, z_o = (x @ w.w_ih.T + h @ w.w_hh.T + w.b_ih + w.b_hh).chunk(4, dim=1)  # type: ignore[operator]
    expected = {"f": z_f.sigmoid(), "i": z_i.sigmoid(), "c_tilde": z_c.tanh(), "o": z_o.sigmoid()}
    for gate in GATES:
        torch.testing.assert_close(rows[gate], expected[gate], rtol=0, atol=1e-14)


def test_nan_in_one_batch_element_leaves_the_gates_of_the_other_compared() -> None:
    x = torch.randn(6, 2, 3)
    x[2, 0, 1] = torch.nan
    report = gs.verify(gs.trace(nn.LSTM(3, 5), x), gates=True)
    assert report.verdict.code == "cannot_compare"
    assert report.ratio("f")[:, 1].isfinite().all()
    assert report.ratio("f")[2:, 0].isnan().all()


@pytest.mark.parametrize("fault", ["zero", "sign"])
def test_a_fault_is_found_however_small_the_numbers_are(fault: str) -> None:
    torch.manual_seed(0)
    trace = gs.trace(nn.LSTM(4, 3, bias=False), 1e-7 * torch.randn(6, 2, 4))
    cell = trace.cell()
    c, h = (0 * cell.c, 0 * cell.h) if fault == "zero" else (-cell.c, -cell.h)
    wrong = dataclasses.replace(cell, steps=cell.steps._replace(c=c, h=h))
    assert gs.verify(trace, gates=True).matches
    assert gs.verify(dataclasses.replace(trace, cells={(0, "forward"): wrong})).verdict.code == "differs"


def test_a_record_of_garbage_does_not_widen_its_own_tolerance() -> None:
    trace = traced()
    cell = trace.cell()
    garbage = cell.steps._replace(c=1.5 * cell.c, c_tilde=1e8 * cell.c_tilde)
    wrong = dataclasses.replace(cell, steps=garbage)
    assert gs.verify(dataclasses.replace(trace, cells={(0, "forward"): wrong})).verdict.code == "differs"
