"""Reads sessions off the GUI thread, and asks for recordings that are no longer where they were."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal
from PySide6.QtWidgets import QWidget

from gatescope.formats.readers import format_patterns
from gatescope.messages.message import GatescopeError, Progress
from gatescope_app.look.language import format_message
from gatescope_app.state.worker import Worker
from gatescope_app.widgets.file_dialogs import ask_open_path
from gatescope_app.window.session_questions import SessionQuestions

if TYPE_CHECKING:  # read when it is used, after the first paint
    from gatescope_app.state.session_file import RecordingNeeded, SessionContent

Read = Callable[[Progress | None, Mapping[str, str]], "SessionContent"]
"""Reads a session; takes where the recordings are that it knows by other paths."""


class SessionReader(QObject):
    """Reads one session at a time.

    Signals
    -------
    refused(Message), failed(Exception)
        It cannot be read.
    """

    refused = Signal(object)
    failed = Signal(object)

    def __init__(self, window: QWidget, questions: SessionQuestions) -> None:
        super().__init__(window)
        self._window, self._questions = window, questions
        self.worker = Worker(self)

    def read(
        self, read: Read, done: Callable[[SessionContent], None], left: Callable[[], object],
        recordings: Mapping[str, str] | None = None,
    ) -> None:  # fmt: skip
        """Read a session.

        Parameters
        ----------
        read : callable
            Does it.
        done : callable
            Gets what was read.
        left : callable
            Is called where nothing comes of it.
        recordings : dict, optional
            Where the recordings are, as far as they were asked for.
        """
        from gatescope_app.state.session_file import RecordingNeeded  # noqa: PLC0415 - not before the first paint

        known = recordings or {}

        def on_error(error: Exception) -> None:
            chosen = self._ask_for(error) if isinstance(error, RecordingNeeded) else ""
            if isinstance(error, RecordingNeeded) and chosen:
                self.read(read, done, left, {**known, error.recording: chosen})
                return
            left()
            if isinstance(error, RecordingNeeded):  # was told in the box that it was given up in
                return
            if isinstance(error, GatescopeError):
                self.refused.emit(error.message)
            else:
                self.failed.emit(error)

        self.worker.start(lambda progress: read(progress, known), done, on_error)

    def _ask_for(self, error: RecordingNeeded) -> str:
        """Return where a recording is; empty where that is not known."""
        if not self._questions.wants_recording(format_message(error.message)):
            return ""
        title = self.tr("Find the recording")
        return ask_open_path(self._window, "recording", title, format_patterns("recording"))
