"""Opening checkpoints and recordings in the window, and saving a trace that can be opened again."""

from __future__ import annotations

import os
import threading
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch
from PySide6.QtCore import QMimeData, QPointF, Qt, QUrl
from PySide6.QtGui import QAccessible, QDragEnterEvent, QDropEvent
from PySide6.QtWidgets import QApplication, QComboBox, QFileDialog

import gatescope as gs
from gatescope.formats import checkpoints, readers
from gatescope.formats.trace_file import COPIED
from gatescope.modules.spec import ModuleSpec
from gatescope_app.dialogs.checkpoint_dialog import CheckpointDialog
from gatescope_app.dialogs.choose_dialog import ChooseDialog
from gatescope_app.dialogs.recording_dialog import RecordingDialog
from gatescope_app.look.theme import LIGHT
from gatescope_app.state.recorded_traces import RecordedTrace, read_recording
from gatescope_app.state.runs import Setup
from gatescope_app.state.worker import Worker
from gatescope_app.window.main_window import MainWindow

Make = Callable[..., Setup]


@pytest.fixture
def system_says(monkeypatch: pytest.MonkeyPatch) -> Callable[[Path], None]:
    """Return a function that lets the system's dialogs answer with a path."""

    def answer(path: Path) -> None:
        for name in ("getOpenFileName", "getSaveFileName"):
            monkeypatch.setattr(QFileDialog, name, lambda *_args, **_options: (str(path), ""))

    return answer


@pytest.fixture
def open_file(window: MainWindow, hands: Any, qtbot: Any, system_says: Any) -> Callable[..., None]:
    """Return a function that opens a file with Ctrl+O; `act` gets the dialog once the file was read."""

    def opens(path: Path, act: Callable[[Any], None]) -> None:
        def once_read(dialog: ChooseDialog) -> None:
            qtbot.waitUntil(lambda: not dialog.worker.busy)
            act(dialog)

        system_says(path)
        hands.in_dialog(lambda: hands.press("Ctrl+O"), once_read)
        hands.wait_for_run(window)

    return opens


def listed(dialog: ChooseDialog) -> list[list[str]]:
    model = dialog.model
    return [
        [model.index(row, column).data() for column in range(model.columnCount())] for row in range(model.rowCount())
    ]


def state_is_of(window: MainWindow, spec: ModuleSpec, steps: int) -> Any:
    state = window.session.state
    assert state.setup.spec == spec
    assert window.toolbar.place.text() == f"t = {state.cursor.t} / {steps - 1}"
    assert window.toolbar.badge.text().startswith("✓")
    assert state.run is not None
    return state.run.trace


# ---- checkpoints ----


def test_a_module_of_a_checkpoint_becomes_the_network_and_the_sequence_stays(
    window: MainWindow, hands: Any, open_file: Any, three_modules: Path
) -> None:
    hands.press("End")

    def act(dialog: CheckpointDialog) -> None:
        assert [row[:4] for row in listed(dialog)] == [
            ["encoder", "nn.GRU", "4 → 6, both directions", "float32"],
            ["decoder", "nn.LSTM", "", "float32"],
            ["cell", "nn.RNNCell", "4 → 2", "float32"],
        ]
        assert "weight_ih_l0_reverse" in dialog.details.toPlainText()
        assert not dialog.note.isVisible()
        hands.press("Return", window=dialog)

    open_file(three_modules, act)
    trace = state_is_of(window, ModuleSpec(4, 6, bidirectional=True, kind="GRU"), steps=5)
    saved = torch.load(three_modules, weights_only=True)
    assert all(torch.equal(weight, saved[f"encoder.{name}"]) for name, weight in trace.weights.items())
    assert trace.tokens == tuple("hello")
    assert window.windowTitle() == "nn.GRU(4, 6, bidirectional=True)[*] – three.pth::encoder – Gatescope"
    hands.press("Home", "F10")
    assert window.session.state.cursor.t == 1


def test_a_module_with_a_problem_names_it_and_cannot_be_taken(
    window: MainWindow, hands: Any, open_file: Any, three_modules: Path
) -> None:
    before = window.session.state

    def act(dialog: CheckpointDialog) -> None:
        hands.click_cell(dialog.table, 1)
        assert "bias_hh_l0 is missing" in listed(dialog)[1][4]
        assert "bias_hh_l0 is missing" in dialog.problem.text()
        assert not dialog.ok.isEnabled()
        hands.press("Up", window=dialog)
        assert dialog.ok.isEnabled()
        assert not dialog.problem.isVisible()
        hands.press("Esc", window=dialog)

    open_file(three_modules, act)
    hands.expect_unchanged(window, before)


def test_an_rnn_is_taken_once_its_nonlinearity_is_known_and_an_impulse_is_fed_where_the_sequence_does_not_fit(
    window: MainWindow, hands: Any, open_file: Any, hello_checkpoint: Path
) -> None:
    def act(dialog: CheckpointDialog) -> None:
        assert dialog.nonlinearity.isVisible()
        assert not dialog.ok.isEnabled()
        hands.press("Alt+N", "Down", "Down", window=dialog)
        assert dialog.nonlinearity.currentText() == "relu"
        assert dialog.ok.isEnabled()
        assert "has 4 numbers a step. The network takes 10, so it starts with an impulse" in dialog.note.text()
        hands.click(dialog.ok)

    open_file(hello_checkpoint, act)
    trace = state_is_of(window, ModuleSpec(10, 8, 2, kind="RNN", nonlinearity="relu"), steps=20)
    assert trace.x[:, 0].sum(dim=1).tolist() == [0, 0, 10] + 17 * [0]


def test_the_network_stays_while_sequences_change_and_the_file_goes(
    window: MainWindow, hands: Any, open_file: Any, three_modules: Path
) -> None:
    open_file(three_modules, lambda dialog: hands.press("Return", window=dialog))
    three_modules.unlink()

    def feed(dialog: Any) -> None:
        hands.replace_text(dialog.pages[0].text, "hole")
        hands.press("Ctrl+Return", window=dialog)

    hands.in_dialog(lambda: hands.press("Ctrl+E"), feed)
    hands.wait_for_run(window)
    state_is_of(window, ModuleSpec(4, 6, bidirectional=True, kind="GRU"), steps=4)
    assert "three.pth::encoder" in window.windowTitle()


@pytest.mark.parametrize(
    ("name", "content", "words"),
    [
        ("a.pt", b"", "it is empty"),
        ("a.safetensors", b"{}", "no checkpoint that can be read"),
        ("a.gates", b"notes", "a.gates"),
        ("missing.pth", None, "There is no file"),
    ],
)
def test_a_bad_file_is_one_line_in_the_dialog_and_the_state_stays(
    window: MainWindow, hands: Any, open_file: Any, tmp_path: Path, name: str, content: bytes | None, words: str
) -> None:
    before = window.session.state
    if content is not None:
        (tmp_path / name).write_bytes(content)

    def act(dialog: ChooseDialog) -> None:
        assert dialog.problem.isVisible()
        assert words in dialog.problem.text()
        assert "\n" not in dialog.problem.text()
        assert not dialog.ok.isEnabled()
        hands.press("Esc", window=dialog)

    open_file(tmp_path / name, act)
    hands.expect_unchanged(window, before)


def test_reading_can_be_cancelled(
    window: MainWindow, hands: Any, qtbot: Any, system_says: Any, three_modules: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    go, begun = threading.Event(), threading.Event()

    def slow(_path: Path) -> None:
        begun.set()
        go.wait(30)

    monkeypatch.setattr(checkpoints, "open_checkpoint", slow)
    system_says(three_modules)
    before = window.session.state

    def act(dialog: CheckpointDialog) -> None:
        qtbot.waitUntil(begun.is_set)
        assert dialog.file.text() == f"Reading {three_modules}…"
        hands.press("Esc", window=dialog)

    hands.in_dialog(lambda: hands.press("Ctrl+O"), act)
    hands.press("F10")
    go.set()
    window.requests.worker.wait()
    assert window.session.state.run is before.run
    assert window.session.state.cursor.t == 1


def test_every_control_of_the_dialogs_has_a_name(
    hands: Any, open_file: Any, hello_checkpoint: Path, hello_recording: Path
) -> None:
    def act(dialog: ChooseDialog) -> None:
        controls = [dialog.table, dialog.details, *dialog.findChildren(QComboBox)]
        assert all(QAccessible.queryAccessibleInterface(one).text(QAccessible.Text.Name) for one in controls)
        hands.press("Esc", window=dialog)

    for path in (hello_checkpoint, hello_recording):
        open_file(path, act)


# ---- recordings ----


def test_a_recorded_trace_is_shown_as_it_is(
    window: MainWindow, hands: Any, open_file: Any, hello_recording: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(gs, "trace", None)  # nothing may call it

    def act(dialog: RecordingDialog) -> None:
        assert listed(dialog) == [["rnn", "0", "nn.RNN", "5", "1"], ["rnn", "1", "nn.RNN", "3", "1"]]
        hands.press("Down", window=dialog)
        assert dialog.details.toPlainText().startswith("nn.RNN(10, 8, num_layers=2, batch_first=True)")
        hands.press("Return", window=dialog)

    open_file(hello_recording, act)
    trace = state_is_of(window, ModuleSpec(10, 8, 2, batch_first=True, kind="RNN"), steps=3)
    recorded = gs.load(hello_recording)["rnn"][1]
    assert torch.equal(trace.h_n, recorded.h_n)
    assert window.windowTitle().endswith("– hello.gates::rnn#1 – Gatescope")
    hands.press("End")
    assert window.session.state.cursor.t == 2


def test_another_sequence_is_fed_to_the_recorded_network(
    window: MainWindow, hands: Any, open_file: Any, hello_model: Any, hello_recording: Path
) -> None:
    open_file(hello_recording, lambda dialog: hands.press("Return", window=dialog))

    def feed(dialog: Any) -> None:
        assert dialog.tabs.currentIndex() == 1  # as numbers
        hands.double_click_cell(dialog.pages[1].table, 4, 0)
        editor: Any = QApplication.focusWidget()
        editor.selectAll()
        hands.type("7")
        hands.press("Return", window=dialog)
        hands.press("Ctrl+Return", window=dialog)

    hands.in_dialog(lambda: hands.press("Ctrl+E"), feed)
    hands.wait_for_run(window)
    trace = state_is_of(window, ModuleSpec(10, 8, 2, batch_first=True, kind="RNN"), steps=5)
    x = hello_model.embedding(torch.tensor([[1, 0, 2, 2, 3]])).detach()
    x[0, 4, 0] = 7
    assert torch.allclose(trace.output, hello_model.rnn(x)[0], atol=1e-6)


def test_accepting_the_sequence_dialog_unchanged_leaves_the_recorded_trace(
    window: MainWindow, hands: Any, open_file: Any, hello_recording: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(gs, "trace", None)
    open_file(hello_recording, lambda dialog: hands.press("Return", window=dialog))
    hands.in_dialog(lambda: hands.press("Ctrl+E"), lambda dialog: hands.press("Ctrl+Return", window=dialog))
    hands.wait_for_run(window)
    assert window.session.state.setup.source.recorded is not None
    assert not window.banner.isVisible()


def test_a_recorded_state_is_where_the_steps_start(
    window: MainWindow, hands: Any, open_file: Any, tmp_path: Path
) -> None:
    lstm = torch.nn.LSTM(2, 3)
    hx = (torch.full((1, 2, 3), 0.5), torch.arange(6.0).reshape(1, 2, 3))
    with gs.record(lstm, batch=None, path=tmp_path / "run.gates"):
        lstm(torch.ones(4, 2, 2), hx)
    open_file(tmp_path / "run.gates", lambda dialog: hands.press("Return", window=dialog))
    states = window.session.state.setup.states
    assert np.array_equal(states["h0"], hx[0].numpy())
    assert np.array_equal(states["c0"], hx[1].numpy())


def enlarged(path: Path) -> Path:
    """Make a file so large that its numbers are not read at once, without taking the room on the disk."""
    os.truncate(path, COPIED + 1)
    return path


def test_the_trace_of_a_large_recording_stays_as_it_was_when_it_was_chosen(
    window: MainWindow, hands: Any, open_file: Any, hello_recording: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    recorded = gs.load(hello_recording)["rnn"][1]
    enlarged(hello_recording)
    go, in_memory = threading.Event(), RecordedTrace.in_memory

    def slowly(entry: RecordedTrace, progress: Any) -> Any:
        assert go.wait(60)
        return in_memory(entry, progress)

    monkeypatch.setattr(RecordedTrace, "in_memory", slowly)

    def act(dialog: RecordingDialog) -> None:
        assert [row[1] for row in listed(dialog)] == ["0", "1"]
        assert "Trace 3" in dialog.note.text()
        hands.press("Down", "Return", window=dialog)
        assert dialog.file.text() == f"Reading {hello_recording}::rnn#1…"
        assert not dialog.ok.isEnabled()
        assert dialog.isVisible()
        go.set()
        hands.qtbot.waitUntil(lambda: not dialog.isVisible())

    open_file(hello_recording, act)
    with hello_recording.open("r+b") as file:  # to cut it would end this process where it is still mapped
        file.write(bytes(1 << 20))
    source = window.session.state.setup.source
    assert source.place == f"{hello_recording}::rnn#1"
    assert torch.equal(source.trace.x, recorded.x)  # type: ignore[attr-defined]
    trace = state_is_of(window, ModuleSpec(10, 8, 2, batch_first=True, kind="RNN"), steps=3)
    assert torch.equal(trace.h_n, recorded.h_n)


def test_a_recording_that_is_cut_short_while_it_is_listed_is_refused_there(
    window: MainWindow, hands: Any, open_file: Any, hello_recording: Path
) -> None:
    before = window.session.state
    raw = hello_recording.read_bytes()

    def act(dialog: RecordingDialog) -> None:
        os.truncate(hello_recording, 10)
        hands.press("Down", "Return", window=dialog)
        hands.qtbot.waitUntil(dialog.problem.isVisible)
        assert dialog.problem.text().startswith(f"✗ Trace 2 in {hello_recording} cannot be read: ")
        assert dialog.file.text() == str(hello_recording)
        hello_recording.write_bytes(raw)
        hands.press("Esc", window=dialog)

    open_file(enlarged(hello_recording), act)
    hands.expect_unchanged(window, before)


def test_a_recording_of_many_calls_is_listed_without_measuring_them_all(
    hands: Any, hello_recording: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    contents = read_recording(hello_recording)
    many = tuple(replace(contents.entries[0], call=call) for call in range(2000))
    measured, texts = set[int](), RecordingDialog.texts

    def counted(dialog: RecordingDialog, entry: RecordedTrace) -> Any:
        measured.add(entry.call)
        return texts(dialog, entry)

    dialog = RecordingDialog(LIGHT, None, Worker())
    hands.qtbot.addWidget(dialog)
    monkeypatch.setattr(RecordingDialog, "texts", counted)
    monkeypatch.setattr(dialog, "read", lambda _path: replace(contents, entries=many))
    dialog.open_file(str(hello_recording))
    hands.qtbot.waitUntil(dialog.ok.isEnabled)
    assert 0 < len(measured) <= 200


def test_a_packed_sequence_runs_again_with_its_lengths(
    window: MainWindow, hands: Any, open_file: Any, tmp_path: Path
) -> None:
    gru = torch.nn.GRU(2, 3, bidirectional=True)
    x = torch.nn.utils.rnn.pack_padded_sequence(torch.ones(5, 3, 2), [2, 5, 3], enforce_sorted=False)
    with gs.record(gru, batch=None, path=tmp_path / "run.gates"):
        gru(x)
    open_file(tmp_path / "run.gates", lambda dialog: hands.press("Return", window=dialog))
    recorded = state_is_of(window, ModuleSpec(2, 3, bidirectional=True, kind="GRU"), steps=5)
    window.session.start_on("cpu")
    hands.wait_for_run(window)
    again = state_is_of(window, ModuleSpec(2, 3, bidirectional=True, kind="GRU"), steps=5)
    assert again is not recorded
    assert torch.allclose(again.h_n, recorded.h_n, atol=1e-6)
    assert again.lengths.tolist() == [2, 5, 3]


def test_a_saved_trace_opens_again(
    window: MainWindow, hands: Any, qtbot: Any, open_file: Any, system_says: Any, tmp_path: Path
) -> None:
    kept = window.session.state.run
    assert kept is not None
    system_says(tmp_path / "hello.gates")
    hands.press("Ctrl+Shift+T")
    qtbot.waitUntil(lambda: not window.exporter.worker.busy)
    assert f"Wrote {tmp_path / 'hello.gates'}" in window.statusBar().currentMessage()
    open_file(tmp_path / "hello.gates", lambda dialog: hands.press("Return", window=dialog))
    trace = state_is_of(window, ModuleSpec(4, 4), steps=5)
    assert trace is not kept.trace
    assert trace.tokens == tuple("hello")
    assert torch.equal(trace.cell().c, kept.trace.cell().c)


def test_a_trace_that_cannot_be_written_says_so(
    window: MainWindow, hands: Any, qtbot: Any, system_says: Any, tmp_path: Path
) -> None:
    system_says(tmp_path / "missing" / "hello.gates")
    hands.press("Ctrl+Shift+T")
    qtbot.waitUntil(window.banner.isVisible)
    assert str(tmp_path / "missing" / "hello.gates") in window.banner.label.text()


# ---- other ways in ----


def drop(window: MainWindow, *paths: Path) -> bool:
    """Drag files over the window and let them go; return whether the window takes them."""
    data = QMimeData()
    data.setUrls([QUrl.fromLocalFile(str(path)) for path in paths])
    buttons, keys = Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier
    enter = QDragEnterEvent(window.rect().center(), Qt.DropAction.CopyAction, data, buttons, keys)
    enter.setAccepted(False)
    QApplication.sendEvent(window, enter)
    if enter.isAccepted():
        place = QPointF(window.rect().center())
        QApplication.sendEvent(window, QDropEvent(place, Qt.DropAction.CopyAction, data, buttons, keys))
        QApplication.processEvents()
    return enter.isAccepted()


def test_a_file_is_dropped_onto_the_window(window: MainWindow, hands: Any, qtbot: Any, hello_recording: Path) -> None:
    def act(dialog: RecordingDialog) -> None:
        qtbot.waitUntil(lambda: not dialog.worker.busy)
        hands.press("Return", window=dialog)

    hands.in_dialog(lambda: drop(window, hello_recording), act)
    hands.wait_for_run(window)
    state_is_of(window, ModuleSpec(10, 8, 2, batch_first=True, kind="RNN"), steps=5)


def test_a_file_of_every_reader_can_be_asked_for(
    window: MainWindow, hands: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    further = readers.Reader("checkpoint", (".weights",), "checkpoints.open_checkpoint")
    monkeypatch.setattr(readers, "READERS", (*readers.READERS, further))
    asked: list[str] = []
    monkeypatch.setattr(QFileDialog, "getOpenFileName", lambda *arguments: (asked.append(arguments[-1]) or "", ""))
    hands.press("Ctrl+O")
    (filters,) = asked
    assert filters.split(";;") == [
        f"All of these ({readers.format_patterns()})",
        f"Sessions ({readers.format_patterns('session')})",
        f"Sequences ({readers.format_patterns('sequence')})",
        f"Checkpoints ({readers.format_patterns('checkpoint')})",
        f"Recordings ({readers.format_patterns('recording')})",
        "All files (*)",
    ]
    assert [one.count("*.weights") for one in filters.split(";;")] == [1, 0, 0, 1, 0, 0]


def test_a_file_of_every_reader_can_be_dropped(
    window: MainWindow, hands: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "model.weights"
    path.write_text("weights in a format of one's own")
    assert drop(window, path)
    assert "model.weights must end in .csv, .npy" in window.banner.label.text()
    further = readers.Reader("checkpoint", (".weights",), "checkpoints.open_checkpoint")
    monkeypatch.setattr(readers, "READERS", (*readers.READERS, further))
    hands.in_dialog(lambda: drop(window, path), lambda dialog: hands.press("Esc", window=dialog))


def test_other_things_cannot_be_dropped(window: MainWindow, tmp_path: Path, hello_recording: Path) -> None:
    assert not drop(window, tmp_path / "notes.txt")
    assert not drop(window, hello_recording, hello_recording)


def test_a_dropped_file_is_what_it_holds(window: MainWindow, hands: Any, qtbot: Any, tmp_path: Path) -> None:
    path = tmp_path / "my-model.pth.tar"
    torch.save({"state_dict": torch.nn.GRU(4, 2).state_dict()}, path)

    def act(dialog: CheckpointDialog) -> None:
        qtbot.waitUntil(lambda: not dialog.worker.busy)
        hands.press("Return", window=dialog)

    hands.in_dialog(lambda: drop(window, path), act)
    hands.wait_for_run(window)
    state_is_of(window, ModuleSpec(4, 2, kind="GRU"), steps=5)
    open_menu = window.menus.recent
    open_menu.aboutToShow.emit()
    qtbot.waitUntil(lambda: open_menu.actions()[0].text() == "&1  my-model.pth.tar\tcheckpoint")


@pytest.mark.parametrize("way", ["open", "drop"])
def test_a_file_that_nothing_opens_is_named_with_what_to_do(
    window: MainWindow, hands: Any, system_says: Any, tmp_path: Path, way: str
) -> None:
    path, run = tmp_path / "my-model.tflite", window.session.state.run
    path.write_bytes(b"\x1c\0\0\0TFL3" + bytes(99))
    system_says(path)
    assert drop(window, path) if way == "drop" else hands.press("Ctrl+O") is None
    said = window.banner.label.text()
    assert "my-model.tflite cannot be opened: it is a model of TensorFlow Lite; put its weights" in said
    assert window.session.state.run is run


def test_a_file_of_another_kind_is_refused_in_one_line(
    window: MainWindow, hands: Any, system_says: Any, tmp_path: Path
) -> None:
    (tmp_path / "notes.txt").write_text("words")
    system_says(tmp_path / "notes.txt")
    hands.press("Ctrl+O")
    assert "notes.txt must end in .csv, .npy, .pt, .pth, .safetensors" in window.banner.label.text()


# ---- scenario S3: the networks that it names ----


@pytest.mark.parametrize(
    ("line", "steps", "batch", "h_n"),
    [
        ("nn.RNNCell(4, 2)", 3, 1, (1, 1, 2)),
        ("nn.RNN(4, 2, num_layers=3)", 5, 1, (3, 1, 2)),
    ],
)
def test_plain_rnns_are_stepped(
    show_window: Any, make_setup: Make, hands: Any, line: str, steps: int, batch: int, h_n: tuple[int, ...]
) -> None:
    window = show_window(make_setup(line, steps=steps, batch=batch))
    trace = window.session.state.run.trace
    assert tuple(trace.h_n.shape) == h_n
    for t in range(1, steps):
        hands.press("F10")
        assert window.toolbar.place.text() == f"t = {t} / {steps - 1}"
    assert window.toolbar.badge.text().startswith("✓")


def test_the_model_with_an_embedding_is_opened_both_ways(
    window: MainWindow, hands: Any, open_file: Any, hello_checkpoint: Path, hello_recording: Path
) -> None:
    def choose(dialog: CheckpointDialog) -> None:
        hands.press("Alt+N", "Down", window=dialog)
        hands.click(dialog.ok)

    open_file(hello_checkpoint, choose)

    def feed(dialog: Any) -> None:
        dialog.open_file(str(hello_checkpoint.parent / "letters.npy"))
        while dialog.worker.busy:
            QApplication.processEvents()
        hands.press("Ctrl+Return", window=dialog)

    hands.in_dialog(lambda: hands.press("Ctrl+E"), feed)
    hands.wait_for_run(window)
    run_again = state_is_of(window, ModuleSpec(10, 8, 2, kind="RNN"), steps=5)
    open_file(hello_recording, lambda dialog: hands.press("Return", window=dialog))
    recorded = state_is_of(window, ModuleSpec(10, 8, 2, batch_first=True, kind="RNN"), steps=5)
    assert torch.allclose(run_again.output, recorded.output[0], atol=1e-6)


def test_a_name_that_the_file_does_not_have_is_said(window: MainWindow, qtbot: Any, three_modules: Path) -> None:
    dialog = CheckpointDialog(window.session.state.setup, window.appearance.theme, window, Worker(window))
    qtbot.addWidget(dialog)
    for prefix, said in (("encoderr", "has no encoderr; choose from what there is."), ("encoder", "three.pth")):
        dialog.open_file(str(three_modules), prefix)
        qtbot.waitUntil(lambda: not dialog.worker.busy)
        assert dialog.file.text().endswith(said)


def test_a_recording_of_an_empty_batch_says_that_there_is_nothing_to_look_at(
    window: MainWindow, hands: Any, qtbot: Any, open_file: Any, tmp_path: Path
) -> None:
    run = window.session.state.run
    gs.trace(torch.nn.LSTM(4, 3), torch.ones(5, 0, 4)).save(tmp_path / "none.gates")
    open_file(tmp_path / "none.gates", lambda dialog: hands.press("Return", window=dialog))
    qtbot.waitUntil(window.banner.isVisible)
    assert window.banner.label.text() == "The batch is empty: it has no sequence to step through."
    assert window.session.state.run is run
