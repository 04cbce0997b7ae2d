"""A table that changes with every step, painted quickly."""

from __future__ import annotations

from collections.abc import Container, Sequence
from typing import Any

from PySide6.QtCore import Qt
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QHeaderView

from gatescope_app.widgets.number_texts import NumberWidths, fit_number
from gatescope_app.widgets.placeholder import draw_placeholder
from gatescope_app.widgets.row_table import RowTable
from gatescope_app.widgets.table_model import RIGHT, TableModel

CELL_MARGIN = 3
"""Pixels left and right of a text."""


class PlainTable(RowTable):
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
        self.setWordWrap(False)
        self.setShowGrid(False)
        self.verticalHeader().setSectionResizeMode(QHeaderView.ResizeMode.Fixed)
        # Numbers at the edge are as long as there is room for: to move their picture would cut them.
        self.horizontalScrollBar().valueChanged.connect(self.viewport().update)

    def texts(self, column: int, rows: range) -> Sequence[str]:
        """Return what a column says in some rows; fewer where the last ones have nothing."""
        return self._model.texts(column, rows)

    def paintEvent(self, event: QPaintEvent) -> None:
        """Draw the rows that need it, column by column, and the selected ones each on its own."""
        draw_placeholder(self, self.placeholder)
        rows = self.rows_in(event.rect())
        painter, palette = QPainter(self.viewport()), self.palette()
        across, chosen = self.viewport().width(), self.chosen_in(rows)
        painter.setPen(palette.mid().color())
        for row in rows:
            bottom = self.rowViewportPosition(row) + self.rowHeight(row) - 1
            painter.drawLine(0, bottom, across, bottom)
        painter.setPen(palette.text().color())
        self._draw(painter, rows, chosen, selected=False)
        painter.setPen(palette.highlightedText().color())
        for row in chosen:
            area = (0, self.rowViewportPosition(row), across, self.rowHeight(row) - 1)
            painter.fillRect(*area, palette.highlight())
            font = self.font()
            font.setBold(self.bold_selection and row == self.currentIndex().row())
            painter.setFont(font)
            self._draw(painter, range(row, row + 1), selected=True)

    def _draw(self, painter: QPainter, rows: range, leave_out: Container[int] = (), *, selected: bool) -> None:
        places = [(row, self.rowViewportPosition(row), self.rowHeight(row) - 1) for row in rows]
        measure = NumberWidths(painter.fontMetrics().horizontalAdvance)
        for column in range(self.model().columnCount()):
            left, width = self.room_of(column)
            if self.isColumnHidden(column) or width <= 0:
                continue
            align, texts = self._model.columns[column].align, self.texts(column, rows)
            if align == RIGHT:  # numbers, of which one that is cut would be another one
                texts = [text if measure(text) <= width else fit_number(text, width, measure) for text in texts]
            flags = align | Qt.AlignmentFlag.AlignVCenter
            for (row, top, height), text in zip(places, texts, strict=False):
                if row not in leave_out:
                    painter.drawText(left, top, width, height, flags, text)

    def room_of(self, column: int) -> tuple[int, int]:
        """Return where the texts of a column begin, and how wide they may be: as wide as can be seen."""
        left = self.columnViewportPosition(column)
        right = min(left + self.columnWidth(column), self.viewport().width())
        if self._model.columns[column].align == RIGHT:
            left = max(left, 0)
        return left + CELL_MARGIN, right - left - 2 * CELL_MARGIN
