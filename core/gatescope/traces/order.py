"""The order in which a run is computed: places in it, and the way from one to the next.

A network that reads in one direction can finish a step before it begins the next: all layers at t, then t + 1. With
two directions a layer needs all of the layer below it, from either side: so each layer runs its forward pass over
t = 0 ... T-1, then its reverse pass over t = T-1 ... 0, and only then the next layer begins.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import cached_property
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from gatescope.modules.spec import Direction, ModuleSpec

if TYPE_CHECKING:
    from gatescope.cells.cell import Cell

COMPLETE = "h"
"""The last phase of every cell."""


@dataclass(frozen=True)
class Cursor:
    """A place in a trace: in the cell of one layer and direction at step `t`, `phase` has just been computed.

    Parameters
    ----------
    t : int
        The step, as a position in the input.
    layer : int
        From 0.
    direction : {"forward", "reverse"}
        Which of the layer's directions.
    phase : str
        One of the cell's `phases`; "h" means that the cell is complete.
    """

    t: int = 0
    layer: int = 0
    direction: Direction = "forward"
    phase: str = COMPLETE


@dataclass(frozen=True)
class Order:
    """The order of a run of `steps` steps.

    A cell at a step has a number, from 0 to `len(order) - 1` in the order of the computation.

    Parameters
    ----------
    spec : ModuleSpec
        The network's arguments.
    steps : int
        T.
    """

    spec: ModuleSpec
    steps: int

    def __len__(self) -> int:
        return self.steps * len(self._passes)

    @property
    def cell(self) -> Cell:
        """The kind of cell, which names the phases."""
        return self.spec.cell

    def number(self, cursor: Cursor) -> int:
        """Return the number of the cell and step that a cursor is in."""
        return int(self.numbers(np.array([cursor.t]), cursor.layer, cursor.direction)[0])

    def numbers(self, t: NDArray[np.integer[Any]], layer: int, direction: Direction) -> NDArray[np.int64]:
        """Return the numbers of one cell at many steps, ascending where `t` ascends in the order of the run."""
        if not self.spec.bidirectional:
            return t.astype(np.int64) * self.spec.num_layers + layer
        ran = t if direction == "forward" else self.steps - 1 - t
        return self._passes.index((layer, direction)) * self.steps + ran.astype(np.int64)

    def completed(self, cursor: Cursor) -> int:
        """Return the number of the cell that was completed last; -1 before there is one."""
        return self.number(cursor) - (cursor.phase != COMPLETE)

    def at(self, number: int, phase: str = COMPLETE) -> Cursor:
        """Return the cursor of a number."""
        if not self.spec.bidirectional:
            t, layer = divmod(number, self.spec.num_layers)
            return Cursor(t, layer, "forward", phase)
        index, ran = divmod(number, self.steps)
        layer, direction = self._passes[index]
        return Cursor(ran if direction == "forward" else self.steps - 1 - ran, layer, direction, phase)

    def after(self, cursor: Cursor, phases: int) -> Cursor | None:
        """Return the cursor so many phases later, or earlier where it is negative; None beyond either end."""
        names = self.cell.phases
        number, phase = divmod(self.number(cursor) * len(names) + names.index(cursor.phase) + phases, len(names))
        return self.at(number, names[phase]) if 0 <= number < len(self) else None

    def same_phase(self, cursor: Cursor, steps: int) -> Cursor | None:
        """Return the cursor at the same place so many steps later; None beyond either end.

        The place is the same layer where a step runs through all layers; else a pass goes over into the next one.
        """
        stride = 1 if self.spec.bidirectional else self.spec.num_layers
        number = self.number(cursor) + steps * stride
        return self.at(number, cursor.phase) if 0 <= number < len(self) else None

    def ends(self, cursor: Cursor) -> tuple[Cursor, Cursor]:
        """Return where the cell of a cursor computes its first and its last step."""
        first, last = (replace(cursor, t=t, phase=COMPLETE) for t in (0, self.steps - 1))
        return (first, last) if cursor.direction == "forward" else (last, first)

    def whole(self, cursor: Cursor) -> tuple[Cursor, Cursor]:
        """Return where the run begins and ends; in the layer of the cursor where a step runs through all layers."""
        return (self.at(0), self.at(len(self) - 1)) if self.spec.bidirectional else self.ends(cursor)

    def known(self, cursor: Cursor, layer: int, direction: Direction, name: str) -> range:
        """Return the steps at which a quantity or pre-activation of a cell is computed, at a cursor."""
        if not self.spec.bidirectional:
            done = cursor.t + (layer < cursor.layer)
            inside = layer == cursor.layer
        else:
            done = max(0, min(self.steps, self.number(cursor) - self._passes.index((layer, direction)) * self.steps))
            inside = (layer, direction) == (cursor.layer, cursor.direction)
        done += inside and name in self.cell.known(cursor.phase)
        return range(done) if direction == "forward" else range(self.steps - done, self.steps)

    @cached_property
    def _passes(self) -> list[tuple[int, Direction]]:
        return self.spec.cells()
