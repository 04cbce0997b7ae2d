"""A table that changes with every step, painted quickly."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QRect, Qt
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QTableView


class PlainTable(QTableView):
    """Paints its text itself: Qt's styled items take several times as long.

    A table implements `texts`; its model stays what tests, screen readers and selection go by.
    """

    align = Qt.AlignmentFlag.AlignLeft
    bold_selection = False

    def texts(self, column: int, rows: range) -> Sequence[str]:
        """Return what a column says in some rows; fewer where the last ones have nothing."""
        raise NotImplementedError

    def alignment(self, _column: int) -> Qt.AlignmentFlag:
        """Return to which side a column's texts are set."""
        return self.align

    def paintEvent(self, event: QPaintEvent) -> None:
        """Draw the rows that need it, column by column, and the selected one on its own."""
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
            flags = self.alignment(column) | Qt.AlignmentFlag.AlignVCenter
            for (row, top, height), text in zip(places, self.texts(column, rows), strict=False):
                if row != leave_out:
                    painter.drawText(left, top, width, height, flags, text)
