"""The numbers of the current step, and the weights behind them."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from typing import Any

import numpy as np
from PySide6.QtCore import QAbstractTableModel, QModelIndex, QPersistentModelIndex, QPoint, Qt
from PySide6.QtGui import QColor, QFont, QPainter, QPaintEvent, QPolygon
from PySide6.QtWidgets import (
    QApplication,
    QCheckBox,
    QHeaderView,
    QLabel,
    QTableView,
    QTabWidget,
    QVBoxLayout,
    QWidget,
)

from gatescope.cells.cell import Cell
from gatescope.edits.edits import Hold
from gatescope.messages.message import Message
from gatescope.messages.number_format import format_number
from gatescope_app.look.edit_marks import describe_edits, describe_original, hold_of, holds_here
from gatescope_app.look.language import format_message
from gatescope_app.look.theme import Theme
from gatescope_app.look.tokens import format_step
from gatescope_app.panels.inspector.gate_weights import GateWeights
from gatescope_app.state.known_values import NOTHING, is_known, steps_present
from gatescope_app.state.session import State
from gatescope_app.widgets.cell_editors import TextDelegate, number_of, stop_editing
from gatescope_app.widgets.plain_table import PlainTable
from gatescope_app.widgets.value_label import ValueLabel
from gatescope_app.widgets.view import PanelParts, View

_Index = QModelIndex | QPersistentModelIndex
_Role = Qt.ItemDataRole

_RIGHT = Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter


@dataclass(frozen=True)
class InspectorColumn:
    """What one column shows; a pre-activation has the colour of its gate."""

    name: str
    symbol: str
    coloured_as: str


@cache
def columns_of(cell: Cell) -> tuple[InspectorColumn, ...]:
    """Return the quantities, then the pre-activations, both in teaching order."""
    quantities = [InspectorColumn(q.name, q.symbol, q.name) for q in cell.quantities]
    gates = [q for q in cell.quantities if q.preactivation in cell.preactivation_names]
    return (*quantities, *(InspectorColumn(str(q.preactivation), f"z {q.symbol}", q.name) for q in gates))


class StepModel(QAbstractTableModel):
    """A row for each unit, a column for each quantity, at the current step."""

    def __init__(self) -> None:
        super().__init__()
        self.state: State | None = None
        self.theme: Theme | None = None
        self._holds: tuple[Hold, ...] = ()

    def show_state(self, state: State) -> None:
        """Show another state; the numbers have to be painted again then."""
        self.state, self._holds = state, holds_here(state)

    def rowCount(self, parent: _Index = QModelIndex()) -> int:
        """Return H."""
        if self.state is None or self.state.run is None or parent.isValid():
            return 0
        return self.state.setup.spec.hidden_size

    def columnCount(self, _parent: _Index = QModelIndex()) -> int:
        """Return the number of quantities and pre-activations."""
        return len(self.columns)

    @property
    def columns(self) -> tuple[InspectorColumn, ...]:
        """Those of the network's cell."""
        return () if self.state is None else columns_of(self.state.setup.spec.cell)

    def headerData(self, section: int, orientation: Qt.Orientation, role: int = _Role.DisplayRole) -> Any:
        """Return a quantity's symbol in its colour, or a unit's number."""
        if orientation == Qt.Orientation.Vertical:
            return str(section) if role == _Role.DisplayRole else None
        if section >= len(self.columns):
            return None
        if role == _Role.DisplayRole:
            return self.columns[section].symbol
        if role == _Role.FontRole and self.state is not None:
            font = QFont(QApplication.font())
            font.setUnderline(self.columns[section].name == self.state.quantity)
            return font
        return self.colour(section) if role == _Role.ForegroundRole else None

    def colour(self, column: int) -> QColor | None:
        """Return the colour of a column's quantity."""
        return None if self.theme is None else QColor(self.theme.quantities[self.columns[column].coloured_as])

    def flags(self, index: _Index) -> Qt.ItemFlag:
        """Let those quantities be edited that are computed by now; a pre-activation follows from others."""
        flags = super().flags(index)
        return flags | Qt.ItemFlag.ItemIsEditable if self._editable(index) else flags

    def _editable(self, index: _Index) -> bool:
        if self.state is None or self.state.run is None or not index.isValid():
            return False
        name = self.columns[index.column()].name
        has_it = len(self.numbers(index.column(), index.row(), index.row() + 1)) > 0  # h of a projection: fewer units
        return has_it and name in self.state.setup.spec.cell.names and is_known(self.state, name)

    def data(self, index: _Index, role: int = _Role.DisplayRole) -> Any:
        """Return a number to four places; in full for its tooltip and to edit it."""
        if role == _Role.TextAlignmentRole:
            return _RIGHT
        if role not in (_Role.DisplayRole, _Role.ToolTipRole, _Role.EditRole):
            return None
        texts = self.texts(index.column(), index.row(), index.row() + 1, in_full=role != _Role.DisplayRole)
        if not texts:
            return ""  # h of a projection has fewer units
        told_more = role == _Role.ToolTipRole and texts[0] != NOTHING
        return "\n".join([*texts, *self._remarks(index, texts[0])]) if told_more else texts[0]

    def _remarks(self, index: _Index, number: str) -> list[str]:
        """Say what holds a number, and what it is in the run that this one is held against."""
        hold = self.hold_at(index.row(), index.column())
        remarks = [] if hold is None else [describe_edits([hold])]
        values = None if self.state is None else self.state.ghost_values(self.columns[index.column()].name)
        if self.state is not None and values is not None and index.row() < values.shape[1]:
            before = str(values[self.state.cursor.t, index.row()])
            remarks += [describe_original(self.state, before)] if before != number else []
        return remarks

    def hold_at(self, unit: int, column: int) -> Hold | None:
        """Return what holds a quantity of a unit at the current step."""
        return hold_of(self._holds, self.columns[column].name, unit)

    @property
    def held(self) -> set[int]:
        """The columns of which a number is held at the current step."""
        names = {hold.quantity for hold in self._holds}
        return {index for index, column in enumerate(self.columns) if column.name in names}

    def texts(self, column: int, first: int, stop: int, *, in_full: bool = False) -> list[str]:
        """Return what one quantity of some units is at the current step; nothing is said where there is no step."""
        numbers = self.numbers(column, first, stop)
        if self.state is not None and not is_known(self.state, self.columns[column].name):
            return [NOTHING] * len(numbers)
        return (
            [str(number) for number in numbers]
            if in_full
            else [format_number(number) for number in np.asarray(numbers).tolist()]
        )

    def numbers(self, column: int, first: int, stop: int) -> Any:
        """Return one quantity of some units at the current step; those units that have it."""
        values = None if self.state is None else self.state.values(self.columns[column].name)
        return () if self.state is None or values is None else values[self.state.cursor.t, first:stop]

    def emit_all(self) -> None:
        """Have all numbers painted again."""
        if self.rowCount():
            self.dataChanged.emit(self.index(0, 0), self.index(self.rowCount() - 1, len(self.columns) - 1))


class StepTable(PlainTable):
    """The numbers of the step."""

    align = Qt.AlignmentFlag.AlignRight

    def texts(self, column: int, rows: range) -> list[str]:
        """Return one quantity of some units."""
        model = self.model()
        assert isinstance(model, StepModel)
        return model.texts(column, rows.start, rows.stop)

    def paintEvent(self, event: QPaintEvent) -> None:
        """Draw the numbers, and fold a corner of those that are held."""
        super().paintEvent(event)
        model = self.model()
        assert isinstance(model, StepModel)
        if not model.held:
            return
        painter = QPainter(self.viewport())
        painter.setPen(Qt.PenStyle.NoPen)
        first, last = self.rowAt(event.rect().top()), self.rowAt(event.rect().bottom())
        for column in model.held:
            for row in range(max(first, 0), (last if last >= 0 else model.rowCount() - 1) + 1):
                if model.hold_at(row, column) is not None and not self.isColumnHidden(column):
                    self._fold(painter, row, column, model.colour(column))

    def _fold(self, painter: QPainter, row: int, column: int, colour: QColor | None) -> None:
        on_selection = row == self.currentIndex().row() or colour is None
        painter.setBrush(self.palette().highlightedText() if on_selection else colour)
        size = self.fontMetrics().height() // 2
        corner = QPoint(self.columnViewportPosition(column), self.rowViewportPosition(row))
        painter.drawPolygon(QPolygon([corner, corner + QPoint(size, 0), corner + QPoint(0, size)]))


class InspectorView(View):
    """The numbers of the step in one tab, each gate's own weights in the other."""

    def __init__(self, parts: PanelParts) -> None:
        super().__init__(parts)
        self.where = ValueLabel("")
        self.note = QLabel()
        self.note.setWordWrap(True)
        self.model = StepModel()
        self.table = _number_table(self.model)
        self.editor = parts.editor
        self._delegate = TextDelegate(self.table, self._edits, self.theme, Qt.AlignmentFlag.AlignRight)
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
        layout = QVBoxLayout(self)
        layout.setContentsMargins(4, 4, 4, 4)
        layout.addWidget(self.where)
        layout.addWidget(self.tabs)
        self.retranslate()

    def _step_page(self) -> QWidget:
        page = QWidget()
        layout = QVBoxLayout(page)
        layout.setContentsMargins(2, 4, 2, 2)
        layout.addWidget(self.note)
        layout.addWidget(self.table, 1)
        layout.addWidget(self.pre_activations)
        return page

    def retranslate(self) -> None:
        """Set all texts again."""
        self.tabs.setTabText(0, self.tr("S&tep"))
        self.tabs.setTabText(1, self.tr("Wei&ghts"))
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
        """Take the colours of another theme, and its size of type."""
        self.model.theme = self._delegate.theme = theme
        self.weights.set_theme(theme)
        # No narrower than its numbers; a panel that is narrower scrolls.
        self.table.horizontalHeader().setMinimumSectionSize(self.fontMetrics().horizontalAdvance("-0.0000") + 10)
        self.table.verticalHeader().setDefaultSectionSize(self.fontMetrics().height() + 10)
        super().set_theme(theme)

    def apply(self, old: State | None, new: State) -> None:
        """Show the numbers of the new step."""
        if old is None or old.cursor != new.cursor or old.batch != new.batch:
            stop_editing(self.table)  # what was being typed was meant for another place
        self.model.show_state(new)
        self.model.theme = self.theme
        if old is None or old.run is None or old.setup.spec != new.setup.spec:
            self.model.beginResetModel()
            self.model.endResetModel()
            self._fit_columns(new)
        else:
            self.model.emit_all()
        if old is not None and old.quantity != new.quantity:
            self.model.headerDataChanged.emit(Qt.Orientation.Horizontal, 0, len(self.model.columns) - 1)
        self._show_where(new)
        self._select(new)
        if old is None or old.run is not new.run or old.ghost is not new.ghost or old.focus != new.focus:
            self._show_note(new)
            self._show_weights(new)

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
        self._show_pre_activations(format_number=self.pre_activations.isChecked())

    def _show_pre_activations(self, format_number: bool) -> None:
        quantities = self.session.state.setup.spec.cell.names
        for column in range(len(self.model.columns)):
            self.table.setColumnHidden(column, column >= len(quantities) and not format_number)

    def _select(self, state: State) -> None:
        """Go to the selected number; a pre-activation stays where its gate is selected."""
        current = self.table.currentIndex()
        column = state.setup.spec.cell.names.index(state.quantity)
        if current.isValid() and self.model.columns[current.column()].coloured_as == state.quantity:
            column = current.column()
        if (current.row(), current.column()) != (state.focus.unit, column):
            self.table.setCurrentIndex(self.model.index(state.focus.unit, column))

    def _on_number(self, current: QModelIndex) -> None:
        if current.isValid():
            self.session.look_at(unit=current.row(), quantity=self.model.columns[current.column()].coloured_as)

    def _edits(self, index: _Index, text: str) -> tuple[Hold]:
        """Return what holds a quantity at what was typed, in the cell, step and batch element looked at."""
        state, column, unit = self.session.state, self.model.columns[index.column()], index.row()
        value = number_of(f"{column.symbol}[{unit}]", text)
        focus, t = state.focus, state.cursor.t
        batch = (focus.batch,) if state.setup.batched else None
        hold = Hold(column.name, value, t, t + 1, focus.layer, focus.direction, (unit,), batch)
        hold.check(state.setup.shape)
        return (hold,)


def _number_table(model: StepModel) -> StepTable:
    table = StepTable()
    table.setModel(model)
    table.setSelectionBehavior(QTableView.SelectionBehavior.SelectRows)
    table.setSelectionMode(QTableView.SelectionMode.SingleSelection)
    table.setTabKeyNavigation(False)
    table.setWordWrap(False)
    table.setHorizontalScrollMode(QTableView.ScrollMode.ScrollPerPixel)
    table.setEditTriggers(QTableView.EditTrigger.DoubleClicked | QTableView.EditTrigger.EditKeyPressed)
    table.horizontalHeader().setSectionResizeMode(QHeaderView.ResizeMode.Stretch)
    table.verticalHeader().setSectionResizeMode(QHeaderView.ResizeMode.Fixed)
    return table
