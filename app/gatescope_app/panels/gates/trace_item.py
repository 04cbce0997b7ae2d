"""One quantity over time inside a plot, revealed as far as it is computed."""

from __future__ import annotations

from typing import Any

import numpy as np
import pyqtgraph as pg
from numpy.typing import NDArray
from PySide6.QtCore import QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QPainter, QPen
from PySide6.QtWidgets import QStyleOptionGraphicsItem, QWidget

from gatescope_app.look.reduction import Overview
from gatescope_app.look.theme import Theme
from gatescope_app.widgets.line_picture import Curves, draw_curves, line_pens
from gatescope_app.widgets.ready_picture import ReadyPicture

Steps = NDArray[np.integer[Any]]


class TraceItem(pg.GraphicsObject):
    """Shows `Curves` as far as they are known, the cursor line, and ticks where breakpoints are hit.

    A step only moves the edge up to which a ready picture is shown, whatever the number of units and steps.
    """

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self._theme = theme
        self._curves: Curves | None = None
        self._t = 0
        self._known = range(1)
        self._ticks: Steps = np.empty(0, dtype=np.int64)
        self._tick_columns: list[int] = []  # where they are, in pixels
        self._picture = ReadyPicture()
        self._ticks_for: object = None
        self._overview = Overview()
        self._pens: dict[int, QPen] = {}

    @property
    def curves(self) -> Curves | None:
        """What is shown, None before there is anything."""
        return self._curves

    @property
    def known(self) -> range:
        """The steps that are shown."""
        return self._known

    @property
    def ticks(self) -> Steps:
        """The steps at which a breakpoint is hit."""
        return self._ticks

    def set_curves(self, curves: Curves | None, theme: Theme) -> None:
        """Show something else."""
        self.prepareGeometryChange()
        old, old_theme = self._curves, self._theme
        self._curves, self._theme = curves, theme
        self._pens = line_pens(curves, theme) if curves is not None and not curves.heat else {}
        if old is None or curves is None or theme is not old_theme or not curves.pictured_like(old):
            self._picture.forget()
        self.update()

    def set_ticks(self, steps: Steps) -> None:
        """Mark other steps as those at which a breakpoint is hit."""
        self._ticks, self._ticks_for = steps, None
        self.update()

    def set_cursor_to(self, t: int, known: range) -> None:
        """Put the cursor at step `t`, and show the steps that are known; only what changes is painted."""
        places = {self._t, t}
        for old, new in ((self._known.start, known.start), (self._known.stop, known.stop)):
            # A line ends at the last step that is known, half a step before the one that is not.
            places |= {old - 1, old, new - 1, new} if old != new else set()
        first, last = min(places), max(places)
        self._t, self._known = t, known
        area = self.boundingRect()
        margin = 0.5 + 8 * self.pixelWidth()  # half a cell of a heat map, and the dots
        self._update_at_once(QRectF(first - margin, area.top(), last - first + 2 * margin, area.height()))

    def _update_at_once(self, area: QRectF) -> None:
        """Have an area painted with all else that changes: a scene has its view painted by itself, one by one."""
        widget = self.getViewWidget()
        if widget is not None:
            widget.updateScene([self.mapRectToScene(area)])

    def boundingRect(self) -> QRectF:
        if self._curves is None:
            return QRectF()
        bottom, top = self._curves.rows
        return QRectF(-0.5, bottom, len(self._curves.values), top - bottom)

    def paint(self, painter: QPainter, _option: QStyleOptionGraphicsItem, _widget: QWidget | None = None) -> None:
        """Show the ready picture as far as it is known, then the ticks and the cursor."""
        if self._curves is None:
            return
        view: QRectF = self.getViewBox().viewRect()
        scale = painter.transform()
        if not scale.m11() or not scale.m22():  # a plot squeezed to nothing
            return
        # From here on one unit is one pixel, with y downwards; the origin stays the plot's (0, 0).
        painter.scale(1 / scale.m11(), 1 / scale.m22())
        area = QRectF(
            QPointF(view.left() * scale.m11(), view.bottom() * scale.m22()),
            QPointF(view.right() * scale.m11(), view.top() * scale.m22()),
        ).normalized()
        self._redraw_if_needed(self._curves, view, area.size().toSize())
        cursor_x = self._t * scale.m11()
        self._draw_known(painter, area, scale.m11())
        self._draw_ticks(painter, area)
        self._draw_cursor(painter, cursor_x, area)
        if not self._curves.heat and self._t in self._known:
            self._draw_current(painter, cursor_x, scale.m22())

    def _redraw_if_needed(self, curves: Curves, view: QRectF, size: QSize) -> None:
        widget = self.getViewWidget()
        ratio = widget.devicePixelRatioF() if widget is not None else 1.0

        def draw(painter: QPainter) -> None:
            draw_curves(painter, curves, view, size, self._theme, self._overview)

        self._picture.prepare(size, ratio, view.getRect(), draw)
        needed = (view.getRect(), size.width())
        if needed != self._ticks_for:
            self._tick_columns = _columns(self._ticks, view, size.width())
            self._ticks_for = needed

    def _draw_known(self, painter: QPainter, area: QRectF, x_scale: float) -> None:
        """Show the ready picture as far as the steps are known."""
        if self._curves is None or not self._known:
            return
        beyond = 0.5 if self._curves.heat else 0.0  # a cell of a heat map is a step wide, a line ends at its step
        whole = len(self._curves.values)
        left = area.left() if self._known.start == 0 else (self._known.start - beyond) * x_scale
        right = area.right() if self._known.stop == whole else (self._known.stop - 1 + beyond) * x_scale
        self._picture.reveal(painter, area.topLeft(), QRectF(left, area.top(), right - left, area.height()))

    def _draw_ticks(self, painter: QPainter, area: QRectF) -> None:
        """Mark at the top where breakpoints are hit."""
        painter.setPen(QPen(QColor(self._theme.breakpoint), 2.0))
        for column in self._tick_columns:
            x = area.left() + column
            painter.drawLine(QPointF(x, area.top()), QPointF(x, area.top() + 7))

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


def _columns(steps: Steps, view: QRectF, width: int) -> list[int]:
    """Return the columns of pixels in which steps lie, each once, of those that are in view."""
    if not len(steps) or view.width() <= 0:
        return []
    columns = np.rint((steps - view.left()) * (width / view.width())).astype(np.int64)
    inside: list[int] = np.unique(columns[(columns >= 0) & (columns <= width)]).tolist()
    return inside
