"""What the numbers of a cell may be off by, but with a small probability: the bounds of the sharp test."""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import cached_property
from math import sqrt

import torch
from torch import Tensor

from gatescope.cells.arithmetic import FLOAT32_ROUNDOFF, Arithmetic
from gatescope.cells.likely_sums import LikelySums, UnitWeights, likely_error
from gatescope.cells.rounding import SumErrors
from gatescope.cells.torch_cell import TorchCell
from gatescope.cells.values import Values
from gatescope.traces.trace import CellTrace
from gatescope.verification.expected_cell import gathered_in_h
from gatescope.verification.findings import CellReport

PRODUCTS = 1 << 22
"""Of how many products, at most, the numbers are that are looked at one by one for one quantity."""


@dataclass(frozen=True)
class Numbers:
    """Where M numbers of a quantity are, each (M,)."""

    t: Tensor
    batch: Tensor
    unit: Tensor

    def __getitem__(self, part: slice) -> Numbers:
        return Numbers(self.t[part], self.batch[part], self.unit[part])

    def __len__(self) -> int:
        return len(self.t)

    def of(self, values: Tensor) -> Tensor:
        """Return those of (T, B, units), in float64."""
        return values[self.t, self.batch, self.unit].double()


@dataclass(frozen=True)
class Units:
    """The step of M units, each of a row of its own, computed anew in float64; all of M rows."""

    cell: TorchCell
    w: UnitWeights
    xh: Tensor  # (M, K+P)
    before: Values
    step: Values

    def carried(self, sums: SumErrors, arithmetic: Arithmetic) -> Values:
        """Return what each quantity is off by, (M,), where the sums are off by `sums`."""
        return {name: of[:, 0] for name, of in self.cell.carried(sums, self.before, self.step, arithmetic).items()}


@dataclass(frozen=True)
class SharpBounds:
    """The bounds of one cell.

    Parameters
    ----------
    report : CellReport
        The comparison of the cell.
    arithmetic : Arithmetic
        That of the comparison.
    spread : float
        The lambda of `gatescope.cells.likely_sums`.
    """

    report: CellReport
    arithmetic: Arithmetic
    spread: float

    @property
    def cell(self) -> CellTrace:
        """What should have been run, and what was recorded."""
        return self.report.cell

    @property
    def quantities(self) -> list[str]:
        """Those that were compared, in teaching order."""
        return [name for name in self.cell.cell.names if name in self.report.reference]

    def difference(self, quantity: str) -> Tensor:
        """Return ours - theirs, (T, B, units); of 16-bit numbers in float32."""
        return self.cell.values[quantity].to(self.report.bound[quantity]) - self.report.reference[quantity]

    def usual(self, quantity: str) -> Tensor:
        """Return what may not stand out, (T, B, units): half of the share of the worst case that is likely of a sum.

        And never less than what the elementary functions alone may be off by, on both sides.
        """
        worst = self.report.bound[quantity]
        if quantity == "h" and self.report.gathered is not None:
            worst = worst - self.report.gathered
        elementary = 2 * sharper(self.arithmetic).elementary * self.arithmetic.unit_roundoff
        return (worst * (self._share / 2)).add_(self.report.reference[quantity].abs(), alpha=elementary)

    @cached_property
    def _share(self) -> float:
        terms = self.cell.x.shape[-1] + self.cell.h.shape[-1] + 3
        return usual_share(terms, self.arithmetic, self.spread)

    def number_of_products(self, quantity: str) -> int:
        """Return how many products one number of a quantity is made of."""
        of_unit = len(self.cell.cell.packed) * (self.cell.x.shape[-1] + self.cell.h.shape[-1] + 2)
        return of_unit * (self.cell.weights.hidden_size if self.is_projected(quantity) else 1)

    def is_projected(self, quantity: str) -> bool:
        """Whether it is an h that is the sum of all units."""
        return quantity == "h" and self.cell.weights.w_hr is not None

    def of(self, quantity: str, at: Numbers) -> Tensor:
        """Return the sharp bounds of M numbers, (M,), in float64."""
        if self.is_projected(quantity):
            return torch.stack([self._projected(at[row : row + 1]) for row in range(len(at))])
        return self.of_units(at)[quantity]

    def of_units(self, at: Numbers) -> Values:
        """Return the sharp bounds of all quantities of M units, each (M,), in float64; of h before a projection."""
        size = max(1, (1 << 20) // self.number_of_products("c"))
        parts = [self._likely(self.units(at[row : row + size])) for row in range(0, len(at), size)]
        bounds = {name: torch.cat([part[name] for part in parts]) for name in parts[0]}
        if self.report.gathered is not None:
            bounds["h"] = bounds["h"] + at.of(self.gathered)
        return bounds

    @cached_property
    def gathered(self) -> Tensor:
        """What h gathered, (T, B, H), if the memory was nowhere off by more than it was seen to be, or is usual."""
        memory = self.cell.cell.states[-1]
        seen = torch.maximum(self.usual(memory), self.difference(memory).abs()).nan_to_num(0.0)
        return gathered_in_h(self.cell, seen, self.arithmetic)

    def _likely(self, units: Units) -> Values:
        return units.carried(LikelySums(units.w, units.xh, self.arithmetic, self.spread), sharper(self.arithmetic))

    def units(self, at: Numbers) -> Units:
        """Compute the step of M units anew."""
        cell = self.cell.cell
        assert isinstance(cell, TorchCell), "only of torch's is it known how their sums are made"
        states = {name: self.cell.state_before(name)[at.t, at.batch] for name in cell.states}  # (M, units)
        xh = torch.cat([self.cell.x[at.t, at.batch], states["h"]], dim=-1).double()
        own = {name: state.gather(1, at.unit[:, None]).double() for name, state in states.items() if self._has(state)}
        w = self._unit_weights(at.unit)
        return Units(cell, w, xh, own, cell.step(xh, own, w))

    def _has(self, state: Tensor) -> bool:
        """Whether a state has a number for each unit: a projected h has not."""
        return state.shape[-1] == self.cell.weights.hidden_size

    def _unit_weights(self, unit: Tensor) -> UnitWeights:
        w = self.cell.weights
        rows = torch.stack([w.rows(gate).start + unit for gate in w.packed], dim=1)  # (M, G)
        return UnitWeights(w.packed, w.parameters._replace(w_hr=None).mapped(lambda of: of[rows].double()))

    def _projected(self, at: Numbers) -> Tensor:
        """Return the sharp bound of one number of a projected h: what all units are off by, and their sum."""
        w_hr = self.cell.weights.w_hr
        assert w_hr is not None, "is asked only of a projected h"
        units = torch.arange(self.cell.weights.hidden_size, device=w_hr.device)
        of_all = self.units(Numbers(at.t.expand(len(units)), at.batch.expand(len(units)), units))
        row = w_hr[at.unit[0]].double()  # (H,)
        terms = row * of_all.step["h"][:, 0]
        added_up = likely_error(terms, terms.sum().abs(), self.arithmetic, self.spread)
        return row.abs() @ self._likely(of_all)["h"] + 2 * added_up


def usual_share(terms: int, arithmetic: Arithmetic, spread: float) -> float:
    """Return what is likely of the worst case of a sum of n products of one size, with signs at random."""
    a = arithmetic
    added_up = FLOAT32_ROUNDOFF if a.stored_roundings else a.unit_roundoff
    likely = spread * (added_up * sqrt(0.5) + 2 * a.operand_roundoff / sqrt(terms))
    likely += 3 * a.unit_roundoff / sqrt(terms) if a.stored_roundings else 0.0
    return min(1.0, likely / a.product_roundoff(terms))


def sharper(arithmetic: Arithmetic) -> Arithmetic:
    """Return the arithmetic of a 16-bit type as it is where sigmoid and tanh are computed in float32 and then stored.

    What is stored below float16's normal range is rounded to a subnormal number, and not lost.
    """
    if not arithmetic.stored_roundings:
        return arithmetic
    return replace(arithmetic, elementary=2.0, tiny=min(arithmetic.tiny, FLOAT32_ROUNDOFF))


def spread_out(size: int, count: int) -> Tensor:
    """Return up to `count` numbers below `size`, spread over all of them."""
    return torch.linspace(0, max(size - 1, 0), min(size, count)).round().long()
