"""Distances between the numbers of an axis, as people count: 1, 2, 5, 10, 20 and so on."""

from __future__ import annotations

from math import floor, log10


def round_step(least: float) -> float:
    """Return the smallest of 1, 2 and 5 times a power of ten that is not below `least`, which is above 0."""
    power = 10.0 ** floor(log10(least))
    return next(power * step for step in (1, 2, 5, 10) if power * step >= least)


def round_count(least: float) -> int:
    """Return the same in whole numbers, at least 1."""
    return round(round_step(max(least, 1.0)))
