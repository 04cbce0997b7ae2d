"""What is drawn over the maps: the selected gate's blocks, the selected unit's rows, the cursor, edited numbers."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QPainter, QPen, QPolygonF

from gatescope_app.look.theme import Theme
from gatescope_app.panels.weights.layout import MapColumn, MapLayout
from gatescope_app.panels.weights.maps import SUM, GateBlock, MapPlace

if TYPE_CHECKING:
    from gatescope_app.state.session_state import State

_THIN, _THICK = 1.5, 3.0
_LOW = 4.0  # pixels; lower rows are marked beside them only
_CORNER = 7.0
_LEAST = 5.0  # pixels, of the cursor


@dataclass(frozen=True)
class Marks:
    """Draws them, in the coordinates of the layout.

    Parameters
    ----------
    layout : MapLayout
        Where the numbers lie.
    theme : Theme
        The colours.
    state : State
        What is selected and pointed at.
    """

    layout: MapLayout
    theme: Theme
    state: State

    def draw(self, painter: QPainter, edited: Iterable[MapPlace], cursor: MapPlace | None, *, has_focus: bool) -> None:
        """Draw all of them."""
        for column, block, rect in self.layout.blocks():
            self._unit(painter, column, block, rect)
        for column, block, rect in self.layout.blocks():
            width = self._outline(column, block)
            if width:
                _frame(painter, rect, QColor(self.theme.quantities[block.gate]), width)
        if cursor is not None:
            self._cursor(painter, cursor, has_focus=has_focus)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        for place in edited:
            self._corner(painter, place)

    def _outline(self, column: MapColumn, block: GateBlock) -> float:
        """Return how thick a block's outline is, 0 for none."""
        pointed, selected = self.state.pointed, block.gate == self.state.quantity
        kinds = ("b_ih", "b_hh") if column.one.kind == SUM else (column.one.kind,)
        whole = column.one.kind == "w_hr"  # belongs to no gate
        if pointed in kinds and (selected or whole):
            return _THICK
        if pointed is not None and pointed in self._names(block):
            return _THICK
        return _THIN if selected else 0

    def _names(self, block: GateBlock) -> tuple[str | None, ...]:
        quantities = self.layout.maps.spec.cell.quantities
        return next((each.name, each.preactivation) for each in quantities if each.name == block.gate)

    def _unit(self, painter: QPainter, column: MapColumn, block: GateBlock, rect: QRectF) -> None:
        """Mark the selected unit's row; of a projection its column, unless the unit is one of h."""
        unit = self.state.focus.unit
        if column.one.kind == "w_hr" and self.state.quantity != "h":
            place = MapPlace("w_hr", 0, unit)
            self._line(painter, self.layout.rect(place) | self.layout.rect(place._replace(row=block.size - 1)))
        elif unit < block.size:
            row = QRectF(rect.left(), rect.top() + unit * self.layout.cell.height(), rect.width(), 0)
            row.setHeight(self.layout.cell.height())
            self._line(painter, row)
            self._arrow(painter, row)

    def _line(self, painter: QPainter, rect: QRectF) -> None:
        if min(rect.width(), rect.height()) >= _LOW:
            _frame(painter, rect, QColor(self.theme.cursor), 1.0)

    def _arrow(self, painter: QPainter, row: QRectF) -> None:
        """Point at a row from the left."""
        tip, painter_hint = QPointF(row.left() - 1, row.center().y()), QPainter.RenderHint.Antialiasing
        painter.setRenderHint(painter_hint)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(QColor(self.theme.cursor))
        painter.drawPolygon(QPolygonF([tip, tip + QPointF(-4, -3), tip + QPointF(-4, 3)]))
        painter.setRenderHint(painter_hint, on=False)

    def _corner(self, painter: QPainter, place: MapPlace) -> None:
        """Fold the corner of a number that was edited; of a small one, cover it."""
        rect = self.layout.rect(place)
        size = max(min(_CORNER, rect.width() * 0.6, rect.height() * 0.6), 3.0)
        corner = rect.topRight()
        painter.setPen(QPen(QColor(self.theme.base), 1))
        painter.setBrush(QColor(self.theme.breakpoint))
        painter.drawPolygon(QPolygonF([corner, corner - QPointF(size, 0), corner + QPointF(0, size)]))

    def _cursor(self, painter: QPainter, cursor: MapPlace, *, has_focus: bool) -> None:
        rect = self.layout.rect(cursor)
        wide, high = max(_LEAST - rect.width(), 0) / 2, max(_LEAST - rect.height(), 0) / 2
        rect.adjust(-wide, -high, wide, high)
        _frame(painter, rect, QColor(self.theme.base), 4.0 if has_focus else 3.0)
        _frame(painter, rect, QColor(self.theme.accent), 2.0 if has_focus else 1.0)


def _frame(painter: QPainter, rect: QRectF, colour: QColor, width: float) -> None:
    pen = QPen(colour, width)
    pen.setJoinStyle(Qt.PenJoinStyle.MiterJoin)
    painter.setPen(pen)
    painter.setBrush(Qt.BrushStyle.NoBrush)
    painter.drawRect(rect)
