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
