"""What moves when a phase is executed: what it reads comes in, what it makes goes out."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from PySide6.QtGui import QPainterPath

from gatescope_app.look.theme import Theme
from gatescope_app.panels.diagram.cell.background import colour_of
from gatescope_app.panels.diagram.cell.flow import Packet
from gatescope_app.panels.diagram.cell.layout import CellLayout
from gatescope_app.panels.diagram.cell.strips import Face

_OUTPUT_FROM = 0.45  # of the time


def packets(layout: CellLayout, theme: Theme, faces: Mapping[str, Face], phase: str) -> list[Packet]:
    """Return what moves; of wires whose numbers no strip shows, nothing."""
    ways = [(wire.carries, layout.colour_of(wire), wire.path(), 0.0) for wire in layout.wires if phase in wire.into]
    ways += [(phase, phase, path, _OUTPUT_FROM) for path in _outputs(layout, phase)]
    found = []
    for name, coloured, path, begin in ways:
        picture = faces[name].picture if name in faces else None
        if picture is not None:
            end = 1.0 if begin else 0.65
            found.append(Packet(path, colour_of(theme, coloured), picture, begin, end))
    return found


def _outputs(layout: CellLayout, phase: str) -> Iterator[QPainterPath]:
    """Yield the ways of what a phase makes: out of a gate to its strip, or along the wires that leave the cell."""
    for box in layout.boxes:
        if box.is_gate and box.makes == phase:
            path = QPainterPath(box.area.center())
            path.lineTo(layout.tag(phase).strip.center())
            yield path
    yield from (wire.path() for wire in layout.wires if wire.carries == phase and not wire.into)
