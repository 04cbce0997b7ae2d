"""Which colour stands for which number."""

from __future__ import annotations

import numpy as np
from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import QColor, QPainter, QPaintEvent, QPixmap
from PySide6.QtWidgets import QSizePolicy, QWidget

from gatescope_app.look.colour_maps import Colours, heat_image
from gatescope_app.look.theme import Theme

_GAP = 4.0  # pixels between the colours and the numbers at their ends


class ColourScale(QWidget):
    """The colours from the lowest to the highest value, with both, and 0 in the middle where values have signs."""

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self._theme = theme
        self._ends = (0.0, 1.0)
        self._strip = QPixmap()
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Fixed)

    @property
    def ends(self) -> tuple[float, float]:
        """The lowest and the highest value."""
        return self._ends

    def set_scale(self, low: float, high: float, colours: Colours, theme: Theme) -> None:
        """Show other colours and ends."""
        self._theme, self._ends = theme, (low, high)
        strip = heat_image(np.linspace(low, high, len(colours) - 1)[None], low, high, colours)
        self._strip = QPixmap.fromImage(strip)
        self.updateGeometry()
        self.update()

    def sizeHint(self) -> QSize:
        """Ask for a strip that is easily read, between its ends."""
        low, high = (self.fontMetrics().horizontalAdvance(text) for text in self._texts())
        return QSize(int(low + high + 2 * _GAP) + 90, self.fontMetrics().height() + 1)

    def minimumSizeHint(self) -> QSize:
        """Never cut a number."""
        low, high = (self.fontMetrics().horizontalAdvance(text) for text in self._texts())
        return QSize(int(low + high + 2 * _GAP) + 24, self.fontMetrics().height() + 1)

    def paintEvent(self, _event: QPaintEvent) -> None:
        painter, align = QPainter(self), Qt.AlignmentFlag
        left, right = self._texts()
        area = QRectF(self.rect())
        painter.setPen(QColor(self._theme.text))
        painter.drawText(area, align.AlignLeft | align.AlignVCenter, left)
        painter.drawText(area, align.AlignRight | align.AlignVCenter, right)
        wide = self.fontMetrics().horizontalAdvance
        strip = area.adjusted(wide(left) + _GAP, 0, -wide(right) - _GAP, -1)
        painter.drawPixmap(strip, self._strip, QRectF(self._strip.rect()))
        painter.setPen(QColor(self._theme.grid))
        painter.drawRect(strip)
        if self._ends[0] < 0 and strip.width() > 4 * wide("0"):
            painter.setPen(QColor(self._theme.text))
            painter.drawText(strip, align.AlignCenter, "0")  # zero has the colour of the background

    def _texts(self) -> tuple[str, str]:
        low, high = self._ends
        return f"{low:.3g}", f"{high:.3g}"
