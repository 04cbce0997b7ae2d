"""The plots where there is little room for them: what they say of the axes is whole, and the curves get the rest."""

from __future__ import annotations

from collections.abc import Callable
from itertools import pairwise
from typing import Any

import pytest
from PySide6.QtCore import QPointF, QRect, QRectF, QSize
from PySide6.QtGui import QColor, QImage, QPainter, QPicture
from PySide6.QtWidgets import QApplication

from gatescope_app.look.ticks import format_ticks
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


def labels_of(axis: Any) -> list[tuple[QRectF, str]]:
    """Return what an axis writes, and where, from left to right or from top to bottom."""
    picture = QPicture()
    painter = QPainter(picture)
    _, _, texts = axis.generateDrawSpecs(painter)
    painter.end()
    return [(QRectF(rect), text) for rect, _, text in texts]


@pytest.mark.parametrize("larger", [0, 4])
@pytest.mark.parametrize(("line", "steps"), [("nn.LSTM(3, 4)", 7), ("nn.LSTM(3, 4)", 3000), ("nn.LSTM(3, 77)", 128)])
def test_every_axis_is_labelled_at_both_ends_and_no_label_is_over_another(
    show_window: Callable[..., MainWindow], make_setup: Callable[..., Setup], hands: Any, line: str, steps: int,
    larger: int,
) -> None:  # fmt: skip
    window = show_window(make_setup(line, steps=steps))
    window.resize(1024, 768)
    plots, usual = window.gates.plots, window.font().pointSize()
    hands.press(*["Ctrl++"] * larger)
    hands.qtbot.waitUntil(lambda: plots["c"].values.style["tickFont"].pointSize() == usual + larger)
    hands.qtbot.waitUntil(lambda: all(one.values.size().width() == one.values.fixedWidth for one in plots.values()))
    for name in LOWER:
        plot = plots[name]
        at_steps, at_values = labels_of(plot.axis), labels_of(plot.values)
        assert (at_steps[0][1], at_steps[-1][1]) == ("0", str(steps - 1))
        for (left, _), (right, _) in pairwise(at_steps):
            assert left.right() < right.left()
        assert at_steps[-1][0].right() <= plot.axis.size().width(), "the last one is not cut"
        units = plot.item.curves.units if plot.item.curves.heat else None  # type: ignore[union-attr]
        low, high = window.session.state.range_of(name)
        ends = (str(units[-1]), str(units[0])) if units else tuple(format_ticks([low, high]))
        texts = [text for _, text in sorted(at_values, key=lambda one: -one[0].y())]
        assert (texts[0], texts[-1]) == ends
        places = sorted(rect.center().y() for rect, _ in at_values)
        assert all(
            below - above >= 0.95 * plot.values.style["tickFont"].pointSize() for above, below in pairwise(places)
        )
        assert all(rect.left() >= 0 for rect, _ in at_values), "none is cut"


def test_the_rows_of_labels_say_which_is_t_and_which_the_token(
    window: MainWindow, show_window: Callable[..., MainWindow], make_setup: Callable[..., Setup]
) -> None:
    for plot in window.gates.plots.values():
        assert plot.axis.row_names() == ["t", "token"]
        assert plot.axis.names_width <= plot.values.size().width()
    without = show_window(make_setup("nn.LSTM(3, 4)"))
    assert all(plot.axis.row_names() == ["t"] for plot in without.gates.plots.values())


def test_long_tokens_are_thinned_and_cut_not_written_over_each_other(window: MainWindow) -> None:
    axis = window.gates.plots["h"].axis
    axis.set_steps(40, tuple(f"a long word {t}" for t in range(40)))
    ((_, ticks),) = axis.tickValues(-0.5, 39.5, 200)
    assert (ticks[0], ticks[-1]) == (0, 39)
    texts = axis.tickStrings(ticks, 1.0, 1.0)
    assert all(text.startswith(f"{int(t)}\na l") for t, text in zip(ticks, texts, strict=True))
    column, metrics = 200 / 40, window.gates.fontMetrics()
    for (t, before), (later, after) in pairwise(zip(ticks, texts, strict=True)):
        wide = [max(map(metrics.horizontalAdvance, text.split("\n"))) for text in (before, after)]
        assert (later - t) * column >= sum(wide) / 2


def test_labels_are_seen_whole_after_the_plots_have_changed_their_size(window: MainWindow, hands: Any) -> None:
    for key in ("F6", "F7", "Ctrl++", "Ctrl+-", "End", "Ctrl+2", "Ctrl+1"):
        hands.press(key)
        QApplication.processEvents()
    for dock in ("compare", "memory", "diagram"):
        window.docks[dock].raise_()
        window.resize(window.size() - QSize(60, 40))
        QApplication.processEvents()
    plots = window.gates.plots
    hands.qtbot.waitUntil(lambda: all(one.values.size().width() == one.values.fixedWidth for one in plots.values()))
    for name in LOWER:
        plot = plots[name]
        image, paper = plot.plot.grab().toImage(), QColor(window.appearance.theme.base)
        for axis in (plot.axis, plot.values):
            for rect, text in labels_of(axis):
                place = plot.plot.mapFromScene(axis.mapRectToScene(rect)).boundingRect() & image.rect()
                for line in range(len(text.split("\n"))):
                    rows = rows_of_line(place, line, len(text.split("\n")))
                    inked = [y for y in rows if has_ink(image, place, y, paper)]
                    assert len(inked) >= 0.3 * len(rows), f"{text!r} of {name}"


def rows_of_line(place: QRect, line: int, lines: int) -> range:
    """Return the rows of pixels of one line of a label."""
    high = place.height() // lines
    return range(place.top() + line * high, place.top() + (line + 1) * high)


def has_ink(image: QImage, place: QRect, y: int, paper: QColor) -> bool:
    return any(image.pixelColor(x, y) != paper for x in range(place.left(), place.right() + 1))
