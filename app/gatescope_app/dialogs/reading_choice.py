"""How a batch is read, which nothing but a person can tell: both readings, with their numbers."""

from __future__ import annotations

from PySide6.QtCore import QSignalBlocker
from PySide6.QtWidgets import QComboBox

from gatescope_app.look.language import format_message
from gatescope_app.state.batch_layouts import describe_reading, has_batch_first
from gatescope_app.state.runs import Setup

_ORDER = (True, False)  # batch_first, of the entries


class ReadingChoice(QComboBox):
    """A list of both readings of an array; without a batch there is nothing to choose."""

    def __init__(self) -> None:
        super().__init__()
        self.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToContents)
        self.setPlaceholderText(self.tr("choose…"))

    @property
    def batch_first(self) -> bool | None:
        """The chosen reading; None while none is."""
        return self.currentData()  # type: ignore[no-any-return] # one of _ORDER, None where no entry is current

    def offer(self, setup: Setup, *, proposed: bool | None) -> None:
        """List the readings of a setup's sequence; what was chosen before stays chosen.

        Parameters
        ----------
        setup : Setup
            Whose sequence it is, and whose network is to take it.
        proposed : bool, optional
            What is chosen at first; nothing when not given.
        """
        chosen = proposed if self.batch_first is None else self.batch_first
        with QSignalBlocker(self):
            self.clear()
            if not setup.batched:
                self.addItem(self.tr("no difference: the sequence has no batch"))
                self.setCurrentIndex(0)
            else:
                for batch_first in _ORDER:
                    self.addItem(_describe(setup, batch_first), batch_first)
                self.setCurrentIndex(-1 if chosen is None else _ORDER.index(chosen))
        self.setEnabled(setup.batched and setup.lengths is None)  # what was packed tells its axes


def _describe(setup: Setup, batch_first: bool) -> str:
    read = format_message(describe_reading(setup.sequence.values, batch_first=batch_first))
    if has_batch_first(setup.spec):
        return f"{read}   batch_first={batch_first}"
    return f"{read}   {'(B, T, K)' if batch_first else '(T, B, K)'}"
