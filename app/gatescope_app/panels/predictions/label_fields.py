"""What a person tells about the classes: the targets, the labels, and which numbers the bars show."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QComboBox, QFormLayout, QLabel, QLineEdit, QSizePolicy, QWidget

from gatescope.messages.message import GatescopeError
from gatescope_app.look.language import format_message
from gatescope_app.look.theme import Theme
from gatescope_app.panels.predictions.labels_and_targets import LabelsAndTargets
from gatescope_app.widgets.box_layouts import STRETCH, fill_column
from gatescope_app.widgets.problem_label import ProblemLabel

_LONGEST = 100_000_000  # characters: of all the steps that there may be; Qt would cut it, without a word

PROBABILITIES, SCORES = "probabilities", "scores"


class LabelFields(QWidget):
    """Two lines, read when Enter is pressed or the keys go elsewhere; what is wrong is said and changes nothing.

    The panel shows the problem above, where it has the width for one line: below, it would squeeze the fields.

    Signals
    -------
    measure_chosen()
        Other numbers are to be shown.
    """

    measure_chosen = Signal()

    def __init__(self, sheet: LabelsAndTargets, theme: Theme) -> None:
        super().__init__()
        self._sheet, self._batch, self._steps = sheet, 0, 1
        self._page: tuple[object, ...] | None = None  # of the sheet, with the batch element
        self.targets, self.labels = QLineEdit(maxLength=_LONGEST), QLineEdit(maxLength=_LONGEST)
        self.measure = QComboBox(sizeAdjustPolicy=QComboBox.SizeAdjustPolicy.AdjustToContents)
        self.problem, self.legend = ProblemLabel(theme), QLabel(wordWrap=True)
        self.legend.hide()
        self._names: dict[QLineEdit | QComboBox, QLabel] = {
            field: QLabel() for field in (self.targets, self.labels, self.measure)
        }
        self.measure.addItems(["", ""])
        self.measure.setSizePolicy(QSizePolicy.Policy.Minimum, QSizePolicy.Policy.Fixed)  # its words are never cut
        self.targets.editingFinished.connect(self._read_targets)
        self.labels.editingFinished.connect(self._read_labels)
        self.measure.currentIndexChanged.connect(lambda _: self.measure_chosen.emit())
        self._lay_out()

    def _lay_out(self) -> None:
        form = QFormLayout()
        form.setContentsMargins(0, 0, 0, 0)
        form.setRowWrapPolicy(QFormLayout.RowWrapPolicy.WrapLongRows)
        form.setFieldGrowthPolicy(QFormLayout.FieldGrowthPolicy.ExpandingFieldsGrow)
        for field, label in self._names.items():
            form.addRow(label, field)
        fill_column(self, form, self.legend, STRETCH, margins=(0, 0, 0, 0))

    def retranslate(self) -> None:
        texts: dict[QLineEdit | QComboBox, tuple[str, str]] = {
            self.targets: (
                self.tr("Targets"),
                self.tr("The right class of each step, or of the last one alone; Enter takes it, empty takes it away"),
            ),
            self.labels: (
                self.tr("Labels"),
                self.tr("What the classes are called: a character each, or names with commas between; Enter takes it"),
            ),
            self.measure: (
                self.tr("Bars"),
                self.tr("Probabilities are the softmax of the scores, which are what the Linear computes"),
            ),
        }
        for field, (name, tip) in texts.items():
            self._names[field].setText(name)
            field.setAccessibleName(name)
            field.setToolTip(tip)
        self.legend.setText(self.tr("┃ in the run it is held against"))
        for number, text in enumerate((self.tr("probabilities"), self.tr("scores"))):
            self.measure.setItemText(number, text)

    def set_theme(self, theme: Theme) -> None:
        self.problem.set_theme(theme)

    @property
    def chosen(self) -> str:
        """Which numbers are asked for."""
        return (PROBABILITIES, SCORES)[self.measure.currentIndex()]

    def follow(self, batch: int, steps: int, *, has_choice: bool) -> None:
        """Show what is told of a batch element with so many steps; of the same, what is being typed stays."""
        page = (*self._sheet.page, batch)
        if self._page is not None and all(one is other for one, other in zip(self._page, page, strict=True)):
            return
        self._page, self._batch, self._steps = page, batch, steps
        self._show_sheet()
        there = {
            self.targets: self._sheet.names.count > 1, self.labels: self._sheet.takes_labels, self.measure: has_choice,
        }  # fmt: skip
        for field, label in self._names.items():
            field.setVisible(there[field])
            label.setVisible(there[field])

    def _show_sheet(self) -> None:
        self.targets.setText(self._sheet.targets_text(self._batch))
        self.labels.setText(self._sheet.labels_text)
        self._say(None)

    def _read_targets(self) -> None:
        text, known = self.targets.text(), self._sheet.targets_text(self._batch)
        self._read(self.targets, known, lambda: self._sheet.read_targets(text, self._batch, self._steps))

    def _read_labels(self) -> None:
        text, known = self.labels.text(), self._sheet.labels_text
        self._read(self.labels, known, lambda: self._sheet.read_labels(text))

    def _read(self, field: QLineEdit, known: str, take: Callable[[], None]) -> None:
        """Take what was typed, where it is another thing than what is known."""
        if field.text() == known:
            self._say(None)
            return
        try:
            take()
        except GatescopeError as error:
            self._say(error, field)
            return
        self._show_sheet()

    def _say(self, error: GatescopeError | None, field: QLineEdit | None = None) -> None:
        text = "" if error is None else format_message(error.message)
        for one in (self.targets, self.labels):
            one.setAccessibleDescription(text if one is field else "")
        if text:
            self.problem.show_problem(text)
        else:
            self.problem.clear()
