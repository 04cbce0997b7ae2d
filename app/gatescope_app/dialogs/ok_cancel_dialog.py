"""What dialogs share: OK and Cancel."""

from __future__ import annotations

from PySide6.QtWidgets import QDialog, QDialogButtonBox, QSpinBox, QWidget


class OkCancelDialog(QDialog):
    """Closes with OK or Cancel; a dialog places the `buttons` below what it asks for."""

    def __init__(self, parent: QWidget | None) -> None:
        super().__init__(parent)
        self.buttons = QDialogButtonBox(QDialogButtonBox.StandardButton.Ok | QDialogButtonBox.StandardButton.Cancel)
        self.ok = self.buttons.button(QDialogButtonBox.StandardButton.Ok)
        self.buttons.accepted.connect(self.accept)
        self.buttons.rejected.connect(self.reject)


def spin_box(least: int, most: int, value: int = 0) -> QSpinBox:
    """Return a field for a whole number."""
    box = QSpinBox()
    box.setRange(least, most)
    box.setValue(value)
    return box
