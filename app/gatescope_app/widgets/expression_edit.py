"""A field for an expression: checked while it is typed, with its error in one line below."""

from __future__ import annotations

from typing import Literal

from PySide6.QtCore import QEvent, QTimer, Signal
from PySide6.QtGui import QColor, QPalette
from PySide6.QtWidgets import QSizePolicy, QVBoxLayout, QWidget

from gatescope.debugging.expressions.compiled import compile_condition, compile_expression
from gatescope.debugging.expressions.completion import Completion, completions
from gatescope.debugging.expressions.errors import ExpressionError
from gatescope.debugging.expressions.log_message import compile_message
from gatescope.debugging.expressions.names import Names
from gatescope.messages.message import GatescopeError, Message
from gatescope_app.look.language import format_message
from gatescope_app.look.theme import Theme
from gatescope_app.widgets.elided_label import ElidedLabel
from gatescope_app.widgets.expression_line import ExpressionLine

Kind = Literal["condition", "expression", "message"]
"""What is typed: something true or false, a value of any kind, or a log message with values in braces."""

_PAUSE = 350  # ms of no typing, before what is not finished yet is called wrong


class ExpressionEdit(QWidget):
    """The line, and a line below it for its error, or for a hint while there is none.

    The lower line keeps its place, so that nothing moves while one types.

    Parameters
    ----------
    kind : {"condition", "expression", "message"}
        What is typed.
    names : Names
        What may be used in it; see `Debugger.names`.
    theme : Theme
        The colours.

    Signals
    -------
    edited()
        The text is another one.
    entered(str)
        Enter was pressed, and the text is right.
    """

    edited = Signal()
    entered = Signal(str)

    def __init__(self, kind: Kind, names: Names, theme: Theme) -> None:
        super().__init__()
        self._kind, self._names, self._theme = kind, names, theme
        self._error: GatescopeError | None = None
        self._hint = ""
        self.line = ExpressionLine(theme, self._completions)
        self.note = ElidedLabel()
        self._pause = QTimer(self, singleShot=True, interval=_PAUSE)
        self._pause.timeout.connect(self._on_pause)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(2)
        layout.addWidget(self.line)
        layout.addWidget(self.note)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setFocusProxy(self.line)
        self.line.textChanged.connect(lambda _: self._on_text())
        self.line.returnPressed.connect(self._on_return)
        self._check()
        self._show_hint()

    # what is typed

    def text(self) -> str:
        """Return what is typed, without spaces around it."""
        return self.line.text().strip()

    def set_text(self, text: str) -> None:
        """Show another text; undo does not lead back from it."""
        self.line.setText(text)

    def problem(self) -> Message | None:
        """Return what is wrong with it now, None where it is right; nothing typed is wrong as well."""
        return None if self._error is None else self._error.message

    # how it looks

    def set_names(self, names: Names) -> None:
        """Speak of another network from now on."""
        if names != self._names:
            self._names = names
            self._on_text()

    def set_hint(self, hint: str) -> None:
        """Say this below the line while nothing is wrong."""
        self._hint = hint
        self._show_again()

    def set_accessible_name(self, name: str) -> None:
        """Say what the field is for, to those who do not see it."""
        self.line.setAccessibleName(name)

    def set_theme(self, theme: Theme) -> None:
        """Take the colours of another theme."""
        self._theme = theme
        self.line.set_theme(theme)
        self._show_again()

    def changeEvent(self, event: QEvent) -> None:
        """Follow a change of language."""
        if event.type() == QEvent.Type.LanguageChange:
            self._show_again()
        super().changeEvent(event)

    # checking

    def _completions(self, text: str, place: int) -> tuple[Completion, ...]:
        if self._kind != "message":
            return completions(text, place, self._names)
        begin = _begin_of_value(text[:place])
        if begin is None:
            return ()
        found = completions(text[begin:], place - begin, self._names)
        return tuple(each._replace(start=each.start + begin) for each in found)

    def _check(self) -> None:
        compiled = {"condition": compile_condition, "expression": compile_expression, "message": compile_message}
        self._error = None
        try:
            compiled[self._kind](self.line.text(), self._names)
        except ExpressionError as error:
            self._error = error

    def _on_text(self) -> None:
        """Take an error away at once, but let one finish the word before the next is shown."""
        shown = self._shows_problem
        self._check()
        if self._error is None or not self.text():
            self._show_hint()
        elif shown:
            self.show_problem()
        else:
            self._pause.start()
        self.edited.emit()

    def _on_pause(self) -> None:
        """Say what is wrong, but not of a word that is being chosen from the list."""
        if self.line.popup.isVisible():
            self._pause.start()
        else:
            self.show_problem()

    def _on_return(self) -> None:
        if self._error is None:
            self.entered.emit(self.text())
        else:
            self.show_problem()

    # the line below

    def refuse(self, error: GatescopeError) -> None:
        """Say why what is typed was not taken, until it is changed."""
        self._error = error
        self.show_problem()

    def show_problem(self) -> None:
        """Say now what is wrong."""
        self._pause.stop()
        if self._error is None:
            return
        text = format_message(self._error.message)
        place = (self._error.start, self._error.end) if isinstance(self._error, ExpressionError) else None
        self.line.underline(place)
        self._show(f"✗ {text}", self._theme.differs)

    def _show_hint(self) -> None:
        self._pause.stop()
        self.line.underline(None)
        self._show(self._hint, self._theme.faint)

    @property
    def _shows_problem(self) -> bool:
        return self.note.text().startswith("✗")

    def _show_again(self) -> None:
        if self._shows_problem:
            self.show_problem()
        else:
            self._show(self._hint, self._theme.faint)

    def _show(self, text: str, colour: str) -> None:
        palette = self.note.palette()
        palette.setColor(QPalette.ColorRole.WindowText, QColor(colour))
        self.note.setPalette(palette)
        self.note.setText(text)
        self.note.setToolTip(text)  # where there is no room for all of it
        self.line.setAccessibleDescription(text)


def _begin_of_value(before: str) -> int | None:
    """Return where the value begins that is being typed in a log message; None outside of braces."""
    brace = before.replace("{{", "  ").rfind("{")
    return brace + 1 if brace > before.rfind("}") else None
