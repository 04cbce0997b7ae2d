"""The heat maps over time: their colours, numbers, blank future, zoom, and the half-lives beside them."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import numpy as np
import pytest
from PySide6.QtCore import QPoint, QPointF, Qt
from PySide6.QtGui import QColor, QImage, QWheelEvent
from PySide6.QtWidgets import QApplication, QToolTip

from gatescope.analysis.half_life import Fading, half_lives
from gatescope_app.look.colour_maps import heat_image
from gatescope_app.panels.memory import run_page
from gatescope_app.panels.memory.half_life_bars import HalfLifeBars, format_steps
from gatescope_app.panels.memory.heat_map import HeatMap
from gatescope_app.panels.memory.over_time_page import OverTimePage
from gatescope_app.panels.memory.time_window import TimeWindow
from gatescope_app.panels.where.where_view import WhereView
from gatescope_app.state.known_values import NOTHING
from gatescope_app.state.runs import Setup, example_setup
from gatescope_app.state.session import Session
from gatescope_app.widgets import heat_picture

Make = Callable[..., Setup]
Show = Callable[..., tuple[Session, OverTimePage]]


@pytest.fixture
def show(show_memory: Any) -> Show:
    """Return a function that shows the page on a run."""

    def of(setup: Setup, width: int = 900, height: int = 320) -> tuple[Session, OverTimePage]:
        session, view = show_memory(setup, width, height, page=1)
        assert isinstance(view.page, OverTimePage)
        return session, view.page

    return of


def colour_at(heat: HeatMap, t: int, unit: int) -> str:
    """What is painted a little beside the middle of a number's place."""
    return heat.grab().toImage().pixelColor((heat.cell_of(t, unit) + QPointF(0, 2)).toPoint()).name()


@pytest.mark.parametrize(
    ("line", "names"),
    [("nn.LSTM(3, 4)", ["c", "i", "c_tilde"]), ("nn.GRU(3, 4)", ["h", "z", "n"]), ("nn.RNN(3, 4)", ["h"])],
)
def test_the_memory_and_what_decides_what_is_written(show: Show, make_setup: Make, line: str, names: list[str]) -> None:
    _, page = show(make_setup(line))
    assert list(page.cards) == names
    assert page.bars.isVisible() == (len(names) > 1)
    assert page.half_life_text.isVisible() == (len(names) > 1)


def test_every_place_has_the_colour_of_its_number(show: Show, make_setup: Make) -> None:
    session, page = show(make_setup("nn.LSTM(3, 4)", steps=7))
    session.last()
    session.look_at(unit=3)
    for name, card in page.cards.items():
        data, values = card.map.data, session.state.values(name)
        assert data is not None
        assert card.scale.ends == (data.low, data.high)
        for t in range(6):  # the current one is framed
            for unit in range(3):
                index = np.clip((values[t, unit] - data.low) / (data.high - data.low), 0, 1) * 255
                expected = QColor.fromRgb(int(data.colours[int(index)])).name()
                assert colour_at(card.map, t, unit) == expected


def test_the_range_is_that_of_the_gate_or_reaches_as_far_as_the_numbers(show: Show, make_setup: Make) -> None:
    session, page = show(make_setup("nn.LSTM(3, 4)"))
    reach = max(1.0, float(np.abs(session.state.values("c")).max()))
    assert page.cards["c"].scale.ends == pytest.approx((-reach, reach))
    assert page.cards["i"].scale.ends == (0.0, 1.0)
    assert page.cards["c_tilde"].scale.ends == (-1.0, 1.0)


def test_what_is_not_computed_yet_is_blank(show: Show, make_setup: Make) -> None:
    session, page = show(make_setup("nn.LSTM(3, 4)", steps=7))
    for t in (0, 3, 1):
        session.run_to(t)
        for card in page.cards.values():
            for later in range(t + 1, 7):
                assert colour_at(card.map, later, 2) == page.theme.base
                assert card.map.describe(later, 2).endswith(NOTHING)


def test_of_a_step_that_is_under_way_only_what_is_computed_is_shown(show: Show, make_setup: Make) -> None:
    session, page = show(make_setup("nn.LSTM(3, 4)", steps=7))
    session.run_to(3)
    session.step()
    session.go(replace(session.state.cursor, phase="i"))
    assert [card.map.known for card in page.cards.values()] == [range(4), range(5), range(4)]
    assert page.cards["c"].value.text() == f"C[0] = {NOTHING}"
    assert page.cards["i"].value.text() == f"i[0] = {session.state.values('i')[4, 0]:.4f}"
    assert "t = 4" not in page.half_life_text.text()


def test_in_reverse_the_future_is_on_the_left(show: Show, make_setup: Make) -> None:
    session, page = show(make_setup("nn.LSTM(3, 4, bidirectional=True)", steps=7))
    session.look_at(direction="reverse")
    session.run_to(4)
    heat = page.cards["c"].map
    assert heat.known == range(4, 7)
    assert colour_at(heat, 2, 2) == page.theme.base
    assert colour_at(heat, 5, 2) != page.theme.base


def test_a_step_repaints_what_a_full_repaint_would(show: Show, make_setup: Make, qtbot: Any) -> None:
    session, page = show(make_setup("nn.LSTM(3, 4)", steps=30))
    heat = page.cards["c"].map
    for t in (1, 2, 14, 13, 0, 29):
        session.run_to(t)
        QApplication.processEvents()
        stepped = page.window().screen().grabWindow(heat.window().winId()).toImage()
        heat.update()
        QApplication.processEvents()
        assert page.window().screen().grabWindow(heat.window().winId()).toImage() == stepped


def test_a_shorter_element_has_no_colours_behind_its_end(show: Show, make_setup: Make) -> None:
    setup = make_setup("nn.LSTM(3, 4)", steps=9, batch=2)
    setup.sequence.values[4:, 1] = np.nan
    session, page = show(replace(setup, lengths=(9, 4)))
    session.look_at(batch=1)
    session.run_to(8)
    heat = page.cards["c"].map
    assert colour_at(heat, 3, 2) != page.theme.base
    assert colour_at(heat, 6, 2) == page.theme.base
    assert heat.describe(6, 2) == f"t = 6: C[2] = {NOTHING}"


# numbers


def test_headings_and_tooltips_tell_the_traces_numbers(show: Show, hands: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    session, page = show(example_setup("hello"))
    session.run_to(3)
    told: list[str] = []
    monkeypatch.setattr(QToolTip, "showText", lambda _place, text, *_: told.append(text))
    for name, symbol in (("c", "C"), ("i", "i"), ("c_tilde", "C̃")):
        session.look_at(unit=2)
        card = page.cards[name]
        assert card.value.text() == f"{symbol}[2] = {session.state.values(name)[3, 2]:.4f}"
        hands.qtbot.mouseMove(card.map, card.map.cell_of(1, 3).toPoint())
        assert told[-1] == f"t = 1 “e”: {symbol}[3] = {session.state.values(name)[1, 3]:.4f}"
        assert session.state.pointed == name


def test_a_click_goes_to_the_step_and_the_unit(show: Show, make_setup: Make, hands: Any) -> None:
    session, page = show(make_setup("nn.LSTM(3, 4)", steps=7))
    heat = page.cards["i"].map
    hands.click(heat, heat.cell_of(5, 2).toPoint())
    state = session.state
    assert (state.cursor.t, state.focus.unit, state.quantity) == (5, 2, "i")
    hands.click(heat, QPointF(heat.cell_of(1, 0).x(), heat.height() - 3).toPoint())  # on the axis
    assert (session.state.cursor.t, session.state.focus.unit) == (1, 2)


def test_a_run_of_one_step_is_called_that(show: Show, show_alone: Any, make_setup: Make) -> None:
    setup = make_setup("nn.LSTM(3, 3)", steps=1)
    _, page = show(setup)
    assert page.in_view.text() == "the only step"
    _, _, where = show_alone(WhereView, setup, 300, 300)
    assert where.rows[0].text == "sequence of 1 step"


def test_keys_go_through_units_and_zoom(show: Show, make_setup: Make, hands: Any) -> None:
    session, page = show(make_setup("nn.LSTM(3, 3)", steps=100))
    page.cards["c"].map.setFocus()
    hands.press("Down", "Down", "Down", "Up")
    assert (session.state.focus.unit, session.state.quantity) == (1, "c")
    session.run_to(50)
    hands.press("+")
    window = page.window_of_time
    assert (window.first, window.stop) == (25, 75)
    assert page.in_view.text() == "steps 25 to 74 of 100"
    hands.press("-")
    assert page.in_view.text() == "all 100 steps"
    hands.press("+", "+", "0")
    assert window.whole


# time


def wheel(heat: HeatMap, place: QPointF, notches: float, modifiers: Qt.KeyboardModifier) -> None:
    point, delta = heat.mapToGlobal(place.toPoint()), QPoint(0, round(120 * notches))
    event = QWheelEvent(
        place, QPointF(point), QPoint(), delta, Qt.MouseButton.NoButton, modifiers, Qt.ScrollPhase.NoScrollPhase, False,
    )  # fmt: skip
    QApplication.sendEvent(heat, event)


def test_the_wheel_zooms_at_the_mouse_and_scrolls(show: Show, make_setup: Make) -> None:
    _, page = show(make_setup("nn.LSTM(3, 3)", steps=200))
    heat, window = page.cards["c_tilde"].map, page.window_of_time
    place = heat.cell_of(150, 1)
    wheel(heat, place, 3, Qt.KeyboardModifier.ControlModifier)
    assert window.count < 120
    assert abs(heat.cell_of(150, 1).x() - place.x()) < 2 * heat.plot().width() / window.count
    first = window.first
    wheel(heat, place, -1, Qt.KeyboardModifier.NoModifier)
    assert window.first > first
    assert {card.map.window_of_time for card in page.cards.values()} == {window}
    assert page.scroll_bar.isVisible()
    assert page.scroll_bar.value() == window.first
    page.scroll_bar.setValue(7)
    assert window.first == 7
    page.buttons["whole"].click()
    assert window.whole
    assert not page.scroll_bar.isVisible()


def test_zoomed_in_the_view_follows_the_cursor(show: Show, make_setup: Make) -> None:
    session, page = show(make_setup("nn.LSTM(3, 3)", steps=200))
    page.window_of_time.zoom(0.1, 0)
    assert page.window_of_time.stop == 20
    for t in (19, 20, 120, 3):
        session.run_to(t)
        assert page.window_of_time.first <= t < page.window_of_time.stop
        assert page.cards["c"].map.describe(t, 0).endswith(f"{session.state.values('c')[t, 0]:.4f}")
        assert colour_at(page.cards["i"].map, max(t - 1, 0), 1) != page.theme.base


@pytest.mark.parametrize("steps", [1, 2, 7, 1000])
def test_the_window_stays_inside_the_run(steps: int) -> None:
    window = TimeWindow()
    window.set_steps(steps)
    for factor, t in ((0.5, 0), (0.1, steps - 1), (3, steps // 2), (1.01, 0), (1e-9, steps - 1), (1e9, 0)):
        window.zoom(factor, t)
        assert 0 <= window.first < window.stop <= steps
        assert window.count >= min(8, steps)
    window.move_to(-5)
    assert window.first == 0
    window.move_to(10**9)
    assert window.stop == steps


def test_many_steps_and_units_are_pooled_off_the_gui_thread(
    show: Show, make_setup: Make, qtbot: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(run_page, "_AT_ONCE", 1000)
    images: list[QImage] = []
    monkeypatch.setattr(heat_picture, "heat_image", lambda *args: images.append(heat_image(*args)) or images[-1])
    session, page = show(make_setup("nn.LSTM(3, 220)", steps=4500))
    session.last()
    qtbot.waitUntil(lambda: not page.pooler.busy and not page.worker.busy)
    heat = page.cards["i"].map
    images.clear()
    heat.set_bins(heat._bins)
    heat.grab()
    assert heat._bins is not None
    assert len(heat._bins.values) <= 4096
    assert images
    assert max(image.width() for image in images) <= heat.width()
    assert max(image.height() for image in images) <= heat.height()
    assert colour_at(heat, 4000, 110) != page.theme.base
    assert heat.describe(4321, 219) == f"t = 4321: i[219] = {session.state.values('i')[4321, 219]:.4f}"


# half-lives


def test_bars_and_words_tell_the_engines_half_lives(show: Show, make_setup: Make) -> None:
    session, page = show(make_setup("nn.LSTM(3, 4)", steps=30))
    assert session.state.run is not None
    expected = half_lives(session.state.run.trace)
    for unit in range(4):
        session.look_at(unit=unit)
        assert page.bars.describe(unit) == f"unit {unit}: half-life {format_steps(expected[unit])} steps"
        assert page.half_life_text.text().startswith(
            f"C[{unit}]: half-life {format_steps(expected[unit])} steps (whole run)."
        )
    fading = Fading(session.state.run.trace, unit=3)
    for t in (0, 5, 28):
        session.run_to(t)
        steps = fading.steps_to_half(t)
        assert steps is not None or t == 28
        end = (
            "more than half is left at the end (whole run)"
            if steps is None
            else f"half is gone by t = {t + steps} (whole run)"
        )
        assert page.half_life_text.text().endswith(f" Of C[3] at t = {t}, {end}.")
    session.run_to(29)
    assert page.half_life_text.text().endswith("(whole run).")


def test_in_reverse_time_goes_down(show: Show, make_setup: Make) -> None:
    session, page = show(make_setup("nn.GRU(3, 4, bidirectional=True)", steps=30))
    session.look_at(direction="reverse", unit=1)
    session.run_to(20)
    assert session.state.run is not None
    steps = Fading(session.state.run.trace, 0, "reverse", unit=1).steps_to_half(20)
    assert steps is not None
    assert page.half_life_text.text().endswith(f"Of h[1] at t = 20, half is gone by t = {20 - steps} (whole run).")


@pytest.mark.parametrize(
    ("half_life", "text"),
    [(np.inf, "∞"), (0.0, "0"), (0.9641, "0.964"), (99.96, "100"), (1572.4, "1572"), (3.21e8, "3.21e+08")],
)
def test_half_lives_are_written_with_three_digits(half_life: float, text: str) -> None:
    assert format_steps(half_life) == text


def test_bars_lie_on_a_logarithmic_scale(show: Show, make_setup: Make, hands: Any) -> None:
    session, page = show(make_setup("nn.LSTM(3, 5)"))
    bars: HalfLifeBars = page.bars
    bars.set_half_lives(np.array([0.1, 1.0, 10.0, np.inf, 0.0]), "c", page.theme)
    assert bars.decades == (-1, 1)
    assert [bars.length_of(one) for one in (0.1, 1.0, 10.0, np.inf, 0.0, np.nan)] == [0, 0.5, 1, 1, 0, 0]
    heat = page.cards["c"].map
    places = [one.plot().translated(QPointF(one.mapTo(page, QPoint(0, 0)))) for one in (bars, heat)]
    assert {(place.top(), place.height()) for place in places} == {(places[0].top(), places[0].height())}
    hands.click(bars, bars.row_of(3).center().toPoint())
    assert session.state.focus.unit == 3


@pytest.mark.parametrize("of", [[np.inf, np.inf], [0.0, 0.0], [np.nan, 1.0], [1e-30, 1e30]])
def test_extreme_half_lives_can_be_drawn(show: Show, make_setup: Make, of: list[float]) -> None:
    session, page = show(make_setup("nn.LSTM(3, 2)"))
    page.bars.set_half_lives(np.array(of), "c", page.theme)
    page.half_life_text.set_half_lives(np.array(of))
    for unit in (0, 1):
        session.look_at(unit=unit)
        page.bars.grab()
        assert page.half_life_text.text()
