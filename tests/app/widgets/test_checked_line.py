"""A line that is checked while one types: what is wrong is shown after a pause, and goes as soon as it is put right."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from PySide6.QtWidgets import QHBoxLayout

from gatescope.messages.message import GatescopeError
from gatescope_app.look.theme import LIGHT
from gatescope_app.widgets.checked_line import CheckedField, CheckedLine, Misread


def check_digits(text: str) -> None:
    if text == "0":
        raise GatescopeError("no_such_step", last=4, value=0)
    if text and not text.isdigit():
        raise Misread("digits, please")


@pytest.fixture
def field(hands: Any) -> Iterator[CheckedField]:
    field = CheckedField(CheckedLine(check_digits), LIGHT, QHBoxLayout())
    field.set_hint("digits")
    hands.bring_up(field)
    field.setFocus()
    yield field
    field.close()
    field.deleteLater()


def test_what_cannot_be_read_is_shown_after_a_pause_and_goes_at_once(
    field: CheckedField, hands: Any, qtbot: Any
) -> None:
    hands.type("x")
    assert field.line.error is not None
    assert field.note.text() == "digits"
    qtbot.waitUntil(lambda: field.note.text() == "✗ digits, please")
    assert field.line.accessibleDescription() == "✗ digits, please"
    hands.press("Backspace")
    assert field.line.error is None
    assert field.note.text() == field.line.accessibleDescription() == "digits"


def test_an_error_of_the_engine_is_shown_by_its_message(field: CheckedField, hands: Any) -> None:
    hands.type("0")
    hands.press("Return")
    assert isinstance(field.line.error, GatescopeError)
    assert field.note.text() == "✗ t must be from 0 to 4, but it is 0."


def test_enter_tells_only_what_is_right(field: CheckedField, hands: Any) -> None:
    entered: list[str] = []
    field.entered.connect(entered.append)
    hands.type("12x")
    hands.press("Return")
    hands.press("Backspace", "Return")
    assert entered == ["12"]


def test_what_was_not_taken_says_why_until_it_is_changed(field: CheckedField, hands: Any) -> None:
    hands.type("1")
    field.line.refuse(Misread("taken already"))
    assert field.note.text() == "✗ taken already"
    hands.type("2")
    assert field.note.text() == "digits"
