"""The one owner of what is being debugged, and the one source of change."""

from __future__ import annotations

from collections.abc import Callable, Hashable
from dataclasses import replace
from typing import TYPE_CHECKING, Any, Literal

from PySide6.QtCore import QObject, Signal

from gatescope.analysis.class_names import Targets
from gatescope.debugging.hits import Hits
from gatescope.debugging.stepper import Stepper
from gatescope.edits.history import History
from gatescope.edits.undo_stack import UndoStack
from gatescope.messages.message import Cancelled, GatescopeError, Message
from gatescope.traces.order import Cursor
from gatescope_app.state.document import MADE, Document, Notes, describe_change, new_document
from gatescope_app.state.revisions import Revised, Revision, revise
from gatescope_app.state.runs import Arithmetic, Setup, compare, on_device, with_arithmetic
from gatescope_app.state.session_state import Request, State, within
from gatescope_app.state.worker import Worker

if TYPE_CHECKING:  # imports torch
    pass


class Session(QObject):
    """Holds the current `State` and changes it.

    Signals
    -------
    changed(State, State)
        Old state and new state.
    walked(Cursor, Cursor)
        From where to where a walk went: a step, or many, but no jump.
    refused(Message)
        Something asked for could not be done; the state is as before.
    failed(Exception)
        An unexpected error in a job.
    """

    changed = Signal(object, object)
    walked = Signal(object, object)
    refused = Signal(object)
    failed = Signal(object)

    def __init__(self, setup: Setup, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.state = within(State(setup, targets=new_document(setup).targets))
        self.runner = Worker(self)
        self.drifter = Worker(self)
        self.comparer = Worker(self)
        self._request: Request | None = None

    # what is asked for last, although its run may still be under way

    @property
    def document(self) -> Document:
        """What a person made."""
        return self._latest.document

    @property
    def latest(self) -> Revision:
        """The network and the sequence, with their edits."""
        return self.document.revision

    @property
    def undo_stack(self) -> UndoStack[Document]:
        """What can be undone and redone."""
        return self._latest.undo_stack

    @property
    def _latest(self) -> Request:
        if self._request is not None and self.runner.busy:
            return self._request
        return Request(self.state.document, self.state.undo_stack, {})

    # runs

    def start(
        self, setup: Setup, label: Message | None = None, batch: int | None = None, *, history: History | None = None
    ) -> None:
        """Compute a run off the GUI thread; when it is complete it replaces the current one and all its edits.

        Parameters
        ----------
        setup : Setup
            What to run.
        label : Message, optional
            What this is called where it can be undone; what differs, when not given.
        batch : int, optional
            The batch element to look at then; as now when not given.
        history : History, optional
            Edits of it; none when not given.
        """
        now, place = self._latest, {} if batch is None else {"batch": batch}
        stack = now.undo_stack
        if self.state.run is not None:
            stack = stack.done(label or describe_change(now.document.setup, setup), now.document)
        document = now.document.with_setup(setup)
        document = document if history is None else document.with_history(history)
        self._compute(Request(document, stack, place), anew=True)

    def open_document(self, document: Document, undo_stack: UndoStack[Document] | None = None, **place: Any) -> None:
        """Compute a document's run off the GUI thread; when it is complete it replaces all that there was.

        Parameters
        ----------
        document : Document
            What somebody made, such as what was kept in a file.
        undo_stack : UndoStack, optional
            What can be undone in it.
        **place
            `cursor`, `batch`, `unit` and `quantity` to look at.
        """
        self._compute(Request(document, undo_stack or UndoStack(), {"cursor": Cursor(), **place}))

    def start_on(self, device: str) -> None:
        """Run the current setup on another device, with its edits."""
        label = Message("change_device", {"device": device})
        self.revise(self.latest.on(on_device(self.latest.setup, device)), label)

    def start_in(self, arithmetic: Arithmetic) -> None:
        """Run the current setup in another arithmetic, with its edits."""
        label = Message("change_arithmetic", {"arithmetic": arithmetic})
        self.revise(self.latest.on(with_arithmetic(self.latest.setup, arithmetic)), label)

    def revise(self, revision: Revision, label: Message, target: Hashable = None, *, merge: bool = False) -> None:
        """Compute a run with other edits, or on other ground; what is known of the same original is not run again.

        Parameters
        ----------
        revision : Revision
            What to run.
        label, target, merge
            As for `UndoStack.done`.
        """
        now = self._latest
        stack = now.undo_stack.done(label, now.document, target, merge=merge)
        self._compute(replace(now, document=replace(now.document, revision=revision), undo_stack=stack))

    def _compute(self, request: Request, *, anew: bool = False) -> None:
        """Have a run computed; what is known of the same original is not run again, unless all is to be done anew."""
        now, revision = self.state, request.document.revision
        same = now.revision is not None and now.revision.setup is revision.setup and not anew
        known = [run for run in (now.run, now.ghost) if run is not None and same]
        breakpoints, self._request = request.document.breakpoints, request
        self.runner.start(lambda progress: revise(revision, known, breakpoints, progress), self._on_run, self._on_error)

    def _on_run(self, result: Revised) -> None:
        old, run, request = self.state, result.run, self._request
        assert request is not None
        document, self._request = request.document, None
        made = {name: getattr(document, name) for name in MADE} | {"revision": result.revision}
        if run is old.run and result.ghost is old.ghost:
            self._set(replace(old, **made, hits=result.hits, undo_stack=request.undo_stack))
            return
        comparing = old.other is not None or self.comparer.busy
        self.comparer.cancel()
        stays = result.revision.continues(old.revision) or old.setup.sequence is run.setup.sequence
        place = {"cursor": old.cursor if stays else Cursor(), **request.place}
        self._set(
            within(
                replace(
                    old,
                    **made,
                    **place,
                    setup=run.setup,
                    run=run,
                    drift_known=False,
                    other=None,
                    comparison=None,
                    ghost=result.ghost,
                    effect_shown=old.effect_shown and result.ghost is not None,
                    effect=result.effect,
                    hits=result.hits,
                    undo_stack=request.undo_stack,
                )
            )
        )
        if comparing:
            self.compare_with_kept()
        if run.report.drifts:
            self.drifter.start(run.report.run_freely, self._on_drift, self._on_error)

    def _on_drift(self, _states: Any) -> None:
        self._set(replace(self.state, drift_known=True))

    def _on_error(self, error: Exception) -> None:
        if isinstance(error, GatescopeError):
            self.refused.emit(error.message)
        elif not isinstance(error, Cancelled):
            self.failed.emit(error)

    # changes that need no run, and undo

    def change(
        self, label: Message | None = None, *, target: Hashable = None, merge: bool = False,
        hits: Hits | None = None, **made: Any,
    ) -> None:  # fmt: skip
        """Change breakpoints, watches, labels, targets or notes.

        Parameters
        ----------
        label : Message, optional
            What this is called where it can be undone; it cannot be undone by itself when not given.
        target, merge
            As for `UndoStack.done`.
        hits : Hits, optional
            Of other breakpoints, where they are known.
        **made
            Fields of `Document`.
        """

        def changed(request: Request) -> Request:
            stack, document = request.undo_stack, request.document
            stack = stack if label is None else stack.done(label, document, target, merge=merge)
            return replace(request, document=replace(document, **made), undo_stack=stack)

        if self._request is not None and self.runner.busy:
            self._request = changed(self._request)
        now = changed(Request(self.state.document, self.state.undo_stack, {}))
        self._set(replace(self.state, hits=hits or self.state.hits, undo_stack=now.undo_stack, **made))

    def set_notes(self, notes: Notes, target: Hashable = None) -> None:
        """Take other notes of a person's own; of one target, written at a stretch, they are one change."""
        self.change(Message("change_notes"), target=target, merge=True, notes=notes)

    def set_labels(self, labels: tuple[str, ...] | None) -> None:
        """Call the classes of the head otherwise; None for what they are called by themselves."""
        self.change(Message("change_labels"), labels=labels)

    def set_targets(self, batch: int, targets: Targets | None) -> None:
        """Take other targets of a batch element; None for none."""
        others = {key: known for key, known in self.state.targets.items() if key != batch}
        self.change(Message("change_targets"), targets=others if targets is None else {**others, batch: targets})

    def undo(self) -> None:
        """Take back the last change of what a person made."""
        now = self._latest
        if now.undo_stack.past:
            self.restore(*now.undo_stack.undo(now.document))

    def redo(self) -> None:
        """Make the change again that was undone last."""
        now = self._latest
        if now.undo_stack.future:
            self.restore(*now.undo_stack.redo(now.document))

    def restore(self, document: Document, undo_stack: UndoStack[Document]) -> None:
        """Go back to what there was, as if nothing had been done since."""
        self._compute(Request(document, undo_stack, {}))

    # comparing

    def keep(self) -> None:
        """Keep the current run, to compare others with it."""
        self._set(replace(self.state, kept=self.state.run))

    def compare_with_kept(self) -> None:
        """Compare the current run with the kept one, where the two can be compared."""
        run_now, kept = self.state.run, self.state.kept
        if run_now is not None and kept is not None:
            self.comparer.start(
                lambda progress: compare(run_now, kept, progress),
                lambda result: self.update(other=kept, comparison=result, effect_shown=False),
                self._on_error,
            )

    def leave_comparison(self) -> None:
        """Compare with PyTorch again; the kept run stays."""
        self.comparer.cancel()
        if self.state.comparison is not None or self.state.effect_shown:
            self.update(other=None, comparison=None, effect_shown=False)

    def show_effect(self) -> None:
        """Compare the edited run with what it is held against."""
        self.comparer.cancel()
        if self.state.effect is not None:
            self.update(other=None, comparison=None, effect_shown=True)

    def forget_kept(self) -> None:
        """Compare with nothing, and keep nothing."""
        self.comparer.cancel()
        self._set(replace(self.state, kept=None, other=None, comparison=None))

    # moves

    def step(self) -> None:
        """Go to the step that runs next."""
        self.walk(Stepper.step)

    def step_back(self) -> None:
        """Go to the step that ran before."""
        self.walk(Stepper.step_back)

    def step_into(self) -> None:
        """Go to the next phase."""
        self.walk(Stepper.step_into)

    def step_back_into(self) -> None:
        """Go to the phase before."""
        self.walk(Stepper.step_back_into)

    def step_out(self) -> None:
        """Finish the cell."""
        self.walk(Stepper.step_out)

    def first(self) -> None:
        """Go to where the run begins."""
        self.move(Stepper.rewind)

    def last(self) -> None:
        """Go to where the run ends."""
        self.move(Stepper.run_to_end)

    def first_of_layer(self) -> None:
        """Go to the step that the cell computes first."""
        self.move(Stepper.first)

    def last_of_layer(self) -> None:
        """Go to the step that the cell computes last."""
        self.move(Stepper.last)

    def play_again(self) -> None:
        """Go to where playing begins: where the run does, in the layer looked at where a step runs through all."""
        self.go(self.state.order.whole(self.state.cursor)[0])

    def run_to(self, t: int) -> None:
        """Go to step `t`; beyond either end, to that end."""
        t = max(0, min(t, self.state.setup.steps - 1))
        self.move(lambda stepper: stepper.run_to(t))

    def go(self, cursor: Cursor) -> None:
        """Go anywhere in the run."""
        self.move(lambda stepper: stepper.go(cursor))

    @property
    def at_end(self) -> bool:
        """Whether there is no next step."""
        return self.state.order.same_phase(self.state.cursor, 1) is None

    def move(self, move: Callable[[Stepper], Cursor]) -> None:
        """Make a move of the stepper."""
        state = self.state
        if state.run is None:
            return
        cursor = move(Stepper(state.run.trace, state.cursor, state.hits))
        if cursor != state.cursor:
            self.update(cursor=cursor)

    def walk(self, move: Callable[[Stepper], Cursor]) -> None:
        """Make a move that passes everything on its way."""
        start = self.state.cursor
        self.move(move)
        if self.state.cursor != start:
            self.walked.emit(start, self.state.cursor)

    # looking

    def look_at(self, **where: Any) -> None:
        """Select any of `layer`, `direction`, `batch`, `unit` and `quantity`."""
        cursor = replace(self.state.cursor, **{key: where.pop(key) for key in ("layer", "direction") if key in where})
        new = within(replace(self.state, cursor=cursor, **where))
        if (new.focus, new.quantity) != (self.state.focus, self.state.quantity):
            self._set(new)

    def look_at_next(self, what: Literal["quantity", "unit"], by: int) -> None:
        """Select the quantity or unit so many places on; after the last comes the first."""
        spec, state = self.state.setup.spec, self.state
        if what == "unit":
            self.look_at(unit=(state.unit + by) % spec.hidden_size)
        else:
            names = spec.cell.names
            self.look_at(quantity=names[(names.index(state.quantity) + by) % len(names)])

    def point_at(self, symbol: str | None) -> None:
        """Highlight in all views what the mouse is over in one of them; None when it is over nothing.

        Parameters
        ----------
        symbol : str or None
            A quantity or pre-activation by its name; "x"; a state before the step as "h_before" or "c_before"; or a
            parameter of the cell as "w_ih", "w_hh", "b_ih", "b_hh" or "w_hr", of the gate that is selected.
        """
        if symbol != self.state.pointed:
            self.update(pointed=symbol)

    def update(self, **fields: Any) -> None:
        """Change fields of the state that depend on no other."""
        self._set(replace(self.state, **fields))

    def _set(self, new: State) -> None:
        old, self.state = self.state, new
        self.changed.emit(old, new)
