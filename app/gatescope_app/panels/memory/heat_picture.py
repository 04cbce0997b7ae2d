"""Numbers of many steps and units, brought down to the pixels that there are."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from gatescope_app.widgets.line_picture import Overview

Values = NDArray[np.floating[Any]]


@dataclass(frozen=True, eq=False)
class Bins:
    """Means over stretches of steps.

    Parameters
    ----------
    values : array
        (bins, units).
    first : int
        The step that the first bin begins with.
    size : int
        How many steps are in a bin; the last one may have fewer.
    """

    values: Values
    first: int
    size: int

    @property
    def stop(self) -> int:
        """The step after the last bin, as if that were full."""
        return self.first + self.size * len(self.values)


def binned(values: Values, first: int, stop: int) -> Bins | None:
    """Return the steps from `first` up to `stop` in a few thousand bins at most; None where there are none."""
    if first >= stop:
        return None
    means = Overview().bins(values, (first, stop), np.mean)
    return Bins(means, first, -(-(stop - first) // len(means)))


def shrunk(values: Values, most_rows: int, most_columns: int) -> Values:
    """Return the means of neighbours, so that there are no more rows and columns than given."""
    return _shrunk(_shrunk(values, most_rows).T, most_columns).T


def _shrunk(values: Values, most: int) -> Values:
    """Bring down the first dimension."""
    count = len(values)
    if count <= max(most, 1):
        return values
    edges = np.arange(max(most, 1)) * count // max(most, 1)
    sizes = np.diff([*edges, count])
    with np.errstate(invalid="ignore", over="ignore"):
        return np.asarray(np.add.reduceat(values.astype(np.float64), edges, axis=0) / sizes[:, None])
