"""Keeping a run, and comparing others with it."""

from __future__ import annotations

import threading
from collections.abc import Callable
from typing import Any

import pytest

from gatescope_app.state import session
from gatescope_app.state.runs import Run, Setup, compare, example_setup
from gatescope_app.window.main_window import MainWindow

Make = Callable[..., Setup]

LINE = "nn.GRU(3, 4, num_layers=2)"


@pytest.fixture
def window(show_window: Callable[..., MainWindow], make_setup: Make) -> MainWindow:
    """Return a window on a GRU."""
    return show_window(make_setup(LINE, seed=1))


@pytest.fixture
def run_next(window: MainWindow, hands: Any) -> Callable[[Setup], Run]:
    """Return a function that runs another setup in the window, and waits for all that follows."""

    def run_it(setup: Setup) -> Run:
        window.session.start(setup)
        hands.wait_for_run(window)
        hands.qtbot.waitUntil(lambda: not window.session.comparer.busy)
        result = window.session.state.run
        assert result is not None
        return result

    return run_it


def compared(window: MainWindow, hands: Any) -> None:
    hands.press("Ctrl+Shift+M")
    hands.qtbot.waitUntil(lambda: not window.session.comparer.busy)


def enabled(window: MainWindow) -> list[bool]:
    return [window.actions_by_name[name].isEnabled() for name in ("keep", "compare_kept", "forget")]


def test_a_run_is_kept_compared_and_forgotten(window: MainWindow, hands: Any, run_next: Any, make_setup: Make) -> None:
    first = window.session.state.run
    assert enabled(window) == [True, False, False]
    hands.press("Ctrl+K")
    assert window.session.state.kept is first
    assert enabled(window) == [True, False, True]  # a run is not compared with itself
    run_next(make_setup(LINE, seed=2))
    assert enabled(window) == [True, True, True]
    assert window.session.state.other is None
    compared(window, hands)
    state = window.session.state
    assert state.other is first
    assert state.comparison is not None
    assert state.comparison.verdict.code == "runs_fed_differently"  # another seed makes another sequence as well
    assert window.docks["compare"].isVisible()
    hands.press("Ctrl+Shift+K")
    state = window.session.state
    assert (state.kept, state.other, state.comparison) == (None, None, None)
    assert enabled(window) == [True, False, False]


def test_runs_that_are_alike_match(window: MainWindow, hands: Any, run_next: Any) -> None:
    hands.press("Ctrl+K")
    run_next(window.session.state.setup)
    compared(window, hands)
    comparison = window.session.state.comparison
    assert comparison is not None
    assert comparison.matches


def test_runs_that_cannot_be_compared_are_refused_in_one_line(window: MainWindow, hands: Any, run_next: Any) -> None:
    hands.press("Ctrl+K")
    run_next(example_setup("hello"))
    compared(window, hands)
    assert window.session.state.other is None
    assert window.banner.isVisible()
    text = window.banner.label.text()
    assert LINE in text
    assert "nn.LSTM(4, 4)" in text
    assert "\n" not in text
    assert window.session.state.kept is not None  # for another try


def test_the_comparison_follows_the_runs_and_ends_where_they_cannot_be_compared(
    window: MainWindow, hands: Any, run_next: Any, make_setup: Make
) -> None:
    kept = window.session.state.run
    hands.press("Ctrl+K")
    run_next(make_setup(LINE, seed=2))
    compared(window, hands)
    third = run_next(make_setup(LINE, seed=3))
    state = window.session.state
    assert (state.run, state.other) == (third, kept)
    assert state.comparison is not None
    assert state.comparison.a.x.equal(third.trace.x)
    run_next(example_setup("hello"))
    assert window.session.state.other is None
    assert window.session.state.comparison is None
    assert window.banner.isVisible()


def test_a_comparison_under_way_is_cancelled(
    window: MainWindow, hands: Any, qtbot: Any, run_next: Any, make_setup: Make, monkeypatch: pytest.MonkeyPatch
) -> None:
    hands.press("Ctrl+K")
    run_next(make_setup(LINE, seed=2))
    go = threading.Event()

    def slow(one: Run, other: Run, progress: Any) -> Any:
        progress(0.25)
        go.wait(30)
        return compare(one, other, progress)

    monkeypatch.setattr(session, "compare", slow)
    hands.press("Ctrl+Shift+M")
    bar = window.status.job_bars["compare"]
    qtbot.waitUntil(lambda: bar.isVisible() and bar.bar.value() == 250)
    assert bar.label.text() == "Comparing…"
    hands.press("F10")  # nothing blocks
    assert window.session.state.cursor.t == 1
    hands.click(bar.cancel)
    go.set()
    window.session.comparer.wait()
    qtbot.wait(0)
    assert window.session.state.other is None


@pytest.mark.parametrize("way", ["key", "badge"])
def test_from_two_runs_there_is_a_way_back_to_pytorch(window: MainWindow, hands: Any, run_next: Any, way: str) -> None:
    hands.press("Ctrl+K")
    assert "This run is kept." in window.statusBar().currentMessage()
    kept = window.session.state.kept
    run_next(window.session.state.setup)
    compared(window, hands)
    assert window.session.state.comparison is not None
    if way == "key":
        hands.press("Ctrl+M")
    else:
        hands.click(window.toolbar.badge)
    assert window.session.state.comparison is None
    assert window.session.state.kept is kept
