"""One quantity of all units over time, as colours."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from PySide6.QtCore import QPointF, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QImage, QKeyEvent, QMouseEvent, QPainter, QPaintEvent, QWheelEvent
from PySide6.QtWidgets import QSizePolicy, QToolTip

from gatescope.messages.number_format import format_number
from gatescope_app.look.colour_maps import Colours, coloured
from gatescope_app.look.theme import Theme
from gatescope_app.look.tokens import step_label
from gatescope_app.look.tooltips import show_tooltip
from gatescope_app.panels.memory.heat_painting import HeatPainter
from gatescope_app.panels.memory.heat_picture import Bins, Values, shrunk
from gatescope_app.panels.memory.time_window import TimeWindow
from gatescope_app.state.known_values import NOTHING
from gatescope_app.widgets.pointed_widget import PointedWidget

_BY = {Qt.Key.Key_Up: -1, Qt.Key.Key_Down: 1}
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


class HeatMap(PointedWidget):
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
        self._image = QImage()
        self._image_for: object = None
        self.setMouseTracking(True)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)

    # what is shown

    def set_data(self, data: HeatData | None, theme: Theme) -> None:
        """Show something else; its colours follow with `set_bins`."""
        self.data, self.theme, self._bins = data, theme, None
        self._image_for = None
        self.update()

    def set_bins(self, bins: Bins | None) -> None:
        """Take the numbers of the steps in view."""
        self._bins, self._image_for = bins, None
        self.update()

    def set_cursor_to(self, t: int, known: range) -> None:
        """Mark another step, and show those that are known; only what changes is painted."""
        steps = {self.t, t}
        for old, new in ((self.known.start, known.start), (self.known.stop, known.stop)):
            steps |= {old, new} if old != new else set()
        self.t, self.known = t, known
        beyond = self.fontMetrics().horizontalAdvance(f"00{max(steps)}") + 2  # the labels are wider than the columns
        left, right = self.x_of(min(steps)) - beyond, self.x_of(max(steps) + 1) + beyond
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
        left = metrics.horizontalAdvance("0" * len(str(data.units - 1 if data else 0))) + 6
        lines = 2 if data is not None and data.tokens else 1
        size = max(self.width() - left - 2.0, 1.0), max(self.height() - 5.0 - lines * metrics.height(), 1.0)
        return QRectF(left, 2, *size)

    def x_of(self, t: float) -> float:
        """Return where the column of a step begins."""
        plot, window = self.plot(), self.window_of_time
        return plot.left() + (t - window.first) * plot.width() / window.count

    def row_of(self, unit: int) -> QRectF:
        """Return the place of a unit's row."""
        plot = self.plot()
        height = plot.height() / (self.data.units if self.data else 1)
        return QRectF(plot.left(), plot.top() + unit * height, plot.width(), height)

    def cell_of(self, t: int, unit: int) -> QPointF:
        """Return the middle of a number's place."""
        return QPointF(self.x_of(t + 0.5), self.row_of(unit).center().y())

    def _step_at(self, position: QPointF) -> int:
        plot, window = self.plot(), self.window_of_time
        t = window.first + int((position.x() - plot.left()) * window.count // plot.width())
        return min(max(t, window.first), window.stop - 1)

    def _unit_at(self, position: QPointF) -> int:
        units = self.data.units if self.data else 1
        row = int((position.y() - self.plot().top()) * units // self.plot().height())
        return min(max(row, 0), units - 1)

    def describe(self, t: int, unit: int) -> str:
        """Say what a place stands for; a number only where it is computed by now."""
        data = self.data
        if data is None:
            return ""
        told = t in self.known and t < data.present
        number = format_number(float(data.values[t, unit])) if told else NOTHING
        return f"{step_label(t, data.tokens)}: {data.symbol}[{unit}] = {number}"

    # the mouse and the keys

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        """Say what is pointed at; take the cursor along where the button is held."""
        position = event.position()
        if event.buttons() & Qt.MouseButton.LeftButton:
            self.step_picked.emit(self._step_at(position))
        elif self.data is not None and self.plot().contains(position):
            text = self.describe(self._step_at(position), self._unit_at(position))
            show_tooltip(event.globalPosition().toPoint(), text, self)
        else:
            QToolTip.hideText()

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """Go to the step and the unit that are clicked; on the axis of t only to the step."""
        if event.button() != Qt.MouseButton.LeftButton or self.data is None:
            return
        position, plot = event.position(), self.plot()
        if position.y() <= plot.bottom():
            self.unit_picked.emit(self._unit_at(position))
        if position.x() >= plot.left():
            self.step_picked.emit(self._step_at(position))

    def mouseDoubleClickEvent(self, _event: QMouseEvent) -> None:
        """Show the whole run."""
        self.window_of_time.show_all()

    def wheelEvent(self, event: QWheelEvent) -> None:
        """Move through time; with Ctrl zoom."""
        delta, window = event.angleDelta(), self.window_of_time
        notches = (delta.y() or delta.x()) / _NOTCH
        if event.modifiers() & Qt.KeyboardModifier.ControlModifier:
            window.zoom(0.8**notches, self._step_at(event.position()))
        elif not window.whole:
            window.move_to(window.first - round(notches * max(window.count / 10, 1)))
        event.accept()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Go through the units, or zoom around the current step."""
        key = Qt.Key(event.key())
        strange = event.modifiers() & ~(Qt.KeyboardModifier.KeypadModifier | Qt.KeyboardModifier.ShiftModifier)
        if strange or self.data is None:
            super().keyPressEvent(event)
        elif key in _BY:
            self.unit_picked.emit(min(max(self.unit + _BY[key], 0), self.data.units - 1))
        elif key in _ZOOM:
            self.window_of_time.zoom(_ZOOM[key], self.t)
        elif key == Qt.Key.Key_0:
            self.window_of_time.show_all()
        else:
            super().keyPressEvent(event)

    # painting

    def sizeHint(self) -> QSize:
        """Ask for a little more than the least."""
        return QSize(16 * self.fontMetrics().height(), 10 * self.fontMetrics().height())

    def minimumSizeHint(self) -> QSize:
        """Leave room for the axes and some colours."""
        return QSize(6 * self.fontMetrics().height(), 5 * self.fontMetrics().height())

    def paintEvent(self, event: QPaintEvent) -> None:
        """Draw the colours as far as they are known, and the marks over them."""
        painter = HeatPainter(QPainter(self), self, QRectF(event.rect()))
        painter.draw_ground()
        if self.data is not None and self._bins is not None:
            self._redraw_if_needed(self.data, self._bins)
            painter.draw_image(self._image, self._bins.first, self._bins.stop)
        painter.draw_marks()
        painter.end()

    def _redraw_if_needed(self, data: HeatData, bins: Bins) -> None:
        plot, window = self.plot(), self.window_of_time
        width = plot.width() * (bins.stop - bins.first) / window.count  # pixels
        needed = (round(plot.height() * self.devicePixelRatioF()), max(round(width * self.devicePixelRatioF()), 1))
        if needed != self._image_for:
            self._image_for = needed
            part = np.asarray(shrunk(bins.values.T, *needed))
            self._image = coloured(part, data.low, data.high, data.colours)
