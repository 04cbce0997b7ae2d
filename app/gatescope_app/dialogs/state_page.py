"""The initial states h0 and C0: zeros, typed, pasted or read from a file."""

from __future__ import annotations

from pathlib import Path
from typing import NamedTuple

import numpy as np
from PySide6.QtCore import Signal
from PySide6.QtWidgets import QLabel, QPushButton, QVBoxLayout, QWidget

from gatescope.formats.readers import format_endings, format_patterns
from gatescope.formats.sequences import Numbers, read_array
from gatescope.messages.message import GatescopeError
from gatescope_app.dialogs.number_table import NumberTable
from gatescope_app.state.runs import Setup
from gatescope_app.widgets.box_layouts import fill_column, fill_row
from gatescope_app.widgets.file_dialogs import ask_open_path


class _Form(NamedTuple):
    """How the module takes a state, and how that is to be read."""

    shape: tuple[int, ...]
    is_cell: bool
    batched: bool
    batch: int


def _form_of(setup: Setup, name: str) -> _Form:
    batch = setup.batch_size if setup.batched else None
    return _Form(setup.spec.state_shape(name, batch), setup.spec.is_cell, setup.batched, setup.batch_size)


class StateEditor(QWidget):
    """One of h0 and c0: a row for each layer and direction, of one batch element.

    Signals
    -------
    edited()
        The state changed.
    refused(Message)
        Something was not taken; what was there stays.
    """

    edited = Signal()
    refused = Signal(object)

    def __init__(self, name: str, setup: Setup) -> None:
        super().__init__()
        self._name = name
        given = setup.states.get(name)
        self._form = _form_of(setup, name)
        self._values = np.zeros(self._form.shape) if given is None else np.array(given)
        self._kept: dict[_Form, Numbers] = {}  # what was there in other forms
        self._element = 0
        self.caption = QLabel()
        self.table = NumberTable(self._rows(), name, setup.spec.dtype)
        self.table.setAccessibleName(name)
        self.table.model_of_numbers.edited.connect(self._on_edited)
        self.table.model_of_numbers.refused.connect(self.refused)
        zeros, browse = QPushButton(self.tr("Zeros")), QPushButton(self.tr("Open…"))
        zeros.setToolTip(self.tr("Set all of {name} to zero").format(name=name))
        tip = self.tr("Read {name} from a file: {endings}").format(name=name, endings=format_endings("sequence"))
        browse.setToolTip(tip)
        zeros.clicked.connect(lambda: self._replace(np.zeros(self._form.shape)))
        browse.clicked.connect(self._browse)
        row = fill_row(None, (self.caption, 1), zeros, browse)
        fill_column(self, row, self.table, margins=(0, 0, 0, 0))
        self.caption.setText(self._describe_form())

    def fit(self, setup: Setup) -> None:
        """Where the network or the batch now asks for another form, go to what was last given in it, else zeros."""
        form = _form_of(setup, self._name)
        if form != self._form:
            self._kept[self._form] = self._values
            self._form = form
            self._replace(self._kept.get(form, np.zeros(form.shape)))
            self.caption.setText(self._describe_form())

    def _describe_form(self) -> str:
        note = self.describe_loss()
        return f"<b>{self._name}</b> {self._form.shape}" + (f"  ⚠ {note}" if note else "")

    def describe_loss(self) -> str:
        """Return of which shape a state was that had to make room for zeros; empty where none had."""
        shapes = [form.shape for form, values in self._kept.items() if np.any(values != 0)]
        if not shapes or self.value() is not None:
            return ""
        text = self.tr("{name} is zero now: what was given has the shape {shape}, and comes back with it")
        return text.format(name=self._name, shape=shapes[-1])

    def show_element(self, element: int) -> None:
        """Show another element of the batch."""
        self._element = element
        self.table.model_of_numbers.set_numbers(self._rows())

    def value(self) -> Numbers | None:
        """Return the state, None where it is zero."""
        return self._values if np.any(self._values != 0) else None

    def open(self, path: str) -> None:
        """Read a file."""
        try:
            values = read_array(Path(path))
            if values.shape != self._form.shape:
                raise GatescopeError("state_shape", name=self._name, expected=self._form.shape, given=values.shape)
        except GatescopeError as error:
            self.refused.emit(error.message)
            return
        self._replace(values)

    def _browse(self) -> None:
        title = self.tr("Open {name}").format(name=self._name)
        path = ask_open_path(self, "sequence", title, format_patterns("sequence"))
        if path:
            self.open(path)

    def _replace(self, values: Numbers) -> None:
        self._values = values
        self._element = min(self._element, self._form.batch - 1)
        self.table.model_of_numbers.set_numbers(self._rows())

    def _rows(self) -> Numbers:
        """Return a row for each layer and direction, which shares the memory of the state."""
        per_row = self._values if not self._form.is_cell else self._values[None]  # a cell has one layer
        return per_row[:, self._element] if self._form.batched else per_row

    def _on_edited(self) -> None:
        numbers = self.table.numbers
        if numbers.shape != self._rows().shape:  # a table of another size was pasted
            error = GatescopeError("state_shape", name=self._name, expected=self._rows().shape, given=numbers.shape)
            self.table.model_of_numbers.set_numbers(self._rows())
            self.refused.emit(error.message)  # last: what is edited takes the message away
            return
        self._rows()[...] = numbers
        self.edited.emit()


class StatePage(QWidget):
    """h0, and C0 of an LSTM below it; signals as of each."""

    edited = Signal()
    refused = Signal(object)

    def __init__(self, setup: Setup) -> None:
        super().__init__()
        self.editors = {name: StateEditor(name, setup) for name in ("h0", "c0")}
        self._names = setup.spec.states
        hint = QLabel(self.tr("A row for each layer and direction. Ctrl+V pastes from a spreadsheet."))
        layout = QVBoxLayout(self)
        layout.addWidget(hint)
        for editor in self.editors.values():
            layout.addWidget(editor)
            editor.edited.connect(self.edited)
            editor.refused.connect(self.refused)
        self.fit(setup)

    def fit(self, setup: Setup) -> None:
        """Follow a change of the network or the batch; only an LSTM has a C."""
        self._names = setup.spec.states
        for name, editor in self.editors.items():
            editor.fit(setup)
            editor.setVisible(name in self._names)

    def describe_losses(self) -> str:
        """Return which states had to make room for zeros."""
        return "\n".join(filter(None, (self.editors[name].describe_loss() for name in self._names)))

    def show_element(self, element: int) -> None:
        """Show another element of the batch."""
        for editor in self.editors.values():
            editor.show_element(element)

    def values(self) -> dict[str, Numbers]:
        """Return the states that are not zero, by name."""
        given = {name: self.editors[name].value() for name in self._names}
        return {name: values for name, values in given.items() if values is not None}
