"""What can be undone and done again, of any value that is replaced and never changed. Needs no torch."""

from __future__ import annotations

from collections.abc import Hashable
from dataclasses import dataclass, field, replace
from typing import Generic, TypeVar

from gatescope.messages.message import Message

T = TypeVar("T")

DEPTH = 500
"""How many changes can be undone."""


@dataclass(frozen=True)
class UndoEntry(Generic[T]):
    """One change that can be undone or redone: what it is called, and the value on its other side."""

    label: Message
    value: T


@dataclass(frozen=True)
class UndoStack(Generic[T]):
    """The changes of a value that can be undone and redone. Frozen: whatever changes it returns another.

    Parameters
    ----------
    past, future : tuple of UndoEntry
        What can be undone and redone; the next one is the last.
    target : hashable, optional
        What the last change was made to, where it was the last thing done; None where it cannot be merged with.
    """

    past: tuple[UndoEntry[T], ...] = ()
    future: tuple[UndoEntry[T], ...] = ()
    target: Hashable = field(default=None, compare=False)

    def merges(self, target: Hashable) -> bool:
        """Whether the last thing done was a change of the same target, so that another takes its place."""
        return target is not None and target == self.target

    def done(self, label: Message, before: T, target: Hashable = None, *, merge: bool = False) -> UndoStack[T]:
        """Note a change; nothing can be redone then.

        Parameters
        ----------
        label : Message
            What it is called.
        before : object
            The value before it.
        target : hashable, optional
            What it changes.
        merge : bool
            Whether it and the last change of the same target are one to undo, as the moves of a drag are.
        """
        if merge and self.merges(target):
            last = tuple(replace(change, label=label) for change in self.past[-1:])
            return replace(self, past=self.past[:-1] + last)
        return UndoStack((*self.past, UndoEntry(label, before))[-DEPTH:], (), target)

    def undo(self, now: T) -> tuple[T, UndoStack[T]]:
        """Return the value before the last change, and what can be undone and redone then; needs a past."""
        *past, last = self.past
        return last.value, UndoStack(tuple(past), (*self.future, UndoEntry(last.label, now)))

    def redo(self, now: T) -> tuple[T, UndoStack[T]]:
        """Return the value after the change that was undone last; needs a future."""
        *future, last = self.future
        return last.value, UndoStack((*self.past, UndoEntry(last.label, now)), tuple(future))

    @property
    def undo_label(self) -> Message | None:
        """What `undo` would take back; None where there is nothing."""
        return self.past[-1].label if self.past else None

    @property
    def redo_label(self) -> Message | None:
        """What `redo` would do again; None where there is nothing."""
        return self.future[-1].label if self.future else None
