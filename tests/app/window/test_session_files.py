"""Sessions in the window: saved, opened, asked about before changes are left, and guarded against other programs."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import torch
from PySide6.QtWidgets import QAbstractButton, QFileDialog, QMessageBox

import gatescope as gs
from gatescope.debugging.breakpoints import Breakpoint
from gatescope.edits.edits import Hold
from gatescope.formats import files
from gatescope_app.state.file_lock import lock_file
from gatescope_app.state.runs import example_setup
from gatescope_app.window.main_window import MainWindow


@pytest.fixture
def names(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Return a list: the names that the system's dialogs answer with, one after the other; then none."""
    left: list[str] = []

    def ask(*_arguments: Any) -> tuple[str, str]:
        return (left.pop(0) if left else ""), ""

    for dialog in ("getOpenFileName", "getSaveFileName"):
        monkeypatch.setattr(QFileDialog, dialog, ask)
    return left


@pytest.fixture
def saved(window: MainWindow, hands: Any, names: list[str], tmp_path: Path) -> Path:
    """Return the file of the window's session, which holds an edit."""
    edit(window, hands)
    names.append(str(tmp_path / "lesson"))
    save(window, hands)
    assert not window.isWindowModified()
    return tmp_path / "lesson.gatescope"


def edit(window: MainWindow, hands: Any, value: float = 0.9) -> None:
    before = window.session.state.run
    window.editor.do(Hold("f", value, start=1, stop=2, units=(3,)))
    hands.qtbot.waitUntil(lambda: window.session.state.run is not before)


def save(window: MainWindow, hands: Any) -> None:
    hands.press("Ctrl+S")
    hands.qtbot.waitUntil(lambda: not window.files.writer.busy)


def settle(window: MainWindow, hands: Any) -> None:
    """Wait until the run is on show; one that is held does not drift, so that this waits for none."""
    session = window.session
    hands.qtbot.waitUntil(lambda: session.state.run is not None and not session.runner.busy, timeout=60_000)


def answer(button: str) -> Callable[[QMessageBox], None]:
    """Return what clicks the button of a box that is called so."""

    def act(box: QMessageBox) -> None:
        found = [one for one in box.findChildren(QAbstractButton) if one.text().replace("&", "") == button]
        assert len(found) == 1, [one.text() for one in box.findChildren(QAbstractButton)]
        found[0].click()

    return act


def open_session(window: MainWindow, hands: Any, path: Path) -> None:
    window.requests.open(str(path))
    hands.qtbot.waitUntil(lambda: window.files.path == path)
    settle(window, hands)


# ---- the title, and what counts as a change ----


def test_a_fresh_window_has_nothing_to_save_and_a_change_that_is_undone_neither(window: MainWindow, hands: Any) -> None:
    title = "hello to ohlol: one letter, two answers[*] – Gatescope"
    assert (window.windowTitle(), window.isWindowModified()) == (title, False)
    hands.press("F10", "End", "Ctrl+Right", "Ctrl+PgDown", "F6")  # moves and looks
    assert not window.isWindowModified()
    edit(window, hands)
    assert window.windowTitle() == "hello to ohlol: one letter, two answers[*] – edited – Gatescope"
    assert window.isWindowModified()
    hands.press("Ctrl+Z")
    hands.qtbot.waitUntil(lambda: window.windowTitle() == title)
    assert not window.isWindowModified()
    window.debugger.watch("mean(o)")
    assert window.isWindowModified()


def test_what_can_be_opened_again_by_a_click_is_nothing_to_save(window: MainWindow, hands: Any) -> None:
    window.requests.example("latch")
    settle(window, hands)
    assert not window.isWindowModified()
    hands.press("Ctrl+Z")
    hands.qtbot.waitUntil(lambda: window.session.state.setup.example == example_setup("hello").example)
    assert not window.isWindowModified()
    edit(window, hands)
    window.requests.example("latch")  # the edit before it can only be had again by undoing
    settle(window, hands)
    assert window.isWindowModified()


def test_the_title_names_the_file_and_what_is_in_it(window: MainWindow, hands: Any, saved: Path) -> None:
    assert window.windowTitle() == "lesson.gatescope[*] – hello to ohlol: one letter, two answers – edited – Gatescope"
    window.appearance.choose_language("zh_CN")
    hands.qtbot.waitUntil(lambda: "hello 到 ohlol" in window.windowTitle())
    assert window.windowTitle().startswith("lesson.gatescope[*] – ")


def test_odd_names_of_files_do_not_break_the_title(
    window: MainWindow, hands: Any, names: list[str], tmp_path: Path
) -> None:
    names.append(str(tmp_path / "a[*]\x1bb.gatescope"))
    save(window, hands)
    assert window.windowTitle().startswith("a[*][*]\\x1bb.gatescope[*] – ")


# ---- saving and opening ----


def test_what_is_saved_opens_as_it_was(
    window: MainWindow, show_window: Any, hands: Any, saved: Path, names: list[str]
) -> None:
    window.debugger.add(Breakpoint("f[2] > 0.99"))
    window.debugger.watch("mean(o)")
    hands.press("End", "F8")
    save(window, hands)
    assert "lesson.gatescope" in window.statusBar().currentMessage()
    kept = window.session.state
    window.files.new()
    hands.qtbot.waitUntil(lambda: window.files.path is None)
    settle(window, hands)
    assert window.session.state.history.edits == ()
    assert window.session.state.watches == ()
    hands.press("F7")
    open_session(window, hands, saved)
    now = window.session.state
    assert now.history == kept.history
    assert (now.breakpoints, now.watches, now.cursor) == (kept.breakpoints, kept.watches, kept.cursor)
    assert now.run is not None
    assert kept.run is not None
    assert torch.equal(now.run.trace.output, kept.run.trace.output)
    hands.qtbot.waitUntil(lambda: window.layouts.name == "compare")  # as it was arranged
    assert not window.isWindowModified()
    hands.press("Ctrl+Z")
    hands.qtbot.waitUntil(lambda: window.session.state.watches == ())  # what was done before can be undone
    assert window.isWindowModified()


def test_save_as_goes_on_in_the_other_file(
    window: MainWindow, hands: Any, saved: Path, names: list[str], tmp_path: Path
) -> None:
    first = saved.read_bytes()
    edit(window, hands, 0.1)
    names.append(str(tmp_path / "other.gatescope"))
    hands.press("Ctrl+Shift+S")
    hands.qtbot.waitUntil(lambda: window.files.path == tmp_path / "other.gatescope")
    assert not window.isWindowModified()
    assert saved.read_bytes() == first
    recent = window.files.recent.paths
    assert recent == [str(tmp_path / "other.gatescope"), str(saved)]


def test_leaving_the_question_for_a_name_saves_nothing(window: MainWindow, hands: Any, names: list[str]) -> None:
    edit(window, hands)
    save(window, hands)
    assert window.files.path is None
    assert window.isWindowModified()


def test_a_save_while_a_run_is_under_way_has_what_the_run_shows(
    window: MainWindow, hands: Any, names: list[str], tmp_path: Path
) -> None:
    names.append(str(tmp_path / "a.gatescope"))
    window.editor.do(Hold("f", 0.5, start=1, stop=2, units=(3,)))
    assert window.session.runner.busy
    hands.press("Ctrl+S")
    hands.qtbot.waitUntil(lambda: window.files.path is not None)
    assert len(window.session.state.history.edits) == 1
    assert not window.isWindowModified()


def test_a_disk_that_is_full_is_told_and_the_older_file_stays(
    window: MainWindow, hands: Any, saved: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    older = saved.read_bytes()
    edit(window, hands, 0.1)

    def full(_number: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(files.os, "fsync", full)
    save(window, hands)
    hands.qtbot.waitUntil(window.banner.isVisible)
    assert "No space left on device" in window.banner.label.text()
    assert str(saved) in window.banner.label.text()
    assert saved.read_bytes() == older
    assert window.isWindowModified()
    assert list(saved.parent.glob("*.part")) == []


def test_a_file_that_is_no_session_is_refused_and_what_is_open_stays(
    window: MainWindow, hands: Any, saved: Path, tmp_path: Path
) -> None:
    before = window.session.state
    (tmp_path / "bad.gatescope").write_bytes(b"notes")
    window.requests.open(str(tmp_path / "bad.gatescope"))
    hands.qtbot.waitUntil(window.banner.isVisible)
    assert "bad.gatescope" in window.banner.label.text()
    hands.expect_unchanged(window, before)
    assert window.files.path == saved
    assert lock_file(tmp_path / "bad.gatescope") is not None  # it is no window's


# ---- leaving ----


def test_quitting_asks_once_and_cancel_stays(window: MainWindow, hands: Any) -> None:
    edit(window, hands)
    boxes: list[str] = []

    def cancel(box: QMessageBox) -> None:
        boxes.append(box.text())
        hands.press("Esc", window=box)

    hands.in_dialog(lambda: hands.press("Ctrl+Q"), cancel)
    assert boxes == ["Save the changes to “hello to ohlol: one letter, two answers”?"]
    assert window.isVisible()
    hands.press("F10")
    assert window.session.state.cursor.t == 1


def test_quitting_without_changes_asks_nothing(window: MainWindow, hands: Any) -> None:
    hands.press("Ctrl+Q")
    assert not window.isVisible()


def test_discarding_closes(window: MainWindow, hands: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    edit(window, hands)
    monkeypatch.setattr(QMessageBox, "exec", answer("Discard"))
    hands.press("Ctrl+Q")
    hands.qtbot.waitUntil(lambda: not window.isVisible())


def test_saving_closes_when_it_is_saved_and_not_when_that_fails(
    window: MainWindow, hands: Any, names: list[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    edit(window, hands)
    names += ["", str(tmp_path / "missing" / "a.gatescope"), str(tmp_path / "a.gatescope")]
    hands.in_dialog(lambda: hands.press("Ctrl+Q"), answer("Save"))  # and no name is given
    assert window.isVisible()
    hands.in_dialog(lambda: hands.press("Ctrl+Q"), answer("Save"))
    hands.qtbot.waitUntil(window.banner.isVisible)
    assert window.isVisible()
    assert window.isWindowModified()
    monkeypatch.setattr(QMessageBox, "exec", answer("Save"))
    hands.press("Ctrl+Q")
    hands.qtbot.waitUntil(lambda: not window.isVisible())
    assert (tmp_path / "a.gatescope").exists()


def test_new_and_open_ask_and_other_files_do_not(
    window: MainWindow, hands: Any, saved: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    edit(window, hands, 0.1)
    before = window.session.state
    hands.in_dialog(lambda: hands.press("Ctrl+Shift+N"), answer("Cancel"))
    hands.in_dialog(lambda: window.requests.open(str(saved)), answer("Cancel"))
    hands.expect_unchanged(window, before)
    monkeypatch.setattr(QMessageBox, "exec", lambda _box: pytest.fail("nothing is lost"))
    window.requests.example("latch")
    settle(window, hands)
    hands.press("Ctrl+Z")
    settle(window, hands)
    monkeypatch.undo()
    hands.in_dialog(lambda: hands.press("Ctrl+Shift+N"), answer("Discard"))
    hands.qtbot.waitUntil(lambda: window.files.path is None)
    assert not window.isWindowModified()


# ---- other windows and other programs ----


def test_a_second_window_is_told_and_may_open_a_copy(
    show_window: Any, window: MainWindow, hands: Any, saved: Path, names: list[str]
) -> None:
    second = show_window(example_setup("latch"))
    hands.in_dialog(lambda: second.requests.open(str(saved)), answer("Cancel"))
    assert second.session.state.setup.example == example_setup("latch").example
    hands.in_dialog(lambda: second.requests.open(str(saved)), answer("Open a copy"))
    hands.qtbot.waitUntil(lambda: bool(second.session.state.history.edits))
    assert second.files.path is None
    assert second.windowTitle().startswith("copy of lesson.gatescope[*] – ")
    assert not second.isWindowModified()
    names += [str(saved), ""]
    told: list[str] = []

    def close(box: QMessageBox) -> None:
        told.append(box.text())
        box.close()

    hands.in_dialog(second.files.save, close)
    assert told == [f"{saved} is open in another window."]
    window.files.new()
    hands.qtbot.waitUntil(lambda: window.files.path is None)
    open_session(second, hands, saved)  # now it is free


def test_a_file_that_another_program_changed_is_told_and_asked_about(
    window: MainWindow, hands: Any, saved: Path, names: list[str]
) -> None:
    theirs = saved.read_bytes() + b" "
    saved.write_bytes(theirs)
    hands.qtbot.waitUntil(window.banner.isVisible)
    assert "was changed by another program" in window.banner.label.text()
    edit(window, hands, 0.1)
    hands.in_dialog(lambda: hands.press("Ctrl+S"), lambda box: hands.press("Esc", window=box))
    assert saved.read_bytes() == theirs
    assert window.isWindowModified()
    names.append(str(saved.with_name("mine.gatescope")))
    hands.in_dialog(lambda: hands.press("Ctrl+S"), answer("Save as…"))
    hands.qtbot.waitUntil(lambda: window.files.path == saved.with_name("mine.gatescope"))
    assert saved.read_bytes() == theirs
    saved.with_name("mine.gatescope").write_bytes(theirs)
    hands.in_dialog(lambda: hands.press("Ctrl+S"), answer("Replace it"))
    hands.qtbot.waitUntil(lambda: not window.files.writer.busy)
    assert saved.with_name("mine.gatescope").read_bytes() != theirs
    save(window, hands)  # and nothing is asked


def test_a_file_that_was_removed_is_told_and_written_again(window: MainWindow, hands: Any, saved: Path) -> None:
    saved.unlink()
    hands.qtbot.waitUntil(window.banner.isVisible)
    assert "was removed or renamed" in window.banner.label.text()
    save(window, hands)
    assert saved.exists()


# ---- recordings that are referred to ----


def test_a_recording_that_moved_is_asked_for_and_another_one_is_refused(
    window: MainWindow, hands: Any, names: list[str], hello_recording: Path, tmp_path: Path
) -> None:
    def accept(dialog: Any) -> None:
        hands.qtbot.waitUntil(dialog.ok.isEnabled)
        hands.press("Return", window=dialog)

    hands.in_dialog(lambda: window.requests.open(str(hello_recording)), accept)
    settle(window, hands)
    names.append(str(tmp_path / "a.gatescope"))
    save(window, hands)
    shown = window.session.state.run
    assert shown is not None
    window.files.new()
    hands.qtbot.waitUntil(lambda: window.files.path is None)
    settle(window, hands)
    os.rename(hello_recording, tmp_path / "moved.gates")
    lstm = torch.nn.LSTM(2, 3)
    with gs.record(lstm, path=tmp_path / "wrong.gates"):
        lstm(torch.ones(4, 2))
    before = window.session.state
    told: list[str] = []

    def give_up(box: QMessageBox) -> None:
        told.append(box.text())
        hands.press("Esc", window=box)

    def read() -> None:
        window.requests.open(str(tmp_path / "a.gatescope"))
        hands.qtbot.waitUntil(lambda: not window.files.reader.worker.busy)

    hands.in_dialog(read, give_up)
    assert "hello.gates" in told[0]
    hands.expect_unchanged(window, before)
    names += [str(tmp_path / "wrong.gates"), str(tmp_path / "moved.gates")]
    boxes: list[str] = []

    def find(box: QMessageBox) -> None:
        boxes.append(box.text())
        answer("Find the recording…")(box)

    hands.in_dialog(read, find)
    hands.qtbot.waitUntil(lambda: window.files.path == tmp_path / "a.gatescope", timeout=20_000)
    assert len(boxes) == 2
    assert boxes[0] != boxes[1]
    assert "wrong.gates" in boxes[1]
    now = window.session.state.run
    assert now is not None
    assert torch.equal(now.trace.output, shown.trace.output)
