"""Kinds of type, made from the usual one."""

from __future__ import annotations

from PySide6.QtGui import QFont


def in_bold(font: QFont, bold: bool = True) -> QFont:
    """Return the same type in bold, or not in bold."""
    other = QFont(font)
    other.setBold(bold)
    return other
