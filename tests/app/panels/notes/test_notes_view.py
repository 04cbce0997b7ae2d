"""A person's own notes: typed, kept by step, listed with links, undone; and the example's lines beside them."""

from __future__ import annotations

from typing import Any

from PySide6.QtCore import QUrl
from PySide6.QtWidgets import QStyleOptionTab

from gatescope_app.state.document import Notes
from gatescope_app.window.main_window import MainWindow


def write(window: MainWindow, hands: Any, text: str, *, field: str = "step") -> None:
    """Type into a note."""
    view: Any = window.views["notes"]
    one = getattr(view.fields, field)
    view.fields.setCurrentWidget(one)
    hands.click(one.viewport())
    hands.type(text)


def title_of_the_step(view: Any) -> str:
    """Return what is written on the first tab."""
    option = QStyleOptionTab()
    view.fields.titles.initStyleOption(option, 0)
    return option.text


def test_a_note_belongs_to_the_step_at_which_it_was_written(window: MainWindow, hands: Any) -> None:
    view: Any = window.views["notes"]
    write(window, hands, "here it opens")
    window.session.step()
    assert view.fields.step.toPlainText() == ""
    assert title_of_the_step(view) == view.fields.titles.accessibleTabName(0) == "t = 1"
    window.session.step_back()
    assert view.fields.step.toPlainText() == "here it opens"
    assert window.session.document.notes == Notes("", {0: "here it opens"})


def test_a_note_of_the_session_stays_over_steps(window: MainWindow, hands: Any) -> None:
    view: Any = window.views["notes"]
    write(window, hands, "lesson 3", field="whole")
    window.session.step()
    assert view.fields.whole.toPlainText() == "lesson 3"
    assert window.session.document.notes == Notes("lesson 3")


def test_what_was_written_at_a_stretch_is_one_step_to_undo(window: MainWindow, hands: Any) -> None:
    view: Any = window.views["notes"]
    write(window, hands, "first")
    window.session.step()
    write(window, hands, "second")
    assert [str(change.label) for change in window.session.undo_stack.past] == ["notes", "notes"]
    window.session.undo()
    hands.qtbot.waitUntil(lambda: window.session.state.notes == Notes("", {0: "first"}))
    assert view.fields.step.toPlainText() == ""
    window.session.undo()
    hands.qtbot.waitUntil(lambda: window.session.state.notes == Notes())
    window.session.redo()
    hands.qtbot.waitUntil(lambda: window.session.state.notes == Notes("", {0: "first"}))


def test_notes_are_listed_and_a_click_on_one_goes_to_its_step(window: MainWindow, hands: Any) -> None:
    view: Any = window.views["notes"]
    window.session.run_to(3)
    write(window, hands, "a <b> & c")
    hands.press("Return")
    hands.type("second line")
    window.session.first()
    listed = view.text.toPlainText()
    assert "t = 3: a <b> & c" in listed, "the example's lines come first, then the notes, as they were typed"
    assert "second line" not in listed
    view.text.anchorClicked.emit(QUrl("#3"))
    assert window.session.state.cursor.t == 3
    assert "➤ t = 3: a <b> & c" in view.text.toPlainText()


def test_keys_go_into_a_note_and_leave_the_run_where_it_is(window: MainWindow, hands: Any) -> None:
    window.session.run_to(2)
    write(window, hands, "ab")
    hands.press("Left", "Home", "End")
    assert window.session.state.cursor.t == 2


def test_a_note_that_is_written_stops_playing(window: MainWindow, hands: Any) -> None:
    window.player.set_playing(playing=True)
    write(window, hands, "x")
    assert not window.player.playing
