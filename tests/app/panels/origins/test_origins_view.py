"""Where from: what wrote a memory, and the terms of a pre-activation; as bars, in words, and to edit."""

from __future__ import annotations

import threading
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import numpy as np
import pytest
import torch
from hypothesis import given, strategies as st
from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QColor, QFont, QImage
from PySide6.QtWidgets import QApplication, QToolTip
from pytestqt.qtbot import QtBot

import gatescope as gs
from gatescope.analysis.origins import Origins
from gatescope.traces.order import Cursor
from gatescope_app.look import language, theme
from gatescope_app.panels.origins import origins_view
from gatescope_app.panels.origins.bar_layout import BEFORE, FEWEST, BarLayout, Bars
from gatescope_app.panels.origins.origins_view import OriginsView
from gatescope_app.state.debugger import Debugger
from gatescope_app.state.editor import Editor
from gatescope_app.state.runs import Run, Setup, example_setup
from gatescope_app.state.session import Session
from gatescope_app.widgets.view import PanelParts
from gatescope_app.window.main_window import MainWindow

Open = Callable[..., OriginsView]
Make = Callable[..., Setup]


@pytest.fixture
def open_view(show_alone: Callable[..., tuple[Session, Debugger, OriginsView]]) -> Open:
    """Return a function that shows the panel alone, on a run that is complete."""

    def show(setup: Setup, t: int | None = None, quantity: int = 0, **where: Any) -> OriginsView:
        theme.apply(theme.LIGHT)
        session, _, view = show_alone(OriginsView, setup, 900, 260)
        session.look_at(**where)
        if t is not None:
            session.run_to(t)
        view.quantity.setCurrentIndex(quantity)
        return view

    return show


def origins_of(view: OriginsView) -> Origins:
    state = view.session.state
    assert state.run is not None
    focus = state.focus
    return Origins(state.run.trace, focus.layer, focus.direction, focus.batch, focus.unit)


def bars_of(view: OriginsView) -> Bars:
    layout = view.memory.chart.bar_layout()
    assert layout is not None
    return layout.bars


def place(view: OriginsView, number: int) -> QPoint:
    return view.memory.chart.place_of(number).toPoint()


def painted(view: OriginsView) -> Any:
    """The place of the bars as it is painted, (rows, columns), colours as 0xrrggbb; and where it begins."""
    chart = view.memory.chart
    image = chart.grab().toImage().convertToFormat(QImage.Format.Format_RGB32)
    flat = np.frombuffer(image.constBits(), dtype=np.uint32).reshape(image.height(), image.bytesPerLine() // 4)
    return flat[:, : image.width()] & 0xFFFFFF


# ---- what wrote the memory ----


def test_the_bars_are_the_shares_of_the_current_step(open_view: Open, make_setup: Make) -> None:
    view = open_view(make_setup("nn.LSTM(3, 4)", steps=12), t=7, unit=2)
    for t in (7, 8, 3):
        view.session.run_to(t)
        memory, bars = origins_of(view).memory(t), bars_of(view)
        assert np.array_equal(bars.shares, memory.shares)
        assert np.array_equal(bars.written, memory.written)
        assert (bars.initial_share, bars.count, bars.reverse) == (memory.initial_share, 12, False)
        assert f"C_{t} = {np.float32(memory.recorded)!s}" in view.caption.text()
        assert f"sum of the bars = {memory.total:.12g}" in view.caption.text()


def test_another_unit_has_other_bars(open_view: Open, make_setup: Make) -> None:
    view = open_view(make_setup("nn.LSTM(3, 4)", steps=12), t=7)
    before = bars_of(view).shares
    view.session.look_at(unit=3)
    assert np.array_equal(bars_of(view).shares, origins_of(view).memory(7).shares)
    assert not np.array_equal(bars_of(view).shares, before)


@pytest.mark.parametrize("direction", ["forward", "reverse"])
def test_what_is_not_computed_yet_is_blank(open_view: Open, make_setup: Make, direction: str) -> None:
    view = open_view(make_setup("nn.LSTM(3, 4, bidirectional=True)", steps=12), direction=direction)
    view.session.first_of_layer()
    for _ in range(4):
        view.session.step()
        t = view.session.state.cursor.t
        number = t if direction == "forward" else 11 - t
        assert len(bars_of(view).shares) == number + 1
        plot, image = view.memory.chart.plot().toRect(), painted(view)
        half = round(view.memory.chart.bar_layout().slot / 2)  # type: ignore[union-attr]
        x, top, bottom = place(view, number).x(), plot.top() + 2, plot.bottom() - 2
        beyond = slice(x + half, plot.right() - 2) if direction == "forward" else slice(plot.left() + 2, x - half)
        rows = image[top:bottom, beyond]
        assert rows.size
        assert (rows == rows[:, :1]).all(), "only lines across"
        assert (image[top:bottom, x] == QColor(theme.LIGHT.quantities["c"]).rgb() & 0xFFFFFF).any()


def test_shares_below_zero_hang_down(open_view: Open) -> None:
    view = open_view(example_setup("hello"), t=4, unit=1)
    colour = QColor(theme.LIGHT.quantities["c"]).rgb() & 0xFFFFFF
    image, shares = painted(view), bars_of(view).shares
    solid = {number: np.flatnonzero(image[:, place(view, number).x()] == colour) for number in range(5)}
    zero = min(rows.min() for number, rows in solid.items() if shares[number] < 0)
    assert {bool(share < 0) for share in shares} == {True, False}
    for number, share in enumerate(shares):
        assert (solid[number].mean() > zero) == (share < 0)


@pytest.mark.parametrize("direction", ["forward", "reverse"])
def test_a_click_on_a_bar_goes_to_its_step(open_view: Open, make_setup: Make, hands: Any, direction: str) -> None:
    view = open_view(make_setup("nn.GRU(3, 4, bidirectional=True)", steps=12), t=6, direction=direction)
    number = 2
    t = 2 if direction == "forward" else 9
    assert (place(view, number).x() < place(view, 4).x()) == (direction == "forward")
    hands.click(view.memory.chart, place(view, number))
    assert view.session.state.cursor.t == t
    hands.click(view.memory.chart, place(view, BEFORE))  # the state before the first step is no step
    assert view.session.state.cursor.t == t


def test_hovering_says_what_a_bar_is(open_view: Open, qtbot: QtBot) -> None:
    view = open_view(example_setup("hello"), t=4, unit=1)
    memory = origins_of(view).memory(4)
    qtbot.mouseMove(view.memory.chart, place(view, 1))
    assert QToolTip.text() == (
        f"t = 1 “e” wrote {memory.written[1]:.4g}, {100 * memory.left[1]:.3g} % of it is left: {memory.shares[1]:.4g}"
    )
    qtbot.mouseMove(view.memory.chart, place(view, BEFORE))
    assert QToolTip.text().startswith("c0 was 0, ")


def test_up_and_down_select_by_size_and_enter_goes_there(open_view: Open, make_setup: Make, hands: Any) -> None:
    view = open_view(make_setup("nn.LSTM(3, 4)", steps=12), t=7)
    chart, ranked = view.memory.chart, origins_of(view).memory(7).largest(20).tolist()
    view.quantity.setFocus()
    hands.press("Tab")  # past the one box of choices
    while not chart.hasFocus():
        hands.press("Tab")
    for key, expected in (("Down", 0), ("Down", 1), ("Down", 2), ("Up", 1)):
        hands.press(key)
        assert chart.selected == ranked[expected]
        assert chart.accessibleDescription() == view.memory.describe(ranked[expected])
        assert view.memory.table.currentIndex().row() == expected
    hands.press("Return")
    assert view.session.state.cursor.t == ranked[1]


def test_the_largest_shares_are_told_in_words(open_view: Open, make_setup: Make, hands: Any) -> None:
    view = open_view(make_setup("nn.LSTM(3, 4)", steps=20), t=15, unit=1)
    memory = origins_of(view).memory(15)
    expected = [view.memory.describe(number) for number in memory.largest(8).tolist()]
    assert view.memory.model.rows == expected
    assert expected[0].startswith(f"t = {memory.steps[memory.largest(1)[0]]} wrote ")
    hands.click_cell(view.memory.table, 2)
    assert view.session.state.cursor.t == memory.steps[memory.largest(8)[2]]


def test_a_line_of_the_list_is_chosen_with_the_keys(open_view: Open, make_setup: Make, hands: Any) -> None:
    view = open_view(make_setup("nn.LSTM(3, 4)", steps=20), t=15)
    ranked = origins_of(view).memory(15).largest(8).tolist()
    view.memory.table.setFocus()
    hands.press("Down", "Down")
    row = view.memory.table.currentIndex().row()
    assert view.memory.chart.selected == ranked[row]
    hands.press("Return")
    assert view.session.state.cursor.t == ranked[row]


@pytest.mark.parametrize(
    ("line", "words"),
    [
        ("nn.LSTM(3, 4)", ["kept: f_t * C_(t-1) = ", "written: i_t * C̃_t = ", "shown: o_t * tanh(C_t) = "]),
        ("nn.GRU(3, 4)", ["kept: z_t * h_(t-1) = ", "written: (1 - z_t) * n_t = "]),
    ],
)
def test_it_says_in_short_how_the_step_was_made(open_view: Open, make_setup: Make, line: str, words: Any) -> None:
    view = open_view(make_setup(line), t=3)
    products = [product for one in origins_of(view).sums(3) for product in one.summands]
    shown = [label.text() for label in view.memory.sums if label.isVisible()]
    assert [text[: len(start)] for text, start in zip(shown, words, strict=True)] == words
    for text, product in zip(shown, products, strict=True):
        assert text.endswith(f" * {product.factors[1]:.4f} = {product.product:.4f}")


def test_a_plain_rnn_has_no_such_page_and_it_says_why(open_view: Open, make_setup: Make) -> None:
    view = open_view(make_setup("nn.RNN(3, 4)"), t=3)
    assert [view.quantity.itemData(index) for index in range(view.quantity.count())] == ["a"]
    assert view.note.isVisible()
    assert view.note.text().startswith("A plain RNN keeps nothing")
    assert not open_view(make_setup("nn.GRU(3, 4)"), t=3).note.isVisible()


def test_what_was_set_by_hand_is_said_and_marked(open_view: Open, make_setup: Make) -> None:
    view = open_view(make_setup("nn.LSTM(3, 4)", steps=12), t=7)
    run = view.session.state.run
    assert run is not None
    module = run.setup.source.network(run.setup.spec)
    held = gs.trace(module, torch.as_tensor(run.trace.x[:, 0]), holds=(gs.Hold("c", 0.5, start=4, stop=5),))
    inside, colour = view.memory.chart.plot().toRect(), QColor(theme.LIGHT.text).rgb() & 0xFFFFFF
    rows = slice(inside.top() + 2, inside.bottom() - 2)
    x = place(view, 4).x()
    assert not (painted(view)[rows, inside.left() : inside.right()] == colour).any()
    view.session.update(run=Run(run.setup, held, run.report))
    assert view.memory.describe(4).startswith("t = 4 was set by hand to 0.5, ")
    assert view.memory.describe(5).startswith("t = 5 wrote ")
    assert (painted(view)[rows, x] == colour).sum() > 5


@pytest.mark.parametrize(("phase", "quantity", "told"), [("f", 0, False), ("c", 0, True), ("input", 1, False),
                                                         ("preactivations", 1, True), ("f", 1, True)])  # fmt: skip
def test_inside_a_step_only_what_is_computed_is_told(
    open_view: Open, make_setup: Make, phase: str, quantity: int, told: bool
) -> None:
    view = open_view(make_setup("nn.LSTM(3, 4)"), t=3, quantity=quantity)
    assert view.caption.text()
    view.session.go(Cursor(3, phase=phase))
    assert ("not computed yet" in view.caption.text()) == (not told)
    if quantity:
        assert bool(view.terms.model.rowCount()) == told
        assert ("σ" in view.caption.text()) == (phase == "f")
    else:
        assert (view.memory.chart.bar_layout() is not None) == told
        assert bool(view.memory.model.rows) == told


def test_where_an_element_has_no_step_nothing_is_shown(open_view: Open, make_setup: Make) -> None:
    setup = make_setup("nn.LSTM(3, 4)", steps=6, batch=2)
    values = setup.sequence.values.copy()
    values[4:, 1] = np.nan
    packed = replace(setup, sequence=replace(setup.sequence, values=values), lengths=(6, 4))
    view = open_view(packed, t=5, batch=1)
    assert view.caption.text() == ""
    view.session.run_to(3)
    assert bars_of(view).count == 4


# ---- many steps ----


def test_only_the_steps_that_matter_are_shown_unless_all_are_asked_for(
    open_view: Open, make_setup: Make, hands: Any
) -> None:
    view = open_view(make_setup("nn.LSTM(3, 4)", steps=3000), t=2000)
    chart, memory = view.memory.chart, origins_of(view).memory(2000)
    assert 2000 in chart.window_shown
    assert len(chart.window_shown) < 300
    first = chart.window_shown.start
    assert np.abs(memory.shares[first:]).sum() >= 0.99 * np.abs(memory.shares).sum()
    assert view.memory.describe(BEFORE).startswith(f"{first} steps before t = {first} and c0: ")
    hands.click(chart, place(view, BEFORE))
    assert view.session.state.cursor.t == np.abs(memory.shares[:first]).argmax()
    view.session.run_to(2000)
    hands.click(view.all_steps, QPoint(8, view.all_steps.height() // 2))
    assert chart.window_shown == range(3000)


def test_of_many_steps_in_one_column_the_largest_is_drawn_and_clicked(
    open_view: Open, make_setup: Make, hands: Any
) -> None:
    view = open_view(make_setup("nn.LSTM(3, 4)", steps=3000), t=2000)
    view.all_steps.setChecked(True)
    layout, shares = view.memory.chart.bar_layout(), origins_of(view).memory(2000).shares
    assert layout is not None
    assert layout.slot < 1
    assert len(layout.numbers) < view.memory.chart.width()
    number = int(layout.numbers[len(layout.numbers) // 2])
    hands.click(view.memory.chart, place(view, number))
    assert abs(view.session.state.cursor.t - number) <= 4 / layout.slot
    assert view.session.state.cursor.t in layout.numbers
    assert abs(shares).argmax() in layout.numbers


numbers = st.floats(-2, 2, allow_nan=False)


@given(
    st.lists(numbers | st.just(float("nan")), min_size=1, max_size=400),
    st.integers(0, 300),
    st.floats(60, 500),
    st.booleans(),
)
def test_every_place_leads_to_the_largest_share_near_it(
    shares: list[float], unknown: int, width: float, reverse: bool
) -> None:
    written = np.array(shares)
    count = len(shares) + unknown
    bars = Bars(written, written, np.zeros(len(shares), dtype=bool), 0.0, 0.0, count, reverse)
    for window in (range(count), bars.of_interest()):
        layout = BarLayout(bars, window, width)
        assert set(layout.numbers.tolist()) <= set(window) & set(range(len(shares)))
        known, drawn = written[window.start : min(window.stop, len(shares))], written[layout.numbers]
        if np.isfinite(known).any():
            assert np.nanmax(np.abs(known)) == np.nanmax(np.abs(drawn))
        for number in layout.numbers.tolist():
            assert layout.number_at(layout.centre(number)) == number
            assert bars.position(bars.position(number)) == number
        assert layout.number_at(layout.lead / 2) == BEFORE
        low, high = layout.reach
        assert low <= np.nanmin([*drawn, 0.0])
        assert np.nanmax([*drawn, 0.0]) <= high


@given(st.lists(st.floats(-1, 1), min_size=1, max_size=600), st.integers(0, 600), st.floats(-1, 1))
def test_the_steps_of_interest_hold_nearly_all_and_the_current_one(
    shares: list[float], unknown: int, initial: float
) -> None:
    values = np.array(shares)
    count = len(shares) + unknown
    window = Bars(
        values, values, np.zeros(len(shares), dtype=bool), initial, initial, count, reverse=False
    ).of_interest()
    assert len(shares) - 1 in window
    assert 0 <= window.start < window.stop <= count
    assert len(window) >= min(FEWEST, count)
    whole = np.abs(values).sum() + abs(initial)
    left_out = np.abs(values[: window.start]).sum() + (abs(initial) if window.start else 0.0)
    assert left_out <= 0.0101 * whole


def test_a_long_run_is_read_off_the_gui_thread(
    open_view: Open, make_setup: Make, monkeypatch: pytest.MonkeyPatch, qtbot: QtBot
) -> None:
    readers: list[threading.Thread] = []
    memory = Origins.memory

    def read(origins: Origins, t: int) -> Any:
        readers.append(threading.current_thread())
        return memory(origins, t)

    monkeypatch.setattr(origins_view, "_AT_ONCE", 5)
    monkeypatch.setattr(Origins, "memory", read)
    view = open_view(make_setup("nn.LSTM(3, 4)", steps=12), t=7)
    qtbot.waitUntil(lambda: bool(view.caption.text()))
    assert readers[0] is not threading.main_thread()
    assert len(bars_of(view).shares) == 8
    view.session.step()  # from here on it is a matter of a moment
    assert len(bars_of(view).shares) == 9


# ---- the terms of a pre-activation ----


def test_the_terms_are_listed_by_size_with_their_sum(open_view: Open, make_setup: Make, hands: Any) -> None:
    view = open_view(make_setup("nn.LSTM(3, 4)", steps=12), t=7, unit=2)
    hands.press("Alt+Q", "Down")
    assert view.quantity.hasFocus()
    for t in (7, 8):
        view.session.run_to(t)
        terms, model = origins_of(view).terms("f", t), view.terms.model
        assert model.rowCount() == len(terms) == 3 + 4 + 2
        for row, term in enumerate(terms):
            texts = [model.data(model.index(row, column)) for column in range(4)]
            given = "" if term.source == "bias" else f"{term.input:.4f}"
            assert texts[1:] == [f"{term.weight:.4f}", given, f"{term.product:.4f}"]
            assert texts[0].startswith(term.name)
        assert f"z_f = {np.float32(terms.z)!s}" in view.caption.text()
        assert f"f_t = σ(z_f) = {np.float32(terms.value)!s}" in view.caption.text()
        assert f"sum of the terms = {terms.total:.12g}" in view.caption.text()


@pytest.mark.parametrize(
    ("line", "gates"),
    [("nn.LSTM(3, 4)", ["f", "i", "c_tilde", "o"]), ("nn.GRU(3, 4)", ["r", "z", "n"]), ("nn.RNN(3, 4)", ["a"])],
)
def test_every_gate_can_be_chosen(open_view: Open, make_setup: Make, hands: Any, line: str, gates: list[str]) -> None:
    view = open_view(make_setup(line), t=3)
    offset = view.quantity.count() - len(gates)
    for index, gate in enumerate(gates):
        hands.choose(view.quantity, index + offset)
        terms = origins_of(view).terms(gate, 3)
        assert view.terms.model.index(0, 3).data() == f"{terms[0].product:.4f}"
        assert f"sum of the terms = {terms.total:.12g}" in view.caption.text()


def test_names_say_where_a_number_comes_from(open_view: Open, make_setup: Make) -> None:
    view = open_view(make_setup("nn.GRU(3, 4)"), t=3, quantity=3)
    names = {view.terms.model.index(row, 0).data() for row in range(view.terms.model.rowCount())}
    assert {"W_ih[8, 2] · x_t[2]", "r_t · W_hh[8, 0] · h_(t-1)[0]", "b_ih[8]", "r_t · b_hh[8]"} <= names
    view.session.run_to(0)
    names = {view.terms.model.index(row, 0).data() for row in range(view.terms.model.rowCount())}
    assert "r_t · W_hh[8, 0] · h_0[0]" in names


def test_a_held_gate_is_not_said_to_follow(open_view: Open, make_setup: Make) -> None:
    view = open_view(make_setup("nn.LSTM(3, 4)"), t=3, quantity=1)
    run = view.session.state.run
    assert run is not None
    module = run.setup.source.network(run.setup.spec)
    held = gs.trace(module, torch.as_tensor(run.trace.x[:, 0]), holds=(gs.Hold("f", 1.0),))
    view.session.update(run=Run(run.setup, held, run.report))
    assert "f is held at 1.0" in view.caption.text()
    assert "σ" not in view.caption.text()


def row_of(view: OriginsView, source: str) -> int:
    terms = view.terms.model.terms
    assert terms is not None
    return next(row for row, term in enumerate(terms) if term.source == source)


@pytest.mark.parametrize("way", ["double click", "F2"])
@pytest.mark.parametrize(
    ("source", "t", "which"),
    [("x", 3, "weight"), ("h", 3, "weight"), ("bias", 3, "weight"), ("x", 3, "input"), ("h0", 0, "input")],
)
def test_a_number_is_edited_in_place(
    open_view: Open, make_setup: Make, hands: Any, way: str, source: str, t: int, which: str,
    monkeypatch: pytest.MonkeyPatch,
) -> None:  # fmt: skip
    monkeypatch.setattr(Session, "revise", lambda *_args, **_more: None)  # no run with it comes
    view = open_view(make_setup("nn.LSTM(3, 4)"), t=t, quantity=1)
    asked: list[Any] = []
    view.terms.model.edit_asked.connect(lambda *of: asked.append(of))
    row, table = row_of(view, source), view.terms.table
    term = view.terms.model.terms[row]  # type: ignore[index]
    if way == "double click":
        hands.double_click_cell(table, row, 1 if which == "weight" else 2)
    else:
        hands.click_cell(table, row)
        hands.press("F2" if which == "weight" else "Shift+F2")
    editor = QApplication.focusWidget()
    assert editor.text() == str(np.float32(getattr(term, which)))
    hands.press("Ctrl+A")
    hands.type("-0.25")
    hands.press("Return")
    assert asked == [(term, which, -0.25)]
    shown = view.terms.model.index(row, 1 if which == "weight" else 2).data()
    assert shown == f"{getattr(term, which):.4f}"  # until there is a run with it


@pytest.mark.parametrize("source", ["h", "bias"])
def test_what_is_computed_cannot_be_edited(open_view: Open, make_setup: Make, hands: Any, source: str) -> None:
    view = open_view(make_setup("nn.LSTM(3, 4)"), t=3, quantity=1)
    row, table = row_of(view, source), view.terms.table
    hands.double_click_cell(table, row, 2)
    hands.press("Shift+F2")
    assert table.state() != table.State.EditingState
    below = open_view(make_setup("nn.LSTM(3, 4, 2)"), t=3, quantity=1, layer=1)
    model = below.terms.model
    index = model.index(row_of(below, "below"), 2)
    assert not index.flags() & Qt.ItemFlag.ItemIsEditable


@pytest.mark.parametrize("typed", ["a", "", "nan", "inf", "1e999", "0,5"])
def test_what_is_no_number_is_refused_where_it_was_typed(
    open_view: Open, make_setup: Make, hands: Any, typed: str
) -> None:
    view = open_view(make_setup("nn.LSTM(3, 4)"), t=3, quantity=1)
    asked: list[Any] = []
    view.terms.model.edit_asked.connect(lambda *of: asked.append(of))
    row = row_of(view, "x")
    hands.double_click_cell(view.terms.table, row, 1)
    hands.press("Ctrl+A", "Del")
    hands.type(typed)
    hands.press("Return")
    name = view.terms.model.terms[row].name  # type: ignore[index]
    assert view.terms.problem.isVisible()
    assert view.terms.problem.text() == f"✗ {name} must be a finite number, but it is '{typed}'."
    assert not asked
    view.session.step()
    assert not view.terms.problem.isVisible()


def test_an_editor_that_is_only_opened_asks_for_nothing(open_view: Open, make_setup: Make, hands: Any) -> None:
    view = open_view(make_setup("nn.LSTM(3, 4)"), t=3, quantity=1)
    asked: list[Any] = []
    view.terms.model.edit_asked.connect(lambda *of: asked.append(of))
    hands.click_cell(view.terms.table, 0)
    hands.press("F2", "Return")
    assert not asked
    assert not view.terms.problem.isVisible()


# ---- as a panel ----


def test_nothing_is_computed_while_hidden_or_twice(
    open_view: Open, make_setup: Make, monkeypatch: pytest.MonkeyPatch
) -> None:
    view = open_view(make_setup("nn.LSTM(3, 4)", steps=12), t=3)
    made: list[Origins] = []
    asked: list[int] = []
    begin, memory = Origins.__init__, Origins.memory
    monkeypatch.setattr(Origins, "__init__", lambda self, *of: (made.append(self), begin(self, *of))[1])
    monkeypatch.setattr(Origins, "memory", lambda self, t: (asked.append(t), memory(self, t))[1])
    for _ in range(3):
        view.session.step()
    assert asked == [4, 5, 6]
    view.session.update(watches=("f[0]",))  # of no concern here
    assert asked == [4, 5, 6]
    assert not made
    view.hide()
    view.session.step()
    view.session.look_at(unit=3)
    assert asked == [4, 5, 6]
    view.show()
    assert asked == [4, 5, 6, 7]
    assert len(made) == 1


def test_without_a_run_there_is_nothing(make_setup: Make, hands: Any) -> None:
    session = Session(make_setup("nn.LSTM(3, 4)"))
    view = OriginsView(PanelParts(session, theme.LIGHT, Debugger(session), Editor(session)))
    hands.bring_up(view)
    for index in range(view.quantity.count()):
        hands.choose(view.quantity, index)
        assert view.caption.text() == ""
    view.close()
    view.deleteLater()


def test_it_follows_theme_type_and_language(open_view: Open) -> None:
    view = open_view(example_setup("hello"), t=4, unit=1)
    view.set_theme(theme.DARK)
    image = painted(view)
    for colour in (theme.DARK.base, theme.DARK.quantities["c"]):
        assert (image == QColor(colour).rgb() & 0xFFFFFF).any()
    assert not (image == QColor(theme.LIGHT.quantities["c"]).rgb() & 0xFFFFFF).any()
    height = view.memory.table.verticalHeader().defaultSectionSize()
    QApplication.setFont(QFont(QApplication.font().family(), 22))
    QApplication.processEvents()
    view.set_theme(theme.LIGHT)
    assert view.memory.table.verticalHeader().defaultSectionSize() > height
    view.grab()
    language.use("zh_CN")
    view.quantity.setCurrentIndex(2)
    view.grab()
    language.use("en")
    assert view.quantity.currentIndex() == 2
    assert view.quantity.currentText() == "i  terms of z_i"


def test_left_and_right_step_while_the_bars_have_the_focus(window: MainWindow, hands: Any) -> None:
    view: Any = window.views["origins"]
    window.panels.docks["origins"].raise_()
    hands.qtbot.waitUntil(view.isVisible)
    view.memory.chart.setFocus()
    hands.press("Right", "Right", "Left")
    assert window.session.state.cursor.t == 1
    hands.press("Down")
    assert view.memory.chart.selected is not None
    assert window.session.state.cursor.t == 1


def test_inside_a_step_what_is_shown_of_the_memory_is_blank(open_view: Open, make_setup: Make) -> None:
    view = open_view(make_setup("nn.LSTM(3, 4)"))
    shown = []
    for phase in ("c", "o", "h"):
        view.session.go(Cursor(3, phase=phase))
        shown.append([line.isVisible() for line in view.memory.sums])
    assert shown == [[True, True, False], [True, True, False], [True, True, True]]


def test_a_line_that_does_not_fit_says_that_it_is_cut(open_view: Open, make_setup: Make) -> None:
    view = open_view(make_setup("nn.LSTM(3, 4)"), t=5)
    table = view.memory.table
    table.setFixedWidth(140)
    for shown, whole in zip(table.texts(0, range(5)), view.memory.model.rows, strict=False):
        assert shown != whole
        assert shown.endswith("…")
