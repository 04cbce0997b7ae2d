"""How often each gate is open or closed over the whole run, unit by unit."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QComboBox, QLabel, QWidget

from gatescope.analysis.saturation import CLOSED_BELOW, OPEN_ABOVE, Saturation, gates_of, saturation
from gatescope.cells.quantities import Quantity
from gatescope_app.look.language import engine_text
from gatescope_app.look.theme import Theme
from gatescope_app.panels.memory.percentages import format_percent
from gatescope_app.panels.memory.quantity_heading import QuantityHeading
from gatescope_app.panels.memory.run_page import RunPage, same_cell
from gatescope_app.panels.memory.saturation_plot import SaturationPlot, describe_fractions
from gatescope_app.panels.memory.wrapped_label import WrappedLabel
from gatescope_app.state.session import Session
from gatescope_app.state.session_state import State
from gatescope_app.widgets.box_layouts import fill_column, fill_row
from gatescope_app.widgets.elided_label import ElidedLabel
from gatescope_app.widgets.value_label import ElidedValueLabel

_WIDEST = 420  # pixels for each gate
_WIDEST_NAME = "o[99]"  # of a unit of any gate: with one for all, the lines break alike and the plots line up
_LONGEST = 0.999  # of all fractions, as they are written
_LEAST_PLOT = 5  # lines of text are as high as the smallest plot that can be read


class SaturationCard(QWidget):
    """One gate: its name, its plot, and the numbers of the selected unit and of all units."""

    def __init__(self, theme: Theme, quantity: Quantity) -> None:
        super().__init__()
        self.quantity = quantity
        self.saturation: Saturation | None = None
        self.heading, self.title = QuantityHeading(quantity.name, quantity.symbol), ElidedLabel()
        self.plot = SaturationPlot(theme, quantity.name)
        self.unit, self.whole = WrappedLabel(), WrappedLabel()
        self.setMaximumWidth(_WIDEST)
        top = fill_row(None, self.heading, (self.title, 1), spacing=8)
        fill_column(self, top, (self.plot, 1), self.unit, self.whole, margins=(4, 0, 4, 0), spacing=1)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Leave the numbers to the tooltips where they would leave no room to the plot, those of all units first."""
        super().resizeEvent(event)
        width, line = self.width() - 8, self.fontMetrics().height()
        room = self.height() - self.heading.sizeHint().height() - _LEAST_PLOT * line
        self.unit.setVisible(room >= self.unit.heightForWidth(width))
        self.whole.setVisible(room >= self.unit.heightForWidth(width) + self.whole.heightForWidth(width))

    def show_saturation(self, of: Saturation | None, theme: Theme) -> None:
        """Show the gate; nothing while it is being counted."""
        symbol, title = self.quantity.symbol, engine_text(self.quantity.title)
        self.saturation = of
        self.title.setText(title)
        self.title.setToolTip(self.quantity.equation)
        self.plot.setAccessibleName(self.tr("Saturation of {symbol}, {title}").format(symbol=symbol, title=title))
        self.plot.set_saturation(of, symbol, theme)
        self.whole.setText(self._describe_all())
        for line, name in ((self.unit, _WIDEST_NAME), (self.whole, self.tr("all units"))):
            line.set_sample(describe_fractions(name, _LONGEST, _LONGEST))

    def select(self, unit: int, *, selected: bool) -> None:
        """Tell of another unit; `selected` where the gate is the selected quantity."""
        self.plot.select(unit, selected=selected)
        self.unit.setText(self._describe_unit(unit))
        self.plot.setAccessibleDescription(f"{self.unit.text()}\n{self.whole.text()}")

    def _describe_unit(self, unit: int) -> str:
        of = self.saturation
        if of is None or unit >= len(of.open):
            return ""
        text = describe_fractions(f"{self.quantity.symbol}[{unit}]", of.closed[unit], of.open[unit])
        if of.not_numbers[unit]:
            text += self.tr(", not a number {part}").format(part=format_percent(of.not_numbers[unit] / of.steps))
        return text

    def _describe_all(self) -> str:
        if self.saturation is None:
            return ""
        return describe_fractions(self.tr("all units"), self.saturation.closed_in_all, self.saturation.open_in_all)


class SaturationPage(RunPage):
    """A plot for each gate of the cell looked at."""

    def __init__(self, session: Session, theme: Theme) -> None:
        super().__init__(session, theme)
        self.cards: dict[str, SaturationCard] = {}
        self.note = QLabel(wordWrap=True, alignment=Qt.AlignmentFlag.AlignCenter)
        self.caption = ElidedValueLabel()
        self.scope = QComboBox(sizeAdjustPolicy=QComboBox.SizeAdjustPolicy.AdjustToContents)
        self.scope.addItems(["", ""])
        self.scope.currentIndexChanged.connect(lambda _: self._count(session.state))
        self._row = fill_row(self, (self.note, 1), margins=(0, 0, 0, 0))
        fill_row(self.controls, (self.caption, 1), self.scope, margins=(0, 0, 0, 0))
        self.retranslate()

    def retranslate(self) -> None:
        self.note.setText(self.tr("A plain RNN has no gates that open and close: nothing here can be saturated."))
        for index, text in enumerate((self.tr("this batch element"), self.tr("whole batch"))):
            self.scope.setItemText(index, text)
        self.scope.setAccessibleName(self.tr("Batch elements that are counted"))
        self.scope.setToolTip(self.tr("Which batch elements are counted"))

    def clear(self) -> None:
        for card in self.cards.values():
            card.show_saturation(None, self.theme)

    def show_state(self, old: State | None, new: State) -> None:
        """Count again in another cell; else only emphasise what is selected."""
        if old is None or old.setup.spec.cell is not new.setup.spec.cell:
            self._lay_out(new)
        if old is None or not same_cell(old, new):
            self.scope.setVisible(new.setup.batch_size > 1)
            self._count(new)
        elif (old.focus.unit, old.quantity) != (new.focus.unit, new.quantity):
            self._select(new)
        for card in self.cards.values():
            card.heading.follow(new, self.theme)

    def _lay_out(self, state: State) -> None:
        """Make a card for each gate."""
        for card in self.cards.values():
            card.hide()
            card.deleteLater()
        cell = state.setup.spec.cell
        gates = gates_of(cell)
        self.cards = {one.name: SaturationCard(self.theme, one) for one in cell.quantities if one.name in gates}
        for name, card in self.cards.items():
            self._row.addWidget(card, 1)
            card.plot.picked.connect(lambda unit, name=name: self.session.look_at(unit=unit, quantity=name))
            card.plot.pointed.connect(lambda over, name=name: self.session.point_at(name if over else None))
        self.note.setVisible(not gates)

    def _count(self, state: State) -> None:
        self.clear()
        self.caption.setText(self._caption(state))
        if state.run is None or not self.cards:
            return
        trace, focus, cell = state.run.trace, state.focus, state.setup.spec
        batch = focus.batch if self._one_element(state) else None
        size = len(trace) * cell.hidden_size * len(self.cards) * (1 if batch is not None else trace.batch_size)
        self.compute(
            size,
            lambda progress: saturation(trace, focus.layer, focus.direction, batch, progress=progress),
            self._show,
        )

    def _show(self, found: dict[str, Saturation]) -> None:
        for name, card in self.cards.items():
            card.show_saturation(found[name], self.theme)
        self.caption.setText(self._caption(self.session.state, next(iter(found.values())).steps))
        self._select(self.session.state)

    def _select(self, state: State) -> None:
        for name, card in self.cards.items():
            card.select(state.focus.unit, selected=name == state.quantity)

    def _one_element(self, state: State) -> bool:
        return state.setup.batch_size == 1 or self.scope.currentIndex() == 0

    def _caption(self, state: State, steps: int | None = None) -> str:
        """Say what is counted, and over what: the steps to come as well."""
        if not self.cards:
            return ""
        if steps is None:
            return self.tr("Counting…") if state.run is not None else ""
        text = (
            self.tr("Whole run, {steps} steps; closed < {low}, open > {high}")
            if self._one_element(state)
            else self.tr("Whole run, {steps} steps of {elements} elements; closed < {low}, open > {high}")
        )
        elements = state.setup.batch_size
        return text.format(steps=steps, elements=elements, low=CLOSED_BELOW, high=OPEN_ABOVE)
