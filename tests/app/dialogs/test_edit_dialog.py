"""The What if dialog: each kind of edit, from where one is; what is dragged is seen at once and is one step to undo."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
from hypothesis import given, strategies as st
from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QSlider, QStyle, QStyleOptionSlider

from gatescope.edits.edits import Hold, InputEdit, StateEdit, TokenEdit, WeightEdit
from gatescope_app.dialogs.hold_form import parse_units
from gatescope_app.state.runs import Setup
from gatescope_app.window.main_window import MainWindow

Open = Callable[..., MainWindow]
Make = Callable[..., Setup]

HOLD, INPUT, TOKEN, STATE, WEIGHT = range(5)


def wait_for_edits(window: MainWindow, hands: Any, count: int) -> tuple[Any, ...]:
    """Wait until the run on show has that many edits; return them."""
    session = window.session
    hands.qtbot.waitUntil(lambda: not session.runner.busy and len(session.state.setup.edits) == count)
    return session.state.setup.edits


def ask(window: MainWindow, hands: Any, act: Callable[[Any], object]) -> None:
    """Press Ctrl+W, act in the dialog, and accept it with Return."""

    def answer(dialog: Any) -> None:
        act(dialog)
        hands.press("Return")

    hands.in_dialog(lambda: hands.press("Ctrl+W"), answer)


def set_value(hands: Any, dialog: Any, text: str) -> None:
    hands.replace_text(dialog.form.value.box, text)


def drag(slider: QSlider, *parts: float) -> None:
    """Take the slider's handle and move it through parts of its length."""
    option = QStyleOptionSlider()
    slider.initStyleOption(option)
    handle = slider.style().subControlRect(
        QStyle.ComplexControl.CC_Slider, option, QStyle.SubControl.SC_SliderHandle, slider
    )
    QTest.mousePress(slider, Qt.MouseButton.LeftButton, pos=handle.center())
    for part in parts:
        QTest.mouseMove(slider, QPoint(round(part * slider.width()), handle.center().y()))
    QTest.mouseRelease(slider, Qt.MouseButton.LeftButton, pos=QPoint(round(parts[-1] * slider.width()), handle.y()))


# ---- each kind


def test_begins_where_one_is_and_holds_the_number_that_is_typed(window: MainWindow, hands: Any) -> None:
    hands.press("F10", "F10", "F11", "F11", "F11", "F11")  # f and i of step 3
    window.session.look_at(unit=2)
    now = window.session.state.values("i")[3, 2]
    assert window.session.state.cursor.phase == "i"

    def act(dialog: Any) -> None:
        assert np.float32(dialog.form.value.box.text()) == now
        assert dialog.form.value.box.hasFocus()
        hands.type("1")  # the number is selected, so this takes its place
        assert dialog.summary.text() == "i of unit 2 held at 1 at t = 3"

    ask(window, hands, act)
    assert wait_for_edits(window, hands, 1) == (Hold("i", 1.0, 3, 4, units=(2,)),)
    assert window.session.state.values("i")[3, 2] == 1.0


def test_holds_chosen_units_over_chosen_steps(window: MainWindow, hands: Any) -> None:
    def act(dialog: Any) -> None:
        form = dialog.form
        hands.choose(form.quantity, 4)
        hands.choose(form.which_units, 2)
        hands.replace_text(form.units, "0, 2-3")
        hands.choose(form.which_steps, 1)
        hands.set_number(form.first, 1)
        hands.set_number(form.last, 3)
        set_value(hands, dialog, "0")

    ask(window, hands, act)
    assert wait_for_edits(window, hands, 1) == (Hold("o", 0.0, 1, 4, units=(0, 2, 3)),)
    o = window.session.state.values("o")
    assert (o[1:4, [0, 2, 3]] == 0).all()
    assert (o[[0, 4]] != 0).all()
    assert (o[:, 1] != 0).all()


def test_holds_all_units_of_all_elements_over_the_whole_run(show_window: Open, make_setup: Make, hands: Any) -> None:
    window = show_window(make_setup("nn.GRU(2, 3, num_layers=2, bidirectional=True)", batch=2))

    def act(dialog: Any) -> None:
        form = dialog.form
        hands.set_number(form._layer, 1)
        hands.choose(form._direction, 1)
        hands.choose(form.which_units, 1)
        hands.choose(form.which_steps, 2)
        hands.choose(form.all_elements, 1)
        set_value(hands, dialog, "0.5")

    ask(window, hands, act)
    assert wait_for_edits(window, hands, 1) == (Hold("r", 0.5, layer=1, direction="reverse"),)
    assert (window.session.state.run.trace.cell(1, "reverse").quantity("r") == 0.5).all()  # type: ignore[union-attr]


def test_holds_the_element_looked_at(show_window: Open, make_setup: Make, hands: Any) -> None:
    window = show_window(make_setup("nn.LSTM(2, 3)", batch=3))
    window.session.look_at(batch=2)
    ask(window, hands, lambda dialog: set_value(hands, dialog, "0"))
    assert wait_for_edits(window, hands, 1) == (Hold("f", 0.0, 0, 1, units=(0,), batch=(2,)),)


def test_feeds_another_number(show_window: Open, make_setup: Make, hands: Any) -> None:
    window = show_window(make_setup("nn.LSTM(3, 2)", batch=2))
    x = window.session.state.setup.inputs(1)

    def act(dialog: Any) -> None:
        hands.choose(dialog.kind, INPUT)
        hands.set_number(dialog.form.t, 4)
        hands.set_number(dialog.form.batch, 1)
        hands.set_number(dialog.form.column, 2)
        assert float(dialog.form.value.box.text()) == x[4, 2]
        set_value(hands, dialog, "-1e-3")

    ask(window, hands, act)
    assert wait_for_edits(window, hands, 1) == (InputEdit(4, 2, -1e-3, batch=1),)


def test_feeds_another_token(window: MainWindow, hands: Any) -> None:
    hands.press("F10")

    def act(dialog: Any) -> None:
        hands.choose(dialog.kind, TOKEN)
        assert dialog.form.token.currentText() == "e"
        hands.choose(dialog.form.token, 3)

    ask(window, hands, act)
    assert wait_for_edits(window, hands, 1) == (TokenEdit(1, "o", (0.0, 0.0, 0.0, 1.0)),)


def test_starts_from_another_state(window: MainWindow, hands: Any) -> None:
    def act(dialog: Any) -> None:
        hands.choose(dialog.kind, STATE)
        hands.choose(dialog.form.name, 1)
        hands.set_number(dialog.form.unit, 3)
        set_value(hands, dialog, "2")

    ask(window, hands, act)
    assert wait_for_edits(window, hands, 1) == (StateEdit("c0", 0, "forward", 3, 2.0),)
    run = window.session.state.run
    assert run.trace.cell().before["c"][0, 3] == 2.0  # type: ignore[union-attr]
    assert run.report.verdict.code == "matches"  # type: ignore[union-attr]


def test_computes_with_another_weight_of_a_gate_and_unit(window: MainWindow, hands: Any) -> None:
    weights = window.session.state.run.trace.weights  # type: ignore[union-attr]

    def act(dialog: Any) -> None:
        hands.choose(dialog.kind, WEIGHT)
        form = dialog.form
        hands.choose(form.parameter, 1)
        hands.choose(form.gate, 3)  # o, torch's last block
        hands.set_number(form.unit, 1)
        hands.set_number(form.column, 2)
        assert form.place.text() == "weight_hh_l0[13, 2]"
        assert np.float32(form.value.box.text()) == weights["weight_hh_l0"][13, 2].item()
        set_value(hands, dialog, "4")

    ask(window, hands, act)
    assert wait_for_edits(window, hands, 1) == (WeightEdit("weight_hh_l0", (13, 2), 4.0),)


def test_a_bias_has_no_column_and_a_projection_no_gate(show_window: Open, make_setup: Make, hands: Any) -> None:
    window = show_window(make_setup("nn.LSTM(2, 4, proj_size=3)"))

    def act(dialog: Any) -> None:
        hands.choose(dialog.kind, dialog.kind.count() - 1)
        form = dialog.form
        hands.choose(form.parameter, form.parameter.findData("bias_ih_l0"))
        assert not form.column.isVisible()
        hands.choose(form.parameter, form.parameter.findData("weight_hr_l0"))
        assert not form.gate.isVisible()
        hands.set_number(form.unit, 2)
        hands.set_number(form.column, 3)
        set_value(hands, dialog, "1")

    ask(window, hands, act)
    assert wait_for_edits(window, hands, 1) == (WeightEdit("weight_hr_l0", (2, 3), 1.0),)


def test_a_sequence_without_tokens_is_offered_none(show_window: Open, make_setup: Make, hands: Any) -> None:
    show_window(make_setup("nn.RNN(2, 3)"))

    def act(dialog: Any) -> None:
        assert dialog.kind.count() == 4
        hands.press("Escape")

    hands.in_dialog(lambda: hands.press("Ctrl+W"), act)


# ---- dragging


def test_a_drag_is_seen_at_once_and_is_one_step_to_undo(window: MainWindow, hands: Any) -> None:
    before = window.session.state

    def act(dialog: Any) -> None:
        drag(dialog.form.value.slider, 0.5, 0.7, 0.9)
        (hold,) = wait_for_edits(window, hands, 1)
        assert window.session.state.values("f")[0, 0] == np.float32(hold.value)
        assert hold.value == float(dialog.form.value.box.text())
        drag(dialog.form.value.slider, 0.4, 0.2)
        hands.qtbot.waitUntil(lambda: window.session.state.setup.edits != (hold,))
        assert len(window.session.state.setup.edits) == 1

    ask(window, hands, act)
    (hold,) = wait_for_edits(window, hands, 1)
    assert 0.1 < hold.value < 0.3
    hands.press("Ctrl+Z")
    wait_for_edits(window, hands, 0)
    assert not window.session.state.undo_stack.past
    np.testing.assert_array_equal(window.session.state.values("f"), before.values("f"))


def test_cancel_takes_a_drag_back_as_if_nothing_had_been(window: MainWindow, hands: Any) -> None:
    window.editor.do(Hold("i", 0.0, 0, 1))
    wait_for_edits(window, hands, 1)
    hands.press("Ctrl+Z")
    wait_for_edits(window, hands, 0)
    before = window.session.state

    def act(dialog: Any) -> None:
        drag(dialog.form.value.slider, 0.5, 0.9)
        wait_for_edits(window, hands, 1)
        hands.press("Escape")

    hands.in_dialog(lambda: hands.press("Ctrl+W"), act)
    wait_for_edits(window, hands, 0)
    assert window.session.state.history == before.history
    assert window.session.state.undo_stack == before.undo_stack
    assert window.session.state.undo_stack.future, "what was undone before can be redone no more"


def test_what_was_dragged_moves_along_with_its_place(window: MainWindow, hands: Any) -> None:
    def act(dialog: Any) -> None:
        drag(dialog.form.value.slider, 0.5, 1.0)
        wait_for_edits(window, hands, 1)
        hands.choose(dialog.form.which_units, 1)
        set_value(hands, dialog, "0.5")

    ask(window, hands, act)
    hands.qtbot.waitUntil(lambda: not window.session.runner.busy)
    assert window.session.state.setup.edits == (Hold("f", 0.5, 0, 1),)
    hands.press("Ctrl+Z")
    wait_for_edits(window, hands, 0)


def test_only_what_has_a_range_has_a_slider(window: MainWindow, hands: Any) -> None:
    def act(dialog: Any) -> None:
        value = dialog.form.value
        assert value.slider.isVisible()
        hands.choose(dialog.form.quantity, 3)  # C
        assert not value.slider.isVisible()
        hands.choose(dialog.form.quantity, 2)  # C̃, from -1 to 1
        drag(value.slider, 0.5, 0.0)
        assert float(value.box.text()) == -1
        hands.press("Escape")

    hands.in_dialog(lambda: hands.press("Ctrl+W"), act)


def test_arrows_step_the_number_and_the_slider_follows(window: MainWindow, hands: Any) -> None:
    def act(dialog: Any) -> None:
        set_value(hands, dialog, "0.25")
        assert dialog.form.value.slider.value() == 50
        hands.press("Up", "Up", "Down")
        assert dialog.form.value.box.text() == "0.35"
        assert not window.session.runner.busy, "only what is dragged is tried at once"
        hands.press("Escape")

    hands.in_dialog(lambda: hands.press("Ctrl+W"), act)
    assert not window.session.undo_stack.past


# ---- what cannot be


def test_a_value_that_cannot_be_is_told_and_not_taken(window: MainWindow, hands: Any) -> None:
    before = window.session.state

    def act(dialog: Any) -> None:
        for text in ("", "abc", "nan", "inf", "1e999", "1e39", "0,5"):
            set_value(hands, dialog, text)
            assert dialog.problem.isVisible(), text
            assert "\n" not in dialog.problem.text(), text
            assert not dialog.ok.isEnabled(), text
            hands.press("Return")
            assert dialog.isVisible(), f"{text!r} was taken"
            set_value(hands, dialog, "0.5")
            assert not dialog.problem.isVisible(), text
        hands.press("Escape")

    hands.in_dialog(lambda: hands.press("Ctrl+W"), act)
    hands.expect_unchanged(window, before)


def test_units_that_are_not_there_are_told(window: MainWindow, hands: Any) -> None:
    def act(dialog: Any) -> None:
        hands.choose(dialog.form.which_units, 2)
        for text in ("", "4", "0-4", "3-1", "-1", "1.5", "x", "0, two", "99999999999", "²"):
            hands.replace_text(dialog.form.units, text)
            expected = f"✗ Units are numbers from 0 to 3 and ranges such as 2-4, but here is {text!r}."
            assert dialog.problem.text() == expected
            assert not dialog.ok.isEnabled(), text
        hands.press("Escape")

    hands.in_dialog(lambda: hands.press("Ctrl+W"), act)


@given(st.sets(st.integers(0, 50), min_size=1), st.sampled_from([",", " ", ", "]))
def test_any_set_of_units_reads_back_from_its_list(units: set[int], between: str) -> None:
    assert parse_units(between.join(map(str, units)), 51) == tuple(sorted(units))


@given(st.integers(0, 50), st.integers(0, 50))
def test_a_range_reads_as_all_numbers_in_it(first: int, last: int) -> None:
    expected = tuple(range(first, last + 1)) or None
    assert parse_units(f"{first}-{last}", 51) == expected


@given(st.text(max_size=20))
def test_any_text_reads_as_units_or_as_nothing(text: str) -> None:
    units = parse_units(text, 9)
    assert units is None or (units == tuple(sorted(set(units))) and 0 <= units[0] <= units[-1] < 9)
