"""The unrolled network under a person's hands: clicks, keys and the mouse over it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from typing import Any

import pytest
from PySide6.QtCore import QEvent, QPoint, QPointF, Qt
from PySide6.QtGui import QHelpEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QGraphicsItem, QGraphicsView, QToolTip
from pytestqt.qtbot import QtBot

from gatescope.traces.order import Cursor
from gatescope_app.look.theme import LIGHT
from gatescope_app.panels.diagram.network_items import StripNode
from gatescope_app.panels.diagram.network_plan import MOST_SLOTS
from gatescope_app.panels.diagram.network_scene import NetworkScene
from gatescope_app.state.runs import Setup, run
from gatescope_app.state.session_state import State

_LEFT = Qt.MouseButton.LeftButton


def cell_at(scene: NetworkScene, cursor: Cursor) -> StripNode | None:
    """Return the box of a cell at a step, where it is shown."""
    columns = scene.drawing.plan.columns
    cells = {(row.layer, row.direction): row.cells for row in scene.drawing.rows}
    nodes = cells.get((cursor.layer, cursor.direction), [])
    return nodes[columns.index(cursor.t)] if nodes and cursor.t in columns else None


@dataclass
class Shown:
    """A scene in a view, and what it has told."""

    scene: NetworkScene
    view: QGraphicsView
    state: State
    picked: list[Cursor] = field(default_factory=list)
    opened: list[Cursor] = field(default_factory=list)
    pointed: list[str | None] = field(default_factory=list)

    def place(self, item: QGraphicsItem) -> QPoint:
        """Return where a box is, in pixels of the view; beside its middle, where the sign of the phase may be."""
        rect = item.boundingRect()
        return self.view.mapFromScene(QPointF(rect.center().x(), rect.bottom() - rect.height() / 4))

    def cell(self, cursor: Cursor) -> StripNode:
        """Return the box of a cell."""
        node = cell_at(self.scene, cursor)
        assert node is not None
        return node

    def click(self, item: QGraphicsItem) -> None:
        """Click a box."""
        QTest.mouseClick(self.view.viewport(), _LEFT, pos=self.place(item))

    def press(self, key: Qt.Key) -> None:
        """Press a key."""
        QTest.keyClick(self.view, key)


@pytest.fixture
def show(qtbot: QtBot) -> Iterator[Callable[..., Shown]]:
    """Return a function that shows a run at a cursor in a view."""
    shown: list[Shown] = []

    def show(setup: Setup, cursor: Cursor, size: tuple[int, int] = (900, 500)) -> Shown:
        one = Shown(NetworkScene(LIGHT), QGraphicsView(), State(setup, run(setup), cursor))
        shown.append(one)
        one.scene.cursor_picked.connect(one.picked.append)
        one.scene.cell_opened.connect(one.opened.append)
        one.scene.pointed.connect(one.pointed.append)
        one.view.setMouseTracking(True)
        one.view.setScene(one.scene)
        one.view.resize(*size)
        one.view.show()
        qtbot.waitUntil(lambda: one.view.windowHandle().isExposed())
        one.scene.apply(None, one.state)
        one.view.fitInView(one.scene.sceneRect(), Qt.AspectRatioMode.KeepAspectRatio)
        return one

    yield show
    for one in shown:
        one.view.close()
        one.view.deleteLater()
        one.scene.deleteLater()


@pytest.fixture
def both_ways(show: Callable[..., Shown], make_setup: Callable[..., Setup]) -> Shown:
    """Return two layers in both directions at the phase o of layer 1, reverse, t = 2."""
    return show(make_setup("nn.LSTM(3, 5, 2, bidirectional=True)", steps=4), Cursor(2, 1, "reverse", "o"))


def test_a_click_goes_to_the_complete_cell(both_ways: Shown) -> None:
    for cursor in (Cursor(3, 0, "forward"), Cursor(1, 1, "reverse"), Cursor(2, 1, "reverse")):
        both_ways.click(both_ways.cell(cursor))
        assert both_ways.picked[-1] == cursor
    assert both_ways.opened == []


def test_a_double_click_opens_the_cell(both_ways: Shown) -> None:
    cursor = Cursor(1, 0, "reverse")
    place = both_ways.place(both_ways.cell(cursor))
    QTest.mouseClick(both_ways.view.viewport(), _LEFT, pos=place)
    QTest.mouseDClick(both_ways.view.viewport(), _LEFT, pos=place)
    assert both_ways.opened == [cursor]
    assert both_ways.pointed[-1] is None, "another page may be in front now"
    both_ways.click(both_ways.cell(Cursor(0, 0, "forward")))
    assert both_ways.picked[-1] == Cursor(0, 0, "forward"), "the mouse is free again"


def test_inputs_outputs_and_states_lead_to_their_cells(both_ways: Shown) -> None:
    drawing = both_ways.scene.drawing
    both_ways.click(drawing.inputs[3])
    assert both_ways.picked[-1] == Cursor(3, 1, "reverse"), "the step, of the cell that is looked at"
    forward, reverse = drawing.rows[2:]
    both_ways.click(forward.outputs[1])
    assert both_ways.picked[-1] == Cursor(1, 1, "forward")
    both_ways.click(reverse.last["h"])
    assert both_ways.picked[-1] == Cursor(0, 1, "reverse")
    both_ways.click(reverse.initial["c"])
    assert both_ways.picked[-1] == Cursor(3, 1, "reverse")


def test_the_number_of_a_step_leads_there_and_the_place_beside_it_nowhere(both_ways: Shown) -> None:
    geometry, view = both_ways.scene.drawing.geometry, both_ways.view
    time = geometry.time(1)
    QTest.mouseClick(view.viewport(), _LEFT, pos=view.mapFromScene(time.center()))
    assert both_ways.picked == [Cursor(1, 1, "reverse")], "the step, of the cell that is looked at"
    QTest.mouseClick(view.viewport(), _LEFT, pos=view.mapFromScene(QPointF(geometry.left / 2, time.center().y())))
    assert len(both_ways.picked) == 1


def test_a_click_may_change_everything_that_is_shown(
    show: Callable[..., Shown], make_setup: Callable[..., Setup]
) -> None:
    shown = show(make_setup("nn.LSTM(3, 5, 16)", steps=50), Cursor(25, 8))

    def follow(cursor: Cursor) -> None:
        old, shown.state = shown.state, replace(shown.state, cursor=cursor)
        shown.scene.apply(old, shown.state)

    shown.scene.cursor_picked.connect(follow)
    for cursor in (Cursor(26, 15), Cursor(49, 0), Cursor(0, 0)):
        shown.click(shown.cell(cursor))
        assert cell_at(shown.scene, cursor) is not None
    assert len(shown.picked) == 3


@pytest.mark.parametrize(
    ("key", "start", "expected"),
    [
        (Qt.Key.Key_Up, (0, "forward"), (0, "reverse")),
        (Qt.Key.Key_Up, (0, "reverse"), (1, "forward")),
        (Qt.Key.Key_Down, (1, "forward"), (0, "reverse")),
        (Qt.Key.Key_Up, (1, "reverse"), None),
        (Qt.Key.Key_Down, (0, "forward"), None),
    ],
)
def test_up_and_down_go_through_layers_and_directions(
    both_ways: Shown, key: Qt.Key, start: tuple[int, Any], expected: tuple[int, Any] | None
) -> None:
    cursor = Cursor(2, *start, phase="f")
    both_ways.scene.apply(both_ways.state, replace(both_ways.state, cursor=cursor))
    both_ways.press(key)
    assert both_ways.picked == ([] if expected is None else [Cursor(2, *expected, phase="f")])


@pytest.mark.parametrize("key", [Qt.Key.Key_Return, Qt.Key.Key_Enter])
def test_enter_opens_the_current_cell(both_ways: Shown, key: Qt.Key) -> None:
    both_ways.press(key)
    assert both_ways.opened == [both_ways.state.cursor]


def test_left_and_right_are_left_to_the_window(both_ways: Shown) -> None:
    both_ways.press(Qt.Key.Key_Left)
    both_ways.press(Qt.Key.Key_Right)
    assert (both_ways.picked, both_ways.opened) == ([], [])


def test_the_mouse_over_a_box_is_told(both_ways: Shown) -> None:
    for item in (both_ways.cell(Cursor(1, 0)), both_ways.scene.drawing.inputs[2]):
        QTest.mouseMove(both_ways.view.viewport(), both_ways.place(item))
    QTest.mouseMove(both_ways.view.viewport(), QPoint(2, 2))
    QApplication.processEvents()
    assert [name for name in both_ways.pointed if name] == ["h", "x"]
    assert both_ways.pointed[-1] is None


def test_what_is_told_of_a_box(both_ways: Shown) -> None:
    def told(node: StripNode) -> str:
        return both_ways.scene.describe_at(node.rect.center())

    assert both_ways.state.run is not None
    trace, drawing = both_ways.state.run.trace, both_ways.scene.drawing
    both_ways.scene.apply(both_ways.state, replace(both_ways.state, unit=3))
    cell = trace.cell(1, "reverse")
    lines = told(both_ways.cell(Cursor(3, 1, "reverse"))).split("\n")
    assert lines[0] == "layer 1 · reverse · t = 3"
    assert lines[1:3] == [f"C[3] = {cell.c[3, 0, 3]:.4f}", f"h[3] = {cell.h[3, 0, 3]:.4f}"]
    assert told(both_ways.cell(Cursor(0, 1, "reverse"))).split("\n")[1] == "not computed yet"
    assert told(drawing.inputs[0]).startswith(f"t = 0\nx = [{trace.x[0, 0, 0]:.4f}, ")
    assert told(drawing.rows[-1].last["h"]).endswith("h_n[3], c_n[3]: the state after its last step, t = 0")
    assert "5: reverse" in told(drawing.rows[-1].outputs[0])


def test_a_state_in_the_making_is_told_as_far_as_it_is_computed(both_ways: Shown) -> None:
    told = both_ways.scene.describe_at(both_ways.cell(Cursor(2, 1, "reverse")).rect.center())
    assert "C[0] =" in told
    assert "h[0] =" not in told, "at phase o, C is computed and h is not"


def test_a_tooltip_comes_up(both_ways: Shown, qtbot: QtBot) -> None:
    place = both_ways.place(both_ways.cell(Cursor(1, 0)))
    viewport = both_ways.view.viewport()
    QApplication.sendEvent(viewport, QHelpEvent(QEvent.Type.ToolTip, place, viewport.mapToGlobal(place)))
    qtbot.waitUntil(lambda: "layer 0 · forward · t = 1" in QToolTip.text())
    QToolTip.hideText()


def test_it_says_where_it_is(both_ways: Shown) -> None:
    assert both_ways.scene.description.endswith("Current cell: layer 1 · reverse · t = 2; output gate")


def test_more_room_shows_more_steps(show: Callable[..., Shown], make_setup: Callable[..., Setup]) -> None:
    shown = show(make_setup("nn.LSTM(3, 5)", steps=500), Cursor(250), size=(500, 200))
    few = len(shown.scene.drawing.plan.columns)
    shown.view.resize(2400, 300)
    shown.scene.suit_room()
    assert few < len(shown.scene.drawing.plan.columns) <= MOST_SLOTS
    shown.view.resize(500, 200)
    shown.scene.suit_room()
    assert len(shown.scene.drawing.plan.columns) == few
