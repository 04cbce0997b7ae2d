"""The steps of one cell of a run, as expressions see them: arrays by name."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

if TYPE_CHECKING:  # a window compiles expressions before torch is there
    from torch import Tensor

    from gatescope.traces.trace import Trace
    from gatescope.verification.report import Report

Array = NDArray[Any]

Value = Array | float | bool | str
"""What is the same everywhere, or an array that broadcasts to (T, B) or, of a vector, to (T, B, units)."""

_LONGEST = 32  # characters of a token; an array of text keeps the longest one's room for each


@dataclass(frozen=True, eq=False)
class StepRange:
    """Some steps of a cell, one behind the other.

    Parameters
    ----------
    steps : int
        How many.
    ends : ndarray
        The index of each batch element's last step among them, (B,).
    forward : bool
        Whether the cell runs from the first to the last, or the other way.
    read, read_initial : callable
        The value of a name at these steps, and of a name that is known there before the first, at one step.
    """

    steps: int
    ends: Array
    forward: bool
    read: Callable[[str], Value]
    read_initial: Callable[[str], Value]

    def __getitem__(self, name: str) -> Value:
        return self.read(name)

    @property
    def initial(self) -> StepRange:
        """The states before the first step, as a step."""
        return StepRange(1, np.zeros_like(self.ends), self.forward, self.read_initial, self.read_initial)


class StepArrays:
    """All steps of one cell of a run.

    Parameters
    ----------
    trace : Trace
        The run.
    report : Report or None
        Its verification, for `err`; without one nothing can be compared, and `err` is NaN.
    layer, direction
        Which cell.

    Raises
    ------
    GatescopeError
        Where the network has no such layer or direction.
    """

    def __init__(self, trace: Trace, report: Report | None = None, layer: int = 0, direction: str = "forward") -> None:
        self._cell = trace.cell(layer, direction)
        self._report = report
        self._tokens = trace.tokens
        self._known: dict[str, Value] = {"layer": float(layer), "direction": direction}
        self.steps, self.batch_size = len(trace), trace.batch_size

    @cached_property
    def present(self) -> Array | None:
        """Where the elements have a step, (T, B); None where all have all."""
        return None if self._cell.present is None else _array(self._cell.present)

    @cached_property
    def whole(self) -> StepRange:
        """All steps."""
        lengths = self._cell.lengths
        ends = np.full(self.batch_size, self.steps - 1) if lengths is None else _array(lengths) - 1
        return StepRange(self.steps, ends, self._cell.direction == "forward", self.read, self._read_initial)

    def around(self, t: int, reach: int) -> tuple[StepRange, int]:
        """Return step `t` with up to `reach` steps on either side, and its index among them."""
        start, stop = max(t - reach, 0), min(t + reach + 1, self.steps)
        ends = np.clip(self.whole.ends - start, 0, stop - start - 1)

        def read(name: str) -> Value:
            value = self.read(name)
            # The element's number is the same at all steps.
            return value[start:stop] if isinstance(value, np.ndarray) and name != "batch" else value

        return StepRange(stop - start, ends, self.whole.forward, read, self._read_initial), t - start

    def read(self, name: str) -> Value:
        """Return the value of a name by the engine's own name for it, read once; quantities are not copied."""
        if name not in self._known:
            value = self._computed(name)
            value.setflags(write=False)  # it may be the trace's own memory
            self._known[name] = value
        return self._known[name]

    def _read_initial(self, name: str) -> Value:
        before = self._cell.before.get(name)
        return self.read(name) if before is None else _array(before)[None]

    def _computed(self, name: str) -> Array:
        match name:
            case "t":
                return np.arange(self.steps, dtype=np.float64)[:, None]
            case "batch":
                return np.arange(self.batch_size, dtype=np.float64)[None]
            case "token":
                return _texts(self._tokens or ("",) * self.steps)[:, None]
            case "err":
                return self._largest_error()
            case "x":
                return _array(self._cell.x)
        return _array(self._cell.quantity(name))

    def _largest_error(self) -> Array:
        if self._report is None:
            return np.full((self.steps, self.batch_size), np.nan)
        return _array(self._report.largest_ratio(self._cell.layer, self._cell.direction))


def _array(tensor: Tensor) -> Array:
    from gatescope.traces.trace import as_numpy  # noqa: PLC0415 - imports torch, which is there where a trace is

    array: Array = as_numpy(tensor)
    return array


def _texts(tokens: tuple[str, ...]) -> Array:
    # numpy's texts all take the room of the longest, and lose null characters at their end.
    fixed = all(len(token) <= _LONGEST and "\0" not in token for token in tokens)
    return np.array(tokens, dtype=str if fixed else object)


_FEW = 32  # units; up to here, taking them one by one is up to ten times faster than numpy's own reductions
_ROWS = 8192  # of so many rows, all units stay in the processor's cache while they are taken one by one


def over_units(function: np.ufunc, values: Array) -> Array:
    """Reduce the last axis, (T, B, units) to (T, B), by a function whose result depends on no order."""
    units = values.shape[-1]
    if units > _FEW:
        reduced: Array = function.reduce(values, axis=-1)
        return reduced
    result = values[..., 0].copy()
    steps = max(1, _ROWS // max(1, values.shape[1]))
    for start in range(0, len(values), steps):
        part, rows = result[start : start + steps], values[start : start + steps]
        for unit in range(1, units):
            function(part, rows[..., unit], out=part)
    return result
