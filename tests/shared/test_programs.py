"""The programs that stand for right and wrong code: the right ones run as torch does, the wrong ones do not."""

from __future__ import annotations

import pytest
import torch
from programs import Program, network, traced
from right_programs import PROGRAMS
from wrong_programs import FAULTS


@pytest.mark.parametrize("kind", FAULTS)
@pytest.mark.parametrize("program", PROGRAMS)
def test_the_right_ones_run_as_torch_does(kind: str, program: str) -> None:
    trace = network(kind, 5, torch.float64, steps=6)
    ours, theirs = (one.cell() for one in (traced(trace, PROGRAMS[program](torch.float64)), trace))
    for name, values in theirs.values.items():
        assert not torch.equal(values, torch.zeros_like(values))
        torch.testing.assert_close(ours.quantity(name), values, rtol=1e-12, atol=1e-14)


def test_there_are_36_wrong_ones_of_each_cell() -> None:
    for faults in FAULTS.values():
        assert len({fault.name for fault in faults}) == len(faults) == 36


@pytest.mark.parametrize("kind", FAULTS)
@pytest.mark.parametrize("hidden", [8, 128])
def test_each_wrong_one_computes_something_else(kind: str, hidden: int) -> None:
    trace = network(kind, hidden, torch.float64)
    right = traced(trace, Program()).cell()
    for fault in FAULTS[kind]:
        wrong = traced(trace, fault.program).cell()
        apart = max(float((wrong.quantity(name) - values).abs().max()) for name, values in right.values.items())
        assert apart > 1e-3 * min(fault.size, 1e-2), fault.name  # what rounding makes is below 1e-12


def test_a_run_is_the_same_for_each_seed() -> None:
    for one, other in zip(*(network("GRU", 8, torch.float32, seed=4).weights.values() for _ in range(2)), strict=True):
        assert torch.equal(one, other)
    assert not torch.equal(network("GRU", 8, torch.float32, seed=4).x, network("GRU", 8, torch.float32, seed=5).x)
