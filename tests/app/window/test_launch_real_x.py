"""The main job in a real X window under Xvfb: open, step, look, export."""

from __future__ import annotations

import csv
import os
import shutil
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

_MISSING = [program for program in ("Xvfb", "xdotool") if shutil.which(program) is None]

pytestmark = [
    pytest.mark.xvfb,
    pytest.mark.skipif(bool(_MISSING), reason=f"needs {' and '.join(_MISSING)}"),
]

# Run on the same display, so that it sees what a person would see there.
_PHOTOGRAPH = """
import sys
from PySide6.QtGui import QGuiApplication
application = QGuiApplication([])
application.primaryScreen().grabWindow(0).save(sys.argv[1])
"""

PATIENCE = 90  # seconds, for a machine that is busy; nothing here waits that long


class Screen:
    """An X display with the program on it, and a person's hands."""

    def __init__(self, display: str, folder: Path) -> None:
        self.folder = folder
        self.env = {name: value for name, value in os.environ.items() if name != "WAYLAND_DISPLAY"}
        self.env |= {"DISPLAY": display, "QT_QPA_PLATFORM": "xcb"}
        for name in ("HOME", "XDG_CONFIG_HOME", "XDG_DATA_HOME", "XDG_CACHE_HOME"):
            self.env[name] = str(folder)

    def xdotool(self, *arguments: str) -> str:
        return subprocess.run(["xdotool", *arguments], env=self.env, capture_output=True, text=True, check=False).stdout

    def window(self, title: str) -> str:
        """Wait for a window with that title, give it the focus, and return its number."""
        found = self.until(lambda: self.xdotool("search", "--onlyvisible", "--name", title).split())
        self.xdotool("windowfocus", "--sync", found[0])
        return found[0]

    def press(self, *keys: str) -> None:
        self.xdotool("key", "--delay", "30", *keys)

    def photograph(self) -> bytes:
        """Return what is on the screen, as a picture file; the same bytes for the same picture."""
        path = self.folder / "screen.png"
        subprocess.run([sys.executable, "-c", _PHOTOGRAPH, str(path)], env=self.env, check=True, capture_output=True)
        return path.read_bytes()

    def until(self, ask: Callable[[], Any]) -> Any:
        """Ask again until the answer is not empty."""
        limit = time.monotonic() + PATIENCE
        while not (answer := ask()):
            assert time.monotonic() < limit, "waited in vain"
        return answer

    def still(self, unlike: bytes = b"") -> bytes:
        """Wait until nothing moves on a screen that is unlike another, and return what is on it."""
        shots = [self.photograph()]

        def at_rest() -> bool:
            shots.append(self.photograph())
            return shots[-1] == shots[-2] != unlike

        self.until(at_rest)
        return shots[-1]


@pytest.fixture
def screen(tmp_path: Path) -> Iterator[Screen]:
    """Return a display of its own."""
    read, write = os.pipe()
    # -noreset: a server that loses its last client starts anew, and refuses whoever comes meanwhile.
    server = subprocess.Popen(
        ["Xvfb", "-displayfd", str(write), "-screen", "0", "1600x1000x24", "-nolisten", "tcp", "-noreset"],
        pass_fds=(write,),
        stderr=subprocess.DEVNULL,
    )
    os.close(write)
    with os.fdopen(read) as pipe:
        number = pipe.readline().strip()
    yield Screen(f":{number}", tmp_path)
    server.terminate()
    server.wait()


@pytest.fixture
def program(screen: Screen) -> Iterator[subprocess.Popen[bytes]]:
    """Return the program, started on the display."""
    log = (screen.folder / "program.log").open("wb")
    process = subprocess.Popen(
        [sys.executable, "-m", "gatescope_app"], env=screen.env, cwd=screen.folder, stdout=log, stderr=log
    )
    yield process
    if process.poll() is None:
        process.kill()
    process.wait()
    log.close()


def export_dialog(screen: Screen) -> str:
    """Press Ctrl+Shift+E until the dialog comes: the action waits for the first run."""

    def ask() -> list[str]:
        screen.press("ctrl+shift+e")
        return screen.xdotool("search", "--onlyvisible", "--name", "Export CSV").split()

    screen.until(ask)
    return screen.window("Export CSV")


def leave(screen: Screen, title: str) -> None:
    """Press Escape until a dialog is gone: one that goes later would take the focus with it."""

    def is_gone() -> bool:
        screen.press("Escape")
        return not screen.xdotool("search", "--onlyvisible", "--name", title).split()

    screen.until(is_gone)


def test_opens_ready_steps_forth_and_back_exports_and_closes(screen: Screen, program: subprocess.Popen[bytes]) -> None:
    screen.xdotool("mousemove", "1599", "999")  # away from the plots, which tell what is under the mouse
    screen.window("^Start$")  # which comes the first time
    leave(screen, "^Start$")
    screen.window("Gatescope")
    export_dialog(screen)
    leave(screen, "Export CSV")
    screen.window("Gatescope")

    start = screen.still()
    screen.press("F10")
    second = screen.still(unlike=start)
    screen.press("Shift+F10")
    first = screen.still(unlike=second)  # what is computed beside the run has arrived by then, on a busy machine too
    screen.press("F10", "F10")
    third = screen.still(unlike=first)  # the next two steps were revealed
    screen.press("Shift+F10", "Left")
    assert screen.still(unlike=third) == first  # and blanked again, to the last pixel

    export_dialog(screen)
    path = screen.folder / "mine.csv"
    screen.press("ctrl+a")
    screen.xdotool("type", "--delay", "10", str(path))
    screen.press("Return")
    screen.until(lambda: path.exists() and path.with_name("mine.csv.json").exists())
    with path.open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    assert [row["token"] for row in rows[::4]] == list("hello")
    assert max(float(row["h_err"]) for row in rows) < 1e-6

    screen.window("Gatescope")
    screen.press("ctrl+q")
    assert program.wait(PATIENCE) == 0
    assert (screen.folder / "program.log").read_text() == ""
