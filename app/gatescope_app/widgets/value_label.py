"""A line of text that changes with every step."""

from __future__ import annotations

from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QWidget


class ValueLabel(QWidget):
    """Plain text in a place that only grows.

    A QLabel asks its window for a new layout whenever its text changes, which takes longer than painting it.
    """

    def __init__(self, widest: str, align: Qt.AlignmentFlag = Qt.AlignmentFlag.AlignLeft) -> None:
        super().__init__()
        self._widest, self._align, self._text = widest, align, ""

    def text(self) -> str:
        """Return what is shown."""
        return self._text

    def setText(self, text: str) -> None:
        """Show another text."""
        if text != self._text:
            self._text = text
            self.setAccessibleName(text)
            if len(text) > len(self._widest):
                self._widest = text
                self.updateGeometry()
            self.update()

    def sizeHint(self) -> QSize:
        """Leave room for the widest text."""
        return QSize(self.fontMetrics().horizontalAdvance(self._widest) + 4, self.fontMetrics().height() + 2)

    def minimumSizeHint(self) -> QSize:
        """Never cut a number."""
        return self.sizeHint()

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Draw the text."""
        painter = QPainter(self)
        painter.drawText(self.rect(), self._align | Qt.AlignmentFlag.AlignVCenter, self._text)
