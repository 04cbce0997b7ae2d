"""Long data brought down to what can be seen: nothing is skipped, and nothing counts twice."""

from __future__ import annotations

import numpy as np
import pytest

from gatescope_app.look.reduction import MOST_BINS, Bins, Overview, bin_size, binned, shrunk


@pytest.mark.parametrize("steps", [5, MOST_BINS, MOST_BINS + 1, 3 * MOST_BINS + 7])
def test_bins_keep_every_extreme_and_no_step_is_skipped(steps: int) -> None:
    values = np.random.default_rng(0).standard_normal((steps, 3))
    overview = Overview()
    lowest, highest = (overview.bins(values, (0, steps), reduce) for reduce in (np.min, np.max))
    assert len(lowest) <= MOST_BINS
    assert np.array_equal(lowest.min(axis=0), values.min(axis=0))
    assert np.array_equal(highest.max(axis=0), values.max(axis=0))
    size = -(-steps // MOST_BINS)
    for index in (0, len(lowest) - 1):
        part = values[index * size : (index + 1) * size]
        assert np.array_equal(lowest[index], part.min(axis=0))


def test_a_bin_with_nan_is_nan() -> None:
    values = np.zeros((2 * MOST_BINS, 1))
    values[7] = np.nan
    bins = Overview().bins(values, (0, len(values)), np.mean)
    assert np.flatnonzero(np.isnan(bins[:, 0])).tolist() == [3]


def test_bins_follow_other_values_and_other_steps() -> None:
    overview, values = Overview(), np.arange(4 * MOST_BINS, dtype=np.float64)[:, None]
    assert overview.bins(values, (0, len(values)), np.mean)[0, 0] == 1.5
    assert overview.bins(values, (100, 100 + 2 * MOST_BINS), np.mean)[0, 0] == 100.5
    assert overview.bins(values + 1, (0, len(values)), np.mean)[0, 0] == 2.5


@pytest.mark.parametrize(("count", "most"), [(1, 1), (10, 3), (10, 10), (10, 11), (4097, 4096), (5, 0)])
def test_there_are_never_more_bins_than_asked_for(count: int, most: int) -> None:
    size = bin_size(count, most)
    rows = np.arange(float(count))[:, None]
    assert len(binned(rows, size, np.sum)) <= max(most, 1)
    assert binned(rows, size, np.sum).sum() == rows.sum()
    assert size == 1 or len(binned(rows, size - 1, np.sum)) > most, "no larger than needed"


def test_bins_say_how_wide_their_steps_are() -> None:
    steps = 2 * MOST_BINS + 3
    values = np.random.default_rng(0).standard_normal((steps + 5, 2))
    bins = Bins.of(values, 2, 2 + steps)
    assert bins is not None
    assert bins.width == steps / 3
    assert len(bins.values) == -(-steps // 3)
    np.testing.assert_array_equal(bins.values[0], values[2:5].mean(axis=0))
    np.testing.assert_array_equal(bins.values[-1], values[2 + steps - steps % 3 : 2 + steps].mean(axis=0))
    assert Bins.of(values, 7, 7) is None


@pytest.mark.parametrize(
    ("count", "most"), [(1, 1), (9, 10), (10, 10), (11, 10), (19, 10), (20, 10), (23, 7), (999, 10)]
)
def test_means_of_neighbours_are_as_many_as_asked_for_and_in_their_places(count: int, most: int) -> None:
    means, reach = shrunk(np.arange(float(count))[:, None], most)
    assert len(means) == min(count, most)
    assert count <= reach < count + max(count // most, 1)
    centres = (np.arange(len(means)) + 0.5) * reach / len(means) - 0.5
    assert np.abs(means[:, 0] - centres).max() <= reach / len(means), "none is further from its place than its own size"


def test_means_of_infinite_numbers_and_of_small_types_are_what_they_are() -> None:
    means, _ = shrunk(np.array([[np.inf], [60000], [60000], [np.nan]], dtype=np.float16), 3)
    np.testing.assert_array_equal(means[:, 0], [np.inf, 60000, np.nan])
