"""Rows and columns of widgets and layouts, each in one call."""

from __future__ import annotations

from typing import TypeVar

from PySide6.QtWidgets import QBoxLayout, QHBoxLayout, QLayout, QVBoxLayout, QWidget

STRETCH = 1
"""Stands among the parts for empty room, which gives way first."""

Part = QWidget | QLayout | tuple[QWidget | QLayout, int] | int
"""What lies in a box: by itself, with its share of the room that is left, or such room alone."""

Margins = tuple[int, int, int, int]
"""Left, top, right, bottom, in pixels; the style's where none are given."""

_Box = TypeVar("_Box", bound=QBoxLayout)


def fill_row(
    owner: QWidget | None, *parts: Part, margins: Margins | None = None, spacing: int | None = None
) -> QHBoxLayout:
    """Lay out parts from left to right; without an owner the row is to lie in another layout."""
    return _fill(QHBoxLayout() if owner is None else QHBoxLayout(owner), parts, margins, spacing)


def fill_column(
    owner: QWidget | None, *parts: Part, margins: Margins | None = None, spacing: int | None = None
) -> QVBoxLayout:
    """Lay out parts from top to bottom; without an owner the column is to lie in another layout."""
    return _fill(QVBoxLayout() if owner is None else QVBoxLayout(owner), parts, margins, spacing)


def _fill(box: _Box, parts: tuple[Part, ...], margins: Margins | None, spacing: int | None) -> _Box:
    if margins is not None:
        box.setContentsMargins(*margins)
    if spacing is not None:
        box.setSpacing(spacing)
    for part in parts:
        if isinstance(part, int):
            box.addStretch(part)
            continue
        item, share = part if isinstance(part, tuple) else (part, 0)
        if isinstance(item, QLayout):
            box.addLayout(item, share)
        else:
            box.addWidget(item, share)
    return box
