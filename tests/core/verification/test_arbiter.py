"""float64 as the arbiter: units in the last place, of the trace and of torch."""

from __future__ import annotations

from dataclasses import replace

import pytest
import torch
from torch import Tensor, nn

import gatescope as gs
from gatescope.traces.trace import Trace
from gatescope.verification.arbiter import Errors, _ulp

X = torch.randn(30, 2, 4, generator=torch.Generator().manual_seed(0))


def network(dtype: torch.dtype = torch.float32) -> nn.LSTM:
    return nn.LSTM(4, 5).to(dtype)


def true_step(trace: Trace, t: int) -> dict[str, Tensor]:
    """One step of an LSTM in float64, in the test's own words."""
    cell = trace.cell()
    p = cell.weights.parameters.mapped(Tensor.double)
    h, c = (cell.state_before(name)[t].double() for name in ("h", "c"))
    z = cell.x[t].double() @ p.w_ih.T + h @ p.w_hh.T + p.b_ih + p.b_hh  # type: ignore[operator]  # it has biases
    i, f, g, o = z.chunk(4, dim=1)
    c = f.sigmoid() * c + i.sigmoid() * g.tanh()
    return {"f": f.sigmoid(), "c": c, "h": o.sigmoid() * c.tanh()}


def test_the_arbiter_counts_units_in_the_last_place() -> None:
    trace = gs.trace(network(), X)
    report = gs.verify(trace, gates=True)
    for name in ("f", "c", "h"):
        verdict = report.arbiter(name)
        truth = true_step(trace, 9)[name]
        ulp = torch.nextafter(truth.float().abs(), torch.tensor(torch.inf)) - truth.float().abs()
        for side, numbers in ((verdict.ours, trace.cell().quantity(name)), (verdict.reference, report.reference(name))):
            expected = (numbers[9].double() - truth).abs() / ulp.double()
            torch.testing.assert_close(side.ulps[9], expected, rtol=1e-6, atol=1e-6)
            assert side.largest == float(side.ulps.max())
            assert side.mean == pytest.approx(float(side.ulps.mean()))


def test_the_arbiter_tells_who_is_wrong() -> None:
    trace = gs.trace(network(), X)
    h = trace.cell().h.clone()
    h[5, 1, 2] += 1e-3
    report = gs.verify(trace.with_cell(replace(trace.cell(), values=trace.cell().values | {"h": h})), gates=True)
    verdict = report.arbiter("h")
    assert verdict.ours.largest > 1000 > verdict.reference.largest


def test_float64_has_no_arbiter() -> None:
    report = gs.verify(gs.trace(network(dtype=torch.float64), X.double()))
    with pytest.raises(gs.GatescopeError, match="this run is itself in float64"):
        report.arbiter("h")
    with pytest.raises(gs.GatescopeError, match="The quantity must be c, h"):
        report.arbiter("f")


@pytest.mark.parametrize("dtype", [torch.float32, torch.float16, torch.bfloat16])
def test_a_unit_in_the_last_place_is_the_distance_to_the_next_number(dtype: torch.dtype) -> None:
    kind = torch.finfo(dtype)
    values = torch.tensor([1.0, 1.5, -2.0, 0.75, 0.0, kind.tiny, kind.smallest_normal / 4], dtype=dtype)
    expected = torch.tensor([1, 1, 2, 0.5, kind.tiny, kind.tiny, kind.tiny], dtype=torch.float64) * kind.eps
    assert torch.equal(_ulp(values.double(), dtype), expected)


def test_the_largest_and_the_mean_leave_out_what_cannot_be_compared() -> None:
    errors = Errors(torch.tensor([1.0, torch.nan, 4.0]))
    assert (errors.largest, errors.mean) == (4.0, 2.5)
