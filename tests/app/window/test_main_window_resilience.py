"""Whatever goes wrong, the window says so and goes on from where it was."""

from __future__ import annotations

import logging
import sys
import threading
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtWidgets import QMessageBox

from gatescope.messages.message import Progress
from gatescope_app.state import error_log as faults, revisions
from gatescope_app.state.runs import Run, Setup, example_setup, run
from gatescope_app.state.sources import FromExample
from gatescope_app.window.main_window import MainWindow

Open = Callable[..., MainWindow]


class Slow:
    """Stands in for `run`: holds back the first network that it is told to, with progress, until let go."""

    def __init__(self, hold: Setup) -> None:
        self.hold, self.begun, self.go = hold, threading.Event(), threading.Event()

    def __call__(self, setup: Setup, progress: Progress) -> Run:
        if setup is self.hold:
            self.begun.set()
            while not self.go.wait(0.005):
                progress(0.5)
        return run(setup, progress)


def can_still_step(window: MainWindow, hands: Any) -> None:
    hands.press("Home", "F10")
    assert window.session.state.cursor.t == 1
    assert window.gates.plots["f"].item.known == range(2)
    assert window.toolbar.place.text().startswith("t = 1 /")


def test_an_unexpected_error_in_a_run_is_said_logged_and_survived(
    window: MainWindow, hands: Any, qtbot: Any, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    before = window.session.state

    def broken(*_args: object) -> None:
        raise RuntimeError("boom")

    monkeypatch.setattr(revisions, "run", broken)
    with caplog.at_level(logging.ERROR, "gatescope"):
        window.session.start(example_setup("latch"))
        qtbot.waitUntil(window.banner.isVisible)
    assert "Unexpected error: RuntimeError: boom" in window.banner.label.text()
    assert str(faults.log_path()) in window.banner.label.text()
    assert "RuntimeError: boom" in caplog.text
    assert "Traceback" in caplog.text
    hands.expect_unchanged(window, before)
    can_still_step(window, hands)


def test_an_unexpected_error_in_a_slot_is_said_logged_and_survived(
    window: MainWindow, hands: Any, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setattr(sys, "excepthook", sys.excepthook)  # so that it is put back
    faults.catch_all(window.banner.show_error)

    def broken() -> None:
        raise KeyError("lost")

    window.actions_by_name["compare"].triggered.connect(lambda _: broken())
    with caplog.at_level(logging.ERROR, "gatescope"):
        hands.press("Ctrl+M")
    assert "Unexpected error: KeyError: 'lost'" in window.banner.label.text()
    assert window.banner.isVisible()
    assert "KeyError" in caplog.text
    can_still_step(window, hands)


def test_the_log_file_holds_the_traceback(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, qapp: Any) -> None:
    monkeypatch.setattr(faults, "log_path", lambda: tmp_path / "logs" / "gatescope.log")
    log = logging.getLogger("gatescope")
    before = list(log.handlers)
    faults.start_log()
    try:
        faults.report(ValueError("for the log"))
    finally:
        for handler in [handler for handler in log.handlers if handler not in before]:
            handler.close()
            log.removeHandler(handler)
    assert "ValueError: for the log" in (tmp_path / "logs" / "gatescope.log").read_text()


def test_a_new_run_replaces_an_older_one_that_is_never_shown(
    window: MainWindow, hands: Any, qtbot: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    old, new = example_setup("latch"), example_setup("brackets")
    slow = Slow(old)
    monkeypatch.setattr(revisions, "run", slow)
    shown = []
    window.session.changed.connect(lambda _old, state: shown.append(state.setup))
    window.session.start(old)
    assert slow.begun.wait(30)
    window.session.start(new)
    slow.go.set()
    qtbot.waitUntil(lambda: window.session.state.setup is new)
    hands.wait_for_run(window)
    assert old not in shown
    assert "bracket" in window.windowTitle()


def test_while_a_run_is_computed_the_old_one_can_be_stepped(
    window: MainWindow, hands: Any, qtbot: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    slow = Slow(example_setup("latch"))
    monkeypatch.setattr(revisions, "run", slow)
    window.session.start(slow.hold)
    assert slow.begun.wait(30)
    can_still_step(window, hands)
    slow.go.set()
    hands.wait_for_run(window)
    assert window.session.state.setup is slow.hold


def test_the_cancel_button_of_a_run_keeps_the_old_state(
    window: MainWindow, hands: Any, qtbot: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = window.session.state
    slow = Slow(example_setup("latch"))
    monkeypatch.setattr(revisions, "run", slow)
    window.session.start(slow.hold)
    bar = window.status.job_bars["run"]
    qtbot.waitUntil(bar.isVisible)
    assert bar.label.text() == "Computing…"
    hands.click(bar.cancel)
    assert not bar.isVisible()
    slow.go.set()
    window.session.runner.wait()
    qtbot.wait(0)
    hands.expect_unchanged(window, before)
    assert not window.banner.isVisible()
    can_still_step(window, hands)


def test_a_refused_run_leaves_the_old_state(window: MainWindow, hands: Any, qtbot: Any, tmp_path: Path) -> None:
    hands.press("F10", "F10")
    before = window.session.state
    window.session.start(replace(example_setup("latch"), source=FromExample(tmp_path / "gone.safetensors")))
    qtbot.waitUntil(window.banner.isVisible)
    assert "gone.safetensors" in window.banner.label.text()
    hands.expect_unchanged(window, before)
    assert window.toolbar.badge.text().startswith("✓")
    hands.press("Esc")
    assert not window.banner.isVisible()
    can_still_step(window, hands)


def test_closing_while_a_run_is_under_way_ends_it(
    window: MainWindow, hands: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    slow = Slow(example_setup("latch"))
    monkeypatch.setattr(revisions, "run", slow)
    window.session.start(slow.hold)
    assert slow.begun.wait(30)
    # What it is of was not saved, so that this is asked about.
    discard = QMessageBox.StandardButton.Discard
    hands.in_dialog(lambda: hands.press("Ctrl+Q"), lambda box: box.button(discard).click())
    assert not window.isVisible()
    assert not window.session.runner.busy
    assert window.session.runner._pool.activeThreadCount() == 0


def test_closing_before_the_first_run_is_complete_is_clean(show_window: Open, hands: Any) -> None:
    window = show_window(example_setup("hello"), wait=False)
    hands.press("Ctrl+Q")
    assert not window.isVisible()
    assert not window.session.runner.busy


def test_keys_before_the_first_run_do_no_harm(show_window: Open, hands: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    slow = Slow(example_setup("hello"))
    monkeypatch.setattr(revisions, "run", slow)
    window = show_window(slow.hold, wait=False)
    hands.press("F10", "Shift+F10", "End", "Home", "F5", "Ctrl+M", "Ctrl+1", "Ctrl+2", "Ctrl+G", "Ctrl+0")
    hands.press("Ctrl+S", "Ctrl+Shift+E", "Ctrl+Shift+T")
    window.grab()
    assert window.session.state.run is None
    assert window.toolbar.badge.text() == "not checked yet"
    slow.go.set()
    hands.wait_for_run(window)
    can_still_step(window, hands)


def test_a_new_run_stops_the_playing(window: MainWindow, hands: Any) -> None:
    hands.press("F5")
    window.session.start(example_setup("latch"))
    assert not window.player.playing
    hands.wait_for_run(window)
    assert not window.actions_by_name["play"].isChecked()
