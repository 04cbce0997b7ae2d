"""The network unrolled over time, as a scene: layers upwards, steps to the right, the current cell marked."""

from __future__ import annotations

from dataclasses import replace

from PySide6.QtCore import QPointF, QSizeF, Qt, Signal
from PySide6.QtGui import QColor, QKeyEvent
from PySide6.QtWidgets import QApplication, QGraphicsScene, QGraphicsSceneHelpEvent, QGraphicsSceneMouseEvent

from gatescope.traces.order import Cursor
from gatescope_app.look.theme import Theme
from gatescope_app.look.tooltips import show_tooltip
from gatescope_app.panels.diagram.network import network_texts as words
from gatescope_app.panels.diagram.network.drawing import NetworkDrawing
from gatescope_app.panels.diagram.network.inks import Inks
from gatescope_app.panels.diagram.network.nodes import Reactions, StripNode
from gatescope_app.state.session import State

_WAYS = {Qt.Key.Key_Up: 1, Qt.Key.Key_Down: -1}
_USUAL_ROOM = QSizeF(720, 260)  # before there is a view


class UnrolledScene(QGraphicsScene):
    """Shows every layer and direction at the steps around the cursor, as far as they are computed.

    Signals
    -------
    cursor_picked(Cursor)
        A cell to go to.
    cell_opened(Cursor)
        A cell to see the inside of.
    pointed(str or None)
        What the mouse is over, as `Session.point_at` takes it.
    """

    cursor_picked = Signal(object)
    cell_opened = Signal(object)
    pointed = Signal(object)

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self._theme = theme
        self._inks = Inks(theme, QApplication.font())
        self._state: State | None = None
        reactions = Reactions(self.cursor_picked.emit, self.cell_opened.emit, self.pointed.emit)
        self.drawing = NetworkDrawing(self, reactions)
        self.setBackgroundBrush(QColor(theme.base))

    def set_theme(self, theme: Theme) -> None:
        """Take the colours of another theme, and its size of type, with the next `apply` from scratch."""
        self._theme = theme
        self.setBackgroundBrush(QColor(theme.base))

    @property
    def description(self) -> str:
        """Where the cursor is, in words, for those who do not see the picture."""
        return "" if self._state is None else words.described(self._state)

    def apply(self, old: State | None, new: State) -> None:
        """Show another state; `old` is what is shown now, None for nothing that could be kept."""
        self._state = new
        if old is None:
            self._inks = Inks(self._theme, QApplication.font())
        self.drawing.show(new, self._inks, self._room(), anew=old is None)
        if self.sceneRect() != self.drawing.bounds:
            self.setSceneRect(self.drawing.bounds)

    def forget(self) -> None:
        """Let go of the run that is shown."""
        self._state = None

    def suit_room(self) -> None:
        """Show as many steps as the view has room for now that its size is another."""
        if self._state is not None:
            self.apply(self._state, self._state)

    def _room(self) -> QSizeF:
        views = self.views()
        return QSizeF(views[0].viewport().size()) if views else _USUAL_ROOM

    # keyboard and mouse

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Go up and down with the arrow keys, and open the current cell with Enter."""
        plain = not event.modifiers() & ~Qt.KeyboardModifier.KeypadModifier
        state, key = self._state, event.key()
        if state is not None and plain and key in _WAYS:
            self._go(state, _WAYS[Qt.Key(key)])
        elif state is not None and plain and key in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self.cell_opened.emit(state.cursor)
        else:
            super().keyPressEvent(event)
            return
        event.accept()

    def _go(self, state: State, way: int) -> None:
        cursor, cells = state.cursor, state.setup.spec.cells()
        index = cells.index((cursor.layer, cursor.direction)) + way
        if 0 <= index < len(cells):
            layer, direction = cells[index]
            self.cursor_picked.emit(replace(cursor, layer=layer, direction=direction))

    def mousePressEvent(self, event: QGraphicsSceneMouseEvent) -> None:
        """Go to the step whose number is clicked; a box under the mouse takes the button itself."""
        super().mousePressEvent(event)
        t = None if self._state is None or event.isAccepted() else self.drawing.step_at(event.scenePos())
        if self._state is not None and t is not None:
            self.cursor_picked.emit(Cursor(t, self._state.cursor.layer, self._state.cursor.direction))
            event.accept()  # without this the view would drag the picture

    def helpEvent(self, event: QGraphicsSceneHelpEvent) -> None:
        """Tell of what the mouse is over; the texts are not made before they are asked for."""
        show_tooltip(event.screenPos(), self.describe_at(event.scenePos()), event.widget())
        event.accept()

    def describe_at(self, place: QPointF) -> str:
        """Return what there is to tell of a place."""
        node = next((item for item in self.items(place) if isinstance(item, StripNode)), None)
        if self._state is None or node is None or node.tell is None:
            return ""
        return node.tell(self._state)

    def cell_at(self, cursor: Cursor) -> StripNode | None:
        """Return the box of a cell at a step, where it is shown."""
        for row in self.drawing.rows:
            if (row.layer, row.direction) == (cursor.layer, cursor.direction):
                columns = self.drawing.plan.columns
                return row.cells[columns.index(cursor.t)] if cursor.t in columns else None
        return None
