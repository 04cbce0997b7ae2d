"""Long runs: what is reduced for drawing stays true, and what is slow to compute stays off the GUI thread."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

from gatescope_app.panels.compare import compare_view
from gatescope_app.widgets import line_picture as picture
from gatescope_app.widgets.line_picture import MOST_BINS, Overview
from gatescope_app.window.main_window import MainWindow

Open = Callable[..., MainWindow]


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


def test_a_large_comparison_is_computed_in_the_background_and_is_the_same(
    show_window: Open, make_setup: Any, qtbot: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    def curves(window: MainWindow) -> dict[str, Any]:
        window.panels.show("compare")
        plot = window.views["compare"].plots["c"]  # type: ignore[attr-defined]
        return {kind: curve.getOriginalDataset()[1] for kind, curve in plot.curves.items()}

    at_once = curves(show_window(make_setup("nn.LSTM(3, 8)", steps=30)))
    monkeypatch.setattr(compare_view, "_MOST_AT_ONCE", 0)
    window = show_window(make_setup("nn.LSTM(3, 8)", steps=30))
    worker = window.views["compare"].worker  # type: ignore[attr-defined]
    qtbot.waitUntil(lambda: not worker.busy and curves(window)["error"] is not None)
    for kind, values in curves(window).items():
        assert np.array_equal(values, at_once[kind], equal_nan=True), kind


def test_selecting_a_unit_draws_no_heat_map_again(
    show_window: Open, make_setup: Any, hands: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    window = show_window(make_setup("nn.LSTM(3, 40)", steps=30))
    drawn: list[object] = []
    draw_heat = picture._draw_heat
    monkeypatch.setattr(picture, "_draw_heat", lambda *arguments: (drawn.append(1), draw_heat(*arguments)))
    window.session.look_at(unit=7)
    for plot in window.gates.plots.values():
        plot.plot.viewport().repaint()
    assert drawn == []
    hands.press("Ctrl+1", "Ctrl+2")  # but another way of drawing does
    for plot in window.gates.plots.values():
        plot.plot.viewport().repaint()
    assert drawn
