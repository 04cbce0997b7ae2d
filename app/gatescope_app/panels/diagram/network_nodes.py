"""The boxes of the network: cells, inputs, outputs and states, each with a heat strip over its units."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import partial

from PySide6.QtCore import QLineF, QRectF, Qt
from PySide6.QtGui import QImage, QPainter

from gatescope.modules.spec import Direction
from gatescope.traces.order import Cursor
from gatescope_app.panels.diagram.diagram_texts import describe_cell_at, describe_output, describe_state
from gatescope_app.panels.diagram.drawing_items import DrawingItem, draw_heat_strip
from gatescope_app.panels.diagram.network_geometry import NetworkGeometry
from gatescope_app.panels.diagram.network_items import NetworkStyle
from gatescope_app.panels.diagram.network_plan import NetworkContents, NetworkPlan, Status, end_steps, step_statuses
from gatescope_app.state.known_values import NOTHING
from gatescope_app.state.session import State

_INSET = 0.22  # of a cell's height, above and below its strip


class StripNode(DrawingItem):
    """A box with a heat strip, which is there to be seen once it is computed.

    Parameters
    ----------
    rect : QRectF
        The box.
    style : NetworkStyle
        What it is drawn with.
    inset : float
        How much of its height is left free above and below the strip.
    pointed : str or None
        What it stands for, as `Session.point_at` takes it.
    """

    def __init__(self, rect: QRectF, style: NetworkStyle, inset: float = 0.0, pointed: str | None = None) -> None:
        super().__init__(rect.adjusted(-style.hair, -style.hair, style.hair, style.hair))
        self.rect, self._style, self._inset, self.pointed = rect, style, inset, pointed
        self.status: Status = "pending"
        self.strip: QImage | None = None
        self.text = ""
        self.unit: int | None = None
        self.target: Cursor | None = None
        self.describe: Callable[[State], str] | None = None

    def fill(self, strip: QImage | None, text: str, target: Cursor, describe: Callable[[State], str]) -> None:
        """Show another cell or step."""
        self.target, self.describe = target, describe
        if strip is not self.strip or text != self.text:
            self.strip, self.text = strip, text
            self.update()

    def show_status(self, status: Status) -> None:
        """Show whether it is computed by now."""
        if status != self.status:
            self.status = status
            self.update()

    def show_unit(self, unit: int) -> None:
        """Mark the selected unit below its part of the strip."""
        if unit != self.unit:
            self.unit = unit
            self.update()

    @property
    def visible_strip(self) -> QImage | None:
        """The strip, where it may be seen."""
        return self.strip if self.status == "computed" else None

    # painting

    def draw(self, painter: QPainter) -> None:
        """Draw the box, and what may be seen in it."""
        style = self._style
        if self.status == "absent":
            self._write(painter, NOTHING if self.text else "")
            return
        painter.setPen(style.frame if self.status == "computed" else style.pending)
        painter.setBrush(style.base)
        radius = style.line * 0.22
        painter.drawRoundedRect(self.rect, radius, radius)
        if self.visible_strip is not None:
            self._draw_strip(painter, self.visible_strip)
        if self.text:
            self._write(painter, self.text)

    def _draw_strip(self, painter: QPainter, strip: QImage) -> None:
        edge = self._style.line * 0.16
        inset = max(edge, self.rect.height() * self._inset)
        area = self.rect.adjusted(edge, inset, -edge, -inset)
        draw_heat_strip(painter, area, strip)
        if self.unit is not None and self.unit < strip.width():  # h of a projection has fewer units
            width = area.width() / strip.width()
            x, y = area.left() + self.unit * width, area.bottom() + self._style.hair
            painter.setPen(self._style.tick)
            painter.drawLine(QLineF(x, y, x + width, y))

    def _write(self, painter: QPainter, text: str) -> None:
        painter.setPen(self._style.faint if self.status == "absent" else self._style.text)
        painter.setFont(self._style.font)
        painter.drawText(self.rect, Qt.AlignmentFlag.AlignCenter, text)


class CellRow:
    """One layer in one direction: its cell at each step, its part of the output, and its states at either end.

    Parameters
    ----------
    geometry : NetworkGeometry
        Where the boxes belong.
    style : NetworkStyle
        What they are drawn with.
    layer, direction : int, Direction
        Which one; only the last layer has outputs.
    """

    def __init__(self, geometry: NetworkGeometry, style: NetworkStyle, layer: int, direction: Direction) -> None:
        spec, slots = geometry.levels.spec, range(geometry.slots)
        has_output = layer == spec.num_layers - 1 and not spec.is_cell

        def states(*, initial: bool) -> dict[str, StripNode]:
            places = {name: geometry.state_strip(layer, direction, name, initial=initial) for name in spec.cell.states}
            return {name: StripNode(place, style) for name, place in places.items()}

        self.layer, self.direction = layer, direction
        self.cells = [StripNode(geometry.cell(layer, direction, index), style, _INSET, "h") for index in slots]
        self.outputs = [
            StripNode(geometry.output_part(direction, index), style, pointed="h") for index in slots if has_output
        ]
        self.initial, self.last = states(initial=True), states(initial=False)

    @property
    def nodes(self) -> Iterator[StripNode]:
        """All boxes."""
        yield from (*self.cells, *self.outputs, *self.initial.values(), *self.last.values())

    def fill_steps(self, plan: NetworkPlan, contents: NetworkContents) -> None:
        """Show other steps, or another run."""
        strips = contents.strips(plan.columns, self.layer, self.direction)
        for index, (t, strip) in enumerate(zip(plan.columns, strips, strict=True)):
            if t is None:
                continue
            target = Cursor(t, self.layer, self.direction)
            describe = partial(describe_cell_at, t=t, layer=self.layer, direction=self.direction)
            self.cells[index].fill(strip, "", target, describe)
            if self.outputs:
                self.outputs[index].fill(strip, "", target, partial(describe_output, t=t))

    def fill_states(self, contents: NetworkContents) -> None:
        """Show the states of another run or batch element."""
        steps = end_steps(contents.state, self.direction)
        for initial, nodes, t in zip((True, False), (self.initial, self.last), steps, strict=True):
            describe = partial(describe_state, layer=self.layer, direction=self.direction, t=t, initial=initial)
            for name, node in nodes.items():
                strip = (contents.initial if initial else contents.last)(name, self.layer, self.direction)
                node.fill(strip, "", Cursor(t, self.layer, self.direction), describe)

    def show_progress(self, state: State, plan: NetworkPlan) -> None:
        """Show what is computed by now."""
        found = step_statuses(state, plan.columns, self.layer, self.direction)
        for nodes in (self.cells, self.outputs):
            for node, status in zip(nodes, found, strict=False):  # no outputs but in the last layer
                node.show_status(status)
                node.show_unit(state.unit)
        end = end_steps(state, self.direction)[1]
        for name in self.initial:
            self.initial[name].show_status("pending" if state.run is None else "computed")
            known = state.order.known(state.cursor, self.layer, self.direction, name)
            self.last[name].show_status("computed" if state.run is not None and end in known else "pending")
