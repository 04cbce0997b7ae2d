"""The list of keys: by menus, searched as one types, with the keyboard alone."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from PySide6.QtCore import QModelIndex
from PySide6.QtWidgets import QApplication

from gatescope_app.window.action_table import ACTIONS
from gatescope_app.window.keys_dialog import KeysDialog
from gatescope_app.window.main_window import MainWindow


@pytest.fixture
def dialog(window: MainWindow, hands: Any) -> Iterator[KeysDialog]:
    hands.press("F1")
    shown = window.findChild(KeysDialog)
    assert isinstance(shown, KeysDialog)
    hands.bring_up(shown)
    yield shown
    QApplication.processEvents()


def groups(dialog: KeysDialog) -> dict[str, list[tuple[str, ...]]]:
    """Return what the list shows: the rows of each group."""
    model = dialog.found

    def row(parent: QModelIndex, number: int) -> tuple[str, ...]:
        return tuple(model.index(number, column, parent).data() for column in range(3))

    tops = [model.index(number, 0) for number in range(model.rowCount())]
    return {top.data(): [row(top, number) for number in range(model.rowCount(top))] for top in tops}


def test_every_action_stands_in_the_group_of_its_menu_with_keys_and_tip(dialog: KeysDialog) -> None:
    shown = groups(dialog)
    step = next(row for row in ACTIONS if row.name == "step_into")
    assert ("Step into", "F11", step.tip) in shown["Step"]
    assert ("Memory", "Ctrl+Alt+M", "Show or hide the panel Memory") in shown["Panels"]
    assert sum(map(len, shown.values())) > len(ACTIONS)
    assert dialog.none.isHidden()


def test_typing_leaves_what_has_it_in_name_keys_or_description(dialog: KeysDialog, hands: Any) -> None:
    hands.type("SHIFT+F11")
    assert [name for rows in groups(dialog).values() for name, _, _ in rows] == ["Step out"]
    hands.replace_text(dialog.search, "undone")
    assert [name for rows in groups(dialog).values() for name, _, _ in rows] == ["Redo"]
    hands.replace_text(dialog.search, "breakpoints")  # a menu: all that stands in it
    assert "New watch" in [name for name, _, _ in groups(dialog)["Breakpoints"]]
    hands.replace_text(dialog.search, "nothing has this")
    assert groups(dialog) == {}
    assert dialog.none.isVisible()


def test_keys_lead_from_the_search_into_the_list_and_out(window: MainWindow, dialog: KeysDialog, hands: Any) -> None:
    assert dialog.search.hasFocus()
    hands.press("Down", window=dialog)
    assert dialog.tree.hasFocus()
    assert dialog.tree.currentIndex().parent().isValid()
    hands.press("Esc", window=dialog)
    hands.qtbot.waitUntil(lambda: window.findChild(KeysDialog) is None)
