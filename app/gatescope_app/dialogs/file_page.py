"""Give a sequence as a file: chosen, dropped or typed."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtWidgets import QLabel, QLineEdit, QProgressBar, QPushButton

from gatescope.formats.readers import format_endings, format_patterns
from gatescope.formats.sequences import Sequence, read_sequence
from gatescope.messages.message import GatescopeError
from gatescope_app.dialogs.sequence_page import Page, with_other_sequence
from gatescope_app.look.typed_paths import read_typed_path
from gatescope_app.state.runs import Setup
from gatescope_app.state.worker import Worker
from gatescope_app.widgets.box_layouts import STRETCH, fill_column, fill_row
from gatescope_app.widgets.file_dialogs import ask_open_path


class FilePage(Page):
    """A file of a kind that holds sequences; it is read off the GUI thread."""

    def __init__(self, worker: Worker) -> None:
        super().__init__()
        self._worker = worker
        self._sequence: Sequence | None = None
        self._problem: GatescopeError | None = None
        hint = self.tr("a file with one row a step: {endings}").format(endings=format_endings("sequence"))
        self.path = QLineEdit(placeholderText=hint)
        self.path.setAccessibleName(hint)
        self.path.textEdited.connect(lambda _: self._on_typed())
        self.path.editingFinished.connect(self.settle)
        self.browse = QPushButton(self.tr("&Browse…"))
        self.browse.clicked.connect(self._browse)
        self.status = QLabel()
        self.progress = QProgressBar(minimum=0, maximum=0, textVisible=False)  # nobody knows how long a file takes
        self.progress.setAccessibleName(self.tr("Reading…"))
        self.progress.hide()
        row = fill_row(None, (self.path, 1), self.browse)
        fill_column(self, row, self.status, self.progress, STRETCH)

    def open(self, path: str) -> None:
        """Read a file."""
        self.path.setText(path)
        self._forget(self.tr("Reading…"))
        self._worker.start(lambda _progress: read_sequence(Path(path)), self._on_read, self._on_error)
        self.progress.show()

    @property
    def is_read(self) -> bool:
        """Whether what is named was read."""
        return self._sequence is not None

    def settle(self) -> bool:
        """Begin to read what was typed."""
        if self.path.isModified() and self.path.text().strip():
            self.path.setModified(False)
            self.open(read_typed_path(self.path.text()))
        return not self.progress.isHidden()

    def _on_typed(self) -> None:
        """Forget the file before: it is not the one that is named now."""
        self._worker.cancel()
        self._forget(self.tr("Enter reads it.") if self.path.text().strip() else "")
        self.edited.emit()

    def _forget(self, status: str) -> None:
        self._sequence, self._problem = None, None
        self._end(status)

    def _end(self, status: str) -> None:
        self.status.setText(status)
        self.progress.hide()

    def _browse(self) -> None:
        path = ask_open_path(self, "sequence", self.tr("Open a sequence"), format_patterns("sequence"))
        if path:
            self.open(path)

    def _on_read(self, sequence: Sequence) -> None:
        self._sequence = sequence
        self._end(self.tr("Read: {shape}").format(shape=sequence.values.shape))
        self.edited.emit()
        self.settled.emit()

    def _on_error(self, error: Exception) -> None:
        self._end("")
        if not isinstance(error, GatescopeError):
            raise error
        self._problem = error
        self.edited.emit()
        self.path.setFocus()
        self.path.selectAll()

    def setup(self, current: Setup) -> Setup:
        """Take what was read; while nothing was, the sequence stays as it is."""
        if self._problem is not None:
            raise self._problem
        return current if self._sequence is None else with_other_sequence(current, self._sequence)
