"""The numbers of the current step, and the weights behind them."""

from __future__ import annotations

from typing import Any

from PySide6.QtCore import QAbstractTableModel, QModelIndex, QPersistentModelIndex, Qt
from PySide6.QtGui import QColor
from PySide6.QtWidgets import QCheckBox, QHeaderView, QLabel, QTableView, QTabWidget, QVBoxLayout, QWidget

from gatescope.quantities import QUANTITIES
from gatescope_app.plots.step_axis import visible
from gatescope_app.session import Session, State
from gatescope_app.theme import Theme
from gatescope_app.view import View
from gatescope_app.widgets.gate_weights import GateWeights

_Index = QModelIndex | QPersistentModelIndex
_Role = Qt.ItemDataRole

# The pre-activations come after the quantities, in the same teaching order.
_COLUMNS = (*(q.name for q in QUANTITIES), "z_f", "z_i", "z_c", "z_o")
_SYMBOLS = {q.name: q.symbol for q in QUANTITIES} | {"z_f": "z f", "z_i": "z i", "z_c": "z C̃", "z_o": "z o"}
_COLOURED_AS = {q.name: q.name for q in QUANTITIES} | {"z_f": "f", "z_i": "i", "z_c": "c_tilde", "z_o": "o"}


class StepModel(QAbstractTableModel):
    """A row for each unit, a column for each quantity, at the current step."""

    def __init__(self) -> None:
        super().__init__()
        self.state: State | None = None
        self.theme: Theme | None = None

    def rowCount(self, parent: _Index = QModelIndex()) -> int:
        """Return H."""
        if self.state is None or self.state.run is None or parent.isValid():
            return 0
        return self.state.setup.spec.hidden_size

    def columnCount(self, _parent: _Index = QModelIndex()) -> int:
        """Return the number of quantities."""
        return len(_COLUMNS)

    def headerData(self, section: int, orientation: Qt.Orientation, role: int = _Role.DisplayRole) -> Any:
        """Return a quantity's symbol in its colour, or a unit's number."""
        if orientation == Qt.Orientation.Vertical:
            return str(section) if role == _Role.DisplayRole else None
        if role == _Role.DisplayRole:
            return _SYMBOLS[_COLUMNS[section]]
        if role == _Role.ForegroundRole and self.theme is not None:
            return QColor(self.theme.quantities[_COLOURED_AS[_COLUMNS[section]]])
        return None

    def data(self, index: _Index, role: int = _Role.DisplayRole) -> Any:
        """Return a number to four places, and in full as its tooltip."""
        if role == _Role.TextAlignmentRole:
            return Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter
        if role not in (_Role.DisplayRole, _Role.ToolTipRole) or self.state is None:
            return None
        values = self.state.values(_COLUMNS[index.column()])
        if values is None or index.row() >= values.shape[1]:  # h of a projection has fewer units
            return ""
        value = values[self.state.cursor.t, index.row()]
        return f"{value:.4f}" if role == _Role.DisplayRole else str(value)

    def emit_all(self) -> None:
        """Have all numbers painted again."""
        if self.rowCount():
            self.dataChanged.emit(self.index(0, 0), self.index(self.rowCount() - 1, len(_COLUMNS) - 1))


class InspectorView(View):
    """The numbers of the step in one tab, each gate's own weights in the other."""

    def __init__(self, session: Session, theme: Theme) -> None:
        super().__init__(session, theme)
        self.where = QLabel()
        self.where.setWordWrap(True)
        self.note = QLabel()
        self.note.setWordWrap(True)
        self.model = StepModel()
        self.table = _number_table(self.model)
        self.pre_activations = QCheckBox()
        self.pre_activations.toggled.connect(self._show_pre_activations)
        self.table.setMinimumWidth(370)
        self.table.selectionModel().currentRowChanged.connect(self._on_unit)
        self.weights = GateWeights()
        self.tabs = QTabWidget()
        self.tabs.addTab(self._step_page(), "")
        self.tabs.addTab(self.weights, "")
        self.tabs.currentChanged.connect(lambda _: self._show_weights(self.session.state))
        layout = QVBoxLayout(self)
        layout.setContentsMargins(4, 4, 4, 4)
        layout.addWidget(self.where)
        layout.addWidget(self.tabs)
        self._show_pre_activations(shown=False)
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
        self.tabs.setTabText(0, self.tr("Ste&p"))
        self.tabs.setTabText(1, self.tr("Wei&ghts"))
        self.table.setAccessibleName(self.tr("Numbers of this step"))
        self.table.setToolTip(self.tr("A row for each unit; select one to bring it to the front in all views"))
        self.pre_activations.setText(self.tr("&Pre-activations z"))
        self.pre_activations.setToolTip(self.tr("Also show what goes into each gate's nonlinearity (Alt+P)"))
        self.weights.retranslate()

    def set_theme(self, theme: Theme) -> None:
        """Take the colours of another theme."""
        self.model.theme = theme
        super().set_theme(theme)

    def apply(self, old: State | None, new: State) -> None:
        """Show the numbers of the new step."""
        self.model.state = new
        self.model.theme = self.theme
        if old is None or old.run is not new.run:
            self.model.beginResetModel()
            self.model.endResetModel()
        else:
            self.model.emit_all()
        self._show_where(new)
        self._select(new.focus.unit)
        if old is None or old.run is not new.run or old.focus != new.focus:
            self._show_note(new)
            self._show_weights(new)

    def _show_where(self, state: State) -> None:
        tokens, focus = state.setup.sequence.tokens, state.focus
        token = f" “{visible(tokens[state.cursor.t])}”" if tokens else ""
        direction = self.tr("reverse") if focus.direction == "reverse" else self.tr("forward")
        parts = [f"<b>t = {state.cursor.t}</b>{token}", f"{self.tr('layer')} {focus.layer}", direction]
        if state.setup.batched:
            parts.append(f"{self.tr('batch element')} {focus.batch}")
        self.where.setText(" · ".join(parts))

    def _show_note(self, state: State) -> None:
        """Say what people trip over: where the reverse direction ends, and what a projection changes."""
        spec, lines = state.setup.spec, []
        if state.focus.direction == "reverse":
            lines.append(
                self.tr(
                    "Reverse runs from t = {last} down to 0. Its last state is the one at t = 0, so "
                    "h_n[{index}] equals output at t = 0, columns {start} to {stop}."
                ).format(
                    last=state.setup.steps - 1,
                    index=spec.cells().index((state.focus.layer, "reverse")),
                    start=spec.output_size,
                    stop=2 * spec.output_size - 1,
                )
                if state.focus.layer == spec.num_layers - 1
                else self.tr("Reverse runs from t = {last} down to 0, so its last state is the one at t = 0.").format(
                    last=state.setup.steps - 1
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
            self.weights.show_cell(state.run.trace, state.focus.layer, state.focus.direction)

    def _show_pre_activations(self, shown: bool) -> None:
        for column in range(len(QUANTITIES), len(_COLUMNS)):
            self.table.setColumnHidden(column, not shown)

    def _select(self, unit: int) -> None:
        if self.table.currentIndex().row() != unit:
            selection = self.table.selectionModel()
            selection.blockSignals(True)  # the selection came from the session
            self.table.setCurrentIndex(self.model.index(unit, 0))
            selection.blockSignals(False)
            self.table.viewport().update()

    def _on_unit(self, current: QModelIndex) -> None:
        if current.isValid():
            self.session.look_at(unit=current.row())


def _number_table(model: QAbstractTableModel) -> QTableView:
    table = QTableView()
    table.setModel(model)
    table.setSelectionBehavior(QTableView.SelectionBehavior.SelectRows)
    table.setSelectionMode(QTableView.SelectionMode.SingleSelection)
    table.setTabKeyNavigation(False)
    table.setWordWrap(False)
    table.horizontalHeader().setSectionResizeMode(QHeaderView.ResizeMode.Stretch)
    table.verticalHeader().setSectionResizeMode(QHeaderView.ResizeMode.Fixed)
    return table
