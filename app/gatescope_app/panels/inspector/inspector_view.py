"""The numbers of the current step, and the weights behind them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any

import numpy as np
from PySide6.QtCore import QModelIndex, QPoint, Qt
from PySide6.QtGui import QColor, QFont, QPainter, QPaintEvent, QPolygon
from PySide6.QtWidgets import (
    QApplication,
    QCheckBox,
    QHeaderView,
    QLabel,
    QTableView,
    QTabWidget,
    QWidget,
)

from gatescope.cells.cell import Cell
from gatescope.edits.edits import Hold
from gatescope.messages.message import Message
from gatescope.messages.number_format import PLACES, format_number
from gatescope_app.look.edit_marks import describe_edits, describe_original, hold_of, holds_here
from gatescope_app.look.language import format_message
from gatescope_app.look.theme import Theme
from gatescope_app.look.tokens import format_step
from gatescope_app.panels.inspector.gate_weights import GateWeights
from gatescope_app.state.known_values import NOTHING, is_known, steps_present
from gatescope_app.state.session_state import State
from gatescope_app.widgets.box_layouts import fill_column
from gatescope_app.widgets.cell_editors import TextDelegate, parse_number, stop_editing
from gatescope_app.widgets.context_menu import ContextMenu
from gatescope_app.widgets.plain_table import CELL_MARGIN, PlainTable
from gatescope_app.widgets.table_model import RIGHT, Column, CopiedTable, Index, Role, TableModel
from gatescope_app.widgets.value_label import ValueLabel
from gatescope_app.widgets.view import PanelParts, View

_FEWEST_PLACES = 3
"""Digits after the decimal point in a narrow panel; a narrower one scrolls."""


@dataclass(frozen=True)
class InspectorColumn(Column[int]):
    """A quantity or a pre-activation; a row is the number of a unit.

    Parameters
    ----------
    name : str
        The quantity's, or the pre-activation's.
    coloured_as : str
        The quantity whose colour it has: of a pre-activation, its gate.
    """

    name: str = ""
    coloured_as: str = ""


class StepModel(TableModel[int]):
    """A row for each unit, a column for each quantity, at the current step."""

    columns: tuple[InspectorColumn, ...]

    def __init__(self, state: State, theme: Theme) -> None:
        super().__init__(())
        self.state, self.theme = state, theme
        self._holds: tuple[Hold, ...] = ()

    def show_state(self, state: State, *, reset: bool) -> None:
        """Show another state; `reset` where it may have other quantities and units."""
        self.state, self._holds = state, holds_here(state)
        if reset:
            self.columns = self._columns_of(state.setup.spec.cell)
            self.reset_rows(range(0 if state.run is None else state.setup.spec.hidden_size))
        else:
            self.repaint_all()

    def _columns_of(self, cell: Cell) -> tuple[InspectorColumn, ...]:
        """Return the quantities, then the pre-activations, both in teaching order."""
        gates = [one for one in cell.quantities if one.preactivation in cell.preactivation_names]
        return (
            *(self._column(one.name, one.symbol, one.name) for one in cell.quantities),
            *(self._column(str(one.preactivation), f"z {one.symbol}", one.name) for one in gates),
        )

    def _column(self, name: str, symbol: str, coloured_as: str) -> InspectorColumn:
        return InspectorColumn(
            partial(self._text, name), header=symbol, tooltip=partial(self._tooltip, name), align=RIGHT,
            edit_text=partial(self._in_full, name), editable=partial(self._is_editable, name),
            name=name, coloured_as=coloured_as,
        )  # fmt: skip

    def headerData(self, section: int, orientation: Qt.Orientation, role: int = Role.DisplayRole) -> Any:
        """Write a quantity's symbol in its colour, and underline that of the selected one."""
        if orientation == Qt.Orientation.Horizontal and section < len(self.columns):
            if role == Role.FontRole:
                font = QFont(QApplication.font())
                font.setUnderline(self.columns[section].name == self.state.quantity)
                return font
            if role == Role.ForegroundRole:
                return self.colour(section)
        return super().headerData(section, orientation, role)

    def colour(self, column: int) -> QColor:
        """Return the colour of a column's quantity."""
        return QColor(self.theme.quantities[self.columns[column].coloured_as])

    def _is_editable(self, name: str, unit: int) -> bool:
        """Whether a quantity is computed by now; a pre-activation follows from others, so it cannot be edited."""
        has_it = len(self._numbers(name, unit, unit + 1)) > 0  # h of a projection: fewer units
        return has_it and name in self.state.setup.spec.cell.names and is_known(self.state, name)

    def _text(self, name: str, unit: int) -> str:
        return "".join(self._texts(name, unit, unit + 1))  # empty where h of a projection has no such unit

    def _in_full(self, name: str, unit: int) -> str:
        return "".join(self._texts(name, unit, unit + 1, in_full=True))

    def _tooltip(self, name: str, unit: int) -> str:
        text = self._in_full(name, unit)
        return text if text in ("", NOTHING) else "\n".join([text, *self._remarks(name, unit, text)])

    def _remarks(self, name: str, unit: int, number: str) -> list[str]:
        """Say what holds a number, and what it is in the run that this one is held against."""
        hold = hold_of(self._holds, name, unit)
        remarks = [] if hold is None else [describe_edits([hold])]
        values = self.state.ghost_values(name)
        if values is not None and unit < values.shape[1]:
            before = str(values[self.state.cursor.t, unit])
            remarks += [describe_original(self.state, before)] if before != number else []
        return remarks

    def hold_at(self, unit: int, column: int) -> Hold | None:
        """Return what holds a quantity of a unit at the current step."""
        return hold_of(self._holds, self.columns[column].name, unit)

    @property
    def held_columns(self) -> set[int]:
        """The columns of which a number is held at the current step."""
        names = {hold.quantity for hold in self._holds}
        return {index for index, column in enumerate(self.columns) if column.name in names}

    def texts(self, column: int, rows: range, places: int = PLACES) -> list[str]:
        """Return one quantity of some units at once, which is quicker than one by one."""
        return self._texts(self.columns[column].name, rows.start, rows.stop, places)

    def _texts(self, name: str, first: int, stop: int, places: int = PLACES, *, in_full: bool = False) -> list[str]:
        """Return what one quantity of some units is at the current step; nothing is said where there is no step."""
        numbers = self._numbers(name, first, stop)
        if not is_known(self.state, name):
            return [NOTHING] * len(numbers)
        if in_full:
            return list(map(str, numbers))
        return [format_number(number, places) for number in np.asarray(numbers).tolist()]

    def copied_table(self, rows: Sequence[int], columns: Sequence[int]) -> CopiedTable:
        """Return the numbers of some units at the current step, with all digits; h of a projection has fewer."""
        chosen = [self.columns[column] for column in columns]
        texts = [self._texts(column.name, 0, len(self.rows), in_full=True) for column in chosen]
        return CopiedTable(
            [self.rows_title, *(column.header for column in chosen)], rows,
            lambda unit: [str(unit), *(some[unit] if unit < len(some) else "" for some in texts)], is_frozen=True,
        )  # fmt: skip

    def _numbers(self, name: str, first: int, stop: int) -> Any:
        """Return one quantity of some units at the current step; those units that have it."""
        values = self.state.values(name)
        return () if values is None else values[self.state.cursor.t, first:stop]


class StepTable(PlainTable):
    """The numbers of the step."""

    def __init__(self, model: StepModel) -> None:
        super().__init__(model)
        self._step = model
        self._places = PLACES  # when it was painted last
        self.setShowGrid(True)
        self.setHorizontalScrollMode(QTableView.ScrollMode.ScrollPerPixel)
        self.setEditTriggers(QTableView.EditTrigger.DoubleClicked | QTableView.EditTrigger.EditKeyPressed)
        self.horizontalHeader().setSectionResizeMode(QHeaderView.ResizeMode.Stretch)

    def fit_columns(self) -> None:
        """Leave columns room for the fewest digits; a panel that is narrower scrolls."""
        self.horizontalHeader().setMinimumSectionSize(self._room_for(_FEWEST_PLACES))

    def _room_for(self, places: int) -> int:
        return self.fontMetrics().horizontalAdvance(format_number(-1 / 3, places)) + 2 * CELL_MARGIN

    @property
    def places(self) -> int:
        """How many digits after the decimal point there is room for, in all columns the same."""
        shown = (column for column in range(len(self._step.columns)) if not self.isColumnHidden(column))
        narrowest = min(map(self.columnWidth, shown), default=0)
        return PLACES if narrowest >= self._room_for(PLACES) else _FEWEST_PLACES

    def texts(self, column: int, rows: range) -> list[str]:
        return self._step.texts(column, rows, self._places)

    def paintEvent(self, event: QPaintEvent) -> None:
        """Draw the numbers, and fold a corner of those that are held."""
        self._places = self.places
        super().paintEvent(event)
        painter = QPainter(self.viewport())
        painter.setPen(Qt.PenStyle.NoPen)
        for column in self._step.held_columns:
            for row in self.rows_in(event.rect()):
                if self._step.hold_at(row, column) is not None and not self.isColumnHidden(column):
                    self._fold(painter, row, column, self._step.colour(column))

    def _fold(self, painter: QPainter, row: int, column: int, colour: QColor) -> None:
        painter.setBrush(self.palette().highlightedText() if self.chosen_in(range(row, row + 1)) else colour)
        size = self.fontMetrics().height() // 2
        corner = QPoint(self.columnViewportPosition(column), self.rowViewportPosition(row))
        painter.drawPolygon(QPolygon([corner, corner + QPoint(size, 0), corner + QPoint(0, size)]))


class InspectorView(View):
    """The numbers of the step in one tab, each gate's own weights in the other."""

    def __init__(self, parts: PanelParts) -> None:
        super().__init__(parts)
        self.where = ValueLabel("")
        self.where.setAutoFillBackground(True)  # or panel and dock are painted again below it
        self.note = QLabel(wordWrap=True)
        self.model = StepModel(self.session.state, self.theme)
        self.table = StepTable(self.model)
        self.editor = parts.editor
        self._delegate = TextDelegate(self.table, self._edits, self.theme, RIGHT)
        self._delegate.entered.connect(lambda edits: self.editor.do(*edits))
        self.table.setItemDelegate(self._delegate)
        self.pre_activations = QCheckBox()
        self.pre_activations.toggled.connect(self._show_pre_activations)
        self.table.selectionModel().currentChanged.connect(self._on_number)
        self.weights = GateWeights(self.theme)
        self.weights.edits_asked.connect(lambda edits: self.editor.do(*edits))
        self.tabs = QTabWidget()
        self.tabs.addTab(self._step_page(), "")
        self.tabs.addTab(self.weights, "")
        self.tabs.currentChanged.connect(lambda _: self._show_weights(self.session.state))
        fill_column(self, self.where, self.tabs, margins=(4, 4, 4, 4))
        self.retranslate()

    def _step_page(self) -> QWidget:
        page = QWidget()
        fill_column(page, self.note, (self.table, 1), self.pre_activations, margins=(2, 4, 2, 2))
        return page

    def retranslate(self) -> None:
        self.tabs.setTabText(0, self.tr("S&tep"))
        self.tabs.setTabText(1, self.tr("Wei&ghts"))
        self.model.rows_title = self.tr("unit")
        self.table.setAccessibleName(self.tr("Numbers of this step"))
        self.table.setToolTip(
            self.tr(
                "A row for each unit; select one to bring it to the front in all views. Double click a number, or F2, "
                "to hold it at another value at this step"
            )
        )
        self.pre_activations.setText(self.tr("&Pre-activations z"))
        self.pre_activations.setToolTip(self.tr("Also show what goes into each gate's nonlinearity (Alt+P)"))
        self.weights.retranslate()

    def set_theme(self, theme: Theme) -> None:
        self.model.theme = self._delegate.theme = theme
        self.weights.set_theme(theme)
        self.table.fit_columns()
        self.table.verticalHeader().setDefaultSectionSize(self.fontMetrics().height() + 10)
        super().set_theme(theme)

    def apply(self, old: State | None, new: State) -> None:
        """Show the numbers of the new step."""
        if old is None or old.cursor != new.cursor or old.batch != new.batch:
            stop_editing(self.table)  # what was being typed was meant for another place
        self.model.theme = self.theme
        other_units = old is None or None in (old.run, new.run) or old.setup.spec != new.setup.spec
        self.model.show_state(new, reset=other_units)
        if other_units:
            self._fit_columns(new)
        if old is not None and old.quantity != new.quantity:
            self.model.headerDataChanged.emit(Qt.Orientation.Horizontal, 0, len(self.model.columns) - 1)
        self._show_where(new)
        self._select(new)
        if old is None or old.run is not new.run or old.ghost is not new.ghost or old.focus != new.focus:
            self._show_note(new)
            self._show_weights(new)

    def fill_menu(self, menu: ContextMenu) -> None:
        """Offer what can be done with a number of the step, or with a weight."""
        index = menu.index_in(self.table)
        if index.isValid():
            self._offer_number(menu, index)
        elif menu.is_over(self.weights):
            self.weights.fill_menu(menu)
        menu.addSeparator()
        menu.offer_commands("what_if")

    def _offer_number(self, menu: ContextMenu, index: QModelIndex) -> None:
        column, unit = self.model.columns[index.column()], index.row()
        hold = self.model.hold_at(unit, index.column())
        if index.flags() & Qt.ItemFlag.ItemIsEditable:
            menu.offer_editing(self.tr("Hold at another value…"), self.table, index, keys="F2")
        if hold in self.editor.history.edits:
            menu.offer(self.tr("Let go of the held value"), lambda: self.editor.take_away(hold))
        self.offer_quantity(menu, column.name, unit)

    def _show_where(self, state: State) -> None:
        focus, parts = state.focus, [format_step(state.cursor.t, state.setup.sequence.tokens)]
        if not state.setup.spec.is_cell:
            parts += [self.tr("layer {layer}").format(layer=focus.layer), format_message(Message(focus.direction))]
        if state.setup.batched:
            parts.append(self.tr("batch element {batch}").format(batch=focus.batch))
        if state.cursor.t >= steps_present(state):
            parts.append(self.tr("it has only {steps} steps").format(steps=steps_present(state)))
        self.where.setText(" · ".join(parts))

    def _show_note(self, state: State) -> None:
        """Say what people trip over: where the reverse direction ends, and what a projection changes."""
        spec, last, lines = state.setup.spec, steps_present(state) - 1, []
        if state.focus.direction == "reverse":
            lines.append(
                self.tr(
                    "Reverse runs from t = {last} down to 0. Its last state is the one at t = 0, so "
                    "h_n[{index}] equals output at t = 0, columns {start} to {stop}."
                ).format(
                    last=last,
                    index=spec.cells().index((state.focus.layer, "reverse")),
                    start=spec.output_size,
                    stop=2 * spec.output_size - 1,
                )
                if state.focus.layer == spec.num_layers - 1
                else self.tr("Reverse runs from t = {last} down to 0, so its last state is the one at t = 0.").format(
                    last=last
                )
            )
        if spec.proj_size:
            lines.append(
                self.tr("h has {units} units: it is projected, h = W_hr (o * tanh C).").format(units=spec.proj_size)
            )
        self.note.setText("\n".join(lines))
        self.note.setVisible(bool(lines))

    def _show_weights(self, state: State) -> None:
        if self.tabs.currentIndex() == 1 and state.run is not None:
            self.weights.show_state(state)

    def _fit_columns(self, state: State) -> None:
        """Follow a change of the cell: which columns are pre-activations, and whether there are any."""
        self.pre_activations.setVisible(bool(state.setup.spec.cell.preactivation_names))
        self._show_pre_activations(self.pre_activations.isChecked())

    def _show_pre_activations(self, shown: bool) -> None:
        quantities = self.session.state.setup.spec.cell.names
        for column in range(len(self.model.columns)):
            self.table.setColumnHidden(column, column >= len(quantities) and not shown)

    def _select(self, state: State) -> None:
        """Go to the selected number; a pre-activation stays where its gate is selected."""
        current = self.table.currentIndex()
        column = state.setup.spec.cell.names.index(state.quantity)
        if current.isValid() and self.model.columns[current.column()].coloured_as == state.quantity:
            column = current.column()
        if (current.row(), current.column()) != (state.focus.unit, column):
            self.table.go_to(self.model.index(state.focus.unit, column))

    def _on_number(self, current: QModelIndex) -> None:
        if current.isValid():
            self.session.look_at(unit=current.row(), quantity=self.model.columns[current.column()].coloured_as)

    def _edits(self, index: Index, text: str) -> tuple[Hold]:
        """Return what holds a quantity at what was typed, in the cell, step and batch element looked at."""
        state, column, unit = self.session.state, self.model.columns[index.column()], index.row()
        value = parse_number(f"{column.header}[{unit}]", text)
        focus, t = state.focus, state.cursor.t
        batch = (focus.batch,) if state.setup.batched else None
        hold = Hold(column.name, value, t, t + 1, focus.layer, focus.direction, (unit,), batch)
        hold.check(state.setup.shape)
        return (hold,)
