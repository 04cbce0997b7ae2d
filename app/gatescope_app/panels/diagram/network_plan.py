"""What of a network and its run is shown: layers, steps and equalities, its numbers as colours, and its progress."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property
from typing import Any, Literal

import numpy as np
from numpy.typing import NDArray
from PySide6.QtGui import QImage

from gatescope.modules.spec import Direction, ModuleSpec
from gatescope.traces.identities import CallArguments, Identity, identities
from gatescope_app.look.colour_maps import diverging_colours, heat_image, quantity_colours
from gatescope_app.look.theme import Theme
from gatescope_app.panels.diagram.network_geometry import Fold, Slot
from gatescope_app.state.known_values import steps_present
from gatescope_app.state.runs import Setup
from gatescope_app.state.session_state import State
from gatescope_app.state.value_ranges import reach

LEAST_SLOTS, MOST_SLOTS = 9, 25

_MOST_LAYERS = 7
_BOTH_ENDS_TWICE = 11  # slots from which on two steps are shown at either end


@dataclass(frozen=True, eq=False)
class NetworkPlan:
    """What is shown at a cursor; it stays the same while the cursor does not leave a page."""

    setup: Setup
    batch: int
    present: int
    layers: Fold
    columns: Fold

    @classmethod
    def of(cls, state: State, slots: int) -> NetworkPlan:
        """Choose what to show around the cursor, with so many steps at most."""
        spec, cursor = state.setup.spec, state.cursor
        return cls(
            state.setup,
            state.batch,
            steps_present(state),
            fold(spec.num_layers, cursor.layer, _MOST_LAYERS, 1),
            fold(state.setup.steps, cursor.t, slots, 2 if slots >= _BOTH_ENDS_TWICE else 1),
        )

    @property
    def spec(self) -> ModuleSpec:
        """The network."""
        return self.setup.spec

    @cached_property
    def cells(self) -> list[tuple[int, Direction]]:
        """The cells that have a row, from the bottom up."""
        return [(layer, way) for layer in self.layers if layer is not None for way in self.spec.directions]

    @cached_property
    def slots(self) -> tuple[Slot, ...]:
        """What each slot stands for."""
        return tuple("gap" if t is None else "step" if t < self.present else "absent" for t in self.columns)

    @cached_property
    def identities(self) -> tuple[Identity, ...]:
        """The equalities to explain."""
        setup = self.setup
        return identities(CallArguments(setup.spec, setup.steps, setup.batched, setup.lengths), self.batch)

    def is_laid_out_as(self, other: NetworkPlan | None) -> bool:
        """Whether all boxes are where they are in another one."""
        return (
            other is not None
            and len(self.columns) == len(other.columns)
            and self.layers == other.layers
            and self.spec == other.spec
            and self.setup.steps == other.setup.steps  # the width of a slot follows from their number
            and self.identities == other.identities
        )

    def shows_same_as(self, other: NetworkPlan | None) -> bool:
        """Whether all boxes are of the same cells and steps as in another one."""
        return (
            other is not None
            and self.columns == other.columns
            and (self.setup, self.batch, self.present) == (other.setup, other.batch, other.present)
        )


def fold(count: int, at: int, slots: int, ends: int) -> Fold:
    """Choose which of `count` numbers to show.

    They turn like pages: while `at` moves within a page, all stays where it is; its neighbours are always shown.

    Parameters
    ----------
    count : int
        The numbers are 0 to `count - 1`.
    at : int
        The one that is looked at.
    slots : int
        How many there is room for, gaps included; at least `2 * ends + 5`.
    ends : int
        How many to show at either end in any case.
    """
    if count <= slots:
        return tuple(range(count))
    edge = slots - 1 - ends  # on the first and on the last page, up to the only gap
    if at <= edge - 2:
        return (*range(edge), None, *range(count - ends, count))
    if at >= count - edge + 1:
        return (*range(ends), None, *range(count - edge, count))
    inner = slots - 2 * ends - 2
    turned = (at - (edge - 1)) // (inner - 2)
    start = edge - 2 + turned * (inner - 2)
    return (*range(ends), None, *range(start, start + inner), None, *range(count - ends, count))


Status = Literal["computed", "pending", "absent"]

StepPictures = tuple[QImage | None, ...]
"""A picture for each slot, a pixel for each unit; None for a gap and for a step that the element does not have."""


@dataclass(frozen=True, eq=False)
class NetworkContents:
    """The numbers of one run and batch element as colours.

    The strips are of all steps shown, known or not: whoever shows them asks `step_statuses` whether they may be seen.
    """

    state: State
    theme: Theme

    def strips(self, columns: Fold, layer: int, direction: Direction) -> StepPictures:
        """Return h of one cell."""
        run = self.state.run
        if run is None:
            return (None,) * len(columns)
        h = run.values("h", layer, direction, self.state.batch)
        low, high = run.range_of("h", layer, direction, self.state.batch)
        colours = quantity_colours(self.theme, "h", signed=low < 0)
        return _cut(h, columns, steps_present(self.state), lambda rows: heat_image(rows, low, high, colours))

    def inputs(self, columns: Fold) -> StepPictures:
        """Return x."""
        x = self.state.setup.inputs(self.state.batch)
        high, colours = reach(x[[t for t in columns if t is not None]]), diverging_colours(self.theme)
        return _cut(x, columns, steps_present(self.state), lambda rows: heat_image(rows, -high, high, colours))

    def initial(self, name: str, layer: int, direction: Direction) -> QImage | None:
        """Return a state before the first step."""
        run, state = self.state.run, self.state
        if run is None:
            return None
        from gatescope.traces.trace import as_numpy  # noqa: PLC0415 - imports torch

        return self._one(name, as_numpy(run.trace.cell(layer, direction).before[name])[state.batch])

    def last(self, name: str, layer: int, direction: Direction) -> QImage | None:
        """Return a state after the last step."""
        run, state = self.state.run, self.state
        if run is None:
            return None
        return self._one(name, run.values(name, layer, direction, state.batch)[end_steps(state, direction)[1]])

    def _one(self, name: str, numbers: NDArray[np.floating[Any]]) -> QImage:
        high = reach(numbers)
        return heat_image(numbers[None], -high, high, quantity_colours(self.theme, name, signed=True))


def end_steps(state: State, direction: Direction) -> tuple[int, int]:
    """Return the first and the last step that the element makes in one direction."""
    last = steps_present(state) - 1
    return (0, last) if direction == "forward" else (last, 0)


def step_statuses(state: State, columns: Fold, layer: int, direction: Direction) -> list[Status]:
    """Return of each slot whether h of a cell is computed by now; a gap counts as absent."""
    known, present = state.order.known(state.cursor, layer, direction, "h"), steps_present(state)
    if state.run is None:
        known = range(0)
    return ["absent" if t is None or t >= present else "computed" if t in known else "pending" for t in columns]


def _cut(
    values: NDArray[np.floating[Any]], columns: Fold, present: int, paint: Callable[[NDArray[Any]], QImage]
) -> StepPictures:
    """Paint the steps that are shown, all at once, and return them one by one."""
    shown = [t for t in columns if t is not None and t < present]
    picture = paint(values[shown])
    rows = {t: picture.copy(0, row, picture.width(), 1) for row, t in enumerate(shown)}
    return tuple(None if t is None else rows.get(t) for t in columns)
