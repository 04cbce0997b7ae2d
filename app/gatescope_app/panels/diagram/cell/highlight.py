"""What stands out in the drawing: what was just computed and from what, what is selected, what is pointed at."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QColor, QPainter, QPen
from PySide6.QtWidgets import QGraphicsItem, QStyleOptionGraphicsItem, QWidget

from gatescope_app.look.theme import Theme
from gatescope_app.panels.diagram.cell.layout import Box, CellLayout, OperationNode, Tag, Wire, grown

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


class Highlight(QGraphicsItem):
    """Draws it below the strips."""

    def __init__(self, layout: CellLayout, theme: Theme) -> None:
        super().__init__()
        self._layout, self._theme = layout, theme
        self.emphasis = Emphasis()
        self.setCacheMode(QGraphicsItem.CacheMode.DeviceCoordinateCache)  # a step from h to h leaves it as it is

    def show_emphasis(self, emphasis: Emphasis) -> None:
        """Let something else stand out."""
        if emphasis != self.emphasis:
            self.emphasis = emphasis
            self.update()

    def boundingRect(self) -> QRectF:
        """Return the area of the drawing."""
        return self._layout.area

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

    def pointed_tags(self) -> list[Tag]:
        """Return the strips of what is pointed at."""
        return [tag for tag in self._layout.tags if tag.name == self.emphasis.pointed]

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

    def paint(self, painter: QPainter, _option: QStyleOptionGraphicsItem, _widget: QWidget | None = None) -> None:
        """Draw all of it."""
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        self._draw_executed(painter)
        self._draw_pointed(painter)
        self._draw_selected(painter)

    def _draw_executed(self, painter: QPainter) -> None:
        glow = QColor(self._theme.accent)
        glow.setAlpha(90)
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
        for tag in self._layout.tags:
            fresh = tag.name in ("x", "h_before", "c_before") if self.emphasis.phase == "input" else None
            if fresh or tag.name == self.emphasis.phase:
                yield tag.strip

    def _draw_pointed(self, painter: QPainter) -> None:
        colour = QColor(self._theme.accent)
        colour.setAlpha(48)
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.setPen(QPen(colour, _GLOW, j=Qt.PenJoinStyle.RoundJoin))
        for wire in self.pointed_wires():
            painter.drawPath(wire.path())
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(colour)
        areas = [self._around(tag) for tag in self.pointed_tags()]
        areas += [box.area for box in self.pointed_boxes() if not any(area.contains(box.area) for area in areas)]
        for area in areas:
            painter.drawRoundedRect(grown(area, 4), 8, 8)

    def _around(self, tag: Tag) -> QRectF:
        """Return the area of a strip with what it belongs to: the box that makes a gate, else its text."""
        box = next((box for box in self._layout.boxes if box.is_gate and box.makes == tag.name), None)
        return tag.strip.united(tag.text if box is None or not tag.upright else box.area)

    def _draw_selected(self, painter: QPainter) -> None:
        painter.setBrush(Qt.BrushStyle.NoBrush)
        colour = QColor(self._theme.quantities.get(self.emphasis.quantity, self._theme.text))
        painter.setPen(QPen(colour, 2.2, Qt.PenStyle.SolidLine))
        for tag in self._layout.tags:
            if tag.name == self.emphasis.quantity:
                painter.drawRoundedRect(grown(self._around(tag), 5), 8, 8)


def _ends_in(wire: Wire, area: QRectF) -> bool:
    """Whether a wire ends at the edge of an area."""
    return grown(area, 1).contains(*wire.points[-1])
