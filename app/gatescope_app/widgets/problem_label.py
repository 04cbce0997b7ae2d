"""The line under a field that says what is wrong with what was typed."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QLabel

from gatescope_app.look.theme import Theme


class ProblemLabel(QLabel):
    """Hidden while there is nothing to say."""

    def __init__(self, theme: Theme) -> None:
        super().__init__(wordWrap=True, textFormat=Qt.TextFormat.PlainText)
        self._theme = theme
        self.hide()

    def set_theme(self, theme: Theme) -> None:
        self._theme = theme

    def show_problem(self, text: str) -> None:
        """Say what is wrong."""
        self._show(f"✗ {text}", self._theme.differs)

    def show_note(self, text: str) -> None:
        """Say something to know, that stops nothing."""
        self._show(f"⚠ {text}", self._theme.warning)

    def clear(self) -> None:
        """Say nothing."""
        super().clear()
        self.hide()

    def _show(self, text: str, colour: str) -> None:
        self.setStyleSheet(f"color: {colour}")
        self.setText(text)
        self.setAccessibleName(text)
        self.show()
