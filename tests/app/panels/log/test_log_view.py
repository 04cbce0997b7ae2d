"""The Log panel: what log points write, and the way back to the moment of a line."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QGuiApplication
from pytestqt.qtbot import QtBot

from gatescope.debugging.breakpoints import Breakpoint
from gatescope.messages.message import Message
from gatescope.traces.order import Cursor
from gatescope_app.look import language
from gatescope_app.panels.log.log_view import MOST_LINES, LogView
from gatescope_app.state.debugger import Debugger, LogLine
from gatescope_app.state.runs import Setup, example_setup
from gatescope_app.state.session import Session
from gatescope_app.state.sources import FromSeed

Log = tuple[Session, Debugger, LogView]


@pytest.fixture
def show_log(show_alone: Callable[..., Log]) -> Callable[[Setup], Log]:
    """Return a function that shows the panel alone, on a run."""
    return lambda setup: show_alone(LogView, setup, 420, 260)


def start(session: Session, qtbot: QtBot, setup: Setup) -> None:
    session.start(setup)
    qtbot.waitUntil(lambda: not session.runner.busy and not session.drifter.busy, timeout=60_000)


@pytest.fixture
def log(show_log: Callable[[Setup], Log]) -> Log:
    """Return the panel on `hello`."""
    return show_log(example_setup("hello"))


def texts(view: LogView) -> list[str]:
    return [view.model.index(row, 0).data() for row in range(view.model.rowCount())]


def lines(count: int, start: int = 0) -> list[LogLine]:
    return [LogLine(Cursor(t % 5), 0, f"line {t}") for t in range(start, start + count)]


def row_place(view: LogView, row: int) -> QPoint:
    return view.table.visualRect(view.model.index(row, 0)).center()


# what is written


def test_a_log_point_writes_a_line_for_each_step_that_is_passed(log: Log) -> None:
    session, debugger, view = log
    debugger.add(Breakpoint("t > 1", message="f = {f[0]}"))
    for _ in range(3):
        session.step()
    run = session.state.run
    assert run is not None
    f = run.values("f", 0, "forward", 0)[:, 0]
    assert texts(view) == [f"t = {t} · f = {f[t]:.4g}" for t in (2, 3)]
    session.step_back()
    assert texts(view)[-1] == f"t = 2 · f = {f[2]:.4g}"


def test_a_line_tells_of_its_place_what_the_network_has_several_of(
    show_log: Callable[[Setup], Log], make_setup: Callable[..., Setup]
) -> None:
    _, debugger, view = show_log(make_setup("nn.LSTM(3, 4, num_layers=2, bidirectional=True)", batch=3))
    debugger.logged.emit([LogLine(Cursor(5, 1, "reverse"), 2, "here")], 0)
    assert texts(view) == ["t = 5 · reverse, layer 1 · batch 2 · here"]


def test_what_is_logged_while_the_panel_is_hidden_is_there_when_it_is_shown(log: Log, qtbot: QtBot) -> None:
    _, debugger, view = log
    view.hide()
    debugger.logged.emit(lines(200), 0)
    view.show()
    assert len(texts(view)) == 200
    qtbot.waitUntil(lambda: view.table.viewport().rect().contains(row_place(view, 199)))


def test_another_run_is_marked_once_and_only_between_lines(log: Log, qtbot: QtBot) -> None:
    session, debugger, view = log
    for seed in (1, 2):
        start(session, qtbot, replace(session.state.setup, source=FromSeed(seed), example=None))
    assert texts(view) == []
    debugger.logged.emit(lines(1), 0)
    for seed in (3, 4):
        start(session, qtbot, replace(session.state.setup, source=FromSeed(seed)))
    debugger.logged.emit(lines(1), 0)
    assert texts(view) == ["t = 0 · line 0", "— new run —", "t = 0 · line 0"]


# bounds


def test_only_the_last_lines_are_kept_and_the_others_are_counted(log: Log) -> None:
    _, debugger, view = log
    debugger.logged.emit(lines(MOST_LINES), 0)
    assert view.summary.text() == "10,000 lines"
    debugger.logged.emit(lines(7, MOST_LINES), 0)
    found = texts(view)
    assert (len(found), found[0], found[-1]) == (MOST_LINES, "t = 2 · line 7", "t = 1 · line 10006")
    assert view.summary.text() == "10,000 lines, 7 earlier ones left out"


def test_lines_that_a_walk_left_out_are_counted_and_leave_no_gap(log: Log) -> None:
    _, debugger, view = log
    debugger.logged.emit(lines(3), 0)
    debugger.logged.emit(lines(2, 10), 5)
    assert texts(view) == ["t = 0 · line 10", "t = 1 · line 11"]
    assert view.summary.text() == "2 lines, 8 earlier ones left out"


def test_marks_between_runs_do_not_count_as_lines(log: Log, qtbot: QtBot) -> None:
    session, debugger, view = log
    debugger.logged.emit(lines(1), 0)
    start(session, qtbot, replace(session.state.setup, source=FromSeed(1), example=None))
    debugger.logged.emit(lines(MOST_LINES - 1), 0)
    assert view.model.lines == MOST_LINES
    assert view.model.left_out == 0
    debugger.logged.emit(lines(1), 0)
    assert view.model.left_out == 1
    assert texts(view)[0] == "— new run —"


def test_the_last_line_stays_in_view_until_one_scrolls_back(log: Log, qtbot: QtBot) -> None:
    _, debugger, view = log
    bar = view.table.verticalScrollBar()
    debugger.logged.emit(lines(100), 0)
    qtbot.waitUntil(lambda: 0 < bar.value() == bar.maximum())
    bar.setValue(10)
    debugger.logged.emit(lines(1, 100), 0)
    qtbot.wait(20)
    assert bar.value() == 10


# the way back


def test_a_click_on_a_line_goes_to_its_moment(
    show_log: Callable[[Setup], Log], make_setup: Callable[..., Setup], hands: Any
) -> None:
    session, debugger, view = show_log(make_setup("nn.LSTM(3, 4, bidirectional=True)", batch=3))
    debugger.logged.emit([LogLine(Cursor(2), 0, "one"), LogLine(Cursor(4, 0, "reverse"), 2, "other")], 0)
    hands.click(view.table.viewport(), row_place(view, 1))
    assert session.state.cursor == Cursor(4, 0, "reverse")
    assert session.state.batch == 2
    hands.click(view.table.viewport(), row_place(view, 0))
    assert (session.state.cursor, session.state.batch) == (Cursor(2), 0)


def test_enter_goes_to_the_line_that_the_arrow_keys_lead_to(log: Log, hands: Any) -> None:
    session, debugger, view = log
    debugger.logged.emit(lines(4), 0)
    view.entry.setFocus()
    hands.press("Down", "Down")
    view.table.setCurrentIndex(view.model.index(1, 0))
    hands.press("Down")
    assert session.state.cursor == Cursor(0), "the arrow keys alone go nowhere"
    hands.press("Return")
    assert session.state.cursor == Cursor(2)


@pytest.mark.parametrize(
    ("line", "code"),
    [
        (LogLine(Cursor(99), 0, ""), "no_such_step"),
        (LogLine(Cursor(1, 3), 0, ""), "no_such_layer"),
        (LogLine(Cursor(1), 7, ""), "no_such_element"),
    ],
)
def test_a_line_of_an_earlier_run_that_lies_outside_of_this_one_is_refused(
    log: Log, hands: Any, line: LogLine, code: str
) -> None:
    session, debugger, view = log
    refused: list[Message] = []
    session.refused.connect(refused.append)
    debugger.logged.emit([line], 0)
    before = session.state
    hands.click(view.table.viewport(), row_place(view, 0))
    assert [message.code for message in refused] == [code]
    assert session.state is before


def test_a_click_between_runs_goes_nowhere(log: Log, hands: Any, qtbot: QtBot) -> None:
    session, debugger, view = log
    debugger.logged.emit(lines(1), 0)
    start(session, qtbot, replace(session.state.setup, source=FromSeed(1), example=None))
    session.step()
    before = session.state
    hands.click(view.table.viewport(), row_place(view, 1))
    assert session.state is before


# copying and clearing


def test_ctrl_c_copies_the_selected_lines_in_their_order(log: Log, hands: Any, qtbot: QtBot) -> None:
    session, debugger, view = log
    debugger.logged.emit(lines(5), 0)
    hands.click(view.table.viewport(), row_place(view, 3))
    there = session.state.cursor
    qtbot.mouseClick(
        view.table.viewport(), Qt.MouseButton.LeftButton, Qt.KeyboardModifier.ControlModifier, row_place(view, 1)
    )
    hands.press("Ctrl+C")
    assert QGuiApplication.clipboard().text() == "t = 1 · line 1\nt = 3 · line 3"
    assert session.state.cursor == there, "to select a further line goes nowhere"
    QGuiApplication.clipboard().clear()
    hands.click(view.buttons["copy"])
    assert QGuiApplication.clipboard().text() == "t = 1 · line 1\nt = 3 · line 3"


def test_clear_removes_all_lines_and_what_is_told_of_them(log: Log, hands: Any) -> None:
    _, debugger, view = log
    debugger.logged.emit(lines(3), 4)
    hands.click(view.buttons["clear"])
    assert texts(view) == []
    assert view.summary.text() == ""
    assert not view.buttons["clear"].isEnabled()
    debugger.logged.emit(lines(1), 0)
    assert view.summary.text() == "1 line"


def test_everything_has_a_name_for_screen_readers(log: Log) -> None:
    view = log[2]
    assert view.table.accessibleName()
    assert all(button.accessibleName() and button.toolTip() for button in view.buttons.values())


def test_another_language_is_taken_without_losing_a_line(log: Log) -> None:
    _, debugger, view = log
    debugger.logged.emit(lines(3), 0)
    language.use("zh_CN")
    assert len(texts(view)) == 3


def test_a_token_in_angle_brackets_is_no_html_in_the_tooltip(log: Log) -> None:
    _, debugger, view = log
    debugger.logged.emit([LogLine(Cursor(1), 0, "token <s>")], 0)
    index = view.table.model().index(0, 0)
    assert index.data().endswith("token <s>")
    assert "&lt;s&gt;" in index.data(Qt.ItemDataRole.ToolTipRole)
