"""The result of a verification: errors, bounds, the worst of them, and the verdict."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cached_property
from math import isnan, nan
from typing import TYPE_CHECKING

import torch
from torch import Tensor

from gatescope.cells.values import Values
from gatescope.edits.active_holds import count_held
from gatescope.messages.message import GatescopeError, Message, Progress, describe_all
from gatescope.messages.number_format import format_percent
from gatescope.modules.spec import Direction
from gatescope.traces.order import Cursor, Order
from gatescope.traces.places import describe_place
from gatescope.traces.trace import Trace
from gatescope.verification.findings import (
    CellReport,
    Deviation,
    ModuleAnswer,
    ModuleDifference,
    NonFinite,
    Worst,
    difference,
)
from gatescope.verification.first_nonfinite import first_nonfinite
from gatescope.verification.reference import free_run, has_reference
from gatescope.verification.sharp import detectable_errors, find_deviation

if TYPE_CHECKING:
    from gatescope.cells.arithmetic import Arithmetic
    from gatescope.verification.arbiter import Arbiter


class Report:
    """How a trace compares with torch's own module.

    The methods take as `quantity` one of `compared`, and the `layer`, from 0, and `direction` of its cell; they raise a
    GatescopeError where there is none (`no_such_quantity`, `no_such_layer`, `no_such_direction`). Tensors are on the
    trace's device: references of its dtype, all others of that or float32, whichever is wider. The bounds follow
    Higham, "Accuracy and Stability of Numerical Algorithms", section 3.1; see `gatescope.cells.rounding`.

    Parameters
    ----------
    trace : Trace
        What was checked.
    cells : dict
        A `CellReport` for each (layer, direction).
    arithmetic : Arithmetic
        That of the bounds.

    Attributes
    ----------
    compared : tuple of str
        The quantities that were compared, in teaching order.
    states : tuple of str
        Those of them that the module itself tells, in teaching order.
    deviation : Deviation or None
        What the sharp test found, see `gatescope.verification.sharp`.
    answer : ModuleAnswer, optional
        What came of asking the module itself; None where nobody did.
    wrong_in_record : str or Message, optional
        What in the trace is not what ran.
    """

    def __init__(self, trace: Trace, cells: dict[tuple[int, Direction], CellReport], arithmetic: Arithmetic) -> None:
        self.trace = trace
        self.deviation: Deviation | None = None
        self._cells, self._arithmetic = cells, arithmetic
        references = next(iter(cells.values())).reference
        cell = trace.spec.cell
        self.compared = tuple(name for name in cell.names if name in references)
        self.states = tuple(name for name in cell.names if name in cell.states)
        self.answer: ModuleAnswer | None = None
        self.wrong_in_record: str | Message | None = None
        self._largest: dict[tuple[str, int, Direction], tuple[Tensor, Tensor]] = {}
        self._free: dict[tuple[int, str], Values] | None = None

    def reference(self, quantity: str, layer: int = 0, direction: str = "forward") -> Tensor:
        """Return what torch computed from the trace's state before each step, (T, B, P) for h, else (T, B, H).

        NaN for what is held by hand and what follows from it in the same step, unless the record of it is wrong.
        """
        return self._cell(quantity, layer, direction).reference[quantity]

    def resynced(self, quantity: str, layer: int = 0, direction: str = "forward") -> Tensor:
        """Return |difference| to torch's module when every step starts from the trace's state before it.

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
        theirs = self.reference(quantity, layer, direction)
        return difference(ours, theirs)

    def bound(self, quantity: str, layer: int = 0, direction: str = "forward") -> Tensor:
        """Return the rounding bound of `resynced`, of the same shape."""
        return self._cell(quantity, layer, direction).bound[quantity]

    def free_running(self, quantity: str, layer: int = 0, direction: str = "forward") -> Tensor:
        """Return |difference| of a state to torch's module when each side runs on its own history: the drift.

        The first call runs the module over the whole sequence, see `run_freely`. Shapes as for `resynced`.

        Raises
        ------
        GatescopeError
            `no_drift` where `drifts` is false.
        """
        ours = self.trace.cell(layer, direction).quantity(_known(quantity, self.states))
        return (ours - self.run_freely()[layer, direction][quantity]).abs()

    @property
    def drifts(self) -> bool:
        """Whether the module can run on its own history beside the trace: not where something was held by hand."""
        return not self.trace.holds and has_reference(self.trace)

    def run_freely(self, progress: Progress | None = None) -> dict[tuple[int, str], Values]:
        """Run the module on its own history, once; later calls return the same states.

        Parameters
        ----------
        progress : callable, optional
            Called with the fraction done, from 0 to 1; may raise `Cancelled` to stop.

        Returns
        -------
        dict of (int, str) to dict of str to Tensor
            For each layer and direction its states, each (T, B, units).

        Raises
        ------
        GatescopeError
            `no_drift` where `drifts` is false.
        """
        if not self.drifts:
            if not has_reference(self.trace):
                raise GatescopeError("reference_missing", module=self.trace.spec.module_name)
            raise GatescopeError("no_drift", module=self.trace.spec.module_name)
        if self._free is None:
            with torch.autocast(self.trace.x.device.type, enabled=False):
                self._free = free_run(self.trace, progress)
        return self._free

    def unshown(self, quantity: str, layer: int = 0, direction: str = "forward") -> Tensor:
        """Return where the kernel could not be made to show a gate, (T, B, H): there is nothing to compare there.

        That is where a pre-activation of the gate that had to be held (`TorchCell.reveal`) is near the largest number
        of the type, and none is left that outdoes it.
        """
        cell = self._cell(quantity, layer, direction)
        if quantity in (cell.unshown or {}):
            return cell.unshown_mask(quantity)
        return torch.zeros_like(cell.bound[quantity], dtype=torch.bool)

    def obtained(self, quantity: str) -> Message:
        """Return how the reference of a quantity was obtained.

        A state is what the kernel returns. Gates are what it was made to show; on the CPU the message also says how
        well that agrees with what torch's native kernel was seen to compute, and everywhere how many values it could
        not be made to show (`unshown`). Of a module of one's own there are only
        the states that it returns.
        """
        name, module = _known(quantity, self.compared), self.trace.spec.module_name
        if not has_reference(self.trace):
            return Message("reference_missing", {"module": module})
        if self.trace.module is not None:
            return Message("obtained_stepped", {"module": module})
        if name in self.states:
            return Message("obtained_returned", {"module": module})
        how, count = self._shown(name, module), sum((cell.unshown or {}).get(name, 0) for cell in self._cells.values())
        if not count:
            return how
        return Message("obtained_not_everywhere", {"how": how, "count": count, "dtype": self.trace.spec.dtype})

    def _shown(self, quantity: str, module: str) -> Message:
        """Return how the reference of a gate was obtained."""
        checks = [cell.cross_check for cell in self._cells.values() if cell.cross_check is not None]
        if not checks:
            return Message("obtained_shown", {"module": module})
        largest = max(check.ratios[quantity] for check in checks)
        rows = sum(check.rows for check in checks)
        return Message("obtained_cross_checked", {"module": module, "rows": rows, "percent": format_percent(largest)})

    def arbiter(self, quantity: str, layer: int = 0, direction: str = "forward") -> Arbiter:
        """Say whose steps are nearer to the truth: this trace's or torch's, both against float64.

        Returns
        -------
        Arbiter
            `ours` and `reference`, each with `ulps`, the errors (T, B, units) in units in the last place, and their
            `largest` and `mean`.

        Raises
        ------
        GatescopeError
            As `gatescope.verification.arbiter.arbiter` does, for a trace in float64.
        """
        from gatescope.verification.arbiter import arbiter  # noqa: PLC0415 - a float64 run that few ask for

        name = _known(quantity, self.compared)
        return arbiter(self.trace, name, self.reference(name, layer, direction), layer, direction)

    @cached_property
    def disagreement(self) -> Message | None:
        """Where two ways to the reference's own gates do not agree, so that neither can be trusted."""
        for (layer, direction), cell in self._cells.items():
            for name, ratio in cell.cross_check.ratios.items() if cell.cross_check else ():
                if ratio > 1:
                    place = {"quantity": name, "layer": layer, "direction": Message(direction)}
                    return Message("reference_unsure", place | {"times": f"{ratio:.2g}"})
        return None

    def find_deviation(self, progress: Progress | None = None) -> None:
        """Look for what differs by more than rounding is likely to make; `progress` may raise `Cancelled` to stop."""
        self.deviation = find_deviation(self.trace, self._cells, self._arithmetic, progress)

    @cached_property
    def detectable(self) -> dict[str, float]:
        """The constant error of each compared quantity that would have been found, in any unit that was looked at."""
        return detectable_errors(self.trace, self._cells, self._arithmetic)

    @cached_property
    def worst(self) -> Worst:
        """The largest re-synced error over its bound; its ratio is NaN where nothing at all can be compared."""
        return max((self._worst_of(*place) for place in self._places()), key=_comparable)

    @cached_property
    def first_difference(self) -> Worst | None:
        """The worst difference at the step that first exceeds a bound, in the order of the run; None if nowhere."""
        found = [place for place in self._places() if self._worst_of(*place).ratio > 1]
        candidates = [self._worst_of(*place, t=self._first_over(*place)) for place in found]
        return min(candidates, key=self.when, default=None)

    @property
    def asked(self) -> bool:
        """Whether the module itself was called, as people call it, and what it returned held against the trace."""
        return self.answer is not None and self.answer.not_asked is None

    @property
    def not_asked(self) -> Message | None:
        """Why the module itself was not asked; None where it was."""
        return Message("not_asked_absent") if self.answer is None else self.answer.not_asked

    @property
    def module_difference(self) -> ModuleDifference | None:
        """What the module itself returned that its weights do not make; None where there is no such thing."""
        return None if self.answer is None else self.answer.difference

    @cached_property
    def held(self) -> int:
        """How many values were held by hand, over all steps."""
        return sum(count_held(report.cell.held, report.cell.present) for report in self._cells.values())

    @cached_property
    def nonfinite(self) -> NonFinite | None:
        """Where NaN or infinity first comes in; None where everything is finite."""
        return first_nonfinite(self.trace, self._cells)

    @property
    def verdict(self) -> Message:
        """The verdict: a message with one of these codes.

        `matches`; `matches_where_comparable` where something was held by hand; `deviates`, `deviates_in_gate`,
        `deviates_on_average` or `deviates_over_units` where a difference is within the worst case of rounding and yet
        more than rounding is likely to make; `differs`; `cannot_compare`;
        `nothing_to_compare` where all was held; `batch_empty` where no sequence was fed; `reference_missing` where a
        trace from a file is of a module of one's own; `reference_unsure`; `record_differs` where the trace does not
        hold what ran; `module_differs` where the module itself does something else than its weights. A difference
        counts wherever it is found; NaN or infinity anywhere else means that the rest cannot be compared, and then it
        never says that it matches.
        """
        if not has_reference(self.trace):
            return Message("reference_missing", {"module": self.trace.spec.module_name})
        first, module = self.first_difference, {"module": self._module}
        if first is not None:
            where = {key: getattr(first, key) for key in ("t", "quantity", "unit", "layer", "batch")}
            times = {"direction": Message(first.direction), "times": f"{first.ratio:.2g}", "where": self._place(first)}
            return Message("differs", where | times | module)
        if self.wrong_in_record is not None:
            return Message("record_differs", {"place": self.wrong_in_record})
        if self.module_difference is not None:
            return self.module_difference.verdict
        if self.nonfinite is not None:
            return Message("cannot_compare", {"t": self.nonfinite.t, "where": self.nonfinite.place})
        if self.disagreement is not None:
            return self.disagreement
        if not self.trace.batch_size:
            return Message("batch_empty", module)
        if isnan(self.worst.ratio):
            return Message("nothing_to_compare", module)
        if self.deviation is not None:
            return self.deviation.verdict(self._module, self._place(self.deviation))
        within = {"percent": format_percent(self.worst.ratio)} | module
        if not self.held:
            return Message("matches", within)
        return Message("matches_where_comparable", within | {"count": self.held})

    @property
    def _module(self) -> Message | str:
        """What the trace is compared with."""
        name = self.trace.spec.module_name
        return name if self.trace.module is None else Message("step_by_step", {"module": name})

    @property
    def matches(self) -> bool:
        """Whether every step matches torch's module within the rounding bound, wherever that has a counterpart."""
        return self.verdict.code in ("matches", "matches_where_comparable")

    def ratio(self, quantity: str, layer: int = 0, direction: str = "forward") -> Tensor:
        """Return the re-synced error over its bound; NaN where the two cannot be compared.

        It is infinite where only one side is finite although the bound is: that is a difference as well.
        """
        bound = self.bound(quantity, layer, direction)
        bound = bound.masked_fill(self.unshown(quantity, layer, direction), torch.nan)
        sides = (self.trace.cell(layer, direction).quantity(quantity), self.reference(quantity, layer, direction))
        ours, theirs = (side.isfinite() for side in sides)
        ratio = torch.where(ours == theirs, self.resynced(quantity, layer, direction) / bound, torch.inf)
        if not (ours & theirs).all():
            # Where rounding alone may take the finite side beyond the largest number, there is nothing to compare.
            finite = torch.where(ours, *sides).abs() + bound
            ratio = ratio.masked_fill((ours != theirs) & (finite >= torch.finfo(sides[0].dtype).max), torch.nan)
        return torch.where(bound.isfinite() & (ours | theirs), ratio, torch.nan)

    def _cell(self, quantity: str, layer: int, direction: str) -> CellReport:
        _known(quantity, self.compared)
        cell = self.trace.cell(layer, direction)
        return self._cells[cell.layer, cell.direction]

    def _places(self) -> Iterator[tuple[str, int, Direction]]:
        return ((quantity, *key) for key in self._cells for quantity in self.compared)

    def _worst_of(self, quantity: str, layer: int, direction: Direction, t: int | None = None) -> Worst:
        """Find the largest ratio, over all steps or at one."""
        largest, units = self._per_element(quantity, layer, direction)
        if not largest.numel():  # an empty batch
            return Worst(nan, nan, nan, 0, 0, layer, direction, quantity, 0)
        if t is None:
            t = int(largest.amax(dim=1).argmax())
        batch = int(largest[t].argmax())
        unit = int(units[t, batch])
        place = (t, batch, unit)
        ours = float(self.trace.cell(layer, direction).quantity(quantity)[place])
        bound = float(self.bound(quantity, layer, direction)[place])
        error = abs(ours - float(self.reference(quantity, layer, direction)[place]))
        ratio = float(largest[t, batch]) if largest[t, batch] >= 0 else nan
        return Worst(error, bound, ratio, t, batch, layer, direction, quantity, unit)

    def largest_ratio(self, layer: int = 0, direction: str = "forward") -> Tensor:
        """Return the largest ratio of all compared quantities and units, (T, B); NaN where nothing can be compared."""
        cell = self.trace.cell(layer, direction)
        each = [self._per_element(quantity, cell.layer, cell.direction)[0] for quantity in self.compared]
        largest = torch.stack(each).amax(dim=0)
        return largest.masked_fill(largest < 0, nan)

    def _per_element(self, quantity: str, layer: int, direction: Direction) -> tuple[Tensor, Tensor]:
        """Return the largest ratio of any unit, -1 where there is none, and that unit, each (T, B); computed once."""
        key = (quantity, layer, direction)
        if key not in self._largest:
            ratio = self.ratio(*key).nan_to_num(nan=-1.0, posinf=torch.inf)
            self._largest[key] = ratio.max(dim=-1)
        return self._largest[key]

    def when(self, worst: Worst) -> int:
        """Return when the step of a difference, such as `worst`, ran: its number in the order of the run."""
        return self._number(worst.t, worst.layer, worst.direction)

    def _place(self, found: Worst | Deviation) -> Message:
        return describe_place(found.layer, found.direction, found.batch, self.trace.batch_size)

    def _number(self, t: int, layer: int, direction: Direction) -> int:
        return Order(self.trace.spec, len(self.trace)).number(Cursor(t, layer, direction))

    def _first_over(self, quantity: str, layer: int, direction: Direction) -> int:
        over = (self._per_element(quantity, layer, direction)[0] > 1).any(dim=1)  # (T,)
        return int(over.nonzero()[0 if direction == "forward" else -1])


def _comparable(worst: Worst) -> float:
    return -1.0 if isnan(worst.ratio) else worst.ratio


def _known(quantity: str, allowed: tuple[str, ...]) -> str:
    if quantity not in allowed:
        raise GatescopeError("no_such_quantity", allowed=describe_all(allowed), value=quantity)
    return quantity
