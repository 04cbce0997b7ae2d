"""The files that were opened or saved last, remembered between starts."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import QObject, Signal

from gatescope_app.state.settings import settings

_KEY = "recent_files"
MOST = 10


class RecentFiles(QObject):
    """Remembers files of every kind by their paths.

    Signals
    -------
    changed()
        Another file came, or all went.
    """

    changed = Signal()

    @property
    def paths(self) -> list[str]:
        """The files, whether they are still there or not; the newest first."""
        stored = settings().value(_KEY)  # a list of one comes back as that one
        entries = stored if isinstance(stored, list) else [stored]
        return [entry for entry in entries if isinstance(entry, str) and entry][:MOST]

    def add(self, path: str | Path) -> None:
        """Put a file before all others."""
        whole = str(Path(path).absolute())
        self._set([whole, *(other for other in self.paths if other != whole)][:MOST])

    def clear(self) -> None:
        """Forget all."""
        self._set([])

    def _set(self, paths: list[str]) -> None:
        settings().setValue(_KEY, paths)
        self.changed.emit()
