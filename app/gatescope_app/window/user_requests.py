"""What the window asks for in dialogs, and does with the answers."""

from __future__ import annotations

from PySide6.QtCore import QObject, Qt, Signal
from PySide6.QtWidgets import QInputDialog, QWidget

from gatescope.debugging.breakpoints import Breakpoint
from gatescope.formats.readers import format_patterns, require_content, split_location
from gatescope.messages.message import GatescopeError, Message
from gatescope_app.dialogs.choose_dialog import ChooseDialog
from gatescope_app.look.appearance import Appearance
from gatescope_app.state.debugger import Debugger
from gatescope_app.state.devices import Devices
from gatescope_app.state.editor import Editor
from gatescope_app.state.exporter import Exporter
from gatescope_app.state.revisions import Revision
from gatescope_app.state.runs import example_setup
from gatescope_app.state.session import Session
from gatescope_app.state.settings import settings
from gatescope_app.state.worker import Worker
from gatescope_app.widgets.file_dialogs import ask_open_path, ask_save_path
from gatescope_app.window.session_files import SessionFiles

_START_PAGE_SHOWN = "start_page_shown"


class UserRequests(QObject):
    """Asks one thing at a time; what was accepted goes to the session or the exporter.

    Signals
    -------
    refused(Message)
        What cannot be opened, and why.
    """

    refused = Signal(object)

    def __init__(
        self, window: QWidget, session: Session, debugger: Debugger, editor: Editor, exporter: Exporter,
        files: SessionFiles, appearance: Appearance,
    ) -> None:  # fmt: skip
        super().__init__(window)
        self._window, self._appearance, self._files = window, appearance, files
        self._session, self._debugger, self._editor, self._exporter = session, debugger, editor, exporter
        self.worker = Worker(self)  # for reading files; it may go on when its dialog is gone
        self.devices = Devices()

    # ways in

    def start_page(self) -> None:
        """Show the ways in: examples, a network, a model, a recorded training."""
        from gatescope_app.dialogs.start_page import StartPage  # noqa: PLC0415 - read when first asked for

        settings().setValue(_START_PAGE_SHOWN, True)
        page = StartPage(self._appearance.theme, self._window)
        page.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        page.example_chosen.connect(self.example)
        page.network_wanted.connect(self.network)
        page.file_wanted.connect(self.file)
        page.open()

    def start_page_at_first(self) -> None:
        """Show it to who has not seen it yet."""
        if not settings().contains(_START_PAGE_SHOWN):
            self.start_page()

    # networks and sequences

    def network(self) -> None:
        """Ask for a network and run it."""
        from gatescope_app.dialogs.network_dialog import NetworkDialog  # noqa: PLC0415 - read when first asked for

        revision, devices = self._session.latest, ["cpu", *self.devices.cuda]
        dialog = NetworkDialog(revision, devices, self._appearance.theme, self._window)
        if dialog.exec() and dialog.revision.setup is not revision.setup:
            self._change_network(dialog.revision, keeps_weights=dialog.keeps_weights)
        dialog.deleteLater()  # or the window would keep every dialog it ever asked with

    def _change_network(self, revision: Revision, *, keeps_weights: bool) -> None:
        label = Message("change_network", {"network": revision.setup.spec.constructor()})
        if keeps_weights:
            self._session.revise(revision, label)  # with all that belongs to these weights
        else:
            self._session.start(revision.setup, label, history=revision.history)

    def sequence(self, path: str | None = None) -> None:
        """Ask for a sequence, or for what to do with a file's, and run it."""
        from gatescope_app.dialogs.sequence_dialog import SequenceDialog  # noqa: PLC0415 - read when first asked for

        state, look = self._session.state, self._appearance
        dialog = SequenceDialog(state.setup, state.focus.batch, look.language, look.theme, self._window, self.worker)
        if path is not None:
            dialog.open_file(path)
        if dialog.exec():
            self._session.start(dialog.setup, batch=dialog.element.value())
            if dialog.path is not None:
                self._files.recent.add(dialog.path)
        dialog.deleteLater()

    def example(self, name: str) -> None:
        """Run an example."""
        self._files.start(example_setup(name), batch=0)

    # files

    def file(self) -> None:
        """Ask for a file to open."""
        kinds = {
            self.tr("All of these"): format_patterns(), self.tr("Sessions"): format_patterns("session"),
            self.tr("Sequences"): format_patterns("sequence"), self.tr("Checkpoints"): format_patterns("checkpoint"),
            self.tr("Recordings"): format_patterns("recording"), self.tr("All files"): "*",
        }  # fmt: skip
        filters = ";;".join(f"{kind} ({patterns})" for kind, patterns in kinds.items())
        path = ask_open_path(self._window, "open", self.tr("Open"), filters)
        if path:
            self.open(path)

    def open(self, location: str) -> None:
        """Open a session; or ask what to take of a sequence, a checkpoint or a recording.

        Parameters
        ----------
        location : str
            A path, with `::` and the name of a module or trace behind it where that is to be chosen at first.
        """
        path, inside = split_location(location)
        try:
            content = require_content(location)
        except GatescopeError as error:
            self.refused.emit(error.message)
            return
        if content == "sequence":
            self.sequence(location)
        elif content == "checkpoint":
            self._module(path, inside)
        elif content == "recording":
            self._trace(path, inside)
        else:
            self._files.open(path)

    def _module(self, path: str, prefix: str | None) -> None:
        from gatescope_app.dialogs.checkpoint_dialog import CheckpointDialog  # noqa: PLC0415 - as above

        setup = self._session.state.setup
        dialog = CheckpointDialog(setup, self._appearance.theme, self._window, self.worker)
        dialog.open_file(path, prefix)
        if self._accepted(dialog):
            self._files.start(dialog.setup)
            self._files.recent.add(path)

    def _trace(self, path: str, inside: str | None) -> None:
        from gatescope_app.dialogs.recording_dialog import RecordingDialog  # noqa: PLC0415 - as above

        dialog = RecordingDialog(self._appearance.theme, self._window, self.worker)
        dialog.open_file(path, inside)
        if self._accepted(dialog):
            self._files.start(dialog.setup, batch=0)
            self._files.recent.add(path)

    def _accepted(self, dialog: ChooseDialog) -> bool:
        accepted = bool(dialog.exec())
        dialog.deleteLater()
        return accepted

    def export(self) -> None:
        """Ask where to write the CSV, and in which layout."""
        long, wide = self.tr("CSV, a row for each unit (*.csv)"), self.tr("CSV, a row for each step (*.csv)")
        path, chosen = ask_save_path(self._window, "export", self.tr("Export CSV"), "trace.csv", (long, wide))
        run = self._session.state.run
        if path is not None and run is not None:
            self._exporter.start(run, path, "wide" if chosen else "long")

    def save_trace(self) -> None:
        """Ask where to write the trace."""
        kind = self.tr("Recording (*.gates)")
        path, _ = ask_save_path(self._window, "trace", self.tr("Save trace"), "trace.gates", (kind,))
        run = self._session.state.run
        if path is not None and run is not None:
            self._exporter.save(run, path)

    # edits

    def what_if(self) -> None:
        """Ask for an edit of the run."""
        from gatescope_app.dialogs.edit_dialog import ask_what_if  # noqa: PLC0415 - read when first asked for

        ask_what_if(self._session, self._editor, self._appearance.theme, self._window)

    def breakpoint(self, condition: str) -> None:
        """Ask for a new breakpoint, beginning with a condition."""
        from gatescope_app.dialogs.breakpoint_dialog import ask_breakpoint  # noqa: PLC0415 - as above

        new, setup, names = Breakpoint(condition), self._session.state.setup, self._debugger.names
        chosen = ask_breakpoint(new, setup, names, self._appearance.theme, self._window, new=True)
        if chosen is not None:
            self._debugger.add(chosen)

    def branch(self) -> None:
        """Ask for the name of a new branch of the edits."""
        from gatescope_app.dialogs.name_dialog import ask_new_branch  # noqa: PLC0415 - as above

        ask_new_branch(self._editor, self._appearance.theme, self._window)

    # moves

    def step(self) -> None:
        """Ask for the number of a step."""
        last, now = self._session.state.setup.steps - 1, self._session.state.cursor.t
        t, accepted = QInputDialog.getInt(
            self._window, self.tr("Go to step"), self.tr("t, from 0 to {last}").format(last=last), now, 0, last
        )
        if accepted:
            self._session.run_to(t)
