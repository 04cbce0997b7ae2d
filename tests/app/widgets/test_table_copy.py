"""Copying from tables and lists for spreadsheets."""

from __future__ import annotations

import csv
from dataclasses import replace
from io import StringIO
from typing import Any

import numpy as np
import pytest
from PySide6.QtCore import QItemSelectionModel, QModelIndex, Qt
from PySide6.QtGui import QKeySequence
from PySide6.QtWidgets import QAbstractItemView, QApplication, QToolTip

from gatescope.debugging.breakpoints import Breakpoint
from gatescope.edits.edits import InputEdit
from gatescope.formats.csv_reader import from_rows, split_rows
from gatescope_app.dialogs.number_table import NumberTable
from gatescope_app.state.runs import example_setup
from gatescope_app.widgets.row_table import RowTable
from gatescope_app.widgets.table_copy import TableCopier
from gatescope_app.widgets.table_model import Column, TableModel
from gatescope_app.window.main_window import MainWindow

_Flag = QItemSelectionModel.SelectionFlag


def clipboard() -> str:
    return QApplication.clipboard().text()


def pasted() -> list[list[str]]:
    """Return the cells that a spreadsheet makes of the clipboard."""
    return list(csv.reader(StringIO(clipboard()), delimiter="\t"))


def copy(hands: Any, view: QAbstractItemView, *keys: str) -> list[list[str]]:
    """Press keys in a view and copy."""
    view.setFocus()
    QApplication.clipboard().setText("nothing")
    hands.press(*keys, "Ctrl+C", window=view.window())
    return pasted()


@pytest.fixture
def words(hands: Any, qtbot: Any) -> RowTable:
    """Return a table of words and their lengths."""
    model = TableModel(
        [
            Column[str](str, "word"),
            Column(lambda word: f"{len(word) / 3:.1f}", "thirds", edit_text=lambda word: str(len(word) / 3)),
            Column(lambda _: "bar", "", copied=False),
        ]
    )
    model.reset_rows(["one", "three", 'the "third"', '"', "a\tb", "two\nlines"])
    table = RowTable()
    table.setModel(model)
    qtbot.addWidget(table)
    hands.bring_up(table)
    return table


def test_all_rows_are_copied_with_titles_and_all_digits(words: RowTable, hands: Any) -> None:
    rows = copy(hands, words, "Ctrl+A")
    assert rows == [
        ["word", "thirds"], ["one", "1.0"], ["three", "1.6666666666666667"], ['the "third"', "3.6666666666666665"],
        ['"', "0.3333333333333333"], ["a\tb", "1.0"], ["two\nlines", "3.0"],
    ]  # fmt: skip
    assert 'the "third"\t' in clipboard(), "quoted only where it must be"


def test_without_a_selection_the_current_row_is_copied(words: RowTable, hands: Any) -> None:
    words.setCurrentIndex(QModelIndex())
    assert copy(hands, words) == [["nothing"]]
    words.selectRow(1)
    assert copy(hands, words) == [["word", "thirds"], ["three", "1.6666666666666667"]]
    words.clearSelection()
    assert copy(hands, words)[1][0] == "three"


def test_rows_that_do_not_lie_together_are_copied_in_their_order(words: RowTable, hands: Any) -> None:
    words.clearSelection()
    for row in (4, 0):
        words.selectionModel().select(words.model().index(row, 0), _Flag.Select | _Flag.Rows)
    assert [row[0] for row in copy(hands, words)] == ["word", "one", "a\tb"]


def test_the_program_selects_one_row_alone_whatever_keys_are_held(words: RowTable, hands: Any, qtbot: Any) -> None:
    words.selectRow(0)
    qtbot.keyPress(words, Qt.Key.Key_Down, Qt.KeyboardModifier.ShiftModifier)
    assert words.chosen_rows == [0, 1]
    assert QApplication.keyboardModifiers() == Qt.KeyboardModifier.ShiftModifier
    words.go_to(words.model().index(3, 0))
    assert words.chosen_rows == [3]
    qtbot.keyPress(words, Qt.Key.Key_Down, Qt.KeyboardModifier.ShiftModifier)
    assert words.chosen_rows == [3, 4], "and the next selection begins there"


# ---- tables of numbers


@pytest.fixture
def numbers(hands: Any, qtbot: Any) -> NumberTable:
    values = np.array([[0.1, 2.0, -1e-8], [1 / 3, float("nan"), 0.25]], dtype=np.float32).astype(np.float64)
    table = NumberTable(values, "x", "float32")
    qtbot.addWidget(table)
    hands.bring_up(table)
    return table


def test_numbers_are_copied_in_the_shortest_form_of_the_network_and_can_be_pasted_again(
    numbers: NumberTable, hands: Any
) -> None:
    before = numbers.numbers.copy()
    rows = copy(hands, numbers, "Ctrl+A")
    assert rows == [["x[0]", "x[1]", "x[2]"], ["0.1", "2", "-1e-08"], ["0.33333334", "nan", "0.25"]]
    hands.press("Ctrl+V", window=numbers)
    np.testing.assert_array_equal(numbers.numbers.astype(np.float32), before.astype(np.float32))


def test_a_single_number_is_copied_alone(numbers: NumberTable, hands: Any) -> None:
    numbers.setCurrentIndex(numbers.model().index(1, 0))
    assert copy(hands, numbers) == [["0.33333334"]]


def test_what_lies_between_selected_cells_stays_empty(numbers: NumberTable, hands: Any) -> None:
    for row, column in ((0, 0), (1, 2)):
        numbers.selectionModel().select(numbers.model().index(row, column), _Flag.Select)
    assert copy(hands, numbers) == [["x[0]", "x[2]"], ["0.1", ""], ["", "0.25"]]


def test_a_cell_that_is_edited_keeps_the_keys_for_itself(numbers: NumberTable, hands: Any) -> None:
    numbers.setCurrentIndex(numbers.model().index(0, 1))
    numbers.setFocus()
    hands.press("F2", "Ctrl+A", "Ctrl+C", window=numbers)
    assert clipboard() == "2"


# ---- large ones


def test_a_million_rows_are_copied_off_the_gui_thread(hands: Any, qtbot: Any) -> None:
    table = NumberTable(np.arange(1_000_000.0)[:, None], "x", "float32")
    qtbot.addWidget(table)
    hands.bring_up(table)
    table.setFocus()
    QApplication.clipboard().setText("nothing")
    hands.press("Ctrl+A", "Ctrl+C", window=table)
    assert clipboard() == "nothing"
    worker = table.copier.worker
    assert worker is not None
    assert worker.busy
    assert QToolTip.text() == "Copying 1,000,000 rows…"
    qtbot.waitUntil(lambda: not worker.busy, timeout=120_000)
    lines = clipboard().split("\n")
    assert (len(lines), lines[0], lines[1], lines[-1]) == (1_000_001, "x[0]", "0", "999999")


def test_what_is_too_much_is_said_and_leaves_the_clipboard(hands: Any, qtbot: Any) -> None:
    table = NumberTable(np.zeros((1_000_000, 6)), "x", "float32")
    qtbot.addWidget(table)
    hands.bring_up(table)
    assert copy(hands, table, "Ctrl+A") == [["nothing"]]
    assert QToolTip.text().startswith("These are 6,000,000 cells, of which at most 5,000,000 can be copied at once.")


# ---- the program's own tables


@pytest.fixture
def hello(show_window: Any) -> MainWindow:
    window: MainWindow = show_window(example_setup("hello"))
    return window


def test_steps_are_copied_with_tokens_and_a_column_for_each_number(hello: MainWindow, hands: Any) -> None:
    table = hello.views["sequence"].table  # type: ignore[attr-defined]
    rows = copy(hands, table, "Ctrl+A")
    assert rows[0] == ["t", "token", "x[0]", "x[1]", "x[2]", "x[3]"]
    assert [row[:2] for row in rows[1:]] == [[str(t), token] for t, token in enumerate("hello")]
    assert [[float(cell) for cell in row[2:]] for row in rows[1:]] == hello.session.state.setup.inputs(0).tolist()
    assert hello.session.state.cursor.t == 0
    hello.session.step()
    assert [row[0] for row in copy(hands, table)] == ["t", "1"], "a step selects its row alone"


def test_a_selection_of_steps_stays_while_the_session_is_where_it_is(hello: MainWindow, hands: Any) -> None:
    table = hello.views["sequence"].table  # type: ignore[attr-defined]
    hands.click_cell(table, 1, 1)
    hands.press("Shift+Down", "Shift+Down")
    assert hello.session.state.cursor.t == 3
    assert [row[0] for row in copy(hands, table)] == ["t", "1", "2", "3"]


def test_the_numbers_of_the_step_are_copied_with_all_digits(hello: MainWindow, hands: Any) -> None:
    table = hello.views["inspector"].table  # type: ignore[attr-defined]
    rows = copy(hands, table, "Ctrl+A")
    names = hello.session.state.setup.spec.cell.names
    assert rows[0] == ["unit", *(one.symbol for one in hello.session.state.setup.spec.cell.quantities)]
    for column, name in enumerate(names, 1):
        values = hello.session.state.values(name)[0]
        assert [np.float32(row[column]) for row in rows[1:]] == values.tolist()


def test_the_weights_of_a_gate_are_copied_bit_for_bit(hello: MainWindow, hands: Any) -> None:
    view = hello.views["inspector"]
    view.tabs.setCurrentIndex(1)  # type: ignore[attr-defined]
    weights = view.weights  # type: ignore[attr-defined]
    rows = copy(hands, weights.table, "Ctrl+A")
    assert rows[0] == ["W_f[0]", "W_f[1]", "W_f[2]", "W_f[3]"]
    assert np.array_equal(from_rows(split_rows(clipboard())).astype(np.float32), weights.model.numbers)


def test_every_list_of_the_panels_is_copied(hello: MainWindow, hands: Any) -> None:
    hello.debugger.add(Breakpoint("t > 2", message="t is {t}"))
    hello.debugger.watch("h[0]")
    hello.editor.do(InputEdit(3, 0, 0.1))
    hands.wait_for_run(hello)
    hello.debugger.continue_()
    for name in ("where", "breakpoints", "watches", "edits", "log", "origins"):
        hello.panels.show(name)
        tables = [copier.parent() for copier in hello.views[name].findChildren(TableCopier)]
        table = next(one for one in tables if isinstance(one, QAbstractItemView) and one.isVisible())
        rows = copy(hands, table, "Ctrl+A")
        assert rows != [["nothing"]], name
        assert len(rows) >= table.model().rowCount() > 0, name


def test_the_keys_of_copying_are_those_of_no_other_action(hello: MainWindow) -> None:
    taken = [(key, name) for name, action in hello.actions_by_name.items() for key in action.shortcuts()]
    assert [name for key, name in taken if key == QKeySequence("Ctrl+C")] == ["copy"]
    assert [name for key, name in taken if key == QKeySequence("Ctrl+A")] == ["select_all"]


def test_a_million_steps_are_selected_and_copied_without_blocking(show_window: Any, hands: Any, qtbot: Any) -> None:
    window = show_window(example_setup("hello"))
    table = window.views["sequence"].table
    state, count = window.session.state, 1_000_000
    long = replace(state.setup.sequence, values=np.zeros((count, 1, 4), dtype=np.float32), tokens=None)
    model = table.model()
    model.show_state(replace(state, setup=replace(state.setup, sequence=long)))
    model.reset_rows(range(count))
    table.setFocus()
    hands.press("Ctrl+A")
    table.viewport().repaint()
    table.horizontalHeader().viewport().repaint()
    hands.press("Ctrl+C")
    worker = table.copier.worker
    assert worker.busy
    qtbot.waitUntil(lambda: not worker.busy, timeout=120_000)
    assert clipboard().count("\n") == count
