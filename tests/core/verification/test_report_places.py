"""Where a report says that the first difference is, how many values were held, and what it refuses."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import pytest
import torch
from torch import nn
from torch.nn.utils.rnn import pack_padded_sequence

import gatescope as gs
from gatescope.traces.trace import Trace

MakeTrace = Callable[..., Trace]


@pytest.mark.parametrize(("direction", "first"), [("forward", 1), ("reverse", 4)])
def test_of_several_differences_the_first_in_the_order_of_the_run_is_told(
    make_trace: MakeTrace, direction: str, first: int
) -> None:
    trace = make_trace(3, 4, bidirectional=True)
    cell = trace.cell(0, direction)
    c = cell.c.clone()
    for t, unit in ((1, 0), (3, 2), (4, 3)):
        c[t, 1, unit] += 0.25
        c[t, 1, 1] += 0.125  # not the largest of its step
    report = gs.verify(trace.with_cell(replace(cell, values=cell.values | {"c": c})))
    found = report.first_difference
    assert found is not None
    assert (found.t, found.direction, found.batch) == (first, direction, 1)
    # The largest of that step beside its bound.
    ratio = max((report.ratio(name, 0, direction)[first] for name in report.compared), key=lambda of: float(of.max()))
    assert found.ratio == float(ratio.max())
    assert report.verdict.params["t"] == first


def test_only_steps_that_there_are_count_as_held() -> None:
    packed = pack_padded_sequence(torch.randn(6, 2, 3), [6, 2])
    for hold, count in (
        (gs.Hold("f", 0.5), (6 + 2) * 4),
        (gs.Hold("f", 0.5, start=1, stop=4), (3 + 1) * 4),
        (gs.Hold("f", 0.5, start=1, stop=4, units=(2,)), 3 + 1),
        (gs.Hold("f", 0.5, batch=(1,)), 2 * 4),
    ):
        assert gs.verify(gs.trace(nn.LSTM(3, 4), packed, holds=[hold])).held == count


def test_a_report_says_why_there_is_no_drift(make_trace: MakeTrace, monkeypatch: pytest.MonkeyPatch) -> None:
    held = gs.verify(gs.trace(nn.LSTM(3, 4), torch.randn(6, 2, 3), holds=[gs.Hold("f", 0.5)]))
    report = gs.verify(make_trace(3, 4))
    assert (report.drifts, held.drifts) == (True, False)
    with pytest.raises(gs.GatescopeError) as caught:
        held.run_freely()
    assert caught.value.code == "no_drift"
    monkeypatch.setattr("gatescope.verification.report.has_reference", lambda _trace: False)
    assert not report.drifts
    with pytest.raises(gs.GatescopeError) as caught:
        report.run_freely()
    assert caught.value.code == "reference_missing"


@pytest.mark.parametrize("size", [2.0**-12, 0.5, 3000.0])
def test_a_held_value_may_be_off_by_its_own_rounding_and_no_more(size: float) -> None:
    """By the rounding to the type of the record: of the value itself, however large or small that is."""
    trace = gs.trace(nn.LSTM(3, 4), torch.randn(6, 2, 3), holds=[gs.Hold("c", size, start=2, units=(1,), batch=(0,))])
    cell = trace.cell()
    u = torch.finfo(torch.float32).eps / 2
    for off, code in ((0.0, "matches_where_comparable"), (8 * u * size, "differs"), (-8 * u * size, "differs")):
        c = cell.c.clone()
        c[3, 0, 1] += off
        # What follows from it is so little off that it stays within its own bound.
        assert gs.verify(trace.with_cell(replace(cell, values=cell.values | {"c": c}))).verdict.code == code


def test_a_bound_without_end_is_told_beside_holds_of_other_steps() -> None:
    module, x = nn.LSTM(3, 4), torch.randn(6, 2, 3)
    with torch.no_grad():
        module.weight_ih_l0.abs_().add_(1.5)
    x[4] = 3e38  # every gate is 1 there, which is finite; what it is off by is not
    verdict = gs.verify(gs.trace(module, x, holds=[gs.Hold("o", 0.5, start=1, stop=2)])).verdict
    assert verdict.code == "cannot_compare"
    assert verdict.params["t"] == 4


@pytest.mark.parametrize("name", ["c", "f", "h"])
@pytest.mark.parametrize(("part", "differs"), [(0.9, False), (1.1, True), (2.0, True)])
def test_what_exceeds_a_bound_by_a_little_is_a_difference(
    make_trace: MakeTrace, name: str, part: float, differs: bool
) -> None:
    trace = make_trace(3, 4, dtype=torch.float64, steps=4)
    place, last = (3, 1, 2), trace.cell()  # at the last step, after which nothing follows
    right = gs.verify(trace, gates=True)
    values = last.quantity(name).clone()
    values[place] = right.reference(name)[place] + part * right.bound(name)[place]
    report = gs.verify(trace.with_cell(replace(last, values=last.values | {name: values})), gates=True)
    assert float(report.ratio(name)[place]) == pytest.approx(part, rel=0.1)
    assert (report.first_difference is not None) == differs
    assert (report.verdict.code == "differs") == differs
    if report.first_difference is not None:
        found = report.first_difference
        assert (found.quantity, found.t, found.batch, found.unit) == (name, *place)


def test_steps_past_the_end_of_a_sequence_are_no_numbers_to_tell_of() -> None:
    module, x = nn.LSTM(3, 4, bidirectional=True), torch.randn(6, 2, 3)
    report = gs.verify(gs.trace(module, pack_padded_sequence(x, [6, 2])), gates=True)
    assert bool(report.bound("c")[2:, 1].isnan().all())
    assert report.nonfinite is None
    assert report.matches
    x[1, 1, 0] = torch.nan
    found = gs.verify(gs.trace(module, pack_padded_sequence(x, [6, 2]))).nonfinite
    assert found is not None
    assert found.t == 1


@pytest.mark.parametrize("gates", [False, True])
def test_of_an_empty_batch_everything_that_is_asked_for_is_there_and_empty(gates: bool) -> None:
    report = gs.verify(gs.trace(nn.LSTM(3, 4), torch.randn(5, 0, 3)), gates=gates)
    assert report.compared == (("f", "i", "c_tilde", "c", "o", "h") if gates else ("c", "h"))
    assert all(report.bound(name).shape == report.resynced(name).shape == (5, 0, 4) for name in report.compared)
    assert not report.matches
