"""The margin of the Sequence list: breakpoints are set there, and what stops a walk is marked."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import numpy as np
import pytest
from PySide6.QtCore import QEvent, QPoint, Qt
from PySide6.QtGui import QColor, QImage
from PySide6.QtWidgets import QApplication

from gatescope.debugging.breakpoints import MISMATCH, Breakpoint, Scope
from gatescope_app.look.theme import DARK, LIGHT
from gatescope_app.panels.sequence.sequence_view import SequenceView
from gatescope_app.state.debugger import Debugger
from gatescope_app.state.editor import Editor
from gatescope_app.state.runs import Setup, example_setup
from gatescope_app.state.session import Session
from gatescope_app.state.worker import Worker
from gatescope_app.widgets.view import PanelParts

Make = Callable[..., Setup]
Open = Callable[[Setup], "Listed"]


class Listed:
    """The Sequence list alone, with a debugger behind it."""

    def __init__(self, setup: Setup) -> None:
        self.session = Session(setup)
        self.debugger = Debugger(self.session)
        self.view = SequenceView(PanelParts(self.session, LIGHT, self.debugger, Editor(self.session)))
        self.table = self.view.table

    @property
    def breakpoints(self) -> tuple[Breakpoint, ...]:
        """Those of the session, but the one that is there from the start."""
        return tuple(one for one in self.session.state.breakpoints if one != MISMATCH)

    def marks(self, steps: int = 5) -> list[str]:
        """Return what the margin says of the first steps."""
        return [self.view.model.index(t, 0).data() for t in range(steps)]

    def place(self, t: int, column: int = 0) -> QPoint:
        """Return the middle of a cell of the list."""
        return self.table.visualRect(self.view.model.index(t, column)).center()

    def colours(self, t: int) -> set[int]:
        """Return the colours in the margin of a step, left of the arrow."""
        QApplication.processEvents()
        picture: QImage = self.table.viewport().grab().toImage()
        top, height = self.table.rowViewportPosition(t), self.table.rowHeight(t)
        width = self.table.columnWidth(0) // 2
        return {picture.pixel(x, y) for x in range(width) for y in range(top, top + height)}


@pytest.fixture
def open_list(hands: Any, qtbot: Any) -> Iterator[Open]:
    """Return a function that shows the list on a run that is complete."""
    opened: list[Listed] = []

    def show(setup: Setup) -> Listed:
        listed = Listed(setup)
        opened.append(listed)
        listed.view.resize(320, 420)
        hands.bring_up(listed.view)
        listed.session.start(setup)
        busy = (listed.session.runner, listed.session.drifter)
        qtbot.waitUntil(
            lambda: listed.session.state.run is not None and not any(one.busy for one in busy), timeout=60_000
        )
        return listed

    yield show
    for listed in opened:
        for worker in listed.session.findChildren(Worker):
            worker.wait()
        listed.view.close()
        listed.view.deleteLater()
        listed.session.deleteLater()


@pytest.fixture
def hello(open_list: Open) -> Listed:
    """Return the list on `hello`, five steps."""
    return open_list(example_setup("hello"))


def test_a_click_in_the_margin_sets_a_breakpoint_and_takes_it_away(hello: Listed, hands: Any) -> None:
    hands.click(hello.table.viewport(), hello.place(3))
    assert hello.breakpoints == (Breakpoint(t=3),)
    assert hello.marks() == ["➤", "", "", "●", ""]
    hands.click(hello.table.viewport(), hello.place(3))
    assert hello.breakpoints == ()
    assert hello.marks() == ["➤", "", "", "", ""]


def test_a_click_in_the_margin_moves_nothing(hello: Listed, hands: Any, qtbot: Any) -> None:
    hands.click(hello.table.viewport(), hello.place(2, 1))
    for t in (4, 0, 2):
        hands.click(hello.table.viewport(), hello.place(t))
        assert hello.session.state.cursor.t == 2
        assert hello.table.currentIndex().row() == 2
    assert hello.marks() == ["●", "", "●➤", "", "●"]


def test_a_quick_second_click_takes_the_breakpoint_away_again(hello: Listed, hands: Any, qtbot: Any) -> None:
    hands.click(hello.table.viewport(), hello.place(3))
    qtbot.mouseDClick(hello.table.viewport(), Qt.MouseButton.LeftButton, pos=hello.place(3))
    assert hello.breakpoints == ()
    assert hello.session.state.cursor.t == 0


def test_a_drag_that_begins_in_the_margin_moves_nothing(hello: Listed, qtbot: Any) -> None:
    viewport = hello.table.viewport()
    qtbot.mousePress(viewport, Qt.MouseButton.LeftButton, pos=hello.place(1))
    for t, column in ((2, 0), (3, 1), (4, 1)):
        qtbot.mouseMove(viewport, pos=hello.place(t, column))
    qtbot.mouseRelease(viewport, Qt.MouseButton.LeftButton, pos=hello.place(4, 1))
    assert hello.session.state.cursor.t == 0
    assert hello.breakpoints == (Breakpoint(t=1),)


def test_other_buttons_and_the_empty_part_below_do_nothing(hello: Listed, qtbot: Any) -> None:
    viewport = hello.table.viewport()
    qtbot.mouseClick(viewport, Qt.MouseButton.RightButton, pos=hello.place(3))
    qtbot.mouseClick(viewport, Qt.MouseButton.LeftButton, pos=QPoint(5, viewport.height() - 3))
    assert hello.breakpoints == ()
    assert hello.session.state.cursor.t == 0


def test_a_click_beside_the_margin_still_goes_to_the_step(hello: Listed, hands: Any) -> None:
    edge = QPoint(hello.table.columnWidth(0), hello.place(3).y())
    hands.click(hello.table.viewport(), edge)
    assert hello.session.state.cursor.t == 3
    assert hello.breakpoints == ()


def test_marks_tell_what_is_set_what_rests_and_what_is_hit(hello: Listed) -> None:
    hello.debugger.set_all(
        (
            Breakpoint(t=1), Breakpoint(t=2, enabled=False), Breakpoint("t >= 2"), Breakpoint("t == 0", enabled=False),
            Breakpoint("t == 0", message="passed"), Breakpoint(t=4, once=True),
        )
    )  # fmt: skip
    assert hello.marks() == ["➤", "●", "○", "◇", "●"]


def test_marks_are_those_of_the_cell_looked_at(open_list: Open, make_setup: Make) -> None:
    listed = open_list(make_setup("nn.LSTM(3, 4, num_layers=2, bidirectional=True)", steps=5))
    listed.debugger.set_all(
        (
            Breakpoint("t == 1", scope=Scope(layers=frozenset({1}))),
            Breakpoint("t == 3", scope=Scope(directions=frozenset({"reverse"}))),
        )
    )
    seen = {}
    for layer in (0, 1):
        for direction in ("forward", "reverse"):
            listed.session.look_at(layer=layer, direction=direction)
            seen[layer, direction] = [t for t, mark in enumerate(listed.marks()) if "◇" in mark]
    assert seen == {(0, "forward"): [], (0, "reverse"): [3], (1, "forward"): [1], (1, "reverse"): [1, 3]}


@pytest.mark.parametrize("theme", [LIGHT, DARK], ids=["light", "dark"])
def test_marks_are_painted_in_their_colour_on_the_margin_also_of_the_current_step(hello: Listed, theme: Any) -> None:
    hello.view.set_theme(theme)
    colour, ground = QColor(theme.breakpoint).rgb(), QColor(theme.raised).rgb()
    assert all(hello.colours(t) == {ground} for t in (0, 3))
    hello.debugger.set_all((Breakpoint(t=0), Breakpoint(t=1, enabled=False), Breakpoint("t == 2")))
    for t in (0, 1, 2):
        assert {colour, ground} <= hello.colours(t)
    assert hello.colours(3) == {ground}
    hello.debugger.remove_all()
    assert hello.colours(0) == {ground}


def test_a_dot_follows_the_mouse_in_the_margin_and_goes_with_it(hello: Listed, qtbot: Any) -> None:
    ground = {QColor(LIGHT.raised).rgb()}
    qtbot.mouseMove(hello.table.viewport(), pos=hello.place(3))
    assert hello.colours(3) > ground
    assert hello.table.viewport().cursor().shape() == Qt.CursorShape.PointingHandCursor
    qtbot.mouseMove(hello.table.viewport(), pos=hello.place(3, 1))
    assert hello.colours(3) == ground
    assert hello.table.viewport().cursor().shape() == Qt.CursorShape.ArrowCursor
    qtbot.mouseMove(hello.table.viewport(), pos=hello.place(2))
    QApplication.sendEvent(hello.table, QEvent(QEvent.Type.Leave))
    assert hello.colours(2) == ground


def test_the_tooltip_says_what_a_click_does_and_what_stops_there(hello: Listed) -> None:
    hello.debugger.set_all((Breakpoint(t=1), Breakpoint(t=2, enabled=False), Breakpoint("t == 3")))
    tips = [hello.view.model.index(t, 0).data(Qt.ItemDataRole.ToolTipRole) for t in range(4)]
    assert tips == [
        "t = 0: click to stop here (F9 at the current step)",
        "t = 1: a breakpoint. Click to remove it (F9 at the current step)",
        "t = 2: a breakpoint, switched off. Click to remove it",
        "t = 3: click to stop here (F9 at the current step)\nA walk stops here: t == 3",
    ]
    assert hello.view.model.index(1, 0).data(Qt.ItemDataRole.AccessibleTextRole) == tips[1]


def test_marks_of_a_long_run_cost_nothing_with_a_step(
    open_list: Open, make_setup: Make, monkeypatch: pytest.MonkeyPatch
) -> None:
    listed = open_list(make_setup("nn.LSTM(1, 2, num_layers=2)", steps=2_000))
    listed.debugger.set_all((Breakpoint("t < 5000"), Breakpoint(t=7)))
    hits: Any = listed.session.state.hits
    asked, resets, whole = [], [], []
    find = type(hits).steps
    monkeypatch.setattr(type(hits), "steps", lambda *cell: asked.append(cell[1:]) or find(*cell))
    listed.view.model.modelReset.connect(lambda: resets.append(1))
    monkeypatch.setattr(listed.table, "update_margin", lambda: whole.append(1))
    listed.debugger.toggle(8)
    assert len(asked) == 1
    for _ in range(40):  # through both layers
        listed.session.step_into()
    assert asked == [(0, "forward"), (1, "forward")]
    whole.clear()
    for _ in range(10):
        listed.session.step()
    assert not resets
    assert not whole
    assert asked == [(0, "forward"), (1, "forward")]
    assert listed.marks(10) == [*["◇"] * 7, "●", "●", "◇"]


def test_every_step_is_marked_where_it_is_hit(open_list: Open, make_setup: Make) -> None:
    listed = open_list(make_setup("nn.LSTM(1, 2)", steps=300))
    chosen = np.random.default_rng(0).choice(300, 40, replace=False)
    text = " or ".join(f"t == {t}" for t in chosen)
    listed.debugger.set_all((Breakpoint(text),))
    assert [t for t, mark in enumerate(listed.marks(300)) if "◇" in mark] == sorted(chosen)
