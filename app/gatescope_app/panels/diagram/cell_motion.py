"""Values that move along the wires when a phase is executed, and when they may.

They do not where the system or the user asks for less motion, and not while steps come fast.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from PySide6.QtCore import QObject, QRectF, Qt, QVariantAnimation
from PySide6.QtGui import QColor, QGuiApplication, QImage, QPainter, QPainterPath, QPen
from PySide6.QtWidgets import QApplication, QStyle

from gatescope_app.look.theme import Theme
from gatescope_app.panels.diagram.cell_layout import CellLayout
from gatescope_app.panels.diagram.cell_painting import quantity_colour
from gatescope_app.panels.diagram.cell_strips import StripContent
from gatescope_app.panels.diagram.drawing_items import DrawingItem
from gatescope_app.state.settings import settings

MILLISECONDS = 320
_WIDTH, _HEIGHT = 34.0, 11.0
_OUTPUT_FROM = 0.45  # of the time
_KEY = "reduce_motion"


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


class PacketFlow(DrawingItem):
    """Moves packets along their ways, all at once; a new set replaces those that are still on theirs."""

    def __init__(self, area: QRectF, owner: QObject) -> None:
        super().__init__(area)
        self._packets: Sequence[Packet] = ()
        self._places: list[QRectF] = []
        self._clock = QVariantAnimation(owner, duration=MILLISECONDS, startValue=0.0, endValue=1.0)
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

    def draw(self, painter: QPainter) -> None:
        """Draw the packets where they are."""
        painter.setBrush(Qt.BrushStyle.NoBrush)
        for packet, place in zip(self._packets, self._places, strict=False):  # not moved yet: no places
            if place.isNull():
                continue
            painter.drawImage(place, packet.picture)
            painter.setPen(QPen(QColor(packet.colour), 1.8))
            painter.drawRect(place)


def phase_packets(layout: CellLayout, theme: Theme, contents: Mapping[str, StripContent], phase: str) -> list[Packet]:
    """Return what moves: what a phase reads, then what it makes; of wires whose numbers no strip shows, nothing."""
    read = (wire for wire in layout.wires if phase in wire.into)
    ways = [(wire.carries, layout.colour_quantity(wire), wire.path(), 0.0) for wire in read]
    ways += [(phase, phase, path, _OUTPUT_FROM) for path in _outputs(layout, phase)]
    found = []
    for name, coloured, path, begin in ways:
        picture = contents[name].picture if name in contents else None
        if picture is not None:
            end = 1.0 if begin else 0.65
            found.append(Packet(path, quantity_colour(theme, coloured), picture, begin, end))
    return found


def _outputs(layout: CellLayout, phase: str) -> Iterator[QPainterPath]:
    """Yield the ways of what a phase makes: out of a gate to its strip, or along the wires that leave the cell."""
    for box in layout.boxes:
        if box.is_gate and box.makes == phase:
            path = QPainterPath(box.area.center())
            path.lineTo(layout.strip(phase).rect.center())
            yield path
    yield from (wire.path() for wire in layout.wires if wire.carries == phase and not wire.into)


def reduced_motion() -> bool:
    """Whether the system's settings or the program's own ask for less motion."""
    return prefers_less_motion() or system_reduces_motion()


def prefers_less_motion() -> bool:
    """Return the program's own setting."""
    return settings().value(_KEY, "false") in (True, "true")  # an INI file holds text


def set_prefers_less_motion(less: bool) -> None:
    """Change the program's own setting."""
    settings().setValue(_KEY, "true" if less else "false")


def system_reduces_motion() -> bool:
    """Whether the system asks for it: its style takes no time for animations, or it says so in so many words."""
    duration = QStyle.StyleHint.SH_Widget_Animation_Duration
    if QApplication.style().styleHint(duration) == 0:
        return True
    # Qt has these hints since 6.10, and what they say of motion in none of the versions up to 6.11.
    hints = getattr(QGuiApplication.styleHints(), "accessibility", lambda: None)()
    preference = getattr(hints, "motionPreference", None)
    return preference is not None and "Reduce" in preference().name
