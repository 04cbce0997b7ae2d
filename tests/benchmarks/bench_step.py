"""A step in the window, from the key press until it is painted, over repainting the same six plots unchanged."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator

import numpy as np
from figures import Figure, percentile, seconds
from PySide6.QtCore import QSettings, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from gatescope.sequences import Sequence
from gatescope.spec import ModuleSpec
from gatescope_app.appearance import Appearance
from gatescope_app.launch import make_application
from gatescope_app.main_window import MainWindow
from gatescope_app.runs import Setup

# hidden size, steps, and how the plots draw that many units
CASES = ((8, 100, "lines"), (32, 200, "lines"), (128, 1000, "heat maps"))
STEPS = 90
FRAME = 16.7e-3


def bench_step() -> Iterator[Figure]:
    """Measure each case in a window of its own."""
    with tempfile.TemporaryDirectory() as folder:
        QSettings.setDefaultFormat(QSettings.Format.IniFormat)
        QSettings.setPath(QSettings.Format.IniFormat, QSettings.Scope.UserScope, folder)
        QApplication.instance() or make_application()
        for hidden, steps, style in CASES:
            window = _window(hidden, steps)
            pairs = [(_floor(window), _step(window)) for _ in range(STEPS)]
            window.close()
            floor, step = (percentile(list(times), 0.95) for times in zip(*pairs, strict=True))
            name = f"step, H={hidden} T={steps} as {style}, over repainting the plots"
            yield Figure(name, step / floor, 1.5, f"95 %: {1e3 * step:.1f} ms over {1e3 * floor:.1f} ms")
            yield Figure(f"step, H={hidden} T={steps}, over a frame of 16.7 ms", step / FRAME, 1.0, "")


def _window(hidden: int, steps: int) -> MainWindow:
    values = np.random.default_rng(0).standard_normal((steps, 8))
    appearance = Appearance()
    appearance.apply()
    window = MainWindow(Setup(ModuleSpec(8, hidden), Sequence(values)), appearance)
    window.resize(1440, 900)
    window.show()
    window.begin()
    while not window.session.state.drift_known:
        QApplication.processEvents()
    for _ in range(5):  # the first paints draw the curves
        _step(window)
    return window


def _floor(window: MainWindow) -> float:
    def repaint() -> None:
        for plot in window.gates.plots.values():
            plot.plot.viewport().repaint()

    return seconds(repaint)


def _step(window: MainWindow) -> float:
    def step() -> None:
        QTest.keyClick(window, Qt.Key.Key_F10)
        QApplication.processEvents()

    return seconds(step)
