"""What a window that was killed had is offered first; then comes the file that was named, or the start page."""

from __future__ import annotations

import shutil
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch
from PySide6.QtWidgets import QFileDialog

from gatescope.edits.edits import Hold
from gatescope.messages.message import Message
from gatescope_app.dialogs.recovery_dialog import RecoveryDialog
from gatescope_app.dialogs.start_page import StartPage
from gatescope_app.state import recovery
from gatescope_app.state.runs import example_setup
from gatescope_app.state.session_state import State
from gatescope_app.window.main_window import MainWindow
from gatescope_app.window.start_up import StartUp


@pytest.fixture
def left_behind(show_window: Any, hands: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> tuple[State, Path]:
    """Return what a window showed, with an edit and a name, and its store, left as by a process that was killed."""
    window = show_window(example_setup("latch"))
    window.editor.do(Hold("f", 0.9, start=1, stop=2, units=(0,)))
    hands.qtbot.waitUntil(lambda: bool(window.session.state.history.edits))
    monkeypatch.setattr(QFileDialog, "getSaveFileName", lambda *_: (str(tmp_path / "lesson.gatescope"), ""))
    window.files.save()
    hands.qtbot.waitUntil(lambda: window.files.path is not None)
    hands.press("End")
    window.debugger.watch("mean(o)")
    window.autosave.flush()
    store = window.autosave.store.folder
    assert store is not None
    shutil.copytree(store, tmp_path / "copy", ignore=shutil.ignore_patterns("lock"))
    shown = window.session.state
    window.leaving = True
    window.close()
    shutil.copytree(tmp_path / "copy", store)
    return shown, store


def begin(window: MainWindow, location: str | None = None) -> StartUp:
    begun = StartUp(window, window.session, window.requests, window.files)
    begun.failed.connect(window.banner.show_error)
    begun.begin(location)
    return begun


def test_what_was_left_is_offered_and_opens_as_unsaved_under_its_name(
    show_window: Any, hands: Any, left_behind: tuple[State, Path], tmp_path: Path
) -> None:
    kept, store = left_behind
    window = show_window(example_setup("hello"))
    begin(window)
    hands.qtbot.waitUntil(lambda: any(one.isVisible() for one in window.findChildren(RecoveryDialog)))
    assert not window.findChildren(StartPage)
    hands.press("Return", window=window.findChild(RecoveryDialog))
    hands.qtbot.waitUntil(lambda: bool(window.session.state.history.edits), timeout=30_000)
    now = window.session.state
    assert (now.history, now.watches, now.cursor) == (kept.history, kept.watches, kept.cursor)
    assert torch.equal(now.run.trace.output, kept.run.trace.output)  # type: ignore[union-attr]
    assert window.files.path == tmp_path / "lesson.gatescope"
    assert window.isWindowModified()
    window.autosave.flush()
    hands.qtbot.waitUntil(lambda: not store.exists())  # it is this window's now
    assert window.autosave.store.folder is not None
    hands.bring_up(window)
    hands.press("Ctrl+S")
    hands.qtbot.waitUntil(lambda: not window.isWindowModified())


def test_what_was_left_for_later_is_offered_at_the_next_start(
    show_window: Any, hands: Any, left_behind: tuple[State, Path]
) -> None:
    _, store = left_behind
    window = show_window(example_setup("hello"))
    begin(window)
    hands.qtbot.waitUntil(lambda: any(one.isVisible() for one in window.findChildren(RecoveryDialog)))
    hands.press("Esc", window=window.findChild(RecoveryDialog))
    hands.qtbot.waitUntil(lambda: any(one.isVisible() for one in window.findChildren(StartPage)))
    window.findChild(StartPage).reject()  # type: ignore[union-attr]
    assert store.exists()


def test_a_file_that_was_named_is_opened_and_without_one_the_start_page_comes_once(
    show_window: Any, hands: Any, left_behind: tuple[State, Path], tmp_path: Path
) -> None:
    _, store = left_behind
    shutil.rmtree(store)
    window = show_window(example_setup("hello"))
    begin(window, str(tmp_path / "lesson.gatescope"))
    hands.qtbot.waitUntil(lambda: window.files.path == tmp_path / "lesson.gatescope", timeout=30_000)
    assert not window.findChildren(StartPage)
    begin(window)
    hands.qtbot.waitUntil(lambda: any(one.isVisible() for one in window.findChildren(StartPage)))
    for page in window.findChildren(StartPage):
        page.reject()
    again = begin(window)
    hands.qtbot.waitUntil(lambda: not again.worker.busy)
    assert not any(one.isVisible() for one in window.findChildren(StartPage))


def test_an_error_while_looking_is_said_and_the_window_goes_on(
    window: MainWindow, hands: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail() -> None:
        raise RuntimeError("broken")

    monkeypatch.setattr(recovery, "find_recoverable", fail)
    begin(window)
    hands.qtbot.waitUntil(window.banner.isVisible)
    assert "broken" in window.banner.label.text()
    hands.press("F10")
    assert window.session.state.cursor.t == 1


@pytest.mark.usefixtures("left_behind")
@pytest.mark.parametrize("named", [True, False])
def test_a_file_that_gives_way_to_what_is_recovered_is_named_and_listed_as_recent(
    show_window: Any, hands: Any, tmp_path: Path, named: bool
) -> None:
    window, notices = show_window(example_setup("hello")), list[Message]()
    window.files.remarked.connect(notices.extend)
    path = str(tmp_path / "named.npy")
    np.save(path, np.ones((3, 2), np.float32))
    begin(window, path if named else None)
    hands.qtbot.waitUntil(lambda: any(one.isVisible() for one in window.findChildren(RecoveryDialog)))
    opened: list[object] = []
    window.files.opened.connect(opened.append)
    hands.press("Return", window=window.findChild(RecoveryDialog))
    hands.qtbot.waitUntil(lambda: bool(opened), timeout=30_000)
    assert notices == ([Message("recovered_instead", {"path": path})] if named else [])
    assert window.session.state.setup.example == example_setup("latch").example
    assert (path in window.files.recent.paths) == named
    assert (path in window.banner.label.text()) == named


def test_a_file_that_was_named_is_opened_where_nothing_is_recovered_now(
    show_window: Any, hands: Any, left_behind: tuple[State, Path], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    window, opened = show_window(example_setup("hello")), list[str]()
    monkeypatch.setattr(window.requests, "open", opened.append)
    begin(window, str(tmp_path / "lesson.gatescope"))
    hands.qtbot.waitUntil(lambda: any(one.isVisible() for one in window.findChildren(RecoveryDialog)))
    hands.press("Esc", window=window.findChild(RecoveryDialog))
    hands.qtbot.waitUntil(lambda: bool(opened))
    assert opened == [str(tmp_path / "lesson.gatescope")]
    assert left_behind[1].exists()
