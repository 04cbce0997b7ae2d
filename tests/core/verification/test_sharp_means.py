"""The mean over steps and over units shows an error that no step shows, and roundings that are alike are none."""

from __future__ import annotations

from dataclasses import replace

import pytest
import torch
from torch import Tensor, nn

import gatescope as gs
from gatescope.traces.trace import Trace

SIXTEEN = (torch.bfloat16, torch.float16)


def drawn(*shape: int, dtype: torch.dtype, seed: int = 0) -> Tensor:
    return torch.randn(*shape, generator=torch.Generator().manual_seed(seed)).to(dtype)


def make(kind: str, inputs: int, hidden: int, dtype: torch.dtype) -> nn.Module:
    with torch.random.fork_rng():
        torch.manual_seed(7)
        module: nn.Module = getattr(nn, kind)(inputs, hidden)
    return module.to(dtype)


def gates_off_by(trace: Trace, error: float, unit: int | None = None) -> Trace:
    """Return the record of a forget gate that was off before it was stored, in all units or in one."""
    cell = trace.cell()
    exact = torch.sigmoid(cell.quantity("z_f").double())
    off = torch.zeros_like(exact)
    off[..., slice(None) if unit is None else unit] = error
    return trace.with_cell(replace(cell, values=cell.values | {"f": (exact + off).to(trace.x.dtype)}))


@pytest.mark.parametrize(("dtype", "part"), [(torch.bfloat16, 1 / 2), (torch.float16, 1 / 5)])
def test_an_error_below_every_bound_shows_in_the_mean_over_units(dtype: torch.dtype, part: float) -> None:
    trace = gs.trace(make("LSTM", 6, 40, dtype), drawn(300, 2, 6, dtype=dtype))
    report = gs.verify(trace, gates=True)
    assert report.deviation is None
    error = report.detectable["f"] * part
    found = gs.verify(gates_off_by(trace, error), gates=True)
    assert found.deviation is not None
    assert (found.deviation.quantity, found.deviation.t, found.deviation.unit) == ("f", -1, -1)
    assert found.deviation.units == 32
    assert found.deviation.error == pytest.approx(error, rel=0.2)
    assert found.verdict.code == "deviates_over_units"
    assert "over 600 steps of 32 units" in str(found.verdict)
    assert not found.matches


def test_an_error_of_one_unit_shows_in_its_mean_over_steps() -> None:
    trace = gs.trace(make("LSTM", 6, 40, torch.float16), drawn(1000, 2, 6, dtype=torch.float16))
    report = gs.verify(trace, gates=True)
    error = report.detectable["f"] * 0.75
    found = gs.verify(gates_off_by(trace, error, unit=5), gates=True)
    assert found.deviation is not None
    assert (found.deviation.quantity, found.deviation.unit, found.deviation.units) == ("f", 5, 1)
    assert found.verdict.code == "deviates_on_average"


@pytest.mark.parametrize("dtype", [*SIXTEEN, torch.float32, torch.float64])
@pytest.mark.parametrize("kind", ["LSTM", "GRU", "RNN"])
@pytest.mark.parametrize("inputs", ["constant", "impulse", "two in turn"])
def test_roundings_that_are_alike_at_all_steps_are_no_deviation(kind: str, inputs: str, dtype: torch.dtype) -> None:
    x = drawn(1, 2, 6, dtype=dtype).repeat(400, 1, 1)
    if inputs == "impulse":
        x[1:] = 0
    if inputs == "two in turn":
        x[::2] = drawn(1, 2, 6, dtype=dtype, seed=1)
    report = gs.verify(gs.trace(make(kind, 6, 40, dtype), x), gates=True)
    assert report.deviation is None
    assert report.matches


@pytest.mark.parametrize("dtype", SIXTEEN)
def test_units_of_the_same_weights_are_no_deviation(dtype: torch.dtype) -> None:
    module = make("LSTM", 6, 40, dtype)
    with torch.no_grad():
        for parameter in module.parameters():
            parameter.fill_(0.037)
    assert gs.verify(gs.trace(module, drawn(300, 2, 6, dtype=dtype)), gates=True).deviation is None
