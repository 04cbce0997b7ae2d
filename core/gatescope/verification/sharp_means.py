"""The sharp test of means: an error that is too small at each step, but is there at all of them.

The mean of many roundings that have nothing to do with each other, each off by up to B_i, exceeds

    lambda sqrt(B_1^2 + ... + B_N^2) / N

with a probability of at most 2 exp(-lambda^2 / 2) (Hoeffding, "Probability Inequalities for Sums of Bounded Random
Variables", J. Amer. Stat. Assoc. 58, 1963). Over the steps of one unit, not all roundings are such:

- What is added up of biases and of inputs that hardly change is rounded alike at all steps.
- Steps at which a sum has the same value in the working type round alike: they count as one, whose B_i are added up.
- sigmoid and tanh are approximated, and may be off to the same side everywhere.

So the first and the last are allowed as they are, beside the bound of what is left. Units of other weights
round otherwise, so that the mean over several of them as well has a bound of its own.
"""

from __future__ import annotations

from dataclasses import replace
from math import sqrt
from typing import NamedTuple

import torch
from torch import Tensor

from gatescope.cells.arithmetic import FLOAT32_ROUNDOFF, Arithmetic
from gatescope.cells.likely_sums import LikelySums, NoErrors
from gatescope.verification.findings import Deviation
from gatescope.verification.sharp_bounds import PRODUCTS, Numbers, SharpBounds, Units, sharper, spread_out

_CLOSEST = 4  # units whose mean stands out the most
_UNITS = 32  # of which the mean over units is taken
_STANDS_OUT = 3.0  # times the usual of independent numbers
_HARDLY = 2.0**-8  # an input that changes by less of its largest magnitude is a constant one


class _Mean(NamedTuple):
    """Of one unit over some steps: its mean difference, and what that may be."""

    error: float
    everywhere: float  # what all steps may be off by to the same side
    constant: float  # what is rounded alike at all steps, times lambda
    independent: float  # what is left
    rows: int


def mean_deviation(bounds: SharpBounds, quantity: str, difference: Tensor, usual: Tensor) -> Deviation | None:
    """Return the mean of a quantity, of one unit or over several, that differs by more than is likely; or None.

    Parameters
    ----------
    bounds : SharpBounds
        Of the cell.
    quantity : str
        Which.
    difference, usual : Tensor
        `bounds.difference` and `bounds.usual` of it.
    """
    cell, difference, usual = bounds.cell, difference.flatten(0, 1), usual.flatten(0, 1)  # (N, units)
    if bounds.is_projected(quantity) or _are_ordinary(difference, usual):
        return None
    comparable = difference.isfinite() & usual.isfinite()
    for units in _outstanding(bounds, quantity, difference.where(comparable, 0.0), usual, comparable):
        means = [_mean(bounds, quantity, unit, difference[:, unit], comparable[:, unit]) for unit in units.tolist()]
        error, bound = _combined(means, bounds.spread)
        if error > bound:
            unit = int(units[0]) if len(units) == 1 else -1
            found = Deviation(error, bound, -1, -1, cell.layer, cell.direction, quantity, unit)
            return replace(found, steps=means[0].rows, units=len(units))
    return None


def _are_ordinary(difference: Tensor, usual: Tensor) -> bool:
    """Whether no mean stands out, by the fastest test that there is; False as well where a number is not finite."""
    count, units = difference.shape
    mean, limit = difference.mean(dim=0), usual.mean(dim=0) * (_STANDS_OUT / sqrt(count))
    return bool((mean.abs() <= limit).all() & (mean.mean().abs() <= limit.mean() / sqrt(units)))


def _combined(means: list[_Mean], spread: float) -> tuple[float, float]:
    """Return the mean over units, and its bound."""
    count = len(means)
    independent = sum(mean.constant**2 + (spread * mean.independent) ** 2 for mean in means) ** 0.5
    bound = (sum(mean.everywhere for mean in means) + independent) / count
    return abs(sum(mean.error for mean in means)) / count, bound


def _outstanding(
    bounds: SharpBounds, quantity: str, difference: Tensor, usual: Tensor, comparable: Tensor
) -> list[Tensor]:
    """Return the units to look at, each alone; and several together, where the mean over all stands out."""
    count = comparable.sum(dim=0)
    mean = difference.sum(dim=0) / count  # (units,)
    spread = usual.where(comparable, 0.0).square().sum(dim=0).sqrt() / count
    size = bounds.report.reference[quantity].flatten(0, 1).where(comparable, 0.0).abs().to(mean).sum(dim=0) / count
    everywhere = size * (2 * bounds.arithmetic.elementary * _elementary_roundoff(bounds.arithmetic))
    ratio = (mean.abs() / (everywhere + _STANDS_OUT * spread)).nan_to_num(0.0)
    found = [unit[None] for unit in ratio.topk(min(len(ratio), _CLOSEST)).indices] if bool((ratio > 1).any()) else []
    found = [unit for unit in found if ratio[unit] > 1]
    present = count > 0
    of_all = mean[present].mean().abs() - everywhere[present].mean()
    if not of_all > _STANDS_OUT * spread[present].square().sum().sqrt() / present.sum():
        return found
    units = present.nonzero()[:, 0]
    sample = _of_different_weights(bounds, units[spread_out(len(units), _UNITS).to(units.device)])
    return [*found, sample] if len(sample) > 1 else found


def _of_different_weights(bounds: SharpBounds, units: Tensor) -> Tensor:
    """Return those of the units whose weights are no other's."""
    p = bounds.cell.weights.parameters
    rows = torch.stack([p.w_hh[bounds.cell.weights.rows(gate)][units] for gate in bounds.cell.weights.packed], dim=1)
    kinds = torch.unique(rows.flatten(1).abs().float(), dim=0)
    return units if len(kinds) == len(units) else units[:0]


def _mean(bounds: SharpBounds, quantity: str, unit: int, difference: Tensor, comparable: Tensor) -> _Mean:
    rows = comparable.nonzero()[:, 0]
    room = max(2, PRODUCTS // 8 // bounds.number_of_products(quantity))
    rows = rows[spread_out(len(rows), room).to(rows.device)]
    batch = bounds.cell.x.shape[1]
    at = Numbers(rows // batch, rows % batch, torch.full_like(rows, unit))
    of, arithmetic = bounds.units(at), bounds.arithmetic
    each = bounds.of(quantity, at)  # (R,)
    stored = sharper(arithmetic)
    unstored = replace(
        stored, unit_roundoff=_elementary_roundoff(arithmetic), elementary=arithmetic.elementary, stored_roundings=0.0
    )
    everywhere = of.carried(NoErrors(of.w, of.xh), unstored)[quantity]
    if quantity == "h" and bounds.report.gathered is not None:
        everywhere = everywhere + at.of(bounds.gathered)
    constant = _constant_inputs(of.xh)
    alike = LikelySums(of.w, of.xh, arithmetic, bounds.spread, part=constant)
    of_constant = of.carried(alike, stored)[quantity] - of.carried(NoErrors(of.w, of.xh), stored)[quantity]
    values = at.of(bounds.report.reference[quantity])
    places = [values, *_rounded_sums(of, ~constant)]
    independent = max(_of_groups(each, place.to(bounds.cell.x.dtype)) for place in places)
    error, at_all, alike_at_all = (float(of.double().mean()) for of in (difference[rows], everywhere, of_constant))
    return _Mean(error, at_all, alike_at_all, independent, len(rows))


def _elementary_roundoff(arithmetic: Arithmetic) -> float:
    """Return the u of sigmoid and tanh: those of a 16-bit type are computed in float32."""
    return FLOAT32_ROUNDOFF if arithmetic.stored_roundings else arithmetic.unit_roundoff


def _constant_inputs(xh: Tensor) -> Tensor:
    """Return which inputs hardly change over some rows, (K+P,)."""
    return xh.amax(dim=0) - xh.amin(dim=0) <= _HARDLY * xh.abs().amax(dim=0)


def _rounded_sums(of: Units, varying: Tensor) -> list[Tensor]:
    """Return the sums over inputs that vary, those of x and those of h apart, each (R,): equal ones round alike."""
    inputs = of.xh.where(varying, 0.0)
    width = of.w.parameters.w_ih.shape[-1]
    parts = [
        (part, terms) for part, terms in ((varying[:width], of.w.of_x), (varying[width:], of.w.of_h)) if part.any()
    ]
    return [gate for _, sums in parts for gate in sums(inputs)[..., 0]]


def _of_groups(each: Tensor, values: Tensor) -> float:
    """Return the root of the sum of squares over the mean's count, where equal `values` are added up before."""
    group = torch.unique(values.double(), return_inverse=True)[1]
    sums = torch.zeros_like(each).scatter_add_(0, group, each)
    return float(sums.square().sum().sqrt()) / len(each)
