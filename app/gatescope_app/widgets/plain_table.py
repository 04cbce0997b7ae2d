"""A table that changes with every step, painted quickly."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from PySide6.QtCore import QRect, Qt
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QHeaderView, QTableView

from gatescope_app.widgets.placeholder import draw_placeholder
from gatescope_app.widgets.table_model import TableModel


class PlainTable(QTableView):
    """Paints its text itself: Qt's styled items take several times as long.

    Its model stays what tests, screen readers and selection go by.
    """

    bold_selection = False
    placeholder = ""
    """What an empty table says."""

    def __init__(self, model: TableModel[Any]) -> None:
        super().__init__()
        self._model = model
        self.setModel(model)
        self.setSelectionBehavior(QTableView.SelectionBehavior.SelectRows)
        self.setSelectionMode(QTableView.SelectionMode.SingleSelection)
        self.setTabKeyNavigation(False)  # Tab leads on to the next widget
        self.setWordWrap(False)
        self.setShowGrid(False)
        self.verticalHeader().setSectionResizeMode(QHeaderView.ResizeMode.Fixed)

    def texts(self, column: int, rows: range) -> Sequence[str]:
        """Return what a column says in some rows; fewer where the last ones have nothing."""
        return self._model.texts(column, rows)

    def paintEvent(self, event: QPaintEvent) -> None:
        """Draw the rows that need it, column by column, and the selected one on its own."""
        draw_placeholder(self, self.placeholder)
        rows = self.rows_in(event.rect())
        painter, palette = QPainter(self.viewport()), self.palette()
        across, selected = self.viewport().width(), self.currentIndex().row()
        painter.setPen(palette.mid().color())
        for row in rows:
            bottom = self.rowViewportPosition(row) + self.rowHeight(row) - 1
            painter.drawLine(0, bottom, across, bottom)
        painter.setPen(palette.text().color())
        self._draw(painter, rows, leave_out=selected)
        if selected in rows:
            area = (0, self.rowViewportPosition(selected), across, self.rowHeight(selected) - 1)
            painter.fillRect(*area, palette.highlight())
            painter.setPen(palette.highlightedText().color())
            font = self.font()
            font.setBold(self.bold_selection)
            painter.setFont(font)
            self._draw(painter, range(selected, selected + 1))

    def rows_in(self, area: QRect) -> range:
        """Return the rows that lie in a part of the viewport, wholly or in part."""
        first, last = self.rowAt(area.top()), self.rowAt(area.bottom())
        return range(max(first, 0), (last if last >= 0 else self.model().rowCount() - 1) + 1)

    def _draw(self, painter: QPainter, rows: range, leave_out: int | None = None) -> None:
        places = [(row, self.rowViewportPosition(row), self.rowHeight(row) - 1) for row in rows]
        for column in range(self.model().columnCount()):
            if self.isColumnHidden(column):
                continue
            left, width = self.columnViewportPosition(column) + 5, self.columnWidth(column) - 10
            flags = self._model.columns[column].align | Qt.AlignmentFlag.AlignVCenter
            for (row, top, height), text in zip(places, self.texts(column, rows), strict=False):
                if row != leave_out:
                    painter.drawText(left, top, width, height, flags, text)
