"""Numbers along an axis: round ones, as people count, between both ends, no closer than their labels allow."""

from __future__ import annotations

import re
from collections.abc import Sequence
from math import ceil, floor, inf, log10

_ROUNDING = 1 - 1e-9  # a distance that is only less by it is none
_FEWEST_DIGITS, _ALL_DIGITS = 3, 17


def round_step(least: float) -> float:
    """Return the smallest of 1, 2 and 5 times a power of ten that is not below `least`; 0 where that is not above 0."""
    if least <= 0:
        return 0.0
    power = 10.0 ** floor(log10(least))
    return next((power * step for step in (1, 2, 5) if power * step >= least), 10 * power)


def round_count(least: float) -> int:
    """Return the same in whole numbers, at least 1."""
    return round(round_step(max(least, 1.0)))


def ticks_between(low: float, high: float, least: float) -> list[float]:
    """Return both ends and the round numbers between them, at least `least` apart; from the lowest to the highest.

    The lower end alone, where even the ends are closer than that.
    """
    if not 0 < least <= high - low < inf:
        return [low]
    step, least = round_step(least), least * _ROUNDING
    numbers = [number * step for number in range(ceil(low / step), floor(high / step) + 1)]
    return [low, *(number for number in numbers if number - low >= least and high - number >= least), high]


def counts_between(first: int, last: int, least: float, before_last: float = 0.0) -> list[int]:
    """Return the same in whole numbers; the last one may need more room before it."""
    step = round_count(least)
    if last - first < least:
        return [first]
    counts = range(ceil(first / step) * step, last + 1, step)
    until = last - max(least, before_last)
    return [first, *(count for count in counts if first + least <= count <= until), last]


def format_ticks(numbers: Sequence[float]) -> list[str]:
    """Return numbers as short as they differ from each other, but in three digits where they need them."""
    different = len(set(numbers))
    texts = [_short(number, _FEWEST_DIGITS) for number in numbers]
    for digits in range(_FEWEST_DIGITS + 1, _ALL_DIGITS + 1):
        if len(set(texts)) == different:
            break
        texts = [_short(number, digits) for number in numbers]
    return texts


def _short(number: float, digits: int) -> str:
    """Return a number in that many digits: 1e15, and not 1e+15."""
    return re.sub(r"e\+?(-?)0*", r"e\1", f"{number + 0.0:.{digits}g}")
