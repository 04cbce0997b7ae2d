"""Numbers drawn at any size: as many to a pixel as it takes, without losing the large ones."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

Numbers = NDArray[np.floating[Any]]

_FACTOR = 4
_FEW = 1_000_000  # numbers that are drawn in a moment


class ReductionLevels:
    """A block of numbers, and the same in ever fewer of them.

    Where several numbers share a pixel, it shows the one that is furthest from zero: the mean of many weights is next
    to nothing, and a single large one would vanish.

    Parameters
    ----------
    numbers : ndarray
        (rows, columns).
    """

    def __init__(self, numbers: Numbers) -> None:
        self._levels = [numbers]
        while self._levels[-1].size > _FEW:
            last = self._levels[-1]
            self._levels.append(_furthest(last, *(np.arange(0, length, _FACTOR) for length in last.shape)))

    @property
    def largest(self) -> float:
        """The largest finite magnitude; 0 where there is none."""
        numbers = self._levels[-1]
        magnitude = float(max(numbers.max(), -numbers.min()))
        if np.isfinite(magnitude):
            return magnitude
        every = self._levels[0]
        return float(np.max(np.abs(every, dtype=np.float64), initial=0.0, where=np.isfinite(every)))

    def part(self, rows: range, columns: range, height: int, width: int) -> Numbers:
        """Return some rows and columns in at most so many pixels, or each number once where there is room."""
        height, width = min(height, len(rows)), min(width, len(columns))
        level = self._level(len(rows) * len(columns), min(len(rows) / height, len(columns) / width))
        factor = _FACTOR**level
        part = self._levels[level][_scaled(rows, factor), _scaled(columns, factor)]
        if height >= part.shape[0] and width >= part.shape[1]:
            return part
        return _furthest(
            part, *(_starts(length, pixels) for length, pixels in zip(part.shape, (height, width), strict=True))
        )

    def _level(self, count: int, numbers_to_a_pixel: float) -> int:
        """Return the coarsest level that is fine enough, or coarser where that would be too many numbers."""
        level = 0
        while level + 1 < len(self._levels):
            fine_enough = _FACTOR ** (level + 1) <= numbers_to_a_pixel
            if not fine_enough and count <= _FEW * _FACTOR ** (2 * level):
                break
            level += 1
        return level


def _scaled(indices: range, factor: int) -> slice:
    return slice(indices.start // factor, -(-indices.stop // factor))


def _starts(length: int, pixels: int) -> NDArray[np.intp]:
    """Return where each pixel's share of a line of numbers begins."""
    pixels = min(pixels, length)
    return np.arange(pixels) * length // pixels


def _furthest(numbers: Numbers, rows: NDArray[np.intp], columns: NDArray[np.intp]) -> Numbers:
    """Reduce the groups that begin at these rows and columns to what is furthest from zero; NaN wins."""
    high, low = (
        reduce.reduceat(reduce.reduceat(numbers, rows, axis=0), columns, axis=1) for reduce in (np.maximum, np.minimum)
    )
    return np.where(high >= -low, high, low)
