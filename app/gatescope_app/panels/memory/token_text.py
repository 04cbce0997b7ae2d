"""The sequence as running text, each token on the colour of a number."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QEvent, QPoint, QRect, Qt, Signal
from PySide6.QtGui import QColor, QFont, QFontMetrics, QKeyEvent, QMouseEvent, QPainter, QPaintEvent, QPen, QResizeEvent
from PySide6.QtWidgets import QToolTip

from gatescope_app.look.colour_maps import Colours, heat_image
from gatescope_app.look.contrast import ink_on
from gatescope_app.look.theme import Theme
from gatescope_app.look.tokens import format_token
from gatescope_app.look.tooltips import show_tooltip
from gatescope_app.panels.memory.line_breaks import Flags, Ints, line_starts
from gatescope_app.widgets.pointed_widget import PaintedScrollArea, rows_to_move

_MARGIN = 6  # pixels around the text
_BETWEEN = 6  # pixels between two lines, for the frame of the current token
_LARGER = (2.0, 1.5, 1.2)  # times the usual size of type, for a text that is in sight as a whole then
_SHORT = 2000  # tokens: longer texts never are
_FEW = 200  # tokens that change are repainted one by one; of more everything in sight is


@dataclass(frozen=True, eq=False)
class Colouring:
    """The numbers that colour the text.

    Parameters
    ----------
    values : callable
        Returns the numbers of a range of steps, (n,).
    low, high : float
        What the ends of the colours stand for.
    colours : array
        See `gatescope_app.look.colour_maps`.
    """

    values: Callable[[range], NDArray[Any]]
    low: float
    high: float
    colours: Colours

    def papers(self, steps: range) -> list[int]:
        """Return the colours of some steps, as `0xffrrggbb`."""
        image = heat_image(np.asarray(self.values(steps))[None], self.low, self.high, self.colours)
        return [image.pixel(column, 0) for column in range(len(steps))]


class TokenText(PaintedScrollArea):
    """Text that wraps as people read it; only what is in sight is laid out in full and painted.

    A click goes to a step. Up and Down go through the units.

    Signals
    -------
    step_picked(int)
        A token was clicked.
    unit_moved(int)
        The unit so many further on was asked for.
    """

    step_picked = Signal(int)
    unit_moved = Signal(int)

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self._theme = theme
        self._tokens: tuple[str, ...] = ()
        self._words = False  # whether tokens are words, with a gap between them
        self._colouring: Colouring | None = None
        self._known, self._t = range(0), 0
        self._describe: Callable[[int], str] = str
        self._ends: Ints = np.zeros(1, dtype=np.int64)  # of the tokens, in pixels
        self._starts: Ints = np.zeros(1, dtype=np.int64)  # of the lines, in tokens
        self._laid_out_for: object = None
        self._line_and_word_ends: tuple[Flags, Flags] = (np.zeros(0, dtype=bool), np.zeros(0, dtype=bool))
        self._widths: dict[str, Ints] = {}  # of the tokens, by the type
        self.type = QFont(self.font())  # of the text
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)

    # what is shown

    def set_tokens(self, tokens: tuple[str, ...], theme: Theme) -> None:
        """Show another text."""
        self._tokens, self._theme = tokens, theme
        self._known, self._t = range(0), 0  # those of the text before may lie beyond the end of this one
        self._words = any(len(token) > 1 for token in tokens)
        ends_line = np.array([token.endswith("\n") for token in tokens], dtype=bool)
        ends_word = np.array([token.isspace() or self._words for token in tokens], dtype=bool)
        self._line_and_word_ends = ends_line, ends_word
        self._widths = {}
        self._laid_out_for = None
        self.lay_out()
        self.viewport().update()

    def set_colouring(self, colouring: Colouring | None, describe: Callable[[int], str]) -> None:
        """Colour it by other numbers; what each token says is asked for when it is pointed at."""
        self._colouring, self._describe = colouring, describe
        self.viewport().update()

    def set_cursor_to(self, t: int, known: range) -> None:
        """Mark another token, and colour those that are known; keep it in sight."""
        newly = _between(self._known.start, known.start), _between(self._known.stop, known.stop)
        places = [range(self._t, self._t + 1), range(t, t + 1), *newly]
        self._t, self._known = t, known
        if self._scroll_to(t) or sum(map(len, places)) > _FEW:
            self.viewport().update()
            return
        for token in {token for place in places for token in place}:
            self.viewport().update(self.place_of(token).adjusted(-3, -3, 3, 3))

    # where things are

    @property
    def line_height(self) -> int:
        """From one line to the next, in pixels."""
        return QFontMetrics(self.type).height() + 2 + _BETWEEN

    def lay_out(self) -> None:
        """Break the text into lines, where it is another text or another place."""
        height, short = self.viewport().height(), len(self._tokens) <= _SHORT
        needed = (self.viewport().width(), height if short else 0, self.font().toString())
        if needed != self._laid_out_for and self._tokens:
            self._laid_out_for = needed
            for larger in (*(_LARGER if short else ()), 1.0):
                self._break_lines(larger)
                if self._text_height <= height:
                    break
        bar = self.verticalScrollBar()
        bar.setRange(0, max(self._text_height - height, 0))
        bar.setPageStep(height)
        bar.setSingleStep(self.line_height)

    @property
    def _text_height(self) -> int:
        return len(self._starts) * self.line_height + 2 * _MARGIN

    def _break_lines(self, larger: float) -> None:
        """Lay the text out in type so many times larger than usual."""
        self.type = QFont(self.font())
        self.type.setPointSizeF(self.font().pointSizeF() * larger)
        widths = self._widths_in(self.type)
        ends_line, ends_word = self._line_and_word_ends
        self._ends = np.cumsum(widths)
        self._starts = line_starts(widths, max(self.viewport().width() - 2 * _MARGIN, 1), ends_line, ends_word)

    def _widths_in(self, type_: QFont) -> Ints:
        """Return how wide the tokens are; the same text in the same type is measured once, in whatever room it is."""
        key = type_.toString()
        if key not in self._widths:
            metrics, gap = QFontMetrics(type_), 12 if self._words else 0
            alike = [_alike(token) for token in self._tokens]
            widths = {token: _width(metrics, token) + gap for token in set(alike)}
            self._widths[key] = np.array([widths[token] for token in alike], dtype=np.int64)
        return self._widths[key]

    def line_of(self, t: int) -> int:
        """Return the line that a token is in."""
        return int(np.searchsorted(self._starts, t, side="right")) - 1

    def place_of(self, t: int) -> QRect:
        """Return the place of a token, in pixels of the viewport."""
        line = self.line_of(t)
        begin = self._left_of(int(self._starts[line]))
        left, right = self._left_of(t) - begin, int(self._ends[t]) - begin
        top = _MARGIN + line * self.line_height - self.verticalScrollBar().value()
        return QRect(_MARGIN + left, top, right - left, self.line_height - _BETWEEN)

    def _left_of(self, t: int) -> int:
        return int(self._ends[t - 1]) if t else 0

    def _tokens_of(self, line: int) -> range:
        stop = int(self._starts[line + 1]) if line + 1 < len(self._starts) else len(self._tokens)
        return range(int(self._starts[line]), stop)

    def step_at(self, place: QPoint) -> int | None:
        """Return the token at a place, None where there is none."""
        line = (place.y() - _MARGIN + self.verticalScrollBar().value()) // self.line_height
        if not self._tokens or not 0 <= line < len(self._starts):
            return None
        tokens = self._tokens_of(line)
        x = place.x() - _MARGIN + self._left_of(tokens.start)
        t = int(np.searchsorted(self._ends, x, side="right"))
        return t if t in tokens and place.x() >= _MARGIN else None

    def _scroll_to(self, t: int) -> bool:
        """Bring a token into sight; return whether the text moved."""
        if not self._tokens:
            return False
        bar, line, height = self.verticalScrollBar(), self.line_of(t), self.line_height
        before, top = bar.value(), _MARGIN + line * height
        if top < before or top + height > before + self.viewport().height():
            bar.setValue(top - (self.viewport().height() - height) // 2)
        return bar.value() != before

    # the mouse and the keys

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        """Say what is pointed at; take the cursor along where the button is held."""
        t = self.step_at(event.position().toPoint())
        if t is None:
            QToolTip.hideText()
        elif event.buttons() & Qt.MouseButton.LeftButton:
            self.step_picked.emit(t)
        else:
            place = event.globalPosition().toPoint()
            show_tooltip(place, self._describe(t), self)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        t = self.step_at(event.position().toPoint())
        if event.button() == Qt.MouseButton.LeftButton and t is not None:
            self.step_picked.emit(t)

    def leaveEvent(self, event: QEvent) -> None:
        QToolTip.hideText()
        super().leaveEvent(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Select the unit before or after with Up and Down; Page Up and Page Down scroll."""
        if rows_to_move(event):
            self.unit_moved.emit(rows_to_move(event))
        else:
            super().keyPressEvent(event)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Break the lines anew, with the current token in sight."""
        super().resizeEvent(event)
        self.lay_out()
        self._scroll_to(self._t)

    def changeEvent(self, event: QEvent) -> None:
        """The same with another size of type."""
        super().changeEvent(event)
        if event.type() == QEvent.Type.FontChange:
            self.lay_out()
            self._scroll_to(self._t)

    # painting

    def paintEvent(self, event: QPaintEvent) -> None:
        painter, exposed = QPainter(self.viewport()), event.rect()
        painter.setFont(self.type)
        painter.fillRect(exposed, QColor(self._theme.base))
        if self._tokens:
            scrolled = self.verticalScrollBar().value() - _MARGIN
            first = max((exposed.top() + scrolled - 3) // self.line_height, 0)
            last = min((exposed.bottom() + scrolled + 3) // self.line_height, len(self._starts) - 1)
            for line in range(first, last + 1):
                self._draw(painter, self._exposed_of(line, exposed))
            self._frame_current(painter)
        if self.hasFocus():
            painter.setPen(QColor(self._theme.accent))
            painter.drawRect(self.viewport().rect().adjusted(0, 0, -1, -1))

    def _exposed_of(self, line: int, exposed: QRect) -> range:
        """Return the tokens of a line that are to be painted."""
        tokens = self._tokens_of(line)
        begin = self._left_of(tokens.start) - _MARGIN
        first = int(np.searchsorted(self._ends, exposed.left() + begin, side="right"))
        last = int(np.searchsorted(self._ends, exposed.right() + begin, side="right"))
        return range(max(first, tokens.start), min(last + 1, tokens.stop))

    def _draw(self, painter: QPainter, tokens: range) -> None:
        """Draw tokens of one line: on their colour where it is known."""
        papers = dict.fromkeys(tokens, 0)
        known = range(max(tokens.start, self._known.start), min(tokens.stop, self._known.stop))
        if self._colouring is not None and known:
            papers.update(zip(known, self._colouring.papers(known), strict=True))
        for t, paper in papers.items():
            place = self.place_of(t)
            if paper:
                painter.fillRect(place.adjusted(2, 0, -2, 0) if self._words else place, QColor.fromRgb(paper))
            painter.setPen(ink_on(paper) if paper else QColor(self._theme.text))
            painter.drawText(place, Qt.AlignmentFlag.AlignCenter, format_running_token(self._tokens[t]))

    def _frame_current(self, painter: QPainter) -> None:
        painter.setPen(QPen(QColor(self._theme.cursor), 2.0))
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.drawRect(self.place_of(self._t).adjusted(0, -1, 0, 1))


def format_running_token(token: str) -> str:
    """Return a token as it stands in running text: a space is one, other white space has a sign."""
    return token if token == " " else format_token(token)


def _alike(token: str) -> str:
    """Return a token that is as wide, but for what lies between words: of numbers there may be many, all different."""
    return "0" * len(token) if len(token) > 1 and token.isascii() and token.isdigit() else token


def _width(metrics: QFontMetrics, token: str) -> int:
    return max(metrics.horizontalAdvance(format_running_token(token)), metrics.averageCharWidth() // 2)


def _between(one: int, other: int) -> range:
    """Return the steps from the lesser up to the greater."""
    return range(min(one, other), max(one, other))
