"""Tooltips: of an action, with its keys; of the place under the mouse, as long as it is there."""

from __future__ import annotations

from PySide6.QtCore import QPoint, QRect
from PySide6.QtGui import QAction, QKeySequence
from PySide6.QtWidgets import QToolTip, QWidget

from gatescope_app.look.language import format_remark, join_texts
from gatescope_app.look.tokens import escape_markup

_AS_LONG_AS_POINTED = 600_000  # milliseconds


def show_tooltip(place: QPoint, text: str, widget: QWidget) -> None:
    """Show a text beside a place on the screen, or nothing where there is nothing to tell."""
    QToolTip.showText(place, escape_markup(text), widget, QRect(), _AS_LONG_AS_POINTED)


def set_action_tooltip(action: QAction, tip: str) -> None:
    """Set an action's tooltip, with its keys in it; without them it is the action's description."""
    action.setWhatsThis(tip)
    action.setToolTip(format_remark(tip, format_keys(action)) if action.shortcuts() else tip)
    action.setStatusTip(action.toolTip())


def format_keys(action: QAction, *, first: bool = False) -> str:
    """Return an action's keys as the system writes them, all or those that the menu shows."""
    keys = action.shortcuts()[:1] if first else action.shortcuts()
    return join_texts(key.toString(QKeySequence.SequenceFormat.NativeText) for key in keys)
