"""Where everything of the unrolled network lies, and which lines run between. Lengths are in lines of text."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from typing import Literal

from PySide6.QtCore import QLineF, QRectF

from gatescope.modules.spec import Direction, ModuleSpec

Fold = tuple[int | None, ...]
"""What each slot or row shows, ascending; None for a gap, which always stands for two numbers or more."""

Slot = Literal["step", "absent", "gap"]
"""A step of the element, one that it does not have, and steps that are not shown."""

MARGIN = 0.4
NODE = 1.65  # the height of a cell
INPUT = 1.25  # and of what is no cell

_CAPTION = 1.4
_ABOVE_OUTPUT = 0.3
_BELOW_OUTPUT = 0.85
_PADDING = 0.42  # of a layer's band
_BETWEEN_DIRECTIONS = 0.5
_BETWEEN_LAYERS = 1.0
_ABOVE_JOIN = 0.65  # from where both directions of a layer come together up to the next layer
_BELOW_JOIN = 0.55
_GAP = 1.3  # the band that stands for layers which are not shown
_ABOVE_INPUT = 0.85
_TIME = 1.15

# From where to where a cell reaches within its slot; the two directions give way to each other's wires.
_SPANS: dict[tuple[bool, Direction], tuple[float, float]] = {
    (False, "forward"): (0.18, 0.82),
    (True, "forward"): (0.03, 0.54),
    (True, "reverse"): (0.46, 0.97),
}
_C_AT, _H_AT = 0.25, 0.75  # of a cell's height, where C and h go in and out
_STRIP_WIDTH, _STRIP_HEIGHT = 1.9, 0.62  # lines, of a state's strip
_BAND_EDGE = 0.4  # lines, between the edge of a band and its label
_BESIDE = 0.42  # of a slot, between the first or last slot and the states


@dataclass(frozen=True)
class NetworkSizes:
    """What follows from the type: the height of a line, and the widths of what holds text."""

    line: float
    labels: float
    state: float
    slot: float
    captions: tuple[float, ...] = ()


@dataclass(frozen=True)
class RowLevels:
    """The rows, from the top down; y in lines."""

    spec: ModuleSpec
    layers: Fold
    caption_lines: int

    @cached_property
    def output(self) -> float:
        """The top of the row of outputs."""
        return MARGIN + self.caption_lines * _CAPTION + _ABOVE_OUTPUT

    @cached_property
    def bands(self) -> dict[int, tuple[float, float]]:
        """Top and height of each layer shown."""
        return {layer: place for layer, place in self._stack if layer is not None}

    @cached_property
    def gaps(self) -> list[tuple[float, float]]:
        """Top and height of what stands for layers that are not shown, from the bottom up."""
        return [place for layer, place in reversed(self._stack) if layer is None]

    @cached_property
    def _stack(self) -> list[tuple[int | None, tuple[float, float]]]:
        top = self.output if self.spec.is_cell else self.output + INPUT + _BELOW_OUTPUT
        stack = []
        for layer in reversed(self.layers):
            height = _GAP if layer is None else self._band
            stack.append((layer, (top, height)))
            top += height + self._between
        return stack

    @property
    def _between(self) -> float:
        return _ABOVE_JOIN + _BELOW_JOIN if self.spec.bidirectional else _BETWEEN_LAYERS

    @property
    def _band(self) -> float:
        rows = len(self.spec.directions)
        return 2 * _PADDING + rows * NODE + (rows - 1) * _BETWEEN_DIRECTIONS

    def row(self, layer: int, direction: Direction) -> float:
        """Return the top of a row of cells; the reverse direction is above the other."""
        top = self.bands[layer][0] + _PADDING
        lower = self.spec.bidirectional and direction == "forward"
        return top + (NODE + _BETWEEN_DIRECTIONS if lower else 0.0)

    @cached_property
    def inputs(self) -> float:
        """The top of the row of inputs."""
        top, height = self._stack[-1][1]
        return top + height + _ABOVE_INPUT

    @property
    def times(self) -> float:
        """The top of the row of step numbers."""
        return self.inputs + INPUT

    @property
    def height(self) -> float:
        """The whole height."""
        return self.times + _TIME + MARGIN

    def fed_from(self, layer: int) -> float:
        """Return where that comes from which a layer reads: the top of what is below it, or where that is joined."""
        index = self.layers.index(layer)
        if index == 0:
            return self.inputs
        below = self.layers[index - 1]
        if below is None:
            return self._place(index - 1)[0]
        if self.spec.bidirectional:
            return sum(self.bands[layer]) + _ABOVE_JOIN
        return self.row(below, "forward")

    def feeds(self, layer: int) -> float | None:
        """Return up to where a layer hands its h; None where the layer above fetches it."""
        index = self.layers.index(layer) + 1
        if index == len(self.layers):
            return None if self.spec.is_cell else self.output + INPUT
        above = self.layers[index]
        if above is None:
            return sum(self._place(index))
        return sum(self.bands[above]) + _ABOVE_JOIN if self.spec.bidirectional else None

    def is_joined(self, layer: int) -> bool:
        """Whether what a layer reads comes from both directions of a layer that is shown."""
        index = self.layers.index(layer)
        return self.spec.bidirectional and index > 0 and self.layers[index - 1] is not None

    def _place(self, index: int) -> tuple[float, float]:
        """Return top and height of one of `layers`."""
        return self._stack[len(self.layers) - 1 - index][1]


@dataclass(frozen=True)
class NetworkGeometry:
    """The places of all things, in scene coordinates."""

    levels: RowLevels
    sizes: NetworkSizes
    slots: int

    @property
    def left(self) -> float:
        """Where the first slot begins."""
        return MARGIN * self.sizes.line + self.sizes.labels + self.sizes.state + self.beside

    @property
    def right(self) -> float:
        """Where the last slot ends."""
        return self.left + self.slots * self.sizes.slot

    @property
    def beside(self) -> float:
        """The room between the slots and the states at either side."""
        return _BESIDE * self.sizes.slot

    @property
    def bounds(self) -> QRectF:
        """Everything."""
        edge = MARGIN * self.sizes.line
        width = max([self._width, *(edge + one for one in self.sizes.captions)])
        return QRectF(0, 0, width + edge, self.y(self.levels.height))

    @property
    def _width(self) -> float:
        """Where the rows end."""
        return self.right + self.beside + self.sizes.state

    def y(self, lines: float) -> float:
        """Return a height in scene coordinates."""
        return lines * self.sizes.line

    def slot(self, index: int) -> float:
        """Return where a slot begins."""
        return self.left + index * self.sizes.slot

    def span(self, direction: Direction) -> tuple[float, float]:
        """Return from where to where a cell reaches within its slot."""
        start, end = _SPANS[self.levels.spec.bidirectional, direction]
        return start * self.sizes.slot, end * self.sizes.slot

    def cell(self, layer: int, direction: Direction, index: int) -> QRectF:
        """Return the place of a cell."""
        start, end = self.span(direction)
        top = self.y(self.levels.row(layer, direction))
        return QRectF(self.slot(index) + start, top, end - start, self.y(NODE))

    def state_y(self, layer: int, direction: Direction, state: str) -> float:
        """Return the height at which a state goes in and out of the cells of a row."""
        at = 0.5 if len(self.levels.spec.cell.states) == 1 else _C_AT if state == "c" else _H_AT
        return self.y(self.levels.row(layer, direction) + NODE * at)

    def state_strip(self, layer: int, direction: Direction, state: str, *, initial: bool) -> QRectF:
        """Return the place of a state's strip: beside the first or the last step of the row."""
        line, at_left = self.sizes.line, initial == (direction == "forward")
        width, height = _STRIP_WIDTH * line, _STRIP_HEIGHT * line
        left = self.left - self.beside - width if at_left else self.right + self.beside
        return QRectF(left, self.state_y(layer, direction, state) - height / 2, width, height)

    def state_label(self, layer: int, direction: Direction, state: str, *, initial: bool) -> QRectF:
        """Return the place of a state's name, on the outer side of its strip."""
        strip = self.state_strip(layer, direction, state, initial=initial)
        line, at_left = self.sizes.line, initial == (direction == "forward")
        width = self.sizes.state - (_STRIP_WIDTH + 0.7) * line
        left = strip.left() - 0.3 * line - width if at_left else strip.right() + 0.3 * line
        return QRectF(left, strip.center().y() - line / 2, width, line)

    def wire_label(self, layer: int, direction: Direction, state: str) -> QRectF:
        """Return the place of a state's symbol: on its line into the first step, C above it and h below."""
        line, y = self.sizes.line, self.state_y(layer, direction, state)
        left = self.left - self.beside if direction == "forward" else self.right
        return QRectF(left, y - line if state == "c" else y, self.beside, line)

    def box(self, index: int, top: float) -> QRectF:
        """Return the place of an input or output, given its row."""
        directions = self.levels.spec.directions
        start, end = self.span(directions[0])[0], self.span(directions[-1])[1]
        return QRectF(self.slot(index) + start, self.y(top), end - start, self.y(INPUT))

    def output_part(self, direction: Direction, index: int) -> QRectF:
        """Return the part of an output that a direction fills."""
        box = self.box(index, self.levels.output)
        if not self.levels.spec.bidirectional:
            return box
        half = box.width() / 2
        return box.adjusted(0, 0, -half, 0) if direction == "forward" else box.adjusted(half, 0, 0, 0)

    def column(self, index: int) -> QRectF:
        """Return all of a slot below the captions."""
        top = self.y(self.levels.output - _ABOVE_OUTPUT)
        return QRectF(self.slot(index), top, self.sizes.slot, self.y(self.levels.height - MARGIN / 2) - top)

    def time(self, index: int) -> QRectF:
        """Return the place of a step's number."""
        return QRectF(self.slot(index), self.y(self.levels.times), self.sizes.slot, self.y(_TIME))

    def band(self, place: tuple[float, float]) -> QRectF:
        """Return the place of a layer, or of a gap, across all slots."""
        edge = MARGIN * self.sizes.line
        return QRectF(edge, self.y(place[0]), self._width - edge, self.y(place[1]))

    def label(self, middle: float) -> QRectF:
        """Return the place of a row's label, given the middle of the row in lines."""
        line = self.sizes.line
        return QRectF((MARGIN + _BAND_EDGE) * line, (middle - 0.6) * line, self.sizes.labels, 1.2 * line)

    def caption(self, index: int) -> QRectF:
        """Return the place of a caption: below the one before, or on its line at the other end."""
        left, below, width = MARGIN * self.sizes.line, self.levels.caption_lines > 1, self.sizes.captions[index]
        if index > 0 and not below:
            left = self._width - width
        return QRectF(left, self.y(MARGIN + index * below * _CAPTION), width, self.y(_CAPTION))

    @property
    def fits_captions(self) -> bool:
        """Whether all captions find room on one line."""
        apart = self.sizes.line * (len(self.sizes.captions) - 1)
        return sum(self.sizes.captions) + apart <= self._width - MARGIN * self.sizes.line


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
