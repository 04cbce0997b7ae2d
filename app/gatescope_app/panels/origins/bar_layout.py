"""Where the bars of a chart lie, and which are drawn where there are more than pixels. Needs no Qt."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from itertools import pairwise
from math import ceil, floor

import numpy as np
from numpy.typing import NDArray

from gatescope_app.look.ticks import round_step

Floats = NDArray[np.float64]

BEFORE = -1
"""The number of the bar for all that comes before the first step that is shown."""

FEWEST = 32
"""So many steps are always shown."""

_OF_INTEREST = 0.99  # the part of the sum of all magnitudes that is shown step by step
_NARROWEST = 2.0  # pixels
_LEAD = 16.0  # pixels for the bar before the first step
_WIDEST = 36.0  # pixels


@dataclass(frozen=True, eq=False)
class Bars:
    """What is left of what each step wrote; number n is the n-th step in the order of the run.

    Parameters
    ----------
    shares, written : array
        What is left of it now, and what it was, (N,).
    set_by_hand : array of bool
        Where it was set, (N,).
    initial_share, initial : float
        The same two of the state before the first step.
    count : int
        How many steps the run has in all; those after the N-th are not known yet.
    reverse : bool
        Whether the run goes from right to left.
    """

    shares: Floats
    written: Floats
    set_by_hand: NDArray[np.bool_]
    initial_share: float
    initial: float
    count: int
    reverse: bool

    def of_interest(self) -> range:
        """Return a stretch of steps that holds nearly all of the sum; it moves by a quarter of itself at a time."""
        magnitudes = np.abs(self.shares[::-1])
        with np.errstate(all="ignore"):
            gathered = np.cumsum(magnitudes)
            whole = gathered[-1] + abs(self.initial_share)
        needed = int(np.searchsorted(gathered, _OF_INTEREST * whole)) + 1
        length = FEWEST
        while 3 * length < 4 * needed:
            length *= 2
        if length >= self.count:
            return range(self.count)
        quarter = length // 4
        stop = min(ceil(len(self.shares) / quarter) * quarter, self.count)
        return range(max(0, stop - length), max(stop, length))

    def position(self, number: int) -> int:
        """Return the position in the input of a step, or the number of the step at a position."""
        return self.count - 1 - number if self.reverse else number

    def before(self, first: int) -> tuple[float, float]:
        """Return the share of all that comes before a step, and what that was: it counts as written as it is left."""
        if first == 0:
            return self.initial_share, self.initial
        with np.errstate(all="ignore"):
            share = float(self.shares[:first].sum()) + self.initial_share
        return share, share


@dataclass(frozen=True, eq=False)
class BarLayout:
    """Bars in a place so many pixels wide, from left to right in the order of the run.

    Parameters
    ----------
    bars : Bars
        What to show.
    window : range
        The numbers of the steps to show, known or not.
    width : float
        In pixels.
    """

    bars: Bars
    window: range
    width: float

    @cached_property
    def lead(self) -> float:
        """The width of the place for what comes before, in pixels."""
        return max(_LEAD, min(_WIDEST, self.width / (len(self.window) + 1)))

    @cached_property
    def slot(self) -> float:
        """The width of the place of a step, in pixels."""
        return (self.width - self.lead) / max(len(self.window), 1)

    @property
    def bar(self) -> float:
        """The width of a bar, in pixels."""
        return min(_WIDEST, max(_NARROWEST - 0.5, 0.72 * self.slot))

    @cached_property
    def numbers(self) -> NDArray[np.int64]:
        """The steps that are drawn: all that are known, or where they are too narrow the largest of each column."""
        first, stop = self.window.start, min(self.window.stop, len(self.bars.shares))
        if self.slot >= _NARROWEST or first >= stop:
            return np.arange(first, stop)
        size = _magnitudes(self.bars.shares[first:stop])
        columns = np.arange(ceil(self.width / _NARROWEST) + 1)
        borders = np.unique(np.ceil(columns * (_NARROWEST / self.slot)).astype(np.int64).clip(max=len(size)))
        return np.array([first + start + int(size[start:end].argmax()) for start, end in pairwise(borders)])

    def centre(self, number: int) -> float:
        """Return the middle of a bar, in pixels from where the run begins."""
        return self.lead / 2 if number == BEFORE else float(self.centres(np.array([number]))[0])

    def centres(self, numbers: NDArray[np.int64]) -> Floats:
        """Return the middles of the bars of some steps."""
        places = (numbers - self.window.start).astype(np.float64) + 0.5
        return places * self.slot + self.lead

    def number_at(self, x: float) -> int | None:
        """Return the step whose bar is at a place, `BEFORE` for what comes before; None where there is none."""
        if x < self.lead:
            return BEFORE
        place = (x - self.lead) / self.slot
        if self.slot >= _NARROWEST:
            number = self.window.start + floor(place)
            return number if number in self.window and number < len(self.bars.shares) else None
        if not len(self.numbers):
            return None
        nearest = int(np.abs(self.centres(self.numbers) - x).argmin())
        number = int(self.numbers[nearest])
        return number if abs(self.centre(number) - x) <= 2 * _NARROWEST else None

    def by_size(self) -> NDArray[np.int64]:
        """Return the steps that are drawn, those with the largest shares first."""
        size = _magnitudes(self.bars.shares[self.numbers])
        return self.numbers[np.argsort(-size, kind="stable")]

    @cached_property
    def reach(self) -> tuple[float, float]:
        """The ends of the vertical axis: round numbers below and above all bars."""
        before = np.array(self.bars.before(self.window.start))
        parts: list[Floats] = [self.bars.shares[self.numbers], self.bars.written[self.numbers], before]
        values = np.concatenate(parts)
        values = values[np.isfinite(values)]
        low, high = -round_step(-values.min(initial=0.0)), round_step(values.max(initial=0.0))
        return (low, high) if high > low else (0.0, 1.0)


def _magnitudes(values: Floats) -> Floats:
    """Return magnitudes to find the largest among; NaN is less than any."""
    return np.where(np.isnan(values), -1.0, np.abs(values))
