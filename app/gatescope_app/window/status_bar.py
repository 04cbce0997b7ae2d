"""The line below the panels: where the cursor is, what is edited, what was done, and work that takes longer."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QSize, Qt, QTimer
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QLabel, QStatusBar

from gatescope.debugging.breakpoints import Breakpoint
from gatescope.messages.message import Message, describe_several
from gatescope_app.look.edit_marks import MARK, describe_edits
from gatescope_app.look.file_names import format_path
from gatescope_app.look.language import format_message
from gatescope_app.look.tokens import escape_markup, format_step
from gatescope_app.state.debugger import Debugger
from gatescope_app.state.exporter import Exporter
from gatescope_app.state.session import Session
from gatescope_app.state.session_state import State
from gatescope_app.widgets.breakpoint_texts import describe_breakpoint
from gatescope_app.widgets.elided_label import ElidedLabel
from gatescope_app.widgets.value_label import ValueLabel
from gatescope_app.window.job_bar import JobBar
from gatescope_app.window.session_files import SessionFiles

_READ = 8000  # milliseconds for a line that nothing else depends on
_APART = 8  # pixels between what is said
_MOST = 0.4  # of the bar for the edits, which can be many


class PlaceLabel(ValueLabel):
    """Where the run stands, at the end of the bar; a step that needs no more room asks for no new layout."""

    def __init__(self) -> None:
        super().__init__("", Qt.AlignmentFlag.AlignRight)

    def shrink(self) -> None:
        """Take no more room than what is shown, where other things will be said."""
        self._widest = self.text()
        self.updateGeometry()

    def _is_wider(self, text: str) -> bool:
        measure = self.fontMetrics().horizontalAdvance  # a short token may be wide
        return measure(text) > measure(self._widest)

    def sizeHint(self) -> QSize:
        """Stand apart from what is said before it."""
        return super().sizeHint() + QSize(_APART, 0)


class StatusBar(QStatusBar):
    """Says what was written, kept or stopped at, and for a while only; has a bar of progress for each worker."""

    def __init__(self, session: Session, debugger: Debugger, exporter: Exporter, files: SessionFiles) -> None:
        super().__init__()
        self._session = session
        self._describe: Callable[[], str] = str  # what just happened, in the current language
        self._until = QTimer(self, singleShot=True)
        self._until.timeout.connect(self._clear)
        workers = {
            "run": session.runner, "drift": session.drifter, "compare": session.comparer, "find": debugger.finder,
            "export": exporter.worker, "read": files.reader.worker, "save": files.writer,
        }  # fmt: skip
        self.job_bars = {name: JobBar(worker) for name, worker in workers.items()}
        self.edits, self.saved, self.place = ElidedLabel(), QLabel(), PlaceLabel()
        self._is_saved: bool | None = None
        for widget in (*self.job_bars.values(), self.edits, self.saved, self.place):
            self.addPermanentWidget(widget)
        self.saved.setContentsMargins(_APART, 0, 0, 0)
        session.changed.connect(self._on_change)
        session.runner.progressed.connect(lambda _: self.job_bars["run"].set_text(self.tr("Computing…")))
        debugger.stopped.connect(self._on_stopped)
        debugger.ran_out.connect(self._on_ran_out)
        for source in (exporter, files):
            source.written.connect(self._on_written)
        files.changed.connect(lambda: self.set_saved(files.is_saved))

    def retranslate(self) -> None:
        first = self._session.state.run is None  # and waits for torch
        texts = {
            "run": self.tr("Loading PyTorch…") if first else self.tr("Computing…"),
            "drift": self.tr("Measuring drift…"),
            "compare": self.tr("Comparing…"),
            "find": self.tr("Looking for breakpoints…"),
            "export": self.tr("Exporting…"),
            "read": self.tr("Opening…"),
            "save": self.tr("Saving…"),
        }
        for name, text in texts.items():
            self.job_bars[name].set_text(text)
        self.place.shrink()
        self.place.setToolTip(self.tr("Where the run stands: step, phase, layer and direction"))
        self._show_place(self._session.state)
        self._show_edits(self._session.state)
        self.set_saved(self._is_saved)
        if self._until.isActive():
            self.showMessage(self._describe())

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Leave room for what just happened."""
        super().resizeEvent(event)
        self.edits.setMaximumWidth(round(_MOST * self.width()))

    # what just happened

    def announce(self, describe: Callable[[], str], stays: int = _READ) -> None:
        """Say what just happened, for some milliseconds; `describe` is called again in another language."""
        self._describe = describe
        self.showMessage(describe())
        self._until.start(stays)

    def _clear(self) -> None:
        if self.currentMessage() == self._describe():  # else it is the tip of a menu's entry
            self.clearMessage()

    def show_kept(self) -> None:
        """Say what a kept run is good for."""
        self.announce(
            lambda: self.tr("This run is kept. Run something else, and compare it with the kept run (Ctrl+Shift+M).")
        )

    def _on_written(self, path: str) -> None:
        self.announce(lambda: self.tr("Wrote {path}").format(path=format_path(path)))

    def _on_stopped(self, breakpoints: list[Breakpoint]) -> None:
        def describe() -> str:
            what = " · ".join(describe_breakpoint(one) for one in breakpoints)
            return self.tr("Stopped at: {what}").format(what=what)

        self.announce(describe)

    def _on_ran_out(self, forward: bool) -> None:
        self.announce(
            lambda: (
                self.tr("No further breakpoint: the run has ended")
                if forward
                else self.tr("No breakpoint before this: the run is at its beginning")
            )
        )

    # what is so

    def set_saved(self, saved: bool | None) -> None:
        """Say whether all work is in a file; None where there is nothing to say of it."""
        self._is_saved = saved
        self.saved.setVisible(saved is not None)
        self.saved.setText(self.tr("saved") if saved else self.tr("not saved"))

    def _on_change(self, old: State, new: State) -> None:
        if old.run is not new.run:
            self.retranslate()
            return
        if old.cursor != new.cursor:
            self._show_place(new)
        if old.history is not new.history:
            self._show_edits(new)

    def _show_place(self, state: State) -> None:
        spec, cursor = state.setup.spec, state.cursor
        symbols = {one.name: f"{one.symbol}_t" for one in spec.cell.quantities}
        phases = {"input": self.tr("input x_t"), "preactivations": self.tr("pre-activations z")} | symbols
        parts = [format_step(cursor.t, state.setup.sequence.tokens), phases[cursor.phase]]
        if not spec.is_cell:
            parts += [self.tr("layer {layer}").format(layer=cursor.layer), format_message(Message(cursor.direction))]
        self.place.setText(" · ".join(parts))

    def _show_edits(self, state: State) -> None:
        edits = state.history.edits
        self.edits.setVisible(bool(edits))
        if edits:
            text = self.tr("1 edit: {edits}") if len(edits) == 1 else self.tr("{count} edits: {edits}")
            listed = format_message(describe_several([edit.label for edit in edits]))
            self.edits.setText(f"{MARK} {text.format(count=len(edits), edits=listed)}")
            self.edits.setToolTip(escape_markup(describe_edits(edits)))
