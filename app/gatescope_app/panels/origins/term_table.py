"""The terms of a sum, the largest first: names, numbers, and bars."""

from __future__ import annotations

from math import isfinite
from typing import TYPE_CHECKING, Any

import numpy as np
from PySide6.QtCore import QAbstractTableModel, QModelIndex, QPersistentModelIndex, QRectF, Qt, Signal
from PySide6.QtGui import QColor, QKeyEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import QHeaderView, QTableView

from gatescope.messages.message import Message
from gatescope_app.look.theme import Theme
from gatescope_app.widgets.plain_table import PlainTable

if TYPE_CHECKING:  # imports torch
    from gatescope.analysis.preactivation_terms import Term, Terms
    from gatescope.analysis.unrolling import Floats

_Index = QModelIndex | QPersistentModelIndex
_Role = Qt.ItemDataRole

COLUMNS = ("term", "weight", "input", "product", "bar")
_NUMBERS = COLUMNS[1:4]
_WRITTEN_AS = {"float16": np.float16, "float32": np.float32, "bfloat16": np.float32}


def in_full(value: float, dtype: str) -> str:
    """Return the shortest form that reads back the same in that dtype."""
    return str(_WRITTEN_AS.get(dtype, float)(value))


class TermsModel(QAbstractTableModel):
    """A row for each term.

    Signals
    -------
    edit_asked(Term, str, float)
        Somebody typed another number for the term's "weight" or "input"; the model itself stays.
    refused(Message)
        What was typed is no number.
    """

    edit_asked = Signal(object, str, float)
    refused = Signal(object)

    def __init__(self) -> None:
        super().__init__()
        self.terms: Terms | None = None
        self.headers: dict[str, str] = {}
        self._dtype = "float32"

    def set_terms(self, terms: Terms | None, dtype: str) -> None:
        """Show other terms; `dtype` is that of the network."""
        old, self.terms, self._dtype = self.rowCount(), terms, dtype
        if self.rowCount() != old:
            self.beginResetModel()
            self.endResetModel()
        elif old:
            self.dataChanged.emit(self.index(0, 0), self.index(old - 1, len(COLUMNS) - 1))

    def set_headers(self, headers: dict[str, str]) -> None:
        """Set the columns' titles."""
        self.headers = headers
        self.headerDataChanged.emit(Qt.Orientation.Horizontal, 0, len(COLUMNS) - 1)

    def rowCount(self, parent: _Index = QModelIndex()) -> int:
        """Return how many terms there are."""
        return 0 if self.terms is None or parent.isValid() else len(self.terms)

    def columnCount(self, _parent: _Index = QModelIndex()) -> int:
        """Return the number of columns."""
        return len(COLUMNS)

    def headerData(self, section: int, orientation: Qt.Orientation, role: int = _Role.DisplayRole) -> Any:
        """Return a column's title."""
        if orientation == Qt.Orientation.Horizontal and role == _Role.DisplayRole:
            return self.headers.get(COLUMNS[section], "")
        return None

    def flags(self, index: _Index) -> Qt.ItemFlag:
        """Let weights and biases be edited, and of the inputs those that no other step or layer computes."""
        flags = super().flags(index)
        if self.terms is None or not index.isValid():
            return flags
        column, source = COLUMNS[index.column()], self.terms[index.row()].source
        editable = column == "weight" or (column == "input" and source in ("x", "h0"))
        return flags | Qt.ItemFlag.ItemIsEditable if editable else flags

    def data(self, index: _Index, role: int = _Role.DisplayRole) -> Any:
        """Return a name, a number to four places, or a number in full as a tooltip and to edit."""
        if self.terms is None:
            return None
        if role == _Role.DisplayRole:
            return self.text(index.row(), COLUMNS[index.column()])
        if role in (_Role.EditRole, _Role.ToolTipRole):
            return self._in_full(self.terms[index.row()], COLUMNS[index.column()])
        return None

    def text(self, row: int, column: str) -> str:
        """Return what a cell says."""
        assert self.terms is not None
        term = self.terms[row]
        if column == "term":
            return self.name(term)
        if column == "bar" or (column == "input" and term.source == "bias"):
            return ""
        return f"{getattr(term, column):.4f}"

    def name(self, term: Term) -> str:
        """Return a term as a formula: `r_t · W_hh[3, 1] · h_(t-1)[1]`."""
        assert self.terms is not None
        factor = f"{self.terms.scaled_by}_t · " if self.terms.scaled_by and "_hh" in term.parameter else ""
        symbol = {"x": "x_t", "below": "x_t", "h": "h_(t-1)", "h0": "h_0", "bias": ""}[term.source]
        return f"{factor}{term.name}" + (f" · {symbol}[{term.index[-1]}]" if symbol else "")

    def _in_full(self, term: Term, column: str) -> str:
        if column == "term":
            return f"{term.parameter}[{', '.join(map(str, term.index))}]"
        if column == "bar" or (column == "input" and term.source == "bias"):
            return ""
        return in_full(getattr(term, column), "float64" if column == "product" else self._dtype)

    def setData(self, index: _Index, value: Any, role: int = _Role.EditRole) -> bool:
        """Ask for another number, or refuse what is none."""
        column = COLUMNS[index.column()]
        if role != _Role.EditRole or self.terms is None or not self.flags(index) & Qt.ItemFlag.ItemIsEditable:
            return False
        term, typed = self.terms[index.row()], str(value).strip()
        if typed == self._in_full(term, column):
            return False  # the editor was opened and closed
        try:
            number = float(typed)
        except ValueError:
            number = float("nan")
        if not isfinite(number):
            self.refused.emit(Message("edit_not_number", {"name": term.name, "value": repr(typed)}))
            return False
        self.edit_asked.emit(term, column, number)
        return True


class TermTable(PlainTable):
    """The terms, with a bar for each product; F2 or a double click edits a weight, Shift+F2 its input."""

    def __init__(self, model: TermsModel, theme: Theme) -> None:
        super().__init__()
        self._terms_model, self._theme, self._colour = model, theme, theme.text
        self.setModel(model)
        self.setSelectionMode(QTableView.SelectionMode.SingleSelection)
        self.setSelectionBehavior(QTableView.SelectionBehavior.SelectRows)
        self.setEditTriggers(QTableView.EditTrigger.DoubleClicked)
        self.setTabKeyNavigation(False)
        self.setWordWrap(False)
        self.setShowGrid(False)
        self.verticalHeader().hide()
        self.verticalHeader().setSectionResizeMode(QHeaderView.ResizeMode.Fixed)
        self.horizontalHeader().setStretchLastSection(True)

    def set_look(self, theme: Theme, quantity: str) -> None:
        """Take the colours of a theme, and the size of type."""
        self._theme, self._colour = theme, theme.quantities[quantity]
        self.verticalHeader().setDefaultSectionSize(self.fontMetrics().height() + 6)
        self.viewport().update()

    def show_terms(self, terms: Terms | None, dtype: str) -> None:
        """Show other terms."""
        self._terms_model.set_terms(terms, dtype)
        if terms is not None:
            self._fit_columns(terms)

    def _fit_columns(self, terms: Terms) -> None:
        """Give each column the room that its longest text needs."""
        model, metrics = self._terms_model, self.fontMetrics()
        longest = dict.fromkeys(_NUMBERS, "-00.0000")
        # The last term of each parameter has the longest numbers.
        longest["term"] = max((model.name(block.term(len(block.weights) - 1)) for block in terms.blocks), key=len)
        for column, text in longest.items():
            needed = max(metrics.horizontalAdvance(of) for of in (text, model.headers.get(column, "")))
            if self.columnWidth(COLUMNS.index(column)) != needed + 16:
                self.setColumnWidth(COLUMNS.index(column), needed + 16)

    def alignment(self, column: int) -> Qt.AlignmentFlag:
        """Set numbers to the right, so that their points are below each other."""
        return Qt.AlignmentFlag.AlignRight if COLUMNS[column] in _NUMBERS else Qt.AlignmentFlag.AlignLeft

    def texts(self, column: int, rows: range) -> list[str]:
        """Return what a column says in some rows."""
        return [self._terms_model.text(row, COLUMNS[column]) for row in rows]

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Edit with F2: Left and Right step through time, so no key leads from column to column."""
        if event.key() != Qt.Key.Key_F2:
            super().keyPressEvent(event)
            return
        shift = bool(event.modifiers() & Qt.KeyboardModifier.ShiftModifier)
        index = self.currentIndex().siblingAtColumn(COLUMNS.index("input" if shift else "weight"))
        if index.isValid() and index.flags() & Qt.ItemFlag.ItemIsEditable:
            self.edit(index)

    def paintEvent(self, event: QPaintEvent) -> None:
        """Draw the texts, then the bars."""
        super().paintEvent(event)
        terms = self._terms_model.terms
        first, last = self.rowAt(event.rect().top()), self.rowAt(event.rect().bottom())
        if terms is not None and first >= 0:
            self._draw_bars(terms.products, range(first, (last if last >= 0 else len(terms) - 1) + 1))

    def _draw_bars(self, products: Floats, rows: range) -> None:
        """Draw the products as bars to either side of zero; what is not finite has none."""
        finite = products[np.isfinite(products)]
        low, high = float(finite.min(initial=0.0)), float(finite.max(initial=0.0))
        column = COLUMNS.index("bar")
        left, width = self.columnViewportPosition(column) + 8, self.columnWidth(column) - 16
        if high == low or width <= 0:
            return
        scale = width / (high - low)
        zero, painter = left - low * scale, QPainter(self.viewport())
        for row in rows:
            top, height = self.rowViewportPosition(row), self.rowHeight(row)
            selected = row == self.currentIndex().row()
            if isfinite(products[row]):
                colour = self._theme.on_accent if selected else self._colour
                bar = QRectF(zero, top + 4, float(products[row]) * scale, height - 9).normalized()
                painter.fillRect(bar, QColor(colour))
            painter.setPen(QColor(self._theme.on_accent if selected else self._theme.faint))
            painter.drawLine(round(zero), top, round(zero), top + height - 2)
