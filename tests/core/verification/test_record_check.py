"""A record that does not hold what ran is found: every field of a cell, and what the trace was fed."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest
import torch
from torch import nn
from torch.nn.utils.rnn import pack_padded_sequence

import gatescope as gs
from gatescope.traces.trace import Trace
from gatescope.verification.record_check import wrong_in_record

MakeTrace = Callable[..., Trace]
KINDS = ("LSTM", "GRU", "RNN", "LSTMCell", "GRUCell", "RNNCell")


@pytest.mark.parametrize("kind", KINDS)
def test_a_wrong_x_in_the_record_of_a_cell_is_found(kind: str, make_trace: MakeTrace) -> None:
    options = {} if kind.endswith("Cell") else {"num_layers": 2, "bidirectional": True}
    trace = make_trace(4, 5, kind=kind, **options)
    for (layer, direction), cell in trace.cells.items():
        for wrong in (cell.x.flip(0), cell.x * (1 + 1e-6), torch.zeros_like(cell.x)):
            report = gs.verify(trace.with_cell(replace(cell, x=wrong)))
            assert report.verdict.code == "record_differs"
            assert not report.matches
            assert f"x (layer {layer}, {direction})" in str(report.verdict)


@pytest.mark.parametrize("kind", KINDS)
def test_wrong_weights_in_the_record_of_a_cell_are_found(kind: str, make_trace: MakeTrace) -> None:
    options = {} if kind.endswith("Cell") else {"num_layers": 2}
    trace = make_trace(4, 4, kind=kind, **options)
    for cell in trace.cells.values():
        for name, value in cell.weights.parameters._asdict().items():
            if value is not None:
                wrong = cell.weights.parameters._replace(**{name: value + 0.1})
                report = gs.verify(trace.with_cell(replace(cell, weights=replace(cell.weights, parameters=wrong))))
                assert report.verdict.code == "record_differs"
                assert f"{name} (layer {cell.layer}" in str(report.verdict)


def test_wrong_inputs_of_a_whole_trace_are_found(make_trace: MakeTrace) -> None:
    trace = make_trace(4, 5)
    cell = trace.cell()
    x = trace.x.flip(0)
    assert wrong_in_record(replace(trace, x=x).with_cell(replace(cell, x=x))) == "x"
    for name in ("h", "c"):
        wrong = trace.with_cell(replace(cell, before=cell.before | {name: torch.ones_like(cell.before[name])}))
        assert wrong_in_record(wrong) == f"{name}0"


def test_what_was_given_is_known_in_every_layout() -> None:
    x, h0, c0 = torch.randn(6, 3, 4), torch.randn(2, 3, 5), torch.randn(2, 3, 5)
    module = nn.LSTM(4, 5, bidirectional=True)
    first = nn.LSTM(4, 5, bidirectional=True, batch_first=True)
    for in_order, lengths in ((True, [6, 4, 1]), (False, [2, 6, 4])):
        packed = pack_padded_sequence(x, lengths, enforce_sorted=in_order)
        assert wrong_in_record(gs.trace(module, packed, (h0, c0))) is None
    assert wrong_in_record(gs.trace(module, x, (h0, c0))) is None
    assert wrong_in_record(gs.trace(first, x.transpose(0, 1), (h0, c0))) is None
    assert wrong_in_record(gs.trace(first, x[:, 0], (h0[:, 0], c0[:, 0]))) is None
    assert wrong_in_record(gs.trace(nn.LSTMCell(4, 5), x, (h0[0], c0[0]))) is None
    assert wrong_in_record(gs.trace(nn.GRUCell(4, 5), x[:, 0], h0[0, 0])) is None


def test_an_input_that_was_changed_after_the_run_is_no_fault_of_the_record() -> None:
    x = torch.randn(6, 3, 4)
    trace = gs.trace(nn.LSTM(4, 5), x)
    x += 1
    assert wrong_in_record(trace) is None


@pytest.mark.parametrize("options", [{}, {"num_layers": 2, "bidirectional": True}])
def test_what_comes_from_a_file_is_right(options: dict[str, object], make_trace: MakeTrace, tmp_path: Path) -> None:
    make_trace(4, 5, **options).save(tmp_path / "run.gates")
    trace = gs.load(tmp_path / "run.gates").only
    assert wrong_in_record(trace) is None
    assert gs.verify(trace).matches
