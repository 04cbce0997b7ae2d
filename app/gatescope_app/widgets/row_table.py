"""What tables share whose rows are selected whole: one or many, to be copied."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QItemSelectionModel, QRect
from PySide6.QtWidgets import QTableView

from gatescope_app.widgets.long_table import LongTable
from gatescope_app.widgets.table_copy import TableCopier
from gatescope_app.widgets.table_model import Index

_Flag = QItemSelectionModel.SelectionFlag


class RowTable(LongTable):
    """Rows are selected by the mouse and with Shift, all of them with Ctrl+A; Ctrl+C copies them."""

    def __init__(self) -> None:
        super().__init__()
        self.setSelectionBehavior(QTableView.SelectionBehavior.SelectRows)
        self.setSelectionMode(QTableView.SelectionMode.ExtendedSelection)
        self.setTabKeyNavigation(False)  # Tab leads on to the next widget
        self.copier = TableCopier(self)
        self._goes = False

    def go_to(self, index: Index) -> None:
        """Go to a cell, and select its row alone; with Shift held, as in Shift+F10, Qt would add it."""
        self._goes = True
        self.setCurrentIndex(index)
        self._goes = False

    def selectionCommand(self, index: Index, event: QEvent | None = None) -> QItemSelectionModel.SelectionFlag:
        return _Flag.ClearAndSelect | _Flag.Rows if self._goes else super().selectionCommand(index, event)

    @property
    def chosen_rows(self) -> list[int]:
        """The selected rows, ascending; without any the current one."""
        ranges = self.selectionModel().selection().toList()
        chosen = {row for one in ranges for row in range(one.top(), one.bottom() + 1)}
        current = self.currentIndex()
        return sorted(chosen) or ([current.row()] if current.isValid() else [])

    def chosen_in(self, rows: range) -> list[int]:
        """Return which of some rows are to be painted as selected."""
        current = self.currentIndex().row()
        ranges = [(one.top(), one.bottom()) for one in self.selectionModel().selection().toList()]
        if ranges == [(current, current)] or not ranges:  # as nearly always
            return [current] if current in rows else []
        return [row for row in rows if row == current or any(top <= row <= bottom for top, bottom in ranges)]

    def rows_in(self, area: QRect) -> range:
        """Return the rows that lie in a part of the viewport, wholly or in part."""
        first, last = self.rowAt(area.top()), self.rowAt(area.bottom())
        return range(max(first, 0), (last if last >= 0 else self.model().rowCount() - 1) + 1)
