"""Lines of text that change with every step."""

from __future__ import annotations

from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QWidget

from gatescope_app.look.tokens import escape_markup


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
            if self._is_wider(text):
                self._widest = text
                self.updateGeometry()
            self.update()

    def _is_wider(self, text: str) -> bool:
        """Return whether there is no room for a text yet: of numbers the longer one is the wider one."""
        return len(text) > len(self._widest)

    def sizeHint(self) -> QSize:
        """Leave room for the widest text."""
        return QSize(self.fontMetrics().horizontalAdvance(self._widest) + 4, self.fontMetrics().height() + 2)

    def minimumSizeHint(self) -> QSize:
        """Never cut a number."""
        return self.sizeHint()

    def paintEvent(self, _event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.drawText(self.rect(), self._align | Qt.AlignmentFlag.AlignVCenter, self._text)


class ElidedValueLabel(ValueLabel):
    """Plain text, however narrow its place; all of it is in the tooltip."""

    def __init__(self) -> None:
        super().__init__("")

    def setText(self, text: str) -> None:
        """Show another text."""
        if text != self.text():
            self.setToolTip(escape_markup(text))
            super().setText(text)

    def minimumSizeHint(self) -> QSize:
        """Take what there is."""
        return QSize(40, self.sizeHint().height())

    def paintEvent(self, _event: QPaintEvent) -> None:
        painter = QPainter(self)
        text = self.fontMetrics().elidedText(self.text(), Qt.TextElideMode.ElideRight, self.width())
        painter.drawText(self.rect(), Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter, text)
