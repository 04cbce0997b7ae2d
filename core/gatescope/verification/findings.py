"""What a verification finds: differences, values that are not finite, and the comparison of one cell."""

from __future__ import annotations

from dataclasses import dataclass
from typing import NamedTuple

from torch import Tensor

from gatescope.cells.values import Values
from gatescope.messages.message import Message, describe_all
from gatescope.modules.spec import Direction
from gatescope.traces.trace import CellTrace


@dataclass(frozen=True)
class Worst:
    """One difference and where it is; `ratio` is `error / bound`."""

    error: float
    bound: float
    ratio: float
    t: int
    batch: int
    layer: int
    direction: Direction
    quantity: str
    unit: int


@dataclass(frozen=True)
class Deviation:
    """A difference within the worst case that rounding is not likely to make: see `gatescope.verification.sharp`.

    `error` is larger than `bound`, which a correct run exceeds nowhere, but with a probability of 1e-9. `t` and `batch`
    are where it is the largest part of that. For a gate `preactivation` is the name of its pre-activation, and how far
    off that is by itself.

    A mean over `steps`, more than one, has no `t` and `batch`: both are -1. One over several `units` has no `unit`.
    """

    error: float
    bound: float
    t: int
    batch: int
    layer: int
    direction: Direction
    quantity: str
    unit: int
    preactivation: tuple[str, float] | None = None
    steps: int = 1
    units: int = 1

    def verdict(self, module: Message | str, where: Message) -> Message:
        """Say that a run of `module` deviates, and how; `where` is the cell and the batch element."""
        fields = {key: getattr(self, key) for key in ("t", "quantity", "unit", "layer", "batch", "steps", "units")}
        fields |= {"error": f"{self.error:.2g}", "bound": f"{self.bound:.2g}", "direction": Message(self.direction)}
        fields |= {"module": module, "where": where}
        if self.units > 1:
            return Message("deviates_over_units", fields)
        if self.steps > 1:
            return Message("deviates_on_average", fields)
        if self.preactivation is None:
            return Message("deviates", fields)
        name, z_error = self.preactivation
        return Message("deviates_in_gate", fields | {"z": name, "z_error": f"{z_error:.2g}"})


@dataclass(frozen=True)
class NonFinite:
    """Where NaN or infinity first comes in: a parameter's name, `h0`, `c0`, `x`, or a quantity; and at which t."""

    place: str | Message
    t: int

    @property
    def where(self) -> str:
        """The place, in English."""
        return str(self.place)


class CrossCheck(NamedTuple):
    """How two ways to the kernel's gates agree: over so many rows, the largest difference of each over its bound."""

    rows: int
    ratios: dict[str, float]


class CellReport(NamedTuple):
    """The comparison of one layer in one direction: by quantity, the re-synced reference and the bound.

    `cell` is the record with what should have been run, see `gatescope.verification.expected_cell`.

    Where something is held by hand, `without_counterpart` says what of each quantity torch cannot tell, (T, B, units);
    there both are NaN, but where the record is wrong by itself: then they are what it should be. `gathered` is the part
    of the bound of h that came together over the steps before. `unshown` says how many values of each gate the kernel
    could not be made to show; there the reference is NaN and the bound is none the less a number.
    """

    cell: CellTrace
    reference: Values
    bound: Values
    cross_check: CrossCheck | None = None
    without_counterpart: Values | None = None
    gathered: Tensor | None = None
    unshown: dict[str, int] | None = None

    def unshown_mask(self, quantity: str) -> Tensor:
        """Return which values of a gate the kernel could not be made to show."""
        return self.reference[quantity].isnan() & self.bound[quantity].isfinite()


def difference(ours: Tensor, theirs: Tensor) -> Tensor:
    """Return |ours - theirs|; of 16-bit numbers in float32, since their difference may be no 16-bit number."""
    return (ours - theirs).abs() if ours.dtype.itemsize > 2 else (ours.float() - theirs.float()).abs()


@dataclass(frozen=True)
class ModuleDifference:
    """What a module returned that its weights do not make of the same arguments.

    Parameters
    ----------
    place : str
        `output`, `h_n` or `c_n`; of a cell module `h` or `c`, over all steps.
    error : float
        The largest difference there; infinite where there is nothing to compare.
    bound : float
        What rounding makes of it at most: 0 where both sides are the same call of the kernel.
    reasons : tuple of Message
        What was found that may be why.
    """

    place: str
    error: float
    bound: float
    reasons: tuple[Message, ...]

    @property
    def verdict(self) -> Message:
        """What is said of it."""
        found = {"place": self.place, "error": f"{self.error:.2g}", "reasons": describe_all(self.reasons)}
        return Message("module_differs", found)


class ModuleAnswer(NamedTuple):
    """What came of asking a module itself: a difference, or why it was not asked, or neither where all is well."""

    difference: ModuleDifference | None = None
    not_asked: Message | None = None
