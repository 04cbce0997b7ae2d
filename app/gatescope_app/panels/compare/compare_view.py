"""How the run compares with torch's module, or with another run: the verdict in words, and the errors over time."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtWidgets import QGridLayout, QLabel

from gatescope.traces.order import Cursor
from gatescope.verification.error_curves import ErrorCurves
from gatescope_app.look.language import without_accelerator
from gatescope_app.look.theme import Theme
from gatescope_app.panels.compare.comparison_texts import ComparisonWords, found_in
from gatescope_app.panels.compare.error_curves import of_effect, of_module, of_runs
from gatescope_app.panels.compare.error_plot import ErrorPlot
from gatescope_app.panels.compare.quantity_box import QuantityBox
from gatescope_app.state.session import Session
from gatescope_app.state.session_state import State
from gatescope_app.state.worker import Worker
from gatescope_app.widgets.box_layouts import STRETCH, fill_row
from gatescope_app.widgets.context_menu import ContextMenu
from gatescope_app.widgets.picture_files import ask_save_picture
from gatescope_app.widgets.view import PanelParts, View

if TYPE_CHECKING:
    from gatescope.cells.cell import Cell

_MOST_AT_ONCE = 1_000_000  # numbers of a cell that are compared in a moment; more are compared off the GUI thread


class _Slot:
    """A place for one plot, and the choice of what it shows."""

    def __init__(self, session: Session, *, optional: bool) -> None:
        self.label, self.box = QLabel(), QuantityBox(optional=optional)
        self.label.setBuddy(self.box)
        self.plot = ErrorPlot(session.run_to)
        self.heading = fill_row(None, self.label, self.box, STRETCH)

    @property
    def name(self) -> str | None:
        """The quantity that is shown."""
        return self.box.chosen

    def set_title(self) -> None:
        """Tell screen readers what the plot shows."""
        title = f"{without_accelerator(self.label.text())} {self.box.currentText()}"
        self.plot.widget.setAccessibleName(title)


class CompareView(View):
    """The verdict; and for two quantities, at first the states, the error, its rounding bound and the drift."""

    def __init__(self, parts: PanelParts) -> None:
        super().__init__(parts)
        self.words = ComparisonWords()
        self.words.arbiter.failed.connect(self.session.failed)
        self.words.detectable.failed.connect(self.session.failed)
        self.words.place_asked.connect(self._go_to_finding)
        self.slots = (_Slot(self.session, optional=False), _Slot(self.session, optional=True))
        self._cell: Cell | None = None  # whose quantities can be chosen
        self.worker = Worker(self)
        self._errors_of: tuple[object, ...] = ()  # what the plots show, or will when the worker is done
        self._places = QGridLayout()
        for column, slot in enumerate(self.slots):
            self._places.addLayout(slot.heading, 0, column)
            self._places.setColumnStretch(column, 1)
            slot.box.activated.connect(lambda _: self._on_choice())
        fill_row(self, (self.words, 3), (self._places, 6), margins=(4, 4, 4, 4))
        self.retranslate()
        self._offer(self.session.state.setup.spec.cell)

    @property
    def plots(self) -> dict[str, ErrorPlot]:
        """The plots that are shown, by the names of their quantities."""
        return {slot.name: slot.plot for slot in self.slots if slot.name is not None}

    @property
    def names(self) -> tuple[str, ...]:
        """The quantities that are shown."""
        return tuple(self.plots)

    def retranslate(self) -> None:
        first, second = self.slots
        first.label.setText(self.tr("Differen&ce in"))
        second.label.setText(self.tr("a&nd in"))
        first.box.setToolTip(self.tr("Whose differences are drawn: any gate or state (Alt+C)"))
        second.box.setToolTip(self.tr("Whose differences are drawn beside it (Alt+N)"))
        for slot in self.slots:
            slot.box.retranslate()
            slot.box.setAccessibleName(slot.box.toolTip())
            slot.set_title()
        self.words.retranslate()

    def set_theme(self, theme: Theme) -> None:
        for slot in self.slots:
            slot.plot.set_theme(theme)
        super().set_theme(theme)

    def forget(self) -> None:
        self.worker.cancel()
        self._errors_of = ()

    def apply(self, old: State | None, new: State) -> None:
        """Say the verdict and draw the errors; a step only moves the cursor."""
        if old is None or old.run is not new.run:
            self._offer(new.setup.spec.cell)
        if old is None or _verdict_inputs(old) != _verdict_inputs(new):
            self.words.show_state(new, self.names, self.theme)
        self._show_errors(new)
        for slot in self.slots:
            slot.plot.cursor.setX(new.cursor.t)

    def fill_menu(self, menu: ContextMenu) -> None:
        """Offer what to compare with, and a picture of the plot."""
        menu.offer_commands("compare", "keep", "compare_kept", "compare_original", "forget")
        plot = next((slot.plot.widget for slot in self.slots if menu.is_over(slot.plot.widget)), None)
        if plot is not None:
            menu.addSeparator()
            menu.offer(self.tr("Save picture…"), lambda: ask_save_picture(plot, "errors"))

    def _offer(self, cell: Cell) -> None:
        """Let the quantities of another cell be chosen; its states are, until a person chooses others."""
        if cell is self._cell:
            return
        self._cell = cell
        states = [name for name in cell.names if name in cell.states]
        for index, slot in enumerate(self.slots):
            slot.box.set_quantities(cell.quantities, states[index] if index < len(states) else None)
        self._place_plots()

    def _on_choice(self) -> None:
        self._place_plots()
        self.refresh()  # not of what is now: the list may still be open when the panel has gone behind another

    def _go_to_finding(self) -> None:
        """Look at what the verdict found, and draw the errors of its quantity."""
        found = found_in(self.session.state)
        if found is None:
            return
        if found.t >= 0:  # not of a mean over steps
            self.session.go(Cursor(found.t, found.layer, found.direction))
        where = {"batch": found.batch, "unit": found.unit}
        where = {name: number for name, number in where.items() if number >= 0}
        self.session.look_at(layer=found.layer, direction=found.direction, quantity=found.quantity, **where)
        if found.quantity not in self.names:
            self.slots[0].box.choose(found.quantity)
            self._on_choice()

    def _place_plots(self) -> None:
        """Give a lone plot all the room."""
        lone = self.slots[1].name is None
        for column, slot in enumerate(self.slots):
            self._places.removeWidget(slot.plot.widget)
            self._places.addWidget(slot.plot.widget, 1, column, 1, 2 if lone and column == 0 else 1)
            slot.plot.widget.setVisible(slot.name is not None)
            slot.set_title()

    def _show_errors(self, state: State) -> None:
        """Draw the errors of the cell and batch element looked at; whichever unit is selected, they are the same."""
        focus = state.focus
        place = (state.run, state.comparison, state.effect_shown, self.names, focus.layer, focus.direction, focus.batch)
        wanted = (*place, state.drift_known)
        if wanted == self._errors_of:
            return
        if place != self._errors_of[:-1]:  # not while drift is added to what is shown
            for slot in self.slots:
                slot.plot.clear()
        self._errors_of = wanted
        self.worker.cancel()
        if state.run is None:
            return
        compute, names = _curves_of(state), self.names
        self.worker.run(
            lambda _progress: {name: compute(name) for name in names}, self._draw, self.session.failed.emit,
            at_once=state.setup.steps * state.setup.spec.hidden_size <= _MOST_AT_ONCE,
        )  # fmt: skip

    def _draw(self, curves: dict[str, ErrorCurves]) -> None:
        for slot in self.slots:
            if slot.name is not None:
                slot.plot.show(curves[slot.name], self.session.state.setup.sequence.tokens)


def _verdict_inputs(state: State) -> tuple[object, ...]:
    """Return what the verdict depends on."""
    return state.run, state.comparison, state.effect, state.effect_shown, state.focus.layer, state.focus.direction


def _curves_of(state: State) -> Callable[[str], ErrorCurves]:
    """Return what computes the curves of a quantity: between two runs where two are compared."""
    assert state.run is not None
    if state.effect_shown and state.effect is not None:
        return partial(of_effect, state.effect, focus=state.focus)
    if state.comparison is not None:
        return partial(of_runs, state.comparison, focus=state.focus)
    return partial(of_module, state.run.report, focus=state.focus, drift=state.drift_known)
