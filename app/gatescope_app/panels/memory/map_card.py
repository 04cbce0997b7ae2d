"""A heat map with its name, the number that is selected, and its colours; the parts of one column."""

from __future__ import annotations

from typing import Any

from PySide6.QtCore import QObject, Qt
from PySide6.QtWidgets import QWidget

from gatescope.cells.quantities import Quantity
from gatescope_app.look.colour_maps import quantity_colours
from gatescope_app.look.language import engine_text
from gatescope_app.look.theme import Theme
from gatescope_app.panels.memory.heat_map import HeatData, HeatMap
from gatescope_app.panels.memory.quantity_heading import QuantityHeading
from gatescope_app.panels.memory.time_window import TimeWindow
from gatescope_app.state.known_values import NOTHING, steps_present
from gatescope_app.state.session_state import State
from gatescope_app.widgets.box_layouts import fill_row
from gatescope_app.widgets.colour_scale import ColourScale
from gatescope_app.widgets.elided_label import ElidedLabel
from gatescope_app.widgets.value_label import ValueLabel


class MapCard(QObject):
    """The parts that stand above each other: `head`, `scale` and `map`."""

    def __init__(self, theme: Theme, window: TimeWindow, quantity: Quantity) -> None:
        super().__init__()
        self.quantity = quantity
        self.heading, self.title = QuantityHeading(quantity.name, quantity.symbol), ElidedLabel()
        self.value = ValueLabel(f"{quantity.symbol}[0] = -0.0000", Qt.AlignmentFlag.AlignRight)
        self.head, self.scale, self.map = QWidget(), ColourScale(theme), HeatMap(theme, window)
        fill_row(self.head, self.heading, (self.title, 1), self.value, margins=(0, 0, 0, 0), spacing=6)

    @property
    def parts(self) -> tuple[QWidget, ...]:
        """From top to bottom."""
        return self.head, self.scale, self.map

    def set_values(self, values: Any, state: State, theme: Theme) -> None:
        """Show a run's numbers, (T, units); None for none."""
        quantity, tokens = self.quantity, state.setup.sequence.tokens
        title = engine_text(quantity.title)
        self.title.setText(title)
        self.title.setToolTip(quantity.equation)
        self.map.setAccessibleName(self.tr("{symbol} over time, {title}").format(symbol=quantity.symbol, title=title))
        if values is None:
            self.map.set_data(None, theme)
            return
        low, high = state.range_of(quantity.name)
        colours = quantity_colours(theme, quantity.name, signed=low < 0)
        self.scale.set_scale(low, high, colours, theme)
        self.map.set_data(HeatData(values, quantity.symbol, low, high, colours, steps_present(state), tokens), theme)

    def follow(self, state: State) -> None:
        """Show the current step and unit."""
        t, unit, data = state.cursor.t, state.focus.unit, self.map.data
        self.heading.follow(state, self.map.theme)
        self.map.set_cursor_to(t, state.known(self.quantity.name))
        self.map.select(unit)
        number = NOTHING if data is None else data.format_number(t, unit, self.map.known)
        self.value.setText(f"{self.quantity.symbol}[{unit}] = {number}")
        self.map.setAccessibleDescription(self.value.text())
