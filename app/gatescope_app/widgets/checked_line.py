"""A field over a cell of a table, checked while one types, with a note directly below it for what is wrong."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QRect, Qt, QTimer
from PySide6.QtGui import QPalette
from PySide6.QtWidgets import QFrame, QLineEdit, QWidget

from gatescope.messages.message import GatescopeError, Message
from gatescope_app.look.language import format_message
from gatescope_app.look.theme import Theme
from gatescope_app.widgets.problem_label import ProblemLabel

_PAUSE = 350  # ms of no typing, before what is not finished yet is called wrong


class CheckedLine(QLineEdit):
    """A field with a thin frame; the usual one would leave no room for the text.

    Parameters
    ----------
    parent : QWidget
        The viewport; the note lies in it as well, since a cell is narrow.
    check : callable
        Given the text; raises GatescopeError where it is wrong.
    theme : Theme
        The colours.
    """

    def __init__(self, parent: QWidget, check: Callable[[str], object], theme: Theme) -> None:
        super().__init__(parent)
        self._viewport, self._check, self._theme = parent, check, theme
        self._pause = QTimer(self, singleShot=True, interval=_PAUSE)
        self._pause.timeout.connect(self.show_problem)
        self.note = _note(self, parent, theme)
        self._frame("palette(link)")
        self.textEdited.connect(lambda _: self._on_text())

    def problem(self) -> Message | None:
        """Return what is wrong with what was typed, None where it is right or nothing was."""
        try:
            if self.isModified():
                self._check(self.text())
        except GatescopeError as error:
            return error.message
        return None

    def show_problem(self) -> None:
        """Say now what is wrong."""
        message = self.problem()
        if message is not None:
            self._show(format_message(message))

    def refuse(self, error: GatescopeError) -> None:
        """Say why what is typed was not taken, until it is changed."""
        self._show(format_message(error.message))

    def place_note(self) -> None:
        """Put the note below the field; above it, where there is no room below."""
        viewport, field = self._viewport.rect(), self.geometry()
        wanted = self.note.fontMetrics().horizontalAdvance(self.note.text()) + 16
        width = min(viewport.width(), max(field.width(), wanted))
        height = self.note.heightForWidth(width)
        fits = field.bottom() + height <= viewport.bottom() or field.top() < height
        left = max(0, min(field.left(), viewport.width() - width))
        self.note.setGeometry(QRect(left, field.bottom() + 1 if fits else field.top() - height, width, height))

    def _on_text(self) -> None:
        """Take a note away at once, but let one finish the number before the next is shown."""
        if self.problem() is None or not self.text():
            self._show_none()
        elif self.note.isHidden():
            self._pause.start()
        else:
            self.show_problem()

    def _show(self, text: str) -> None:
        self._pause.stop()
        self._frame(self._theme.differs)
        self.setAccessibleDescription(text)
        self.note.show_problem(text)
        self.place_note()
        self.note.raise_()

    def _show_none(self) -> None:
        self._pause.stop()
        self._frame("palette(link)")
        self.setAccessibleDescription("")
        self.note.clear()

    def _frame(self, colour: str) -> None:
        self.setStyleSheet(f"border: 1px solid {colour}; padding: 0 2px; background: palette(base)")


def _note(field: CheckedLine, parent: QWidget, theme: Theme) -> ProblemLabel:
    note = ProblemLabel(theme)
    note.setParent(parent)
    note.setMargin(3)
    note.setFrameShape(QFrame.Shape.Box)
    note.setAutoFillBackground(True)
    note.setBackgroundRole(QPalette.ColorRole.Window)
    note.setAttribute(Qt.WidgetAttribute.WA_NoMousePropagation)  # a click on it is none elsewhere
    note.setFocusPolicy(Qt.FocusPolicy.ClickFocus)
    note.setFocusProxy(field)
    return note
