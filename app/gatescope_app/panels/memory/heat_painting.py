"""The marks and axes of a heat map."""

from __future__ import annotations

from dataclasses import dataclass

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QPainter, QPen

from gatescope_app.look.fonts import in_bold
from gatescope_app.look.theme import Theme
from gatescope_app.look.ticks import round_count
from gatescope_app.panels.memory.heat_layout import HeatLayout

_APART = 14.0  # pixels: columns and rows from so wide on are told apart by a gap
_FRAMED = 6.0  # pixels: columns from so wide on have a line at either side where they are the current one
_Align = Qt.AlignmentFlag


@dataclass(frozen=True)
class HeatPainter:
    """Draws them with a painter of the map.

    Parameters
    ----------
    painter : QPainter
        With the font of the axes.
    layout : HeatLayout
        Where things lie.
    theme : Theme
        The colours.
    """

    painter: QPainter
    layout: HeatLayout
    theme: Theme

    def draw_gaps(self) -> None:
        """Draw what lies between columns and between rows, where these are wide."""
        plot, layout = self.layout.plot, self.layout
        self.painter.setPen(QPen(QColor(self.theme.base), 1.0))
        if layout.column >= _APART:
            for t in layout.steps:
                x = round(layout.x_of(t))
                self.painter.drawLine(QPointF(x, plot.top()), QPointF(x, plot.bottom()))
        if plot.height() / layout.units >= _APART:
            for unit in range(1, layout.units):
                y = round(layout.row_of(unit).top())
                self.painter.drawLine(QPointF(plot.left(), y), QPointF(plot.right(), y))

    def draw_row(self, unit: int) -> None:
        """Mark the selected unit."""
        self.painter.setPen(QPen(QColor(self.theme.accent), 1.5))
        self.painter.setBrush(Qt.BrushStyle.NoBrush)
        self.painter.drawRect(self.layout.frame_of(unit))

    def draw_cursor(self, t: int) -> None:
        """Mark the current step."""
        plot, wide = self.layout.plot, self.layout.column > _FRAMED
        self.painter.setPen(QPen(QColor(self.theme.cursor), 1.5 if wide else 1.0))
        for place in (t, t + 1) if wide else (t + 0.5,):
            x = self.layout.x_of(place)
            self.painter.drawLine(QPointF(x, plot.top()), QPointF(x, plot.bottom()))

    def draw_units(self, selected: int) -> None:
        """Write the numbers of the units: the selected one in bold type, others where there is room."""
        height, row = self.painter.fontMetrics().height(), self.layout.plot.height() / self.layout.units
        self.painter.setPen(QColor(self.theme.text))
        for unit in range(0, self.layout.units, round_count(height / row)):
            if abs(unit - selected) * row >= height:
                self._write_unit(unit)
        if selected < self.layout.units:
            usual = self.painter.font()
            self.painter.setFont(in_bold(usual))
            self._write_unit(selected)
            self.painter.setFont(usual)

    def _write_unit(self, unit: int) -> None:
        height, row = self.painter.fontMetrics().height(), self.layout.row_of(unit)
        top = min(max(row.center().y() - height / 2, 0), self.layout.plot.bottom() - height + 2)
        place = QRectF(0, top, row.left() - 4, height)
        self.painter.drawText(place, _Align.AlignRight | _Align.AlignVCenter, str(unit))
