"""Choosing the head in the checkpoint dialog, and what becomes of it in the window."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch
from PySide6.QtWidgets import QFileDialog
from torch import nn

from gatescope.analysis.heads import LinearHead
from gatescope_app.dialogs.checkpoint_dialog import CheckpointDialog
from gatescope_app.window.main_window import MainWindow


@pytest.fixture
def open_file(
    window: MainWindow, hands: Any, qtbot: Any, monkeypatch: pytest.MonkeyPatch
) -> Callable[[Path, Callable[[CheckpointDialog], None]], None]:
    """Return a function that opens a checkpoint with Ctrl+O; `act` gets the dialog once the file was read."""

    def opens(path: Path, act: Callable[[CheckpointDialog], None]) -> None:
        monkeypatch.setattr(QFileDialog, "getOpenFileName", lambda *_args, **_options: (str(path), ""))

        def once_read(dialog: CheckpointDialog) -> None:
            qtbot.waitUntil(lambda: not dialog.worker.busy)
            act(dialog)

        hands.in_dialog(lambda: hands.press("Ctrl+O"), once_read)
        hands.wait_for_run(window)

    return opens


def save(path: Path, **parts: nn.Module) -> Path:
    torch.save(nn.ModuleDict(parts).state_dict(), path / "model.pt")
    return path / "model.pt"


def choices(dialog: CheckpointDialog) -> list[str]:
    return [dialog.head.itemText(index) for index in range(dialog.head.count())]


def head_of(window: MainWindow) -> LinearHead | None:
    head = window.session.state.setup.head
    assert head is None or isinstance(head, LinearHead)
    return head


def test_the_one_that_fits_is_chosen_already(
    window: MainWindow, hands: Any, open_file: Any, hello_checkpoint: Path, hello_model: Any
) -> None:
    def act(dialog: CheckpointDialog) -> None:
        assert choices(dialog) == ["none", "out: Linear(8 → 4)"]
        assert dialog.head.currentText() == "out: Linear(8 → 4)"
        hands.press("Alt+N", "Down", window=dialog)
        hands.click(dialog.ok)

    open_file(hello_checkpoint, act)
    head = head_of(window)
    assert head is not None
    assert torch.equal(head.weight, hello_model.out.weight)
    window.panels.show("predictions")
    view: Any = window.views["predictions"]
    hands.click(view.go_on)
    run = window.session.state.run
    assert run is not None
    with torch.no_grad():
        wanted = hello_model.out(run.trace.output[0]).softmax(0)
    assert [row.value for row in view.table.classes.rows] == pytest.approx(wanted.tolist(), abs=1e-6)


def test_none_can_be_chosen(window: MainWindow, hands: Any, open_file: Any, tmp_path: Path) -> None:
    def act(dialog: CheckpointDialog) -> None:
        hands.press("Alt+H", "Up", window=dialog)
        assert dialog.head.currentText() == "none"
        hands.click(dialog.ok)

    open_file(save(tmp_path, rnn=nn.LSTM(4, 6), out=nn.Linear(6, 3)), act)
    assert head_of(window) is None


def test_of_several_a_person_chooses(window: MainWindow, hands: Any, open_file: Any, tmp_path: Path) -> None:
    words = nn.Linear(6, 9)

    def act(dialog: CheckpointDialog) -> None:
        assert choices(dialog) == ["none", "tags: Linear(6 → 3)", "words: Linear(6 → 9)"]
        assert dialog.head.currentText() == "none"
        hands.choose(dialog.head, 2)
        hands.click(dialog.ok)

    open_file(save(tmp_path, rnn=nn.LSTM(4, 6), tags=nn.Linear(6, 3), words=words), act)
    head = head_of(window)
    assert head is not None
    assert (head.name, head.label) == ("words", "words: Linear(6 → 9)")
    assert torch.equal(head.weight, words.weight)


def test_where_nothing_fits_the_choice_says_what_is_missing(
    window: MainWindow, hands: Any, open_file: Any, tmp_path: Path
) -> None:
    def act(dialog: CheckpointDialog) -> None:
        assert choices(dialog) == ["none: no Linear in the file reads 12 numbers"]
        assert not dialog.head.isEnabled()
        hands.press("Return", window=dialog)

    open_file(save(tmp_path, rnn=nn.LSTM(4, 6, bidirectional=True), out=nn.Linear(6, 3)), act)
    assert head_of(window) is None


def test_each_module_has_its_own_choices(window: MainWindow, hands: Any, open_file: Any, tmp_path: Path) -> None:
    parts: dict[str, nn.Module] = {
        "a": nn.LSTM(4, 6), "b": nn.LSTM(4, 7), "out_a": nn.Linear(6, 3), "out_b": nn.Linear(7, 5),
    }  # fmt: skip

    def act(dialog: CheckpointDialog) -> None:
        assert dialog.head.currentText() == "out_a: Linear(6 → 3)"
        hands.click_cell(dialog.table, 1)
        assert choices(dialog) == ["none", "out_b: Linear(7 → 5)"]
        hands.press("Return", window=dialog)

    open_file(save(tmp_path, **parts), act)
    head = head_of(window)
    assert head is not None
    assert head.name == "out_b"


def test_a_module_with_a_problem_asks_for_no_head(
    window: MainWindow, hands: Any, open_file: Any, three_modules: Path
) -> None:
    def act(dialog: CheckpointDialog) -> None:
        assert dialog.head.isVisible()
        hands.click_cell(dialog.table, 1)
        assert not dialog.head.isVisible()
        hands.press("Esc", window=dialog)

    open_file(three_modules, act)


def test_the_head_stays_while_sequences_change_and_the_file_goes(
    window: MainWindow, hands: Any, open_file: Any, tmp_path: Path
) -> None:
    path = save(tmp_path, rnn=nn.LSTM(4, 6), out=nn.Linear(6, 3))
    open_file(path, lambda dialog: hands.press("Return", window=dialog))
    head = head_of(window)
    assert head is not None
    path.unlink()

    def feed(dialog: Any) -> None:
        hands.replace_text(dialog.pages[0].text, "hole")
        hands.press("Ctrl+Return", window=dialog)

    hands.in_dialog(lambda: hands.press("Ctrl+E"), feed)
    hands.wait_for_run(window)
    assert window.session.state.setup.steps == 4
    assert head_of(window) is head


def test_a_network_made_to_fit_another_sequence_has_no_head(
    window: MainWindow, hands: Any, open_file: Any, tmp_path: Path
) -> None:
    """The planted fault: weights from a seed under a trained head would predict nonsense."""
    path = save(tmp_path, rnn=nn.LSTM(4, 6), out=nn.Linear(6, 3))
    open_file(path, lambda dialog: hands.press("Return", window=dialog))
    assert head_of(window) is not None

    def feed(dialog: Any) -> None:
        dialog.pages[0].vocabulary.clear()
        hands.replace_text(dialog.pages[0].text, "seven")
        dialog.pages[0].text.setPlainText("abcdefg")
        hands.click(dialog.fit)
        hands.press("Ctrl+Return", window=dialog)

    hands.in_dialog(lambda: hands.press("Ctrl+E"), feed)
    hands.wait_for_run(window)
    assert window.session.state.setup.spec.input_size == 7
    assert head_of(window) is None


# ---- what no tensor tells: how a batch is read ----


@pytest.fixture
def batch_first_file(tmp_path: Path) -> Path:
    """Return the file of a layer that takes its batch first."""
    return save(tmp_path, rnn=nn.LSTM(4, 6, batch_first=True))


def test_how_a_batch_is_read_is_asked_with_both_readings(
    show_window: Any, make_setup: Any, hands: Any, qtbot: Any, batch_first_file: Path
) -> None:
    window = show_window(make_setup("nn.LSTM(4, 3)", steps=7, batch=10))
    before = window.session.state.setup.sequence

    def act(dialog: CheckpointDialog) -> None:
        qtbot.waitUntil(lambda: not dialog.worker.busy)
        assert [dialog.reading.itemText(row).split("   ")[0] for row in (0, 1)] == [
            "7 sequences of 10 steps",
            "10 sequences of 7 steps",
        ]
        assert dialog.reading.currentText() == "10 sequences of 7 steps   batch_first=False"  # as it runs now
        hands.press("Alt+B", "Up", window=dialog)
        hands.click(dialog.ok)

    hands.in_dialog(lambda: window.requests.open(str(batch_first_file)), act)
    hands.wait_for_run(window)
    setup = window.session.state.setup
    assert (setup.steps, setup.batch_size, setup.spec.batch_first) == (10, 7, True)
    assert setup.sequence is before
    assert "nn.LSTM(4, 6, batch_first=True)" in window.windowTitle()
    hands.press("Ctrl+Z")
    hands.wait_for_run(window)
    assert window.session.state.setup.steps == 7


def test_without_a_batch_there_is_nothing_to_choose(
    window: MainWindow, hands: Any, open_file: Any, batch_first_file: Path
) -> None:
    def act(dialog: CheckpointDialog) -> None:
        assert dialog.reading.currentText() == "no difference: the sequence has no batch"
        assert not dialog.reading.isEnabled()
        hands.press("Return", window=dialog)

    open_file(batch_first_file, act)
    assert not window.session.state.setup.spec.batch_first


def test_a_cell_gets_the_sequences_that_are_chosen(
    show_window: Any, make_setup: Any, hands: Any, qtbot: Any, tmp_path: Path
) -> None:
    window = show_window(make_setup("nn.LSTM(4, 3, batch_first=True)", steps=7, batch=10))
    before = window.session.state.setup

    def act(dialog: CheckpointDialog) -> None:
        qtbot.waitUntil(lambda: not dialog.worker.busy)
        assert dialog.reading.currentText() == "10 sequences of 7 steps   (B, T, K)"
        hands.press("Return", window=dialog)

    hands.in_dialog(lambda: window.requests.open(str(save(tmp_path, cell=nn.GRUCell(4, 6)))), act)
    hands.wait_for_run(window)
    setup = window.session.state.setup
    assert (setup.steps, setup.batch_size) == (7, 10)
    assert (setup.inputs(9) == before.inputs(9)).all()


def test_tensors_that_the_module_does_not_have_are_named(
    window: MainWindow, hands: Any, open_file: Any, tmp_path: Path
) -> None:
    cell = nn.LSTMCell(4, 6)
    cell.weight_ci = nn.Parameter(torch.ones(6))

    def act(dialog: CheckpointDialog) -> None:
        assert dialog.note.isVisible()
        assert "cell: among its weights are weight_ci, which nn.LSTMCell does not have" in dialog.note.text()
        hands.press("Return", window=dialog)

    open_file(save(tmp_path, cell=cell), act)
    assert window.session.state.setup.spec.kind == "LSTMCell"


def test_initial_states_are_said_to_stay_or_not_to_fit(
    show_window: Any, make_setup: Any, hands: Any, qtbot: Any, tmp_path: Path
) -> None:
    states = {"h0": np.ones((1, 3)), "c0": np.ones((1, 3))}
    window = show_window(replace(make_setup("nn.LSTM(4, 3)"), states=states))
    file = save(tmp_path, a=nn.GRU(4, 3), b=nn.LSTM(4, 5))

    def act(dialog: CheckpointDialog) -> None:
        qtbot.waitUntil(lambda: not dialog.worker.busy)
        assert dialog.note.text() == "⚠ Does not fit, and becomes zero: c0.\nIt starts from what was given: h0."
        hands.press("Down", window=dialog)
        assert dialog.note.text() == "⚠ Does not fit, and becomes zero: h0, c0."
        hands.press("Up", "Return", window=dialog)

    hands.in_dialog(lambda: window.requests.open(str(file)), act)
    hands.wait_for_run(window)
    assert list(window.session.state.setup.states) == ["h0"]
