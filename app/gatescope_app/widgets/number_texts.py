"""Numbers in the cells of tables: in the shortest form of their dtype, and never cut where there is little room."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from math import isfinite
from typing import Any

import numpy as np

_WRITTEN_AS: dict[str, Callable[[Any], Any]] = {"float16": np.float16, "float32": np.float32, "bfloat16": np.float32}
_AS_ZERO = str.maketrans("123456789", "000000000")
_MOST_DIGITS = 17  # that tell two numbers in float64 apart


def format_exactly(number: Any, dtype: str = "") -> str:
    """Return a number in the shortest form that reads back the same in its dtype.

    Parameters
    ----------
    number : float or number of numpy's
        Which may be wider than the network's numbers: an input is kept as it was given.
    dtype : str
        The network's, such as "float32"; one of numpy's is in the form of its own where none is given.
    """
    value = float(number)
    if value.is_integer() and abs(value) < 1e15:
        return str(int(value))
    narrow = _WRITTEN_AS.get(dtype)
    if narrow is not None and float(narrow(value)) == value:
        return str(narrow(value))
    return str(number)


class NumberWidths:
    """How wide numbers are in a font: all digits are as wide as 0, so that few texts need to be measured.

    Parameters
    ----------
    measure : callable
        Returns how wide a text is.
    """

    def __init__(self, measure: Callable[[str], int]) -> None:
        self._measure = measure
        self._known: dict[str, int] = {}

    def __call__(self, text: str) -> int:
        """Return how wide a text is."""
        form = text.translate(_AS_ZERO)
        if form not in self._known:
            self._known[form] = self._measure(form)
        return self._known[form]


def fit_number(text: str, room: int, measure: Callable[[str], int]) -> str:
    """Return a number as there is room for it: where it is wider, rounded, with a sign that says so.

    Parameters
    ----------
    text : str
        The number; where it is none it stays as it is.
    room : int
        In pixels.
    measure : callable
        Returns how wide a text is.
    """
    if measure(text) <= room:
        return text
    try:
        value = float(text)
    except ValueError:
        return text
    most = min(len(text), _MOST_DIGITS, room // max(measure("0"), 1))
    rounded = (f"{value:.{digits}g}" for digits in range(most, 0, -1))
    finite = (f"≈{one}" for one in rounded if isfinite(float(one)))  # the largest numbers are rounded to infinity
    return next((one for one in finite if measure(one) <= room), "…")


def fit_numbers(texts: Sequence[str], count: int, room: int, measure: Callable[[str], int]) -> str:
    """Return numbers in brackets, as many whole ones as there is room for; where that is not all, then their count.

    Parameters
    ----------
    texts : sequence of str
        The first of them.
    count : int
        How many there are.
    room, measure
        As for `fit_number`.
    """
    everything = f"[{' '.join(texts)}]"
    if len(texts) == count and measure(everything) <= room:
        return everything
    width, shown = measure(f"[… {count}]"), 0
    while shown < len(texts) and (width := width + measure(f"{texts[shown]} ")) <= room:
        shown += 1
    while shown and measure(_with_count(texts[:shown], count)) > room:  # the parts are rounded to whole pixels
        shown -= 1
    return _with_count(texts[:shown], count)


def _with_count(texts: Sequence[str], count: int) -> str:
    return f"[{' '.join([*texts, f'… {count}'])}]"
