"""Copy and Select all of the menu Edit do what the keys do in whatever has the focus."""

from __future__ import annotations

from typing import Any

import pytest
from PySide6.QtWidgets import QApplication, QPlainTextEdit, QSpinBox

from gatescope.messages.message import Message
from gatescope_app.window.main_window import MainWindow


def choose(window: MainWindow, hands: Any, *names: str) -> None:
    for name in names:
        hands.click_menu(window.menus.menus["edit"], window.actions_by_name[name])


@pytest.fixture(autouse=True)
def clipboard(qapp: QApplication) -> Any:
    """Have something in the clipboard, so that what is copied is seen."""
    QApplication.clipboard().setText("nothing")
    return QApplication.clipboard()


def test_a_table_is_copied_as_by_its_keys(window: MainWindow, hands: Any, clipboard: Any) -> None:
    table: Any = window.views["sequence"].table  # type: ignore[attr-defined]
    hands.click_cell(table, 2)
    choose(window, hands, "copy")
    assert len(clipboard.text().splitlines()) == 2, "the titles and the row"
    choose(window, hands, "select_all", "copy")
    chosen = clipboard.text()
    assert len(chosen.splitlines()) == 6
    clipboard.setText("nothing")
    hands.click_cell(table, 2)
    hands.press("Ctrl+A", "Ctrl+C")
    assert clipboard.text() == chosen


def test_a_text_is_copied_as_by_its_keys(window: MainWindow, hands: Any, clipboard: Any) -> None:
    (field,) = (one for one in window.views["notes"].findChildren(QPlainTextEdit) if one.isVisible())
    hands.click(field)
    hands.type("mine")
    choose(window, hands, "select_all", "copy")
    assert clipboard.text() == "mine"
    assert field.toPlainText() == "mine"


def test_a_drawing_copies_what_it_copies_by_its_keys(window: MainWindow, hands: Any, clipboard: Any) -> None:
    window.panels.bring_up("weights")
    view: Any = window.views["weights"]
    view.canvas.setFocus()
    hands.press("Ctrl+C")
    code = clipboard.text()
    assert "weight" in code
    clipboard.setText("nothing")
    choose(window, hands, "copy")
    assert clipboard.text() == code


def test_a_label_and_a_number_are_copied_too(window: MainWindow, hands: Any, clipboard: Any) -> None:
    window.session.refused.emit(Message("file_missing", {"path": "x.npy"}))
    hands.click(window.banner.label)
    hands.press("Ctrl+A", "Ctrl+C")
    assert clipboard.text() == window.banner.label.text()
    number = QSpinBox(window)
    number.setValue(42)
    number.show()
    number.setFocus()
    choose(window, hands, "select_all", "copy")
    assert clipboard.text() == "42"


def test_where_there_is_nothing_to_copy_nothing_happens(window: MainWindow, hands: Any, clipboard: Any) -> None:
    before = window.session.state
    window.gates.setFocus()
    choose(window, hands, "select_all", "copy")
    hands.press("Ctrl+A", "Ctrl+C")
    assert clipboard.text() == "nothing"
    hands.expect_unchanged(window, before)
