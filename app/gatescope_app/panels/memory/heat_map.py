"""One quantity of all units over time, as colours."""

from __future__ import annotations

from dataclasses import dataclass

from PySide6.QtCore import QPointF, QRectF, Qt, Signal
from PySide6.QtGui import QColor, QFontMetricsF, QKeyEvent, QMouseEvent, QPainter, QPaintEvent, QWheelEvent

from gatescope.messages.number_format import format_number
from gatescope_app.look.colour_maps import Colours
from gatescope_app.look.language import format_named
from gatescope_app.look.reduction import Bins, Values
from gatescope_app.look.theme import Theme
from gatescope_app.look.tokens import format_step
from gatescope_app.panels.memory.heat_layout import HeatLayout
from gatescope_app.panels.memory.heat_painting import HeatPainter
from gatescope_app.panels.memory.time_window import TimeWindow
from gatescope_app.state.known_values import NOTHING
from gatescope_app.widgets.heat_picture import draw_heat
from gatescope_app.widgets.pointed_widget import PaintedWidget, rows_to_move
from gatescope_app.widgets.ready_picture import ReadyPicture
from gatescope_app.widgets.step_labels import StepLabels, names_width

_ZOOM = {Qt.Key.Key_Plus: 0.5, Qt.Key.Key_Minus: 2.0}
_NOTCH = 120  # of a wheel, in eighths of a degree


@dataclass(frozen=True, eq=False)
class HeatData:
    """What one map shows.

    Parameters
    ----------
    values : array
        (T, units).
    symbol : str
        The quantity's, without the time index.
    low, high : float
        What the ends of the colours stand for.
    colours : array
        From the lowest to the highest; see `gatescope_app.look.colour_maps`.
    present : int
        How many of the T steps the batch element has.
    tokens : tuple of str, optional
        What each step is called.
    """

    values: Values
    symbol: str
    low: float
    high: float
    colours: Colours
    present: int
    tokens: tuple[str, ...] | None

    @property
    def units(self) -> int:
        """How many rows there are."""
        return int(self.values.shape[1])

    def format_number(self, t: int, unit: int, known: range) -> str:
        """Return a number as it is shown, where it is known and there."""
        return format_number(float(self.values[t, unit])) if t in known and t < self.present else NOTHING


class HeatMap(PaintedWidget):
    """A row for each unit, a column for each step in view; only steps that are computed by now have colours.

    A click or a drag goes to a step, and a click to a unit. Up and Down go through the units; the wheel moves through
    time, and zooms with Ctrl, as + and - do; 0 and a double click show the whole run.

    Signals
    -------
    step_picked(int), unit_picked(int)
        A place was clicked, or a unit reached with the keys.
    pointed(bool)
        As of every `PointedWidget`.
    """

    step_picked = Signal(int)
    unit_picked = Signal(int)

    def __init__(self, theme: Theme, window: TimeWindow) -> None:
        super().__init__()
        self.theme, self.window_of_time = theme, window
        self.data: HeatData | None = None
        self.t, self.known, self.unit = 0, range(0), 0
        self._bins: Bins | None = None
        self._picture = ReadyPicture()

    # what is shown

    def set_data(self, data: HeatData | None, theme: Theme) -> None:
        """Show something else; its colours follow with `set_bins`."""
        self.data, self.theme = data, theme
        self.set_bins(None)

    def set_bins(self, bins: Bins | None) -> None:
        """Take the numbers of the steps in view."""
        self._bins = bins
        self._picture.forget()
        self.update()

    def set_cursor_to(self, t: int, known: range) -> None:
        """Mark another step, and show those that are known; only what changes is painted."""
        steps = {self.t, t}
        for old, new in ((self.known.start, known.start), (self.known.stop, known.stop)):
            steps |= {old, new} if old != new else set()
        self.t, self.known = t, known
        beyond = self.fontMetrics().horizontalAdvance(f"00{max(steps)}") + 2  # the labels are wider than the columns
        layout = self.heat_layout()
        left, right = layout.x_of(min(steps)) - beyond, layout.x_of(max(steps) + 1) + beyond
        self.update(QRectF(left, 0, right - left, self.height()).intersected(QRectF(self.rect())).toAlignedRect())

    def select(self, unit: int) -> None:
        """Mark the row of another unit."""
        if unit != self.unit:
            self.unit = unit
            self.update()

    # where things are

    def plot(self) -> QRectF:
        """Return the place of the colours, without the axes."""
        metrics, data = self.fontMetrics(), self.data
        tokens = data.tokens if data else None
        units = metrics.horizontalAdvance("0" * len(str(data.units - 1 if data else 0))) + 6
        left, lines = max(units, names_width(QFontMetricsF(self.font()), tokens)), 2 if tokens else 1
        size = max(self.width() - left - 2.0, 1.0), max(self.height() - 5.0 - lines * metrics.height(), 1.0)
        return QRectF(left, 2, *size)

    def heat_layout(self) -> HeatLayout:
        """Return where the numbers lie."""
        window = self.window_of_time
        return HeatLayout(self.plot(), range(window.first, window.stop), self.data.units if self.data else 1)

    def cell_of(self, t: int, unit: int) -> QPointF:
        """Return the middle of a number's place."""
        layout = self.heat_layout()
        return QPointF(layout.x_of(t + 0.5), layout.row_of(unit).center().y())

    def describe(self, t: int, unit: int) -> str:
        """Say what a place stands for; a number only where it is computed by now."""
        data = self.data
        if data is None:
            return ""
        number = f"{data.symbol}[{unit}] = {data.format_number(t, unit, self.known)}"
        return format_named(format_step(t, data.tokens), number)

    # the mouse and the keys

    def describe_at(self, position: QPointF) -> str:
        """Return the number at a place."""
        layout = self.heat_layout()
        if not layout.plot.contains(position):
            return ""
        return self.describe(layout.step_at(position.x()), layout.unit_at(position.y()))

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        """Take the cursor along where the button is held."""
        if event.buttons() & Qt.MouseButton.LeftButton:
            self.step_picked.emit(self.heat_layout().step_at(event.position().x()))
        else:
            super().mouseMoveEvent(event)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """Go to the step and the unit that are clicked; on the axis of t only to the step."""
        if event.button() != Qt.MouseButton.LeftButton or self.data is None:
            return
        position, layout = event.position(), self.heat_layout()
        if position.y() <= layout.plot.bottom():
            self.unit_picked.emit(layout.unit_at(position.y()))
        if position.x() >= layout.plot.left():
            self.step_picked.emit(layout.step_at(position.x()))

    def mouseDoubleClickEvent(self, _event: QMouseEvent) -> None:
        """Show the whole run."""
        self.window_of_time.show_all()

    def wheelEvent(self, event: QWheelEvent) -> None:
        """Move through time; with Ctrl zoom."""
        delta, window = event.angleDelta(), self.window_of_time
        notches = (delta.y() or delta.x()) / _NOTCH
        if event.modifiers() & Qt.KeyboardModifier.ControlModifier:
            window.zoom(0.8**notches, self.heat_layout().step_at(event.position().x()))
        elif not window.whole:
            window.move_to(window.first - round(notches * max(window.count / 10, 1)))
        event.accept()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Go through the units, or zoom around the current step."""
        key = Qt.Key(event.key())
        strange = event.modifiers() & ~(Qt.KeyboardModifier.KeypadModifier | Qt.KeyboardModifier.ShiftModifier)
        if strange or self.data is None:
            super().keyPressEvent(event)
        elif rows_to_move(event):
            self.unit_picked.emit(min(max(self.unit + rows_to_move(event), 0), self.data.units - 1))
        elif key in _ZOOM:
            self.window_of_time.zoom(_ZOOM[key], self.t)
        elif key == Qt.Key.Key_0:
            self.window_of_time.show_all()
        else:
            super().keyPressEvent(event)

    # painting

    def paintEvent(self, event: QPaintEvent) -> None:
        """Draw the colours as far as they are known, and the marks over them."""
        painter, layout = QPainter(self), self.heat_layout()
        painter.fillRect(layout.plot, QColor(self.theme.base))
        if self.data is not None and self._bins is not None:
            self._reveal(painter, layout, self.data, self._bins)
        painter.setPen(QColor(self.theme.accent if self.hasFocus() else self.theme.grid))
        painter.drawRect(layout.plot)
        if self.data is not None:
            self._draw_marks(HeatPainter(painter, layout, self.theme), self.data.tokens, QRectF(event.rect()))

    def _reveal(self, painter: QPainter, layout: HeatLayout, data: HeatData, bins: Bins) -> None:
        """Show the colours of the steps that are known."""
        plot = layout.plot

        def draw(picture: QPainter) -> None:
            picture.translate(-plot.topLeft())
            begin, end = layout.x_of(bins.start), layout.x_of(bins.stop)
            place = QRectF(begin, plot.top(), end - begin, plot.height())
            draw_heat(picture, place, bins.values, bins.width, low=data.low, high=data.high, colours=data.colours)
            HeatPainter(picture, layout, self.theme).draw_gaps()

        left, right = layout.x_of(self.known.start), layout.x_of(min(self.known.stop, data.present))
        seen = QRectF(left, plot.top(), max(right - left, 0.0), plot.height()).intersected(plot)
        self._picture.prepare(plot.size().toSize(), self.devicePixelRatioF(), (self.theme, layout.steps), draw)
        self._picture.reveal(painter, plot.topLeft(), seen)

    def _draw_marks(self, marks: HeatPainter, tokens: tuple[str, ...] | None, exposed: QRectF) -> None:
        """Draw what a step or another unit changes, as far as it is exposed."""
        layout = marks.layout
        marks.draw_row(self.unit)
        if self.t in layout.steps:
            marks.draw_cursor(self.t)
        if exposed.left() <= layout.plot.left():
            marks.draw_units(self.unit)
        ends = layout.plot.left(), self.width()
        labels = StepLabels(
            marks.painter, layout.plot.bottom() + 2, ends, lambda t: layout.x_of(t + 0.5), layout.column
        )
        marks.painter.setPen(QColor(self.theme.text))
        first, last = layout.step_at(exposed.left()), layout.step_at(exposed.right())
        labels.draw(layout.steps, self.t, tokens, range(first, last + 1))
