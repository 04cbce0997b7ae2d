"""Files dropped onto a window."""

from __future__ import annotations

import os

from PySide6.QtCore import QEvent, QObject, QTimer, Signal
from PySide6.QtGui import QDragEnterEvent, QDropEvent
from PySide6.QtWidgets import QWidget


class FileDrops(QObject):
    """Takes one file, anywhere on a window; what it is, and whether it can be opened, is said once it is let go.

    Signals
    -------
    dropped(str)
        Its path, once the program that it was dragged from has been answered.
    """

    dropped = Signal(str)

    def __init__(self, window: QWidget) -> None:
        super().__init__(window)
        window.setAcceptDrops(True)
        window.installEventFilter(self)

    def eventFilter(self, _watched: QObject, event: QEvent) -> bool:
        """Accept what is one file, refuse the rest."""
        if isinstance(event, QDragEnterEvent) or (isinstance(event, QDropEvent) and event.type() == QEvent.Type.Drop):
            path = _path_in(event)
            if path is None:
                return False
            event.acceptProposedAction()
            if event.type() == QEvent.Type.Drop:
                QTimer.singleShot(0, self, lambda: self.dropped.emit(path))
            return True
        return False


def _path_in(event: QDropEvent) -> str | None:
    """Return the path of the one file that is dragged, None for anything else."""
    paths = [url.toLocalFile() for url in event.mimeData().urls()]
    return paths[0] if len(paths) == 1 and os.path.exists(paths[0]) else None
