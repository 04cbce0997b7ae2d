"""How tokens are written where space is short."""

from __future__ import annotations


def visible(token: str) -> str:
    """Return a token with a sign for what cannot be seen."""
    return {" ": "␣", "\n": "⏎", "\t": "⇥", "\r": "␍"}.get(token, token)
