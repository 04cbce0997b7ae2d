"""The parts of a compiled expression: what they are known to be, and how they are computed."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from gatescope.debugging.expressions.errors import ExpressionError, quote
from gatescope.debugging.expressions.names import Kind
from gatescope.debugging.expressions.step_arrays import Array, StepRange, Value
from gatescope.messages.message import Message

Compute = Callable[[StepRange], Value]

MISSING: dict[Kind, float | bool | str] = {"number": np.nan, "truth": False, "text": ""}
"""The value where there is no step, or none that could be known."""


@dataclass(frozen=True, eq=False)
class Operand:
    """A part of an expression.

    Parameters
    ----------
    kind : {"number", "truth", "text"}
        What its values are.
    compute : callable
        Its value at some steps.
    units : int, optional
        None: it has one value per step. Else it is a vector over that many units.
    varies : bool
        Whether some layers have fewer units than that.
    limits : (float, float), optional
        The range of its values, where it is a quantity that has one.
    constant : float or str, optional
        Its value, where it is written as such.
    at_start : bool
        Whether it is known before the first step, since it reads nothing but states.
    reach : int
        How many steps before or after its own it reads.
    uses : frozenset of str
        The names it reads, by the engine's own names.
    by_unit : Operand, optional
        Of what stands for a vector in short, the vector.
    text, start, end
        How it is written, and where.
    """

    kind: Kind
    compute: Compute
    units: int | None = None
    varies: bool = False
    limits: tuple[float, float] | None = None
    constant: float | str | None = None
    at_start: bool = True
    reach: int = 0
    uses: frozenset[str] = frozenset()
    by_unit: Operand | None = None
    text: str = ""
    start: int = 0
    end: int = 0

    def placed(self, text: str, start: int, end: int) -> Operand:
        """Return the term with its place in the text."""
        return replace(self, text=quote(text[start:end]), start=start, end=end)

    def refused(self, message: Message) -> ExpressionError:
        """Return an error at this place."""
        return ExpressionError(message, self.start, self.end)


def derived(kind: Kind, compute: Compute, of: tuple[Operand, ...], units: int | None = None, **fields: Any) -> Operand:
    """Return a term that is computed from others."""
    return Operand(
        kind,
        compute,
        units,
        varies=units is not None and any(term.varies for term in of),
        at_start=all(term.at_start for term in of),
        reach=max(term.reach for term in of),
        uses=frozenset().union(*(term.uses for term in of)),
        **fields,
    )


def elementwise(kind: Kind, function: Callable[..., Any], *terms: Operand) -> Operand:
    """Return a function of terms, unit by unit where one of them is a vector.

    Raises
    ------
    ExpressionError
        Where two are vectors over different numbers of units.
    """
    vectors = [term for term in terms if term.units is not None]
    _require_same_units(vectors)
    computes = [term.compute if term in vectors or not vectors else _for_each_unit(term.compute) for term in terms]

    def compute(part: StepRange) -> Value:
        return weak(function(*(each(part) for each in computes)))

    return derived(kind, compute, terms, vectors[0].units if vectors else None)


def _require_same_units(vectors: list[Operand]) -> None:
    for one in vectors:
        for other in vectors:
            if one.varies and not other.varies:
                raise one.refused(Message("expression_units_vary", {"part": one.text, "other": other.text}))
            if one.units != other.units:
                left, right = sorted((one, other), key=lambda term: term.start)
                fields = {"left": left.text, "one": left.units, "right": right.text, "other": right.units}
                raise ExpressionError(Message("expression_units_differ", fields), left.start, right.end)


def _for_each_unit(compute: Compute) -> Compute:
    def computed(part: StepRange) -> Value:
        value = compute(part)
        return value[..., None] if isinstance(value, np.ndarray) else value

    return computed


def weak(value: Any) -> Value:
    """Return what numpy made of two Python numbers as one again, which leaves the type of an array as it is."""
    result: Value = value.item() if isinstance(value, np.generic) else value
    return result


def one_unit(vector: Operand, unit: int) -> Operand:
    """Return one unit of a vector; where a layer has fewer, what stands for nothing."""

    def compute(part: StepRange) -> Value:
        values = np.asarray(vector.compute(part))
        if unit < values.shape[-1]:
            picked: Array = values[..., unit]
            return picked
        return np.full(values.shape[:-1], MISSING[vector.kind], values.dtype)

    return derived(vector.kind, compute, (vector,), limits=vector.limits)


def neighbour(term: Operand, *, earlier: bool) -> Operand:
    """Return a term at the step that ran just before, or that runs just after.

    Before the first step that is the term at the initial states, where it reads nothing else; so is what stands for
    nothing everywhere else where there is no such step.
    """
    known = earlier and term.at_start

    def compute(part: StepRange) -> Value:
        edge = term.compute(part.initial) if known else MISSING[term.kind]
        return _moved(term.compute(part), edge, part, from_left=earlier == part.forward, vector=term.units)

    moved = derived(term.kind, compute, (term,), term.units, limits=term.limits)
    return replace(moved, at_start=False, reach=term.reach + 1)


def _moved(value: Value, edge: Value, part: StepRange, *, from_left: bool, vector: int | None) -> Array:
    shape = (part.steps, len(part.ends))
    values = np.broadcast_to(value, shape if vector is None else (*shape, np.shape(value)[-1]))
    moved = np.empty(values.shape, values.dtype)
    if from_left:
        moved[1:], moved[:1] = values[:-1], edge
    else:
        moved[:-1] = values[1:]
        # A shorter element starts, or ends, at its own last step.
        batch = np.arange(len(part.ends))
        moved[part.ends, batch] = np.broadcast_to(edge, (1, *moved.shape[1:]))[0]
    return moved
