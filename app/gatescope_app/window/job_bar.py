"""Progress of work in the background, with a button to cancel it."""

from __future__ import annotations

from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QLabel, QProgressBar, QPushButton, QWidget

from gatescope_app.state.worker import Worker
from gatescope_app.widgets.box_layouts import fill_row

_PATIENCE = 150  # milliseconds before work is worth mentioning


class JobBar(QWidget):
    """Appears when one worker's job takes longer than a moment."""

    def __init__(self, worker: Worker) -> None:
        super().__init__()
        self._worker = worker
        self.label, self.bar, self.cancel = QLabel(), QProgressBar(), QPushButton()
        self.bar.setRange(0, 0)
        self.bar.setMaximumWidth(180)
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.setInterval(_PATIENCE)
        self._timer.timeout.connect(self.show)
        fill_row(self, self.label, self.bar, self.cancel, margins=(0, 0, 0, 0))
        worker.started.connect(self._on_start)
        worker.progressed.connect(self._on_progress)
        worker.ended.connect(self._on_end)
        self.cancel.clicked.connect(worker.cancel)
        self.hide()

    def set_text(self, text: str) -> None:
        """Say what the work is."""
        self.label.setText(text)
        self.bar.setAccessibleName(text)
        self.cancel.setText(self.tr("Cancel"))
        self.cancel.setToolTip(self.tr("Stop this work; everything stays as it was"))

    def _on_start(self) -> None:
        self.bar.setRange(0, 0)  # nothing known of its length yet
        self._timer.start()

    def _on_progress(self, fraction: float) -> None:
        self.bar.setRange(0, 1000)
        self.bar.setValue(round(1000 * fraction))

    def _on_end(self) -> None:
        self._timer.stop()
        self.hide()
