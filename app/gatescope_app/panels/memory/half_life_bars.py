"""The half-life of each unit's memory as a bar, in the rows of the heat map beside it."""

from __future__ import annotations

from math import ceil, floor, inf, isfinite, isnan, log10

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QPointF, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QColor, QMouseEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import QSizePolicy

from gatescope_app.look.theme import Theme
from gatescope_app.panels.memory.heat_layout import HeatLayout
from gatescope_app.panels.memory.heat_map import HeatMap
from gatescope_app.panels.memory.heat_painting import HeatPainter
from gatescope_app.widgets.pointed_widget import PaintedWidget

_EXPONENT_FROM = 1e7  # steps
_Align = Qt.AlignmentFlag


def format_steps(half_life: float) -> str:
    """Return a half-life as it is read: to three digits, in whole steps from 100 on; `∞` where nothing is forgotten."""
    if half_life == inf:
        return "∞"
    return f"{half_life:.0f}" if 99.95 <= half_life < _EXPONENT_FROM else f"{half_life:.3g}"


class HalfLifeBars(PaintedWidget):
    """A bar for each unit, on a logarithmic scale; a click selects the unit.

    Signals
    -------
    unit_picked(int)
        A bar was clicked.
    """

    unit_picked = Signal(int)

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self._theme, self._colour = theme, theme.text
        self._half_lives: NDArray[np.float64] = np.empty(0)
        self.decades = (0, 1)  # the powers of ten at the ends of the scale
        self._beside: HeatMap | None = None
        self._unit = 0
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)  # the keys belong to the map beside
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Expanding)

    def set_half_lives(self, of: NDArray[np.float64] | None, quantity: str, theme: Theme) -> None:
        """Show others, in the colour of the memory; none while they are computed."""
        self._half_lives = np.empty(0) if of is None else of
        self.decades = _decades(self._half_lives)
        self._theme, self._colour = theme, theme.quantities[quantity]
        self.update()

    def set_beside(self, of: HeatMap) -> None:
        """Lie in the rows of a map that is as high."""
        self._beside = of

    def select(self, unit: int) -> None:
        """Mark another unit."""
        if unit != self._unit:
            self._unit = unit
            self.update()

    def plot(self) -> QRectF:
        """Return the place of the bars."""
        rows = QRectF(self.rect()) if self._beside is None else self._beside.plot()
        return QRectF(1, rows.top(), self.width() - 3, rows.height())

    def _rows(self) -> HeatLayout:
        return HeatLayout(self.plot(), range(1), max(len(self._half_lives), 1))

    def row_of(self, unit: int) -> QRectF:
        """Return the place of a unit's bar at its longest."""
        return self._rows().row_of(unit)

    def length_of(self, half_life: float) -> float:
        """Return how long a bar is, from 0 to 1; what is beyond the ends of the scale lies at them."""
        low, high = self.decades
        if half_life <= 0 or isnan(half_life):
            return 0.0
        return min(max((log10(half_life) - low) / (high - low), 0.0), 1.0) if isfinite(half_life) else 1.0

    def _unit_at(self, position: QPointF) -> int | None:
        rows = self._rows()
        return rows.unit_at(position.y()) if len(self._half_lives) and rows.plot.contains(position) else None

    def describe(self, unit: int) -> str:
        """Say what a bar stands for."""
        if unit >= len(self._half_lives):
            return ""
        steps = format_steps(self._half_lives[unit])
        return self.tr("unit {unit}: half-life {steps} steps").format(unit=unit, steps=steps)

    def describe_at(self, position: QPointF) -> str:
        """Say what is pointed at."""
        unit = self._unit_at(position)
        return "" if unit is None else self.describe(unit)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        unit = self._unit_at(event.position())
        if event.button() == Qt.MouseButton.LeftButton and unit is not None:
            self.unit_picked.emit(unit)

    def sizeHint(self) -> QSize:
        return QSize(11 * self.fontMetrics().averageCharWidth() + 12, 10 * self.fontMetrics().height())

    def minimumSizeHint(self) -> QSize:
        """Stay as wide in less height."""
        return QSize(self.sizeHint().width(), 5 * self.fontMetrics().height())

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Draw the scale, and a bar for each unit."""
        painter, plot, theme = QPainter(self), self.plot(), self._theme
        painter.fillRect(plot, QColor(theme.base))
        self._draw_scale(painter, plot)
        if len(self._half_lives):
            for unit, half_life in enumerate(self._half_lives.tolist()):
                self._draw_bar(painter, self.row_of(unit), half_life)
            HeatPainter(painter, self._rows(), theme).draw_row(self._unit)
        painter.setPen(QColor(theme.grid))
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.drawRect(plot)

    def _draw_scale(self, painter: QPainter, plot: QRectF) -> None:
        """Draw the decades, and write below what both ends are."""
        low, high = self.decades
        painter.setPen(QColor(self._theme.grid))
        for power in range(low + 1, high):
            x = plot.left() + (power - low) / (high - low) * plot.width()
            painter.drawLine(QPointF(x, plot.top()), QPointF(x, plot.bottom()))
        painter.setPen(QColor(self._theme.text))
        place = QRectF(plot.left(), plot.bottom() + 2, plot.width(), self.fontMetrics().height())
        painter.drawText(place, _Align.AlignLeft | _Align.AlignVCenter, f"{10.0**low:g}")
        painter.drawText(place, _Align.AlignRight | _Align.AlignVCenter, f"{10.0**high:g}")

    def _draw_bar(self, painter: QPainter, row: QRectF, half_life: float) -> None:
        gap = 1.0 if row.height() > 5 else 0.0
        bar = row.adjusted(0, gap, 0, -gap)
        bar.setWidth(self.length_of(half_life) * row.width())
        colour = QColor(self._colour)
        colour.setAlpha(150)  # numbers stand on it
        painter.fillRect(bar, colour)
        if row.height() >= self.fontMetrics().height():
            painter.setPen(QColor(self._theme.text))
            painter.drawText(row.adjusted(4, 0, -4, 0), _Align.AlignLeft | _Align.AlignVCenter, format_steps(half_life))


def _decades(half_lives: NDArray[np.float64]) -> tuple[int, int]:
    """Return the powers of ten between which they lie."""
    finite = half_lives[np.isfinite(half_lives) & (half_lives > 0)]
    low, high = (finite.min(), finite.max()) if len(finite) else (1.0, 10.0)
    first = max(min(floor(log10(low)), 0), -3)
    return first, max(ceil(log10(high)), first + 1)
