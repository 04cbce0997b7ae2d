"""The equations of one unit of a cell, with the numbers of a step: what it computes, from what, and what comes out."""

from __future__ import annotations

import math
from functools import partial
from typing import TYPE_CHECKING

import numpy as np
import torch
from numpy.typing import NDArray

from gatescope.analysis.equations.equation import Equation, Remark
from gatescope.analysis.equations.parts import (
    TIMES,
    Applied,
    Complement,
    Node,
    Piece,
    Product,
    Products,
    Sum,
    in_floats,
)
from gatescope.analysis.equations.symbols import Symbols, written
from gatescope.analysis.preactivation_terms import TermBlock, Terms, sums_of, terms_of
from gatescope.cells.quantities import Quantity
from gatescope.cells.torch_cell import TorchCell
from gatescope.messages.message import GatescopeError, describe_all
from gatescope.traces.one_unit import OneUnit

if TYPE_CHECKING:
    from gatescope.traces.trace import Trace

_QUICK = 8.0  # roundings of a result that are let pass without asking how many there can have been


class Equations:
    """The equations of one unit.

    Parameters
    ----------
    trace : Trace
        A run.
    layer, direction, batch, unit
        As for `gatescope.Origins`.

    Raises
    ------
    GatescopeError
        Where the trace has no such layer, direction, batch element or unit.

    Examples
    --------
    >>> equation = gs.Equations(trace, unit=1).of("f", t=2)
    >>> print(gs.format_equations(equation))
    """

    def __init__(self, trace: Trace, layer: int = 0, direction: str = "forward", batch: int = 0, unit: int = 0) -> None:
        self._one = OneUnit(trace, layer, direction, batch, unit)

    def of(self, name: str, t: int) -> Equation:
        """Return how a quantity was computed at step `t`.

        Parameters
        ----------
        name : str
            The quantity, by its own name or by torch's letter.
        t : int
            The step, as a position in the input.

        Raises
        ------
        GatescopeError
            `no_such_quantity` where the cell has none of that name; `no_such_step` where the batch element has none at
            `t`; `no_such_unit` for h where a projection leaves it fewer units than the cell has.
        """
        cell = self._one.cell.cell
        quantity = next((one for one in cell.quantities if name in (one.name, one.torch_name)), None)
        if quantity is None:
            raise GatescopeError("no_such_quantity", allowed=describe_all(cell.names), value=name)
        return _StepEquations(self._one, t).of(quantity)


class _StepEquations:
    """Those of one step."""

    def __init__(self, one: OneUnit, t: int) -> None:
        self._one, self._t = one, t
        self._number = one.number(t)
        self._step = one.step(self._number)
        self._cell = one.cell.cell
        self._symbols = Symbols(self._cell, t, one.steps[self._number - 1] if self._number else None)

    def of(self, quantity: Quantity) -> Equation:
        if not isinstance(self._cell, TorchCell):
            return self._of_own(quantity)
        if quantity.preactivation:
            return self._of_gate(quantity)
        if quantity.name == "h" and self._one.trace.spec.proj_size:
            return self._of_projected()
        return self._of_state(quantity.name)

    # gates

    def _of_gate(self, quantity: Quantity) -> Equation:
        terms = terms_of(self._one, quantity.name, self._t)
        total, remarks = self._sum_of(quantity, terms), self._on_inputs()
        value = Piece((self._symbols.quantity(quantity.name, self._one.unit),), terms.value, quantity.name)
        if quantity.preactivation == quantity.name:  # a of a plain RNN
            return self._equation(quantity.name, value, total, None, remarks)
        z = Piece((self._symbols.preactivation(quantity, self._one.unit),), terms.z, quantity.preactivation)
        function = "σ" if (quantity.low, quantity.high) == (0.0, 1.0) else "tanh"
        return self._equation(quantity.name, value, Applied(function, total), Applied(function, z), remarks)

    def _sum_of(self, quantity: Quantity, terms: Terms) -> Node:
        """Return W x + b + W h + b, where there are biases; what comes from h may be multiplied by a gate."""
        from_x: list[Node] = [self._product_of("w_ih", quantity, terms.blocks[0])]
        from_h: list[Node] = [self._product_of("w_hh", quantity, terms.blocks[1])]
        for side, name, block in zip((from_x, from_h), ("b_ih", "b_hh"), terms.blocks[2:], strict=False):
            bias = self._symbols.parameter(name, quantity.name, f"[{self._one.unit}]")
            side.append(Piece((bias,), float(block.weights[0]), key=name))
        if terms.scaled_by is None:
            return Sum((*from_x, *from_h))
        inner = Sum(tuple(from_h)) if len(from_h) > 1 else from_h[0]
        return Sum((*from_x, Product((self._quantity(terms.scaled_by), inner))))

    def _product_of(self, name: str, quantity: Quantity, block: TermBlock) -> Piece:
        """Return the row of a weight times what it is multiplied with, without a gate that scales it."""
        weight = partial(self._symbols.parameter, name, quantity.name)
        read = self._symbols.x if name == "w_ih" else partial(self._symbols.before, "h")
        unit, (weights, inputs) = self._one.unit, (block.weights, block.inputs)

        def factors(column: int) -> Product:
            return Product(
                (
                    Piece((weight(f"[{unit},{column}]"),), float(weights[column])),
                    Piece((read(f"[{column}]"),), float(inputs[column])),
                )
            )

        values = block.products if block.factor == 1.0 else TermBlock("x", "", 0, 1.0, weights, inputs).products
        symbols = (weight(f"[{unit}]"), TIMES, read())
        return Piece(symbols, _sum(values), quantity.preactivation, Products(values, factors), key=name)

    # states

    def _of_state(self, name: str) -> Equation:
        of = {"LSTM": self._of_lstm, "GRU": self._of_gru, "RNN": self._of_rnn}[self._cell.name]
        formula, reduced = of(name)
        remarks = () if name != self._cell.memory_state else self._on_first_step(name)
        return self._equation(name, self._quantity(name), formula, reduced, remarks)

    def _of_lstm(self, name: str) -> tuple[Node, Node | None]:
        if name == "h":
            o, c = self._quantity("o"), self._quantity("c")
            return Product((o, Applied("tanh", c))), Product((o, _worked_out("h", Applied("tanh", c))))
        kept = Product((self._quantity("f"), self._before("c")))
        written = Product((self._quantity("i"), self._quantity("c_tilde")))
        return Sum((kept, written)), Sum((_worked_out("c", kept), _worked_out("c", written)))

    def _of_gru(self, _name: str) -> tuple[Node, Node | None]:
        z = self._quantity("z")
        written = Product((Complement(z), self._quantity("n")))
        kept = Product((z, self._before("h")))
        return Sum((written, kept)), Sum((_worked_out("h", written), _worked_out("h", kept)))

    def _of_rnn(self, _name: str) -> tuple[Node, Node | None]:
        return Applied(self._cell.nonlinearity or "tanh", self._quantity("a")), None

    def _of_projected(self) -> Equation:
        """Return h[k] = Σ_j W_hr[k,j]·o[j]·tanh(C[j]), which is read from all units of the cell."""
        one, unit, symbols = self._one, self._one.unit, self._symbols
        matrix = one.cell.weights.parameters.w_hr
        if matrix is None or unit >= len(matrix):
            raise GatescopeError("no_such_unit", last=one.trace.spec.output_size - 1, value=unit)
        o, c = (one.cell.values[name][self._t, one.batch] for name in ("o", "c"))
        w, o, c = (tensor.detach().to("cpu", torch.float64) for tensor in (matrix[unit], o, c))

        def factors(j: int) -> Product:
            weight = Piece((symbols.projection(f"[{unit},{j}]"),), w[j].item())
            gate = Piece((symbols.quantity("o", j),), o[j].item(), "o")
            return Product((weight, gate, Applied("tanh", Piece((symbols.quantity("c", j),), c[j].item(), "c"))))

        values = (w * o * c.tanh()).numpy()
        total = Piece(
            symbols.projected(unit),
            _sum(values),
            "h",
            Products(values, factors, (symbols.quantity("h", unit),)),
            key="w_hr",
        )
        return self._equation("h", self._quantity("h"), total, None, ())

    # cells that torch does not have

    def _of_own(self, quantity: Quantity) -> Equation:
        """Return the equation as the cell writes it; a state as the products that it is the sum of, where it tells."""
        sums = {one.state: one.summands for one in sums_of(self._one, self._t)}
        if quantity.name in sums:
            products = [(one.formula, one.product) for one in sums[quantity.name]]
        else:
            right = quantity.equation.partition(" = ")[2]
            products = [(right, self._one.computed(self._number)[quantity.name].item())]
        terms = tuple(Piece((written(formula),), product, quantity.name) for formula, product in products)
        value = self._quantity(quantity.name)
        return self._equation(quantity.name, value, terms[0] if len(terms) == 1 else Sum(terms), None, ())

    # what all have in common

    def _quantity(self, name: str) -> Piece:
        """Return one of the step's quantities, of this unit."""
        values = self._step.values[name][0, 0]  # of h all units, of others this one
        value = values[self._one.unit if name == "h" else 0].item()
        return Piece((self._symbols.quantity(name, self._one.unit),), value, name)

    def _before(self, state: str) -> Piece:
        """Return a state that the step started from, of this unit."""
        value = self._step.before[state][0, self._one.unit].item()
        return Piece((self._symbols.before(state, f"[{self._one.unit}]"),), value)

    def _on_inputs(self) -> tuple[Remark, ...]:
        """Say what x_t is in a deeper layer, and what comes before the first step."""
        layer = self._one.cell.layer
        below = (Remark("layer_below", self._symbols.x().text, str(layer - 1)),) if layer else ()
        return below + self._on_first_step("h")

    def _on_first_step(self, state: str) -> tuple[Remark, ...]:
        return () if self._number else (Remark("initial", self._symbols.before(state).text),)

    def _equation(
        self, name: str, recorded: Piece, formula: Node, reduced: Node | None, remarks: tuple[Remark, ...]
    ) -> Equation:
        """Put an equation together, of something that may have been held by hand."""
        computed, dtype = _worked_out(name, reduced or formula), self._one.trace.spec.dtype
        if self._one.held(name)[self._number]:
            held = Remark("held", recorded.text, f"{recorded.value:.6g}", needs=name)
            return Equation(None, formula, reduced, computed, dtype=dtype, remarks=(held, *remarks))
        agrees = self._agrees(name, computed.value, recorded.value)
        if not agrees:
            remarks = (Remark("set_by_hand", recorded.text, f"{recorded.value:.6g}", needs=name), *remarks)
        return Equation(recorded, formula, reduced, recorded, agrees, dtype, remarks)

    def _agrees(self, name: str, computed: float | None, recorded: float | None) -> bool:
        """Whether rounding alone explains the difference."""
        assert computed is not None
        assert recorded is not None
        if not math.isfinite(computed) or not math.isfinite(recorded):
            return True  # what the arithmetic of the run makes of it is told of by the verification
        arithmetic = self._one.trace.arithmetic
        apart = abs(computed - recorded)
        return apart <= _QUICK * arithmetic.unit_roundoff * (1 + abs(recorded)) or apart <= self._one.bound(
            name, self._number
        )


def _worked_out(needs: str, node: Node) -> Piece:
    """Return a node as one number that no symbol stands for."""
    return Piece((), float(in_floats(node)), needs)


def _sum(values: NDArray[np.float64]) -> float:
    with np.errstate(all="ignore"):  # NaN and infinity are shown as they are
        return float(values.sum())
