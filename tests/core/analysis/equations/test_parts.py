"""The sums, products and functions of an equation: how they are written, and what they come to in each arithmetic."""

from __future__ import annotations

import math
from dataclasses import replace
from fractions import Fraction

import numpy as np
import pytest
from hypothesis import given, strategies as st

from gatescope.analysis.equations.parts import (
    Applied,
    Complement,
    Node,
    Piece,
    Product,
    Products,
    Sum,
    Symbol,
    activated,
    exactly,
    in_floats,
    mapped,
    parts,
    pieces,
)


def piece(letter: str, value: float | None) -> Piece:
    return Piece((Symbol(letter, letter),), value)


A, B, C = piece("a", 2.0), piece("b", 3.0), piece("c", 0.5)
NODE: Node = Sum((Product((Sum((A, B)), Applied("tanh", C))), Product((Complement(A), B))))


def text_of(node: Node) -> str:
    return " ".join(part.text for part in parts(node))


def test_an_expression_is_written_from_left_to_right_with_parentheses_around_a_sum_that_is_a_factor() -> None:
    assert text_of(NODE) == "( a + b ) · tanh( c ) + (1 − a ) · b"
    assert [one.text for one in pieces(NODE)] == ["a", "b", "c", "a", "b"]


def test_a_symbol_is_written_with_its_step_and_index() -> None:
    symbol = Symbol("C̃", r"\tilde{C}", "12", "[3]")
    assert (symbol.text, symbol.latex) == ("C̃_12[3]", r"\tilde{C}_{12}[3]")
    assert Symbol("b_if", "b_{if}", index="[1]").text == "b_if[1]"


def test_floats_come_to_what_python_makes_of_them() -> None:
    assert in_floats(NODE) == (2 + 3) * math.tanh(0.5) + (1 - 2) * 3


def test_changing_the_numbers_leaves_the_form_and_the_original() -> None:
    changed = mapped(NODE, lambda one: replace(one, value=10 * (one.value or 0)))
    assert text_of(changed) == text_of(NODE)
    assert [one.value for one in pieces(changed)] == [20, 30, 5, 20, 30]
    assert [one.value for one in pieces(NODE)] == [2, 3, 0.5, 2, 3]


@pytest.mark.parametrize(
    "node",
    [
        piece("x", None), Sum((A, piece("x", None), B)), Product((piece("x", None), A)),
        Applied("relu", piece("x", None)), Complement(piece("x", None)),
    ],
)  # fmt: skip
def test_what_is_not_known_makes_the_whole_unknown(node: Node) -> None:
    assert in_floats(node) is None
    assert exactly(node) is None


def test_fractions_round_nothing() -> None:
    third = Product((piece("a", 0.1), Sum((piece("b", 0.2), piece("c", 1e-30)))))
    assert exactly(third) == Fraction(0.1) * (Fraction(0.2) + Fraction(1e-30))
    assert exactly(Complement(piece("a", 1e-30))) == 1 - Fraction(1e-30)


@pytest.mark.parametrize(
    ("function", "z", "result"),
    [
        ("σ", 0.0, Fraction(1, 2)), ("tanh", 0.0, Fraction(0)), ("σ", 1.0, None), ("tanh", -1.0, None),
        ("relu", -1.5, Fraction(0)), ("relu", 1.5, Fraction(3, 2)),
    ],
)  # fmt: skip
def test_a_function_is_a_fraction_only_where_that_is_one(function: str, z: float, result: Fraction | None) -> None:
    assert exactly(Applied(function, piece("z", z))) == result


@pytest.mark.parametrize("bad", [math.nan, math.inf])
def test_what_is_not_finite_is_no_fraction(bad: float) -> None:
    assert exactly(Sum((A, piece("x", bad)))) is None


def test_a_piece_with_products_is_exactly_their_sum_and_not_its_rounded_value() -> None:
    def summed(numbers: list[float]) -> Piece:
        products = Products(np.array(numbers), lambda place: Product((A, piece("w", numbers[place]))))
        return replace(A, value=float(sum(numbers)), products=products)

    assert exactly(summed([0.1, 0.2, -0.3])) == 2 * (Fraction(0.1) + Fraction(0.2) - Fraction(0.3))
    assert exactly(summed([0.5] * 64)) == 64
    assert exactly(summed([0.5] * 65)) is None  # which would take long


@given(st.floats(-800, 800))
def test_the_sigmoid_is_that_of_the_tanh(z: float) -> None:
    """σ(z) = (1 + tanh(z / 2)) / 2, whose few roundings, of a number near 1 or below, are each at most 2**-53."""
    assert activated("σ", z) == pytest.approx((1 + math.tanh(z / 2)) / 2, rel=0, abs=8 * 2.0**-53)
    assert activated("tanh", z) == math.tanh(z)
    assert activated("relu", z) == (z if z > 0 else 0)


def test_functions_neither_overflow_nor_lose_nan() -> None:
    assert (activated("σ", -math.inf), activated("σ", -1e5), activated("σ", math.inf)) == (0, 0, 1)
    assert activated("σ", -740.0) == math.exp(-740.0) > 0
    assert all(math.isnan(activated(function, math.nan)) for function in ("σ", "tanh", "relu"))
