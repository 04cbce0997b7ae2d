"""Choose one of the traces of a recording."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtWidgets import QWidget

from gatescope.messages.message import GatescopeError
from gatescope_app.dialogs.choose_dialog import ChooseDialog
from gatescope_app.look.file_names import format_path
from gatescope_app.look.language import format_message
from gatescope_app.look.theme import Theme
from gatescope_app.state.recorded_traces import RecordedTrace, RecordingContents, read_recording
from gatescope_app.state.runs import Setup, recorded_setup
from gatescope_app.state.worker import Worker


class RecordingDialog(ChooseDialog):
    """Asks for a trace; `setup` shows what was chosen."""

    def __init__(self, theme: Theme, parent: QWidget | None, worker: Worker) -> None:
        super().__init__(theme, parent, worker)
        self.setWindowTitle(self.tr("Open recording"))
        self.table.setAccessibleName(self.tr("Traces in the file"))
        self.details.setAccessibleName(self.tr("The network of the trace"))
        self._chosen: RecordedTrace | None = None
        self._setup: Setup | None = None

    @property
    def setup(self) -> Setup:
        """What was chosen, to be looked at."""
        assert self._setup is not None
        return self._setup

    def accept(self) -> None:
        """Close once the numbers of what was chosen are read."""
        chosen = self._chosen
        assert chosen is not None
        place = f"{self.path}::{chosen.label}"
        self._wait(self.tr("Reading {path}…").format(path=format_path(place)))
        self.worker.run(
            lambda progress: recorded_setup(chosen.in_memory(progress), place), self._on_setup, self._on_unreadable,
            at_once=not chosen.is_mapped,
        )  # fmt: skip

    def _wait(self, text: str) -> None:
        """Let nothing else be chosen while something is read; or again, where there is no text."""
        self.file.setText(text or format_path(self.path))
        for part in (self.table, self.ok):
            part.setEnabled(not text)

    def _on_setup(self, setup: Setup) -> None:
        self._setup = setup
        super().accept()

    def _on_unreadable(self, error: Exception) -> None:
        self._wait("")
        self.table.setFocus()
        if not isinstance(error, GatescopeError):
            raise error
        self.refuse(error.message)

    def read(self, path: str) -> RecordingContents:
        return read_recording(path)

    def titles(self) -> Sequence[str]:
        return self.tr("Module"), self.tr("Call"), self.tr("Kind"), self.tr("Steps T"), self.tr("Batch B")

    def texts(self, entry: RecordedTrace) -> Sequence[str]:
        trace = entry.trace
        sizes = str(entry.call), f"nn.{trace.spec.kind}", str(len(trace)), str(trace.batch_size)
        return entry.name or self.tr("(saved on its own)"), *sizes

    def things_of(self, result: RecordingContents) -> Sequence[RecordedTrace]:
        """List the traces, and say where the file is cut."""
        if result.problem is not None:
            self.note.show_note(format_message(result.problem))
        return result.entries

    def is_called(self, thing: RecordedTrace, inside: str) -> bool:
        return thing.is_called(inside)

    def choose(self, thing: RecordedTrace) -> None:
        spec = thing.trace.spec
        parameters = (f"{name:28} {shape}" for name, shape in spec.parameters().items())
        self.details.setPlainText("\n".join([spec.constructor(), "", *parameters]))
        self._chosen = thing
        self.ok.setEnabled(True)
