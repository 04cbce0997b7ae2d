"""Numbers as they are shown: rounded in one place, and never further off than half a unit of the last digit."""

from __future__ import annotations

import math
from fractions import Fraction

import numpy as np
import pytest
from hypothesis import given, strategies as st

from gatescope.messages.number_format import (
    PLACES,
    format_compact,
    format_number,
    format_percent,
    format_whole,
    is_exact,
)

finite = st.floats(allow_nan=False, allow_infinity=False)
places = st.integers(min_value=1, max_value=12)


def last_digit(text: str) -> Fraction:
    """Return the unit of the last digit of a number as it is written."""
    digits, _, exponent = text.partition("e")
    return Fraction(10) ** (int(exponent or 0) - len(digits.partition(".")[2]))


@given(finite, places)
def test_what_is_shown_reads_back_within_half_a_unit_of_its_last_digit(value: float, many: int) -> None:
    text = format_number(value, many)
    assert abs(Fraction(text) - Fraction(value)) <= last_digit(text) / 2


@given(st.floats(width=32, allow_nan=False, allow_infinity=False))
def test_float32_is_shown_as_exactly(value: float) -> None:
    assert format_number(np.float32(value)) == format_number(value)


def test_a_half_that_is_cut_off_instead_would_be_found() -> None:
    cut = f"{math.floor(0.99996 * 1e4) / 1e4:.4f}"
    assert abs(Fraction(cut) - Fraction(0.99996)) > last_digit(cut) / 2


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (0.0, "0.0000"), (-0.0, "0.0000"), (-0.26, "-0.2600"), (0.99996, "1.0000"), (99999.5, "99999.5000"),
        (1e5, "1.0000e+05"), (-2.5e30, "-2.5000e+30"), (3e-7, "0.0000"), (math.nan, "nan"),
        (math.inf, "inf"), (-math.inf, "-inf"),
    ],
)  # fmt: skip
def test_the_form_of_small_large_and_no_numbers(value: float, text: str) -> None:
    assert format_number(value) == text


@pytest.mark.parametrize(
    ("value", "many", "exact"),
    [(0.5, 1, True), (0.7, 1, True), (0.75, 1, False), (1 / 3, 12, False), (2.0**70, 4, False)],
)
def test_exact_means_that_what_is_shown_reads_back_as_the_number(value: float, many: int, exact: bool) -> None:
    assert is_exact(value, many) is exact


def test_a_gate_that_is_all_but_open_is_not_shown_as_exact() -> None:
    assert format_number(0.99999) == format_number(1.0)
    assert is_exact(1.0)
    assert not is_exact(0.99999)


def test_numbers_of_16_bits_do_not_overflow_on_the_way() -> None:
    assert format_number(np.float16(65504.0)) == "65504.0000"


def test_four_places_unless_asked_otherwise() -> None:
    assert PLACES == 4
    assert format_number(1 / 3) == "0.3333"
    assert format_number(1 / 3, 7) == "0.3333333"


@pytest.mark.parametrize(
    ("value", "text"),
    [(3.0, "3"), (-0.0, "0"), (123456789.0, "123456789"), (0.123456, "0.1235"), (1e20, "1e+20"), (math.nan, "NaN"),
     (-math.inf, "-inf"), (0.5, "0.5")],
)  # fmt: skip
def test_a_compact_number_is_rounded_but_never_where_it_is_whole(value: float, text: str) -> None:
    assert format_compact(value) == text


def test_a_huge_whole_number_is_told_by_its_size() -> None:
    assert format_whole(2**100) == str(2**100)
    assert format_whole(-(2**5000)) == "a number of 5001 bits"
    assert format_whole("text") == "text"


@pytest.mark.parametrize(("ratio", "text"), [(0.0, "0"), (0.004, "< 1"), (0.01, "1"), (0.234, "23"), (1.5, "150")])
def test_a_part_of_a_bound_is_told_in_percent_and_never_as_none_where_it_is_some(ratio: float, text: str) -> None:
    assert format_percent(ratio) == text
