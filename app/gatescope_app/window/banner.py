"""One line above the panels that says what was refused or what to beware of."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QToolButton

from gatescope_app.look.theme import Theme


class Banner(QFrame):
    """A message that stays until it is closed or another comes."""

    def __init__(self) -> None:
        super().__init__()
        self.label = QLabel()
        self.label.setWordWrap(True)
        self.label.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        self.close_button = QToolButton()
        self.close_button.setText("✕")
        self.close_button.setAutoRaise(True)
        self.close_button.clicked.connect(self.hide)
        layout = QHBoxLayout(self)
        layout.setContentsMargins(10, 4, 4, 4)
        layout.addWidget(self.label, 1)
        layout.addWidget(self.close_button)
        self.hide()

    def say(self, text: str, colour: str, theme: Theme) -> None:
        """Show one line with a stripe of that colour."""
        self.setStyleSheet(f"Banner {{ background: {theme.raised}; border-left: 6px solid {colour}; }}")
        self.label.setText(text)
        self.label.setAccessibleName(text)
        self.close_button.setToolTip(self.tr("Close this message (Esc)"))
        self.close_button.setAccessibleName(self.tr("Close this message"))
        self.show()
