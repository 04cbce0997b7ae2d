"""A number to type, to step, and to drag where it has a range."""

from __future__ import annotations

from PySide6.QtCore import QSignalBlocker, QSize, Qt, Signal
from PySide6.QtGui import QValidator
from PySide6.QtWidgets import QAbstractSpinBox, QGridLayout, QLabel, QSlider, QWidget

from gatescope_app.widgets.cell_editors import parse_number
from gatescope_app.widgets.number_texts import format_exactly

_STEPS = 200  # of the slider
_ARROW = 0.1  # what an arrow adds
_WIDEST = "-0.0000000000000000"


class NumberBox(QAbstractSpinBox):
    """Takes any text, for its owner to say what is wrong with it, and steps what is a number.

    Signals
    -------
    changed()
        Another text is there.
    """

    changed = Signal()

    def __init__(self) -> None:
        super().__init__()
        self.lineEdit().textChanged.connect(lambda _: self.changed.emit())

    def validate(self, text: str, place: int) -> tuple[QValidator.State, str, int]:
        """Let everything be typed."""
        return QValidator.State.Acceptable, text, place

    def fixup(self, text: str) -> str:
        """Leave everything as it was typed."""
        return text

    def stepEnabled(self) -> QAbstractSpinBox.StepEnabledFlag:
        """Allow both arrows: there is no limit."""
        return QAbstractSpinBox.StepEnabledFlag.StepUpEnabled | QAbstractSpinBox.StepEnabledFlag.StepDownEnabled

    def stepBy(self, steps: int) -> None:
        """Add tenths to what is a number."""
        try:
            value = parse_number("", self.text())
        except ValueError:
            return
        self.lineEdit().setText(format_exactly(round(value + steps * _ARROW, 6)))

    def sizeHint(self) -> QSize:
        """Leave room for a number in full."""
        hint = super().sizeHint()
        return QSize(self.fontMetrics().horizontalAdvance(_WIDEST) + 30, hint.height())

    def minimumSizeHint(self) -> QSize:
        """Never cut a number."""
        return self.sizeHint()


class ValueField(QWidget):
    """A number; with a slider below it for what has a range.

    Signals
    -------
    changed()
        It is another number, or none any more.
    dragged()
        The slider was moved; comes after `changed`.
    """

    changed = Signal()
    dragged = Signal()

    def __init__(self) -> None:
        super().__init__()
        self.box, self.slider, self.hint = NumberBox(), QSlider(Qt.Orientation.Horizontal), QLabel()
        self._low, self._high = 0.0, 1.0
        self.slider.setRange(0, _STEPS)
        self.slider.setPageStep(_STEPS // 10)
        self.box.changed.connect(self._on_typed)
        self.slider.valueChanged.connect(self._on_dragged)
        layout = QGridLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addWidget(self.box, 0, 0)
        layout.addWidget(self.hint, 0, 1)
        layout.addWidget(self.slider, 1, 0, 1, 2)
        layout.setColumnStretch(1, 1)
        self.box.setAccessibleName(self.tr("Value"))
        self.slider.setAccessibleName(self.tr("Value"))
        self.slider.setToolTip(self.tr("Drag to see at once what follows"))
        self.setFocusProxy(self.box)
        self.set_range(None, None)

    def set_range(self, low: float | None, high: float | None) -> None:
        """Say what the range is; None where there is no limit."""
        both = low is not None and high is not None
        self.slider.setVisible(both)
        self.hint.setText(
            self.tr("it lies in {low} … {high}; any number can be tried").format(low=f"{low:g}", high=f"{high:g}")
            if both
            else self.tr("any number")
        )
        if low is not None and high is not None:
            self._low, self._high = low, high
            self._follow()

    def show_value(self, value: float) -> None:
        """Show a number without telling anyone."""
        with QSignalBlocker(self.box):
            self.box.lineEdit().setText(format_exactly(value))
        self._follow()

    def value(self, name: str) -> float:
        """Return the number.

        Raises
        ------
        GatescopeError
            Where it is none; `name` says of what.
        """
        return parse_number(name, self.box.text())

    def _on_typed(self) -> None:
        self._follow()
        self.changed.emit()

    def _on_dragged(self, step: int) -> None:
        value = self._low + (self._high - self._low) * step / _STEPS
        with QSignalBlocker(self.box):
            self.box.lineEdit().setText(f"{value:.4g}")
        self.changed.emit()
        self.dragged.emit()

    def _follow(self) -> None:
        """Put the slider where the number is."""
        try:
            part = (parse_number("", self.box.text()) - self._low) / (self._high - self._low)
        except ValueError:
            return
        with QSignalBlocker(self.slider):
            self.slider.setValue(round(max(0.0, min(1.0, part)) * _STEPS))
