"""Ways to give a sequence: text, a table of numbers, an example."""

from __future__ import annotations

import numpy as np
from PySide6.QtCore import QSignalBlocker
from PySide6.QtWidgets import (
    QFormLayout,
    QHBoxLayout,
    QLabel,
    QLineEdit,
    QListWidget,
    QPlainTextEdit,
    QPushButton,
    QSpinBox,
)

from gatescope.formats.sequences import Sequence, from_text
from gatescope_app.dialogs.number_table import NumberTable
from gatescope_app.dialogs.sequence_page import Page, with_other_sequence
from gatescope_app.state.batch_layouts import read_as
from gatescope_app.state.runs import Setup, example_setup
from gatescope_app.widgets.box_layouts import fill_column, fill_row
from gatescope_resources.examples import example_names, load_example


class TextPage(Page):
    """Text, one-hot over its characters or over a given vocabulary."""

    def __init__(self, current: Setup) -> None:
        super().__init__()
        tokens = current.sequence.tokens
        self.text = QPlainTextEdit("".join(tokens) if tokens else "", tabChangesFocus=True)
        self.vocabulary = QLineEdit(current.sequence.vocabulary or "")
        self.text.textChanged.connect(self.edited)
        self.vocabulary.textChanged.connect(self.edited)
        hint = QLabel(
            self.tr("Each character is one step. Left empty, the vocabulary is the sorted set of characters."),
            wordWrap=True,
        )
        own = QPushButton(self.tr("From the te&xt"))
        own.setToolTip(self.tr("Empty the vocabulary, so that it becomes the sorted set of the text's characters"))
        own.clicked.connect(self.vocabulary.clear)
        row = fill_row(None, (self.vocabulary, 1), own)
        form = QFormLayout(self)
        form.addRow(self.tr("&Text"), self.text)
        vocabulary = QLabel(self.tr("&Vocabulary"))
        vocabulary.setBuddy(self.vocabulary)
        form.addRow(vocabulary, row)
        form.addRow("", hint)

    def setup(self, current: Setup) -> Setup:
        sequence = from_text(self.text.toPlainText(), self.vocabulary.text() or None)
        return with_other_sequence(current, sequence)


class NumbersPage(Page):
    """A table: a row for each step; of a batch, one element at a time."""

    def __init__(self, current: Setup) -> None:
        super().__init__()
        self._current = current
        self._values = np.array(current.sequence.values)
        self._shown = 0
        self.element = QSpinBox()
        self.element.setRange(0, current.batch_size - 1)
        self.element_label = QLabel(self.tr("&Batch element"))
        self.element_label.setBuddy(self.element)
        self.table = NumberTable(current.inputs(0), "x", current.spec.dtype)
        self.rows, self.columns = QSpinBox(), QSpinBox()
        for box, value in ((self.rows, current.steps), (self.columns, current.sequence.width)):
            box.setRange(1, 1_000_000)
            box.setValue(value)
            box.setKeyboardTracking(False)
            box.valueChanged.connect(self._on_size)
        paste = QPushButton(self.tr("&Paste from spreadsheet"))
        paste.setToolTip(self.tr("Replace the table with what was copied (Ctrl+V in the table)"))
        paste.clicked.connect(self.table.paste)
        self.table.setAccessibleName(self.tr("Numbers of the sequence, a row for each step"))
        self.table.model_of_numbers.edited.connect(self._on_edited)
        self.table.model_of_numbers.refused.connect(self.refused)
        self.element.valueChanged.connect(self._on_element)
        self._lay_out(paste)

    def _lay_out(self, paste: QPushButton) -> None:
        row = QHBoxLayout()
        for text, box in ((self.tr("&Steps"), self.rows), (self.tr("&Numbers a step"), self.columns)):
            label = QLabel(text)
            label.setBuddy(box)
            row.addWidget(label)
            row.addWidget(box)
        row.addWidget(self.element_label)
        row.addWidget(self.element)
        row.addStretch(1)
        row.addWidget(paste)
        fill_column(self, row, (self.table, 1))
        for widget in (self.element, self.element_label):
            widget.setVisible(self._current.batched)
        for box in (self.rows, self.columns):
            box.setEnabled(not self._current.batched)  # of a batch all elements have one size

    def _on_size(self) -> None:
        self.table.resize_to(self.rows.value(), self.columns.value())

    def _on_element(self, element: int) -> None:
        self._store()
        self._show_element(element)

    def _show_element(self, element: int) -> None:
        self._shown, values = element, self._values
        self.table.model_of_numbers.set_numbers(
            values[element] if self._current.spec.batch_first else values[:, element]
        )

    def _on_edited(self) -> None:
        for box, value in zip((self.rows, self.columns), self.table.numbers.shape, strict=True):
            with QSignalBlocker(box):
                box.setValue(value)
        self.edited.emit()

    def _store(self) -> None:
        """Put the shown element back into the batch, where it still fits."""
        if not self._current.batched or self.table.numbers.shape != self._current.inputs(0).shape:
            return
        if self._current.spec.batch_first:
            self._values[self._shown] = self.table.numbers
        else:
            self._values[:, self._shown] = self.table.numbers

    def read_as(self, *, batch_first: bool) -> None:
        """Show the batch read the other way, from its first element on."""
        if self._current.spec.batch_first == batch_first or not self._current.batched:
            return
        self._store()
        self._current = read_as(self._current, batch_first=batch_first)
        with QSignalBlocker(self.element):
            self.element.setValue(0)
            self.element.setMaximum(self._current.batch_size - 1)
        self._show_element(0)

    def setup(self, current: Setup) -> Setup:
        """Take the numbers; tokens stay only while the numbers do."""
        self._store()
        fits = self._current.batched and self.table.numbers.shape == self._current.inputs(0).shape
        values = self._values if fits else self.table.numbers
        old = current.sequence
        same = old.values.shape == values.shape and np.array_equal(old.values, values, equal_nan=True)
        if same:
            return with_other_sequence(current, old)
        return with_other_sequence(current, Sequence(np.array(values)))


class ExamplePage(Page):
    """An example, with its own network."""

    def __init__(self, language: str, current: Setup) -> None:
        super().__init__()
        self._names = example_names()
        self.list = QListWidget()
        self.list.setAccessibleName(self.tr("Examples"))
        self.list.addItems([load_example(name).title[language] for name in self._names])
        name = current.example.name if current.example is not None else self._names[0]
        self.list.setCurrentRow(self._names.index(name))
        self.summary = QLabel(wordWrap=True)
        self.list.currentRowChanged.connect(lambda row: self._on_row(row, language))
        fill_column(self, self.list, self.summary)
        self._on_row(self.list.currentRow(), language)

    def _on_row(self, row: int, language: str) -> None:
        example = load_example(self._names[row])
        self.summary.setText(f"{example.module}\n\n{example.summary[language]}")
        self.edited.emit()

    def setup(self, _current: Setup) -> Setup:
        return example_setup(self._names[self.list.currentRow()])
