"""Where running text breaks into lines. Needs no Qt."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

Ints = NDArray[np.integer[Any]]
Flags = NDArray[np.bool_]


def line_starts(widths: Ints, room: int, ends_line: Flags, ends_word: Flags) -> Ints:
    """Return the numbers of the tokens that begin a line.

    Parameters
    ----------
    widths : array of int
        Of the tokens, in pixels, (T,).
    room : int
        How wide a line may be; a token that is wider has a line of its own.
    ends_line : array of bool
        After which tokens a line ends in any case, (T,).
    ends_word : array of bool
        After which of them it may end rather than in the middle of a word, (T,).
    """
    ends = np.cumsum(widths)
    breaks = np.flatnonzero(ends_line) + 1
    # For each token the one after the last end of a word up to it; 0 where there is none.
    after_word = np.maximum.accumulate(np.where(ends_word, np.arange(1, len(widths) + 1), 0))
    starts, start = [0], 0
    while True:
        stop = _line_stop(start, ends, room, breaks, after_word)
        if stop >= len(widths):
            return np.array(starts)
        starts.append(stop)
        start = stop


def _line_stop(start: int, ends: Ints, room: int, breaks: Ints, after_word: Ints) -> int:
    """Return the token after the line that begins with `start`."""
    before = int(ends[start - 1]) if start else 0
    stop = max(int(np.searchsorted(ends, before + room, side="right")), start + 1)
    place = int(np.searchsorted(breaks, start, side="right"))
    if place < len(breaks) and breaks[place] <= stop:
        return int(breaks[place])
    if stop < len(ends) and after_word[stop - 1] > start:
        return int(after_word[stop - 1])
    return stop
