"""How the numbers of a block of weights are distributed."""

from __future__ import annotations

from dataclasses import dataclass
from math import ceil, nan, sqrt
from typing import Any

import numpy as np
from numpy.typing import NDArray

_FEWEST, _MOST = 8, 60  # bins


@dataclass(frozen=True, eq=False)
class Histogram:
    """The distribution of the finite numbers of a block.

    Parameters
    ----------
    name : str
        Torch's name of the parameter.
    counts, edges : ndarray
        As of `numpy.histogram`.
    mean, deviation, low, high : float
        Computed in float64; the deviation is of the numbers themselves (divided by n). NaN where there are none.
    size : int
        How many numbers the block has.
    odd : int
        How many of them are NaN or infinite.
    """

    name: str
    counts: NDArray[np.intp]
    edges: NDArray[np.floating[Any]]
    mean: float
    deviation: float
    low: float
    high: float
    size: int
    odd: int


def histogram(name: str, numbers: NDArray[np.floating[Any]]) -> Histogram:
    """Count a block's numbers."""
    flat = numbers.reshape(-1)
    finite = np.isfinite(flat)
    odd = int(flat.size - np.count_nonzero(finite))
    known = (flat[finite] if odd else flat).astype(np.float64, copy=False)
    if not known.size:
        return Histogram(name, np.zeros(1, np.intp), np.array([0.0, 1.0]), nan, nan, nan, nan, flat.size, odd)
    with np.errstate(over="ignore", invalid="ignore"):  # of numbers near the end of float64
        counts, edges = _counted(known)
        mean, deviation = float(known.mean()), float(known.std())
    return Histogram(name, counts, edges, mean, deviation, float(known.min()), float(known.max()), flat.size, odd)


def _counted(known: NDArray[np.float64]) -> tuple[NDArray[np.intp], NDArray[np.float64]]:
    """Count numbers in bins; in a single one where they are too close together, or too far apart, for more."""
    low, high = known.min(), known.max()
    bins = max(_FEWEST, min(_MOST, ceil(sqrt(known.size))))
    edges = np.linspace(low, high, bins + 1)
    if not np.isfinite(edges).all() or not (np.diff(edges) > 0).all():
        return np.array([known.size]), np.array([low, high])
    return np.histogram(known, bins=bins)


def initial_bound(hidden_size: int) -> float:
    """Return b of the uniform distribution over -b … b that torch draws all parameters from at first."""
    return 1 / sqrt(hidden_size)
