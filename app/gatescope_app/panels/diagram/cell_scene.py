"""The scene that shows one cell at one step."""

from __future__ import annotations

import time

from PySide6.QtCore import QPointF, QRect, QRectF, Qt, Signal
from PySide6.QtGui import QColor, QPainter
from PySide6.QtWidgets import QGraphicsScene, QGraphicsSceneHelpEvent, QGraphicsSceneMouseEvent, QToolTip

from gatescope_app.look.theme import Theme
from gatescope_app.look.tooltips import show_tooltip
from gatescope_app.panels.diagram.canvas import DiagramScene
from gatescope_app.panels.diagram.cell_drawings.drawing_table import layout_of
from gatescope_app.panels.diagram.cell_layout import Box, CellLayout, OperationNode, WireStrip, grown
from gatescope_app.panels.diagram.cell_motion import PacketFlow, phase_packets, reduced_motion
from gatescope_app.panels.diagram.cell_painting import Background, Emphasis, Highlight
from gatescope_app.panels.diagram.cell_strips import RunNumbers, StripContents, StripsItem, WireValues, format_gate
from gatescope_app.panels.diagram.diagram_texts import CellTexts
from gatescope_app.panels.diagram.drawing_items import TYPE
from gatescope_app.state.session_state import State

_BY_UNIT = {Qt.Key.Key_Up: -1, Qt.Key.Key_Down: 1}
_BY_QUANTITY = {Qt.Key.Key_PageUp: -1, Qt.Key.Key_PageDown: 1}
_SLOW = 0.3  # seconds between steps from which on there is time for something to move

Target = WireStrip | Box | OperationNode


class CellScene(DiagramScene):
    """The cell that the cursor is in, as a drawing that carries its numbers.

    Up and Down select a unit, Page Up and Page Down a quantity; a click selects what is clicked.

    Signals
    -------
    quantity_picked(str), unit_picked(int)
        What was clicked, or chosen with the keys.
    """

    quantity_picked = Signal(str)
    unit_picked = Signal(int)

    highlight: Highlight  # these from the first `apply` on
    strips: StripsItem
    _flow: PacketFlow
    _background: Background
    _contents: StripContents

    def __init__(self, theme: Theme) -> None:
        super().__init__(theme)
        self._texts = CellTexts(self)
        self._last_step = float("-inf")  # when it came, in seconds
        self._numbers = RunNumbers()
        self._wire_values: WireValues = {}
        self._preactivations: dict[str, float] = {}
        self._layout: CellLayout | None = None
        self.setItemIndexMethod(QGraphicsScene.ItemIndexMethod.NoIndex)  # three items

    # what is shown

    @property
    def layout(self) -> CellLayout | None:
        """Where everything is; None before anything is shown."""
        return self._layout

    @property
    def moving(self) -> bool:
        """Whether values are on their way."""
        return self._layout is not None and self._flow.moving

    def set_theme(self, theme: Theme) -> None:
        """Take other colours; they are shown with the next `apply`."""
        self._theme = theme
        if self._layout is not None:
            self._lay_out(self._layout)
            if self._state is not None:
                self._show_numbers(self._state)

    def apply(self, old: State | None, new: State) -> None:
        """Show another state; without an old one, all of it."""
        self._state = new  # first of all: what a new drawing brings under the mouse is described by it
        layout = layout_of(new.setup.spec)
        if layout is not self._layout:
            self._wire_values, self._preactivations = {}, {}
            self._lay_out(layout)
        if old is None or _moved(old, new):
            self._show_numbers(new)
        phase = new.cursor.phase if self._wire_values else ""  # before the first run, and where an element has ended
        self.highlight.show_emphasis(Emphasis(phase, new.quantity, new.pointed))
        self._flow_in(old, new)

    def forget(self) -> None:
        """Let go of the run that is shown."""
        super().forget()
        self._numbers, self._wire_values = RunNumbers(), {}

    def _lay_out(self, layout: CellLayout) -> None:
        """Begin a drawing anew."""
        if self._layout is not None:
            self._flow.discard()
            self.clear()
        self._layout = layout
        self._background, self._contents = Background(layout, self._theme), StripContents(layout, self._theme)
        self.highlight, self.strips = Highlight(layout, self._theme), StripsItem(layout, self._theme)
        self._flow = PacketFlow(layout.area, self)
        for item in (self.highlight, self.strips, self._flow):
            self.addItem(item)
        self.setSceneRect(grown(layout.area, 4))
        self.invalidate(self.sceneRect(), QGraphicsScene.SceneLayer.BackgroundLayer)

    def _show_numbers(self, state: State) -> None:
        numbers = self._numbers.of(state)
        self._wire_values = {} if numbers is None else numbers.at(state)
        self._preactivations = {} if numbers is None else numbers.preactivations(state)
        for strip, content in self._contents.of(state, self._wire_values, numbers):
            self.strips.show_content(strip, content)
        for box in () if self._layout is None else self._layout.boxes:
            if box.is_gate:
                self.strips.show_gate_text(box, format_gate(box, self._preactivations.get(box.makes)))
        if self._mouse is not None and QToolTip.isVisible():
            self._show_tooltip()  # or it would go on telling of another step

    @property
    def type_size(self) -> float:
        """The height of the drawing's type, in units of the scene."""
        return TYPE

    @property
    def description(self) -> str:
        """Return what is shown, for who cannot see it."""
        state = self._state
        return "" if state is None else self._texts.describe_cell(state, self._wire_values.get(state.quantity))

    # movement

    def _flow_in(self, old: State | None, new: State) -> None:
        """Let values move where the next phase was executed; any other change ends what moves."""
        if old is None or (old.run is new.run and old.cursor == new.cursor):
            return
        self._flow.stop()
        into_next = old.run is new.run and new.order.after(old.cursor, 1) == new.cursor
        if self._comes_slowly() and into_next and self._seen and not reduced_motion():
            phase = new.cursor.phase
            self._flow.start(phase_packets(layout_of(new.setup.spec), self._theme, self.strips.contents, phase))

    def _comes_slowly(self) -> bool:
        """Note a step, and return whether the one before is long enough ago."""
        before, self._last_step = self._last_step, time.monotonic()
        return self._last_step - before >= _SLOW

    @property
    def _seen(self) -> bool:
        return any(view.isVisible() for view in self.views())

    # the mouse

    def target_at(self, place: QPointF) -> Target | None:
        """Return which part of the drawing is at a place."""
        if self._layout is None:
            return None
        for strip in self._layout.strips:
            if strip.hit_rect.contains(place) or strip.text_rect.contains(place):
                return strip
        parts: tuple[Box | OperationNode, ...] = (*self._layout.nodes, *self._layout.boxes)
        return next((part for part in parts if part.area.contains(place)), None)

    def pointed_at(self, place: QPointF) -> str | None:
        """Return what a place stands for."""
        target = self.target_at(place)
        return None if target is None else target.pointed

    def mouseMoveEvent(self, event: QGraphicsSceneMouseEvent) -> None:
        """Say what is pointed at, here and in all views."""
        super().mouseMoveEvent(event)
        self._show_tooltip()

    def helpEvent(self, event: QGraphicsSceneHelpEvent) -> None:
        """Leave the tooltip where it is: Qt would show those of items, which have none."""
        event.accept()

    def _show_tooltip(self) -> None:
        """Describe what the mouse is over."""
        views = self.views()
        if self._mouse is not None and views:
            place, on_screen = self._mouse
            show_tooltip(on_screen, self.describe_at(place), views[0].viewport())

    def describe_at(self, place: QPointF) -> str:
        """Return the description of what is at a place."""
        target, state = self.target_at(place), self._state
        if target is None or state is None:
            return ""
        if not isinstance(target, WireStrip):
            return self._texts.describe_part(state, target, self._preactivations.get(target.makes))
        unit = self._unit_at(target, place)
        if unit is None and target.name != "x":
            unit = state.focus.unit
        return self._texts.describe_strip(state, target, self._wire_values.get(target.name), unit)

    def _unit_at(self, strip: WireStrip, place: QPointF) -> int | None:
        values = self._wire_values.get(strip.name)
        if values is None or not strip.hit_rect.contains(place):
            return None
        return min(int((place.x() - strip.rect.left()) / strip.rect.width() * len(values)), len(values) - 1)

    def mousePressEvent(self, event: QGraphicsSceneMouseEvent) -> None:
        """Select what is clicked: a quantity, and on a strip a unit."""
        target = self.target_at(event.scenePos())
        picked = None if target is None else target.quantity if isinstance(target, WireStrip) else target.makes
        if event.button() != Qt.MouseButton.LeftButton or picked is None:
            event.ignore()  # the canvas may be moved
            return
        event.accept()
        self.quantity_picked.emit(picked)
        unit = self._unit_at(target, event.scenePos()) if isinstance(target, WireStrip) else None
        if unit is not None:
            self.unit_picked.emit(unit)

    # the keys

    def press(self, key: Qt.Key, state: State) -> bool:
        """Select another unit or quantity."""
        if key in _BY_UNIT:
            unit = state.focus.unit + _BY_UNIT[key]
            if 0 <= unit < state.setup.spec.hidden_size:
                self.unit_picked.emit(unit)
        elif key in _BY_QUANTITY:
            names = state.setup.spec.cell.names
            place = names.index(state.quantity) + _BY_QUANTITY[key]
            self.quantity_picked.emit(names[min(max(place, 0), len(names) - 1)])
        return key in _BY_UNIT or key in _BY_QUANTITY

    # painting

    def drawBackground(self, painter: QPainter, rect: QRectF | QRect) -> None:
        """Draw what stays the same; the canvas keeps a picture of it."""
        painter.fillRect(rect, QColor(self._theme.window))
        if self._layout is not None:
            self._background.draw(painter)


def _moved(old: State, new: State) -> bool:
    """Whether other numbers are to be shown, or another one of them."""
    same_place = old.cursor == new.cursor and old.focus == new.focus
    return not same_place or old.run is not new.run or old.ghost is not new.ghost or old.setup is not new.setup
