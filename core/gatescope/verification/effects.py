"""What an edit changes: the plain differences between two runs, whatever their reason.

`gatescope.verification.comparison` asks whether two runs differ beyond rounding. Here any difference counts, since
the run up to an edit is the same bit for bit.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from math import inf

import numpy as np
import torch
from torch import Tensor

from gatescope.messages.message import GatescopeError, Message, Progress, fraction_of
from gatescope.modules.spec import Direction
from gatescope.traces.order import Cursor, Order
from gatescope.traces.places import describe_place
from gatescope.traces.trace import CellTrace, Trace
from gatescope.verification.comparison import check_shapes


@dataclass(frozen=True)
class Parting:
    """Where two runs first part in the order of the run, and the values there."""

    t: int
    layer: int
    direction: Direction
    quantity: str
    batch: int
    unit: int
    original: float
    edited: float


@dataclass(frozen=True)
class Change:
    """The largest distance between the h of two runs and where it is; infinite where only one is a number."""

    size: float
    t: int
    layer: int
    direction: Direction
    batch: int
    unit: int


def effect(original: Trace, edited: Trace, progress: Progress | None = None) -> Effect:
    """Say what an edit changes.

    Parameters
    ----------
    original, edited : Trace
        Runs of networks of the same shape, with as many steps and batch elements.
    progress : callable, optional
        Called with the fraction done, from 0 to 1; may raise `Cancelled` to stop.

    Returns
    -------
    Effect
        Where the two part first, and how far apart they get.

    Raises
    ------
    GatescopeError
        Where their shapes differ.
    """
    for trace in (original, edited):
        if not isinstance(trace, Trace):
            raise GatescopeError("not_a_trace", given=type(trace).__name__)
    check_shapes(original, edited)
    return Effect(original, edited, _first_parting(original, edited, progress))


class Effect:
    """What differs between two runs.

    Parameters
    ----------
    original, edited : Trace
        Of one shape.
    first : Parting, optional
        Where they first part in the order of the run, in teaching order within a step; None where all that is computed
        is the same bit for bit. NaN is the same as NaN.
    """

    def __init__(self, original: Trace, edited: Trace, first: Parting | None) -> None:
        self.original, self.edited, self.first = original, edited, first

    def difference(self, quantity: str, layer: int = 0, direction: str = "forward") -> Tensor:
        """Return edited - original of a `quantity` in one `layer` and `direction`, (T, B, units).

        NaN where either is none. On the CPU where their devices differ, in the wider of their dtypes.
        """
        ours, theirs = (trace.cell(layer, direction).quantity(quantity) for trace in (self.original, self.edited))
        ours, theirs = _alike(ours, theirs)
        return theirs - ours

    @cached_property
    def output_change(self) -> Change:
        """The largest change of the module's output: of the h of its last layer at all steps."""
        last = self.original.spec.num_layers - 1
        return max((self._change(last, way) for way in self.original.spec.directions), key=lambda one: one.size)

    @cached_property
    def final_change(self) -> Change:
        """The largest change of the module's h_n: of the last h of each layer and direction."""
        return max((self._change(*key, at_end=True) for key in self.original.cells), key=lambda one: one.size)

    @property
    def summary(self) -> tuple[Message, ...]:
        """Where they part, and what changes of what the module returns."""
        if self.first is None:
            return (Message("effect_none"),)
        original, edited = _format_apart(self.first.original, self.first.edited)
        first = {"direction": Message(self.first.direction), "original": original, "edited": edited}
        parted = Message("effect_first", vars(self.first) | first | {"where": self._place(self.first)})
        return (parted, self._describe(self.output_change, "output"), self._describe(self.final_change, "h_n"))

    def _describe(self, change: Change, name: str) -> Message:
        if not change.size:
            return Message("effect_same", {"name": name})
        place = {key: getattr(change, key) for key in ("t", "unit", "layer", "batch")}
        size = {"name": name, "size": f"{change.size:.3g}", "direction": Message(change.direction)}
        return Message("effect_changes", place | size | {"where": self._place(change)})

    def _place(self, found: Parting | Change) -> Message:
        return describe_place(found.layer, found.direction, found.batch, self.original.batch_size)

    def _change(self, layer: int, direction: Direction, *, at_end: bool = False) -> Change:
        ours, theirs = (trace.cells[layer, direction] for trace in (self.original, self.edited))
        size = _distance(ours.last("h")[None], theirs.last("h")[None]) if at_end else _distance(ours.h, theirs.h)
        t, batch, unit = np.unravel_index(int(size.argmax()), tuple(size.shape))
        largest = float(size[t, batch, unit])
        return Change(
            largest, self._end(direction, int(batch)) if at_end else int(t), layer, direction, int(batch), int(unit)
        )

    def _end(self, direction: Direction, batch: int) -> int:
        """Return the step that a batch element runs last."""
        if direction == "reverse":
            return 0
        lengths = self.original.lengths
        return len(self.original) - 1 if lengths is None else int(lengths[batch]) - 1


def _first_parting(original: Trace, edited: Trace, progress: Progress | None) -> Parting | None:
    order, found = Order(original.spec, len(original)), list[Parting]()
    for done, key in enumerate(original.cells):
        cells = original.cells[key], edited.cells[key]
        parting = _parting_of(*cells, fraction_of(progress, done, len(original.cells)))
        found += [] if parting is None else [parting]
    return min(found, key=lambda one: order.number(Cursor(one.t, one.layer, one.direction)), default=None)


def _parting_of(original: CellTrace, edited: CellTrace, progress: Progress | None) -> Parting | None:
    """Return where one layer and direction first parts."""
    names, steps = original.cell.names, []
    for done, name in enumerate(names, 1):
        steps.append(_apart(original.values[name], edited.values[name]).flatten(1).any(dim=1))
        if progress is not None:
            progress(done / len(names))
    apart = torch.stack(steps)  # (quantities, T)
    at = apart.any(dim=0).nonzero()
    if not len(at):
        return None
    t = int(at[0 if original.direction == "forward" else -1])
    name = names[int(apart[:, t].nonzero()[0])]
    ours, theirs = (cell.values[name][t] for cell in (original, edited))  # (B, units)
    batch, unit = _apart(ours, theirs).nonzero()[0].tolist()
    values = (float(side[batch, unit]) for side in (ours, theirs))
    return Parting(t, original.layer, original.direction, name, batch, unit, *values)


def _format_apart(one: float, other: float) -> tuple[str, str]:
    """Write two numbers with as many digits as show that they differ."""
    written = ((f"{one:.{digits}g}", f"{other:.{digits}g}") for digits in (4, 9, 17))
    return next((pair for pair in written if pair[0] != pair[1]), (str(one), str(other)))


def _alike(one: Tensor, other: Tensor) -> tuple[Tensor, Tensor]:
    """Return both in one dtype of at least 32 bits, on the CPU where their devices differ."""
    if one.device != other.device:
        one, other = one.cpu(), other.cpu()
    dtype = torch.promote_types(torch.promote_types(one.dtype, other.dtype), torch.float32)
    return one.detach().to(dtype), other.detach().to(dtype)


def _apart(one: Tensor, other: Tensor) -> Tensor:
    """Return where two tensors differ; NaN is the same as NaN."""
    one, other = _alike(one, other)
    return (one != other) & ~(one.isnan() & other.isnan())


def _distance(one: Tensor, other: Tensor) -> Tensor:
    """Return the distances, infinite where only one side is a number."""
    one, other = _alike(one, other)
    return (other - one).abs().nan_to_num(inf, inf).masked_fill(~_apart(one, other), 0)
