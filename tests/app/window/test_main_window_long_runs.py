"""Long runs: what is reduced for drawing stays true, and what is slow to compute stays off the GUI thread."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

from gatescope_app.panels.compare import compare_view
from gatescope_app.widgets import line_picture as picture
from gatescope_app.window.main_window import MainWindow

Open = Callable[..., MainWindow]


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
