"""Distances as people count."""

from __future__ import annotations

import pytest

from gatescope_app.look.ticks import counts_between, format_ticks, round_count, round_step, ticks_between


@pytest.mark.parametrize(
    ("least", "step"),
    [(1, 1), (1.01, 2), (2.5, 5), (7, 10), (0.03, 0.05), (300, 500), (0, 0), (-1, 0), (5e-324, 0)],
)
def test_steps_are_one_two_or_five_times_a_power_of_ten(least: float, step: float) -> None:
    assert round_step(least) == pytest.approx(step)


def test_counts_are_whole_and_at_least_one() -> None:
    assert [round_count(least) for least in (0, 0.2, 1, 3, 11)] == [1, 1, 1, 5, 20]


@pytest.mark.parametrize(
    ("low", "high", "least", "ticks"),
    [
        (0, 1, 0.2, [0, 0.2, 0.4, 0.6, 0.8, 1]),
        (-4.03, 4.03, 1.5, [-4.03, -2, 0, 2, 4.03]),
        (-1, 1, 1.9, [-1, 1]),  # zero would be too near to both
        (0, 1e-9, 4e-10, [0, 5e-10, 1e-9]),
        (3, 3, 0, [3]),
        (0, 1, 2, [0]),
        (0, float("inf"), 1, [0]),
    ],
)
def test_both_ends_have_a_tick_and_none_is_too_near(low: float, high: float, least: float, ticks: list[float]) -> None:
    assert ticks_between(low, high, least) == pytest.approx(ticks)


@pytest.mark.parametrize(
    ("first", "last", "least", "before_last", "ticks"),
    [
        (0, 4, 0.3, 0, [0, 1, 2, 3, 4]),
        (0, 199, 31, 0, [0, 50, 100, 150, 199]),
        (0, 199, 31, 60, [0, 50, 100, 199]),
        (37, 63, 6, 0, [37, 50, 63]),
        (5, 5, 0.1, 0, [5]),
        (0, 2, 3, 0, [0]),
    ],
)
def test_counts_have_both_ends_as_well(
    first: int, last: int, least: float, before_last: float, ticks: list[int]
) -> None:
    assert counts_between(first, last, least, before_last) == ticks


@pytest.mark.parametrize(
    ("numbers", "texts"),
    [
        ([0, 0.5, 1], ["0", "0.5", "1"]),
        ([-4.0257, 0.0, 4.0257], ["-4.03", "0", "4.03"]),
        ([1e15, -2.5e-7, 1e-300], ["1e15", "-2.5e-7", "1e-300"]),
        ([1000.1, 1000.2], ["1000.1", "1000.2"]),  # three digits would not tell them apart
        ([0.1 + 0.2, -0.0], ["0.3", "0"]),
    ],
)
def test_numbers_are_as_short_as_they_can_be(numbers: list[float], texts: list[str]) -> None:
    assert format_ticks(numbers) == texts
