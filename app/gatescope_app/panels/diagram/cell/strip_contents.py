"""From the numbers of a step to what the strips and the gates show of them."""

from __future__ import annotations

import numpy as np
from PySide6.QtGui import QImage

from gatescope.edits.edits import Hold
from gatescope.messages.number_format import format_number
from gatescope_app.look.colour_maps import Colours, diverging_colours, quantity_colours
from gatescope_app.look.edit_marks import MARK, hold_of, holds_here
from gatescope_app.look.theme import Theme
from gatescope_app.panels.diagram.cell.cell_texts import symbol_of
from gatescope_app.panels.diagram.cell.layout import Box, CellLayout, Tag
from gatescope_app.panels.diagram.cell.numbers import Carried, CellNumbers, Values
from gatescope_app.panels.diagram.cell.strips import Face, pictured
from gatescope_app.state.known_values import NOTHING
from gatescope_app.state.session import State

_Scale = tuple[float, float]


class Faces:
    """Makes the faces of all strips; what did not change is not coloured again.

    Parameters
    ----------
    layout : CellLayout
        With the strips.
    theme : Theme
        The colours.
    """

    def __init__(self, layout: CellLayout, theme: Theme) -> None:
        self._layout, self._theme = layout, theme
        self._pictures: dict[str, tuple[Values, _Scale, QImage]] = {}  # the last one of each strip

    def of(self, state: State, carried: Carried, numbers: CellNumbers | None) -> list[tuple[Tag, Face]]:
        """Return what each strip shows of what is carried."""
        holds = holds_here(state)
        return [(tag, self._face(state, tag, carried.get(tag.name), numbers, holds)) for tag in self._layout.tags]

    def _face(
        self, state: State, tag: Tag, values: Values | None, numbers: CellNumbers | None, holds: tuple[Hold, ...]
    ) -> Face:
        symbol = symbol_of(state, tag.name)
        if values is None or numbers is None:
            return Face(symbol, "" if tag.name == "x" else NOTHING)
        unit = None if tag.name == "x" else state.focus.unit
        picture = self._picture(tag, values, _scale(tag, numbers, state))
        held = any(hold.quantity == tag.name for hold in holds)
        mark = f"{MARK} " if held and unit is not None and hold_of(holds, tag.name, unit) else ""
        return Face(symbol, mark + _number(values, unit), values, picture, unit, held)

    def _picture(self, tag: Tag, values: Values, scale: _Scale) -> QImage:
        last = self._pictures.get(tag.name)
        if last is not None and last[1] == scale and np.array_equal(last[0], values):
            return last[2]
        picture = pictured(values, *scale, self._colours(tag, signed=scale[0] < 0))
        self._pictures[tag.name] = (values, scale, picture)
        return picture

    def _colours(self, tag: Tag, *, signed: bool) -> Colours:
        if tag.coloured == "x":
            return diverging_colours(self._theme)
        return quantity_colours(self._theme, tag.coloured, signed=signed)


def _scale(tag: Tag, numbers: CellNumbers, state: State) -> _Scale:
    return (-1.0, 1.0) if tag.name.startswith("tanh") else numbers.scale(tag.coloured, state)


def _number(values: Values, unit: int | None) -> str:
    """Return the selected unit's number; nothing where there is no such unit; of an input its only one."""
    if unit is None:
        return format_number(float(values[0])) if len(values) == 1 else ""
    return format_number(float(values[unit])) if unit < len(values) else ""


def work_of(box: Box, z: float | None) -> str:
    """Return what a gate does: to which number, where it is known."""
    return box.text if z is None else f"{box.text}({format_number(z, 3)})"
