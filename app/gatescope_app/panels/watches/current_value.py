"""An expression that is watched in one cell: its value at a step, and a summary of all steps."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from gatescope.debugging.expressions.compiled import Expression, compile_expression
from gatescope.debugging.expressions.step_arrays import StepArrays
from gatescope.debugging.expressions.tokenizer import tokens_of
from gatescope.messages.message import GatescopeError, Message
from gatescope.messages.number_format import format_compact
from gatescope.traces.order import COMPLETE
from gatescope_app.look.tokens import format_token
from gatescope_app.panels.watches.sparkline import Spark, Sparkline
from gatescope_app.state.known_values import steps_present
from gatescope_app.widgets.number_texts import format_exactly

if TYPE_CHECKING:
    from gatescope.cells.cell import Cell
    from gatescope_app.state.runs import Run
    from gatescope_app.state.session_state import Focus, State

Value = float | bool | str | NDArray[Any]

_SHORT = 8  # entries of a vector in a line
_LONG = 256  # entries in a tooltip, in lines of `_SHORT`


class CurrentValue(NamedTuple):
    """What is known of an expression at a cursor; None stands for a value that is not known, or does not exist.

    Its value now, its value at the step that the cell ran before, and the steps at which it is known.
    """

    now: Value | None
    before: Value | None
    known: range


@dataclass(frozen=True, eq=False)
class WatchedExpression:
    """An expression in one cell and batch element of a run.

    Its values are not kept, only a summary: of a long run, those of a vector are as many as the run's own.

    Parameters
    ----------
    expression : Expression
        Compiled for the run's network.
    moments : Moments
        The arrays of the cell.
    batch : int
        The element.
    sparkline : Sparkline or None
        All steps; None for a text.
    reads : frozenset of str
        What of the cell must be computed at a step, so that the value there is known.
    ahead : int
        How many steps after its own it may read.
    """

    expression: Expression
    moments: StepArrays
    batch: int
    sparkline: Sparkline | None
    reads: frozenset[str]
    ahead: int

    def current_value(self, state: State) -> CurrentValue:
        """Return what is known at the cursor of a state."""
        known, t = self._known(state), state.cursor.t
        before = t - 1 if state.cursor.direction == "forward" else t + 1
        present = range(steps_present(state))
        now, then = (self._at(t) if t in known and t in present else None for t in (t, before))
        return CurrentValue(now, then, known)

    def _at(self, t: int) -> Value:
        return self.expression.value_at(self.moments, t, self.batch)

    def _known(self, state: State) -> range:
        """Return the steps at which all that it reads is computed by now."""
        focus = state.focus
        # The step that the cursor is in has its input, and where it is, whatever its phase.
        begun = state.order.known(replace(state.cursor, phase=COMPLETE), focus.layer, focus.direction, COMPLETE)
        known = [begun, *(state.known(name) for name in self.reads)]
        start, stop = max(steps.start for steps in known), min(steps.stop for steps in known)
        if stop - start == state.setup.steps:
            return range(start, stop)
        return range(start, stop - self.ahead) if focus.direction == "forward" else range(start + self.ahead, stop)


def watch(text: str, run: Run, focus: Focus) -> WatchedExpression | Message:
    """Evaluate an expression over a whole cell; where the network has no such thing, return what is wrong."""
    try:
        expression = compile_expression(text, run.arrays.names)
        moments = run.arrays.of(focus.layer, focus.direction)
        spark = Spark.of(expression.evaluate(moments)[:, focus.batch])
    except GatescopeError as error:
        return error.message
    except MemoryError:
        return Message("out_of_memory")
    cell = run.setup.spec.cell
    sparkline = None if spark is None else Sparkline(spark, _quantity(expression, cell))
    return WatchedExpression(expression, moments, focus.batch, sparkline, _reads(expression, cell), _ahead(expression))


def _reads(expression: Expression, cell: Cell) -> frozenset[str]:
    """Return which quantities an expression reads; an error can be told when its step is complete."""
    computed = {*cell.names, *cell.preactivation_names}
    return frozenset(COMPLETE if name == "err" else name for name in expression.uses & {*computed, "err"})


def _ahead(expression: Expression) -> int:
    """Return how many steps after its own an expression may read: at most one with each `next`."""
    return sum(token.text == "next" for token in tokens_of(expression.text))


def _quantity(expression: Expression, cell: Cell) -> str:
    """Return whose colour an expression has: that of the one quantity it reads, else that of h, which has no hue."""
    gates = {quantity.preactivation: quantity.name for quantity in cell.quantities}
    read = {gates.get(name, name) for name in expression.uses} & {*cell.names}
    return read.pop() if len(read) == 1 else COMPLETE


def format_short(value: Value) -> str:
    """Return a value in one line; of a vector only the first units."""
    if not isinstance(value, np.ndarray):
        return _format_value(value, "")
    entries = " ".join(_format_value(entry, ".3g") for entry in value[:_SHORT].tolist())
    return f"[{entries} …]" if len(value) > _SHORT else f"[{entries}]"


def format_in_full(value: Value, dtype: str) -> str:
    """Return a value with all its digits in a dtype, and a vector with all its units, a few in a line."""
    if not isinstance(value, np.ndarray):
        return _format_exactly(value, dtype)
    entries = [_format_value(entry, "") for entry in value[:_LONG].tolist()]
    lines = [f"[{start}]  " + "  ".join(entries[start : start + _SHORT]) for start in range(0, len(entries), _SHORT)]
    return "\n".join([*lines, *(["…"] if len(value) > _LONG else [])])


def format_to_copy(value: Value, dtype: str) -> str:
    """Return a value with all its digits in a dtype, and a vector with all its units; a text as it is."""
    if isinstance(value, np.ndarray):
        return f"[{' '.join(_format_exactly(entry, dtype) for entry in value.tolist())}]"
    return value if isinstance(value, str) else _format_exactly(value, dtype)


def _format_exactly(value: float | bool | str, dtype: str) -> str:
    return _format_value(value, "") if isinstance(value, bool | str) else format_exactly(value, dtype)


def _format_value(value: float | bool | str, digits: str) -> str:
    """Write one value, in Python's format, or else as short as a column needs it."""
    if isinstance(value, str):
        return f"“{format_token(value)}”"
    if isinstance(value, bool):
        return "true" if value else "false"
    return format_compact(value, digits or _digits(abs(value)))


def _digits(size: float) -> str:
    """Return a format of at most nine characters: four places as everywhere, where they say enough."""
    if 1e-3 <= size < 1e3:
        return ".4f"
    return ".6g" if 1e3 <= size < 1e6 else ".3g"
