"""The network unrolled over time, as a scene: layers upwards, steps to the right, the current cell marked."""

from __future__ import annotations

from dataclasses import replace

from PySide6.QtCore import QPointF, QSizeF, Qt, Signal
from PySide6.QtGui import QColor, QFontInfo
from PySide6.QtWidgets import QApplication, QGraphicsSceneHelpEvent, QGraphicsSceneMouseEvent

from gatescope.traces.order import Cursor
from gatescope_app.look.theme import Theme
from gatescope_app.look.tooltips import show_tooltip
from gatescope_app.panels.diagram.canvas import DiagramScene
from gatescope_app.panels.diagram.diagram_texts import describe_network
from gatescope_app.panels.diagram.network_drawing import NetworkDrawing
from gatescope_app.panels.diagram.network_items import NetworkStyle, StripNode
from gatescope_app.state.session_state import State

_BY_CELL = {Qt.Key.Key_Up: 1, Qt.Key.Key_Down: -1}
_OPEN = (Qt.Key.Key_Return, Qt.Key.Key_Enter)
_USUAL_ROOM = QSizeF(720, 260)  # before there is a view


class NetworkScene(DiagramScene):
    """Shows every layer and direction at the steps around the cursor, as far as they are computed.

    Signals
    -------
    cursor_picked(Cursor)
        A cell to go to.
    cell_opened(Cursor)
        A cell to see the inside of.
    """

    cursor_picked = Signal(object)
    cell_opened = Signal(object)

    def __init__(self, theme: Theme) -> None:
        super().__init__(theme)
        self._style = NetworkStyle(theme, QApplication.font())
        self._pressed: StripNode | None = None
        self.drawing = NetworkDrawing(self)
        self.setBackgroundBrush(QColor(theme.base))

    def set_theme(self, theme: Theme) -> None:
        """Take the colours of another theme, and its size of type, with the next `apply` from scratch."""
        self._theme = theme
        self.setBackgroundBrush(QColor(theme.base))

    @property
    def type_size(self) -> float:
        """The height of the drawing's type, in units of the scene."""
        return QFontInfo(self._style.font).pixelSize()

    @property
    def description(self) -> str:
        """Where the cursor is, in words, for those who do not see the picture."""
        return "" if self._state is None else describe_network(self._state)

    def apply(self, old: State | None, new: State) -> None:
        """Show another state; `old` is what is shown now, None for nothing that could be kept."""
        self._state = new
        if old is None:
            self._style = NetworkStyle(self._theme, QApplication.font())
        self.drawing.show(new, self._style, self._room(), anew=old is None)
        if self.sceneRect() != self.drawing.bounds:
            self.setSceneRect(self.drawing.bounds)

    def forget(self) -> None:
        """Let go of the run that is shown."""
        super().forget()
        self.drawing.forget()

    def suit_room(self) -> None:
        """Show as many steps as the view has room for now that its size is another."""
        if self._state is not None:
            self.apply(self._state, self._state)

    def _room(self) -> QSizeF:
        views = self.views()
        return QSizeF(views[0].viewport().size()) if views else _USUAL_ROOM

    # keyboard

    def press(self, key: Qt.Key, state: State) -> bool:
        """Go up and down with the arrow keys, and open the current cell with Enter."""
        if key in _BY_CELL:
            self._go(state, _BY_CELL[key])
        elif key in _OPEN:
            self.cell_opened.emit(state.cursor)
        return key in _BY_CELL or key in _OPEN

    def _go(self, state: State, by: int) -> None:
        cursor, cells = state.cursor, state.setup.spec.cells()
        index = cells.index((cursor.layer, cursor.direction)) + by
        if 0 <= index < len(cells):
            layer, direction = cells[index]
            self.cursor_picked.emit(replace(cursor, layer=layer, direction=direction))

    # mouse

    def node_at(self, place: QPointF) -> StripNode | None:
        """Return the box at a place."""
        return next((item for item in self.items(place) if isinstance(item, StripNode)), None)

    def pointed_at(self, place: QPointF) -> str | None:
        """Return what the box at a place stands for."""
        node = self.node_at(place)
        return None if node is None else node.pointed

    def mousePressEvent(self, event: QGraphicsSceneMouseEvent) -> None:
        """Go to the step whose number is clicked; a box waits until the button is let go."""
        left = event.button() == Qt.MouseButton.LeftButton
        self._pressed = self.node_at(event.scenePos()) if left else None
        t = None if self._state is None or self._pressed is not None else self.drawing.step_at(event.scenePos())
        if self._state is not None and left and t is not None:
            self.cursor_picked.emit(Cursor(t, self._state.cursor.layer, self._state.cursor.direction))
        event.setAccepted(self._pressed is not None or (left and t is not None))  # or the view drags the picture

    def mouseReleaseEvent(self, event: QGraphicsSceneMouseEvent) -> None:
        """Go to the cell that was clicked."""
        pressed, self._pressed = self._pressed, None
        if pressed is not None and pressed is self.node_at(event.scenePos()) and pressed.target is not None:
            self.cursor_picked.emit(pressed.target)

    def mouseDoubleClickEvent(self, event: QGraphicsSceneMouseEvent) -> None:
        """Open the cell."""
        self._pressed = None
        node = self.node_at(event.scenePos()) if event.button() == Qt.MouseButton.LeftButton else None
        if node is not None and node.target is not None:
            self.pointed.emit(None)  # another scene is in front then, and this one does not hear that the mouse leaves
            self.cell_opened.emit(node.target)

    def helpEvent(self, event: QGraphicsSceneHelpEvent) -> None:
        """Describe what the mouse is over; the texts are not made before they are asked for."""
        show_tooltip(event.screenPos(), self.describe_at(event.scenePos()), event.widget())
        event.accept()

    def describe_at(self, place: QPointF) -> str:
        """Return the description of the box at a place."""
        node = self.node_at(place)
        return "" if self._state is None or node is None or node.describe is None else node.describe(self._state)
