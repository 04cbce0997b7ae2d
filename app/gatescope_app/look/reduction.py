"""Long data brought down to what can be seen: a few numbers for each pixel, whatever the length."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

Values = NDArray[np.floating[Any]]
Reduce = Callable[..., Any]
"""One of numpy's min, max, mean and the like, which take an axis."""

MOST_BINS = 4096
"""More than a plot has columns, so that a plot of another size looks at its bins again, not at all values."""


def bin_size(count: int, most: int) -> int:
    """Return how many of `count` rows go into one, so that no more than `most` are left."""
    return -(-count // max(most, 1))


def binned(values: NDArray[Any], size: int, reduce: Reduce) -> NDArray[Any]:
    """Reduce each `size` rows to one, and what is left to the last: (T, n) to (bins, n)."""
    if size == 1:
        return values
    count, left = divmod(len(values), size)
    # As one more axis: numpy reduces it ten times as fast as bins given by their edges.
    groups = [values[: count * size].reshape(count, size, values.shape[1]), *([values[None, -left:]] if left else [])]
    with np.errstate(invalid="ignore", over="ignore"):
        return np.concatenate([reduce(group, axis=1) for group in groups])


def shrunk(values: Values, most: int) -> tuple[Values, int]:
    """Return the means of neighbouring rows, as many as `most` where there are more, and how many rows these stand for.

    Those may be a few more than there are: the last mean is then of fewer rows than the others.
    """
    size = max(len(values) // max(most, 1), 1)
    means = binned(values, size, np.mean)
    count = len(means)
    if count > most:  # but less than twice as many, so that each is the mean of one or two
        first = np.arange(most) * count // most
        last = np.append(first[1:], count) - 1
        means = means[first] / 2 + means[last] / 2
    return means, size * count


@dataclass(frozen=True, eq=False)
class Bins:
    """Means over stretches of steps.

    Parameters
    ----------
    values : array
        (bins, units).
    start, stop : int
        The steps that they stand for.
    """

    values: Values
    start: int
    stop: int

    @classmethod
    def of(cls, values: Values, start: int, stop: int) -> Bins | None:
        """Return the steps from `start` up to `stop` in at most `MOST_BINS` bins; None where there are none."""
        if start >= stop:
            return None
        return cls(binned(values[start:stop], bin_size(stop - start, MOST_BINS), np.mean), start, stop)

    @property
    def width(self) -> float:
        """How many bins wide the steps are: the last bin may stand for fewer of them than the others."""
        return (self.stop - self.start) / bin_size(self.stop - self.start, MOST_BINS)


class Overview:
    """The visible steps in at most `MOST_BINS` bins, kept until there are other values or other steps to see."""

    def __init__(self) -> None:
        self._values: Values | None = None
        self._steps = (0, 0)
        self._kept: dict[Reduce, Values] = {}

    def bins(self, values: Values, steps: tuple[int, int], reduce: Reduce) -> Values:
        """Return the steps from the first up to the second of `steps`, (bins, units)."""
        if values is not self._values or steps != self._steps:
            self._values, self._steps, self._kept = values, steps, {}
        if reduce not in self._kept:
            self._kept[reduce] = binned(values[slice(*steps)], bin_size(steps[1] - steps[0], MOST_BINS), reduce)
        return self._kept[reduce]
