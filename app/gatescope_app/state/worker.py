"""Work off the GUI thread: one job at a time, with progress and cancel; results come back on the GUI thread."""

from __future__ import annotations

import threading
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from PySide6.QtCore import QObject, QThreadPool, Signal

from gatescope.messages.message import Cancelled, Progress

Job = Callable[[Progress], Any]


@dataclass(frozen=True, eq=False)
class _Task:
    job: Job
    stop: threading.Event


class Worker(QObject):
    """Runs jobs in a thread of its own; starting one cancels and forgets the one before.

    Signals
    -------
    started(), progressed(float), ended()
        Of the current job, on the GUI thread; `ended` comes before its result is delivered.
    """

    started = Signal()
    progressed = Signal(float)
    ended = Signal()
    _reported = Signal(object, float)
    _settled = Signal(object, object, object)

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._pool = QThreadPool(self)
        self._pool.setMaxThreadCount(1)
        self._task: _Task | None = None
        # Kept here, not in the task: what they belong to must not live, or end, with the job's thread.
        self._done: Callable[[Any], None] = _ignore
        self._failed: Callable[[Exception], None] = _ignore
        # Sent from the job's thread, these arrive queued on the thread this object lives in.
        self._reported.connect(self._on_reported)
        self._settled.connect(self._on_settled)

    @property
    def busy(self) -> bool:
        """Whether a job is under way."""
        return self._task is not None

    def start(self, job: Job, done: Callable[[Any], None], failed: Callable[[Exception], None]) -> None:
        """Run `job` with a progress callback, then deliver its result or its exception."""
        self.cancel()
        task = self._task = _Task(job, threading.Event())
        self._done, self._failed = done, failed
        self.started.emit()
        self._pool.start(lambda: self._run(task))

    def run(self, job: Job, done: Callable[[Any], None], failed: Callable[[Exception], None], *, at_once: bool) -> None:
        """Do at once what takes a moment, in place of the job before; all else as `start` does."""
        if at_once:
            self.cancel()
            done(job(_ignore))
        else:
            self.start(job, done, failed)

    def cancel(self) -> None:
        """Stop the current job at its next report of progress; nothing of it is delivered."""
        if self._task is not None:
            self._task.stop.set()
            self._end()

    def wait(self) -> None:
        """Cancel, and wait until the thread is idle; for closing down."""
        self.cancel()
        self._pool.waitForDone()

    def _run(self, task: _Task) -> None:
        def progress(fraction: float) -> None:
            if task.stop.is_set():
                raise Cancelled
            self._reported.emit(task, fraction)

        result, error = None, None
        try:
            if not task.stop.is_set():
                result = task.job(progress)
        except Exception as caught:  # noqa: BLE001 - this is the thread's border; it is delivered and shown
            error = caught
        self._settled.emit(task, result, error)

    def _on_reported(self, task: _Task, fraction: float) -> None:
        if task is self._task:
            self.progressed.emit(fraction)

    def _on_settled(self, task: _Task, result: Any, error: Exception | None) -> None:
        if task is not self._task:
            return
        done, failed = self._done, self._failed
        self._end()
        if error is not None:
            failed(error)
        else:
            done(result)

    def _end(self) -> None:
        self._task, self._done, self._failed = None, _ignore, _ignore
        self.ended.emit()


def _ignore(_told: Any) -> None:
    """Stand for the receiver while there is no job, and of the progress of what is done in a moment."""
