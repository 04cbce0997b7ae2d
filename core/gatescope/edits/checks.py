"""What the values of edits must be, and what they must fit. Needs no torch."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from math import isfinite
from numbers import Integral, Real
from reprlib import repr as shortened
from typing import Any

from gatescope.messages.message import GatescopeError, describe_all
from gatescope.messages.number_format import format_whole
from gatescope.modules.spec import ModuleSpec

_LARGEST = {
    "float16": 65504.0, "bfloat16": 2.0**127 * (2 - 2.0**-7), "float32": 2.0**127 * (2 - 2.0**-23),
    "float64": 2.0**1023 * (2 - 2.0**-52),
}  # fmt: skip


@dataclass(frozen=True)
class Shape:
    """What edits must fit: a network and the sequence that it is fed.

    Parameters
    ----------
    spec : ModuleSpec
        The network's arguments.
    steps : int
        T.
    batch : int
        B; 1 for a sequence without a batch.
    tokens : bool
        Whether the steps have names.
    lengths : tuple of int, optional
        How many steps each batch element has, where they differ.
    """

    spec: ModuleSpec
    steps: int
    batch: int = 1
    tokens: bool = False
    lengths: tuple[int, ...] | None = None


# ---- what values may be, whatever the network ----


def make_whole(edit: object, *names: str) -> None:
    """Make fields whole numbers of Python's own kind; refuse what is none (`not_whole`, `out_of_range`)."""
    for name in names:
        object.__setattr__(edit, name, as_index(name, getattr(edit, name)))


def make_number(edit: object, name: str) -> None:
    """Make a field a float; refuse what is no finite number (`edit_not_number`)."""
    object.__setattr__(edit, name, as_number(name, getattr(edit, name)))


def make_text(edit: object, *names: str) -> None:
    """Refuse fields that are no text (`edit_not_text`)."""
    for name in names:
        if not isinstance(getattr(edit, name), str):
            raise GatescopeError("edit_not_text", name=name, value=shortened(getattr(edit, name)))


def as_index(name: str, value: Any) -> int:
    """Return a whole number from 0 on."""
    if isinstance(value, bool) or not isinstance(value, Integral):
        raise GatescopeError("not_whole", name=name, value=shortened(value))
    index = int(value)
    if not 0 <= index < 2**63:
        raise GatescopeError("out_of_range", name=name, allowed="0 … 2^63 - 1", value=format_whole(index))
    return index


def as_indices(name: str, values: Any) -> tuple[int, ...]:
    """Return one or more whole numbers from 0 on."""
    if isinstance(values, str) or not isinstance(values, Iterable):
        raise GatescopeError("edit_not_several", name=name, value=shortened(values))
    indices = tuple(as_index(name, value) for value in values)
    if not indices:
        raise GatescopeError("edit_not_several", name=name, value="()")
    return indices


def as_number(name: str, value: Any) -> float:
    """Return a finite number."""
    if isinstance(value, bool) or not isinstance(value, Real):
        raise GatescopeError("edit_not_number", name=name, value=shortened(value))
    number = _as_float(value)
    if not isfinite(number):
        raise GatescopeError("edit_not_number", name=name, value=f"{number:g}")
    return number


def _as_float(value: Any) -> float:
    try:
        return float(value)
    except OverflowError:
        return float("inf") if value > 0 else float("-inf")


# ---- what a run has ----


def refuse(name: str, allowed: object, value: object) -> None:
    """Say what a value must be."""
    raise GatescopeError("out_of_range", name=name, allowed=allowed, value=value)


def check_index(name: str, value: int, size: int) -> None:
    """Refuse an index that a dimension of that size does not have."""
    if value >= size:
        refuse(name, f"0 … {size - 1}" if size > 1 else "0", value)


def check_step(t: int, batch: int, shape: Shape) -> None:
    """Refuse a step or batch element that the sequence does not have."""
    check_index("batch", batch, shape.batch)
    check_index("t", t, shape.steps if shape.lengths is None else shape.lengths[batch])


def check_cell(layer: int, direction: str, spec: ModuleSpec) -> None:
    """Refuse a layer or direction that the network does not have."""
    if layer >= spec.num_layers:
        raise GatescopeError("no_such_layer", last=spec.num_layers - 1, value=layer)
    if direction not in spec.directions:
        raise GatescopeError("no_such_direction", allowed=describe_all(spec.directions), value=direction)


def check_fits_dtype(value: float, shape: Shape) -> None:
    """Refuse a number that would be infinite in the network's dtype."""
    largest = _LARGEST[shape.spec.dtype]
    if abs(value) > largest:
        allowed = f"-{largest:g} … {largest:g} ({shape.spec.dtype})"
        raise GatescopeError("out_of_range", name="value", allowed=allowed, value=value)


def units_of(spec: ModuleSpec, quantity: str) -> int:
    """Return how many units a quantity has."""
    return spec.output_size if quantity == "h" else spec.hidden_size
