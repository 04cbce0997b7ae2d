"""The histogram of a block of weights, against numpy."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from hypothesis import given, strategies as st
from hypothesis.extra.numpy import arrays

from gatescope.analysis.histograms import histogram

FINITE = st.floats(-(2.0**100), 2.0**100, width=32)


@given(numbers=arrays(np.float32, st.tuples(st.integers(1, 20), st.integers(1, 20)), elements=FINITE))
def test_counts_and_moments_are_numpys(numbers: Any) -> None:
    found = histogram("w", numbers)
    assert found.counts.sum() == found.size == numbers.size
    if len(found.counts) > 1:
        counts, edges = np.histogram(numbers.astype(np.float64), bins=len(found.counts))
        np.testing.assert_array_equal(found.counts, counts)
        np.testing.assert_array_equal(found.edges, edges)
    assert found.mean == pytest.approx(numbers.astype(np.float64).mean())
    assert found.deviation == pytest.approx(numbers.astype(np.float64).std(), abs=1e-6 * float(np.abs(numbers).max()))
    assert (found.low, found.high) == (numbers.min(), numbers.max())


def test_what_is_not_finite_is_counted_apart() -> None:
    found = histogram("w", np.array([1.0, np.nan, -np.inf, 3.0], np.float32))
    assert (found.size, found.odd, found.counts.sum(), found.mean) == (4, 2, 2, 2.0)
    nothing = histogram("w", np.array([np.nan, np.nan]))
    assert (nothing.size, nothing.odd, nothing.counts.sum()) == (2, 2, 0)
    assert np.isnan(nothing.mean)


@pytest.mark.parametrize("numbers", [[2.0**21] * 5, [0.0], [-1.7e308, 1.7e308], [1.0, 1.0 + 2.0**-52]])
def test_numbers_too_close_together_or_too_far_apart_for_bins_are_counted_in_one(numbers: list[float]) -> None:
    found = histogram("w", np.array(numbers))
    assert found.counts.tolist() == [len(numbers)]
    assert found.edges.tolist() == [min(numbers), max(numbers)]


def test_numbers_of_float16_have_room_for_their_range() -> None:
    found = histogram("w", np.array([-60000, 60000, 0, 1], np.float16))
    assert found.counts.sum() == 4
    assert (found.low, found.high) == (-60000, 60000)
