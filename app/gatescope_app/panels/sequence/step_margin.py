"""The margin of a list of steps: breakpoints are set there, and what stops a walk is marked."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import numpy as np
from PySide6.QtCore import QCoreApplication, QEvent, QPointF, QRect, QRectF, Qt, Signal
from PySide6.QtGui import QColor, QMouseEvent, QPainter, QPaintEvent, QPen, QPolygonF

from gatescope.debugging.breakpoints import Breakpoint
from gatescope.debugging.hits import Hits, PlaceNumbers
from gatescope.modules.spec import Direction
from gatescope_app.look.theme import LIGHT, Theme
from gatescope_app.state.session_state import State
from gatescope_app.widgets.breakpoint_texts import describe_breakpoint
from gatescope_app.widgets.plain_table import PlainTable
from gatescope_app.widgets.table_model import TableModel

SET, RESTING, HIT, CURRENT = "●", "○", "◇", "➤"

_NO_STEPS: PlaceNumbers = np.empty(0, dtype=np.int64)


class StepMarks:
    """The marks of the steps of the cell looked at."""

    def __init__(self) -> None:
        self._breakpoints: tuple[Breakpoint, ...] = ()
        self._set: dict[int, bool] = {}  # the steps with a breakpoint of their own, and whether it acts
        self._hits: Hits | None = None
        self._found: dict[tuple[int, Direction], PlaceNumbers] = {}  # of the cells looked at so far
        self._steps = _NO_STEPS

    def follow(self, state: State) -> bool:
        """Take over what is set and hit now; return whether any mark may be another one."""
        before = self._breakpoints, self._steps
        if self._breakpoints is not state.breakpoints:
            self._breakpoints = state.breakpoints
            plain = (one for one in state.breakpoints if not one.condition)
            self._set = {one.t: one.enabled for one in plain if one.t is not None}
        if self._hits is not state.hits:
            self._hits, self._found = state.hits, {}
        self._steps = self._steps_of(state)
        return before[0] is not self._breakpoints or before[1] is not self._steps

    def _steps_of(self, state: State) -> PlaceNumbers:
        """Return where a walk stops in the cell; found once for each cell, for a walk goes through all of them."""
        if state.hits is None:
            return _NO_STEPS
        layer, direction = state.cursor.layer, state.cursor.direction
        if (layer, direction) not in self._found:
            self._found[layer, direction] = state.hits.steps(layer, direction)
        return self._found[layer, direction]

    def at(self, t: int) -> str:
        """Return the mark of a step; empty for none."""
        if t in self._set:
            return SET if self._set[t] else RESTING
        place = int(np.searchsorted(self._steps, t))
        return HIT if place < len(self._steps) and self._steps[place] == t else ""


def margin_tip(marks: StepMarks, state: State, t: int) -> str:
    """Say what a click in the margin of a step does, and which conditions stop a walk there."""
    translate, mark, hits = QCoreApplication.translate, marks.at(t), state.hits
    if mark == SET:
        tip = translate("breakpoints", "t = {t}: a breakpoint. Click to remove it (F9 at the current step)")
    elif mark == RESTING:
        tip = translate("breakpoints", "t = {t}: a breakpoint, switched off. Click to remove it")
    else:
        tip = translate("breakpoints", "t = {t}: click to stop here (F9 at the current step)")
    stopping = []
    if hits is not None:
        place = replace(state.cursor, t=t)
        stopping = [hits.breakpoints[index] for index in hits.at(hits.order.number(place))]
    also = QCoreApplication.translate("breakpoints", "A walk stops here: {what}")
    conditions = (also.format(what=describe_breakpoint(one)) for one in stopping if one.condition)
    return "\n".join([tip.format(t=t), *conditions])


class MarginTable(PlainTable):
    """A table whose first column is a margin: a click there asks for a breakpoint, and selects nothing.

    Parameters
    ----------
    model : TableModel
        The rows.
    mark : callable
        Returns the mark of a row, with an arrow where it is the current one.

    Signals
    -------
    margin_clicked(int)
        In this row.
    """

    margin_clicked = Signal(int)

    def __init__(self, model: TableModel[Any], mark: Callable[[int], str]) -> None:
        super().__init__(model)
        self.theme: Theme = LIGHT
        self._mark = mark
        self._hovered = -1  # the row whose margin the mouse is over
        self._pressed = False  # in the margin: to drag from there is not to drag through the rows
        self.setMouseTracking(True)

    def update_margin(self) -> None:
        """Draw the margin again."""
        self.viewport().update(QRect(0, 0, self.columnWidth(0), self.viewport().height()))

    # the mouse

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """Tell of a click in the margin."""
        row = self._row_of_margin(event)
        self._pressed = row >= 0
        if row < 0:
            super().mousePressEvent(event)
        elif event.button() == Qt.MouseButton.LeftButton:
            self.margin_clicked.emit(row)

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        """Take a quick second click for what it is."""
        if self._row_of_margin(event) >= 0:
            self.mousePressEvent(event)
        else:
            super().mouseDoubleClickEvent(event)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        """Show in the margin where a click would set a breakpoint."""
        self._hover(self._row_of_margin(event))
        if not self._pressed:
            super().mouseMoveEvent(event)

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        """End what began in the margin."""
        pressed, self._pressed = self._pressed, False
        if not pressed:
            super().mouseReleaseEvent(event)

    def leaveEvent(self, event: QEvent) -> None:
        """Show nothing where the mouse is not."""
        self._hover(-1)
        super().leaveEvent(event)

    def _row_of_margin(self, event: QMouseEvent) -> int:
        """Return the row that an event is in the margin of; -1 for none."""
        place = event.position().toPoint()
        return self.rowAt(place.y()) if place.x() < self.columnWidth(0) else -1

    def _hover(self, row: int) -> None:
        if row != self._hovered:
            self._hovered = row
            self.viewport().setCursor(Qt.CursorShape.ArrowCursor if row < 0 else Qt.CursorShape.PointingHandCursor)
            self.update_margin()

    # painting

    def paintEvent(self, event: QPaintEvent) -> None:
        """Draw the rows, and the margin over them."""
        super().paintEvent(event)
        width = self.columnWidth(0)
        if event.rect().left() >= width:
            return
        painter = QPainter(self.viewport())
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.fillRect(QRect(0, event.rect().top(), width - 1, event.rect().height()), QColor(self.theme.raised))
        for row in self.rows_in(event.rect()):
            area = QRect(0, self.rowViewportPosition(row), width - 1, self.rowHeight(row) - 1)
            self._paint_marks(painter, area, self._mark(row), hovered=row == self._hovered)

    def _paint_marks(self, painter: QPainter, area: QRect, mark: str, *, hovered: bool) -> None:
        """Draw the mark in the left half, the arrow in the right one."""
        half, size = area.width() / 2, self.fontMetrics().height()
        y = area.top() + area.height() / 2
        left, right = QPointF(half / 2 + 1, y), QPointF(half * 1.5 - 1, y)
        colour = QColor(self.theme.breakpoint)
        if hovered and SET not in mark and RESTING not in mark:
            painter.setOpacity(0.4)
            _draw_dot(painter, left, size, colour, filled=True)
            painter.setOpacity(1)
        elif SET in mark or RESTING in mark:
            _draw_dot(painter, left, size, colour, filled=SET in mark)
        elif HIT in mark:
            _draw_diamond(painter, left, size, colour)
        if CURRENT in mark:
            _draw_arrow(painter, right, size, QColor(self.theme.accent))


def _draw_dot(painter: QPainter, centre: QPointF, size: float, colour: QColor, *, filled: bool) -> None:
    width = size / 9
    radius = size * 0.32 - (0 if filled else width / 2)
    painter.setPen(Qt.PenStyle.NoPen if filled else QPen(colour, width))
    painter.setBrush(colour if filled else Qt.BrushStyle.NoBrush)
    painter.drawEllipse(QRectF(centre.x() - radius, centre.y() - radius, 2 * radius, 2 * radius))


def _draw_diamond(painter: QPainter, centre: QPointF, size: float, colour: QColor) -> None:
    reach = size * 0.29
    painter.setPen(QPen(colour, size / 10))
    painter.setBrush(Qt.BrushStyle.NoBrush)
    painter.drawPolygon(_around(centre, [(0, -reach), (reach, 0), (0, reach), (-reach, 0)]))


def _draw_arrow(painter: QPainter, centre: QPointF, size: float, colour: QColor) -> None:
    x, y = size * 0.34, size * 0.32
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(colour)
    painter.drawPolygon(_around(centre, [(-x, -y), (x, 0), (-x, y), (-x / 2, 0)]))


def _around(centre: QPointF, points: list[tuple[float, float]]) -> QPolygonF:
    return QPolygonF([centre + QPointF(x, y) for x, y in points])
