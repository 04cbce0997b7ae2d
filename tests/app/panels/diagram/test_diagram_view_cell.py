"""The cell diagram under a person's hands: clicks, hovering, keys, zoom, and what moves."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from PySide6.QtCore import QEvent, QPoint, QPointF, Qt
from PySide6.QtGui import QHelpEvent, QImage, QWheelEvent
from PySide6.QtWidgets import QApplication, QStyle, QToolTip

from gatescope.traces.order import Cursor
from gatescope_app.panels.diagram import cell_motion, cell_scene
from gatescope_app.panels.diagram.canvas import DiagramCanvas
from gatescope_app.panels.diagram.cell_motion import reduced_motion
from gatescope_app.panels.diagram.diagram_view import DiagramView
from gatescope_app.state.runs import Setup
from gatescope_app.window.main_window import MainWindow


@pytest.fixture
def shown(show_window: Callable[..., MainWindow], make_setup: Callable[..., Setup]) -> MainWindow:
    """Return a window with the diagram of an LSTM in front, at t = 2."""
    window = show_window(make_setup("nn.LSTM(3, 8)", steps=9))
    window.panels.show("diagram")
    window.session.run_to(2)
    QApplication.processEvents()
    return window


def view_of(window: MainWindow) -> DiagramView:
    view = window.views["diagram"]
    assert isinstance(view, DiagramView)
    return view


def place(view: DiagramView, at: QPointF) -> QPoint:
    """Return where a place of the drawing is in the canvas."""
    return view.canvas.mapFromScene(at)


def in_strip(view: DiagramView, name: str, unit: int, units: int = 8) -> QPoint:
    """Return where a unit is on a strip."""
    assert view.cell.layout is not None
    strip = view.cell.layout.strip(name).rect
    return place(view, QPointF(strip.left() + strip.width() * (unit + 0.5) / units, strip.center().y()))


def in_box(view: DiagramView, makes: str) -> QPoint:
    """Return the middle of a gate's box."""
    assert view.cell.layout is not None
    return place(view, next(b for b in view.cell.layout.boxes if b.makes == makes and b.is_gate).area.center())


def hover(hands: Any, view: DiagramView, at: QPoint) -> None:
    """Move the mouse to a place, from where there is nothing: where it is already, a move would not be told."""
    for pos in (QPoint(2, 2), at):
        hands.qtbot.mouseMove(view.canvas.viewport(), pos=pos)


# selecting


def test_a_click_on_a_strip_selects_the_unit_and_the_quantity(shown: MainWindow, hands: Any) -> None:
    view = view_of(shown)
    for name, unit, quantity in (("f", 5, "f"), ("c_tilde", 0, "c_tilde"), ("h", 7, "h"), ("c_before", 3, "c")):
        hands.click(view.canvas.viewport(), in_strip(view, name, unit))
        assert (shown.session.state.quantity, shown.session.state.unit) == (quantity, unit)
        assert view.cell.strips.contents["o"].unit == unit


def test_a_click_on_the_input_selects_no_unit(shown: MainWindow, hands: Any) -> None:
    before = shown.session.state
    hands.click(view_of(shown).canvas.viewport(), in_strip(view_of(shown), "x", 2, 3))
    assert (shown.session.state.quantity, shown.session.state.unit) == (before.quantity, before.unit)


def test_a_click_on_a_gate_selects_it_everywhere(shown: MainWindow, hands: Any) -> None:
    view = view_of(shown)
    for gate in ("o", "f", "c_tilde", "i"):
        hands.click(view.canvas.viewport(), in_box(view, gate))
        assert shown.session.state.quantity == gate
        assert view.cell.highlight.emphasis.quantity == gate


def test_the_keys_select_units_and_quantities_and_leave_the_windows_keys_alone(shown: MainWindow, hands: Any) -> None:
    view, session = view_of(shown), shown.session
    view.canvas.setFocus()
    session.look_at(unit=0, quantity="f")
    hands.press("Down", "Down", "Up")
    assert session.state.unit == 1
    hands.press("PgDown", "PgDown")
    assert session.state.quantity == "c_tilde"
    hands.press("PgUp")
    assert session.state.quantity == "i"
    hands.press("Up", "Up", "Up", "PgUp", "PgUp", "PgUp")  # not beyond the first
    assert (session.state.unit, session.state.quantity) == (0, "f")
    hands.press("Right")
    assert session.state.cursor.t == 3
    hands.press("End", "Left")
    assert session.state.cursor.t == 7
    hands.press("Home", "F11")
    assert session.state.cursor.phase == "input"


# pointing


def test_hovering_tells_the_number_and_points_everywhere(shown: MainWindow, hands: Any) -> None:
    view, session = view_of(shown), shown.session
    hover(hands, view, in_strip(view, "f", 3))
    hands.qtbot.waitUntil(lambda: session.state.pointed == "f")
    value = str(session.state.values("f")[2, 3])
    assert f"f[3] = {value}" in QToolTip.text().splitlines()
    hover(hands, view, in_strip(view, "h_before", 1))
    hands.qtbot.waitUntil(lambda: session.state.pointed == "h_before")
    assert "h_(t-1)[1] = " + str(session.state.values("h")[1, 1]) in QToolTip.text().splitlines()
    hover(hands, view, in_strip(view, "x", 2, 3))
    hands.qtbot.waitUntil(lambda: session.state.pointed == "x")
    assert "x[2] = " + str(session.state.run.trace.x[2, 0, 2].numpy()) in QToolTip.text().splitlines()
    hover(hands, view, in_box(view, "o"))
    hands.qtbot.waitUntil(lambda: session.state.pointed == "o")
    assert "o_t = σ(z_o)" in QToolTip.text()
    hands.qtbot.mouseMove(view.canvas.viewport(), pos=QPoint(2, 2))
    hands.qtbot.waitUntil(lambda: session.state.pointed is None)


def test_a_step_changes_what_is_told(shown: MainWindow, hands: Any) -> None:
    """A mouse that rests must not go on telling the number of another step."""
    view, session = view_of(shown), shown.session
    hover(hands, view, in_strip(view, "o", 3))
    hands.qtbot.waitUntil(QToolTip.isVisible)
    hands.press("F10")
    assert f"o[3] = {session.state.values('o')[3, 3]!s}" in QToolTip.text().splitlines()
    hands.press("F11")
    assert "not computed yet" in QToolTip.text()
    help_event = QHelpEvent(QEvent.Type.ToolTip, in_strip(view, "o", 3), QPoint())
    QApplication.sendEvent(view.canvas.viewport(), help_event)  # Qt sends it where a mouse rests
    assert QToolTip.isVisible()


def test_what_is_not_computed_is_not_told(shown: MainWindow, hands: Any) -> None:
    view = view_of(shown)
    for _ in range(3):
        shown.session.step_into()
    hover(hands, view, in_strip(view, "o", 3))
    hands.qtbot.waitUntil(lambda: "not computed yet" in QToolTip.text())
    assert "=" not in QToolTip.text()


def test_what_another_view_points_at_stands_out(shown: MainWindow) -> None:
    highlight = view_of(shown).cell.highlight
    shown.session.look_at(quantity="i")
    for symbol, strips, boxes, carried in (
        ("c_tilde", {"c_tilde"}, {"c_tilde"}, {"c_tilde"}), ("z_o", set(), {"o"}, set()),
        ("c_before", {"c_before"}, set(), {"c_before"}), ("x", {"x"}, set(), {"x"}), ("w_hh", set(), {"i"}, set()),
        (None, set(), set(), set()),
    ):  # fmt: skip
        shown.session.point_at(symbol)
        assert {strip.name for strip in highlight.pointed_strips()} == strips
        assert {box.makes for box in highlight.pointed_boxes()} == boxes
        assert {wire.carries for wire in highlight.pointed_wires()} == carried


# what was executed


def test_the_phase_and_what_it_read_stand_out(shown: MainWindow) -> None:
    view = view_of(shown)
    highlight = view.cell.highlight
    read = {
        "input": {"x", "h_before", "c_before"}, "preactivations": {"x", "h_before"}, "f": set(), "i": set(),
        "c_tilde": set(), "c": {"f", "i", "c_tilde", "c_before", "f_t * C_(t-1)", "i_t * C̃_t"}, "o": set(),
        "h": {"c", "o", "tanh(C_t)"},
    }  # fmt: skip
    for phase, sources in read.items():
        shown.session.step_into()
        assert shown.session.state.cursor.phase == highlight.emphasis.phase == phase
        assert {wire.carries for wire in highlight.fed()} == sources
        assert len(highlight.computed()) == {"input": 0, "preactivations": 4, "c": 3, "h": 2}.get(phase, 1)


# zoom


def test_zoom_and_fit(shown: MainWindow, hands: Any) -> None:
    view = view_of(shown)
    canvas, fitted = view.canvas, view.canvas.zoom
    hands.click(view.buttons["zoom_in"])
    assert canvas.zoom == pytest.approx(1.25 * fitted)
    canvas.setFocus()
    hands.press("-", "-")
    assert canvas.zoom == pytest.approx(fitted / 1.25)
    hands.press("0")
    assert canvas.zoom == pytest.approx(fitted)
    hands.press("+")
    view.resize(view.width() - 60, view.height())
    assert canvas.zoom == pytest.approx(1.25 * fitted)  # chosen by hand, so it stays
    hands.click(view.buttons["fit"])
    assert all_is_seen(canvas)
    view.resize(view.width() - 60, view.height() - 20)
    assert all_is_seen(canvas)


def all_is_seen(canvas: DiagramCanvas) -> bool:
    """Whether the drawing fits, and fills one direction."""
    area, room = canvas.mapFromScene(canvas.sceneRect()).boundingRect(), canvas.viewport().rect()
    fills = min(room.width() - area.width(), room.height() - area.height()) <= 3
    return fills and room.adjusted(-2, -2, 2, 2).contains(area)


def test_the_wheel_zooms_with_ctrl(shown: MainWindow) -> None:
    canvas = view_of(shown).canvas
    fitted, middle = canvas.zoom, QPointF(canvas.viewport().rect().center())
    for modifier, factor in ((Qt.KeyboardModifier.ControlModifier, 1.25), (Qt.KeyboardModifier.NoModifier, 1.25)):
        event = QWheelEvent(
            middle, canvas.viewport().mapToGlobal(middle), QPoint(), QPoint(0, 120), Qt.MouseButton.NoButton, modifier,
            Qt.ScrollPhase.NoScrollPhase, False,
        )  # fmt: skip
        QApplication.sendEvent(canvas.viewport(), event)
        assert canvas.zoom == pytest.approx(factor * fitted)


# pages


def test_a_cell_of_the_network_is_opened(
    show_window: Callable[..., MainWindow], make_setup: Callable[..., Setup], hands: Any
) -> None:
    window = show_window(make_setup("nn.LSTM(3, 4, num_layers=2)"))
    window.panels.show("diagram")
    view = view_of(window)
    hands.click(view.pages["network"])
    assert view.canvas.scene() is view.network
    assert "Network" in view.canvas.accessibleName()
    view.network.cell_opened.emit(Cursor(2, 1))
    assert view.canvas.scene() is view.cell
    assert window.session.state.cursor == Cursor(2, 1)
    assert "layer 1" in view.caption.text()
    assert all_is_seen(view.canvas)


def test_the_page_behind_waits(shown: MainWindow, hands: Any) -> None:
    view = view_of(shown)
    hands.click(view.pages["network"])
    before = view.cell.strips.contents["h"].number
    shown.session.step()
    assert view.cell.strips.contents["h"].number == before
    hands.click(view.pages["network"])  # again: it stays
    assert view.canvas.scene() is view.network
    hands.click(view.pages["cell"])
    assert view.cell.strips.contents["h"].number != before
    assert [page.isChecked() for page in view.pages.values()] == [True, False]


# movement


@pytest.fixture
def slow(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let every step come slowly enough for something to move."""
    monkeypatch.setattr(cell_scene.CellScene, "_comes_slowly", lambda _: True)


@pytest.mark.usefixtures("slow")
def test_values_move_when_a_phase_is_stepped_into(shown: MainWindow, hands: Any) -> None:
    cell, session = view_of(shown).cell, shown.session
    session.step_into()
    assert cell.moving
    hands.qtbot.waitUntil(lambda: not cell.moving)
    session.step_into()
    assert cell.moving
    session.step()  # a whole step is no phase, and ends what moves
    assert not cell.moving
    session.run_to(5)
    assert not cell.moving


@pytest.mark.usefixtures("slow")
def test_nothing_moves_where_less_motion_is_asked_for(shown: MainWindow, hands: Any) -> None:
    view = view_of(shown)
    hands.click(view.buttons["motion"])
    assert reduced_motion()
    shown.session.step_into()
    assert not view.cell.moving
    hands.click(view.buttons["motion"])
    assert not reduced_motion()
    shown.session.step_into()
    assert view.cell.moving


@pytest.mark.usefixtures("slow")
def test_nothing_moves_where_the_system_takes_no_time_for_it(
    shown: MainWindow, monkeypatch: pytest.MonkeyPatch
) -> None:
    class Still:
        def styleHint(self, hint: QStyle.StyleHint) -> int:
            assert hint == QStyle.StyleHint.SH_Widget_Animation_Duration
            return 0

    monkeypatch.setattr(cell_motion.QApplication, "style", Still)
    shown.session.step_into()
    assert not view_of(shown).cell.moving


def test_nothing_moves_while_steps_come_fast(shown: MainWindow, monkeypatch: pytest.MonkeyPatch) -> None:
    now = 1e9  # later than the steps before
    monkeypatch.setattr(cell_scene.time, "monotonic", lambda: now)
    cell = view_of(shown).cell
    shown.session.step_into()
    assert cell.moving
    now += 0.1
    shown.session.step_into()
    assert not cell.moving
    now += 0.5
    shown.session.step_into()
    assert cell.moving


# over many steps


def test_items_and_memory_stay_the_same_over_many_steps(shown: MainWindow) -> None:
    view, session = view_of(shown), shown.session
    session.play_again()
    count = len(view.cell.items())
    for n in range(500):
        if session.at_end:
            session.play_again()
        (session.step_into if n % 3 else session.step)()
    assert len(view.cell.items()) == count
    assert len(view.cell.findChildren(type(view.cell._flow._clock))) == 1


def test_another_network_gets_its_own_drawing(shown: MainWindow, make_setup: Callable[..., Setup], hands: Any) -> None:
    view = view_of(shown)
    for line, name in (("nn.GRU(3, 4)", "n"), ("nn.RNN(3, 4)", "a"), ("nn.LSTM(3, 4, proj_size=2)", "c_tilde")):
        shown.session.start(make_setup(line))
        hands.wait_for_run(shown)
        assert name in view.cell.strips.contents
        assert all_is_seen(view.canvas)


def test_the_canvas_is_drawn_in_either_theme(shown: MainWindow) -> None:
    view, corners = view_of(shown), set()
    for theme in ("light", "dark"):
        shown.appearance.choose_theme(theme)
        shown.appearance.apply()
        QApplication.processEvents()
        image: QImage = view.canvas.grab().toImage()
        corners.add(image.pixelColor(3, image.height() - 4).name())
        assert len({image.pixelColor(x, image.height() // 3).name() for x in range(0, image.width(), 3)}) > 10
    assert len(corners) == 2


def test_controls_have_names_and_tips(shown: MainWindow) -> None:
    view = view_of(shown)
    for button in (*view.buttons.values(), *view.pages.values()):
        assert button.accessibleName()
        assert button.toolTip()
        assert button.focusPolicy() & Qt.FocusPolicy.TabFocus
    assert view.canvas.accessibleName()
    number = view.cell.strips.contents[shown.session.state.quantity].number
    assert number in view.canvas.accessibleDescription()


def test_a_new_drawing_is_described_by_its_own_run(
    shown: MainWindow, make_setup: Callable[..., Setup], hands: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    scene, described = view_of(shown).cell, []

    def lay_out(layout: Any) -> None:
        type(scene)._lay_out(scene, layout)
        for strip in layout.strips:
            described.append(scene.describe_at(strip.rect.center()))
        for box in layout.boxes:
            described.append(scene.describe_at(box.area.center()))

    monkeypatch.setattr(scene, "_lay_out", lay_out)
    for line in ("nn.GRU(3, 5)", "nn.LSTM(3, 4)"):
        shown.session.start(make_setup(line))
        hands.wait_for_run(shown)
    assert any("z_t" in text for text in described)
