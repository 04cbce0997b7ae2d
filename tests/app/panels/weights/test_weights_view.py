"""The Weights panel in the window: what is selected, pointed at, edited and copied in it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
import torch
from PySide6.QtCore import QPoint, QPointF, Qt
from PySide6.QtGui import QWheelEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLineEdit, QToolTip

from gatescope.edits.edits import WeightEdit
from gatescope_app.look.colour_maps import diverging_colours
from gatescope_app.look.theme import DARK, LIGHT
from gatescope_app.panels.weights.maps import SUM, MapPlace
from gatescope_app.state.runs import Setup
from gatescope_app.window.main_window import MainWindow

IN_FRONT = "weights"

Open = Callable[..., MainWindow]
Make = Callable[..., Setup]


def view_of(window: MainWindow) -> Any:
    return window.views["weights"]


def at(window: MainWindow, place: MapPlace) -> QPoint:
    return view_of(window).canvas.rect_of(place).center().toPoint()


def click(window: MainWindow, hands: Any, place: MapPlace) -> None:
    hands.click(view_of(window).canvas.viewport(), at(window, place))


def hover(window: MainWindow, place: MapPlace) -> None:
    QTest.mouseMove(view_of(window).canvas.viewport(), at(window, place))


def leave(window: MainWindow, hands: Any) -> None:
    """Move the mouse from the canvas to the panel's head."""
    QTest.mouseMove(window.toolbar, QPoint(5, 5))
    hands.qtbot.waitUntil(lambda: window.session.state.pointed is None)


def weight(window: MainWindow, name: str) -> Any:
    return window.session.state.run.trace.weights[name]  # type: ignore[union-attr]


def type_over(window: MainWindow, hands: Any, place: MapPlace, text: str) -> None:
    """Double click a number and type over it."""
    viewport = view_of(window).canvas.viewport()
    hands.click(viewport, at(window, place))
    hands.qtbot.mouseDClick(viewport, Qt.MouseButton.LeftButton, pos=at(window, place))
    assert isinstance(QApplication.focusWidget(), QLineEdit), "no field opened"
    hands.type(text)


def wait_for_edits(window: MainWindow, hands: Any, count: int) -> tuple[Any, ...]:
    session = window.session
    hands.qtbot.waitUntil(lambda: not session.runner.busy and len(session.state.setup.edits) == count)
    return session.state.setup.edits


# ---- selecting


def test_every_number_says_itself_while_the_mouse_is_over_it(window: MainWindow) -> None:
    view = view_of(window)
    for one in (each for each in view.canvas.maps if each.editable):
        tensor = weight(window, one.name)
        for row in range(16):
            for column in range(one.columns):
                hover(window, MapPlace(one.kind, row, column))
                name, _, rest = view.reading.text().partition(" = ")
                assert name == f"{one.name}{list(one.index(row, column))}"
                assert np.float32(rest.split(" · ")[0]) == tensor[one.index(row, column)].item()
                assert QToolTip.text().startswith(f"{name} = {rest.split(' · ')[0]}")


def test_a_click_selects_the_unit_and_the_gate_everywhere(window: MainWindow, hands: Any) -> None:
    for row, gate, unit in ((6, "f", 2), (8, "c_tilde", 0), (3, "i", 3), (15, "o", 3)):
        click(window, hands, MapPlace("w_hh", row, 1))
        state = window.session.state
        assert (state.quantity, state.focus.unit) == (gate, unit)
        assert view_of(window).canvas.cursor_place == MapPlace("w_hh", row, 1)
        assert view_of(window).gate.currentData() == gate


def test_what_is_selected_elsewhere_moves_the_cursor(window: MainWindow) -> None:
    view = view_of(window)
    window.session.look_at(quantity="o", unit=2)
    assert view.canvas.cursor_place == MapPlace("w_ih", 14, 0)
    window.session.look_at(quantity="c", unit=1)  # has no rows of its own
    assert view.canvas.cursor_place == MapPlace("w_ih", 13, 0)
    assert view.reading.text().startswith("weight_ih_l0[13, 0] = ")


def test_the_projection_belongs_to_h(show_window: Open, make_setup: Make, hands: Any) -> None:
    window = show_window(make_setup("nn.LSTM(3, 4, proj_size=2)"))
    window.session.look_at(quantity="h", unit=1)
    assert view_of(window).canvas.cursor_place == MapPlace("w_hr", 1, 0)
    assert view_of(window).gate.currentData() == "h"
    click(window, hands, MapPlace("w_hr", 0, 3))
    assert (window.session.state.quantity, window.session.state.focus.unit) == ("h", 0)
    window.session.look_at(quantity="f", unit=3)
    assert view_of(window).canvas.cursor_place == MapPlace("w_ih", 7, 0)


def test_the_list_of_gates_selects_and_so_does_a_label(window: MainWindow, hands: Any) -> None:
    view = view_of(window)
    assert [view.gate.itemData(k) for k in range(view.gate.count())] == ["f", "i", "c_tilde", "o"]
    window.session.look_at(quantity="f")
    hands.choose(view.gate, 3)
    assert window.session.state.quantity == "o"
    place = view.canvas.rect_of(MapPlace("w_ih", 1, 0)).center()
    hands.click(view.canvas.viewport(), QPoint(20, round(place.y())))
    assert window.session.state.quantity == "i"


def test_pointing_tells_all_panels_and_leaving_takes_it_back(window: MainWindow, hands: Any) -> None:
    window.session.look_at(quantity="f")
    for kind in ("w_ih", "w_hh", "b_ih", "b_hh"):
        hover(window, MapPlace(kind, 5, 0))
        assert window.session.state.pointed == kind
    hover(window, MapPlace("w_ih", 13, 0))  # of a gate that is not selected
    assert window.session.state.pointed == "o"
    hover(window, MapPlace(SUM, 5, 0))
    assert window.session.state.pointed == "f"
    leave(window, hands)
    assert view_of(window).reading.text().startswith("weight_ih_l0[4, 0]")


def pixels(window: MainWindow) -> bytes:
    image = view_of(window).canvas.viewport().grab().toImage()
    return bytes(image.constBits())


def test_what_is_pointed_at_elsewhere_is_highlighted(window: MainWindow) -> None:
    window.session.look_at(quantity="f")
    plain = pixels(window)
    seen = {plain}
    for symbol in ("w_ih", "w_hh", "b_ih", "b_hh", "f", "o"):
        window.session.point_at(symbol)
        assert pixels(window) not in seen
        seen.add(pixels(window))
    window.session.point_at("z_f")
    window.session.point_at(None)
    assert pixels(window) == plain


def test_a_step_repaints_nothing(window: MainWindow, monkeypatch: pytest.MonkeyPatch) -> None:
    view = view_of(window)
    marked: list[object] = []
    monkeypatch.setattr(view.canvas, "set_state", lambda *given: marked.append(given))
    window.session.step()
    window.session.step_into()
    assert marked == []
    window.session.look_at(unit=2)
    assert len(marked) == 1


# ---- editing


def test_a_double_click_edits_and_undo_takes_it_back(window: MainWindow, hands: Any) -> None:
    before, h = weight(window, "weight_ih_l0").clone(), np.array(window.session.state.values("h"))
    type_over(window, hands, MapPlace("w_ih", 5, 2), "1.75")
    hands.press("Return")
    assert wait_for_edits(window, hands, 1) == (WeightEdit("weight_ih_l0", (5, 2), 1.75),)
    after = weight(window, "weight_ih_l0")
    assert after[5, 2] == 1.75
    assert (after != before).sum() == 1
    assert (window.session.state.values("h") != h).any(), "what is computed from it does not follow"
    canvas = view_of(window).canvas
    assert list(canvas.remarks) == [MapPlace("w_ih", 5, 2)]
    assert f"original: {before[5, 2].item():.2f}" in canvas.describe_place(MapPlace("w_ih", 5, 2))
    assert QApplication.focusWidget() is canvas
    hands.press("Ctrl+Z")
    wait_for_edits(window, hands, 0)
    assert torch.equal(weight(window, "weight_ih_l0"), before)
    assert canvas.remarks == {}


def test_biases_are_edited_and_their_sum_follows(window: MainWindow, hands: Any) -> None:
    type_over(window, hands, MapPlace("b_hh", 4, 0), "2")
    hands.press("Return")
    assert wait_for_edits(window, hands, 1) == (WeightEdit("bias_hh_l0", (4,), 2.0),)
    maps = view_of(window).canvas.maps
    assert maps.number(MapPlace(SUM, 4, 0)) == weight(window, "bias_ih_l0")[4].item() + 2


def test_the_sum_is_not_edited_and_says_why(window: MainWindow, hands: Any) -> None:
    viewport = view_of(window).canvas.viewport()
    click(window, hands, MapPlace(SUM, 4, 0))
    hands.qtbot.mouseDClick(viewport, Qt.MouseButton.LeftButton, pos=at(window, MapPlace(SUM, 4, 0)))
    assert not isinstance(QApplication.focusWidget(), QLineEdit)
    assert "computed; edit either bias" in QToolTip.text()


def test_what_is_no_number_is_refused_in_place(window: MainWindow, hands: Any) -> None:
    field = view_of(window).canvas.field
    for text, said in (("7x", "must be a finite number"), ("1e39", "3.40282e+38"), ("", "must be a finite number")):
        type_over(window, hands, MapPlace("w_ih", 5, 1), text or " ")
        hands.press("Return")
        assert said in field.line.note.text()
        assert field.line.hasFocus()
        hands.press("Escape")
        assert field.line is None
    assert window.session.state.setup.edits == ()
    assert not window.session.runner.busy


def test_whoever_goes_elsewhere_has_a_number_taken_and_anything_else_forgotten(window: MainWindow, hands: Any) -> None:
    type_over(window, hands, MapPlace("w_ih", 5, 1), "nothing")
    view_of(window).gate.setFocus()
    assert view_of(window).canvas.field.line is None
    type_over(window, hands, MapPlace("w_ih", 5, 1), "0.5")
    view_of(window).gate.setFocus()
    assert wait_for_edits(window, hands, 1) == (WeightEdit("weight_ih_l0", (5, 1), 0.5),)


def test_tab_takes_a_number_forgets_anything_else_and_goes_on(window: MainWindow, hands: Any) -> None:
    field = view_of(window).canvas.field
    for text in ("nothing", "0.5"):
        type_over(window, hands, MapPlace("w_ih", 5, 1), text)
        hands.press("Tab")
        assert field.line is None
        assert not view_of(window).canvas.hasFocus()
    assert wait_for_edits(window, hands, 1) == (WeightEdit("weight_ih_l0", (5, 1), 0.5),)


def test_the_same_number_is_no_edit(window: MainWindow, hands: Any) -> None:
    type_over(window, hands, MapPlace("w_ih", 5, 1), str(weight(window, "weight_ih_l0")[5, 1].numpy()))
    hands.press("Return")
    assert view_of(window).canvas.field.line is None
    assert not window.session.runner.busy


def test_the_field_stays_over_its_number_while_another_is_selected(window: MainWindow, hands: Any) -> None:
    type_over(window, hands, MapPlace("w_ih", 5, 1), "3")
    line = view_of(window).canvas.field.line
    before = line.geometry()
    window.session.look_at(quantity="o", unit=3)
    view_of(window).canvas.zoom_by(1.0)
    assert line.geometry() == before
    hands.press("Return")
    assert wait_for_edits(window, hands, 1) == (WeightEdit("weight_ih_l0", (5, 1), 3.0),)


def test_an_edit_leaves_the_zoom_and_another_network_takes_it_back(
    show_window: Open, make_setup: Make, hands: Any
) -> None:
    window = show_window(make_setup("nn.LSTM(500, 200)", steps=2))
    canvas = view_of(window).canvas
    hands.qtbot.waitUntil(lambda: canvas.maps is not None, timeout=20_000)
    canvas.zoom_to_read()
    zoom, place = canvas.scale.zoom, canvas.cursor_place
    window.editor.do(WeightEdit("weight_ih_l0", (5, 1), 3.0))
    wait_for_edits(window, hands, 1)
    hands.qtbot.waitUntil(lambda: canvas.maps is not None and not view_of(window).reader.busy, timeout=20_000)
    assert (canvas.scale.zoom, canvas.cursor_place) == (zoom, place)
    assert zoom > 1
    window.session.start(make_setup("nn.LSTM(3, 4)"))
    hands.qtbot.waitUntil(lambda: canvas.maps.spec.hidden_size == 4)
    assert canvas.scale.zoom == 1


def test_another_cell_closes_the_field(show_window: Open, make_setup: Make, hands: Any) -> None:
    window = show_window(make_setup("nn.LSTM(3, 3, num_layers=2)"))
    type_over(window, hands, MapPlace("w_ih", 5, 1), "3")
    window.session.look_at(layer=1)
    assert view_of(window).canvas.field.line is None
    assert not window.session.runner.busy
    assert view_of(window).reading.text().startswith("weight_ih_l1[5, 1] = ")


# ---- the keys


def test_the_keys_go_through_the_numbers_and_edit_one(window: MainWindow, hands: Any) -> None:
    window.session.look_at(quantity="f", unit=0)
    window.panels.show("weights")
    canvas, places = view_of(window).canvas, []
    for key in ("Down", "Down", "Shift+Right", "Up", "Up", "Up", "PgDown", "PgUp", "Shift+Left", "Shift+Left"):
        hands.press(key)
        places.append(tuple(canvas.cursor_place))
    assert [place[1:] for place in places] == [
        (5, 0), (6, 0), (6, 1), (5, 1), (4, 1), (3, 1), (15, 1), (0, 1), (0, 0), (0, 0),
    ]  # fmt: skip
    assert (window.session.state.quantity, window.session.state.focus.unit) == ("i", 0)
    for _ in range(4):
        hands.press("Shift+Right")
    assert canvas.cursor_place == MapPlace("w_hh", 0, 0)
    assert view_of(window).reading.text().startswith("weight_hh_l0[0, 0] = ")
    hands.press("F2")
    hands.type("0.125")
    hands.press("Return")
    assert wait_for_edits(window, hands, 1) == (WeightEdit("weight_hh_l0", (0, 0), 0.125),)


def test_left_and_right_are_the_windows(window: MainWindow, hands: Any) -> None:
    window.panels.show("weights")
    hands.press("Right")
    assert window.session.state.cursor.t == 1
    hands.press("Left")
    assert window.session.state.cursor.t == 0


def test_plus_minus_and_the_wheel_zoom_and_0_shows_all(window: MainWindow, hands: Any) -> None:
    window.panels.show("weights")
    canvas = view_of(window).canvas
    whole = canvas.layout_of_maps.size
    hands.type("+")
    larger = canvas.layout_of_maps.size
    assert larger.width() > whole.width()
    hands.type("-")
    assert canvas.layout_of_maps.size == whole
    place = at(window, MapPlace("w_ih", 9, 2))
    wheel = QWheelEvent(
        QPointF(place), canvas.viewport().mapToGlobal(QPointF(place)), QPoint(), QPoint(0, 120),
        Qt.MouseButton.NoButton, Qt.KeyboardModifier.ControlModifier, Qt.ScrollPhase.NoScrollPhase, False,
    )  # fmt: skip
    QTest.mouseMove(canvas.viewport(), place)
    QApplication.sendEvent(canvas.viewport(), wheel)
    assert canvas.layout_of_maps.size == larger
    assert canvas.place_at(QPointF(place)) == MapPlace("w_ih", 9, 2)  # what was under the mouse still is
    hands.type("0")
    assert canvas.layout_of_maps.size == whole


def test_all_columns_are_named_with_their_letters_or_none_is(window: MainWindow) -> None:
    canvas = view_of(window).canvas
    labels, one = canvas.labels(), canvas.maps.get("w_ih")
    widths = [canvas.fontMetrics().horizontalAdvance(text) for text in ("x_0 e", "x_1 h", "x_2 l", "x_3 o")]
    assert labels.column_texts(one, range(4), max(widths) + 1) == ["x_0 e", "x_1 h", "x_2 l", "x_3 o"]
    assert min(widths) < max(widths) - 1
    assert labels.column_texts(one, range(4), max(widths) - 1) == ["x_0", "x_1", "x_2", "x_3"]


def test_no_scroll_bar_outlasts_the_zoom_that_needed_it(window: MainWindow, hands: Any) -> None:
    window.panels.show("weights")
    view = view_of(window)
    bars = view.canvas.horizontalScrollBar(), view.canvas.verticalScrollBar()
    whole = view.canvas.layout_of_maps.size
    view.buttons["read"].click()
    view.buttons["larger"].click()
    hands.qtbot.waitUntil(lambda: all(bar.isVisible() for bar in bars))
    view.buttons["fit"].click()
    hands.qtbot.waitUntil(lambda: not any(bar.isVisible() for bar in bars))  # each takes room that the other lacks
    assert view.canvas.layout_of_maps.size == whole


# ---- other networks


def test_without_biases_there_are_no_maps_of_them_and_it_says_so(show_window: Open, make_setup: Make) -> None:
    window = show_window(make_setup("nn.GRU(3, 4, bias=False)"))
    assert [one.kind for one in view_of(window).canvas.maps] == ["w_ih", "w_hh"]
    assert "bias=False" in view_of(window).why.label.text()


def test_the_question_below_the_biases_opens_the_answer(window: MainWindow, hands: Any) -> None:
    view = view_of(window)
    assert not view.why.isVisible()
    canvas = view.canvas
    hint = canvas.labels().hint_rect(0.0).translated(canvas.body.left(), 0)
    hands.click(canvas.viewport(), hint.center().toPoint())
    assert view.why.isVisible()
    assert "cuDNN" in view.why.label.text()
    hands.click(view.buttons["biases"])
    assert not view.why.isVisible()


def test_a_large_network_is_read_off_the_gui_thread_and_its_numbers_can_be_read(
    show_window: Open, make_setup: Make, hands: Any
) -> None:
    window = show_window(make_setup("nn.LSTM(500, 200)", steps=2))
    view = view_of(window)
    hands.qtbot.waitUntil(lambda: view.canvas.maps is not None, timeout=20_000)
    window.session.look_at(quantity="o", unit=150)
    hands.click(view.buttons["read"])
    canvas = view.canvas
    assert canvas.place_at(canvas.rect_of(canvas.cursor_place).center()) == MapPlace("w_ih", 750, 0)
    hover(window, MapPlace("w_ih", 750, 0))
    number = weight(window, "weight_ih_l0")[750, 0].numpy()
    assert view.reading.text().startswith(f"weight_ih_l0[750, 0] = {number!s} · o, unit 150")
    assert pixels(window)


@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize("line", ["nn.GRU(2, 3)", "nn.RNN(1, 1)", "nn.LSTM(2, 4, num_layers=2, proj_size=2)"])
def test_every_kind_is_drawn_in_either_theme(show_window: Open, make_setup: Make, theme: Any, line: str) -> None:
    window = show_window(make_setup(line))
    window.appearance.choose_theme(theme)
    for layer in range(window.session.state.setup.spec.num_layers):
        window.session.look_at(layer=layer)
        assert len(set(pixels(window))) > 10


def test_the_colour_scale_follows_the_theme(window: MainWindow, hands: Any) -> None:
    scale = view_of(window).scale
    for name, theme in (("dark", DARK), ("light", LIGHT)):
        hands.click_menu(window.menus.themes, window.menus.themes.by_name[name])
        image = scale.grab().toImage()
        row = [image.pixel(x, image.height() // 2) for x in range(image.width())]
        of_theme = set(diverging_colours(theme).tolist())
        assert sum(pixel in of_theme for pixel in row) > scale.fontMetrics().horizontalAdvance("0000"), name


def test_what_is_typed_over_a_weight_goes_with_it(window: MainWindow, make_setup: Any, hands: Any) -> None:
    """Another network may have no such parameter; a larger type lays its maps out anew."""
    view = window.views["weights"]
    for place in (MapPlace("b_ih", 3, 0), MapPlace("w_hh", 20, 5)):
        window.session.start(make_setup("nn.LSTM(3, 6)"))
        hands.wait_for_run(window)
        view.canvas.pointed_place = place
        view.canvas.open_field(place, "0.5", "weight", float)
        window.session.start(make_setup("nn.RNN(3, 2, bias=False)"))
        hands.wait_for_run(window)
        hands.press("Ctrl++", window=window)
        view.canvas.zoom_by(2.0)
        assert view.canvas.field.line is None


def test_keys_wait_until_there_are_numbers(window: MainWindow, hands: Any) -> None:
    canvas = view_of(window).canvas
    click(window, hands, MapPlace("w_ih", 1, 1))
    canvas.set_maps(None)  # another network's are being read
    canvas.setFocus()
    for key in ("Up", "Down", "PgUp", "PgDown", "Shift+Right", "Shift+Left", "+", "-", "0"):
        hands.press(key)
    assert canvas.cursor_place == MapPlace("w_ih", 1, 1)
