"""One gate's units as points: how often each is closed, and how often open."""

from __future__ import annotations

from math import log2

import numpy as np
from PySide6.QtCore import QCoreApplication, QPointF, QRectF, Qt, Signal
from PySide6.QtGui import QColor, QKeyEvent, QMouseEvent, QPainter, QPaintEvent, QPen

from gatescope.analysis.saturation import Saturation
from gatescope_app.look.language import join_texts
from gatescope_app.look.theme import Theme
from gatescope_app.panels.memory.percentages import NO_BREAK, format_percent
from gatescope_app.widgets.pointed_widget import PaintedWidget, rows_to_move
from gatescope_app.widgets.ready_picture import ReadyPicture

_REACH = 7.0  # pixels from the mouse within which a point is pointed at
_RADIUS, _LARGEST = 3.5, 9.0  # pixels, of one unit and of many at one place
_INSIDE = 10.0  # pixels around the points, so that none is cut
_OPAQUE = 170  # of 255: points that overlap are told apart
_LISTED = 8  # units at one place that are named


class SaturationPlot(PaintedWidget):
    """A square with a point for each unit, to the right the more often closed, upwards the more often open.

    Both can never be more than all steps, so nothing lies above the diagonal. Up and Down go through the units; a click
    selects the unit there, another click the next one at the same place.

    Signals
    -------
    picked(int)
        A unit was clicked, or reached with the keys.
    pointed(bool)
        As of every `PointedWidget`.
    """

    picked = Signal(int)
    usual_lines, fewest_lines = (12, 12), (5, 5)

    def __init__(self, theme: Theme, quantity: str) -> None:
        super().__init__()
        self._theme, self.quantity = theme, quantity
        self._symbol = quantity
        self._saturation: Saturation | None = None
        self._unit, self._selected = 0, False
        self._picture = ReadyPicture()

    def set_saturation(self, of: Saturation | None, symbol: str, theme: Theme) -> None:
        """Show another gate, or none while it is being counted."""
        self._saturation, self._symbol, self._theme = of, symbol, theme
        self._picture.forget()
        self.update()

    def select(self, unit: int, *, selected: bool) -> None:
        """Emphasise a unit; `selected` where the gate is the selected quantity."""
        if (unit, selected) != (self._unit, self._selected):
            self._unit, self._selected = unit, selected
            self.update()

    # where things are

    def square(self) -> QRectF:
        """Return where all points lie, between 0 and 1 both ways."""
        return self.frame().adjusted(_INSIDE, _INSIDE, -_INSIDE, -_INSIDE)

    def frame(self) -> QRectF:
        """Return the place around it, without the axes."""
        line = self.fontMetrics().height() + 2
        side = max(min(self.width() - line, self.height() - line) - 4, 2 * _INSIDE + 1)
        return QRectF(line + 1, 2, side, side)

    def place_of(self, unit: int) -> QPointF:
        """Return where a unit's point is."""
        square, of = self.square(), self._saturation
        assert of is not None
        across, up = float(of.closed[unit]), float(of.open[unit])
        return QPointF(square.left() + across * square.width(), square.bottom() - up * square.height())

    def units_at(self, place: QPointF) -> list[int]:
        """Return the units of the point nearest to a place, if there is one; several may lie in one point."""
        square, of = self.square(), self._saturation
        if of is None:
            return []
        across, up = (place.x() - square.left()) / square.width(), (square.bottom() - place.y()) / square.height()
        apart = np.hypot(of.closed - across, of.open - up) * square.width()
        nearest = int(apart.argmin())
        if apart[nearest] > _REACH:
            return []
        return np.flatnonzero((of.closed == of.closed[nearest]) & (of.open == of.open[nearest])).tolist()

    def describe(self, units: list[int]) -> str:
        """Say which units lie in a point, and where it is."""
        if self._saturation is None or not units:
            return ""
        named = join_texts(f"{self._symbol}[{unit}]" for unit in units[:_LISTED])
        if len(units) > _LISTED:
            named = self.tr("{units} and {count} more").format(units=named, count=len(units) - _LISTED)
        return describe_fractions(named, self._saturation.closed[units[0]], self._saturation.open[units[0]])

    # the mouse and the keys

    def describe_at(self, position: QPointF) -> str:
        """Say which units are pointed at."""
        return self.describe(self.units_at(position))

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        """Show also by the cursor where a click selects a unit."""
        over_unit = bool(self.units_at(event.position()))
        self.setCursor(Qt.CursorShape.PointingHandCursor if over_unit else Qt.CursorShape.ArrowCursor)
        super().mouseMoveEvent(event)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """Select the unit that is clicked; of several the one after the selected one."""
        units = self.units_at(event.position())
        if event.button() == Qt.MouseButton.LeftButton and units:
            after = [unit for unit in units if self._selected and unit > self._unit]
            self.picked.emit((after if self._selected and self._unit in units and after else units)[0])

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Select the unit before or after with Up and Down."""
        by, of = rows_to_move(event), self._saturation
        if not by or of is None:
            super().keyPressEvent(event)
        else:
            self.picked.emit(min(max(self._unit + by, 0), len(of.open) - 1))

    # painting

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Draw the points, then the selected one over them."""
        painter, theme = QPainter(self), self._theme
        self._picture.prepare(self.size(), self.devicePixelRatioF(), self.font().toString(), self._draw)
        self._picture.reveal(painter, QPointF(), QRectF(self.rect()))
        frame = theme.accent if self.hasFocus() else theme.quantities[self.quantity] if self._selected else theme.grid
        painter.setPen(QPen(QColor(frame), 2.0 if self._selected or self.hasFocus() else 1.0))
        painter.drawRect(self.frame())
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        if self._saturation is not None and self._unit < len(self._saturation.open):
            self._draw_selected(painter, self.place_of(self._unit))

    def _draw(self, painter: QPainter) -> None:
        """Draw what stays as it is when another unit is selected."""
        painter.setFont(self.font())
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        self._draw_ground(painter, self.square())
        self._draw_axes(painter, self.square())
        self._draw_points(painter)

    def _draw_ground(self, painter: QPainter, square: QRectF) -> None:
        """Draw the background, shaded where no point can lie."""
        theme, frame = self._theme, self.frame()
        painter.fillRect(frame, QColor(theme.base))
        painter.setPen(QColor(theme.grid))
        for part in (0.0, 0.25, 0.5, 0.75, 1.0):
            x, y = square.left() + part * square.width(), square.top() + part * square.height()
            painter.drawLine(QPointF(x, square.top()), QPointF(x, square.bottom()))
            painter.drawLine(QPointF(square.left(), y), QPointF(square.right(), y))
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(QColor(theme.raised))
        painter.drawPolygon([frame.topLeft(), frame.topRight(), frame.bottomRight()])
        painter.setPen(QColor(theme.faint))
        painter.drawLine(frame.topLeft(), frame.bottomRight())

    def _draw_axes(self, painter: QPainter, square: QRectF) -> None:
        """Write along both sides what they stand for, with their ends."""
        line = float(self.fontMetrics().height() + 2)
        painter.setPen(QColor(self._theme.text))
        bottom = QRectF(square.left(), self.frame().bottom() + 1, square.width(), line)
        self._write_axis(painter, bottom, self.tr("closed"))
        painter.save()
        painter.translate(self.frame().left() - line, square.bottom())
        painter.rotate(-90)
        self._write_axis(painter, QRectF(0, 0, square.height(), line), self.tr("open"))
        painter.restore()

    def _write_axis(self, painter: QPainter, place: QRectF, name: str) -> None:
        align, wide = Qt.AlignmentFlag, self.fontMetrics().horizontalAdvance
        if place.width() >= wide(name):
            painter.drawText(place, align.AlignHCenter | align.AlignTop, name)
        if place.width() > wide(name) + 2 * wide("100 %") + 16:
            painter.drawText(place, align.AlignLeft | align.AlignTop, "0")
            painter.drawText(place, align.AlignRight | align.AlignTop, "100 %")

    def _draw_points(self, painter: QPainter) -> None:
        of = self._saturation
        if of is None:
            return
        colour = QColor(self._theme.quantities[self.quantity])
        colour.setAlpha(_OPAQUE)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(colour)
        _, firsts, counts = np.unique(np.stack([of.closed, of.open]), axis=1, return_index=True, return_counts=True)
        for unit, count in zip(firsts.tolist(), counts.tolist(), strict=True):
            radius = min(_RADIUS + log2(count), _LARGEST)
            painter.drawEllipse(self.place_of(unit), radius, radius)

    def _draw_selected(self, painter: QPainter, place: QPointF) -> None:
        """Draw the point of the selected unit, ringed, with its name beside it."""
        square, name = self.square(), f"{self._symbol}[{self._unit}]"
        painter.setPen(QPen(QColor(self._theme.text), 2.0))
        painter.setBrush(QColor(self._theme.quantities[self.quantity]))
        painter.drawEllipse(place, _RADIUS + 2.5, _RADIUS + 2.5)
        width, height = self.fontMetrics().horizontalAdvance(name), self.fontMetrics().height()
        left = place.x() + 9 if place.x() + 9 + width < self.frame().right() else place.x() - 9 - width
        top = min(max(place.y() - height / 2, square.top() + 1), square.bottom() - height - 1)
        painter.drawText(QRectF(left, top, width + 2, height), Qt.AlignmentFlag.AlignLeft, name)


def describe_fractions(whose: str, closed: float, opened: float) -> str:
    """Say both fractions; a line breaks between them."""
    text = QCoreApplication.translate("SaturationPlot", "{units}: closed {closed}, open {open}")
    text = text.replace(" ", NO_BREAK).replace(f",{NO_BREAK}", ", ")
    return text.format(units=whose, closed=format_percent(closed), open=format_percent(opened))
