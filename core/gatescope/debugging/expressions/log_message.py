"""The messages of log points: text with values in braces."""

from __future__ import annotations

import re
from dataclasses import dataclass

import numpy as np

from gatescope.debugging.expressions.compiled import Expression, compile_expression
from gatescope.debugging.expressions.errors import ExpressionError
from gatescope.debugging.expressions.names import Names
from gatescope.debugging.expressions.step_arrays import Array, StepArrays
from gatescope.debugging.expressions.tokenizer import LIMIT
from gatescope.messages.message import Message
from gatescope.messages.number_format import format_compact

_ENTRIES = 8  # of a vector; more would not be read in a line

# An expression in braces ends at the first one that is in no text of it.
_PART = re.compile(
    r"""(?P<brace>\{\{|\}\})
    | \{(?P<expression>(?:[^{}"']|"(?:[^"\\]|\\.)*"|'(?:[^'\\]|\\.)*')*)\}
    | (?P<open>[{}])
    | (?P<literal>[^{}]+)""",
    re.VERBOSE | re.DOTALL,
)


@dataclass(frozen=True, eq=False)
class LogMessage:
    """A message that has been checked.

    Attributes
    ----------
    text : str
        As it was written.
    parts : tuple of str or Expression
        What it is made of.
    """

    text: str
    parts: tuple[str | Expression, ...]

    @property
    def uses(self) -> frozenset[str]:
        """The names that its expressions read, as `Expression.uses`."""
        return frozenset().union(*(part.uses for part in self.parts if isinstance(part, Expression)))

    def at(self, arrays: StepArrays, t: int, batch: int = 0) -> str:
        """Write the message with the values of one step of one batch element, in one line."""
        parts = (part if isinstance(part, str) else _format_value(part, arrays, t, batch) for part in self.parts)
        return " ".join("".join(parts).splitlines())


def compile_message(text: str, names: Names) -> LogMessage:
    """Check a message such as `f = {f[3]}`; `{{` and `}}` stand for braces.

    Raises
    ------
    ExpressionError
        For a brace without its partner, and for what is wrong in an expression; values cannot be formatted.
    """
    if len(text) > LIMIT:
        raise ExpressionError(Message("expression_too_long", {"limit": LIMIT, "length": len(text)}), LIMIT, len(text))
    return LogMessage(text, tuple(_part(match, names) for match in _PART.finditer(text)))


def _part(match: re.Match[str], names: Names) -> str | Expression:
    if match["open"]:
        raise ExpressionError(Message("log_message_brace", {"brace": match["open"]}), *match.span())
    if match["expression"] is None:
        return match["brace"][0] if match["brace"] else match["literal"]
    try:
        return compile_expression(match["expression"], names)
    except ExpressionError as error:
        raise error.moved(match.start("expression")) from None


def _format_value(expression: Expression, arrays: StepArrays, t: int, batch: int) -> str:
    value = expression.value_at(arrays, t, batch)
    return _vector(value) if isinstance(value, np.ndarray) else _one(value)


def _vector(values: Array) -> str:
    entries = [_one(value.item()) for value in values[:_ENTRIES]]
    return f"[{' '.join(entries)}{' …' if len(values) > _ENTRIES else ''}]"


def _one(value: float | bool | str) -> str:
    if isinstance(value, str):
        return value if value.isprintable() else repr(value)[1:-1]
    if isinstance(value, bool):
        return "true" if value else "false"
    return format_compact(value)
