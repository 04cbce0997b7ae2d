"""The unrolled network as items of a scene. A step changes what is in a few boxes, and moves the mark."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace
from functools import partial

from PySide6.QtCore import QPointF, QRectF, QSizeF
from PySide6.QtWidgets import QGraphicsItem, QGraphicsScene

from gatescope.modules.spec import Direction
from gatescope.traces.order import Cursor
from gatescope_app.look.tokens import format_token
from gatescope_app.panels.diagram.diagram_texts import (
    describe_cell_at,
    describe_input,
    describe_output,
    describe_state,
    phase_sign,
)
from gatescope_app.panels.diagram.network_geometry import CellLinks, NetworkGeometry, RowLevels, slot_links
from gatescope_app.panels.diagram.network_items import CurrentMark, NetworkStyle, StripNode, Wires, band
from gatescope_app.panels.diagram.network_labels import (
    Captions,
    StepNumbers,
    caption_widths,
    fixed_labels,
    text_sizes,
)
from gatescope_app.panels.diagram.network_plan import (
    LEAST_SLOTS,
    MOST_SLOTS,
    NetworkContents,
    NetworkPlan,
    end_steps,
    step_statuses,
)
from gatescope_app.state.runs import Run
from gatescope_app.state.session_state import State

_SCALES = 0.8, 1.5  # between these the number of steps follows the room; beyond, only their size does
_BANDS, _COLUMN, _MARKERS, _WIRES, _NODES, _TEXTS, _MARK = -10.0, -9.0, -6.0, -5.0, 0.0, 1.0, 5.0  # from below
_INSET = 0.22  # of a cell's height, above and below its strip


class NetworkDrawing:
    """Everything in the scene."""

    geometry: NetworkGeometry  # these from the first `show` on
    captions: Captions
    rows: list[CellRow]
    inputs: list[StripNode]

    def __init__(self, scene: QGraphicsScene) -> None:
        self._scene = scene
        self._plan: NetworkPlan | None = None
        self._run: Run | None = None
        self._slots_asked: tuple[object, ...] = ()
        self._slots = LEAST_SLOTS

    @property
    def plan(self) -> NetworkPlan:
        """What is shown."""
        assert self._plan is not None
        return self._plan

    def show(self, state: State, style: NetworkStyle, room: QSizeF, *, anew: bool) -> None:
        """Show a state.

        Parameters
        ----------
        state : State
            What to show.
        style : NetworkStyle
            What to draw with.
        room : QSizeF
            The size of the view; the number of steps follows it.
        anew : bool
            Whether to trust nothing of what is shown now: the colours or the language are others.
        """
        before, run = None if anew else self._plan, None if anew else self._run
        plan = NetworkPlan.of(state, self._slots_for(state, style, room))
        self._run = state.run
        if not plan.is_laid_out_as(before):
            before = None
            self._lay_out(plan, style)
        self._plan = plan
        other_run = before is None or run is not state.run or (before.setup, before.batch) != (plan.setup, plan.batch)
        if other_run or not plan.shows_same_as(before):
            self._fill(state, style, before, other_run=other_run)
        self._show_progress(state, style)

    def forget(self) -> None:
        """Let go of the run that is shown."""
        self._run = None

    # what is where

    @property
    def bounds(self) -> QRectF:
        """The area of everything."""
        return self.geometry.bounds

    def step_at(self, place: QPointF) -> int | None:
        """Return the step whose number lies there."""
        steps = enumerate(self.plan.columns)
        return next((t for index, t in steps if self.geometry.time(index).contains(place)), None)

    def _slots_for(self, state: State, style: NetworkStyle, room: QSizeF) -> int:
        """Return how many steps to show at most; measured again only where that may change it."""
        if state.setup.steps <= LEAST_SLOTS:
            return LEAST_SLOTS
        asked = (state.setup, state.batch, state.cursor.layer, room.width(), room.height(), style)
        if asked != self._slots_asked:
            self._slots_asked, self._slots = asked, _slots_in(state, style, room)
        return self._slots

    def _lay_out(self, plan: NetworkPlan, style: NetworkStyle) -> None:
        """Begin the drawing anew."""
        self._scene.clear()
        geometry = self.geometry = _geometry(plan, style)
        self.rows = [CellRow(geometry, style, *cell) for cell in plan.cells]
        inputs = (geometry.box(index, geometry.levels.inputs) for index in range(geometry.slots))
        self.inputs = [StripNode(place, style, pointed="x") for place in inputs]
        self._wires = [Wires(style) for _ in range(geometry.slots)]
        self._numbers, self.captions = StepNumbers(geometry, style), Captions(plan, geometry, style)
        self._column, self._mark = band(geometry.column(0), style.now, style.line * 0.4), CurrentMark(style)
        places = (*geometry.levels.bands.values(), *geometry.levels.gaps)
        self._add((band(geometry.band(place), style.band, style.line * 0.4) for place in places), _BANDS)
        self._add([self._column], _COLUMN)
        self._add(self.captions.markers, _MARKERS)
        self._add(self._wires, _WIRES)
        self._add((node for row in self.rows for node in row.nodes), _NODES)
        self._add(self.inputs, _NODES)
        self._add((*fixed_labels(geometry, style), *self._numbers.labels, *self.captions.captions), _TEXTS)
        self._add([self._mark], _MARK)

    def _add(self, items: Iterable[QGraphicsItem], z: float) -> None:
        for item in items:
            item.setZValue(z)
            self._scene.addItem(item)

    # what is shown there

    def _fill(self, state: State, style: NetworkStyle, before: NetworkPlan | None, *, other_run: bool) -> None:
        plan, contents = self.plan, NetworkContents(state, style.theme)
        if before is None or before.slots != plan.slots:
            for index, (wires, slot) in enumerate(zip(self._wires, plan.slots, strict=True)):
                wires.show_links(slot_links(self.geometry, index, slot))
        for row in self.rows:
            row.fill_steps(plan, contents)
            if other_run:
                row.fill_states(contents)
        self._fill_inputs(state, contents)
        if other_run or before is None or plan.slots != before.slots or plan.columns != before.columns:
            self.captions.connect(plan)

    def _fill_inputs(self, state: State, contents: NetworkContents) -> None:
        plan, tokens, cursor = self.plan, state.setup.sequence.tokens, state.cursor
        strips = [None] * len(plan.columns) if tokens else contents.inputs(plan.columns)
        for node, t, strip, slot in zip(self.inputs, plan.columns, strips, plan.slots, strict=True):
            node.show_status("computed" if slot == "step" else "absent")
            if t is not None:
                text = format_token(tokens[t]) if tokens else "x" if strip is None else ""
                node.fill(strip, text, Cursor(t, cursor.layer, cursor.direction), partial(describe_input, t=t))

    # how far it is

    def _show_progress(self, state: State, style: NetworkStyle) -> None:
        for row in self.rows:
            row.show_progress(state, self.plan)
        self.captions.show_progress(state, self.plan)
        self._numbers.show_steps(self.plan, state.cursor.t)
        self._mark_current(state, style)

    def _mark_current(self, state: State, style: NetworkStyle) -> None:
        cursor, geometry, spec = state.cursor, self.geometry, state.setup.spec
        index = self.plan.columns.index(cursor.t)
        links = CellLinks(geometry, cursor.layer, cursor.direction, index)
        read = links.into() if self.plan.slots[index] == "step" else []
        self._mark.mark(geometry.cell(cursor.layer, cursor.direction, index), read)
        self._column.setX(geometry.slot(index) - geometry.slot(0))
        colour = style.quantity(cursor.phase) if cursor.phase in spec.cell.names else style.accent
        self._mark.show_phase(phase_sign(spec, cursor.phase), colour, state.pointed)


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


def _geometry(plan: NetworkPlan, style: NetworkStyle) -> NetworkGeometry:
    widths = caption_widths(plan, style)
    levels, sizes = RowLevels(plan.spec, plan.layers, len(widths)), text_sizes(plan, style, widths)
    stacked = NetworkGeometry(levels, sizes, len(plan.columns))
    one_line = min(len(widths), 1)
    return replace(stacked, levels=replace(levels, caption_lines=one_line)) if stacked.fits_captions else stacked


def _slots_in(state: State, style: NetworkStyle, room: QSizeF) -> int:
    """Return with how many steps the texts are easily read while the whole is in sight."""
    least = _geometry(NetworkPlan.of(state, LEAST_SLOTS), style)
    bounds, slot = least.bounds, least.sizes.slot
    scale = min(max(room.height() / bounds.height(), _SCALES[0]), _SCALES[1])
    more = int((room.width() / scale - bounds.width()) // slot)
    return min(max(LEAST_SLOTS + more, LEAST_SLOTS), MOST_SLOTS)
