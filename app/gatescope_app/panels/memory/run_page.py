"""What the pages of the Memory panel share: each follows the session only while it is in front."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from PySide6.QtWidgets import QWidget

from gatescope_app.look.theme import Theme
from gatescope_app.state.session import Session
from gatescope_app.state.session_state import State
from gatescope_app.state.worker import Job, Worker

_AT_ONCE = 2_000_000
"""So many numbers are gone through in a moment; more of them off the GUI thread."""


class RunPage(QWidget):
    """A page over the session.

    A page implements `show_state`, `retranslate`, and `clear`, which lets go of what it holds of a run.
    """

    def __init__(self, session: Session, theme: Theme) -> None:
        super().__init__()
        self.session, self.theme = session, theme
        self.controls = QWidget()  # shown beside the tabs while the page is in front
        self.worker = Worker(self)
        self._shown: State | None = None

    def show_state(self, old: State | None, new: State) -> None:
        """Show `new`; `old` is what is shown now, None for nothing yet."""
        raise NotImplementedError

    def retranslate(self) -> None:
        raise NotImplementedError

    def clear(self) -> None:
        """Show nothing."""
        raise NotImplementedError

    def set_theme(self, theme: Theme) -> None:
        self.theme = theme

    def catch_up(self, state: State) -> None:
        """Show a state, unless it is shown already."""
        if state is not self._shown:
            old, self._shown = self._shown, state
            self.show_state(old, state)

    def forget(self) -> None:
        """Show nothing, and everything from the start the next time."""
        self.worker.cancel()
        self._shown = None
        self.clear()

    def compute(self, size: int, job: Job, done: Callable[[Any], None], worker: Worker | None = None) -> None:
        """Do what goes through so many numbers: at once, or off the GUI thread where that takes long."""
        (worker or self.worker).run(job, done, self.session.failed.emit, at_once=size <= _AT_ONCE)


def same_cell(old: State | None, new: State) -> bool:
    """Whether both states show the same layer, direction and batch element of the same run."""
    if old is None or old.run is not new.run:
        return False
    one, other = old.focus, new.focus
    return (one.layer, one.direction, one.batch) == (other.layer, other.direction, other.batch)
