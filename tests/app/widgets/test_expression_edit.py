"""The field for expressions: checked while typing, its error in one line, and what may be typed next."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QColor
from PySide6.QtWidgets import QApplication, QLineEdit, QVBoxLayout, QWidget

from gatescope.debugging.expressions.names import Names
from gatescope.messages.message import GatescopeError
from gatescope.modules.constructor import parse_constructor
from gatescope_app.look import language
from gatescope_app.look.theme import LIGHT
from gatescope_app.widgets.expression_edit import ExpressionEdit

Show = Callable[..., ExpressionEdit]


def names_of(line: str) -> Names:
    return Names.of(parse_constructor(line), tokens=True, reference=True)


LSTM, GRU = names_of("nn.LSTM(4, 8)"), names_of("nn.GRU(4, 8)")


@pytest.fixture
def show(hands: Any) -> Iterator[Show]:
    """Return a function that shows a field, with another plain field below it, in a window of its own."""
    windows = []

    def make(kind: Any = "condition", text: str = "") -> ExpressionEdit:
        window = QWidget()
        windows.append(window)
        layout = QVBoxLayout(window)
        edit = ExpressionEdit(kind, LSTM, LIGHT)
        edit.set_hint("Enter adds it")
        layout.addWidget(edit)
        layout.addWidget(QLineEdit())
        window.resize(420, 120)
        hands.bring_up(window)
        edit.setFocus()
        edit.line.setText(text)
        return edit

    yield make
    for window in windows:
        window.close()
        window.deleteLater()


def offered(edit: ExpressionEdit) -> list[str]:
    popup = edit.line.popup
    return [popup.item(row).text() for row in range(popup.count())] if popup.isVisible() else []


def places_in_red(edit: ExpressionEdit) -> tuple[int, int]:
    """Return where in the text the wave begins and ends, found by its colour on the screen."""
    picture, wanted = edit.line.grab().toImage(), QColor(LIGHT.differs)
    found = [
        x
        for x in range(picture.width())
        for y in range(picture.height())
        if abs(picture.pixelColor(x, y).hue() - wanted.hue()) <= 4 and picture.pixelColor(x, y).saturation() > 100
    ]
    assert found, "there is no wave"
    middle = edit.line.height() // 2
    return tuple(edit.line.cursorPositionAt(QPoint(x, middle)) for x in (min(found) + 1, max(found) - 1))  # type: ignore[return-value]


# errors


def test_an_error_is_shown_after_a_pause_in_typing(show: Show, hands: Any, qtbot: Any) -> None:
    edit = show()
    hands.type("f[9] < 0.1")
    assert edit.note.text() == "Enter adds it"
    assert edit.line.error is not None
    qtbot.waitUntil(lambda: edit.note.text() == "✗ f has the units 0 to 7, but not 9.")
    assert edit.line.accessibleDescription() == edit.note.text() == edit.note.toolTip()


def test_a_word_that_is_being_chosen_from_the_list_is_not_called_wrong(show: Show, hands: Any, qtbot: Any) -> None:
    edit = show()
    hands.type("isna")
    qtbot.wait(450)
    assert edit.note.text() == "Enter adds it"
    hands.press("Esc")
    qtbot.waitUntil(lambda: edit.note.text().startswith("✗ There is no isna"))


def test_an_error_goes_as_soon_as_the_text_is_right(show: Show, hands: Any) -> None:
    edit = show(text="f[9] < 0.1")
    edit.line.show_error()
    edit.line.setCursorPosition(3)
    hands.press("Backspace")
    hands.type("7")
    assert edit.line.error is None
    assert edit.note.text() == edit.line.accessibleDescription() == "Enter adds it"


def test_an_error_that_is_shown_follows_what_is_typed(show: Show, hands: Any) -> None:
    edit = show(text="f[9")
    edit.line.show_error()
    assert "not closed" in edit.note.text()
    hands.type("]")
    assert "0 to 7" in edit.note.text()


@pytest.mark.parametrize(
    ("text", "place"),
    [
        ("f[9] < 0.1", (2, 3)),
        ('token == "门" and f[12] < 0.1', (19, 21)),
        ('token == "😀" and f[12] < 0.1', (20, 22)),  # Qt counts that character twice
        ("mean(q) > 1", (5, 6)),
    ],
)
def test_the_wrong_part_is_underlined(show: Show, text: str, place: tuple[int, int]) -> None:
    edit = show(text=text)
    edit.line.show_error()
    begin, end = places_in_red(edit)
    assert abs(begin - place[0]) <= 1
    assert abs(end - place[1]) <= 1
    edit.line.setText("")
    with pytest.raises(AssertionError, match="no wave"):
        places_in_red(edit)


def test_the_underline_is_right_where_a_long_text_has_scrolled(show: Show, hands: Any) -> None:
    edit = show(text="f[0] < 1 and " * 8 + "f[9] < 1")
    edit.line.show_error()
    hands.press("End")
    begin, end = places_in_red(edit)
    assert abs(begin - 106) <= 1
    assert abs(end - 107) <= 1


def test_what_is_missing_at_the_end_is_underlined_behind_it(show: Show) -> None:
    edit = show(text="mean(o) <")
    edit.line.show_error()
    assert places_in_red(edit) == (9, 9)


def test_neither_error_nor_hint_moves_anything(show: Show, hands: Any) -> None:
    edit = show()
    below: Any = edit.parentWidget().findChildren(QLineEdit)[-1]  # type: ignore[union-attr]
    places = {below.y()}
    for text in ("f", "f[9] < 0.1", "x" * 600, "f[1] < 0.1"):
        edit.line.setText(text)
        edit.line.show_error()
        QApplication.processEvents()
        places.add(below.y())
    edit.set_hint("")
    edit.line.setText("")
    QApplication.processEvents()
    assert len(places | {below.y()}) == 1


def test_nothing_typed_is_no_error_until_enter_is_pressed(show: Show, hands: Any, qtbot: Any) -> None:
    edit = show(text="f")
    hands.press("Backspace")
    qtbot.wait(400)
    assert edit.note.text() == "Enter adds it"
    hands.press("Return")
    assert edit.note.text() == "✗ There is no expression yet; write one such as f[0] < 0.1."


def test_enter_tells_what_is_right_and_shows_at_once_what_is_wrong(show: Show, hands: Any) -> None:
    edit, entered = show(), []
    edit.entered.connect(entered.append)
    hands.type(" f[3] < 0.1 ")
    hands.press("Return")
    assert entered == ["f[3] < 0.1"]
    hands.type("and")
    hands.press("Return")
    assert entered == ["f[3] < 0.1"]
    assert edit.note.text().startswith("✗")
    assert edit.text() == "f[3] < 0.1 and"


def test_another_network_changes_what_is_right(show: Show) -> None:
    edit = show(text="f[3] < 0.1")
    assert edit.line.error is None
    edit.set_names(GRU)
    assert edit.line.error is not None
    edit.set_names(LSTM)
    assert edit.line.error is None


def test_a_refusal_from_outside_stays_until_the_text_changes(show: Show, hands: Any) -> None:
    edit = show(text="f[3] < 0.1")
    edit.line.refuse(GatescopeError("no_such_step", last=4, value=9))
    assert edit.note.text().startswith("✗")
    hands.type("5")
    assert edit.note.text() == "Enter adds it"


@pytest.mark.parametrize(
    ("kind", "text", "right"),
    [
        ("condition", "f[3]", False),
        ("expression", "f[3]", True),
        ("expression", "f", True),
        ("condition", "f < 0.1", False),
        ("message", "f = {f[3]}, C = {c}", True),
        ("message", "no values", True),
        ("message", "f = {f[9]}", False),
        ("message", "f = {f[3]", False),
    ],
)
def test_each_kind_checks_what_it_is_for(show: Show, kind: str, text: str, right: bool) -> None:
    assert (show(kind, text).line.error is None) is right


def test_the_place_of_an_error_in_a_log_message_is_underlined(show: Show) -> None:
    edit = show("message", "forget {f[9]}")
    edit.line.show_error()
    begin, end = places_in_red(edit)
    assert abs(begin - 10) <= 1
    assert abs(end - 11) <= 1


def test_the_error_is_said_in_the_language_in_force(show: Show) -> None:
    edit = show(text="f[9] < 0.1")
    edit.line.show_error()
    language.use("zh_CN")
    QApplication.processEvents()
    assert edit.note.text() == "✗ " + language.format_message(edit.line.error.message)  # type: ignore[union-attr]


# completion


def test_typing_a_word_offers_what_begins_like_it(show: Show, hands: Any) -> None:
    edit = show()
    hands.type("any(cr")
    assert offered(edit) == ["crosses("]
    assert edit.line.popup.item(0).data(Qt.ItemDataRole.UserRole).startswith("crosses(value, level): ")
    assert edit.line.hasFocus()


@pytest.mark.parametrize("key", ["Return", "Tab"])
def test_enter_and_tab_take_what_is_selected(show: Show, hands: Any, key: str) -> None:
    edit, entered = show(), []
    edit.entered.connect(entered.append)
    hands.type("any(to")
    hands.press(key)
    assert edit.text() == "any(token"
    assert edit.line.hasFocus()
    assert not edit.line.popup.isVisible()
    assert not entered


def test_the_arrows_select_another_one_around_both_ends(show: Show, hands: Any) -> None:
    edit = show()
    hands.type("is")
    assert offered(edit) == ["isnan(", "isfinite("]
    hands.press("Down")
    assert edit.line.popup.currentRow() == 1
    hands.press("Down", "Up", "Return")
    assert edit.text() == "isfinite("


def test_escape_closes_the_list_and_leaves_the_text(show: Show, hands: Any) -> None:
    edit = show()
    hands.type("is")
    hands.press("Esc")
    assert not edit.line.popup.isVisible()
    assert edit.text() == "is"


def test_a_name_that_is_complete_is_not_replaced_by_enter(show: Show, hands: Any) -> None:
    edit, entered = show("expression"), []
    edit.entered.connect(entered.append)
    hands.type("c")
    assert offered(edit) == ["c_tilde", "c", "crosses("]
    hands.press("Return")
    assert entered == ["c"]
    assert not edit.line.popup.isVisible()


def test_a_single_name_that_is_complete_offers_nothing(show: Show, hands: Any) -> None:
    edit = show()
    hands.type("token")
    assert offered(edit) == []


def test_ctrl_space_lists_everything_and_completes_a_single_one(show: Show, hands: Any) -> None:
    edit = show()
    hands.press("Ctrl+Space")
    assert {"t", "token", "f", "c_tilde", "any(", "crosses("} <= set(offered(edit))
    hands.type("sat")
    hands.press("Esc", "Ctrl+Space")
    assert edit.text() == "saturated("


def test_the_list_closes_behind_the_word(show: Show, hands: Any) -> None:
    edit = show()
    hands.type("is")
    assert offered(edit)
    hands.type(" ")
    assert not offered(edit)
    hands.press("Backspace")
    assert offered(edit)
    hands.press("Left", "Left")
    assert edit.line.hasFocus()


def test_a_completion_in_the_middle_keeps_what_follows_and_can_be_undone(show: Show, hands: Any) -> None:
    edit = show(text='token == "😀" and (c > 1)')
    edit.line.setCursorPosition(18)  # as Qt counts
    hands.type("an")
    hands.press("Return")
    assert edit.text() == 'token == "😀" and any(c > 1)'
    hands.press("Ctrl+Z")
    assert edit.text() == 'token == "😀" and an(c > 1)'


def test_a_click_takes_what_is_clicked(show: Show, hands: Any) -> None:
    edit = show()
    hands.type("is")
    hands.click_cell(edit.line.popup, 1)
    assert edit.text() == "isfinite("
    assert not edit.line.popup.isVisible()


def test_tab_goes_on_while_no_list_is_open(show: Show, hands: Any) -> None:
    edit = show(text="f[0] < 1")
    hands.press("Tab")
    assert not edit.line.hasFocus()


def test_the_list_goes_with_the_focus_and_with_the_window(show: Show, hands: Any) -> None:
    edit = show()
    hands.type("is")
    edit.parentWidget().findChildren(QLineEdit)[-1].setFocus()  # type: ignore[union-attr]
    assert not edit.line.popup.isVisible()
    edit.setFocus()
    edit.line.setText("")
    hands.type("is")
    assert edit.line.popup.isVisible()
    edit.window().move(30, 40)
    assert not edit.line.popup.isVisible()


def test_a_log_message_completes_within_braces_only(show: Show, hands: Any) -> None:
    edit = show("message")
    hands.type("is")
    assert not offered(edit)
    hands.type(" {{is")
    assert not offered(edit)
    hands.type(" {is")
    assert offered(edit) == ["isnan(", "isfinite("]
    hands.press("Return")
    assert edit.text() == "is {{is {isnan("
    hands.type("h)} is")
    assert not offered(edit)
