"""The three levels of an equation: rounding is marked, and adds up as shown or is remarked."""

from __future__ import annotations

import math
from decimal import Decimal
from fractions import Fraction
from typing import Any

import numpy as np
from hypothesis import given, strategies as st

from gatescope.analysis.equations.equation import Equation
from gatescope.analysis.equations.levels import EQUAL, ROUNDED, UNEQUAL, Levels, levels
from gatescope.analysis.equations.parts import (
    PLUS,
    Applied,
    Complement,
    Evaluation,
    Mark,
    Node,
    Piece,
    Product,
    Sum,
    Symbol,
)
from gatescope.analysis.equations.texts import as_text


def numbers_of(written: Levels) -> list[tuple[str, Piece]]:
    words = [*written.numbers.words, *(word for link in written.result for word in link.words)]
    return [(word.text, word.part) for word in words if isinstance(word.part, Piece)]


def read(text: str, written: Levels, piece: Piece) -> Decimal:
    """Read a number as a person does: the minus before it may have become the operator."""
    number = Decimal(text.strip("()").replace("−", "-"))
    for link in (written.numbers, *written.result):
        for before, word in zip(link.words, link.words[1:], strict=False):
            if word.part is piece and word.text == text and before.text == "−":
                return -number
    return number


finite = st.floats(-1e7, 1e7, width=32)


@st.composite
def equations(draw: Any) -> Equation:
    """A sum of numbers, some of them multiplied, and what it comes to in float32."""
    terms: list[Node] = []
    for _ in range(draw(st.integers(1, 4))):
        factors = [Piece((Symbol("a", "a"),), draw(finite)) for _ in range(draw(st.integers(1, 2)))]
        first = Complement(factors[0]) if draw(st.booleans()) and len(factors) > 1 else factors[0]
        terms.append(first if len(factors) == 1 else Product((first, *factors[1:])))
    formula = Sum(tuple(terms))
    total = float(np.float32(Evaluation(lambda piece: piece.value)(formula)))
    return Equation(None, formula, None, Piece((Symbol("s", "s"),), total))


@given(equations(), st.integers(2, 8))
def test_what_is_shown_reads_back_to_within_half_a_unit_of_its_last_digit(equation: Equation, places: int) -> None:
    written = levels(equation, places)
    for text, piece in numbers_of(written):
        assert piece.value is not None
        value, number = Fraction(piece.value), Fraction(read(text, written, piece))
        exponent = int(text.strip("()").partition("e")[2] or 0)
        assert abs(number - value) <= Fraction(1, 2) * Fraction(10) ** (exponent - places)


@given(equations(), st.integers(2, 8))
def test_equal_means_equal(equation: Equation, places: int) -> None:
    written = levels(equation, places)
    assert equation.result.value is not None
    exact = Evaluation(lambda piece: Fraction(piece.value or 0))(equation.formula)
    shown = Evaluation(lambda piece: Fraction(read(*_word_of(written, piece), piece)))(equation.formula)
    if written.numbers.relation is EQUAL:
        assert shown == exact
    (result,) = written.result
    if result.relation is EQUAL:
        assert Fraction(read(result.words[0].text, written, equation.result)) == exact


def _word_of(written: Levels, piece: Piece) -> tuple[str, Levels]:
    return next(word.text for word in written.numbers.words if word.part is piece), written


@given(equations(), st.integers(2, 8))
def test_numbers_that_do_not_add_up_as_shown_are_remarked(equation: Equation, places: int) -> None:
    written = levels(equation, places)
    shown = Evaluation(lambda piece: read(*_word_of(written, piece), piece))(equation.formula)
    result = read(written.result[0].words[0].text, written, equation.result)
    apart = abs(Fraction(shown) - Fraction(result))
    unit = Fraction(10) ** (int(written.result[0].words[0].text.partition("e")[2] or 0) - places)
    if not written.remarks:
        assert apart <= unit / 2 + abs(Fraction(shown)) / 2**50
    elif written.remarks[0].code == "rounded":
        assert apart >= unit / 2 - abs(Fraction(shown)) / 2**50


def summed(*values: float, total: float, dtype: str = "float32") -> Equation:
    terms = tuple(Piece((Symbol("a", "a"),), value) for value in values)
    return Equation(None, Sum(terms), None, Piece((), total), dtype=dtype)


def test_a_sum_that_is_shown_in_full_is_equal() -> None:
    written = levels(summed(0.5, -0.25, total=0.25), 2)
    assert (written.numbers.relation, written.result[0].relation) == (EQUAL, EQUAL)
    assert levels(summed(0.5, -0.25, total=0.25), 2).remarks == ()
    assert levels(summed(0.5, -0.25, total=0.125), 3).result[0].relation is ROUNDED  # it is off


def test_a_sum_that_only_looks_right_is_rounded() -> None:
    written = levels(summed(0.1, 0.2, total=0.3), 2)  # in float64 0.1 + 0.2 is not 0.3
    assert (written.numbers.relation, written.result[0].relation) == (EQUAL, ROUNDED)
    assert written.remarks == ()


def test_what_does_not_add_up_as_shown_is_said() -> None:
    (remark,) = levels(summed(0.014, 0.014, total=0.028), 2).remarks
    assert (remark.code, remark.line, remark.number) == ("rounded", 2, "0.02")
    assert levels(summed(0.014, 0.014, total=0.028), 3).remarks == ()


def test_what_the_arithmetic_of_the_run_rounded_is_said() -> None:
    (remark,) = levels(summed(0.5, 0.014, total=0.5137, dtype="float16")).remarks
    assert (remark.code, remark.symbol, remark.number) == ("arithmetic", "float16", "0.5140")


def test_nothing_is_said_of_what_is_not_known() -> None:
    equation = summed(0.014, 0.014, total=0.028)
    hidden = Equation(None, equation.formula, None, Piece((), 0.028, needs="c")).as_known(())
    assert levels(hidden, 2).remarks == ()


def test_infinity_out_of_finite_numbers_is_not_equal() -> None:
    written = levels(summed(60000.0, 60000.0, total=math.inf, dtype="float16"), 2)
    assert written.result[0].relation is UNEQUAL
    assert levels(summed(math.inf, 1.0, total=math.inf), 2).result[0].relation is EQUAL


def test_signs_join_the_operator_or_stand_in_parentheses() -> None:
    a, b, c = (Piece((Symbol("a", "a"),), value) for value in (-0.5, -0.25, -1.5))
    node = Sum((a, b, Product((c, Complement(a), b)), Applied("tanh", c)))
    text = as_text([Equation(None, node, None, Piece((), 1.0))], 2).splitlines()[1]
    assert text.endswith("−0.50 − 0.25 − 1.50·(1 − (−0.50))·(−0.25) + tanh(−1.50)")
    words = levels(Equation(None, node, None, Piece((), 1.0)), 2).numbers.words
    assert sum(word.part is PLUS for word in words if isinstance(word.part, Mark)) == 3
