"""The scene that shows one cell at one step."""

from __future__ import annotations

import time

from PySide6.QtCore import QEvent, QPoint, QPointF, QRect, QRectF, Qt, Signal
from PySide6.QtGui import QColor, QKeyEvent, QPainter
from PySide6.QtWidgets import QGraphicsScene, QGraphicsSceneHelpEvent, QGraphicsSceneMouseEvent, QToolTip

from gatescope_app.look.theme import Theme
from gatescope_app.look.tooltips import show_tooltip
from gatescope_app.panels.diagram.cell.background import Background
from gatescope_app.panels.diagram.cell.cell_texts import CellWords
from gatescope_app.panels.diagram.cell.flow import Flow
from gatescope_app.panels.diagram.cell.highlight import Emphasis, Highlight
from gatescope_app.panels.diagram.cell.layout import Box, CellLayout, OperationNode, Tag, grown
from gatescope_app.panels.diagram.cell.layouts import layout_of
from gatescope_app.panels.diagram.cell.motion import Pace, reduced_motion
from gatescope_app.panels.diagram.cell.numbers import Carried, RunNumbers
from gatescope_app.panels.diagram.cell.packets import packets
from gatescope_app.panels.diagram.cell.strip_contents import Faces, work_of
from gatescope_app.panels.diagram.cell.strips import Strips
from gatescope_app.state.session import State

_BY_UNIT = {Qt.Key.Key_Up: -1, Qt.Key.Key_Down: 1}
_BY_QUANTITY = {Qt.Key.Key_PageUp: -1, Qt.Key.Key_PageDown: 1}

Target = Tag | Box | OperationNode


class CellScene(QGraphicsScene):
    """The cell that the cursor is in, as a drawing that carries its numbers.

    Up and Down select a unit, Page Up and Page Down a quantity; a click selects what is clicked.

    Signals
    -------
    quantity_picked(str), unit_picked(int)
        What was clicked, or chosen with the keys.
    pointed(object)
        What the mouse is over, as in `Session.point_at`; None for nothing.
    """

    quantity_picked = Signal(str)
    unit_picked = Signal(int)
    pointed = Signal(object)

    highlight: Highlight  # these from the first `apply` on
    strips: Strips
    _flow: Flow
    _background: Background
    _faces: Faces

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self._theme = theme
        self._words = CellWords(self)
        self._pace = Pace()
        self._state: State | None = None
        self._numbers = RunNumbers()
        self._carried: Carried = {}
        self._works: dict[str, float] = {}
        self._layout: CellLayout | None = None
        self._mouse: tuple[QPointF, QPoint] | None = None  # where it is, in the drawing and on the screen
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

    def apply(self, old: State | None, new: State) -> None:
        """Show another state; without an old one, all of it."""
        layout = layout_of(new.setup.spec)
        if layout is not self._layout:
            self._lay_out(layout)
        self._state = new
        if old is None or _moved(old, new):
            self._show_numbers(new)
        phase = new.cursor.phase if self._carried else ""  # before the first run, and where an element has ended
        self.highlight.show_emphasis(Emphasis(phase, new.quantity, new.pointed))
        self._flow_in(old, new)

    def forget(self) -> None:
        """Let go of the run that is shown."""
        self._state, self._numbers, self._carried = None, RunNumbers(), {}

    def _lay_out(self, layout: CellLayout) -> None:
        """Begin a drawing anew."""
        if self._layout is not None:
            self._flow.discard()
            self.clear()
        self._layout = layout
        self._background, self._faces = Background(layout, self._theme), Faces(layout, self._theme)
        self.highlight, self.strips = Highlight(layout, self._theme), Strips(layout, self._theme)
        self._flow = Flow(layout.area, self._theme, self)
        for item in (self.highlight, self.strips, self._flow):
            self.addItem(item)
        self.setSceneRect(grown(layout.area, 4))
        self.invalidate(self.sceneRect(), QGraphicsScene.SceneLayer.BackgroundLayer)
        if self._state is not None:
            self._show_numbers(self._state)

    def _show_numbers(self, state: State) -> None:
        numbers = self._numbers.of(state)
        self._carried = {} if numbers is None else numbers.at(state)
        self._works = {} if numbers is None else numbers.preactivations(state)
        for tag, face in self._faces.of(state, self._carried, numbers):
            self.strips.show_face(tag, face)
        for box in () if self._layout is None else self._layout.boxes:
            if box.is_gate:
                self.strips.show_work(box, work_of(box, self._works.get(box.makes)))
        if self._mouse is not None and QToolTip.isVisible():
            self._tell()  # or it would go on telling of another step

    @property
    def description(self) -> str:
        """Return what is shown, for who cannot see it."""
        state = self._state
        return "" if state is None else self._words.description(state, self._carried.get(state.quantity))

    # movement

    def _flow_in(self, old: State | None, new: State) -> None:
        """Let values move where the next phase was executed; any other change ends what moves."""
        if old is None or (old.run is new.run and old.cursor == new.cursor):
            return
        self._flow.stop()
        into_next = old.run is new.run and new.order.after(old.cursor, 1) == new.cursor
        if self._pace.is_slow(time.monotonic()) and into_next and self._seen and not reduced_motion():
            phase = new.cursor.phase
            self._flow.start(packets(layout_of(new.setup.spec), self._theme, self.strips.faces, phase))

    @property
    def _seen(self) -> bool:
        return any(view.isVisible() for view in self.views())

    # the mouse

    def target_at(self, place: QPointF) -> Target | None:
        """Return which part of the drawing is at a place."""
        if self._layout is None:
            return None
        for tag in self._layout.tags:
            if tag.strip.adjusted(0, -3, 0, 3).contains(place) or tag.text.contains(place):
                return tag
        parts: tuple[Box | OperationNode, ...] = (*self._layout.nodes, *self._layout.boxes)
        return next((part for part in parts if part.area.contains(place)), None)

    def mouseMoveEvent(self, event: QGraphicsSceneMouseEvent) -> None:
        """Say what is pointed at, here and in all views."""
        self._mouse = (event.scenePos(), event.screenPos())
        self.pointed.emit(_symbol_of(self.target_at(event.scenePos())))
        self._tell()
        super().mouseMoveEvent(event)

    def helpEvent(self, event: QGraphicsSceneHelpEvent) -> None:
        """Leave what is told where it is: Qt would tell of items, and they have nothing to tell."""
        event.accept()

    def _tell(self) -> None:
        """Tell of what the mouse is over."""
        views = self.views()
        if self._mouse is not None and views:
            place, on_screen = self._mouse
            target = self.target_at(place)
            text = "" if target is None else self._describe(target, place)
            show_tooltip(on_screen, text, views[0].viewport())

    def _describe(self, target: Target, place: QPointF) -> str:
        assert self._state is not None
        if not isinstance(target, Tag):
            return self._words.of_part(self._state, target, self._works.get(target.makes))
        values, unit = self._carried.get(target.name), self._unit_at(target, place)
        if unit is None and target.name != "x":
            unit = self._state.focus.unit
        return self._words.of_tag(self._state, target, values, unit)

    def _unit_at(self, tag: Tag, place: QPointF) -> int | None:
        values, strip = self._carried.get(tag.name), tag.strip.adjusted(0, -3, 0, 3)
        if values is None or not strip.contains(place):
            return None
        return min(int((place.x() - strip.left()) / strip.width() * len(values)), len(values) - 1)

    def mousePressEvent(self, event: QGraphicsSceneMouseEvent) -> None:
        """Select what is clicked: a quantity, and on a strip a unit."""
        target = self.target_at(event.scenePos())
        picked = target.of if isinstance(target, Tag) else None if target is None else target.makes
        if event.button() != Qt.MouseButton.LeftButton or picked is None:
            event.ignore()  # the canvas may be moved
            return
        event.accept()
        self.quantity_picked.emit(picked)
        unit = self._unit_at(target, event.scenePos()) if isinstance(target, Tag) else None
        if unit is not None:
            self.unit_picked.emit(unit)

    def event(self, event: QEvent) -> bool:
        """Say no more when the mouse leaves."""
        if event.type() == QEvent.Type.Leave:
            self._mouse = None
            QToolTip.hideText()
            self.pointed.emit(None)
        return super().event(event)

    # the keys

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Select another unit or quantity."""
        plain = not event.modifiers() & ~Qt.KeyboardModifier.KeypadModifier
        key, state = Qt.Key(event.key()), self._state
        if not plain or state is None or key not in {**_BY_UNIT, **_BY_QUANTITY}:
            super().keyPressEvent(event)
            return
        event.accept()
        if key in _BY_UNIT:
            unit = state.focus.unit + _BY_UNIT[key]
            if 0 <= unit < state.setup.spec.hidden_size:
                self.unit_picked.emit(unit)
        else:
            names = state.setup.spec.cell.names
            place = names.index(state.quantity) + _BY_QUANTITY[key]
            self.quantity_picked.emit(names[min(max(place, 0), len(names) - 1)])

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


def _symbol_of(target: Target | None) -> str | None:
    if target is None:
        return None
    return target.pointed if isinstance(target, Tag) else target.makes
