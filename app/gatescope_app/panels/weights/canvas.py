"""The maps, to be pointed at and gone through with the mouse and the keys."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QPointF, Qt, Signal
from PySide6.QtGui import QHelpEvent, QKeyEvent, QKeySequence, QMouseEvent

from gatescope_app.look.tooltips import show_tooltip
from gatescope_app.panels.weights import weight_texts as texts
from gatescope_app.panels.weights.maps import MapPlace
from gatescope_app.panels.weights.scale import STEP
from gatescope_app.panels.weights.surface import MapSurface

_Key = Qt.Key
_ROWS = {_Key.Key_Up: -1, _Key.Key_Down: 1}
_PAGES = {_Key.Key_PageUp: -1, _Key.Key_PageDown: 1}
_COLUMNS = {_Key.Key_Left: -1, _Key.Key_Right: 1}  # with Shift: alone they are the window's, as in its tables
_EDIT = (_Key.Key_F2, _Key.Key_Return, _Key.Key_Enter)


class WeightCanvas(MapSurface):
    """Up, Down, Page Up and Page Down go through the rows, Shift+Left and Shift+Right through the columns.

    Signals
    -------
    picked(Place)
        A number was clicked, or gone to with the keys.
    hovered(Place or None)
        What the mouse is over.
    block_picked(str)
        A gate's label was clicked.
    edit_asked()
        Somebody wants to type another number in place of the cursor's.
    copy_asked()
        Ctrl+C.
    hint_clicked()
        The question below the biases' names.
    """

    picked = Signal(object)
    hovered = Signal(object)
    block_picked = Signal(str)
    edit_asked = Signal()
    copy_asked = Signal()
    hint_clicked = Signal()

    # the mouse

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        self._point(self.place_at(event.position()))
        over_hint = self._on_hint(event.position())
        self.viewport().setCursor(Qt.CursorShape.PointingHandCursor if over_hint else Qt.CursorShape.ArrowCursor)
        text = self._tip(event.position())
        show_tooltip(event.globalPosition().toPoint(), text, self.viewport())

    def viewportEvent(self, event: QEvent) -> bool:
        """Leave nothing pointed at behind; and keep Qt from asking for tooltips, which are there already."""
        if event.type() == QEvent.Type.Leave:
            self._point(None)
        return isinstance(event, QHelpEvent) or super().viewportEvent(event)

    def _point(self, place: MapPlace | None) -> None:
        if place != self.pointed_place:
            self.pointed_place = place
            self.hovered.emit(place)

    def _tip(self, point: QPointF) -> str:
        """Return what is to be said of a pixel."""
        if self.maps is None or self.state is None or self.layout_of_maps is None:
            return ""
        place = self.place_at(point)
        if place is not None:
            return self.describe_place(place)
        body = self.body
        column = self.layout_of_maps.column_at(point.x() - body.left() + self.offset.x())
        if point.y() < body.top() and point.x() >= body.left() and column is not None:
            return texts.describe_map(self.maps, column.one)
        block = self.labels().row_at(point - body.topLeft(), self.offset.y()) if point.x() < body.left() else None
        return "" if block is None else texts.describe_block(self.maps, block)

    def describe_place(self, place: MapPlace) -> str:
        """Return a number in full, which it is, and what was edited."""
        assert self.maps is not None
        assert self.state is not None
        return "\n".join(filter(None, [texts.describe_number(self.state, self.maps, place), self.remarks.get(place)]))

    def _on_hint(self, point: QPointF) -> bool:
        where = None if self.maps is None or self.state is None else self.labels().hint_rect(self.offset.x())
        return where is not None and where.contains(point - QPointF(self.body.left(), 0)) and point.x() >= self.gutter

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """Go to the number, or to the gate."""
        if event.button() != Qt.MouseButton.LeftButton or self.maps is None or self.state is None:
            return
        place = self.place_at(event.position())
        if place is not None:
            self.picked.emit(place)
        elif self._on_hint(event.position()):
            self.hint_clicked.emit()
        elif event.position().x() < self.gutter:
            block = self.labels().row_at(event.position() - self.body.topLeft(), self.offset.y())
            if block is not None:
                self.block_picked.emit(block.gate)

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        """Type another number."""
        place = self.place_at(event.position())
        if place is not None and event.button() == Qt.MouseButton.LeftButton:
            self.picked.emit(place)
            self.edit_asked.emit()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Move the cursor, zoom, copy, or edit; all else is the window's."""
        key, cursor = _Key(event.key()), None if self.maps is None else self.cursor_place
        if event.matches(QKeySequence.StandardKey.Copy):
            self.copy()
        elif key in _EDIT:
            self.edit_asked.emit()
        elif cursor is not None and (key in _ROWS or key in _PAGES):
            self._go(self._down(cursor, _ROWS.get(key) or _PAGES[key] * self._page()))
        elif cursor is not None and key in _COLUMNS and event.modifiers() & Qt.KeyboardModifier.ShiftModifier:
            self._go(self._right(cursor, _COLUMNS[key]))
        elif event.text() in ("+", "-"):
            self.zoom_by(STEP if event.text() == "+" else 1 / STEP)
        elif event.text() == "0":
            self.zoom_to_fit()
        else:
            event.ignore()

    def copy(self) -> None:
        """Ask for the block at the cursor to be copied."""
        self.copy_asked.emit()

    def _go(self, place: MapPlace) -> None:
        if place != self.cursor_place:
            self.picked.emit(place)

    def _page(self) -> int:
        """Return how many rows are in sight."""
        assert self.layout_of_maps is not None
        return max(1, int(self.body.height() / self.layout_of_maps.cell.height()))

    def _down(self, place: MapPlace, by: int) -> MapPlace:
        assert self.maps is not None
        rows = len(self.maps.get(place.kind).numbers)
        return place._replace(row=max(0, min(place.row + by, rows - 1)))

    def _right(self, place: MapPlace, by: int) -> MapPlace:
        """Go to the next column, from the last one of a map into the next map."""
        assert self.maps is not None
        one, column = self.maps.get(place.kind), place.column + by
        if 0 <= column < one.columns:
            return place._replace(column=column)
        index = self.maps.maps.index(one) + by
        if not 0 <= index < len(self.maps.maps):
            return place
        other = self.maps.maps[index]
        return MapPlace(other.kind, min(place.row, len(other.numbers) - 1), 0 if by > 0 else other.columns - 1)
