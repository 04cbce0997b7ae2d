"""The terms of one pre-activation of one unit."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QWidget

from gatescope.cells.quantities import Quantity
from gatescope_app.look.language import format_message
from gatescope_app.look.theme import Theme
from gatescope_app.panels.origins.term_table import COLUMNS, TermsModel, TermTable, in_full
from gatescope_app.state.known_values import is_known
from gatescope_app.state.session_state import State
from gatescope_app.widgets.box_layouts import fill_column
from gatescope_app.widgets.context_menu import ContextMenu
from gatescope_app.widgets.problem_label import ProblemLabel

if TYPE_CHECKING:  # imports torch
    from gatescope.analysis.origins import Origins
    from gatescope.analysis.preactivation_terms import Terms
    from gatescope.messages.message import Message


class TermsPage(QWidget):
    """The table, and under it what was wrong with what was typed."""

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self._theme = theme
        self.model = TermsModel()
        self.table = TermTable(self.model, theme)
        self.problem = ProblemLabel(theme)
        fill_column(self, (self.table, 1), self.problem, margins=(0, 0, 0, 0))
        self.model.refused.connect(self._on_refused)
        self.model.edit_asked.connect(lambda *_: self.problem.clear())

    def retranslate(self) -> None:
        self.model.set_headers(self.tr("term"), self.tr("weight"), self.tr("input"), self.tr("product"), "")
        self.table.setAccessibleName(self.tr("Terms of the pre-activation"))
        self.table.setToolTip(self.tr("Double-click a weight to try another (F2), or an input (Shift+F2)"))

    def set_theme(self, theme: Theme) -> None:
        """Take the colours of another theme, and its size of type."""
        self._theme = theme
        self.problem.set_theme(theme)

    def fill_menu(self, menu: ContextMenu) -> None:
        """Offer to try another weight or input of a term."""
        index = menu.index_in(self.table)
        choices = (
            ("weight", self.tr("Try another weight…"), "F2"),
            ("input", self.tr("Try another input…"), "Shift+F2"),
        )
        for name, text, keys in choices:
            place = index.siblingAtColumn(COLUMNS.index(name))
            can = index.isValid() and bool(place.flags() & Qt.ItemFlag.ItemIsEditable)
            menu.offer_editing(text, self.table, place, keys=keys, enabled=can)

    def clear(self) -> None:
        """Show nothing."""
        self.problem.clear()
        self.table.show_terms(None, "")

    def show_terms(self, state: State, quantity: Quantity, origins: Origins) -> str:
        """Show the terms of the current step; return what there is to say above them."""
        terms = origins.terms(quantity.name, state.cursor.t)
        self.problem.clear()
        self.table.set_look(self._theme, quantity.name)
        self.table.show_terms(terms, state.setup.spec.dtype)
        total = self.tr("sum of the terms = {total}").format(total=f"{terms.total:.12g}")
        z = f"{quantity.preactivation} = {in_full(terms.z, state.setup.spec.dtype)}"
        return "   ".join([z, *self._made_of_it(state, quantity, terms), total])

    def _made_of_it(self, state: State, quantity: Quantity, terms: Terms) -> list[str]:
        """Return what was made of the pre-activation, where that is computed."""
        if not is_known(state, quantity.name):
            return []
        value = in_full(terms.value, state.setup.spec.dtype)
        if terms.held:
            return [self.tr("{gate} is held at {value}").format(gate=quantity.symbol, value=value)]
        return [] if quantity.preactivation == quantity.name else [f"{quantity.equation} = {value}"]

    def _on_refused(self, message: Message) -> None:
        self.problem.show_problem(format_message(message))
