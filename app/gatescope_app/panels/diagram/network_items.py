"""What the network is drawn with, pens and fonts, and what it is drawn of: lines, boxes with heat strips, marks."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QLineF, QPointF, QRectF, Qt
from PySide6.QtGui import QBrush, QColor, QFont, QFontMetricsF, QImage, QPainter, QPainterPath, QPen
from PySide6.QtWidgets import QGraphicsPathItem

from gatescope.traces.order import Cursor
from gatescope_app.look.theme import Theme
from gatescope_app.panels.diagram.drawing_items import DrawingItem, arrow_head, draw_heat_strip, mixed, translucent
from gatescope_app.panels.diagram.network_geometry import Link, LinkKind
from gatescope_app.panels.diagram.network_plan import Status
from gatescope_app.state.known_values import NOTHING
from gatescope_app.state.session_state import State

_CENTRED = Qt.AlignmentFlag.AlignCenter
_SMALL = 0.85  # of the type
_WIRE = 0.55  # of its quantity's colour, the rest is background: the cells come first
_FRAME = 0.8
_HEAD_LENGTH, _HEAD_HALF_WIDTH = 0.8988, 0.4384  # of an arrowhead's side, which is at 26 degrees to its middle


class NetworkStyle:
    """The pens, colours and fonts of a theme and a type: made once, not in every paint."""

    def __init__(self, theme: Theme, font: QFont) -> None:
        self.theme, self.font = theme, font
        self.line = QFontMetricsF(font).height()
        self.hair, self.thick = self.line * 0.07, self.line * 0.16
        self.small, self.bold = QFont(font), QFont(font)
        self.small.setPointSizeF(font.pointSizeF() * _SMALL)
        self.bold.setBold(True)
        self.base, self.text, self.faint = QColor(theme.base), QColor(theme.text), QColor(theme.faint)
        self.band, self.accent, self.on_accent = QColor(theme.window), QColor(theme.accent), QColor(theme.on_accent)
        self.now = translucent(self.accent, 0.14)
        self.frame = QPen(mixed(theme.faint, theme.base, _FRAME), self.hair)
        self.pending = QPen(QColor(theme.disabled), self.hair, Qt.PenStyle.CustomDashLine)
        self.pending.setDashPattern([3.0, 3.0])
        self.tick = QPen(self.text, self.hair * 1.5)
        self.tick.setCapStyle(Qt.PenCapStyle.FlatCap)
        self.current = QPen(self.accent, self.thick)
        self.current.setJoinStyle(Qt.PenJoinStyle.MiterJoin)

    def quantity(self, name: str) -> QColor:
        """Return the colour of a quantity."""
        return QColor(self.theme.quantities[name])

    def wire(self, carries: LinkKind) -> QColor:
        """Return the colour of a line."""
        full = self.theme.faint if carries == "x" else self.theme.quantities["h" if carries == "join" else carries]
        return mixed(full, self.theme.base, _WIRE)

    def verdict(self, equal: bool | None) -> QColor:
        """Return the colour of an equality that holds, does not, or is not known yet."""
        return self.faint if equal is None else QColor(self.theme.matches if equal else self.theme.differs)

    def marker(self, equal: bool | None) -> QColor:
        """Return the same to draw over other things."""
        return translucent(self.verdict(equal), 0.32)


def band(rect: QRectF, colour: QColor, radius: float) -> QGraphicsPathItem:
    """Return the ground of a layer; across the ground of all, the column of the current step."""
    path = QPainterPath()
    path.addRoundedRect(rect, radius, radius)
    item = QGraphicsPathItem(path)
    item.setPen(Qt.PenStyle.NoPen)
    item.setBrush(QBrush(colour))
    return item


class Wires(DrawingItem):
    """The lines of one slot."""

    def __init__(self, style: NetworkStyle) -> None:
        super().__init__()
        self._style = style
        self._drawn: list[tuple[QPen, QPainterPath, QPainterPath]] = []

    def show_links(self, links: list[Link]) -> None:
        """Draw other lines."""
        self._drawn, bounds, edge = [], QRectF(), self._style.line / 4
        for kind, dotted in sorted({(link.carries, link.dotted) for link in links}):
            alike = [link for link in links if (link.carries, link.dotted) == (kind, dotted)]
            lines = _lines(alike)
            self._drawn.append((self._pen(kind, dotted=dotted), lines, _heads(alike, self._style.line * 0.38)))
            bounds = bounds.united(lines.boundingRect())
        self.move_to(bounds.adjusted(-edge, -edge, edge, edge))

    def _pen(self, kind: LinkKind, *, dotted: bool) -> QPen:
        style, joins = self._style, kind == "join"
        pen = QPen(style.wire(kind), style.thick if joins else style.hair)
        pen.setCapStyle(Qt.PenCapStyle.RoundCap if joins else Qt.PenCapStyle.FlatCap)
        if dotted:
            pen.setDashPattern([1.5, 3.0])
        return pen

    def draw(self, painter: QPainter) -> None:
        """Draw the lines, then their heads."""
        painter.setBrush(Qt.BrushStyle.NoBrush)
        for pen, lines, _ in self._drawn:
            painter.setPen(pen)
            painter.drawPath(lines)
        for pen, _, heads in self._drawn:
            painter.fillPath(heads, pen.color())


def _lines(links: list[Link]) -> QPainterPath:
    path = QPainterPath()
    for link in links:
        path.moveTo(link.line.p1())
        path.lineTo(link.line.p2())
    return path


def _heads(links: list[Link], size: float) -> QPainterPath:
    """Return arrowheads at the ends of lines that have one."""
    path = QPainterPath()
    for link in links:
        if link.arrow:
            path.addPolygon(arrow_head(link.line, size * _HEAD_LENGTH, size * _HEAD_HALF_WIDTH))
    return path


class CurrentMark(DrawingItem):
    """Frames the current cell, names its phase, and shows what it reads."""

    def __init__(self, style: NetworkStyle) -> None:
        super().__init__()
        self._style = style
        self._rect, self._links = QRectF(), list[Link]()
        self._sign, self._colour = "", QColor()
        self._pointed: str | None = None

    def mark(self, rect: QRectF, links: list[Link]) -> None:
        """Mark another cell, given with the lines into it."""
        self._rect, self._links = rect, links
        bounds = rect
        for link in links:
            bounds = bounds.united(QRectF(link.line.p1(), link.line.p2()).normalized())
        edge = self._style.line * 0.75
        self.move_to(bounds.adjusted(-edge, -edge, edge, edge))

    def show_phase(self, sign: str, colour: QColor, pointed: str | None) -> None:
        """Name another phase, and stress the lines that stand for what is pointed at."""
        if (sign, colour, pointed) != (self._sign, self._colour, self._pointed):
            self._sign, self._colour, self._pointed = sign, colour, pointed
            self.update()

    def draw(self, painter: QPainter) -> None:
        """Draw the lines into the cell, its frame, and the sign of the phase on it."""
        style = self._style
        for link in self._links:
            stressed = self._pointed is not None and self._pointed in _symbols_on(link)
            painter.setPen(QPen(style.accent, style.thick * (1.6 if stressed else 0.75), c=Qt.PenCapStyle.FlatCap))
            painter.drawLine(_shortened(link.line, style.line * 0.3) if link.arrow else link.line)
        painter.fillPath(_heads(self._links, style.line * 0.5), style.accent)
        painter.setPen(style.current)
        painter.setBrush(Qt.BrushStyle.NoBrush)
        edge, radius = style.thick / 2, style.line * 0.26
        painter.drawRoundedRect(self._rect.adjusted(-edge, -edge, edge, edge), radius, radius)
        self._draw_sign(painter, style)

    def _draw_sign(self, painter: QPainter, style: NetworkStyle) -> None:
        width = max(QFontMetricsF(style.bold).horizontalAdvance(self._sign) + style.line * 0.5, style.line * 1.15)
        middle = QPointF(self._rect.center().x(), self._rect.top() - style.line * 0.12)
        pill = QRectF(middle.x() - width / 2, middle.y() - style.line * 0.5, width, style.line)
        painter.setPen(QPen(style.base, style.hair))
        painter.setBrush(self._colour)
        painter.drawRoundedRect(pill, style.line / 2, style.line / 2)
        painter.setPen(style.base)
        painter.setFont(style.bold)
        painter.drawText(pill, _CENTRED, self._sign)


def _symbols_on(link: Link) -> tuple[str, ...]:
    """Return what `State.pointed` calls that which a line brings into the current cell."""
    if link.line.dx() == 0 or link.carries == "join":
        return ("x", "w_ih")
    return ("c_before",) if link.carries == "c" else ("h_before", "w_hh")


def _shortened(line: QLineF, by: float) -> QLineF:
    """Leave room for the head."""
    result = QLineF(line)
    result.setLength(max(line.length() - by, 0.0))
    return result


class StripNode(DrawingItem):
    """A box with a heat strip, which is there to be seen once it is computed.

    Parameters
    ----------
    rect : QRectF
        The box.
    style : NetworkStyle
        What it is drawn with.
    inset : float
        How much of its height is left free above and below the strip.
    pointed : str or None
        What it stands for, as `Session.point_at` takes it.
    """

    def __init__(self, rect: QRectF, style: NetworkStyle, inset: float = 0.0, pointed: str | None = None) -> None:
        super().__init__(rect.adjusted(-style.hair, -style.hair, style.hair, style.hair))
        self.rect, self._style, self._inset, self.pointed = rect, style, inset, pointed
        self.status: Status = "pending"
        self.strip: QImage | None = None
        self.text = ""
        self.unit: int | None = None
        self.target: Cursor | None = None
        self.describe: Callable[[State], str] | None = None

    def fill(self, strip: QImage | None, text: str, target: Cursor, describe: Callable[[State], str]) -> None:
        """Show another cell or step."""
        self.target, self.describe = target, describe
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
    def visible_strip(self) -> QImage | None:
        """The strip, where it may be seen."""
        return self.strip if self.status == "computed" else None

    # painting

    def draw(self, painter: QPainter) -> None:
        """Draw the box, and what may be seen in it."""
        style = self._style
        if self.status == "absent":
            self._write(painter, NOTHING if self.text else "")
            return
        painter.setPen(style.frame if self.status == "computed" else style.pending)
        painter.setBrush(style.base)
        radius = style.line * 0.22
        painter.drawRoundedRect(self.rect, radius, radius)
        if self.visible_strip is not None:
            self._draw_strip(painter, self.visible_strip)
        if self.text:
            self._write(painter, self.text)

    def _draw_strip(self, painter: QPainter, strip: QImage) -> None:
        edge = self._style.line * 0.16
        inset = max(edge, self.rect.height() * self._inset)
        area = self.rect.adjusted(edge, inset, -edge, -inset)
        draw_heat_strip(painter, area, strip)
        if self.unit is not None and self.unit < strip.width():  # h of a projection has fewer units
            width = area.width() / strip.width()
            x, y = area.left() + self.unit * width, area.bottom() + self._style.hair
            painter.setPen(self._style.tick)
            painter.drawLine(QLineF(x, y, x + width, y))

    def _write(self, painter: QPainter, text: str) -> None:
        painter.setPen(self._style.faint if self.status == "absent" else self._style.text)
        painter.setFont(self._style.font)
        painter.drawText(self.rect, Qt.AlignmentFlag.AlignCenter, text)
