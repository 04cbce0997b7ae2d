"""Breakpoints: where in a run to stop, or to write a line into the log."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from gatescope.debugging.expressions.compiled import compile_condition
from gatescope.debugging.expressions.log_message import compile_message
from gatescope.debugging.expressions.names import Names
from gatescope.messages.message import GatescopeError, describe_all
from gatescope.modules.spec import Direction
from gatescope.traces.order import Order

if TYPE_CHECKING:
    pass


@dataclass(frozen=True)
class Scope:
    """Which cells and batch elements are looked at; None stands for all.

    Parameters
    ----------
    layers : frozenset of int, optional
        From 0.
    directions : frozenset of {"forward", "reverse"}, optional
        Which of the layers' directions.
    batch : frozenset of int, optional
        Which batch elements.
    """

    layers: frozenset[int] | None = None
    directions: frozenset[Direction] | None = None
    batch: frozenset[int] | None = None

    def includes(self, layer: int, direction: Direction) -> bool:
        """Whether the cell of a `layer` and `direction` is in it."""
        in_layer = self.layers is None or layer in self.layers
        return in_layer and (self.directions is None or direction in self.directions)


@dataclass(frozen=True)
class Breakpoint:
    """A place or a condition to stop at.

    Parameters
    ----------
    condition : str
        An expression (`gatescope.debugging.expressions`) that is true or false at each step; empty for a plain `t`.
    t : int, optional
        Only at this step.
    scope : Scope
        Only in these layers, directions and batch elements.
    enabled : bool
        Whether it acts at all.
    nth : int, optional
        Only at the n-th time that it holds, counted from 1 at the beginning of the run.
    every : int, optional
        Only at every n-th time: the n-th, the 2n-th, and so on.
    message : str, optional
        A log point: writes this line, with the values of the expressions in braces, and does not stop.
    once : bool
        Whether it is used up by stopping once.
    """

    condition: str = ""
    t: int | None = None
    scope: Scope = Scope()
    enabled: bool = True
    nth: int | None = None
    every: int | None = None
    message: str | None = None
    once: bool = False

    @property
    def stops(self) -> bool:
        """Whether it stops a walk."""
        return self.enabled and self.message is None

    @property
    def logs(self) -> bool:
        """Whether it writes into the log."""
        return self.enabled and self.message is not None

    def check(self, names: Names) -> None:
        """Refuse what cannot be evaluated.

        Parameters
        ----------
        names : Names
            What may stand in an expression about this run.

        Raises
        ------
        GatescopeError
            An `ExpressionError` for a condition or message; or a hit count below 1.
        """
        if self.condition or self.t is None:
            compile_condition(self.condition, names)
        if self.message is not None:
            compile_message(self.message, names)
        for name, count in (("nth", self.nth), ("every", self.every)):
            if count is not None and (not isinstance(count, int) or isinstance(count, bool) or count < 1):
                raise GatescopeError("hit_count_too_small", name=name, value=count)
        if self.nth is not None and self.every is not None:
            raise GatescopeError("hit_counts_both")

    def check_place(self, order: Order, batch_size: int) -> None:
        """Refuse a step, layer, direction or batch element that a run does not have.

        Parameters
        ----------
        order : Order
            Of the run.
        batch_size : int
            B.

        Raises
        ------
        GatescopeError
            Which names it, and what there is.
        """
        spec, scope = order.spec, self.scope
        if self.t is not None and self.t not in range(order.steps):
            raise GatescopeError("no_such_step", last=order.steps - 1, value=self.t)
        for layer in (scope.layers or frozenset()) - {*range(spec.num_layers)}:
            raise GatescopeError("no_such_layer", last=spec.num_layers - 1, value=layer)
        for direction in (scope.directions or frozenset()) - {*spec.directions}:
            raise GatescopeError("no_such_direction", allowed=describe_all(spec.directions), value=direction)
        for element in (scope.batch or frozenset()) - {*range(batch_size)}:
            raise GatescopeError("no_such_element", last=batch_size - 1, value=element)

    @property
    def where(self) -> Breakpoint:
        """The same with only what decides where it holds."""
        return Breakpoint(self.condition, self.t, self.scope)


MISMATCH = Breakpoint("err > 1")
"""Where a step does not match torch's module: its error is beyond what rounding can explain."""


def toggled(breakpoints: tuple[Breakpoint, ...], t: int) -> tuple[Breakpoint, ...]:
    """Remove the breakpoints of a step that have no condition; where there is none, add one."""
    others = tuple(one for one in breakpoints if one.condition or one.t != t)
    return others if len(others) < len(breakpoints) else (*breakpoints, Breakpoint(t=t))
