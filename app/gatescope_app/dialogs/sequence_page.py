"""One way to give a sequence, and what all ways share."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
from PySide6.QtCore import Signal
from PySide6.QtWidgets import QWidget

from gatescope.formats.sequences import Sequence
from gatescope_app.state.runs import Setup, with_sequence


class Page(QWidget):
    """One way to give a sequence.

    Signals
    -------
    edited()
        What the page gives may have changed.
    refused(Message)
        Something typed was not taken; what was there stays.
    settled()
        What took time is done, and `edited` said so.
    """

    edited = Signal()
    refused = Signal(object)
    settled = Signal()

    def setup(self, current: Setup) -> Setup:
        """Return what is to be run, with `current` for what the page does not ask; raise GatescopeError if nothing."""
        raise NotImplementedError

    def settle(self) -> bool:
        """Begin what is still to do with what was typed; return whether that is under way."""
        return False

    def read_as(self, *, batch_first: bool) -> None:
        """Show a batch read the other way, where the page shows its elements."""


def with_other_sequence(current: Setup, sequence: Sequence) -> Setup:
    """Feed the same network another sequence; one that is the same in every number stays what it was."""
    if _equal(current.sequence, sequence):
        return replace(current, states={})
    return with_sequence(current, sequence)


def _equal(one: Sequence, other: Sequence) -> bool:
    return (one.tokens, one.vocabulary) == (other.tokens, other.vocabulary) and np.array_equal(
        one.values, other.values, equal_nan=True
    )
