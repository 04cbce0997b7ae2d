"""Panels that are hidden wait and then catch up; long sessions leave nothing behind."""

from __future__ import annotations

import gc
import sys
import weakref
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import psutil
import pytest
from PySide6.QtCore import QEvent, QObject
from PySide6.QtWidgets import QApplication, QFileDialog, QGraphicsView

from gatescope.edits.edits import Hold
from gatescope_app.state.runs import Setup, example_setup
from gatescope_app.window.main_window import MainWindow

Open = Callable[..., MainWindow]

SEEING_WHY = ("diagram", "equations", "weights", "memory", "predictions")
# What every step leaves behind shows in one round; what comes only now and then, in a long session.
OF_EACH_LENGTH = pytest.mark.parametrize(
    ("steps", "rounds"), [(12, 1), pytest.param(101, 10, marks=pytest.mark.soak)], ids=["short", "long"]
)


@pytest.mark.parametrize("name", ["sequence", "notes", "inspector", "compare"])
def test_a_hidden_panel_waits_and_catches_up_when_it_is_shown(
    window: MainWindow, hands: Any, monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    view, dock = window.views[name], window.docks[name]
    told = []
    apply = type(view).apply
    monkeypatch.setattr(type(view), "apply", lambda self, old, new: (told.append(new), apply(self, old, new)))
    dock.close()
    hands.press("F10", "F10", "F10")
    window.session.start(example_setup("brackets"))
    hands.wait_for_run(window)
    hands.press("F10", "F10")
    assert told == []
    window.panels.actions[dock.objectName()].trigger()
    hands.qtbot.waitUntil(lambda: bool(told))
    assert told == [window.session.state]  # once, straight to what is now


def test_the_panels_show_the_present_after_they_were_hidden(window: MainWindow, hands: Any) -> None:
    for dock in window.docks.values():
        dock.close()
    hands.press("F10", "F10", "F10")
    for dock in window.docks.values():
        dock.show()
    sequence: Any = window.views["sequence"]
    inspector: Any = window.views["inspector"]
    compare: Any = window.views["compare"]
    assert sequence.table.currentIndex().row() == 3
    assert inspector.where.text().startswith("t = 3 “l”")
    h = window.session.state.run.trace.cell().h[3, 0]  # type: ignore[union-attr]
    assert inspector.model.index(0, 5).data() == f"{float(h[0]):.4f}"
    assert {plot.cursor.x() for plot in compare.plots.values()} == {3}
    assert "➤" in window.views["notes"].text.toPlainText()  # type: ignore[attr-defined]


def test_a_panel_closed_and_opened_from_its_menu_comes_back(window: MainWindow, hands: Any) -> None:
    dock = window.docks["inspector"]
    for visible in (False, True):
        hands.click_menu(window.menus.panel_menu, window.panels.actions[dock.objectName()])
        assert dock.isVisible() is visible


def count(window: MainWindow) -> tuple[int, int]:
    """Return how many objects and graphics items the window holds."""
    QApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)  # what is gone, but for Qt
    gc.collect()
    scenes = {view.scene() for view in window.findChildren(QGraphicsView)}
    return len(window.findChildren(QObject)), sum(len(scene.items()) for scene in scenes)


def step_there_and_back(hands: Any, steps: int) -> None:
    hands.press(*["F10"] * (steps - 1))
    hands.press(*["Shift+F10"] * (steps - 1))


@OF_EACH_LENGTH
def test_steps_leave_no_object_behind(
    show_window: Open, make_setup: Callable[..., Setup], hands: Any, steps: int, rounds: int
) -> None:
    window = show_window(make_setup("nn.LSTM(3, 8)", steps=steps))
    hands.press("End", "Home", "F10", "Shift+F10")
    before = count(window)
    for _ in range(rounds):
        step_there_and_back(hands, steps)
    assert window.session.state.cursor.t == 0
    assert count(window) == before


@OF_EACH_LENGTH
@pytest.mark.parametrize("panel", SEEING_WHY)
def test_steps_leave_nothing_behind_in_what_shows_why(
    show_window: Open, make_setup: Callable[..., Setup], hands: Any, panel: str, steps: int, rounds: int
) -> None:
    window = show_window(make_setup("nn.LSTM(3, 8, num_layers=2)", steps=steps))
    window.panels.show(panel)
    step_there_and_back(hands, steps)
    before = count(window)
    for _ in range(rounds):
        step_there_and_back(hands, steps)
    assert count(window) == before


@pytest.fixture
def debug_and_edit(window: MainWindow, hands: Any) -> Callable[[], None]:
    """Return a function that moves in every way, stops, edits, and takes all of it back."""

    def round_trip() -> None:
        hands.press("F9", *["F11"] * 12, "Shift+F11", "F5", "Shift+F5", "Ctrl+F11", "Home", "F9")
        window.editor.do(Hold("f", 0.5, units=(1,)))
        hands.qtbot.waitUntil(lambda: bool(window.session.state.history.edits))
        window.actions_by_name["undo"].trigger()  # in a field for text, Ctrl+Z takes back what was typed
        hands.qtbot.waitUntil(lambda: not window.session.state.history.edits)

    return round_trip


def test_moves_edits_and_breakpoints_leave_no_object_behind_in_any_panel(
    window: MainWindow, hands: Any, debug_and_edit: Callable[[], None]
) -> None:
    for name, dock in window.docks.items():
        window.panels.show(name)
        dock.setFloating(True)  # beside each other, so that all follow
    hands.bring_up(window)
    debug_and_edit()
    before = count(window)
    debug_and_edit()
    assert all(view._shown is window.session.state for view in window.views.values())
    assert count(window) == before


@pytest.mark.soak
@pytest.mark.parametrize("panel", ["where", "watches", "log", "origins", "edits", *SEEING_WHY])
def test_many_moves_edits_and_breakpoints_leave_no_object_behind(
    window: MainWindow, debug_and_edit: Callable[[], None], panel: str
) -> None:
    window.panels.show(panel)
    debug_and_edit()
    before = count(window)
    for _ in range(20):
        debug_and_edit()
    assert count(window) == before


@pytest.mark.parametrize("rounds", [1, pytest.param(10, marks=pytest.mark.soak)])
def test_runs_choices_and_themes_leave_no_object_behind(window: MainWindow, hands: Any, rounds: int) -> None:
    def round_trip() -> None:
        for name in ("brackets", "hello"):
            window.session.start(example_setup(name))
            hands.wait_for_run(window)
        hands.press("Ctrl+2", "Ctrl+1", "Ctrl+3", "Ctrl+U")
        window.appearance.choose_theme("dark")
        window.appearance.choose_theme("light")

    round_trip()
    before = count(window)
    for _ in range(rounds):
        round_trip()
    assert count(window) == before


@pytest.mark.parametrize("rounds", [1, pytest.param(10, marks=pytest.mark.soak)])
def test_dialogs_leave_no_object_behind(
    window: MainWindow,
    hands: Any,
    three_modules: Path,
    hello_recording: Path,
    monkeypatch: pytest.MonkeyPatch,
    rounds: int,
) -> None:
    def close(dialog: Any) -> None:
        hands.press("Esc", window=dialog)

    def round_trip() -> None:
        for key in ("Ctrl+N", "Ctrl+E", "Ctrl+G"):
            hands.in_dialog(lambda key=key: hands.press(key), close)
        for path in (three_modules, hello_recording):
            monkeypatch.setattr(QFileDialog, "getOpenFileName", lambda *_, path=path, **_options: (str(path), ""))
            hands.in_dialog(lambda: hands.press("Ctrl+O"), close)

    round_trip()
    hands.qtbot.wait(0)
    before = count(window)
    for _ in range(rounds):
        round_trip()
    hands.qtbot.wait(0)
    assert count(window) == before


def test_a_long_sequence_of_many_units_steps_like_a_short_one(show_window: Open, hands: Any) -> None:
    from gatescope.formats.sequences import Sequence
    from gatescope.modules.spec import ModuleSpec

    values = np.random.default_rng(0).normal(size=(3000, 4))
    window = show_window(Setup(ModuleSpec(4, 48), Sequence(values)))
    hands.press("End", "Shift+F10", "Home", "F10", "Ctrl+1", "End", "Ctrl+0")
    window.grab()
    assert window.toolbar.place.text() == "t = 2999 / 2999"


def test_panels_behind_others_let_go_of_runs_that_are_gone(
    window: MainWindow, make_setup: Callable[..., Setup], hands: Any
) -> None:
    runs = []
    for seed, panel in enumerate((*SEEING_WHY, "compare", "origins")):
        window.panels.show(panel)
        window.session.start(make_setup("nn.LSTM(3, 8)", seed=seed))
        hands.wait_for_run(window)
        runs.append(weakref.ref(window.session.state.run))
    window.panels.show("log")
    gc.collect()
    assert sum(run() is not None for run in runs) <= 3  # of seven


@pytest.mark.parametrize("rounds", [5, pytest.param(1000, marks=pytest.mark.soak)])
def test_edits_that_are_taken_back_leave_no_file_open_and_no_object_behind(
    window: MainWindow, hands: Any, rounds: int
) -> None:
    def round_trip() -> None:
        window.editor.do(Hold("f", 0.5, units=(1,)))
        hands.qtbot.waitUntil(lambda: bool(window.session.state.history.edits))
        window.actions_by_name["undo"].trigger()
        hands.qtbot.waitUntil(lambda: not window.session.state.history.edits)
        hands.wait_for_run(window)

    def held() -> tuple[tuple[int, int], int, int]:
        counted = count(window)
        return counted, psutil.Process().num_fds() if sys.platform != "win32" else 0, len(gc.get_objects())

    for _ in range(5):
        round_trip()
    widgets, files, objects = held()
    for _ in range(rounds):
        round_trip()
    after = held()
    assert after[0] == widgets
    assert after[1] - files < 3  # what is opened once, at some time
    assert after[2] - objects < 100
