"""Notices that another program changes or removes the file that is open."""

from __future__ import annotations

import os
from pathlib import Path

from PySide6.QtCore import QFileSystemWatcher, QObject, QTimer, Signal

Stamp = tuple[int, int]
"""When a file was changed last, in nanoseconds, and its size."""

_SETTLING = 300  # milliseconds: a file that is replaced is gone for a moment


def stamp_of(path: Path) -> Stamp | None:
    """Return what tells one version of a file from another; None where it is not there."""
    try:
        status = os.stat(path)
    except (OSError, ValueError):
        return None
    return status.st_mtime_ns, status.st_size


class WatchedFile(QObject):
    """Knows one file as it was when it was read or written here.

    Signals
    -------
    changed(), removed()
        By another program.
    """

    changed = Signal()
    removed = Signal()

    def __init__(self, parent: QObject) -> None:
        super().__init__(parent)
        self._path: Path | None = None
        self._known: Stamp | None = None
        self._reported: Stamp | None = None  # what was told already
        self._watcher = QFileSystemWatcher(self)
        self._timer = QTimer(self, interval=_SETTLING, singleShot=True)
        self._timer.timeout.connect(self._look)
        self._watcher.fileChanged.connect(lambda _path: self._timer.start())
        self._watcher.directoryChanged.connect(lambda _path: self._timer.start())

    def watch(self, path: Path | None, known: Stamp | None = None) -> None:
        """Watch another file, in the version that is known; or none."""
        self._timer.stop()
        watched = [*self._watcher.files(), *self._watcher.directories()]
        if watched:
            self._watcher.removePaths(watched)
        self._path, self._known, self._reported = path, known, known
        if path is not None:  # its folder as well: a file that is replaced is no longer watched
            self._watcher.addPaths([str(path), str(path.parent)])

    @property
    def is_changed(self) -> bool:
        """Whether the file is there in another version than the one that is known."""
        now = None if self._path is None else stamp_of(self._path)
        return now is not None and now != self._known

    def _look(self) -> None:
        if self._path is None:
            return
        now = stamp_of(self._path)
        if now is not None and str(self._path) not in self._watcher.files():
            self._watcher.addPath(str(self._path))
        if now == self._reported:
            return
        self._reported = now
        if now is None:
            self.removed.emit()
        elif now != self._known:
            self.changed.emit()
