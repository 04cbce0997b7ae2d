"""Sequence: text, numbers, paste, examples; what is refused leaves everything as it was."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QApplication, QDialogButtonBox, QLineEdit

from gatescope_app.dialogs.sequence_dialog import SequenceDialog
from gatescope_app.state.runs import example_setup
from gatescope_app.state.sources import FromExample
from gatescope_app.window.main_window import MainWindow

Open = Callable[..., SequenceDialog]
TEXT, NUMBERS, FILE, EXAMPLE, STATES = range(5)


@pytest.fixture
def dialog(open_dialog: Open) -> SequenceDialog:
    """Return the dialog on `hello`."""
    return open_dialog(example_setup("hello"))


def can_accept(dialog: SequenceDialog) -> bool:
    return dialog.buttons.button(QDialogButtonBox.StandardButton.Ok).isEnabled()


def type_into_cell(dialog: SequenceDialog, hands: Any, row: int, column: int, text: str, table: Any = None) -> None:
    table = table or dialog.pages[NUMBERS].table  # type: ignore[attr-defined]
    hands.double_click_cell(table, row, column)
    editor = QApplication.focusWidget()
    assert isinstance(editor, QLineEdit)
    editor.selectAll()
    hands.type(text)
    hands.press("Return", window=dialog)


def test_starts_with_the_text_that_runs(dialog: SequenceDialog) -> None:
    page: Any = dialog.pages[TEXT]
    assert dialog.tabs.currentIndex() == TEXT
    assert page.text.toPlainText() == "hello"
    assert page.vocabulary.text() == "ehlo"
    assert dialog.summary.text() == "Text: 5 steps of 4 numbers  →  nn.LSTM(4, 4)"
    assert can_accept(dialog)


def test_typed_text_becomes_one_hot_over_the_vocabulary(dialog: SequenceDialog, hands: Any) -> None:
    hands.replace_text(dialog.pages[TEXT].text, "hole")  # type: ignore[attr-defined]
    assert dialog.summary.text().startswith("Text: 4 steps of 4 numbers")
    sequence = dialog.setup.sequence
    assert sequence.tokens == tuple("hole")
    assert sequence.values.argmax(axis=1).tolist() == [1, 3, 2, 0]
    assert isinstance(dialog.setup.source, FromExample)
    assert dialog.setup.example is None  # its notes speak of another text


def test_a_character_outside_the_vocabulary_is_refused_by_name(dialog: SequenceDialog, hands: Any) -> None:
    hands.replace_text(dialog.pages[TEXT].text, "help")  # type: ignore[attr-defined]
    assert not can_accept(dialog)
    assert "'p' at position 3 is not in the vocabulary 'ehlo'" in dialog.problem.text()
    assert dialog.problem.isVisible()
    hands.press("Backspace")
    assert can_accept(dialog)
    assert not dialog.problem.isVisible()


def test_empty_text_is_refused(dialog: SequenceDialog, hands: Any) -> None:
    hands.replace_text(dialog.pages[TEXT].text, "")  # type: ignore[attr-defined]
    assert not can_accept(dialog)
    assert "empty" in dialog.problem.text()


def test_without_a_vocabulary_it_is_the_sorted_set_of_characters(dialog: SequenceDialog, hands: Any) -> None:
    hands.replace_text(dialog.pages[TEXT].vocabulary, "")  # type: ignore[attr-defined]
    hands.replace_text(dialog.pages[TEXT].text, "abca")  # type: ignore[attr-defined]
    assert not can_accept(dialog)  # three characters, and the network takes four numbers
    hands.replace_text(dialog.pages[TEXT].text, "abcda")  # type: ignore[attr-defined]
    assert can_accept(dialog)
    assert dialog.setup.sequence.vocabulary == "abcd"
    assert dialog.setup.sequence.values.argmax(axis=1).tolist() == [0, 1, 2, 3, 0]
    assert isinstance(dialog.setup.source, FromExample)  # another sequence is fed to the same network
    assert dialog.setup.example is None  # its notes speak of another text


def test_a_width_the_network_cannot_take_names_both_and_offers_to_fit(dialog: SequenceDialog, hands: Any) -> None:
    hands.replace_text(dialog.pages[TEXT].vocabulary, "")  # type: ignore[attr-defined]
    hands.replace_text(dialog.pages[TEXT].text, "abcdef")  # type: ignore[attr-defined]
    assert not can_accept(dialog)
    assert "Each step has 6 values, but the network takes 4" in dialog.problem.text()
    assert dialog.fit.isVisible()
    assert "input_size = 6" in dialog.fit.text()
    dialog.fit.setFocus()
    hands.press("Space")
    assert can_accept(dialog)
    assert dialog.setup.spec.constructor() == "nn.LSTM(6, 4)"
    hands.press("Space")
    assert not can_accept(dialog)


def test_cells_of_the_table_are_edited_by_typing(open_dialog: Open, make_setup: Any, hands: Any) -> None:
    dialog = open_dialog(make_setup("nn.LSTM(3, 2)", steps=4))
    before = dialog.setup.sequence.values.copy()
    type_into_cell(dialog, hands, 2, 1, "-0.5")
    type_into_cell(dialog, hands, 3, 0, "1e-3")
    wanted = before.copy()
    wanted[2, 1], wanted[3, 0] = -0.5, 1e-3
    assert np.array_equal(dialog.setup.sequence.values, wanted)


def test_what_is_not_a_number_is_refused_at_its_cell(open_dialog: Open, make_setup: Any, hands: Any) -> None:
    dialog = open_dialog(make_setup("nn.LSTM(3, 2)", steps=4))
    before = dialog.setup.sequence.values.copy()
    type_into_cell(dialog, hands, 2, 1, "abc")
    assert dialog.problem.isVisible()
    assert "Row 2, column 1 is not a number: 'abc'" in dialog.problem.text()  # as the table's own headers count
    assert np.array_equal(dialog.setup.sequence.values, before)
    assert can_accept(dialog)


def paste(dialog: SequenceDialog, hands: Any, text: str) -> None:
    hands.click_cell(dialog.pages[NUMBERS].table, 0)  # type: ignore[attr-defined]
    QGuiApplication.clipboard().setText(text)
    hands.press("Ctrl+V", window=dialog)


def test_a_table_pasted_from_a_spreadsheet_replaces_the_numbers(open_dialog: Open, make_setup: Any, hands: Any) -> None:
    dialog = open_dialog(make_setup("nn.LSTM(3, 2)", steps=4))
    paste(dialog, hands, "1\t2\t3\r\n4\t5.5\t-6\r\n")
    assert np.array_equal(dialog.setup.sequence.values, [[1, 2, 3], [4, 5.5, -6]])
    assert dialog.summary.text().startswith("Numbers: 2 steps of 3 numbers")
    page: Any = dialog.pages[NUMBERS]
    assert (page.rows.value(), page.columns.value()) == (2, 3)


def test_the_paste_button_does_the_same(open_dialog: Open, make_setup: Any, hands: Any, qtbot: Any) -> None:
    dialog = open_dialog(make_setup("nn.LSTM(2, 2)", steps=4))
    QGuiApplication.clipboard().setText("a\tb\n1\t2\n3\t4\n5\t6")
    hands.press("Alt+P", window=dialog)
    qtbot.waitUntil(lambda: dialog.setup.steps == 3)  # a button pressed by a key takes a moment
    assert np.array_equal(dialog.setup.sequence.values, [[1, 2], [3, 4], [5, 6]])


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("1\t2\t3\n4\t5\n", "Row 2 has 2 values, but the rows before it have 3."),
        ("1\t2\t3\n4\tfive\t6\n", "Row 2, column 2 is not a number: 'five'"),
        ("", "The sequence is empty"),
    ],
)
def test_a_paste_that_is_no_table_of_numbers_is_refused_and_the_old_one_stays(
    open_dialog: Open, make_setup: Any, hands: Any, text: str, problem: str
) -> None:
    dialog = open_dialog(make_setup("nn.LSTM(3, 2)", steps=4))
    before = dialog.setup.sequence.values.copy()
    paste(dialog, hands, text)
    assert problem in dialog.problem.text()
    assert dialog.problem.isVisible()
    assert np.array_equal(dialog.setup.sequence.values, before)


def test_a_single_pasted_number_goes_into_its_cell(open_dialog: Open, make_setup: Any, hands: Any) -> None:
    dialog = open_dialog(make_setup("nn.LSTM(3, 2)", steps=4))
    paste(dialog, hands, "7.25")
    assert dialog.setup.sequence.values[0, 0] == 7.25
    assert dialog.setup.sequence.values.shape == (4, 3)


def test_the_table_grows_with_zeros_and_shrinks(open_dialog: Open, make_setup: Any, hands: Any) -> None:
    dialog = open_dialog(make_setup("nn.LSTM(3, 2)", steps=4))
    before = dialog.setup.sequence.values.copy()
    page: Any = dialog.pages[NUMBERS]
    hands.set_number(page.rows, 6)
    assert np.array_equal(dialog.setup.sequence.values, np.vstack([before, np.zeros((2, 3))]))
    hands.set_number(page.rows, 2)
    assert np.array_equal(dialog.setup.sequence.values, before[:2])
    hands.set_number(page.columns, 5)
    assert not can_accept(dialog)
    assert "Each step has 5 values, but the network takes 3" in dialog.problem.text()


@pytest.mark.parametrize("value", ["nan", "inf"])
def test_nan_and_infinity_are_accepted_with_a_warning(
    open_dialog: Open, make_setup: Any, hands: Any, value: str
) -> None:
    dialog = open_dialog(make_setup("nn.LSTM(3, 2)", steps=4))
    type_into_cell(dialog, hands, 1, 1, value)
    assert can_accept(dialog)
    assert dialog.problem.isVisible()
    assert "NaN or infinity" in dialog.problem.text()


def test_an_example_comes_with_its_own_network(dialog: SequenceDialog, open_dialog: Open, hands: Any) -> None:
    bar = dialog.tabs.tabBar()
    hands.click(bar, bar.tabRect(EXAMPLE).center())
    page: Any = dialog.pages[EXAMPLE]
    names = ["latch", "brackets", "hello", "sine", "impulse"]
    assert page.list.count() == 5
    assert page.list.currentRow() == names.index("hello")
    for row, name in enumerate(names):
        hands.click_cell(page.list, row)
        assert dialog.setup.example is not None
        assert dialog.setup.example.name == name
        assert dialog.setup.spec == example_setup(name).spec
        assert dialog.setup.example.module in page.summary.text()
        assert can_accept(dialog)


def test_accepting_runs_the_text(window: MainWindow, hands: Any) -> None:
    def fill(dialog: SequenceDialog) -> None:
        hands.replace_text(dialog.pages[TEXT].text, "hellohello")  # type: ignore[attr-defined]
        hands.click(dialog.buttons.button(QDialogButtonBox.StandardButton.Ok))

    hands.press("End")
    hands.in_dialog(lambda: hands.press("Ctrl+E"), fill)
    hands.wait_for_run(window)
    assert window.toolbar.place.text() == "t = 0 / 9"
    assert window.views["sequence"].model.rowCount() == 10  # type: ignore[attr-defined]


def test_cancelling_after_a_refusal_leaves_the_old_sequence(window: MainWindow, hands: Any) -> None:
    before = window.session.state

    def fill(dialog: SequenceDialog) -> None:
        hands.replace_text(dialog.pages[TEXT].text, "wrong!")  # type: ignore[attr-defined]
        assert not can_accept(dialog)
        hands.press("Return", window=dialog)
        assert dialog.isVisible()
        hands.press("Esc", window=dialog)

    hands.in_dialog(lambda: hands.press("Ctrl+E"), fill)
    now = window.session.state  # another one where the mouse is now over something else
    assert now.setup is before.setup
    assert now.run is before.run


def test_another_example_is_ready_to_step_with_its_notes(window: MainWindow, hands: Any) -> None:
    def fill(dialog: SequenceDialog) -> None:
        bar = dialog.tabs.tabBar()
        hands.click(bar, bar.tabRect(EXAMPLE).center())
        hands.click_cell(dialog.pages[EXAMPLE].list, 1)  # type: ignore[attr-defined]
        hands.click(dialog.buttons.button(QDialogButtonBox.StandardButton.Ok))

    hands.in_dialog(lambda: hands.press("Ctrl+E"), fill)
    hands.wait_for_run(window)
    assert window.windowTitle() == "A bracket counter: C is the depth[*] – Gatescope"
    assert "One unit" in window.views["notes"].text.toPlainText()  # type: ignore[attr-defined]
    hands.press("F10", "F10")
    depth = float(window.gates.plots["c"].value.text().removeprefix("C[0] = "))
    assert round(depth) == 1  # as its notes say


def test_looking_at_another_page_drops_nothing_that_was_typed(dialog: SequenceDialog, hands: Any) -> None:
    hands.replace_text(dialog.pages[TEXT].text, "lol")  # type: ignore[attr-defined]
    for page in (2, 3, 4):  # the file, the examples, the initial states
        dialog.tabs.setCurrentIndex(page)
    assert dialog.summary.text().startswith("Text: 3 steps")
    assert dialog.setup.sequence.tokens == ("l", "o", "l")


def test_a_page_where_no_file_was_opened_leaves_the_sequence(dialog: SequenceDialog) -> None:
    dialog.tabs.setCurrentIndex(2)
    assert dialog.problem.isHidden()
    assert dialog.setup.sequence.tokens == tuple("hello")
