"""The line below the panels: where the run stands, what is edited, and what just happened, for a while."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from PySide6.QtWidgets import QApplication

from gatescope.debugging.breakpoints import Breakpoint
from gatescope.edits.edits import Hold, InputEdit, WeightEdit
from gatescope.traces.order import Cursor
from gatescope_app.state.runs import Setup
from gatescope_app.window.main_window import MainWindow

Open = Callable[..., MainWindow]


def test_it_says_step_phase_layer_and_direction(show_window: Open, make_setup: Callable[..., Setup]) -> None:
    window = show_window(make_setup("nn.LSTM(3, 4, 2, bidirectional=True)", steps=4))
    assert window.status.place.text() == "t = 0 · h_t · layer 0 · forward"
    window.session.go(Cursor(2, 1, "reverse", "c_tilde"))
    assert window.status.place.text() == "t = 2 · C̃_t · layer 1 · reverse"
    window.appearance.choose_language("zh_CN")
    QApplication.processEvents()
    assert "reverse" not in window.status.place.text()


def test_a_cell_has_no_layer_and_a_token_is_not_taken_for_markup(window: MainWindow) -> None:
    assert window.status.place.text() == "t = 0 “h” · h_t · layer 0 · forward"
    window.session.go(Cursor(1, phase="preactivations"))
    assert window.status.place.text().startswith("t = 1 “e” · pre-activations z")


def test_the_place_has_room_for_all_that_it_says(window: MainWindow) -> None:
    place = window.status.place
    for cursor in (Cursor(1), Cursor(1, phase="preactivations"), Cursor(2)):
        window.session.go(cursor)
        QApplication.processEvents()
        assert place.width() >= place.fontMetrics().horizontalAdvance(place.text()), place.text()
    widest = place.sizeHint().width()
    window.appearance.choose_language("zh_CN")  # in which the same is said with less room
    QApplication.processEvents()
    assert place.fontMetrics().horizontalAdvance(place.text()) < place.sizeHint().width() < widest


def test_it_lists_the_edits_in_force(window: MainWindow, hands: Any) -> None:
    bar = window.status
    assert not bar.edits.isVisible()
    window.editor.do(WeightEdit("weight_ih_l0", (3, 1), 0.5))
    hands.qtbot.waitUntil(bar.edits.isVisible)
    assert bar.edits.text() == "✎ 1 edit: weight_ih_l0[3, 1] set to 0.5"
    window.editor.do(Hold("f", 0.25, start=3, stop=4))
    hands.qtbot.waitUntil(lambda: bar.edits.text().startswith("✎ 2 edits: weight_ih_l0[3, 1] set to 0.5, f"))
    assert bar.edits.toolTip().splitlines() == ["✎ weight_ih_l0[3, 1] set to 0.5", "✎ f held at 0.25 at t = 3"]
    assert bar.edits.width() <= 0.4 * bar.width()
    window.editor.reset()
    hands.qtbot.waitUntil(lambda: not bar.edits.isVisible())


def test_the_badge_says_that_the_run_is_edited(window: MainWindow, hands: Any) -> None:
    badge = window.toolbar.badge
    window.editor.do(InputEdit(1, 0, 0.5))
    hands.qtbot.waitUntil(lambda: badge.text().startswith("✓  edited run: matches nn.LSTM ("))
    window.editor.do(WeightEdit("weight_ih_l0", (3, 1), 0.5))
    hands.qtbot.waitUntil(lambda: badge.text().startswith("✓  edited network: matches nn.LSTM ("))
    assert "✎ weight_ih_l0[3, 1] set to 0.5" in badge.toolTip()
    assert "of the rounding bound" in badge.toolTip()
    assert badge.accessibleName().startswith("edited network: matches nn.LSTM")
    window.panels.show("compare")
    assert "✎ weight_ih_l0[3, 1] set to 0.5" in window.views["compare"].words.detail.text()
    window.editor.reset()
    hands.qtbot.waitUntil(lambda: badge.text().startswith("✓  matches"))


@pytest.mark.parametrize("saved", [True, False, None])
def test_it_says_whether_all_is_saved(window: MainWindow, saved: bool | None) -> None:
    window.status.set_saved(saved)
    assert window.status.saved.isVisible() == (saved is not None)
    if saved is not None:
        assert window.status.saved.text() == ("saved" if saved else "not saved")


def test_what_happened_goes_after_a_while_and_follows_the_language(window: MainWindow, hands: Any) -> None:
    bar, language = window.status, window.appearance
    bar.announce(lambda: f"written in {language.language}", stays=60_000)
    window.appearance.choose_language("zh_CN")
    QApplication.processEvents()
    assert bar.currentMessage() == "written in zh_CN"
    bar.announce(lambda: "soon gone", stays=1)
    hands.qtbot.waitUntil(lambda: bar.currentMessage() == "")
    window.appearance.choose_language("en")
    QApplication.processEvents()
    assert bar.currentMessage() == ""


def test_f5_beyond_the_last_breakpoint_says_that_the_run_has_ended(
    show_window: Open, make_setup: Callable[..., Setup], hands: Any
) -> None:
    window = show_window(make_setup("nn.LSTM(3, 4, 2)", steps=5))
    window.debugger.add(Breakpoint("t == 2 and layer == 0"))
    hands.press("F5")
    assert window.status.currentMessage().startswith("Stopped at")
    for _ in range(2):  # and says so again at the end
        hands.press("F5")
        assert window.status.currentMessage() == "No further breakpoint: the run has ended"
        assert window.session.state.cursor == Cursor(4, 1)
    hands.press("Shift+F5")
    assert window.status.currentMessage().startswith("Stopped at")
    for _ in range(2):
        hands.press("Shift+F5")
        assert window.status.currentMessage() == "No breakpoint before this: the run is at its beginning"
        assert window.session.state.cursor == Cursor(0)


def test_f5_at_a_breakpoint_on_the_last_step_has_nowhere_to_go(window: MainWindow, hands: Any) -> None:
    window.debugger.add(Breakpoint("t == 4"))
    hands.press("F5")
    assert window.status.currentMessage().startswith("Stopped at")
    hands.press("F5")
    assert window.status.currentMessage() == "No further breakpoint: the run has ended"


def test_all_of_it_has_room_on_a_small_screen_in_large_type(window: MainWindow, hands: Any) -> None:
    window.editor.do(WeightEdit("weight_ih_l0", (3, 1), 0.5))
    hands.qtbot.waitUntil(window.status.edits.isVisible)
    window.status.set_saved(False)
    for _ in range(3):
        hands.press("Ctrl++")
    window.resize(1024, 728)
    QApplication.processEvents()
    assert window.width() == 1024
    for label in (window.status.place, window.status.saved):
        assert label.width() >= label.sizeHint().width()
        assert window.status.rect().contains(label.geometry())
        assert label.font().pointSize() == QApplication.font().pointSize()
