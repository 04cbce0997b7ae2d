"""A unit, a quantity or a step that is selected in one panel is selected in all of them."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from PySide6.QtCore import QEvent, QPoint, QPointF
from PySide6.QtGui import QEnterEvent
from PySide6.QtWidgets import QApplication

from gatescope_app.state.runs import Setup
from gatescope_app.window.main_window import MainWindow

Open = Callable[..., MainWindow]
Make = Callable[..., Setup]


def selected(window: MainWindow) -> list[str]:
    return [name for name, plot in window.gates.plots.items() if plot.selected]


@pytest.mark.parametrize(("line", "quantity"), [("nn.LSTM(3, 4)", "c"), ("nn.GRU(3, 4)", "h"), ("nn.RNN(3, 4)", "h")])
def test_the_memory_is_selected_at_first(show_window: Open, make_setup: Make, line: str, quantity: str) -> None:
    window = show_window(make_setup(line))
    assert window.session.state.quantity == quantity
    assert selected(window) == [quantity]


def test_a_click_into_a_plot_selects_its_quantity_unit_and_step(window: MainWindow, hands: Any) -> None:
    hands.press("End")
    values = window.session.state.values("o")
    hands.click_plot(window.gates.plots["o"], 2, float(values[2, 3]))
    state = window.session.state
    assert (state.quantity, state.cursor.t) == ("o", 2)
    assert values[2, state.focus.unit] == pytest.approx(values[2, 3], abs=0.02)
    assert selected(window) == ["o"]


def test_a_click_on_a_plots_heading_selects_its_quantity_only(window: MainWindow, hands: Any) -> None:
    before = window.session.state
    hands.click(window.gates.plots["i"].title)
    after = window.session.state
    assert (after.quantity, after.cursor, after.focus) == ("i", before.cursor, before.focus)


def test_a_number_in_the_inspector_selects_its_unit_and_quantity(window: MainWindow, hands: Any) -> None:
    inspector: Any = window.views["inspector"]
    hands.click_cell(inspector.table, 2, 4)
    assert (window.session.state.focus.unit, window.session.state.quantity) == (2, "o")
    assert selected(window) == ["o"]
    hands.press("Up")
    assert window.session.state.focus.unit == 1


def test_a_pre_activation_in_the_inspector_selects_its_gate_and_stays_current(window: MainWindow, hands: Any) -> None:
    inspector: Any = window.views["inspector"]
    inspector.pre_activations.setChecked(True)
    column = [one.name for one in inspector.model.columns].index("z_c")
    hands.click_cell(inspector.table, 1, column)
    assert window.session.state.quantity == "c_tilde"
    assert inspector.table.currentIndex().column() == column


def test_the_inspector_goes_to_what_is_selected_elsewhere_and_underlines_it(window: MainWindow) -> None:
    from PySide6.QtCore import Qt

    inspector: Any = window.views["inspector"]
    window.session.look_at(quantity="i", unit=3)
    index = inspector.table.currentIndex()
    assert (index.row(), inspector.model.columns[index.column()].name) == (3, "i")
    fonts = [
        inspector.model.headerData(column, Qt.Orientation.Horizontal, Qt.ItemDataRole.FontRole)
        for column in range(6)
    ]  # fmt: skip
    assert [font.underline() for font in fonts] == [False, True, False, False, False, False]


def test_where_from_takes_apart_what_is_selected_elsewhere(window: MainWindow, hands: Any) -> None:
    window.panels.show("origins")
    origins: Any = window.views["origins"]
    for quantity in ("f", "o", "c_tilde"):
        window.session.look_at(quantity=quantity)
        assert origins.quantity.currentData() == quantity
        assert origins.pages.currentWidget() is origins.terms
    window.session.look_at(quantity="c")
    assert origins.pages.currentWidget() is origins.memory
    hands.choose(origins.quantity, 2)
    assert window.session.state.quantity == origins.quantity.currentData()


def test_the_mouse_over_a_plot_is_told_to_all_views_and_leaving_it_too(window: MainWindow) -> None:
    plot, session = window.gates.plots["f"], window.session
    QApplication.sendEvent(plot, QEnterEvent(QPointF(5, 5), QPointF(5, 5), QPointF(plot.mapToGlobal(QPoint(5, 5)))))
    assert session.state.pointed == "f"
    assert [name for name, one in window.gates.plots.items() if one.highlighted] == ["f"]
    QApplication.sendEvent(plot, QEvent(QEvent.Type.Leave))
    assert session.state.pointed is None
    assert not any(one.highlighted for one in window.gates.plots.values())


def test_what_is_pointed_at_elsewhere_is_highlighted_in_the_plots(window: MainWindow) -> None:
    window.session.point_at("c_tilde")
    assert [name for name, one in window.gates.plots.items() if one.highlighted] == ["c_tilde"]
    window.session.point_at("h_before")
    assert not any(one.highlighted for one in window.gates.plots.values())


@pytest.mark.parametrize("goes", ["behind another", "away"])
def test_what_a_panel_pointed_at_is_let_go_with_it(window: MainWindow, goes: str) -> None:
    window.panels.show("diagram")
    window.session.point_at("f")  # as the mouse over the gate does; it stays where it is
    if goes == "away":
        window.docks["diagram"].close()
    else:
        window.panels.show("equations")
    assert window.session.state.pointed is None


def test_keys_select_the_next_quantity_and_unit(window: MainWindow, hands: Any) -> None:
    names = window.session.state.setup.spec.cell.names
    window.session.look_at(quantity="f", unit=0)
    for name in (*names[1:], names[0]):
        hands.press("Ctrl+Right")
        assert window.session.state.quantity == name
    hands.press("Ctrl+Left")
    assert window.session.state.quantity == names[-1]
    hands.press("Ctrl+PgDown", "Ctrl+PgDown")
    assert window.session.state.focus.unit == 2
    hands.press("Ctrl+PgUp")
    assert window.session.state.focus.unit == 1


def test_a_quantity_that_another_network_lacks_gives_way_to_its_memory(
    window: MainWindow, make_setup: Make, hands: Any
) -> None:
    window.session.look_at(quantity="f")
    window.session.start(make_setup("nn.GRU(3, 4)"))
    hands.wait_for_run(window)
    assert window.session.state.quantity == "h"
    window.session.look_at(quantity="n")
    window.session.start(make_setup("nn.GRU(3, 6)"))
    hands.wait_for_run(window)
    assert window.session.state.quantity == "n"
