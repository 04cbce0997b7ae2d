"""Symbols and numbers as strokes: how wide they are, and how they are painted."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass

from PySide6.QtCore import QPointF
from PySide6.QtGui import QColor, QPainter

from gatescope.analysis.equations.levels import NOTHING
from gatescope.analysis.equations.parts import MINUS, PLUS, TIMES, Mark, Symbol
from gatescope_app.panels.equations.math_font import SINK, MathFont, slanted
from gatescope_app.panels.equations.typesetting import SymbolRequest, TypesetSymbol, Typesetter

_UPRIGHT = ("h0", "c0")
"""Names of more than one letter, which are printed upright."""
SPACES = {PLUS: 0.24, MINUS: 0.24, TIMES: 0.1}
"""The space on either side of an operator, of the size of the type."""
_IN_LINE = {r"\tanh(": r"\mathrm{tanh}(", r"\sum_j": r"\textstyle\sum_j"}
"""Where ziamath leaves a gap, or makes a sign higher than a line."""
_BLANK = "0.0000"  # as wide as most numbers
_GAP = 0.04  # between a step and what follows it, of the size of the type


@dataclass(frozen=True)
class TextStroke:
    """Plain text: a number, a step, an index, or a symbol that is not typeset yet."""

    x: float
    text: str
    colour: str
    script: bool = False


@dataclass(frozen=True)
class SymbolStroke:
    """A typeset symbol."""

    x: float
    typeset: TypesetSymbol


Stroke = TextStroke | SymbolStroke


@dataclass(frozen=True)
class StrokeRun:
    """Some strokes in a line.

    Parameters
    ----------
    strokes : tuple of Stroke
        Their places count from where the run begins.
    width : float
        Where the next thing begins.
    spots : tuple of (float, float, Symbol)
        From where to where there are symbols.
    """

    strokes: tuple[Stroke, ...]
    width: float
    spots: tuple[tuple[float, float, Symbol], ...] = ()


class StrokePen:
    """Turns symbols and numbers into strokes, in one size.

    Parameters
    ----------
    typesetter : Typesetter
        Has symbols typeset.
    size : int
        In pixels.
    scale : float
        How many pixels of the screen a pixel is.
    """

    def __init__(self, typesetter: Typesetter, size: int, scale: float) -> None:
        self.font = MathFont(size)
        self.em = float(size)
        self.scale = scale
        self._typesetter, self._size = typesetter, size

    def number(self, text: str, colour: str) -> StrokeRun:
        """Return a number."""
        return StrokeRun((TextStroke(0.0, text, colour),), self.font.width(text))

    def mark(self, mark: Mark, colour: str) -> StrokeRun:
        """Return an operator, a parenthesis or a function's name."""
        typeset = self._typeset(_IN_LINE.get(mark.latex, mark.latex), colour)
        if typeset is not None:
            return StrokeRun((SymbolStroke(0.0, typeset),), typeset.alone)
        return self.number(mark.text.strip(), colour)

    def spaced(self, run: StrokeRun, space: float) -> StrokeRun:
        """Return it with space on either side."""
        if not space:
            return run
        return StrokeRun(tuple(_moved(stroke, space) for stroke in run.strokes), run.width + 2 * space)

    def blank(self, colour: str) -> StrokeRun:
        """Return a place for a number that is still to come."""
        width, dash = self.font.width(_BLANK), self.font.width(NOTHING)
        return StrokeRun((TextStroke((width - dash) / 2, NOTHING, colour),), width)

    def symbols(self, parts: Iterable[Mark | Symbol], colour_of: Callable[[Mark | Symbol], str]) -> StrokeRun:
        """Return symbols, and what stands between them."""
        strokes: list[Stroke] = []
        spots, x = [], 0.0
        for part in parts:
            start, colour = x, colour_of(part)
            if isinstance(part, Mark):
                run = self.spaced(self.mark(part, colour), SPACES.get(part, 0.0) * self.em)
                strokes += [_moved(stroke, x) for stroke in run.strokes]
                x += run.width
            else:
                x = self._symbol(strokes, x, part, colour)
                spots.append((start, x, part))
        return StrokeRun(tuple(strokes), x, tuple(spots))

    def _symbol(self, strokes: list[Stroke], x: float, symbol: Symbol, colour: str) -> float:
        """Add a symbol with its step and its index, and return where the next thing begins."""
        typeset = self._typeset(symbol.stem, colour)
        if typeset is None:
            end = lower = self._plain(strokes, x, symbol.letter, colour)
        else:
            strokes.append(SymbolStroke(x, typeset))
            end, lower = x + typeset.width, x + typeset.subscript
        if symbol.time:
            strokes.append(TextStroke(lower, symbol.time, colour, script=True))
            end = max(end, lower + self.font.width(symbol.time, script=True) + _GAP * self.em)
        if symbol.index:
            index = slanted(symbol.index)
            strokes.append(TextStroke(end, index, colour))
            end += self.font.width(index)
        return end

    def _plain(self, strokes: list[Stroke], x: float, letter: str, colour: str) -> float:
        """Add a symbol's name in plain text."""
        head, _, below = letter.partition("_")
        head, below = head if head in _UPRIGHT else slanted(head), slanted(below)
        strokes.append(TextStroke(x, head, colour))
        x += self.font.width(head)
        if below:
            strokes.append(TextStroke(x, below, colour, script=True))
            x += self.font.width(below, script=True)
        return x

    def _typeset(self, latex: str, colour: str) -> TypesetSymbol | None:
        return self._typesetter.get(SymbolRequest(latex, self._size, colour, self.scale))


def _moved(stroke: Stroke, x: float) -> Stroke:
    if isinstance(stroke, SymbolStroke):
        return SymbolStroke(stroke.x + x, stroke.typeset)
    return TextStroke(stroke.x + x, stroke.text, stroke.colour, stroke.script)


def paint(painter: QPainter, placed: Iterable[tuple[float, float, StrokeRun]], font: MathFont) -> None:
    """Paint runs, each given with where it begins and its base line."""
    colour, script = "", None
    for x, base, run in placed:
        for stroke in run.strokes:
            if isinstance(stroke, SymbolStroke):
                painter.drawImage(QPointF(x + stroke.x, base) + stroke.typeset.origin, stroke.typeset.image)
                continue
            if stroke.colour != colour:
                colour = stroke.colour
                painter.setPen(QColor(colour))
            if stroke.script is not script:
                script = stroke.script
                painter.setFont(font.script if script else font.letter)
            painter.drawText(QPointF(x + stroke.x, base + (SINK * font.size if script else 0.0)), stroke.text)
