"""Where a value came from: the steps that wrote a memory, and the terms of a pre-activation."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QSignalBlocker
from PySide6.QtWidgets import QCheckBox, QComboBox, QLabel, QStackedWidget

from gatescope.messages.message import Message
from gatescope_app.look.language import format_message
from gatescope_app.look.theme import Theme
from gatescope_app.panels.origins.bar_layout import FEWEST
from gatescope_app.panels.origins.terms_page import TermsPage
from gatescope_app.panels.origins.unrolling_page import UnrollingPage
from gatescope_app.state.known_values import is_known
from gatescope_app.state.session_state import State
from gatescope_app.state.worker import Worker
from gatescope_app.widgets.box_layouts import fill_column, fill_row
from gatescope_app.widgets.context_menu import ContextMenu
from gatescope_app.widgets.value_label import ElidedValueLabel
from gatescope_app.widgets.view import PanelParts, View

if TYPE_CHECKING:  # imports torch
    from gatescope.analysis.origins import Origins

_AT_ONCE = 200_000  # steps that are read in a moment; more are read off the GUI thread


class OriginsView(View):
    """What the selected unit's memory or one of its pre-activations is made of, at the current step."""

    def __init__(self, parts: PanelParts) -> None:
        super().__init__(parts)
        self._origins: Origins | None = None
        self._read: Origins | None = None  # whose numbers of all steps have been read
        self.reader = Worker(self)
        self.label, self.quantity = QLabel(), QComboBox(sizeAdjustPolicy=QComboBox.SizeAdjustPolicy.AdjustToContents)
        self.label.setBuddy(self.quantity)
        self.caption = ElidedValueLabel()
        self.legend, self.all_steps = QLabel(), QCheckBox()
        self.note = QLabel(wordWrap=True)
        self.memory, self.terms = UnrollingPage(self.theme), TermsPage(self.theme)
        self.pages = QStackedWidget()
        self.pages.addWidget(self.memory)
        self.pages.addWidget(self.terms)
        self._lay_out()
        self.quantity.currentIndexChanged.connect(self._on_choice)
        self.all_steps.toggled.connect(self.memory.chart.show_whole)
        self.memory.picked.connect(self.session.run_to)
        self.terms.model.edit_asked.connect(parts.editor.change_term)
        self.retranslate()

    def _lay_out(self) -> None:
        top = fill_row(None, self.label, self.quantity, (self.caption, 1), self.legend, self.all_steps)
        fill_column(self, top, self.note, (self.pages, 1), margins=(4, 4, 4, 4))

    def retranslate(self) -> None:
        self.label.setText(self.tr("&Quantity"))
        self.quantity.setAccessibleName(self.tr("Quantity"))
        self.quantity.setToolTip(self.tr("What is taken apart, of the selected unit at the current step (Alt+Q)"))
        self.all_steps.setText(self.tr("All steps"))
        self.all_steps.setToolTip(self.tr("Otherwise only those that 99 % of the bars' height comes from"))
        self.note.setText(format_message(Message("no_memory")))
        self.memory.retranslate()
        self.terms.retranslate()
        self._list_quantities(self.session.state)

    def set_theme(self, theme: Theme) -> None:
        self.memory.set_theme(theme)
        self.terms.set_theme(theme)
        super().set_theme(theme)

    def forget(self) -> None:
        self.reader.cancel()
        self._origins = self._read = None

    def apply(self, old: State | None, new: State) -> None:
        """Show the current step of the selected unit."""
        if old is None or old.setup.spec.cell is not new.setup.spec.cell:
            self._list_quantities(new)
        self._choose(new.quantity)
        if old is None or old.run is not new.run or old.focus != new.focus:
            self._origins, self._read = _origins_of(new), None
        elif (old.cursor, old.quantity) == (new.cursor, new.quantity):
            return
        self._show(new)

    def _choose(self, quantity: str) -> None:
        """Take the selected quantity apart, where it can be."""
        memory = self.session.state.setup.spec.cell.memory_state
        index = self.quantity.findData("" if quantity == memory else quantity)
        if index >= 0:
            with QSignalBlocker(self.quantity):
                self.quantity.setCurrentIndex(index)

    def _on_choice(self) -> None:
        state = self.session.state
        self.session.look_at(quantity=self.quantity.currentData() or state.setup.spec.cell.memory_state)

    def _list_quantities(self, state: State) -> None:
        """List the memory, then what has a pre-activation; the same place stays chosen."""
        cell, index = state.setup.spec.cell, max(self.quantity.currentIndex(), 0)
        with QSignalBlocker(self.quantity):
            self.quantity.clear()
            for quantity in cell.quantities:
                if quantity.name == cell.memory_state:
                    self.quantity.insertItem(0, self.tr("{symbol}  what wrote it").format(symbol=quantity.symbol), "")
                elif quantity.preactivation:
                    text = self.tr("{symbol}  terms of {z}").format(symbol=quantity.symbol, z=quantity.preactivation)
                    self.quantity.addItem(text, quantity.name)
            self.quantity.setCurrentIndex(min(index, self.quantity.count() - 1))
        self.note.setVisible(cell.memory_state is None)
        if cell.memory_state is not None:
            legend = self.tr("{outline} written  {solid} left")
            sign = f"<span style='color:{self.theme.quantities[cell.memory_state]}'>{{}}</span>"
            self.legend.setText(legend.format(outline=sign.format("▯"), solid=sign.format("▮")))

    def _show(self, state: State) -> None:
        gate = self.quantity.currentData()
        self.pages.setCurrentWidget(self.terms if gate else self.memory)
        self.legend.setVisible(not gate)
        self.all_steps.setVisible(not gate and state.setup.steps > FEWEST)
        if gate:
            self._show_terms(state, gate)
        else:
            self._show_memory(state)

    def fill_menu(self, menu: ContextMenu) -> None:
        """Offer what can be done with a term, or with a step that wrote the memory."""
        if menu.is_over(self.terms.table.viewport()):
            self.terms.fill_menu(menu)
        elif menu.is_over(self.memory):
            self.memory.fill_menu(menu)
        menu.addSeparator()
        self.offer_quantity(menu, self.session.state.quantity, self.session.state.unit)

    def _show_memory(self, state: State) -> None:
        cell = state.setup.spec.cell
        known = cell.memory_state is not None and is_known(state, cell.memory_state) and self._ready(state)
        if self._origins is None or not known:
            self.memory.clear()
            self.caption.setText(self._why_not(state, cell.memory_state))
            return
        self.caption.setText(self.memory.show_memory(state, self._origins))

    def _ready(self, state: State) -> bool:
        """Whether the unit's numbers are read; those of a very long run are read off the GUI thread."""
        origins, t = self._origins, state.cursor.t
        if origins is None or origins is self._read or len(origins.steps) <= _AT_ONCE:
            return True
        self.reader.start(lambda _: origins.memory(t), lambda _: self._on_read(origins), self.session.failed.emit)
        return False

    def _on_read(self, origins: Origins) -> None:
        if origins is self._origins:
            self._read = origins
            self._show(self.session.state)

    def _show_terms(self, state: State, gate: str) -> None:
        quantity = state.setup.spec.cell.quantity(gate)
        if self._origins is None or not is_known(state, str(quantity.preactivation)):
            self.terms.clear()
            self.caption.setText(self._why_not(state, str(quantity.preactivation)))
            return
        self.caption.setText(self.terms.show_terms(state, quantity, self._origins))

    def _why_not(self, state: State, name: str | None) -> str:
        """Say that a quantity is still to come, where that is why there is nothing to tell."""
        if state.run is None or name is None or state.cursor.t in state.known(name):
            return ""
        symbol = {one.name: one.symbol for one in state.setup.spec.cell.quantities}.get(name, name)
        return self.tr("{symbol} of this step is not computed yet (F11 goes on, Shift+F11 finishes the cell).").format(
            symbol=symbol
        )


def _origins_of(state: State) -> Origins | None:
    if state.run is None:
        return None
    from gatescope.analysis.origins import Origins  # noqa: PLC0415 - imports torch, which is there once there is a run

    focus = state.focus
    return Origins(state.run.trace, focus.layer, focus.direction, focus.batch, focus.unit)
