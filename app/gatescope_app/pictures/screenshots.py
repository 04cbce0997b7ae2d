"""Pictures of the real window, drawn offscreen: for the demo and the README."""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from gatescope_app.state.runs import Setup
    from gatescope_app.window.main_window import MainWindow


def offscreen() -> None:
    """Let Qt draw without a screen; comes before any other use of Qt."""
    os.environ["QT_QPA_PLATFORM"] = "offscreen"
    os.environ.setdefault("QT_LOGGING_RULES", "default.warning=false")  # it remarks on every window's size hints


def picture(
    example: str, path: Path, *, theme: str = "light", language: str = "en", t: int | None = None,
    prepare: Callable[[MainWindow], None] | None = None,
) -> None:  # fmt: skip
    """Open the window on an example, step it, and save what it shows.

    Parameters
    ----------
    example : str
        Its name.
    path : Path
        A PNG file.
    theme, language : str
        How the window looks.
    t : int, optional
        The step to stop at; the last one when not given.
    prepare : callable, optional
        Does something more in the window before the picture is taken.
    """
    from PySide6.QtWidgets import QApplication  # noqa: PLC0415 - Qt only after `offscreen`

    from gatescope_app.state.runs import example_setup  # noqa: PLC0415 - as above

    with opened(example_setup(example), theme, language) as window:
        window.session.last() if t is None else window.session.run_to(t)
        if prepare is not None:
            prepare(window)
        QApplication.processEvents()
        window.grab().save(str(path))


@contextmanager
def opened(setup: Setup, theme: str = "light", language: str = "en") -> Iterator[MainWindow]:
    """Open the window on a setup, and wait until its run is complete."""
    from PySide6.QtCore import QSettings  # noqa: PLC0415 - Qt, here and below, only after `offscreen`
    from PySide6.QtWidgets import QApplication  # noqa: PLC0415 - as above

    from gatescope_app.look.appearance import Appearance  # noqa: PLC0415 - as above
    from gatescope_app.window.launch import make_application  # noqa: PLC0415 - as above
    from gatescope_app.window.main_window import MainWindow  # noqa: PLC0415 - as above

    with tempfile.TemporaryDirectory() as folder:  # a picture depends on nobody's settings, and changes none
        QSettings.setDefaultFormat(QSettings.Format.IniFormat)
        QSettings.setPath(QSettings.Format.IniFormat, QSettings.Scope.UserScope, folder)
        QApplication.instance() or make_application()
        appearance = Appearance()
        appearance.choose_language(language)
        appearance.choose_theme("dark" if theme == "dark" else "light")
        appearance.apply()
        window = MainWindow(setup, appearance)
        window.show()
        window.resize(1440, 900)  # the offscreen screen is smaller, and Qt fits a window to its screen at first
        window.begin()
        window.layouts.resize()
        wait_for(lambda: window.session.state.drift_known)
        yield window
        appearance.set_larger(0)  # the next window of this process starts from the same size of type
        window.close()
        window.deleteLater()
        QApplication.processEvents()


def wait_for(done: Callable[[], bool]) -> None:
    """Let the program work until something is done."""
    from PySide6.QtCore import QEventLoop  # noqa: PLC0415 - Qt only after `offscreen`
    from PySide6.QtWidgets import QApplication  # noqa: PLC0415 - as above

    while not done():
        QApplication.processEvents(QEventLoop.ProcessEventsFlag.WaitForMoreEvents)


def _debug(window: MainWindow) -> None:
    """Stop where a condition holds, go into the cell, and hold a gate open."""
    from gatescope.debugging.breakpoints import Breakpoint  # noqa: PLC0415 - with the window
    from gatescope.edits.edits import Hold  # noqa: PLC0415 - as above

    window.debugger.toggle(1)
    window.debugger.add(Breakpoint("f[2] > 0.99 and token == 'l'"))
    window.editor.do(Hold("f", 0.9, start=1, stop=2, units=(3,)))
    wait_for(lambda: window.session.state.ghost is not None)
    window.session.look_at(unit=3)
    window.session.run_to(2)
    for _ in range(6):
        window.session.step_into()
    for name in ("where", "origins"):
        window.panels.show(name)


def _teach(window: MainWindow) -> None:
    """Arrange the window for a class, at a gate that closes."""
    from PySide6.QtTest import QTest  # noqa: PLC0415 - Qt only after `offscreen`

    window.layouts.choose("teach")
    window.session.look_at(unit=2, quantity="o")
    QTest.qWait(1000)  # the symbols are typeset beside the window


def main() -> None:
    """Make the README's pictures in the folder given, and those of every view in `views` below it."""
    from gatescope_app.pictures.view_pictures import APPEARANCES  # noqa: PLC0415 - imports this module

    folder = Path(sys.argv[1])
    folder.mkdir(parents=True, exist_ok=True)
    for appearance in APPEARANCES:
        views = [sys.executable, "-m", "gatescope_app.pictures.view_pictures", str(folder / "views"), appearance]
        subprocess.run(views, check=True)
    offscreen()
    picture("hello", folder / "teach.png", t=3, prepare=_teach)
    picture("hello", folder / "light.png", t=3)
    picture("hello", folder / "debugger.png", t=2, prepare=_debug)
    picture("brackets", folder / "dark.png", theme="dark", t=6)
    picture("latch", folder / "chinese.png", language="zh_CN", t=4)


if __name__ == "__main__":
    main()
