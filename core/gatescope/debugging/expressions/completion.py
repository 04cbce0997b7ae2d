"""What may be typed next: the names and functions that begin like the word before the cursor."""

from __future__ import annotations

import re
from typing import NamedTuple

from gatescope.debugging.expressions.functions import FUNCTIONS
from gatescope.debugging.expressions.names import Names
from gatescope.debugging.expressions.tokenizer import Token, tokens_of
from gatescope.messages.message import Message

_WORD = re.compile(r"[A-Za-z_][A-Za-z_0-9]*\Z")


class Completion(NamedTuple):
    """What can stand in the place of `text[start:position]`, and what it is, in one line."""

    insert: str
    start: int
    help: Message


def completions(text: str, position: int, names: Names) -> tuple[Completion, ...]:
    """Return what the word before the cursor may become; of no word, all that may begin there.

    Nothing where no name fits: within a text, where a unit's number belongs, and where an operator must come first.
    """
    before = text[: max(position, 0)]
    word = _WORD.search(before)
    start, typed = (word.start(), word[0].lower()) if word else (len(before), "")
    if not _value_fits(tokens_of(before[:start]), start):
        return ()
    offered = {name: each.help for name, each in names.by_name.items()}
    offered |= {f"{name}(": function.help for name, function in FUNCTIONS.items()}
    return tuple(Completion(insert, start, help_) for insert, help_ in offered.items() if insert.startswith(typed))


def _value_fits(tokens: list[Token], start: int) -> bool:
    """Return whether a name may follow these tokens, which may be those of an unfinished expression."""
    if any(token.text in ('"', "'") for token in tokens):
        return False  # within a text that has not been closed
    signs = [token.text for token in tokens]
    if signs.count("[") > signs.count("]"):
        return False
    if not tokens:
        return True
    last = tokens[-1]
    return last.kind in ("operator", "foreign") or last.text in ("(", ",", "and", "or", "not")
