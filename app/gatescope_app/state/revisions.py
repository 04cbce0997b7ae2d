"""A run with edits by hand, and what it is held against. Needs no Qt."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from gatescope.debugging.breakpoints import Breakpoint
from gatescope.debugging.hits import Hits, find_hits
from gatescope.edits.edits import Edit
from gatescope.edits.history import History
from gatescope.messages.message import GatescopeError, Progress, fraction_of
from gatescope_app.state.runs import Run, Setup, edited, run

if TYPE_CHECKING:  # imports torch
    from gatescope.verification.effects import Effect


@dataclass(frozen=True, eq=False)
class Revision:
    """A setup and what was changed in it by hand.

    Parameters
    ----------
    setup : Setup
        The original.
    history : History
        The edits, and the branches of them.
    against : str, optional
        The branch that the run is held against; the original when not given.
    """

    setup: Setup
    history: History = History()  # noqa: RUF009 - frozen
    against: str | None = None

    def on(self, setup: Setup) -> Revision:
        """Return the same edits of another original."""
        return replace(self, setup=setup)

    def continues(self, other: Revision | None) -> bool:
        """Whether both are edits of one original."""
        return other is not None and self.setup.sequence is other.setup.sequence

    @property
    def held_against(self) -> tuple[Edit, ...]:
        """The edits of what the run is held against."""
        if self.against not in self.history.branches:
            return ()
        return self.history.switch(self.against).edits


@dataclass(frozen=True, eq=False)
class Revised:
    """What came of a revision; the ghost is what its run is held against, None where that is the run itself."""

    revision: Revision
    run: Run
    ghost: Run | None
    effect: Effect | None
    hits: Hits


def revise(
    revision: Revision, known: Iterable[Run], breakpoints: tuple[Breakpoint, ...], progress: Progress | None = None
) -> Revised:
    """Run what was asked for, and what it is held against.

    Parameters
    ----------
    revision : Revision
        What to run.
    known : iterable of Run
        Runs of edits of the same original, which need not be computed again.
    breakpoints : tuple of Breakpoint
        Whose hits are to be found in the run.
    progress : callable, optional
        As for `run`.

    Raises
    ------
    GatescopeError
        `batch_without_sequences` where there is nothing to look at; and as `run` does.
    """
    if not revision.setup.batch_size:
        raise GatescopeError("batch_without_sequences")
    runs = {one.setup.edits: one for one in known}

    def run_of(edits: tuple[Edit, ...], part: int) -> Run:
        return runs.get(edits) or run(edited(revision.setup, edits), fraction_of(progress, part, 4))

    ours, theirs = revision.history.edits, revision.held_against
    result = run_of(ours, 0)
    hits = find_hits(breakpoints, result.arrays, progress=fraction_of(progress, 1, 4))
    if theirs == ours:
        return Revised(revision, result, None, None, hits)
    import gatescope as gs  # noqa: PLC0415 - imports torch with the names used here

    ghost = run_of(theirs, 2)
    effect = gs.effect(ghost.trace, result.trace, progress=fraction_of(progress, 3, 4))
    return Revised(revision, result, ghost, effect, hits)
