"""What the network is drawn with: pens and fonts, and the items that are no boxes, such as lines, labels and marks."""

from __future__ import annotations

from PySide6.QtCore import QLineF, QPointF, QRectF, Qt
from PySide6.QtGui import QBrush, QColor, QFont, QFontMetricsF, QPainter, QPainterPath, QPen
from PySide6.QtWidgets import QGraphicsPathItem

from gatescope_app.look.theme import Theme
from gatescope_app.panels.diagram.drawing_items import DrawingItem, arrow_head, mixed, translucent
from gatescope_app.panels.diagram.network_links import Link, LinkKind

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


class TextLabel(DrawingItem):
    """A line of text."""

    def __init__(
        self, rect: QRectF, text: str, font: QFont, colour: QColor, align: Qt.AlignmentFlag = _CENTRED
    ) -> None:
        super().__init__(rect)
        self.text, self._font, self._colour, self._align = text, font, colour, align

    def write(self, text: str, font: QFont, colour: QColor) -> None:
        """Write something else."""
        if (text, font, colour) != (self.text, self._font, self._colour):
            self.text, self._font, self._colour = text, font, colour
            self.update()

    def draw(self, painter: QPainter) -> None:
        """Write the text."""
        painter.setPen(self._colour)
        painter.setFont(self._font)
        painter.drawText(self.bounds, self._align | Qt.AlignmentFlag.AlignVCenter, self.text)


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


def marker_path(lines: list[QLineF], boxes: list[QRectF]) -> QPainterPath:
    """Return what a text marker draws over that which is the same; in one go, so that it is nowhere twice as strong."""
    path = QPainterPath()
    for line in lines:
        path.moveTo(line.p1())
        path.lineTo(line.p2())
    for box in boxes:
        path.addRect(box)
    return path


class Caption(DrawingItem):
    """An equality, and why it is one; the place has to be wide enough for what is written later."""

    def __init__(self, place: QRectF, equality: str, reason: str, style: NetworkStyle) -> None:
        super().__init__(place)
        self._style = style
        self._equality, self._reason = equality, reason
        self._equal: bool | None = None

    @property
    def text(self) -> str:
        """All of it."""
        return f"{self._equality}: {self._reason}"

    def write(self, equality: str, equal: bool | None) -> None:
        """Write another sign into the equality, in the colour of whether it holds."""
        if (equality, equal) != (self._equality, self._equal):
            self._equality, self._equal = equality, equal
            self.update()

    def draw(self, painter: QPainter) -> None:
        """Write the equality on its marker, and the reason behind it."""
        style = self._style
        width = QFontMetricsF(style.bold).horizontalAdvance(self._equality) + style.line * 0.6
        ground = QRectF(self.bounds.left(), self.bounds.top() + style.line * 0.05, width, style.line * 1.2)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(style.marker(self._equal))
        painter.drawRoundedRect(ground, style.line * 0.2, style.line * 0.2)
        painter.setPen(style.text)
        painter.setFont(style.bold)
        painter.drawText(ground, _CENTRED, self._equality)
        painter.setFont(style.font)
        left = Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter
        rest = QRectF(ground.right() + style.line * 0.4, ground.top(), self.bounds.width(), ground.height())
        painter.drawText(rest, left, self._reason)


def caption_width(equality: str, reason: str, style: NetworkStyle) -> float:
    """Return how wide a caption is."""
    bold, plain = QFontMetricsF(style.bold), QFontMetricsF(style.font)
    return bold.horizontalAdvance(equality) + plain.horizontalAdvance(reason) + style.line * 1.2
