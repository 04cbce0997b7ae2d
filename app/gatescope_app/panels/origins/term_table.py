"""The terms of a sum, the largest first: names, numbers, and bars."""

from __future__ import annotations

from collections.abc import Callable
from math import isfinite
from typing import TYPE_CHECKING, Any

import numpy as np
from PySide6.QtCore import QRectF, Qt, Signal
from PySide6.QtGui import QColor, QKeyEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import QTableView

from gatescope.messages.message import Message
from gatescope_app.look.theme import Theme
from gatescope_app.widgets.plain_table import PlainTable
from gatescope_app.widgets.table_model import RIGHT, Column, Index, Role, TableModel

if TYPE_CHECKING:  # imports torch
    from gatescope.analysis.preactivation_terms import Term, Terms
    from gatescope.analysis.unrolling import Floats

COLUMNS = ("term", "weight", "input", "product", "bar")
_NUMBERS = COLUMNS[1:4]
_WRITTEN_AS = {"float16": np.float16, "float32": np.float32, "bfloat16": np.float32}


def in_full(value: float, dtype: str) -> str:
    """Return the shortest form that reads back the same in that dtype."""
    return str(_WRITTEN_AS.get(dtype, float)(value))


class TermsModel(TableModel["Term"]):
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
        super().__init__(
            (
                Column(self.name, tooltip=_place_of, edit_text=_place_of),
                self._number_column("weight", lambda term: term.source != "rest"),
                self._number_column("input", lambda term: term.source in ("x", "h0")),  # nothing else computes these
                self._number_column("product", lambda _: False),
                Column(lambda _: "", copied=False),
            )
        )
        self.terms: Terms | None = None
        self._dtype = "float32"

    def _number_column(self, name: str, editable: Callable[[Term], bool]) -> Column[Term]:
        def text(term: Term) -> str:
            return _format_number(term, name, lambda value: f"{value:.4f}")

        def exact(term: Term) -> str:
            dtype = "float64" if name == "product" else self._dtype
            return _format_number(term, name, lambda value: in_full(value, dtype))

        return Column(text, tooltip=exact, align=RIGHT, edit_text=exact, editable=editable)

    def set_terms(self, terms: Terms | None, dtype: str) -> None:
        """Show other terms; `dtype` is that of the network."""
        self.terms, self._dtype = terms, dtype
        self.set_rows(terms or ())

    def name(self, term: Term) -> str:
        """Return a term as a formula: `r_t · W_hh[3, 1] · h_(t-1)[1]`."""
        assert self.terms is not None
        factor = f"{self.terms.scaled_by}_t · " if self.terms.scaled_by and "_hh" in term.parameter else ""
        symbol = {"x": "x_t", "below": "x_t", "h": "h_(t-1)", "h0": "h_0"}.get(term.source, "")
        return f"{factor}{term.name}" + (f" · {symbol}[{term.index[-1]}]" if symbol else "")

    def setData(self, index: Index, value: Any, role: int = Role.EditRole) -> bool:
        """Ask for another number, or refuse what is none."""
        if role != Role.EditRole or not self.flags(index) & Qt.ItemFlag.ItemIsEditable:
            return False
        term, typed = self.rows[index.row()], str(value).strip()
        if typed == self.data(index, Role.EditRole):
            return False  # the editor was opened and closed
        try:
            number = float(typed)
        except ValueError:
            number = float("nan")
        if not isfinite(number):
            self.refused.emit(Message("edit_not_number", {"name": term.name, "value": repr(typed)}))
            return False
        self.edit_asked.emit(term, COLUMNS[index.column()], number)
        return True


def _place_of(term: Term) -> str:
    return f"{term.parameter}[{', '.join(map(str, term.index))}]"


def _format_number(term: Term, name: str, write: Callable[[float], str]) -> str:
    """Write a number of a term; a bias and the rest are multiplied by no input."""
    return "" if name == "input" and term.source in ("bias", "rest") else write(getattr(term, name))


class TermTable(PlainTable):
    """The terms, with a bar for each product; F2 or a double click edits a weight, Shift+F2 its input."""

    def __init__(self, model: TermsModel, theme: Theme) -> None:
        super().__init__(model)
        self._terms_model, self._theme, self._colour = model, theme, theme.text
        self.setEditTriggers(QTableView.EditTrigger.DoubleClicked)
        self.verticalHeader().hide()
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
        for name, text in longest.items():
            column = COLUMNS.index(name)
            needed = max(map(metrics.horizontalAdvance, (text, model.columns[column].header))) + 16
            if self.columnWidth(column) != needed:
                self.setColumnWidth(column, needed)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Edit with F2: Left and Right step through time, so no key leads from column to column."""
        if event.key() != Qt.Key.Key_F2:
            super().keyPressEvent(event)
            return
        shift = bool(event.modifiers() & Qt.KeyboardModifier.ShiftModifier)
        index = self.currentIndex().siblingAtColumn(COLUMNS.index("input" if shift else "weight"))
        editing = self.state() == self.State.EditingState  # the editor is open, and another window has the focus
        if index.isValid() and index.flags() & Qt.ItemFlag.ItemIsEditable and not editing:
            self.edit(index)

    def paintEvent(self, event: QPaintEvent) -> None:
        """Draw the texts, then the bars."""
        super().paintEvent(event)
        terms = self._terms_model.terms
        if terms is not None:
            self._draw_bars(terms.products, self.rows_in(event.rect()))

    def _draw_bars(self, products: Floats, rows: range) -> None:
        """Draw the products as bars to either side of zero; what is not finite has none."""
        finite = products[np.isfinite(products)]
        low, high = float(finite.min(initial=0.0)), float(finite.max(initial=0.0))
        column = COLUMNS.index("bar")
        left, width = self.columnViewportPosition(column) + 8, self.columnWidth(column) - 16
        if high == low or width <= 0:
            return
        scale = width / (high - low)
        zero, painter, chosen = left - low * scale, QPainter(self.viewport()), self.chosen_in(rows)
        for row in rows:
            top, height = self.rowViewportPosition(row), self.rowHeight(row)
            selected = row in chosen
            if isfinite(products[row]):
                colour = self._theme.on_accent if selected else self._colour
                bar = QRectF(zero, top + 4, float(products[row]) * scale, height - 9).normalized()
                painter.fillRect(bar, QColor(colour))
            painter.setPen(QColor(self._theme.on_accent if selected else self._theme.faint))
            painter.drawLine(round(zero), top, round(zero), top + height - 2)
