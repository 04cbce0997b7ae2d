"""What if, in place: what cannot be taken is told where it is typed, and nothing changes."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from PySide6.QtWidgets import QApplication, QLineEdit

from gatescope.edits.edits import Hold
from gatescope_app.state.runs import Setup
from gatescope_app.widgets.cell_line import CellLine
from gatescope_app.widgets.problem_label import ProblemLabel
from gatescope_app.window.main_window import MainWindow

Open = Callable[..., MainWindow]
Make = Callable[..., Setup]

X = 3  # a column of the Sequence list


def wait_for_edits(window: MainWindow, hands: Any, count: int) -> tuple[Any, ...]:
    """Wait until the run on show has that many edits; return them."""
    session = window.session
    hands.qtbot.waitUntil(lambda: not session.runner.busy and len(session.state.setup.edits) == count)
    return session.state.setup.edits


def type_wrong(hands: Any, table: Any, row: int, column: int, text: str) -> Any:
    """Double-click a cell and type over what is there, without Enter; return the editor."""
    hands.double_click_cell(table, row, column)
    hands.press("Ctrl+A", "Del")
    hands.type(text)
    editor = QApplication.focusWidget()
    assert isinstance(editor, CellLine), "no editor opened"
    return editor


def check_refused(window: MainWindow, hands: Any, editor: Any, said: str) -> None:
    """Press Enter: the editor stays and says why; the window does not, and nothing changes. Then press Esc."""
    before, text, table = window.session.state, editor.text(), editor.parentWidget().parentWidget()
    hands.press("Return")
    assert editor.hasFocus()
    assert editor.text() == text
    assert editor.note.isVisible()
    assert editor.note.text() == f"✗ {said}"
    assert editor.accessibleDescription() == said
    assert editor.note.geometry().top() == editor.geometry().bottom() + 1, "it is not directly below"
    assert editor.parentWidget().rect().contains(editor.note.geometry())
    assert not window.banner.isVisible()
    hands.press("Escape")
    hands.qtbot.waitUntil(lambda: QApplication.focusWidget() is table)
    hands.qtbot.waitUntil(lambda: not notes(table), timeout=5000)
    hands.expect_unchanged(window, before)
    assert window.editor.history is before.history


def notes(table: Any) -> list[ProblemLabel]:
    return list(table.findChildren(ProblemLabel))


def test_what_is_no_number_is_refused_where_it_is_typed(window: MainWindow, hands: Any) -> None:
    inspector: Any = window.views["inspector"]
    for text in ("abc", "nan", "-inf", "1e999", "", "0,5", "1 2"):
        editor = type_wrong(hands, inspector.table, 0, 0, text)
        check_refused(window, hands, editor, f"f[0] must be a finite number, but it is {text!r}.")


def test_a_number_beyond_the_dtype_is_refused(window: MainWindow, hands: Any) -> None:
    inspector: Any = window.views["inspector"]
    editor = type_wrong(hands, inspector.table, 0, 0, "1e39")
    said = "value must be -3.40282e+38 … 3.40282e+38 (float32), but it is 1e+39."
    check_refused(window, hands, editor, said)


def test_what_is_wrong_is_marked_while_typing_and_right_again_when_put_right(window: MainWindow, hands: Any) -> None:
    inspector: Any = window.views["inspector"]
    editor = type_wrong(hands, inspector.table, 0, 0, "-")
    assert editor.note.isHidden(), "what is not finished yet is called wrong at once"
    hands.qtbot.waitUntil(editor.note.isVisible)
    assert editor.note.text() == "✗ f[0] must be a finite number, but it is '-'."
    assert window.appearance.theme.differs in editor.styleSheet()
    hands.type("x")
    assert editor.note.text().endswith("'-x'."), "it tells of what was typed before"
    hands.press("Backspace")
    hands.type("2")
    assert editor.note.isHidden()
    assert window.appearance.theme.differs not in editor.styleSheet()
    hands.press("Return")
    assert wait_for_edits(window, hands, 1) == (Hold("f", -2.0, 0, 1, units=(0,)),)


def test_a_refused_number_is_put_right_and_taken(window: MainWindow, hands: Any) -> None:
    inspector: Any = window.views["inspector"]
    type_wrong(hands, inspector.table, 0, 0, "0.5x")
    hands.press("Return", "Backspace", "Return")
    assert wait_for_edits(window, hands, 1) == (Hold("f", 0.5, 0, 1, units=(0,)),)


def test_tab_stays_over_a_wrong_number(window: MainWindow, hands: Any) -> None:
    inspector: Any = window.views["inspector"]
    editor = type_wrong(hands, inspector.table, 0, 0, "abc")
    hands.press("Tab")
    assert editor.hasFocus()
    assert editor.note.isVisible()


@pytest.mark.parametrize("place", ["in the table", "on another panel"])
@pytest.mark.parametrize(("text", "count"), [("0.5x", 0), ("0.5", 1)])
def test_a_click_elsewhere_takes_what_is_right_and_drops_what_is_wrong(
    window: MainWindow, hands: Any, place: str, text: str, count: int
) -> None:
    inspector: Any = window.views["inspector"]
    type_wrong(hands, inspector.table, 0, 0, text)
    if place == "in the table":
        hands.click_cell(inspector.table, 2, 1)
    else:
        hands.click_cell(window.views["sequence"].table, 0, 1)  # type: ignore[attr-defined]
    assert not isinstance(QApplication.focusWidget(), QLineEdit)
    hands.qtbot.waitUntil(lambda: not notes(inspector.table))
    assert wait_for_edits(window, hands, count) == (Hold("f", 0.5, 0, 1, units=(0,)),)[:count]
    assert not window.banner.isVisible()


def test_a_click_on_the_note_is_none_elsewhere(window: MainWindow, hands: Any) -> None:
    inspector: Any = window.views["inspector"]
    editor = type_wrong(hands, inspector.table, 0, 0, "abc")
    hands.press("Return")
    hands.click(editor.note)
    assert editor.hasFocus()
    assert window.session.state.unit == 0, "it went through to the table"


def test_the_note_of_the_last_row_stands_above_where_there_is_no_room_below(
    show_window: Open, make_setup: Make, hands: Any
) -> None:
    window = show_window(make_setup("nn.LSTM(2, 60)"))
    inspector: Any = window.views["inspector"]
    inspector.table.scrollToBottom()
    hands.click_cell(inspector.table, 59, 0)
    hands.press("F2")
    hands.type("abc")
    hands.press("Return")
    editor: Any = QApplication.focusWidget()
    assert editor.note.geometry().bottom() == editor.geometry().top() - 1
    assert inspector.table.viewport().rect().contains(editor.note.geometry())


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("1 0 0", "Each step has 3 values, but the network takes 4 (its input_size)."),
        ("1 0 0 0 0", "Each step has 5 values, but the network takes 4 (its input_size)."),
        ("1 0 x 0", "x[2] must be a finite number, but it is 'x'."),
        ("1 0 0 nan", "x[3] must be a finite number, but it is 'nan'."),
        ("[1 0 0 0", "x[0] must be a finite number, but it is '[1'."),
        ("[]", "Each step has 0 values, but the network takes 4 (its input_size)."),
    ],
)
def test_numbers_that_do_not_fit_are_refused(window: MainWindow, hands: Any, text: str, said: str) -> None:
    editor = type_wrong(hands, window.views["sequence"].table, 0, X, text)  # type: ignore[attr-defined]
    check_refused(window, hands, editor, said)


def test_a_weight_that_is_no_number_is_refused(window: MainWindow, hands: Any) -> None:
    inspector: Any = window.views["inspector"]
    inspector.tabs.setCurrentIndex(1)
    editor = type_wrong(hands, inspector.weights.table, 0, 0, "much")
    check_refused(window, hands, editor, "weight_ih_l0[4, 0] must be a finite number, but it is 'much'.")
