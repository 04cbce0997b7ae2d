"""Qt's own dialogs and menus speak the language of the window, and change with it."""

from __future__ import annotations

import re

import pytest
from PySide6.QtWidgets import QDialogButtonBox, QFileDialog, QLabel, QLineEdit, QPushButton, QWidget
from pytestqt.qtbot import QtBot

from gatescope_app.look import language

Standard = QDialogButtonBox.StandardButton


def words_of(widget: QWidget) -> set[str]:
    """Return what labels and buttons of a dialog say, without what is not a word."""
    texts = {one.text() for kind in (QLabel, QPushButton) for one in widget.findChildren(kind)}
    return {text for text in texts if re.search(r"\w{2}", text)}


def is_chinese(text: str) -> bool:
    return re.search(r"[\u4e00-\u9fff]", text) is not None


def test_standard_buttons_and_menus_follow_the_language_and_back(qtbot: QtBot) -> None:
    for speech in ("zh_CN", "en", "zh_CN"):
        language.use(speech)
        buttons = QDialogButtonBox(Standard.Ok | Standard.Cancel | Standard.Save | Standard.Discard | Standard.Close)
        field = QLineEdit("text")
        qtbot.addWidget(buttons)
        qtbot.addWidget(field)
        menu = field.createStandardContextMenu()
        texts = [button.text() for button in buttons.buttons()] + [one.text() for one in menu.actions() if one.text()]
        menu.deleteLater()
        assert [is_chinese(text) for text in texts] == [speech == "zh_CN"] * len(texts), texts


@pytest.mark.parametrize("mode", [QFileDialog.AcceptMode.AcceptOpen, QFileDialog.AcceptMode.AcceptSave])
def test_a_file_dialog_has_no_english_word(qtbot: QtBot, mode: QFileDialog.AcceptMode) -> None:
    language.use("zh_CN")
    dialog = QFileDialog(None, "打开", "", "CSV (*.csv)")
    dialog.setOption(QFileDialog.Option.DontUseNativeDialog)
    dialog.setAcceptMode(mode)
    qtbot.addWidget(dialog)
    assert words_of(dialog)
    assert {text for text in words_of(dialog) if not is_chinese(text)} == set()
