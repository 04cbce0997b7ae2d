"""What if, in place: numbers are typed where they stand, and the run is computed again with them."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtWidgets import QApplication, QComboBox, QLineEdit

from gatescope.edits.edits import Hold, InputEdit, TokenEdit, WeightEdit
from gatescope_app.state.runs import Setup
from gatescope_app.window.main_window import MainWindow

Open = Callable[..., MainWindow]
Make = Callable[..., Setup]

TOKEN, X = 2, 3  # columns of the Sequence list


def wait_for_edits(window: MainWindow, hands: Any, count: int) -> tuple[Any, ...]:
    """Wait until the run on show has that many edits; return them."""
    session = window.session
    hands.qtbot.waitUntil(lambda: not session.runner.busy and len(session.state.setup.edits) == count)
    return session.state.setup.edits


def type_into(window: MainWindow, hands: Any, table: Any, row: int, column: int, text: str) -> None:
    """Double-click a cell, type over what is there, press Enter; and let the window work off what follows."""
    hands.double_click_cell(table, row, column)
    assert isinstance(QApplication.focusWidget(), QLineEdit), "no editor opened"
    hands.press("Ctrl+A")
    hands.type(text)
    hands.press("Return")
    hands.qtbot.waitUntil(lambda: QApplication.focusWidget() is table)


def all_numbers(window: MainWindow) -> dict[str, bytes]:
    """Return every number of the run, to the bit."""
    trace = window.session.state.run.trace  # type: ignore[union-attr]
    return {
        f"{name} {key}": cell.values[name].numpy().tobytes()
        for key, cell in trace.cells.items()
        for name in cell.cell.names
    } | {name: weight.numpy().tobytes() for name, weight in trace.weights.items()}


def column_of(window: MainWindow, name: str) -> int:
    return window.session.state.setup.spec.cell.names.index(name)


# ---- quantities


def test_a_number_typed_in_the_inspector_is_held_at_that_step(window: MainWindow, hands: Any) -> None:
    inspector: Any = window.views["inspector"]
    before = np.array(window.session.state.values("f"))
    hands.press("F10", "F10")
    type_into(window, hands, inspector.table, 1, column_of(window, "f"), "0.25")
    assert wait_for_edits(window, hands, 1) == (Hold("f", 0.25, 2, 3, units=(1,)),)
    after = window.session.state.values("f")
    assert after[2, 1] == np.float32(0.25)
    after = np.array(after)
    after[2, 1] = before[2, 1]
    np.testing.assert_array_equal(after[:3], before[:3])
    assert (after[3:] != before[3:]).any(), "what is computed from it does not follow"
    assert window.session.state.cursor.t == 2


@pytest.mark.parametrize("typed", ["at once", "once the run is there"])
def test_f2_edits_the_selected_number_and_tab_goes_on_to_the_next(window: MainWindow, hands: Any, typed: str) -> None:
    inspector: Any = window.views["inspector"]
    hands.click_cell(inspector.table, 2, column_of(window, "o"))
    hands.press("F2")
    hands.type("0.5")
    hands.press("Tab")
    if typed != "at once":
        wait_for_edits(window, hands, 1)  # the table shows the new run below the editor
    hands.type("-0.5")  # all of the next number is still selected
    hands.press("Return")
    assert wait_for_edits(window, hands, 2) == (Hold("o", 0.5, 0, 1, units=(2,)), Hold("h", -0.5, 0, 1, units=(2,)))
    assert window.session.state.values("h")[0, 2] == np.float32(-0.5)


def test_a_hold_is_of_the_cell_and_batch_element_looked_at(show_window: Open, make_setup: Make, hands: Any) -> None:
    window = show_window(make_setup("nn.GRU(2, 3, num_layers=2, bidirectional=True)", batch=2))
    inspector: Any = window.views["inspector"]
    window.session.look_at(layer=1, direction="reverse", batch=1)
    type_into(window, hands, inspector.table, 0, column_of(window, "z"), "1")
    (hold,) = wait_for_edits(window, hands, 1)
    t = window.session.state.cursor.t
    assert hold == Hold("z", 1.0, t, t + 1, 1, "reverse", units=(0,), batch=(1,))
    z = window.session.state.run.trace.cell(1, "reverse").quantity("z")[t, :, 0]  # type: ignore[union-attr]
    assert z[1] == 1.0 != z[0]


@pytest.mark.parametrize("end", ["Return", "Escape"])
def test_an_editor_that_was_only_looked_into_changes_nothing(window: MainWindow, hands: Any, end: str) -> None:
    inspector: Any = window.views["inspector"]
    run = window.session.state.run
    hands.double_click_cell(inspector.table, 1, 0)
    editor = QApplication.focusWidget()
    assert isinstance(editor, QLineEdit)
    assert np.float32(editor.text()) == window.session.state.values("f")[0, 1], "it does not show the number in full"
    hands.press(end)
    hands.qtbot.waitUntil(lambda: QApplication.focusWidget() is inspector.table)
    assert not window.session.runner.busy
    assert window.session.state.run is run


def test_what_is_not_known_yet_and_pre_activations_are_not_edited(window: MainWindow, hands: Any) -> None:
    inspector: Any = window.views["inspector"]
    hands.click(inspector.pre_activations)
    for column in range(6, 10):
        hands.double_click_cell(inspector.table, 0, column)
        assert not isinstance(QApplication.focusWidget(), QLineEdit)
    hands.press("F11", "F11", "F11")  # input, pre-activations and f of the next step
    hands.double_click_cell(inspector.table, 0, column_of(window, "i"))
    assert not isinstance(QApplication.focusWidget(), QLineEdit)
    hands.double_click_cell(inspector.table, 0, column_of(window, "f"))
    assert isinstance(QApplication.focusWidget(), QLineEdit)


def test_h_of_a_projection_is_edited_where_it_has_units(show_window: Open, make_setup: Make, hands: Any) -> None:
    window = show_window(make_setup("nn.LSTM(2, 3, proj_size=2)"))
    inspector: Any = window.views["inspector"]
    hands.double_click_cell(inspector.table, 2, column_of(window, "h"))
    assert not isinstance(QApplication.focusWidget(), QLineEdit)
    type_into(window, hands, inspector.table, 1, column_of(window, "h"), "0.5")
    assert wait_for_edits(window, hands, 1) == (Hold("h", 0.5, 0, 1, units=(1,)),)


def test_arrow_keys_move_in_the_text_and_a_step_forgets_it(window: MainWindow, hands: Any) -> None:
    inspector: Any = window.views["inspector"]
    hands.double_click_cell(inspector.table, 0, 0)
    hands.press("Ctrl+A")
    hands.type("7")
    hands.press("Left", "Home", "Right", "End")
    assert window.session.state.cursor.t == 0, "a key of the text stepped through time"
    hands.press("F10")
    assert window.session.state.cursor.t == 1
    hands.qtbot.waitUntil(lambda: not isinstance(QApplication.focusWidget(), QLineEdit))
    assert not window.editor.history.edits, "it was typed for another step"


def test_what_is_being_typed_stays_when_a_run_ends(window: MainWindow, hands: Any) -> None:
    inspector: Any = window.views["inspector"]
    type_into(window, hands, inspector.table, 0, 0, "0.5")
    hands.double_click_cell(inspector.table, 1, 0)
    hands.press("Ctrl+A")
    hands.type("0.7")
    wait_for_edits(window, hands, 1)
    hands.type("5")
    hands.press("Return")
    assert wait_for_edits(window, hands, 2)[1] == Hold("f", 0.75, 0, 1, units=(1,))


def test_held_values_are_marked_and_tell_what_they_were(window: MainWindow, hands: Any) -> None:
    inspector: Any = window.views["inspector"]
    model, i = inspector.model, column_of(window, "i")
    was = str(window.session.state.values("i")[0, 1])
    type_into(window, hands, inspector.table, 1, i, "0.25")
    wait_for_edits(window, hands, 1)
    tip = model.index(1, i).data(Qt.ItemDataRole.ToolTipRole)
    assert tip == f"0.25\n✎ i of unit 1 held at 0.25 at t = 0\noriginal: {was}"
    changed = model.index(1, column_of(window, "c")).data(Qt.ItemDataRole.ToolTipRole)
    assert "original: " in changed
    assert "✎" not in changed
    assert "\n" not in model.index(0, i).data(Qt.ItemDataRole.ToolTipRole), "this one is as it was"


def test_the_corners_of_held_numbers_are_folded(window: MainWindow, hands: Any) -> None:
    inspector: Any = window.views["inspector"]
    column = column_of(window, "i")
    window.editor.do(Hold("i", 0.5, 0, 1, units=(1, 2, 3)))
    wait_for_edits(window, hands, 1)
    window.session.look_at(unit=2)  # a row that is drawn selected

    def corners() -> list[str]:
        image, places = inspector.table.viewport().grab().toImage(), range(4)
        found = [inspector.table.visualRect(inspector.model.index(row, column)).topLeft() for row in places]
        return [image.pixelColor(corner.x() + 1, corner.y() + 1).name() for corner in found]

    marked, theme = corners(), window.appearance.theme
    assert marked == [theme.base, theme.quantities["i"], theme.on_accent, theme.quantities["i"]]
    hands.press("F10")
    assert corners() == [theme.base, theme.base, theme.accent, theme.base]


# ---- inputs and tokens


def test_numbers_typed_into_the_sequence_are_fed(window: MainWindow, hands: Any) -> None:
    table: Any = window.views["sequence"].table  # type: ignore[attr-defined]
    type_into(window, hands, table, 2, X, "0 0.5 1 -2")
    assert wait_for_edits(window, hands, 2) == (InputEdit(2, 1, 0.5), InputEdit(2, 3, -2.0))
    state = window.session.state
    np.testing.assert_array_equal(state.run.trace.x[2, 0].numpy(), [0, 0.5, 1, -2])  # type: ignore[union-attr]
    assert state.run.report.verdict.code == "matches", "nn.LSTM is fed the same"  # type: ignore[union-attr]
    assert table.model().index(2, X).data().startswith("✎ [0 0.5 1 -2]")
    assert "original: 0, 0, 1, 0" in table.model().index(2, X).data(Qt.ItemDataRole.ToolTipRole)
    assert "✎" not in table.model().index(1, X).data()


@pytest.mark.parametrize("text", ["[0 0.5 1 -2]", "[0, 0.5, 1, -2]", " 0;0.5 ;1; -2", "0,0.5,1,-2", "[ 0  0.5 1 -2 ]"])
def test_numbers_are_typed_as_they_are_shown_or_with_other_separators(
    window: MainWindow, hands: Any, text: str
) -> None:
    type_into(window, hands, window.views["sequence"].table, 2, X, text)  # type: ignore[attr-defined]
    assert wait_for_edits(window, hands, 2) == (InputEdit(2, 1, 0.5), InputEdit(2, 3, -2.0))


def test_all_numbers_of_a_row_are_one_step_to_undo(window: MainWindow, hands: Any) -> None:
    before = all_numbers(window)
    type_into(window, hands, window.views["sequence"].table, 2, X, "4 3 2 1")  # type: ignore[attr-defined]
    wait_for_edits(window, hands, 4)
    hands.press("Ctrl+Z")
    wait_for_edits(window, hands, 0)
    assert all_numbers(window) == before
    hands.press("Ctrl+Shift+Z")
    wait_for_edits(window, hands, 4)


def test_an_edit_of_an_input_is_of_the_batch_element_looked_at(show_window: Open, make_setup: Make, hands: Any) -> None:
    window = show_window(make_setup("nn.LSTM(1, 3, batch_first=True)", batch=2))
    window.session.look_at(batch=1)
    type_into(window, hands, window.views["sequence"].table, 1, X, "9")  # type: ignore[attr-defined]
    assert wait_for_edits(window, hands, 1) == (InputEdit(1, 0, 9.0, batch=1),)
    x = window.session.state.run.trace.x  # type: ignore[union-attr]
    assert x[1, 1, 0] == 9.0 != x[1, 0, 0]


def choose_token(hands: Any, table: Any, row: int, token: str) -> None:
    """Double-click a token and click another one in the list that opens."""
    hands.double_click_cell(table, row, TOKEN)
    box = table.indexWidget(table.model().index(row, TOKEN))
    assert isinstance(box, QComboBox)
    hands.qtbot.waitUntil(box.view().isVisible)
    place = QPoint(10, box.view().visualRect(box.model().index(box.findData(token), 0)).center().y())
    hands.qtbot.wait(
        QApplication.doubleClickInterval() + 50
    )  # a click too soon after the one that opened it is ignored
    hands.qtbot.mouseMove(box.view().viewport(), pos=place)
    hands.click(box.view().viewport(), place)


def test_another_token_is_chosen_from_a_list(window: MainWindow, hands: Any) -> None:
    table: Any = window.views["sequence"].table  # type: ignore[attr-defined]
    choose_token(hands, table, 1, "l")
    assert wait_for_edits(window, hands, 1) == (TokenEdit(1, "l", (0.0, 0.0, 1.0, 0.0)),)
    state = window.session.state
    assert state.setup.sequence.tokens == ("h", "l", "l", "l", "o")
    np.testing.assert_array_equal(state.run.trace.x[1, 0].numpy(), [0, 0, 1, 0])  # type: ignore[union-attr]
    assert table.model().index(1, TOKEN).data() == "✎ l"
    assert state.run.report.verdict.code == "matches"  # type: ignore[union-attr]


def test_f2_in_the_sequence_opens_the_token_and_enter_takes_another(window: MainWindow, hands: Any) -> None:
    table: Any = window.views["sequence"].table  # type: ignore[attr-defined]
    hands.click_cell(table, 4, 1)
    hands.press("F2")
    box = table.indexWidget(table.model().index(4, TOKEN))
    hands.qtbot.waitUntil(box.view().isVisible)
    for key in (Qt.Key.Key_Home, Qt.Key.Key_Down, Qt.Key.Key_Return):
        hands.qtbot.keyClick(box.view(), key)  # the list has the keyboard while it is open
    (edit,) = wait_for_edits(window, hands, 1)
    assert edit == TokenEdit(4, "h", (0.0, 1.0, 0.0, 0.0))


# ---- weights


def test_a_weight_and_a_bias_are_edited_where_they_stand(window: MainWindow, hands: Any) -> None:
    inspector: Any = window.views["inspector"]
    inspector.tabs.setCurrentIndex(1)
    weights = inspector.weights
    type_into(window, hands, weights.table, 1, 2, "-3")  # W_f, the second block of rows
    assert wait_for_edits(window, hands, 1) == (WeightEdit("weight_ih_l0", (5, 2), -3.0),)
    hands.choose(weights.gate, 3)  # C̃ is torch's third block, o the fourth: teaching order is another
    hands.choose(weights.kind, 2)
    assert weights.gate.currentText().startswith("o")
    weights.gate.activated.emit(3)
    type_into(window, hands, weights.table, 0, 0, "0.125")
    assert wait_for_edits(window, hands, 2)[1] == WeightEdit("bias_ih_l0", (12,), 0.125)
    state = window.session.state
    assert state.run.trace.weights["weight_ih_l0"][5, 2] == -3.0  # type: ignore[union-attr]
    assert state.run.trace.weights["bias_ih_l0"][12] == 0.125  # type: ignore[union-attr]
    assert state.run.report.verdict.code == "matches"  # type: ignore[union-attr]
    index = weights.model.index(0, 0)
    assert index.data() == "0.1250"
    assert index.data(Qt.ItemDataRole.FontRole).bold()
    assert "✎ bias_ih_l0[12] set to 0.125\noriginal: " in index.data(Qt.ItemDataRole.ToolTipRole)
    assert weights.model.index(1, 0).data(Qt.ItemDataRole.FontRole) is None


# ---- the list of edits


def test_the_newest_edit_is_selected_and_in_sight(window: MainWindow, hands: Any) -> None:
    inspector: Any = window.views["inspector"]
    panel: Any = window.views["edits"]
    window.docks["edits"].raise_()
    for count in range(1, 13):
        type_into(window, hands, inspector.table, count % 4, count % 3, str(count / 16))
        wait_for_edits(window, hands, count)
        assert panel.list.currentRow() == count - 1
    place = panel.list.visualItemRect(panel.list.currentItem())
    assert panel.list.verticalScrollBar().maximum() > 0, "all of it is in sight"
    assert panel.list.viewport().rect().contains(place)


def test_the_edit_that_undo_brings_back_is_selected(window: MainWindow, hands: Any) -> None:
    panel: Any = window.views["edits"]
    window.docks["edits"].raise_()
    for count in range(1, 4):
        window.editor.do(Hold("f", count / 4, 0, 1))  # the same place: only their order tells them apart
        wait_for_edits(window, hands, count)
    hands.click_cell(panel.list, 0)
    hands.click(panel.buttons["remove"])
    wait_for_edits(window, hands, 2)
    assert panel.list.currentRow() == 0
    hands.click_cell(panel.list, 1)
    hands.click(panel.buttons["undo"])
    wait_for_edits(window, hands, 3)
    assert panel.list.currentRow() == 0


def test_a_button_takes_the_selected_edit_away(window: MainWindow, hands: Any) -> None:
    panel: Any = window.views["edits"]
    window.docks["edits"].raise_()
    button = panel.buttons["remove"]
    assert not button.isEnabled()
    edits = (Hold("f", 0.5, 0, 1), Hold("i", 0.5, 0, 1), Hold("o", 0.5, 0, 1))
    window.editor.do(*edits)
    wait_for_edits(window, hands, 3)
    assert button.toolTip() == "Take the selected edit away (Del)"
    hands.click_cell(panel.list, 1)
    hands.click(button)
    assert wait_for_edits(window, hands, 2) == (edits[0], edits[2])
    hands.click(button)
    assert wait_for_edits(window, hands, 1) == (edits[0],)
    hands.click(button)
    wait_for_edits(window, hands, 0)
    assert not button.isEnabled()


# ---- all of it undone


def test_undo_and_redo_by_keys_bring_back_every_number_to_the_bit(window: MainWindow, hands: Any) -> None:
    inspector: Any = window.views["inspector"]
    sequence: Any = window.views["sequence"]
    states = [all_numbers(window)]

    def done(count: int) -> None:
        wait_for_edits(window, hands, count)
        states.append(all_numbers(window))

    type_into(window, hands, inspector.table, 1, 0, "0.25")
    done(1)
    type_into(window, hands, sequence.table, 1, X, "1 0 0.5 0")
    done(2)
    choose_token(hands, sequence.table, 3, "h")
    done(3)
    inspector.tabs.setCurrentIndex(1)
    type_into(window, hands, inspector.weights.table, 0, 0, "2.5")
    done(4)
    assert len({str(numbers) for numbers in states}) == 5, "an edit changed nothing"
    for count in (3, 2, 1, 0):
        hands.press("Ctrl+Z")
        wait_for_edits(window, hands, count)
        assert all_numbers(window) == states[count]
    for count in (1, 2, 3, 4):
        hands.press("Ctrl+Shift+Z")
        wait_for_edits(window, hands, count)
        assert all_numbers(window) == states[count]
    assert window.session.state.cursor.t == 3, "moving in time is not an edit, nor undone"


def test_tooltips_name_what_can_be_edited_and_how(window: MainWindow) -> None:
    for table in (window.views["inspector"].table, window.views["sequence"].table):  # type: ignore[attr-defined]
        assert "F2" in table.toolTip()
