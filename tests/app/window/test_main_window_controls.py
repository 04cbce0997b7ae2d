"""Every control says what it is and which key does the same, to eyes and to screen readers."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtCore import QAbstractItemModel, QModelIndex, Qt
from PySide6.QtGui import QAccessible, QAction, QKeySequence
from PySide6.QtWidgets import (
    QAbstractButton,
    QAbstractScrollArea,
    QAbstractSpinBox,
    QApplication,
    QComboBox,
    QLabel,
    QLineEdit,
    QScrollArea,
    QTabWidget,
    QWidget,
)  # fmt: skip

from gatescope_app.dialogs.checkpoint_dialog import CheckpointDialog
from gatescope_app.dialogs.network_dialog import NetworkDialog
from gatescope_app.dialogs.recording_dialog import RecordingDialog
from gatescope_app.dialogs.sequence_dialog import SequenceDialog
from gatescope_app.look.theme import LIGHT
from gatescope_app.state.revisions import Revision
from gatescope_app.state.runs import Setup, example_setup
from gatescope_app.state.worker import Worker
from gatescope_app.window.keys_dialog import menus_in
from gatescope_app.window.main_window import MainWindow

Open = Callable[..., MainWindow]


def actions_of(window: MainWindow) -> list[QAction]:
    """Return all that can be chosen in the menus."""
    return [action for menu in menus_in(window.menuBar()) for action in menu.actions() if action.menu() is None]


def text_of(model: QAbstractItemModel, parent: QModelIndex | None = None) -> str:
    """Return all that a tree says."""
    parent = parent or QModelIndex()
    places = [model.index(row, column, parent) for row in range(model.rowCount(parent)) for column in range(3)]
    return "\n".join(f"{place.data()}\n{text_of(model, place)}" for place in places)


@pytest.fixture(params=["main window", "new network", "sequence", "checkpoint", "recording"])
def any_window(
    request: pytest.FixtureRequest, show_window: Open, make_setup: Callable[..., Setup], hands: Any
) -> Iterator[QWidget]:
    """Return each window of the program in turn, with everything in it that there can be."""
    setup = make_setup("nn.LSTM(3, 4, num_layers=2, bidirectional=True, proj_size=2)", batch=2)
    if request.param == "main window":
        yield show_window(setup)
        return
    dialog: QWidget
    if request.param == "new network":
        dialog = NetworkDialog(Revision(setup), ["cpu"], LIGHT)
    elif request.param == "sequence":
        dialog = SequenceDialog(setup, 0, "en", LIGHT)
    elif request.param == "checkpoint":
        path = request.getfixturevalue("hello_checkpoint")
        dialog = reading(CheckpointDialog(setup, LIGHT, None, Worker()), path, hands)
    else:
        dialog = reading(RecordingDialog(LIGHT, None, Worker()), request.getfixturevalue("hello_recording"), hands)
    hands.bring_up(dialog)
    yield dialog
    dialog.close()
    dialog.deleteLater()


def reading(dialog: CheckpointDialog | RecordingDialog, path: Path, hands: Any) -> QWidget:
    """Let a dialog read a file, and wait until it lists what is in it."""
    dialog.worker.setParent(dialog)
    dialog.open_file(str(path))
    hands.qtbot.waitUntil(lambda: bool(dialog.model.rows))
    return dialog


def controls(window: QWidget) -> list[QWidget]:
    """Return what the keyboard can reach, hidden pages included; not the insides of Qt's own controls."""
    return [
        widget
        for widget in window.findChildren(QWidget)
        if widget.focusPolicy() & Qt.FocusPolicy.TabFocus and not _inside_another(widget)
    ]


def _inside_another(widget: QWidget) -> bool:
    parent = widget.parentWidget()
    while parent is not None:
        if isinstance(parent, QAbstractScrollArea | QAbstractSpinBox | QComboBox):
            return not isinstance(parent, QScrollArea)
        parent = parent.parentWidget()
    return widget.isWindow() or isinstance(widget, QTabWidget)  # of a tab widget it is the bar that takes keys


def described(widget: QWidget) -> str:
    return f"{type(widget).__name__} in {type(widget.parent()).__name__}"


def test_every_action_has_a_key_and_its_tooltip_names_it(window: MainWindow) -> None:
    for name, action in window.actions_by_name.items():
        assert action.text(), name
        assert action.shortcuts(), name
        for key in action.shortcuts():
            assert key.toString(QKeySequence.SequenceFormat.NativeText) in action.toolTip(), name
        assert len(action.toolTip()) > len(action.shortcuts()[0].toString()) + 5, name


def test_no_key_is_used_twice(window: MainWindow) -> None:
    actions = actions_of(window)
    assert len(actions) > len(window.actions_by_name) + len(window.docks)
    keys = Counter(key.toString() for action in actions for key in action.shortcuts())
    assert [key for key, count in keys.items() if count > 1] == []


def test_the_keys_are_those_of_the_product(window: MainWindow) -> None:
    keys = {name: [key.toString() for key in action.shortcuts()] for name, action in window.actions_by_name.items()}
    assert keys["step"] == ["F10", "Right"]
    assert keys["step_back"] == ["Shift+F10", "Left"]
    assert (keys["step_into"], keys["step_out"]) == (["F11"], ["Shift+F11"])
    assert (keys["continue"], keys["reverse_continue"], keys["play"]) == (["F5"], ["Shift+F5"], ["Ctrl+F5"])
    assert keys["toggle_breakpoint"] == ["F9"]
    assert (keys["first"], keys["last"]) == (["Home"], ["End"])


def test_every_action_is_in_a_menu(window: MainWindow) -> None:
    in_menus = {action for menu in window.menus.menus.values() for action in menu.actions()}
    assert {name for name, action in window.actions_by_name.items() if action not in in_menus} == set()


def accelerators(texts: list[str]) -> list[str]:
    return [found.group(1).lower() for text in texts if (found := re.search(r"&([^&\s])", text))]


def test_no_letter_of_a_menu_is_used_twice(window: MainWindow) -> None:
    bar = [menu.title() for menu in window.menus.menus.values()]
    for texts in (bar, *([a.text() for a in menu.actions()] for menu in window.menus.menus.values())):
        letters = Counter(accelerators(texts))
        assert [letter for letter, count in letters.items() if count > 1] == [], texts


def test_no_alt_key_is_used_twice_in_a_window(any_window: QWidget) -> None:
    """Of what is visible together; Qt would only move the focus between two of the same letter."""
    texts = [label.text() for label in any_window.findChildren(QLabel) if label.buddy() and label.isVisible()]
    texts += [button.text() for button in any_window.findChildren(QAbstractButton) if button.isVisible()]
    if isinstance(any_window, MainWindow):
        texts += [menu.title() for menu in any_window.menus.menus.values()]
        tabs = any_window.views["inspector"].tabs  # type: ignore[attr-defined]
        texts += [tabs.tabText(index) for index in range(tabs.count())]
    letters = Counter(accelerators(texts))
    assert [letter for letter, count in letters.items() if count > 1] == [], texts


def test_every_control_has_a_name(any_window: QWidget) -> None:
    nameless = [
        described(widget)
        for widget in controls(any_window)
        if not QAccessible.queryAccessibleInterface(widget).text(QAccessible.Text.Name).strip()
    ]
    assert nameless == []


def test_no_text_shows_a_placeholder(any_window: QWidget) -> None:
    texts = []
    for widget in [any_window, *any_window.findChildren(QWidget)]:
        texts += [widget.toolTip(), widget.accessibleName(), widget.windowTitle()]
        if isinstance(widget, QLabel | QAbstractButton | QLineEdit):
            texts.append(widget.text())
    for action in any_window.findChildren(type(any_window.addAction(""))):
        texts += [action.text(), action.toolTip()]
    assert [text for text in texts if re.search(r"\{\w*\}", text)] == []


def test_tab_reaches_every_control_of_the_main_window(window: MainWindow, hands: Any) -> None:
    for name in ("sequence", "where", "watches", "log", "edits", "origins"):  # some lie behind others at first
        window.docks[name].raise_()
        QApplication.processEvents()
        wanted = {one for one in controls(window) if one.isEnabled() and not one.visibleRegion().isEmpty()}
        seen = set()
        window.views["sequence"].table.setFocus()  # type: ignore[attr-defined]
        for _ in range(3 * len(wanted)):
            hands.press("Tab")
            seen.add(QApplication.focusWidget())
        assert {described(widget) for widget in wanted - seen} == set(), name
        assert {described(widget) for widget in seen if widget.visibleRegion().isEmpty()} == set(), name


def test_f1_lists_every_key(window: MainWindow, hands: Any) -> None:

    shown: list[str] = []

    def read(dialog: QWidget) -> None:
        shown.append(text_of(dialog.tree.model()))
        hands.press("Esc", window=dialog)

    hands.in_dialog(lambda: (hands.press("F1"), hands.qtbot.waitUntil(lambda: bool(shown))), read)
    for action in actions_of(window):
        for key in action.shortcuts():
            assert f"{key.toString()}" in shown[0]
            assert action.iconText() in shown[0]


def test_shift_f1_tells_version_and_log(window: MainWindow, hands: Any) -> None:
    import gatescope
    from gatescope_app.state.error_log import log_path

    shown: list[str] = []

    def read(box: Any) -> None:
        shown.append(box.text())
        hands.press("Esc", window=box)

    hands.in_dialog(lambda: (hands.press("Shift+F1"), hands.qtbot.waitUntil(lambda: bool(shown))), read)
    assert gatescope.__version__ in shown[0]
    assert str(log_path()) in shown[0]


def test_the_notes_of_the_example_go_to_their_steps(show_window: Open, hands: Any) -> None:
    window = show_window(example_setup("hello"))
    browser = window.views["notes"].text  # type: ignore[attr-defined]
    cursor = browser.document().find("t = 3: the second l")
    browser.setTextCursor(cursor)
    browser.ensureCursorVisible()
    hands.click(browser.viewport(), browser.cursorRect(cursor).center())
    assert window.session.state.cursor.t == 3
    assert "➤ t = 3: the second l" in browser.toPlainText()
