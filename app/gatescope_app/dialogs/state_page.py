"""The initial states h0 and C0: zeros, typed, pasted or read from a file."""

from __future__ import annotations

from pathlib import Path

import numpy as np
from PySide6.QtCore import Signal
from PySide6.QtWidgets import QFileDialog, QHBoxLayout, QLabel, QPushButton, QVBoxLayout, QWidget

from gatescope.messages import GatescopeError
from gatescope.sequences import Numbers, read_array
from gatescope_app.runs import Setup
from gatescope_app.widgets.number_table import NumberTable


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
        given: Numbers | None = getattr(setup, name)
        self._shape = setup.spec.state_shape(name, setup.batch_size if setup.batched else None)
        self._values = np.zeros(self._shape) if given is None else np.array(given)
        self._kept: dict[tuple[int, ...], Numbers] = {}  # what was there in other shapes
        self._element = 0
        self.caption = QLabel()
        self.table = NumberTable(self._rows())
        self.table.setAccessibleName(name)
        self.table.model_of_numbers.edited.connect(self._on_edited)
        self.table.model_of_numbers.refused.connect(self.refused)
        zeros, browse = QPushButton(self.tr("Zeros")), QPushButton(self.tr("Open…"))
        zeros.setToolTip(self.tr("Set all of {name} to zero").format(name=name))
        browse.setToolTip(self.tr("Read {name} from a .csv or .npy file").format(name=name))
        zeros.clicked.connect(lambda: self._replace(np.zeros(self._shape)))
        browse.clicked.connect(self._browse)
        row = QHBoxLayout()
        row.addWidget(self.caption, 1)
        row.addWidget(zeros)
        row.addWidget(browse)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addLayout(row)
        layout.addWidget(self.table)
        self.caption.setText(f"<b>{name}</b> {self._shape}")

    def fit(self, setup: Setup) -> None:
        """Where the network or the batch now asks for another shape, go to what was last given in it, else zeros."""
        shape = setup.spec.state_shape(self._name, setup.batch_size if setup.batched else None)
        if shape != self._shape:
            self._kept[self._shape] = self._values
            self._shape = shape
            self.caption.setText(f"<b>{self._name}</b> {shape}")
            self._replace(self._kept.get(shape, np.zeros(shape)))

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
            if values.shape != self._shape:
                raise GatescopeError("state_shape", name=self._name, expected=self._shape, given=values.shape)
        except GatescopeError as error:
            self.refused.emit(error.message)
            return
        self._replace(values)

    def _browse(self) -> None:
        path, _ = QFileDialog.getOpenFileName(self, self.tr("Open {name}").format(name=self._name), "", "*.csv *.npy")
        if path:
            self.open(path)

    def _replace(self, values: Numbers) -> None:
        self._values = values
        self._element = min(self._element, values.shape[1] - 1) if values.ndim == 3 else 0
        self.table.model_of_numbers.set_numbers(self._rows())

    def _rows(self) -> Numbers:
        return self._values[:, self._element] if self._values.ndim == 3 else self._values

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
    """h0 above C0; signals as of each."""

    edited = Signal()
    refused = Signal(object)

    def __init__(self, setup: Setup) -> None:
        super().__init__()
        self.editors = {name: StateEditor(name, setup) for name in ("h0", "c0")}
        hint = QLabel(self.tr("A row for each layer and direction. Ctrl+V pastes from a spreadsheet."))
        layout = QVBoxLayout(self)
        layout.addWidget(hint)
        for editor in self.editors.values():
            layout.addWidget(editor)
            editor.edited.connect(self.edited)
            editor.refused.connect(self.refused)

    def fit(self, setup: Setup) -> None:
        """Follow a change of the network or the batch."""
        for editor in self.editors.values():
            editor.fit(setup)

    def show_element(self, element: int) -> None:
        """Show another element of the batch."""
        for editor in self.editors.values():
            editor.show_element(element)

    def values(self) -> tuple[Numbers | None, Numbers | None]:
        """Return h0 and C0, None where they are zero."""
        return self.editors["h0"].value(), self.editors["c0"].value()
