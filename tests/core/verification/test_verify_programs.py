"""Whole programs that run a layer by themselves: the wrong ones are found, down to small faults, no right one is."""

from __future__ import annotations

from itertools import cycle

import pytest
import torch
from programs import network, traced
from right_programs import NETWORKS, PROGRAMS
from wrong_programs import FAULTS

import gatescope as gs
from gatescope.traces.trace import Trace

DTYPES = [torch.float32, torch.float64, torch.bfloat16, torch.float16]


def said_of(trace: Trace, program: str, *, gates: bool = True) -> str | None:
    """Return what is said of a right program that ran in the place of a trace; None where that is right."""
    report = gs.verify(traced(trace, PROGRAMS[program](trace.x.dtype)), gates=gates)
    overflowed = report.verdict.code == "cannot_compare" and trace.x.dtype == torch.float16
    return None if report.matches or overflowed else f"{program}: {report.verdict}"


@pytest.mark.numeric
@pytest.mark.parametrize("dtype", DTYPES, ids=str)
@pytest.mark.parametrize("kind", FAULTS)
def test_no_right_program_is_flagged(kind: str, dtype: torch.dtype) -> None:
    programs = cycle(PROGRAMS)
    for _ in range(DTYPES.index(dtype) + 3 * list(FAULTS).index(kind)):
        next(programs)  # so that each meets several networks
    for seed, change in enumerate(NETWORKS.values()):
        assert said_of(network(kind, 5, dtype, steps=3, seed=seed, change=change), next(programs)) is None


@pytest.mark.soak
@pytest.mark.numeric
@pytest.mark.parametrize("gates", [False, True])
@pytest.mark.parametrize("dtype", DTYPES, ids=str)
@pytest.mark.parametrize("kind", FAULTS)
@pytest.mark.parametrize("hidden", [2, 16, 33, 128])
def test_no_right_program_is_flagged_at_any_size(kind: str, hidden: int, dtype: torch.dtype, gates: bool) -> None:
    for seed, change in enumerate(NETWORKS.values()):
        trace = network(kind, hidden, dtype, steps=12, seed=seed, change=change)
        for program in PROGRAMS:
            assert said_of(trace, program, gates=gates) is None


@pytest.mark.parametrize("gates", [False, True])
@pytest.mark.parametrize("kind", FAULTS)
@pytest.mark.parametrize("hidden", [8, 128])
def test_every_wrong_program_is_found_in_float64(kind: str, hidden: int, gates: bool) -> None:
    trace = network(kind, hidden, torch.float64)
    reports = {fault.name: gs.verify(traced(trace, fault.program), gates=gates) for fault in FAULTS[kind]}
    assert [name for name, report in reports.items() if report.matches] == []
