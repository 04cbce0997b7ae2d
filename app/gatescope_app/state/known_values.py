"""What there is to tell of the batch element looked at: in a packed batch some are shorter than others."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from gatescope_app.state.session_state import State

NOTHING = "–"
"""Stands where there is no number: before it is computed, and where an element has no step."""


def steps_present(state: State) -> int:
    """Return how many steps the element has; all, until a run says otherwise."""
    lengths = None if state.run is None else state.run.trace.lengths
    return state.setup.steps if lengths is None else int(lengths[state.focus.batch])


def is_known(state: State, name: str) -> bool:
    """Whether a quantity or pre-activation of the cell looked at is computed at the current step."""
    t = state.cursor.t
    return t in state.known(name) and t < steps_present(state)
