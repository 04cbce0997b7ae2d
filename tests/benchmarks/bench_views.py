"""A step with every view of the window open, over repainting all of them unchanged; playing; memory."""

from __future__ import annotations

import gc
import time
from collections.abc import Iterator
from contextlib import contextmanager

import numpy as np
import psutil
from bench_step import floor_of, step_of, window_on
from figures import Figure, percentile, seconds
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication

from gatescope.formats.sequences import Sequence
from gatescope.modules.spec import ModuleSpec
from gatescope_app.state.player import SPEEDS
from gatescope_app.state.runs import Setup
from gatescope_app.window.main_window import MainWindow

_SIZE = 32  # H and K
_STEPS = 200
_MOVES = 180
_MANY = 20_000  # steps forth and back
_PLAYED = 4.0  # seconds

_PLACES = {
    Qt.DockWidgetArea.LeftDockWidgetArea: ("sequence", "notes", "where", "breakpoints"),
    Qt.DockWidgetArea.RightDockWidgetArea: ("inspector", "watches", "log", "edits"),
    Qt.DockWidgetArea.BottomDockWidgetArea: ("diagram", "equations", "weights", "memory", "predictions"),
    Qt.DockWidgetArea.TopDockWidgetArea: ("compare", "origins"),
}


def bench_views() -> Iterator[Figure]:
    """Measure steps, then a long walk, then playing at the highest speed."""
    with _every_view_open() as window:
        pairs = [(_whole_floor(window), floor_of(window), step_of(window)) for _ in range(_MOVES)]
        whole, plots, step = (percentile(list(times), 0.95) for times in zip(*pairs, strict=True))
        name = f"step, every view open, H=K={_SIZE}"
        detail = f"95 %: {1e3 * step:.1f} ms over {1e3 * whole:.1f} ms; {step / plots:.1f} times the plots alone"
        yield Figure(f"{name}, over repainting all views", step / whole, 1.5, detail)
        yield Figure(f"{name}, over 33 ms", step / 33e-3, 1.0, f"95 %: {1e3 * step:.1f} ms")
        yield _memory_over_many_steps(window)
        yield _playing(window)


@contextmanager
def _every_view_open() -> Iterator[MainWindow]:
    values = np.random.default_rng(0).standard_normal((_STEPS, _SIZE))
    with window_on(Setup(ModuleSpec(_SIZE, _SIZE), Sequence(values))) as window:
        window.resize(2560, 1600)
        elsewhere = set(window.docks).difference(*_PLACES.values())
        for area, names in (*_PLACES.items(), (Qt.DockWidgetArea.BottomDockWidgetArea, sorted(elsewhere))):
            along = Qt.Orientation.Vertical
            if area in (Qt.DockWidgetArea.TopDockWidgetArea, Qt.DockWidgetArea.BottomDockWidgetArea):
                along = Qt.Orientation.Horizontal
            for name in names:
                window.removeDockWidget(window.docks[name])
                window.addDockWidget(area, window.docks[name], along)
                window.docks[name].show()
        for _ in range(20):
            QApplication.processEvents()
        hidden = [name for name, dock in window.docks.items() if dock.visibleRegion().isEmpty()]
        assert not hidden, hidden
        for _ in range(5):
            step_of(window)
        yield window


def _whole_floor(window: MainWindow) -> float:
    return seconds(window.repaint)


def _memory_over_many_steps(window: MainWindow) -> Figure:
    def walk(steps: int) -> None:
        for number in range(steps):
            step_of(window, "Shift+F10" if number // 150 % 2 else "F10")

    window.session.first()
    walk(600)  # fills the caches
    before = _memory()
    walk(_MANY)
    gained = _memory() - before
    return Figure(f"memory that {_MANY:,} steps add there, over 10 MB", gained / 10, 1.0, f"{gained:.1f} MB")


def _memory() -> float:
    gc.collect()
    return psutil.Process().memory_info().rss / 1e6


def _playing(window: MainWindow) -> Figure:
    """Play at the highest speed; aim for as many steps as were asked for."""
    window.session.first()
    window.player.set_speed(SPEEDS[-1])
    window.player.set_playing(playing=True)
    start, first = time.perf_counter(), window.session.state.cursor.t
    while time.perf_counter() - start < _PLAYED:
        QApplication.processEvents()
    played = (window.session.state.cursor.t - first) / (time.perf_counter() - start)
    window.player.stop()
    return Figure(
        f"{SPEEDS[-1]} steps a second over those played, every view open",
        SPEEDS[-1] / played,
        1.03,
        f"{played:.1f} a second",
    )
