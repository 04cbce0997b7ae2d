"""Symbols with subscripts, and numbers that fit into their room, as they stand in the drawing."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache

from PySide6.QtCore import QPointF, QRectF
from PySide6.QtGui import QFont, QFontMetricsF, QPainter
from PySide6.QtWidgets import QApplication

from gatescope_app.panels.diagram.cell.layout import TYPE

_SMALL = 0.72  # of the type: subscripts
_DROP = 0.16  # of the type: how far they stand below the line
_RISE = 0.34  # of the type: how far the line lies below the middle of letters
_BELOW = re.compile(r"_(\w+)")


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
class Type:
    """The fonts of the drawing, of the family that the whole application is set in."""

    family: str

    @staticmethod
    def current() -> Type:
        """Return those of now."""
        return Type(QApplication.font().family())

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

    def draw_fitting(self, painter: QPainter, room: QRectF, text: str, *, side: float = 0.0) -> None:
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
        """
        size, width = TYPE, self.width(text)
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
