"""The numbers of units beside a plot, each where its line ends."""

from __future__ import annotations

from math import isfinite, nan
from typing import Any

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QPainter, QPaintEvent
from PySide6.QtWidgets import QWidget

from gatescope_app.look.fonts import in_bold
from gatescope_app.look.theme import Theme

_APART = 0.8  # of a line of type, from one number to the next: digits have no descenders
_PAD = 3  # pixels on both sides


class LineEnds(QWidget):
    """As many numbers as there is room for: the selected unit's first, then those that overlap none."""

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self.setAttribute(Qt.WidgetAttribute.WA_OpaquePaintEvent)  # spares what lies below
        self._theme = theme
        self._units: tuple[int, ...] = ()
        self._chosen = 0
        self._values: list[float] = []  # where their lines end; NaN where they do not, and infinity has no place
        self._area, self._range = QRectF(), (0.0, 1.0)

    def set_units(self, units: tuple[int, ...], chosen: int, theme: Theme) -> None:
        """Number other units; `show_ends` says where."""
        self._theme, self._units, self._chosen = theme, units, chosen
        self._values = [nan] * len(units)
        widest = str(max(units, default=0))
        self.setFixedWidth(self.fontMetrics().horizontalAdvance("0" * len(widest)) + 2 * _PAD + 2)
        self.update()

    def show_ends(self, values: NDArray[np.floating[Any]] | None, low: float, high: float) -> None:
        """Write the numbers beside the values, (units,), in an axis from `low` to `high`; none where there are none."""
        ends = [nan] * len(self._units) if values is None else values.tolist()
        if (ends, (low, high)) != (self._values, self._range):
            self._values, self._range = ends, (low, high)
            self.update()

    def set_area(self, area: QRectF) -> None:
        """Follow the height of the curves."""
        self._area = area
        self.update()

    @property
    def numbers(self) -> dict[int, float]:
        """The units that are named, and the heights of their numbers' middles in pixels."""
        low, high = self._range
        scale, foot = self._area.height() / (high - low), self._area.bottom()
        heights = {
            unit: foot - (value - low) * scale
            for unit, value in zip(self._units, self._values, strict=True) if isfinite(value)
        }  # fmt: skip
        kept = without_overlaps(heights, _APART * self.fontMetrics().height(), self._chosen)
        return {unit: heights[unit] for unit in kept}

    def paintEvent(self, _event: QPaintEvent) -> None:
        painter, metrics = QPainter(self), self.fontMetrics()
        painter.fillRect(self.rect(), QColor(self._theme.base))
        base = (metrics.ascent() - metrics.descent()) / 2  # below the middle of a line of type
        painter.setPen(QColor(self._theme.faint))
        numbers = self.numbers
        chosen = numbers.pop(self._chosen, None)
        for unit, height in numbers.items():
            painter.drawText(QPointF(_PAD, height + base), str(unit))
        if chosen is not None:
            painter.setFont(in_bold(self.font()))
            painter.setPen(QColor(self._theme.text))
            painter.drawText(QPointF(_PAD, chosen + base), str(self._chosen))


def without_overlaps(heights: dict[int, float], apart: float, first: int) -> list[int]:
    """Return the units whose labels stand at least `apart`: the first, and others up and down from it."""
    order = sorted(heights, key=heights.__getitem__)
    if not order:
        return []
    start = order.index(first) if first in heights else 0
    kept = [order[start]]
    for others, sign in ((reversed(order[:start]), -1), (order[start + 1 :], 1)):
        last = sign * heights[order[start]]
        for unit in others:
            if sign * heights[unit] - last >= apart:
                kept.append(unit)
                last = sign * heights[unit]
    return kept
