"""A field for an expression: checked while it is typed, with its error in one line below."""

from __future__ import annotations

from typing import Literal

from PySide6.QtWidgets import QVBoxLayout

from gatescope.debugging.expressions.compiled import compile_condition, compile_expression
from gatescope.debugging.expressions.completion import Completion, completions
from gatescope.debugging.expressions.log_message import compile_message
from gatescope.debugging.expressions.names import Names
from gatescope_app.look.theme import Theme
from gatescope_app.widgets.checked_line import CheckedField
from gatescope_app.widgets.expression_line import ExpressionLine

Kind = Literal["condition", "expression", "message"]
"""What is typed: something true or false, a value of any kind, or a log message with values in braces."""


class ExpressionEdit(CheckedField):
    """The line, with completion, and a line below it.

    Parameters
    ----------
    kind : {"condition", "expression", "message"}
        What is typed.
    names : Names
        What may be used in it; see `Debugger.names`.
    theme : Theme
        The colours.
    """

    line: ExpressionLine

    def __init__(self, kind: Kind, names: Names, theme: Theme) -> None:
        self._kind, self._names = kind, names
        layout = QVBoxLayout()
        layout.setSpacing(2)
        super().__init__(ExpressionLine(theme, self._compile, self._completions), theme, layout)
        self.line.check()  # nothing typed is wrong as well

    def set_names(self, names: Names) -> None:
        """Speak of another network from now on."""
        if names != self._names:
            self._names = names
            self.line.check()

    def set_theme(self, theme: Theme) -> None:
        self.line.set_theme(theme)
        super().set_theme(theme)

    def _compile(self, text: str) -> object:
        compiled = {"condition": compile_condition, "expression": compile_expression, "message": compile_message}
        return compiled[self._kind](text, self._names)

    def _completions(self, text: str, place: int) -> tuple[Completion, ...]:
        if self._kind != "message":
            return completions(text, place, self._names)
        begin = _begin_of_value(text[:place])
        if begin is None:
            return ()
        found = completions(text[begin:], place - begin, self._names)
        return tuple(each._replace(start=each.start + begin) for each in found)


def _begin_of_value(before: str) -> int | None:
    """Return where the value begins that is being typed in a log message; None outside of braces."""
    brace = before.replace("{{", "  ").rfind("{")
    return brace + 1 if brace > before.rfind("}") else None
