"""One gate's own W, U and b, and where they lie in nn.LSTM's packed tensors."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QAbstractTableModel, QModelIndex, QPersistentModelIndex, Qt
from PySide6.QtWidgets import QComboBox, QHBoxLayout, QLabel, QTableView, QVBoxLayout, QWidget

from gatescope.quantities import QUANTITIES
from gatescope_app.language import engine_text

if TYPE_CHECKING:
    from gatescope.spec import Direction
    from gatescope.traces import Trace

_Index = QModelIndex | QPersistentModelIndex
_Role = Qt.ItemDataRole

_GATES = tuple(q for q in QUANTITIES if q.name in ("f", "i", "c_tilde", "o"))
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
        self._cell: tuple[int, Direction] = (0, "forward")
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
        index = max(self.gate.currentIndex(), 0)
        self.gate.clear()
        self.gate.addItems([f"{gate.symbol}  {engine_text(gate.title)}" for gate in _GATES])
        self.gate.setCurrentIndex(index)
        self.gate.setToolTip(self.tr("Whose weights are shown"))
        self.kind.setToolTip(self.tr("W multiplies x_t, U multiplies h_(t-1), and two biases are added"))
        for box in (self.gate, self.kind):
            box.setAccessibleName(box.toolTip())
        self.table.setAccessibleName(self.tr("Weights of the gate"))
        self._show()

    def show_cell(self, trace: Trace, layer: int, direction: Direction) -> None:
        """Show the weights of one layer in one direction."""
        self._trace, self._cell = trace, (layer, direction)
        index = max(self.kind.currentIndex(), 0)
        self.kind.clear()
        for name in trace.spec.cell_parameters(layer, direction):
            kind = name.split("_l")[0]
            if kind in _KINDS:
                self.kind.addItem(_KINDS[kind], name)
        self.kind.setCurrentIndex(min(index, self.kind.count() - 1))
        self._show()

    def _show(self) -> None:
        if self._trace is None:
            return
        gate, name = _GATES[self.gate.currentIndex()], self.kind.currentData()
        rows = self._trace.spec.gate_rows(gate.name)
        block = self._trace.weights[name][rows].cpu().numpy()
        packed = tuple(self._trace.weights[name].shape)
        self.model.set_numbers(block.reshape(len(block), -1))
        self.place.setText(
            self.tr("{symbol} {shape} = {name}[{start}:{stop}] of {packed}; torch calls it {letter}").format(
                symbol=f"{self.kind.currentText()}_{gate.symbol}",
                shape=block.shape,
                name=name,
                start=rows.start,
                stop=rows.stop,
                packed=packed,
                letter=gate.torch_name,
            )
        )
