"""What the classes of a head are called, and which of them are right, as the session has them and people type them."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from gatescope.analysis.class_names import ClassNames, Targets
from gatescope_app.state.session import Session

_FEWEST = 2  # labels that one would type; and 50,000 nobody would
_MOST = 1000


class LabelsAndTargets:
    """Reads and changes the labels and targets of a session."""

    def __init__(self, session: Session) -> None:
        self._session = session
        self._converted: tuple[Targets | None, NDArray[np.int64] | None] = (None, None)  # the last asked for

    @property
    def page(self) -> tuple[object, ...]:
        """Other objects for another head, sequence, labels or targets."""
        state = self._session.state
        return state.setup.head, state.setup.unedited.sequence, state.labels, state.targets

    @property
    def names(self) -> ClassNames:
        """The classes."""
        return self._session.state.document.class_names

    def targets(self, batch: int) -> Targets | None:
        """Return the right class of each step of a batch element; None where nobody gave it."""
        return self._session.state.targets.get(batch)

    def target_numbers(self, batch: int) -> NDArray[np.int64] | None:
        """Return the same as an array, with -1 where there is none."""
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
        self._session.set_labels(ClassNames.read(text, self.names.count).labels if text.strip() else None)

    def read_targets(self, text: str, batch: int, steps: int) -> None:
        """Take the typed targets of a batch element with so many steps; raise GatescopeError where they are wrong."""
        self._session.set_targets(batch, self.names.read_targets(text, steps) if text.strip() else None)
