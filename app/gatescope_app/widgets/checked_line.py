"""A line that is checked while one types, and a field with such a line and what is wrong with it."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QEvent, QTimer, Signal
from PySide6.QtGui import QColor, QPalette
from PySide6.QtWidgets import QBoxLayout, QLineEdit, QSizePolicy, QWidget

from gatescope.messages.message import GatescopeError
from gatescope_app.look.language import format_message
from gatescope_app.look.theme import Theme
from gatescope_app.widgets.elided_label import ElidedLabel

_PAUSE = 350  # ms of no typing, before what is not finished yet is called wrong

Check = Callable[[str], object]
"""Given what is typed; raises GatescopeError or Misread where it is wrong."""


class Misread(Exception):  # noqa: N818 - what was typed is no error of the program
    """Something typed cannot be read; says in the window's language what would be right."""


Error = GatescopeError | Misread
"""What can be wrong with what is typed."""


def describe_error(error: Error) -> str:
    """Return what is wrong, in the current language."""
    return format_message(error.message) if isinstance(error, GatescopeError) else str(error)


class CheckedLine(QLineEdit):
    """Has an error hidden as soon as it is put right, but lets one finish the word before the next is shown.

    Signals
    -------
    checked()
        The text or what is right is another one, and `error` is what is wrong with it.
    error_shown(bool)
        The error is to be shown, or no error.
    """

    checked = Signal()
    error_shown = Signal(bool)

    def __init__(self, check: Check, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.error: Error | None = None  # what is wrong with the text now; it need not be shown yet
        self._check, self._shows_error = check, False
        self._pause = QTimer(self, singleShot=True, interval=_PAUSE)
        self._pause.timeout.connect(self._on_pause)
        self.textChanged.connect(lambda _: self.check())

    def check(self) -> None:
        """Check the text again."""
        self.error = None
        try:
            self._check(self.text())
        except (GatescopeError, Misread) as error:
            self.error = error
        if self.error is None or not self.text().strip():
            self._show(error=False)
        elif self._shows_error:
            self.show_error()
        else:
            self._pause.start()
        self.checked.emit()

    def show_error(self) -> None:
        """Say now what is wrong."""
        if self.error is not None:
            self._show(error=True)

    def refuse(self, error: Error) -> None:
        """Say why the text was not taken, until it is changed."""
        self.error = error
        self.show_error()

    def _on_pause(self) -> None:
        self.show_error()

    def _show(self, *, error: bool) -> None:
        self._pause.stop()
        self._shows_error = error
        self.error_shown.emit(error)


class CheckedField(QWidget):
    """A line, and below or beside it what is wrong, or a hint while nothing is.

    The note keeps its place, so that nothing moves while one types.

    Signals
    -------
    edited()
        The text, or what is right, is another one.
    entered(str)
        Enter was pressed, and the text is right.
    """

    edited = Signal()
    entered = Signal(str)

    def __init__(self, line: CheckedLine, theme: Theme, layout: QBoxLayout) -> None:
        super().__init__()
        self.line, self.note = line, ElidedLabel()
        self._theme, self._hint, self._shows_error = theme, "", False
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addWidget(line)
        layout.addWidget(self.note)
        self.setLayout(layout)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setFocusProxy(line)
        line.error_shown.connect(self._show_error)
        line.checked.connect(self.edited)
        line.returnPressed.connect(self._on_return)

    def text(self) -> str:
        """Return what is typed, without spaces around it."""
        return self.line.text().strip()

    def set_hint(self, hint: str) -> None:
        """Say this while nothing is wrong."""
        self._hint = hint
        self._show_again()

    def set_theme(self, theme: Theme) -> None:
        self._theme = theme
        self._show_again()

    def changeEvent(self, event: QEvent) -> None:
        """Follow a change of language."""
        if event.type() == QEvent.Type.LanguageChange:
            self._show_again()
        super().changeEvent(event)

    def _on_return(self) -> None:
        if self.line.error is None:
            self.entered.emit(self.text())
        else:
            self.line.show_error()

    def _show_error(self, shown: bool) -> None:
        self._shows_error = shown
        self._show_again()

    def _show_again(self) -> None:
        error = self.line.error if self._shows_error else None
        text = self._hint if error is None else f"✗ {describe_error(error)}"
        palette = self.note.palette()
        colour = self._theme.faint if error is None else self._theme.differs
        palette.setColor(QPalette.ColorRole.WindowText, QColor(colour))
        self.note.setPalette(palette)
        self.note.setText(text)
        self.note.setToolTip(text)  # where there is no room for all of it
        self.line.setAccessibleDescription(text)
