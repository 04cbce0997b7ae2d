"""What is no box in the unrolled network: its bands, lines, labels, and marks on top."""

from __future__ import annotations

from PySide6.QtCore import QLineF, QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QFont, QFontMetricsF, QPainter, QPainterPath, QPen, QPolygonF
from PySide6.QtWidgets import QGraphicsItem, QStyleOptionGraphicsItem, QWidget

from gatescope_app.panels.diagram.network.inks import Inks
from gatescope_app.panels.diagram.network.wiring import Carried, Link

_CENTRED = Qt.AlignmentFlag.AlignCenter
_WING = 26.0  # degrees, between an arrowhead's middle and its side


class Mark(QGraphicsItem):
    """Something to look at only."""

    def __init__(self) -> None:
        super().__init__()
        self.bounds = QRectF()
        self.setAcceptedMouseButtons(Qt.MouseButton.NoButton)

    def boundingRect(self) -> QRectF:
        """Return the area that is painted."""
        return self.bounds

    def take(self, bounds: QRectF) -> None:
        """Take another place, and be painted anew."""
        self.prepareGeometryChange()
        self.bounds = bounds
        self.update()


class Band(Mark):
    """The ground of a layer; across the ground of all, the column of the current step."""

    def __init__(self) -> None:
        super().__init__()
        self._colour, self._radius = QColor(), 0.0

    def put(self, rect: QRectF, colour: QColor, radius: float) -> None:
        """Show it elsewhere."""
        if (rect, colour, radius) != (self.bounds, self._colour, self._radius):
            self._colour, self._radius = colour, radius
            self.take(rect)

    def paint(self, painter: QPainter, _option: QStyleOptionGraphicsItem, _widget: QWidget | None = None) -> None:
        """Fill the ground."""
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(self._colour)
        painter.drawRoundedRect(self.bounds, self._radius, self._radius)


class TextLabel(Mark):
    """A line of text."""

    def __init__(self) -> None:
        super().__init__()
        self.text = ""
        self._font, self._colour, self._align = QFont(), QColor(), _CENTRED

    def put(self, rect: QRectF, text: str, font: QFont, colour: QColor, align: Qt.AlignmentFlag = _CENTRED) -> None:
        """Say something else, or elsewhere."""
        if (rect, text, font, colour, align) != (self.bounds, self.text, self._font, self._colour, self._align):
            self.text, self._font, self._colour, self._align = text, font, colour, align
            self.take(rect)

    def paint(self, painter: QPainter, _option: QStyleOptionGraphicsItem, _widget: QWidget | None = None) -> None:
        """Write the text."""
        painter.setPen(self._colour)
        painter.setFont(self._font)
        painter.drawText(self.bounds, self._align | Qt.AlignmentFlag.AlignVCenter, self.text)


class Wires(Mark):
    """The lines of one slot."""

    def __init__(self) -> None:
        super().__init__()
        self._drawn: list[tuple[QPen, QPainterPath]] = []
        self._heads: list[tuple[QColor, QPainterPath]] = []

    def put(self, wires: list[Link], inks: Inks) -> None:
        """Draw other lines."""
        self._drawn, self._heads = [], []
        for carries, dotted in sorted({(wire.carries, wire.dotted) for wire in wires}):
            alike = [wire for wire in wires if (wire.carries, wire.dotted) == (carries, dotted)]
            colour = inks.wire(carries)
            self._drawn.append((_pen(inks, carries, colour, dotted=dotted), _lines(alike)))
            self._heads.append((colour, heads([wire for wire in alike if wire.arrow], inks.line * 0.38)))
        bounds, edge = QRectF(), inks.line / 4
        for _, path in self._drawn:
            bounds = bounds.united(path.boundingRect())
        self.take(bounds.adjusted(-edge, -edge, edge, edge))

    def paint(self, painter: QPainter, _option: QStyleOptionGraphicsItem, _widget: QWidget | None = None) -> None:
        """Draw the lines, then their heads."""
        painter.setBrush(Qt.BrushStyle.NoBrush)
        for pen, path in self._drawn:
            painter.setPen(pen)
            painter.drawPath(path)
        painter.setPen(Qt.PenStyle.NoPen)
        for colour, path in self._heads:
            painter.fillPath(path, colour)


def _pen(inks: Inks, carries: Carried, colour: QColor, *, dotted: bool) -> QPen:
    pen = QPen(colour, inks.thick if carries == "join" else inks.hair)
    pen.setCapStyle(Qt.PenCapStyle.RoundCap if carries == "join" else Qt.PenCapStyle.FlatCap)
    if dotted:
        pen.setDashPattern([1.5, 3.0])
    return pen


def _lines(wires: list[Link]) -> QPainterPath:
    path = QPainterPath()
    for wire in wires:
        path.moveTo(wire.line.p1())
        path.lineTo(wire.line.p2())
    return path


def heads(wires: list[Link], size: float) -> QPainterPath:
    """Return arrowheads at the ends of lines."""
    path = QPainterPath()
    for wire in wires:
        tip, back = wire.line.p2(), wire.line.angle() + 180
        wings = [QLineF.fromPolar(size, back + turn).translated(tip).p2() for turn in (-_WING, _WING)]
        path.addPolygon(QPolygonF([tip, *wings, tip]))
    return path


class CurrentMark(Mark):
    """Frames the current cell, names its phase, and shows what it reads."""

    def __init__(self) -> None:
        super().__init__()
        self.rect, self.sign = QRectF(), ""
        self._feeds: list[Link] = []
        self._pointed: str | None = None
        self._inks: Inks | None = None
        self._colour = QColor()

    def put(self, rect: QRectF, feeds: list[Link], inks: Inks) -> None:
        """Mark another cell."""
        self.rect, self._feeds, self._inks = rect, feeds, inks
        bounds = rect
        for wire in feeds:
            bounds = bounds.united(QRectF(wire.line.p1(), wire.line.p2()).normalized())
        edge = inks.line * 0.75
        self.take(bounds.adjusted(-edge, -edge, edge, edge))

    def show_phase(self, sign: str, colour: QColor, pointed: str | None) -> None:
        """Name another phase, and stress the lines that stand for what is pointed at."""
        if (sign, colour, pointed) != (self.sign, self._colour, self._pointed):
            self.sign, self._colour, self._pointed = sign, colour, pointed
            self.update()

    def paint(self, painter: QPainter, _option: QStyleOptionGraphicsItem, _widget: QWidget | None = None) -> None:
        """Draw the lines into the cell, its frame, and the sign of the phase on it."""
        inks = self._inks
        if inks is None:
            return
        for wire in self._feeds:
            stressed = self._pointed is not None and self._pointed in _names_of(wire)
            painter.setPen(QPen(inks.accent, inks.thick * (1.6 if stressed else 0.75), c=Qt.PenCapStyle.FlatCap))
            painter.drawLine(_shortened(wire.line, inks.line * 0.3) if wire.arrow else wire.line)
        painter.fillPath(heads([wire for wire in self._feeds if wire.arrow], inks.line * 0.5), inks.accent)
        painter.setPen(inks.current)
        painter.setBrush(Qt.BrushStyle.NoBrush)
        edge, radius = inks.thick / 2, inks.line * 0.26
        painter.drawRoundedRect(self.rect.adjusted(-edge, -edge, edge, edge), radius, radius)
        self._draw_sign(painter, inks)

    def _draw_sign(self, painter: QPainter, inks: Inks) -> None:
        width = max(QFontMetricsF(inks.bold).horizontalAdvance(self.sign) + inks.line * 0.5, inks.line * 1.15)
        middle = QPointF(self.rect.center().x(), self.rect.top() - inks.line * 0.12)
        pill = QRectF(middle.x() - width / 2, middle.y() - inks.line * 0.5, width, inks.line)
        painter.setPen(QPen(inks.base, inks.hair))
        painter.setBrush(self._colour)
        painter.drawRoundedRect(pill, inks.line / 2, inks.line / 2)
        painter.setPen(inks.base)
        painter.setFont(inks.bold)
        painter.drawText(pill, _CENTRED, self.sign)


def _names_of(wire: Link) -> tuple[str, ...]:
    """Return what `State.pointed` calls that which a line brings into the current cell."""
    if wire.line.dx() == 0 or wire.carries == "join":
        return ("x", "w_ih")
    return ("c_before",) if wire.carries == "c" else ("h_before", "w_hh")


def _shortened(line: QLineF, by: float) -> QLineF:
    """Leave room for the head."""
    result = QLineF(line)
    result.setLength(max(line.length() - by, 0.0))
    return result


class Marker(Mark):
    """Connects what is the same, as with a text marker."""

    def __init__(self) -> None:
        super().__init__()
        self._path, self._pen = QPainterPath(), QPen()

    def put(self, lines: list[QLineF], boxes: list[QRectF], width: float) -> None:
        """Connect other things."""
        path = QPainterPath()
        for line in lines:
            path.moveTo(line.p1())
            path.lineTo(line.p2())
        for box in boxes:
            path.addRect(box)
        self._path = path
        self._pen.setWidthF(width)
        self._pen.setCapStyle(Qt.PenCapStyle.FlatCap)
        self._pen.setJoinStyle(Qt.PenJoinStyle.RoundJoin)
        self.take(path.boundingRect().adjusted(-width, -width, width, width))

    def colour(self, colour: QColor) -> None:
        """Draw it in another colour."""
        if colour != self._pen.color():
            self._pen.setColor(colour)
            self.update()

    def paint(self, painter: QPainter, _option: QStyleOptionGraphicsItem, _widget: QWidget | None = None) -> None:
        """Draw all in one go, so that it is nowhere twice as strong."""
        painter.setPen(self._pen)
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.drawPath(self._path)


class Caption(Mark):
    """An equality, and why it is one."""

    def __init__(self) -> None:
        super().__init__()
        self.equality, self.reason = "", ""
        self._inks: Inks | None = None
        self._so: bool | None = None

    @property
    def text(self) -> str:
        """All that it says."""
        return f"{self.equality}: {self.reason}"

    def put(self, at: QPointF, height: float, inks: Inks) -> None:
        """Move it."""
        self._inks = inks
        self.take(QRectF(at.x(), at.y(), caption_width(self.equality, self.reason, inks), height))

    def say(self, equality: str, reason: str, so: bool | None) -> None:
        """Say something else; the place has to be wide enough."""
        if (equality, reason, so) != (self.equality, self.reason, self._so):
            self.equality, self.reason, self._so = equality, reason, so
            self.update()

    def paint(self, painter: QPainter, _option: QStyleOptionGraphicsItem, _widget: QWidget | None = None) -> None:
        """Write the equality on its marker, and the reason behind it."""
        inks = self._inks
        if inks is None:
            return
        words = f"{self.equality}"
        width = QFontMetricsF(inks.bold).horizontalAdvance(words) + inks.line * 0.6
        ground = QRectF(self.bounds.left(), self.bounds.top() + inks.line * 0.05, width, inks.line * 1.2)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(inks.marker(self._so))
        painter.drawRoundedRect(ground, inks.line * 0.2, inks.line * 0.2)
        painter.setPen(inks.text)
        painter.setFont(inks.bold)
        painter.drawText(ground, _CENTRED, words)
        painter.setFont(inks.font)
        left = Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter
        rest = QRectF(ground.right() + inks.line * 0.4, ground.top(), self.bounds.width(), ground.height())
        painter.drawText(rest, left, self.reason)


def caption_width(equality: str, reason: str, inks: Inks) -> float:
    """Return how wide a caption is."""
    bold, plain = (
        QFontMetricsF(font).horizontalAdvance(text) for font, text in ((inks.bold, equality), (inks.font, reason))
    )
    return bold + plain + inks.line * 1.2
