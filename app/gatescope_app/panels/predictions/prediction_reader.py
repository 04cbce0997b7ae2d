"""Gets predictions computed: at once where that takes a moment, else off the GUI thread."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from gatescope.messages.message import Progress
from gatescope_app.state.runs import Run
from gatescope_app.state.session import Session
from gatescope_app.state.worker import Worker

if TYPE_CHECKING:  # imports torch
    from gatescope.analysis.predictions import Prediction, Predictions, ScoreBlock

_AT_ONCE = 2**24  # multiplications, some milliseconds


class PredictionReader:
    """The predictions for one batch element of a run.

    Parameters
    ----------
    session : Session
        Told of unexpected errors.
    on_read : callable
        Called when what was under way is there.
    """

    def __init__(self, session: Session, on_read: Callable[[], None]) -> None:
        self._session, self._on_read = session, on_read
        self.worker = Worker(session)
        self._run: Run | None = None
        self._batch = 0
        self.predictions: Predictions | None = None

    def follow(self, run: Run | None, batch: int) -> None:
        """Read another run or element, where it is one with a head."""
        if run is self._run and batch == self._batch:
            return
        self.worker.cancel()
        self._run, self._batch, self.predictions = run, batch, None
        if run is not None and run.setup.head is not None:
            from gatescope.analysis.predictions import Predictions  # noqa: PLC0415 - imports torch; with a run it is there

            self.predictions = Predictions(run.setup.head, run.trace, batch)

    def at(self, t: int) -> Prediction | None:
        """Return the prediction of a step; None where it is still being computed."""
        return None if self.predictions is None else self.predictions.at(t)

    def read(self, t: int | None, steps: range) -> None:
        """See to the prediction of a step, where one is wanted, and to the answers of some steps."""
        predictions = self.predictions
        if predictions is None or self.worker.busy:  # what is under way is not given up for every step of a walk
            return
        blocks, own = predictions.missing(steps), None if t is None else predictions.block_of(t)
        if own is not None:
            blocks = [*(block for block in blocks if block != own), own]  # the scores of the last one are kept
        if sum(map(len, blocks)) * predictions.work_of_a_step <= _AT_ONCE:
            for block in blocks:
                predictions.keep(predictions.compute(block))
            return
        self.worker.start(
            lambda progress: _computed(predictions, blocks, progress), self._on_blocks, self._session.failed.emit
        )

    def _on_blocks(self, blocks: list[ScoreBlock]) -> None:
        if self.predictions is not None:
            for block in blocks:
                self.predictions.keep(block)
        self._on_read()


def _computed(predictions: Predictions, blocks: list[range], progress: Progress) -> list[ScoreBlock]:
    computed = []
    for number, block in enumerate(blocks):
        progress(number / len(blocks))  # may cancel
        computed.append(predictions.compute(block))
    return computed
