"""A plot of one quantity: heading, axes, the revealed curves; clicks, drags and hovers name a step and a unit."""

from __future__ import annotations

from math import ceil
from typing import Any

import numpy as np
import pyqtgraph as pg
from PySide6.QtCore import QPointF, QRect, Qt, Signal
from PySide6.QtGui import QColor, QCursor, QFont, QMouseEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import QLabel

from gatescope.messages.number_format import format_number
from gatescope_app.look.colour_maps import quantity_colours
from gatescope_app.look.language import format_named, join_texts
from gatescope_app.look.theme import Theme
from gatescope_app.look.tokens import format_token
from gatescope_app.look.tooltips import show_tooltip
from gatescope_app.panels.gates.line_ends import LineEnds
from gatescope_app.panels.gates.trace_item import TraceItem
from gatescope_app.state.known_values import NOTHING
from gatescope_app.widgets.box_layouts import fill_column, fill_row
from gatescope_app.widgets.colour_scale import ColourScale
from gatescope_app.widgets.elided_label import ElidedLabel
from gatescope_app.widgets.line_picture import Curves
from gatescope_app.widgets.pointed_widget import PointedWidget
from gatescope_app.widgets.step_axis import StepAxis
from gatescope_app.widgets.value_axis import ValueAxis
from gatescope_app.widgets.value_label import ValueLabel

_UNDERLINE = 3  # pixels, below the heading of the selected quantity
_LEAST, _LEAST_BARE = 90, 60  # pixels of height that a plot needs with the steps' labels, and without


class StepBox(pg.ViewBox):
    """A view that zooms over time only; dragging moves the cursor, the middle button moves the view."""

    def __init__(self, plot: TracePlot) -> None:
        super().__init__(enableMenu=False)
        self._plot = plot
        self.setMouseEnabled(x=True, y=False)

    def mouseClickEvent(self, event: Any) -> None:
        """Go to the step under the mouse; a double click shows all steps."""
        if event.double():
            self._plot.show_all_asked.emit()
        elif event.button() == Qt.MouseButton.LeftButton:
            self._plot.pick(self.mapSceneToView(event.scenePos()))
        event.accept()

    def mouseDragEvent(self, event: Any, axis: int | None = None) -> None:
        """Take the cursor along; the lines that it passes stay unselected."""
        if event.button() == Qt.MouseButton.LeftButton:
            self._plot.pick_step(self.mapSceneToView(event.scenePos()))
            event.accept()
        else:
            super().mouseDragEvent(event, axis)


class TracePlot(PointedWidget):
    """A heading with the current value of the chosen unit, above a plot of all shown units.

    Signals
    -------
    step_picked(int)
        A step was clicked or dragged to.
    unit_picked(int)
        A line or row was clicked.
    picked()
        The plot, or its heading, was clicked.
    pointed(bool)
        As of every `PointedWidget`.
    show_all_asked()
        The whole run should be in view.
    """

    step_picked = Signal(int)
    unit_picked = Signal(int)
    picked = Signal()
    show_all_asked = Signal()

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self._theme = theme
        self._colour = QColor(theme.text)
        self.selected = self.highlighted = False
        self._labels_steps = True
        self.heading, self.title = QLabel(), ElidedLabel()
        self.value = ValueLabel("C̃[9] = -0.0000", Qt.AlignmentFlag.AlignRight)
        self.value.setAutoFillBackground(True)  # or all that lies below it is painted again with each number
        self.axis, self.values = StepAxis(), ValueAxis()
        self.ends, self.scale = LineEnds(theme), ColourScale(theme, Qt.Orientation.Vertical)
        axes = {"bottom": self.axis, "left": self.values}
        self.plot = pg.PlotWidget(viewBox=StepBox(self), axisItems=axes)
        self.plot.setMinimumSize(120, _LEAST)
        self.plot.setFocusPolicy(Qt.FocusPolicy.NoFocus)  # the keys belong to the window
        self.plot.hideButtons()
        self.plot.scene().sigMouseMoved.connect(self._on_hover)
        self.item = TraceItem(theme)
        self.plot.addItem(self.item)
        self.box.sigResized.connect(self._follow_box)
        self._lay_out()

    def _lay_out(self) -> None:
        # On a narrow screen the name gives way, not the number.
        top = fill_row(None, self.heading, (self.title, 1), self.value, margins=(8, 0, 8, _UNDERLINE), spacing=8)
        self.scale.hide()
        beside = fill_row(None, (self.plot, 1), self.ends, self.scale, margins=(0, 0, 0, 0), spacing=0)
        fill_column(self, top, (beside, 1), margins=(2, 2, 2, 2), spacing=0)

    def _follow_box(self) -> None:
        self.ends.set_area(self.plot.viewportTransform().mapRect(self.box.sceneBoundingRect()))

    @property
    def box(self) -> StepBox:
        """The view of the plot."""
        box: StepBox = self.plot.getPlotItem().getViewBox()
        return box

    def set_heading(self, symbol: str, title: str, quantity: str, equation: str) -> None:
        """Show the quantity's symbol and its name, in its colour; the equation as a tooltip."""
        self.heading.setToolTip(equation)
        colour = self._theme.quantities[quantity]
        self._colour = QColor(colour)
        self.heading.setText(f"<b style='color:{colour}; font-size:large'>{symbol}<sub>t</sub></b>")
        self.title.setText(title)
        self.title.setToolTip(equation)
        self.setAccessibleName(f"{symbol}_t {title}")

    def set_theme(self, theme: Theme) -> None:
        """Take the colours of a theme; the curves follow with `set_curves`."""
        self._theme = theme
        self.plot.setBackground(theme.base)
        for axis in (self.axis, self.values):
            axis.setPen(theme.grid)
            axis.setTextPen(theme.text)

    def set_type(self, font: QFont) -> None:
        """Take another size of type for the labels."""
        self.axis.set_type(font)
        self.values.setStyle(tickFont=font)
        self._fit_axis()

    def label_steps(self, labels: bool) -> None:
        """Number the steps below the plot, or leave that to a plot further down."""
        if labels != self._labels_steps:
            self._labels_steps = labels
            self.axis.setStyle(showValues=labels)
            self.plot.setMinimumHeight(_LEAST if labels else _LEAST_BARE)
            self._fit_axis()

    def _fit_axis(self) -> None:
        """Leave room for the numbers of the steps and a line of tokens under them."""
        lines = (1 if self.axis.tokens is None else 2) * self._labels_steps
        self.axis.setHeight(lines * self.axis.type_height + 8)

    @property
    def least_axis_width(self) -> int:
        """How much room the labels at the left need."""
        return ceil(max(self.values.labels_width, self.axis.names_width if self._labels_steps else 0.0))

    def set_axis_width(self, width: int) -> None:
        """Begin as far to the right as the plots above and below."""
        if width != self.values.fixedWidth:
            self.values.setWidth(width)

    def set_range(self, low: float, high: float) -> None:
        """Show the range of a quantity that there are no values of yet."""
        self.box.setYRange(low, high)
        self.values.set_range(low, high)

    def set_curves(self, curves: Curves | None, tokens: tuple[str, ...] | None) -> None:
        """Show other curves; the view keeps its place in time where it can."""
        self.axis.set_steps(None if curves is None else len(curves.values), tokens)
        self.item.set_curves(curves, self._theme)
        if curves is not None:
            bottom, top = curves.rows
            self.box.setYRange(bottom, top, padding=0)
            # The highest number is beside the upper edge, where it would be cut; of a heat map it is at the very edge.
            above = self.fontMetrics().height() // (2 if curves.heat else 3)
            self.plot.getPlotItem().layout.setContentsMargins(0, above, 0, 0)
            self._fit_axis()
            self._label_values(curves)
        self.ends.setVisible(curves is not None and not curves.heat)
        self.scale.setVisible(curves is not None and curves.heat)

    def _label_values(self, curves: Curves) -> None:
        """Say what the heights stand for, or the rows and the colours of a heat map."""
        if curves.heat:
            self.values.set_units(curves.units)
            colours = quantity_colours(self._theme, curves.quantity, signed=curves.low < 0)
            self.scale.set_scale(curves.low, curves.high, colours, self._theme)
        else:
            self.values.set_range(curves.low, curves.high)
            self.ends.set_units(curves.units, curves.chosen, self._theme)

    def set_cursor_to(self, t: int, known: range, symbol: str) -> None:
        """Show the steps that are known, and the chosen unit's value at step `t`."""
        self.item.set_cursor_to(t, known)
        self._number_lines()
        curves = self.item.curves
        if curves is None or curves.chosen >= curves.values.shape[1]:
            self.value.setText("")
        else:
            number = format_number(curves.values[t, curves.chosen]) if t in known and t < curves.present else NOTHING
            self.value.setText(f"{symbol}[{curves.chosen}] = {number}")

    def _number_lines(self) -> None:
        """Write the units' numbers where their lines end at the right: at the last step that is known."""
        curves, known = self.item.curves, self.item.known
        if curves is not None and not curves.heat:
            last = min(known.stop, curves.present) - 1
            self.ends.show_ends(curves.values[last, list(curves.units)] if last in known else None, *curves.rows)

    def set_emphasis(self, *, selected: bool, highlighted: bool) -> None:
        """Underline the heading of the selected quantity; fill that of the one that is pointed at in any view."""
        if (selected, highlighted) != (self.selected, self.highlighted):
            self.selected, self.highlighted = selected, highlighted
            self.value.setAutoFillBackground(not highlighted)
            self.update(self._head)

    @property
    def _head(self) -> QRect:
        return QRect(0, 0, self.width(), self.plot.y())

    def paintEvent(self, event: QPaintEvent) -> None:
        super().paintEvent(event)
        if not self.selected and not self.highlighted:
            return
        painter, head = QPainter(self), self._head
        if self.highlighted:
            painter.fillRect(head, QColor(self._theme.raised))
        painter.fillRect(head.adjusted(4, head.height() - _UNDERLINE * self.selected, -4, 0), self._colour)

    # what is pointed at

    def mousePressEvent(self, event: QMouseEvent) -> None:
        self.picked.emit()
        event.accept()

    def pick(self, position: QPointF) -> None:
        """Tell which step, and which unit if any, is at a place in the plot."""
        unit = self.unit_at(position)
        self.picked.emit()
        if unit is not None:
            self.unit_picked.emit(unit)
        self.pick_step(position)

    def pick_step(self, position: QPointF) -> None:
        """Tell which step is at a place in the plot."""
        self.step_picked.emit(round(position.x()))

    def _on_hover(self, scene_position: QPointF) -> None:
        text = self.describe(self.box.mapSceneToView(scene_position))
        show_tooltip(QCursor.pos(), text, self.plot)

    def describe(self, position: QPointF) -> str:
        """Return what is at a place in the plot: step, unit and value; nothing where it is blank."""
        curves, t = self.item.curves, round(position.x())
        unit = self.unit_at(position)
        if curves is None or unit is None:
            return ""
        token = f" {format_token(self.axis.tokens[t])}" if self.axis.tokens else ""
        where = self.tr("unit {unit}").format(unit=unit)
        return format_named(join_texts([f"t = {t}{token}", where]), str(curves.values[t, unit]))

    def unit_at(self, position: QPointF) -> int | None:
        """Return the shown unit at a place: the row of a heat map, or the nearest line within 12 pixels."""
        curves, t = self.item.curves, round(position.x())
        if curves is None or not curves.units or t not in self.item.known or t >= curves.present:
            return None
        if curves.heat:
            row = int(len(curves.units) - position.y())
            return curves.units[row] if 0 <= row < len(curves.units) else None
        away = np.abs(curves.values[t, list(curves.units)].astype(np.float64) - position.y())
        if np.isnan(away).all():
            return None
        nearest = int(np.nanargmin(away))
        reach = 12 * self.box.viewPixelSize()[1]
        return curves.units[nearest] if away[nearest] <= reach else None
