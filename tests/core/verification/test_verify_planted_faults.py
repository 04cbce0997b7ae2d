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
from gatescope.cells.weights import Parameters
from gatescope.traces.layers import by_equations
from gatescope.traces.trace import CellTrace, Trace
from gatescope.verification.report import Report

MakeTrace = Callable[..., Trace]
MakeLSTM = Callable[..., nn.LSTM]
Values = dict[str, Tensor]
Step = Callable[[Tensor, Values, Parameters], Values]

sigmoid, tanh = torch.sigmoid, torch.tanh


# ---- the steps in the tests' own words, with places to plant a fault in ----


def sums(x: Tensor, h: Tensor, p: Parameters, biases: int = 2) -> Tensor:
    return linear(x, p.w_ih, p.b_ih if biases > 0 else None) + linear(h, p.w_hh, p.b_hh if biases > 1 else None)


def lstm(
    x: Tensor, s: Values, p: Parameters, *, order: tuple[int, ...] = (0, 1, 2, 3), squash: Any = tanh, biases: int = 2,
    show: Any = tanh, kept: Any = lambda f: f,
) -> Values:  # fmt: skip
    blocks = sums(x, s["h"], p, biases).chunk(4, dim=-1)
    z_i, z_f, z_c, z_o = (blocks[index] for index in order)
    f, i, o, c_tilde = sigmoid(z_f), sigmoid(z_i), sigmoid(z_o), squash(z_c)
    c = kept(f) * s["c"] + i * c_tilde
    return {"f": f, "i": i, "c_tilde": c_tilde, "c": c, "o": o, "h": o * show(c)}


def gru(
    x: Tensor, s: Values, p: Parameters, *, order: tuple[int, ...] = (0, 1, 2), biases: int = 2, squash: Any = tanh,
    reset_before: bool = False, bias_outside: bool = False, update: Any = lambda z: z,
) -> Values:  # fmt: skip
    h = s["h"]
    bias_ih, bias_hh = (p.b_ih if biases > 0 else None), (p.b_hh if biases > 1 else None)
    from_x = linear(x, p.w_ih, bias_ih).chunk(3, dim=-1)
    from_h = linear(h, p.w_hh, bias_hh).chunk(3, dim=-1)
    r, z = (sigmoid(from_x[index] + from_h[index]) for index in order[:2])
    size, n_rows = h.shape[-1], p.w_hh.chunk(3)[order[2]]
    inside = r * from_h[order[2]]
    if reset_before:  # as in the paper: W_hn (r * h), where torch has r * (W_hn h)
        inside = linear(r * h, n_rows, p.b_hh[2 * size :] if p.b_hh is not None else None)
    if bias_outside and p.b_hh is not None:
        inside = r * linear(h, n_rows) + p.b_hh[2 * size :]
    n = squash(from_x[order[2]] + inside)
    z_used = update(z)
    return {"r": r, "z": z, "n": n, "h": (1 - z_used) * n + z_used * h}


def rnn(x: Tensor, s: Values, p: Parameters, *, biases: int = 2, squash: Any = tanh, turn: bool = False) -> Values:
    p = p._replace(w_hh=p.w_hh.T) if turn else p
    a = sums(x, s["h"], p, biases)
    return {"a": a, "h": squash(a)}


def later(step: Step) -> Step:
    """h_t where h_(t-1) belongs."""
    return lambda x, s, p: step(x, s | {"h": step(x, s, p)["h"]}, p)


def forgetful(step: Step, state: str) -> Step:
    """Start every step from zero."""
    return lambda x, s, p: step(x, s | {state: torch.zeros_like(s[state])}, p)


def with_(step: Any, **fault: Any) -> Step:
    return lambda x, s, p: step(x, s, p, **fault)


SOUND: dict[str, Step] = {"LSTM": lstm, "GRU": gru, "RNN": rnn}

FAULTS: dict[str, dict[str, Step]] = {
    "LSTM": {
        "swapped i and f": with_(lstm, order=(1, 0, 2, 3)),
        "swapped f and o": with_(lstm, order=(0, 3, 2, 1)),
        "the packing of ONNX": with_(lstm, order=(0, 2, 3, 1)),
        "one bias dropped": with_(lstm, biases=1),
        "no bias": with_(lstm, biases=0),
        "sigmoid for the candidate's tanh": with_(lstm, squash=sigmoid),
        "no tanh on C": with_(lstm, show=lambda c: c),
        "sigmoid on C": with_(lstm, show=sigmoid),
        "input gate for 1 - f": with_(lstm, kept=lambda f: 1 - f),
        "a forget bias of 1 added": with_(lstm, kept=lambda f: sigmoid(torch.logit(f) + 1)),
        "h of this step": later(lstm),
        "no memory": forgetful(lstm, "c"),
        "no feedback": forgetful(lstm, "h"),
    },
    "GRU": {
        "swapped r and z": with_(gru, order=(1, 0, 2)),
        "the packing of Keras": with_(gru, order=(1, 0, 2)),
        "n in the place of r": with_(gru, order=(2, 1, 0)),
        "one bias dropped": with_(gru, biases=1),
        "no bias": with_(gru, biases=0),
        "sigmoid for tanh": with_(gru, squash=sigmoid),
        "r before the product": with_(gru, reset_before=True),
        "the bias of n outside r": with_(gru, bias_outside=True),
        "z the other way round": with_(gru, update=lambda z: 1 - z),
        "h of this step": later(gru),
        "no feedback": forgetful(gru, "h"),
    },
    "RNN": {
        "relu for tanh": with_(rnn, squash=torch.relu),
        "sigmoid for tanh": with_(rnn, squash=sigmoid),
        "no nonlinearity": with_(rnn, squash=lambda a: a),
        "one bias dropped": with_(rnn, biases=1),
        "no bias": with_(rnn, biases=0),
        "W_hh transposed": with_(rnn, turn=True),
        "h of this step": later(rnn),
        "no feedback": forgetful(rnn, "h"),
    },
}
ALL = [(kind, name) for kind, faults in FAULTS.items() for name in faults]


def run_by(trace: Trace, step: Step) -> Trace:
    """Return the trace as if that step had run and recorded it."""
    cell = trace.cell()
    states, rows = dict(cell.before), []
    for x in cell.x:
        rows.append(step(x, states, cell.weights.parameters))
        states = {name: rows[-1][name] for name in states}
    values = {name: torch.stack([row[name] for row in rows]) for name in cell.cell.names}
    return trace.with_cell(dataclasses.replace(cell, values=values, h_from_kernel=False))


def only(trace: Trace, layer: int = 0, direction: Any = "forward", **changes: Any) -> Trace:
    """Return the trace with one cell changed: fields of the cell, or its quantities."""
    cell = trace.cells[layer, direction]
    values = {name: changes.pop(name) for name in list(changes) if name in cell.cell.names}
    return trace.with_cell(dataclasses.replace(cell, values=cell.values | values, **changes))


def assert_differs(report: Report) -> None:
    """The verdict, its place and the largest ratio all say that it does not match."""
    assert report.verdict.code == "differs"
    assert not report.matches
    assert report.worst.ratio > 1
    first = report.first_difference
    assert first is not None
    assert first.ratio > 1
    assert "does not match nn." in str(report.verdict)


@pytest.mark.numeric
@pytest.mark.parametrize("kind", SOUND)
@pytest.mark.parametrize("bias", [True, False])
def test_the_steps_written_out_here_are_right(make_trace: MakeTrace, kind: str, bias: bool) -> None:
    report = gs.verify(run_by(make_trace(3, 4, kind=kind, bias=bias), SOUND[kind]), gates=True)
    assert report.matches, report.verdict


@pytest.mark.parametrize("dtype", [torch.float32, torch.float64, torch.bfloat16])
@pytest.mark.parametrize("gates", [True, False])
@pytest.mark.parametrize(("kind", "fault"), ALL)
def test_wrong_equations_are_found(
    make_trace: MakeTrace, kind: str, fault: str, gates: bool, dtype: torch.dtype
) -> None:
    trace = make_trace(3, 4, kind=kind, dtype=dtype, scale=3.0, steps=30)
    assert gs.verify(trace, gates=gates).matches
    report = gs.verify(run_by(trace, FAULTS[kind][fault]), gates=gates)
    assert_differs(report)
    if dtype != torch.bfloat16:
        assert report.worst.ratio > 100


@pytest.mark.numeric
@pytest.mark.parametrize(("kind", "fault"), ALL)
def test_a_fault_says_its_first_step(make_trace: MakeTrace, kind: str, fault: str) -> None:
    report = gs.verify(run_by(make_trace(3, 4, kind=kind), FAULTS[kind][fault]))
    assert report.first_difference is not None
    # From states of zero, what only touches the feedback is right for one step.
    later_ones = {"no memory", "no feedback", "W_hh transposed", "z the other way round", "r before the product"}
    later_ones |= {"input gate for 1 - f", "a forget bias of 1 added"}
    assert report.first_difference.t == 0 or fault in later_ones
    assert report.first_difference.t <= 1


# ---- wide layers, 16-bit types, long memories: the bound must not hide a fault ----


@pytest.mark.parametrize("dtype", [torch.float16, torch.bfloat16])
@pytest.mark.parametrize("kind", SOUND)
@pytest.mark.parametrize("hidden", [16, 128, 512])
def test_faults_are_found_in_wide_layers_of_16_bits(
    make_trace: MakeTrace, kind: str, dtype: torch.dtype, hidden: int
) -> None:
    trace = make_trace(hidden, hidden, kind=kind, dtype=dtype)
    assert gs.verify(trace, gates=True).matches
    cell = trace.cell()
    zeros = {name: torch.zeros_like(value) for name, value in cell.values.items()}
    assert_differs(gs.verify(only(trace, **zeros), gates=True))
    first, last = cell.cell.gates[0], cell.cell.gates[-1]
    swapped = (
        {first: cell.quantity(last), last: cell.quantity(first)} if first != last else {first: -cell.quantity(first)}
    )
    assert_differs(gs.verify(only(trace, **swapped), gates=True))
    other = make_trace(hidden, hidden, kind=kind, dtype=dtype, seed=3)
    assert not gs.compare(trace, dataclasses.replace(other, x=trace.x)).matches


@pytest.mark.parametrize("forget_bias", [5.0, 10.0, 20.0])
def test_a_wrong_h_is_found_after_a_long_memory(make_lstm: MakeLSTM, forget_bias: float) -> None:
    module = make_lstm(4, 8)
    with torch.no_grad():
        module.bias_ih_l0[8:16] += forget_bias
    trace = gs.trace(module, torch.randn(20_000, 1, 4, generator=torch.Generator().manual_seed(0)))
    report = gs.verify(trace, gates=True)
    assert report.matches
    assert float(report.bound("h").max()) < 0.1
    h = trace.cell().h.clone()
    h[-1] *= -1
    assert_differs(gs.verify(only(trace, h=h), gates=True))


# ---- wrong records ----


@pytest.mark.parametrize(
    ("kind", "name"), [("LSTM", "c"), ("LSTM", "h"), ("GRU", "h"), ("RNN", "h"), ("LSTMCell", "c"), ("GRUCell", "h")]
)
@pytest.mark.parametrize("shift", [1, -1])
def test_a_record_shifted_by_one_step_is_found(make_trace: MakeTrace, kind: str, name: str, shift: int) -> None:
    trace = make_trace(3, 4, kind=kind)
    assert_differs(gs.verify(only(trace, **{name: trace.cell().quantity(name).roll(shift, dims=0)})))


@pytest.mark.parametrize("kind", SOUND)
def test_a_whole_record_shifted_by_one_step_is_found(make_trace: MakeTrace, kind: str) -> None:
    trace = make_trace(3, 4, kind=kind)
    assert_differs(gs.verify(only(trace, **{name: v.roll(1, dims=0) for name, v in trace.cell().values.items()})))


@pytest.mark.parametrize(("kind", "name"), [("LSTM", "c"), ("LSTM", "h"), ("GRU", "h"), ("RNN", "h")])
@pytest.mark.parametrize("direction", ["forward", "reverse"])
@pytest.mark.parametrize(("t", "batch", "unit"), [(0, 0, 0), (3, 1, 2), (5, 0, 3)])
def test_one_changed_number_is_found_at_its_very_place(
    make_trace: MakeTrace, direction: str, t: int, batch: int, unit: int, kind: str, name: str
) -> None:
    trace = make_trace(3, 4, kind=kind, bidirectional=True)
    values = trace.cell(0, direction).quantity(name).clone()
    values[t, batch, unit] += 1e-4
    report = gs.verify(only(trace, direction=direction, **{name: values}))
    assert_differs(report)
    first = report.first_difference
    assert first is not None
    assert (first.t, first.batch, first.unit) == (t, batch, unit)
    assert (first.quantity, first.layer, first.direction) == (name, 0, direction)
    assert first.error == pytest.approx(1e-4, rel=1e-2)


@pytest.mark.parametrize("kind", ["LSTM", "GRU", "RNN", "LSTMCell", "GRUCell", "RNNCell"])
def test_a_gate_that_is_only_recorded_wrong_is_found(make_trace: MakeTrace, kind: str) -> None:
    trace = make_trace(3, 4, kind=kind)
    for name in trace.spec.cell.gates:
        values = trace.cell().quantity(name).clone()
        values[3, 1, 2] += 1e-5
        first = gs.verify(only(trace, **{name: values}), gates=True).first_difference
        assert first is not None
        assert (first.t, first.batch, first.unit, first.quantity) == (3, 1, 2, name)


def test_batch_elements_in_the_wrong_order_are_found(make_trace: MakeTrace) -> None:
    trace = make_trace(3, 4)
    assert_differs(gs.verify(only(trace, **{name: v.flip(1) for name, v in trace.cell().values.items()})))


# ---- wrong wiring ----


def run_again(cell: CellTrace, *, reverse: bool | None = None, **changes: Any) -> dict[str, Any]:
    """Return a cell's fields and quantities as if it had been run, and recorded, with other inputs or weights."""
    cell = dataclasses.replace(cell, **changes)
    backwards = cell.direction == "reverse" if reverse is None else reverse
    with torch.no_grad():
        steps = by_equations(
            cell.cell, cell.weights, cell.x, cell.before, reverse=backwards, present=None, done=lambda _: None
        )
    return {**changes, **{name: torch.stack(values) for name, values in steps.items()}, "h_from_kernel": False}


def test_a_cell_run_again_without_a_change_still_matches(make_trace: MakeTrace) -> None:
    trace = make_trace(3, 4, bidirectional=True)
    assert gs.verify(only(trace, direction="reverse", **run_again(trace.cell(0, "reverse"))), gates=True).matches


def test_a_reverse_direction_run_forward_is_found(make_trace: MakeTrace) -> None:
    trace = make_trace(3, 4, bidirectional=True)
    cell = trace.cell(0, "reverse")
    report = gs.verify(only(trace, direction="reverse", **run_again(cell, reverse=False)))
    assert_differs(report)
    assert report.worst.direction == "reverse"


def test_an_input_shifted_by_one_step_is_found(make_trace: MakeTrace) -> None:
    trace = make_trace(3, 4)
    report = gs.verify(only(trace, **run_again(trace.cell(), x=trace.x.roll(1, dims=0))))
    assert_differs(report)
    assert report.first_difference is not None
    assert report.first_difference.t == 0


def test_ignored_initial_states_are_found(make_lstm: MakeLSTM) -> None:
    trace = gs.trace(make_lstm(3, 4), torch.ones(5, 3), (torch.ones(1, 4), torch.ones(1, 4)))
    zeros = {name: torch.zeros_like(state) for name, state in trace.cell().before.items()}
    again = run_again(trace.cell(), before=zeros) | {"before": trace.cell().before}
    report = gs.verify(only(trace, **again))
    assert_differs(report)
    assert report.first_difference is not None
    assert report.first_difference.t == 0
    assert float(report.ratio("h")[1:].max()) <= 1  # only the first step was wrong


@pytest.mark.parametrize("kind", SOUND)
def test_a_record_that_is_consistent_with_wrong_wiring_is_found(make_trace: MakeTrace, kind: str) -> None:
    """Layer 1 was fed with the raw input, and the record says so too: each of its steps is right by itself."""
    trace = make_trace(4, 4, 2, kind=kind)
    report = gs.verify(only(trace, layer=1, **run_again(trace.cell(1), x=trace.x)))
    assert_differs(report)
    assert report.worst.layer == 1
    assert float(report.ratio("h", 0).max()) <= 1


def test_directions_joined_in_the_wrong_order_are_found(make_trace: MakeTrace) -> None:
    trace = make_trace(3, 4, 2, bidirectional=True)
    crossed = torch.cat([trace.cell(0, "reverse").h, trace.cell(0, "forward").h], dim=-1)
    assert_differs(gs.verify(only(trace, layer=1, **run_again(trace.cell(1), x=crossed))))


def test_the_parameters_of_another_layer_are_found(make_trace: MakeTrace) -> None:
    trace = make_trace(4, 4, 2)
    report = gs.verify(only(trace, layer=1, **run_again(trace.cell(1), weights=trace.cell(0).weights)))
    assert_differs(report)
    assert report.worst.layer == 1


# ---- NaN and infinity ----


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


def test_a_nan_in_a_gate_alone_never_matches(make_trace: MakeTrace) -> None:
    trace = make_trace(3, 4)
    values = trace.cell().f.clone()
    values[2, 1, 3] = torch.nan
    report = gs.verify(only(trace, f=values))
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


@pytest.mark.parametrize("kind", SOUND)
@pytest.mark.parametrize("dtype", [torch.float16, torch.bfloat16])
@pytest.mark.parametrize("bad", [torch.nan, torch.inf])
@pytest.mark.parametrize("gates", [False, True])
def test_in_16_bits_a_nan_or_infinity_of_one_batch_element_hides_nothing_of_another(
    make_lstm: MakeLSTM, kind: str, dtype: torch.dtype, bad: float, gates: bool
) -> None:
    x = torch.randn(40, 3, 3, generator=torch.Generator().manual_seed(0)).to(dtype)
    x[33, 0, 0] = bad
    trace = gs.trace(make_lstm(3, 5, kind=kind, dtype=dtype), x)
    report = gs.verify(trace, gates=gates)
    assert report.verdict.code == "cannot_compare"
    for name in report.compared:
        assert bool((report.ratio(name)[:, 1:] <= 1).all())
        values = trace.cell().quantity(name).clone()
        values[32:, 2] += 0.5  # the row before that of the other element is among them
        first = gs.verify(only(trace, **{name: values}), gates=gates).first_difference
        assert first is not None
        assert (first.t, first.batch, first.quantity) == (32, 2, name)


def test_long_traces_are_compared_in_parts_with_the_same_result(
    make_trace: MakeTrace, monkeypatch: pytest.MonkeyPatch
) -> None:
    trace = make_trace(3, 4, steps=9)
    whole = gs.verify(trace)
    monkeypatch.setattr("gatescope.verification.verify._ROWS", 4 * 4 * 2 * 2)  # two steps in a part
    parts = gs.verify(trace)
    for name in ("c", "h"):
        torch.testing.assert_close(parts.bound(name), whole.bound(name))
        assert float(parts.ratio(name).max()) <= 1
    c = trace.cell().c.clone()
    c[8, 1, 3] += 0.01
    report = gs.verify(only(trace, c=c))
    assert report.first_difference is not None
    assert report.first_difference.t == 8
