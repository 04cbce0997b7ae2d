"""What is connected with what in the network: the lines that a slot of the drawing holds, and those into one cell."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

from PySide6.QtCore import QLineF

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
            result += _along(geometry, layer, direction, index, slot)
            if slot == "step":
                result += [_feed(geometry, layer, direction, index), *_handed(geometry, layer, direction, index)]
        if slot == "step" and geometry.levels.is_joined(layer):
            result.append(_join(geometry, layer, index))
    return result


def links_into(geometry: NetworkGeometry, layer: int, direction: Direction, index: int) -> list[Link]:
    """Return the lines into one cell."""
    lines = [_feed(geometry, layer, direction, index), *_before(geometry, layer, direction, index, "step")]
    return [*lines, _join(geometry, layer, index)] if geometry.levels.is_joined(layer) else lines


def final_lines(geometry: NetworkGeometry, layer: int, direction: Direction, index: int) -> list[QLineF]:
    """Return the lines that carry the h of a last step on: up to the output, and along to the last states."""
    start, y = geometry.cell(layer, direction, index), geometry.state_y(layer, direction, "h")
    if direction == "reverse":
        along = QLineF(start.left(), y, geometry.left - geometry.beside, y)
    else:
        along = QLineF(start.right(), y, geometry.right + geometry.beside, y)
    up = [link.line for link in _handed(geometry, layer, direction, index)]
    return [*up, along]


def _states(geometry: NetworkGeometry, layer: int, direction: Direction) -> Iterator[tuple[LinkKind, float]]:
    """Yield each state and its y."""
    for state in geometry.levels.spec.cell.states:
        yield "c" if state == "c" else "h", geometry.state_y(layer, direction, state)


def _along(geometry: NetworkGeometry, layer: int, direction: Direction, index: int, slot: Slot) -> list[Link]:
    """Return the lines from step to step."""
    cell, result = geometry.cell(layer, direction, index), _before(geometry, layer, direction, index, slot)
    for carries, y in _states(geometry, layer, direction):
        if slot != "step":
            result.append(Link(carries, QLineF(cell.left(), y, cell.right(), y), arrow=False, dotted=slot == "gap"))
        if direction == "forward" and index == geometry.slots - 1:
            result.append(Link(carries, QLineF(cell.right(), y, geometry.right + geometry.beside, y)))
        if direction == "reverse" and index == 0:
            result.append(Link(carries, QLineF(cell.left(), y, geometry.left - geometry.beside, y)))
    return result


def _before(geometry: NetworkGeometry, layer: int, direction: Direction, index: int, slot: Slot) -> list[Link]:
    """Return the lines from the step before, or from the initial states."""
    cell = geometry.cell(layer, direction, index)
    if direction == "forward":
        start = cell.right() - geometry.sizes.slot if index > 0 else geometry.left - geometry.beside
        end = cell.left()
    else:
        start = cell.left() + geometry.sizes.slot if index < geometry.slots - 1 else geometry.right + geometry.beside
        end = cell.right()
    return [
        Link(carries, QLineF(start, y, end, y), arrow=slot == "step")
        for carries, y in _states(geometry, layer, direction)
    ]


def _feed(geometry: NetworkGeometry, layer: int, direction: Direction, index: int) -> Link:
    """Return the line from what a cell reads."""
    cell, lowest = geometry.cell(layer, direction, index), layer == geometry.levels.layers[0]
    x = cell.center().x()
    return Link("x" if lowest else "h", QLineF(x, geometry.y(geometry.levels.fed_from(layer)), x, cell.bottom()))


def _handed(geometry: NetworkGeometry, layer: int, direction: Direction, index: int) -> list[Link]:
    """Return the line up to where a cell hands its h."""
    levels, cell = geometry.levels, geometry.cell(layer, direction, index)
    end, x = levels.feeds(layer), cell.center().x()
    if end is None:
        return []
    joined = layer + 1 in levels.bands and levels.is_joined(layer + 1)
    return [Link("h", QLineF(x, cell.top(), x, geometry.y(end)), arrow=not joined)]


def _join(geometry: NetworkGeometry, layer: int, index: int) -> Link:
    """Return the bar on which the h of both directions of the layer below come together."""
    y = geometry.y(geometry.levels.fed_from(layer))
    left, right = (geometry.cell(layer, direction, index).center().x() for direction in ("forward", "reverse"))
    return Link("join", QLineF(left, y, right, y), arrow=False)
