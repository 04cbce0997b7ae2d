"""The sequence as people read it, coloured by one unit."""

from __future__ import annotations

from typing import Any

import numpy as np
from PySide6.QtWidgets import QComboBox

from gatescope.messages.number_format import format_number
from gatescope_app.look.colour_maps import quantity_colours
from gatescope_app.look.language import format_named
from gatescope_app.look.theme import Theme
from gatescope_app.look.tokens import format_step
from gatescope_app.panels.memory.run_page import RunPage, same_cell
from gatescope_app.panels.memory.token_text import Colouring, TokenText
from gatescope_app.state.known_values import NOTHING, steps_present
from gatescope_app.state.session import Session
from gatescope_app.state.session_state import State
from gatescope_app.widgets.box_layouts import STRETCH, fill_column, fill_row
from gatescope_app.widgets.colour_scale import ColourScale
from gatescope_app.widgets.value_label import ElidedValueLabel

_SQUASHED, _SELECTED = 0, 1


class TokenTextPage(RunPage):
    """Text on the colours of tanh(C), as in Karpathy, Johnson and Fei-Fei (2015), or of the selected quantity."""

    def __init__(self, session: Session, theme: Theme) -> None:
        super().__init__(session, theme)
        self.text, self.legend = TokenText(theme), ElidedValueLabel()
        self.scale = ColourScale(theme)
        self.choice = QComboBox(sizeAdjustPolicy=QComboBox.SizeAdjustPolicy.AdjustToContents)
        self.choice.addItems(["tanh(C)", ""])
        fill_row(self.controls, STRETCH, self.choice, margins=(0, 0, 0, 0))
        below = fill_row(None, (self.legend, 1), self.scale, margins=(4, 0, 4, 0))
        fill_column(self, (self.text, 1), below, margins=(0, 0, 0, 0))
        self._values: Any = None  # (T, units) of what colours the text
        self.choice.currentIndexChanged.connect(lambda _: self._colour(session.state))
        self.text.step_picked.connect(session.run_to)
        self.text.unit_moved.connect(self._move_unit)
        self.retranslate()

    def retranslate(self) -> None:
        self.choice.setItemText(_SELECTED, self.tr("selected quantity"))
        self.choice.setAccessibleName(self.tr("What colours the text"))
        self.choice.setToolTip(self.tr("What colours the text: of the selected unit"))
        self.text.setAccessibleName(self.tr("The sequence as text"))

    def clear(self) -> None:
        self._values = None
        self.text.set_colouring(None, str)

    def show_state(self, old: State | None, new: State) -> None:
        """Show another text, other colours, or another step."""
        if old is None or old.setup is not new.setup:
            self.choice.setVisible("c" in new.setup.spec.cell.states)
            self.text.set_tokens(new.setup.sequence.tokens or _numbered(new.setup.steps), self.theme)
        if old is None or not same_cell(old, new) or old.quantity != new.quantity or old.focus != new.focus:
            self._colour(new)
        self._follow(new)

    @property
    def squashed(self) -> bool:
        """Whether the colours are those of tanh(C)."""
        return self.choice.currentIndex() == _SQUASHED and "c" in self.session.state.setup.spec.cell.states

    def _colour(self, state: State) -> None:
        """Take the colours of the selected unit."""
        name = "c" if self.squashed else state.quantity
        self._values, unit = state.values(name), state.focus.unit
        if self._values is None or unit >= self._values.shape[1]:  # with a projection h has fewer units than C
            self._values = None
            self.text.set_colouring(None, self._describe)
        else:
            low, high = (-1.0, 1.0) if self.squashed else state.range_of(name)
            colours = quantity_colours(self.theme, name, signed=low < 0)
            self.scale.set_scale(low, high, colours, self.theme)
            colouring = Colouring(lambda steps: self._numbers(steps, unit), low, high, colours)
            self.text.set_colouring(colouring, self._describe)
        self.scale.setVisible(self._values is not None)
        self._follow(state)

    def _numbers(self, steps: range, unit: int) -> Any:
        """Return what colours some steps, in float64."""
        values = self._values[steps.start : steps.stop, unit].astype(np.float64)
        return np.tanh(values) if self.squashed else values

    def _follow(self, state: State) -> None:
        known = self._known(state)
        self.text.set_cursor_to(state.cursor.t, known)
        self.legend.setText(self._legend(state))
        self.text.setAccessibleDescription(self._describe(state.cursor.t))

    def _known(self, state: State) -> range:
        """Return the steps that have colours: those that are computed by now and that the element has."""
        known = state.known("c" if self.squashed else state.quantity)
        return range(known.start, min(known.stop, steps_present(state))) if self._values is not None else range(0)

    def _name(self, state: State) -> str:
        return f"tanh(C[{state.focus.unit}])" if self.squashed else f"{self._symbol(state)}[{state.focus.unit}]"

    def _symbol(self, state: State) -> str:
        return state.setup.spec.cell.quantity(state.quantity).symbol

    def _legend(self, state: State) -> str:
        """Say which unit of what colours the text, and its number at the current step."""
        if state.run is None:
            return ""
        if self._values is None:
            return self.tr("{name}: there is no such unit; with a projection h has fewer than C.").format(
                name=self._name(state)
            )
        what = "tanh(C)" if self.squashed else self._symbol(state)
        number = self._number(state, state.cursor.t)
        return self.tr("unit {unit} of {what}: {number}").format(unit=state.focus.unit, what=what, number=number)

    def _describe(self, t: int) -> str:
        """Say what a token stands for; a number only where it is computed by now."""
        state = self.session.state
        number = f"{self._name(state)} = {self._number(state, t)}"
        return format_named(format_step(t, state.setup.sequence.tokens), number)

    def _number(self, state: State, t: int) -> str:
        known = self._values is not None and t in self._known(state)
        return format_number(float(self._numbers(range(t, t + 1), state.focus.unit)[0])) if known else NOTHING

    def _move_unit(self, by: int) -> None:
        state = self.session.state
        self.session.look_at(unit=min(max(state.focus.unit + by, 0), state.setup.spec.hidden_size - 1))


def _numbered(steps: int) -> tuple[str, ...]:
    """Return what stands for the tokens of a sequence without any."""
    return tuple(map(str, range(steps)))
