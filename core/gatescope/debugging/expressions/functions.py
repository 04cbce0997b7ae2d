"""The functions of the language."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from gatescope.debugging.expressions.names import Kind
from gatescope.debugging.expressions.operands import Operand, derived, elementwise, neighbour
from gatescope.debugging.expressions.step_arrays import Array, StepRange, Value, over_units
from gatescope.messages.message import Message


@dataclass(frozen=True)
class Function:
    """One function.

    Parameters
    ----------
    usage : str
        How it is called.
    help : Message
        What it is, in one line.
    build : callable
        Makes a term of the terms of its values; raises ExpressionError where it cannot.
    """

    usage: str
    help: Message
    build: Callable[..., Operand]

    @property
    def values(self) -> int:
        """How many values it takes."""
        return self.usage.count(",") + 1


def require(kind: Kind, term: Operand) -> Operand:
    """Refuse a term of another kind."""
    if term.kind != kind:
        fields = {"part": term.text, "given": KINDS[term.kind], "wanted": KINDS[kind]}
        raise term.refused(Message("expression_kind", fields))
    return term


KINDS: dict[Kind, Message] = {
    "number": Message("expression_a_number"),
    "truth": Message("expression_a_truth"),
    "text": Message("expression_a_text"),
}


def _vector(function: str, term: Operand) -> Operand:
    """Return the vector that a function reduces to one value."""
    vector = term.by_unit or term
    if vector.units is None:
        raise term.refused(Message("expression_no_vector", {"function": function, "part": term.text}))
    return vector


def _reduction(kind: Kind, name: str, function: np.ufunc) -> Callable[[Operand], Operand]:
    """Return what builds a reduction whose result is of the same kind, and depends on no order."""

    def build(term: Operand) -> Operand:
        require(kind, term)
        vector = _vector(name, term)
        return derived(kind, lambda part: over_units(function, _array(vector, part)), (vector,))

    return build


def _sum_or_mean(name: str, *, mean: bool) -> Callable[[Operand], Operand]:
    def build(term: Operand) -> Operand:
        if term.kind == "text":
            require("number", term)
        vector = _vector(name, term)

        def compute(part: StepRange) -> Value:
            values = _array(vector, part)
            if vector.kind == "truth":
                return _count(values) / (values.shape[-1] if mean else 1)
            # Not unit by unit: numpy's order of adding is more exact.
            result: Array = values.mean(axis=-1) if mean else values.sum(axis=-1)
            return result

        return derived("number", compute, (vector,))

    return build


def _count(truths: Array) -> NDArray[np.float64]:
    """Count the units that are true, as float64: what is counted may be divided by 0."""
    return over_units(np.add, truths.view(np.uint8)).astype(np.float64)


def _array(vector: Operand, part: StepRange) -> Array:
    return np.asarray(vector.compute(part))


def _abs(term: Operand) -> Operand:
    require("number", term)
    return elementwise("number", np.abs, term)


def _isfinite(term: Operand) -> Operand:
    require("number", term)
    return elementwise("truth", np.isfinite, term)


def _isnan(term: Operand) -> Operand:
    """Whether it is NaN; of a vector whether any unit is, unless a reduction asks for all of them."""
    require("number", term)
    each = elementwise("truth", np.isnan, term)
    if each.units is None:
        return each
    return derived("truth", lambda part: over_units(np.logical_or, _array(each, part)), (each,), by_unit=each)


def _previous(term: Operand) -> Operand:
    return neighbour(term, earlier=True)


def _next(term: Operand) -> Operand:
    return neighbour(term, earlier=False)


def _crosses(value: Operand, level: Operand) -> Operand:
    """Whether the value lay on one side of the level at the step that ran before, and now does not.

    To touch the level is to have arrived: of -1, 0, 1 around 0 the second is a hit, and what leaves 0 is none. Next to
    NaN, and before a first step that is not known, nothing crosses.
    """
    for term in (value, level):
        require("number", term)

    def crossed(now: Value, before: Value, level: Value, level_before: Value) -> Value:
        up = np.less(before, level_before) & np.greater_equal(now, level)
        down = np.greater(before, level_before) & np.less_equal(now, level)
        moved: Value = up | down
        return moved

    level_before = neighbour(level, earlier=True) if level.uses else level
    return elementwise("truth", crossed, value, neighbour(value, earlier=True), level, level_before)


def _saturated(value: Operand, level: Operand) -> Operand:
    """The fraction of units nearer to an end of their range than a level says; of one unit, 0 or 1."""
    require("number", value)
    require("number", level)
    if value.limits not in _BEYOND:
        raise value.refused(Message("expression_no_limits", {"part": value.text}))
    if level.units is not None:
        raise level.refused(Message("expression_level_vector", {"part": level.text}))
    if isinstance(level.constant, float) and not 0 <= level.constant <= 1:
        raise level.refused(Message("expression_level", {"value": level.text}))
    beyond = elementwise("truth", _BEYOND[value.limits], value, level)

    def compute(part: StepRange) -> Value:
        truths = _array(beyond, part)
        return truths.astype(np.float64) if beyond.units is None else _count(truths) / truths.shape[-1]

    return derived("number", compute, (beyond,))


_BEYOND: dict[tuple[float, float] | None, Callable[[Array, Array], Array]] = {
    (0.0, 1.0): lambda value, level: (value > level) | (value < 1 - level),
    (-1.0, 1.0): lambda value, level: np.abs(value) > level,
}
"""Whether a value is nearer to an end of its range than a level says, by the range."""


FUNCTIONS: dict[str, Function] = {
    "any": Function("any(truths)", Message("expression_help_any"), _reduction("truth", "any", np.logical_or)),
    "all": Function("all(truths)", Message("expression_help_all"), _reduction("truth", "all", np.logical_and)),
    "mean": Function("mean(vector)", Message("expression_help_mean"), _sum_or_mean("mean", mean=True)),
    "min": Function("min(vector)", Message("expression_help_min"), _reduction("number", "min", np.minimum)),
    "max": Function("max(vector)", Message("expression_help_max"), _reduction("number", "max", np.maximum)),
    "sum": Function("sum(vector)", Message("expression_help_sum"), _sum_or_mean("sum", mean=False)),
    "abs": Function("abs(value)", Message("expression_help_abs"), _abs),
    "prev": Function("prev(value)", Message("expression_help_prev"), _previous),
    "next": Function("next(value)", Message("expression_help_next"), _next),
    "crosses": Function("crosses(value, level)", Message("expression_help_crosses"), _crosses),
    "saturated": Function("saturated(gate, level)", Message("expression_help_saturated"), _saturated),
    "isnan": Function("isnan(value)", Message("expression_help_isnan"), _isnan),
    "isfinite": Function("isfinite(value)", Message("expression_help_isfinite"), _isfinite),
}
"""By name, in the order in which they are listed."""
