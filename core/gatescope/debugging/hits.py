"""Where breakpoints are hit in a run.

A run is recorded before it is walked over. So a condition is evaluated over the whole of it at once, and the places
where it holds are known in advance: going to the next one, or back to the one before, is a search in a sorted array.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, NamedTuple

import numpy as np
from numpy.typing import NDArray

from gatescope.debugging.breakpoints import Breakpoint
from gatescope.debugging.expressions.compiled import compile_condition
from gatescope.debugging.expressions.names import Names
from gatescope.debugging.expressions.step_arrays import StepArrays
from gatescope.messages.message import GatescopeError, Message, Progress, fraction_of
from gatescope.modules.spec import Direction, ModuleSpec
from gatescope.traces.order import Order

if TYPE_CHECKING:
    from gatescope.traces.trace import Trace
    from gatescope.verification.report import Report

PlaceNumbers = NDArray[np.int64]


class RunArrays:
    """The arrays of a whole run that expressions are evaluated on.

    Parameters
    ----------
    trace : Trace
        The run.
    report : Report, optional
        Its verification, for `err`.
    """

    def __init__(self, trace: Trace, report: Report | None = None) -> None:
        self._trace, self._report = trace, report
        self.spec: ModuleSpec = trace.spec
        self.order = Order(trace.spec, len(trace))
        self.batch_size = trace.batch_size
        self.names = Names.of(trace.spec, tokens=trace.tokens is not None, reference=report is not None)
        self._cells: dict[tuple[int, Direction], StepArrays] = {}

    def of(self, layer: int, direction: Direction) -> StepArrays:
        """Return the arrays of one cell."""
        key = (layer, direction)
        if key not in self._cells:
            self._cells[key] = StepArrays(self._trace, self._report, layer, direction)
        return self._cells[key]

    def present(self, layer: int, direction: Direction) -> NDArray[np.bool_]:
        """Return where the batch elements have a step, (T, B)."""
        found = self._trace.cell(layer, direction).present
        if found is None:
            return np.ones((len(self._trace), self._trace.batch_size), dtype=bool)
        present: NDArray[np.bool_] = found.cpu().numpy()
        return present


class FoundSteps(NamedTuple):
    """Where a breakpoint holds.

    The numbers of the places (`Order`), ascending, (N,); and for each which batch elements it holds for, (N, B).
    """

    numbers: PlaceNumbers
    elements: NDArray[np.bool_]

    def counted(self, nth: int | None, every: int | None) -> FoundSteps:
        """Return what a hit count leaves of them."""
        if nth is not None:
            return FoundSteps(self.numbers[nth - 1 : nth], self.elements[nth - 1 : nth])
        if every is not None:
            return FoundSteps(self.numbers[every - 1 :: every], self.elements[every - 1 :: every])
        return self


@dataclass(frozen=True, eq=False)
class Hits:
    """Where the breakpoints of a run are hit.

    A place is a cell at a step: its `number` says when it ran, and `order.at(number)` where that is. The `index` of a
    breakpoint is its place in `breakpoints`.

    Parameters
    ----------
    order : Order
        Of the run.
    breakpoints : tuple of Breakpoint
        Whose hits these are.
    found : tuple
        Where each of them holds; or why it cannot be evaluated in this run.
    """

    order: Order
    breakpoints: tuple[Breakpoint, ...]
    found: tuple[FoundSteps | Message, ...]

    @cached_property
    def by_where(self) -> dict[Breakpoint, FoundSteps]:
        """Where breakpoints hold, by their `where`."""
        pairs = zip(self.breakpoints, self.found, strict=True)
        return {one.where: found for one, found in pairs if isinstance(found, FoundSteps)}

    def lookup(self, one: Breakpoint) -> FoundSteps | Message | None:
        """Return where `one` of the breakpoints holds, or why it cannot be evaluated; None where not known yet."""
        known = dict(zip(self.breakpoints, self.found, strict=True)).get(one)
        return self.by_where.get(one.where) if known is None else known

    def problem(self, index: int) -> Message | None:
        """Return why a breakpoint cannot be evaluated in this run."""
        found = self.found[index]
        return found if isinstance(found, Message) else None

    def of(self, index: int) -> FoundSteps:
        """Return where a breakpoint is hit, whether it is enabled or not."""
        one, found = self.breakpoints[index], self.found[index]
        return _NOWHERE if isinstance(found, Message) else found.counted(one.nth, one.every)

    @cached_property
    def stops(self) -> PlaceNumbers:
        """The numbers of all places where a walk stops, ascending."""
        stops = np.zeros(len(self.order), dtype=bool)  # to merge many long arrays is slower
        for index, one in enumerate(self.breakpoints):
            if one.stops:
                stops[self.of(index).numbers] = True
        return np.flatnonzero(stops)

    def next_stop(self, number: int) -> int | None:
        """Return the first stop after a place."""
        at = int(np.searchsorted(self.stops, number, side="right"))
        return int(self.stops[at]) if at < len(self.stops) else None

    def previous_stop(self, number: int) -> int | None:
        """Return the last stop before a place."""
        at = int(np.searchsorted(self.stops, number, side="left"))
        return int(self.stops[at - 1]) if at else None

    def at(self, number: int) -> list[int]:
        """Return which breakpoints stop at a place."""
        stopping = [index for index, one in enumerate(self.breakpoints) if one.stops]
        return [index for index in stopping if _index(self.of(index).numbers, number) is not None]

    def element(self, number: int, preferred: int) -> int:
        """Return a batch element for which a breakpoint holds at a stop: the `preferred` one where it is one."""
        rows = [found.elements[_index(found.numbers, number)] for found in map(self.of, self.at(number))]
        return preferred if not rows or any(row[preferred] for row in rows) else int(rows[0].argmax())

    def steps(self, layer: int, direction: Direction) -> PlaceNumbers:
        """Return the steps, ascending, at which a walk stops in the cell of a `layer` and `direction`."""
        t = np.arange(self.order.steps)
        return t[np.isin(self.order.numbers(t, layer, direction), self.stops)]

    def logged(self, after: int, until: int, most: int) -> tuple[list[tuple[int, int, int]], int]:
        """Return what a walk writes into the log: its last lines, each the breakpoint, the place and a batch element.

        A walk forth passes the numbers above `after` up to `until`; a walk back those below `after` down to `until`.

        Parameters
        ----------
        after, until : int
            From where to where.
        most : int
            How many lines at most.

        Returns
        -------
        list of (int, int, int), int
            In the order of the walk: index of the breakpoint, number of the place, batch element. And how many lines
            there would have been in all.
        """
        forth = until >= after
        first, last = (after + 1, until) if forth else (until, after - 1)
        lines: list[tuple[int, int, int]] = []
        total = 0
        for index in (index for index, one in enumerate(self.breakpoints) if one.logs):
            numbers, elements = self.of(index)
            start, stop = np.searchsorted(numbers, first), np.searchsorted(numbers, last, side="right")
            total += int(stop - start)
            part = slice(max(start, stop - most), stop) if forth else slice(start, min(stop, start + most))
            batch = elements[part].argmax(axis=1)
            lines += [(index, int(number), int(b)) for number, b in zip(numbers[part], batch, strict=True)]
        lines.sort(key=lambda line: (line[1] if forth else -line[1], line[0]))
        return lines[max(0, len(lines) - most) :], total


def find_hits(
    breakpoints: Sequence[Breakpoint],
    run: Trace | RunArrays,
    report: Report | None = None,
    *,
    known: Hits | None = None,
    progress: Progress | None = None,
) -> Hits:
    """Evaluate breakpoints over a whole run.

    Parameters
    ----------
    breakpoints : sequence of Breakpoint
        Disabled ones as well: enabling one then costs nothing.
    run : Trace or RunArrays
        The run; its arrays where it is evaluated more than once.
    report : Report, optional
        The verification of the trace, for conditions with `err`; with `gates=True` where it is to count the gates.
    known : Hits, optional
        Earlier hits in the same run, of which the same conditions are taken.
    progress : callable, optional
        Called with the fraction done, from 0 to 1; may raise `Cancelled` to stop.

    Returns
    -------
    Hits
        Where each breakpoint holds, and for one that cannot be evaluated in this run why (`Hits.problem`): nothing is
        raised, so that the others act.

    Examples
    --------
    >>> hits = gs.find_hits([gs.Breakpoint("f[1] < 0.4")], trace)
    >>> gs.Stepper(trace, hits=hits).continue_()
    """
    arrays = run if isinstance(run, RunArrays) else RunArrays(run, report)
    earlier = {} if known is None else dict(known.by_where)
    found: list[FoundSteps | Message] = []
    for done, one in enumerate(breakpoints):
        try:
            one.check(arrays.names)
            one.check_place(arrays.order, arrays.batch_size)
        except GatescopeError as error:
            found.append(error.message)
            continue
        if one.where not in earlier:
            earlier[one.where] = _find_steps(one.where, arrays, fraction_of(progress, done, len(breakpoints)))
        found.append(earlier[one.where])
    return Hits(arrays.order, tuple(breakpoints), tuple(found))


def _find_steps(one: Breakpoint, arrays: RunArrays, progress: Progress | None) -> FoundSteps:
    cells = [cell for cell in arrays.spec.cells() if one.scope.includes(*cell)]
    parts = []
    for done, cell in enumerate(cells):
        parts.append(_steps_in_cell(one, arrays, *cell))
        if progress is not None:
            progress((done + 1) / len(cells))
    if not parts:
        return _NOWHERE
    numbers, elements = (np.concatenate([part[side] for part in parts]) for side in (0, 1))
    ascending = np.argsort(numbers, kind="stable")
    return FoundSteps(numbers[ascending], elements[ascending])


def _steps_in_cell(one: Breakpoint, arrays: RunArrays, layer: int, direction: Direction) -> FoundSteps:
    """Return where a breakpoint holds in one cell."""
    if one.condition:
        holds = compile_condition(one.condition, arrays.names).evaluate(arrays.of(layer, direction))  # (T, B)
    else:
        holds = arrays.present(layer, direction)
    if one.scope.batch is not None:
        holds = holds & np.isin(np.arange(holds.shape[1]), list(one.scope.batch))
    t = np.flatnonzero(holds.any(axis=1))
    if one.t is not None:
        t = t[t == one.t]
    if direction == "reverse":
        t = t[::-1]
    return FoundSteps(arrays.order.numbers(t, layer, direction), holds[t])


def _index(numbers: PlaceNumbers, number: int) -> int | None:
    at = int(np.searchsorted(numbers, number))
    return at if at < len(numbers) and numbers[at] == number else None


_NOWHERE = FoundSteps(np.empty(0, dtype=np.int64), np.empty((0, 1), dtype=bool))
