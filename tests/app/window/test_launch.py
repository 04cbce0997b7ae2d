"""Starting: the window is painted before torch is imported, and then is ready to step without being asked."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from PySide6.QtWidgets import QTabBar

# Starts the program as its command does, and tells what was imported when.
WATCHED = """
import sys
from pathlib import Path
from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QApplication
from gatescope_app.window.main_window import MainWindow

begin = MainWindow.begin

def watched_begin(self):
    slow = [name for name in ("torch", "polars", "pyqtgraph", "msgspec") if name in sys.modules]
    print("begins", self.isVisible(), self.painted, slow)
    begin(self)
    timer = QTimer(self)
    timer.timeout.connect(lambda: end(self, timer))
    timer.start(5)

def end(self, timer):
    state = self.session.state
    if state.drift_known and not self.device_worker.busy:
        timer.stop()
        print("ready", "torch" in sys.modules, self.toolbar.place.text(), self.toolbar.badge.text()[0], flush=True)
        self.close()

MainWindow.begin = watched_begin
from gatescope_app.cli.command_line import main
sys.exit(main(sys.argv[1:]))
"""


def start(folder: Path, *arguments: str, code: str = WATCHED) -> Any:
    own = {"HOME": str(folder), "XDG_CONFIG_HOME": str(folder), "XDG_DATA_HOME": str(folder)}
    return subprocess.run(
        [sys.executable, "-c", code, *arguments],
        env={**os.environ, **own, "QT_QPA_PLATFORM": "offscreen", "PYTHONIOENCODING": "utf-8"},
        capture_output=True,
        encoding="utf-8",
        timeout=120,
        check=False,
    )


def test_the_window_is_painted_before_torch_and_then_gets_ready_by_itself(tmp_path: Path) -> None:
    done = start(tmp_path)
    assert done.stdout.splitlines() == ["begins True True []", "ready True t = 0 / 4 ✓"], done.stderr
    assert done.returncode == 0


def test_a_file_on_the_command_line_is_opened(tmp_path: Path) -> None:
    np.save(tmp_path / "mine.npy", np.ones((7, 3)))
    done = start(tmp_path, str(tmp_path / "mine.npy"))
    assert done.stdout.splitlines()[-1] == "ready True t = 0 / 6 ✓", done.stderr


@pytest.mark.parametrize("name", ["missing.csv", "ragged.csv"])
def test_a_bad_file_on_the_command_line_is_one_line_and_status_2(tmp_path: Path, name: str) -> None:
    (tmp_path / "ragged.csv").write_text("1,2\n3\n")
    done = start(tmp_path, str(tmp_path / name))
    assert done.returncode == 2
    assert name in done.stderr
    assert done.stderr.count("\n") == 1


@pytest.mark.parametrize("name", ["missing.pt", "missing.gates", "notes.txt"])
def test_a_file_that_cannot_be_opened_is_one_line_and_status_2(tmp_path: Path, name: str) -> None:
    done = start(tmp_path, str(tmp_path / name))
    assert done.returncode == 2
    assert name in done.stderr
    assert done.stderr.count("\n") == 1


OPENED = """
import sys
from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QApplication
from gatescope_app.window.main_window import MainWindow

begin = MainWindow.begin

def watched_begin(self):
    begin(self)
    timer = QTimer(self)
    timer.timeout.connect(lambda: look(self, timer))
    timer.start(5)

def look(self, timer):
    dialog = QApplication.activeModalWidget()
    if dialog is not None and not dialog.worker.busy and dialog.ok.isEnabled():
        row = dialog.table.currentIndex().row()
        print(type(dialog).__name__, dialog.model.index(row, 0).data(), flush=True)
        dialog.ok.click()
    state = self.session.state
    if dialog is None and state.drift_known and state.setup.source.place:
        timer.stop()
        print(self.windowTitle(), flush=True)
        self.close()

MainWindow.begin = watched_begin
from gatescope_app.cli.command_line import main
sys.exit(main(sys.argv[1:]))
"""


@pytest.mark.parametrize(
    ("inside", "dialog", "title"),
    [
        ("::encoder", "CheckpointDialog encoder", "nn.GRU(4, 6, bidirectional=True)[*] – three.pth::encoder"),
        ("", "RecordingDialog rnn", "nn.RNN(10, 8, num_layers=2, batch_first=True)[*] – hello.gates::rnn#0"),
    ],
)
def test_a_checkpoint_or_a_recording_on_the_command_line_is_asked_about(
    three_modules: Path, hello_recording: Path, tmp_path: Path, inside: str, dialog: str, title: str
) -> None:
    done = start(tmp_path, f"{three_modules if inside else hello_recording}{inside}", code=OPENED)
    assert done.stdout.splitlines() == [dialog, f"{title} – Gatescope"], done.stderr
    assert done.returncode == 0


def test_every_tab_that_is_shown_has_a_title(window: Any) -> None:
    bars = [bar for bar in window.findChildren(QTabBar) if bar.isVisible()]
    assert len(bars) >= 3
    for bar in bars:
        assert all(bar.tabText(index) for index in range(bar.count())), [bar.tabText(i) for i in range(bar.count())]


ASKED = """
import sys
from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QApplication

def look():
    dialog = QApplication.activeModalWidget()
    if dialog is not None:
        print([dialog.reading.itemText(row).split("   ")[0] for row in (0, 1)], flush=True)
        timer.stop()
        dialog.close()
        QTimer.singleShot(0, lambda: [window.close() for window in QApplication.topLevelWidgets()])

from gatescope_app.window import launch
opened = launch.open_window

def watched(location):
    global timer
    result = opened(location)
    timer = QTimer(interval=5)
    timer.timeout.connect(look)
    timer.start()
    return result

launch.open_window = watched
from gatescope_app.cli.command_line import main
sys.exit(main(sys.argv[1:]))
"""


def test_how_a_batch_on_the_command_line_is_read_is_asked(tmp_path: Path) -> None:
    np.save(tmp_path / "batch.npy", np.ones((10, 7, 3)))
    done = start(tmp_path, str(tmp_path / "batch.npy"), code=ASKED)
    assert done.stdout.splitlines() == ["['10 sequences of 7 steps', '7 sequences of 10 steps']"], done.stderr


INTERRUPTED = """
import os, signal, sys
from PySide6.QtCore import QTimer
from gatescope_app.window.main_window import MainWindow

begin = MainWindow.begin

def interrupted_begin(self):
    begin(self)
    timer = QTimer(self)
    timer.timeout.connect(lambda: interrupt(self, timer))
    timer.start(5)

def interrupt(self, timer):
    if self.session.state.drift_known:
        timer.stop()
        for name in sys.argv[2:]:
            QTimer.singleShot(0, self.actions_by_name[name].trigger)  # which may open a dialog and wait for it
        QTimer.singleShot(300, lambda: os.kill(os.getpid(), signal.SIGINT))

MainWindow.begin = interrupted_begin
from gatescope_app.cli.command_line import main
sys.exit(main(["{file}"]))
"""


@pytest.mark.skipif(sys.platform == "win32", reason="interrupts otherwise")
@pytest.mark.parametrize("waiting", [[], ["new_network"], ["keys"]], ids=["alone", "dialog", "window"])
def test_an_interrupt_closes_the_window_as_a_person_does(tmp_path: Path, waiting: list[str]) -> None:
    np.save(tmp_path / "x.npy", np.zeros((5, 2)))
    done = start(tmp_path, "", *waiting, code=INTERRUPTED.replace("{file}", str(tmp_path / "x.npy")))
    assert done.returncode == 0, done.stderr
    assert "Traceback" not in done.stderr
