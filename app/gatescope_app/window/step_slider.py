"""The slider of time, with a tick wherever a breakpoint is hit."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import Qt
from PySide6.QtGui import QColor, QPainter, QPaintEvent, QResizeEvent
from PySide6.QtWidgets import QSlider, QStyle, QStyleOptionSlider


class StepSlider(QSlider):
    """A horizontal slider over the steps."""

    def __init__(self) -> None:
        super().__init__(Qt.Orientation.Horizontal)
        self._ticks: NDArray[np.integer[Any]] = np.empty(0, dtype=np.int64)
        self._colour = ""
        self._columns: list[int] | None = None  # where the ticks are, until anything changes

    @property
    def ticks(self) -> NDArray[np.integer[Any]]:
        """The steps that are marked."""
        return self._ticks

    def set_ticks(self, steps: NDArray[np.integer[Any]], colour: str) -> None:
        """Mark these steps."""
        self._ticks, self._colour = steps, colour
        self._columns = None
        self.update()

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Find other places for the ticks."""
        super().resizeEvent(event)
        self._columns = None

    def paintEvent(self, event: QPaintEvent) -> None:
        """Draw the slider, and the ticks at its lower edge, where the handle leaves them in sight."""
        super().paintEvent(event)
        if not len(self._ticks):
            return
        painter = QPainter(self)
        painter.setPen(QColor(self._colour))
        painter.setBrush(QColor(self._colour))
        if self._columns is None:
            self._columns = self._tick_columns()
        for x in self._columns:
            painter.drawRect(x - 1, self.height() - 6, 1, 5)

    def _tick_columns(self) -> list[int]:
        """Return the columns of pixels in which the ticks lie, each once."""
        option = QStyleOptionSlider()
        self.initStyleOption(option)
        control, style = QStyle.ComplexControl.CC_Slider, self.style()
        groove = style.subControlRect(control, option, QStyle.SubControl.SC_SliderGroove, self)
        handle = style.subControlRect(control, option, QStyle.SubControl.SC_SliderHandle, self)
        room, steps = groove.width() - handle.width(), max(self.maximum() - self.minimum(), 1)
        x = groove.left() + handle.width() / 2 + (self._ticks - self.minimum()) * (room / steps)
        columns: list[int] = np.unique(np.rint(x).astype(np.int64)).tolist()
        return columns
