"""What lies below the numbers of a cell: wires, boxes and nodes, and what of them stands out."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from PySide6.QtCore import QLineF, QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QPainter, QPainterPath, QPen
from PySide6.QtWidgets import QGraphicsItem

from gatescope_app.look.theme import Theme
from gatescope_app.panels.diagram.cell_layout import Box, CellLayout, OperationNode, Wire, WireStrip, grown
from gatescope_app.panels.diagram.drawing_items import DrawingFont, DrawingItem, Symbol, arrow_head, mixed, translucent

_GLOW = 9.0  # the width around a wire


@dataclass(frozen=True)
class Emphasis:
    """What stands out.

    Parameters
    ----------
    phase : str
        What was just computed; empty for nothing.
    quantity : str
        The selected one.
    pointed : str or None
        What the mouse is over, as in `Session.point_at`.
    """

    phase: str = ""
    quantity: str = ""
    pointed: str | None = None


class Highlight(DrawingItem):
    """What was just computed and from what, what is selected, and what is pointed at; below the strips."""

    def __init__(self, layout: CellLayout, theme: Theme) -> None:
        super().__init__(layout.area)
        self._layout, self._theme = layout, theme
        self.emphasis = Emphasis()
        self.setCacheMode(QGraphicsItem.CacheMode.DeviceCoordinateCache)  # a step from h to h leaves it as it is

    def show_emphasis(self, emphasis: Emphasis) -> None:
        """Let something else stand out."""
        if emphasis != self.emphasis:
            self.emphasis = emphasis
            self.update()

    # what it is

    def fed(self) -> list[Wire]:
        """Return the wires that carry what the phase read."""
        return [wire for wire in self._layout.wires if self.emphasis.phase in wire.into]

    def computed(self) -> list[QRectF]:
        """Return where the boxes and nodes are that the phase went through."""
        phase = self.emphasis.phase
        if phase == "preactivations":  # a gate that waits for another one has none yet
            gates = (box for box in self._layout.boxes if box.is_gate)
            return [box.area for box in gates if all(phase in wire.into for wire in self._feeding(box))]
        parts: tuple[Box | OperationNode, ...] = (*self._layout.boxes, *self._layout.nodes)
        return [part.area for part in parts if part.makes == phase]

    def _feeding(self, box: Box) -> list[Wire]:
        return [wire for wire in self._layout.wires if wire.arrow and _ends_in(wire, box.area)]

    def pointed_strips(self) -> list[WireStrip]:
        """Return the strips of what is pointed at."""
        return [strip for strip in self._layout.strips if strip.name == self.emphasis.pointed]

    def pointed_boxes(self) -> list[Box]:
        """Return the boxes of what is pointed at; weights and biases are those of the selected gate."""
        pointed, selected = self.emphasis.pointed, self.emphasis.quantity
        if pointed == "w_hr":
            return [box for box in self._layout.boxes if box.text == "W_hr"]
        makes = selected if pointed in ("w_ih", "w_hh", "b_ih", "b_hh") else str(pointed).removeprefix("z_")
        return [box for box in self._layout.boxes if box.is_gate and box.makes == makes]

    def pointed_wires(self) -> list[Wire]:
        """Return the wires that carry what is pointed at."""
        return [wire for wire in self._layout.wires if wire.carries == self.emphasis.pointed]

    # painting

    def draw(self, painter: QPainter) -> None:
        """Draw all of it."""
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        self._draw_executed(painter)
        self._draw_pointed(painter)
        self._draw_selected(painter)

    def _draw_executed(self, painter: QPainter) -> None:
        glow = translucent(self._theme.accent, 0.353)
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.setPen(QPen(glow, _GLOW, c=Qt.PenCapStyle.RoundCap, j=Qt.PenJoinStyle.RoundJoin))
        for wire in self.fed():
            painter.drawPath(wire.path(6 if wire.arrow else 0))
        for area in self._glowing():
            painter.setPen(QPen(glow, _GLOW))
            painter.drawRoundedRect(grown(area, 2), 8, 8)
            painter.setPen(QPen(QColor(self._theme.accent), 2.6))
            painter.drawRoundedRect(grown(area, 1), 7, 7)

    def _glowing(self) -> Iterator[QRectF]:
        yield from self.computed()
        for strip in self._layout.strips:
            fresh = strip.name in ("x", "h_before", "c_before") if self.emphasis.phase == "input" else None
            if fresh or strip.name == self.emphasis.phase:
                yield strip.rect

    def _draw_pointed(self, painter: QPainter) -> None:
        colour = translucent(self._theme.accent, 0.1883)
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.setPen(QPen(colour, _GLOW, j=Qt.PenJoinStyle.RoundJoin))
        for wire in self.pointed_wires():
            painter.drawPath(wire.path())
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(colour)
        areas = [self._around(strip) for strip in self.pointed_strips()]
        areas += [box.area for box in self.pointed_boxes() if not any(area.contains(box.area) for area in areas)]
        for area in areas:
            painter.drawRoundedRect(grown(area, 4), 8, 8)

    def _around(self, strip: WireStrip) -> QRectF:
        """Return the area of a strip with what it belongs to: the box that makes a gate, else its text."""
        box = next((box for box in self._layout.boxes if box.makes == strip.name), None)
        return strip.rect.united(strip.text_rect if box is None or not strip.upright else box.area)

    def _draw_selected(self, painter: QPainter) -> None:
        painter.setBrush(Qt.BrushStyle.NoBrush)
        colour = QColor(self._theme.quantities.get(self.emphasis.quantity, self._theme.text))
        painter.setPen(QPen(colour, 2.2, Qt.PenStyle.SolidLine))
        for strip in self._layout.strips:
            if strip.name == self.emphasis.quantity:
                painter.drawRoundedRect(grown(self._around(strip), 5), 8, 8)


def _ends_in(wire: Wire, area: QRectF) -> bool:
    """Whether a wire ends at the edge of an area."""
    return grown(area, 1).contains(*wire.points[-1])


_WIRE = 2.6
_ARROW, _ARROW_HALF_WIDTH = 10.0, 5.4
_GAP = 13.0  # in a wire where another passes over it
_TINT = 0.16  # of a gate's colour in its box


class Background:
    """What stays the same at every step: the frame, the wires, the boxes and the nodes.

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
            painter.setPen(QColor(quantity_colour(self._theme, label.coloured)))
            DrawingFont.current().draw_symbol(painter, Symbol(label.text, label.below), label.x, label.y)

    def _draw_wire(self, painter: QPainter, wire: Wire) -> None:
        colour = QColor(quantity_colour(self._theme, self._layout.colour_quantity(wire)))
        painter.setBrush(Qt.BrushStyle.NoBrush)
        if wire.over is not None:
            painter.setPen(QPen(QColor(self._theme.base), _GAP, c=Qt.PenCapStyle.FlatCap))
            painter.drawPath(_near(wire))
        painter.setPen(QPen(colour, _WIRE, c=Qt.PenCapStyle.FlatCap))
        painter.drawPath(wire.path(_ARROW - 1 if wire.arrow else 0))
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(colour)
        if wire.dot:
            painter.drawEllipse(QPointF(*wire.points[0]), 4.2, 4.2)
        if wire.arrow:
            ends = (QPointF(*point) for point in wire.points[-2:])
            painter.drawPolygon(arrow_head(QLineF(*ends), _ARROW, _ARROW_HALF_WIDTH))

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
            DrawingFont.current().draw_formula(painter, box.area.adjusted(5, 0, -5, 0), box.text)

    def _draw_node(self, painter: QPainter, node: OperationNode) -> None:
        painter.setPen(QPen(QColor(self._theme.faint), 1.5))
        painter.setBrush(QColor(self._theme.raised))
        painter.drawEllipse(node.area)
        painter.setPen(QPen(QColor(self._theme.text), 2.0, c=Qt.PenCapStyle.RoundCap))
        if node.text in _STROKES:
            painter.drawLines([_stroke(node, *ends) for ends in _STROKES[node.text]])
        else:
            DrawingFont.current().draw_fitting(painter, node.area.adjusted(2, 0, -2, 0), node.text, side=0.5)


_STROKES = {
    "×": ((-4.6, -4.6, 4.6, 4.6), (-4.6, 4.6, 4.6, -4.6)),
    "+": ((-6.2, 0.0, 6.2, 0.0), (0.0, -6.2, 0.0, 6.2)),
}
"""Signs that are drawn, not written: in type they sit above or below the middle, in every font elsewhere."""


def _stroke(node: OperationNode, x1: float, y1: float, x2: float, y2: float) -> QLineF:
    return QLineF(node.x + x1, node.y + y1, node.x + x2, node.y + y2)


def tinted(theme: Theme, colour: str) -> QColor:
    """Return the background with a little of a colour in it, on which text reads as well."""
    return mixed(colour, theme.base, _TINT)


def quantity_colour(theme: Theme, coloured: str) -> str:
    """Return the colour of a quantity; of what is none, "x", that of text."""
    return theme.quantities.get(coloured, theme.faint)


def _near(wire: Wire) -> QPainterPath:
    """Return the part of a wire around where it passes over another."""
    assert wire.over is not None
    (x, y), ends = wire.over, (wire.points[0], wire.points[-1])
    upright = any(x == end[0] for end in ends)
    half = QPointF(0, 7) if upright else QPointF(7, 0)
    path = QPainterPath(QPointF(x, y) - half)
    path.lineTo(QPointF(x, y) + half)
    return path
