"""What-if edits of a session: they are done, and kept as branches; each makes another run."""

from __future__ import annotations

from collections.abc import Callable, Hashable
from dataclasses import replace
from typing import TYPE_CHECKING, Literal

from PySide6.QtCore import QObject

from gatescope.edits.edits import Edit, InputEdit, StateEdit, WeightEdit
from gatescope.edits.history import History
from gatescope.messages.message import GatescopeError, Message
from gatescope_app.state.runs import edited
from gatescope_app.state.session import Session

if TYPE_CHECKING:  # imports torch
    from gatescope.analysis.preactivation_terms import Term


class Editor(QObject):
    """Changes the history of edits, and has the session run what follows from it.

    What cannot be done is told by the session's `refused`, and nothing changes.
    """

    def __init__(self, session: Session) -> None:
        super().__init__(session)
        self._session = session

    @property
    def history(self) -> History:
        """The history as it will be once the run under way is complete."""
        return self._session.latest.history

    def do(self, *edits: Edit, merge: bool = False) -> None:
        """Make an edit, or several as one step to undo; one of a drag replaces the one before of the same target."""
        label, target = (edits[0].label, (self.history.current, edits[0].target)) if len(edits) == 1 else (None, None)
        self._change(lambda history: history.do(*edits, merge=merge), label, target=target, merge=merge)

    def change_term(self, term: Term, which: Literal["weight", "input"], value: float) -> None:
        """Edit the weight, or what it is multiplied with, in a term of the pre-activation at the cursor."""
        state = self._session.state
        cursor = state.cursor
        if which == "weight":
            self.do(WeightEdit(term.parameter, term.index, value))
        elif term.source == "x":
            self.do(InputEdit(cursor.t, term.index[1], value, state.batch))
        else:
            self.do(StateEdit("h0", cursor.layer, cursor.direction, term.index[1], value, state.batch))

    def reset(self) -> None:
        """Go back to the original."""
        self._change(History.reset)

    def remove(self, index: int) -> None:
        """Take one edit away."""
        self._change(lambda history: history.remove(index))

    def take_away(self, edit: Edit) -> None:
        """Take an edit away, unless it is gone already in the run under way; of equal ones the last."""
        edits = self.history.edits
        if edit in edits:
            self.remove(len(edits) - 1 - edits[::-1].index(edit))

    def branch(self, name: str) -> None:
        """Go on in a new branch from here."""
        self._change(lambda history: history.branch(name), Message("branch_made", {"name": name}))

    def switch(self, name: str) -> None:
        """Go on in another branch."""
        self._change(lambda history: history.switch(name), Message("branch_switched", {"name": name}))

    def rename(self, name: str) -> None:
        """Give the current branch another name."""
        self._change(lambda history: history.rename(name), Message("branch_renamed", {"name": name}))

    def drop(self, name: str) -> None:
        """Forget a branch."""
        self._change(lambda history: history.drop(name), Message("branch_dropped", {"name": name}))

    def hold_against(self, name: str | None) -> None:
        """Hold the run against a branch, or against the original."""
        self._session.revise(replace(self._session.latest, against=name), Message("branch_held_against"))

    def _change(
        self, change: Callable[[History], History], label: Message | None = None, *,
        target: Hashable = None, merge: bool = False,
    ) -> None:  # fmt: skip
        """Make a change; where it has no label, the history's own is taken: what was edited."""
        latest = self._session.latest
        try:
            history = change(latest.history)
            edited(latest.setup, history.edits)  # refused here, at once, where an edit does not fit
        except GatescopeError as error:
            self._session.refused.emit(error.message)
            return
        label = label or history.undo_label
        if history is not latest.history and label is not None:
            revision = replace(latest, history=history.without_undo())  # the session keeps what can be undone
            self._session.revise(revision, label, target, merge=merge)
