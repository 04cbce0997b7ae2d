"""The table of watched expressions: each with its value now, the one before, and all of them as a sparkline."""

from __future__ import annotations

from collections.abc import Container
from dataclasses import dataclass
from functools import partial

import numpy as np
from PySide6.QtCore import QRect, Qt, Signal
from PySide6.QtGui import QColor, QKeyEvent, QMouseEvent, QPainter, QResizeEvent
from PySide6.QtWidgets import QHeaderView

from gatescope.messages.message import Message
from gatescope_app.look.language import format_message
from gatescope_app.look.theme import Theme
from gatescope_app.panels.watches.current_value import (
    CurrentValue,
    Value,
    WatchedExpression,
    format_in_full,
    format_short,
    format_to_copy,
)
from gatescope_app.state.known_values import NOTHING
from gatescope_app.state.session_state import State
from gatescope_app.widgets.plain_table import PlainTable
from gatescope_app.widgets.table_model import Column, TableModel

EXPRESSION, NOW, BEFORE, SPARKLINE = range(4)
"""The columns."""

_LEAST = 100  # pixels for an expression, and for a sparkline
_PADDING = 14  # around a number


@dataclass(frozen=True)
class WatchRow:
    """An expression, and what is known of it: what is wrong with it, or None while it is evaluated."""

    text: str
    watched: WatchedExpression | Message | None


class WatchModel(TableModel[WatchRow]):
    """The rows; values are read when they are painted."""

    def __init__(self, state: State) -> None:
        super().__init__(
            (
                Column(lambda row: row.text, tooltip=self._expression_tip, editable=lambda _: True),
                Column(
                    partial(self._value_text, NOW),
                    tooltip=partial(self._value_tip, NOW),
                    edit_text=partial(self._value_to_copy, NOW),
                ),
                Column(
                    partial(self._value_text, BEFORE),
                    tooltip=partial(self._value_tip, BEFORE),
                    edit_text=partial(self._value_to_copy, BEFORE),
                ),
                Column(lambda _: "", tooltip=self._sparkline_tip, copied=False),
            )
        )
        self.state = state
        self._values: dict[WatchedExpression, CurrentValue] = {}  # at that state

    def show(self, state: State, rows: tuple[WatchRow, ...]) -> None:
        """Show these rows at another state."""
        self.state, self._values = state, {}
        self.set_rows(rows)

    def current_value(self, watched: WatchedExpression) -> CurrentValue:
        """Return what is known of an expression at the state, looked up once."""
        if watched not in self._values:
            self._values[watched] = watched.current_value(self.state)
        return self._values[watched]

    def _value(self, column: int, watched: WatchedExpression) -> Value | None:
        value = self.current_value(watched)
        return value.now if column == NOW else value.before

    # what the columns say

    def _value_text(self, column: int, row: WatchRow) -> str:
        """Return a value in short; what is wrong with an expression takes the place of its value."""
        if row.watched is None:
            return "…"
        if isinstance(row.watched, Message):
            return f"✗ {format_message(row.watched)}" if column == NOW else ""
        value = self._value(column, row.watched)
        return NOTHING if value is None else format_short(value)

    def _value_to_copy(self, column: int, row: WatchRow) -> str:
        """Return a value with all digits, and a vector with all its units; what is wrong as it is shown."""
        value = self._value(column, row.watched) if isinstance(row.watched, WatchedExpression) else None
        return self._value_text(column, row) if value is None else format_to_copy(value, self.state.setup.spec.dtype)

    def _value_tip(self, column: int, row: WatchRow) -> str:
        if isinstance(row.watched, Message):
            return format_message(row.watched)
        value = None if row.watched is None else self._value(column, row.watched)
        return "" if value is None else format_in_full(value, self.state.setup.spec.dtype)

    def _expression_tip(self, row: WatchRow) -> str:
        return format_message(row.watched) if isinstance(row.watched, Message) else row.text

    def _sparkline_tip(self, row: WatchRow) -> str:
        return format_message(row.watched) if isinstance(row.watched, Message) else self.tr("Click to go to a step")


class WatchTable(PlainTable):
    """Paints the rows itself, as `PlainTable` does, with their sparklines.

    Signals
    -------
    removal_asked()
        Del was pressed.
    step_chosen(int)
        A step was clicked in a sparkline.
    """

    removal_asked = Signal()
    step_chosen = Signal(int)

    def __init__(self, model: WatchModel, theme: Theme) -> None:
        super().__init__(model)
        self._theme, self._rows = theme, model
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.verticalHeader().hide()
        header = self.horizontalHeader()
        header.setHighlightSections(False)
        header.setDefaultAlignment(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter)
        for column in (EXPRESSION, SPARKLINE):
            header.setSectionResizeMode(column, QHeaderView.ResizeMode.Stretch)

    def set_theme(self, theme: Theme) -> None:
        """Take the colours of another theme, and its size of type."""
        self._theme = theme
        height = self.fontMetrics().height() + 14
        self.verticalHeader().setMinimumSectionSize(height)
        self.verticalHeader().setDefaultSectionSize(height)
        self.fit_columns()

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Share another width out."""
        super().resizeEvent(event)
        self.fit_columns()

    def fit_columns(self) -> None:
        """Make room for numbers, and for more of a vector where there is one; the rest is shared by the others."""
        width, measure = self.viewport().width(), self.fontMetrics().horizontalAdvance
        least, most = (measure(digits) + _PADDING for digits in ("-0.0000", "-0.00e+00"))
        number = max(least, min(most, width // 2 - _LEAST))
        vectors = any(
            isinstance(row.watched, WatchedExpression) and row.watched.expression.width for row in self._rows.rows
        )
        vector = max(number, min(2 * number, width - number - 2 * _LEAST))
        self.horizontalHeader().resizeSection(BEFORE, number)
        self.horizontalHeader().resizeSection(NOW, vector if vectors else number)

    # painting

    def _draw(self, painter: QPainter, rows: range, leave_out: Container[int] = (), *, selected: bool) -> None:
        """Draw rows in the painter's pen; of those that are not selected, some in fainter type."""
        for row in rows:
            if row not in leave_out:
                self._draw_row(painter, row, selected=selected)

    def _draw_row(self, painter: QPainter, row: int, *, selected: bool) -> None:
        painter.save()
        self._write(painter, row, EXPRESSION)
        watched = self._rows.rows[row].watched
        if isinstance(watched, Message):
            if not selected:
                painter.setPen(QColor(self._theme.differs))
            self._write(painter, row, NOW, SPARKLINE)
        else:
            self._write(painter, row, NOW)
            if not selected:
                painter.setPen(QColor(self._theme.faint))
            self._write(painter, row, BEFORE)
        if isinstance(watched, WatchedExpression) and watched.sparkline is not None:
            self._draw_sparkline(painter, watched, row, selected=selected)
        painter.restore()

    def _write(self, painter: QPainter, row: int, column: int, last: int | None = None) -> None:
        area = self._area(row, column).united(self._area(row, column if last is None else last)).adjusted(5, 0, -5, 0)
        text = self._rows.columns[column].text(self._rows.rows[row])
        text = painter.fontMetrics().elidedText(text, Qt.TextElideMode.ElideRight, area.width())
        painter.drawText(area, Qt.AlignmentFlag.AlignVCenter, text)

    def _draw_sparkline(self, painter: QPainter, watched: WatchedExpression, row: int, *, selected: bool) -> None:
        state, sparkline = self._rows.state, watched.sparkline
        if sparkline is None:
            return
        area = self._place_of_sparkline(row)
        if selected:  # its colours are made for this ground
            painter.fillRect(area.adjusted(-2, -1, 2, 1), self.palette().base())
        value = self._rows.current_value(watched)
        now = None if value.now is None else np.atleast_1d(np.asarray(value.now))
        sparkline.paint(painter, area, self._theme, state.cursor.t, value.known, now)

    def _area(self, row: int, column: int) -> QRect:
        return QRect(
            self.columnViewportPosition(column), self.rowViewportPosition(row), self.columnWidth(column),
            self.rowHeight(row) - 1,
        )  # fmt: skip

    def _place_of_sparkline(self, row: int) -> QRect:
        return self._area(row, SPARKLINE).adjusted(4, 2, -6, -2)

    # keys and mouse

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Take Del, and F2 wherever in the row one is."""
        row = self.currentIndex().row()
        if row >= 0 and event.key() in (Qt.Key.Key_Delete, Qt.Key.Key_Backspace):
            self.removal_asked.emit()
        elif row >= 0 and event.key() == Qt.Key.Key_F2:
            if self.state() != self.State.EditingState:  # its editor may be open while another window had the focus
                self.edit(self._rows.index(row, EXPRESSION))
        else:
            super().keyPressEvent(event)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        super().mousePressEvent(event)
        place = event.position().toPoint()
        index = self.indexAt(place)
        if index.column() != SPARKLINE or event.button() != Qt.MouseButton.LeftButton:
            return
        watched = self._rows.rows[index.row()].watched
        if isinstance(watched, WatchedExpression) and watched.sparkline is not None:
            area = self._place_of_sparkline(index.row())
            self.step_chosen.emit(watched.sparkline.step_at(area, place.x()))
