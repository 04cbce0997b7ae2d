"""Errors over time, as one number for each step: what a plot of a verification shows."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

if TYPE_CHECKING:  # a window imports this before torch
    from gatescope.verification.report import Report

_Curve = NDArray[np.floating[Any]]


class ErrorCurves(NamedTuple):
    """Of one quantity, cell and batch element, each (T,); NaN where nothing can be compared.

    `error` and `bound` belong to the same unit: at each step the one whose error is the largest part of its
    bound, `unit`. `drift` is the largest free-running difference of any unit, None where it was not asked for.
    """

    error: _Curve
    bound: _Curve
    drift: _Curve | None
    unit: NDArray[np.integer[Any]]


def error_curves(report: Report, quantity: str, layer: int, direction: str, batch: int, *, drift: bool) -> ErrorCurves:
    """Reduce the errors of one cell to curves over t.

    Parameters
    ----------
    report : Report
        The verification.
    quantity : str
        One of those compared.
    layer, direction, batch
        Which part of the trace.
    drift : bool
        Whether to add the free-running difference; the module then runs once over the whole sequence if it has not.
    """

    def of(kind: str) -> _Curve:
        from gatescope.traces.trace import as_numpy  # noqa: PLC0415 - imports torch

        values: _Curve = as_numpy(getattr(report, kind)(quantity, layer, direction)[:, batch])
        return values  # (T, units)

    ratio = of("ratio")
    worst = np.where(np.isnan(ratio), -1, ratio).argmax(axis=1)[:, None]  # (T, 1)
    comparable = ~np.isnan(np.take_along_axis(ratio, worst, axis=1)[:, 0])
    error, bound = (
        np.where(comparable, np.take_along_axis(of(kind), worst, axis=1)[:, 0], np.nan)
        for kind in ("resynced", "bound")
    )
    return ErrorCurves(error, bound, of("free_running").max(axis=1) if drift else None, worst[:, 0])
