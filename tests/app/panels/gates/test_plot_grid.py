"""The plots where there is little room for them: what they say of the axes is whole, and the curves get the rest."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from PySide6.QtCore import QPointF

from gatescope_app.panels.gates.trace_plot import TracePlot
from gatescope_app.state.runs import Setup
from gatescope_app.window.main_window import MainWindow

UPPER, LOWER = ("f", "i", "c_tilde"), ("c", "o", "h")


def curves_height(plot: TracePlot) -> int:
    return round(plot.box.screenGeometry().height())


def axis_height(plot: TracePlot) -> float:
    return float(plot.axis.height())


def numbers(plot: TracePlot) -> list[float]:
    """Return the numbers that are written beside a plot."""
    low, high = plot.box.viewRange()[1]
    axis = plot.plot.getPlotItem().getAxis("left")
    return [value for _, values in axis.tickValues(low, high, curves_height(plot)) for value in values]


def test_a_low_window_numbers_the_steps_once_and_gives_all_curves_the_same_height(
    window: MainWindow, hands: Any
) -> None:
    plots = window.gates.plots
    assert len({axis_height(plot) for plot in plots.values()}) == 1, "each has its steps where there is room"
    hands.press("F6")
    line = window.gates.fontMetrics().height()
    hands.qtbot.waitUntil(lambda: all(axis_height(plots[name]) < line for name in UPPER))
    assert all(axis_height(plots[name]) > 2 * line for name in LOWER), "a line for the numbers, one for the tokens"
    hands.qtbot.waitUntil(
        lambda: max(map(curves_height, plots.values())) - min(map(curves_height, plots.values())) <= 2
    )
    hands.press("F7")
    hands.qtbot.waitUntil(lambda: len({axis_height(plot) for plot in plots.values()}) == 1)


def test_low_plots_have_more_than_a_zero_beside_them(window: MainWindow, hands: Any) -> None:
    hands.press("F6")
    plots = window.gates.plots
    hands.qtbot.waitUntil(lambda: curves_height(plots["c"]) < 100)
    hands.qtbot.waitUntil(lambda: all(len(numbers(plot)) > 1 for plot in plots.values()))


def test_the_line_of_the_selected_quantity_is_below_its_heading(window: MainWindow) -> None:
    for plot in window.gates.plots.values():
        for label in (plot.heading, plot.title, plot.value):
            assert label.geometry().bottom() < plot.plot.y() - 3


@pytest.mark.parametrize("line", ["nn.LSTM(3, 128)", "nn.LSTM(3, 4)"])
def test_the_highest_number_of_an_axis_is_not_cut(
    show_window: Callable[..., MainWindow], make_setup: Callable[..., Setup], line: str
) -> None:
    window = show_window(make_setup(line))
    for plot in window.gates.plots.values():
        curves = plot.item.curves
        assert curves is not None
        top = curves.row_of(0) if curves.heat else max(numbers(plot))
        middle = plot.plot.mapFromScene(plot.box.mapViewToScene(QPointF(0, top))).y()
        assert middle >= plot.fontMetrics().capHeight() / 2


def test_a_plot_that_another_cell_does_not_have_picks_nothing(
    window: MainWindow, make_setup: Callable[..., Setup], hands: Any
) -> None:
    gone = window.gates.plots["h"]
    window.session.start(make_setup("nn.RNN(3, 4)"))
    hands.wait_for_run(window)
    before = window.session.state
    gone.pick(QPointF(1, 0))  # the button was pressed on it before, and is let go now
    assert (window.session.state.quantity, window.session.state.unit) == (before.quantity, before.unit)
