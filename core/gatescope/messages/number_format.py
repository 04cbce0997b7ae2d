"""Numbers as they are shown to people: rounded to a few places, and it is known whether that lost anything."""

from __future__ import annotations

import math

PLACES = 4
"""Digits after the decimal point, and of large numbers in the exponent form."""

_LARGEST = 1e5  # from here on in the exponent form, which is shorter


def format_number(value: float, places: int = PLACES) -> str:
    """Return a number rounded to so many places, or its exponent form from 100,000 on.

    What is shown reads back to within half a unit of its last digit: Python rounds correctly, ties to even.
    """
    value = float(value) + 0.0  # a comparison in float16 would overflow; and -0.0 is 0 to people
    if not math.isfinite(value) or abs(value) < _LARGEST:
        return f"{value:.{places}f}"
    return f"{value:.{places}e}"


def is_exact(value: float, places: int = PLACES) -> bool:
    """Whether what is shown of a number reads back as the number itself."""
    return float(format_number(value, places)) == value
