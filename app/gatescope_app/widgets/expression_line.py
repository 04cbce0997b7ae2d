"""A line to type an expression into, with a wave under what is wrong and a list of what may come next."""

from __future__ import annotations

import re
from collections.abc import Callable

from PySide6.QtCore import QEvent, QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QFocusEvent, QKeyEvent, QPainter, QPaintEvent, QPen, QPolygonF

from gatescope.debugging.expressions.completion import Completion
from gatescope.debugging.expressions.errors import ExpressionError
from gatescope_app.look.theme import Theme
from gatescope_app.widgets.checked_line import Check, CheckedLine
from gatescope_app.widgets.completion_popup import CompletionPopup

_Key = Qt.Key
_WORD = re.compile(r"[A-Za-z_0-9]*\Z")

Complete = Callable[[str, int], tuple[Completion, ...]]
"""Returns what the word before a place in a text may become."""


class ExpressionLine(CheckedLine):
    """The line itself.

    Places are counted in characters, as Python does; Qt counts those beyond the basic plane twice.
    """

    def __init__(self, theme: Theme, check: Check, complete: Complete) -> None:
        super().__init__(check)
        self._complete = complete
        self._wrong: tuple[int, int] | None = None  # the part of the text with a wave under it
        self._colour = theme.differs
        self.popup = CompletionPopup(self, theme)
        self.popup.chosen.connect(self._take)
        self.textEdited.connect(lambda _: self._offer_while_typing())
        self.cursorPositionChanged.connect(self._on_cursor)
        self.error_shown.connect(self._underline)

    def set_theme(self, theme: Theme) -> None:
        self._colour = theme.differs
        self.popup.set_theme(theme)
        self.update()

    # what is wrong

    def _underline(self, shown: bool) -> None:
        error = self.error
        self._wrong = (error.start, error.end) if shown and isinstance(error, ExpressionError) else None
        self.update()

    def _on_pause(self) -> None:
        """Say what is wrong, but not of a word that is being chosen from the list."""
        if self.popup.isVisible():
            self._pause.start()
        else:
            super()._on_pause()

    def paintEvent(self, event: QPaintEvent) -> None:
        """Draw the field, then the wave."""
        super().paintEvent(event)
        if self._wrong is None:
            return
        left, right = (self._x(place) for place in self._wrong)
        if right - left < 1:  # something is missing there
            right = left + self.fontMetrics().averageCharWidth()
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setClipRect(self.rect().adjusted(3, 0, -3, 0))
        painter.setPen(QPen(QColor(self._colour), max(1.2, self.fontMetrics().height() / 14)))
        painter.drawPolyline(_wave(left, right, self._bottom(), self.fontMetrics().height() / 8))

    def _x(self, place: int) -> float:
        """Return where a place in the text is, in pixels; the field may have scrolled."""
        text, measure = self.text(), self.fontMetrics().horizontalAdvance
        return QRectF(self.cursorRect()).center().x() + measure(text[:place]) - measure(text[: self.place])

    def _bottom(self) -> float:
        return self.rect().center().y() + self.fontMetrics().height() / 2 + 1

    # what may come next

    @property
    def place(self) -> int:
        """Where the cursor is."""
        return _characters(self.text(), self.cursorPosition())

    def offer(self) -> None:
        """Show what may come next; where that is one thing only, type it."""
        offered = self._complete(self.text(), self.place)
        if len(offered) == 1:
            self._take(offered[0])
        else:
            self._show_list(offered)

    def _offer_while_typing(self) -> None:
        word = _WORD.search(self.text()[: self.place])
        typed = word is not None and word[0] != ""
        offered = self._complete(self.text(), self.place) if typed else ()
        complete = [each for each in offered if self._typed(each) == each.insert]
        self._show_list(() if len(offered) == len(complete) else offered)

    def _show_list(self, offered: tuple[Completion, ...]) -> None:
        if not offered or not self.hasFocus():
            self.popup.close_up()
            return
        # What is a name already stays as it is when Enter is pressed.
        finished = any(self._typed(each) == each.insert for each in offered)
        self.popup.offer(offered, round(self._x(offered[0].start)) - 6, select=not finished)

    def _typed(self, completion: Completion) -> str:
        return self.text()[completion.start : self.place]

    def _take(self, completion: Completion) -> None:
        """Type a completion in the place of the word."""
        self.popup.close_up()
        text, insert = self.text(), completion.insert
        after = text[self.place :]
        if insert.endswith("(") and after.startswith("("):
            insert = insert[:-1]
        start, end = (_units(text, place) for place in (completion.start, self.place))
        self.setSelection(start, end - start)
        self.insert(insert)
        self.textEdited.emit(self.text())
        self.popup.close_up()

    def _on_cursor(self) -> None:
        """Offer nothing for a word that has been left."""
        if self.popup.isVisible() and not self._complete(self.text(), self.place):
            self.popup.close_up()

    # keys

    def event(self, event: QEvent) -> bool:
        """Take the keys of the list before the window's shortcuts and the way of the focus do."""
        if isinstance(event, QKeyEvent) and self._is_of_list(event):
            if event.type() == QEvent.Type.ShortcutOverride:
                event.accept()
                return True
            if event.type() == QEvent.Type.KeyPress:
                self._on_list_key(event)
                return True
        return super().event(event)

    def _is_of_list(self, event: QKeyEvent) -> bool:
        """Whether a key is meant for the list: it opens it, or the list is open."""
        if _opens(event):
            return True
        if not self.popup.isVisible() or event.modifiers() & ~Qt.KeyboardModifier.KeypadModifier:
            return False
        takes = event.key() in (_Key.Key_Return, _Key.Key_Enter, _Key.Key_Tab) and self.popup.selected is not None
        return takes or event.key() in (_Key.Key_Up, _Key.Key_Down, _Key.Key_Escape)

    def _on_list_key(self, event: QKeyEvent) -> None:
        rows = {_Key.Key_Up: -1, _Key.Key_Down: 1}.get(_Key(event.key()))
        if _opens(event):
            self.offer()
        elif rows is not None:
            self.popup.move_by(rows)
        elif event.key() != _Key.Key_Escape and self.popup.selected is not None:
            self._take(self.popup.selected)
        else:
            self.popup.close_up()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Close the list when Enter is meant for the field."""
        if event.key() in (_Key.Key_Return, _Key.Key_Enter):
            self.popup.close_up()
        super().keyPressEvent(event)

    def focusOutEvent(self, event: QFocusEvent) -> None:
        """Close the list."""
        self.popup.close_up()
        super().focusOutEvent(event)


def _opens(event: QKeyEvent) -> bool:
    return event.key() == _Key.Key_Space and event.modifiers() == Qt.KeyboardModifier.ControlModifier


def _wave(left: float, right: float, bottom: float, height: float) -> QPolygonF:
    """Return the points of a wave of this height."""
    points, x, up = [], left, False
    while x < right + height / 2:
        points.append(QPointF(x, bottom - (height if up else 0)))
        x, up = x + height, not up
    return QPolygonF(points)


def _units(text: str, place: int) -> int:
    """Return a place as Qt counts it."""
    return len(text[:place].encode("utf-16-le", "surrogatepass")) // 2


def _characters(text: str, place: int) -> int:
    """Return a place that Qt counted."""
    return len(text.encode("utf-16-le", "surrogatepass")[: 2 * place].decode("utf-16-le", "surrogatepass"))
