"""The plots of a cell's quantities, side by side, with one time axis."""

from __future__ import annotations

from PySide6.QtCore import QEvent, Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QGridLayout, QWidget

from gatescope.cells.cell import Cell
from gatescope_app.look.language import engine_text
from gatescope_app.look.theme import Theme
from gatescope_app.panels.gates.trace_plot import TracePlot

_LOW = 20
"""Lines of type: in a grid that is lower, only the lower row numbers its steps."""


class PlotGrid(QWidget):
    """Two rows of plots, one for each quantity of the cell in teaching order.

    Plots are made once and given to other quantities when the cell changes: making one takes long enough to be seen.

    Signals
    -------
    step_picked(int), unit_picked(int), show_all_asked()
        As of each plot.
    quantity_picked(str)
        A plot was clicked.
    pointed(object)
        The mouse is over the plot of a quantity; None when it has left.
    """

    step_picked = Signal(int)
    unit_picked = Signal(int)
    show_all_asked = Signal()
    quantity_picked = Signal(str)
    pointed = Signal(object)

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self._theme = theme
        self._made: list[TracePlot] = []
        self._cell: Cell | None = None
        self.plots: dict[str, TracePlot] = {}
        self._grid = QGridLayout(self)
        self._grid.setContentsMargins(0, 0, 0, 0)
        self._grid.setSpacing(2)

    @property
    def first(self) -> TracePlot:
        """The plot whose time axis the others follow."""
        return self._made[0]

    def set_cell(self, cell: Cell) -> None:
        """Show the plots of another cell, still without values."""
        if cell is self._cell:
            return
        self._cell = cell
        self.setUpdatesEnabled(False)  # painted once, when all are in their places
        while len(self._made) < len(cell.names):
            self._made.append(self._make())
        self.plots = dict(zip(cell.names, self._made, strict=False))
        for plot in self._made:
            plot.set_curves(None, None)
        self._lay_out()
        self._set_ranges(cell)
        self.set_headings()
        self.setUpdatesEnabled(True)

    def _make(self) -> TracePlot:
        plot = TracePlot(self._theme)
        plot.set_theme(self._theme)
        plot.set_type(self.font())
        plot.step_picked.connect(self.step_picked)
        plot.unit_picked.connect(self.unit_picked)
        plot.show_all_asked.connect(self.show_all_asked)
        plot.axis.geometryChanged.connect(self._share_height)  # there are tokens now, or none any more
        plot.picked.connect(lambda: self._on_picked(plot))
        plot.pointed.connect(lambda here: self.pointed.emit(self._name_of(plot) if here else None))
        if self._made:
            plot.box.setXLink(self.first.box)
        return plot

    def _on_picked(self, plot: TracePlot) -> None:
        name = self._name_of(plot)
        if name is not None:
            self.quantity_picked.emit(name)

    def _name_of(self, plot: TracePlot) -> str | None:
        """Return what a plot shows; None where a cell with fewer quantities came while the button was held on it."""
        return next((name for name, one in self.plots.items() if one is plot), None)

    def set_emphasis(self, selected: str, pointed: str | None) -> None:
        """Mark the plots of the selected quantity, and of the one that is pointed at."""
        for name, plot in self.plots.items():
            plot.set_emphasis(selected=name == selected, highlighted=name == pointed)

    def _lay_out(self) -> None:
        columns = -(-len(self.plots) // 2)
        for index, plot in enumerate(self._made):
            self._grid.removeWidget(plot)
            shown = index < len(self.plots)
            if shown:
                self._grid.addWidget(plot, index // columns, index % columns)
            plot.setVisible(shown)
        self._share_height()

    def _share_height(self) -> None:
        """Give the curves of both rows the same height, and in a low grid more of it than the steps' labels."""
        shown = list(self.plots.values())
        if not shown:
            return
        upper, lower = shown[0], shown[-1]
        low = self.height() < _LOW * self.fontMetrics().height()
        for plot in shown[: -(-len(shown) // 2)]:
            plot.label_steps(not low)
        labels = round(lower.axis.height() - upper.axis.height())
        each = max(1, (self.height() - labels) // 2)
        self._grid.setRowStretch(0, each)
        self._grid.setRowStretch(1, each + labels)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Leave the curves room in a low window."""
        super().resizeEvent(event)
        self._share_height()

    def changeEvent(self, event: QEvent) -> None:
        """Follow the size of type."""
        super().changeEvent(event)
        if event.type() == QEvent.Type.FontChange and self.plots:
            for plot in self._made:
                plot.set_type(self.font())
            self.align_axes()
            self._share_height()

    def _set_ranges(self, cell: Cell) -> None:
        """Give each axis the range of its quantity, until there are values."""
        for quantity in cell.quantities:
            low = -1.0 if quantity.low is None else quantity.low
            self.plots[quantity.name].set_range(low, quantity.high or 1.0)
        self.align_axes()

    def align_axes(self) -> None:
        """Give all plots the same room for the labels at their left, so that steps stand below each other."""
        widest = max(plot.least_axis_width for plot in self.plots.values())
        for plot in self.plots.values():
            plot.set_axis_width(widest)

    def set_headings(self) -> None:
        """Set all texts again, in the colours of the theme."""
        for quantity in self._cell.quantities if self._cell is not None else ():
            title = engine_text(quantity.title)
            self.plots[quantity.name].set_heading(quantity.symbol, title, quantity.name, quantity.equation)

    def set_theme(self, theme: Theme) -> None:
        self._theme = theme
        for plot in self._made:
            plot.set_theme(theme)
        self.set_headings()

    def show_steps(self, first: float, last: float, padding: float = 0.0) -> None:
        """Bring a span of time into view, in all plots."""
        self.first.box.setXRange(first, last, padding=padding)
