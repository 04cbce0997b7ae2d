"""What of a network and its run is shown: which layers, which steps, and which equalities."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

from gatescope.modules.spec import Direction, ModuleSpec
from gatescope.traces.identities import CallArguments, Identity, identities
from gatescope_app.panels.diagram.network.fold import Fold, fold
from gatescope_app.panels.diagram.network.wiring import Slot
from gatescope_app.state.known_values import steps_present
from gatescope_app.state.runs import Setup
from gatescope_app.state.session import State

LEAST_SLOTS, MOST_SLOTS = 9, 25

_MOST_LAYERS = 7
_BOTH_ENDS_TWICE = 11  # slots from which on two steps are shown at either end


@dataclass(frozen=True, eq=False)
class Plan:
    """What is shown at a cursor; it stays the same while the cursor does not leave a page."""

    setup: Setup
    batch: int
    present: int
    layers: Fold
    columns: Fold

    @classmethod
    def of(cls, state: State, slots: int) -> Plan:
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

    def lies_as(self, other: Plan | None) -> bool:
        """Whether all boxes are where they are in another one."""
        return (
            other is not None
            and len(self.columns) == len(other.columns)
            and self.layers == other.layers
            and self.spec == other.spec
            and self.setup.steps == other.setup.steps  # the width of a slot follows from their number
            and self.identities == other.identities
        )

    def shows_as(self, other: Plan | None) -> bool:
        """Whether all boxes are of the same cells and steps as in another one."""
        return (
            other is not None
            and self.columns == other.columns
            and (self.setup, self.batch, self.present) == (other.setup, other.batch, other.present)
        )
