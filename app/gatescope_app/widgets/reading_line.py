"""A line of text that changes with every step and may be cut at its end."""

from __future__ import annotations

from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QPainter, QPaintEvent

from gatescope_app.look.tokens import escape_markup
from gatescope_app.widgets.value_label import ValueLabel


class ReadingLine(ValueLabel):
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
        """Draw as much as there is room for."""
        painter = QPainter(self)
        text = self.fontMetrics().elidedText(self.text(), Qt.TextElideMode.ElideRight, self.width())
        painter.drawText(self.rect(), Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter, text)
