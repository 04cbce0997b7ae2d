"""Errors over time: at each step those of the unit whose error is the largest part of its bound."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray

import gatescope as gs
from gatescope.traces.trace import Trace
from gatescope.verification.error_curves import error_curves

MakeTrace = Callable[..., Trace]


class Given:
    """Answers as a report does, with numbers of one's own, (T, B, units)."""

    def __init__(self, error: Any, bound: Any, drift: Any) -> None:
        self._values = {"resynced": error, "bound": bound, "free_running": drift}

    def __getattr__(self, kind: str) -> Any:
        values = {name: torch.tensor(value, dtype=torch.float64) for name, value in self._values.items()}
        values["ratio"] = values["resynced"] / values["bound"]
        return lambda quantity, layer, direction: values[kind][:, None]


def test_error_and_bound_are_of_the_unit_nearest_to_its_bound() -> None:
    nan = float("nan")
    given: Any = Given([[1, 3], [4, 2], [nan, 1], [nan, nan]], [[1, 6], [4, 1], [nan, 8], [nan, nan]], [[1, 3]] * 4)
    curves = error_curves(given, "h", 0, "forward", 0, drift=True)
    np.testing.assert_array_equal(curves.error, [1, 2, 1, nan])
    np.testing.assert_array_equal(curves.bound, [1, 1, 8, nan])
    np.testing.assert_array_equal(_there(curves.drift), [3, 3, 3, 3])
    assert error_curves(given, "h", 0, "forward", 0, drift=False).drift is None


def test_curves_are_of_the_batch_element_asked_for(make_trace: MakeTrace) -> None:
    trace = make_trace(3, 4, 2, bidirectional=True)
    cell = trace.cell(1, "reverse")
    h = cell.h.clone()
    h[2, 1, 3] += 0.25
    report = gs.verify(trace.with_cell(replace(cell, values=cell.values | {"h": h})))
    one, other = (error_curves(report, "h", 1, "reverse", batch, drift=True) for batch in (0, 1))
    assert float(other.error[2]) == float(report.resynced("h", 1, "reverse")[2, 1, 3])
    assert float(other.bound[2]) == float(report.bound("h", 1, "reverse")[2, 1, 3])
    assert _there(other.drift)[2] == report.free_running("h", 1, "reverse")[2, 1].max()
    assert other.error[2] > other.bound[2]
    assert (one.error <= one.bound).all()


def _there(curve: NDArray[Any] | None) -> NDArray[Any]:
    assert curve is not None
    return curve
