"""The axis of a quantity's values, or of the units of a heat map, beside a plot over time."""

from __future__ import annotations

import pyqtgraph as pg
from PySide6.QtCore import QRectF
from PySide6.QtGui import QFontMetricsF

from gatescope_app.look.ticks import counts_between, format_ticks, ticks_between

_APART = 1.3  # lines of type from one label to the next
_MOST = 10  # labels, however high the plot is
_TICK = 12.0  # pixels from the widest label to the plot


class ValueAxis(pg.AxisItem):
    """Labels both ends of a range, and what fits between; or units, of which the first is on top."""

    def __init__(self) -> None:
        super().__init__("left")
        self._ends = (0.0, 1.0)
        self._units: tuple[int, ...] | None = None

    def set_range(self, low: float, high: float) -> None:
        """Label the numbers between two."""
        self._show((low, high), None)

    def set_units(self, units: tuple[int, ...]) -> None:
        """Label rows of one unit each."""
        self._show(self._ends, units)

    def _show(self, ends: tuple[float, float], units: tuple[int, ...] | None) -> None:
        if (ends, units) != (self._ends, self._units):
            self._ends, self._units = ends, units
            self.picture = None  # pyqtgraph keeps the old labels otherwise
            self.update()

    @property
    def _metrics(self) -> QFontMetricsF:
        return QFontMetricsF(self.style["tickFont"] or self.font())

    @property
    def labels_width(self) -> float:
        """How much room the labels need, however many there are."""
        numbers, (low, high) = self._units, self._ends
        texts = format_ticks(ticks_between(low, high, (high - low) / _MOST)) if numbers is None else map(str, numbers)
        return max((self._metrics.horizontalAdvance(text) for text in texts), default=0.0) + _TICK

    def boundingRect(self) -> QRectF:
        """Take room above and below as well: a label at an end needs half of it there."""
        area: QRectF = super().boundingRect()
        return area.adjusted(0, -self._metrics.height(), 0, self._metrics.height())

    def tickValues(self, low: float, high: float, size: float) -> list[tuple[float, list[float]]]:
        """Return the places of the labels, at both ends and as close as their height allows."""
        least = max(_APART * self._metrics.height() / max(size, 1.0), 1 / _MOST) * (high - low)
        if self._units is None:
            return [(1.0, ticks_between(*self._ends, least))]
        rows = len(self._units)
        return [(1.0, [rows - row - 0.5 for row in counts_between(0, rows - 1, least)] if rows else [])]

    def tickStrings(self, values: list[float], _scale: float, _spacing: float) -> list[str]:
        """Return short numbers that differ, or the numbers of units."""
        if self._units is None:
            return format_ticks(values)
        return [str(self._units[round(len(self._units) - value - 0.5)]) for value in values]
