"""The name of a branch."""

from __future__ import annotations

from collections.abc import Callable
from html import escape

from PySide6.QtCore import QCoreApplication
from PySide6.QtWidgets import QInputDialog, QWidget

from gatescope.messages.message import GatescopeError
from gatescope_app.look.language import format_message
from gatescope_app.look.theme import Theme
from gatescope_app.state.editor import Editor

Check = Callable[[str], object]
"""Raises GatescopeError for a name that cannot be."""


class NameDialog(QInputDialog):
    """Asks for a name until it is one that can be."""

    def __init__(self, title: str, name: str, check: Check, theme: Theme, parent: QWidget) -> None:
        super().__init__(parent)
        self._check, self._theme = check, theme
        self.setWindowTitle(title)
        self.setLabelText(self.tr("Name of the branch"))
        self.setTextValue(name)
        self.setMinimumWidth(self.fontMetrics().averageCharWidth() * 50)

    def accept(self) -> None:
        """Say what is wrong with a name, and ask again."""
        try:
            self._check(self.textValue())
        except GatescopeError as error:
            self.setLabelText(
                f"<span style='color:{self._theme.differs}'>✗ {escape(format_message(error.message))}</span>"
            )
            return
        super().accept()


def ask_new_branch(editor: Editor, theme: Theme, window: QWidget) -> None:
    """Ask for the name of a new branch, and go on in it."""
    title = QCoreApplication.translate("NameDialog", "New branch")
    name = _asked(NameDialog(title, "", editor.history.branch, theme, window))
    if name is not None:
        editor.branch(name)


def ask_new_name(editor: Editor, theme: Theme, window: QWidget) -> None:
    """Ask for another name of the current branch."""
    title = QCoreApplication.translate("NameDialog", "Rename the branch")
    name = _asked(NameDialog(title, editor.history.current, editor.history.rename, theme, window))
    if name is not None:
        editor.rename(name)


def _asked(dialog: NameDialog) -> str | None:
    accepted = dialog.exec()
    dialog.deleteLater()
    return dialog.textValue() if accepted else None
