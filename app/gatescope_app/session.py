"""The one owner of what is being debugged, and the one source of change."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QObject, Signal

from gatescope.messages import Cancelled, GatescopeError, Message
from gatescope.spec import Direction
from gatescope.stepper import Cursor, Stepper
from gatescope_app.runs import Arithmetic, Run, Setup, compare, on_device, run, with_arithmetic
from gatescope_app.work import Worker

if TYPE_CHECKING:  # imports torch
    from gatescope.comparison import Comparison


@dataclass(frozen=True)
class Focus:
    """Which part of a trace is looked at."""

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
    focus: Focus = Focus()
    drift_known: bool = False  # whether torch's module has run on its own history yet
    kept: Run | None = None  # for comparisons to come
    other: Run | None = None  # what `run` is compared with; the two always can be
    comparison: Comparison | None = None  # of `run` with `other`

    def values(self, name: str) -> Any:
        """Return a quantity of the focused cell and batch element, (T, units); None before the first run."""
        if self.run is None:
            return None
        return self.run.values(name, self.focus.layer, self.focus.direction, self.focus.batch)


class Session(QObject):
    """Holds the current `State` and changes it.

    Signals
    -------
    changed(State, State)
        Old state and new state.
    refused(Message)
        Something asked for could not be done; the state is as before.
    failed(Exception)
        An unexpected error in a job.
    """

    changed = Signal(object, object)
    refused = Signal(object)
    failed = Signal(object)

    def __init__(self, setup: Setup, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.state = State(setup)
        self.runner = Worker(self)
        self.drifter = Worker(self)
        self.comparer = Worker(self)

    # runs

    def start(self, setup: Setup, batch: int | None = None) -> None:
        """Compute a run off the GUI thread; when it is complete it replaces the current one.

        Parameters
        ----------
        setup : Setup
            What to run.
        batch : int, optional
            The batch element to look at then; as now when not given.
        """
        self.runner.start(
            lambda progress: run(setup, progress), lambda result: self._on_run(result, batch), self._on_error
        )

    def start_on(self, device: str) -> None:
        """Run the current setup on another device."""
        self.start(on_device(self.state.setup, device))

    def start_in(self, arithmetic: Arithmetic) -> None:
        """Run the current setup in another arithmetic."""
        self.start(with_arithmetic(self.state.setup, arithmetic))

    def _on_run(self, result: Run, batch: int | None) -> None:
        old = self.state
        comparing = old.other is not None or self.comparer.busy
        self.comparer.cancel()
        focus = old.focus if batch is None else replace(old.focus, batch=batch)
        same = old.setup.sequence is result.setup.sequence
        self._set(
            replace(
                old,
                setup=result.setup,
                run=result,
                cursor=old.cursor if same else Cursor(),
                focus=_within(focus, result.setup),
                drift_known=False,
                other=None,
                comparison=None,
            )
        )
        if comparing:
            self.compare_with_kept()
        self.drifter.start(result.report.run_freely, self._on_drift, self._on_error)

    def _on_drift(self, _states: Any) -> None:
        self._set(replace(self.state, drift_known=True))

    def _on_error(self, error: Exception) -> None:
        if isinstance(error, GatescopeError):
            self.refused.emit(error.message)
        elif not isinstance(error, Cancelled):
            self.failed.emit(error)

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
                lambda result: self._set(replace(self.state, other=kept, comparison=result)),
                self._on_error,
            )

    def leave_comparison(self) -> None:
        """Compare with PyTorch again; the kept run stays."""
        self.comparer.cancel()
        if self.state.comparison is not None:
            self._set(replace(self.state, other=None, comparison=None))

    def forget_kept(self) -> None:
        """Compare with nothing, and keep nothing."""
        self.comparer.cancel()
        self._set(replace(self.state, kept=None, other=None, comparison=None))

    # moves

    def step(self) -> None:
        """Go to the next step."""
        self._move(Stepper.step)

    def step_back(self) -> None:
        """Go to the previous step."""
        self._move(Stepper.step_back)

    def first(self) -> None:
        """Go to the first step."""
        self._move(Stepper.first)

    def last(self) -> None:
        """Go to the last step."""
        self._move(Stepper.last)

    def run_to(self, t: int) -> None:
        """Go to step `t`; beyond either end, to that end."""
        t = max(0, min(t, self.state.setup.steps - 1))
        self._move(lambda stepper: stepper.run_to(t))

    @property
    def at_end(self) -> bool:
        """Whether there is no next step."""
        return self.state.cursor.t >= self.state.setup.steps - 1

    def _move(self, move: Callable[[Stepper], Cursor]) -> None:
        if self.state.run is None:
            return
        cursor = move(Stepper(self.state.run.trace, self.state.cursor))
        if cursor != self.state.cursor:
            self._set(replace(self.state, cursor=cursor))

    # looking

    def look_at(self, **where: Any) -> None:
        """Change the focus: any of `layer`, `direction`, `batch`, `unit`."""
        focus = _within(replace(self.state.focus, **where), self.state.setup)
        if focus != self.state.focus:
            self._set(replace(self.state, focus=focus))

    def warn(self) -> Message | None:
        """Return the warning that the current run deserves: NaN or infinity in it."""
        run_now = self.state.run
        if run_now is None or run_now.report.nonfinite is None:
            return None
        found = run_now.report.nonfinite
        return Message("cannot_compare", {"t": found.t, "where": found.place})

    def _set(self, new: State) -> None:
        old, self.state = self.state, new
        self.changed.emit(old, new)


def _within(focus: Focus, setup: Setup) -> Focus:
    """Move a focus into what the setup has."""
    spec = setup.spec
    return Focus(
        layer=min(focus.layer, spec.num_layers - 1),
        direction=focus.direction if focus.direction in spec.directions else "forward",
        batch=min(focus.batch, setup.batch_size - 1),
        unit=min(focus.unit, spec.hidden_size - 1),
    )
