"""Text that takes the height it needs, and scrolls where there is less."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QSize, Qt
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QLabel, QScrollArea

_LEAST = 2  # lines


class Paragraph(QScrollArea):
    """Holds a label; a click on a link in it is told by the label's `linkActivated`."""

    def __init__(self) -> None:
        super().__init__()
        self.label = QLabel()
        self.label.setWordWrap(True)
        self.label.setAlignment(Qt.AlignmentFlag.AlignTop)
        self.label.setTextInteractionFlags(
            Qt.TextInteractionFlag.LinksAccessibleByMouse
            | Qt.TextInteractionFlag.LinksAccessibleByKeyboard
            | Qt.TextInteractionFlag.TextSelectableByMouse
        )
        self.setWidget(self.label)
        self.setWidgetResizable(True)
        self.setFrameShape(QScrollArea.Shape.NoFrame)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)  # its link has it

    def set_text(self, text: str) -> None:
        """Show another text."""
        self.label.setText(text)
        self.updateGeometry()

    def sizeHint(self) -> QSize:
        return QSize(super().sizeHint().width(), self.label.heightForWidth(self.viewport().width()))

    def minimumSizeHint(self) -> QSize:
        """Never show less than the beginning."""
        return QSize(1, min(_LEAST * self.fontMetrics().lineSpacing(), self.sizeHint().height()))

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Ask for more lines in a narrower place."""
        super().resizeEvent(event)
        self.updateGeometry()

    def changeEvent(self, event: QEvent) -> None:
        """Ask for higher lines with larger type."""
        super().changeEvent(event)
        if event.type() == QEvent.Type.FontChange:
            self.updateGeometry()
