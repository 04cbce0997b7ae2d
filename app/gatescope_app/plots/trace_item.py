"""One quantity over time inside a plot, revealed up to the cursor."""

from __future__ import annotations

import pyqtgraph as pg
from PySide6.QtCore import QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QPainter, QPen, QPixmap
from PySide6.QtWidgets import QStyleOptionGraphicsItem, QWidget

from gatescope_app.plots.picture import Curves, Overview, draw, line_pens
from gatescope_app.theme import Theme


class TraceItem(pg.GraphicsObject):
    """Shows `Curves` up to the current step, and the cursor line.

    A step only moves the edge up to which a ready picture is shown, whatever the number of units and steps.
    """

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self._theme = theme
        self._curves: Curves | None = None
        self._t = 0
        self._pixmap: QPixmap | None = None
        self._drawn_for: object = None
        self._overview = Overview()
        self._pens: dict[int, QPen] = {}

    @property
    def curves(self) -> Curves | None:
        """What is shown, None before there is anything."""
        return self._curves

    @property
    def revealed(self) -> int:
        """The last step that is shown."""
        return self._t

    def set_curves(self, curves: Curves | None, theme: Theme) -> None:
        """Show something else."""
        self.prepareGeometryChange()
        old, old_theme = self._curves, self._theme
        self._curves, self._theme = curves, theme
        self._pens = line_pens(curves, theme) if curves is not None and not curves.heat else {}
        if old is None or curves is None or theme is not old_theme or not curves.pictured_like(old):
            self._drawn_for = None
        self.update()

    def set_cursor_to(self, t: int) -> None:
        """Reveal up to step `t` and put the cursor there; only what lies between the two places is painted."""
        first, last = sorted((self._t, t))
        self._t = t
        area = self.boundingRect()
        margin = 0.5 + 8 * self.pixelWidth()  # half a cell of a heat map, and the dots
        self.update(QRectF(first - margin, area.top(), last - first + 2 * margin, area.height()))

    def boundingRect(self) -> QRectF:
        """Return the area of all steps in plot coordinates."""
        if self._curves is None:
            return QRectF()
        bottom, top = self._curves.rows
        return QRectF(-0.5, bottom, len(self._curves.values), top - bottom)

    def paint(self, painter: QPainter, _option: QStyleOptionGraphicsItem, _widget: QWidget | None = None) -> None:
        """Show the ready picture as far as was stepped, then the cursor."""
        if self._curves is None:
            return
        view: QRectF = self.getViewBox().viewRect()
        scale = painter.transform()
        # From here on one unit is one pixel, with y downwards; the origin stays the plot's (0, 0).
        painter.scale(1 / scale.m11(), 1 / scale.m22())
        area = QRectF(
            QPointF(view.left() * scale.m11(), view.bottom() * scale.m22()),
            QPointF(view.right() * scale.m11(), view.top() * scale.m22()),
        ).normalized()
        self._redraw_if_needed(view, area.size().toSize())
        cursor_x = self._t * scale.m11()
        edge = (self._t + 0.5) * scale.m11() if self._curves.heat else cursor_x
        painter.save()
        painter.setClipRect(QRectF(area.left(), area.top(), edge - area.left(), area.height()))
        if self._pixmap is not None:
            painter.drawPixmap(area.topLeft(), self._pixmap)
        painter.restore()
        self._draw_cursor(painter, cursor_x, area)
        if not self._curves.heat:
            self._draw_current(painter, cursor_x, scale.m22())

    def _redraw_if_needed(self, view: QRectF, size: QSize) -> None:
        widget = self.getViewWidget()
        ratio = widget.devicePixelRatioF() if widget is not None else 1.0
        needed = (view.getRect(), size.toTuple(), ratio)
        if needed != self._drawn_for and self._curves is not None:
            self._pixmap = draw(self._curves, view, size, ratio, self._theme, self._overview)
            self._drawn_for = needed

    def _draw_cursor(self, painter: QPainter, x: float, area: QRectF) -> None:
        pen = QPen(QColor(self._theme.cursor), 1.0)
        pen.setStyle(Qt.PenStyle.DashLine)
        painter.setPen(pen)
        painter.drawLine(QPointF(x, area.top()), QPointF(x, area.bottom()))

    def _draw_current(self, painter: QPainter, x: float, y_scale: float) -> None:
        """Put a dot on each line at the current step; at the first step it is all there is to see."""
        if self._curves is None:
            return
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(Qt.PenStyle.NoPen)
        values = self._curves.values[self._t]
        for unit, pen in self._pens.items():
            y = float(values[unit]) * y_scale
            if y == y:  # noqa: PLR0124 - NaN has no place
                radius = 4.5 if unit == self._curves.chosen else 2.8
                painter.setBrush(pen.color())
                painter.drawEllipse(QPointF(x, y), radius, radius)
