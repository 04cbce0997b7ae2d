"""Making torch's kernel show its gates, which it does not return: one step of it, with parameters changed a little."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import cached_property
from math import floor, frexp, isfinite, log2
from typing import TypeVar

import torch
from torch import Tensor

from gatescope.cells.values import Values
from gatescope.cells.weights import Parameters, Weights

Kernel = Callable[[Weights, Tensor, Values], Values]
"""torch's own kernel: one step from x (N, K) and the states before it to the states after it."""

_Sums = TypeVar("_Sums", float, Tensor)


@dataclass(frozen=True, eq=False)
class Probe:
    """N rows of one step, and parameters that can be changed.

    An indicator is an input of its own that adds a number far beyond every pre-activation to those of one gate, and an
    exact zero to those of the others: it holds that gate open or shut.

    Parameters
    ----------
    kernel : callable
        torch's kernel.
    weights : Weights
        The cell's parameters.
    x : Tensor
        x_t, (N, K).
    before : dict
        The states before the step, each (N, units).
    indicators : int
        How many columns of `w_ih` at its end are indicators, which x does not have.
    """

    kernel: Kernel
    weights: Weights
    x: Tensor
    before: Values
    indicators: int = 0

    def step(self, on: tuple[int, ...] = (), **states: float) -> Values:
        """Run the kernel.

        Parameters
        ----------
        on : tuple of int
            Which indicators act.
        **states : float
            A value for all units of a state in place of the probe's own.

        Returns
        -------
        dict
            The states after the step, each (N, units).
        """
        x = self.x
        if self.indicators:
            switches = x.new_zeros(len(x), self.indicators)
            switches[:, list(on)] = self._far
            x = torch.cat([x, switches], dim=1)
        own = {name: state for name, state in self.before.items() if name not in states}
        hidden = self.weights.hidden_size
        return self.kernel(
            self.weights, x, own | {name: x.new_full((len(x), hidden), value) for name, value in states.items()}
        )

    def with_indicators(self, *indicators: tuple[str, float]) -> Probe:
        """Add indicators, each the name of a gate and the sign of what it adds."""
        p = self.weights.parameters
        columns = p.w_ih.new_zeros(len(p.w_ih), len(indicators))  # (GH, indicators)
        for column, (gate, sign) in enumerate(indicators):
            columns[self.weights.rows(gate), column] = sign
        changed = p._replace(w_ih=torch.cat([p.w_ih, columns], dim=1))
        return replace(self, weights=self._like(changed), indicators=len(indicators))

    def shown(self, values: Tensor, *held: str) -> Tensor:
        """Return what the kernel returned while indicators held those gates, (N, H).

        NaN where a gate's own pre-activation may be as large as the indicator, which then does not hold it.
        """
        if self._holds_all:
            return values
        for gate in held:
            values = values.where(self._far_enough(self._sums_of(gate)) <= self._far, torch.nan)
        return values

    def fed_by_input(self, *indicators: tuple[str, float]) -> Probe:
        """Give h_(t-1) as a part of x and cut the cell's own feedback and projection, so that any state can be set."""
        p, hidden = self.weights.parameters, self.weights.hidden_size
        w_ih = torch.cat([p.w_ih, p.w_hh], dim=1)  # (GH, K+P)
        changed = Parameters(w_ih, w_ih.new_zeros(len(w_ih), hidden), p.b_ih, p.b_hh, None)
        x = torch.cat([self.x, self.before["h"]], dim=1)
        before = self.before | {"h": x.new_zeros(len(x), hidden)}
        return replace(self, weights=self._like(changed), x=x, before=before).with_indicators(*indicators)

    def without_projection(self) -> Probe:
        """Give h_(t-1) as a part of x where there is a projection, so that the cell can do without it."""
        return self.fed_by_input() if self.weights.w_hr is not None else self

    def silenced(self, gate: str, b_hh: float = 0.0) -> Probe:
        """Set all that feeds a gate to zero, but for `b_hh`."""
        p, rows = self.weights.parameters, self.weights.rows(gate)
        w_ih, w_hh = p.w_ih.clone(), p.w_hh.clone()
        b_ih, b_hh_all = (w_ih.new_zeros(len(w_ih)) if bias is None else bias.clone() for bias in (p.b_ih, p.b_hh))
        for tensor in (w_ih, w_hh, b_ih, b_hh_all):
            tensor[rows] = 0
        b_hh_all[rows] = b_hh
        return replace(self, weights=self._like(Parameters(w_ih, w_hh, b_ih, b_hh_all, None)))

    def scaled(self, factor: float) -> Probe:
        """Multiply every pre-activation by `factor`."""
        return replace(self, weights=self.weights.mapped(lambda value: value * factor))

    @property
    def small(self) -> float:
        """A power of two, as large as tanh(a) = a up to rounding allows: tanh(a) is off by a^2 / 3 of its value."""
        return 2.0 ** floor(log2(float(torch.finfo(self.x.dtype).eps) ** 0.5 / 2))

    @property
    def wide_range(self) -> bool:
        """Whether the working type holds numbers as large as 2^100."""
        return bool(torch.finfo(self.x.dtype).max > 2.0**100)

    @cached_property
    def _far(self) -> float:
        """A value beyond every pre-activation that these rows can add up to, if the type has one.

        At most a power of two, which stays what it is where the operands of products are rounded.
        """
        _, exponent = frexp(torch.finfo(self.x.dtype).max)
        return min(self._far_enough(self._largest_sum), 2.0 ** (exponent - 1))

    def _far_enough(self, sums: _Sums) -> _Sums:
        """Return what is beyond sums of such magnitudes, and beyond where the nonlinearities change."""
        return (1e4 if self.wide_range else 1e2) + 2 * sums

    @cached_property
    def _holds_all(self) -> bool:
        """Whether an indicator outdoes all pre-activations of these rows: nearly always, and fast to see."""
        used = (*self.weights.parameters, self.x, self.before["h"])
        finite = isfinite(sum(float(values.sum()) for values in used if values is not None))
        return finite and self._far_enough(self._largest_sum) <= self._far

    @cached_property
    def _largest_sum(self) -> float:
        p = self.weights.parameters
        inputs = max(1.0, _largest(self.x), _largest(self.before["h"]))
        sums = sum(float(w.nan_to_num(0.0, 0.0, 0.0).abs().sum(dim=1).max()) for w in (p.w_ih, p.w_hh))
        return sums * inputs + sum(_largest(bias) for bias in (p.b_ih, p.b_hh) if bias is not None)

    def _sums_of(self, gate: str) -> Tensor:
        """Return the sums of the magnitudes that come to a gate's pre-activations, (N, H)."""
        switches = self.x.new_zeros(len(self.x), self.indicators)
        rows = torch.cat([self.x, switches, self.before["h"]], dim=1).abs()
        wide = torch.promote_types(rows.dtype, torch.float32)
        return self.weights.magnitudes.mapped(lambda value: value.to(wide)).of_both(rows.to(wide), gate)[0]

    def _like(self, parameters: Parameters) -> Weights:
        return Weights(self.weights.packed, parameters)


def _largest(tensor: Tensor) -> float:
    return float(tensor.nan_to_num(0.0, 0.0, 0.0).abs().max())
