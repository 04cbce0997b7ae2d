"""One gate's own W, U and b, and where they lie in the module's packed tensors."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QAbstractTableModel, QModelIndex, QPersistentModelIndex, Qt
from PySide6.QtWidgets import QComboBox, QHBoxLayout, QLabel, QTableView, QVBoxLayout, QWidget

from gatescope.cells import Cell
from gatescope.quantities import Quantity
from gatescope_app.language import engine_text

if TYPE_CHECKING:
    from gatescope.spec import Direction
    from gatescope.traces import Trace

_Index = QModelIndex | QPersistentModelIndex
_Role = Qt.ItemDataRole

_KINDS = {"weight_ih": "W", "weight_hh": "U", "bias_ih": "b_ih", "bias_hh": "b_hh"}


class MatrixModel(QAbstractTableModel):
    """Shows an array of numbers, (rows, columns)."""

    def __init__(self) -> None:
        super().__init__()
        self._numbers: Any = None

    def set_numbers(self, numbers: Any) -> None:
        """Show another array."""
        self.beginResetModel()
        self._numbers = numbers
        self.endResetModel()

    def rowCount(self, parent: _Index = QModelIndex()) -> int:
        """Return the number of rows."""
        return 0 if self._numbers is None or parent.isValid() else len(self._numbers)

    def columnCount(self, parent: _Index = QModelIndex()) -> int:
        """Return the number of columns."""
        return 0 if self._numbers is None or parent.isValid() else self._numbers.shape[1]

    def headerData(self, section: int, _orientation: Qt.Orientation, role: int = _Role.DisplayRole) -> Any:
        """Count rows and columns from 0, as tensors do."""
        return str(section) if role == _Role.DisplayRole else None

    def data(self, index: _Index, role: int = _Role.DisplayRole) -> Any:
        """Return a number to four places, and in full as its tooltip."""
        if role == _Role.TextAlignmentRole:
            return Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter
        if role not in (_Role.DisplayRole, _Role.ToolTipRole):
            return None
        value = self._numbers[index.row(), index.column()]
        return f"{value:.4f}" if role == _Role.DisplayRole else str(value)


class GateWeights(QWidget):
    """Choice of a gate and of W, U or a bias; the block, and its place."""

    def __init__(self) -> None:
        super().__init__()
        self._trace: Trace | None = None
        self._gates: tuple[Quantity, ...] = ()
        self.gate, self.kind = QComboBox(), QComboBox()
        self.place = QLabel()
        self.place.setWordWrap(True)
        self.place.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        self.model = MatrixModel()
        self.table = QTableView()
        self.table.setModel(self.model)
        self.table.setTabKeyNavigation(False)
        self.table.horizontalHeader().setDefaultSectionSize(74)
        for box in (self.gate, self.kind):
            box.activated.connect(lambda _: self._show())
        choices = QHBoxLayout()
        choices.addWidget(self.gate, 1)
        choices.addWidget(self.kind)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(2, 4, 2, 2)
        layout.addLayout(choices)
        layout.addWidget(self.place)
        layout.addWidget(self.table, 1)

    def retranslate(self) -> None:
        """Set all texts again."""
        self._list_gates()
        self.gate.setToolTip(self.tr("Whose weights are shown"))
        self.kind.setToolTip(self.tr("W multiplies x_t, U multiplies h_(t-1), and two biases are added"))
        for box in (self.gate, self.kind):
            box.setAccessibleName(box.toolTip())
        self.table.setAccessibleName(self.tr("Weights of the gate"))
        self._show()

    def show_cell(self, trace: Trace, layer: int, direction: Direction) -> None:
        """Show the weights of one layer in one direction."""
        self._trace = trace
        gates = _gates_of(trace.spec.cell)
        if gates != self._gates:
            self._gates = gates
            self.gate.clear()
            self._list_gates()
        self._list_kinds(trace.spec.cell_parameters(layer, direction))
        self._show()

    def _list_gates(self) -> None:
        """Name the gates again; the same one stays chosen."""
        index = max(self.gate.currentIndex(), 0)
        self.gate.clear()
        self.gate.addItems([f"{gate.symbol}  {engine_text(gate.title)}" for gate in self._gates])
        self.gate.setCurrentIndex(min(index, self.gate.count() - 1))
        self.gate.setVisible(len(self._gates) != 1)  # a choice of one is no choice

    def _list_kinds(self, names: Iterable[str]) -> None:
        index = max(self.kind.currentIndex(), 0)
        self.kind.clear()
        for name in names:
            kind = name.split("_l")[0]  # the names of a cell module have no such end
            if kind in _KINDS:
                self.kind.addItem(_KINDS[kind], name)
        self.kind.setCurrentIndex(min(index, self.kind.count() - 1))

    def _show(self) -> None:
        if self._trace is None:
            return
        from gatescope.traces import as_numpy  # noqa: PLC0415 - imports torch, which is there once there is a trace

        gate, name = self._gates[self.gate.currentIndex()], self.kind.currentData()
        rows = self._trace.spec.gate_rows(gate.name)
        block = as_numpy(self._trace.weights[name][rows])
        self.model.set_numbers(block.reshape(len(block), -1))
        if len(self._gates) == 1:
            text = self.tr("{symbol} {shape} = {name}")
        else:
            text = self.tr("{symbol} {shape} = {name}[{start}:{stop}] of {packed}; torch calls it {letter}")
        self.place.setText(
            text.format(
                symbol=self.kind.currentText() + (f"_{gate.symbol}" if len(self._gates) > 1 else ""),
                shape=block.shape,
                name=name,
                start=rows.start,
                stop=rows.stop,
                packed=tuple(self._trace.weights[name].shape),
                letter=gate.torch_name,
            )
        )


def _gates_of(cell: Cell) -> tuple[Quantity, ...]:
    """Return what has a block in the packed tensors, in teaching order."""
    return tuple(quantity for quantity in cell.quantities if quantity.name in cell.packed)
