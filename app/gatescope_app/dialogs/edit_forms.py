"""The forms that feed other numbers: an input, a token, an initial state, a weight or bias."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
from PySide6.QtWidgets import QLabel

from gatescope.edits.edits import Edit, InputEdit, StateEdit, TokenEdit, WeightEdit
from gatescope_app.dialogs.edit_form import EditForm
from gatescope_app.look.language import engine_text, join_texts
from gatescope_app.look.tokens import format_token
from gatescope_app.widgets.checked_line import Misread
from gatescope_app.widgets.token_rows import token_rows

if TYPE_CHECKING:
    from gatescope_app.state.session_state import State


class InputForm(EditForm):
    """Feeds another number at one step."""

    def __init__(self, state: State) -> None:
        super().__init__(state)
        self.t, self.batch = self.add_step(), self.add_element()
        self.column = self.add_number(self.tr("Column of x"), self.spec.input_size - 1, 0)
        self.add_value()
        self.refresh()

    def current(self) -> float | None:
        """Return the number that is fed now."""
        number = self.state.setup.inputs(self.batch.value())[self.t.value(), self.column.value()]
        return float(str(number)) if np.isfinite(number) else None

    def edit(self) -> Edit:
        t, column = self.t.value(), self.column.value()
        return InputEdit(t, column, self.value.value(f"x[{column}]"), self.batch.value())


class TokenForm(EditForm):
    """Feeds another token at one step."""

    def __init__(self, state: State) -> None:
        super().__init__(state)
        self.t, self.batch = self.add_step(), self.add_element()
        tokens = state.setup.sequence.tokens or ()
        texts = {token: format_token(token) for token in token_rows(state.setup, state.batch)}
        self.token = self.add_choice(self.tr("Token"), texts, tokens[state.cursor.t])
        self.form.setRowVisible(self.token, True)
        self.setFocusProxy(self.token)

    def refresh(self) -> None:
        """Tell that something changed; there is no number here."""
        self.changed.emit()

    def edit(self) -> Edit:
        batch, token = self.batch.value(), self.token.currentData()
        row = token_rows(self.state.setup, batch).get(token)
        if row is None:
            text = self.tr("Batch element {batch} has no step with this token; choose one of {tokens}.")
            choices = join_texts(token_rows(self.state.setup, batch))
            raise Misread(text.format(batch=batch, tokens=choices))
        return TokenEdit(self.t.value(), token, row, batch)


class StateForm(EditForm):
    """Starts from another number."""

    def __init__(self, state: State) -> None:
        super().__init__(state)
        self.name = self.add_choice(self.tr("State"), {name: name for name in self.spec.states}, "h0")
        self.add_cell()
        self.batch = self.add_element()
        self.unit = self.add_number(self.tr("Unit"), self.spec.hidden_size - 1, state.unit)
        self.add_value()
        self.refresh()

    def current(self) -> float | None:
        """Return the number that the run starts from."""
        if self.state.run is None:
            return None
        before = self.state.run.trace.cell(self.layer, self.direction).before[self.name.currentData()[0]]  # (B, units)
        batch, unit = self.batch.value(), self.unit.value()
        return _as_float(before[batch, unit]) if unit < before.shape[1] else None

    def edit(self) -> Edit:
        name, unit = self.name.currentData(), self.unit.value()
        value = self.value.value(f"{name}[{unit}]")
        return StateEdit(name, self.layer, self.direction, unit, value, self.batch.value())


class WeightForm(EditForm):
    """Computes with another weight or bias; rows are chosen by their gate and unit."""

    def __init__(self, state: State) -> None:
        super().__init__(state)
        focus, cell = state.focus, self.spec.cell
        here = next(iter(self.spec.cell_parameters(focus.layer, focus.direction)))
        self.parameter = self.add_choice(self.tr("Parameter"), {name: name for name in self.spec.parameters()}, here)
        packed = [one for one in cell.quantities if one.name in cell.packed]
        gates = {one.name: f"{one.symbol}  {engine_text(one.title)}" for one in packed}
        self.gate = self.add_choice(self.tr("Gate"), gates, state.cursor.phase)
        self.unit = self.add_number(self.tr("Unit"), self.spec.hidden_size - 1, state.unit)
        self.column = self.add_number(self.tr("Column"), 0, 0)
        self.place = QLabel()
        self.form.addRow("", self.place)
        self.add_value()
        self.refresh()

    def refresh(self) -> None:
        """Show the fields that the parameter has, and where the number lies in it."""
        shape = self._shape
        self.column.setMaximum(shape[1] - 1 if len(shape) > 1 else 0)
        self.form.setRowVisible(self.column, len(shape) > 1)
        self.form.setRowVisible(self.gate, self._packed and self.gate.count() > 1)
        self.unit.setMaximum(self.spec.hidden_size - 1 if self._packed else shape[0] - 1)
        self.place.setText(f"{self._name}{list(self._index)}")
        super().refresh()

    @property
    def _name(self) -> str:
        name: str = self.parameter.currentData()
        return name

    @property
    def _shape(self) -> tuple[int, ...]:
        return self.spec.parameters()[self._name]

    @property
    def _packed(self) -> bool:
        """Whether it has a block of rows for each gate."""
        return not self._name.startswith("weight_hr")

    @property
    def _index(self) -> tuple[int, ...]:
        start = self.spec.gate_rows(self.gate.currentData()).start if self._packed else 0
        return (start + self.unit.value(), self.column.value())[: len(self._shape)]

    def current(self) -> float | None:
        """Return the number that is computed with now."""
        if self.state.run is None:
            return None
        return _as_float(self.state.run.trace.weights[self._name][self._index])

    def edit(self) -> Edit:
        return WeightEdit(self._name, self._index, self.value.value(self.place.text()))


def _as_float(number: Any) -> float:
    """Return a tensor of one number in the shortest form of its own dtype."""
    from gatescope.traces.trace import as_numpy  # noqa: PLC0415 - imports torch, which is there once there is a run

    return float(str(as_numpy(number)))
