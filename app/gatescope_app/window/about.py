"""The list of keys, and what the program is."""

from __future__ import annotations

from collections.abc import Iterable
from html import escape

from PySide6.QtCore import QCoreApplication, Qt
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QDialog, QDialogButtonBox, QMessageBox, QTextBrowser, QVBoxLayout, QWidget

import gatescope
from gatescope_app.state.error_log import log_path
from gatescope_app.window.actions import keys_of


def show_keys(actions: Iterable[QAction], parent: QWidget) -> None:
    """List every action that has keys."""
    dialog = QDialog(parent)
    dialog.setWindowTitle(QCoreApplication.translate("about", "Keys"))
    rows = "".join(
        f"<tr><td><b>{escape(keys_of(action))}</b></td><td>&nbsp;&nbsp;{escape(action.iconText())}</td></tr>"
        for action in actions
        if action.shortcuts()
    )
    text = QTextBrowser()
    text.setHtml(f"<table cellpadding='3'>{rows}</table>")
    buttons = QDialogButtonBox(QDialogButtonBox.StandardButton.Close)
    buttons.rejected.connect(dialog.reject)
    layout = QVBoxLayout(dialog)
    layout.addWidget(text)
    layout.addWidget(buttons)
    dialog.resize(440, 620)
    dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
    dialog.open()


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
