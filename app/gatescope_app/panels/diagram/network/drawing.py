"""The unrolled network as items of a scene. A step changes what is in a few boxes, and moves the mark."""

from __future__ import annotations

from dataclasses import replace
from functools import partial

from PySide6.QtCore import QPointF, QRectF, QSizeF
from PySide6.QtGui import QColor
from PySide6.QtWidgets import QGraphicsScene

from gatescope.traces.order import Cursor
from gatescope_app.look.tokens import visible
from gatescope_app.panels.diagram.network import network_texts as words
from gatescope_app.panels.diagram.network.captions import Captions, caption_widths
from gatescope_app.panels.diagram.network.contents import NetworkContents
from gatescope_app.panels.diagram.network.geometry import Geometry, RowLevels
from gatescope_app.panels.diagram.network.inks import Inks
from gatescope_app.panels.diagram.network.labels import NetworkLabels, sizes_for
from gatescope_app.panels.diagram.network.marks import Band, CurrentMark, TextLabel, Wires
from gatescope_app.panels.diagram.network.nodes import NodePlace, Reactions, StripNode
from gatescope_app.panels.diagram.network.plan import LEAST_SLOTS, MOST_SLOTS, Plan
from gatescope_app.panels.diagram.network.pool import Pool
from gatescope_app.panels.diagram.network.row import CellRow
from gatescope_app.panels.diagram.network.wiring import feeds, wires
from gatescope_app.state.runs import Run
from gatescope_app.state.session import State

_SCALES = 0.8, 1.5  # between these the number of steps follows the room; beyond, only their size does


class NetworkDrawing:
    """Everything in the scene."""

    def __init__(self, scene: QGraphicsScene, reactions: Reactions) -> None:
        self._nodes = Pool(scene, partial(StripNode, reactions), 0.0)
        self._bands, self._wires = Pool(scene, Band, -10.0), Pool(scene, Wires, -5.0)
        self._labels = NetworkLabels(Pool(scene, TextLabel, 1.0), Pool(scene, TextLabel, 1.0))
        self.captions = Captions(scene)
        self._column, self._mark = Pool(scene, Band, -9.0).take(), Pool(scene, CurrentMark, 5.0).take()
        self._plan: Plan | None = None
        self._run: Run | None = None
        self._slots_asked: tuple[object, ...] = ()
        self._slots = LEAST_SLOTS
        self.rows: list[CellRow] = []
        self.inputs: list[StripNode] = []

    @property
    def plan(self) -> Plan:
        """What is shown."""
        assert self._plan is not None
        return self._plan

    def show(self, state: State, inks: Inks, room: QSizeF, *, anew: bool) -> None:
        """Show a state.

        Parameters
        ----------
        state : State
            What to show.
        inks : Inks
            What to draw with.
        room : QSizeF
            The size of the view; the number of steps follows it.
        anew : bool
            Whether to trust nothing of what is shown now: the colours or the language are others.
        """
        before, run = None if anew else self._plan, None if anew else self._run
        plan = Plan.of(state, self._slots_for(state, inks, room))
        self._run = state.run
        if not plan.lies_as(before):
            before = None
            self._lay_out(plan, inks)
        self._plan = plan
        other_run = before is None or run is not state.run or (before.setup, before.batch) != (plan.setup, plan.batch)
        if other_run or not plan.shows_as(before):
            self._fill(state, inks, before, other_run=other_run)
        self._show_progress(state, inks)

    # what is where

    @property
    def bounds(self) -> QRectF:
        """The area of everything."""
        return self.geometry.bounds

    def step_at(self, place: QPointF) -> int | None:
        """Return the step whose number lies there."""
        steps = enumerate(self.plan.columns)
        return next((t for index, t in steps if self.geometry.time(index).contains(place)), None)

    def _slots_for(self, state: State, inks: Inks, room: QSizeF) -> int:
        """Return how many steps to show at most; measured again only where that may change it."""
        if state.setup.steps <= LEAST_SLOTS:
            return LEAST_SLOTS
        asked = (state.setup, state.batch, state.cursor.layer, room.width(), room.height(), inks)
        if asked != self._slots_asked:
            self._slots_asked, self._slots = asked, _slots_in(state, inks, room)
        return self._slots

    def _lay_out(self, plan: Plan, inks: Inks) -> None:
        self.geometry = _geometry(plan, inks)
        geometry = self.geometry
        self._nodes.restart()
        self.rows = [CellRow.laid_out(self._nodes, geometry, inks, *cell) for cell in plan.cells]
        self.inputs = [self._nodes.take() for _ in plan.columns]
        for index, node in enumerate(self.inputs):
            node.put(NodePlace(geometry.box(index, geometry.levels.inputs), stands_for="x"), inks)
        self._nodes.hide_rest()
        self._bands.restart()
        for place in (*geometry.levels.bands.values(), *geometry.levels.gaps):
            self._bands.take().put(geometry.band(place), inks.band, inks.line * 0.4)
        self._bands.hide_rest()
        self._labels.lay_out(plan, geometry, inks)
        self.captions.lay_out(plan, geometry, inks)

    # what is shown there

    def _fill(self, state: State, inks: Inks, before: Plan | None, *, other_run: bool) -> None:
        plan, contents = self.plan, NetworkContents(state, inks.theme)
        self._draw_wires(plan, inks, before)
        for row in self.rows:
            row.fill_steps(plan, contents)
            if other_run:
                row.fill_states(contents)
        self._fill_inputs(state, contents)
        if other_run or before is None or plan.slots != before.slots or plan.columns != before.columns:
            self.captions.connect(plan, self.geometry, inks)

    def _draw_wires(self, plan: Plan, inks: Inks, before: Plan | None) -> None:
        if before is not None and before.slots == plan.slots:
            return
        self._wires.restart()
        for index, slot in enumerate(plan.slots):
            self._wires.take().put(wires(self.geometry, index, slot), inks)
        self._wires.hide_rest()

    def _fill_inputs(self, state: State, contents: NetworkContents) -> None:
        plan, tokens = self.plan, state.setup.sequence.tokens
        strips = [None] * len(plan.columns) if tokens else contents.inputs(plan.columns)
        for node, t, strip, slot in zip(self.inputs, plan.columns, strips, plan.slots, strict=True):
            node.show_status("computed" if slot == "step" else "absent")
            if t is not None:
                text = visible(tokens[t]) if tokens else "x" if strip is None else ""
                node.fill(
                    strip, text, Cursor(t, state.cursor.layer, state.cursor.direction), partial(words.of_input, t=t)
                )

    # how far it is

    def _show_progress(self, state: State, inks: Inks) -> None:
        plan, cursor = self.plan, state.cursor
        for row in self.rows:
            row.show_progress(state, plan)
        self.captions.show_progress(state, plan, inks)
        self._labels.number_steps(plan, self.geometry, inks, cursor.t)
        self._mark_current(state, inks)

    def _mark_current(self, state: State, inks: Inks) -> None:
        cursor, geometry = state.cursor, self.geometry
        index = self.plan.columns.index(cursor.t)
        rect = geometry.cell(cursor.layer, cursor.direction, index)
        lines = feeds(geometry, cursor.layer, cursor.direction, index) if self.plan.slots[index] == "step" else []
        self._mark.put(rect, lines, inks)
        self._column.put(geometry.column(index), inks.now, inks.line * 0.4)
        spec = state.setup.spec
        colour = inks.quantity(cursor.phase) if cursor.phase in spec.cell.names else inks.accent
        self._mark.show_phase(words.phase_sign(spec, cursor.phase), QColor(colour), state.pointed)


def _geometry(plan: Plan, inks: Inks) -> Geometry:
    widths = caption_widths(plan, inks)
    levels, sizes = RowLevels(plan.spec, plan.layers, len(widths)), sizes_for(plan, inks, widths)
    stacked = Geometry(levels, sizes, len(plan.columns))
    one_line = min(len(widths), 1)
    return replace(stacked, levels=replace(levels, caption_lines=one_line)) if stacked.fits_captions else stacked


def _slots_in(state: State, inks: Inks, room: QSizeF) -> int:
    """Return with how many steps the texts are easily read while the whole is in sight."""
    least = _geometry(Plan.of(state, LEAST_SLOTS), inks)
    bounds, slot = least.bounds, least.sizes.slot
    scale = min(max(room.height() / bounds.height(), _SCALES[0]), _SCALES[1])
    more = int((room.width() / scale - bounds.width()) // slot)
    return min(max(LEAST_SLOTS + more, LEAST_SLOTS), MOST_SLOTS)
