"""The live plots of the cell's quantities over time: of an LSTM f, i, C̃, C, o and h."""

from __future__ import annotations

from typing import Literal

import numpy as np
from PySide6.QtCore import QSignalBlocker, Qt
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QBoxLayout, QComboBox, QHBoxLayout, QLabel, QSpinBox, QWidget

from gatescope.cells.quantities import Quantity
from gatescope_app.look.language import without_accelerator
from gatescope_app.look.reduction import Values
from gatescope_app.look.theme import Theme
from gatescope_app.panels.gates.plot_grid import PlotGrid
from gatescope_app.panels.gates.trace_plot import TracePlot
from gatescope_app.panels.gates.unit_list import UnitList
from gatescope_app.state.known_values import steps_present
from gatescope_app.state.session_state import State
from gatescope_app.widgets.box_layouts import fill_column
from gatescope_app.widgets.context_menu import ContextMenu
from gatescope_app.widgets.line_picture import Curves
from gatescope_app.widgets.picture_files import ask_save_picture
from gatescope_app.widgets.table_copy import ClipboardWriter
from gatescope_app.widgets.table_model import CopiedTable
from gatescope_app.widgets.view import PanelParts, View

MOST_LINES = 32
"""With more units than this a heat map tells more than lines."""

_Direction = QBoxLayout.Direction
Style = Literal["auto", "lines", "heat"]
STYLES: tuple[Style, ...] = ("auto", "lines", "heat")


class GatesView(View):
    """A plot for each quantity, with one time axis and one cursor, and the choice of what they show."""

    def __init__(self, parts: PanelParts) -> None:
        super().__init__(parts)
        self.style_now: Style = "auto"
        self.layer, self.direction, self.batch = QSpinBox(), QComboBox(), QSpinBox()
        self.style_box = QComboBox()
        self.units = UnitList(self.theme)
        self.labels = {key: QLabel() for key in ("layer", "direction", "batch", "style", "units")}
        self.grid = PlotGrid(self.theme)
        self.grid.set_cell(self.session.state.setup.spec.cell)
        for box in (self.direction, self.style_box):
            box.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToContents)
        self._choices, self._others = QBoxLayout(_Direction.LeftToRight), QHBoxLayout()
        self._clipboard = ClipboardWriter(self.grid)
        self._lay_out()
        self._connect()
        self.retranslate()

    def _lay_out(self) -> None:
        legend = QHBoxLayout()
        widgets = {"layer": self.layer, "direction": self.direction, "batch": self.batch, "style": self.style_box}
        for key, widget in widgets.items():
            self._others.addWidget(self.labels[key])
            self._others.addWidget(widget)
        self._others.addStretch()
        legend.addWidget(self.labels["units"], 0, Qt.AlignmentFlag.AlignTop)  # beside the first row
        legend.addWidget(self.units, 1)
        for key, widget in (*widgets.items(), ("units", self.units)):
            self.labels[key].setBuddy(widget)
        self._choices.addLayout(self._others)
        self._choices.addLayout(legend, 1)
        fill_column(self, self._choices, (self.grid, 1), margins=(4, 4, 4, 4))

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Put the units beside the other choices where all of them fit, else below."""
        super().resizeEvent(event)
        self._place_units()

    def _place_units(self) -> None:
        needed = self._others.sizeHint().width() + self.labels["units"].sizeHint().width() + self.units.row_width
        beside = needed + 4 * self._choices.spacing() <= self.width()
        self.labels["units"].setMinimumHeight(self.units.row_height)
        self._choices.setDirection(_Direction.LeftToRight if beside else _Direction.TopToBottom)

    def _connect(self) -> None:
        self.layer.valueChanged.connect(lambda layer: self.session.look_at(layer=layer))
        self.direction.activated.connect(lambda _: self.session.look_at(direction=self.direction.currentData()))
        self.batch.valueChanged.connect(lambda batch: self.session.look_at(batch=batch))
        self.style_box.activated.connect(lambda index: self.set_style(STYLES[index]))
        self.units.chosen.connect(lambda unit: self.session.look_at(unit=unit))
        self.units.shown_changed.connect(self.refresh_curves)
        self.grid.step_picked.connect(self.session.run_to)
        self.grid.unit_picked.connect(lambda unit: self.session.look_at(unit=unit))
        self.grid.show_all_asked.connect(self.show_all)
        self.grid.quantity_picked.connect(lambda name: self.session.look_at(quantity=name))
        self.grid.pointed.connect(self.session.point_at)

    @property
    def plots(self) -> dict[str, TracePlot]:
        """The plots by the names of their quantities."""
        return self.grid.plots

    def retranslate(self) -> None:
        for key, text in {
            "layer": self.tr("&Layer"), "direction": self.tr("D&irection"), "batch": self.tr("&Batch element"),
            "style": self.tr("Sho&w as"), "units": self.tr("&Units"),
        }.items():  # fmt: skip
            self.labels[key].setText(text)
            self.labels[key].buddy().setAccessibleName(without_accelerator(text))
        for box, texts in (
            (self.direction, [self.tr("forward"), self.tr("reverse")]),
            (self.style_box, [self.tr("automatic"), self.tr("lines"), self.tr("heat map")]),
        ):
            index = max(box.currentIndex(), 0)
            box.clear()
            box.addItems(texts)
            box.setCurrentIndex(index)
        for index, direction in enumerate(("forward", "reverse")):
            self.direction.setItemData(index, direction)
        self.layer.setToolTip(self.tr("Which layer is shown, counted from 0 (Alt+L)"))
        self.direction.setToolTip(
            self.tr("The reverse direction runs from the last step to step 0, so its final state is at t = 0 (Alt+I)")
        )
        self.batch.setToolTip(self.tr("Which element of the batch is shown, counted from 0 (Alt+B)"))
        self.style_box.setToolTip(self.tr("Automatic draws lines up to 32 units and a heat map above (Alt+W)"))
        self.units.setToolTip(self.tr("Tick the units to show; the selected one is drawn on top (Alt+U, Space)"))
        self.units.setAccessibleName(self.tr("Units shown"))
        self.grid.set_headings()

    def set_theme(self, theme: Theme) -> None:
        self.grid.set_theme(theme)
        super().set_theme(theme)

    def set_style(self, style: Style) -> None:
        """Draw lines, a heat map, or whichever suits the number of units."""
        self.style_now = style
        self.style_box.setCurrentIndex(STYLES.index(style))
        self.refresh_curves()

    def show_all(self) -> None:
        """Bring the whole run into view."""
        self.grid.show_steps(-0.5, self.session.state.setup.steps - 0.5, padding=0.01)

    # the menu

    def fill_menu(self, menu: ContextMenu) -> None:
        """Offer what can be done with a unit at a step of a plot, and with the plot."""
        plots = {name: plot for name, plot in self.plots.items() if menu.is_over(plot) and not menu.by_key}
        name, plot = next(iter(plots.items()), (self.session.state.quantity, None))
        if plot is not None and menu.is_over(plot.plot):
            self._offer_place(menu, name, plot)
        else:
            self.offer_quantity(menu, name, self.session.state.unit)
        menu.addSeparator()
        menu.offer_commands("all_units", "one_unit", "show_all", "lines", "heat", "auto")
        menu.addSeparator()
        if self.session.state.run is not None:
            menu.offer(self.tr("Copy the numbers of all steps"), lambda: self._copy_numbers(name))
            menu.offer(self.tr("Save picture…"), lambda: ask_save_picture(plot or self.grid, name if plot else "plots"))

    def _offer_place(self, menu: ContextMenu, name: str, plot: TracePlot) -> None:
        """Offer what can be done with what lies under the mouse."""
        place = plot.box.mapSceneToView(plot.plot.mapToScene(menu.place_in(plot.plot.viewport())))
        unit, t = plot.unit_at(place), round(place.x())
        if unit is not None:
            menu.offer(
                self.tr("Select unit {unit}").format(unit=unit), lambda: self.session.look_at(unit=unit, quantity=name)
            )
            menu.offer(self.tr("Show only unit {unit}").format(unit=unit), lambda: self.units.show_only({unit}))
        self.offer_quantity(menu, name, self.session.state.unit if unit is None else unit, t)
        if 0 <= t < self.session.state.setup.steps:
            menu.addSeparator()
            menu.offer(self.tr("Go to t = {t}").format(t=t), lambda: self.session.run_to(t))
            keys = "F9" if t == self.session.state.cursor.t else ""
            menu.offer_like("toggle_breakpoint", lambda: self.debugger.toggle(t), keys)

    def _copy_numbers(self, name: str) -> None:
        """Copy one quantity of the units that are shown, at the steps that are computed by now."""
        state = self.session.state
        values, tokens, known = state.values(name), state.setup.sequence.tokens, state.known(name)
        if values is None:
            return
        units = [unit for unit in self.units.shown() if unit < values.shape[1]]
        steps = range(known.start, min(known.stop, steps_present(state)))
        titles = ["t", *([] if tokens is None else [self.tr("token")]), *(f"{name}[{unit}]" for unit in units)]

        def cells(t: int) -> list[str]:
            token = [] if tokens is None else [tokens[t]]
            return [str(t), *token, *(str(values[t, unit]) for unit in units)]

        self._clipboard.write(CopiedTable(titles, steps, cells, is_frozen=True))

    # following the session

    def apply(self, old: State | None, new: State) -> None:
        """Redraw the curves when they differ, else only move the cursor."""
        if old is None or old.setup is not new.setup:
            self._set_choices(new)
            self.show_all()
        if old is None or old.run is not new.run or old.ghost is not new.ghost or old.focus != new.focus:
            self._show_focus(new)
            self.refresh_curves()
        elif old.cursor != new.cursor:
            self._move_cursor(new)
        self.grid.set_emphasis(new.quantity, new.pointed)
        if old is None or old.hits is not new.hits or _cell_of(old) != _cell_of(new):
            self._show_ticks(new)

    def _set_choices(self, state: State) -> None:
        spec = state.setup.spec
        for box, last in ((self.layer, spec.num_layers - 1), (self.batch, state.setup.batch_size - 1)):
            with QSignalBlocker(box):
                box.setRange(0, last)
            box.setEnabled(last > 0)
        self.direction.setEnabled(spec.bidirectional)
        choices: dict[str, QWidget] = {"batch": self.batch, "layer": self.layer, "direction": self.direction}
        for key, choice in choices.items():
            choice.setVisible(choice.isEnabled())  # a choice of one is no choice
            self.labels[key].setVisible(choice.isEnabled())
        self.units.set_units(spec.hidden_size, self.theme)
        self._place_units()

    def _show_focus(self, state: State) -> None:
        for box, value in ((self.layer, state.focus.layer), (self.batch, state.focus.batch)):
            with QSignalBlocker(box):
                box.setValue(value)
        self.direction.setCurrentIndex(("forward", "reverse").index(state.focus.direction))
        self.units.select(state.focus.unit)

    def refresh_curves(self) -> None:
        """Draw all curves anew."""
        state = self.session.state
        cell = state.setup.spec.cell
        self.grid.set_cell(cell)
        for quantity in cell.quantities:
            values = state.values(quantity.name)
            curves = None if values is None else self._curves(quantity, values, state)
            self.plots[quantity.name].set_curves(curves, state.setup.sequence.tokens)
        self.grid.align_axes()
        self._move_cursor(state)

    def _curves(self, quantity: Quantity, values: Values, state: State) -> Curves:
        units = tuple(unit for unit in self.units.shown() if unit < values.shape[1])
        heat = self.style_now == "heat" or (self.style_now == "auto" and len(units) > MOST_LINES)
        low, high = state.range_of(quantity.name)
        present, ghost = steps_present(state), state.ghost_values(quantity.name)
        return Curves(values, units, state.focus.unit, quantity.name, low, high, heat, present, ghost)

    def _show_ticks(self, state: State) -> None:
        """Mark where breakpoints are hit in the cell that is looked at."""
        steps = np.empty(0, dtype=np.int64)
        if state.hits is not None:
            steps = state.hits.steps(state.focus.layer, state.focus.direction)
        for plot in self.plots.values():
            plot.item.set_ticks(steps)

    def _move_cursor(self, state: State) -> None:
        t = state.cursor.t
        for quantity in state.setup.spec.cell.quantities:
            self.plots[quantity.name].set_cursor_to(t, state.known(quantity.name), quantity.symbol)
        left, right = self.grid.first.box.viewRange()[0]
        if not left <= t <= right:  # zoomed in, and the cursor has left the view
            half = (right - left) / 2
            self.grid.show_steps(t - half, t + half)


def _cell_of(state: State) -> tuple[int, str]:
    return state.cursor.layer, state.cursor.direction
