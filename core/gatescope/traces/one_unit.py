"""One unit of a cell in one batch element: its numbers, taken out of a trace."""

from __future__ import annotations

from dataclasses import replace
from functools import cached_property
from typing import TYPE_CHECKING

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from gatescope.cells.values import Values
from gatescope.cells.weights import Weights
from gatescope.messages.message import GatescopeError

if TYPE_CHECKING:
    from gatescope.traces.trace import CellTrace, Trace


class OneUnit:
    """One unit of one layer and direction in one batch element.

    Parameters
    ----------
    trace, layer, direction, batch, unit
        As for `gatescope.Origins`.

    Attributes
    ----------
    steps : range
        The steps that the element has, as positions in the input, in the order of the run. The n-th of them has the
        number n.
    """

    def __init__(self, trace: Trace, layer: int, direction: str, batch: int, unit: int) -> None:
        self.cell: CellTrace = trace.cell(layer, direction)
        if not _is_index(batch, trace.batch_size):
            raise GatescopeError("no_such_element", last=trace.batch_size - 1, value=batch)
        if not _is_index(unit, trace.spec.hidden_size):
            raise GatescopeError("no_such_unit", last=trace.spec.hidden_size - 1, value=unit)
        self.trace, self.batch, self.unit = trace, batch, unit
        length = len(trace) if trace.lengths is None else int(trace.lengths[batch])
        self.steps = range(length) if direction == "forward" else range(length - 1, -1, -1)

    def number(self, t: int) -> int:
        """Return which step `t` is in the order of the run.

        Raises
        ------
        GatescopeError
            `no_such_step` where the element has none there.
        """
        if t not in self.steps:
            raise GatescopeError("no_such_step", last=len(self.steps) - 1, value=t)
        return self.steps.index(t)

    def over_time(self, name: str) -> Tensor:
        """Return a quantity at every step, (L,) in float64, in the order of the run."""
        values = self.cell.values[name][: len(self.steps), self.batch, self.unit].detach().to("cpu", torch.float64)
        return values if self.steps.step > 0 else values.flip(0)

    def held(self, name: str) -> NDArray[np.bool_]:
        """Return where a quantity was held by hand, (L,), in the order of the run."""
        by_position = np.zeros(len(self.steps), dtype=bool)
        for hold in self.cell.holds:
            acts = self.unit in (hold.units or (self.unit,)) and self.batch in (hold.batch or (self.batch,))
            if acts and hold.quantity == name:
                by_position[hold.start : hold.stop] = True
        return by_position[:: self.steps.step]

    def xh(self, numbers: Tensor) -> Tensor:
        """Return [x_t, h_(t-1)] of some steps, (N, K+P) in float64."""
        x, before = self._at(self.cell.x, numbers), self._at(self.cell.values["h"], (numbers - 1).clamp(min=0))
        before[numbers == 0] = self.cell.h0[self.batch].to(before)
        return torch.cat([x, before], dim=-1)

    @cached_property
    def weights(self) -> Weights:
        """Those of the unit alone: of every packed tensor one row for each gate."""
        whole = self.cell.weights
        rows = [whole.rows(gate).start + self.unit for gate in whole.packed]
        return Weights(whole.packed, whole.parameters._replace(w_hr=None).mapped(lambda of: of[rows]))

    def step(self, number: int) -> CellTrace:
        """Return the record of one step: all of x_t and of the states before, but of each gate this unit alone."""
        t, element = self.steps[number], slice(self.batch, self.batch + 1)
        before = self._before(number)
        own = slice(self.unit, self.unit + 1)
        values = {name: value[t : t + 1, element, own] for name, value in self.cell.values.items()}
        values["h"] = self.cell.values["h"][t : t + 1, element]
        return replace(
            self.cell, x=self.cell.x[t : t + 1, element], before=before, weights=self.weights, values=values,
            lengths=None, graph=None, holds=(),
        )  # fmt: skip

    def computed(self, number: int) -> Values:
        """Return what the equations make of each quantity and pre-activation, all others being as recorded; (1, 1)."""
        cell, at = self.cell, (self.steps[number], slice(self.batch, self.batch + 1))
        before, found = self._before(number), Values()

        def as_recorded(name: str, value: Tensor) -> Tensor:
            found[name] = value
            return cell.values[name][at]

        xh = torch.cat([cell.x[at], before["h"]], dim=-1)  # (1, K+P)
        with torch.no_grad(), torch.autocast(xh.device.type, enabled=False):
            step = cell.cell.step(xh, before, cell.weights, as_recorded) | found
        return {name: values[:, self.unit : self.unit + 1] for name, values in step.items()}

    def bound(self, name: str, number: int) -> float:
        """Return how far apart two correct computations of one step can be; of the whole cell, which takes longer."""
        one, at = self.cell, (self.steps[number], slice(self.batch, self.batch + 1))
        step = {quantity: _doubles(one.values[quantity][at]) for quantity in one.cell.names}
        before = {state: _doubles(of) for state, of in self._before(number).items()}
        xh = torch.cat([_doubles(one.x[at]), before["h"]], dim=-1)  # (1, K+P)
        bounds = one.cell.bound(xh, before, one.weights.mapped(_doubles), step, self.trace.arithmetic)
        return float(bounds[name][0, self.unit])

    def _before(self, number: int) -> Values:
        """Return the states that a step started from, (1, units) each."""
        element = slice(self.batch, self.batch + 1)
        if number == 0:
            return {name: state[element] for name, state in self.cell.before.items()}
        return {name: self.cell.values[name][self.steps[number - 1]][element] for name in self.cell.before}

    def _at(self, values: Tensor, numbers: Tensor) -> Tensor:
        """Return all numbers of some steps, (N, units) in float64."""
        t = self.steps.start + self.steps.step * numbers
        return values[t.to(values.device), self.batch].detach().to("cpu", torch.float64)


def _doubles(of: Tensor) -> Tensor:
    return of.detach().to("cpu", torch.float64)


def _is_index(value: object, size: int) -> bool:
    """Whether it is a whole number below a size; True and 1.0 are none."""
    return isinstance(value, int) and not isinstance(value, bool) and value in range(size)
