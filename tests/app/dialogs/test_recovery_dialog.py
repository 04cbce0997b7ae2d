"""What can be recovered is offered with picture, name and time, and is kept until somebody discards it."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtCore import QLockFile
from PySide6.QtGui import QColor, QPixmap
from PySide6.QtWidgets import QLabel, QMessageBox

from gatescope_app.dialogs.recovery_dialog import RecoveryDialog
from gatescope_app.state.recovery import Recoverable
from gatescope_app.window.main_window import MainWindow

_NOON = 1_790_000_000.0


@pytest.fixture
def make_dialog(
    window: MainWindow, hands: Any, tmp_path: Path
) -> Callable[..., tuple[RecoveryDialog, list[Recoverable]]]:
    """Return a function that shows the dialog for so many sessions, and makes their stores."""

    def make(count: int) -> tuple[RecoveryDialog, list[Recoverable]]:
        sessions = []
        for number in range(count):
            folder = tmp_path / f"window-{number}"
            folder.mkdir()
            picture = folder / "picture.png"
            pixels = QPixmap(480, 300)
            pixels.fill(QColor("#0a64ad"))
            pixels.save(str(picture))
            file = tmp_path / f"R&D <b>{number}.gatescope" if number else None
            lock = QLockFile(str(folder / "lock"))
            sessions.append(Recoverable(folder, _NOON - number, 3, file, picture if number != 1 else None, lock))
        dialog = RecoveryDialog(sessions, window)
        hands.bring_up(dialog)
        return dialog, sessions

    return make


def test_each_session_has_its_picture_name_and_time(make_dialog: Any) -> None:
    dialog, sessions = make_dialog(3)
    cards = [dialog.cards[one.folder] for one in sessions]
    assert [card.name for card in cards] == ["not saved under a name", "R&D <b>1.gatescope", "R&D <b>2.gatescope"]
    texts = [[label.text() for label in card.findChildren(QLabel)] for card in cards]
    assert "9/21/26" in texts[0][2].replace("2026", "26")
    assert [any(not label.pixmap().isNull() for label in card.findChildren(QLabel)) for card in cards] == [
        True, False, True,
    ]  # fmt: skip
    assert "no picture" in texts[1]
    dialog.reject()
    dialog.deleteLater()


def test_return_recovers_the_newest(make_dialog: Any, hands: Any) -> None:
    dialog, sessions = make_dialog(2)
    chosen: list[Recoverable] = []
    dialog.recover.connect(chosen.append)
    hands.press("Return", window=dialog)
    assert chosen == [sessions[0]]
    assert not dialog.isVisible()
    assert all(one.folder.exists() for one in sessions)
    dialog.deleteLater()


def test_escape_leaves_all_for_later(make_dialog: Any, hands: Any) -> None:
    dialog, sessions = make_dialog(2)
    left: list[bool] = []
    dialog.rejected.connect(lambda: left.append(True))
    hands.press("Esc", window=dialog)
    assert left == [True]
    assert all(one.folder.exists() for one in sessions)
    dialog.deleteLater()


def test_discarding_is_asked_and_takes_one_away(make_dialog: Any, hands: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    dialog, sessions = make_dialog(2)
    button = QMessageBox.StandardButton
    answers, asked = [button.Cancel, button.Discard, button.Discard], []

    def question(_parent: Any, _title: str, text: str, *_buttons: Any) -> QMessageBox.StandardButton:
        asked.append(text)
        return answers.pop(0)

    monkeypatch.setattr(QMessageBox, "question", question)
    hands.click(dialog.cards[sessions[1].folder].discard)
    assert asked == ["Discard “R&D <b>1.gatescope”? It cannot be brought back."]
    assert sessions[1].folder.exists()
    hands.click(dialog.cards[sessions[1].folder].discard)
    assert not sessions[1].folder.exists()
    assert dialog.isVisible()
    hands.click(dialog.cards[sessions[0].folder].discard)
    assert not sessions[0].folder.exists()
    assert not dialog.isVisible()  # there is nothing left
    dialog.deleteLater()


def test_many_scroll_and_fit_the_window(make_dialog: Any, window: MainWindow) -> None:
    dialog, _ = make_dialog(9)
    assert dialog.height() <= window.height()
    assert dialog.width() <= window.width()
    dialog.reject()
    dialog.deleteLater()
