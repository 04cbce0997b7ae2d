"""The menus of right clicks: what they offer in each panel, and that it is done with what lies there."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QAction, QContextMenuEvent, QImage
from PySide6.QtWidgets import QApplication, QFileDialog, QLineEdit, QWidget

from gatescope.debugging.breakpoints import MISMATCH, Breakpoint
from gatescope.edits.edits import Hold, InputEdit
from gatescope_app.dialogs.breakpoint_dialog import BreakpointDialog
from gatescope_app.panels.inspector.inspector_view import InspectorView
from gatescope_app.state.runs import example_setup
from gatescope_app.widgets.context_menu import ContextMenu
from gatescope_app.window.main_window import MainWindow

_Reason = QContextMenuEvent.Reason
_RIGHT = Qt.MouseButton.RightButton


class Menu:
    """An open menu."""

    def __init__(self, widget: QWidget, at: QPoint | None, reason: _Reason) -> None:
        at = widget.rect().center() if at is None else at
        QApplication.sendEvent(widget, QContextMenuEvent(reason, at, widget.mapToGlobal(at)))
        menu = QApplication.activePopupWidget()
        assert isinstance(menu, ContextMenu)
        self.menu = menu

    @property
    def texts(self) -> list[str]:
        """What it offers, without letters and keys."""
        return [_plain(action) for action in self.menu.actions() if not action.isSeparator()]

    def action(self, text: str) -> QAction:
        """Return what begins with a text."""
        return next(one for one in self.menu.actions() if _plain(one).startswith(text))

    def choose(self, text: str) -> None:
        """Choose it, which closes the menu."""
        action = self.action(text)
        assert action.isEnabled(), text
        below = self.menu.parentWidget().window()
        self.menu.close()
        action.trigger()
        below.activateWindow()  # a window manager does so; offscreen there is none
        QApplication.processEvents()

    def close(self) -> None:
        self.menu.close()


def _plain(action: QAction) -> str:
    return action.text().split("\t")[0].replace("&", "")


def ask(widget: QWidget, at: QPoint | None = None, *, by_key: bool = False) -> Menu:
    """Ask for a menu at a place of a widget."""
    return Menu(widget, at, _Reason.Keyboard if by_key else _Reason.Mouse)


@pytest.fixture(autouse=True)
def no_menu_left() -> Iterator[None]:
    """Close what a failing test has left open."""
    yield
    while (menu := QApplication.activePopupWidget()) is not None:
        menu.close()


def panel(window: MainWindow, name: str) -> Any:
    window.panels.show(name)
    QApplication.processEvents()
    return window.views[name]


def in_cell(table: Any, row: int, column: int = 0) -> tuple[QWidget, QPoint]:
    return table.viewport(), table.visualRect(table.model().index(row, column)).center()


def clipboard() -> str:
    return QApplication.clipboard().text()


# ---- the sequence


def test_a_step_is_gone_to_only_when_that_is_chosen(window: MainWindow, hands: Any) -> None:
    table = panel(window, "sequence").table
    viewport, place = in_cell(table, 3, 1)
    hands.qtbot.mousePress(viewport, _RIGHT, pos=place)
    assert window.session.state.cursor.t == 0
    menu = ask(viewport, place)
    assert menu.texts == [
        "Go to t = 3", "Toggle breakpoint", "Edit token…", "Edit numbers…", "Sequence…", "Copy", "Select all",
    ]  # fmt: skip
    menu.choose("Go to t = 3")
    assert window.session.state.cursor.t == 3


def test_a_breakpoint_is_toggled_at_the_step_below_the_mouse(window: MainWindow) -> None:
    table = panel(window, "sequence").table
    for expected in ((MISMATCH, Breakpoint(t=2)), (MISMATCH,)):
        ask(*in_cell(table, 2, 1)).choose("Toggle breakpoint")
        assert window.session.state.breakpoints == expected
    assert ask(*in_cell(table, 0, 1)).action("Toggle breakpoint").text().endswith("\tF9"), (
        "at the current step F9 does so"
    )


def test_the_step_below_the_mouse_is_copied_and_edited(window: MainWindow, hands: Any) -> None:
    table = panel(window, "sequence").table
    viewport, place = in_cell(table, 3, 1)
    hands.qtbot.mousePress(viewport, _RIGHT, pos=place)
    ask(viewport, place).choose("Copy")
    assert [line.split("\t")[0] for line in clipboard().split("\n")] == ["t", "3"]
    ask(viewport, place).choose("Edit numbers…")
    hands.press("Ctrl+A")
    hands.type("0 0 0 2")
    hands.press("Return")
    hands.wait_for_run(window)
    assert window.session.state.setup.inputs(0)[3].tolist() == [0, 0, 0, 2]
    assert window.session.state.cursor.t == 0


def test_a_step_that_is_gone_when_its_numbers_are_to_be_edited_opens_no_editor(window: MainWindow) -> None:
    view = panel(window, "sequence")
    menu = ask(*in_cell(view.table, 3, 1))
    view.model.reset_rows(range(2))  # as another run does, that ends while the menu is open
    menu.choose("Edit numbers…")  # a warning of Qt's fails the test
    assert view.table.findChild(QLineEdit) is None


def test_the_menu_key_asks_for_the_current_row_and_shift_f10_steps_back(window: MainWindow, hands: Any) -> None:
    table = panel(window, "sequence").table
    window.session.run_to(2)
    table.setFocus()
    hands.press("Shift+F10")
    assert window.session.state.cursor.t == 1
    assert QApplication.activePopupWidget() is None
    assert ask(table, by_key=True).texts[0] == "Go to t = 1"


# ---- plots


def place_of(window: MainWindow, hands: Any, name: str, t: int, unit: int) -> tuple[QWidget, QPoint]:
    plot = window.gates.plots[name]
    return plot.plot.viewport(), hands.place_in(plot, t, float(window.session.state.values(name)[t, unit]))


def test_a_line_of_a_plot_is_selected_shown_alone_watched_and_broken_at(window: MainWindow, hands: Any) -> None:
    window.session.last()
    number = window.session.state.values("o")[2, 1]

    def menu() -> Menu:
        return ask(*place_of(window, hands, "o", 2, 1))

    assert menu().texts[:5] == [
        "Select unit 1",
        "Show only unit 1",
        f"Copy o[1] = {number!s}",
        "Break where o[1] …",
        "Watch o[1]",
    ]
    menu().choose("Select unit 1")
    assert (window.session.state.unit, window.session.state.quantity) == (1, "o")
    menu().choose("Copy o[1]")
    assert np.float32(clipboard()) == number
    menu().choose("Watch o[1]")
    menu().choose("Watch o[1]")
    assert window.session.state.watches == ("o[1]",)
    assert window.views["watches"].isVisible()

    def accept(dialog: BreakpointDialog) -> None:
        assert dialog.condition.text() == f"o[1] > {number:.4g}"
        hands.press("Return")

    hands.in_dialog(lambda: menu().choose("Break where o[1]"), accept)
    assert window.session.state.breakpoints[-1].condition == f"o[1] > {number:.4g}"
    menu().choose("Go to t = 2")
    assert window.session.state.cursor.t == 2
    menu().choose("Show only unit 1")
    assert window.gates.units.shown() == [1]


def test_what_the_window_has_is_offered_as_it_is(window: MainWindow, hands: Any) -> None:
    menu = ask(*place_of(window, hands, "f", 0, 0))
    offered = menu.menu.actions()
    for name in ("all_units", "one_unit", "show_all", "lines", "heat", "auto"):
        assert window.actions_by_name[name] in offered
    menu.choose("Draw heat maps")
    assert window.gates.style_now == "heat"


def test_pyqtgraph_has_no_menu_of_its_own(window: MainWindow, hands: Any) -> None:
    compare = panel(window, "compare")
    for widget in (window.gates.plots["f"].plot, compare.slots[0].plot.widget):
        hands.qtbot.mouseClick(widget.viewport(), _RIGHT)
        assert QApplication.activePopupWidget() is None
        assert not widget.getPlotItem().getViewBox().menuEnabled()
        menu = ask(widget.viewport())
        assert "Save picture…" in menu.texts
        menu.close()


def test_the_numbers_of_a_plot_are_copied_as_far_as_they_are_computed(window: MainWindow, hands: Any) -> None:
    window.session.run_to(2)
    window.gates.units.show_only({0, 3})
    ask(*place_of(window, hands, "c", 1, 3)).choose("Copy the numbers of all steps")
    rows = [line.split("\t") for line in clipboard().split("\n")]
    assert rows[0] == ["t", "token", "c[0]", "c[3]"]
    assert [row[:2] for row in rows[1:]] == [["0", "h"], ["1", "e"], ["2", "l"]]
    values = window.session.state.values("c")
    assert [[np.float32(cell) for cell in row[2:]] for row in rows[1:]] == values[:3][:, [0, 3]].tolist()


def test_a_picture_is_saved_and_a_folder_that_is_gone_is_said(
    window: MainWindow, hands: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "plot.png"
    monkeypatch.setattr(QFileDialog, "getSaveFileName", lambda *_: (str(path), ""))
    ask(*place_of(window, hands, "f", 0, 0)).choose("Save picture…")
    assert QImage(str(path)).size() == window.gates.plots["f"].size()
    path = tmp_path / "gone" / "plot.png"
    ask(*place_of(window, hands, "f", 0, 0)).choose("Save picture…")
    assert window.banner.isVisible()
    assert not path.exists()


# ---- other panels


def test_a_number_of_the_step_is_held_and_let_go_of(window: MainWindow, hands: Any) -> None:
    table = panel(window, "inspector").table
    ask(*in_cell(table, 2, 0)).choose("Hold at another value…")
    hands.press("Ctrl+A")
    hands.type("0.5")
    hands.press("Return")
    hands.qtbot.waitUntil(lambda: [type(edit) for edit in window.session.state.setup.edits] == [Hold])
    ask(*in_cell(table, 2, 0)).choose("Let go of the held value")
    hands.qtbot.waitUntil(lambda: window.session.state.setup.edits == ())
    assert not any(text.startswith("Let go") for text in ask(*in_cell(table, 2, 0)).texts)


def test_rows_of_breakpoints_watches_and_edits_have_what_their_keys_do(window: MainWindow, hands: Any) -> None:
    window.debugger.add(Breakpoint("t > 1"))
    window.debugger.watch("h[0]")
    window.editor.do(InputEdit(3, 0, 0.5))
    hands.wait_for_run(window)
    view = panel(window, "breakpoints")
    view.list.select(1)
    menu = ask(*in_cell(view.list, 1))
    assert menu.action("Enabled").isChecked()
    menu.choose("Enabled")
    assert not window.session.state.breakpoints[1].enabled
    ask(*in_cell(view.list, 1)).choose("Remove breakpoints")
    assert window.session.state.breakpoints == (MISMATCH,)
    view = panel(window, "watches")
    view.table.selectRow(0)
    ask(*in_cell(view.table, 0)).choose("Remove watch")
    assert window.session.state.watches == ()
    view = panel(window, "edits")
    ask(*in_cell(view.list, 0)).choose("Go to where it acts")
    assert window.session.state.cursor.t == 3
    ask(*in_cell(view.list, 0)).choose("Take it away")
    hands.wait_for_run(window)
    assert window.session.state.setup.edits == ()


def test_the_diagram_selects_what_lies_below_the_mouse(window: MainWindow) -> None:
    view = panel(window, "diagram")
    strip = next(one for one in view.cell.layout.strips if one.name == "o")
    place = view.canvas.mapFromScene(strip.rect.center())
    ask(view.canvas.viewport(), place).choose("Select o")
    assert window.session.state.quantity == "o"
    assert "Export drawing" in ask(view.canvas.viewport(), place).texts
    view.turn_to("network")
    ask(view.canvas, by_key=True).choose("Open this cell")
    assert view.front is view.cell


def test_every_panel_has_a_menu(window: MainWindow) -> None:
    window.session.step()
    for name in window.views:
        view = panel(window, name)
        for reason in _Reason.Mouse, _Reason.Keyboard:
            place = view.rect().center()
            QApplication.sendEvent(view, QContextMenuEvent(reason, place, view.mapToGlobal(place)))
            menu = QApplication.activePopupWidget()
            assert menu is not None, name
            menu.close()


def test_what_is_chosen_too_late_is_refused(window: MainWindow, hands: Any, make_setup: Any) -> None:
    window.session.look_at(unit=3)
    menu = ask(window.gates, by_key=True)
    window.session.start(make_setup("nn.GRU(3, 2)", steps=4))
    hands.wait_for_run(window)
    menu.choose("Watch c[3]")
    assert window.session.state.watches == ()
    assert window.banner.isVisible()


def test_a_panel_alone_offers_what_it_can_do_by_itself(show_alone: Any) -> None:
    view = show_alone(InspectorView, example_setup("hello"), 400, 400)[-1]
    texts = ask(*in_cell(view.table, 0, 0)).texts
    assert texts[0] == "Hold at another value…"
    assert not any(text.startswith(("Watch", "Break", "What if")) for text in texts)
