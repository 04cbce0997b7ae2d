"""The history of what-if edits: done, undone, and kept as named branches. Needs no torch."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace

from gatescope.edits.edits import Edit
from gatescope.edits.undo_stack import UndoStack
from gatescope.messages.message import GatescopeError, Message, describe_all

_LONGEST_NAME = 60


@dataclass(frozen=True)
class _Branch:
    """A version of the edits with its own undo and redo.

    Parameters
    ----------
    name : str
        What people call it.
    edits : tuple of Edit
        In the order in which they act.
    changes : UndoStack of tuple of Edit
        How they came about.
    """

    name: str
    edits: tuple[Edit, ...] = ()
    changes: UndoStack[tuple[Edit, ...]] = UndoStack()  # noqa: RUF009 - frozen

    def done(self, label: Message, edits: tuple[Edit, ...]) -> _Branch:
        return replace(self, edits=edits, changes=self.changes.done(label, self.edits))


@dataclass(frozen=True)
class History:
    """The edits of a run and how they came about. Frozen: whatever changes it returns another.

    A `name` is that of a branch, an `index` that of an edit in `edits`.
    Edits act in their order; of two that change the same thing the later one does. Each branch has its own undo
    history; a new one begins with that of the branch that it was made from.

    Examples
    --------
    >>> history = History().do(Hold("f", 1.0, 3, 4))
    >>> history.undo().edits
    ()
    """

    _branches: tuple[_Branch, ...] = (_Branch("main"),)
    _current: int = 0

    @property
    def edits(self) -> tuple[Edit, ...]:
        """The edits of the current branch."""
        return self._branch.edits

    @property
    def can_undo(self) -> bool:
        """Whether there is something to undo."""
        return bool(self._branch.changes.past)

    @property
    def can_redo(self) -> bool:
        """Whether there is something to redo."""
        return bool(self._branch.changes.future)

    @property
    def undo_label(self) -> Message | None:
        """What `undo` would take back; None where there is nothing."""
        return self._branch.changes.undo_label

    @property
    def redo_label(self) -> Message | None:
        """What `redo` would do again; None where there is nothing."""
        return self._branch.changes.redo_label

    def do(self, *edits: Edit, merge: bool = False) -> History:
        """Make an edit, or several at once, which are one step to undo; nothing can be redone then.

        Parameters
        ----------
        *edits : Edit
            What to change; whether it fits is for `Edit.check` to say.
        merge : bool
            Whether a single one takes the place of the last edit, where that has the same target and was the last
            thing done: a drag is then one step to undo.
        """
        branch = self._branch
        if len(edits) != 1:
            label = Message("edit_several", {"count": len(edits), "first": edits[0].label}) if edits else None
            return self if label is None else self._with(branch.done(label, (*branch.edits, *edits)))
        (edit,) = edits
        merged = merge and branch.changes.merges(edit.target)
        others = branch.edits[:-1] if merged else branch.edits
        changes = branch.changes.done(edit.label, branch.edits, edit.target, merge=merge)
        return self._with(replace(branch, edits=(*others, edit), changes=changes))

    def undo(self) -> History:
        """Take back what was done last; the same history where there is nothing."""
        branch = self._branch
        if not self.can_undo:
            return self
        edits, changes = branch.changes.undo(branch.edits)
        return self._with(replace(branch, edits=edits, changes=changes))

    def redo(self) -> History:
        """Do again what was undone last; the same history where there is nothing."""
        branch = self._branch
        if not self.can_redo:
            return self
        edits, changes = branch.changes.redo(branch.edits)
        return self._with(replace(branch, edits=edits, changes=changes))

    def reset(self) -> History:
        """Go back to the original, which can be undone; the same history where there are no edits."""
        return self._with(self._branch.done(Message("edit_reset"), ())) if self.edits else self

    def remove(self, index: int) -> History:
        """Take one edit out, which can be undone.

        Raises
        ------
        GatescopeError
            Where there is none of that index.
        """
        if isinstance(index, bool) or index not in range(len(self.edits)):
            raise GatescopeError("no_such_edit", count=len(self.edits), value=index)
        label = Message("edit_removed", {"edit": self.edits[index].label})
        return self._with(self._branch.done(label, self.edits[:index] + self.edits[index + 1 :]))

    # branches

    @classmethod
    def of(cls, branches: Iterable[tuple[str, tuple[Edit, ...]]], current: str) -> History:
        """Return a history of named branches with their edits, in which nothing was done yet.

        Parameters
        ----------
        branches : iterable of (str, tuple of Edit)
            In the order in which they were made.
        current : str
            The name of one of them.

        Raises
        ------
        GatescopeError
            Where a name is empty, too long or twice there, or none is the current one's.
        """
        history = cls(())
        for name, edits in branches:
            history = replace(history, _branches=(*history._branches, _Branch(history._new_name(name), edits)))
        return replace(history, _current=history._index(current))

    def without_undo(self) -> History:
        """Return the same edits and branches, with nothing to undo or redo: for who keeps whole histories."""
        branches = (replace(branch, changes=UndoStack(target=branch.changes.target)) for branch in self._branches)
        return replace(self, _branches=tuple(branches))

    def edits_of(self, name: str) -> tuple[Edit, ...]:
        """Return the edits of a branch.

        Raises
        ------
        GatescopeError
            Where there is none of that name.
        """
        return self._branches[self._index(name)].edits

    @property
    def branches(self) -> tuple[str, ...]:
        """The names of the branches, in the order in which they were made."""
        return tuple(branch.name for branch in self._branches)

    @property
    def current(self) -> str:
        """The name of the current branch."""
        return self._branch.name

    def branch(self, name: str) -> History:
        """Make another branch with the edits and the undo history of the current one, and go on in it.

        Raises
        ------
        GatescopeError
            Where the name is empty, too long or taken.
        """
        branch = replace(self._branch, name=self._new_name(name), changes=replace(self._branch.changes, target=None))
        return History((*self._branches, branch), len(self._branches))

    def switch(self, name: str) -> History:
        """Go on in another branch.

        Raises
        ------
        GatescopeError
            Where there is none of that name.
        """
        index = self._index(name)
        if index == self._current:
            return self
        other = replace(self, _current=index)
        return other._with(replace(other._branch, changes=replace(other._branch.changes, target=None)))

    def rename(self, name: str) -> History:
        """Give the current branch another name.

        Raises
        ------
        GatescopeError
            As `branch` does.
        """
        return self if name == self.current else self._with(replace(self._branch, name=self._new_name(name)))

    def drop(self, name: str) -> History:
        """Forget a branch; after the current one, the one before it is current.

        Raises
        ------
        GatescopeError
            Where there is none of that name, or it is the only one.
        """
        index = self._index(name)
        if len(self._branches) == 1:
            raise GatescopeError("last_branch", value=name)
        current = self._current - 1 if index <= self._current else self._current
        return History(self._branches[:index] + self._branches[index + 1 :], max(0, current))

    @property
    def _branch(self) -> _Branch:
        return self._branches[self._current]

    def _with(self, branch: _Branch) -> History:
        """Return the history with another state of the current branch."""
        before, after = self._branches[: self._current], self._branches[self._current + 1 :]
        return replace(self, _branches=(*before, branch, *after))

    def _index(self, name: str) -> int:
        if name not in self.branches:
            raise GatescopeError("no_such_branch", value=name, names=describe_all(self.branches))
        return self.branches.index(name)

    def _new_name(self, name: str) -> str:
        if not isinstance(name, str) or not name.strip() or len(name) > _LONGEST_NAME or not name.isprintable():
            raise GatescopeError("branch_name", limit=_LONGEST_NAME, value=repr(name)[: _LONGEST_NAME + 2])
        if name.strip() in self.branches:
            raise GatescopeError("branch_taken", value=name.strip())
        return name.strip()
