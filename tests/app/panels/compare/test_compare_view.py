"""Compare: any quantity, where its reference comes from, float64 as the arbiter, and two runs side by side."""

from __future__ import annotations

import threading
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import numpy as np
import pytest
from PySide6.QtCore import QEvent, QObject
from PySide6.QtGui import QPaintEvent, QTextDocumentFragment
from PySide6.QtWidgets import QApplication

import gatescope as gs
from gatescope.verification.error_curves import error_curves
from gatescope.verification.report import Report
from gatescope_app.look.theme import LIGHT
from gatescope_app.panels.compare.comparison_texts import ComparisonWords
from gatescope_app.state.runs import Setup, run
from gatescope_app.state.sources import FromRecording
from gatescope_app.window.main_window import MainWindow

Open = Callable[..., MainWindow]

IN_FRONT = "compare"
Make = Callable[..., Setup]


def compare_of(window: MainWindow) -> Any:
    return window.views["compare"]


def plain(html: str) -> str:
    return QTextDocumentFragment.fromHtml(html).toPlainText()


def drawn(plot: Any) -> dict[str, Any]:
    return {kind: curve.getOriginalDataset()[1] for kind, curve in plot.curves.items()}


def positive(values: Any) -> Any:
    return np.where(values > 0, values, np.nan).astype(float)


@pytest.mark.parametrize(
    ("line", "states"),
    [
        ("nn.LSTM(3, 4)", ["c", "h"]),
        ("nn.GRU(3, 4)", ["h"]),
        ("nn.RNN(3, 4)", ["h"]),
        ("nn.LSTMCell(3, 4)", ["c", "h"]),
    ],
)
def test_the_states_are_drawn_at_first(show_window: Open, make_setup: Make, line: str, states: list[str]) -> None:
    view = compare_of(show_window(make_setup(line)))
    assert list(view.plots) == states
    visible = [slot.plot.widget.isVisible() for slot in view.slots]
    assert visible == [True, len(states) == 2]
    if len(states) == 1:  # and has all the room
        left, right = (slot.plot.widget for slot in view.slots)
        assert left.width() > 1.8 * right.minimumWidth()
        assert left.geometry().right() >= view.width() - 10


def test_any_quantity_can_be_chosen_with_the_keyboard(show_window: Open, make_setup: Make, hands: Any) -> None:
    window = show_window(make_setup("nn.GRU(3, 4)", steps=20))
    view, report = compare_of(window), window.session.state.run.report  # type: ignore[union-attr]
    hands.press("Alt+C", "Up", "Up", "Up")
    assert view.slots[0].box.hasFocus()
    hands.press("Alt+N", "Down", "Down")
    assert list(view.plots) == ["r", "z"]
    for name, plot in view.plots.items():
        ratio = report.ratio(name)[:, 0].numpy()
        unit = ratio.argmax(axis=1)
        error = report.resynced(name)[:, 0].numpy()[np.arange(20), unit]
        bound = report.bound(name)[:, 0].numpy()[np.arange(20), unit]
        assert np.array_equal(drawn(plot)["error"], positive(error), equal_nan=True)
        assert np.array_equal(drawn(plot)["bound"], positive(bound), equal_nan=True)
        assert drawn(plot)["drift"] is None  # the module tells no gate on its own history
        assert name in plot.widget.accessibleName()
    assert "free-running" not in view.words.legend.text()


def test_a_choice_stays_for_runs_of_the_same_kind_and_starts_anew_for_others(
    show_window: Open, make_setup: Make, hands: Any
) -> None:
    window = show_window(make_setup("nn.GRU(3, 4)"))
    view = compare_of(window)
    hands.choose(view.slots[1].box, 1)
    for line, shown in (("nn.GRU(3, 6)", ["h", "r"]), ("nn.LSTM(3, 4)", ["c", "h"]), ("nn.GRU(3, 4)", ["h"])):
        window.session.start(make_setup(line))
        hands.wait_for_run(window)
        assert list(view.plots) == shown
        for name, plot in view.plots.items():
            assert drawn(plot)["bound"] is not None, name


@pytest.mark.parametrize("kind", ["GRU", "RNN", "GRUCell"])
def test_nothing_names_another_module_than_the_runs(show_window: Open, make_setup: Make, kind: str) -> None:
    window = show_window(make_setup(f"nn.{kind}(3, 4)"))
    words: ComparisonWords = compare_of(window).words
    texts = [words.verdict, words.detail, words.obtained, words.legend]
    said = " ".join(label.text() for label in texts) + window.toolbar.badge.text() + window.toolbar.badge.toolTip()
    assert "LSTM" not in said
    assert f"each step of nn.{kind} starts" in words.legend.text()


def test_it_says_how_the_reference_of_each_shown_quantity_was_obtained(
    show_window: Open, make_setup: Make, hands: Any
) -> None:
    view = compare_of(show_window(make_setup("nn.LSTM(3, 4)")))
    assert view.words.obtained.text() == "Reference of C, h: returned by the kernel of nn.LSTM."
    hands.choose(view.slots[1].box, 1)
    first, second = view.words.obtained.text().splitlines()
    assert first == "Reference of C: returned by the kernel of nn.LSTM."
    assert second.startswith("Reference of f: shown by the kernel of nn.LSTM")


# ---- float64 as the arbiter ----


def test_float64_is_asked_by_a_tick_and_answers_for_what_is_shown(
    show_window: Open, make_setup: Make, hands: Any, qtbot: Any
) -> None:
    window = show_window(make_setup("nn.LSTM(3, 4)"))
    view, report = compare_of(window), window.session.state.run.report  # type: ignore[union-attr]
    panel = view.words.arbiter
    assert not panel.answer.isVisible()
    hands.press("Alt+K")
    qtbot.waitUntil(lambda: panel.box.isChecked() and not panel.worker.busy)
    heading, *lines = panel.answer.text().splitlines()
    assert heading == "Away from float64, in units of the last place of float32:"
    for line, (name, symbol) in zip(lines, (("c", "C"), ("h", "h")), strict=True):
        answer = report.arbiter(name)
        ours, theirs = answer.ours, answer.reference
        assert line == (
            f"{symbol}: this run {ours.largest:.3g} at most, {ours.mean:.3g} on average; "
            f"nn.LSTM {theirs.largest:.3g} at most, {theirs.mean:.3g} on average"
        )
    answer = panel.answer
    qtbot.waitUntil(lambda: answer.visibleRegion().boundingRect() == answer.rect())  # scrolled to
    hands.choose(view.slots[1].box, 1)
    qtbot.waitUntil(lambda: not panel.worker.busy)
    assert [line[0] for line in panel.answer.text().splitlines()[1:]] == ["C", "f"]
    hands.press("Alt+K")
    qtbot.waitUntil(lambda: not panel.answer.isVisible())


def test_what_another_run_replaces_is_not_answered(
    show_window: Open, make_setup: Make, hands: Any, qtbot: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    window = show_window(make_setup("nn.LSTM(3, 4)"))
    panel, go_on, asked = compare_of(window).words.arbiter, threading.Event(), []
    right = Report.arbiter

    def slow(report: Report, *where: Any) -> Any:
        asked.append(report.trace.spec.kind)
        go_on.wait(10)
        return right(report, *where)

    monkeypatch.setattr(Report, "arbiter", slow)
    hands.press("Alt+K")
    qtbot.waitUntil(lambda: bool(asked))
    assert panel.answer.text() == "Computing in float64…"
    hands.press("F10")  # nothing waits for it
    assert window.session.state.cursor.t == 1
    window.session.start(make_setup("nn.GRU(3, 4)"))
    hands.wait_for_run(window)
    go_on.set()
    qtbot.waitUntil(lambda: not panel.worker.busy)
    assert "nn.GRU" in panel.answer.text()
    assert "nn.LSTM" not in panel.answer.text()
    assert asked == ["LSTM", "GRU"]  # C and then h of the first run: h was not computed any more


def test_a_run_in_float64_has_no_arbiter_and_says_so(
    show_window: Open, make_setup: Make, hands: Any, qtbot: Any
) -> None:
    window = show_window(make_setup("nn.LSTM(3, 4, dtype=torch.float64)"))
    panel = compare_of(window).words.arbiter
    hands.press("Alt+K")
    qtbot.waitUntil(lambda: panel.box.isChecked() and not panel.worker.busy)
    assert "this run is itself in float64" in panel.answer.text()


# ---- two runs ----


def in_float64(setup: Setup) -> Setup:
    """Return the same network with the same weights in another dtype."""
    source = FromRecording(run(setup).trace, "x.gates").rerun()
    return replace(setup, spec=replace(setup.spec, dtype="float64"), source=source)


@pytest.fixture
def two(show_window: Open, make_setup: Make, hands: Any) -> Callable[[Setup, Setup], MainWindow]:
    """Return a function that opens a window on one run, compared with another."""

    def show(setup: Setup, other: Setup) -> MainWindow:
        window = show_window(setup)
        session, ran = window.session, run(other)
        comparison = gs.compare(session.state.run.trace, ran.trace)  # type: ignore[union-attr]
        session._set(replace(session.state, other=ran, comparison=comparison))
        return window

    return show


def test_two_runs_show_their_own_verdict_and_curves(two: Any, make_setup: Make) -> None:
    setup = make_setup("nn.LSTM(3, 4)", steps=12)
    window = two(setup, in_float64(setup))
    view, comparison = compare_of(window), window.session.state.comparison
    assert comparison is not None
    assert plain(view.words.verdict.text()).startswith("the two runs match (")
    assert LIGHT.matches in view.words.verdict.text()
    assert view.words.detail.text().startswith("This run: nn.LSTM(3, 4) on cpu in IEEE float32.")
    assert "The other run: nn.LSTM(3, 4, dtype=torch.float64) on cpu in IEEE float64" in view.words.detail.text()
    assert "each run's steps computed again with the other's network" in view.words.legend.text()
    assert "nn.LSTM starts" not in view.words.legend.text()
    assert not view.words.arbiter.isVisible()
    assert not view.words.obtained.isVisible()
    for name, plot in view.plots.items():
        difference, bound = (getattr(comparison, kind)(name)[:, 0].numpy() for kind in ("difference", "bound"))
        unit = (difference / bound).argmax(axis=1)
        for kind, values in {"error": difference, "bound": bound}.items():
            assert np.array_equal(drawn(plot)[kind], positive(values[np.arange(12), unit]), equal_nan=True), kind
        drift = comparison.drift(name)[:, 0].numpy().max(axis=1)
        assert np.array_equal(drawn(plot)["drift"], positive(drift), equal_nan=True)


def test_two_runs_that_part_are_red_and_fed_differently_grey(two: Any, make_setup: Make) -> None:
    setup = make_setup("nn.GRU(3, 4)")
    for other, code, colour in (
        (make_setup("nn.GRU(3, 4)", seed=1), "runs_fed_differently", LIGHT.cannot_compare),
        (replace(setup, source=make_setup("nn.GRU(3, 4)", seed=1).source), "runs_differ", LIGHT.differs),
    ):
        window = two(setup, other)
        comparison = window.session.state.comparison
        assert comparison is not None
        assert comparison.verdict.code == code
        assert colour in compare_of(window).words.verdict.text()


def test_the_module_is_compared_with_again_when_the_other_run_goes(two: Any, make_setup: Make) -> None:
    setup = make_setup("nn.LSTM(3, 4)")
    window = two(setup, in_float64(setup))
    session = window.session
    session._set(replace(session.state, other=None, comparison=None))
    view = compare_of(window)
    assert plain(view.words.verdict.text()).startswith("matches nn.LSTM")
    assert view.words.arbiter.isVisible()
    report = session.state.run.report  # type: ignore[union-attr]
    unit = report.ratio("c")[:, 0].numpy().argmax(axis=1)
    bound = report.bound("c")[:, 0].numpy()[np.arange(6), unit]
    assert np.array_equal(drawn(view.plots["c"])["bound"], positive(bound), equal_nan=True)


def test_dashes_are_laid_only_where_they_can_be_seen(show_window: Open, make_setup: Make) -> None:
    """Qt lays the dashes of all of a line, also of what is outside: of a long one for minutes."""
    view = compare_of(show_window(make_setup("nn.LSTM(3, 4)", steps=20)))
    for plot in view.plots.values():
        box = plot.widget.getPlotItem().getViewBox()
        line = plot.cursor.line()
        ends = [plot.cursor.mapToItem(box, end).y() for end in (line.p1(), line.p2())]
        assert abs(ends[1] - ends[0]) < 1.1 * box.height()
        box.setXRange(3.2, 3.2 + 1e-9, padding=0)
        assert box.viewRange()[0][1] - box.viewRange()[0][0] >= 1


class PaintedWidth(QObject):
    """Notes how wide the part of a widget is that is painted, each time."""

    def __init__(self) -> None:
        super().__init__()
        self.widths: list[int] = []

    def eventFilter(self, _watched: QObject, event: QEvent) -> bool:
        if isinstance(event, QPaintEvent):
            self.widths.append(event.region().boundingRect().width())
        return False


def test_a_step_paints_only_around_the_cursor(show_window: Open, make_setup: Make, hands: Any) -> None:
    window = show_window(make_setup("nn.LSTM(3, 4)", steps=40))
    hands.press("F8", "F10")
    hands.qtbot.waitUntil(window.updatesEnabled)
    QApplication.processEvents()
    for plot in compare_of(window).plots.values():
        painted, viewport = PaintedWidth(), plot.widget.viewport()
        viewport.installEventFilter(painted)
        hands.press("F10")
        hands.qtbot.waitUntil(lambda: bool(painted.widths))  # noqa: B023 - of this turn
        assert max(painted.widths) < viewport.width() / 4
        low, high = plot.widget.viewRange()[1]
        assert (plot.cursor.line().y1(), plot.cursor.line().y2()) == (low, high), "all of the plot's height"


def test_a_choice_that_is_made_when_the_panel_has_gone_waits(window: MainWindow, make_setup: Make, hands: Any) -> None:
    compare = compare_of(window)
    window.docks["compare"].close()
    window.session.start(make_setup("nn.GRU(3, 4)"))
    hands.wait_for_run(window)
    assert compare.names == ("c", "h")  # not caught up
    compare.slots[0].box.activated.emit(0)  # in the list, which is a window of its own and may still be open
    window.panels.show("compare")
    hands.qtbot.waitUntil(lambda: compare.names == ("h",))


def test_the_axes_of_the_errors_are_labelled_at_both_ends(show_window: Open, make_setup: Make, hands: Any) -> None:
    view = compare_of(show_window(make_setup("nn.LSTM(3, 4)", steps=57)))
    hands.qtbot.waitUntil(lambda: drawn(view.plots["h"])["error"] is not None)
    for plot in view.plots.values():
        item = plot.widget.getPlotItem()
        for side, ends in (("bottom", (0.0, 56.0)), ("left", None)):
            axis, size = item.getAxis(side), plot.widget.height() if side == "left" else plot.widget.width()
            low, high = item.viewRange()[side == "left"]
            ((_, ticks),) = axis.tickValues(low, high, size)
            powers = (float(np.ceil(low - 0.01)), float(np.floor(high + 0.01)))
            assert (ticks[0], ticks[-1]) == (ends or powers)


def test_the_mouse_over_errors_tells_step_token_and_all_digits(window: MainWindow) -> None:
    view, run_now = compare_of(window), window.session.state.run
    assert run_now is not None
    for name, plot in view.plots.items():
        curves = error_curves(run_now.report, name, 0, "forward", 0, drift=True)
        for t, token in enumerate("hello"):
            step, unit, *lines = plot.describe(t).splitlines()
            assert step == f"t = {t} “{token}”"
            assert unit == f"unit {curves.unit[t]}"
            resynced = run_now.report.resynced(name)[t, 0, curves.unit[t]]
            assert float(resynced) == curves.error[t]
            for line, values in zip(lines, curves[:3], strict=True):
                assert values is not None
                assert values.dtype.type(line.split()[1]) == values[t], f"{name} at t = {t}"
        assert plot.describe(-1) == plot.describe(5) == ""
        plot.clear()
        assert plot.describe(0) == ""
