"""An editable table of numbers that takes what a spreadsheet copies."""

from __future__ import annotations

from typing import Any

import numpy as np
from PySide6.QtCore import QAbstractTableModel, QModelIndex, QObject, QPersistentModelIndex, Qt, Signal
from PySide6.QtGui import QGuiApplication, QKeyEvent, QKeySequence
from PySide6.QtWidgets import QTableView

from gatescope.formats.csv_reader import from_rows, split_rows
from gatescope.formats.sequences import Numbers
from gatescope.messages.message import GatescopeError, Message

_Index = QModelIndex | QPersistentModelIndex
_Role = Qt.ItemDataRole


class NumbersModel(QAbstractTableModel):
    """Numbers, (rows, columns), edited cell by cell.

    Signals
    -------
    refused(Message)
        What was typed is not a number; the cell keeps the old one.
    edited()
        A number changed.
    """

    refused = Signal(object)
    edited = Signal()

    def __init__(self, numbers: Numbers, parent: QObject) -> None:
        super().__init__(parent)
        self.numbers = np.array(numbers)

    def set_numbers(self, numbers: Numbers) -> None:
        """Show another array, of which edits change a copy."""
        self.beginResetModel()
        self.numbers = np.array(numbers)
        self.endResetModel()
        self.edited.emit()

    def rowCount(self, parent: _Index = QModelIndex()) -> int:
        """Return the number of rows."""
        return 0 if parent.isValid() else len(self.numbers)

    def columnCount(self, parent: _Index = QModelIndex()) -> int:
        """Return the number of columns."""
        return 0 if parent.isValid() else self.numbers.shape[1]

    def headerData(self, section: int, _orientation: Qt.Orientation, role: int = _Role.DisplayRole) -> Any:
        """Count rows and columns from 0, as steps and tensors do."""
        return str(section) if role == _Role.DisplayRole else None

    def flags(self, index: _Index) -> Qt.ItemFlag:
        """Let every cell be edited."""
        return super().flags(index) | Qt.ItemFlag.ItemIsEditable

    def data(self, index: _Index, role: int = _Role.DisplayRole) -> Any:
        """Return a number in the shortest form that reads back the same."""
        if role == _Role.TextAlignmentRole:
            return Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter
        if role in (_Role.DisplayRole, _Role.EditRole):
            value = float(self.numbers[index.row(), index.column()])
            return str(int(value)) if value.is_integer() and abs(value) < 1e15 else repr(value)
        return None

    def setData(self, index: _Index, value: Any, role: int = _Role.EditRole) -> bool:
        """Take a typed number, or refuse it."""
        if role != _Role.EditRole:
            return False
        try:
            number = float(str(value).strip())
        except ValueError:
            params = {"row": index.row(), "column": index.column(), "value": repr(value)}
            self.refused.emit(Message("sequence_not_numeric", params))
            return False
        self.numbers[index.row(), index.column()] = number
        self.dataChanged.emit(index, index)
        self.edited.emit()
        return True


class NumberTable(QTableView):
    """Shows a `NumbersModel`; Ctrl+V replaces everything with a pasted table."""

    def __init__(self, numbers: Numbers) -> None:
        super().__init__()
        self.model_of_numbers = NumbersModel(numbers, self)
        self.setModel(self.model_of_numbers)
        self.setTabKeyNavigation(False)
        self.horizontalHeader().setDefaultSectionSize(80)

    @property
    def numbers(self) -> Numbers:
        """The table as it is now, (rows, columns)."""
        return self.model_of_numbers.numbers

    def paste(self) -> None:
        """Replace the table with what a spreadsheet copied; a single cell goes into the current cell."""
        rows = split_rows(QGuiApplication.clipboard().text())
        if len(rows) == 1 and len(rows[0]) == 1 and self.currentIndex().isValid():
            self.model_of_numbers.setData(self.currentIndex(), rows[0][0])
            return
        try:
            self.model_of_numbers.set_numbers(from_rows(rows))
        except GatescopeError as error:
            self.model_of_numbers.refused.emit(error.message)

    def resize_to(self, rows: int, columns: int) -> None:
        """Cut the table, or extend it with zeros."""
        old = self.numbers
        new = np.zeros((rows, columns))
        kept_rows, kept_columns = min(rows, len(old)), min(columns, old.shape[1])
        new[:kept_rows, :kept_columns] = old[:kept_rows, :kept_columns]
        self.model_of_numbers.set_numbers(new)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Take Ctrl+V."""
        if event.matches(QKeySequence.StandardKey.Paste):
            self.paste()
        else:
            super().keyPressEvent(event)
