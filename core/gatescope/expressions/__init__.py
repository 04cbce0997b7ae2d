"""The language of conditions, watches and log messages: what it is made of, and what it may never do.

An expression such as `any(c > 2) and token == "l"` is checked and compiled once, and evaluated over all steps of a
cell at once. It has a grammar of its own over Python's `ast`: what is not named in `gatescope.expressions.grammar` is
refused, and nothing is ever handed to Python's `eval`. Importing this needs no torch.
"""

from __future__ import annotations

from gatescope.expressions.compiled import Expression, compile_condition, compile_expression
from gatescope.expressions.completion import Completion, completions
from gatescope.expressions.errors import ExpressionError
from gatescope.expressions.log_message import LogMessage, compile_message
from gatescope.expressions.moments import Moments
from gatescope.expressions.names import Name, Names

__all__ = [
    "Completion",
    "Expression",
    "ExpressionError",
    "LogMessage",
    "Moments",
    "Name",
    "Names",
    "compile_condition",
    "compile_expression",
    "compile_message",
    "completions",
]
