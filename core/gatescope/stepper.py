"""Moving over a trace. A move computes nothing: it is a pure function from one place to another."""

from __future__ import annotations

from collections.abc import Sized
from dataclasses import dataclass, replace

from gatescope.messages import GatescopeError


@dataclass(frozen=True)
class Cursor:
    """A place in a trace: step `t` has just been completed."""

    t: int = 0


class Stepper:
    """A cursor over a trace and the debugger's moves; at either end a move stays where it is.

    Parameters
    ----------
    trace : Trace
        Only its length is read.
    """

    def __init__(self, trace: Sized, cursor: Cursor | None = None) -> None:
        self._last = len(trace) - 1
        self.cursor = cursor or Cursor()

    def step(self) -> Cursor:
        """Go to the next t."""
        return self.run_to(min(self.cursor.t + 1, self._last))

    def step_back(self) -> Cursor:
        """Go to the previous t."""
        return self.run_to(max(self.cursor.t - 1, 0))

    def first(self) -> Cursor:
        """Go to t = 0."""
        return self.run_to(0)

    def last(self) -> Cursor:
        """Go to t = T-1."""
        return self.run_to(self._last)

    def run_to(self, t: int) -> Cursor:
        """Go to step `t`.

        Raises
        ------
        GatescopeError
            Where the trace has no such step; the cursor stays.
        """
        if t not in range(self._last + 1):
            raise GatescopeError("no_such_step", last=self._last, value=t)
        self.cursor = replace(self.cursor, t=t)
        return self.cursor
