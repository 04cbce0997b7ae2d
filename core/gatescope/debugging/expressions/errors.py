"""What is refused in an expression, and where in its text."""

from __future__ import annotations

from gatescope.messages.message import GatescopeError, Message

_SHOWN = 40  # characters of a part that a message repeats


class ExpressionError(GatescopeError):
    """An expression that cannot be used.

    Attributes
    ----------
    start, end : int
        The place that is wrong, `text[start:end]`; where something is missing, both are the place where it belongs.
    """

    def __init__(self, message: Message, start: int, end: int) -> None:
        super().__init__(message.code, **message.params)
        self.start = start
        self.end = end

    def moved(self, by: int) -> ExpressionError:
        """Return the error for a text in which the expression begins at `by`."""
        return ExpressionError(self.message, self.start + by, self.end + by)


def quote(part: str) -> str:
    """Return a part of an expression in a form that fits into one sentence."""
    line = "".join(character if character.isprintable() else " " for character in part)
    return line if len(line) <= _SHOWN else line[: _SHOWN - 1] + "…"
