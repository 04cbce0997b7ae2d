"""What tells that the mouse is over it."""

from __future__ import annotations

from PySide6.QtCore import QEvent, Signal
from PySide6.QtGui import QEnterEvent
from PySide6.QtWidgets import QToolTip, QWidget


class PointedWidget(QWidget):
    """A widget that tells when the mouse comes, and when it goes.

    Signals
    -------
    pointed(bool)
        The mouse came over it, or left it.
    """

    pointed = Signal(bool)

    def enterEvent(self, event: QEnterEvent) -> None:
        """Tell that the mouse is here."""
        super().enterEvent(event)
        self.pointed.emit(True)

    def leaveEvent(self, event: QEvent) -> None:
        """Tell that it is gone, and nothing more of where it was."""
        QToolTip.hideText()
        super().leaveEvent(event)
        self.pointed.emit(False)
