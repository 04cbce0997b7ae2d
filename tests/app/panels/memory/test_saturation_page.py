"""The Saturation page: points, numbers, clicks and keys against what the engine counts."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import numpy as np
import pytest
import torch
from PySide6.QtCore import QPointF
from PySide6.QtGui import QColor
from PySide6.QtWidgets import QToolTip

from gatescope.analysis.saturation import saturation
from gatescope.edits.edits import Hold
from gatescope_app.panels.memory import run_page
from gatescope_app.panels.memory.percentages import format_percent
from gatescope_app.panels.memory.saturation_page import SaturationPage
from gatescope_app.panels.memory.saturation_plot import SaturationPlot
from gatescope_app.state.runs import Setup, example_setup
from gatescope_app.state.session import Session

Make = Callable[..., Setup]
Show = Callable[..., tuple[Session, SaturationPage]]


@pytest.fixture
def show(show_memory: Any) -> Show:
    """Return a function that shows the page on a run."""

    def of(setup: Setup, width: int = 720, height: int = 280) -> tuple[Session, SaturationPage]:
        session, view = show_memory(setup, width, height, page=0)
        assert isinstance(view.page, SaturationPage)
        return session, view.page

    return of


def plain(text: str) -> str:
    return text.replace("\u00a0", " ")


def wide(setup: Setup, factor: float = 20.0) -> Setup:
    """The same fed with larger numbers, so that gates open and close."""
    return replace(setup, sequence=replace(setup.sequence, values=factor * setup.sequence.values))


@pytest.mark.parametrize(("line", "gates"), [("nn.LSTM(3, 6)", "fio"), ("nn.GRU(3, 6)", "rz"), ("nn.RNN(3, 6)", "")])
def test_a_plot_for_each_gate(show: Show, make_setup: Make, line: str, gates: str) -> None:
    _, page = show(make_setup(line))
    assert list(page.cards) == list(gates)
    assert page.note.isVisible() == (not gates)
    assert not page.caption.text() or gates


def test_points_and_numbers_are_those_of_the_run(show: Show, make_setup: Make) -> None:
    session, page = show(wide(make_setup("nn.LSTM(3, 6)", steps=9)))
    assert session.state.run is not None
    for name, of in saturation(session.state.run.trace).items():
        card = page.cards[name]
        square = card.plot.square()
        assert len({*of.closed, *of.open}) > 2, "the test would see nothing"
        for unit in range(6):
            place = card.plot.place_of(unit)
            assert place.x() == pytest.approx(square.left() + square.width() * of.closed[unit])
            assert place.y() == pytest.approx(square.bottom() - square.height() * of.open[unit])
            session.look_at(unit=unit)
            closed, opened = plain(format_percent(of.closed[unit])), plain(format_percent(of.open[unit]))
            assert plain(card.unit.text()) == f"{name}[{unit}]: closed {closed}, open {opened}"
        closed, opened = plain(format_percent(of.closed_in_all)), plain(format_percent(of.open_in_all))
        assert plain(card.whole.text()) == f"all units: closed {closed}, open {opened}"


def test_the_caption_says_that_it_is_the_whole_run(show: Show) -> None:
    session, page = show(example_setup("hello"))
    assert page.caption.text() == "Whole run, 5 steps; closed < 0.1, open > 0.9"
    before = plain(page.cards["f"].whole.text())
    session.last()
    assert plain(page.cards["f"].whole.text()) == before


def test_one_element_or_the_whole_batch(show: Show, make_setup: Make, hands: Any) -> None:
    session, page = show(wide(make_setup("nn.LSTM(3, 6)", steps=9, batch=3)))
    assert session.state.run is not None
    trace = session.state.run.trace
    assert page.scope.isVisible()
    for batch in (0, 2):
        session.look_at(batch=batch)
        of = page.cards["f"].saturation
        assert of is not None
        np.testing.assert_array_equal(of.open, saturation(trace, batch=batch)["f"].open)
    hands.choose(page.scope, 1)
    of = page.cards["f"].saturation
    assert of is not None
    np.testing.assert_array_equal(of.open, saturation(trace)["f"].open)
    assert page.caption.text() == "Whole run, 27 steps of 3 elements; closed < 0.1, open > 0.9"


def test_without_a_batch_there_is_no_choice(show: Show, make_setup: Make) -> None:
    assert not show(make_setup("nn.LSTM(3, 6)"))[1].scope.isVisible()


def test_a_shorter_element_counts_its_own_steps(show: Show, make_setup: Make) -> None:
    setup = make_setup("nn.LSTM(3, 6)", steps=9, batch=2)
    setup.sequence.values[4:, 1] = np.nan
    session, page = show(replace(setup, lengths=(9, 4)))
    session.look_at(batch=1)
    assert page.caption.text().startswith("Whole run, 4 steps;")
    assert "not a number" not in page.cards["f"].unit.text()


def test_nan_is_told(show: Show, make_setup: Make) -> None:
    setup = make_setup("nn.LSTM(3, 2)", steps=4)
    setup.sequence.values[2:] = np.nan
    _, page = show(setup)
    assert plain(page.cards["f"].unit.text()).endswith(", not a number 50 %")


def test_the_layer_and_direction_looked_at(show: Show, make_setup: Make) -> None:
    session, page = show(wide(make_setup("nn.LSTM(3, 6, num_layers=2, bidirectional=True)", steps=9)))
    assert session.state.run is not None
    session.look_at(layer=1, direction="reverse")
    of = page.cards["o"].saturation
    assert of is not None
    expected = saturation(session.state.run.trace, 1, "reverse")["o"]
    np.testing.assert_array_equal(of.closed, expected.closed)
    np.testing.assert_array_equal(of.open, expected.open)


def test_an_edited_run_is_counted_anew(show: Show, make_setup: Make, qtbot: Any) -> None:
    setup = make_setup("nn.LSTM(3, 2)", steps=4)
    session, page = show(setup)
    before = page.cards["f"].saturation
    session.start(replace(setup, holds=(Hold("f", 1.0, start=0, stop=4, units=(1,)),)))
    qtbot.waitUntil(lambda: page.cards["f"].saturation is not before and page.cards["f"].saturation is not None)
    assert page.cards["f"].saturation.open.tolist()[1] == 1.0  # type: ignore[union-attr]


# the mouse and the keys


def plot_of(page: SaturationPage, name: str, closed: list[float], opened: list[float]) -> SaturationPlot:
    """The plot of a gate, with other fractions."""
    card = page.cards[name]
    assert card.saturation is not None
    card.show_saturation(replace(card.saturation, closed=np.array(closed), open=np.array(opened)), page.theme)
    card.plot.grab()
    return card.plot


def test_a_click_selects_the_unit_and_the_gate(show: Show, make_setup: Make, hands: Any) -> None:
    session, page = show(make_setup("nn.LSTM(3, 3)"))
    plot = plot_of(page, "i", [0.0, 0.5, 1.0], [0.9, 0.1, 0.0])
    for unit in (2, 0, 1):
        hands.click(plot, plot.place_of(unit).toPoint())
        assert (session.state.focus.unit, session.state.quantity) == (unit, "i")
    hands.click(plot, QPointF(plot.square().right() - 3, plot.square().top() + 3).toPoint())
    assert session.state.focus.unit == 1


def test_clicks_go_through_the_units_at_one_place(show: Show, make_setup: Make, hands: Any) -> None:
    session, page = show(make_setup("nn.LSTM(3, 4)"))
    plot = plot_of(page, "f", [0.2, 0.7, 0.2, 0.2], [0.3, 0.1, 0.3, 0.3])
    seen = []
    for _ in range(4):
        hands.click(plot, plot.place_of(0).toPoint())
        seen.append(session.state.focus.unit)
    assert seen == [0, 2, 3, 0]


def test_hovering_lists_the_units_there_and_points_at_the_gate(
    show: Show, make_setup: Make, hands: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    session, page = show(make_setup("nn.LSTM(3, 12)"))
    plot = plot_of(page, "o", [0.25] * 11 + [1.0], [0.5] * 11 + [0.0])
    told: list[str] = []
    monkeypatch.setattr(QToolTip, "showText", lambda _place, text, *_: told.append(plain(text)))
    hands.qtbot.mouseMove(plot, plot.place_of(11).toPoint())
    hands.qtbot.mouseMove(plot, plot.place_of(0).toPoint())
    assert told == [
        "o[11]: closed 100 %, open 0 %",
        "o[0], o[1], o[2], o[3], o[4], o[5], o[6], o[7] and 3 more: closed 25 %, open 50 %",
    ]
    assert session.state.pointed == "o"
    hands.qtbot.mouseMove(page.cards["f"].title)
    assert session.state.pointed is None


def test_up_and_down_go_through_the_units(show: Show, make_setup: Make, hands: Any) -> None:
    session, page = show(make_setup("nn.LSTM(3, 3)"))
    page.cards["i"].plot.setFocus()
    seen = []
    for key in ("Down", "Down", "Down", "Up"):
        hands.press(key)
        seen.append((session.state.focus.unit, session.state.quantity))
    assert seen == [(1, "i"), (2, "i"), (2, "i"), (1, "i")]
    assert plain(page.cards["i"].plot.accessibleDescription()).startswith("i[1]: closed")


def test_the_selected_unit_stands_out(show: Show, make_setup: Make) -> None:
    session, page = show(make_setup("nn.LSTM(3, 2)"))
    plot = plot_of(page, "f", [0.2, 0.6], [0.3, 0.2])
    colour = QColor(page.theme.quantities["f"])
    for unit in (0, 1):
        session.look_at(unit=unit)
        image = plot.grab().toImage()
        centres = [image.pixelColor(plot.place_of(one).toPoint()) for one in (0, 1)]
        assert [centre == colour for centre in centres] == [unit == 0, unit == 1]  # the others let the grid through


# long runs


def test_long_runs_are_counted_off_the_gui_thread(
    show: Show, make_setup: Make, qtbot: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(run_page, "_AT_ONCE", 10)
    setup = wide(make_setup("nn.LSTM(3, 6)", steps=50))
    session, page = show(setup)
    assert session.state.run is not None
    qtbot.waitUntil(lambda: page.cards["f"].saturation is not None)
    session.look_at(unit=1)  # neither starts it again nor shows less
    assert page.cards["f"].saturation is not None
    session.start(setup)
    meanwhile: list[object] = []
    page.worker.started.connect(lambda: meanwhile.append((page.cards["f"].saturation, page.caption.text())))
    qtbot.waitUntil(lambda: bool(meanwhile) and not page.worker.busy)
    assert meanwhile == [(None, "Counting…")]
    assert page.cards["f"].saturation is not None
    assert page.caption.text().startswith("Whole run, 50 steps")


@pytest.mark.parametrize(
    ("fraction", "text"),
    [(0.0, "0 %"), (0.12, "12 %"), (1 / 3, "33.3 %"), (1.0, "100 %"), (0.99996, ">99.9 %"), (0.00001, "0.001 %")],
)
def test_percent_never_says_all_for_nearly_all(fraction: float, text: str) -> None:
    assert plain(format_percent(fraction)) == text


def test_swapped_thresholds_would_be_seen(show: Show, make_setup: Make) -> None:
    session, page = show(wide(make_setup("nn.LSTM(3, 6)", steps=9)))
    assert session.state.run is not None
    values = session.state.run.trace.cell().f[:, 0].double()
    of = page.cards["f"].saturation
    assert of is not None
    torch.testing.assert_close(torch.as_tensor(of.open), (values > 0.9).double().mean(dim=0))
    assert of.open.tolist() != of.closed.tolist()
