"""Which colour stands for which number."""

from __future__ import annotations

import numpy as np
from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import QColor, QPainter, QPaintEvent, QPixmap
from PySide6.QtWidgets import QSizePolicy, QWidget

from gatescope_app.look.colour_maps import Colours, heat_image
from gatescope_app.look.theme import Theme
from gatescope_app.look.ticks import format_ticks

_GAP = 4.0  # pixels between the colours and the numbers at their ends
_WIDE = 12  # pixels across a scale that stands
_EDGE = 4  # pixels on both sides of it


class ColourScale(QWidget):
    """The colours from the lowest to the highest value, with both, and 0 in the middle where values have signs.

    It lies above or below what it explains, or stands beside it with the lowest value at its foot.
    """

    def __init__(self, theme: Theme, orientation: Qt.Orientation = Qt.Orientation.Horizontal) -> None:
        super().__init__()
        self._theme, self._lies = theme, orientation == Qt.Orientation.Horizontal
        self._ends = (0.0, 1.0)
        self._strip = QPixmap()
        along, across = QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Fixed
        self.setSizePolicy(*((along, across) if self._lies else (across, along)))

    @property
    def ends(self) -> tuple[float, float]:
        """The lowest and the highest value."""
        return self._ends

    def set_scale(self, low: float, high: float, colours: Colours, theme: Theme) -> None:
        """Show other colours and ends."""
        self._theme, self._ends = theme, (low, high)
        line = np.linspace(low, high, len(colours) - 1)
        self._strip = QPixmap.fromImage(heat_image(line[None] if self._lies else line[::-1, None], low, high, colours))
        self.updateGeometry()
        self.update()

    def sizeHint(self) -> QSize:
        """Ask for a strip that is easily read, between its ends."""
        return self._size_with(90)

    def minimumSizeHint(self) -> QSize:
        """Never cut a number."""
        return self._size_with(24)

    def _size_with(self, strip: int) -> QSize:
        """Return how large it is with a strip so many pixels long."""
        wide, line = self.fontMetrics().horizontalAdvance, self.fontMetrics().height()
        low, high = (wide(text) for text in self._texts())
        if self._lies:
            return QSize(int(low + high + 2 * _GAP) + strip, line + 1)
        return QSize(max(low, high, wide("0") + int(_GAP) + _WIDE) + 2 * _EDGE, strip + 2 * line)

    def paintEvent(self, _event: QPaintEvent) -> None:
        painter, align = QPainter(self), Qt.AlignmentFlag
        low, high = self._texts()
        area = QRectF(self.rect())
        painter.setPen(QColor(self._theme.text))
        if self._lies:
            painter.drawText(area, align.AlignLeft | align.AlignVCenter, low)
            painter.drawText(area, align.AlignRight | align.AlignVCenter, high)
        else:
            beside = area.adjusted(_EDGE, 0, 0, 0)
            painter.drawText(beside, align.AlignLeft | align.AlignTop, high)
            painter.drawText(beside, align.AlignLeft | align.AlignBottom, low)
        strip = self._place_of_strip(area)
        painter.drawPixmap(strip, self._strip, QRectF(self._strip.rect()))
        painter.setPen(QColor(self._theme.grid))
        painter.drawRect(strip)
        self._draw_zero(painter, strip)

    def _place_of_strip(self, area: QRectF) -> QRectF:
        """Return the room between the numbers."""
        if not self._lies:
            line = self.fontMetrics().height()
            return QRectF(area.left() + _EDGE, area.top() + line, _WIDE, area.height() - 2 * line - 1)
        left, right = (self.fontMetrics().horizontalAdvance(text) + _GAP for text in self._texts())
        return area.adjusted(left, 0, -right, -1)

    def _draw_zero(self, painter: QPainter, strip: QRectF) -> None:
        """Write where zero is, which has the colour of the background: on the strip, or beside one that stands."""
        metrics = self.fontMetrics()
        if self._ends[0] >= 0 or (strip.width() if self._lies else strip.height()) <= 4 * metrics.horizontalAdvance(
            "0"
        ):
            return
        painter.setPen(QColor(self._theme.text))
        if self._lies:
            painter.drawText(strip, Qt.AlignmentFlag.AlignCenter, "0")
        else:
            beside = QRectF(strip.right() + _GAP, strip.center().y() - metrics.height() / 2, _WIDE, metrics.height())
            painter.drawText(beside, Qt.AlignmentFlag.AlignVCenter | Qt.TextFlag.TextDontClip, "0")

    def _texts(self) -> tuple[str, str]:
        low, high = format_ticks(self._ends)
        return low, high
