"""Between which numbers a quantity lies, for axes and colours: the same in every view."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from gatescope.cells.quantities import Quantity

Values = NDArray[np.floating[Any]]


def value_range(quantity: Quantity, values: Values) -> tuple[float, float]:
    """Return a gate's own range; of others one that holds all values, even around 0 where they may have signs.

    The usual range of h is not enough with a projection, nor where a GRU starts from an h beyond it. Numbers that a
    hold has put beyond a gate's range count as its ends.
    """
    if quantity.preactivation and quantity.low is not None and quantity.high is not None:
        return quantity.low, quantity.high
    high = reach(values)
    return (0.0 if quantity.low == 0 else -high), high


def reach(values: Values) -> float:
    """Return the largest finite distance from 0, at least 1."""
    if not values.size:
        return 1.0
    ends = np.array([values.min(), values.max()], dtype=np.float64)
    if not np.isfinite(ends).all():  # looked for only then: it copies all values
        finite = values[np.isfinite(values)]
        ends = np.array([finite.min(), finite.max()], dtype=np.float64) if finite.size else np.zeros(2)
    return max(1.0, float(np.abs(ends).max()))
