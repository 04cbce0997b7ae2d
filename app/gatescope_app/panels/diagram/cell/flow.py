"""Values that move along the wires into what computes with them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from PySide6.QtCore import QObject, QRectF, Qt, QVariantAnimation
from PySide6.QtGui import QColor, QImage, QPainter, QPainterPath, QPen
from PySide6.QtWidgets import QGraphicsItem, QStyleOptionGraphicsItem, QWidget

from gatescope_app.look.theme import Theme

MILLISECONDS = 320
_WIDTH, _HEIGHT = 34.0, 11.0


@dataclass(frozen=True, eq=False)
class Packet:
    """Something on its way.

    Parameters
    ----------
    path : QPainterPath
        Its way.
    colour : str
        Of its frame.
    picture : QImage
        Its numbers in colours.
    begin, end : float
        When it is on its way, as shares of the whole time.
    """

    path: QPainterPath
    colour: str
    picture: QImage
    begin: float = 0.0
    end: float = 0.65

    def place(self, share: float) -> QRectF:
        """Return where it is after a share of the time; nothing while it is not on its way."""
        if not self.begin <= share <= self.end:
            return QRectF()
        gone = (share - self.begin) / (self.end - self.begin)
        place = QRectF(0, 0, _WIDTH, _HEIGHT)
        place.moveCenter(self.path.pointAtPercent(min(max(gone * (2 - gone), 0.0), 1.0)))  # fast at first
        return place


class Flow(QGraphicsItem):
    """Moves packets along their ways, all at once; a new set replaces those that are still on theirs."""

    def __init__(self, area: QRectF, theme: Theme, owner: QObject) -> None:
        super().__init__()
        self._area, self._theme = area, theme
        self._packets: Sequence[Packet] = ()
        self._places: list[QRectF] = []
        self._clock = QVariantAnimation(owner)
        self._clock.setDuration(MILLISECONDS)
        self._clock.setStartValue(0.0)
        self._clock.setEndValue(1.0)
        self._clock.valueChanged.connect(self._move)
        self._clock.finished.connect(self.stop)

    @property
    def moving(self) -> bool:
        """Whether something is on its way."""
        return self._clock.state() == QVariantAnimation.State.Running

    def start(self, packets: Sequence[Packet]) -> None:
        """Send packets on their ways."""
        self.stop()
        if packets:
            self._packets = packets
            self._clock.start()

    def stop(self) -> None:
        """Show none any more."""
        self._clock.stop()
        self._show_at([])
        self._packets = ()

    def discard(self) -> None:
        """End for good."""
        self.stop()
        self._clock.deleteLater()

    def _move(self, share: float) -> None:
        self._show_at([packet.place(share) for packet in self._packets])

    def _show_at(self, places: list[QRectF]) -> None:
        for place in (*self._places, *places):
            if not place.isNull():
                self.update(place.adjusted(-2, -2, 2, 2))
        self._places = places

    def boundingRect(self) -> QRectF:
        """Return the area of the drawing."""
        return self._area

    def paint(self, painter: QPainter, _option: QStyleOptionGraphicsItem, _widget: QWidget | None = None) -> None:
        """Draw the packets where they are."""
        painter.setBrush(Qt.BrushStyle.NoBrush)
        for packet, place in zip(self._packets, self._places, strict=False):  # not moved yet: no places
            if place.isNull():
                continue
            painter.drawImage(place, packet.picture)
            painter.setPen(QPen(QColor(packet.colour), 1.8))
            painter.drawRect(place)
