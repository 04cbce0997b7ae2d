"""Numbers in the cells of tables: the shortest form of their dtype, and never cut."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, strategies as st

from gatescope_app.widgets.number_texts import fit_number, fit_numbers, format_exactly


@pytest.mark.parametrize(
    ("number", "dtype", "text"),
    [
        (float(np.float32(0.1)), "float32", "0.1"), (float(np.float32(0.1)), "float64", "0.10000000149011612"),
        (float(np.float16(0.1)), "float16", "0.1"), (0.1, "float32", "0.1"), (1 / 3, "float32", "0.3333333333333333"),
        (np.float32(0.1), "", "0.1"), (3.0, "float32", "3"), (-0.25, "float32", "-0.25"),
        (float("nan"), "float32", "nan"), (float("-inf"), "float32", "-inf"), (1e30, "float64", "1e+30"),
    ],
)  # fmt: skip
def test_a_number_has_the_shortest_form_of_its_dtype(number: float, dtype: str, text: str) -> None:
    assert format_exactly(number, dtype) == text


@given(st.floats(width=32, allow_nan=False))
def test_it_reads_back_the_same_in_its_dtype(number: float) -> None:
    assert np.float32(format_exactly(number, "float32")) == np.float32(number)
    assert float(format_exactly(number, "float64")) == number


def test_a_number_without_room_is_rounded_and_says_so() -> None:
    cases = {
        10: "0.12345678", 9: "≈0.123457", 6: "≈0.123", 4: "≈0.1", 3: "…",
    }  # fmt: skip
    for room, shown in cases.items():
        assert fit_number("0.12345678", room, len) == shown, room
    assert fit_number("1.2345678e-07", 10, len) == "≈1.235e-07"
    assert fit_number("no number", 3, len) == "no number"


@given(st.floats(allow_nan=False, allow_infinity=False), st.integers(0, 30))
def test_what_is_shown_of_a_number_is_never_another_one(number: float, room: int) -> None:
    shown = fit_number(repr(number), room, len)
    assert len(shown) <= max(room, 1)
    if shown.startswith("≈"):
        digits = len(shown.lstrip("≈-").split("e")[0].replace(".", "").strip("0")) or 1
        assert float(shown[1:]) == pytest.approx(number, rel=10.0 ** (1 - digits))
    elif shown != "…":
        assert float(shown) == number


def test_of_many_numbers_as_many_whole_ones_are_shown_as_there_is_room_for() -> None:
    texts = ["0.5", "-1.25", "0", "12"]
    assert fit_numbers(texts, 4, 18, len) == "[0.5 -1.25 0 12]"
    assert fit_numbers(texts, 4, 15, len) == "[0.5 -1.25 … 4]"
    assert fit_numbers(texts, 4, 9, len) == "[0.5 … 4]"
    assert fit_numbers(texts, 4, 1, len) == "[… 4]"
    assert fit_numbers(texts, 300, 100, len) == "[0.5 -1.25 0 12 … 300]"
