"""Two runs compared."""

from __future__ import annotations

from typing import Any

import pytest
import torch
from torch import nn

import gatescope as gs
from gatescope.cells.arithmetic import TF32
from gatescope.traces.trace import Trace

X = torch.randn(30, 2, 4, generator=torch.Generator().manual_seed(0))


def network(kind: str = "LSTM", dtype: torch.dtype = torch.float32, **options: Any) -> Any:
    torch.manual_seed(0)
    return getattr(nn, kind)(4, 5, **options).to(dtype)


def changed(trace: Trace, t: int, name: str = "h", by: float = 1e-4) -> Trace:
    cell = trace.cell()
    values = cell.quantity(name).clone()
    values[t, 1, 2] += by
    return trace.with_cell(type(cell)(**{**vars(cell), "values": cell.values | {name: values}}))


@pytest.mark.parametrize("kind", ["LSTM", "GRU", "RNN", "LSTMCell"])
@pytest.mark.parametrize("dtype", [torch.float64, torch.float32, torch.bfloat16])
def test_the_same_network_in_two_types_differs_nowhere_beyond_rounding(kind: str, dtype: torch.dtype) -> None:
    one = gs.trace(network(kind), X)
    other = gs.trace(network(kind, dtype), X.to(dtype))
    for a, b in ((one, other), (other, one)):
        comparison = gs.compare(a, b)
        assert comparison.matches, str(comparison.verdict)
        assert comparison.first is None
        assert "the two runs match" in str(comparison.verdict)


def test_two_arithmetics_are_compared_within_the_coarser() -> None:
    one, other = gs.trace(network(), X), gs.trace(network(), X)
    rounded = changed(other, 7, by=1e-5)
    assert gs.compare(one, rounded).verdict.code == "runs_differ"
    coarse = type(rounded)(**{**vars(rounded), "arithmetic": TF32})
    assert gs.compare(one, coarse).matches


@pytest.mark.parametrize("bidirectional", [False, True])
def test_another_checkpoint_differs_from_the_first_step_that_uses_it(bidirectional: bool) -> None:
    one, two = network(bidirectional=bidirectional), network(bidirectional=bidirectional)
    with torch.no_grad():
        two.weight_hh_l0[3, 2] += 1e-3  # h is zero before the first step
    comparison = gs.compare(gs.trace(one, X), gs.trace(two, X))
    assert comparison.verdict.code == "runs_differ"
    assert comparison.first is not None
    assert (comparison.first.t, comparison.first.quantity, comparison.first.unit) == (1, "i", 3)


@pytest.mark.parametrize("side", [0, 1])
def test_a_wrong_record_on_either_side_is_found_at_its_place(side: int) -> None:
    runs = [gs.trace(network(), X), gs.trace(network(), X)]
    runs[side] = changed(runs[side], 11)
    first = gs.compare(*runs).first
    assert first is not None
    assert (first.t, first.batch, first.unit, first.quantity) == (11, 1, 2, "h")


def test_the_curves_belong_to_the_verdict() -> None:
    comparison = gs.compare(gs.trace(network(), X), changed(gs.trace(network(), X), 11))
    ratio = comparison.difference("h") / comparison.bound("h")
    assert ratio.shape == (30, 2, 5)
    assert int(ratio.flatten(1).max(dim=1).values.gt(1).nonzero()[0]) == 11
    assert float(comparison.drift("h")[11, 1, 2]) == pytest.approx(1e-4, rel=1e-2)
    assert float(comparison.drift("h")[10].max()) == 0


@pytest.mark.parametrize("name", ["x", "h0", "c0"])
def test_runs_that_were_not_fed_the_same_say_so(name: str) -> None:
    h, c, other = torch.zeros(1, 2, 5), torch.zeros(1, 2, 5), X.clone()
    {"x": other[7], "h0": h, "c0": c}[name].add_(0.1)
    comparison = gs.compare(gs.trace(network(), X), gs.trace(network(), other, (h, c)))
    assert comparison.verdict.code == "runs_fed_differently"
    assert name in str(comparison.verdict)


def test_nan_on_both_sides_cannot_be_compared() -> None:
    x = X.clone()
    x[3, 0, 0] = torch.nan
    assert gs.compare(gs.trace(network(), x), gs.trace(network(), x)).verdict.code == "cannot_compare"


@pytest.mark.parametrize(
    "other",
    [
        lambda: gs.trace(network("GRU"), X),
        lambda: gs.trace(network(), X[:7]),
        lambda: gs.trace(network(num_layers=2), X),
    ],
)
def test_runs_of_other_shapes_are_refused_naming_both(other: Any) -> None:
    with pytest.raises(gs.GatescopeError, match=r"one is nn\.LSTM\(4, 5\), T = 30, B = 2, the other nn\."):
        gs.compare(gs.trace(network(), X), other())


def test_runs_of_other_lengths_are_refused_naming_both() -> None:
    def packed(*lengths: int) -> Any:
        return nn.utils.rnn.pack_sequence([X[:n, 0] for n in lengths], enforce_sorted=False)

    with pytest.raises(gs.GatescopeError, match=r"one has \[5, 3\], the other \[5, 4\]"):
        gs.compare(gs.trace(network(), packed(5, 3)), gs.trace(network(), packed(5, 4)))


def test_a_comparison_keeps_which_run_is_which() -> None:
    one, two = gs.trace(network(), X), gs.trace(network(), 2 * X)
    comparison = gs.compare(one, two)
    assert torch.equal(comparison.a.x, one.x)
    assert torch.equal(comparison.b.x, two.x)


def test_progress_is_that_of_both_ways() -> None:
    seen: list[float] = []
    gs.compare(gs.trace(network(num_layers=2), X), gs.trace(network(num_layers=2), X), progress=seen.append)
    assert seen == sorted(seen)
    assert seen[-1] == 1
    assert 0.5 in seen  # where the first of the two is done


@pytest.mark.parametrize("other", [None, "trace.pt"])
def test_what_is_no_trace_is_refused_on_either_side(other: Any) -> None:
    trace = gs.trace(network(), X)
    for pair in ((trace, other), (other, trace)):
        with pytest.raises(gs.GatescopeError) as caught:
            gs.compare(*pair)
        assert caught.value.code == "not_a_trace"


@pytest.mark.parametrize("steps", [(3, 7), (7, 3)])
def test_the_first_difference_is_the_earlier_of_both_ways(steps: tuple[int, int]) -> None:
    one, other = (changed(gs.trace(network(), X), t, by=0.1) for t in steps)
    first = gs.compare(one, other).first
    assert first is not None
    assert first.t == 3


@pytest.mark.parametrize(("units", "name"), [(0, None), (1, None), (2, "x"), (-1, None), (-3, "x")])
def test_inputs_that_are_one_unit_in_the_last_place_apart_are_the_same(units: int, name: str | None) -> None:
    x = torch.ones(5, 1, 4)
    moved = x + units * torch.finfo(torch.float32).eps * (1 if units > 0 else 0.5)  # units below 1 are half as large
    comparison = gs.compare(gs.trace(network(), x), gs.trace(network(), moved))
    assert comparison.fed_differently == name


def test_runs_that_were_held_differently_are_told_by_their_holds() -> None:
    holds = [gs.Hold("f", 0.5), gs.Hold("i", 0.25, start=3)]
    verdict = gs.compare(gs.trace(network(), X, holds=holds), gs.trace(network(), X)).verdict
    assert verdict.code == "runs_held_differently"
    assert "f" in str(verdict)
    assert str(holds[0].label) in str(verdict)


def test_the_bounds_of_a_comparison_are_those_of_a_verification() -> None:
    trace = gs.trace(network(dtype=torch.float64), X.double())
    comparison, report = gs.compare(trace, trace), gs.verify(trace, gates=True)
    for name in comparison.compared:
        torch.testing.assert_close(comparison.bound(name), report.bound(name), rtol=2.0**-12, atol=0.0)
