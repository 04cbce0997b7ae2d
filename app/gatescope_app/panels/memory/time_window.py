"""Which steps are in view, the same for all heat maps of a page."""

from __future__ import annotations

from PySide6.QtCore import QObject, Signal

_FEWEST = 8  # steps are always in view, where there are so many


class TimeWindow(QObject):
    """A stretch of the run, at first all of it.

    Signals
    -------
    changed()
        Other steps are in view.
    """

    changed = Signal()

    def __init__(self) -> None:
        super().__init__()
        self.steps, self.first, self.stop = 1, 0, 1

    @property
    def count(self) -> int:
        """How many steps are in view."""
        return self.stop - self.first

    @property
    def whole(self) -> bool:
        """Whether all are."""
        return self.count == self.steps

    def set_steps(self, steps: int) -> None:
        """Show all of a run of another length; of one of the same length stay where it is."""
        if steps != self.steps:
            self.steps = steps
            self.show_all()

    def show_all(self) -> None:
        """Show the whole run."""
        self._show(0, self.steps)

    def zoom(self, factor: float, t: int) -> None:
        """Show `factor` times as many steps; step `t` keeps its place."""
        count = min(max(round(self.count * factor), _FEWEST), self.steps)
        if factor > 1:
            count = min(max(count, self.count + 1), self.steps)  # rounding must not stop it
        self.move_to(t - round((t - self.first) * count / self.count), count)

    def move_to(self, first: int, count: int | None = None) -> None:
        """Show as many steps, or `count`, from another one on; as near to it as the run allows."""
        count = self.count if count is None else count
        first = min(max(first, 0), self.steps - count)
        self._show(first, first + count)

    def follow(self, t: int) -> None:
        """Bring a step into view, in the middle where it is not there yet."""
        if not self.first <= t < self.stop:
            self.move_to(t - self.count // 2)

    def _show(self, first: int, stop: int) -> None:
        if (first, stop) != (self.first, self.stop):
            self.first, self.stop = first, stop
            self.changed.emit()
