"""The maps side by side, with their names, as they are painted, scrolled and zoomed."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from math import ceil
from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent, QPointF, QRectF, QSizeF, Qt
from PySide6.QtGui import QColor, QPainter, QPaintEvent, QResizeEvent, QWheelEvent
from PySide6.QtWidgets import QScrollBar

from gatescope.edits.edits import WeightEdit
from gatescope_app.look.theme import Theme
from gatescope_app.panels.weights.cell_field import CellField
from gatescope_app.panels.weights.labels import MapLabels
from gatescope_app.panels.weights.layout import MapLayout
from gatescope_app.panels.weights.maps import CellMaps, MapPlace
from gatescope_app.panels.weights.marks import Marks
from gatescope_app.panels.weights.picture import draw_numbers
from gatescope_app.panels.weights.scale import STEP, MapScale, Measures
from gatescope_app.widgets.pointed_widget import PaintedScrollArea
from gatescope_app.widgets.ready_picture import ReadyPicture

if TYPE_CHECKING:
    from gatescope_app.state.session_state import State

_MARGIN = 8.0  # pixels at the right and the bottom, for outlines


class MapSurface(PaintedScrollArea):
    """Names stay in sight while the numbers scroll.

    Parameters
    ----------
    theme : Theme
        The colours.
    """

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self.theme, self.hint, self.message = theme, "", ""
        self.scale = MapScale()
        self.maps: CellMaps | None = None
        self.layout_of_maps: MapLayout | None = None
        self.cursor_place: MapPlace | None = None
        self.state: State | None = None
        self.remarks: dict[MapPlace, str] = {}
        self.pointed_place: MapPlace | None = None
        self._zoomed_into: tuple[object, ...] = ()
        self._field_place: MapPlace | None = None
        self._measures = Measures(self.font())
        self._picture = ReadyPicture()
        self.field = CellField(self, self.viewport())
        for bar in (self.horizontalScrollBar(), self.verticalScrollBar()):
            bar.valueChanged.connect(lambda _: self._redraw())

    # what is shown

    def set_maps(self, maps: CellMaps | None, message: str = "") -> None:
        """Show other maps; none, and why not, while they are being read."""
        self.maps, self.message = maps, message
        if maps is not None and self._zoomed_into != _cell(maps):
            self._zoomed_into = _cell(maps)
            self.field.close()
            self._field_place = self.pointed_place = self.cursor_place = None  # which these maps may not have
            self.scale.zoom = 1.0
        self._lay_out()

    def open_field(self, place: MapPlace, text: str, name: str, read: Callable[[str], WeightEdit]) -> None:
        """Let another number be typed over one; see `CellField.open`."""
        self.field.open(text, name, read, self.theme)
        self._field_place = place
        self.field.place(self.rect_of(place))

    def set_state(self, state: State, remarks: dict[MapPlace, str], cursor: MapPlace | None) -> None:
        """Mark what is selected, pointed at and edited; the maps must be set before."""
        moved = cursor != self.cursor_place
        self.state, self.remarks, self.cursor_place = state, remarks, cursor
        if moved and cursor is not None and self.field.line is None:
            self.reveal(cursor)
        self.viewport().update()

    def set_theme(self, theme: Theme) -> None:
        """Take other colours, and the size of type in force."""
        self.theme = theme
        self._measures = Measures(self.font())
        self._lay_out()

    def changeEvent(self, event: QEvent) -> None:
        """Follow the size of type."""
        super().changeEvent(event)
        if event.type() == QEvent.Type.FontChange:
            self._measures = Measures(self.font())
            self._lay_out()

    # places

    @property
    def gutter(self) -> float:
        """The width of the labels at the left."""
        height = self.maximumViewportSize().height() - self._measures.head
        return 0.0 if self.maps is None else self._measures.gutter(self.maps, height)

    @property
    def body(self) -> QRectF:
        """Where the numbers are, in pixels of the viewport."""
        left, top = self.gutter, self._measures.head
        return QRectF(left, top, max(1.0, self.viewport().width() - left), max(1.0, self.viewport().height() - top))

    @property
    def offset(self) -> QPointF:
        """What of the layout is at the left top corner of the body."""
        return QPointF(self.horizontalScrollBar().value(), self.verticalScrollBar().value())

    def rect_of(self, place: MapPlace) -> QRectF:
        """Return where a number is shown, in pixels of the viewport."""
        assert self.layout_of_maps is not None
        return self.layout_of_maps.rect(place).translated(self.body.topLeft() - self.offset)

    def place_at(self, point: QPointF) -> MapPlace | None:
        """Return the number at a pixel of the viewport."""
        if self.layout_of_maps is None or not self.body.contains(point):
            return None
        return self.layout_of_maps.at(point - self.body.topLeft() + self.offset)

    def reveal(self, place: MapPlace) -> None:
        """Scroll until a number is seen."""
        if self.layout_of_maps is None:
            return
        rect, body = self.layout_of_maps.rect(place), self.body
        for bar, start, end, page in (
            (self.horizontalScrollBar(), rect.left(), rect.right(), body.width() - _MARGIN),
            (self.verticalScrollBar(), rect.top(), rect.bottom(), body.height() - _MARGIN),
        ):
            bar.setValue(round(max(min(bar.value(), start), min(end - page, start))))

    def _lay_out(self) -> None:
        """Put the maps into the room there is, at the zoom in force."""
        self.layout_of_maps = None
        if self.maps is not None:
            self.layout_of_maps = self._fitted(self.maps)
            self._set_ranges(self.layout_of_maps.size)
        self._redraw()

    def _fitted(self, maps: CellMaps) -> MapLayout:
        """Return the layout for the room; for what a scroll bar at the side leaves of it, where there must be one."""
        room = self._room
        layout = self.scale.layout(maps, room, self._measures)
        if layout.size.height() <= room.height() + 1:
            return layout
        room.setWidth(max(1.0, room.width() - self.verticalScrollBar().sizeHint().width()))
        return self.scale.layout(maps, room, self._measures)

    def _set_ranges(self, size: QSizeF) -> None:
        """Show a scroll bar only where there is too little room; one bar takes room from the other."""
        # Not from the viewport's size, which the bars have shrunk that are there now: two would keep each other.
        room, aside, below = self._room, self.verticalScrollBar(), self.horizontalScrollBar()
        high = size.height() > room.height() + 1
        wide = size.width() > room.width() + 1 - high * aside.sizeHint().width()
        high = size.height() > room.height() + 1 - wide * below.sizeHint().height()
        page = room - QSizeF(high * aside.sizeHint().width(), wide * below.sizeHint().height())
        self._set_range(below, size.width() if wide else 0.0, page.width())
        self._set_range(aside, size.height() if high else 0.0, page.height())

    def _set_range(self, bar: QScrollBar, size: float, page: float) -> None:
        bar.setPageStep(int(page))
        bar.setSingleStep(ceil(self._measures.line))
        bar.setRange(0, max(0, ceil(size - page - 0.5)))  # shows the bar or hides it: last, as it may resize

    @property
    def _room(self) -> QSizeF:
        """What there is without scroll bars."""
        whole = self.maximumViewportSize()
        return QSizeF(
            max(1.0, whole.width() - self.gutter - _MARGIN), max(1.0, whole.height() - self._measures.head - _MARGIN)
        )

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Fit the maps again."""
        super().resizeEvent(event)
        self._lay_out()

    # zoom

    def zoom_by(self, factor: float) -> None:
        """Show the numbers larger or smaller; the one pointed at, or else the cursor's, stays where it is."""
        if self.maps is not None:
            most = self.scale.largest(self.maps, self._room, self._measures)
            self._zoom_to(max(1.0, min(self.scale.zoom * factor, most)))

    def zoom_to_fit(self) -> None:
        """Show everything."""
        self._zoom_to(1.0)

    def zoom_to_read(self) -> None:
        """Show the numbers large enough to be written."""
        if self.maps is not None:
            self._zoom_to(self.scale.to_read(self.maps, self._room, self._measures))

    def _zoom_to(self, zoom: float) -> None:
        kept = self.pointed_place or self.cursor_place
        before = None if kept is None or self.layout_of_maps is None else self.rect_of(kept).center()
        self.scale.zoom = zoom
        self._lay_out()
        if kept is None or before is None:
            return
        moved = self.rect_of(kept).center() - before
        for bar, by in ((self.horizontalScrollBar(), moved.x()), (self.verticalScrollBar(), moved.y())):
            bar.setValue(bar.value() + round(by))
        self.reveal(kept)

    def wheelEvent(self, event: QWheelEvent) -> None:
        """Zoom with Ctrl, sideways with Shift, else scroll."""
        if event.modifiers() & Qt.KeyboardModifier.ControlModifier:
            self.zoom_by(STEP ** (event.angleDelta().y() / 120))
            event.accept()
        else:
            super().wheelEvent(event)

    # painting

    def _redraw(self) -> None:
        self._picture.forget()
        if self._field_place is not None and self.layout_of_maps is not None:
            self.field.place(self.rect_of(self._field_place))
        self.viewport().update()

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Draw the numbers from their picture, and the rest over them."""
        painter = QPainter(self.viewport())
        painter.fillRect(self.viewport().rect(), QColor(self.theme.window))
        if self.maps is None or self.layout_of_maps is None or self.state is None:
            painter.setPen(QColor(self.theme.faint))
            painter.drawText(self.viewport().rect(), Qt.AlignmentFlag.AlignCenter, self.message)
            return
        body = self.body
        self._paint_labels(painter, body)
        painter.setClipRect(body.adjusted(-4, -3, 0, 0))
        self._draw_numbers(painter, body, self.layout_of_maps)
        painter.translate(body.topLeft() - self.offset)
        marks = Marks(self.layout_of_maps, self.theme, self.state)
        marks.draw(painter, self.remarks, self.cursor_place, has_focus=self.hasFocus())

    def _draw_numbers(self, painter: QPainter, body: QRectF, layout: MapLayout) -> None:
        """Show the picture of the numbers in sight."""
        seen = QRectF(self.offset, body.size())

        def draw(picture: QPainter) -> None:
            draw_numbers(picture, layout, seen, self.theme, self._measures)

        self._picture.prepare(body.size().toSize(), self.devicePixelRatioF(), None, draw)
        self._picture.reveal(painter, body.topLeft(), body)

    def _paint_labels(self, painter: QPainter, body: QRectF) -> None:
        labels, offset = self.labels(), self.offset
        heads = QRectF(body.left(), 0, body.width(), body.top())
        with _inside(painter, heads):
            labels.draw_heads(painter, offset.x(), body.width())
        with _inside(painter, QRectF(0, body.top(), body.left(), body.height())):
            labels.draw_rows(painter, offset.y(), body.left(), body.height())

    def labels(self) -> MapLabels:
        """Return what draws the names."""
        assert self.layout_of_maps is not None
        assert self.state is not None
        return MapLabels(self.layout_of_maps, self._measures, self.theme, self.state, self.hint)


@contextmanager
def _inside(painter: QPainter, area: QRectF) -> Iterator[None]:
    """Draw inside an area, from its left top corner."""
    painter.save()
    painter.setClipRect(area)
    painter.translate(area.topLeft())
    yield
    painter.restore()


def _cell(maps: CellMaps) -> tuple[object, ...]:
    """Return what must be the same for what was zoomed into, or is being typed, to be there still."""
    return maps.spec, maps.layer, maps.direction
