"""What was changed by hand of what a panel shows: which holds act, and which steps were edited."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING

from PySide6.QtCore import QCoreApplication

from gatescope.edits.edits import Edit, Hold, InputEdit, TokenEdit
from gatescope_app.look.language import format_message

if TYPE_CHECKING:
    from gatescope_app.state.session_state import State

MARK = "✎"
"""Stands beside what was changed by hand."""


def holds_here(state: State) -> tuple[Hold, ...]:
    """Return the holds that act in the cell, step and batch element looked at."""
    if state.run is None:
        return ()
    focus, t, steps = state.focus, state.cursor.t, state.setup.steps
    return tuple(
        hold
        for hold in state.run.trace.holds
        if (hold.layer, hold.direction) == (focus.layer, focus.direction)
        and t in hold.steps(steps)
        and (hold.batch is None or focus.batch in hold.batch)
    )


def hold_of(holds: Sequence[Hold], quantity: str, unit: int) -> Hold | None:
    """Return which of them holds a quantity of a unit: the last one acts."""
    held = (hold for hold in reversed(holds) if hold.quantity == quantity)
    return next((hold for hold in held if hold.units is None or unit in hold.units), None)


def edited_steps(edits: Iterable[Edit], batch: int) -> dict[int, list[Edit]]:
    """Return the edits of what is fed to a batch element, by their step."""
    found: dict[int, list[Edit]] = {}
    for edit in edits:
        if isinstance(edit, InputEdit | TokenEdit) and edit.batch == batch:
            found.setdefault(edit.t, []).append(edit)
    return found


def describe_edits(edits: Iterable[Edit]) -> str:
    """Return a line for each edit."""
    return "\n".join(f"{MARK} {format_message(edit.label)}" for edit in edits)


def describe_original(state: State, value: str) -> str:
    """Say what a value is in the run that the edited one is held against."""
    against = None if state.revision is None else state.revision.against
    if against is None or against not in state.history.branches:
        return QCoreApplication.translate("edit_marks", "original: {value}").format(value=value)
    text = QCoreApplication.translate("edit_marks", "in “{branch}”: {value}")
    return text.format(branch=against, value=value)
