"""How a heat map is drawn, with its axes."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QFont, QFontMetricsF, QImage, QPainter, QPen

from gatescope_app.look.ticks import round_count
from gatescope_app.look.tokens import visible

if TYPE_CHECKING:  # which uses this
    from gatescope_app.panels.memory.heat_map import HeatMap

_APART = 14.0  # pixels: columns and rows from so wide on are told apart by a gap
_Align = Qt.AlignmentFlag


class HeatPainter:
    """Draws the part of a map that is to be painted, once.

    Parameters
    ----------
    painter : QPainter
        Of the map.
    of : HeatMap
        What is drawn.
    exposed : QRectF
        What is to be painted.
    """

    def __init__(self, painter: QPainter, of: HeatMap, exposed: QRectF) -> None:
        self._painter, self._map, self._exposed = painter, of, exposed
        self._plot, self._theme = of.plot(), of.theme
        self._column = self._plot.width() / of.window_of_time.count

    def end(self) -> None:
        """Have done."""
        self._painter.end()

    def draw_ground(self) -> None:
        """Fill the place with the background."""
        self._painter.fillRect(self._plot, QColor(self._theme.base))

    def draw_image(self, image: QImage, first: int, stop: int) -> None:
        """Draw the colours of the steps from `first` up to `stop`, as far as they are known."""
        known, data, plot = self._map.known, self._map.data, self._plot
        if data is None:
            return
        left, right = self._map.x_of(known.start), self._map.x_of(min(known.stop, data.present))
        seen = QRectF(left, plot.top(), right - left, plot.height()).intersected(plot)
        if right <= left or seen.isEmpty():
            return
        self._painter.setClipRect(seen)
        begin, end = self._map.x_of(first), self._map.x_of(stop)
        self._painter.drawImage(QRectF(begin, plot.top(), end - begin, plot.height()), image)
        self._draw_gaps(data.units)
        self._painter.setClipping(False)

    def _draw_gaps(self, units: int) -> None:
        plot, height = self._plot, self._plot.height() / units
        self._painter.setPen(QPen(QColor(self._theme.base), 1.0))
        if self._column >= _APART:
            for t in self._steps():
                x = round(self._map.x_of(t))
                self._painter.drawLine(QPointF(x, plot.top()), QPointF(x, plot.bottom()))
        if height >= _APART:
            for unit in range(1, units):
                y = round(plot.top() + unit * height)
                self._painter.drawLine(QPointF(plot.left(), y), QPointF(plot.right(), y))

    def draw_marks(self) -> None:
        """Draw the axes and the frame, the selected row and the current step."""
        self._painter.setBrush(Qt.BrushStyle.NoBrush)
        self._painter.setPen(QColor(self._theme.accent if self._map.hasFocus() else self._theme.grid))
        self._painter.drawRect(self._plot)
        if self._map.data is not None:
            self._draw_row()
            self._draw_cursor()
            self._draw_steps(self._map.data.tokens)
            self._draw_units(self._map.data.units)

    def _draw_row(self) -> None:
        row = self._map.row_of(self._map.unit)
        row.setTop(min(row.top(), row.center().y() - 2))
        row.setBottom(max(row.bottom(), row.center().y() + 2))
        self._painter.setPen(QPen(QColor(self._theme.accent), 1.5))
        self._painter.drawRect(row)

    def _draw_cursor(self) -> None:
        window, plot = self._map.window_of_time, self._plot
        if not window.first <= self._map.t < window.stop:
            return
        left, right = self._map.x_of(self._map.t), self._map.x_of(self._map.t + 1)
        self._painter.setPen(QPen(QColor(self._theme.cursor), 1.5 if self._column > 6 else 1.0))
        for x in (left, right) if self._column > 6 else ((left + right) / 2,):
            self._painter.drawLine(QPointF(x, plot.top()), QPointF(x, plot.bottom()))

    # the axes

    def _steps(self) -> range:
        """Return the steps in view that are to be painted, and one more to either side."""
        window, (left, right) = self._map.window_of_time, (self._exposed.left(), self._exposed.right())
        first = window.first + int((left - self._plot.left()) / self._column) - 1
        last = window.first + int((right - self._plot.left()) / self._column) + 1
        return range(max(first, window.first), min(last + 1, window.stop))

    def _draw_steps(self, tokens: tuple[str, ...] | None) -> None:
        """Write the axis of t: the current step in bold type, others where there is room; tokens where all have it."""
        window, metrics, now = self._map.window_of_time, QFontMetricsF(self._map.font()), self._map.t
        room = metrics.horizontalAdvance("0" * len(str(window.stop))) + 8
        spacing, margin = round_count(room / self._column), int(room / self._column) + 1
        steps = range(max(self._steps().start - margin, window.first), min(self._steps().stop + margin, window.stop))
        self._painter.setPen(QColor(self._theme.text))
        taken = self._write(now, str(now), 0, bold=True) if window.first <= now < window.stop else QRectF()
        for t in range(-(-steps.start // spacing) * spacing, steps.stop, spacing):
            if not self._place_of_label(t, str(t), 0).adjusted(-4, 0, 4, 0).intersects(taken):
                self._write(t, str(t), 0)
        if tokens and self._column >= self._widest(tokens, metrics):
            for t in steps:
                self._write(t, visible(tokens[t]), 1, bold=t == now)

    def _widest(self, tokens: tuple[str, ...], metrics: QFontMetricsF) -> float:
        """Return the room that the tokens in view need; only as many are looked at as could have it."""
        window = self._map.window_of_time
        if window.count > self._plot.width() / 4:
            return float("inf")
        return max(metrics.horizontalAdvance(visible(tokens[t])) for t in range(window.first, window.stop)) + 1

    def _place_of_label(self, t: int, text: str, line: int) -> QRectF:
        """Return the place of a label below a column, inside the map also where the column is at its end."""
        height, width = self._map.fontMetrics().height(), self._painter.fontMetrics().horizontalAdvance(text) + 2
        left = min(max(self._map.x_of(t + 0.5) - width / 2, 0), self._map.width() - width)
        return QRectF(left, self._plot.bottom() + 2 + line * height, width, height)

    def _write(self, t: int, text: str, line: int, *, bold: bool = False) -> QRectF:
        """Write a label below a column; return its place."""
        self._set_bold(bold)
        place = self._place_of_label(t, text, line)
        self._painter.drawText(place, _Align.AlignHCenter | _Align.AlignVCenter, text)
        self._set_bold(False)
        return place

    def _draw_units(self, units: int) -> None:
        """Write the numbers of the units: the selected one in bold type, others where there is room."""
        if self._exposed.left() > self._plot.left():
            return
        height, row = self._map.fontMetrics().height(), self._plot.height() / units
        self._painter.setPen(QColor(self._theme.text))
        for unit in range(0, units, round_count(height / row)):
            if abs(unit - self._map.unit) * row >= height:
                self._write_unit(unit, bold=False)
        if self._map.unit < units:
            self._write_unit(self._map.unit, bold=True)

    def _write_unit(self, unit: int, *, bold: bool) -> None:
        height, row = self._map.fontMetrics().height(), self._map.row_of(unit)
        top = min(max(row.center().y() - height / 2, 0), self._plot.bottom() - height + 2)
        self._set_bold(bold)
        place = QRectF(0, top, row.left() - 4, height)
        self._painter.drawText(place, _Align.AlignRight | _Align.AlignVCenter, str(unit))
        self._set_bold(False)

    def _set_bold(self, bold: bool) -> None:
        font = QFont(self._map.font())
        font.setBold(bold)
        self._painter.setFont(font)
