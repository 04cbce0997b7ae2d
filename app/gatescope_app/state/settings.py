"""What is remembered between starts: the layout of the window, the theme, the language, the size of type."""

from __future__ import annotations

from PySide6.QtCore import QSettings


def settings() -> QSettings:
    """Return the program's settings, kept where the system keeps settings."""
    # The default format, not always the native one, so that tests and pictures can keep theirs in a folder.
    return QSettings(QSettings.defaultFormat(), QSettings.Scope.UserScope, "Gatescope", "Gatescope")
