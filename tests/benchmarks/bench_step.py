"""A step in the window, from the key press until it is painted, over repainting the same six plots unchanged."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager

import numpy as np
from figures import Figure, percentile, seconds
from PySide6.QtCore import QSettings
from PySide6.QtGui import QKeySequence
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from gatescope.formats.sequences import Sequence
from gatescope.modules.spec import ModuleSpec
from gatescope_app.look.appearance import Appearance
from gatescope_app.state.runs import Setup
from gatescope_app.window.launch import make_application
from gatescope_app.window.main_window import MainWindow

# hidden size, steps, and how the plots draw that many units
CASES = ((8, 100, "lines"), (32, 200, "lines"), (128, 1000, "heat maps"))
STEPS = 90
FRAME = 16.7e-3


def bench_step() -> Iterator[Figure]:
    """Measure each case in a window of its own."""
    for hidden, steps, style in CASES:
        values = np.random.default_rng(0).standard_normal((steps, 8))
        with window_on(Setup(ModuleSpec(8, hidden), Sequence(values))) as window:
            pairs = [(floor_of(window), step_of(window)) for _ in range(STEPS)]
        floor, step = (percentile(list(times), 0.95) for times in zip(*pairs, strict=True))
        name = f"step, H={hidden} T={steps} as {style}, over repainting the plots"
        yield Figure(name, step / floor, 1.5, f"95 %: {1e3 * step:.1f} ms over {1e3 * floor:.1f} ms")
        yield Figure(f"step, H={hidden} T={steps}, over a frame of 16.7 ms", step / FRAME, 1.0, "")


@contextmanager
def window_on(setup: Setup) -> Iterator[MainWindow]:
    """Open a window with settings of its own, and wait until its run is complete."""
    with tempfile.TemporaryDirectory() as folder:
        QSettings.setDefaultFormat(QSettings.Format.IniFormat)
        QSettings.setPath(QSettings.Format.IniFormat, QSettings.Scope.UserScope, folder)
        os.environ["XDG_DATA_HOME"] = folder  # for the autosave
        QApplication.instance() or make_application()
        appearance = Appearance()
        appearance.apply()
        window = MainWindow(setup, appearance)
        window.resize(1440, 900)
        window.show()
        window.begin()
        while not window.session.state.drift_known:
            QApplication.processEvents()
        for _ in range(5):  # the first paints draw the curves
            step_of(window)
        yield window
        window.leaving = True  # without a question about what was changed
        window.close()


def floor_of(window: MainWindow) -> float:
    """Measure how long it takes to repaint the plots unchanged."""

    def repaint() -> None:
        for plot in window.gates.plots.values():
            plot.plot.viewport().repaint()

    return seconds(repaint)


def step_of(window: MainWindow, key: str = "F10") -> float:
    """Measure how long it takes from a key press until it is painted."""
    pressed = QKeySequence(key)[0]

    def step() -> None:
        QTest.keyClick(window, pressed.key(), pressed.keyboardModifiers())
        QApplication.processEvents()

    return seconds(step)
