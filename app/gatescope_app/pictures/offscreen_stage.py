"""The real window, drawn without a screen: for the pictures of the README and of each view, and for the demo."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from PySide6.QtCore import QBuffer, QEventLoop, QSettings
from PySide6.QtWidgets import QApplication

from gatescope.formats.files import whole_files
from gatescope_app.look.appearance import Appearance
from gatescope_app.state.runs import Setup, example_setup
from gatescope_app.window.launch import make_application
from gatescope_app.window.main_window import MainWindow


def use_no_screen(scale: int = 1) -> None:
    """Let Qt draw without a screen; comes before the first window."""
    os.environ["QT_QPA_PLATFORM"] = "offscreen"
    os.environ["QT_SCALE_FACTOR"] = str(scale)
    os.environ.setdefault("QT_LOGGING_RULES", "default.warning=false")  # it remarks on every window's size hints


def save_picture(
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
    with complete_window(example_setup(example), theme, language) as window:
        window.session.last() if t is None else window.session.run_to(t)
        if prepare is not None:
            prepare(window)
        QApplication.processEvents()
        picture = QBuffer()
        window.grab().save(picture, "PNG")
    with whole_files(path) as (file,):
        file.write(picture.data().data())


@contextmanager
def complete_window(setup: Setup, theme: str = "light", language: str = "en") -> Iterator[MainWindow]:
    """Open the window on a setup, and wait until its run is complete."""
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
        wait_until(lambda: window.session.state.drift_known)
        yield window
        appearance.set_larger(0)  # the next window of this process starts from the same size of type
        window.leaving = True  # nobody is there to be asked what is to become of changes
        window.close()
        window.deleteLater()
        QApplication.processEvents()


def wait_until(done: Callable[[], bool]) -> None:
    """Let the program work until something is done."""
    while not done():
        QApplication.processEvents(QEventLoop.ProcessEventsFlag.WaitForMoreEvents)
