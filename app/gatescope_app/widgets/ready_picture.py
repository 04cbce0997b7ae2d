"""A picture that takes long to draw: drawn once, then shown as far as the run has come."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QPainter, QPixmap


class ReadyPicture:
    """Keeps a picture until what it was drawn for is another thing."""

    def __init__(self) -> None:
        self._pixmap = QPixmap()
        self._drawn_for: object = None

    def forget(self) -> None:
        """Draw it anew the next time."""
        self._drawn_for = None

    def prepare(self, size: QSize, ratio: float, depends_on: object, draw: Callable[[QPainter], None]) -> None:
        """Draw it, `size` logical pixels large; unless it is the same already and `depends_on` is."""
        needed = (size.toTuple(), ratio, depends_on)
        if needed != self._drawn_for:
            self._drawn_for = needed
            self._pixmap = _drawn(size, ratio, draw)

    def reveal(self, painter: QPainter, top_left: QPointF, seen: QRectF) -> None:
        """Show what of the picture lies inside `seen`."""
        painter.save()
        painter.setClipRect(seen)
        painter.drawPixmap(top_left, self._pixmap)
        painter.restore()


def _drawn(size: QSize, ratio: float, draw: Callable[[QPainter], None]) -> QPixmap:
    """Return what is drawn on nothing, `size` logical pixels large."""
    pixmap = QPixmap(size * ratio)
    pixmap.setDevicePixelRatio(ratio)
    pixmap.fill(Qt.GlobalColor.transparent)
    if not pixmap.isNull():
        painter = QPainter(pixmap)
        try:
            draw(painter)
        finally:
            painter.end()
    return pixmap
