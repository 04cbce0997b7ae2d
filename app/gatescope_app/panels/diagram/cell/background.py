"""What of the drawing stays the same at every step: the frame, the wires, the boxes and the nodes."""

from __future__ import annotations

from PySide6.QtCore import QLineF, QPointF, Qt
from PySide6.QtGui import QColor, QPainter, QPainterPath, QPen, QPolygonF

from gatescope_app.look.theme import Theme
from gatescope_app.panels.diagram.cell.layout import Box, CellLayout, OperationNode, Wire
from gatescope_app.panels.diagram.cell.symbols import Symbol, Type

WIDE = 2.6
"""How wide wires are."""
_ARROW = 10.0
_GAP = 13.0  # in a wire where another passes over it
_TINT = 0.16  # of a gate's colour in its box


class Background:
    """Draws it.

    Parameters
    ----------
    layout : CellLayout
        What there is to draw.
    theme : Theme
        The colours.
    """

    def __init__(self, layout: CellLayout, theme: Theme) -> None:
        self._layout, self._theme = layout, theme

    def draw(self, painter: QPainter) -> None:
        """Draw all of it."""
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(QPen(QColor(self._theme.grid), 1.5))
        painter.setBrush(QColor(self._theme.base))
        painter.drawRoundedRect(self._layout.body, 14, 14)
        for wire in self._layout.wires:
            self._draw_wire(painter, wire)
        for box in self._layout.boxes:
            self._draw_box(painter, box)
        for node in self._layout.nodes:
            self._draw_node(painter, node)
        for label in self._layout.labels:
            painter.setPen(QColor(colour_of(self._theme, label.coloured)))
            Type.current().draw_symbol(painter, Symbol(label.text, label.below), label.x, label.y)

    def _draw_wire(self, painter: QPainter, wire: Wire) -> None:
        colour = QColor(colour_of(self._theme, self._layout.colour_of(wire)))
        painter.setBrush(Qt.BrushStyle.NoBrush)
        if wire.over is not None:
            painter.setPen(QPen(QColor(self._theme.base), _GAP, c=Qt.PenCapStyle.FlatCap))
            painter.drawPath(_near(wire))
        painter.setPen(QPen(colour, WIDE, c=Qt.PenCapStyle.FlatCap))
        painter.drawPath(wire.path(_ARROW - 1 if wire.arrow else 0))
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(colour)
        if wire.dot:
            painter.drawEllipse(QPointF(*wire.points[0]), 4.2, 4.2)
        if wire.arrow:
            painter.drawPolygon(arrow(wire))

    def _draw_box(self, painter: QPainter, box: Box) -> None:
        painter.setPen(QPen(QColor(self._theme.faint), 1.5))
        painter.setBrush(QColor(self._theme.raised))
        if box.is_gate:
            colour = self._theme.quantities[box.makes]
            painter.setPen(QPen(QColor(colour), 1.8))
            painter.setBrush(tinted(self._theme, colour))
        painter.drawRoundedRect(box.area, 6, 6)
        if not box.is_gate:
            painter.setPen(QColor(self._theme.text))
            Type.current().draw_formula(painter, box.area.adjusted(5, 0, -5, 0), box.text)

    def _draw_node(self, painter: QPainter, node: OperationNode) -> None:
        painter.setPen(QPen(QColor(self._theme.faint), 1.5))
        painter.setBrush(QColor(self._theme.raised))
        painter.drawEllipse(node.area)
        painter.setPen(QPen(QColor(self._theme.text), 2.0, c=Qt.PenCapStyle.RoundCap))
        if node.text in _STROKES:
            painter.drawLines([_stroke(node, *ends) for ends in _STROKES[node.text]])
        else:
            Type.current().draw_fitting(painter, node.area.adjusted(2, 0, -2, 0), node.text, side=0.5)


_STROKES = {
    "×": ((-4.6, -4.6, 4.6, 4.6), (-4.6, 4.6, 4.6, -4.6)),
    "+": ((-6.2, 0.0, 6.2, 0.0), (0.0, -6.2, 0.0, 6.2)),
}
"""Signs that are drawn, not written: in type they sit above or below the middle, in every font elsewhere."""


def _stroke(node: OperationNode, x1: float, y1: float, x2: float, y2: float) -> QLineF:
    return QLineF(node.x + x1, node.y + y1, node.x + x2, node.y + y2)


def tinted(theme: Theme, colour: str) -> QColor:
    """Return the background with a little of a colour in it, on which text reads as well."""
    parts = zip(QColor(theme.base).getRgb()[:3], QColor(colour).getRgb()[:3], strict=True)  # type: ignore[index]  # PySide types it as object
    return QColor(*(round(a + (b - a) * _TINT) for a, b in parts))


def colour_of(theme: Theme, coloured: str) -> str:
    """Return the colour of a quantity; of what is none, "x", that of text."""
    return theme.quantities.get(coloured, theme.faint)


def arrow(wire: Wire) -> QPolygonF:
    """Return the head of a wire's arrow."""
    (x0, y0), (x1, y1) = wire.points[-2:]
    along = QPointF((x1 > x0) - (x1 < x0), (y1 > y0) - (y1 < y0))
    across, tip = QPointF(-along.y(), along.x()), QPointF(x1, y1)
    return QPolygonF([tip, tip - along * _ARROW + across * 5.4, tip - along * _ARROW - across * 5.4])


def _near(wire: Wire) -> QPainterPath:
    """Return the part of a wire around where it passes over another."""
    assert wire.over is not None
    (x, y), ends = wire.over, (wire.points[0], wire.points[-1])
    upright = any(x == end[0] for end in ends)
    half = QPointF(0, 7) if upright else QPointF(7, 0)
    path = QPainterPath(QPointF(x, y) - half)
    path.lineTo(QPointF(x, y) + half)
    return path
