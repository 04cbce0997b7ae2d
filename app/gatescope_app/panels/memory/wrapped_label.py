"""A text that changes often, in a place whose height does not."""

from __future__ import annotations

from PySide6.QtCore import QRect, QSize, Qt
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

_WRAP = Qt.TextFlag.TextWordWrap


class WrappedLabel(QWidget):
    """Plain text in as many lines as a sample of it needs; so a new text moves nothing around it."""

    def __init__(self) -> None:
        super().__init__()
        self._text = self._sample = ""
        policy = QSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Preferred)
        policy.setHeightForWidth(True)
        self.setSizePolicy(policy)

    def text(self) -> str:
        """Return what is shown."""
        return self._text

    def setText(self, text: str) -> None:
        """Show another text."""
        if text != self._text:
            self._text = text
            self.setToolTip(text)
            self.setAccessibleName(text)
            self.update()

    def set_sample(self, sample: str) -> None:
        """Leave room for texts as long as this."""
        if sample != self._sample:
            self._sample = sample
            self.updateGeometry()

    def heightForWidth(self, width: int) -> int:
        """Return the height of the sample's lines."""
        metrics = self.fontMetrics()
        place = QRect(0, 0, max(width, 1), 100 * metrics.height())
        return max(metrics.boundingRect(place, _WRAP, self._sample).height(), metrics.height()) + 1

    def sizeHint(self) -> QSize:
        return QSize(self.fontMetrics().horizontalAdvance(self._sample) + 2, self.fontMetrics().height() + 1)

    def minimumSizeHint(self) -> QSize:
        """Take less width, and more lines."""
        return QSize(80, self.fontMetrics().height() + 1)

    def paintEvent(self, _event: QPaintEvent) -> None:
        QPainter(self).drawText(self.rect(), _WRAP, self._text)
