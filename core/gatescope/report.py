"""The result of a verification: errors, bounds, the worst of them, and the verdict."""

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
from gatescope.quantities import NAMES
from gatescope.reference import States, free_run
from gatescope.spec import Direction
from gatescope.traces import Trace

STATES = ("c", "h")
"""The quantities that nn.LSTM tells."""


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
    """The comparison of one layer in one direction: by quantity, the re-synced reference and the bound."""

    reference: dict[str, Tensor]
    bound: dict[str, Tensor]


class Report:
    """How a trace compares with nn.LSTM.

    Parameters
    ----------
    trace : Trace
        What was checked.
    cells : dict
        A `CellReport` for each (layer, direction).

    Attributes
    ----------
    compared : tuple of str
        The quantities that were compared, in teaching order.
    """

    def __init__(self, trace: Trace, cells: dict[tuple[int, Direction], CellReport]) -> None:
        self.trace = trace
        self._cells = cells
        told = next(iter(cells.values())).reference
        self.compared = tuple(name for name in NAMES if name in told)
        self._free: dict[tuple[int, str], States] | None = None

    def reference(self, quantity: str, layer: int = 0, direction: str = "forward") -> Tensor:
        """What nn.LSTM computed from the trace's state before each step, (T, B, P) for h, else (T, B, H)."""
        return self._cell(quantity, layer, direction).reference[quantity]

    def resynced(self, quantity: str, layer: int = 0, direction: str = "forward") -> Tensor:
        """Return |difference| to nn.LSTM when every step starts from the trace's state before it.

        Parameters
        ----------
        quantity : str
            One of `compared`.
        layer, direction
            Which cell.

        Returns
        -------
        Tensor
            (T, B, P) for h, else (T, B, H); NaN where a side is not finite.
        """
        ours = self.trace.cell(layer, direction).quantity(_known(quantity, self.compared))
        return (ours - self.reference(quantity, layer, direction)).abs()

    def bound(self, quantity: str, layer: int = 0, direction: str = "forward") -> Tensor:
        """Return the rounding bound of `resynced`, of the same shape."""
        return self._cell(quantity, layer, direction).bound[quantity]

    def free_running(self, quantity: str, layer: int = 0, direction: str = "forward") -> Tensor:
        """Return |difference| of `c` or `h` to nn.LSTM when each side runs on its own history: the drift.

        The first call runs nn.LSTM over the whole sequence, see `run_freely`. Shapes as for `resynced`.
        """
        ours = self.trace.cell(layer, direction).quantity(_known(quantity, STATES))
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
            for name, values in self._cells[layer, direction].bound.items():
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
        _known(quantity, self.compared)
        cell = self.trace.cell(layer, direction)
        return self._cells[cell.layer, cell.direction]

    def _places(self) -> Iterator[tuple[str, int, Direction]]:
        return ((quantity, *key) for key in self._cells for quantity in self.compared)

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


def _known(quantity: str, allowed: tuple[str, ...]) -> str:
    if quantity not in allowed:
        raise GatescopeError("no_such_quantity", allowed=", ".join(allowed), value=quantity)
    return quantity


def _first_nonfinite(values: Tensor) -> int | None:
    bad = (~torch.isfinite(values)).flatten(1).any(dim=1).nonzero()  # (steps with one, 1)
    return int(bad[0]) if len(bad) else None


def _percent(ratio: float) -> str:
    percent = 100 * ratio
    return f"{percent:.0f}" if percent >= 1 or percent == 0 else "< 1"
