"""The files that were opened or saved last, each opened again by one click."""

from __future__ import annotations

import os
from collections.abc import Callable, Mapping
from pathlib import Path

from PySide6.QtCore import QCoreApplication, Qt
from PySide6.QtGui import QAction, QFontMetrics
from PySide6.QtWidgets import QMenu, QWidget

from gatescope.formats.readers import Content, content_of, content_of_name
from gatescope.messages.translation_marks import QT_TRANSLATE_NOOP
from gatescope_app.look.file_names import format_path
from gatescope_app.look.tokens import escape_markup
from gatescope_app.look.tooltips import set_action_tooltip
from gatescope_app.state.recent_files import MOST, RecentFiles
from gatescope_app.state.worker import Worker

_KINDS: dict[Content, str] = {
    "sequence": QT_TRANSLATE_NOOP("RecentMenu", "sequence"),
    "checkpoint": QT_TRANSLATE_NOOP("RecentMenu", "checkpoint"),
    "recording": QT_TRANSLATE_NOOP("RecentMenu", "recording"),
    "session": QT_TRANSLATE_NOOP("RecentMenu", "session"),
}
_WIDEST = 60  # letters of a name; what is longer is cut in its middle


class RecentMenu(QMenu):
    """Lists the files with their kinds; those that are gone are grey."""

    def __init__(self, parent: QWidget, recent: RecentFiles, open_file: Callable[[str], object]) -> None:
        super().__init__(parent, toolTipsVisible=True)
        self._recent, self._open = recent, open_file
        self._worker = Worker(self)  # a drive that does not answer would hold the menu
        self._of_path: dict[str, QAction] = {}
        recent.changed.connect(self.retranslate)
        self.aboutToShow.connect(self._look_for_files)

    def retranslate(self) -> None:
        """List all again."""
        self.setTitle(self.tr("Open &recent"))
        self.clear()
        self._of_path = {path: self._add(path) for path in self._recent.paths}
        self._show_kinds({path: content_of_name(path) for path in self._of_path})
        self.menuAction().setEnabled(bool(self._of_path))
        self.addSeparator()
        forget = self.addAction(self.tr("&Clear this list"))
        set_action_tooltip(forget, self.tr("Forget which files were opened; the files stay"))
        forget.triggered.connect(self._recent.clear)

    def _add(self, path: str) -> QAction:
        action = self.addAction("")
        action.setToolTip(escape_markup(format_path(path)))
        action.triggered.connect(lambda: self._open(path))
        return action

    def _look_for_files(self) -> None:
        paths = tuple(self._of_path)
        self._worker.start(
            lambda _progress: {path: content_of(path) for path in paths if os.path.exists(path)},
            self._show_kinds, lambda _error: None,
        )  # fmt: skip

    def _show_kinds(self, kinds: Mapping[str, Content | None]) -> None:
        """Show what the files hold; those without an entry are gone."""
        metrics = QFontMetrics(self.font())
        width = metrics.averageCharWidth() * _WIDEST
        for number, (path, action) in enumerate(self._of_path.items(), start=1):
            name = metrics.elidedText(format_path(Path(path).name), Qt.TextElideMode.ElideMiddle, width)
            there = path in kinds
            about = _describe_kind(kinds[path]) if there else self.tr("no longer there")
            action.setText(f"&{number % MOST}  {name.replace('&', '&&')}\t{about}")
            action.setEnabled(there)


def _describe_kind(content: Content | None) -> str:
    return "" if content is None else QCoreApplication.translate("RecentMenu", _KINDS[content])
