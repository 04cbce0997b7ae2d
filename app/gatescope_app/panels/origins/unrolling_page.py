"""A memory of one unit: what wrote it, and how much of that is left."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QModelIndex, QSignalBlocker, QSize, Qt, Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QHeaderView, QSizePolicy, QWidget

from gatescope_app.look.theme import Theme
from gatescope_app.look.tokens import format_step
from gatescope_app.panels.origins.bar_chart import BarChart
from gatescope_app.panels.origins.bar_layout import BEFORE, Bars
from gatescope_app.panels.origins.bar_painting import BarStyle
from gatescope_app.panels.origins.term_table import in_full
from gatescope_app.state.known_values import is_known
from gatescope_app.state.session_state import State
from gatescope_app.widgets.box_layouts import fill_column, fill_row
from gatescope_app.widgets.context_menu import ContextMenu
from gatescope_app.widgets.plain_table import CELL_MARGIN, PlainTable
from gatescope_app.widgets.table_model import Column, TableModel
from gatescope_app.widgets.value_label import ElidedValueLabel

if TYPE_CHECKING:  # imports torch
    from gatescope.analysis.origins import Origins
    from gatescope.analysis.preactivation_terms import StateSum, Summand
    from gatescope.analysis.unrolling import MemoryTerms

LISTED = 8
"""How many of the largest shares are told in words."""


class SharesTable(PlainTable):
    """The list of them; a click or Enter goes to the step."""

    def __init__(self, model: TableModel[str]) -> None:
        super().__init__(model)
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Expanding)
        self.horizontalHeader().hide()
        self.horizontalHeader().setSectionResizeMode(QHeaderView.ResizeMode.Stretch)
        self.verticalHeader().hide()

    def sizeHint(self) -> QSize:
        usual = self.fontMetrics().horizontalAdvance("t = 1000 “m” wrote -0.00000, 0.0000 % of it is left: -0.000e-00")
        return QSize(usual + self.verticalScrollBar().sizeHint().width() + 12, 6 * self.fontMetrics().height())

    def minimumSizeHint(self) -> QSize:
        """Take less where there is less."""
        return QSize(120, 3 * self.fontMetrics().height())

    def texts(self, column: int, rows: range) -> list[str]:
        """Return the lines of some rows; a number that is cut would be another number."""
        room, cut = self.columnWidth(column) - 2 * CELL_MARGIN, Qt.TextElideMode.ElideRight
        return [self.fontMetrics().elidedText(line, cut, room) for line in super().texts(column, rows)]


class UnrollingPage(QWidget):
    """The chart; beside it the step in short, and the largest shares.

    Signals
    -------
    picked(int)
        Go to that t.
    """

    picked = Signal(int)

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self._theme = theme
        self._memory: MemoryTerms | None = None
        self._tokens: tuple[str, ...] | None = None
        self._symbol = ""
        self._numbers: list[int] = []  # of the steps in the list
        self.chart = BarChart(BarStyle(theme, theme.text))
        self.sums = [ElidedValueLabel() for _ in range(3)]
        self.model = TableModel([Column[str](str, tooltip=str)])
        self.table = SharesTable(self.model)
        self._side = QWidget()
        fill_column(self._side, *self.sums, (self.table, 1), margins=(0, 0, 0, 0), spacing=2)
        fill_row(self, (self.chart, 1), self._side, margins=(0, 0, 0, 0))
        self.chart.picked.connect(self._go)
        self.chart.selection_moved.connect(self._follow)
        self.table.clicked.connect(lambda index: self._go(self._numbers[index.row()]))
        self.table.activated.connect(lambda index: self._go(self._numbers[index.row()]))
        self.table.selectionModel().currentRowChanged.connect(self._on_row)

    def retranslate(self) -> None:
        self.chart.setAccessibleName(self.tr("What wrote the memory"))
        self.table.setAccessibleName(self.tr("The largest shares"))
        self.table.setToolTip(self.tr("The largest shares first; click one to go to its step"))

    def set_theme(self, theme: Theme) -> None:
        """Take the colours of another theme, and its size of type."""
        self._theme = theme
        self.table.verticalHeader().setDefaultSectionSize(self.fontMetrics().height() + 6)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Leave at least half of the room to the chart."""
        super().resizeEvent(event)
        self._side.setMaximumWidth(self.width() // 2)

    def clear(self) -> None:
        """Show nothing."""
        self._memory, self._numbers = None, []
        self.chart.set_bars(None, self.describe)
        self.model.set_rows([])
        for line in self.sums:
            line.setText("")

    def show_memory(self, state: State, origins: Origins) -> str:
        """Show the memory after the current step; return what there is to say above it."""
        memory = self._memory = origins.memory(state.cursor.t)
        self._tokens, spec = state.setup.sequence.tokens, state.setup.spec
        self._symbol = spec.cell.quantity(memory.state).symbol
        self.chart.set_style(
            BarStyle(self._theme, self._theme.quantities[memory.state], f"{memory.state}0", self._tokens)
        )
        self.chart.set_bars(_bars_of(memory, origins.steps), self.describe)
        self._numbers = [int(number) for number in memory.largest(LISTED)]
        self.model.set_rows([self.describe(number) for number in self._numbers])
        self._follow(self.chart.selected)
        self._show_sums(tuple(one for one in origins.sums(memory.t) if is_known(state, one.state)))
        recorded = in_full(memory.recorded, spec.dtype)
        return self.tr("{symbol}_{t} = {recorded}   sum of the bars = {total}").format(
            symbol=self._symbol, t=memory.t, recorded=recorded, total=f"{memory.total:.12g}"
        )

    def _show_sums(self, sums: tuple[StateSum, ...]) -> None:
        """Say in short how the step made its states."""
        templates = [self.tr("kept: {product}"), self.tr("written: {product}"), self.tr("shown: {product}")]
        products = [product for one in sums for product in one.summands]
        for index, (line, template) in enumerate(zip(self.sums, templates, strict=True)):
            line.setVisible(index < len(products))
            if index < len(products):
                line.setText(template.format(product=_calculated(products[index])))

    def fill_menu(self, menu: ContextMenu) -> None:
        """Offer to go to the step of a row of the list, or else of the selected bar."""
        row = menu.index_in(self.table).row()
        number = self._numbers[row] if row >= 0 else self.chart.selected
        if number is not None and number != BEFORE and self._memory is not None:
            t = int(self._memory.steps[number])
            menu.offer(self.tr("Go to t = {t}").format(t=t), lambda: self.picked.emit(t), keys="Return")

    def describe(self, number: int) -> str:
        """Say what one bar is."""
        memory = self._memory
        if memory is None:
            return ""
        if number == BEFORE:
            return self._describe_before(memory)
        t = int(memory.steps[number])
        step = format_step(t, self._tokens)
        template = (
            self.tr("{step} was set by hand to {written}, {percent} % of it is left: {share}")
            if memory.set_by_hand[number]
            else self.tr("{step} wrote {written}, {percent} % of it is left: {share}")
        )
        return template.format(
            step=step,
            written=f"{memory.written[number]:.4g}",
            percent=f"{100 * memory.left[number]:.3g}",
            share=f"{memory.shares[number]:.4g}",
        )

    def _describe_before(self, memory: MemoryTerms) -> str:
        first = self.chart.window_shown.start
        if first == 0:
            return self.tr("{name} was {initial}, {percent} % of it is left: {share}").format(
                name=f"{memory.state}0",
                initial=f"{memory.initial:.4g}",
                percent=f"{100 * memory.initial_left:.3g}",
                share=f"{memory.initial_share:.4g}",
            )
        share = float(memory.shares[:first].sum()) + memory.initial_share
        return self.tr("{count} steps before t = {t} and {name}: {share}").format(
            count=first, t=int(memory.steps[first]), name=f"{memory.state}0", share=f"{share:.4g}"
        )

    def _go(self, number: int) -> None:
        if self._memory is not None:
            self.picked.emit(int(self._memory.steps[number]))

    def _on_row(self, current: QModelIndex) -> None:
        if current.isValid():
            self.chart.select(self._numbers[current.row()])

    def _follow(self, number: int | None) -> None:
        """Mark in the list what is selected in the chart."""
        row = self._numbers.index(number) if number in self._numbers else -1
        if self.table.currentIndex().row() != row:
            with QSignalBlocker(self.table.selectionModel()):
                self.table.setCurrentIndex(self.model.index(row, 0) if row >= 0 else QModelIndex())
            self.table.viewport().update()


def _bars_of(memory: MemoryTerms, steps: range) -> Bars:
    initial = memory.initial_share, memory.initial
    return Bars(memory.shares, memory.written, memory.set_by_hand, *initial, len(steps), steps.step < 0)


def _calculated(product: Summand) -> str:
    """Return a product with its numbers: `f_t * C_(t-1) = 0.9 * 0.5 = 0.45`."""
    factors = " * ".join(f"{factor:.4f}" for factor in product.factors)
    return f"{product.formula} = {factors}" + (f" = {product.product:.4f}" if len(product.factors) > 1 else "")
