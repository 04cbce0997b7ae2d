"""One layer in one direction: its cell at each step, its part of the output, and its states at either end."""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial

from PySide6.QtCore import QRectF

from gatescope.modules.spec import Direction
from gatescope.traces.order import Cursor
from gatescope_app.panels.diagram.network import network_texts as words
from gatescope_app.panels.diagram.network.contents import NetworkContents, ends, statuses
from gatescope_app.panels.diagram.network.geometry import NODE, Geometry
from gatescope_app.panels.diagram.network.inks import Inks
from gatescope_app.panels.diagram.network.nodes import NodePlace, StripNode
from gatescope_app.panels.diagram.network.plan import Plan
from gatescope_app.panels.diagram.network.pool import Pool
from gatescope_app.panels.diagram.network.wiring import height_of
from gatescope_app.state.session import State

_STRIP = 1.9  # lines: the width of a state's strip
_STATE = 0.62  # and its height
_INSET = 0.22  # of a cell's height


@dataclass(frozen=True)
class CellRow:
    """The boxes of one cell; `outputs` only of the last layer."""

    layer: int
    direction: Direction
    cells: list[StripNode]
    outputs: list[StripNode]
    initial: dict[str, StripNode]
    last: dict[str, StripNode]

    @classmethod
    def laid_out(
        cls, pool: Pool[StripNode], geometry: Geometry, inks: Inks, layer: int, direction: Direction
    ) -> CellRow:
        """Put the boxes where they belong."""
        spec, slots = geometry.levels.spec, range(geometry.slots)

        def put(rect: QRectF, inset: float = 0.0, stands_for: str | None = "h") -> StripNode:
            node = pool.take()
            node.put(NodePlace(rect, inset, stands_for), inks)
            return node

        has_output = layer == spec.num_layers - 1 and not spec.is_cell
        states = [
            {
                name: put(state_strip(geometry, layer, direction, name, initial=initial), 0.0, None)
                for name in spec.cell.states
            }
            for initial in (True, False)
        ]
        return cls(
            layer,
            direction,
            [put(geometry.cell(layer, direction, index), _INSET) for index in slots],
            [put(geometry.output_part(direction, index)) for index in slots] if has_output else [],
            *states,
        )

    def fill_steps(self, plan: Plan, contents: NetworkContents) -> None:
        """Show other steps, or another run."""
        strips = contents.strips(plan.columns, self.layer, self.direction)
        for index, (t, strip) in enumerate(zip(plan.columns, strips, strict=True)):
            if t is None:
                continue
            target = Cursor(t, self.layer, self.direction)
            tell = partial(words.of_cell, t=t, layer=self.layer, direction=self.direction)
            self.cells[index].fill(strip, "", target, tell)
            if self.outputs:
                self.outputs[index].fill(strip, "", target, partial(words.of_output, t=t))

    def fill_states(self, contents: NetworkContents) -> None:
        """Show the states of another run or batch element."""
        steps = ends(contents.state, self.direction)
        for initial, nodes, t in zip((True, False), (self.initial, self.last), steps, strict=True):
            tell = partial(words.of_state, layer=self.layer, direction=self.direction, t=t, initial=initial)
            for name, node in nodes.items():
                strip = (contents.initial if initial else contents.last)(name, self.layer, self.direction)
                node.fill(strip, "", Cursor(t, self.layer, self.direction), tell)

    def show_progress(self, state: State, plan: Plan) -> None:
        """Show what is computed by now."""
        found = statuses(state, plan.columns, self.layer, self.direction)
        for nodes in (self.cells, self.outputs):
            for node, status in zip(nodes, found, strict=False):  # no outputs but in the last layer
                node.show_status(status)
                node.show_unit(state.unit)
        end = ends(state, self.direction)[1]
        for name in self.initial:
            self.initial[name].show_status("pending" if state.run is None else "computed")
            known = state.order.known(state.cursor, self.layer, self.direction, name)
            self.last[name].show_status("computed" if state.run is not None and end in known else "pending")


def state_strip(geometry: Geometry, layer: int, direction: Direction, name: str, *, initial: bool) -> QRectF:
    """Return the place of a state's strip: beside the first or the last step of the row."""
    line, at_left = geometry.sizes.line, initial == (direction == "forward")
    place = geometry.state(layer, direction, at_left=at_left)
    left = place.right() - _STRIP * line if at_left else place.left()
    middle = place.top() + geometry.y(NODE * height_of(geometry.levels.spec, name))
    return QRectF(left, middle - _STATE / 2 * line, _STRIP * line, _STATE * line)


def state_label(geometry: Geometry, layer: int, direction: Direction, name: str, *, initial: bool) -> QRectF:
    """Return the place of a state's name, on the outer side of its strip."""
    strip = state_strip(geometry, layer, direction, name, initial=initial)
    line, at_left = geometry.sizes.line, initial == (direction == "forward")
    width = geometry.sizes.state - (_STRIP + 0.7) * line
    left = strip.left() - 0.3 * line - width if at_left else strip.right() + 0.3 * line
    return QRectF(left, strip.center().y() - line / 2, width, line)


def wire_label(geometry: Geometry, layer: int, direction: Direction, name: str) -> QRectF:
    """Return the place of a state's symbol: on its line into the first step, C above it and h below."""
    line, at_left = geometry.sizes.line, direction == "forward"
    place = geometry.state(layer, direction, at_left=at_left)
    middle = place.top() + geometry.y(NODE * height_of(geometry.levels.spec, name))
    left = place.right() if at_left else place.left() - geometry.beside
    return QRectF(left, middle - line if name == "c" else middle, geometry.beside, line)
