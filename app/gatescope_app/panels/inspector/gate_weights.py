"""One gate's own W, U and b, and where they lie in the module's packed tensors."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING, Any

import numpy as np
from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QFont
from PySide6.QtWidgets import QComboBox, QLabel, QTableView, QWidget

from gatescope.cells.cell import Cell
from gatescope.cells.quantities import Quantity
from gatescope.edits.edits import WeightEdit
from gatescope.messages.number_format import format_number
from gatescope_app.look.edit_marks import describe_edits, describe_original
from gatescope_app.look.language import engine_text
from gatescope_app.look.theme import Theme
from gatescope_app.widgets.box_layouts import fill_column, fill_row
from gatescope_app.widgets.cell_editors import TextDelegate, parse_number, stop_editing
from gatescope_app.widgets.context_menu import ContextMenu
from gatescope_app.widgets.number_delegate import repaint_when_scrolled
from gatescope_app.widgets.table_copy import TableCopier
from gatescope_app.widgets.table_model import RIGHT, ArrayModel, Index, Role

if TYPE_CHECKING:  # imports torch
    from torch import Tensor

    from gatescope_app.state.session_state import State

_KINDS = {"weight_ih": "W", "weight_hh": "U", "bias_ih": "b_ih", "bias_hh": "b_hh"}


class MatrixModel(ArrayModel):
    """Shows a block of weights, with a remark on each number that was edited; those are drawn bold."""

    def __init__(self) -> None:
        super().__init__(np.zeros((0, 0)))
        self._remarks: Mapping[tuple[int, int], str] = {}

    def set_numbers(self, numbers: Any, remarks: Mapping[tuple[int, int], str]) -> None:
        """Show another block; of the same shape, a number may be in the middle of being typed."""
        self._remarks = remarks
        if self.numbers.shape == numbers.shape:
            self.numbers = numbers
            self.repaint_all()
        else:
            self.reset_numbers(numbers)

    def text(self, number: Any) -> str:
        """Return a number to four places."""
        return format_number(number)

    def exact_text(self, number: Any) -> str:
        return str(number)

    def data(self, index: Index, role: int = Role.DisplayRole) -> Any:
        """Return a number; in full for its tooltip and to edit it."""
        remark = self._remarks.get((index.row(), index.column()))
        if role == Role.FontRole and remark is not None:
            font = QFont()
            font.setBold(True)
            return font
        if role not in (Role.ToolTipRole, Role.EditRole):
            return super().data(index, role)
        text = str(self.numbers[index.row(), index.column()])
        return f"{text}\n{remark}" if role == Role.ToolTipRole and remark is not None else text


class GateWeights(QWidget):
    """Choice of a gate and of W, U or a bias; the block, and its place.

    Signals
    -------
    edits_asked(tuple of WeightEdit)
        Another number was typed.
    """

    edits_asked = Signal(object)

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self._state: State | None = None
        self._gates: tuple[Quantity, ...] = ()
        self.gate, self.kind = QComboBox(), QComboBox()
        self.place = QLabel(wordWrap=True, textInteractionFlags=Qt.TextInteractionFlag.TextSelectableByMouse)
        self.model = MatrixModel()
        self.table = QTableView()
        self.table.setModel(self.model)
        self.table.setTabKeyNavigation(False)
        self.copier = TableCopier(self.table)
        self.table.setEditTriggers(QTableView.EditTrigger.DoubleClicked | QTableView.EditTrigger.EditKeyPressed)
        self._delegate = TextDelegate(self.table, self._edits, theme, RIGHT)
        self._delegate.entered.connect(self.edits_asked)
        self.table.setItemDelegate(self._delegate)
        repaint_when_scrolled(self.table)
        for box in (self.gate, self.kind):
            box.activated.connect(lambda _: self._show())
        choices = fill_row(None, (self.gate, 1), self.kind)
        fill_column(self, choices, self.place, (self.table, 1), margins=(2, 4, 2, 2))

    def retranslate(self) -> None:
        self._list_gates()
        self.gate.setToolTip(self.tr("Whose weights are shown"))
        self.kind.setToolTip(self.tr("W multiplies x_t, U multiplies h_(t-1), and two biases are added"))
        for box in (self.gate, self.kind):
            box.setAccessibleName(box.toolTip())
        self.table.setAccessibleName(self.tr("Weights of the gate"))
        self.table.setToolTip(self.tr("Double click a number, or F2, to compute with another one"))
        self._show()

    def fill_menu(self, menu: ContextMenu) -> None:
        """Offer what can be done with a weight."""
        index = menu.index_in(self.table)
        if index.isValid():
            name = f"{self.model.name}[{index.row()}, {index.column()}]"
            menu.offer_editing(self.tr("Compute with another number…"), self.table, index, keys="F2")
            menu.offer_number(name, self.model.numbers[index.row(), index.column()])

    def set_theme(self, theme: Theme) -> None:
        self._delegate.theme = theme
        widest = self.fontMetrics().horizontalAdvance("-00.0000")
        self.table.horizontalHeader().setDefaultSectionSize(widest + 16)
        self.table.verticalHeader().setDefaultSectionSize(self.fontMetrics().height() + 10)

    def show_state(self, state: State) -> None:
        """Show the weights of the layer and direction looked at; there must be a run."""
        if self._state is not None and self._state.focus != state.focus:
            stop_editing(self.table)  # what was being typed was meant for another place
        self._state = state
        spec, focus = state.setup.spec, state.focus
        gates = _gates_of(spec.cell)
        if gates != self._gates:
            self._gates = gates
            self.gate.clear()
            self._list_gates()
        self._list_kinds(spec.cell_parameters(focus.layer, focus.direction))
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
        state = self._state
        if state is None or state.run is None:
            return
        gate, name = self._gates[self.gate.currentIndex()], self.kind.currentData()
        rows, packed = state.setup.spec.gate_rows(gate.name), state.run.trace.weights[name]
        block = _as_numpy(packed[rows])
        numbers = block.reshape(len(block), -1)
        self.model.name = self.kind.currentText() + (f"_{gate.symbol}" if len(self._gates) > 1 else "")
        self.model.set_numbers(numbers, self._remarks(state, name, rows))
        if len(self._gates) == 1:
            text = self.tr("{symbol} {shape} = {name}")
        else:
            text = self.tr("{symbol} {shape} = {name}[{start}:{stop}] of {packed}; torch calls it {letter}")
        self.place.setText(
            text.format(
                symbol=self.model.name,
                shape=block.shape,
                name=name,
                start=rows.start,
                stop=rows.stop,
                packed=tuple(packed.shape),
                letter=gate.torch_name,
            )
        )

    def _remarks(self, state: State, name: str, rows: slice) -> dict[tuple[int, int], str]:
        """Return what is to be said of the numbers that were edited, by their place in the block."""
        before = None if state.ghost is None else state.ghost.trace.weights[name]
        remarks = {}
        for edit in state.setup.edits:
            if isinstance(edit, WeightEdit) and edit.parameter == name and rows.start <= edit.index[0] < rows.stop:
                row, column = (*edit.index, 0)[:2]  # a bias has rows only
                was = [] if before is None else [describe_original(state, str(_as_numpy(before[edit.index])))]
                remarks[row - rows.start, column] = "\n".join([describe_edits([edit]), *was])
        return remarks

    def _edits(self, index: Index, text: str) -> tuple[WeightEdit]:
        """Return the edit for a number that was typed, at its place in the packed tensor."""
        assert self._state is not None
        spec, name = self._state.setup.spec, self.kind.currentData()
        row = spec.gate_rows(self._gates[self.gate.currentIndex()].name).start + index.row()
        place = (row, index.column())[: len(spec.parameters()[name])]  # a bias has rows only
        edit = WeightEdit(name, place, parse_number(f"{name}{list(place)}", text))
        edit.check(self._state.setup.shape)
        return (edit,)


def _as_numpy(tensor: Tensor) -> Any:
    from gatescope.traces.trace import as_numpy  # noqa: PLC0415 - imports torch, which is there once there is a trace

    return as_numpy(tensor)


def _gates_of(cell: Cell) -> tuple[Quantity, ...]:
    """Return what has a block in the packed tensors, in teaching order."""
    return tuple(quantity for quantity in cell.quantities if quantity.name in cell.packed)
