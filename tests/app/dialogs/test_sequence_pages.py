"""Sequences and initial states from files, batches, and h0 and C0 by hand."""

from __future__ import annotations

import threading
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QApplication, QDialogButtonBox, QFileDialog, QLineEdit

from gatescope.formats import readers
from gatescope_app.dialogs.sequence_dialog import SequenceDialog
from gatescope_app.state.sources import FromSeed
from gatescope_app.window.main_window import MainWindow

Open = Callable[..., SequenceDialog]
FILE, STATES = 2, 4


@pytest.fixture
def choose_file(monkeypatch: pytest.MonkeyPatch) -> Callable[[Path], None]:
    """Return a function that lets the system's dialog answer with a path."""

    def choose(path: Path) -> None:
        monkeypatch.setattr(QFileDialog, "getOpenFileName", lambda *_args, **_options: (str(path), ""))

    return choose


def can_accept(dialog: SequenceDialog) -> bool:
    return dialog.buttons.button(QDialogButtonBox.StandardButton.Ok).isEnabled()


def type_path(dialog: SequenceDialog, hands: Any, qtbot: Any, path: Path) -> None:
    """Type a path, leave the field, and wait until it was read."""
    page: Any = dialog.pages[FILE]
    hands.replace_text(page.path, str(path))
    hands.press("Tab", window=dialog)
    qtbot.waitUntil(lambda: not dialog.worker.busy)


def type_into_cell(dialog: SequenceDialog, hands: Any, table: Any, row: int, column: int, text: str) -> None:
    hands.double_click_cell(table, row, column)
    editor = QApplication.focusWidget()
    assert isinstance(editor, QLineEdit)
    editor.selectAll()
    hands.type(text)
    hands.press("Return", window=dialog)


def test_the_page_asks_for_a_file_of_every_reader(
    open_dialog: Open, make_setup: Any, hands: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    further = readers.Reader("sequence", (".slashes",), "csv_reader.read_csv")
    monkeypatch.setattr(readers, "READERS", (*readers.READERS, further))
    asked: list[str] = []
    monkeypatch.setattr(QFileDialog, "getOpenFileName", lambda *arguments: (asked.append(arguments[-1]) or "", ""))
    dialog = open_dialog(make_setup("nn.LSTM(3, 2)"), FILE)
    page: Any = dialog.pages[FILE]
    assert page.path.placeholderText() == f"a file with one row a step: {readers.format_endings('sequence')}"
    assert page.path.placeholderText().endswith(", .slashes")
    page.browse.click()
    assert asked == [readers.format_patterns("sequence")]


@pytest.mark.parametrize("ending", [".csv", ".npy"])
def test_a_file_is_read_and_its_shape_said(
    open_dialog: Open, make_setup: Any, hands: Any, qtbot: Any, tmp_path: Path, ending: str
) -> None:
    values = np.arange(15, dtype=np.float64).reshape(5, 3) / 4
    path = tmp_path / f"mine{ending}"
    if ending == ".csv":
        path.write_text("a,b,c\n" + "\n".join(",".join(map(str, row)) for row in values))
    else:
        np.save(path, values)
    dialog = open_dialog(make_setup("nn.LSTM(3, 2)"), FILE)
    type_path(dialog, hands, qtbot, path)
    assert "(5, 3)" in dialog.pages[FILE].status.text()  # type: ignore[attr-defined]
    assert can_accept(dialog)
    assert np.array_equal(dialog.setup.sequence.values, values)


BAD: dict[str, tuple[Callable[[Path], object], str]] = {
    "ragged.csv": (lambda path: path.write_text("1,2,3\n4,5\n"), "Row 2 has 2 values"),
    "words.csv": (lambda path: path.write_text("1,2,3\n4,five,6\n"), "Row 2, column 2 is not a number: 'five'"),
    "empty.csv": (lambda path: path.write_text(""), "empty"),
    "binary.csv": (lambda path: path.write_bytes(b"\x01\x02\xff\xfe\x00"), "not a CSV text file"),
    "cut.csv": (lambda path: path.write_bytes(b"\x93NUMPY\xff\xfe\x00"), "not a NumPy .npy file"),
    "text.npy": (lambda path: path.write_text("1,2,3"), "not a NumPy .npy file"),
    "objects.npy": (
        lambda path: np.save(path, np.array([{"a": 1}], dtype=object), allow_pickle=True),
        "never unpickled",
    ),
    "four.npy": (lambda path: np.save(path, np.zeros((2, 2, 2, 3))), "(2, 2, 2, 3)"),
    "letters.npy": (lambda path: np.save(path, np.array(["a", "b"])), "array of real numbers"),
    "sheet.xlsx": (lambda path: path.write_bytes(b"PK"), "must end in .csv, .npy"),
    "missing.csv": (lambda path: None, "There is no file"),
    "folder.csv": (lambda path: path.mkdir(), "is a folder"),
}


@pytest.mark.parametrize("name", BAD)
def test_a_bad_file_is_refused_in_one_line_and_the_old_sequence_stays(
    open_dialog: Open, make_setup: Any, hands: Any, qtbot: Any, tmp_path: Path, name: str
) -> None:
    make, problem = BAD[name]
    path = tmp_path / name
    make(path)
    setup = make_setup("nn.LSTM(3, 2)")
    dialog = open_dialog(setup, FILE)
    type_path(dialog, hands, qtbot, path)
    assert not can_accept(dialog)
    assert problem in dialog.problem.text()
    assert name in dialog.problem.text()
    assert "\n" not in dialog.problem.text()
    assert dialog.setup.sequence is setup.sequence


def test_browse_asks_the_system_and_reads_what_was_chosen(
    open_dialog: Open, make_setup: Any, hands: Any, qtbot: Any, tmp_path: Path, choose_file: Any
) -> None:
    np.save(tmp_path / "a.npy", np.ones((7, 3)))
    choose_file(tmp_path / "a.npy")
    dialog = open_dialog(make_setup("nn.LSTM(3, 2)"), FILE)
    hands.press("Alt+B", window=dialog)
    qtbot.waitUntil(lambda: dialog.setup.steps == 7)


def test_a_file_of_another_width_names_both_and_can_be_fitted(
    open_dialog: Open, make_setup: Any, hands: Any, qtbot: Any, tmp_path: Path
) -> None:
    np.save(tmp_path / "wide.npy", np.ones((4, 6)))
    dialog = open_dialog(make_setup("nn.LSTM(3, 2)"), FILE)
    type_path(dialog, hands, qtbot, tmp_path / "wide.npy")
    assert "Each step has 6 values, but the network takes 3" in dialog.problem.text()
    dialog.fit.setFocus()
    hands.press("Space")
    assert can_accept(dialog)
    assert dialog.setup.spec.input_size == 6


def test_ctrl_o_opens_a_batch_and_shows_the_element_asked_for(
    show_window: Callable[..., MainWindow], make_setup: Any, hands: Any, qtbot: Any, tmp_path: Path, choose_file: Any
) -> None:
    values = np.random.default_rng(1).normal(size=(5, 3, 2))
    np.save(tmp_path / "batch.npy", values)
    choose_file(tmp_path / "batch.npy")
    window = show_window(make_setup("nn.LSTM(2, 4)"))

    def fill(dialog: SequenceDialog) -> None:
        qtbot.waitUntil(dialog.element.isVisible)
        assert dialog.element.maximum() == 2
        hands.set_number(dialog.element, 2)
        hands.click(dialog.buttons.button(QDialogButtonBox.StandardButton.Ok))

    hands.in_dialog(lambda: hands.press("Ctrl+O"), fill)
    hands.wait_for_run(window)
    assert window.session.state.focus.batch == 2
    assert window.gates.batch.value() == 2
    view: Any = window.views["sequence"]
    shown = [float(number) for number in view.model.index(3, 3).data().strip("[]").split()]
    assert shown == pytest.approx(values[3, 2].tolist(), rel=1e-3)


def test_initial_states_are_typed_and_used(window: MainWindow, hands: Any) -> None:
    import torch

    def fill(dialog: SequenceDialog) -> None:
        bar = dialog.tabs.tabBar()
        hands.click(bar, bar.tabRect(STATES).center())
        type_into_cell(dialog, hands, dialog.states.editors["h0"].table, 0, 1, "0.5")
        type_into_cell(dialog, hands, dialog.states.editors["c0"].table, 0, 3, "-2")
        hands.click(dialog.buttons.button(QDialogButtonBox.StandardButton.Ok))

    hands.in_dialog(lambda: hands.press("Ctrl+E"), fill)
    hands.wait_for_run(window)
    cell = window.session.state.run.trace.cell()  # type: ignore[union-attr]
    assert torch.equal(cell.h0, torch.tensor([[0.0, 0.5, 0.0, 0.0]]))
    assert torch.equal(cell.c0, torch.tensor([[0.0, 0.0, 0.0, -2.0]]))
    assert window.toolbar.badge.text().startswith("✓")

    def zero(dialog: SequenceDialog) -> None:
        assert dialog.states.editors["h0"].table.numbers[0, 1] == 0.5  # as left
        hands.press("Esc", window=dialog)

    hands.in_dialog(lambda: hands.press("Ctrl+E"), zero)


def test_a_state_of_another_shape_names_both_and_the_old_stays(open_dialog: Open, make_setup: Any, hands: Any) -> None:
    dialog = open_dialog(make_setup("nn.LSTM(3, 2, num_layers=2)"), STATES)
    editor = dialog.states.editors["c0"]
    type_into_cell(dialog, hands, editor.table, 0, 1, "3")
    QGuiApplication.clipboard().setText("1\t2\t3\n4\t5\t6")
    hands.click_cell(editor.table, 0)
    hands.press("Ctrl+V", window=dialog)
    assert dialog.problem.isVisible()
    assert "c0 must have the shape (2, 2), but it has (2, 3)" in dialog.problem.text()
    assert editor.table.numbers.tolist() == [[0, 3], [0, 0]]


def test_a_state_file_of_another_shape_is_refused_and_a_right_one_read(
    open_dialog: Open, make_setup: Any, hands: Any, tmp_path: Path, choose_file: Any
) -> None:
    dialog = open_dialog(make_setup("nn.LSTM(3, 2)"), STATES)
    editor = dialog.states.editors["h0"]
    np.save(tmp_path / "wrong.npy", np.ones((1, 5)))
    choose_file(tmp_path / "wrong.npy")
    hands.click(button(editor, "Open…"))
    assert "h0 must have the shape (1, 2), but it has (1, 5)" in dialog.problem.text()
    np.save(tmp_path / "right.npy", np.array([[0.25, -1.0]]))
    choose_file(tmp_path / "right.npy")
    hands.click(button(editor, "Open…"))
    assert editor.table.numbers.tolist() == [[0.25, -1.0]]
    assert not dialog.problem.isVisible()
    hands.click(button(editor, "Zeros"))
    assert editor.value() is None


def test_each_element_of_a_batch_has_its_own_state(open_dialog: Open, make_setup: Any, hands: Any) -> None:
    dialog = open_dialog(make_setup("nn.LSTM(3, 2)", batch=3), STATES)
    table = dialog.states.editors["h0"].table
    for element in (2, 1):
        hands.set_number(dialog.element, element)
        type_into_cell(dialog, hands, table, 0, 0, str(element))
    assert dialog.states.values()["h0"].tolist() == [[[0, 0], [1, 0], [2, 0]]]
    hands.set_number(dialog.element, 2)
    assert table.numbers.tolist() == [[2, 0]]


def test_fitting_the_network_keeps_states_whose_shape_stays(open_dialog: Open, make_setup: Any, hands: Any) -> None:
    dialog = open_dialog(make_setup("nn.LSTM(3, 2)"), STATES)
    type_into_cell(dialog, hands, dialog.states.editors["h0"].table, 0, 0, "1")
    bar = dialog.tabs.tabBar()
    hands.click(bar, bar.tabRect(1).center())
    hands.set_number(dialog.pages[1].columns, 5)  # type: ignore[attr-defined]
    dialog.fit.setFocus()
    hands.press("Space")
    assert dialog.states.values()["h0"].tolist() == [[1, 0]]


@pytest.mark.parametrize(("batch", "wanted"), [(None, [0, 5]), (2, [[0, 0], [0, 5]])])
def test_the_state_of_a_cell_is_one_row(
    open_dialog: Open, make_setup: Any, hands: Any, batch: int | None, wanted: list[Any]
) -> None:
    dialog = open_dialog(make_setup("nn.GRUCell(3, 2)", batch=batch), STATES)
    if batch is not None:
        hands.set_number(dialog.element, 1)
    editor = dialog.states.editors["h0"]
    assert editor.table.numbers.shape == (1, 2)
    type_into_cell(dialog, hands, editor.table, 0, 1, "5")
    assert dialog.states.values()["h0"].tolist() == wanted


def test_only_an_lstm_is_asked_for_c0(open_dialog: Open, make_setup: Any, hands: Any) -> None:
    dialog = open_dialog(make_setup("nn.GRU(3, 2)"), STATES)
    assert dialog.states.editors["h0"].isVisible()
    assert not dialog.states.editors["c0"].isVisible()
    bar = dialog.tabs.tabBar()
    hands.click(bar, bar.tabRect(3).center())  # the examples bring networks of their own, LSTMs
    hands.click(bar, bar.tabRect(0).center())
    hands.click(bar, bar.tabRect(STATES).center())
    assert list(dialog.states.values()) == []


def button(parent: Any, text: str) -> Any:
    from PySide6.QtWidgets import QPushButton

    return next(found for found in parent.findChildren(QPushButton) if found.text() == text)


# ---- a path that is typed ----


def saved(folder: Path, name: str, *shape: int) -> Path:
    np.save(folder / name, np.arange(np.prod(shape), dtype=float).reshape(shape))
    return folder / name


@pytest.mark.parametrize("key", ["Return", "Ctrl+Return", "OK"])
def test_a_typed_path_is_read_before_the_dialog_closes(
    window: MainWindow, hands: Any, tmp_path: Path, key: str
) -> None:
    path = saved(tmp_path, "x.npy", 7, 4)

    def fill(dialog: SequenceDialog) -> None:
        dialog.tabs.setCurrentIndex(FILE)
        hands.replace_text(dialog.pages[FILE].path, str(path))  # type: ignore[attr-defined]
        if key == "OK":
            hands.click(dialog.ok)
        else:
            hands.press(key, window=dialog)
        hands.qtbot.waitUntil(lambda: not dialog.isVisible())

    hands.in_dialog(lambda: hands.press("Ctrl+E"), fill)
    hands.wait_for_run(window)
    assert window.session.state.setup.sequence.values.shape == (7, 4)
    assert window.files.recent.paths == [str(path)]


def test_a_typed_path_that_is_wrong_is_said_and_the_dialog_stays(
    open_dialog: Open, make_setup: Any, hands: Any, qtbot: Any, tmp_path: Path
) -> None:
    dialog = open_dialog(make_setup("nn.LSTM(3, 2)"), FILE)
    page: Any = dialog.pages[FILE]
    hands.replace_text(page.path, str(tmp_path / "gone.npy"))
    assert can_accept(dialog)
    hands.press("Return", window=dialog)
    qtbot.waitUntil(dialog.problem.isVisible)
    assert "There is no file" in dialog.problem.text()
    assert dialog.isVisible()
    assert not can_accept(dialog)
    assert page.path.hasFocus()
    hands.type(str(saved(tmp_path, "x.npy", 7, 3)))  # over what is selected
    hands.press("Return", window=dialog)
    qtbot.waitUntil(lambda: not dialog.isVisible())
    assert dialog.setup.steps == 7


def test_a_file_that_takes_long_is_waited_for_and_can_be_left(
    open_dialog: Open, make_setup: Any, hands: Any, qtbot: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    go, begun = threading.Event(), threading.Event()

    def slow(_path: Path) -> None:
        begun.set()
        go.wait(60)

    monkeypatch.setattr("gatescope_app.dialogs.file_page.read_sequence", slow)
    dialog = open_dialog(make_setup("nn.LSTM(3, 2)"), FILE)
    page: Any = dialog.pages[FILE]
    hands.replace_text(page.path, "x.npy")
    hands.press("Return", window=dialog)
    qtbot.waitUntil(begun.is_set)
    assert dialog.isVisible()
    assert page.progress.isVisible()
    hands.press("Esc", window=dialog)
    assert not dialog.isVisible()
    assert dialog.result() == 0
    go.set()


def test_what_is_typed_while_ok_waits_is_not_taken_unseen(
    open_dialog: Open, make_setup: Any, hands: Any, qtbot: Any, tmp_path: Path
) -> None:
    dialog = open_dialog(make_setup("nn.LSTM(3, 2)"), FILE)
    page: Any = dialog.pages[FILE]
    hands.replace_text(page.path, str(saved(tmp_path, "x.npy", 7, 3)))
    hands.press("Return", window=dialog)
    hands.type("2")  # before the file was read: another path now
    hands.press("Tab", window=dialog)
    qtbot.waitUntil(lambda: not dialog.worker.busy)
    assert dialog.isVisible()
    assert "There is no file" in dialog.problem.text()


def test_paths_are_understood_as_people_paste_them(
    open_dialog: Open, make_setup: Any, hands: Any, qtbot: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = saved(tmp_path, "a file.npy", 7, 3)
    monkeypatch.setenv("HOME", str(tmp_path))
    dialog = open_dialog(make_setup("nn.LSTM(3, 2)"), FILE)
    page: Any = dialog.pages[FILE]
    for typed in ("~/a file.npy", f"'{path}'", f'"{path}"', f"  {path} ", path.as_uri()):
        hands.replace_text(page.path, typed)
        hands.press("Tab", window=dialog)
        qtbot.waitUntil(lambda: not dialog.worker.busy)
        assert page.path.text() == str(path), typed
        assert dialog.setup.steps == 7


def test_an_error_on_one_page_stops_no_other(
    open_dialog: Open, make_setup: Any, hands: Any, qtbot: Any, tmp_path: Path
) -> None:
    dialog = open_dialog(make_setup("nn.LSTM(3, 2)"), FILE)
    type_path(dialog, hands, qtbot, tmp_path / "gone.npy")
    assert not can_accept(dialog)
    for page in (1, 3):
        dialog.tabs.setCurrentIndex(page)
        assert can_accept(dialog)
        assert dialog.problem.isHidden()
    dialog.tabs.setCurrentIndex(STATES)
    assert can_accept(dialog)
    assert dialog.problem.text() == f"⚠ File is left out: There is no file {tmp_path / 'gone.npy'}."
    type_into_cell(dialog, hands, dialog.states.editors["h0"].table, 0, 1, "0.5")
    dialog.accept()
    assert dialog.setup.states["h0"][0, 1] == 0.5
    assert dialog.setup.steps == 6


# ---- how a batch is read ----


class Untold(FromSeed):
    """Weights that do not tell batch_first, as those of a checkpoint."""

    tells_batch_first = False


def test_a_batch_for_weights_that_do_not_tell_is_taken_once_its_reading_is_chosen(
    open_dialog: Open, make_setup: Any, hands: Any, qtbot: Any, tmp_path: Path
) -> None:
    for line, tells in (("nn.LSTM(4, 2)", "batch_first=True"), ("nn.LSTMCell(4, 2)", "(B, T, K)")):
        current = replace(make_setup(line), source=Untold())
        dialog = open_dialog(current, FILE)
        assert not dialog.reading.isVisible()
        type_path(dialog, hands, qtbot, saved(tmp_path, "x.npy", 10, 7, 4))
        assert not can_accept(dialog)
        assert "10 sequences of 7 steps with the batch first, 7 sequences of 10 steps" in dialog.problem.text()
        assert [dialog.reading.itemText(0).split("   "), dialog.reading.count()] == [
            ["10 sequences of 7 steps", tells],
            2,
        ]
        hands.choose(dialog.reading, 0)
        assert can_accept(dialog)
        assert (dialog.setup.steps, dialog.setup.batch_size) == (7, 10)
        assert dialog.setup.spec.batch_first is (line == "nn.LSTM(4, 2)")
        assert "7 steps of 4 numbers, batch of 10" in dialog.summary.text()
        assert dialog.setup.source is current.source
        hands.choose(dialog.reading, 1)
        assert (dialog.setup.steps, dialog.setup.batch_size, dialog.setup.spec.batch_first) == (10, 7, False)


def test_a_batch_is_read_as_the_network_takes_it_and_otherwise_when_asked(
    open_dialog: Open, make_setup: Any, hands: Any, qtbot: Any, tmp_path: Path
) -> None:
    dialog = open_dialog(make_setup("nn.LSTM(4, 2, batch_first=True)"), FILE)
    type_path(dialog, hands, qtbot, saved(tmp_path, "x.npy", 10, 7, 4))
    assert can_accept(dialog)
    assert dialog.reading.currentText().startswith("10 sequences of 7 steps")
    assert dialog.setup.steps == 7
    hands.choose(dialog.reading, 1)
    assert dialog.setup.steps == 10


def test_the_batch_that_runs_is_read_otherwise_and_what_was_typed_into_it_stays(
    open_dialog: Open, make_setup: Any, hands: Any
) -> None:
    current = make_setup("nn.LSTM(4, 2)", steps=7, batch=10)
    dialog = open_dialog(current)
    page: Any = dialog.pages[1]
    hands.set_number(page.element, 3)
    type_into_cell(dialog, hands, page.table, 5, 2, "99")
    hands.choose(dialog.reading, 0)
    assert (dialog.setup.steps, dialog.setup.batch_size, dialog.setup.spec.batch_first) == (10, 7, True)
    assert (page.rows.value(), page.element.maximum(), page.element.value()) == (10, 6, 0)
    assert dialog.setup.sequence.values[5, 3, 2] == 99
    hands.set_number(page.element, 5)
    assert page.table.numbers[3, 2] == 99
    hands.choose(dialog.reading, 1)
    assert dialog.setup.steps == 7
    wanted = current.sequence.values.copy()
    wanted[5, 3, 2] = 99
    assert np.array_equal(dialog.setup.sequence.values, wanted)


def test_a_state_that_another_reading_leaves_no_room_for_is_said_and_comes_back(
    open_dialog: Open, make_setup: Any, hands: Any
) -> None:
    dialog = open_dialog(make_setup("nn.LSTM(4, 2)", steps=7, batch=10), STATES)
    type_into_cell(dialog, hands, dialog.states.editors["h0"].table, 0, 1, "0.5")
    assert dialog.problem.isHidden()
    dialog.tabs.setCurrentIndex(1)
    hands.choose(dialog.reading, 0)
    lost = "h0 is zero now: what was given has the shape (1, 10, 2), and comes back with it"
    assert dialog.problem.text() == f"⚠ {lost}"
    assert lost in dialog.states.editors["h0"].caption.text()
    assert dialog.states.values() == {}
    hands.choose(dialog.reading, 1)
    assert dialog.problem.isHidden()
    assert dialog.states.values()["h0"][0, 0, 1] == 0.5
