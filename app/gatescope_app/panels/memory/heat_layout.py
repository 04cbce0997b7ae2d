"""Where the numbers of a heat map lie."""

from __future__ import annotations

from dataclasses import dataclass

from PySide6.QtCore import QRectF

_LOWEST = 4.0  # pixels of a row's frame


@dataclass(frozen=True)
class HeatLayout:
    """A row for each unit, a column for each step in view.

    Parameters
    ----------
    plot : QRectF
        The place of all of them, without the axes.
    steps : range
        Those in view.
    units : int
        How many rows there are.
    """

    plot: QRectF
    steps: range
    units: int

    @property
    def column(self) -> float:
        """The width of a step."""
        return self.plot.width() / len(self.steps)

    def x_of(self, t: float) -> float:
        """Return where the column of a step begins."""
        return self.plot.left() + (t - self.steps.start) * self.plot.width() / len(self.steps)

    def row_of(self, unit: int) -> QRectF:
        """Return the place of a unit's row."""
        height = self.plot.height() / self.units
        return QRectF(self.plot.left(), self.plot.top() + unit * height, self.plot.width(), height)

    def frame_of(self, unit: int) -> QRectF:
        """Return the same for a frame around it, high enough to be seen."""
        row = self.row_of(unit)
        beyond = max(_LOWEST - row.height(), 0.0) / 2
        return row.adjusted(0, -beyond, 0, beyond)

    def step_at(self, x: float) -> int:
        """Return the step in view that is nearest to a place."""
        t = self.steps.start + int((x - self.plot.left()) * len(self.steps) // self.plot.width())
        return min(max(t, self.steps.start), self.steps.stop - 1)

    def unit_at(self, y: float) -> int:
        """Return the unit that is nearest to a place."""
        return min(max(int((y - self.plot.top()) * self.units // self.plot.height()), 0), self.units - 1)
