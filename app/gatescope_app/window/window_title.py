"""The title of the window: what the session is called, what it shows, and whether there is something to save."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import QObject
from PySide6.QtWidgets import QWidget

from gatescope_app.look import language
from gatescope_app.look.file_names import format_path
from gatescope_app.state.session import Session
from gatescope_app.window.session_files import SessionFiles


class WindowTitle(QObject):
    """Follows the session, its file and the language."""

    def __init__(self, window: QWidget, session: Session, files: SessionFiles) -> None:
        super().__init__(window)
        self._window, self._session, self._files = window, session, files
        files.changed.connect(self.retranslate)

    def retranslate(self) -> None:
        """Say it in the language in force."""
        setup, name = self._session.state.setup, self._files.name
        shown = setup.example.title[language.current()] if setup.example else setup.spec.constructor()
        edited = self.tr("edited") if self._session.state.history.edits else ""
        place = format_path(Path(setup.source.place).name)
        parts = [f"{format_path(name).replace('[*]', '[*][*]')}[*]", shown if shown != name else "", place, edited]
        self._window.setWindowTitle(" – ".join(part for part in (*parts, "Gatescope") if part))
        self._window.setWindowModified(self._files.unsaved)
