"""An editable table of numbers that takes what a spreadsheet copies."""

from __future__ import annotations

from typing import Any

import numpy as np
from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QGuiApplication, QKeyEvent, QKeySequence

from gatescope.formats.csv_reader import from_rows, split_rows
from gatescope.formats.sequences import Numbers
from gatescope.messages.message import GatescopeError, Message
from gatescope_app.widgets.long_table import LongTable
from gatescope_app.widgets.long_table_header import LongTableHeader
from gatescope_app.widgets.number_delegate import NumberDelegate, repaint_when_scrolled
from gatescope_app.widgets.number_texts import format_exactly
from gatescope_app.widgets.table_copy import TableCopier
from gatescope_app.widgets.table_model import ArrayModel, Index, Role


class NumbersModel(ArrayModel):
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
    numbers: Numbers

    def set_numbers(self, numbers: Numbers) -> None:
        """Show another array, of which edits change a copy."""
        self.reset_numbers(np.array(numbers))
        self.edited.emit()

    def __init__(self, numbers: Numbers, name: str, dtype: str) -> None:
        super().__init__(numbers)
        self.name, self._dtype = name, dtype

    def text(self, number: float) -> str:
        """Return a number in the shortest form that the network reads back the same."""
        return format_exactly(number, self._dtype)

    exact_text = text

    def data(self, index: Index, role: int = Role.DisplayRole) -> Any:
        """Edit the number that is shown; where there is no room for all of it, its tooltip has it."""
        return super().data(index, Role.DisplayRole if role in (Role.EditRole, Role.ToolTipRole) else role)

    def setData(self, index: Index, value: Any, role: int = Role.EditRole) -> bool:
        """Take a typed number, or refuse it."""
        if role != Role.EditRole:
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


class NumberTable(LongTable):
    """Shows a `NumbersModel`; Ctrl+V replaces everything with a pasted table.

    Parameters
    ----------
    numbers : Numbers
        (rows, columns).
    name : str
        What they are called where they are copied.
    dtype : str
        Of the network that is to read them.
    """

    def __init__(self, numbers: Numbers, name: str, dtype: str) -> None:
        super().__init__()
        self.model_of_numbers = NumbersModel(np.array(numbers), name, dtype)
        self.setModel(self.model_of_numbers)
        self.setTabKeyNavigation(False)
        self.setHorizontalHeader(LongTableHeader(Qt.Orientation.Horizontal, self))
        self.setVerticalHeader(LongTableHeader(Qt.Orientation.Vertical, self))
        self.setItemDelegate(NumberDelegate(self))
        repaint_when_scrolled(self)
        self.copier = TableCopier(self)
        self.horizontalHeader().setDefaultSectionSize(self.fontMetrics().horizontalAdvance("-0.00000000") + 12)

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
        if event.matches(QKeySequence.StandardKey.Paste):
            self.paste()
        else:
            super().keyPressEvent(event)
