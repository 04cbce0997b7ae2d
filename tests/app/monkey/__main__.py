"""A monkey at the window: random keys, mouse, menus, dialogs and files, each run in a process of its own.

`python tests/app/monkey FOLDER --seed 3 --events 20000`; everything is written below FOLDER:

- `events.log`: each event before it happens, so that the last line names the one that ended the process;
- `findings.jsonl`: each kind of error, of Qt's warnings and of inconsistency, once.

What an event does follows from the seed and its number alone; when threads deliver does not, so a seed repeats most
runs, not all. `--until` stops after an event.
"""

from __future__ import annotations

import argparse
import faulthandler
import gc
import os
import signal
import sys
from pathlib import Path

from PySide6.QtCore import QEvent, QSettings, QThread, QTimer
from PySide6.QtWidgets import QApplication, QDialog, QFileDialog

from gatescope_app.look import language
from gatescope_app.look.appearance import Appearance
from gatescope_app.state.error_log import catch_all
from gatescope_app.state.override_errors import report_override_errors
from gatescope_app.state.runs import example_setup
from gatescope_app.window.main_window import MainWindow

from events import Events  # isort: skip  # beside this file
from findings import Findings  # isort: skip
from hostile_files import write_files  # isort: skip

_HANG = 75  # seconds without the next event


class Monkey:
    """Lets one event follow the other, also while a dialog waits for its answer."""

    def __init__(self, folder: Path, seed: int, until: int) -> None:
        self._seed, self._until, self._count = seed, until, 0
        self._log = (folder / "events.log").open("w", buffering=1)
        self.findings = Findings(folder / "findings.jsonl")
        self.window = self._open_window()
        self.events = Events(lambda: self.window, write_files(folder / "files"), folder)
        self._pending = False
        self._in_flight: list[int] = []  # the levels of event loops in which an event is being delivered
        QFileDialog.getOpenFileName = self.events.file_to_open  # type: ignore[method-assign,assignment]
        QFileDialog.getSaveFileName = self.events.file_to_write  # type: ignore[method-assign,assignment]

    def _open_window(self) -> MainWindow:
        appearance = Appearance()
        appearance.apply()
        window = MainWindow(example_setup("hello"), appearance)
        appearance.setParent(window)
        catch_all(window.banner.show_error)
        window.show()
        window.activateWindow()
        window.begin()
        return window

    def schedule(self, pause: int = 0) -> None:
        """Let the next event follow as soon as the event loop is free."""
        if not self._pending:
            self._pending = True
            QTimer.singleShot(pause, self._tick)

    def _tick(self) -> None:
        self._pending = False
        level = QThread.currentThread().loopLevel()
        if self._in_flight and self._in_flight[-1] == level:  # QTest handles events while it delivers one
            self.schedule(pause=1)
            return
        self.schedule()  # for a dialog that the event may open
        self._in_flight.append(level)
        try:
            self._one()
        finally:
            self._in_flight.pop()
            self.schedule()

    def _one(self) -> None:
        if self._count >= self._until:
            self._finish()
            return
        self._count += 1
        if not self.window.isVisible() and QApplication.activeModalWidget() is None:
            self._start_again()
        faulthandler.dump_traceback_later(_HANG, exit=True)
        self.findings.event = self._count
        self.events.one(self._count, self._seed, self._tell)
        self.findings.check(self.window)

    def _tell(self, what: str) -> None:
        self.findings.what = what
        self._log.write(f"{self._count} {what}\n")

    def _start_again(self) -> None:
        """Open the window anew once it was closed, as the next day."""
        self._log.write("  the window was closed\n")
        self.window.deleteLater()
        self.window = self._open_window()

    def _finish(self) -> None:
        faulthandler.dump_traceback_later(_HANG, exit=True)
        popup, dialog = QApplication.activePopupWidget(), QApplication.activeModalWidget()
        if popup is not None or dialog is not None:
            (popup or dialog).close()  # type: ignore[union-attr]
            return
        QApplication.exit()


def _surroundings(folder: Path) -> None:
    """Keep everything that is written in the folder."""
    for name in ("HOME", "XDG_CONFIG_HOME", "XDG_DATA_HOME", "XDG_STATE_HOME", "XDG_CACHE_HOME", "TMPDIR"):
        place = folder / name.lower()
        place.mkdir(parents=True, exist_ok=True)
        os.environ[name] = str(place)
    os.chdir(folder)
    QSettings.setDefaultFormat(QSettings.Format.IniFormat)
    QSettings.setPath(QSettings.Format.IniFormat, QSettings.Scope.UserScope, str(folder / "xdg_config_home"))


def main() -> int:
    """Run; return 0 where nothing was found, and 1 where something was."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])  # type: ignore[union-attr]
    parser.add_argument("folder", type=Path)
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--events", "--until", type=int, default=300)
    options = parser.parse_args()
    folder = options.folder.resolve()
    folder.mkdir(parents=True, exist_ok=True)
    faulthandler.enable()
    faulthandler.register(signal.SIGUSR1)
    _surroundings(folder)
    report_override_errors()
    application = QApplication(["monkey"])
    application.setQuitOnLastWindowClosed(False)
    language.use("en")
    monkey = Monkey(folder, options.seed, options.events)
    monkey.schedule()
    application.exec()
    monkey.window.leaving = True  # without a question about what is not saved
    monkey.window.close()
    monkey.window.deleteLater()
    gc.collect()
    application.sendPostedEvents(None, QEvent.Type.DeferredDelete)
    left = [type(each).__name__ for each in QApplication.topLevelWidgets() if isinstance(each, QDialog)]
    if left:
        monkey.findings.add("left behind", ", ".join(sorted(left)))
    faulthandler.cancel_dump_traceback_later()
    print(f"{monkey._count} events, {len(monkey.findings)} findings")
    return 1 if len(monkey.findings) else 0


if __name__ == "__main__":
    sys.exit(main())
