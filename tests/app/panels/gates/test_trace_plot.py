"""The plots, pixel by pixel: what was not stepped yet is not drawn, and one cursor goes through all six."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray
from PySide6.QtCore import QRect
from PySide6.QtGui import QColor, QImage
from PySide6.QtWidgets import QApplication

from gatescope_app.panels.gates.trace_plot import TracePlot
from gatescope_app.state.runs import Setup
from gatescope_app.window.main_window import MainWindow

DOT = 7  # pixels: the dot on each line at the current step reaches that far to the right of it


def area(plot: TracePlot) -> QRect:
    """Return where the curves are drawn, in pixels of the plot, without its frame and the axes' ticks."""
    scene = plot.box.sceneBoundingRect()
    return plot.plot.mapFromScene(scene).boundingRect().adjusted(8, 2, -3, -8)


def pixels(plot: TracePlot) -> NDArray[np.uint32]:
    """Return a plot as it is painted, (rows, columns), colours as 0xrrggbb."""
    image = plot.plot.grab().toImage().convertToFormat(QImage.Format.Format_RGB32)
    flat = np.frombuffer(image.constBits(), dtype=np.uint32).reshape(image.height(), image.bytesPerLine() // 4)
    return flat[:, : image.width()] & 0xFFFFFF


def colour(name: str) -> int:
    return QColor(name).rgb() & 0xFFFFFF


@pytest.fixture(params=["lines", "heat maps"])
def styled(
    request: pytest.FixtureRequest, show_window: Callable[..., MainWindow], make_setup: Callable[..., Setup], hands: Any
) -> tuple[MainWindow, bool]:
    """Return a window that draws lines, or heat maps; and which."""
    window = show_window(make_setup("nn.LSTM(3, 6)", steps=8))
    heat = request.param == "heat maps"
    hands.press("Ctrl+2" if heat else "Ctrl+1")
    return window, heat


def test_right_of_the_cursor_there_is_background_only(styled: tuple[MainWindow, bool], hands: Any) -> None:
    window, heat = styled
    background = colour(window.appearance.theme.base)
    for key in ("Home", "F10", "F10", "End", "Shift+F10", "Shift+F10"):  # also blank again after stepping back
        hands.press(key)
        t = window.session.state.cursor.t
        for name, plot in window.gates.plots.items():
            inside, image = area(plot), pixels(plot)
            edge = hands.place_in(plot, t + 0.5, 0).x() + 2 if heat else hands.place_in(plot, t, 0).x() + DOT
            future = image[inside.top() : inside.bottom(), edge : inside.right()]
            assert (future == background).all(), f"{name} at t = {t}"


def test_what_was_stepped_is_drawn_and_stays(styled: tuple[MainWindow, bool], hands: Any) -> None:
    window, _ = styled
    background = colour(window.appearance.theme.base)
    hands.press("F10", "F10", "F10")
    for name, plot in window.gates.plots.items():
        inside, image = area(plot), pixels(plot)
        for t in range(3):  # something of each past step
            left, right = (hands.place_in(plot, t + off, 0).x() for off in (0.1, 0.45))
            past = image[inside.top() : inside.bottom(), left:right]
            assert (past != background).any(), f"{name} at t = {t}"


def test_lines_pass_through_the_traces_values(
    show_window: Callable[..., MainWindow], make_setup: Callable[..., Setup], hands: Any
) -> None:
    window = show_window(make_setup("nn.LSTM(3, 3)", steps=8))
    hands.press("End")
    background = colour(window.appearance.theme.base)
    trace = window.session.state.run.trace  # type: ignore[union-attr]
    for name, plot in window.gates.plots.items():
        image = pixels(plot)
        for t in range(7):
            for value in trace.cell().quantity(name)[t, 0].tolist():
                place = hands.place_in(plot, t, value)
                around = image[place.y() - 2 : place.y() + 3, place.x() - 1 : place.x() + 2]
                assert (around != background).any(), f"{name} at t = {t}"


def test_one_cursor_goes_through_all_six_plots(styled: tuple[MainWindow, bool], hands: Any) -> None:
    window, _ = styled
    ink = colour(window.appearance.theme.cursor)
    for key in ("Home", "F10", "F10", "End"):
        hands.press(key)
        found = set()
        for plot in window.gates.plots.values():
            inside, image = area(plot), pixels(plot)
            dashes = (image[inside.top() : inside.bottom()] == ink).sum(axis=0)
            column = int(dashes[inside.left() :].argmax()) + inside.left()
            assert dashes[column] > inside.height() / 3  # a dashed line from top to bottom
            assert abs(column - hands.place_in(plot, window.session.state.cursor.t, 0).x()) <= 1
            found.add(round(plot.box.mapSceneToView(plot.plot.mapToScene(column, 0)).x()))
        assert found == {window.session.state.cursor.t}


def test_all_plots_show_the_same_span_of_time(window: MainWindow) -> None:
    spans = {tuple(round(end, 9) for end in plot.box.viewRange()[0]) for plot in window.gates.plots.values()}
    assert len(spans) == 1


def test_the_time_axis_carries_the_tokens(window: MainWindow) -> None:
    for plot in window.gates.plots.values():
        labels = plot.axis.tickStrings([0.0, 1.0, 4.0], 1.0, 1.0)
        assert labels == ["0\nh", "1\ne", "4\no"]


def test_below_the_number_of_a_quantity_that_is_pointed_at_the_heading_is_filled(
    window: MainWindow, hands: Any
) -> None:
    for pointed in ("f", None):
        window.session.point_at(pointed)
        QApplication.processEvents()
        for name, plot in window.gates.plots.items():
            image, left, middle = plot.grab().toImage(), plot.value.x(), plot.value.geometry().center().y()
            ground = window.appearance.theme.raised if name == pointed else window.appearance.theme.window
            assert image.pixelColor(left, middle) == QColor(ground), (name, pointed)
