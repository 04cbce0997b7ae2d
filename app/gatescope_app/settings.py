"""What is remembered between starts: the layout of the window, the theme, the language, the size of type."""

from __future__ import annotations

from PySide6.QtCore import QSettings


def settings() -> QSettings:
    """Return the program's settings, kept where the system keeps settings."""
    return QSettings("Gatescope", "Gatescope")
