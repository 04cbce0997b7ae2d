"""What the head of a network makes of its output at each step: scores, probabilities, the answer, the loss."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from gatescope.analysis.heads import Head
from gatescope.modules.spec import ModuleSpec
from gatescope.traces.order import Cursor, Order
from gatescope.traces.trace import Trace, side_by_side

NONE, UNKNOWN = -1, -2
"""In place of an answer: there is none, for NaN is no largest; and not computed yet."""

_PRODUCTS = 2**22  # multiplications that take about a millisecond
_SCORES = 2**20  # kept at a time


def predicted_steps(spec: ModuleSpec, order: Order, cursor: Cursor) -> range:
    """Return the steps whose output, h of the top layer in all directions, is computed at a cursor."""
    known = [order.known(cursor, spec.num_layers - 1, way, "h") for way in spec.directions]
    return range(max(one.start for one in known), min(one.stop for one in known))


@dataclass(frozen=True, eq=False)
class Prediction:
    """What the head says of one step.

    Parameters
    ----------
    scores : Tensor
        (V,), on the CPU, in the dtype of the run.
    is_classifier : bool
        Whether their softmax tells anything.
    """

    scores: Tensor
    is_classifier: bool

    @cached_property
    def probabilities(self) -> Tensor:
        """The softmax of the scores, (V,)."""
        return self.scores.softmax(0)

    @cached_property
    def answer(self) -> int | None:
        """The class of the largest score, of equal ones the first; None where there is NaN among them."""
        answer = int(answers_in(self.scores[None])[0])
        return None if answer == NONE else answer

    def loss(self, target: int) -> float:
        """Return the cross-entropy with a target, -ln p(target), in nats."""
        return 0.0 - float(self.scores.log_softmax(0)[target])  # of certainty 0, not -0

    def best(self, count: int) -> list[int]:
        """Return the classes of the largest scores, the largest first, of equal ones the first; NaN before all."""
        scores = self.scores.nan_to_num(nan=torch.inf, posinf=torch.inf, neginf=-torch.inf)
        least = scores.topk(min(count, len(scores))).values[-1]
        enough = (scores >= least).nonzero()[:, 0]
        order = scores[enough].sort(descending=True, stable=True).indices[:count]
        found: list[int] = enough[order].tolist()
        return found

    def rank(self, index: int) -> int | None:
        """Return the place of a class among all, 1 for the answer; None where there is NaN among the scores."""
        if self.answer is None:
            return None
        score = self.scores[index]
        return int((self.scores > score).sum()) + int((self.scores[:index] == score).sum()) + 1


@dataclass(frozen=True, eq=False)
class ScoreBlock:
    """The scores of some steps that follow each other, (n, V), and their answers, (n,)."""

    steps: range
    scores: Tensor
    answers: NDArray[np.int64]


class Predictions:
    """The predictions for one batch element of a trace, computed in blocks of steps when they are asked for.

    Answers are kept, of scores only those of the last block: 50,000 classes at 100,000 steps would be 20 GB.

    Parameters
    ----------
    head : Head
        It reads as many numbers as the trace's module gives.
    trace : Trace
        Whose h it reads.
    batch : int
        The element.
    """

    def __init__(self, head: Head, trace: Trace, batch: int) -> None:
        top = trace.spec.num_layers - 1
        self._h = [trace.cell(top, way).h[:, batch] for way in trace.spec.directions]  # each (T, P)
        self.head = head.like(self._h[0])
        self.answers = np.full(len(trace), UNKNOWN, dtype=np.int64)
        self._length = max(1, min(_PRODUCTS // self.work_of_a_step, _SCORES // head.classes))
        self._block: ScoreBlock | None = None

    @property
    def work_of_a_step(self) -> int:
        """How many multiplications one step takes."""
        return self.head.classes * self.head.features

    def missing(self, steps: range) -> list[range]:
        """Return the blocks to compute before the answers of all these steps are known."""
        unknown = steps.start + np.flatnonzero(self.answers[steps.start : steps.stop] == UNKNOWN)
        starts = dict.fromkeys((unknown // self._length * self._length).tolist())
        return [self._block_at(start) for start in starts]

    def block_of(self, t: int) -> range | None:
        """Return the block to compute before the prediction of a step is known; None where it is known."""
        if self._block is not None and t in self._block.steps:
            return None
        return self._block_at(t // self._length * self._length)

    def _block_at(self, start: int) -> range:
        return range(start, min(start + self._length, len(self.answers)))

    def compute(self, steps: range) -> ScoreBlock:
        """Compute a block. This changes nothing, so that it may run in another thread."""
        with torch.no_grad():
            output = side_by_side([h[steps.start : steps.stop] for h in self._h])  # (n, F)
            scores = self.head.scores(output).detach().cpu()
        return ScoreBlock(steps, scores, answers_in(scores))

    def keep(self, block: ScoreBlock) -> None:
        """Take over what was computed."""
        self.answers[block.steps.start : block.steps.stop] = block.answers
        self._block = block

    def at(self, t: int) -> Prediction | None:
        """Return the prediction of a step; None where its block has not been computed last."""
        if self._block is None or t not in self._block.steps:
            return None
        return Prediction(self._block.scores[t - self._block.steps.start], self.head.is_classifier)

    def right(self, targets: NDArray[np.int64], steps: range) -> tuple[int, int] | None:
        """Return at how many steps the answer is the target, and how many have a target.

        Parameters
        ----------
        targets : ndarray
            (T,); `NONE` where there is no target.
        steps : range
            Of which; the result is None where one with a target is not computed yet.
        """
        given, answers = targets[steps.start : steps.stop], self.answers[steps.start : steps.stop]
        has_target = given != NONE
        if np.count_nonzero((answers == UNKNOWN) & has_target):
            return None
        return int(np.count_nonzero((answers == given) & has_target)), int(np.count_nonzero(has_target))


def answers_in(scores: Tensor) -> NDArray[np.int64]:
    """Return the class of the largest score in each row, (n,) of (n, V); `NONE` where there is NaN in the row."""
    answers = scores.argmax(1).masked_fill(scores.isnan().any(1), NONE)
    found: NDArray[Any] = answers.numpy()
    return found.astype(np.int64)
