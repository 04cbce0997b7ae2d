"""Distances as people count."""

from __future__ import annotations

import pytest

from gatescope_app.look.ticks import round_count, round_step


@pytest.mark.parametrize(
    ("least", "step"),
    [(1, 1), (1.01, 2), (2.5, 5), (7, 10), (0.03, 0.05), (300, 500), (0, 0), (-1, 0), (5e-324, 0)],
)
def test_steps_are_one_two_or_five_times_a_power_of_ten(least: float, step: float) -> None:
    assert round_step(least) == pytest.approx(step)


def test_counts_are_whole_and_at_least_one() -> None:
    assert [round_count(least) for least in (0, 0.2, 1, 3, 11)] == [1, 1, 1, 5, 20]
