"""Long rows shortened: both ends, what is around the place looked at, and gaps between."""

from __future__ import annotations

Fold = tuple[int | None, ...]
"""What each slot shows, ascending; None for a gap, which always stands for two numbers or more."""


def fold(count: int, at: int, slots: int, ends: int) -> Fold:
    """Choose which of `count` numbers to show.

    They turn like pages: while `at` moves within a page, all stays where it is; its neighbours are always shown.

    Parameters
    ----------
    count : int
        The numbers are 0 to `count - 1`.
    at : int
        The one that is looked at.
    slots : int
        How many there is room for, gaps included; at least `2 * ends + 5`.
    ends : int
        How many to show at either end in any case.
    """
    if count <= slots:
        return tuple(range(count))
    edge = slots - 1 - ends  # on the first and on the last page, up to the only gap
    if at <= edge - 2:
        return (*range(edge), None, *range(count - ends, count))
    if at >= count - edge + 1:
        return (*range(ends), None, *range(count - edge, count))
    inner = slots - 2 * ends - 2
    turned = (at - (edge - 1)) // (inner - 2)
    start = edge - 2 + turned * (inner - 2)
    return (*range(ends), None, *range(start, start + inner), None, *range(count - ends, count))
