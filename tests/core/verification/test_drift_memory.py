"""How C drifts: what it gathers in the kernel, and beside it from the same h; in closed form where h feeds nothing."""

from __future__ import annotations

from dataclasses import replace

import pytest
import torch
from torch import nn

import gatescope as gs
from gatescope.verification.drift import drift_bounds


@pytest.mark.parametrize("h_from_kernel", [True, False], ids=["by kernel", "by equations"])
def test_c_gathers_what_its_gates_keep_and_h_what_it_shows_of_that(h_from_kernel: bool) -> None:
    module = nn.LSTM(3, 2, dtype=torch.float64).eval()
    with torch.no_grad():
        module.weight_hh_l0.zero_()  # so that dC_t / dC_(t-1) is f_t, and nothing else passes from step to step
    trace = gs.trace(module, torch.randn(40, 2, 3, dtype=torch.float64))  # over more steps than one block
    cell = trace.cell()
    assert cell.h_from_kernel
    trace = trace.with_cell(replace(cell, h_from_kernel=False))
    of_step = gs.verify(trace)  # not widened by what C has gathered
    of_h, of_c = of_step.bound("h"), of_step.bound("c")
    f, o, c = cell.f, cell.o, cell.c
    gathered, c_drift, h_drift = torch.zeros_like(of_c[0]), [], []
    for t in range(40):
        h_drift.append(of_h[t] + o[t] * (1 - c[t].tanh() ** 2) * f[t] * gathered)
        gathered = f[t] * gathered + of_c[t]
        c_drift.append(2 * gathered if h_from_kernel else gathered)  # the C of the kernel, and that beside it
    found = drift_bounds(trace.with_cell(replace(cell, h_from_kernel=h_from_kernel)))[0, "forward"]
    torch.testing.assert_close(found["c"], torch.stack(c_drift), rtol=1e-9, atol=0.0)
    torch.testing.assert_close(found["h"], torch.stack(h_drift), rtol=1e-9, atol=0.0)


@pytest.mark.parametrize(("beyond", "passes"), [(-(2.0**-52), 1.0), (-0.5, 0.0), (2.0**-52, 2.0), (0.5, 1.0)])
def test_at_the_kink_of_relu_all_that_may_come_over_it_counts(beyond: float, passes: float) -> None:
    module = nn.RNN(2, 2, nonlinearity="relu", bias=False, dtype=torch.float64)
    with torch.no_grad():
        module.weight_ih_l0.copy_(torch.eye(2))
        module.weight_hh_l0.copy_(torch.tensor([[0.0, 0.0], [1.0, 0.0]]))  # unit 1 adds what unit 0 was
    # Unit 0 is 1 after the first step; then the pre-activation of unit 1 is that and its own x: `beyond` the kink.
    trace = gs.trace(module, torch.tensor([[1.0, 0.0], [0.0, beyond - 1]], dtype=torch.float64))
    found, of_step = drift_bounds(trace)[0, "forward"]["h"][:, 0], gs.verify(trace).bound("h")[:, 0]
    drift_of_unit_0 = float(found[0, 0])
    assert drift_of_unit_0 > abs(2.0**-52)
    # Through the slope where it is 1; and where the kink is within reach, once more at the most.
    assert float(found[1, 1]) == pytest.approx(passes * drift_of_unit_0 + float(of_step[1, 1]), rel=1e-9, abs=0.0)


def test_a_layer_passes_on_what_the_layers_below_it_have_drifted() -> None:
    """h_t = relu(w h_(t-1) + v x_t) far from its kink, where x_t of the second layer is the h of the first."""
    module = nn.RNN(1, 1, num_layers=2, nonlinearity="relu", bias=False, dtype=torch.float64)
    with torch.no_grad():
        for weight, value in zip(module.parameters(), (3.0, 0.5, 0.75, 0.25), strict=True):
            weight.fill_(value)
    trace = gs.trace(module, torch.rand(12, 1, dtype=torch.float64) + 1)
    report, found = gs.verify(trace), drift_bounds(trace)
    below = above = torch.zeros((), dtype=torch.float64)
    for t in range(12):
        below = 0.5 * below + report.bound("h", 0)[t, 0, 0]
        above = 0.25 * above + 0.75 * below + report.bound("h", 1)[t, 0, 0]
        assert float(found[0, "forward"]["h"][t]) == pytest.approx(float(below), rel=1e-9, abs=0.0)
        assert float(found[1, "forward"]["h"][t]) == pytest.approx(float(above), rel=1e-9, abs=0.0)
