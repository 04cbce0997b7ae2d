"""Keep what somebody does, all the time, in case the process ends."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path
from time import monotonic
from typing import Any

from PySide6.QtCore import QObject, QTimer, Signal

from gatescope.messages.message import Cancelled, GatescopeError, Message
from gatescope_app.state import error_log
from gatescope_app.state.autosave_store import AutosaveStore
from gatescope_app.state.document import MADE
from gatescope_app.state.session import Session
from gatescope_app.state.session_file import SessionContent
from gatescope_app.state.session_state import State
from gatescope_app.state.worker import Worker

_INTERVAL = 1.5  # seconds from the beginning of one write to that of the next: with the write, less than two are lost
_REST = 30.0  # seconds until what the disk refused is tried again
_PICTURE_INTERVAL = 10.0
_IDLE = 1.0  # seconds without a change until a picture is taken
_KEPT = (*MADE, "undo_stack")
_LOOKED_AT = ("cursor", "batch", "unit", "quantity")


def content_of_session(session: Session, looks: Mapping[str, Any] | None = None) -> SessionContent:
    """Return what is to be kept of a session, as it is on show."""
    state = session.state
    return SessionContent(
        state.document, state.undo_stack, state.cursor, state.batch, state.unit, state.quantity, looks or {}
    )


class Autosave(QObject):
    """Writes a session into a store, off the GUI thread, soon after each change.

    Nothing is written before the first change, so that a window in which nothing was done leaves nothing behind.

    Parameters
    ----------
    session : Session
        What to keep.
    parent : QObject, optional
        As for any QObject.
    looks : callable
        Returns how the window looks, for `SessionContent.looks`; called on the GUI thread before each write.
    picture : callable
        Returns a small picture of the window as a PNG, or None; called on the GUI thread while nothing is done.

    Signals
    -------
    troubled(Message)
        Nothing can be kept, and why; once, until `recovered`. It is tried again.
    recovered()
        What was done is kept again.
    saved(int)
        All is kept that `changes` counted up to this number.
    """

    troubled = Signal(object)
    recovered = Signal()
    saved = Signal(int)

    def __init__(
        self,
        session: Session,
        parent: QObject | None = None,
        *,
        looks: Callable[[], Mapping[str, Any]] = dict,
        picture: Callable[[], bytes | None] = lambda: None,
    ) -> None:
        super().__init__(parent)
        self._session, self._looks, self._picture = session, looks, picture
        self.store = AutosaveStore()
        self.changes = 0
        self.saved_changes = 0
        self._file: Path | None = None
        self._in_trouble = False
        self._last_write = self._last_picture = -_REST
        self._writer, self._picture_writer = Worker(self), Worker(self)
        self._timer = QTimer(self, singleShot=True)
        self._timer.timeout.connect(self._write)
        self._picture_timer = QTimer(self, singleShot=True)
        self._picture_timer.timeout.connect(self._take_picture)
        session.changed.connect(self._on_change)

    @property
    def file(self) -> Path | None:
        """The session's file that the window works on, which is named when the session is offered after a crash."""
        return self._file

    @file.setter
    def file(self, path: Path | None) -> None:
        self._file = path
        if self.changes:
            self.touch()

    def touch(self) -> None:
        """Write soon: something is to be kept that is no part of the session's state."""
        self.changes += 1
        self._schedule(_INTERVAL)
        self._picture_timer.start(int(_IDLE * 1000))

    def flush(self) -> None:
        """Write now what is not yet kept, and wait for it."""
        self._timer.stop()
        self._writer.wait()
        if self.changes > self.saved_changes:
            changes = self.changes
            try:
                self.store.write(self._content(), changes, self._file)
            except Exception as error:  # noqa: BLE001 - whatever fails here must not fail what somebody does
                self._on_error(error)
            else:
                self._on_saved(changes)

    def end(self) -> None:
        """Stop, and keep nothing: the window closes, and what was to be saved is saved."""
        self._session.changed.disconnect(self._on_change)
        for timer in (self._timer, self._picture_timer):
            timer.stop()
        for worker in (self._writer, self._picture_writer):
            worker.wait()
        self.store.remove()

    def _on_change(self, old: State, new: State) -> None:
        if old.run is None or new.run is None:
            return  # what a window begins with is nobody's work
        made = any(getattr(old, name) is not getattr(new, name) for name in _KEPT)
        if made or any(getattr(old, name) != getattr(new, name) for name in _LOOKED_AT):
            self.touch()

    def _schedule(self, interval: float) -> None:
        if not self._timer.isActive() and not self._writer.busy:
            wait = self._last_write + (max(interval, _REST) if self._in_trouble else interval) - monotonic()
            self._timer.start(max(0, int(wait * 1000)))

    def _content(self) -> SessionContent:
        return content_of_session(self._session, self._looks())

    def _write(self) -> None:
        self._last_write = monotonic()
        try:
            content = self._content()
        except Exception as error:  # noqa: BLE001 - what the window says of its looks must not end what somebody does
            self._on_error(error)
            return
        changes, file = self.changes, self._file
        self._writer.start(
            lambda progress: self.store.write(content, changes, file, progress),
            lambda _: self._on_saved(changes),
            self._on_error,
        )

    def _on_saved(self, changes: int) -> None:
        self.saved_changes = changes
        if self._in_trouble:
            self._in_trouble = False
            self.recovered.emit()
        self.saved.emit(changes)
        if self.changes > changes:
            self._schedule(_INTERVAL)

    def _on_error(self, error: Exception) -> None:
        if isinstance(error, Cancelled):
            return
        if isinstance(error, GatescopeError):
            problem = error.message
        else:
            error_log.report(error)
            problem = Message("autosave_failed", {"detail": type(error).__name__})
        first, self._in_trouble = not self._in_trouble, True
        self._schedule(_REST)
        if first:
            self.troubled.emit(Message("autosave_rests", {"problem": problem}))

    def _take_picture(self) -> None:
        """Take a picture where the last one is old, and nothing else is to be done."""
        wait = self._last_picture + _PICTURE_INTERVAL - monotonic()
        if wait > 0 or self.store.folder is None or self._session.runner.busy:
            self._picture_timer.start(int(max(wait, _IDLE) * 1000))
            return
        self._last_picture = monotonic()
        picture = self._picture()
        if picture is not None:
            self._picture_writer.start(
                lambda _progress: self.store.write_picture(picture), lambda _: None, error_log.report
            )
