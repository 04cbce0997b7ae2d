"""Open the window."""

from __future__ import annotations

import os
import sys
from pathlib import Path

os.environ.setdefault("QT_API", "pyside6")  # for qtawesome, before it is imported

from PySide6.QtWidgets import QApplication

from gatescope.sequences import read_sequence
from gatescope_app import faults
from gatescope_app.appearance import Appearance
from gatescope_app.main_window import MainWindow
from gatescope_app.runs import example_setup, for_sequence

FIRST_EXAMPLE = "hello"


def launch(file: Path | None) -> int:
    """Open the window, with the sequence of a file or on an example; return when it is closed."""
    application, window = open_window(file)
    window.first_painted.connect(window.begin)
    return application.exec()


def open_window(file: Path | None) -> tuple[QApplication, MainWindow]:
    """Show the window; nothing is computed yet, so that it is there before torch is imported."""
    setup = example_setup(FIRST_EXAMPLE) if file is None else for_sequence(read_sequence(file))
    application = make_application()
    appearance = Appearance()
    appearance.apply()
    window = MainWindow(setup, appearance)
    faults.catch_all(window.show_fault)
    window.show()
    return application, window


def make_application() -> QApplication:
    """Return the Qt application, with its names, log and plot settings."""
    application = QApplication(sys.argv[:1])
    application.setOrganizationName("Gatescope")
    application.setApplicationName("Gatescope")
    faults.start_log()
    return application
