"""How tokens are written where space is short."""

from __future__ import annotations

from html import escape

from PySide6.QtGui import Qt


def format_token(token: str) -> str:
    """Return a token with a sign for what cannot be seen."""
    return {" ": "␣", "\n": "⏎", "\t": "⇥", "\r": "␍"}.get(token, token)


def format_step(t: int, tokens: tuple[str, ...] | None) -> str:
    """Return how a step is called: `t = 2 “l”`, or without a token `t = 2`."""
    return f"t = {t} “{format_token(tokens[t])}”" if tokens else f"t = {t}"


def escape_markup(text: str) -> str:
    """Return a text with tokens in it as a tooltip takes it: `<s>` is a token, and no HTML."""
    return f"<p style='white-space:pre-wrap'>{escape(text, quote=False)}</p>" if Qt.mightBeRichText(text) else text
