"""The symbols of a cell's numbers, as torch's documentation and textbooks write them."""

from __future__ import annotations

import pytest

from gatescope.analysis.equations.parts import Symbol
from gatescope.analysis.equations.symbols import Symbols, written
from gatescope.cells.gru import GRU
from gatescope.cells.lstm import LSTM
from gatescope.cells.rnn import RNN_TANH

AT_2 = Symbols(LSTM, 2, 1)


@pytest.mark.parametrize(
    ("symbol", "text", "latex"),
    [
        (AT_2.quantity("f", 1), "f_2[1]", "f_{2}[1]"),
        (AT_2.quantity("c_tilde", 0), "C̃_2[0]", r"\tilde{C}_{2}[0]"),
        (AT_2.preactivation(LSTM.quantities[0], 3), "z_f[3]", "z_{f}[3]"),
        (AT_2.x(), "x_2", "x_{2}"),
        (AT_2.x("[7]"), "x_2[7]", "x_{2}[7]"),
        (AT_2.before("c", "[1]"), "C_1[1]", "C_{1}[1]"),
        (AT_2.parameter("w_ih", "f", "[1]"), "W_if[1]", "W_{if}[1]"),
        (AT_2.parameter("w_hh", "c_tilde", "[1,0]"), "W_hg[1,0]", "W_{hg}[1,0]"),  # torch's letter of C̃
        (AT_2.parameter("b_hh", "o", "[1]"), "b_ho[1]", "b_{ho}[1]"),
        (Symbols(GRU, 2, 1).parameter("b_ih", "n", "[1]"), "b_in[1]", "b_{in}[1]"),
        (Symbols(RNN_TANH, 2, 1).parameter("w_hh", "a", "[1]"), "W_hh[1]", "W_{hh}[1]"),  # only one gate
        (AT_2.projection("[1,0]"), "W_hr[1,0]", "W_{hr}[1,0]"),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_a_number_has_its_letter_step_and_index(symbol: Symbol, text: str, latex: str) -> None:
    assert (symbol.text, symbol.latex) == (text, latex)


def test_before_the_first_step_is_the_initial_state_and_in_reverse_the_later_step() -> None:
    for first_step in (0, 5):
        first = Symbols(LSTM, first_step, None).before("c", "[1]")
        assert (first.text, first.latex, first.step) == ("c0[1]", r"\mathrm{c0}[1]", None)
    for t in (0, 2):
        later = Symbols(LSTM, t, t + 1).before("h")
        assert (later.text, later.step) == (f"h_{t + 1}", t + 1)


def test_a_symbol_knows_what_it_stands_for() -> None:
    symbols = {
        AT_2.quantity("c", 1): ("c", "c", 2), AT_2.before("c"): ("c_before", "c", 1), AT_2.x(): ("x", None, None),
        AT_2.parameter("w_ih", "f", ""): ("w_ih", None, None), AT_2.projection(""): ("w_hr", None, None),
        AT_2.preactivation(LSTM.quantities[0], 1): ("z_f", "f", 2),
    }  # fmt: skip
    assert {symbol: (symbol.refers_to, symbol.quantity, symbol.step) for symbol in symbols} == symbols


def test_a_projected_h_is_written_as_the_sum_that_it_is() -> None:
    symbols = AT_2.projected(1)
    assert "".join(symbol.text for symbol in symbols) == "Σ_j W_hr[1,j]·o_2[j]·tanh(C_2[j])"
    assert [symbol.latex for symbol in symbols][:2] == [r"\sum_j", "W_{hr}[1,j]"]


def test_a_formula_of_a_cell_becomes_text_and_latex() -> None:
    mark = written("o_t * tanh(C̃_t) + σ(h_(t-1))")
    assert mark.text == "o_t·tanh(C̃_t) + σ(h_(t-1))"
    assert mark.latex == r"o_t \cdot \tanh(\tilde{C}_t) + \sigma(h_{t-1})"
