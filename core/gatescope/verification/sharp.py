"""The sharp test, beside the worst case: what differs by more than rounding is likely to make.

The bounds of `gatescope.cells.rounding` can never be exceeded, and so are far from what rounding does: the farther, the
wider the network. Here the same equations carry what the sums of a step are likely to be off by
(`gatescope.cells.likely_sums`). A correct run exceeds that nowhere, but with a probability of `FALSE_ALARM`.

It takes each product of a number by itself, and so is done only for the numbers that stand out: those that differ by
more than the share of the worst case that is usual. What is tested is the larger of the two.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import cached_property
from math import sqrt

import torch
from torch import Tensor

from gatescope.cells.arithmetic import FLOAT32_ROUNDOFF, Arithmetic
from gatescope.cells.likely_sums import LikelySums, UnitWeights, likely_error, spread_for
from gatescope.cells.torch_cell import TorchCell
from gatescope.cells.values import Values
from gatescope.messages.message import Progress
from gatescope.modules.spec import Direction
from gatescope.traces.trace import CellTrace, Trace
from gatescope.verification.expected_cell import expected_cell, gathered_in_h
from gatescope.verification.findings import CellReport, Deviation, difference

FALSE_ALARM = 1e-9
"""The probability, at most, with which a correct run exceeds any of its sharp bounds."""

_PRODUCTS = 1 << 22  # of all the numbers of a quantity that are looked at one by one
_SAMPLED = 16  # units, and steps of each, at which is told what would have been found

_CellReports = Mapping[tuple[int, Direction], CellReport]


@torch.no_grad()
def find_deviation(
    trace: Trace, cells: _CellReports, arithmetic: Arithmetic, progress: Progress | None = None
) -> Deviation | None:
    """Find the first quantity, in the order of the run, that differs by more than rounding is likely to make.

    Parameters
    ----------
    trace : Trace
        What was checked.
    cells : dict
        Its comparison, within the worst case.
    arithmetic : Arithmetic
        That of the comparison.
    progress : callable, optional
        Only called to be cancelled.

    Returns
    -------
    Deviation or None
        Where it exceeds its bound the most; None where nothing does. Of a cell that torch does not have it is not known
        how its sums are made, so there is none.
    """
    for test in _tests(trace, cells, arithmetic):
        for quantity in test.quantities:
            found = test.deviation(quantity)
            if found is not None:
                return found
        if progress is not None:
            progress(1.0)
    return None


@torch.no_grad()
def detectable_errors(trace: Trace, cells: _CellReports, arithmetic: Arithmetic) -> dict[str, float]:
    """Return for each compared quantity the constant error that would have been found in any of some units.

    An error of that size at all steps exceeds the sharp bound at one of them; parameters as for `find_deviation`.
    """
    errors: dict[str, float] = {}
    for test in _tests(trace, cells, arithmetic):
        for quantity, error in test.detectable().items():
            errors[quantity] = max(errors.get(quantity, 0.0), error)
    return errors


def _tests(trace: Trace, cells: _CellReports, arithmetic: Arithmetic) -> list[_CellTest]:
    if not isinstance(trace.spec.cell, TorchCell) or not len(trace) * trace.batch_size:
        return []
    numbers = sum(cell.values[name].numel() for cell in trace.cells.values() for name in cell.cell.names)
    sums = 2 * len(trace.spec.cell.packed) * numbers  # on both sides, of all gates
    spread = spread_for(sums, FALSE_ALARM)
    return [_CellTest(expected_cell(trace, *key), report, arithmetic, spread) for key, report in cells.items()]


@dataclass(frozen=True)
class _Numbers:
    """Where M numbers of a quantity are, each (M,)."""

    t: Tensor
    batch: Tensor
    unit: Tensor

    def __getitem__(self, part: slice) -> _Numbers:
        return _Numbers(self.t[part], self.batch[part], self.unit[part])

    def __len__(self) -> int:
        return len(self.t)

    def of(self, values: Tensor) -> Tensor:
        """Return those of (T, B, units), in float64."""
        return values[self.t, self.batch, self.unit].double()


@dataclass(frozen=True)
class _CellTest:
    """The sharp test of one cell; `spread` is the lambda of `gatescope.cells.likely_sums`."""

    cell: CellTrace
    report: CellReport
    arithmetic: Arithmetic
    spread: float

    @property
    def quantities(self) -> list[str]:
        """Those that were compared, in teaching order."""
        return [name for name in self.cell.cell.names if name in self.report.reference]

    def deviation(self, quantity: str) -> Deviation | None:
        """Return the number of a quantity that exceeds its sharp bound by the largest factor; None if none does."""
        at = self._outstanding(quantity)
        if not len(at):
            return None
        error, bound = at.of(self._error(quantity)), self._bound(quantity, at)
        worst = int((error / bound).nan_to_num(0.0).argmax())
        if not error[worst] > bound[worst]:
            return None
        t, batch, unit = (int(of[worst]) for of in (at.t, at.batch, at.unit))
        place = (t, batch, self.cell.layer, self.cell.direction, quantity, unit)
        z = self._preactivation_error(quantity, float(error[worst]), float(self.cell.values[quantity][t, batch, unit]))
        return Deviation(float(error[worst]), float(bound[worst]), *place, z)

    def detectable(self) -> dict[str, float]:
        """Return the constant error of each quantity that would have been found in any unit of a sample."""
        found: dict[str, float] = {}
        for quantity in self.quantities:
            at, rows = self._sample(quantity)
            bound = self._bound(quantity, at) if self._is_projected(quantity) else self._bounds_of_sample[quantity]
            tested = torch.maximum(bound, at.of(self._usual(quantity))).nan_to_num(torch.inf)
            found[quantity] = float(tested.view(-1, rows).amin(dim=1).amax())
        return found

    @cached_property
    def _bounds_of_sample(self) -> Values:
        return self._bounds(self._sample(self.quantities[0])[0])

    def _sample(self, quantity: str) -> tuple[_Numbers, int]:
        """Return some numbers of a quantity, and of how many rows they are: all of these of one unit, then the next."""
        steps, batch, units = self.report.reference[quantity].shape
        room = max(1, min(_SAMPLED, int(sqrt(_PRODUCTS // 16 // self._products_of(quantity)))))
        rows = _spread_out(steps * batch, room)
        grid = torch.cartesian_prod(_spread_out(units, room), rows).to(self.cell.x.device)  # (M, 2)
        return _Numbers(grid[:, 1] // batch, grid[:, 1] % batch, grid[:, 0]), len(rows)

    # what stands out

    def _error(self, quantity: str) -> Tensor:
        return difference(self.cell.values[quantity], self.report.reference[quantity])

    def _usual(self, quantity: str) -> Tensor:
        """Return what may not stand out, (T, B, units): half of the share of the worst case that is likely of a sum.

        And never less than what the elementary functions alone may be off by, on both sides.
        """
        worst = self.report.bound[quantity]
        if quantity == "h" and self.report.gathered is not None:
            worst = worst - self.report.gathered
        elementary = 2 * _sharper(self.arithmetic).elementary * self.arithmetic.unit_roundoff
        return self.report.reference[quantity].abs().to(worst) * elementary + worst * (self._share / 2)

    @cached_property
    def _share(self) -> float:
        terms = self.cell.x.shape[-1] + self.cell.h.shape[-1] + 3
        return usual_share(terms, self.arithmetic, self.spread)

    def _outstanding(self, quantity: str) -> _Numbers:
        """Return the numbers that stand out, the most outstanding first."""
        ratio = self._error(quantity) / self._usual(quantity)
        places = (ratio > 1).nonzero()  # (M, 3)
        if len(places) > (most := max(1, _PRODUCTS // self._products_of(quantity))):
            places = places[ratio[ratio > 1].topk(most).indices]
        return _Numbers(*places.unbind(dim=1))

    def _products_of(self, quantity: str) -> int:
        """Return how many products one number of a quantity is made of."""
        of_unit = len(self.cell.cell.packed) * (self.cell.x.shape[-1] + self.cell.h.shape[-1] + 2)
        return of_unit * (self.cell.weights.hidden_size if self._is_projected(quantity) else 1)

    def _is_projected(self, quantity: str) -> bool:
        return quantity == "h" and self.cell.weights.w_hr is not None

    # the sharp bound

    def _bound(self, quantity: str, at: _Numbers) -> Tensor:
        """Return the sharp bounds of M numbers, (M,), in float64."""
        if self._is_projected(quantity):
            return torch.stack([self._projected(at[row : row + 1]) for row in range(len(at))])
        return self._bounds(at)[quantity]

    def _bounds(self, at: _Numbers) -> Values:
        """Return the sharp bounds of all quantities of M units, each (M,), in float64; of h before a projection."""
        size = max(1, (1 << 20) // self._products_of("c"))
        parts = [self._of_units(at[row : row + size])[1] for row in range(0, len(at), size)]
        bounds = {name: torch.cat([part[name] for part in parts]) for name in parts[0]}
        if self.report.gathered is not None:
            bounds["h"] = bounds["h"] + at.of(self._gathered)
        return bounds

    @cached_property
    def _gathered(self) -> Tensor:
        """What h gathered, (T, B, H), if the memory was nowhere off by more than it was seen to be, or is usual."""
        memory = self.cell.cell.states[-1]
        seen = torch.maximum(self._usual(memory), self._error(memory)).nan_to_num(0.0)
        return gathered_in_h(self.cell, seen, self.arithmetic)

    def _of_units(self, at: _Numbers) -> tuple[Values, Values]:
        """Compute the step of M units anew in float64; return its quantities and their sharp bounds, each (M,)."""
        cell = self.cell.cell
        assert isinstance(cell, TorchCell), "only of torch's is it known how their sums are made"
        states = {name: self.cell.state_before(name)[at.t, at.batch] for name in cell.states}  # (M, units)
        xh = torch.cat([self.cell.x[at.t, at.batch], states["h"]], dim=-1).double()
        own = {name: state.gather(1, at.unit[:, None]).double() for name, state in states.items() if self._has(state)}
        w = self._unit_weights(at.unit)
        step = cell.step(xh, own, w)
        bounds = cell.carried(LikelySums(w, xh, self.arithmetic, self.spread), own, step, _sharper(self.arithmetic))
        return {name: of[:, 0] for name, of in step.items()}, {name: of[:, 0] for name, of in bounds.items()}

    def _has(self, state: Tensor) -> bool:
        """Whether a state has a number for each unit: a projected h has not."""
        return state.shape[-1] == self.cell.weights.hidden_size

    def _unit_weights(self, unit: Tensor) -> UnitWeights:
        w = self.cell.weights
        rows = torch.stack([w.rows(gate).start + unit for gate in w.packed], dim=1)  # (M, G)
        return UnitWeights(w.packed, w.parameters._replace(w_hr=None).mapped(lambda of: of[rows].double()))

    def _projected(self, at: _Numbers) -> Tensor:
        """Return the sharp bound of one number of a projected h: what all units are off by, and their sum."""
        w_hr = self.cell.weights.w_hr
        assert w_hr is not None, "is asked only of a projected h"
        units = torch.arange(self.cell.weights.hidden_size, device=w_hr.device)
        step, bounds = self._of_units(_Numbers(at.t.expand(len(units)), at.batch.expand(len(units)), units))
        row = w_hr[at.unit[0]].double()  # (H,)
        terms = row * step["h"]
        added_up = likely_error(terms, terms.sum().abs(), self.arithmetic, self.spread)
        return row.abs() @ bounds["h"] + 2 * added_up

    def _preactivation_error(self, quantity: str, error: float, value: float) -> tuple[str, float] | None:
        """Return what the pre-activation of a gate would be off by, by the slope of its nonlinearity."""
        of = self.cell.cell.quantity(quantity)
        if of.preactivation is None or of.preactivation == quantity:
            return None
        slope = value * (1 - value) if of.low == 0.0 else 1 - value * value
        return (of.preactivation, error / slope) if slope > 0 else None


def usual_share(terms: int, arithmetic: Arithmetic, spread: float) -> float:
    """Return what is likely of the worst case of a sum of n products of one size, with signs at random."""
    a = arithmetic
    added_up = FLOAT32_ROUNDOFF if a.stored_roundings else a.unit_roundoff
    likely = spread * (added_up * sqrt(0.5) + 2 * a.operand_roundoff / sqrt(terms))
    likely += 3 * a.unit_roundoff / sqrt(terms) if a.stored_roundings else 0.0
    return min(1.0, likely / a.product_roundoff(terms))


def _sharper(arithmetic: Arithmetic) -> Arithmetic:
    """Return the arithmetic with what sigmoid and tanh are off by in a 16-bit type: they are computed in float32."""
    return replace(arithmetic, elementary=2.0) if arithmetic.stored_roundings else arithmetic


def _spread_out(size: int, count: int) -> Tensor:
    """Return up to `count` numbers below `size`, spread over all of them."""
    return torch.linspace(0, size - 1, min(size, count)).round().long()
