"""Moving through time: with the debugger's keys, the mouse and the slider."""

from __future__ import annotations

from collections.abc import Callable
from itertools import product
from typing import Any

import pytest
from PySide6.QtCore import QPoint, QPointF, Qt
from PySide6.QtWidgets import QApplication, QInputDialog, QStyle, QStyleOptionSlider

from gatescope.traces.order import Cursor
from gatescope_app.state.runs import Setup
from gatescope_app.window.main_window import MainWindow

Open = Callable[..., MainWindow]


def now(window: MainWindow) -> int:
    return window.session.state.cursor.t


def test_opens_at_the_first_step_with_everything_ready(window: MainWindow) -> None:
    assert now(window) == 0
    assert window.toolbar.place.text() == "t = 0 / 4"
    assert window.toolbar.badge.text().startswith("✓")
    assert not window.banner.isVisible()


@pytest.mark.parametrize(("forth", "back"), [("F10", "Shift+F10"), ("Right", "Left")])
def test_keys_step_forth_and_back_and_stop_at_either_end(window: MainWindow, hands: Any, forth: str, back: str) -> None:
    seen = []
    for key in (*[forth] * 6, *[back] * 6):
        hands.press(key)
        seen.append(now(window))
        assert window.toolbar.place.text() == f"t = {now(window)} / 4"
        assert window.toolbar.slider.value() == now(window)
    assert seen == [1, 2, 3, 4, 4, 4, 3, 2, 1, 0, 0, 0]


def test_end_goes_to_the_last_step_and_home_to_the_first(window: MainWindow, hands: Any) -> None:
    hands.press("End")
    assert now(window) == 4
    hands.press("Home")
    assert now(window) == 0


def test_f5_plays_to_the_end_and_stops_there(window: MainWindow, hands: Any, qtbot: Any) -> None:
    play = window.actions_by_name["play"]
    hands.press(*["Ctrl+Up"] * 9)  # the highest speed
    hands.press("F5")
    assert play.isChecked()
    qtbot.waitUntil(lambda: not window.player.playing)
    assert now(window) == 4
    assert not play.isChecked()


def test_f5_again_pauses(window: MainWindow, hands: Any, qtbot: Any) -> None:
    hands.press("F5")
    qtbot.waitUntil(lambda: now(window) > 0)
    hands.press("F5")
    assert not window.player.playing
    assert not window.actions_by_name["play"].isChecked()
    assert now(window) < 4


def test_f5_at_the_end_plays_again_from_the_start(window: MainWindow, hands: Any) -> None:
    hands.press("End", "F5")
    assert now(window) == 0
    assert window.player.playing
    hands.press("F5")


def test_speed_keys_change_the_pace_within_its_limits(window: MainWindow, hands: Any) -> None:
    paces = [window.toolbar.speed.currentText()]
    for key in (*["Ctrl+Up"] * 6, *["Ctrl+Down"] * 7):
        hands.press(key)
        paces.append(window.toolbar.speed.currentText())
    assert paces == [f"{n} / s" for n in (2, 4, 8, 15, 30, 30, 30, 15, 8, 4, 2, 1, 1, 1)]


def test_ctrl_g_goes_to_the_step_typed(window: MainWindow, hands: Any) -> None:
    def type_three(dialog: QInputDialog) -> None:
        assert "from 0 to 4" in dialog.labelText()
        hands.press("Ctrl+A", window=dialog)
        hands.type("3")
        hands.press("Return", window=dialog)

    hands.in_dialog(lambda: hands.press("Ctrl+G"), type_three)
    assert now(window) == 3


def test_ctrl_g_cancelled_stays(window: MainWindow, hands: Any) -> None:
    hands.press("F10")
    hands.in_dialog(lambda: hands.press("Ctrl+G"), lambda dialog: hands.press("Esc", window=dialog))
    assert now(window) == 1


def test_toolbar_buttons_step(window: MainWindow, hands: Any) -> None:
    seen = []
    for name in ("step", "step", "step_back", "last", "first"):
        hands.click(window.toolbar.widgetForAction(window.actions_by_name[name]))
        seen.append(now(window))
    assert seen == [1, 2, 1, 4, 0]


def test_dragging_the_slider_goes_to_its_step(window: MainWindow, qtbot: Any) -> None:
    slider = window.toolbar.slider
    option = QStyleOptionSlider()
    slider.initStyleOption(option)
    handle = slider.style().subControlRect(
        QStyle.ComplexControl.CC_Slider, option, QStyle.SubControl.SC_SliderHandle, slider
    )
    qtbot.mousePress(slider, Qt.MouseButton.LeftButton, pos=handle.center())
    qtbot.mouseMove(slider, pos=QPoint(slider.width() // 2, handle.center().y()))
    qtbot.mouseRelease(slider, Qt.MouseButton.LeftButton, pos=QPoint(slider.width() // 2, handle.center().y()))
    assert now(window) == 2


def test_a_click_on_a_row_of_the_sequence_goes_there(window: MainWindow, hands: Any) -> None:
    view: Any = window.views["sequence"]
    for t in (3, 1, 4, 0):
        hands.click_cell(view.table, t, 2)
        assert now(window) == t
        assert [view.model.index(row, 0).data() for row in range(5)] == ["➤" if row == t else "" for row in range(5)]


def test_up_and_down_in_the_sequence_list_step(window: MainWindow, hands: Any) -> None:
    view: Any = window.views["sequence"]
    hands.click_cell(view.table, 1, 2)
    hands.press("Down")
    assert now(window) == 2
    hands.press("Up", "Up")
    assert now(window) == 0


def test_a_click_in_any_plot_goes_to_its_step(window: MainWindow, hands: Any) -> None:
    assert list(window.gates.plots) == ["f", "i", "c_tilde", "c", "o", "h"]
    for quantity, plot in window.gates.plots.items():
        for t in (3, 1, 4):
            hands.click_plot(plot, t + 0.2, 0.5)
            assert now(window) == t, quantity


def test_a_drag_in_a_plot_takes_the_cursor_along(window: MainWindow, hands: Any) -> None:
    seen = []
    window.session.changed.connect(lambda _old, new: seen.append(new.cursor.t))
    hands.drag_in_plot(window.gates.plots["c"], 0, 1, 2, 3, value=0.5)
    assert now(window) == 3
    assert seen == sorted(seen)
    hands.drag_in_plot(window.gates.plots["c"], 3, 1, value=0.5)
    assert now(window) == 1


def test_a_drag_leaves_the_selected_unit(window: MainWindow, hands: Any) -> None:
    window.session.look_at(unit=2)
    hands.drag_in_plot(window.gates.plots["f"], 0, 1, 2, 3, 4, value=0.95)  # along lines of other units
    assert window.session.state.cursor.t == 4
    assert window.session.state.focus.unit == 2


def test_a_drag_beyond_the_plot_stops_at_the_ends(window: MainWindow, hands: Any) -> None:
    hands.drag_in_plot(window.gates.plots["f"], 2, 9, value=0.5)
    assert now(window) == 4
    hands.drag_in_plot(window.gates.plots["f"], 2, -9, value=0.5)
    assert now(window) == 0


def test_a_click_in_the_comparison_goes_to_its_step(window: MainWindow, hands: Any) -> None:
    compare: Any = window.views["compare"]
    plot = compare.plots["c"].widget
    box = plot.getPlotItem().vb
    middle = sum(box.viewRange()[1]) / 2
    hands.click(plot.viewport(), plot.mapFromScene(box.mapViewToScene(QPointF(2, middle))))
    assert now(window) == 2


FOCUSED: dict[str, Callable[[MainWindow], Any]] = {
    "sequence list": lambda window: window.views["sequence"].table,  # type: ignore[attr-defined]
    "units": lambda window: window.gates.units,
    "numbers": lambda window: window.views["inspector"].table,  # type: ignore[attr-defined]
    "slider": lambda window: window.toolbar.slider,
    "speed": lambda window: window.toolbar.speed,
    "notes": lambda window: window.views["notes"].text,  # type: ignore[attr-defined]
    "drawing style": lambda window: window.gates.style_box,
    "badge": lambda window: window.toolbar.badge,
}


def test_every_key_of_stepping_works_wherever_the_focus_is(window: MainWindow, hands: Any) -> None:
    keys = {"F10": 3, "Shift+F10": 1, "Right": 3, "Left": 1, "Home": 0, "End": 4}
    for (place, find), (key, t) in product(FOCUSED.items(), keys.items()):
        widget = find(window)
        hands.press("Home", "F10", "F10")
        widget.setFocus()
        assert QApplication.focusWidget() is widget, place
        hands.press(key)
        assert now(window) == t, (place, key)
        assert window.toolbar.place.text() == f"t = {t} / 4"


def test_a_run_of_one_step_can_be_stepped_without_harm(
    show_window: Open, make_setup: Callable[..., Setup], hands: Any
) -> None:
    window = show_window(make_setup("nn.LSTM(2, 3)", steps=1))
    hands.press("F10", "Shift+F10", "End", "Home", "F5")
    assert now(window) == 0
    assert window.toolbar.place.text() == "t = 0 / 0"


def test_end_and_home_are_those_of_the_run_and_with_ctrl_those_of_the_layer(
    show_window: Any, make_setup: Any, hands: Any
) -> None:
    window = show_window(make_setup("nn.LSTM(3, 4, 2)", steps=4))
    ends = [("End", Cursor(3, 1)), ("Home", Cursor(0)), ("Ctrl+End", Cursor(3)), ("Ctrl+Home", Cursor(0))]
    for key, place in ends:
        hands.press(key)
        assert window.session.state.cursor == place, key
    window.session.go(Cursor(2, 1))
    hands.press("Ctrl+End")
    assert window.session.state.cursor == Cursor(3, 1)
    hands.press("Ctrl+Home")
    assert window.session.state.cursor == Cursor(0, 1)
    window = show_window(make_setup("nn.LSTM(3, 4, bidirectional=True)", steps=4))
    ends = [("End", Cursor(0, 0, "reverse")), ("Ctrl+Home", Cursor(3, 0, "reverse")), ("Home", Cursor(0))]
    for key, place in ends:
        hands.press(key)
        assert window.session.state.cursor == place, key
