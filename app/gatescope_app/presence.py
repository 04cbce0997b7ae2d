"""How long the batch element is that is looked at: in a packed batch some are shorter than others."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from gatescope_app.session import State

NOTHING = "–"
"""Stands where an element has no step; the trace holds NaN there, which is no result."""


def steps_present(state: State) -> int:
    """Return how many steps the element has; all, until a run says otherwise."""
    lengths = None if state.run is None else state.run.trace.lengths
    return state.setup.steps if lengths is None else int(lengths[state.focus.batch])
