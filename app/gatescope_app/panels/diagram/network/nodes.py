"""The boxes of the unrolled network: cells, inputs, outputs and states, each with a heat strip over its units."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from PySide6.QtCore import QLineF, QRectF, Qt
from PySide6.QtGui import QImage, QPainter
from PySide6.QtWidgets import (
    QGraphicsItem,
    QGraphicsSceneHoverEvent,
    QGraphicsSceneMouseEvent,
    QStyleOptionGraphicsItem,
    QWidget,
)

from gatescope.traces.order import Cursor
from gatescope_app.panels.diagram.network.contents import Status
from gatescope_app.panels.diagram.network.inks import Inks
from gatescope_app.state.known_values import NOTHING
from gatescope_app.state.session import State

_CENTRED = Qt.AlignmentFlag.AlignCenter


@dataclass(frozen=True)
class Reactions:
    """Whom a box tells what is done to it."""

    picked: Callable[[Cursor], None]
    opened: Callable[[Cursor], None]
    pointed: Callable[[str | None], None]


@dataclass(frozen=True)
class NodePlace:
    """Where a box is, and what it is for as long as it is there.

    Parameters
    ----------
    rect : QRectF
        The box.
    inset : float
        How much of its height is left free above and below the strip.
    stands_for : str or None
        What `Session.point_at` is told where the mouse is over it.
    """

    rect: QRectF
    inset: float = 0.0
    stands_for: str | None = None


class StripNode(QGraphicsItem):
    """A box with a heat strip, which is there to be seen once it is computed."""

    def __init__(self, reactions: Reactions) -> None:
        super().__init__()
        self._reactions = reactions
        self.inks: Inks | None = None
        self.place = NodePlace(QRectF())
        self.status: Status = "pending"
        self.strip: QImage | None = None
        self.text = ""
        self.unit: int | None = None
        self.target: Cursor | None = None
        self.tell: Callable[[State], str] | None = None
        self.setAcceptHoverEvents(True)
        self.setAcceptedMouseButtons(Qt.MouseButton.LeftButton)

    def put(self, place: NodePlace, inks: Inks) -> None:
        """Move the box, and draw it in other colours."""
        self.prepareGeometryChange()
        self.place, self.inks = place, inks
        self.update()

    def fill(self, strip: QImage | None, text: str, target: Cursor, tell: Callable[[State], str]) -> None:
        """Show another cell or step."""
        self.target, self.tell = target, tell
        if strip is not self.strip or text != self.text:
            self.strip, self.text = strip, text
            self.update()

    def show_status(self, status: Status) -> None:
        """Show whether it is computed by now."""
        if status != self.status:
            self.status = status
            self.update()

    def show_unit(self, unit: int) -> None:
        """Mark the selected unit below its part of the strip."""
        if unit != self.unit:
            self.unit = unit
            self.update()

    @property
    def seen(self) -> QImage | None:
        """The strip, where it may be seen."""
        return self.strip if self.status == "computed" else None

    # painting

    def boundingRect(self) -> QRectF:
        """Return the box with its frame."""
        edge = 0.0 if self.inks is None else self.inks.hair
        return self.place.rect.adjusted(-edge, -edge, edge, edge)

    def paint(self, painter: QPainter, _option: QStyleOptionGraphicsItem, _widget: QWidget | None = None) -> None:
        """Draw the box, and what may be seen in it."""
        inks = self.inks
        if inks is None:
            return
        if self.status == "absent":
            self._write(painter, inks, NOTHING if self.text else "")
            return
        painter.setPen(inks.frame if self.status == "computed" else inks.pending)
        painter.setBrush(inks.base)
        radius = inks.line * 0.22
        painter.drawRoundedRect(self.place.rect, radius, radius)
        if self.seen is not None:
            self._draw_strip(painter, inks, self.seen)
        if self.text:
            self._write(painter, inks, self.text)

    def strip_rect(self) -> QRectF:
        """Return where the strip is."""
        rect, edge = self.place.rect, self.inks.line * 0.16 if self.inks is not None else 0.0
        inset = max(edge, rect.height() * self.place.inset)
        return rect.adjusted(edge, inset, -edge, -inset)

    def _draw_strip(self, painter: QPainter, inks: Inks, strip: QImage) -> None:
        area = self.strip_rect()
        smooth = strip.width() > area.width() * painter.deviceTransform().m11()
        painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform, smooth)
        painter.drawImage(area, strip)
        if self.unit is not None and self.unit < strip.width():  # h of a projection has fewer units
            width = area.width() / strip.width()
            x, y = area.left() + self.unit * width, area.bottom() + inks.hair
            painter.setPen(inks.tick)
            painter.drawLine(QLineF(x, y, x + width, y))

    def _write(self, painter: QPainter, inks: Inks, text: str) -> None:
        painter.setPen(inks.faint if self.status == "absent" else inks.text)
        painter.setFont(inks.font)
        painter.drawText(self.place.rect, _CENTRED, text)

    # the mouse

    def hoverEnterEvent(self, _event: QGraphicsSceneHoverEvent) -> None:
        """Tell what the mouse is over."""
        self._reactions.pointed(self.place.stands_for)

    def hoverLeaveEvent(self, _event: QGraphicsSceneHoverEvent) -> None:
        """Tell that it is over nothing."""
        self._reactions.pointed(None)

    def mousePressEvent(self, event: QGraphicsSceneMouseEvent) -> None:
        """Take the button; without this the view would drag the picture."""
        event.accept()

    def mouseReleaseEvent(self, event: QGraphicsSceneMouseEvent) -> None:
        """Go to the cell."""
        if self.target is not None and self.place.rect.contains(event.pos()):
            self._reactions.picked(self.target)

    def mouseDoubleClickEvent(self, event: QGraphicsSceneMouseEvent) -> None:
        """Open the cell."""
        event.accept()
        if self.scene().mouseGrabberItem() is self:
            self.ungrabMouse()  # another scene may be in front when the button is let go
        if self.target is not None:
            self._reactions.pointed(None)  # nor is it told then that the mouse has left
            self._reactions.opened(self.target)
