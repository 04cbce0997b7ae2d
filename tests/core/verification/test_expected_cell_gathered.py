"""What C gathers beside the kernel's own h, in the order of the run, and from the last hold on."""

from __future__ import annotations

from dataclasses import replace

import pytest
import torch
from torch import Tensor, nn

import gatescope as gs
from gatescope.verification.expected_cell import expected_cell, gathered_in_h

T, B, H = 9, 2, 3
HOLDS = {
    "nothing": [],
    "C of one unit": [gs.Hold("c", 0.25, units=(1,), start=3, stop=5)],
    "f of one element, so that C follows": [gs.Hold("f", 0.5, batch=(1,), start=4, stop=5)],
    "o, which C does not follow from": [gs.Hold("o", 0.5, start=2, stop=6)],
    "two, one after the other": [gs.Hold("c", 0.25, start=1, stop=2), gs.Hold("i", 0.5, units=(0,), start=6, stop=8)],
}
STARTS_ANEW = {  # where C is held or follows from what is held: (t, element, unit)
    "nothing": [],
    "C of one unit": [(slice(3, 5), slice(None), 1)],
    "f of one element, so that C follows": [(slice(4, 5), 1, slice(None))],
    "o, which C does not follow from": [],
    "two, one after the other": [(slice(1, 2), slice(None), slice(None)), (slice(6, 8), slice(None), 0)],
}


@pytest.mark.parametrize("direction", ["forward", "reverse"])
@pytest.mark.parametrize("held", HOLDS)
def test_what_is_gathered_is_shown_by_h_and_ends_where_the_memory_is_held(held: str, direction: str) -> None:
    module = nn.LSTM(2, H, bidirectional=True, dtype=torch.float64)
    holds = [replace(hold, direction=direction) for hold in HOLDS[held]]  # type: ignore[arg-type]  # one of the two
    trace = gs.trace(module, torch.randn(T, B, 2, dtype=torch.float64), holds=holds)
    cell = expected_cell(trace, 0, direction)
    of_memory = torch.rand(T, B, H, dtype=torch.float64) * 2.0**-20
    coarse = replace(trace.arithmetic, unit_roundoff=2.0**-8)  # so that the rounding of tanh itself is beside the point

    anew = torch.zeros(T, B, H, dtype=torch.bool)
    for place in STARTS_ANEW[held]:
        anew[place] = True
    apart, expected = torch.zeros(B, H, dtype=torch.float64), torch.empty(T, B, H, dtype=torch.float64)
    for t in range(T) if direction == "forward" else reversed(range(T)):
        reached: Tensor = cell.f[t] * apart
        expected[t] = cell.o[t] * (1 - cell.c[t].tanh() ** 2) * reached
        apart = (reached + of_memory[t]).masked_fill(anew[t], 0.0)
    torch.testing.assert_close(gathered_in_h(cell, of_memory, coarse), expected, rtol=2.0**-10, atol=0.0)
