"""Which classes of a prediction are shown, in which order, and what is said about each."""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial
from math import isfinite
from typing import TYPE_CHECKING

from PySide6.QtCore import QCoreApplication

from gatescope.analysis.class_names import ClassNames
from gatescope.analysis.heads import Head, UnitsHead
from gatescope_app.look.theme import Theme
from gatescope_app.look.tokens import format_token
from gatescope_app.panels.predictions.class_table import BarScale, ClassRow
from gatescope_app.panels.predictions.signs import PREDICTED, RIGHT, TARGET, WRONG

if TYPE_CHECKING:  # these import torch
    from torch import Tensor

    from gatescope.analysis.predictions import Prediction

ALL_IN_ORDER = 12
"""So many classes are shown in their own order, which does not change from step to step."""
BEST = 10
"""Of more, so many with the largest scores are shown, the largest first."""

_MEASURED = 500  # labels


@dataclass(frozen=True)
class ClassRows:
    """Makes the rows of one head.

    Parameters
    ----------
    names : ClassNames
        The classes.
    head : Head
        What scores them.
    scores : bool
        Whether the bars are to show scores, also where there are probabilities.
    """

    names: ClassNames
    head: Head
    scores: bool

    @property
    def shows_probabilities(self) -> bool:
        """Whether the bars are probabilities."""
        return self.head.is_classifier and not self.scores

    def labels(self) -> list[str]:
        """Return the longest labels."""
        labels = self.names.labels or (str(self.names.count - 1),)
        return sorted(map(format_token, labels), key=len)[-_MEASURED:]

    def remarks(self) -> list[str]:
        """Return all remarks that there may be, with the largest rank."""
        remarks = [_remark(predicted=one, target=two) for one in (True, False) for two in (True, False, None)]
        return [*remarks, _ranked(self.names.count)] if self.names.count > ALL_IN_ORDER else remarks

    def of(
        self, now: Prediction | None, before: Prediction | None, target: int | None, theme: Theme
    ) -> tuple[list[ClassRow], BarScale]:
        """Return the rows of a step, None while it is not computed, and of the same step before the edits."""
        if now is None:
            return self._empty(), self._scale([], theme)
        numbers = self._numbers(now, target)
        values = self._values(now)[numbers].tolist()
        old = [None] * len(numbers) if before is None else self._values(before)[numbers].tolist()
        rows = [
            self._row(now, target, number, value, was) for number, value, was in zip(numbers, values, old, strict=True)
        ]
        return rows, self._scale([*values, *(was for was in old if was is not None)], theme)

    def _empty(self) -> list[ClassRow]:
        if self.names.count <= ALL_IN_ORDER:
            return [ClassRow(number, format_token(self.names[number])) for number in range(self.names.count)]
        return [ClassRow(-1, "")] * BEST

    def _numbers(self, now: Prediction, target: int | None) -> list[int]:
        """Return the classes that are shown; the right one is always among them."""
        if self.names.count <= ALL_IN_ORDER:
            return list(range(self.names.count))
        best = now.best(BEST)
        return best if target is None or target in best else [*best, target]

    def _values(self, prediction: Prediction) -> Tensor:
        return prediction.probabilities if self.shows_probabilities else prediction.scores

    def _scale(self, values: list[float], theme: Theme) -> BarScale:
        """Return the same scale at every step, but for scores, which may be of any size."""
        colour = theme.quantities["h"] if isinstance(self.head, UnitsHead) else theme.accent
        if self.shows_probabilities:
            return BarScale(0.0, 1.0, colour)
        reach = max([1.0, *(abs(value) for value in values if isfinite(value))])
        return BarScale(-reach, reach, colour)

    def _row(self, now: Prediction, target: int | None, number: int, value: float, was: float | None) -> ClassRow:
        predicted, right = number == now.answer, None if target is None else number == target
        remark = _remark(predicted=predicted, target=right) if self.head.classes > 1 else ""
        rank = now.rank(number) if right and self.names.count > ALL_IN_ORDER and not predicted else None
        if rank is not None:
            remark = _ranked(rank)
        label, sign = format_token(self.names[number]), _sign(predicted=predicted, target=right) if remark else ""
        tip = partial(self._tip, now, number, was)
        return ClassRow(number, label, value, was, remark, sign, predicted, bool(right), tip)

    def _tip(self, now: Prediction, number: int, was: float | None) -> str:
        translate, label = QCoreApplication.translate, format_token(self.names[number])
        lines = [translate("predictions", "class {number}: {label}").format(number=number, label=label)]
        score = float(now.scores[number])
        if isinstance(self.head, UnitsHead):
            lines.append(translate("predictions", "h of unit {number}: {value}").format(number=number, value=score))
        else:
            lines.append(translate("predictions", "score {value}").format(value=score))
        if self.head.is_classifier:
            value = float(now.probabilities[number])
            lines.append(translate("predictions", "probability {value}, the softmax of the scores").format(value=value))
        if was is not None:
            lines.append(translate("predictions", "the mark: {value} in the run it is held against").format(value=was))
        return "\n".join(lines)


def _remark(*, predicted: bool, target: bool | None) -> str:
    """Say what a class is; `target` is None where nobody told which is right."""
    translate = QCoreApplication.translate
    if predicted and target:
        return translate("predictions", "✓ predicted, target")
    if predicted:
        return translate("predictions", "● predicted") if target is None else translate("predictions", "✗ predicted")
    return translate("predictions", "◀ target") if target else ""


def _sign(*, predicted: bool, target: bool | None) -> str:
    """Return the same in one sign, which the words begin with."""
    if predicted:
        return PREDICTED if target is None else RIGHT if target else WRONG
    return TARGET if target else ""


def _ranked(rank: int) -> str:
    return QCoreApplication.translate("predictions", "◀ target, place {rank}").format(rank=rank)
