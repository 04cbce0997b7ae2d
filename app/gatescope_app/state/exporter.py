"""Writing the trace to files off the GUI thread."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal

from gatescope.messages.message import GatescopeError, Progress
from gatescope_app.state.runs import Run
from gatescope_app.state.worker import Job, Worker

if TYPE_CHECKING:
    from gatescope.formats.table_columns import Layout


class Exporter(QObject):
    """Writes one file at a time.

    Signals
    -------
    written(str)
        The file is complete.
    refused(Message), failed(Exception)
        It could not be written; an older file is as it was.
    """

    written = Signal(str)
    refused = Signal(object)
    failed = Signal(object)

    def __init__(self, parent: QObject) -> None:
        super().__init__(parent)
        self.worker = Worker(self)

    def start(self, run: Run, path: Path, layout: Layout) -> None:
        """Write a run's trace as CSV; progress and cancel are the worker's."""

        def job(progress: Progress) -> None:
            from gatescope.formats.csv_export import write_csv  # noqa: PLC0415 - imports torch

            write_csv(run.report, path, layout, progress, run.setup.edits)

        self._write(path, job)

    def save(self, run: Run, path: Path) -> None:
        """Write a run's trace as a recording, which can be opened again; progress and cancel as above."""

        def job(progress: Progress) -> None:
            from gatescope.formats.trace_file import save_trace  # noqa: PLC0415 - imports torch

            save_trace(run.trace, path, progress)

        self._write(path, job)

    def _write(self, path: Path, job: Job) -> None:
        self.worker.start(job, lambda _result: self.written.emit(str(path)), self._on_error)

    def _on_error(self, error: Exception) -> None:
        if isinstance(error, GatescopeError):
            self.refused.emit(error.message)
        else:
            self.failed.emit(error)
