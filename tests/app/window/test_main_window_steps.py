"""A step paints what changes with it and nothing else, all at once; and what is on the screen then is all of it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from typing import Any

import pytest
from PySide6.QtCore import QEvent, QObject
from PySide6.QtWidgets import QApplication

from gatescope_app.state.runs import Setup, example_setup
from gatescope_app.window.main_window import MainWindow
from gatescope_app.window.panel_layouts import LAYOUTS

Open = Callable[..., MainWindow]
STEPS = 3


class Events(QObject):
    """Counts what some objects are sent."""

    def __init__(self, *watched: QObject) -> None:
        super().__init__()
        self.counts: Counter[QEvent.Type] = Counter()
        for each in watched:
            each.installEventFilter(self)

    def eventFilter(self, _watched: QObject, event: QEvent) -> bool:
        self.counts[event.type()] += 1
        return False


def events_of_steps(hands: Any, key: str, *watched: QObject) -> Counter[QEvent.Type]:
    """Return what some objects are sent in a few steps, each of which is painted before the next one."""
    take_steps(hands, key)  # a longer text may need more room, once
    events = Events(*watched)
    take_steps(hands, key)
    return events.counts


def take_steps(hands: Any, key: str) -> None:
    """Take a few steps."""
    for _ in range(STEPS):
        hands.press(key)
        QApplication.processEvents()


def arrange(window: MainWindow, hands: Any, layout: str) -> None:
    """Choose a layout, and wait until all is in its place."""
    window.layouts.choose(layout)
    hands.qtbot.waitUntil(window.updatesEnabled)
    QApplication.processEvents()


@pytest.fixture(params=LAYOUTS)
def arranged(
    request: pytest.FixtureRequest, show_window: Open, make_setup: Callable[..., Setup], hands: Any
) -> MainWindow:
    """Return a window in each of the layouts, in the middle of a run."""
    window = show_window(make_setup("nn.LSTM(4, 8)", steps=60))
    arrange(window, hands, request.param)
    window.session.run_to(20)
    return window


def test_a_step_asks_for_no_new_layout_of_the_window_and_repaints_no_dock(arranged: MainWindow, hands: Any) -> None:
    docks = [arranged.docks[name] for name in ("diagram", "inspector", "notes")]  # others scroll now and then
    for key in ("F10", "F11", "Shift+F10"):
        assert events_of_steps(hands, key, arranged)[QEvent.Type.LayoutRequest] == 0, key
        assert events_of_steps(hands, key, *docks)[QEvent.Type.Paint] == 0, key


def test_all_plots_are_painted_with_everything_else(arranged: MainWindow, hands: Any) -> None:
    plots = [plot for plot in arranged.gates.plots.values() if plot.isVisible()]
    assert events_of_steps(hands, "F10", *(plot.plot.viewport() for plot in plots)) == {
        QEvent.Type.Paint: STEPS * len(plots)
    }
    # With one of these each scene would have its view painted, and the whole window brought to the screen.
    assert events_of_steps(hands, "F10", *(plot.plot.scene() for plot in plots)) == {}


@pytest.mark.parametrize("layout", LAYOUTS)
def test_what_is_on_the_screen_after_steps_is_what_is_painted_anew(show_window: Open, hands: Any, layout: str) -> None:
    window = show_window(example_setup("hello"))
    arrange(window, hands, layout)
    for theme, language in (("light", "en"), ("dark", "zh_CN")):
        window.appearance.choose_theme(theme)
        window.appearance.choose_language(language)
        hands.qtbot.waitUntil(window.updatesEnabled)
        QApplication.processEvents()
        window.repaint()  # also the lines between panels, of which Qt leaves a part where they have moved
        for key in ("F10", "F11", "F11", "Shift+F11", "End", "Shift+F10", "Ctrl+F11", "Home", "F10"):
            hands.press(key)
            hands.qtbot.wait(1)
            stepped = on_screen(window)
            window.repaint()
            assert on_screen(window) == stepped, (theme, key)


def on_screen(window: MainWindow) -> Any:
    """Return what is on the screen."""
    return window.screen().grabWindow(window.winId()).toImage()
