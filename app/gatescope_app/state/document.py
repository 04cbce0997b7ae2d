"""What a person made in a session: what undo brings back, and what a session file keeps. Needs no Qt and no torch."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, fields, replace

from gatescope.analysis.class_names import ClassNames, Targets
from gatescope.debugging.breakpoints import MISMATCH, Breakpoint
from gatescope.edits.history import History
from gatescope.messages.message import GatescopeError, Message
from gatescope_app.state.revisions import Revision
from gatescope_app.state.runs import Setup


@dataclass(frozen=True)
class Notes:
    """A person's own notes.

    Parameters
    ----------
    whole : str
        Of the session.
    steps : dict
        Of single steps, by t; none is empty.
    """

    whole: str = ""
    steps: Mapping[int, str] = field(default_factory=dict)

    def at(self, t: int) -> str:
        """Return the note of a step; empty where there is none."""
        return self.steps.get(t, "")

    def with_step(self, t: int, text: str) -> Notes:
        """Return the notes with another one of a step; an empty one takes it away."""
        steps = {**self.steps, t: text}
        return replace(self, steps={step: steps[step] for step in sorted(steps) if steps[step]})


@dataclass(frozen=True, eq=False)
class Document:
    """Everything that a person made. Frozen: each change makes another, which shares what stayed.

    Parameters
    ----------
    revision : Revision
        The network, the sequence and the states; and the edits of them.
    breakpoints : tuple of Breakpoint
        Log points among them.
    watches : tuple of str
        Expressions.
    labels : tuple of str, optional
        What the classes of the head are called, where somebody typed it.
    targets : dict
        The right classes of a batch element's steps, by its number.
    notes : Notes
        A person's own.
    """

    revision: Revision
    breakpoints: tuple[Breakpoint, ...] = (MISMATCH,)
    watches: tuple[str, ...] = ()
    labels: tuple[str, ...] | None = None
    targets: Mapping[int, Targets] = field(default_factory=dict)
    notes: Notes = Notes()

    @property
    def setup(self) -> Setup:
        """The network, the sequence and the states, without edits."""
        return self.revision.setup

    @property
    def class_names(self) -> ClassNames:
        """The classes: as typed, else the characters of a vocabulary that has as many, else their numbers."""
        return class_names(self.setup, self.labels)

    def with_history(self, history: History) -> Document:
        """Return it with other edits."""
        return replace(self, revision=replace(self.revision, history=history))

    def with_setup(self, setup: Setup) -> Document:
        """Return it with another network or sequence, without edits.

        Labels belong to a head, targets and the notes of steps to a head and a sequence: those of others go.
        """
        same_head = setup.head is self.setup.head
        same_steps = same_head and setup.sequence is self.setup.sequence
        labels = self.labels if same_head else None
        return replace(
            self,
            revision=Revision(setup),
            labels=labels,
            targets=self.targets if same_steps else example_targets(setup, labels),
            notes=self.notes if setup.sequence is self.setup.sequence else replace(self.notes, steps={}),
        )


MADE = tuple(one.name for one in fields(Document))
"""What a person made, by the names that it has in a document and in a state."""


def class_names(setup: Setup, labels: tuple[str, ...] | None) -> ClassNames:
    """Return the classes of a setup's head; a single one where it has none."""
    head, vocabulary = setup.head, setup.unedited.sequence.vocabulary
    count = 1 if head is None else head.classes
    if labels is not None and len(labels) == count:
        return ClassNames(count, labels)
    return ClassNames(count, tuple(vocabulary) if vocabulary and len(vocabulary) == count else None)


def example_targets(setup: Setup, labels: tuple[str, ...] | None = None) -> Mapping[int, Targets]:
    """Return the targets that an example comes with; none where its head or sequence is another's."""
    example = setup.example
    if setup.head is None or example is None or example.target is None:
        return {}
    try:
        return {0: class_names(setup, labels).read_targets(example.target, setup.steps)}
    except GatescopeError:
        return {}


def new_document(setup: Setup) -> Document:
    """Return what somebody begins with."""
    return Document(Revision(setup), targets=example_targets(setup))


def describe_change(old: Setup, new: Setup) -> Message:
    """Return what a change of the network or the sequence is called."""
    if old.spec != new.spec or old.source.rerun() is not new.source.rerun():
        return Message("change_network", {"network": new.source.place or new.spec.constructor()})
    return Message("change_sequence")


def is_same(one: Document, other: Document) -> bool:
    """Whether a person made the same in both: of the same network and sequence, not of some that are alike."""
    mine, theirs = one.revision, other.revision
    if mine.setup is not theirs.setup or mine.against != theirs.against:
        return False
    rest = (name for name in MADE if name != "revision")
    return mine.history == theirs.history and all(getattr(one, name) == getattr(other, name) for name in rest)
