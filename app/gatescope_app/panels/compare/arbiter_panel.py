"""Who is nearer to the truth, this run or torch's module? float64 tells, when it is asked."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QCheckBox, QLabel, QWidget

from gatescope.messages.message import GatescopeError, Message, Progress
from gatescope_app.look.language import format_message
from gatescope_app.state.worker import Worker
from gatescope_app.widgets.box_layouts import fill_column

if TYPE_CHECKING:
    from gatescope.verification.arbiter import Arbiter
    from gatescope_app.state.runs import Run
    from gatescope_app.state.session_state import Focus

Answer = dict[str, tuple[float, float, float, float]]
"""For each quantity the largest and the mean distance, of this run and of the module."""


class ArbiterPanel(QWidget):
    """A box to tick, and the answer under it, computed off the GUI thread.

    Signals
    -------
    answered()
        The answer to a tick is there.
    failed(Exception)
        An unexpected error in the computation.
    """

    answered = Signal()
    failed = Signal(object)

    def __init__(self) -> None:
        super().__init__()
        self.box = QCheckBox()
        self.answer = QLabel(wordWrap=True, textInteractionFlags=Qt.TextInteractionFlag.TextSelectableByMouse)
        self.worker = Worker(self)
        self._run: Run | None = None
        self._symbols: dict[str, str] = {}  # of the quantities that are asked about
        self._place: tuple[int, str] = (0, "forward")
        self._found: Answer | Message | None = None
        self._ticked = False  # and not answered yet
        self.box.toggled.connect(self._on_tick)
        self._column = fill_column(self, self.box, self.answer, margins=(0, 0, 0, 0))
        self.retranslate()

    def retranslate(self) -> None:
        self.box.setText(self.tr("As&k float64"))
        self.box.setToolTip(
            self.tr("Compute every step again in float64, and tell who is nearer to it: this run or PyTorch (Alt+K)")
        )
        self._show_answer()

    def show_run(self, run: Run | None, symbols: dict[str, str], focus: Focus) -> None:
        """Ask about another run or part of it, where an answer is wanted; what was under way is forgotten."""
        place = (focus.layer, focus.direction)
        if run is self._run and (symbols, place) == (self._symbols, self._place):
            return
        self._run, self._symbols, self._place = run, symbols, place
        self._ask()

    def _on_tick(self, ticked: bool) -> None:
        self._ticked = ticked
        self._ask()

    def _ask(self) -> None:
        self.worker.cancel()
        self._found = None
        if self._run is not None and self.box.isChecked():
            report, names, place = self._run.report, list(self._symbols), self._place

            def compute(progress: Progress) -> Answer:
                answer: Answer = {}
                for name in names:
                    progress(len(answer) / len(names))  # a run that is forgotten ends here
                    answer[name] = _distances(report.arbiter(name, *place))
                return answer

            self.worker.start(compute, self._on_found, self._on_error)
        self._show_answer()

    def _on_found(self, found: Answer | Message) -> None:
        self._found = found
        self._show_answer()
        if self._ticked:  # not for each further run
            self._ticked = False
            self._column.activate()  # so that whoever is told finds the answer in its place
            self.answered.emit()

    def _on_error(self, error: Exception) -> None:
        if isinstance(error, GatescopeError):
            self._on_found(error.message)
        else:
            self.answer.clear()
            self.failed.emit(error)

    def _show_answer(self) -> None:
        if self._found is None:
            text = self.tr("Computing in float64…") if self.worker.busy else ""
        elif isinstance(self._found, Message):
            text = format_message(self._found)
        else:
            text = self._lines(self._found)
        self.answer.setText(text)
        self.answer.setVisible(bool(text))

    def _lines(self, found: Answer) -> str:
        assert self._run is not None
        spec = self._run.trace.spec
        lines = [self.tr("Away from float64, in units of the last place of {dtype}:").format(dtype=spec.dtype)]
        line = self.tr(
            "{quantity}: this run {ours} at most, {our_mean} on average; "
            "{module} {theirs} at most, {their_mean} on average"
        )
        for name, distances in found.items():
            ours, our_mean, theirs, their_mean = (f"{ulps:.3g}" for ulps in distances)
            lines.append(
                line.format(
                    quantity=self._symbols[name], module=f"nn.{spec.kind}",
                    ours=ours, our_mean=our_mean, theirs=theirs, their_mean=their_mean,
                )
            )  # fmt: skip
        return "\n".join(lines)


def _distances(arbiter: Arbiter) -> tuple[float, float, float, float]:
    ours, reference = arbiter.ours, arbiter.reference
    return ours.largest, ours.mean, reference.largest, reference.mean
