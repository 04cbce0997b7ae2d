"""What was refused is said until it is closed, in the language and the colours in force."""

from __future__ import annotations

from typing import Any

import pytest
from PySide6.QtCore import Qt

from gatescope.messages.message import GatescopeError, Message
from gatescope_app.look.theme import DARK, LIGHT
from gatescope_app.state import autosave_store
from gatescope_app.window.main_window import MainWindow


def test_a_message_follows_the_language_and_the_theme(window: MainWindow, hands: Any) -> None:
    window.session.refused.emit(Message("file_ending", {"path": "notes.txt", "allowed": ".csv"}))
    english = window.banner.label.text()
    assert "notes.txt" in english
    assert LIGHT.raised in window.banner.styleSheet()
    window.appearance.choose_language("zh_CN")
    window.appearance.choose_theme("dark")
    hands.qtbot.waitUntil(lambda: window.banner.label.text() != english)
    assert "notes.txt" in window.banner.label.text()
    assert DARK.raised in window.banner.styleSheet()
    assert DARK.differs in window.banner.styleSheet()
    window.appearance.choose_theme("light")
    hands.press("Esc")
    assert not window.banner.isVisible()


def test_what_is_said_while_a_run_is_under_way_stays_when_it_comes(window: MainWindow, hands: Any) -> None:
    session = window.session
    session.refused.emit(Message("file_missing", {"path": "before.onnx"}))
    session.start(session.state.setup)
    session.refused.emit(Message("file_missing", {"path": "meanwhile.onnx"}))
    hands.wait_for_run(window)
    assert window.banner.isVisible()
    assert "meanwhile.onnx" in window.banner.label.text()
    session.start(session.state.setup)
    hands.wait_for_run(window)
    assert not window.banner.isVisible()


def test_an_unexpected_error_follows_the_language_too(window: MainWindow, hands: Any) -> None:
    window.session.failed.emit(KeyError("lost"))
    english = window.banner.label.text()
    assert "KeyError: 'lost'" in english
    window.appearance.choose_language("zh_CN")
    window.banner.tr = lambda text: f"zh {text}"  # type: ignore[method-assign]  # so that this needs no catalogue
    window.banner.retranslate()
    assert window.banner.label.text().startswith("zh")
    assert "KeyError: 'lost'" in window.banner.label.text()


def test_names_of_files_are_only_text_and_need_no_room(window: MainWindow) -> None:
    least = window.minimumSizeHint().width()
    for name in ("<b>bold</b><br>", "x" * 255, "\u202egnp\n\x1b[31m"):
        window.session.refused.emit(Message("file_missing", {"path": name}))
        assert window.banner.label.textFormat() == Qt.TextFormat.PlainText
        assert window.banner.label.text().isprintable()
        assert window.minimumSizeHint().width() == least


def test_none_of_several_remarks_hides_another(window: MainWindow) -> None:
    window.files.remarked.emit([Message("file_missing", {"path": name}) for name in ("one.pt", "other.npy")])
    first, second = window.banner.label.text().split("\n")
    assert "one.pt" in first
    assert "other.npy" in second


def test_it_is_said_that_work_is_kept_again_where_it_was_said_that_it_is_not(
    window: MainWindow, hands: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(*_: object) -> None:
        raise GatescopeError("file_unwritable", path="x", reason="No space left on device")

    with monkeypatch.context() as full:
        full.setattr(autosave_store, "_write_description", refuse)
        hands.press("F10")
        hands.qtbot.waitUntil(lambda: "not kept" in window.banner.label.text())
    window.autosave.flush()
    assert window.banner.label.text() == "What you do is kept again in case of a crash."
    assert LIGHT.warning in window.banner.styleSheet(), "it is no refusal"
