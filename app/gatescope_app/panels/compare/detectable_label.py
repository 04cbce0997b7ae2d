"""How small a fault the verdict on a run would have found, computed off the GUI thread."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QLabel

from gatescope.messages.message import Message, Progress
from gatescope_app.look.language import format_message
from gatescope_app.state.worker import Worker

if TYPE_CHECKING:
    from gatescope_app.state.runs import Run


class DetectableLabel(QLabel):
    """Says what constant error of each quantity would have been found; hidden until that is known, or if nothing is.

    Signals
    -------
    failed(Exception)
        An unexpected error in the computation.
    """

    failed = Signal(object)

    def __init__(self) -> None:
        super().__init__(wordWrap=True, textInteractionFlags=Qt.TextInteractionFlag.TextSelectableByMouse)
        self.worker = Worker(self)
        self._run: Run | None = None
        self._found: Message | None = None
        self.hide()

    def retranslate(self) -> None:
        self.setToolTip(self.tr("An error of this size at every step of a unit would not have passed as rounding"))
        self._show_found()

    def show_run(self, run: Run | None) -> None:
        """Speak of another run, or of none."""
        if run is self._run:
            return
        self._run = run
        self._on_found(None)
        self.worker.cancel()
        if run is not None:
            report = run.report

            def compute(_progress: Progress) -> Message | None:
                from gatescope.verification.detectable import describe_detectable  # noqa: PLC0415 - imports torch

                return describe_detectable(report)

            self.worker.start(compute, self._on_found, self.failed.emit)

    def _on_found(self, found: Message | None) -> None:
        self._found = found
        self._show_found()

    def _show_found(self) -> None:
        self.setText("" if self._found is None else format_message(self._found))
        self.setVisible(self._found is not None)
