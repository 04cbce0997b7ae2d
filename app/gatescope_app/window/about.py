"""The list of keys, and what the program is."""

from __future__ import annotations

from collections.abc import Iterator
from html import escape

from PySide6.QtCore import QCoreApplication, Qt
from PySide6.QtGui import QAction
from PySide6.QtWidgets import (
    QDialog,
    QDialogButtonBox,
    QMainWindow,
    QMenu,
    QMenuBar,
    QMessageBox,
    QTextBrowser,
    QWidget,
)

import gatescope
from gatescope_app.look.tooltips import format_keys
from gatescope_app.state.error_log import log_path
from gatescope_app.widgets.box_layouts import fill_column


def show_keys(window: QMainWindow) -> None:
    """List every action that has keys, in the order of the menus."""
    dialog = QDialog(window)
    dialog.setWindowTitle(QCoreApplication.translate("about", "Keys"))
    rows = "".join(
        f"<tr><td><b>{escape(format_keys(action))}</b></td><td>&nbsp;&nbsp;{escape(action.iconText())}</td></tr>"
        for action in actions_in(window.menuBar())
        if action.shortcuts()
    )
    text = QTextBrowser()
    text.setHtml(f"<table cellpadding='3'>{rows}</table>")
    buttons = QDialogButtonBox(QDialogButtonBox.StandardButton.Close)
    buttons.rejected.connect(dialog.reject)
    fill_column(dialog, text, buttons)
    dialog.resize(440, 620)
    dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
    dialog.open()


def actions_in(menu: QMenuBar | QMenu) -> Iterator[QAction]:
    for action in menu.actions():
        inner = action.menu()
        if isinstance(inner, QMenu):
            yield from actions_in(inner)
        else:
            yield action


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
