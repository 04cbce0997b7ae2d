"""The numbers of units beside the plots: where their lines end, the selected one always, and none over another."""

from __future__ import annotations

from collections.abc import Callable
from itertools import pairwise
from typing import Any

import numpy as np
import pytest
from PySide6.QtCore import QEvent, QObject, QPointF
from PySide6.QtWidgets import QApplication, QWidget

from gatescope_app.panels.gates.line_ends import without_overlaps
from gatescope_app.panels.gates.trace_plot import TracePlot
from gatescope_app.state.runs import Setup
from gatescope_app.window.main_window import MainWindow

Open = Callable[..., MainWindow]
Make = Callable[..., Setup]


def height_of(plot: TracePlot, value: float) -> float:
    """Return at which height of a plot a value stands, in pixels."""
    return plot.plot.viewportTransform().map(plot.box.mapViewToScene(QPointF(0, value))).y()


@pytest.mark.parametrize(
    ("heights", "first", "kept"),
    [
        ({0: 10.0, 1: 50.0, 2: 90.0}, 0, [0, 1, 2]),
        ({0: 10.0, 1: 15.0, 2: 90.0}, 1, [1, 2]),
        ({0: 10.0, 1: 15.0, 2: 90.0}, 0, [0, 2]),
        ({0: 40.0, 1: 30.0, 2: 20.0, 3: 10.0, 4: 0.0}, 2, [2, 4, 0]),
        ({5: 10.0, 7: 10.0}, 3, [5]),  # the first is not among them
        ({}, 0, []),
    ],
)
def test_none_is_over_another(heights: dict[int, float], first: int, kept: list[int]) -> None:
    assert without_overlaps(heights, 20.0, first) == kept


def test_each_number_is_beside_the_end_of_its_line(show_window: Open, make_setup: Make, hands: Any) -> None:
    window = show_window(make_setup("nn.LSTM(3, 6)", steps=8))
    for unit, key in ((2, "F10"), (5, "End"), (0, "Home")):
        window.session.look_at(unit=unit)
        hands.press(key)
        for name, plot in window.gates.plots.items():
            values, numbers = window.session.state.values(name)[window.session.state.cursor.t], plot.ends.numbers
            assert numbers or not plot.item.known
            assert unit in numbers or not plot.item.known
            for one, height in numbers.items():
                end = height_of(plot, values[one])
                assert abs(height - end) < 1, f"{name}[{one}]"
            apart = 0.8 * plot.fontMetrics().height()
            assert all(b - a >= apart - 1e-9 for a, b in pairwise(sorted(numbers.values())))


def test_the_reverse_direction_ends_at_the_right_where_it_begins(show_window: Open, make_setup: Make) -> None:
    window = show_window(make_setup("nn.LSTM(3, 4, bidirectional=True)", steps=8))
    window.session.look_at(direction="reverse", unit=3)
    window.session.run_to(2)
    plot = window.gates.plots["c"]
    end = height_of(plot, window.session.state.values("c")[7, 3])
    assert abs(plot.ends.numbers[3] - end) < 1


def test_what_is_not_computed_yet_is_not_numbered(window: MainWindow, hands: Any) -> None:
    """Within a step some quantities are known to that step, the others to the one before."""
    hands.press("Home", "F10", "F11", "F11", "F11", "F11")
    lasts = set()
    for name, plot in window.gates.plots.items():
        last = plot.item.known.stop - 1
        value = window.session.state.values(name)[last, 0]
        end = height_of(plot, value)
        assert abs(plot.ends.numbers[0] - end) < 1, name
        lasts.add(last)
    assert len(lasts) == 2


def test_a_heat_map_has_a_scale_of_its_colours_beside_it(window: MainWindow, hands: Any) -> None:
    hands.press("Ctrl+2", "End")
    for name, plot in window.gates.plots.items():
        assert plot.scale.isVisible()
        assert not plot.ends.isVisible()
        low, high = window.session.state.range_of(name)
        assert plot.scale.ends == (low, high)
        colours = plot.scale.grab().toImage()
        middle = [colours.pixel(5, y) for y in range(colours.height())]
        assert len(set(middle)) > 20, "from one end to the other"
    hands.press("Ctrl+1")
    assert all(plot.ends.isVisible() and not plot.scale.isVisible() for plot in window.gates.plots.values())


def test_numbers_that_are_no_numbers_are_not_named(window: MainWindow) -> None:
    ends = window.gates.plots["c"].ends
    ends.show_ends(np.array([0.5, np.nan, -0.5, np.inf]), -1.0, 1.0)
    assert set(ends.numbers) == {0, 2}


class Paints(QObject):
    """Notes which of some widgets are painted, by their names."""

    def __init__(self, widgets: dict[str, QWidget]) -> None:
        super().__init__()
        self._names = {id(widget): name for name, widget in widgets.items()}
        self.painted: list[str] = []
        for widget in widgets.values():
            widget.installEventFilter(self)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() == QEvent.Type.Paint:
            self.painted.append(self._names[id(watched)])
        return False


def test_numbers_are_painted_again_only_where_their_line_grew(window: MainWindow, hands: Any) -> None:
    hands.press("F10")
    QApplication.processEvents()
    paints = Paints({name: plot.ends for name, plot in window.gates.plots.items()})
    for phase in window.session.state.setup.spec.cell.phases:
        hands.press("F11")
        QApplication.processEvents()
        assert window.session.state.cursor.phase == phase
        assert paints.painted == ([phase] if phase in window.gates.plots else [])
        paints.painted.clear()
