"""What all forms of the What if dialog share: they begin where one looks, and give an edit."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QComboBox, QFormLayout, QSpinBox, QWidget

from gatescope.edits.edits import Edit
from gatescope.messages.message import Message
from gatescope.modules.spec import Direction
from gatescope_app.dialogs.ok_cancel_dialog import spin_box
from gatescope_app.dialogs.value_field import ValueField
from gatescope_app.look.language import format_message

if TYPE_CHECKING:
    from gatescope_app.state.session_state import State


class EditForm(QWidget):
    """Asks for one kind of edit.

    A form adds its fields and implements `edit`, and `current` where it asks for a number; when it has all its fields
    it calls `refresh`.

    Signals
    -------
    changed()
        Something else is asked for.
    dragged()
        The slider was moved; comes after `changed`.
    """

    changed = Signal()
    dragged = Signal()

    def __init__(self, state: State) -> None:
        super().__init__()
        self.state, self.spec = state, state.setup.spec
        self.form = QFormLayout(self)
        self.form.setContentsMargins(0, 4, 0, 4)
        self._touched = False  # whether the number is one that somebody chose

    def edit(self) -> Edit:
        """Return what is asked for.

        Raises
        ------
        GatescopeError, Misread
            Where that makes no sense.
        """
        raise NotImplementedError

    def current(self) -> float | None:
        """Return the number that is there now; None where it is not known yet."""
        return None

    def refresh(self) -> None:
        """Begin with the number that is there, until another one is chosen; and tell that something changed."""
        if not self._touched:
            self.value.show_value(self.current() or 0.0)
        self.changed.emit()

    def _on_value(self) -> None:
        self._touched = True
        self.changed.emit()

    # fields

    def add_number(self, text: str, last: int, now: int) -> QSpinBox:
        """Add a number from 0 to `last`; nothing is shown of one that can only be 0."""
        box = spin_box(0, last, now)
        box.valueChanged.connect(self.refresh)
        self._add(text, box, needed=last > 0)
        return box

    def add_choice(self, text: str, choices: dict[Any, str], now: Any) -> QComboBox:
        """Add a choice of values, by their texts; nothing is shown of the only one."""
        box = QComboBox()
        for value, shown in choices.items():
            box.addItem(shown, value)
        box.setCurrentIndex(max(box.findData(now), 0))
        box.currentIndexChanged.connect(self.refresh)
        self._add(text, box, needed=len(choices) > 1)
        return box

    def add_cell(self) -> None:
        """Add the layer and the direction."""
        focus = self.state.focus
        ways = {way: format_message(Message(way)) for way in self.spec.directions}
        self._layer = self.add_number(self.tr("Layer"), self.spec.num_layers - 1, focus.layer)
        self._direction = self.add_choice(self.tr("Direction"), ways, focus.direction)

    def add_element(self) -> QSpinBox:
        """Add the batch element."""
        return self.add_number(self.tr("Batch element"), self.state.setup.batch_size - 1, self.state.batch)

    def add_step(self) -> QSpinBox:
        """Add the step."""
        return self.add_number(self.tr("Step t"), self.state.setup.steps - 1, self.state.cursor.t)

    def add_value(self) -> None:
        """Add the number itself."""
        self.value = ValueField()
        self.value.changed.connect(self._on_value)
        self.value.dragged.connect(self.dragged)
        self._add(self.tr("Value"), self.value, needed=True)
        self.setFocusProxy(self.value)

    @property
    def layer(self) -> int:
        """The layer that was chosen."""
        return self._layer.value()

    @property
    def direction(self) -> Direction:
        """The direction that was chosen."""
        chosen: Direction = self._direction.currentData()
        return chosen

    def _add(self, text: str, field: QWidget, *, needed: bool) -> None:
        self.form.addRow(text, field)
        if not field.accessibleName():
            field.setAccessibleName(text)
        self.form.setRowVisible(field, needed)
