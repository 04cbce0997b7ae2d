"""Tooltips that tell of the place under the mouse, and stay as long as it is there."""

from __future__ import annotations

from PySide6.QtCore import QPoint, QRect
from PySide6.QtWidgets import QToolTip, QWidget

from gatescope_app.look.tokens import in_tooltip

_AS_LONG_AS_POINTED = 600_000  # milliseconds


def show_tooltip(place: QPoint, text: str, widget: QWidget) -> None:
    """Show a text beside a place on the screen, or nothing where there is nothing to tell."""
    QToolTip.showText(place, in_tooltip(text), widget, QRect(), _AS_LONG_AS_POINTED)
