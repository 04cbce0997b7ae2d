"""Moving over a trace. A move computes nothing: it is a pure function from one place to another."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Protocol

from gatescope.messages.message import GatescopeError, describe_all
from gatescope.modules.spec import ModuleSpec
from gatescope.traces.order import COMPLETE, Cursor, Order

if TYPE_CHECKING:
    from gatescope.debugging.hits import Hits


class Steppable(Protocol):
    """What can be stepped through: a trace; only its network and its length are read."""

    @property
    def spec(self) -> ModuleSpec:
        """The network's arguments."""

    def __len__(self) -> int:
        """T."""


class Stepper:
    """A cursor over a trace and the debugger's moves; at either end a move stays where it is.

    Every move returns the new cursor. The order of the cells is that of `Order`, true to the flow of the data.

    Parameters
    ----------
    trace : Trace
        What to walk over.
    cursor : Cursor, optional
        Where to begin; after the first step of the first cell when not given.
    hits : Hits, optional
        Where `continue_` and `reverse_continue` stop; see `gatescope.find_hits`.
    """

    def __init__(self, trace: Steppable, cursor: Cursor | None = None, hits: Hits | None = None) -> None:
        self.order = Order(trace.spec, len(trace))
        self.hits = hits
        self.cursor = cursor or Cursor()

    # one step

    def step(self) -> Cursor:
        """Go to the step that runs next, at the same layer, direction and phase; after a pass to the next pass."""
        return self._go(self.order.same_phase(self.cursor, 1))

    def step_back(self) -> Cursor:
        """Go to the step that ran before; undoes `step`."""
        return self._go(self.order.same_phase(self.cursor, -1))

    def step_into(self) -> Cursor:
        """Go to the next phase: of this cell, or of the cell that is computed next."""
        return self._go(self.order.after(self.cursor, 1))

    def step_back_into(self) -> Cursor:
        """Go to the phase before; undoes `step_into`."""
        return self._go(self.order.after(self.cursor, -1))

    def step_out(self) -> Cursor:
        """Finish this cell."""
        return self._go(replace(self.cursor, phase=COMPLETE))

    # many steps

    def continue_(self) -> Cursor:
        """Go to the next stop; where there is none, to the end of the run."""
        number = None if self.hits is None else self.hits.next_stop(self.order.completed(self.cursor))
        return self._go(self.order.whole(self.cursor)[1] if number is None else self.order.at(number))

    def reverse_continue(self) -> Cursor:
        """Go back to the stop before; where there is none, to the beginning of the run."""
        number = None if self.hits is None else self.hits.previous_stop(self.order.number(self.cursor))
        return self._go(self.order.whole(self.cursor)[0] if number is None else self.order.at(number))

    def first(self) -> Cursor:
        """Go to the step that this cell computes first: in the reverse direction t = T-1."""
        return self._go(self.order.ends(self.cursor)[0])

    def last(self) -> Cursor:
        """Go to the step that this cell computes last."""
        return self._go(self.order.ends(self.cursor)[1])

    def rewind(self) -> Cursor:
        """Go to where the run begins: the first step of the first cell."""
        return self._go(self.order.at(0))

    def run_to_end(self) -> Cursor:
        """Go to where the run ends: the last step of the cell that is computed last."""
        return self._go(self.order.at(len(self.order) - 1))

    def run_to(self, t: int) -> Cursor:
        """Go to step `t` of this cell, complete.

        Raises
        ------
        GatescopeError
            Where the trace has no such step; the cursor stays.
        """
        return self.go(replace(self.cursor, t=t, phase=COMPLETE))

    def go(self, cursor: Cursor) -> Cursor:
        """Go to any `cursor`.

        Raises
        ------
        GatescopeError
            Where the trace has no such step, layer, direction or phase; the cursor stays.
        """
        spec = self.order.spec
        if cursor.layer not in range(spec.num_layers):
            raise GatescopeError("no_such_layer", last=spec.num_layers - 1, value=cursor.layer)
        if cursor.direction not in spec.directions:
            raise GatescopeError("no_such_direction", allowed=describe_all(spec.directions), value=cursor.direction)
        if cursor.phase not in spec.cell.phases:
            raise GatescopeError("no_such_phase", allowed=describe_all(spec.cell.phases), value=cursor.phase)
        if not isinstance(cursor.t, int) or isinstance(cursor.t, bool) or cursor.t not in range(self.order.steps):
            raise GatescopeError("no_such_step", last=self.order.steps - 1, value=cursor.t)
        return self._go(cursor)

    def _go(self, cursor: Cursor | None) -> Cursor:
        if cursor is not None:
            self.cursor = cursor
        return self.cursor
