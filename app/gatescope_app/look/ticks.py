"""Distances between the numbers of an axis, as people count: 1, 2, 5, 10, 20 and so on."""

from __future__ import annotations

from math import floor, log10


def round_step(least: float) -> float:
    """Return the smallest of 1, 2 and 5 times a power of ten that is not below `least`; 0 where that is not above 0."""
    if least <= 0:
        return 0.0
    power = 10.0 ** floor(log10(least))
    return next((power * step for step in (1, 2, 5) if power * step >= least), 10 * power)


def round_count(least: float) -> int:
    """Return the same in whole numbers, at least 1."""
    return round(round_step(max(least, 1.0)))
