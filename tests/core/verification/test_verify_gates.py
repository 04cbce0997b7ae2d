"""The gates are compared with those that torch's own kernels use, though no module returns them."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable
from typing import Any

import pytest
import torch
from torch import nn

import gatescope as gs
from gatescope.traces.trace import Trace
from gatescope.verification.findings import CrossCheck
from gatescope.verification.reference import revealed_gates
from gatescope.verification.report import Report

MakeTrace = Callable[..., Trace]
KINDS = ("LSTM", "GRU", "RNN", "LSTMCell", "GRUCell", "RNNCell")


def test_without_gates_only_the_states_are_compared(make_trace: MakeTrace) -> None:
    report = gs.verify(make_trace(3, 5))
    assert report.compared == ("c", "h")
    with pytest.raises(gs.GatescopeError, match="The quantity must be c, h"):
        report.resynced("f")


@pytest.mark.parametrize(
    ("kind", "names"),
    [("LSTM", ("f", "i", "c_tilde", "c", "o", "h")), ("GRU", ("r", "z", "n", "h")), ("RNN", ("a", "h"))],
)
def test_with_gates_everything_is_compared(make_trace: MakeTrace, kind: str, names: tuple[str, ...]) -> None:
    assert gs.verify(make_trace(3, 5, kind=kind), gates=True).compared == names


def test_drift_is_known_of_the_states_only(make_trace: MakeTrace) -> None:
    with pytest.raises(gs.GatescopeError, match="The quantity must be c, h"):
        gs.verify(make_trace(3, 5), gates=True).free_running("f")


def test_a_forget_gate_that_is_all_but_shut_hides_no_output_gate() -> None:
    module = nn.LSTM(3, 5)
    with torch.no_grad():
        module.bias_ih_l0[5:10] -= 90.0  # f is below 1e-38
    assert gs.verify(gs.trace(module, torch.randn(6, 2, 3)), gates=True).matches


@pytest.mark.parametrize("kind", KINDS)
def test_the_report_says_how_each_reference_was_obtained(make_trace: MakeTrace, kind: str) -> None:
    report = gs.verify(make_trace(3, 5, kind=kind), gates=True)
    for name in report.states:
        assert str(report.obtained(name)) == f"returned by the kernel of nn.{kind}"
    for name in report.trace.spec.cell.gates:
        said = str(report.obtained(name))
        assert f"shown by the kernel of nn.{kind}, whose other gates were held" in said
        assert "at 12 rows cross-checked with what PyTorch's native kernel was seen to compute" in said


@pytest.mark.numeric
def test_two_ways_that_disagree_are_no_match(make_trace: MakeTrace) -> None:
    report = gs.verify(make_trace(3, 5), gates=True)
    assert report.matches
    cells = {key: cell._replace(cross_check=CrossCheck(12, {"f": 1.5})) for key, cell in report._cells.items()}
    unsure = Report(report.trace, cells, report.trace.arithmetic)
    assert unsure.verdict.code == "reference_unsure"
    assert not unsure.matches


@pytest.mark.numeric
def test_an_indicator_on_the_wrong_gate_is_found_by_the_cross_check(
    make_trace: MakeTrace, monkeypatch: pytest.MonkeyPatch
) -> None:
    trace = make_trace(3, 5)
    truly = revealed_gates

    def swapped(*arguments: Any) -> dict[str, Any]:
        gates = truly(*arguments)
        return gates | {"f": gates["i"], "i": gates["f"]}

    monkeypatch.setattr("gatescope.verification.verify.revealed_gates", swapped)
    report = gs.verify(trace, gates=True)
    assert report.disagreement is not None
    cell = trace.cell()  # a record with the same fault agrees with that reference, and must not match either
    wrong = dataclasses.replace(cell, values=cell.values | {"f": cell.i, "i": cell.f})
    assert gs.verify(trace.with_cell(wrong), gates=True).verdict.code == "reference_unsure"


def test_onednn_is_as_it_was_after_a_verification(make_trace: MakeTrace, monkeypatch: pytest.MonkeyPatch) -> None:
    backend = torch.backends.mkldnn
    for enabled in (True, False):
        monkeypatch.setattr(backend, "enabled", enabled)
        gs.verify(make_trace(3, 5), gates=True)
        assert backend.enabled is enabled


def test_nan_in_one_batch_element_leaves_the_gates_of_the_other_compared() -> None:
    x = torch.randn(6, 2, 3)
    x[2, 0, 1] = torch.nan
    report = gs.verify(gs.trace(nn.LSTM(3, 5), x), gates=True)
    assert report.verdict.code == "cannot_compare"
    assert report.ratio("f")[:, 1].isfinite().all()
    assert report.ratio("f")[2:, 0].isnan().all()


@pytest.mark.numeric
@pytest.mark.parametrize("kind", ["LSTM", "GRU", "RNN"])
@pytest.mark.parametrize("fault", ["zero", "sign"])
def test_a_fault_is_found_however_small_the_numbers_are(kind: str, fault: str) -> None:
    torch.manual_seed(0)
    trace = gs.trace(getattr(nn, kind)(4, 3, bias=False), 1e-7 * torch.randn(6, 2, 4))
    cell = trace.cell()
    factor = 0 if fault == "zero" else -1
    states = {name: factor * cell.quantity(name) for name in cell.cell.states}
    wrong = dataclasses.replace(cell, values=cell.values | states)
    assert gs.verify(trace, gates=True).matches
    assert gs.verify(trace.with_cell(wrong)).verdict.code == "differs"


@pytest.mark.parametrize("gates", [True, False])
def test_a_record_of_garbage_does_not_widen_its_own_tolerance(make_trace: MakeTrace, gates: bool) -> None:
    trace = make_trace(3, 5)
    cell = trace.cell()
    garbage = {"c": 1.5 * cell.c, "c_tilde": 1e8 * cell.c_tilde, "f": 1e8 * cell.f}
    wrong = dataclasses.replace(cell, values=cell.values | garbage)
    assert gs.verify(trace.with_cell(wrong), gates=gates).verdict.code == "differs"
