"""The stepping keys work wherever the focus is, but where a text or a number is being typed."""

from __future__ import annotations

from typing import Any

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtWidgets import QAbstractSpinBox, QApplication, QLineEdit, QPlainTextEdit, QTabBar, QWidget

from gatescope_app.window.main_window import MainWindow

KEYS = {"Right": 2, "Left": 0, "Home": 0, "End": 4}
"""Where each key leads from t = 1 of the five steps."""


def controls(window: MainWindow) -> list[QWidget]:
    """Return everything in sight that can have the focus."""
    reachable = [one for one in window.findChildren(QWidget) if one.focusPolicy() != Qt.FocusPolicy.NoFocus]
    return [one for one in reachable if one.isVisible() and one.isEnabled() and not window.panels.is_behind(one)]


def is_typed_into(control: QWidget) -> bool:
    """Whether it holds a text or a number that a person may be changing."""
    text = control.text() if isinstance(control, QLineEdit) else ""
    return isinstance(control, QAbstractSpinBox) or bool(text)


def assert_keys_step(window: MainWindow, hands: Any, control: QWidget) -> None:
    for key, t in KEYS.items():
        window.session.run_to(1)
        control.setFocus()
        hands.press(key, window=window)
        assert window.session.state.cursor.t == t, (key, type(control), control.accessibleName())


def test_the_keys_step_wherever_the_focus_is(window: MainWindow, hands: Any) -> None:
    seen: set[QWidget] = set()
    for dock in window.docks.values():
        dock.raise_()
        QApplication.processEvents()
        for control in controls(window):
            control.setFocus()
            if control not in seen and control.hasFocus() and not is_typed_into(control):
                assert_keys_step(window, hands, control)
                seen.add(control)
    assert len(seen) > 60
    assert {window.views["watches"].field.line, window.views["breakpoints"].field.line} <= seen


@pytest.mark.parametrize(("panel", "text"), [("watches", "mean(o)"), ("breakpoints", "f[0] < 0.1")])
def test_they_step_after_something_was_added(window: MainWindow, hands: Any, panel: str, text: str) -> None:
    window.panels.show(panel)
    hands.type(text)
    hands.press("Home", "Right")
    assert window.session.state.cursor.t == 0  # it is being typed
    hands.press("Return")
    for key, t in KEYS.items():
        window.session.run_to(1)
        hands.press(key)
        assert window.session.state.cursor.t == t, key
    hands.type("s")  # the next one can be typed at once
    assert window.views[panel].field.text() == "s"


def test_undo_is_the_windows_where_the_field_has_nothing_to_undo(window: MainWindow, hands: Any) -> None:
    window.panels.show("watches")
    hands.type("mean(o")
    hands.press("Ctrl+Z")
    assert window.views["watches"].field.text() == ""
    hands.type("mean(o)")
    hands.press("Return")
    undone: list[bool] = []
    window.actions_by_name["undo"].setEnabled(True)
    window.actions_by_name["undo"].triggered.connect(lambda: undone.append(True))
    hands.press("Ctrl+Z")
    assert undone


def test_a_click_elsewhere_ends_the_typing(window: MainWindow, hands: Any) -> None:
    field = window.views["watches"].field
    bar = next(bar for bar in window.findChildren(QTabBar) if bar.isVisible() and bar.tabText(0) == "Cell diagram")
    elsewhere = {
        "tab": (bar, bar.tabRect(1).center()), "toolbar": (window.toolbar, QPoint(3, 3)),
        "button": (window.toolbar.widgetForAction(window.actions_by_name["step"]), QPoint(5, 5)),
        "plots": (next(iter(window.gates.plots.values())).plot.viewport(), QPoint(50, 50)),
    }  # fmt: skip
    for name, (widget, place) in elsewhere.items():
        window.panels.show("watches")
        hands.type("1")
        hands.click(widget, place)
        window.session.run_to(1)
        hands.press("Right", window=window)
        assert window.session.state.cursor.t == 2, name
    assert field.text() == "1" * len(elsewhere)  # what was typed stays


def test_a_click_into_a_floating_panel_beside_its_field_ends_the_typing(window: MainWindow, hands: Any) -> None:
    dock, view = window.docks["watches"], window.views["watches"]
    dock.setFloating(True)
    hands.bring_up(dock)
    view.field.line.setFocus()
    hands.type("1")
    window.session.run_to(1)
    hands.press("Right", window=dock)
    assert window.session.state.cursor.t == 1
    hands.click(view, QPoint(1, 1))
    hands.press("Right", window=dock)
    assert window.session.state.cursor.t == 2


def test_a_panel_that_comes_in_front_takes_the_keys_from_a_field_behind_it(window: MainWindow, hands: Any) -> None:
    window.panels.show("watches")
    hands.type("1")
    hands.press(window.panels.actions["log"].shortcut().toString())
    window.session.run_to(1)
    hands.press("Right")
    assert window.session.state.cursor.t == 2


def test_enter_ends_the_typing_of_what_is_right(window: MainWindow, hands: Any) -> None:
    window.panels.show("equations")
    box = window.views["equations"].findChild(QAbstractSpinBox)
    box.setFocus()
    hands.press("Ctrl+A")
    hands.type("2")
    hands.press("Return")
    hands.qtbot.waitUntil(lambda: not box.hasFocus())
    assert window.session.state.unit == 2
    window.panels.show("watches")
    hands.type("mean(")
    hands.press("Return")
    QApplication.processEvents()
    assert window.views["watches"].field.line.hasFocus()


def test_a_text_of_many_lines_keeps_its_keys_and_gives_them_back(window: MainWindow, hands: Any) -> None:
    text = QPlainTextEdit(window.views["where"])
    text.show()
    window.panels.show("where")
    text.setFocus()
    window.session.run_to(1)
    hands.press("Right")
    assert window.session.state.cursor.t == 2
    hands.type("ab")
    hands.press("Left", "Home", "Ctrl+Z")
    assert window.session.state.cursor.t == 2
    assert text.toPlainText() == ""


@pytest.mark.timeout(20)
def test_tab_ends_where_no_control_is_in_sight(window: MainWindow, monkeypatch: pytest.MonkeyPatch) -> None:
    window.activateWindow()
    window.panels.show("watches")
    monkeypatch.setattr(window.panels, "is_behind", lambda control: control is not None)
    assert window.focusNextPrevChild(True)
