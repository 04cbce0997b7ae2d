"""Python's collection of reference cycles, kept on the GUI thread."""

from __future__ import annotations

import gc

from PySide6.QtCore import QObject, QTimer

_EVERY = 1000  # milliseconds


class CollectionTimer(QObject):
    """Collects by a timer in place of Python, from when it is made until `stop`.

    Python collects on whichever thread happens to allocate. On a worker's thread that would destroy widgets there,
    which ends the process.
    """

    def __init__(self, parent: QObject) -> None:
        super().__init__(parent)
        gc.disable()
        self._timer = QTimer(self)
        self._timer.timeout.connect(_collect)
        self._timer.start(_EVERY)

    def stop(self) -> None:
        """Leave it to Python again; for when no other thread is left."""
        self._timer.stop()
        gc.enable()


def _collect() -> None:
    """Collect the oldest generation that is due by Python's own thresholds."""
    due = [
        age for age, (count, most) in enumerate(zip(gc.get_count(), gc.get_threshold(), strict=True)) if count > most
    ]
    if due:
        gc.collect(due[-1])
