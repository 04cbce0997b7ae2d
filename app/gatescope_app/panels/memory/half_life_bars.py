"""The half-life of each unit's memory as a bar, in the rows of the heat map beside it."""

from __future__ import annotations

from math import ceil, floor, inf, isfinite, isnan, log10

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QEvent, QPointF, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QColor, QMouseEvent, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QSizePolicy, QToolTip, QWidget

from gatescope_app.look.theme import Theme
from gatescope_app.look.tooltips import show_tooltip
from gatescope_app.panels.memory.heat_map import HeatMap

_EXPONENT_FROM = 1e7  # steps
_Align = Qt.AlignmentFlag


def steps_text(half_life: float) -> str:
    """Return a half-life as it is read: to three digits, in whole steps from 100 on; `∞` where nothing is forgotten."""
    if half_life == inf:
        return "∞"
    return f"{half_life:.0f}" if 99.95 <= half_life < _EXPONENT_FROM else f"{half_life:.3g}"


class HalfLifeBars(QWidget):
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
        self._of: NDArray[np.float64] | None = None
        self._beside: HeatMap | None = None
        self._unit = 0
        self.setMouseTracking(True)
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Expanding)

    def set_half_lives(self, of: NDArray[np.float64] | None, quantity: str, theme: Theme) -> None:
        """Show others, in the colour of the memory; none while they are computed."""
        self._of, self._theme, self._colour = of, theme, theme.quantities[quantity]
        self.update()

    def set_beside(self, of: HeatMap) -> None:
        """Lie in the rows of a map that is as high."""
        self._beside = of

    def select(self, unit: int) -> None:
        """Mark another unit."""
        if unit != self._unit:
            self._unit = unit
            self.update()

    @property
    def decades(self) -> tuple[int, int]:
        """The powers of ten at the ends of the scale."""
        finite = self._of[np.isfinite(self._of) & (self._of > 0)] if self._of is not None else np.empty(0)
        low, high = (finite.min(), finite.max()) if len(finite) else (1.0, 10.0)
        first = max(min(floor(log10(low)), 0), -3)
        return first, max(ceil(log10(high)), first + 1)

    def plot(self) -> QRectF:
        """Return the place of the bars."""
        rows = QRectF(self.rect()) if self._beside is None else self._beside.plot()
        return QRectF(1, rows.top(), self.width() - 3, rows.height())

    def row_of(self, unit: int) -> QRectF:
        """Return the place of a unit's bar at its longest."""
        plot = self.plot()
        height = plot.height() / (1 if self._of is None else len(self._of))
        return QRectF(plot.left(), plot.top() + unit * height, plot.width(), height)

    def length_of(self, half_life: float) -> float:
        """Return how long a bar is, from 0 to 1; what is beyond the ends of the scale lies at them."""
        low, high = self.decades
        if half_life <= 0 or isnan(half_life):
            return 0.0
        return min(max((log10(half_life) - low) / (high - low), 0.0), 1.0) if isfinite(half_life) else 1.0

    def _unit_at(self, position: QPointF) -> int | None:
        if self._of is None or not self.plot().contains(position):
            return None
        return min(int((position.y() - self.plot().top()) * len(self._of) // self.plot().height()), len(self._of) - 1)

    def describe(self, unit: int) -> str:
        """Say what a bar stands for."""
        if self._of is None or unit >= len(self._of):
            return ""
        return self.tr("unit {unit}: half-life {steps} steps").format(unit=unit, steps=steps_text(self._of[unit]))

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        """Say what is pointed at."""
        unit = self._unit_at(event.position())
        if unit is None:
            QToolTip.hideText()
        else:
            place = event.globalPosition().toPoint()
            show_tooltip(place, self.describe(unit), self)

    def leaveEvent(self, event: QEvent) -> None:
        """Say no more."""
        QToolTip.hideText()
        super().leaveEvent(event)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """Select the unit that is clicked."""
        unit = self._unit_at(event.position())
        if event.button() == Qt.MouseButton.LeftButton and unit is not None:
            self.unit_picked.emit(unit)

    def sizeHint(self) -> QSize:
        """Ask for the room of a few digits on a bar."""
        return QSize(11 * self.fontMetrics().averageCharWidth() + 12, 10 * self.fontMetrics().height())

    def minimumSizeHint(self) -> QSize:
        """Stay as wide in less height."""
        return QSize(self.sizeHint().width(), 5 * self.fontMetrics().height())

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Draw the scale, and a bar for each unit."""
        painter, plot, theme = QPainter(self), self.plot(), self._theme
        painter.fillRect(plot, QColor(theme.base))
        self._draw_scale(painter, plot)
        if self._of is not None:
            for unit, half_life in enumerate(self._of.tolist()):
                self._draw_bar(painter, self.row_of(unit), half_life)
            self._draw_selected(painter, self.row_of(self._unit))
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
            painter.drawText(row.adjusted(4, 0, -4, 0), _Align.AlignLeft | _Align.AlignVCenter, steps_text(half_life))

    def _draw_selected(self, painter: QPainter, row: QRectF) -> None:
        row.setTop(min(row.top(), row.center().y() - 2))
        row.setBottom(max(row.bottom(), row.center().y() + 2))
        painter.setPen(QPen(QColor(self._theme.accent), 1.5))
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.drawRect(row)
