"""The What if panel: the edits in words, their branches, what they change, and what they are held against."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtWidgets import QComboBox

from gatescope.edits.edits import Hold, InputEdit, WeightEdit
from gatescope_app.state.runs import Setup
from gatescope_app.window.main_window import MainWindow

Open = Callable[..., MainWindow]
Make = Callable[..., Setup]

FORGET, OUTPUT, INPUT = Hold("f", 0.0, 1, 2), Hold("o", 0.5), InputEdit(3, 0, 2.0)


@pytest.fixture
def panel(window: MainWindow) -> Any:
    """Return the panel of a window on `hello`, in front of the others."""
    window.docks["edits"].raise_()
    return window.views["edits"]


def settle(window: MainWindow, hands: Any) -> None:
    """Wait until the run of all that was asked for is on show."""
    session = window.session

    def done() -> bool:
        return not session.runner.busy and session.state.history == window.editor.history

    hands.qtbot.waitUntil(done)


def make(window: MainWindow, hands: Any, *edits: Any) -> None:
    for edit in edits:
        window.editor.do(edit)
    settle(window, hands)


def name_branch(hands: Any, opens: Callable[[], object], name: str) -> None:
    """Type a name into the dialog that opens."""

    def answer(_dialog: Any) -> None:
        hands.press("Ctrl+A")
        hands.type(name)
        hands.press("Return")

    hands.in_dialog(opens, answer)


def new_branch(window: MainWindow, hands: Any, name: str) -> None:
    name_branch(hands, lambda: hands.press("Ctrl+Shift+B"), name)
    settle(window, hands)


def entries(box: QComboBox) -> list[str]:
    return [box.itemText(index) for index in range(box.count())]


def pick(window: MainWindow, hands: Any, box: QComboBox, index: int) -> None:
    hands.choose(box, index)
    settle(window, hands)


def lines(panel: Any) -> list[str]:
    return [panel.list.item(row).text() for row in range(panel.list.count())]


# ---- edits


def test_says_what_one_can_do_until_there_is_an_edit(window: MainWindow, panel: Any, hands: Any) -> None:
    assert panel.hint.isVisible()
    assert "Ctrl+W" in panel.hint.text()
    assert not panel.effect.isVisible()
    assert [name for name, button in panel.buttons.items() if button.isEnabled()] == ["new", "rename"]
    make(window, hands, FORGET)
    assert not panel.hint.isVisible()
    assert lines(panel) == ["f held at 0 at t = 1"]


def test_del_takes_an_edit_away_and_undo_brings_it_back(window: MainWindow, panel: Any, hands: Any) -> None:
    make(window, hands, FORGET, OUTPUT, INPUT)
    hands.click_cell(panel.list, 1)
    hands.press("Del")
    settle(window, hands)
    assert window.session.state.setup.edits == (FORGET, INPUT)
    assert panel.list.currentRow() == 1
    assert "without: o held at 0.5 at every step" in panel.buttons["undo"].toolTip()
    hands.click(panel.buttons["undo"])
    settle(window, hands)
    assert window.session.state.setup.edits == (FORGET, OUTPUT, INPUT)


def test_del_twice_before_the_run_takes_only_that_edit_away(window: MainWindow, panel: Any, hands: Any) -> None:
    make(window, hands, FORGET, OUTPUT, INPUT)
    hands.click_cell(panel.list, 0)
    hands.press("Del", "Del")
    settle(window, hands)
    assert window.session.state.setup.edits == (OUTPUT, INPUT)


def test_buttons_undo_redo_and_reset_with_their_keys_in_the_tooltips(
    window: MainWindow, panel: Any, hands: Any
) -> None:
    make(window, hands, FORGET, OUTPUT)
    assert panel.buttons["undo"].toolTip() == "Undo: o held at 0.5 at every step (Ctrl+Z)"
    hands.click(panel.buttons["undo"])
    settle(window, hands)
    assert panel.buttons["redo"].toolTip() == "Redo: o held at 0.5 at every step (Ctrl+Shift+Z)"
    hands.click(panel.buttons["redo"])
    settle(window, hands)
    assert lines(panel) == ["f held at 0 at t = 1", "o held at 0.5 at every step"]
    hands.click(panel.buttons["reset"])
    settle(window, hands)
    assert window.session.state.setup.edits == ()
    assert panel.buttons["undo"].toolTip() == "Undo: reset to the original (Ctrl+Z)"
    assert not panel.buttons["reset"].isEnabled()


def test_enter_goes_to_where_an_edit_acts(show_window: Open, make_setup: Make, hands: Any) -> None:
    window = show_window(make_setup("nn.LSTM(2, 3, num_layers=2)"))
    window.docks["edits"].raise_()
    panel: Any = window.views["edits"]
    make(window, hands, Hold("o", 0.1, 2, 5, layer=1, units=(2,)), INPUT, WeightEdit("bias_ih_l0", (0,), 1.0))
    for row, place in ((0, (2, 1, 2)), (1, (3, 1, 2)), (2, (3, 1, 2))):
        hands.click_cell(panel.list, row)
        hands.press("Return")
        state = window.session.state
        assert (state.cursor.t, state.cursor.layer, state.unit) == place


def test_the_button_opens_the_dialog(window: MainWindow, panel: Any, hands: Any) -> None:
    def act(dialog: Any) -> None:
        hands.replace_text(dialog.form.value.box, "0.75")
        hands.press("Return")

    hands.in_dialog(lambda: hands.click(panel.what_if), act)
    settle(window, hands)
    assert window.session.state.setup.edits == (Hold("f", 0.75, 0, 1, units=(0,)),)


# ---- branches


def test_branches_have_their_own_edits_and_going_to_one_is_undone(window: MainWindow, panel: Any, hands: Any) -> None:
    make(window, hands, FORGET)
    numbers = np.array(window.session.state.values("h"))
    new_branch(window, hands, "open gates")
    make(window, hands, OUTPUT)
    assert entries(panel.branch) == ["main", "open gates"]
    assert panel.branch.currentText() == "open gates"
    assert (window.session.state.values("h") != numbers).any()
    pick(window, hands, panel.branch, 0)
    assert window.session.state.setup.edits == (FORGET,)
    np.testing.assert_array_equal(window.session.state.values("h"), numbers)
    for edits in ((FORGET, OUTPUT), (FORGET,), (FORGET,), ()):  # the switch, the second edit, the branch, the first
        hands.press("Ctrl+Z")
        settle(window, hands)
        assert window.session.state.setup.edits == edits
    assert entries(panel.branch) == ["main"]
    hands.press("Ctrl+Y", "Ctrl+Y", "Ctrl+Y")
    settle(window, hands)
    assert window.session.state.setup.edits == (FORGET, OUTPUT)


@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("main", "There is a branch main already; choose another name."),
        ("  ", "The name of a branch must have 1 to 60 characters in one line, but it is '  '."),
        ("x" * 61, "The name of a branch must have 1 to 60 characters in one line, but it is '" + "x" * 61),
    ],
)
def test_a_bad_name_is_told_in_the_dialog_which_asks_again(
    window: MainWindow, panel: Any, hands: Any, name: str, said: str
) -> None:
    def answer(dialog: Any) -> None:
        hands.press("Ctrl+A")
        hands.type(name)
        hands.press("Return")
        assert dialog.isVisible()
        assert said.replace("'", "&#x27;") in dialog.labelText()
        hands.press("Ctrl+A")
        hands.type("other")
        hands.press("Return")

    hands.in_dialog(lambda: hands.click(panel.buttons["new"]), answer)
    settle(window, hands)
    assert window.session.state.history.branches == ("main", "other")


def test_cancel_makes_no_branch(window: MainWindow, panel: Any, hands: Any) -> None:
    before = window.session.state
    hands.in_dialog(lambda: hands.press("Ctrl+Shift+B"), lambda _dialog: hands.press("Escape"))
    assert window.editor.history is before.history


def test_a_branch_is_renamed_and_dropped(window: MainWindow, panel: Any, hands: Any) -> None:
    make(window, hands, FORGET)
    new_branch(window, hands, "second")
    name_branch(hands, lambda: hands.click(panel.buttons["rename"]), "better")
    settle(window, hands)
    assert entries(panel.branch) == ["main", "better"]
    make(window, hands, OUTPUT)
    hands.click(panel.buttons["drop"])
    settle(window, hands)
    assert entries(panel.branch) == ["main"]
    assert window.session.state.setup.edits == (FORGET,)
    assert not panel.buttons["drop"].isEnabled(), "the only branch cannot be dropped"


# ---- what it is held against


def test_a_run_is_held_against_the_original_or_a_branch(window: MainWindow, panel: Any, hands: Any) -> None:
    original = np.array(window.session.state.values("h"))
    make(window, hands, FORGET)
    main = np.array(window.session.state.values("h"))
    new_branch(window, hands, "second")
    make(window, hands, OUTPUT)
    assert entries(panel.against) == ["the original", "branch “main”"]
    np.testing.assert_array_equal(window.session.state.ghost_values("h"), original)
    pick(window, hands, panel.against, 1)
    np.testing.assert_array_equal(window.session.state.ghost_values("h"), main)
    tip = window.views["inspector"].model.index(0, 4).data(Qt.ItemDataRole.ToolTipRole)  # type: ignore[attr-defined]
    assert "in “main”: " in tip
    pick(window, hands, panel.against, 0)
    np.testing.assert_array_equal(window.session.state.ghost_values("h"), original)


def test_tells_what_the_edits_change_and_a_click_goes_there(window: MainWindow, panel: Any, hands: Any) -> None:
    make(window, hands, INPUT)
    first = window.session.state.effect.first  # type: ignore[union-attr]
    assert first is not None
    assert first.t == 3
    words = panel.effect.label.accessibleName()
    assert words.startswith("the runs part at t = 3: f of unit ")
    assert "output changes by up to " in words
    assert window.session.state.cursor.t == 0
    hands.click(panel.effect.label, QPoint(20, panel.effect.fontMetrics().height() // 2))
    assert window.session.state.cursor.t == 3
    assert window.session.state.unit == first.unit


def test_an_edit_without_effect_says_so(window: MainWindow, panel: Any, hands: Any) -> None:
    make(window, hands, Hold("h", float(window.session.state.values("h")[4, 0]), 4, 5, units=(0,)))
    assert panel.effect.label.text() == "nothing changes, bit for bit"


# ---- what is gone


def test_an_edit_that_an_undo_took_away_is_neither_gone_to_nor_removed(
    window: MainWindow, panel: Any, hands: Any
) -> None:
    make(window, hands, FORGET, INPUT)
    panel.set_in_front(False)  # so that its list is of before
    window.editor.reset()
    settle(window, hands)
    make(window, hands, OUTPUT)
    panel.list.setFocus()
    for row in (1, 0):
        panel.list.setCurrentRow(row)
        hands.press("Return", "Del")
    settle(window, hands)
    assert window.session.state.setup.edits == (OUTPUT,)
    assert window.session.state.cursor.t == 0


def test_nothing_is_removed_where_nothing_is_listed(window: MainWindow, panel: Any, hands: Any) -> None:
    panel.set_in_front(False)
    make(window, hands, FORGET)
    panel.buttons["remove"].setEnabled(True)
    panel.buttons["remove"].click()
    assert window.editor.history.edits == (FORGET,)
