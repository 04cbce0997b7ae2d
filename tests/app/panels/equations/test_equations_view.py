"""The equations' panel: the numbers of the step, nothing before it is computed, and what a person can do there."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from typing import Any

import numpy as np
import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QColor, QGuiApplication
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from gatescope_app.look import theme
from gatescope_app.panels.equations.equation_layout import Area, leads_on
from gatescope_app.panels.equations.equations_view import EquationsView
from gatescope_app.state.debugger import Debugger
from gatescope_app.state.editor import Editor
from gatescope_app.state.runs import Setup, example_setup
from gatescope_app.state.session import Session
from gatescope_app.state.worker import Worker
from gatescope_app.widgets.view import PanelParts
from gatescope_app.window.main_window import MainWindow

Open = Callable[..., EquationsView]
Make = Callable[..., Setup]


@pytest.fixture
def open_view(hands: Any, qtbot: QtBot) -> Iterator[Open]:
    """Return a function that shows the panel alone, on a run that is complete, and waits for its symbols."""
    opened: list[EquationsView] = []

    def show(setup: Setup, t: int = 2, width: int = 720, **where: Any) -> EquationsView:
        theme.apply(theme.LIGHT)
        session = Session(setup)
        session.start(setup)
        qtbot.waitUntil(lambda: session.state.drift_known and not session.runner.busy)
        view = EquationsView(PanelParts(session, theme.LIGHT, Debugger(session), Editor(session)))
        opened.append(view)
        view.resize(width, 320)
        view.set_theme(theme.LIGHT)
        session.look_at(**where)
        session.run_to(t)
        hands.bring_up(view)
        qtbot.waitUntil(lambda: not view.canvas.typesetter.busy)
        return view

    yield show
    for view in opened:
        view.close()
        for worker in (*view.session.findChildren(Worker), *view.findChildren(Worker)):
            worker.wait()
        view.deleteLater()


def area_of(view: EquationsView, text: str, level: int = 1, nth: int = 0) -> Area:
    """The place of a symbol, or of the number under it."""
    areas = [area for area in view.canvas.areas if area.level == level]
    found = [area for area in areas if (area.symbol.text if area.symbol else area.piece.text) == text]
    assert found, [area.symbol.text if area.symbol else area.piece.text for area in areas]
    return found[nth]


def click(view: EquationsView, area: Area) -> None:
    QTest.mouseClick(view.canvas, Qt.MouseButton.LeftButton, pos=area.rect.center().toPoint())


def hover(view: EquationsView, area: Area) -> None:
    QTest.mouseMove(view.canvas, area.rect.center().toPoint())


def numbers(view: EquationsView, level: int = 2) -> dict[str, float | None]:
    return {area.piece.text: area.piece.value for area in view.canvas.areas if area.level == level}


# ---- what is shown ----


def test_every_symbol_can_be_clicked_also_the_vector_in_what_a_term_is_expanded_to(
    open_view: Open, make_setup: Make
) -> None:
    clicked = {True: 0, False: 0}
    for line in ("nn.LSTM(3, 5, proj_size=2)", "nn.GRU(3, 4)", "nn.RNN(3, 4, num_layers=2)"):
        view = open_view(make_setup(line), unit=1)
        session, last = view.session, view.session.state.setup.spec.num_layers - 1
        session.look_at(layer=last)
        view.maker.opened = frozenset({"w_ih", "w_hh", "w_hr"})
        for name in session.state.setup.spec.cell.names:
            session.look_at(quantity=name)
            for number in range(len(view.canvas.areas)):
                session.run_to(2)
                session.look_at(quantity=name, unit=1)
                area = view.canvas.areas[number]
                click(view, area)
                opens = area.piece.products is not None and not area.is_left
                goes = area.symbol is not None and leads_on(area) and not opens
                there = (area.symbol.quantity, area.symbol.step) if goes and area.symbol else (name, 2)
                assert (session.state.quantity, session.state.cursor.t) == there, area.piece.text
                clicked[goes] += 1
                view.maker.opened = frozenset({"w_ih", "w_hh", "w_hr"})
                view.refresh()
    assert min(clicked.values()) > 0


def test_the_vector_h_leads_to_the_step_before_and_the_same_unit(open_view: Open, make_setup: Make) -> None:
    view = open_view(make_setup("nn.LSTM(3, 4)"), unit=1, quantity="f")
    click(view, area_of(view, "h_1"))
    click(view, next(area for area in view.canvas.areas if area.is_left and area.symbol and area.symbol.text == "h_1"))
    state = view.session.state
    assert (state.cursor.t, state.quantity, state.unit) == (1, "h", 1)


def test_every_quantity_shows_the_numbers_of_the_step(open_view: Open, make_setup: Make) -> None:
    view = open_view(make_setup("nn.LSTM(3, 4)"), unit=1)
    session = view.session
    for t in (2, 3, 0):
        session.run_to(t)
        for name in session.state.setup.spec.cell.names:
            session.look_at(quantity=name)
            state = session.state
            result = view.canvas.areas[-1]
            assert result.piece.value == state.values(name)[t, 1]
            assert result.level == 3
        session.look_at(quantity="h")
        o, c = (session.state.values(name)[t, 1] for name in "oc")
        assert numbers(view) == {f"o_{t}[1]": o, f"C_{t}[1]": c}


def test_the_text_is_that_of_the_run(open_view: Open) -> None:
    view = open_view(example_setup("hello"), quantity="c", unit=1)
    view.buttons["text"].click()
    assert QGuiApplication.clipboard().text() == (
        "C_2[1] = f_2[1]·C_1[1] + i_2[1]·C̃_2[1]\n"
        "       ≈ 0.2412·1.9738 + 0.8999·(−0.5269)\n"
        "       ≈ 0.4762 − 0.4742 ≈ 0.0020\n"
        "\n"
        "Rounded for display: as shown, line 2 makes 0.0019.\n"
    )


def test_copies_follow_the_places_and_what_is_written_out(open_view: Open) -> None:
    view = open_view(example_setup("hello"), quantity="f", unit=1)
    click(view, area_of(view, "x_2"))
    view.places.setValue(2)
    texts = {}
    for name, button in view.buttons.items():
        button.click()
        texts[name] = QGuiApplication.clipboard().text()
    assert "≈ σ(−1.69 + 1.05 − 1.20 + 0.69)" in texts["text"]
    assert "W_if[1,0]·x_2[0] + W_if[1,1]·x_2[1]" in texts["text"]
    assert texts["latex"].startswith("\\begin{aligned}\nf_{2}[1] &= ")
    assert texts["markdown"].startswith("$$\n\\begin{aligned}\nf_{2}[1] &= ")
    assert texts["latex"].count("aligned") == texts["markdown"].count("aligned") == 4


def test_numbers_stand_under_their_symbols(open_view: Open, make_setup: Make) -> None:
    for width in (900, 420):
        view = open_view(make_setup("nn.GRU(12, 4)"), width=width, quantity="n", unit=1)
        click(view, area_of(view, "x_2"))
        top: dict[str, list[Area]] = {}
        for area in view.canvas.areas:
            assert area.rect.right() <= view.area.viewport().width()
            if area.level == 1 and not area.is_left:
                top.setdefault(str(id(area.piece)), []).append(area)
        below = [area for area in view.canvas.areas if area.level == 2]
        assert len(below) == len(top)
        assert view.canvas.width() == view.area.viewport().width()
        for number in below:
            symbols = top[str(id(number.piece))]
            left, right = min(area.rect.left() for area in symbols), max(area.rect.right() for area in symbols)
            assert number.rect.left() < right
            assert number.rect.right() > left
            assert 0 < number.rect.top() - symbols[0].rect.top() < 2 * number.rect.height()


def test_nothing_overlaps(open_view: Open, make_setup: Make) -> None:
    cases = [("nn.LSTM(12, 4)", "f", 500), ("nn.LSTM(3, 6, proj_size=2)", "h", 560), ("nn.GRU(4, 4)", "n", 620)]
    for line, name, width in cases:
        view = open_view(make_setup(line), quantity=name, unit=1, width=width)
        for area in [area for area in view.canvas.stops if area.piece.products is not None]:
            view.maker.toggle(area.piece.key)
        view.refresh()
        assert view.canvas.minimumWidth() <= view.area.viewport().width()
        rects = [area.rect.adjusted(0.5, 0.5, -0.5, -0.5) for area in view.canvas.areas]
        for number, rect in enumerate(rects):
            assert not any(rect.intersects(other) for other in rects[number + 1 :])


def test_more_places_show_more_digits(open_view: Open) -> None:
    view = open_view(example_setup("hello"), quantity="f")
    texts = []
    for places in (2, 4, 8):
        view.places.setValue(places)
        view.buttons["text"].click()
        texts.append(QGuiApplication.clipboard().text().splitlines()[2].split("≈ ")[-1])
    assert [len(text) for text in texts] == [4, 6, 10]


# ---- nothing before it is computed ----


@pytest.mark.parametrize("line", ["nn.LSTM(3, 4)", "nn.GRU(3, 4)", "nn.RNN(3, 4)", "nn.LSTM(3, 4, proj_size=2)"])
def test_what_is_not_computed_yet_is_blank(open_view: Open, make_setup: Make, line: str) -> None:
    view = open_view(make_setup(line), unit=1)
    session = view.session
    cell = session.state.setup.spec.cell
    for phase in cell.phases:
        session.go(replace(session.state.cursor, phase=phase))
        known = cell.known(phase)
        for name in cell.names:
            session.look_at(quantity=name)
            result = view.canvas.areas[-1].piece
            assert (result.value is not None) == (name in known)
            blanks = [area for area in view.canvas.areas if area.piece.value is None and area.level > 1]
            assert len(view.canvas.blanks) == len(blanks)
            view.buttons["text"].click()
            text = QGuiApplication.clipboard().text()
            if name not in known:
                assert text.splitlines()[2].endswith("= –")
                assert "Rounded" not in text or "line 2" in text
                value = session.state.values(name)[2, 1]
                assert f"{abs(value):.4f}" not in text


def test_a_click_does_not_tell_what_is_to_come(open_view: Open, make_setup: Make) -> None:
    view = open_view(make_setup("nn.LSTM(3, 4)"), unit=1, quantity="c")
    view.session.go(replace(view.session.state.cursor, phase="c_tilde"))
    result = view.canvas.areas[-1]
    assert view.canvas.describe(result).splitlines()[0] == "C_2[1] is not computed yet"


# ---- selecting ----


def test_a_click_on_a_symbol_selects_its_quantity_and_its_step(open_view: Open, make_setup: Make) -> None:
    view = open_view(make_setup("nn.LSTM(3, 4)"), unit=1, quantity="h")
    click(view, area_of(view, "C_2[1]"))
    assert view.session.state.quantity == "c"
    click(view, area_of(view, "f_2[1]"))
    assert (view.session.state.quantity, view.session.state.cursor.t) == ("f", 2)
    view.session.look_at(quantity="c")
    click(view, area_of(view, "C_1[1]"))
    assert (view.session.state.quantity, view.session.state.cursor.t) == ("c", 1)


def test_a_click_on_a_product_goes_to_the_unit_and_step_that_it_is_of(open_view: Open, make_setup: Make) -> None:
    view = open_view(make_setup("nn.LSTM(3, 4)"), unit=1, quantity="f")
    click(view, area_of(view, "h_1"))
    click(view, area_of(view, "h_1[3]"))
    state = view.session.state
    assert (state.quantity, state.unit, state.cursor.t) == ("h", 3, 1)


def test_controls_and_session_follow_each_other(open_view: Open, make_setup: Make) -> None:
    view = open_view(make_setup("nn.GRU(3, 4)"))
    view.quantity.setCurrentIndex(view.quantity.findData("z"))
    view.unit.setValue(3)
    assert (view.session.state.quantity, view.session.state.unit) == ("z", 3)
    view.session.look_at(quantity="r", unit=0)
    assert (view.quantity.currentData(), view.unit.value()) == ("r", 0)
    assert area_of(view, "r_2[0]").is_left


def test_another_network_lists_its_own_quantities(open_view: Open, make_setup: Make, qtbot: QtBot) -> None:
    view = open_view(make_setup("nn.LSTM(3, 8)"), quantity="o", unit=7)
    view.session.start(make_setup("nn.RNN(3, 2)"))
    qtbot.waitUntil(lambda: view.session.state.setup.spec.kind == "RNN")
    assert [view.quantity.itemData(index) for index in range(view.quantity.count())] == ["a", "h"]
    assert (view.unit.value(), view.unit.maximum()) == (1, 1)
    assert area_of(view, "h_0[1]").is_left


# ---- terms ----


def test_a_term_is_written_out_by_a_click_and_stays_so(open_view: Open, make_setup: Make) -> None:
    view = open_view(make_setup("nn.LSTM(3, 4)"), unit=1, quantity="f")
    before = view.canvas.height()
    click(view, area_of(view, "W_if[1]"))
    view.session.step()
    view.session.look_at(quantity="i")
    w = np.asarray(view.session.state.run.trace.weights["weight_ih_l0"])[1]  # type: ignore[union-attr]
    x = view.session.state.setup.inputs(0)[3]
    shown = numbers(view)
    for j in range(3):
        assert shown[f"W_ii[1,{j}]"] == w[j]
        assert shown[f"x_3[{j}]"] == x[j]
    assert view.canvas.height() >= before
    click(view, area_of(view, "W_ii[1]"))
    assert "x_3[0]" not in numbers(view)


def test_the_keyboard_reaches_every_symbol(open_view: Open, make_setup: Make, hands: Any) -> None:
    view = open_view(make_setup("nn.LSTM(3, 4)"), unit=1, quantity="f")
    view.canvas.setFocus(Qt.FocusReason.TabFocusReason)
    met = []
    for _ in view.canvas.stops:
        assert view.canvas.current is not None
        met.append(view.canvas.current.piece.text)
        hands.press("Down")
    assert met == ["f_2[1]", "W_if[1]·x_2", "b_if[1]", "W_hf[1]·h_1", "b_hf[1]", "z_f[1]", "f_2[1]"]
    hands.press("Down")
    assert view.session.state.pointed == "w_ih"
    assert "W_if[1]·x_2 = " in view.canvas.accessibleDescription()
    hands.press("Return")
    assert "x_2[0]" in numbers(view)
    hands.press("Space")
    assert "x_2[0]" not in numbers(view)
    hands.press("Up")
    assert view.session.state.pointed == "f"


def test_enter_walks_from_h_to_what_it_is_made_of(open_view: Open, make_setup: Make, hands: Any) -> None:
    view = open_view(make_setup("nn.LSTM(3, 4)"), unit=1, quantity="h")
    view.canvas.setFocus()
    hands.press("Down", "Down", "Return")
    assert view.session.state.quantity == "c"


# ---- pointing ----


def test_hovering_points_at_it_in_all_views(open_view: Open, make_setup: Make, qtbot: QtBot) -> None:
    view = open_view(make_setup("nn.LSTM(3, 4)"), unit=1, quantity="f")
    for text, name in {"W_if[1]": "w_ih", "x_2": "x", "b_hf[1]": "b_hh", "h_1": "h_before", "f_2[1]": "f"}.items():
        hover(view, area_of(view, text))
        assert view.session.state.pointed == name
    hover(view, area_of(view, "z_f[1]", level=3))
    assert view.session.state.pointed == "z_f"
    QTest.mouseMove(view.canvas, QPoint(view.canvas.width() - 2, view.canvas.height() - 2))
    assert view.session.state.pointed is None


def test_what_another_view_points_at_is_marked(open_view: Open, make_setup: Make) -> None:
    view = open_view(make_setup("nn.LSTM(3, 4)"), unit=1, quantity="c")

    def corner(area: Area) -> QColor:
        return view.canvas.grab().toImage().pixelColor(area.rect.topLeft().toPoint() + QPoint(-1, 10))

    for name, text in (("f", "f_2[1]"), ("c_before", "C_1[1]")):
        area = area_of(view, text)
        assert corner(area) == QColor(theme.LIGHT.base)
        view.session.point_at(name)
        assert corner(area) != QColor(theme.LIGHT.base)
        view.session.point_at(None)


# ---- where there is none ----


def test_a_unit_without_h_says_so(open_view: Open, make_setup: Make) -> None:
    view = open_view(make_setup("nn.LSTM(3, 5, proj_size=2)"), unit=3, quantity="h")
    assert view.canvas.message.startswith("The projection leaves h only the units 0 … 1.")
    assert not any(button.isEnabled() for button in view.buttons.values())
    view.session.look_at(unit=1)
    assert not view.canvas.message
    assert all(button.isEnabled() for button in view.buttons.values())


def test_a_shorter_element_says_so(open_view: Open, make_setup: Make) -> None:
    setup = make_setup("nn.LSTM(3, 4)", batch=2)
    values = setup.sequence.values.copy()
    values[4:, 1] = np.nan
    packed = replace(setup, sequence=replace(setup.sequence, values=values), lengths=(6, 4))
    view = open_view(packed, batch=1, t=5)
    assert view.canvas.message == "Batch element 1 has no step 5."
    view.session.run_to(3)
    assert not view.canvas.message


def test_the_panel_of_the_window_follows_it(window: MainWindow, qtbot: QtBot) -> None:
    window.panels.show("equations")
    view = window.views["equations"]
    assert isinstance(view, EquationsView)
    qtbot.waitUntil(view.canvas.isVisible)
    window.session.run_to(3)
    window.session.look_at(quantity="h", unit=2)
    assert numbers(view)["o_3[2]"] == window.session.state.values("o")[3, 2]
    assert QGuiApplication.focusWindow() is not None
    assert view.canvas.hasFocus()
