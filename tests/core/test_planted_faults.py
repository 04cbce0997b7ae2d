"""Verification catches wrong equations, wrong wiring and wrong records: every fault here is planted."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable
from typing import Any

import pytest
import torch
from torch import Tensor, nn
from torch.nn.functional import linear

import gatescope as gs
from gatescope import equations, tracing
from gatescope.equations import CellWeights, Step
from gatescope.report import Report
from gatescope.traces import CellTrace, Trace

MakeTrace = Callable[..., Trace]
MakeLSTM = Callable[..., nn.LSTM]
Equations = Callable[[Tensor, Tensor, Tensor, CellWeights], Step]


def written_out(
    x: Tensor, h: Tensor, c: Tensor, w: CellWeights, *,
    order: tuple[int, int, int, int] = (0, 1, 2, 3), squash: Any = torch.tanh, biases: int = 2,
    ) -> Step:  # fmt: skip
    """The step in the tests' own words, with places to plant a fault in."""
    z = linear(x, w.w_ih, w.b_ih if biases > 0 else None) + linear(h, w.w_hh, w.b_hh if biases > 1 else None)
    blocks = z.chunk(4, dim=-1)
    z_i, z_f, z_c, z_o = (blocks[index] for index in order)
    f, i, o, c_tilde = torch.sigmoid(z_f), torch.sigmoid(z_i), torch.sigmoid(z_o), squash(z_c)
    c = f * c + i * c_tilde
    return Step(z_f, z_i, z_c, z_o, f, i, c_tilde, c, o, o * torch.tanh(c))


def sound(x: Tensor, h: Tensor, c: Tensor, w: CellWeights) -> Step:
    return written_out(x, h, c, w)


def swapped_gates(x: Tensor, h: Tensor, c: Tensor, w: CellWeights) -> Step:
    return written_out(x, h, c, w, order=(1, 0, 2, 3))


def dropped_bias(x: Tensor, h: Tensor, c: Tensor, w: CellWeights) -> Step:
    return written_out(x, h, c, w, biases=1)


def no_bias_at_all(x: Tensor, h: Tensor, c: Tensor, w: CellWeights) -> Step:
    return written_out(x, h, c, w, biases=0)


def sigmoid_for_tanh(x: Tensor, h: Tensor, c: Tensor, w: CellWeights) -> Step:
    return written_out(x, h, c, w, squash=torch.sigmoid)


def another_libraries_packing(x: Tensor, h: Tensor, c: Tensor, w: CellWeights) -> Step:
    return written_out(x, h, c, w, order=(0, 2, 3, 1))  # ONNX: i, o, f, c


def state_of_this_step(x: Tensor, h: Tensor, c: Tensor, w: CellWeights) -> Step:
    """h_t where h_(t-1) belongs."""
    return written_out(x, written_out(x, h, c, w).h, c, w)


def no_memory(x: Tensor, h: Tensor, c: Tensor, w: CellWeights) -> Step:
    return written_out(x, h, torch.zeros_like(c), w)


WRONG_FROM_THE_START = (
    swapped_gates, dropped_bias, no_bias_at_all, sigmoid_for_tanh, another_libraries_packing, state_of_this_step,
)  # fmt: skip


def only(trace: Trace, layer: int = 0, direction: Any = "forward", **changes: Any) -> Trace:
    """Return the trace with one cell changed: fields of the cell, or quantities of its steps."""
    cell = trace.cells[layer, direction]
    steps = {name: changes.pop(name) for name in list(changes) if name in Step._fields}
    changed = dataclasses.replace(cell, steps=cell.steps._replace(**steps), **changes)
    return dataclasses.replace(trace, cells={**trace.cells, (layer, direction): changed})


def assert_differs(report: Report) -> None:
    """The verdict, its place and the largest ratio all say that it does not match."""
    assert report.verdict.code == "differs"
    assert not report.matches
    assert report.worst.ratio > 1
    first = report.first_difference
    assert first is not None
    assert first.ratio > 1
    assert "does not match nn.LSTM: first at t = " in str(report.verdict)


def test_the_step_written_out_here_is_right(make_trace: MakeTrace, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(equations, "lstm_step", sound)
    assert gs.verify(make_trace(3, 4)).matches


@pytest.mark.parametrize("dtype", [torch.float32, torch.float64])
@pytest.mark.parametrize("fault", WRONG_FROM_THE_START)
def test_wrong_equations_are_found_at_the_first_step(
    make_trace: MakeTrace, monkeypatch: pytest.MonkeyPatch, fault: Equations, dtype: torch.dtype
) -> None:
    monkeypatch.setattr(equations, "lstm_step", fault)
    report = gs.verify(make_trace(3, 4, dtype=dtype))
    assert_differs(report)
    assert report.first_difference is not None
    assert report.first_difference.t == 0
    assert report.worst.ratio > 100


def test_a_forgotten_memory_is_found_at_the_second_step(make_trace: MakeTrace, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(equations, "lstm_step", no_memory)  # with c0 = 0 the first step is right
    report = gs.verify(make_trace(3, 4))
    assert_differs(report)
    assert report.first_difference is not None
    assert (report.first_difference.t, report.first_difference.quantity) == (1, "c")


@pytest.mark.parametrize("name", ["c", "h"])
@pytest.mark.parametrize("shift", [1, -1])
def test_a_record_shifted_by_one_step_is_found(make_trace: MakeTrace, name: str, shift: int) -> None:
    trace = make_trace(3, 4)
    assert_differs(gs.verify(only(trace, **{name: trace.cell().quantity(name).roll(shift, dims=0)})))


def test_a_whole_record_shifted_by_one_step_is_found(make_trace: MakeTrace) -> None:
    trace = make_trace(3, 4)
    shifted = {name: trace.cell().quantity(name).roll(1, dims=0) for name in Step._fields}
    assert_differs(gs.verify(only(trace, **shifted)))


@pytest.mark.parametrize("name", ["c", "h"])
@pytest.mark.parametrize("direction", ["forward", "reverse"])
@pytest.mark.parametrize(("t", "batch", "unit"), [(0, 0, 0), (3, 1, 2), (5, 0, 3)])
def test_one_changed_number_is_found_at_its_very_place(
    make_trace: MakeTrace, direction: str, t: int, batch: int, unit: int, name: str
) -> None:
    trace = make_trace(3, 4, bidirectional=True)
    values = trace.cell(0, direction).quantity(name).clone()
    values[t, batch, unit] += 1e-4
    report = gs.verify(only(trace, direction=direction, **{name: values}))
    assert_differs(report)
    first = report.first_difference
    assert first is not None
    assert (first.t, first.batch, first.unit) == (t, batch, unit)
    assert (first.quantity, first.layer, first.direction) == (name, 0, direction)
    assert first.error == pytest.approx(1e-4, rel=1e-2)


def test_batch_elements_in_the_wrong_order_are_found(make_trace: MakeTrace) -> None:
    trace = make_trace(3, 4)
    flipped = {name: trace.cell().quantity(name).flip(1) for name in Step._fields}
    assert_differs(gs.verify(only(trace, **flipped)))


def wrong_layers(**fault: Any) -> Callable[..., Step]:
    """Return `lstm_layer` with some of what it is given replaced."""

    def layer(x: Tensor, h0: Tensor, c0: Tensor, w: CellWeights, **options: Any) -> Step:
        given = {"x": x, "h0": h0, "c0": c0, "w": w, **options}
        given |= {name: change(given[name]) for name, change in fault.items()}
        return equations.lstm_layer(**given)

    return layer


def test_a_reverse_direction_run_forward_is_found(make_trace: MakeTrace, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tracing, "lstm_layer", wrong_layers(reverse=lambda _: False))
    report = gs.verify(make_trace(3, 4, bidirectional=True))
    assert_differs(report)
    assert report.worst.direction == "reverse"


def test_an_input_shifted_by_one_step_is_found(make_trace: MakeTrace, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tracing, "lstm_layer", wrong_layers(x=lambda x: x.roll(1, dims=0)))
    report = gs.verify(make_trace(3, 4))
    assert_differs(report)
    assert report.first_difference is not None
    assert report.first_difference.t == 0


def test_ignored_initial_states_are_found(make_lstm: MakeLSTM, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tracing, "lstm_layer", wrong_layers(h0=torch.zeros_like, c0=torch.zeros_like))
    report = gs.verify(gs.trace(make_lstm(3, 4), torch.ones(5, 3), (torch.ones(1, 4), torch.ones(1, 4))))
    assert_differs(report)
    assert report.first_difference is not None
    assert report.first_difference.t == 0
    assert float(report.ratio("h")[1:].max()) <= 1  # only the first step was wrong


def test_a_second_layer_fed_with_the_raw_input_is_found(make_trace: MakeTrace, monkeypatch: pytest.MonkeyPatch) -> None:
    raw: list[Tensor] = []

    def same_input_for_all(x: Tensor) -> Tensor:
        raw.append(x)
        return raw[0]

    monkeypatch.setattr(tracing, "lstm_layer", wrong_layers(x=same_input_for_all))
    report = gs.verify(make_trace(4, 4, 2))
    assert_differs(report)
    assert report.first_difference is not None
    assert (report.first_difference.t, report.first_difference.layer) == (0, 1)
    assert float(report.ratio("h", 0).max()) <= 1


def run_again(cell: CellTrace, **changes: Any) -> dict[str, Any]:
    """Return a cell's fields and steps as if it had been run, and recorded, with other inputs or weights."""
    cell = dataclasses.replace(cell, **changes)
    steps = equations.lstm_layer(
        cell.x, cell.h0, cell.c0, cell.weights, reverse=cell.direction == "reverse", each_step=lambda: None
    )
    return {**changes, **steps._asdict()}


def test_a_record_that_is_consistent_with_wrong_wiring_is_found(make_trace: MakeTrace) -> None:
    """Layer 2 was fed with the raw input, and the record says so too: each of its steps is right by itself."""
    trace = make_trace(4, 4, 2)
    report = gs.verify(only(trace, layer=1, **run_again(trace.cell(1), x=trace.x)))
    assert_differs(report)
    assert report.worst.layer == 1


def test_directions_joined_in_the_wrong_order_are_found(make_trace: MakeTrace) -> None:
    trace = make_trace(3, 4, 2, bidirectional=True)
    crossed = torch.cat([trace.cell(0, "reverse").h, trace.cell(0, "forward").h], dim=-1)
    assert_differs(gs.verify(only(trace, layer=1, **run_again(trace.cell(1), x=crossed))))


def test_the_parameters_of_another_layer_are_found(make_trace: MakeTrace) -> None:
    trace = make_trace(4, 4, 2)
    report = gs.verify(only(trace, layer=1, **run_again(trace.cell(1), weights=trace.cell(0).weights)))
    assert_differs(report)
    assert report.worst.layer == 1


@pytest.mark.parametrize("bad", [torch.nan, torch.inf])
@pytest.mark.parametrize("name", ["c", "h"])
def test_a_nan_or_infinity_that_only_we_have_is_a_difference(make_trace: MakeTrace, name: str, bad: float) -> None:
    trace = make_trace(3, 4)
    values = trace.cell().quantity(name).clone()
    values[2, 1, 3] = bad
    report = gs.verify(only(trace, **{name: values}))
    assert_differs(report)
    first = report.first_difference
    assert first is not None
    assert (first.t, first.batch, first.unit, first.quantity) == (2, 1, 3, name)
    assert first.ratio == torch.inf


@pytest.mark.parametrize("name", ["f", "z_i"])
def test_a_nan_in_a_gate_alone_never_matches(make_trace: MakeTrace, name: str) -> None:
    trace = make_trace(3, 4)
    values = trace.cell().quantity(name).clone()
    values[2, 1, 3] = torch.nan
    report = gs.verify(only(trace, **{name: values}))
    assert report.verdict.code == "cannot_compare"
    assert report.verdict.params["t"] == 2


def test_an_earlier_difference_is_found_beside_a_later_nan(make_lstm: MakeLSTM) -> None:
    x = torch.ones(6, 2, 3)
    x[4, 0, 1] = torch.nan
    trace = gs.trace(make_lstm(3, 4), x)
    assert gs.verify(trace).verdict.code == "cannot_compare"
    for t, batch in ((2, 0), (5, 1)):  # before the NaN, and after it in the other batch element
        c = trace.cell().c.clone()
        c[t, batch, 1] += 0.01
        report = gs.verify(only(trace, c=c))
        assert_differs(report)
        assert report.first_difference is not None
        assert (report.first_difference.t, report.first_difference.batch) == (t, batch)


def test_long_traces_are_compared_in_parts_with_the_same_result(
    make_trace: MakeTrace, monkeypatch: pytest.MonkeyPatch
) -> None:
    trace = make_trace(3, 4, steps=9)
    whole = gs.verify(trace)
    monkeypatch.setattr("gatescope.verification._ROWS", 4 * 4 * 2 * 2)  # two steps in a part
    parts = gs.verify(trace)
    for name in ("c", "h"):
        torch.testing.assert_close(parts.bound(name), whole.bound(name))
        assert float(parts.ratio(name).max()) <= 1
    c = trace.cell().c.clone()
    c[8, 1, 3] += 0.01
    report = gs.verify(only(trace, c=c))
    assert report.first_difference is not None
    assert report.first_difference.t == 8
