"""Open the window."""

from __future__ import annotations

import os
import sys

os.environ.setdefault("QT_API", "pyside6")  # for qtawesome, before it is imported

from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QApplication, QDialog

from gatescope.formats.files import readable_file
from gatescope.formats.readers import require_content, split_location
from gatescope.formats.sequences import read_sequence
from gatescope_app.look.appearance import Appearance
from gatescope_app.state.error_log import catch_all, start_log
from gatescope_app.state.interrupts import on_interrupt
from gatescope_app.state.override_errors import report_override_errors
from gatescope_app.state.runs import Setup, example_setup, for_sequence
from gatescope_app.window.main_window import MainWindow
from gatescope_app.window.session_files import FIRST_EXAMPLE
from gatescope_app.window.start_up import StartUp


def launch(location: str | None) -> int:
    """Open the window, with a file or on an example; return when it is closed.

    Parameters
    ----------
    location : str, optional
        A session, a sequence, a checkpoint or a recording; behind `::` may stand a module of it.
    """
    application, window = open_window(location)
    window.first_painted.connect(window.begin)
    start_up = StartUp(window, window.session, window.requests, window.files)
    start_up.failed.connect(window.banner.show_error)
    window.first_painted.connect(lambda: start_up.begin(location))
    with on_interrupt(lambda: _ask_to_close(window)):
        return application.exec()


def _ask_to_close(window: MainWindow) -> None:
    """Close the window as a person does, with what is asked before; what is asked already counts as cancelled."""
    for other in QApplication.topLevelWidgets():
        if isinstance(other, QDialog) and other.isVisible():
            other.reject()
    QTimer.singleShot(0, window, window.close)


def open_window(location: str | None) -> tuple[QApplication, MainWindow]:
    """Show the window; nothing is computed yet, so that it is there before torch is imported."""
    setup = _first_setup(location)
    application = make_application()
    appearance = Appearance()
    appearance.apply()
    window = MainWindow(setup, appearance)
    catch_all(window.banner.show_error)
    window.show()
    return application, window


def _first_setup(location: str | None) -> Setup:
    """Return what the window begins with; refuse a file that cannot be opened in it."""
    if location is None:
        return example_setup(FIRST_EXAMPLE)
    if require_content(location) == "sequence":
        return for_sequence(read_sequence(location))
    readable_file(split_location(location)[0])
    return example_setup(FIRST_EXAMPLE)  # a dialog over it then asks what to take of the file


def make_application() -> QApplication:
    """Return the Qt application, with its names, log and plot settings."""
    report_override_errors()
    application = QApplication(sys.argv[:1])
    application.setOrganizationName("Gatescope")
    application.setApplicationName("Gatescope")
    start_log()
    return application
