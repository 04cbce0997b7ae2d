"""What there is to see of a session: the run, where in it one is, and what is looked at."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import TYPE_CHECKING, Any

from gatescope.analysis.class_names import Targets
from gatescope.debugging.breakpoints import MISMATCH, Breakpoint
from gatescope.debugging.hits import Hits
from gatescope.edits.history import History
from gatescope.edits.undo_stack import UndoStack
from gatescope.messages.message import Message
from gatescope.modules.spec import Direction
from gatescope.traces.order import COMPLETE, Cursor, Order
from gatescope_app.state.document import Document, Notes
from gatescope_app.state.revisions import Revision
from gatescope_app.state.runs import Run, Setup

if TYPE_CHECKING:  # imports torch
    from gatescope.verification.comparison import Comparison
    from gatescope.verification.effects import Effect


@dataclass(frozen=True)
class Focus:
    """Which part of a trace is looked at: always the cell in which the cursor is."""

    layer: int = 0
    direction: Direction = "forward"
    batch: int = 0
    unit: int = 0


@dataclass(frozen=True, eq=False)
class State:
    """Everything that views show; a new one replaces it with every change."""

    setup: Setup
    run: Run | None = None  # None only until the first run has been computed
    cursor: Cursor = Cursor()  # noqa: RUF009 - frozen
    batch: int = 0  # the element that is looked at
    unit: int = 0
    quantity: str = ""  # the one of the cell's that is selected
    pointed: str | None = None  # what the mouse is over, see `Session.point_at`
    drift_known: bool = False  # whether torch's module has run on its own history yet
    kept: Run | None = None  # for comparisons to come
    other: Run | None = None  # what `run` is compared with; the two always can be
    comparison: Comparison | None = None  # of `run` with `other`
    revision: Revision | None = None  # what `setup` was made from by hand; None until the first run
    ghost: Run | None = None  # what the edited run is held against: the original, or another branch
    effect: Effect | None = None  # what the edits changed between `ghost` and `run`
    effect_shown: bool = False  # whether that is what is compared
    breakpoints: tuple[Breakpoint, ...] = (MISMATCH,)
    hits: Hits | None = None  # in `run`; for a moment those of the breakpoints before a change of them
    watches: tuple[str, ...] = ()
    labels: tuple[str, ...] | None = None  # see `Document`, for these three
    targets: Mapping[int, Targets] = field(default_factory=dict)
    notes: Notes = Notes()  # noqa: RUF009 - frozen
    undo_stack: UndoStack[Document] = UndoStack()  # noqa: RUF009 - frozen

    def values(self, name: str) -> Any:
        """Return a quantity of the focused cell and batch element, (T, units); None before the first run."""
        if self.run is None:
            return None
        return self.run.values(name, self.focus.layer, self.focus.direction, self.focus.batch)

    def range_of(self, name: str) -> tuple[float, float]:
        """Return between which numbers it lies, for axes and colours; needs a run."""
        assert self.run is not None
        return self.run.range_of(name, self.focus.layer, self.focus.direction, self.focus.batch)

    def ghost_values(self, name: str) -> Any:
        """Return the same of the run that this one is held against; None where there is none."""
        if self.ghost is None:
            return None
        return self.ghost.values(name, self.focus.layer, self.focus.direction, self.focus.batch)

    @cached_property
    def focus(self) -> Focus:
        """Which cell, batch element and unit are looked at."""
        return Focus(self.cursor.layer, self.cursor.direction, self.batch, self.unit)

    @cached_property
    def order(self) -> Order:
        """The order in which the run is computed."""
        return Order(self.setup.spec, self.setup.steps)

    def known(self, name: str) -> range:
        """Return the steps at which a quantity or pre-activation of the focused cell is computed by now."""
        return self.order.known(self.cursor, self.cursor.layer, self.cursor.direction, name)

    @property
    def history(self) -> History:
        """The edits, and the branches of them."""
        return History() if self.revision is None else self.revision.history

    @property
    def document(self) -> Document:
        """What a person made, as it is on show."""
        revision = self.revision or Revision(self.setup.unedited)
        return Document(revision, self.breakpoints, self.watches, self.labels, self.targets, self.notes)

    @property
    def warning(self) -> Message | None:
        """The warning that the run deserves: NaN or infinity in it."""
        if self.run is None or self.run.report.nonfinite is None:
            return None
        found = self.run.report.nonfinite
        return Message("cannot_compare", {"t": found.t, "where": found.place})


@dataclass(frozen=True, eq=False)
class Request:
    """What was asked for and is being computed: what takes the place of a state's fields when it is there."""

    document: Document
    undo_stack: UndoStack[Document]
    place: Mapping[str, Any]  # cursor, batch, unit and quantity to look at, as far as they are to change


def within(state: State) -> State:
    """Move the cursor and what is looked at into what the setup has."""
    setup, cursor = state.setup, state.cursor
    spec = setup.spec
    return replace(
        state,
        cursor=Cursor(
            t=min(cursor.t, setup.steps - 1),
            layer=min(cursor.layer, spec.num_layers - 1),
            direction=cursor.direction if cursor.direction in spec.directions else "forward",
            phase=cursor.phase if cursor.phase in spec.cell.phases else COMPLETE,
        ),
        batch=min(state.batch, setup.batch_size - 1),
        unit=min(state.unit, spec.hidden_size - 1),
        quantity=state.quantity if state.quantity in spec.cell.names else spec.cell.memory_state or COMPLETE,
    )
