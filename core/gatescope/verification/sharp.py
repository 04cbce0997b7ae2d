"""The sharp test, beside the worst case: what differs by more than rounding is likely to make.

The bounds of `gatescope.cells.rounding` can never be exceeded, and so are far from what rounding does: the farther, the
wider the network. Here the same equations carry what the sums of a step are likely to be off by
(`gatescope.cells.likely_sums`). A correct run exceeds that nowhere, but with a probability of `FALSE_ALARM`.

It takes each product of a number by itself, and so is done only for the numbers that stand out: those that differ by
more than the share of the worst case that is usual. What is tested is the larger of the two.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from math import sqrt

import torch
from torch import Tensor

from gatescope.cells.arithmetic import Arithmetic
from gatescope.cells.cell import Cell
from gatescope.cells.likely_sums import spread_for
from gatescope.cells.torch_cell import TorchCell
from gatescope.messages.message import Progress
from gatescope.modules.spec import Direction
from gatescope.traces.trace import Trace
from gatescope.verification.findings import CellReport, Deviation
from gatescope.verification.sharp_bounds import PRODUCTS, Numbers, SharpBounds, spread_out
from gatescope.verification.sharp_means import mean_deviation

FALSE_ALARM = 1e-9
"""The probability, at most, with which a correct run exceeds any of its sharp bounds."""

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
    for bounds in _bounds(trace, cells, arithmetic):
        for quantity in bounds.quantities:
            found = _deviation(bounds, quantity)
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
    for bounds in _bounds(trace, cells, arithmetic):
        for quantity, error in _detectable(bounds).items():
            errors[quantity] = max(errors.get(quantity, 0.0), error)
    return errors


def _bounds(trace: Trace, cells: _CellReports, arithmetic: Arithmetic) -> list[SharpBounds]:
    if not isinstance(trace.spec.cell, TorchCell) or not len(trace) * trace.batch_size:
        return []
    numbers = sum(cell.values[name].numel() for cell in trace.cells.values() for name in cell.cell.names)
    sums = 2 * len(trace.spec.cell.packed) * numbers  # on both sides, of all gates
    spread = spread_for(sums, FALSE_ALARM)
    return [SharpBounds(report, arithmetic, spread) for report in cells.values()]


def _deviation(bounds: SharpBounds, quantity: str) -> Deviation | None:
    difference, usual = bounds.difference(quantity), bounds.usual(quantity)  # (T, B, units)
    ratio = difference.abs().div_(usual)
    found = None if bool(ratio.amax() <= 1) else _largest_deviation(bounds, quantity, ratio)
    return found or mean_deviation(bounds, quantity, difference, usual)


def _largest_deviation(bounds: SharpBounds, quantity: str, ratio: Tensor) -> Deviation | None:
    """Return the number of a quantity that exceeds its sharp bound by the largest factor; None if none does."""
    at = _outstanding(ratio, most=max(1, PRODUCTS // bounds.number_of_products(quantity)))
    if not len(at):
        return None
    errors, allowed = at.of(bounds.difference(quantity)).abs(), bounds.of(quantity, at)
    worst = int((errors / allowed).nan_to_num(0.0).argmax())
    largest, bound = float(errors[worst]), float(allowed[worst])
    t, batch, unit = (int(of[worst]) for of in (at.t, at.batch, at.unit))
    cell, value = bounds.cell, float(bounds.cell.values[quantity][t, batch, unit])
    found = Deviation(largest, bound, t, batch, cell.layer, cell.direction, quantity, unit)
    return replace(found, preactivation=preactivation_error(cell.cell, found, value)) if largest > bound else None


def _outstanding(ratio: Tensor, most: int) -> Numbers:
    """Return the numbers that stand out; of too many the most outstanding."""
    places = (ratio > 1).nonzero()  # (M, 3)
    if len(places) > most:
        places = places[ratio[ratio > 1].topk(most).indices]
    return Numbers(*places.unbind(dim=1))


def _detectable(bounds: SharpBounds) -> dict[str, float]:
    found: dict[str, float] = {}
    for quantity in bounds.quantities:
        at, rows = _sample(bounds, quantity)
        tested = torch.maximum(bounds.of(quantity, at), at.of(bounds.usual(quantity))).nan_to_num(torch.inf)
        found[quantity] = float(tested.view(-1, rows).amin(dim=1).amax())
    return found


def _sample(bounds: SharpBounds, quantity: str) -> tuple[Numbers, int]:
    """Return some numbers of a quantity, and of how many rows they are: all of these of one unit, then the next."""
    steps, batch, units = bounds.report.reference[quantity].shape
    each = len(bounds.quantities) * bounds.number_of_products(quantity)
    room = max(1, min(_SAMPLED, int(sqrt(PRODUCTS // 8 // each))))
    rows = spread_out(steps * batch, room)
    grid = torch.cartesian_prod(spread_out(units, room), rows).to(bounds.cell.x.device)  # (M, 2)
    return Numbers(grid[:, 1] // batch, grid[:, 1] % batch, grid[:, 0]), len(rows)


def preactivation_error(cell: Cell, found: Deviation, value: float) -> tuple[str, float] | None:
    """Return what the pre-activation of a gate of some value would be off by, by the slope of its nonlinearity."""
    of = cell.quantity(found.quantity)
    if of.preactivation is None or of.preactivation == found.quantity:
        return None
    slope = value * (1 - value) if of.low == 0.0 else 1 - value * value
    return (of.preactivation, found.error / slope) if slope > 0 else None
