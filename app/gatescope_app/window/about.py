"""What the program is."""

from __future__ import annotations

from PySide6.QtCore import QCoreApplication, Qt
from PySide6.QtWidgets import QMessageBox, QWidget

import gatescope
from gatescope_app.state.error_log import log_path


def show_about(parent: QWidget) -> None:
    """Say what this is, which version, and where its log lies."""
    text = QCoreApplication.translate(
        "about",
        "Gatescope {version}\n\nA step-through debugger for recurrent networks, checked at every step against "
        "PyTorch's own modules.\n\nLog: {log}",
    ).format(version=gatescope.__version__, log=log_path())
    box = QMessageBox(
        QMessageBox.Icon.Information, QCoreApplication.translate("about", "About Gatescope"), text, parent=parent
    )
    box.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
    box.open()
