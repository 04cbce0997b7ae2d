"""float64 as the arbiter: who is closer to the truth, the trace or torch."""

from __future__ import annotations

from typing import NamedTuple

import torch
from torch import Tensor

from gatescope.messages.message import GatescopeError
from gatescope.traces.layers import one_step
from gatescope.traces.trace import Trace

_ROWS = 1 << 14  # steps and batch elements computed at once


class Errors(NamedTuple):
    """Distances to the truth in units in the last place of the working type, (T, B, units); NaN where there is none."""

    ulps: Tensor

    @property
    def largest(self) -> float:
        """The largest; 0 of none."""
        return float(self.ulps.nan_to_num(0.0).max()) if self.ulps.numel() else 0.0

    @property
    def mean(self) -> float:
        """The mean."""
        return float(self.ulps.nanmean())


class Arbiter(NamedTuple):
    """How far the trace and torch are from what float64 makes of the same step."""

    ours: Errors
    reference: Errors


@torch.no_grad()
def arbiter(trace: Trace, quantity: str, reference: Tensor, layer: int, direction: str) -> Arbiter:
    """Compute every step again in float64, from the state that the trace recorded before it.

    Parameters
    ----------
    trace : Trace
        Of a type coarser than float64.
    quantity : str
        What is compared.
    reference : Tensor
        What torch computed in the working type, (T, B, units).
    layer, direction
        Which cell.

    Raises
    ------
    GatescopeError
        `arbiter_needs_less` where the trace is in float64 itself.
    """
    if trace.x.dtype == torch.float64:
        raise GatescopeError("arbiter_needs_less")
    cell = trace.cell(layer, direction)
    weights = cell.weights.mapped(Tensor.double)
    before = {name: cell.state_before(name).flatten(0, 1).double() for name in cell.cell.states}
    x = cell.x.flatten(0, 1).double()
    parts = [
        one_step(cell.cell, weights, x[start : start + _ROWS], {n: s[start : start + _ROWS] for n, s in before.items()})
        for start in range(0, len(x) or 1, _ROWS)  # of an empty batch one part without a row
    ]
    truth = torch.cat([part[quantity] for part in parts]).view_as(reference)
    # What was held by hand, or follows from that, is no step of torch's.
    truth = truth.masked_fill(reference.isnan(), torch.nan)
    ulp = _ulp(truth, trace.x.dtype)
    return Arbiter(*(Errors((side.double() - truth).abs() / ulp) for side in (cell.quantity(quantity), reference)))


def _ulp(values: Tensor, dtype: torch.dtype) -> Tensor:
    """Return the distance from each number to the next larger one of a type; below its normal range it is constant."""
    kind = torch.finfo(dtype)
    _, exponent = torch.frexp(values.abs().clamp(min=kind.tiny))  # |value| = m * 2^exponent, m in [0.5, 1)
    return torch.ldexp(torch.full_like(values, kind.eps), exponent - 1)
