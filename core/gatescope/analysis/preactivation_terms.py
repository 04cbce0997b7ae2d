"""What one step of one unit is summed up from: the terms of a pre-activation, and those of its states."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from math import prod
from typing import Literal, overload

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from gatescope.analysis.unrolling import Floats
from gatescope.cells.cell import Cell
from gatescope.cells.quantities import Quantity
from gatescope.cells.torch_cell import TorchCell
from gatescope.cells.values import Values
from gatescope.messages.message import GatescopeError, describe_all
from gatescope.traces.one_unit import OneUnit
from gatescope.traces.trace import CellTrace, as_numpy

Source = Literal["x", "below", "h0", "h", "bias", "rest"]
"""Where the number comes from that a weight is multiplied with: the network's input x_t, the h_t of the layer below,
the state before the first step, the h of the step before; a bias is multiplied with nothing. The rest is what a cell
that torch does not have adds besides, as peepholes do, or makes of the sum, as layer norm does."""


@dataclass(frozen=True)
class Term:
    """One term of a pre-activation: `factor * weight * input`.

    Parameters
    ----------
    source : str
        See `Source`.
    parameter : str
        The module's name of the tensor that the weight lies in, such as `weight_ih_l0`.
    index : tuple of int
        Where it lies in there: (row, column), or (row,) in a bias.
    factor : float
        What multiplies it besides: a GRU's r_t for what n takes from h, else 1.
    weight, input : float
        The input of a bias is 1.
    product : float
        In float64.
    """

    source: Source
    parameter: str
    index: tuple[int, ...]
    factor: float
    weight: float
    input: float
    product: float

    @property
    def name(self) -> str:
        """The weight as it is written in formulas: `W_ih[k, j]` or `b_ih[k]`."""
        if self.source == "rest":
            return "⋯"
        letter = "b" if self.source == "bias" else "W"
        side = "ih" if "_ih" in self.parameter else "hh"
        return f"{letter}_{side}[{', '.join(map(str, self.index))}]"


@dataclass(frozen=True, eq=False)
class Terms(Sequence[Term]):
    """The terms of one pre-activation of one unit at one step, the largest first and NaN last.

    Each `Term` is only made when it is looked at: there may be a hundred thousand.

    Parameters
    ----------
    gate : str
        The quantity whose pre-activation it is: "f", "n", or "a" of a plain RNN.
    z : float
        The pre-activation as the engine computes it in the run's own arithmetic; `total` is the same up to rounding.
    value : float
        The gate as it was recorded.
    held : bool
        Whether the gate was held at that value by hand, and is not made from z.
    scaled_by : str or None
        The quantity that multiplies all that comes from h: "r" in a GRU's n.
    blocks : tuple of TermBlock
        Where the terms come from, before they are sorted.
    """

    gate: str
    z: float
    value: float
    held: bool
    scaled_by: str | None
    blocks: tuple[TermBlock, ...]

    def __len__(self) -> int:
        return len(self._order)

    @overload
    def __getitem__(self, index: int) -> Term: ...

    @overload
    def __getitem__(self, index: slice) -> list[Term]: ...

    def __getitem__(self, index: int | slice) -> Term | list[Term]:
        if isinstance(index, slice):
            return [self._term(int(place)) for place in self._order[index]]
        return self._term(int(self._order[index]))

    @cached_property
    def products(self) -> Floats:
        """All products, the largest first."""
        return self._products[self._order]

    @cached_property
    def total(self) -> float:
        """The sum of the products."""
        with np.errstate(all="ignore"):
            return float(self._products.sum())

    @cached_property
    def _products(self) -> Floats:
        return np.concatenate([block.products for block in self.blocks])

    @cached_property
    def _order(self) -> NDArray[np.int64]:
        return np.argsort(-np.abs(self._products), kind="stable")  # which puts NaN last

    def _term(self, place: int) -> Term:
        for block in self.blocks:
            if place < len(block.weights):
                return block.term(place)
            place -= len(block.weights)
        raise IndexError(place)


@dataclass(frozen=True, eq=False)
class TermBlock:
    """The terms that come from one row of one parameter."""

    source: Source
    parameter: str
    row: int
    factor: float
    weights: Floats
    inputs: Floats

    @cached_property
    def products(self) -> Floats:
        """All of them, in the order of the columns."""
        with np.errstate(all="ignore"):  # NaN and infinity are told of by the verification
            return self.factor * (self.weights * self.inputs)

    def term(self, column: int) -> Term:
        """Return one of them."""
        index = (self.row,) if self.source in ("bias", "rest") else (self.row, column)
        numbers = (float(of[column]) for of in (self.weights, self.inputs, self.products))
        return Term(self.source, self.parameter, index, self.factor, *numbers)


def terms_of(one: OneUnit, gate: str, t: int) -> Terms:
    """Return the terms of a pre-activation; see `Origins.terms`."""
    number, quantity = one.number(t), _with_preactivation(one.cell.cell, gate)
    step = one.step(number)
    scaled_by = one.cell.cell.scaled_by.get(quantity.name)  # a gate that acts on the way to this one
    factor = 1.0 if scaled_by is None else step.values[scaled_by].item()
    blocks = _products(one, quantity, step, number, factor) if quantity.name in one.cell.cell.packed else []
    z = _preactivations(one, number, step)[str(quantity.preactivation)].item()
    if not isinstance(one.cell.cell, TorchCell):
        blocks += _rest(one, quantity, z, blocks)
    value, held = step.values[quantity.name].item(), bool(one.held(quantity.name)[number])
    return Terms(quantity.name, z, value, held, scaled_by, tuple(blocks))


def _products(one: OneUnit, quantity: Quantity, step: CellTrace, number: int, factor: float) -> list[TermBlock]:
    """Return W x + W h + b + b."""
    names = iter(one.trace.spec.cell_parameters(one.cell.layer, one.cell.direction))
    p, place = one.weights.parameters, one.weights.packed.index(quantity.name)
    row = one.trace.spec.gate_rows(quantity.name).start + one.unit

    def block(source: Source, scale: float, parameter: Tensor, inputs: Floats) -> TermBlock:
        return TermBlock(source, next(names), row, scale, _floats(parameter[place]).reshape(-1), inputs)

    blocks = [
        block("x" if one.cell.layer == 0 else "below", 1.0, p.w_ih, _floats(step.x[0, 0])),
        block("h0" if number == 0 else "h", factor, p.w_hh, _floats(step.h0[0])),
    ]
    for scale, bias in ((1.0, p.b_ih), (factor, p.b_hh)):
        if bias is not None:
            blocks.append(block("bias", scale, bias, np.ones(1)))
    return blocks


def _rest(one: OneUnit, quantity: Quantity, z: float, blocks: list[TermBlock]) -> list[TermBlock]:
    """Return what a pre-activation is beside the sum of its products, where rounding alone does not explain it."""
    products = np.concatenate([np.zeros(0), *(block.products for block in blocks)])
    rest, size = z - float(products.sum()), float(np.abs(products).sum())
    if abs(rest) <= one.trace.arithmetic.product_roundoff(len(products) + 1) * size:
        return []
    return [TermBlock("rest", str(quantity.preactivation), one.unit, 1.0, np.array([rest]), np.ones(1))]


def preactivations_of(one: OneUnit, number: int) -> Values:
    """Compute what the gates of one step of one unit are made of, (1, 1) each.

    Gates on the way are taken as they were recorded: they may have been held by hand.
    """
    return _preactivations(one, number, one.step(number))


def _preactivations(one: OneUnit, number: int, step: CellTrace) -> Values:
    if not isinstance(one.cell.cell, TorchCell):  # one unit may need all the others
        return one.computed(number)
    xh = torch.cat([step.x[0], step.h0], dim=-1)  # (1, K+P)
    with torch.no_grad(), torch.autocast(xh.device.type, enabled=False):
        return step.cell.preactivations(xh, step.before, step.weights, lambda name, _: step.values[name][0])


def _with_preactivation(cell: Cell, name: str) -> Quantity:
    quantities = [quantity for quantity in cell.quantities if quantity.preactivation]
    for quantity in quantities:
        if name in (quantity.name, quantity.preactivation, quantity.torch_name):
            return quantity
    raise GatescopeError("no_such_quantity", allowed=describe_all(one.name for one in quantities), value=name)


def _floats(tensor: Tensor) -> Floats:
    return np.asarray(as_numpy(tensor), dtype=np.float64)


@dataclass(frozen=True)
class Summand:
    """A product that a state is summed up from, such as `f_t * C_(t-1)`, with the numbers of its factors."""

    formula: str
    factors: tuple[float, ...]

    @property
    def product(self) -> float:
        """In float64."""
        return prod(self.factors)


@dataclass(frozen=True)
class StateSum:
    """A state of one unit after a step, as the sum that made it.

    Parameters
    ----------
    state : str
        "c" or "h".
    summands : tuple of Summand
        One or two.
    recorded : float
        The state that was recorded.
    """

    state: str
    summands: tuple[Summand, ...]
    recorded: float

    @property
    def total(self) -> float:
        """The sum, in float64."""
        return sum(summand.product for summand in self.summands)


def sums_of(one: OneUnit, t: int) -> tuple[StateSum, ...]:
    """Return the sums that a step's states are; see `Origins.sums`."""
    step, own = one.step(one.number(t)), slice(one.unit, one.unit + 1)
    h_and_c = {name: state[:, own].double() for name, state in step.before.items()}
    values = {name: value[0].double() for name, value in step.values.items()}
    values["h"] = values["h"][:, own]
    return tuple(
        StateSum(
            state,
            tuple(Summand(formula, tuple(factor.item() for factor in of)) for formula, of in products.items()),
            values[state].item(),
        )
        for state, products in one.cell.cell.summands(values, h_and_c).items()
        if state != "h" or not one.trace.spec.proj_size
    )
