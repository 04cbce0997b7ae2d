"""Two runs compared: where they part beyond rounding.

Two runs of a network drift apart on their own histories, whoever is right. So each recorded step of one run is
computed again with the other run's network from the same state, and the other way round: what differs there by more
than rounding explains is another network, another input, or a wrong record, and not history.
"""

from __future__ import annotations

import copy
from dataclasses import replace
from functools import cached_property
from math import isnan

import torch
from torch import Tensor

from gatescope.cells.arithmetic import Arithmetic, coarser
from gatescope.edits.edits import Hold
from gatescope.messages.message import GatescopeError, Listing, Message, Progress, describe_several, fraction_of
from gatescope.messages.number_format import format_percent
from gatescope.traces.places import describe_place
from gatescope.traces.trace import Trace
from gatescope.verification.findings import Worst
from gatescope.verification.report import Report
from gatescope.verification.verify import verified


def compare(a: Trace, b: Trace, *, progress: Progress | None = None) -> Comparison:
    """Compare two runs of networks of the same shape: devices, arithmetics, dtypes, checkpoints.

    Both are compared in the finer of their dtypes, within the rounding of the coarser, on their device where it is one
    and else on the CPU.

    Parameters
    ----------
    a, b : Trace
        With as many steps and batch elements.
    progress : callable, optional
        Called with the fraction done, from 0 to 1; may raise `Cancelled` to stop.

    Returns
    -------
    Comparison

    Raises
    ------
    GatescopeError
        Where their shapes differ.
    """
    for trace in (a, b):
        if not isinstance(trace, Trace):
            raise GatescopeError("not_a_trace", given=type(trace).__name__)
    check_shapes(a, b)
    arithmetic = coarser(a.arithmetic, b.arithmetic)
    dtype = torch.promote_types(a.x.dtype, b.x.dtype)
    device = a.x.device if a.x.device == b.x.device else torch.device("cpu")
    with torch.inference_mode(False):
        return _compared(_converted(a, device, dtype), _converted(b, device, dtype), arithmetic, progress)


def _compared(a: Trace, b: Trace, arithmetic: Arithmetic, progress: Progress | None) -> Comparison:
    reports = [
        verified(_with_network(one, other), arithmetic, gates=True, progress=fraction_of(progress, part, 2))
        for part, (one, other) in enumerate(((a, b), (b, a)))
    ]
    return Comparison(a, b, arithmetic, reports[0], reports[1])


class Comparison:
    """How two runs compare.

    The methods take as `quantity` one of `compared`, and the `layer`, from 0, and `direction` of its cell. Every curve
    is a tensor, (T, B, P) for h, else (T, B, H).

    Parameters
    ----------
    a, b : Trace
        The two runs, in the same dtype and on the same device.
    arithmetic : Arithmetic
        The coarser of theirs.
    ab, ba : Report
        Each run's steps against the other's network.
    """

    def __init__(self, a: Trace, b: Trace, arithmetic: Arithmetic, ab: Report, ba: Report) -> None:
        self.a, self.b, self.arithmetic = a, b, arithmetic
        self._reports = (ab, ba)
        self.compared = ab.compared

    def difference(self, quantity: str, layer: int = 0, direction: str = "forward") -> Tensor:
        """Return the difference that is not history, (T, B, units): of the two ways the larger part of its bound."""
        return self._chosen("resynced", quantity, layer, direction)

    def bound(self, quantity: str, layer: int = 0, direction: str = "forward") -> Tensor:
        """Return the rounding bound of `difference`, (T, B, units)."""
        return self._chosen("bound", quantity, layer, direction)

    def drift(self, quantity: str, layer: int = 0, direction: str = "forward") -> Tensor:
        """Return |a - b| as recorded, each on its own history, (T, B, units)."""
        ours, theirs = (trace.cell(layer, direction).quantity(quantity) for trace in (self.a, self.b))
        return (ours - theirs).abs()

    @cached_property
    def first(self) -> Worst | None:
        """The first step at which they differ beyond rounding; None where they never do."""
        found = [report.first_difference for report in self._reports]
        return min((worst for worst in found if worst is not None), key=self._reports[0].when, default=None)

    @cached_property
    def fed_differently(self) -> str | None:
        """Which of `x`, `h0` and `c0` differs beyond the rounding of the arithmetic; None where all are the same."""
        u = 2 * self.arithmetic.unit_roundoff
        pairs = {"x": (self.a.x, self.b.x)} | {
            f"{name}0": tuple(torch.stack([c.before[name] for c in t.cells.values()]) for t in (self.a, self.b))
            for name in self.a.spec.cell.states
        }
        for name, (ours, theirs) in pairs.items():
            if not torch.allclose(ours, theirs, rtol=u, atol=0.0, equal_nan=True):
                return name
        return None

    @cached_property
    def verdict(self) -> Message:
        """The verdict: `runs_match`, `runs_differ`, or why that cannot be told.

        That is `runs_fed_differently`, `runs_held_differently`, `cannot_compare` or `nothing_to_compare`.
        """
        if self.fed_differently is not None:
            return Message("runs_fed_differently", {"name": self.fed_differently})
        if self.a.holds != self.b.holds:
            return Message(
                "runs_held_differently", {"one": _describe_holds(self.a.holds), "other": _describe_holds(self.b.holds)}
            )
        first = self.first
        if first is not None:
            where = {key: getattr(first, key) for key in ("t", "quantity", "unit", "layer", "batch")}
            place = describe_place(first.layer, first.direction, first.batch, self.a.batch_size)
            times = {"direction": Message(first.direction), "times": f"{first.ratio:.2g}", "where": place}
            return Message("runs_differ", where | times)
        for report in self._reports:
            if report.nonfinite is not None or isnan(report.worst.ratio):
                return report.verdict
        return Message("runs_match", {"percent": format_percent(max(report.worst.ratio for report in self._reports))})

    @property
    def matches(self) -> bool:
        """Whether the two differ nowhere beyond rounding."""
        return self.verdict.code == "runs_match"

    def _chosen(self, kind: str, quantity: str, layer: int, direction: str) -> Tensor:
        where = (quantity, layer, direction)
        ab, ba = (report.ratio(*where).nan_to_num(nan=-1.0) for report in self._reports)
        first, second = (getattr(report, kind)(*where) for report in self._reports)
        return torch.where(ab >= ba, first, second)


def check_shapes(a: Trace, b: Trace) -> None:
    """Refuse two runs that are not of the same shape.

    Raises
    ------
    GatescopeError
        `compare_shapes` or `compare_lengths`, which name both.
    """

    def shape(trace: Trace) -> str:
        neutral = replace(trace.spec, device="cpu", dtype="float32", dropout=0.0, batch_first=False)
        return f"{neutral.constructor()}, T = {len(trace)}, B = {trace.batch_size}"

    if shape(a) != shape(b):
        raise GatescopeError("compare_shapes", one=shape(a), other=shape(b))
    lengths = [None if trace.lengths is None else trace.lengths.tolist() for trace in (a, b)]
    if lengths[0] != lengths[1]:
        raise GatescopeError("compare_lengths", one=lengths[0], other=lengths[1])


def _describe_holds(holds: tuple[Hold, ...]) -> Message | Listing:
    return describe_several([hold.label for hold in holds], shown=1)


def _converted(trace: Trace, device: torch.device, dtype: torch.dtype) -> Trace:
    spec = replace(trace.spec, device=str(device), dtype=str(dtype).removeprefix("torch."))
    module = None if trace.module is None else copy.deepcopy(trace.module).to(device, dtype)
    return replace(trace.mapped(lambda tensor: tensor.detach().to(device, dtype)), spec=spec, module=module)


def _with_network(trace: Trace, other: Trace) -> Trace:
    """Return the record of one run beside the network of the other."""
    return replace(trace, weights=other.weights, module=other.module)
