"""Numbers as they are shown to people: rounded to a few places, and it is known whether that lost anything."""

from __future__ import annotations

import math

PLACES = 4
"""Digits after the decimal point, and of large numbers in the exponent form."""

_LARGEST = 1e5  # from here on in the exponent form, which is shorter
_BITS = 200  # of a whole number that is written out


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


def format_compact(value: float, digits: str = ".4g") -> str:
    """Return a number in a format of Python's, but a whole one in full: steps and counts are not to be rounded."""
    if not math.isfinite(value):
        return str(value).replace("nan", "NaN")
    return str(int(value)) if value == int(value) and abs(value) < 1e15 else format(value, digits)


def format_whole(value: object) -> str:
    """Return a value as it is, but of a huge whole number its size: Python refuses to write thousands of digits."""
    if isinstance(value, int) and value.bit_length() > _BITS:
        return f"a number of {value.bit_length()} bits"
    return str(value)


def format_percent(ratio: float) -> str:
    """Return a part of a bound in percent, without its sign."""
    value = 100 * ratio
    return f"{value:.0f}" if value >= 1 or value == 0 else "< 1"
