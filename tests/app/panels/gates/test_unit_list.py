"""Lines or heat maps, which units are shown, and the selected one: the same in every panel."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from PySide6.QtCore import QPoint
from PySide6.QtWidgets import QStyle, QStyleOptionViewItem

from gatescope_app.panels.gates.unit_list import MOST_ROWS
from gatescope_app.state.runs import Setup
from gatescope_app.widgets.line_picture import line_pens
from gatescope_app.window.main_window import MainWindow

Open = Callable[..., MainWindow]
Make = Callable[..., Setup]


def drawn_as(window: MainWindow) -> set[str]:
    return {"heat" if plot.item.curves.heat else "lines" for plot in window.gates.plots.values()}  # type: ignore[union-attr]


def shown(window: MainWindow) -> tuple[int, ...]:
    found = {plot.item.curves.units for plot in window.gates.plots.values()}  # type: ignore[union-attr]
    assert len(found) == 1, "the plots differ"
    return found.pop()


def check_box_of(window: MainWindow, unit: int) -> QPoint:
    """Return where the legend's check box of a unit is."""
    units = window.gates.units
    index = units.model().index(unit, 0)
    units.scrollTo(index)
    option = QStyleOptionViewItem()
    units.initViewItemOption(option)
    option.rect = units.visualRect(index)
    option.features |= QStyleOptionViewItem.ViewItemFeature.HasCheckIndicator
    box = units.style().subElementRect(QStyle.SubElement.SE_ItemViewItemCheckIndicator, option, units)
    return box.center()


@pytest.mark.parametrize(("hidden", "style"), [(1, "lines"), (32, "lines"), (33, "heat")])
def test_draws_lines_up_to_32_units_and_heat_maps_above(
    show_window: Open, make_setup: Make, hidden: int, style: str
) -> None:
    assert drawn_as(show_window(make_setup(f"nn.LSTM(2, {hidden})"))) == {style}


def test_ctrl_1_2_3_choose_lines_heat_maps_or_what_suits(window: MainWindow, hands: Any) -> None:
    seen = []
    for key in ("Ctrl+2", "Ctrl+1", "Ctrl+2", "Ctrl+3"):
        hands.press(key)
        seen.append((drawn_as(window), window.gates.style_box.currentText()))
    assert seen == [({"heat"}, "heat map"), ({"lines"}, "lines"), ({"heat"}, "heat map"), ({"lines"}, "automatic")]


def test_the_box_beside_the_legend_chooses_as_well(window: MainWindow, hands: Any) -> None:
    hands.choose(window.gates.style_box, 2)
    assert drawn_as(window) == {"heat"}
    hands.choose(window.gates.style_box, 1)
    assert drawn_as(window) == {"lines"}


def test_a_click_on_a_tick_hides_a_unit_and_shows_it_again(window: MainWindow, hands: Any) -> None:
    viewport = window.gates.units.viewport()
    hands.click(viewport, check_box_of(window, 1))
    assert shown(window) == (0, 2, 3)
    hands.click(viewport, check_box_of(window, 1))
    assert shown(window) == (0, 1, 2, 3)


def test_space_ticks_the_selected_unit(window: MainWindow, hands: Any) -> None:
    hands.click_cell(window.views["inspector"].table, 2)  # type: ignore[attr-defined]
    hands.press("Alt+U", "Space")
    assert shown(window) == (0, 1, 3)
    hands.press("Space")
    assert shown(window) == (0, 1, 2, 3)


def test_up_and_down_go_through_the_legend(window: MainWindow, hands: Any) -> None:
    hands.press("Alt+U")
    seen = []
    for key in ("Down", "Down", "Up"):  # Left and Right step through time wherever the focus is
        hands.press(key)
        seen.append(window.session.state.focus.unit)
    assert seen == [1, 2, 1]
    assert window.session.state.cursor.t == 0


def test_one_unit_alone_and_all_again(window: MainWindow, hands: Any) -> None:
    hands.click_cell(window.gates.units, 3)
    hands.press("Ctrl+I")
    assert shown(window) == (3,)
    hands.press("Ctrl+U")
    assert shown(window) == (0, 1, 2, 3)


def test_no_unit_shown_leaves_the_plots_empty_and_stepping_alive(window: MainWindow, hands: Any) -> None:
    for unit in range(4):
        hands.click(window.gates.units.viewport(), check_box_of(window, unit))
    assert shown(window) == ()
    for key in ("Ctrl+2", "F10", "Ctrl+1", "F10"):
        hands.press(key)
        window.grab()
    assert window.session.state.cursor.t == 2


def test_hidden_units_stay_hidden_while_stepping(window: MainWindow, hands: Any) -> None:
    hands.click(window.gates.units.viewport(), check_box_of(window, 0))
    hands.press("F10", "F10", "Shift+F10")
    assert shown(window) == (1, 2, 3)


def assert_selected_everywhere(window: MainWindow, unit: int) -> None:
    inspector: Any = window.views["inspector"]
    assert window.session.state.focus.unit == unit
    assert window.gates.units.currentRow() == unit
    assert inspector.table.currentIndex().row() == unit
    for plot in window.gates.plots.values():
        assert plot.item.curves is not None
        assert plot.item.curves.chosen == unit
        assert f"[{unit}] = " in plot.value.text()


def test_a_unit_selected_in_the_legend_is_selected_everywhere(window: MainWindow, hands: Any) -> None:
    for unit in (2, 0, 3):
        hands.click_cell(window.gates.units, unit)
        assert_selected_everywhere(window, unit)


def test_a_unit_selected_in_the_inspector_is_selected_everywhere(window: MainWindow, hands: Any) -> None:
    inspector: Any = window.views["inspector"]
    hands.click_cell(inspector.table, 2, 3)
    assert_selected_everywhere(window, 2)
    hands.press("Down")
    assert_selected_everywhere(window, 3)
    hands.press("Up", "Up")
    assert_selected_everywhere(window, 1)


def test_a_click_on_a_line_selects_its_unit(window: MainWindow, hands: Any) -> None:
    hands.press("End")
    c = window.session.state.run.trace.cell().c[:, 0]  # type: ignore[union-attr]
    for unit in (int(c[3].argmax()), int(c[3].argmin())):  # the outermost lines touch no other
        hands.press("End")
        hands.click_plot(window.gates.plots["c"], 3, float(c[3, unit]))
        assert_selected_everywhere(window, unit)
        assert window.session.state.cursor.t == 3


def test_a_click_on_a_row_of_a_heat_map_selects_its_unit(window: MainWindow, hands: Any) -> None:
    hands.press("Ctrl+2", "End")
    for unit in (3, 1, 0, 2):
        plot = window.gates.plots["o"]
        hands.click_plot(plot, 1, plot.item.curves.row_of(unit))  # type: ignore[union-attr]
        assert_selected_everywhere(window, unit)
        hands.press("End")


def test_a_click_in_the_blank_future_selects_no_unit(window: MainWindow, hands: Any) -> None:
    hands.press("Ctrl+2")
    plot = window.gates.plots["o"]
    hands.click_plot(plot, 3, plot.item.curves.row_of(2))  # type: ignore[union-attr]
    assert window.session.state.cursor.t == 3
    assert window.session.state.focus.unit == 0


def test_a_double_click_shows_the_whole_run_again(window: MainWindow, hands: Any, qtbot: Any) -> None:
    from PySide6.QtCore import Qt

    box = window.gates.plots["f"].box
    whole = box.viewRange()[0]
    box.setXRange(1, 2, padding=0)
    viewport = window.gates.plots["o"].plot.viewport()
    place = hands.place_in(window.gates.plots["o"], 1.5, 0.5)
    hands.click(viewport, place)
    qtbot.mouseDClick(viewport, Qt.MouseButton.LeftButton, pos=place)
    qtbot.mouseRelease(viewport, Qt.MouseButton.LeftButton, pos=place)
    assert box.viewRange()[0] == pytest.approx(whole)


def test_zoomed_in_the_view_follows_the_cursor_and_ctrl_0_shows_all(
    show_window: Open, make_setup: Make, hands: Any
) -> None:
    window = show_window(make_setup("nn.LSTM(2, 3)", steps=40))
    box = window.gates.plots["f"].box
    whole = box.viewRange()[0]
    box.setXRange(0, 5, padding=0)
    hands.press("End")
    left, right = box.viewRange()[0]
    assert left <= 39 <= right
    hands.press("Ctrl+0")
    assert box.viewRange()[0] == pytest.approx(whole)


def in_view(window: MainWindow) -> list[int]:
    """Return the units whose chips are seen whole."""
    units = window.gates.units
    area = units.viewport().rect()
    return [row for row in range(units.count()) if area.contains(units.visualItemRect(units.item(row)))]


@pytest.mark.parametrize(("width", "height", "larger"), [(1440, 900, 0), (1024, 768, 0), (1024, 768, 4)])
def test_all_of_eight_units_are_in_view(
    show_window: Open, make_setup: Make, hands: Any, width: int, height: int, larger: int
) -> None:
    window = show_window(make_setup("nn.LSTM(3, 8)"))
    window.resize(width, height)
    hands.press(*["Ctrl++"] * larger)
    hands.qtbot.waitUntil(lambda: in_view(window) == list(range(8)))


def test_chips_wrap_and_of_very_many_units_the_others_are_scrolled_to(
    show_window: Open, make_setup: Make, hands: Any
) -> None:
    window = show_window(make_setup("nn.LSTM(3, 128)"))
    units = window.gates.units
    rows = {units.visualItemRect(units.item(row)).top() for row in in_view(window)}
    assert len(rows) == MOST_ROWS
    assert 127 not in in_view(window)
    assert units.height() < window.gates.height() / 4
    hands.press("Alt+U")
    window.session.look_at(unit=126)
    hands.press("Down")
    assert window.session.state.focus.unit == 127
    hands.qtbot.waitUntil(lambda: 127 in in_view(window))
    hands.press("Space")
    assert shown(window) == tuple(range(127))


def test_the_swatch_of_a_unit_is_its_line_in_the_plot_of_h(window: MainWindow) -> None:
    units, curves = window.gates.units, window.gates.plots["h"].item.curves
    assert curves is not None
    image = units.viewport().grab().toImage()
    for unit, pen in line_pens(curves, window.appearance.theme).items():
        chip = units.visualItemRect(units.item(unit))
        row = [image.pixelColor(x, chip.center().y()).name() for x in range(chip.left(), chip.right())]
        assert row.count(pen.color().name()) > 8, unit
