"""The selected quantity of the selected unit as its equation: in symbols, with this step's numbers, and the result."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

from PySide6.QtCore import QSignalBlocker, QTimer
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QComboBox, QLabel, QSpinBox, QWidget

from gatescope.analysis.equations.parts import Symbol
from gatescope.analysis.equations.texts import as_latex, as_markdown, as_text
from gatescope_app.look.language import engine_text
from gatescope_app.look.theme import Theme
from gatescope_app.panels.equations.equation_canvas import EquationCanvas, EquationScrollArea
from gatescope_app.panels.equations.equation_layout import Area, EquationBlock
from gatescope_app.panels.equations.equation_maker import EquationMaker
from gatescope_app.panels.equations.equation_texts import EquationTexts
from gatescope_app.state.known_values import steps_present
from gatescope_app.state.session_state import State
from gatescope_app.widgets.box_layouts import fill_column
from gatescope_app.widgets.context_menu import ContextMenu
from gatescope_app.widgets.icon_buttons import IconButtons
from gatescope_app.widgets.view import PanelParts, View

_ICONS = {"text": "mdi6.content-copy", "latex": "mdi6.sigma", "markdown": "mdi6.language-markdown-outline"}
_PLACES = (2, 8)
_PAUSE_MS = 250  # after which what a screen reader reads is brought up to date


class EquationsView(View):
    """The equation, with rows of controls above; a click on a term writes out its products."""

    def __init__(self, parts: PanelParts) -> None:
        super().__init__(parts)
        self.maker, self.texts = EquationMaker(), EquationTexts(self)
        self.quantity = QComboBox(sizeAdjustPolicy=QComboBox.SizeAdjustPolicy.AdjustToContents)
        self.unit, self.places = QSpinBox(), QSpinBox()
        self.unit_label, self.places_label = QLabel(), QLabel()
        self.buttons = IconButtons(_ICONS)
        self.canvas = EquationCanvas(self.theme)
        self.area = EquationScrollArea(self.canvas)
        self.entry = self.canvas
        self._blocks: list[EquationBlock] = []
        self._pause = QTimer(self, singleShot=True, interval=_PAUSE_MS)
        self._lay_out()
        self._connect()
        self.retranslate()

    def _lay_out(self) -> None:
        self.unit_label.setBuddy(self.unit)
        self.places_label.setBuddy(self.places)
        self.places.setRange(*_PLACES)
        self.places.setValue(self.maker.places)
        top = self.buttons.beside(QWidget())
        for place, widget in enumerate((self.quantity, self.unit_label, self.unit, self.places_label, self.places)):
            top.insertWidget(place, widget)
        top.setSpacing(6)
        fill_column(self, top, (self.area, 1), margins=(4, 4, 4, 4), spacing=4)

    def _connect(self) -> None:
        self.quantity.currentIndexChanged.connect(lambda _: self._on_quantity())
        self.unit.valueChanged.connect(lambda unit: self.session.look_at(unit=unit))
        self.places.valueChanged.connect(self._on_places)
        self.canvas.pointed.connect(self.session.point_at)
        self.canvas.chosen.connect(self._on_chosen)
        self.canvas.stopped.connect(self._follow)
        self.canvas.describe = self._describe
        self._pause.timeout.connect(self._update_description)
        for name, write in (("text", as_text), ("latex", as_latex), ("markdown", as_markdown)):
            self.buttons[name].clicked.connect(partial(self._copy, write))

    # looks

    def retranslate(self) -> None:
        self.quantity.setAccessibleName(self.tr("Quantity"))
        self.quantity.setToolTip(self.tr("Whose equation is shown; the selected quantity of all panels"))
        self.unit_label.setText(self.tr("Unit"))
        self.unit.setAccessibleName(self.tr("Unit"))
        self.unit.setToolTip(self.tr("The selected unit of all panels"))
        self.places_label.setText(self.tr("Places"))
        self.places.setAccessibleName(self.tr("Places"))
        self.places.setToolTip(self.tr("How many digits are shown after the point; ≈ stands before rounded numbers"))
        self.buttons.set_texts({
            "text": (self.tr("Copy as text"), self.tr("Copy the equation with its numbers as plain text")),
            "latex": (self.tr("Copy as LaTeX"), self.tr("Copy the equation with its numbers as LaTeX")),
            "markdown": (self.tr("Copy as Markdown"), self.tr("Copy the equation with its numbers as Markdown")),
        })  # fmt: skip
        self.canvas.setAccessibleName(self.tr("Equation with its numbers"))
        self._list_quantities(self.session.state)

    def set_theme(self, theme: Theme) -> None:
        self.buttons.set_theme(theme)
        self.canvas.set_theme(theme)
        super().set_theme(theme)

    # following the session

    def forget(self) -> None:
        self._blocks = []
        self.maker.forget()

    def apply(self, old: State | None, new: State) -> None:
        """Show the equation of what is selected, with the numbers of the current step."""
        if old is None or old.setup.spec.cell is not new.setup.spec.cell:
            self._list_quantities(new)
        if old is None or old.setup.spec.hidden_size != new.setup.spec.hidden_size or old.unit != new.unit:
            self._show_unit(new)
        if old is None or old.quantity != new.quantity:
            self._choose(new.quantity)
        if old is None or old.pointed != new.pointed:
            self.canvas.highlight(new.pointed)
        if old is None or old.run is not new.run or _place_of(old) != _place_of(new):
            self._show(new)

    def _list_quantities(self, state: State) -> None:
        with QSignalBlocker(self.quantity):
            self.quantity.clear()
            for quantity in state.setup.spec.cell.quantities:
                self.quantity.addItem(f"{quantity.symbol}_t  {engine_text(quantity.title)}", quantity.name)
        self._choose(state.quantity)

    def _choose(self, quantity: str) -> None:
        with QSignalBlocker(self.quantity):
            self.quantity.setCurrentIndex(self.quantity.findData(quantity))

    def _show_unit(self, state: State) -> None:
        with QSignalBlocker(self.unit):
            self.unit.setRange(0, state.setup.spec.hidden_size - 1)
            self.unit.setValue(state.unit)

    def _show(self, state: State) -> None:
        self._blocks = []
        message = ""
        if state.run is None:
            message = self.texts.describe_missing_run()
        elif state.cursor.t >= steps_present(state):
            message = self.texts.describe_missing_step(state)
        elif state.quantity == "h" and state.unit >= state.setup.spec.output_size:
            message = self.texts.describe_missing_h(state)
        else:
            self._blocks = self.maker.blocks(state)
        if message:
            self.canvas.show_message(message)
        else:
            self.canvas.show_blocks(self._blocks, self._notes(), self.maker.opened)
        for button in self.buttons.values():
            button.setEnabled(bool(self._blocks))
        self._pause.start()

    def _notes(self) -> list[str]:
        spec = self.session.state.setup.spec
        return self.texts.describe_remarks(self._blocks, both_directions=spec.bidirectional)

    def fill_menu(self, menu: ContextMenu) -> None:
        """Offer to copy the equation, and what can be done with its left side."""
        menu.offer_buttons(self.buttons, text="", latex="", markdown="")
        menu.addSeparator()
        self.offer_quantity(menu, self.session.state.quantity, self.session.state.unit)
        menu.offer_commands("next_quantity", "previous_quantity", "next_unit", "previous_unit")

    # what a person does

    def _on_quantity(self) -> None:
        self.session.look_at(quantity=self.quantity.currentData())

    def _on_places(self, places: int) -> None:
        self.maker.places = places
        self._show(self.session.state)

    def _on_chosen(self, area: Area) -> None:
        """Write a term out, or go to where a symbol comes from."""
        if area.piece.products is not None and not area.is_left:
            self.maker.toggle(area.piece.key)
            self._show(self.session.state)
            if area.piece.key in self.maker.opened:
                QTimer.singleShot(0, self._show_end)  # once there is room for what was added
        elif area.symbol is not None:
            self._go_to(area.symbol)

    def _show_end(self) -> None:
        bar = self.area.verticalScrollBar()
        bar.setValue(bar.maximum())

    def _go_to(self, symbol: Symbol) -> None:
        """Look at the quantity that a symbol is of, where it is of one: its unit, and its step."""
        cell = self.session.state.setup.spec.cell
        name = (symbol.refers_to or "").removesuffix("_before")
        if name not in cell.names or symbol.step is None:
            return
        if symbol.step != self.session.state.cursor.t:
            self.session.run_to(symbol.step)
        index = symbol.index.strip("[]")  # h_1 is all of it, o_1[j] each of it
        self.session.look_at(quantity=name, unit=int(index) if index.isdigit() else self.session.state.unit)

    def _describe(self, area: Area) -> str:
        return self.texts.describe_area(area, self.maker.opened, self.session.state.setup.spec.dtype)

    def _follow(self, area: Area) -> None:
        """Bring into sight where the keyboard is, and say it to who cannot see it."""
        centre = area.rect.center().toPoint()
        self.area.ensureVisible(centre.x(), centre.y(), round(area.rect.width()), round(area.rect.height()))
        self.canvas.setAccessibleDescription(self._describe(area))

    def _copy(self, write: Callable[..., str]) -> None:
        equations = [block.equation for block in self._blocks]
        QGuiApplication.clipboard().setText(write(equations, self.maker.places, self._notes()))

    def _update_description(self) -> None:
        equations = [block.equation for block in self._blocks]
        text = as_text(equations, self.maker.places, self._notes()) if equations else self.canvas.message
        self.canvas.setAccessibleDescription(text)


def _place_of(state: State) -> tuple[object, ...]:
    return state.cursor, state.focus, state.quantity
