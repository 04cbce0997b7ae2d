"""Files dropped onto a window."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QObject, QTimer, Signal
from PySide6.QtGui import QDragEnterEvent, QDropEvent
from PySide6.QtWidgets import QWidget

from gatescope.formats.readers import content_of


class FileDrops(QObject):
    """Takes one file of a kind that can be opened, anywhere on a window.

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
        """Accept what is such a file, refuse the rest."""
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
    return paths[0] if len(paths) == 1 and content_of(paths[0]) is not None else None
