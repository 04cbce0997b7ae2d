"""What the classes of a head are called, and which of them are right: told by an example, or typed by a person."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from gatescope.analysis.class_names import ClassNames, Targets
from gatescope.analysis.heads import Head
from gatescope.formats.sequences import Sequence
from gatescope_app.state.runs import Setup

_FEWEST = 2  # labels that one would type; and 50,000 nobody would
_MOST = 1000


class LabelsAndTargets:
    """Labels belong to a head, targets to a head and a sequence; both stay over steps, edits, undo and devices.

    They are no part of the setup: they change no number of the run, and another setup would be another run.
    """

    def __init__(self) -> None:
        self.page = 0
        """Another number for another head or sequence."""
        self._head: Head | None = None
        self._sequence: Sequence | None = None
        self._typed: ClassNames | None = None
        self._targets: dict[int, Targets] = {}  # by batch element
        self._converted: tuple[Targets | None, NDArray[np.int64] | None] = (None, None)  # the last asked for

    def follow(self, setup: Setup) -> None:
        """Take over another setup; what was told of another head or sequence is forgotten."""
        head, sequence = setup.head, setup.unedited.sequence
        if head is not self._head:
            self._typed = None
        elif sequence is self._sequence:
            return
        self._head, self._sequence = head, sequence
        self._targets = {}
        self.page += 1
        example = setup.example
        if head is not None and example is not None and example.target is not None:
            self._targets[0] = self.names.read_targets(example.target, setup.steps)

    @property
    def names(self) -> ClassNames:
        """The classes: as typed, else the characters of a vocabulary that has as many, else their numbers."""
        if self._typed is not None:
            return self._typed
        count = 1 if self._head is None else self._head.classes
        vocabulary = None if self._sequence is None else self._sequence.vocabulary
        return ClassNames(count, tuple(vocabulary) if vocabulary and len(vocabulary) == count else None)

    def targets(self, batch: int) -> Targets | None:
        """Return the right class of each step of a batch element; None where nobody told."""
        return self._targets.get(batch)

    def target_numbers(self, batch: int) -> NDArray[np.int64] | None:
        """Return the same as an array, with -1 where nobody told."""
        targets = self.targets(batch)
        if targets is not self._converted[0]:
            numbers = None if targets is None else np.array([-1 if one is None else one for one in targets])
            self._converted = targets, numbers
        return self._converted[1]

    @property
    def labels_text(self) -> str:
        """The labels as they would be typed."""
        names = self.names
        return "" if names.labels is None else ("" if names.are_characters else ", ").join(names.labels)

    def targets_text(self, batch: int) -> str:
        """Return the targets as they would be typed."""
        targets = self.targets(batch)
        return "" if targets is None else self.names.format_targets(targets)

    @property
    def takes_labels(self) -> bool:
        """Whether there are classes that somebody would name."""
        return _FEWEST <= self.names.count <= _MOST

    def read_labels(self, text: str) -> None:
        """Take typed labels; none for those there were first. Raise GatescopeError where they are wrong."""
        self._typed = ClassNames.read(text, self.names.count) if text.strip() else None

    def read_targets(self, text: str, batch: int, steps: int) -> None:
        """Take the typed targets of a batch element with so many steps; raise GatescopeError where they are wrong."""
        if text.strip():
            self._targets[batch] = self.names.read_targets(text, steps)
        else:
            self._targets.pop(batch, None)
