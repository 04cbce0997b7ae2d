"""Breakpoints, watches and the log of a session."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace
from typing import TypeVar

from PySide6.QtCore import QObject, QTimer, Signal

from gatescope.debugging.breakpoints import Breakpoint, toggled
from gatescope.debugging.expressions.compiled import compile_expression
from gatescope.debugging.expressions.log_message import compile_message
from gatescope.debugging.expressions.names import Names
from gatescope.debugging.hits import Hits, find_hits
from gatescope.debugging.stepper import Stepper
from gatescope.messages.message import Message
from gatescope.traces.order import COMPLETE, Cursor
from gatescope_app.state.session import Session
from gatescope_app.state.session_state import State
from gatescope_app.state.worker import Worker

T = TypeVar("T")

_BREAKPOINTS = Message("change_breakpoints")

_AT_ONCE = 1_000_000  # numbers to look at in a moment; more are looked at off the GUI thread
_MOST_LINES = 10_000  # that one walk writes into the log


@dataclass(frozen=True)
class LogLine:
    """What a log point said, and where."""

    cursor: Cursor
    batch: int
    text: str


class Debugger(QObject):
    """Keeps the hits of the breakpoints up to date, walks to them, and writes the log.

    Signals
    -------
    logged(list of LogLine, int)
        A walk passed log points; the number says how many more lines were left out.
    stopped(list of Breakpoint)
        A walk stopped at these.
    ran_out(bool)
        A walk met no stop: it is at the end of the run, or, where it is False, at the beginning.
    """

    logged = Signal(object, int)
    stopped = Signal(object)
    ran_out = Signal(bool)

    def __init__(self, session: Session) -> None:
        super().__init__(session)
        self._session = session
        self._pending: Callable[[], None] | None = None  # a walk that waits for the hits
        self.finder = Worker(self)
        session.changed.connect(self._on_change)
        session.walked.connect(self._on_walk)

    # breakpoints

    @property
    def names(self) -> Names:
        """What a condition may speak of in the network looked at."""
        setup = self._session.state.setup
        return Names.of(setup.spec, tokens=setup.sequence.tokens is not None, reference=True)

    def add(self, breakpoint_: Breakpoint) -> None:
        """Add one; raise GatescopeError where it cannot be evaluated."""
        breakpoint_.check(self.names)
        self.set_all((*self._session.state.breakpoints, breakpoint_))

    def change(self, index: int, breakpoint_: Breakpoint) -> None:
        """Put another in its place; raise GatescopeError where it cannot be evaluated."""
        breakpoint_.check(self.names)
        self.set_all(_with(self._session.state.breakpoints, {index: breakpoint_}))

    def enable(self, index: int, *, enabled: bool) -> None:
        """Let one act, or not."""
        breakpoints = self._session.state.breakpoints
        self.set_all(_with(breakpoints, {index: replace(breakpoints[index], enabled=enabled)}))

    def remove(self, indices: Iterable[int]) -> None:
        """Take some away."""
        self.set_all(_with(self._session.state.breakpoints, dict.fromkeys(indices)))

    def remove_all(self) -> None:
        """Take all away."""
        self.set_all(())

    def toggle(self, t: int | None = None) -> None:
        """Set a breakpoint at a step, or take it away; at the current step when not told."""
        state = self._session.state
        self.set_all(toggled(state.breakpoints, state.cursor.t if t is None else t))

    def set_all(self, breakpoints: tuple[Breakpoint, ...], label: Message | None = _BREAKPOINTS) -> None:
        """Have these breakpoints; without a label that cannot be undone by itself."""
        state = self._session.state
        if state.run is None:
            self._session.change(label, breakpoints=breakpoints)
        elif _size(state, breakpoints) <= _AT_ONCE:
            hits = find_hits(breakpoints, state.run.arrays, known=state.hits)
            self._session.change(label, hits=hits, breakpoints=breakpoints)
        else:
            self._session.change(label, breakpoints=breakpoints)
            self._find()

    def _find(self) -> None:
        """Find the hits of the breakpoints off the GUI thread."""
        state = self._session.state
        assert state.run is not None
        run, breakpoints, known = state.run, state.breakpoints, state.hits
        self.finder.start(
            lambda progress: find_hits(breakpoints, run.arrays, known=known, progress=progress),
            self._on_hits,
            self._session.failed.emit,
        )

    def _on_hits(self, hits: Hits) -> None:
        state = self._session.state
        if hits.breakpoints is state.breakpoints:
            self._session.update(hits=hits)
        elif not _are_found(state):
            self._find()
            return
        pending, self._pending = self._pending, None
        if pending is not None:
            pending()

    def _on_change(self, old: State, new: State) -> None:
        if old.run is not new.run:
            self.finder.cancel()
            self._pending = None
        if not _are_found(new):  # the breakpoints were changed while the run was computed
            QTimer.singleShot(0, self._find_missing)

    def _find_missing(self) -> None:
        if not self.finder.busy and not _are_found(self._session.state):
            self._find()

    # watches

    def watch(self, text: str) -> None:
        """Watch one more expression; raise GatescopeError where it cannot be evaluated."""
        compile_expression(text, self.names)
        self._watch((*self._session.state.watches, text))

    def change_watch(self, index: int, text: str) -> None:
        """Watch another expression in place of one; raise GatescopeError where it cannot be evaluated."""
        compile_expression(text, self.names)
        self._watch(_with(self._session.state.watches, {index: text}))

    def unwatch(self, indices: Iterable[int]) -> None:
        """Take some watches away."""
        self._watch(_with(self._session.state.watches, dict.fromkeys(indices)))

    def _watch(self, watches: tuple[str, ...]) -> None:
        self._session.change(Message("change_watches"), watches=watches)

    # walks

    def continue_(self) -> None:
        """Go to the next stop, or to the end."""
        self.once_found(lambda: self._run(Stepper.continue_, Stepper.run_to_end))

    def reverse_continue(self) -> None:
        """Go back to the stop before, or to the beginning."""
        self.once_found(lambda: self._run(Stepper.reverse_continue, Stepper.rewind))

    @property
    def stopping(self) -> list[Breakpoint]:
        """Which breakpoints stop where the cursor is."""
        state = self._session.state
        if state.hits is None or state.cursor.phase != COMPLETE:
            return []
        return [state.hits.breakpoints[index] for index in state.hits.at(state.order.number(state.cursor))]

    @property
    def any_stop(self) -> bool:
        """Whether a walk stops anywhere in this run."""
        hits = self._session.state.hits
        return hits is not None and bool(len(hits.stops))

    def once_found(self, walk: Callable[[], None]) -> None:
        """Walk as soon as the hits of all breakpoints are known."""
        if self.finder.busy:
            self._pending = walk
        else:
            walk()

    def _run(self, move: Callable[[Stepper], Cursor], to_the_last: Callable[[Stepper], Cursor]) -> None:
        """Walk to a stop: look at a batch element that it holds for, and say which it was; or that there is none."""
        start = self._session.state.cursor
        self._session.walk(move)
        stopping, state = self.stopping, self._session.state
        if not stopping or state.hits is None or state.cursor == start:
            self._session.walk(to_the_last)  # the stepper stays in its layer
            self.ran_out.emit(to_the_last is Stepper.run_to_end)
            return
        self._session.look_at(batch=state.hits.element(state.order.number(state.cursor), state.batch))
        self.stopped.emit(stopping)
        if any(one.once for one in stopping):
            self.set_all(tuple(one for one in state.breakpoints if one not in stopping or not one.once), label=None)

    def _on_walk(self, start: Cursor, end: Cursor) -> None:
        """Write what the log points say that a walk passed."""
        state = self._session.state
        if state.hits is None or state.run is None:
            return
        arrays, breakpoints = state.run.arrays, state.hits.breakpoints
        order = state.order
        told, total = state.hits.logged(order.completed(start), order.completed(end), _MOST_LINES)
        messages = {i: compile_message(breakpoints[i].message or "", arrays.names) for i in {line[0] for line in told}}
        lines = []
        for index, number, batch in told:
            cursor = order.at(number)
            text = messages[index].at(arrays.of(cursor.layer, cursor.direction), cursor.t, batch)
            lines.append(LogLine(cursor, batch, text))
        if lines:
            self.logged.emit(lines, total - len(lines))


def _are_found(state: State) -> bool:
    """Whether the hits are those of the breakpoints."""
    return state.hits is None or state.hits.breakpoints is state.breakpoints


def _size(state: State, breakpoints: tuple[Breakpoint, ...]) -> int:
    """Return how many numbers the conditions look at that are not known yet."""
    known = {} if state.hits is None else state.hits.by_where
    new = sum(one.where not in known for one in breakpoints)
    return new * len(state.order) * state.setup.spec.hidden_size * state.setup.batch_size


def _with(items: tuple[T, ...], changes: Mapping[int, T | None]) -> tuple[T, ...]:
    """Return the items with some of them changed, or taken away where the change is None."""
    changed = (changes.get(index, item) for index, item in enumerate(items))
    return tuple(item for item in changed if item is not None)
