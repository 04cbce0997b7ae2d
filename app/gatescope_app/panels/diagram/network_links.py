"""What is connected with what in the network: the lines that a slot of the drawing holds, and those into one cell."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from typing import Literal

from PySide6.QtCore import QLineF, QRectF

from gatescope.modules.spec import Direction
from gatescope_app.panels.diagram.network_geometry import NetworkGeometry

Slot = Literal["step", "absent", "gap"]
"""A step of the element, one that it does not have, and steps that are not shown."""

LinkKind = Literal["x", "h", "c", "join"]
"""What a line carries; where the h of both directions come together, it is a bar."""


@dataclass(frozen=True)
class Link:
    """A line from what is computed first to what reads it."""

    carries: LinkKind
    line: QLineF
    arrow: bool = True
    dotted: bool = False


def slot_links(geometry: NetworkGeometry, index: int, slot: Slot) -> list[Link]:
    """Return all lines of a slot, with those into it from the slots beside it."""
    result = []
    for layer in geometry.levels.bands:
        for direction in geometry.levels.spec.directions:
            links = CellLinks(geometry, layer, direction, index)
            result += links.along(slot)
            if slot == "step":
                result += [links.feed(), *links.handed()]
        if slot == "step" and geometry.levels.is_joined(layer):
            result.append(links.join())
    return result


@dataclass(frozen=True)
class CellLinks:
    """The lines from and to one cell at one step."""

    geometry: NetworkGeometry
    layer: int
    direction: Direction
    index: int

    @cached_property
    def _cell(self) -> QRectF:
        return self.geometry.cell(self.layer, self.direction, self.index)

    def into(self) -> list[Link]:
        """Return the lines into it."""
        joined = self.geometry.levels.is_joined(self.layer)
        return [self.feed(), *self._before("step"), *([self.join()] if joined else [])]

    def final(self) -> list[QLineF]:
        """Return the lines that carry the h of its last step on: up to the output, and along to the last states."""
        along = self._to_end(self.geometry.state_y(self.layer, self.direction, "h"))
        return [*(link.line for link in self.handed()), along]

    def _to_end(self, y: float) -> QLineF:
        """Return a line from it to the states after the last step."""
        geometry = self.geometry
        if self.direction == "reverse":
            return QLineF(self._cell.left(), y, geometry.left - geometry.beside, y)
        return QLineF(self._cell.right(), y, geometry.right + geometry.beside, y)

    def _states(self) -> Iterator[tuple[LinkKind, float]]:
        """Yield each state and its y."""
        for state in self.geometry.levels.spec.cell.states:
            yield "c" if state == "c" else "h", self.geometry.state_y(self.layer, self.direction, state)

    def along(self, slot: Slot) -> list[Link]:
        """Return the lines from step to step."""
        cell, result = self._cell, self._before(slot)
        last = self.geometry.slots - 1 if self.direction == "forward" else 0
        for kind, y in self._states():
            if slot != "step":
                result.append(Link(kind, QLineF(cell.left(), y, cell.right(), y), arrow=False, dotted=slot == "gap"))
            if self.index == last:
                result.append(Link(kind, self._to_end(y)))
        return result

    def _before(self, slot: Slot) -> list[Link]:
        """Return the lines from the step before, or from the initial states."""
        cell, geometry = self._cell, self.geometry
        if self.direction == "forward":
            start = cell.right() - geometry.sizes.slot if self.index > 0 else geometry.left - geometry.beside
            end = cell.left()
        else:
            first = self.index == geometry.slots - 1
            start = geometry.right + geometry.beside if first else cell.left() + geometry.sizes.slot
            end = cell.right()
        return [Link(kind, QLineF(start, y, end, y), arrow=slot == "step") for kind, y in self._states()]

    def feed(self) -> Link:
        """Return the line from what it reads."""
        x, levels = self._cell.center().x(), self.geometry.levels
        line = QLineF(x, self.geometry.y(levels.fed_from(self.layer)), x, self._cell.bottom())
        return Link("x" if self.layer == levels.layers[0] else "h", line)

    def handed(self) -> list[Link]:
        """Return the line up to where it hands its h."""
        levels, x, above = self.geometry.levels, self._cell.center().x(), self.layer + 1
        end = levels.feeds(self.layer)
        if end is None:
            return []
        joined = above in levels.bands and levels.is_joined(above)
        return [Link("h", QLineF(x, self._cell.top(), x, self.geometry.y(end)), arrow=not joined)]

    def join(self) -> Link:
        """Return the bar on which the h of both directions of the layer below come together."""
        y = self.geometry.y(self.geometry.levels.fed_from(self.layer))
        cells = (self.geometry.cell(self.layer, direction, self.index) for direction in ("forward", "reverse"))
        left, right = (cell.center().x() for cell in cells)
        return Link("join", QLineF(left, y, right, y), arrow=False)
