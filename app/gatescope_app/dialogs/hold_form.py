"""The form that holds a quantity: of which units, at which steps, at which value."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from PySide6.QtWidgets import QLabel, QLineEdit, QWidget

from gatescope.edits.edits import Edit, Hold
from gatescope.traces.order import COMPLETE
from gatescope_app.dialogs.edit_form import EditForm
from gatescope_app.dialogs.numbers_edit import parse_numbers
from gatescope_app.dialogs.ok_cancel_dialog import spin_box
from gatescope_app.look.language import engine_text
from gatescope_app.widgets.box_layouts import STRETCH, fill_row
from gatescope_app.widgets.checked_line import Misread

if TYPE_CHECKING:
    from gatescope_app.state.session_state import State


class HoldForm(EditForm):
    """Holds a quantity of one layer and direction."""

    def __init__(self, state: State) -> None:
        super().__init__(state)
        quantities = {one.name: f"{one.symbol}  {engine_text(one.title)}" for one in self.spec.cell.quantities}
        inside = state.cursor.phase if state.cursor.phase != COMPLETE else self.spec.cell.names[0]
        self.quantity = self.add_choice(self.tr("Quantity"), quantities, inside)
        self.add_cell()
        self._add_units()
        self._add_steps()
        texts = {False: self.tr("element {batch}").format(batch=state.batch), True: self.tr("all elements")}
        self.all_elements = self.add_choice(self.tr("Batch"), texts, now=False)
        self.form.setRowVisible(self.all_elements, state.setup.batch_size > 1)
        self.add_value()
        self.refresh()

    def _add_units(self) -> None:
        unit = self.state.unit
        texts = {
            "this": self.tr("unit {unit}").format(unit=unit), "all": self.tr("all units"),
            "list": self.tr("these units"),
        }  # fmt: skip
        self.which_units = self.add_choice(self.tr("Units"), texts, "this")
        self.units = QLineEdit(str(unit), placeholderText="0, 2-4")
        self.units.setAccessibleName(self.tr("Numbers of the units"))
        self.units.setToolTip(self.tr("Numbers and ranges of units, such as 0, 2-4"))
        self.units.textChanged.connect(self.refresh)
        self.form.addRow("", self.units)

    def _add_steps(self) -> None:
        t, last = self.state.cursor.t, self.state.setup.steps - 1
        texts = {
            "this": self.tr("step t = {t}").format(t=t), "some": self.tr("some steps"), "all": self.tr("the whole run"),
        }  # fmt: skip
        self.which_steps = self.add_choice(self.tr("Steps"), texts, "this")
        self.first, self.last = spin_box(0, last, t), spin_box(t, last, t)
        for box, name in ((self.first, self.tr("First step")), (self.last, self.tr("Last step"))):
            box.setAccessibleName(name)
            box.valueChanged.connect(self.refresh)
        self.first.valueChanged.connect(self.last.setMinimum)
        self.stretch = QWidget()
        start, stop = QLabel(self.tr("from t =")), QLabel(self.tr("to t ="))
        fill_row(self.stretch, start, self.first, stop, self.last, STRETCH, margins=(0, 0, 0, 0))
        self.form.addRow("", self.stretch)

    def refresh(self) -> None:
        """Show the fields that are needed, and the quantity's range."""
        self.form.setRowVisible(self.units, self.which_units.currentData() == "list")
        self.form.setRowVisible(self.stretch, self.which_steps.currentData() == "some")
        quantity = self.spec.cell.quantities[self.quantity.currentIndex()]
        self.value.set_range(quantity.low, quantity.high)
        super().refresh()

    def current(self) -> float | None:
        """Return the quantity now, where it is computed; else the middle of its range."""
        state, name, unit = self.state, self.quantity.currentData(), self.state.unit
        t = self.first.value() if self.which_steps.currentData() == "some" else state.cursor.t
        known = state.order.known(state.cursor, self.layer, self.direction, name)
        if state.run is not None and t in known:
            values = state.run.values(name, self.layer, self.direction, state.batch)[t]
            if unit < len(values) and np.isfinite(values[unit]):
                return float(str(values[unit]))  # in the shortest form of the run's own dtype
        quantity = self.spec.cell.quantities[self.quantity.currentIndex()]
        return None if quantity.low is None or quantity.high is None else (quantity.low + quantity.high) / 2

    def edit(self) -> Edit:
        name = self.quantity.currentData()
        batch = None if self.all_elements.currentData() or self.state.setup.batch_size == 1 else (self.state.batch,)
        return Hold(name, self.value.value(name), *self._steps(), self.layer, self.direction, self._units(), batch)

    def _steps(self) -> tuple[int, int | None]:
        which = self.which_steps.currentData()
        if which == "all":
            return 0, None
        t = self.state.cursor.t
        return (t, t + 1) if which == "this" else (self.first.value(), self.last.value() + 1)

    def _units(self) -> tuple[int, ...] | None:
        which, count = self.which_units.currentData(), self.spec.hidden_size
        if which == "all":
            return None
        units = (self.state.unit,) if which == "this" else parse_units(self.units.text(), count)
        if units is None:
            text = self.tr("Units are numbers from 0 to {last} and ranges such as 2-4, but here is {text}.")
            raise Misread(text.format(last=count - 1, text=repr(self.units.text())))
        return units


def parse_units(text: str, count: int) -> tuple[int, ...] | None:
    """Read numbers from 0 to `count` - 1 and ranges of them, such as `0, 2-4`; None where it is something else."""
    try:
        return tuple(sorted(parse_numbers(",".join(text.replace(",", " ").split()), count - 1)))
    except ValueError:
        return None
