"""Everything that a breakpoint can be: what it waits for, where, how often, and what it does then."""

from __future__ import annotations

from PySide6.QtWidgets import (
    QCheckBox,
    QComboBox,
    QFormLayout,
    QWidget,
)

from gatescope.debugging.breakpoints import Breakpoint, Scope
from gatescope.debugging.expressions.names import Names
from gatescope.messages.message import Message
from gatescope.modules.spec import Direction
from gatescope_app.dialogs.numbers_edit import NumbersEdit
from gatescope_app.dialogs.ok_cancel_dialog import OkCancelDialog, spin_box
from gatescope_app.look.language import format_message
from gatescope_app.look.theme import Theme
from gatescope_app.state.runs import Setup
from gatescope_app.widgets.box_layouts import STRETCH, fill_column, fill_row
from gatescope_app.widgets.expression_edit import ExpressionEdit

_MOST_HITS = 1_000_000_000


class BreakpointDialog(OkCancelDialog):
    """Asks for a breakpoint; `chosen` is what was asked for.

    Parameters
    ----------
    one : Breakpoint
        What the fields show at first.
    setup : Setup
        The network and the sequence, which say what there is to choose from.
    names : Names
        What a condition may use.
    theme : Theme
        The colours.
    new : bool
        Whether it is to be added, not changed.
    """

    def __init__(
        self, one: Breakpoint, setup: Setup, names: Names, theme: Theme, parent: QWidget | None = None, *,
        new: bool = False,
    ) -> None:  # fmt: skip
        super().__init__(parent)
        self._one, self._setup, scope = one, setup, one.scope
        self.setWindowTitle(self.tr("New breakpoint") if new else self.tr("Change breakpoint"))
        self.condition = ExpressionEdit("condition", names, theme)
        self.at_step, self.step = QCheckBox(), spin_box(0, max(setup.steps - 1, one.t or 0), one.t or 0)
        self.layers = NumbersEdit(scope.layers, setup.spec.num_layers - 1, theme)
        self.direction = self._directions(scope.directions)
        self.batch = NumbersEdit(scope.batch, setup.batch_size - 1, theme)
        self.counting, self.count = QComboBox(), spin_box(1, _MOST_HITS, one.nth or one.every or 2)
        self.action, self.message = QComboBox(), ExpressionEdit("message", names, theme)
        self.once = QCheckBox()
        self.form = QFormLayout()
        self._lay_out()
        self._set_texts()
        self._show(one)
        self._connect()
        self._update()
        self.resize(self.fontMetrics().averageCharWidth() * 95, self.sizeHint().height())

    @property
    def chosen(self) -> Breakpoint:
        """The breakpoint of the fields."""
        direction, count = self.direction.currentData(), self.count.value()
        logs = self.action.currentIndex() == 1
        return Breakpoint(
            condition=self.condition.text(),
            t=self.step.value() if self.at_step.isChecked() else None,
            scope=Scope(self.layers.numbers, direction and frozenset({direction}), self.batch.numbers),
            enabled=self._one.enabled,
            nth=count if self.counting.currentIndex() == 1 else None,
            every=count if self.counting.currentIndex() == 2 else None,
            message=self.message.text() if logs else None,
            once=self.once.isChecked() and not logs,
        )

    # putting together

    def _directions(self, chosen: frozenset[Direction] | None) -> QComboBox:
        box = QComboBox()
        box.addItem(self.tr("any"), None)
        for direction in sorted({*self._setup.spec.directions, *(chosen or ())}):
            box.addItem(format_message(Message(direction)), direction)
        if chosen is not None and len(chosen) == 1:
            box.setCurrentIndex(box.findData(next(iter(chosen))))
        return box

    def _lay_out(self) -> None:
        form = self.form
        form.setFieldGrowthPolicy(QFormLayout.FieldGrowthPolicy.ExpandingFieldsGrow)
        form.addRow(self.tr("Condition"), self.condition)
        form.addRow(self.tr("Step"), fill_row(None, self.at_step, self.step, STRETCH))
        form.addRow(self.tr("Layers"), self.layers)
        form.addRow(self.tr("Direction"), self.direction)
        form.addRow(self.tr("Batch elements"), self.batch)
        form.addRow(self.tr("Hits"), fill_row(None, self.counting, self.count, STRETCH))
        form.addRow(self.tr("Then"), self.action)
        form.addRow(self.tr("Message"), self.message)
        form.addRow("", self.once)
        # What this network does not have is not asked for, unless it has been given.
        spec, scope = self._setup.spec, self._one.scope
        form.setRowVisible(self.layers, spec.num_layers > 1 or scope.layers is not None)
        form.setRowVisible(self.direction, self.direction.count() > 2)
        form.setRowVisible(self.batch, self._setup.batch_size > 1 or scope.batch is not None)
        fill_column(self, form, STRETCH, self.buttons)

    def _set_texts(self) -> None:
        name = self._setup.spec.cell.names[0]
        self.condition.line.setPlaceholderText(f"{name}[0] < 0.1")
        self.condition.set_hint(self.tr("A condition, a step, or both. Ctrl+Space lists what can be used."))
        self.condition.line.setAccessibleName(self.tr("Condition"))
        self.at_step.setText(self.tr("only at t ="))
        self.step.setAccessibleName(self.tr("Step"))
        self.layers.line.setAccessibleName(self.tr("Layers"))
        self.direction.setAccessibleName(self.tr("Direction"))
        self.batch.line.setAccessibleName(self.tr("Batch elements"))
        self.counting.addItems([self.tr("all count"), self.tr("only hit number"), self.tr("one hit in every")])
        self.counting.setAccessibleName(self.tr("Which hits count"))
        self.count.setAccessibleName(self.tr("Number of the hit"))
        self.action.addItems([self.tr("stop"), self.tr("write into the log and go on")])
        self.action.setAccessibleName(self.tr("What happens at a hit"))
        self.message.line.setPlaceholderText(f"{name} = {{{name}[0]}}")
        self.message.set_hint(self.tr("Values stand in braces."))
        self.message.line.setAccessibleName(self.tr("Message"))
        self.once.setText(self.tr("only once: then it is taken away"))

    def _show(self, one: Breakpoint) -> None:
        self.condition.line.setText(one.condition)
        self.at_step.setChecked(one.t is not None)
        self.counting.setCurrentIndex(1 if one.nth is not None else 2 if one.every is not None else 0)
        self.action.setCurrentIndex(0 if one.message is None else 1)
        self.message.line.setText(one.message or "")
        self.once.setChecked(one.once)

    def _connect(self) -> None:
        for edit in (self.condition, self.layers, self.batch, self.message):
            edit.edited.connect(self._update)
        for box in (self.counting, self.action):
            box.currentIndexChanged.connect(lambda _: self._update())
        self.at_step.toggled.connect(lambda _: self._update())

    # checking

    def _update(self) -> None:
        """Enable what counts, and OK where all of it is right."""
        logs = self.action.currentIndex() == 1
        self.step.setEnabled(self.at_step.isChecked())
        self.count.setEnabled(self.counting.currentIndex() > 0)
        self.form.setRowVisible(self.message, logs)
        self.once.setEnabled(not logs)
        message_right = bool(self.message.text()) and self.message.line.error is None
        self.ok.setEnabled(
            self._condition_right
            and self.layers.line.error is None
            and self.batch.line.error is None
            and (message_right or not logs)
        )

    @property
    def _condition_right(self) -> bool:
        if not self.condition.text():
            return self.at_step.isChecked()
        return self.condition.line.error is None


def ask_breakpoint(
    one: Breakpoint, setup: Setup, names: Names, theme: Theme, window: QWidget, *, new: bool = False
) -> Breakpoint | None:
    """Ask for a breakpoint, beginning with `one`; None where it is left as it was."""
    dialog = BreakpointDialog(one, setup, names, theme, window, new=new)
    chosen = dialog.chosen if dialog.exec() else None
    dialog.deleteLater()  # or the window would keep every dialog it ever asked with
    return chosen
