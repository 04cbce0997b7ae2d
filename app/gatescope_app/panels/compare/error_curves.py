"""What the plots of errors show: a run against torch's module, against another, or against what it was edited from."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from gatescope.verification.error_curves import ErrorCurves, error_curves

if TYPE_CHECKING:
    from gatescope.verification.comparison import Comparison
    from gatescope.verification.effects import Effect
    from gatescope.verification.report import Report
    from gatescope_app.state.session_state import Focus


def of_module(report: Report, quantity: str, focus: Focus, *, drift: bool) -> ErrorCurves:
    """Return the errors against the module; only a state has a drift, since the module tells no other."""
    drift = drift and quantity in report.states
    return error_curves(report, quantity, focus.layer, focus.direction, focus.batch, drift=drift)


def of_runs(comparison: Comparison, quantity: str, focus: Focus) -> ErrorCurves:
    """Return the differences of two runs; at each step those of the unit nearest to its bound."""

    def of(kind: str) -> Any:
        from gatescope.traces.trace import as_numpy  # noqa: PLC0415 - imports torch

        return as_numpy(getattr(comparison, kind)(quantity, focus.layer, focus.direction)[:, focus.batch])

    difference, bound = of("difference"), of("bound")  # (T, units)
    with np.errstate(divide="ignore", invalid="ignore"):
        ratio = difference / bound
    worst = np.where(np.isnan(ratio), -1, ratio).argmax(axis=1)[:, None]  # (T, 1)
    error, allowed = (np.take_along_axis(values, worst, axis=1)[:, 0] for values in (difference, bound))
    return ErrorCurves(error, allowed, of("drift").max(axis=1), worst[:, 0])


def of_effect(effect: Effect, quantity: str, focus: Focus) -> ErrorCurves:
    """Return what edits changed: at each step the largest difference of any unit; rounding has no part in it."""
    from gatescope.traces.trace import as_numpy  # noqa: PLC0415 - imports torch

    difference = np.abs(
        as_numpy(effect.difference(quantity, focus.layer, focus.direction)[:, focus.batch])
    )  # (T, units)
    largest = difference.max(axis=1)
    return ErrorCurves(largest, np.full_like(largest, np.nan), None, difference.argmax(axis=1))
