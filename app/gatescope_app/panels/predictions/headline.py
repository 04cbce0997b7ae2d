"""The line over the bars: what is predicted at this step, whether it is right, and how good that is."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from PySide6.QtCore import QCoreApplication

from gatescope.analysis.class_names import ClassNames
from gatescope.analysis.heads import Head, LinearHead, UnitsHead
from gatescope.messages.number_format import format_number
from gatescope_app.look.language import format_named
from gatescope_app.look.tokens import format_step, format_token
from gatescope_app.state.known_values import steps_present
from gatescope_app.state.session_state import State

if TYPE_CHECKING:  # imports torch
    from gatescope.analysis.predictions import Prediction


@dataclass(frozen=True)
class Headline:
    """Says it for one head."""

    names: ClassNames
    head: Head

    def describe(self, state: State, now: Prediction, target: int | None, right: tuple[int, int] | None) -> str:
        """Return what is predicted.

        Parameters
        ----------
        state : State
            With the step.
        now : Prediction
            Of that step.
        target : int or None
            The class that is right.
        right : pair of int or None
            How many predictions so far are right, and of how many that is known.
        """
        translate = QCoreApplication.translate
        parts = [format_named(self._place(state), self._answer(now))]
        if target is not None and now.answer is not None:
            template = (
                translate("predictions", "target {target} ✓ right")
                if now.answer == target
                else translate("predictions", "target {target} ✗ wrong")
            )
            parts.append(template.format(target=self._name_of(target)))
        if target is not None and self.head.is_classifier:
            template = translate("predictions", "loss −ln p = {loss} nats")
            parts.append(template.format(loss=format_number(now.loss(target))))
        if right is not None and right[1] > 1:
            template = translate("predictions", "{right}/{count} right so far")
            parts.append(template.format(right=right[0], count=right[1]))
        return "  ·  ".join(parts)

    def describe_wait(self, state: State, *, computed: bool) -> str:
        """Return why there is none: the scores of a step take a moment, or h of the top layer is still to come."""
        translate, spec, t = QCoreApplication.translate, state.setup.spec, state.cursor.t
        if computed:
            return translate("predictions", "t = {t}: the scores are being computed…").format(t=t)
        if t >= steps_present(state):
            return translate("predictions", "t = {t}: this batch element has ended before.").format(t=t)
        template = translate("predictions", "t = {t}: not predicted yet, h of layer {layer} is still to come.")
        if spec.bidirectional:
            template = translate(
                "predictions", "t = {t}: not predicted yet, h of both directions of layer {layer} is still to come."
            )
        return template.format(t=t, layer=spec.num_layers - 1)

    def _place(self, state: State) -> str:
        t, tokens = state.cursor.t, state.setup.sequence.tokens
        place = format_step(t, tokens)
        if t == steps_present(state) - 1:
            return QCoreApplication.translate("predictions", "{place}, the last step").format(place=place)
        return place

    def _answer(self, now: Prediction) -> str:
        translate, answer = QCoreApplication.translate, now.answer
        if answer is None:
            return translate("predictions", "NaN among the scores, so none is the largest")
        if self.head.classes == 1:
            return translate("predictions", "{label} gives {value}").format(
                label=self.head.label if isinstance(self.head, LinearHead) else "h",
                value=format_number(float(now.scores[0])),
            )
        if isinstance(self.head, UnitsHead):
            template = translate("predictions", "predicts {label}: h[{unit}] = {value}, the largest")
            value = float(now.scores[answer])
        else:
            template = translate("predictions", "predicts {label}, p = {value}")
            value = float(now.probabilities[answer])
        return template.format(label=self._name_of(answer), unit=answer, value=format_number(value))

    def _name_of(self, number: int) -> str:
        return f"“{format_token(self.names[number])}”" if self.names.labels else self.names[number]
