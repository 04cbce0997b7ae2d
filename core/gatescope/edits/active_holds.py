"""What is held by hand of one layer in one direction, as tensors: where, and at which values."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from functools import cached_property
from itertools import accumulate, pairwise

import torch
from torch import Tensor

from gatescope.cells.cell import Cell
from gatescope.cells.weights import Weights
from gatescope.edits.edits import Hold

_HeldTensors = dict[str, tuple[Tensor, Tensor]]


@dataclass(frozen=True, eq=False)
class HoldSegment:
    """Neighbouring steps at which the same is held, or nothing; a `gatescope.cells.values.Holding`.

    Parameters
    ----------
    start, stop : int
        From step `start` to step `stop` - 1, as positions in the input.
    holds : tuple of Hold
        Those that act here, in their order.
    units : dict of str to int
        How many units each quantity has.
    like : Tensor
        Of the run's dtype and device, (T, B, K).
    """

    start: int
    stop: int
    holds: tuple[Hold, ...]
    units: dict[str, int]
    like: Tensor

    @property
    def part(self) -> slice:
        """Its steps."""
        return slice(self.start, self.stop)

    @cached_property
    def elements(self) -> Tensor:
        """Of which batch elements something is held, (B,)."""
        elements = self.like.new_zeros(self.like.shape[1]).bool()
        for hold in self.holds:
            elements[slice(None) if hold.batch is None else list(hold.batch)] = True
        return elements

    def split_first_step(self, *, reverse: bool) -> tuple[HoldSegment, HoldSegment]:
        """Return the step that runs first, and the others; there may be none."""
        t = self.stop - 1 if reverse else self.start
        others = replace(self, stop=t) if reverse else replace(self, start=t + 1)
        return replace(self, start=t, stop=t + 1), others

    def __call__(self, name: str, values: Tensor) -> Tensor:
        """Return the values of a quantity as they are held, (..., units) with B rows for each step."""
        if name not in self.tensors:
            return values
        mask, held = self.tensors[name]
        batch, units = mask.shape
        return torch.where(mask, held, values.reshape(-1, batch, units)).view_as(values)

    @cached_property
    def tensors(self) -> _HeldTensors:
        """Where each quantity is held, and at what; both (B, units). Of two holds the later one acts."""
        batch, tensors = self.like.shape[1], _HeldTensors()
        for hold in self.holds:
            if hold.quantity not in tensors:
                values = self.like.new_zeros(batch, self.units[hold.quantity])
                tensors[hold.quantity] = values.bool(), values
            mask, values = tensors[hold.quantity]
            rows, columns = list(hold.batch or range(batch)), list(hold.units or range(values.shape[1]))
            place = torch.tensor(rows, device=mask.device)[:, None], torch.tensor(columns, device=mask.device)
            mask[place], values[place] = True, hold.value
        return tensors

    def following(self, cell: Cell) -> dict[str, Tensor]:
        """Return what is held or follows from it in the same step, each (B, units)."""
        found = {name: mask for name, (mask, _) in self.tensors.items()}
        for name in cell.names:
            for source in cell.made_of.get(name, ()):
                if source in found:
                    reached = self._as_units_of(name, found[source], mixed=name in cell.mixing)
                    found[name] = found[name] | reached if name in found else reached
        return found

    def _as_units_of(self, name: str, mask: Tensor, *, mixed: bool) -> Tensor:
        """Say of the units of another quantity whether they follow; a projection, too, mixes all of them."""
        units = self.units[name]
        return mask if mask.shape[1] == units and not mixed else mask.any(dim=1, keepdim=True).expand(-1, units)


@dataclass(frozen=True, eq=False)
class ActiveHolds:
    """What is held of one layer in one direction; nothing where there are no holds.

    Parameters
    ----------
    holds : tuple of Hold
        Those of this layer and direction, checked, by the quantities' own names; in their order.
    cell : Cell
        Which kind.
    weights : Weights
        Its parameters.
    like : Tensor
        Of the run's dtype and device, (T, B, K).
    """

    holds: tuple[Hold, ...]
    cell: Cell
    weights: Weights
    like: Tensor

    def __bool__(self) -> bool:
        return bool(self.holds)

    @cached_property
    def segments(self) -> tuple[HoldSegment, ...]:
        """All steps, cut wherever something else is held; in the order of the input."""
        steps = len(self.like)
        changes = Counter({0: 0, steps: 0})  # how many holds more there are from a step on
        for _, acting in self._steps:
            changes[acting.start] += 1
            changes[acting.stop] -= 1
        borders = sorted(changes)
        acting_from = accumulate(changes[border] for border in borders)
        return tuple(
            HoldSegment(start, stop, self._acting(start) if count else (), self._units, self.like)
            for (start, stop), count in zip(pairwise(borders), acting_from, strict=False)
        )

    def changes(self, *, reverse: bool) -> Iterator[tuple[HoldSegment, dict[str, Tensor]]]:
        """Yield the segments from the first hold on, in the order of the run, and which values a hold reaches there.

        Where holds of further batch elements begin comes a single step, of which only some of their values follow:
        those masks are (B, units). Later a hold reaches all of its batch elements: the masks are (B, 1).
        """
        reached = self.like.new_zeros(self.like.shape[1], 1).bool()
        for segment in self.ordered(reverse=reverse):
            rest, new = segment, segment.elements[:, None] & ~reached
            if new.any():
                first, rest = segment.split_first_step(reverse=reverse)
                following = {name: mask | reached for name, mask in first.following(self.cell).items()}
                yield first, dict.fromkeys(self.cell.names, reached) | following
                reached = reached | new
            if reached.any() and rest.start < rest.stop:
                yield rest, dict.fromkeys(self.cell.names, reached)

    def ordered(self, *, reverse: bool) -> tuple[HoldSegment, ...]:
        """Return the segments in the order of the run."""
        return self.segments[::-1] if reverse else self.segments

    @property
    def everywhere(self) -> bool:
        """Whether something of every batch element is held at every step."""
        return all(bool(segment.elements.all()) for segment in self.segments)

    def __call__(self, name: str, values: Tensor) -> Tensor:
        """Return a quantity of all steps as it is held, (T*B, units)."""
        if all(hold.quantity != name for hold in self.holds):
            return values
        steps, batch = self.like.shape[:2]
        parts = values.view(steps, batch, values.shape[-1])
        return torch.cat([segment(name, parts[segment.part]) for segment in self.segments]).view_as(values)

    def mask(self, name: str) -> Tensor | None:
        """Return where a quantity is held, (T, B, units); None where nowhere."""
        if all(hold.quantity != name for hold in self.holds):
            return None
        mask = self.like.new_zeros(*self.like.shape[:2], self._units[name]).bool()
        for segment in self.segments:
            if name in segment.tensors:
                mask[segment.part] = segment.tensors[name][0]
        return mask

    @cached_property
    def _steps(self) -> list[tuple[Hold, range]]:
        return [(hold, hold.steps(len(self.like))) for hold in self.holds]

    def _acting(self, t: int) -> tuple[Hold, ...]:
        return tuple(hold for hold, acting in self._steps if t in acting)

    @cached_property
    def _units(self) -> dict[str, int]:
        return dict.fromkeys(self.cell.names, self.weights.hidden_size) | {"h": self.weights.parameters.w_hh.shape[1]}


def holds_of(holds: Iterable[Hold], layer: int, direction: str) -> tuple[Hold, ...]:
    """Return those of one layer and direction."""
    return tuple(hold for hold in holds if (hold.layer, hold.direction) == (layer, direction))


def count_held(held: ActiveHolds, present: Tensor | None) -> int:
    """Return how many values are held, over all steps that there are: `present` is (T, B), None for all."""
    masks = [mask for name in held.cell.names if (mask := held.mask(name)) is not None]
    return sum(int((mask if present is None else mask & present[..., None]).sum()) for mask in masks)
