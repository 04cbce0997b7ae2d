"""The line below the panels: what was done, and work that takes longer than a moment."""

from __future__ import annotations

from PySide6.QtWidgets import QStatusBar

from gatescope.debugging.breakpoints import Breakpoint
from gatescope_app.state.debugger import Debugger
from gatescope_app.state.exporter import Exporter
from gatescope_app.state.session import Session, State
from gatescope_app.widgets.breakpoint_texts import describe_breakpoint
from gatescope_app.window.job_bar import JobBar

_READ = 8000  # milliseconds for a line that nothing else depends on


class StatusBar(QStatusBar):
    """Says what was written, kept or stopped at; has a bar of progress for each worker."""

    def __init__(self, session: Session, debugger: Debugger, exporter: Exporter) -> None:
        super().__init__()
        self._session = session
        workers = {
            "run": session.runner, "drift": session.drifter, "compare": session.comparer, "find": debugger.finder,
            "export": exporter.worker,
        }  # fmt: skip
        self.job_bars = {name: JobBar(worker) for name, worker in workers.items()}
        for bar in self.job_bars.values():
            self.addPermanentWidget(bar)
        session.changed.connect(self._on_change)
        session.runner.progressed.connect(lambda _: self.job_bars["run"].set_text(self.tr("Computing…")))
        debugger.stopped.connect(self._on_stopped)
        exporter.written.connect(lambda path: self.showMessage(self.tr("Wrote {path}").format(path=path)))

    def retranslate(self) -> None:
        first = self._session.state.run is None  # and waits for torch
        texts = {
            "run": self.tr("Loading PyTorch…") if first else self.tr("Computing…"),
            "drift": self.tr("Measuring drift…"),
            "compare": self.tr("Comparing…"),
            "find": self.tr("Looking for breakpoints…"),
            "export": self.tr("Exporting…"),
        }
        for name, text in texts.items():
            self.job_bars[name].set_text(text)

    def show_kept(self) -> None:
        """Say what a kept run is good for."""
        text = self.tr("This run is kept. Run something else, and compare it with the kept run (Ctrl+Shift+M).")
        self.showMessage(text, _READ)

    def _on_change(self, old: State, new: State) -> None:
        if old.run is not new.run:
            self.retranslate()

    def _on_stopped(self, breakpoints: list[Breakpoint]) -> None:
        what = " · ".join(describe_breakpoint(one) for one in breakpoints)
        self.showMessage(self.tr("Stopped at: {what}").format(what=what), _READ)
