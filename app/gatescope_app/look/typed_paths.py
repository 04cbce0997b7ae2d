"""Paths as people type and paste them: with `~`, in quotes, or as the address of a file."""

from __future__ import annotations

import os

from PySide6.QtCore import QUrl

_QUOTES = ("'", '"')


def read_typed_path(text: str) -> str:
    """Return the path that is meant; what is there just as it was typed is that."""
    path = text.strip()
    if os.path.exists(text):
        return text
    if len(path) > 1 and path[0] == path[-1] and path[0] in _QUOTES:
        path = path[1:-1]
    if path.startswith("file://"):
        path = QUrl(path).toLocalFile() or path
    return os.path.expanduser(path)
