"""Does a trace match nn.LSTM? Step by step, within what rounding can explain.

Every recorded step is compared with what nn.LSTM computes *from the state that the trace recorded before it*.
So a difference belongs to that step alone, drift cannot blur it, and the numbers compared are the recorded ones:
a step that was recorded wrong, shifted or mixed up is found even where the equations are right. What a layer
should have read is put together here from the h recorded below it, and its parameters are taken from the whole
network's, so that wrong wiring is found too. By induction from h0 and C0, a trace whose every step is right is a
run of nn.LSTM up to rounding.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from math import isnan
from typing import Any, NamedTuple

import torch
from torch import Tensor

from gatescope.equations import Step
from gatescope.messages import GatescopeError, Message, Progress
from gatescope.network import cell_weights
from gatescope.reference import States, cell_module, free_run, resynced_rows
from gatescope.rounding import Bound, step_bound
from gatescope.spec import Direction
from gatescope.traces import CellTrace, Trace

COMPARED = ("c", "h")
"""The quantities that nn.LSTM tells."""

_ROWS = 1 << 22  # numbers in the largest tensor of one call, so that long traces need little more memory


@dataclass(frozen=True)
class Worst:
    """One difference and where it is; `ratio` is `error / bound`."""

    error: float
    bound: float
    ratio: float
    t: int
    batch: int
    layer: int
    direction: Direction
    quantity: str
    unit: int


@dataclass(frozen=True)
class NonFinite:
    """Where NaN or infinity first comes in: a parameter's name, `h0`, `c0`, `x`, or a quantity; and at which t."""

    place: str | Message
    t: int

    @property
    def where(self) -> str:
        """The place, in English."""
        return str(self.place)


class CellReport(NamedTuple):
    """The comparison of one layer in one direction: re-synced reference and bound for C and h."""

    reference: States
    bound: Bound


@torch.no_grad()
def verify(trace: Trace, progress: Progress | None = None) -> Report:
    """Compare every step of a trace with nn.LSTM on the trace's own device and dtype.

    Parameters
    ----------
    trace : Trace
        What to check.
    progress : callable, optional
        Called with the fraction done, from 0 to 1; may raise `Cancelled` to stop.

    Returns
    -------
    Report
    """
    cells = {}
    for done, (key, cell) in enumerate(trace.cells.items()):
        cells[key] = _verify_cell(trace, cell)
        if progress is not None:
            progress((done + 1) / len(trace.cells))
    return Report(trace, cells)


def _verify_cell(trace: Trace, cell: CellTrace) -> CellReport:
    weights = cell_weights(trace.spec, trace.weights, cell.layer, cell.direction)
    layer_input = _layer_input(trace, cell.layer)
    module = cell_module(trace.spec, weights)
    reference = States(torch.empty_like(cell.h), torch.empty_like(cell.c))
    bound = Bound(torch.empty_like(cell.c), torch.empty_like(cell.h))
    for part in _parts(cell):
        # (t, B, ...) -> (t*B, ...): one row for each step and batch element
        x, h, c = (tensor[part].flatten(0, 1) for tensor in (layer_input, cell.h_before, cell.c_before))
        step = Step(*(tensor[part].flatten(0, 1) for tensor in cell.steps))
        rows = resynced_rows(module, x, h, c)
        limits = step_bound(x, h, c, weights, step, trace.arithmetic)
        for kept, value in zip((*reference, *bound), (*rows, *limits), strict=True):
            kept[part] = value.view_as(kept[part])
    return CellReport(reference, bound)


def _layer_input(trace: Trace, layer: int) -> Tensor:
    """Return what a layer should have read, (T, B, K): x, or the h of all directions of the layer below."""
    if layer == 0:
        return trace.x
    return torch.cat([trace.cells[layer - 1, direction].h for direction in trace.spec.directions], dim=-1)


def _parts(cell: CellTrace) -> Iterator[slice]:
    steps, batch, hidden = cell.c.shape
    size = max(1, _ROWS // (4 * hidden * batch))
    return (slice(start, start + size) for start in range(0, steps, size))


class Report:
    """How a trace compares with nn.LSTM.

    Parameters
    ----------
    trace : Trace
        What was checked.
    cells : dict
        A `CellReport` for each (layer, direction).
    """

    def __init__(self, trace: Trace, cells: dict[tuple[int, Direction], CellReport]) -> None:
        self.trace = trace
        self._cells = cells
        self._free: dict[tuple[int, str], States] | None = None

    def reference(self, quantity: str, layer: int = 0, direction: str = "forward") -> Tensor:
        """What nn.LSTM computed from the trace's state before each step, (T, B, P) for h, (T, B, H) for c."""
        value: Tensor = getattr(self._cell(quantity, layer, direction).reference, quantity)
        return value

    def resynced(self, quantity: str, layer: int = 0, direction: str = "forward") -> Tensor:
        """Return |difference| to nn.LSTM when every step starts from the trace's state before it.

        Parameters
        ----------
        quantity : {"h", "c"}
            What to compare.
        layer, direction
            Which cell.

        Returns
        -------
        Tensor
            (T, B, P) for h, (T, B, H) for c; NaN where a side is not finite.
        """
        ours = self.trace.cell(layer, direction).quantity(_compared(quantity))
        return (ours - self.reference(quantity, layer, direction)).abs()

    def bound(self, quantity: str, layer: int = 0, direction: str = "forward") -> Tensor:
        """Return the rounding bound of `resynced`, of the same shape."""
        value: Tensor = getattr(self._cell(quantity, layer, direction).bound, quantity)
        return value

    def free_running(self, quantity: str, layer: int = 0, direction: str = "forward") -> Tensor:
        """Return |difference| to nn.LSTM when each side runs on its own history: how far the two have drifted.

        The first call runs nn.LSTM over the whole sequence, see `run_freely`. Shapes as for `resynced`.
        """
        ours = self.trace.cell(layer, direction).quantity(_compared(quantity))
        reference: Tensor = getattr(self.run_freely()[layer, direction], quantity)
        return (ours - reference).abs()

    def run_freely(self, progress: Progress | None = None) -> dict[tuple[int, str], States]:
        """Run nn.LSTM on its own history, once; later calls return the same states."""
        if self._free is None:
            self._free = free_run(self.trace, progress)
        return self._free

    @cached_property
    def worst(self) -> Worst:
        """The largest re-synced error over its bound; its ratio is NaN where nothing at all can be compared."""
        return max((self._worst_of(*place) for place in self._places()), key=_comparable)

    @cached_property
    def first_difference(self) -> Worst | None:
        """The worst difference at the step that first exceeds a bound, in the lowest layer; None if nowhere.

        First in the order of the run: in the reverse direction that is the largest t, since the steps below it
        started from its state.
        """
        found = [place for place in self._places() if self._worst_of(*place).ratio > 1]
        candidates = [self._worst_of(*place, t=self._first_over(*place)) for place in found]
        return min(candidates, key=self._order_of_running, default=None)

    @cached_property
    def nonfinite(self) -> NonFinite | None:
        """Where NaN or infinity first comes in; None where everything is finite."""
        trace = self.trace
        states = {"h0": [cell.h0 for cell in trace.cells.values()], "c0": [cell.c0 for cell in trace.cells.values()]}
        for name, tensors in {**{name: [w] for name, w in trace.weights.items()}, **states}.items():
            if not all(torch.isfinite(tensor).all() for tensor in tensors):
                return NonFinite(name, 0)
        in_x = _first_nonfinite(trace.x)
        if in_x is not None:
            return NonFinite("x", in_x)
        for (layer, direction), cell in trace.cells.items():
            for name, values in zip(Step._fields, cell.steps, strict=True):
                t = _first_nonfinite(values)
                if t is not None:
                    return NonFinite(Message("in_cell", _in_cell(name, layer, direction)), t)
            for name, values in self._cells[layer, direction].bound._asdict().items():
                t = _first_nonfinite(values)
                if t is not None:
                    return NonFinite(Message("in_bound", _in_cell(name, layer, direction)), t)
        return None

    @property
    def verdict(self) -> Message:
        """The verdict: a message with the code `matches`, `differs` or `cannot_compare`.

        A difference counts wherever it is found; NaN or infinity anywhere else means that the rest cannot be
        compared, and then it never says that it matches.
        """
        first = self.first_difference
        if first is not None:
            where = {key: getattr(first, key) for key in ("t", "quantity", "unit", "layer", "batch")}
            times = {"direction": Message(first.direction), "times": f"{first.ratio:.2g}"}
            return Message("differs", where | times)
        if self.nonfinite is not None:
            return Message("cannot_compare", {"t": self.nonfinite.t, "where": self.nonfinite.place})
        return Message("matches", {"percent": _percent(self.worst.ratio)})

    @property
    def matches(self) -> bool:
        """Whether every step matches nn.LSTM within the rounding bound."""
        return self.verdict.code == "matches"

    def ratio(self, quantity: str, layer: int = 0, direction: str = "forward") -> Tensor:
        """Return the re-synced error over its bound; NaN where the two cannot be compared.

        It is infinite where only one side is finite although the bound is: that is a difference as well.
        """
        bound = self.bound(quantity, layer, direction)
        ours = self.trace.cell(layer, direction).quantity(quantity).isfinite()
        theirs = self.reference(quantity, layer, direction).isfinite()
        ratio = torch.where(ours == theirs, self.resynced(quantity, layer, direction) / bound, torch.inf)
        return torch.where(bound.isfinite() & (ours | theirs), ratio, torch.nan)

    def _cell(self, quantity: str, layer: int, direction: str) -> CellReport:
        _compared(quantity)
        cell = self.trace.cell(layer, direction)
        return self._cells[cell.layer, cell.direction]

    def _places(self) -> Iterator[tuple[str, int, Direction]]:
        return ((quantity, *key) for key in self._cells for quantity in COMPARED)

    def _worst_of(self, quantity: str, layer: int, direction: Direction, t: int | None = None) -> Worst:
        """Find the largest ratio, over all steps or at one."""
        ratio = self.ratio(quantity, layer, direction)  # (T, B, units)
        sortable = ratio.nan_to_num(nan=-1.0, posinf=torch.inf)
        if t is None:
            t = int(sortable.flatten(1).amax(dim=1).argmax())
        batch, unit = divmod(int(sortable[t].argmax()), ratio.shape[-1])
        error, bound, value = (
            float(tensor[t, batch, unit])
            for tensor in (
                self.resynced(quantity, layer, direction), self.bound(quantity, layer, direction), ratio,
            )
        )  # fmt: skip
        return Worst(error, bound, value, t, batch, layer, direction, quantity, unit)

    def _order_of_running(self, worst: Worst) -> tuple[int, int]:
        ran = worst.t if worst.direction == "forward" else len(self.trace) - 1 - worst.t
        return ran, worst.layer

    def _first_over(self, quantity: str, layer: int, direction: Direction) -> int:
        over = (self.ratio(quantity, layer, direction) > 1).flatten(1).any(dim=1)  # (T,)
        return int(over.nonzero()[0 if direction == "forward" else -1])


def _in_cell(quantity: str, layer: int, direction: Direction) -> dict[str, Any]:
    return {"quantity": quantity, "layer": layer, "direction": Message(direction)}


def _comparable(worst: Worst) -> float:
    return -1.0 if isnan(worst.ratio) else worst.ratio


def _compared(quantity: str) -> str:
    if quantity not in COMPARED:
        raise GatescopeError("no_such_quantity", allowed=", ".join(COMPARED), value=quantity)
    return quantity


def _first_nonfinite(values: Tensor) -> int | None:
    bad = (~torch.isfinite(values)).flatten(1).any(dim=1).nonzero()  # (steps with one, 1)
    return int(bad[0]) if len(bad) else None


def _percent(ratio: float) -> str:
    percent = 100 * ratio
    return f"{percent:.0f}" if percent >= 1 or percent == 0 else "< 1"
