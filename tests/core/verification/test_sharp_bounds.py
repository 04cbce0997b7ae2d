"""The bounds of the sharp test: below the worst case, above what float64 says, and of chosen numbers alone."""

from __future__ import annotations

import pytest
import torch
from torch import Tensor, nn

import gatescope as gs
from gatescope.cells.arithmetic import BFLOAT16, IEEE16, IEEE32, IEEE64, TF32
from gatescope.traces.layers import one_step
from gatescope.traces.trace import Trace
from gatescope.verification.sharp_bounds import Numbers, SharpBounds, sharper, spread_out, usual_share
from gatescope.verification.verify import verified


def run(kind: str, dtype: torch.dtype = torch.float32, **options: object) -> Trace:
    with torch.random.fork_rng():
        torch.manual_seed(3)
        module: nn.Module = getattr(nn, kind)(12, 50, **options).to(dtype)
        return gs.trace(module, torch.randn(20, 2, 12).to(dtype))


def bounds_of(trace: Trace, spread: float = 8.0) -> SharpBounds:
    report = verified(trace, trace.arithmetic, gates=True, progress=None)
    return SharpBounds(report._cells[0, "forward"], trace.arithmetic, spread)


def all_numbers(shape: tuple[int, ...]) -> Numbers:
    return Numbers(*torch.ones(shape).nonzero().unbind(dim=1))


@pytest.mark.parametrize("dtype", [torch.float32, torch.float64, torch.float16, torch.bfloat16])
@pytest.mark.parametrize("kind", ["LSTM", "GRU", "RNN"])
def test_a_correct_run_is_within_them_and_they_are_within_the_worst_case(kind: str, dtype: torch.dtype) -> None:
    bounds = bounds_of(run(kind, dtype))
    for quantity in bounds.quantities:
        at = all_numbers(tuple(bounds.report.reference[quantity].shape))
        sharp, worst = bounds.of(quantity, at), at.of(bounds.report.bound[quantity])
        assert bool((at.of(bounds.difference(quantity).abs()) <= sharp).all())
        assert bool((sharp <= worst * 1.01).all())  # the worst case is computed in the working type
        assert float((sharp / worst).median()) < 0.7


@pytest.mark.parametrize("kind", ["LSTM", "GRU", "RNN"])
def test_the_step_of_chosen_units_is_that_of_the_whole_cell(kind: str) -> None:
    bounds = bounds_of(run(kind, torch.float64))
    cell = bounds.cell
    at = Numbers(torch.tensor([0, 7, 19]), torch.tensor([1, 0, 1]), torch.tensor([49, 3, 0]))
    before = {name: cell.state_before(name)[at.t, at.batch] for name in cell.cell.states}
    whole = one_step(cell.cell, cell.weights, cell.x[at.t, at.batch], before)
    for name, values in bounds.units(at).step.items():
        torch.testing.assert_close(values[:, 0], whole[name].gather(1, at.unit[:, None])[:, 0])


def test_a_projected_h_is_bounded_by_what_all_units_are_off_by() -> None:
    bounds = bounds_of(run("LSTM", proj_size=4))
    assert bounds.is_projected("h")
    assert not bounds.is_projected("c")
    at = all_numbers((20, 2, 4))[::17]
    sharp, worst = bounds.of("h", at), at.of(bounds.report.bound["h"])
    assert bool((at.of(bounds.difference("h").abs()) <= sharp).all())
    assert bool((sharp <= worst).all())
    row = bounds.cell.weights.w_hr
    assert row is not None
    units = Numbers(at.t[:1].expand(50), at.batch[:1].expand(50), torch.arange(50))
    assert float(sharp[0]) >= float(row[at.unit[0]].double().abs() @ bounds.of_units(units)["h"])


def test_what_is_usual_is_half_of_a_likely_share() -> None:
    for arithmetic in (IEEE32, IEEE64, TF32, IEEE16, BFLOAT16):
        shares = [usual_share(terms, arithmetic, 8.0) for terms in (4, 64, 1024)]
        assert shares == sorted(shares, reverse=True)
        assert 0 < shares[-1] < 0.3
    assert usual_share(1024, IEEE32, 8.0) == pytest.approx(8 * 0.5**0.5 / 1024)


def test_sixteen_bit_types_compute_sigmoid_and_tanh_in_float32() -> None:
    assert sharper(IEEE32) is IEEE32
    assert (sharper(IEEE16).elementary, sharper(IEEE16).tiny) == (2.0, 2.0**-24)
    assert sharper(BFLOAT16).tiny == BFLOAT16.tiny


@pytest.mark.parametrize(("size", "count", "expected"), [(3, 16, [0, 1, 2]), (11, 3, [0, 5, 10]), (5, 1, [0])])
def test_a_sample_is_spread_over_all(size: int, count: int, expected: list[int]) -> None:
    found: Tensor = spread_out(size, count)
    assert found.tolist() == expected
