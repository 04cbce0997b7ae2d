"""Playing: steps at a steady pace until a breakpoint or the end."""

from __future__ import annotations

from PySide6.QtCore import QObject, QTimer, Signal

from gatescope_app.state.debugger import Debugger
from gatescope_app.state.session import Session

SPEEDS = (1, 2, 4, 8, 15, 30)
"""Steps a second."""


class Player(QObject):
    """Steps the session by a timer.

    Signals
    -------
    playing_changed(bool)
        It started or stopped.
    """

    playing_changed = Signal(bool)

    def __init__(self, session: Session, debugger: Debugger) -> None:
        super().__init__(session)
        self._session, self._debugger = session, debugger
        self._timer = QTimer(self)
        self._timer.timeout.connect(self._tick)
        self.set_speed(SPEEDS[1])

    @property
    def playing(self) -> bool:
        """Whether it plays now."""
        return self._timer.isActive()

    def set_speed(self, steps_a_second: int) -> None:
        """Change the pace, now or for later."""
        self._timer.setInterval(round(1000 / steps_a_second))

    def set_playing(self, playing: bool) -> None:
        """Start, from the beginning where it is at the end; or pause."""
        if playing and not self.playing and self._session.state.run is not None:
            if self._session.at_end:
                self._session.play_again()
            self._timer.start()
        elif not playing:
            self._timer.stop()
        self.playing_changed.emit(self.playing)

    def stop(self) -> None:
        """Pause."""
        self.set_playing(playing=False)

    def _tick(self) -> None:
        self._session.step()
        if self._session.at_end or self._debugger.stopping:
            self.set_playing(playing=False)
