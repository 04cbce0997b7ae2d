"""Fractions as people read them."""

from __future__ import annotations

NO_BREAK = "\u00a0"
"""A space at which no line ends."""


def format_percent(fraction: float) -> str:
    """Return a fraction in percent, to three digits; what is not all of it never reads as 100."""
    text = f"{100 * fraction:.3g}"
    return (">99.9" if text == "100" and fraction < 1 else text) + f"{NO_BREAK}%"
