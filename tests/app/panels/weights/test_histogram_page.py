"""The histograms of the Weights panel, against numpy."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

from gatescope.traces.trace import as_numpy
from gatescope_app.panels.weights.maps import cell_maps, histograms_of
from gatescope_app.state.runs import Setup, run
from gatescope_app.window.main_window import MainWindow

IN_FRONT = "weights"


def test_each_gate_has_one_for_each_of_its_blocks(make_setup: Callable[..., Setup]) -> None:
    trace = run(make_setup("nn.LSTM(3, 4, proj_size=2)", steps=1)).trace
    maps = cell_maps(trace, 0, "forward")
    for gate in trace.spec.cell.packed:
        rows = trace.spec.gate_rows(gate)
        found = histograms_of(maps, gate)
        assert [one.name for one in found] == ["weight_ih_l0", "weight_hh_l0", "bias_ih_l0", "bias_hh_l0"]
        for one in found:
            block = as_numpy(trace.weights[one.name][rows])
            assert one.counts.sum() == block.size
            assert (one.low, one.high) == (block.min(), block.max())
    assert [one.name for one in histograms_of(maps, "h")] == ["weight_hr_l0"]


def page_of(window: MainWindow) -> Any:
    view: Any = window.views["weights"]
    return view.histograms


def test_the_page_shows_the_chosen_gates_numbers(window: MainWindow, hands: Any) -> None:
    view: Any = window.views["weights"]
    window.session.look_at(quantity="f")
    hands.click(view.buttons["histograms"])
    assert view.pages.currentWidget() is view.histograms
    weights = window.session.state.run.trace.weights  # type: ignore[union-attr]
    for gate, rows in (("f", slice(4, 8)), ("o", slice(12, 16))):
        window.session.look_at(quantity=gate)
        for one in page_of(window).histograms:
            block = as_numpy(weights[one.name][rows]).astype(np.float64)
            assert page_of(window).lines(one)[0] == f"mean {block.mean():.4f}   std {block.std():.4f}"
            assert page_of(window).lines(one)[1] == f"min {block.min():.4f}   max {block.max():.4f}"
            assert one.name in page_of(window).accessibleDescription()
    assert "±0.5" in page_of(window).toolTip()  # 1 / sqrt(4)
    hands.click(view.buttons["histograms"])
    assert view.pages.currentWidget() is view.canvas


def test_a_page_is_counted_once_for_each_run(window: MainWindow, monkeypatch: pytest.MonkeyPatch) -> None:
    from gatescope_app.panels.weights import weights_view

    calls: list[str] = []

    def counted(maps: Any, gate: str) -> Any:
        calls.append(gate)
        return histograms_of(maps, gate)

    monkeypatch.setattr(weights_view, "histograms_of", counted)
    view: Any = window.views["weights"]
    view.buttons["histograms"].click()
    for gate in ("f", "o", "f", "o"):
        window.session.look_at(quantity=gate)
    window.session.step()
    assert sorted(calls) == ["f", "o"]


def test_many_numbers_are_counted_off_the_gui_thread(
    show_window: Callable[..., MainWindow], make_setup: Callable[..., Setup], hands: Any
) -> None:
    window = show_window(make_setup("nn.LSTM(200, 300)", steps=2))
    view: Any = window.views["weights"]
    view.buttons["histograms"].click()
    hands.qtbot.waitUntil(lambda: bool(page_of(window).histograms), timeout=20_000)
    assert sum(one.counts.sum() for one in page_of(window).histograms) == 300 * (200 + 300 + 2)
    assert not view.counter.busy
