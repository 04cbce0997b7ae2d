"""How long the selected unit's memory lasts, in words."""

from __future__ import annotations

from math import inf
from typing import TYPE_CHECKING, Any

from gatescope_app.panels.memory.half_life_bars import format_steps
from gatescope_app.panels.memory.run_page import same_cell
from gatescope_app.panels.memory.wrapped_label import WrappedLabel
from gatescope_app.state.known_values import is_known, steps_present
from gatescope_app.state.session_state import State

if TYPE_CHECKING:  # imports torch
    from gatescope.analysis.half_life import Fading


class HalfLifeText(WrappedLabel):
    """The half-life of the selected unit, and when half of what it holds at the current step is left."""

    def __init__(self) -> None:
        super().__init__()
        self._half_lives: Any = None
        self._fading: Fading | None = None
        self._fading_for: State | None = None

    def clear(self) -> None:
        """Say nothing."""
        self._half_lives = self._fading = self._fading_for = None
        self.setText("")

    def set_half_lives(self, of: Any) -> None:
        """Take the half-lives of all units."""
        self._half_lives = of

    def follow(self, state: State) -> None:
        """Speak of the current step and unit."""
        memory = state.setup.spec.cell.memory_state
        if self._half_lives is None or memory is None or state.focus.unit >= len(self._half_lives):
            return
        symbol = state.setup.spec.cell.quantity(memory).symbol
        name = f"{symbol}[{state.focus.unit}]"
        text = self._typically(name, float(self._half_lives[state.focus.unit]))
        self.set_sample(self._longest(f"{symbol}[{len(self._half_lives) - 1}]", state.setup.steps))
        if is_known(state, memory):
            text += " " + self._from_here(name, state)
        self.setText(text.strip())

    def _typically(self, name: str, half_life: float) -> str:
        if half_life == inf:
            return self.tr("{name} forgets nothing in the whole run.").format(name=name)
        if half_life == 0:
            return self.tr("{name}: half-life 0 steps, since some step of the run forgets everything.").format(
                name=name
            )
        text = self.tr("{name}: half-life {steps} steps (whole run).")
        return text.format(name=name, steps=format_steps(half_life))

    def _longest(self, name: str, steps: int) -> str:
        end = self.tr("Of {name} at t = {t}, more than half is left at the end (whole run).").format(name=name, t=steps)
        return f"{self._typically(name, 1234)} {end}"

    def _from_here(self, name: str, state: State) -> str:
        """Say when half is left of what is there now, as the run goes on."""
        t, forward = state.cursor.t, state.focus.direction == "forward"
        if t == (steps_present(state) - 1 if forward else 0):
            return ""
        steps = self._fading_of(state).steps_to_half(t)
        if steps is None:
            return self.tr("Of {name} at t = {t}, more than half is left at the end (whole run).").format(
                name=name, t=t
            )
        gone = t + steps if forward else t - steps
        return self.tr("Of {name} at t = {t}, half is gone by t = {gone} (whole run).").format(
            name=name, t=t, gone=gone
        )

    def _fading_of(self, state: State) -> Fading:
        known = self._fading_for
        if self._fading is None or known is None or known.focus != state.focus or not same_cell(known, state):
            from gatescope.analysis.half_life import Fading  # noqa: PLC0415 - imports torch, which is there by now

            assert state.run is not None
            focus = state.focus
            self._fading = Fading(state.run.trace, focus.layer, focus.direction, focus.batch, focus.unit)
            self._fading_for = state
        return self._fading
