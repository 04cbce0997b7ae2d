"""The verdict in Compare: what it found, the way there, and how small a fault it would have found."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
import torch
from PySide6.QtCore import Qt
from PySide6.QtGui import QTextDocumentFragment
from pytestqt.qtbot import QtBot

from gatescope.messages.message import Message
from gatescope.traces import tracer as tracing
from gatescope.verification.detectable import describe_detectable
from gatescope.verification.findings import Deviation, ModuleAnswer, ModuleDifference
from gatescope.verification.report import Report
from gatescope_app.look.theme import LIGHT
from gatescope_app.panels.compare.comparison_texts import ComparisonWords
from gatescope_app.state.runs import Setup, example_setup
from gatescope_app.window.main_window import MainWindow

Open = Callable[..., MainWindow]
Make = Callable[..., Setup]

IN_FRONT = "compare"


def words_of(window: MainWindow) -> ComparisonWords:
    words: ComparisonWords = window.views["compare"].words  # type: ignore[attr-defined]
    return words


def report_of(window: MainWindow) -> Report:
    assert window.session.state.run is not None
    return window.session.state.run.report


@pytest.fixture
def deviating(
    monkeypatch: pytest.MonkeyPatch, show_window: Open, make_setup: Make
) -> Callable[[Deviation], MainWindow]:
    """Return a function that opens a window on a run in which the sharp test finds a deviation."""

    def show(found: Deviation) -> MainWindow:
        monkeypatch.setattr("gatescope.verification.report.find_deviation", lambda *_: found)
        return show_window(make_setup("nn.LSTM(3, 4, num_layers=2)", steps=12))

    return show


def test_a_deviation_is_amber_and_one_key_from_its_place(deviating: Any, qtbot: QtBot) -> None:
    window = deviating(Deviation(1.2e-5, 3e-6, 7, 0, 1, "forward", "f", 3, ("z_f", 4.8e-5)))
    words = words_of(window)
    assert window.toolbar.badge.text().startswith("≈  deviates in f")
    assert LIGHT.warning in words.verdict.text()
    assert "f of unit 3 by 1.2e-05 at t = 7" in words.verdict.text()
    assert words.place.isVisible()
    assert words.place.text() == "Go to f of unit 3, t = 7"
    assert list(window.views["compare"].plots) == ["c", "h"]
    words.place.setFocus()
    qtbot.keyClick(words.place, Qt.Key.Key_Space)
    state = window.session.state
    assert (state.cursor.t, state.focus.layer, state.focus.unit, state.quantity) == (7, 1, 3, "f")
    assert list(window.views["compare"].plots) == ["f", "h"]


@pytest.mark.parametrize(
    ("unit", "units", "text", "looked_at"), [(2, 1, "Go to o of unit 2", 2), (-1, 4, "Go to o", 0)]
)
def test_a_mean_has_no_step_to_go_to(
    deviating: Any, qtbot: QtBot, unit: int, units: int, text: str, looked_at: int
) -> None:
    window = deviating(Deviation(1e-7, 1e-8, -1, -1, 1, "forward", "o", unit, steps=12, units=units))
    words = words_of(window)
    assert words.place.text() == text
    window.session.run_to(5)
    qtbot.mouseClick(words.place, Qt.MouseButton.LeftButton)
    state = window.session.state
    assert (state.cursor.t, state.focus.layer, state.focus.unit, state.quantity) == (5, 1, looked_at, "o")


def test_a_difference_is_as_near(show_window: Open, monkeypatch: pytest.MonkeyPatch, qtbot: QtBot) -> None:
    right = tracing.by_kernel

    def wrong(*args: Any, **options: Any) -> dict[str, torch.Tensor]:
        values = right(*args, **options)
        values["c"][2:, :, 1] += 0.01
        return values

    monkeypatch.setattr(tracing, "by_kernel", wrong)
    window = show_window(example_setup("hello"))
    words = words_of(window)
    assert words.place.text() == "Go to C of unit 1, t = 2"
    qtbot.waitUntil(lambda: not words.detectable.worker.busy)
    assert words.detectable.isHidden()
    qtbot.mouseClick(words.place, Qt.MouseButton.LeftButton)
    state = window.session.state
    assert (state.cursor.t, state.focus.unit, state.quantity) == (2, 1, "c")


def test_what_matches_says_what_it_would_have_seen(window: MainWindow, qtbot: QtBot) -> None:
    words = words_of(window)
    qtbot.waitUntil(words.detectable.isVisible)
    assert words.detectable.text() == str(describe_detectable(report_of(window)))
    assert words.place.isHidden()
    assert "The module itself was called as well, and returned the same." in words.detail.text()


def test_a_module_that_does_something_else_is_named_as_it_is(
    monkeypatch: pytest.MonkeyPatch, show_window: Open, make_setup: Make
) -> None:
    difference = ModuleDifference("output", 0.5, 0.0, (Message("attached_hook", {"name": "<lambda>"}),))
    monkeypatch.setattr("gatescope.verification.verify.ask_module", lambda *_: ModuleAnswer(difference))
    window = show_window(make_setup("nn.GRU(3, 4)"))
    words = words_of(window)
    shown = QTextDocumentFragment.fromHtml(words.verdict.text()).toPlainText()
    assert shown == str(report_of(window).verdict)
    assert "it has the forward hook <lambda>; its output differs by 0.5" in shown
    assert LIGHT.differs in words.verdict.text()
    assert window.toolbar.badge.text() == "✗  the module does something else"
    assert words.place.isHidden()
    assert "The module itself" not in words.detail.text()


def test_why_the_module_was_not_called_is_said(
    monkeypatch: pytest.MonkeyPatch, show_window: Open, make_setup: Make
) -> None:
    monkeypatch.setattr(
        "gatescope.verification.verify.ask_module",
        lambda *_: ModuleAnswer(not_asked=Message("not_asked_compiled")),
    )
    words = words_of(show_window(make_setup("nn.GRU(3, 4)")))
    assert "The module itself was not called: it is compiled." in words.detail.text()
