"""The symbols of equations: how torch's documentation and textbooks write a cell's numbers."""

from __future__ import annotations

from dataclasses import replace

from gatescope.analysis.equations.parts import CLOSE, FUNCTIONS, TIMES, Mark, Symbol
from gatescope.cells.cell import Cell
from gatescope.cells.quantities import Quantity

_STEMS = {"C̃": r"\tilde{C}"}
_SIDES = {"w_ih": ("W", "i"), "w_hh": ("W", "h"), "b_ih": ("b", "i"), "b_hh": ("b", "h")}


_IN_LATEX = (("σ", r"\sigma"), ("C̃", r"\tilde{C}"), (" * ", r" \cdot "), ("tanh", r"\tanh"), ("_(t-1)", "_{t-1}"))


def written(formula: str) -> Mark:
    """Return a formula as a cell writes it: `f_t * C_(t-1)`."""
    latex = formula
    for text, sign in _IN_LATEX:
        latex = latex.replace(text, sign)
    return Mark(formula.replace(" * ", TIMES.text), latex)


class Symbols:
    """The symbols of one cell at one step.

    Parameters
    ----------
    cell : Cell
        The kind of cell.
    t : int
        The step.
    before : int or None
        The step that ran before it, which is the one after it in the reverse direction; None at the first step.
    """

    def __init__(self, cell: Cell, t: int, before: int | None) -> None:
        self._quantities = {quantity.name: quantity for quantity in cell.quantities}
        self._one_gate = len(cell.packed) == 1
        self._t, self._before = t, before

    def quantity(self, name: str, index: int) -> Symbol:
        """Return one of the step's quantities: `f_2[1]`."""
        letter = self._quantities[name].symbol
        return Symbol(letter, _STEMS.get(letter, letter), str(self._t), f"[{index}]", name, name, self._t)

    def preactivation(self, quantity: Quantity, index: int) -> Symbol:
        """Return what a gate's nonlinearity is applied to: `z_f[1]`."""
        letter = quantity.preactivation or ""
        head, _, tail = letter.partition("_")
        stem = f"{head}_{{{tail}}}" if tail else head
        return Symbol(letter, stem, "", f"[{index}]", letter, quantity.name, self._t)

    def x(self, index: str = "") -> Symbol:
        """Return what the cell reads: `x_2`."""
        return Symbol("x", "x", str(self._t), index, "x")

    def before(self, state: str, index: str = "") -> Symbol:
        """Return a state that the step started from: `C_1[1]`, and `c0[1]` before the first step."""
        refers_to = f"{state}_before"
        if self._before is None:
            return Symbol(f"{state}0", rf"\mathrm{{{state}0}}", "", index, refers_to, state)
        letter = self._quantities[state].symbol
        return Symbol(letter, letter, str(self._before), index, refers_to, state, self._before)

    def parameter(self, name: str, gate: str, index: str) -> Symbol:
        """Return a weight or a bias of a gate, by the name of its tensor: `W_if[1]`, `b_hf[1]`; `W_ih` of an RNN."""
        letter, side = _SIDES[name]
        below = f"{side}h" if self._one_gate else f"{side}{self._quantities[gate].torch_name}"
        return Symbol(f"{letter}_{below}", f"{letter}_{{{below}}}", "", index, name)

    def projection(self, index: str) -> Symbol:
        """Return a weight of the projection: `W_hr[1,0]`."""
        return Symbol("W_hr", "W_{hr}", "", index, "w_hr")

    def projected(self, index: int) -> tuple[Symbol | Mark, ...]:
        """Return what h is with a projection: `Σ_j W_hr[1,j]·o_2[j]·tanh(C_2[j])`."""
        o, c = (replace(self.quantity(name, 0), index="[j]") for name in ("o", "c"))
        tanh, close = FUNCTIONS["tanh"], CLOSE
        return (Mark("Σ_j ", r"\sum_j"), self.projection(f"[{index},j]"), TIMES, o, TIMES, tanh, c, close)
