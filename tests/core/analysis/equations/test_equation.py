"""An equation with the numbers that are known by now, and its terms written out as the products they are."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pytest
import torch

import gatescope as gs
from gatescope.analysis.equations.equation import expansion
from gatescope.analysis.equations.levels import levels
from gatescope.analysis.equations.parts import Piece, in_floats, pieces
from gatescope.analysis.equations.texts import as_text
from gatescope.analysis.equations.unit_equations import Equations
from gatescope.traces.trace import Trace, as_numpy

MakeTrace = Callable[..., Trace]


@pytest.mark.parametrize("largest", [1, 3, 10])
def test_the_products_of_a_term_add_up_to_it(make_trace: MakeTrace, largest: int) -> None:
    trace = make_trace(9, 6, kind="GRU", steps=3)
    x = as_numpy(trace.x)[2, 1].astype(np.float64)
    weights = as_numpy(trace.weights["weight_ih_l0"])[2 * 6 + 4].astype(np.float64)  # n of unit 4
    piece = next(pieces(Equations(trace, batch=1, unit=4).of("n", 2).formula))
    written = expansion(piece, largest)
    assert written.reduced is not None
    products = [one.value for one in pieces(written.reduced)]
    assert sum(map(float, products)) == pytest.approx(float(weights @ x), rel=1e-12)
    assert written.result.value == piece.value
    largest_first = np.argsort(-abs(weights * x))[:largest] if largest < 8 else range(9)
    names = [one.text for one in pieces(written.formula)]
    assert names[: 2 * min(largest, 9) : 2] == [f"W_in[4,{j}]" for j in largest_first]
    assert names[1 : 2 * min(largest, 9) : 2] == [f"x_2[{j}]" for j in largest_first]
    assert (f"⋯({9 - largest})" in names) == (largest < 8)


def test_ten_thousand_inputs_are_ten_products_and_the_rest(make_trace: MakeTrace) -> None:
    trace = make_trace(10_000, 2, steps=2)
    piece = next(pieces(Equations(trace).of("f", 1).formula))
    written = expansion(piece)
    assert len(list(pieces(written.formula))) == 21
    assert written.remarks[0].number == "9990"
    assert in_floats(written.formula) == pytest.approx(piece.value, rel=1e-9)


def test_a_projected_h_is_written_out_over_all_units_of_the_cell(make_trace: MakeTrace) -> None:
    trace = make_trace(3, 5, proj_size=2)
    equation = Equations(trace, unit=1).of("h", 2)
    assert isinstance(equation.formula, Piece)
    assert in_floats(expansion(equation.formula).formula) == pytest.approx(equation.result.value, abs=1e-6)
    with pytest.raises(gs.GatescopeError, match="from 0 to 1"):
        Equations(trace, unit=2).of("h", 2)


@pytest.mark.parametrize("kind", ["LSTM", "GRU", "RNN"])
def test_numbers_come_with_the_phases(make_trace: MakeTrace, kind: str) -> None:
    cell = make_trace(3, 4, kind=kind).spec.cell
    equations = Equations(make_trace(3, 4, kind=kind), unit=1)
    for phase in cell.phases:
        known = cell.known(phase)
        for quantity in cell.quantities:
            equation = equations.of(quantity.name, 2).as_known(known)
            assert (equation.result.value is None) == (quantity.name not in known)
            for piece in pieces(equation.formula):
                computed = piece.needs is None or piece.needs in known
                assert (piece.value is not None) == computed
                always = piece.key.startswith("b_") or "_1[" in piece.text
                assert (piece.needs is None) == always
            if equation.reduced is not None:
                needs = {quantity.preactivation or quantity.name, *cell.made_of.get(quantity.name, ())}
                assert all(piece.value is not None for piece in pieces(equation.reduced)) == (needs <= known)


def test_an_unknown_term_keeps_its_factors_and_hides_its_products(make_trace: MakeTrace) -> None:
    equation = Equations(make_trace(30, 4), unit=1).of("f", 2).as_known(())
    written = expansion(next(pieces(equation.formula))).as_known(())
    assert written.reduced is not None
    assert all(piece.value is None for piece in pieces(written.reduced))
    assert written.result.value is None
    *factors, rest = pieces(written.formula)
    assert all(piece.value is not None for piece in factors)
    assert [piece.text for piece in factors[::2]] == [f"W_if[1,{j}]" for j in range(10)]  # not the largest
    assert rest.value is None


def test_the_factors_of_a_projected_h_come_with_their_phases(make_trace: MakeTrace) -> None:
    trace = make_trace(3, 5, proj_size=2)
    piece = Equations(trace, unit=1).of("h", 2).formula
    assert isinstance(piece, Piece)
    for phase in trace.spec.cell.phases:
        known = trace.spec.cell.known(phase)
        weight, gate, memory, *_ = pieces(expansion(piece).as_known(known).formula)
        assert weight.value is not None
        assert (gate.value is not None) == ("o" in known)
        assert (memory.value is not None) == ("c" in known)


def test_what_is_hidden_does_not_show_in_what_is_said_of_the_rest(make_trace: MakeTrace) -> None:
    """Of something set by hand nobody can tell before its phase: all stays as it would be."""
    trace = make_trace(3, 4)
    before = [Equations(trace, unit=1).of("f", t).as_known(["z_f"]) for t in range(len(trace))]
    trace.cell().values["f"][:, 0, 1] += 0.3
    after = [Equations(trace, unit=1).of("f", t).as_known(["z_f"]) for t in range(len(trace))]
    assert [as_text([one]) for one in after] == [as_text([one]) for one in before]
    assert [levels(one).remarks for one in after] == [levels(one).remarks for one in before]
    assert any(levels(one).remarks[-1].code == "rounded" for one in before if levels(one).remarks)


def test_sums_beyond_the_largest_number_are_infinite_or_nan(make_trace: MakeTrace) -> None:
    trace = make_trace(40, 3, dtype=torch.float64)
    trace.weights["weight_ih_l0"].fill_(1e154)
    trace.x.fill_(1e154)
    for signs, wanted in ((1.0, np.inf), (-1.0, -np.inf)):
        trace.x[:] = signs * 1e154
        (term,) = [piece for piece in pieces(Equations(trace).of("f", 1).formula) if piece.key == "w_ih"]
        assert term.value == wanted
        assert in_floats(expansion(term).formula) == wanted
    trace.weights["weight_ih_l0"][:, ::2] = torch.inf
    trace.x[:, :, 2::4] = 1e154
    (term,) = [piece for piece in pieces(Equations(trace).of("f", 1).formula) if piece.key == "w_ih"]
    assert np.isnan(term.value)
    assert np.isnan(in_floats(expansion(term).formula))
