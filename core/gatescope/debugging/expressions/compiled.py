"""Expressions that are ready to be evaluated."""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np

from gatescope.debugging.expressions.errors import ExpressionError, quote
from gatescope.debugging.expressions.grammar import compiled_term
from gatescope.debugging.expressions.names import Kind, Names
from gatescope.debugging.expressions.operands import MISSING, Operand
from gatescope.debugging.expressions.step_arrays import Array, StepArrays, Value
from gatescope.messages.message import Message


@dataclass(frozen=True, eq=False)
class Expression:
    """An expression that has been checked.

    Attributes
    ----------
    text : str
        As it was written.
    kind : {"number", "truth", "text"}
        What its values are.
    width : int or None
        None: it has one value per step. Else it is a vector over that many units.
    uses : frozenset of str
        The names it reads, by the engine's own names: of torch's `g` that is `c_tilde`.
    """

    text: str
    kind: Kind
    width: int | None
    uses: frozenset[str]
    _term: Operand = field(repr=False)

    def evaluate(self, arrays: StepArrays) -> Array:
        """Evaluate it at all steps.

        Returns
        -------
        ndarray
            (T, B), or (T, B, width); of an expression over `x`, as many units as this layer reads. Numbers are in
            the type of the trace, as numpy 2 combines it with Python's numbers. Where a packed sequence has no step:
            NaN, False or "".
        """
        with np.errstate(all="ignore"):
            value = self._term.compute(arrays.whole)
        shape = (arrays.steps, arrays.batch_size)
        whole = np.broadcast_to(value, shape if self.width is None else (*shape, np.shape(value)[-1]))
        if arrays.present is None:
            return whole
        present = arrays.present if self.width is None else arrays.present[..., None]
        return np.where(present, whole, MISSING[self.kind])

    def value_at(self, arrays: StepArrays, t: int, batch: int = 0) -> float | bool | str | Array:
        """Evaluate it at one step of one batch element, without the others; a vector as an array of one dimension."""
        part, index = arrays.around(t, self._term.reach)
        with np.errstate(all="ignore"):
            value = self._term.compute(part)
        if self.width is None:
            value = np.broadcast_to(value, (part.steps, arrays.batch_size))
        one: Value = np.asarray(value)[index, batch]
        absent = arrays.present is not None and not arrays.present[t, batch]
        if absent:
            return MISSING[self.kind] if self.width is None else np.full_like(one, MISSING[self.kind])
        return one if self.width is not None else np.asarray(one).item()


def compile_expression(text: str, names: Names) -> Expression:
    """Check an expression and make it ready to be evaluated.

    Parameters
    ----------
    text : str
        Such as `mean(o) > 0.9 and token == "l"`.
    names : Names
        What may be used in it.

    Raises
    ------
    ExpressionError
        Where it cannot be used; it knows the place in the text.
    """
    term = compiled_term(text, names)
    return Expression(text, term.kind, term.units, term.uses, term)


def compile_condition(text: str, names: Names) -> Expression:
    """Check a condition: as `compile_expression`, but it must be true or false, once for each step.

    Raises
    ------
    ExpressionError
        As `compile_expression`, and for a number, a text or a vector.
    """
    expression = compile_expression(text, names)
    part, begin = quote(text.strip()), len(text) - len(text.lstrip())
    place = begin, begin + len(text.strip())
    if expression.kind == "number":
        example = f"{part} > 0.5" if expression.width is None else f"any({part} > 0.5)"
        raise ExpressionError(Message("expression_condition_number", {"part": part, "example": example}), *place)
    if expression.kind == "text":
        example = f'{part} == "{"forward" if expression.uses == {"direction"} else "l"}"'
        raise ExpressionError(Message("expression_condition_text", {"part": part, "example": example}), *place)
    if expression.width is not None:
        raise ExpressionError(Message("expression_condition_vector", {"part": part}), *place)
    return expression
