"""Every number of an equation, against sums over the trace and the weights that share no code with it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import numpy as np
import pytest
import torch
from torch import nn
from torch.nn.utils.rnn import pack_padded_sequence

import gatescope as gs
from gatescope.analysis.equations.equation import Equation
from gatescope.analysis.equations.parts import in_floats, pieces
from gatescope.analysis.equations.texts import as_text
from gatescope.analysis.equations.unit_equations import Equations
from gatescope.edits.edits import Hold
from gatescope.traces.trace import CellTrace, Trace, as_numpy

MakeTrace = Callable[..., Trace]
NETWORKS: list[tuple[tuple[int, ...], dict[str, Any]]] = [
    ((3, 4), {}),
    ((3, 4), {"bias": False, "num_layers": 2}),
    ((3, 4), {"num_layers": 2, "bidirectional": True}),
    ((3, 5), {"proj_size": 2, "num_layers": 2, "bidirectional": True}),
    ((3, 4), {"kind": "GRU", "num_layers": 2, "bidirectional": True}),
    ((3, 4), {"kind": "GRU", "bias": False}),
    ((3, 4), {"kind": "RNN", "num_layers": 2, "bidirectional": True}),
    ((3, 4), {"kind": "RNN", "nonlinearity": "relu", "bias": False}),
    ((3, 4), {"kind": "LSTMCell"}),
]
ROWS = {"LSTM": "ifgo", "GRU": "rzn", "RNN": "h"}
LETTERS = {"f": "f", "i": "i", "c_tilde": "g", "o": "o", "r": "r", "z": "z", "n": "n", "a": "h"}
SYMBOLS = {"c_tilde": "C̃", "c": "C"}


class Numbers:
    """What a person finds who looks the numbers up in the trace."""

    def __init__(self, trace: Trace, layer: int, direction: str, batch: int, unit: int) -> None:
        self.trace, self.batch, self.unit = trace, batch, unit
        self.cell, self.reverse = trace.cell(layer, direction), direction == "reverse"
        self.kind = trace.spec.kind.removesuffix("Cell")
        self.suffix = "" if trace.spec.is_cell else f"_l{layer}" + ("_reverse" if self.reverse else "")

    def of(self, name: str, t: int) -> Any:
        return as_numpy(self.cell.quantity(name))[t, self.batch].astype(np.float64)

    def before(self, state: str, t: int) -> tuple[str, Any]:
        """The name of the state before a step, and its numbers."""
        last = t + 1 if self.reverse else t - 1
        if last not in range(len(self.trace)):
            return f"{state}0", as_numpy(self.cell.before[state])[self.batch].astype(np.float64)
        return f"{SYMBOLS.get(state, state)}_{last}", self.of(state, last)

    def row(self, tensor: str, gate: str) -> Any:
        row = ROWS[self.kind].index(LETTERS[gate]) * self.trace.spec.hidden_size + self.unit
        return as_numpy(self.trace.weights[f"{tensor}{self.suffix}"])[row].astype(np.float64)

    def gate(self, gate: str, t: int) -> dict[str, float]:
        """The numbers in a gate's equation by their symbols."""
        k, letter = self.unit, LETTERS[gate]
        name, h = self.before("h", t)
        x = as_numpy(self.cell.x)[t, self.batch].astype(np.float64)
        numbers = {
            f"W_i{letter}[{k}]·x_{t}": sum(a * b for a, b in zip(self.row("weight_ih", gate), x, strict=True)),
            f"W_h{letter}[{k}]·{name}": sum(a * b for a, b in zip(self.row("weight_hh", gate), h, strict=True)),
        }
        if self.trace.spec.bias:
            numbers |= {f"b_{side}{letter}[{k}]": self.row(f"bias_{side}h", gate) for side in "ih"}
        return numbers | ({f"r_{t}[{k}]": self.of("r", t)[k]} if gate == "n" else {})

    def state(self, name: str, t: int) -> dict[str, float]:
        """The numbers in a state's equation by their symbols."""
        k = self.unit
        if name == "h" and self.trace.spec.proj_size:
            w = as_numpy(self.trace.weights[f"weight_hr{self.suffix}"])[k].astype(np.float64)
            inner = self.of("o", t) * np.tanh(self.of("c", t))
            return {f"Σ_j W_hr[{k},j]·o_{t}[j]·tanh(C_{t}[j])": float(w @ inner)}
        of = {"c": ("f", "i", "c_tilde"), "h": {"LSTM": ("o", "c"), "GRU": ("z", "n"), "RNN": ("a",)}[self.kind]}[name]
        numbers = {f"{SYMBOLS.get(one, one)}_{t}[{k}]": self.of(one, t)[k] for one in of}
        if name == "c" or self.kind == "GRU":
            symbol, before = self.before(name, t)
            numbers[f"{symbol}[{k}]"] = before[k]
        return numbers


def by_symbol(equation: Equation) -> dict[str, float]:
    return {piece.text: float(piece.value or 0.0) for piece in pieces(equation.formula)}


def check(trace: Trace, where: tuple[int, str, int, int], t: int) -> None:
    numbers, equations = Numbers(trace, *where), Equations(trace, *where)
    for quantity in trace.spec.cell.quantities:
        if quantity.name == "h" and where[3] >= trace.spec.output_size:
            continue
        equation = equations.of(quantity.name, t)
        looked_up = numbers.gate if quantity.preactivation else numbers.state
        assert by_symbol(equation) == pytest.approx(looked_up(quantity.name, t), rel=1e-12, abs=1e-14)
        recorded = numbers.of(quantity.name, t)[where[3]]
        assert equation.result.value == recorded
        assert equation.agrees
        assert in_floats(equation.formula) == pytest.approx(recorded, abs=2e-6)
        if equation.reduced is not None:
            assert in_floats(equation.reduced) == pytest.approx(recorded, abs=2e-6)
        if quantity.preactivation and quantity.preactivation != quantity.name and equation.reduced is not None:
            (z,) = pieces(equation.reduced)
            assert z.value == pytest.approx(numbers.of(quantity.preactivation, t)[where[3]], abs=1e-6)


@pytest.mark.parametrize(("sizes", "options"), NETWORKS)
def test_every_number_is_the_one_in_the_trace(
    make_trace: MakeTrace, sizes: tuple[int, ...], options: dict[str, Any]
) -> None:
    trace = make_trace(*sizes, steps=4, **options)
    for layer, direction in trace.cells:
        for unit in range(trace.spec.hidden_size):
            for t in range(4):
                check(trace, (layer, direction, unit % 2, unit), t)


def test_the_formulas_are_those_of_the_documentation(make_trace: MakeTrace) -> None:
    gru, rnn = make_trace(3, 4, kind="GRU"), make_trace(3, 4, kind="RNN")
    lstm, proj = make_trace(3, 4), make_trace(3, 4, proj_size=2)
    for trace, name, formula in [
        (lstm, "f", "σ(W_if[1]·x_2 + b_if[1] + W_hf[1]·h_1 + b_hf[1])"),
        (lstm, "g", "tanh(W_ig[1]·x_2 + b_ig[1] + W_hg[1]·h_1 + b_hg[1])"),
        (lstm, "c", "f_2[1]·C_1[1] + i_2[1]·C̃_2[1]"),
        (lstm, "h", "o_2[1]·tanh(C_2[1])"),
        (proj, "h", "Σ_j W_hr[1,j]·o_2[j]·tanh(C_2[j])"),
        (gru, "z", "σ(W_iz[1]·x_2 + b_iz[1] + W_hz[1]·h_1 + b_hz[1])"),
        (gru, "n", "tanh(W_in[1]·x_2 + b_in[1] + r_2[1]·(W_hn[1]·h_1 + b_hn[1]))"),
        (gru, "h", "(1 − z_2[1])·n_2[1] + z_2[1]·h_1[1]"),
        (rnn, "a", "W_ih[1]·x_2 + b_ih[1] + W_hh[1]·h_1 + b_hh[1]"),
        (rnn, "h", "tanh(a_2[1])"),
    ]:
        first = as_text([Equations(trace, unit=1).of(name, 2)]).splitlines()[0]
        assert first.split(" = ", 1)[1] == formula


def test_swapped_gates_are_noticed(make_trace: MakeTrace) -> None:
    trace = make_trace(3, 4)
    weights = dict(trace.weights)
    rows = torch.arange(16)
    rows[:8] = torch.cat([rows[4:8], rows[:4]])  # i and f
    weights["weight_ih_l0"] = weights["weight_ih_l0"][rows]
    with pytest.raises(AssertionError):
        check(replace(trace, weights=weights), (0, "forward", 0, 1), 2)


def test_a_number_that_was_not_computed_so_is_noticed(make_trace: MakeTrace) -> None:
    for name, places in (("f", 0.01), ("c", 0.001), ("h", 0.001)):
        trace = make_trace(3, 4)
        cell = trace.cell()
        values = {**cell.values, name: cell.values[name].clone()}
        values[name][2, 0, 1] += places
        changed = trace.with_cell(replace(cell, values=values))
        equation = Equations(changed, unit=1).of(name, 2)
        assert not equation.agrees
        assert [remark.code for remark in equation.remarks] == ["set_by_hand"]
        assert "≠" in as_text([equation])
        assert "≠" not in as_text([equation.as_known(())])  # which would tell that something is to come
        assert Equations(changed, unit=0).of(name, 2).agrees


@pytest.mark.parametrize("dtype", [torch.float16, torch.bfloat16, torch.float64])
@pytest.mark.parametrize("kind", ["LSTM", "GRU", "RNN"])
def test_rounding_is_nothing_to_remark(make_trace: MakeTrace, dtype: torch.dtype, kind: str) -> None:
    trace = make_trace(5, 6, kind=kind, dtype=dtype, steps=20, scale=4.0)
    for t in range(20):
        for name in trace.spec.cell.names:
            assert Equations(trace, batch=1, unit=t % 6).of(name, t).agrees


def test_something_held_is_not_said_to_be_its_formula(make_trace: MakeTrace) -> None:
    torch.manual_seed(0)
    module = nn.LSTM(3, 4)
    trace = gs.trace(module, torch.randn(5, 3), holds=[Hold("f", 0.25, units=(1,), start=2, stop=4)])
    held, free = (Equations(trace, unit=1).of("f", t) for t in (2, 4))
    assert held.left is None
    assert [(remark.code, remark.number) for remark in held.remarks] == [("held", "0.25")]
    assert held.result.value == pytest.approx(in_floats(held.formula))
    assert held.result.value != 0.25
    assert free.left is not None
    assert Equations(trace, unit=0).of("f", 2).left is not None
    memory = Equations(trace, unit=1).of("c", 2)
    assert by_symbol(memory)["f_2[1]"] == 0.25
    assert memory.agrees


def test_a_shorter_element_has_no_equation_behind_its_end(make_trace: MakeTrace) -> None:
    module = nn.GRU(3, 4, bidirectional=True)
    trace = gs.trace(module, pack_padded_sequence(torch.randn(5, 2, 3), [5, 3]))
    assert Equations(trace, direction="reverse", batch=1).of("n", 2).remarks[0].code == "initial"
    with pytest.raises(gs.GatescopeError, match="t must be from 0 to 2"):
        Equations(trace, batch=1).of("n", 3)
    with pytest.raises(gs.GatescopeError, match="r, z, n, h"):
        Equations(trace).of("f", 0)


def test_what_x_and_h0_are_is_remarked(make_trace: MakeTrace) -> None:
    trace = make_trace(3, 4, num_layers=2)
    codes = [[remark.code for remark in Equations(trace, layer).of("f", t).remarks] for layer in (0, 1) for t in (0, 1)]
    assert codes == [["initial"], [], ["layer_below", "initial"], ["layer_below"]]
    assert [remark.symbol for remark in Equations(trace).of("c", 0).remarks] == ["c0"]
    assert not Equations(trace).of("h", 0).remarks


def test_a_doubt_about_one_step_is_settled_from_that_step(
    make_trace: MakeTrace, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A run of 100,000 steps is not converted for it, which would take seconds."""
    trace = make_trace(3, 4)
    trace.cell().values["c"][2, 0, 1] += 0.1
    monkeypatch.setattr(CellTrace, "mapped", lambda *_: pytest.fail("the whole run was read"))
    assert not Equations(trace, unit=1).of("c", 2).agrees
