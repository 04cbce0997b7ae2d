"""What both drawings are made of: symbols and numbers, heat strips, arrowheads, and items that are only looked at."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache

from PySide6.QtCore import QLineF, QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QFont, QFontMetricsF, QImage, QPaintEngine, QPainter, QPolygonF
from PySide6.QtWidgets import QApplication, QGraphicsItem, QStyleOptionGraphicsItem, QWidget

TYPE = 22.0
"""The height of the cell diagram's type; all room for text is measured by it."""
_SMALL = 0.72  # of the type: subscripts
_DROP = 0.16  # of the type: how far they stand below the line
_RISE = 0.34  # of the type: how far the line lies below the middle of letters
_BELOW = re.compile(r"_(\w+)")
_NARROWEST = 0.25  # column of a strip in a file, in units of the drawing: narrower ones are told apart by nobody


@dataclass(frozen=True)
class Symbol:
    """A letter, and what stands below it."""

    letter: str
    below: str = ""

    @property
    def plain(self) -> str:
        """As it is written in a line: C_(t-1)."""
        short = len(self.below) <= 1
        return self.letter + (f"_{self.below}" if short else f"_({self.below.replace('−', '-')})") * bool(self.below)


@dataclass(frozen=True)
class DrawingFont:
    """The fonts of the drawing, of the family that the whole application is set in."""

    family: str

    @staticmethod
    def current() -> DrawingFont:
        """Return those of now."""
        return DrawingFont(QApplication.font().family())

    def font(self, size: float = TYPE, *, bold: bool = False) -> QFont:
        """Return one of them."""
        return _font(self.family, _whole(size), bold)

    def width(self, text: str, size: float = TYPE, *, bold: bool = False) -> float:
        """Return how wide a text is."""
        return _metrics(self.family, _whole(size), bold).horizontalAdvance(text)

    def symbol_width(self, symbol: Symbol) -> float:
        """Return how wide a symbol is."""
        return _label_width(self.family, symbol)

    def draw_symbol(self, painter: QPainter, symbol: Symbol, left: float, middle: float) -> None:
        """Draw a symbol in the painter's colour, beginning at `left`, around the height `middle`."""
        base = middle + TYPE * _RISE
        painter.setFont(self.font(bold=True))
        painter.drawText(QPointF(left, base), symbol.letter)
        if symbol.below:
            after = left + _label_width(self.family, Symbol(symbol.letter))
            painter.setFont(self.font(TYPE * _SMALL))
            painter.drawText(QPointF(after + 0.5, base + TYPE * _DROP), symbol.below)

    def draw_formula(self, painter: QPainter, room: QRectF, text: str) -> None:
        """Draw a formula in the middle of its room, what follows a `_` as a subscript; smaller where it is too wide."""
        parts = [
            (part, TYPE * (_SMALL if n % 2 else 1.0), _DROP * (n % 2)) for n, part in enumerate(_BELOW.split(text))
        ]
        widths = [self.width(part, size) for part, size, _ in parts]
        factor = min(1.0, room.width() / max(sum(widths), 1.0))
        painter.save()
        painter.translate(room.center())
        painter.scale(factor, factor)
        left = -sum(widths) / 2
        for (part, size, drop), width in zip(parts, widths, strict=True):
            painter.setFont(self.font(size))
            painter.drawText(QPointF(left, TYPE * (_RISE + drop)), part)
            left += width
        painter.restore()

    def draw_fitting(
        self, painter: QPainter, room: QRectF, text: str, *, side: float = 0.0, size: float = TYPE
    ) -> None:
        """Draw a text in the painter's colour, smaller where its room is too narrow for it.

        Parameters
        ----------
        painter : QPainter
            Draws it.
        room : QRectF
            Where there is room.
        text : str
            What it says.
        side : float
            Where it goes where there is more room: 0 to the left, 0.5 to the middle, 1 to the right.
        size : float
            The height of its type where there is room.
        """
        width = self.width(text, size)
        if width > room.width():
            size = max(4.0, int(size * room.width() / width))
            width = self.width(text, size)
        painter.setFont(self.font(size))
        painter.drawText(QPointF(room.left() + side * (room.width() - width), room.center().y() + size * _RISE), text)


@lru_cache(maxsize=64)
def _font(family: str, size: int, bold: bool) -> QFont:
    font = QFont(family)
    font.setPixelSize(size)
    font.setBold(bold)
    font.setHintingPreference(QFont.HintingPreference.PreferNoHinting)  # it is scaled with the drawing
    return font


@lru_cache(maxsize=64)
def _metrics(family: str, size: int, bold: bool) -> QFontMetricsF:
    return QFontMetricsF(_font(family, size, bold))


@lru_cache(maxsize=256)
def _label_width(family: str, symbol: Symbol) -> float:
    letter, below = _metrics(family, _whole(TYPE), True), _metrics(family, _whole(TYPE * _SMALL), False)
    return letter.horizontalAdvance(symbol.letter) + below.horizontalAdvance(symbol.below)


def _whole(size: float) -> int:
    return max(1, round(size))  # of pixels, as Qt takes it


class DrawingItem(QGraphicsItem):
    """A part of a drawing, which leaves the mouse to its scene.

    Parameters
    ----------
    bounds : QRectF
        The area that is painted.
    """

    def __init__(self, bounds: QRectF | None = None) -> None:
        super().__init__()
        self.bounds = bounds or QRectF()

    def boundingRect(self) -> QRectF:
        return self.bounds

    def move_to(self, bounds: QRectF) -> None:
        """Take another place, and be painted anew."""
        self.prepareGeometryChange()
        self.bounds = bounds
        self.update()

    def paint(self, painter: QPainter, _option: QStyleOptionGraphicsItem, _widget: QWidget | None = None) -> None:
        self.draw(painter)

    def draw(self, painter: QPainter) -> None:
        """Draw all of it."""
        raise NotImplementedError


def draw_heat_strip(painter: QPainter, area: QRectF, picture: QImage) -> None:
    """Draw a row of pixels as a strip; into a file as areas, which stay sharp however large it is shown."""
    if painter.paintEngine().type() != QPaintEngine.Type.Raster:
        _fill_columns(painter, area, picture)
        return
    wide = area.width() / picture.width()
    narrow = wide * painter.deviceTransform().m11() < 1  # several columns share a pixel, which shows their mean then
    painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform, narrow)
    painter.drawImage(area, picture)


def _fill_columns(painter: QPainter, area: QRectF, picture: QImage) -> None:
    """Fill an area for each column, from its left edge to the end of the strip, so that no ground shines through.

    Columns that are too narrow to be told apart are drawn as their mean.
    """
    most = max(1, int(area.width() / _NARROWEST))
    if picture.width() > most:
        picture = picture.scaled(
            most, 1, Qt.AspectRatioMode.IgnoreAspectRatio, Qt.TransformationMode.SmoothTransformation
        )
    wide, last = area.width() / picture.width(), None
    for column in range(picture.width()):
        colour = picture.pixelColor(column, 0)
        if colour != last:
            painter.fillRect(area.adjusted(wide * column, 0, 0, 0), colour)
        last = colour


def arrow_head(line: QLineF, length: float, half_width: float) -> QPolygonF:
    """Return the head of an arrow whose tip is where a line ends."""
    tip, along = line.p2(), line.unitVector().p2() - line.p1()
    back, across = tip - along * length, QPointF(-along.y(), along.x()) * half_width
    return QPolygonF([tip, back + across, back - across, tip])


def mixed(colour: str, background: str, share: float) -> QColor:
    """Return a background with so much of a colour in it."""
    parts = zip(QColor(background).getRgb()[:3], QColor(colour).getRgb()[:3], strict=True)  # type: ignore[index]  # PySide types it as object
    return QColor(*(round(below + (above - below) * share) for below, above in parts))


def translucent(colour: QColor | str, alpha: float) -> QColor:
    """Return a colour through which what lies below is seen."""
    result = QColor(colour)
    result.setAlphaF(alpha)
    return result
