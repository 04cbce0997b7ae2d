"""A field for some of the numbers from 0 on, such as 0, 2-4; empty for all of them."""

from __future__ import annotations

import re

from PySide6.QtCore import Signal
from PySide6.QtGui import QColor, QPalette
from PySide6.QtWidgets import QHBoxLayout, QLineEdit, QSizePolicy, QWidget

from gatescope_app.look.theme import Theme
from gatescope_app.widgets.breakpoint_texts import ranges
from gatescope_app.widgets.elided_label import ElidedLabel

_PART = re.compile(r"\s*([0-9]{1,9})\s*(?:[-–]\s*([0-9]{1,9})\s*)?\Z")


class NumbersEdit(QWidget):
    """The line, and beside it what can be typed, or what is wrong.

    Signals
    -------
    edited()
        The text is another one.
    """

    edited = Signal()

    def __init__(self, chosen: frozenset[int] | None, last: int, theme: Theme) -> None:
        super().__init__()
        self._last, self._theme = last, theme
        self.line = QLineEdit("" if chosen is None else ranges(chosen))
        self.line.setPlaceholderText(self.tr("any"))
        self.note = ElidedLabel()
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setFocusProxy(self.line)
        layout = QHBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addWidget(self.line, 2)
        layout.addWidget(self.note, 3)
        self.line.textChanged.connect(lambda _: self._on_text())
        self._say()

    @property
    def right(self) -> bool:
        """Whether the numbers can be read, and are all there."""
        try:
            return not self.line.text().strip() or max(self._read()) <= self._last
        except ValueError:
            return False

    @property
    def numbers(self) -> frozenset[int] | None:
        """The numbers, where they are right; None for all."""
        return self._read() if self.line.text().strip() else None

    def _read(self) -> frozenset[int]:
        """Raise ValueError where a part is no number and no range, or begins behind the last."""
        found: set[int] = set()
        for part in self.line.text().replace("，", ",").split(","):
            match = _PART.match(part)
            first, last = (0, -1) if match is None else (int(match[1]), int(match[2] or match[1]))
            if first > last or last > self._last:
                raise ValueError(part)
            found.update(range(first, last + 1))
        return frozenset(found)

    def _on_text(self) -> None:
        self._say()
        self.edited.emit()

    def _say(self) -> None:
        text = self.tr("0 to {last}, such as {example}").format(last=self._last, example=_example(self._last))
        palette = self.note.palette()
        colour = self._theme.faint if self.right else self._theme.differs
        palette.setColor(QPalette.ColorRole.WindowText, QColor(colour))
        self.note.setPalette(palette)
        self.note.setText(text if self.right else f"✗ {text}")
        self.note.setToolTip(text)
        self.line.setAccessibleDescription(self.note.text())


def _example(last: int) -> str:
    """Return something that can be typed."""
    return {0: "0", 1: "0, 1", 2: "0, 2", 3: "0, 2-3"}.get(last, "0, 2-4")
