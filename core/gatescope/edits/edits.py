"""What-if edits: each names one thing to change in a run. Needs no torch."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Hashable, Iterable, Sequence
from dataclasses import dataclass, replace
from reprlib import repr as shortened
from typing import ClassVar

from gatescope.cells.cell import Cell
from gatescope.edits.checks import (
    Shape,
    as_indices,
    as_number,
    check_cell,
    check_fits_dtype,
    check_index,
    check_step,
    make_number,
    make_text,
    make_whole,
    refuse,
    units_of,
)
from gatescope.messages.message import GatescopeError, Message, describe_all
from gatescope.modules.spec import Direction

_LISTED = 4  # numbers that a label names before it only counts


class Edit(ABC):
    """One thing to change; a value that compares and hashes."""

    _new: ClassVar[tuple[str, ...]] = ("value",)  # the fields that say what is there afterwards

    @property
    def target(self) -> Hashable:
        """What it changes; two edits of one target in a row may be merged, as those of a drag."""
        return (type(self), *(value for name, value in vars(self).items() if name not in self._new))

    @property
    @abstractmethod
    def label(self) -> Message:
        """What it does, for menus and lists."""

    @abstractmethod
    def check(self, shape: Shape) -> None:
        """Refuse what a run does not have.

        Parameters
        ----------
        shape : Shape
            The network and the sequence; a trace's is checked when it is computed.

        Raises
        ------
        GatescopeError
            Which names what is wrong and what would be right.
        """


@dataclass(frozen=True)
class InputEdit(Edit):
    """Feed another number: x[column] of one batch element at step t.

    Parameters
    ----------
    t, column : int
        Which number, as a position in the input.
    value : float
        Any finite number.
    batch : int
        Which batch element.

    Raises
    ------
    GatescopeError
        `not_whole`, `out_of_range`, `edit_not_number`.
    """

    t: int
    column: int
    value: float
    batch: int = 0

    def __post_init__(self) -> None:
        make_whole(self, "t", "column", "batch")
        make_number(self, "value")

    @property
    def label(self) -> Message:
        """Such as `x[2] at t = 3 set to 0.5`."""
        fields = {"column": self.column, "t": self.t, "value": _format_number(self.value)}
        return _in_batch(Message("edit_input", fields), self.batch)

    def check(self, shape: Shape) -> None:
        """Refuse a place that the sequence does not have."""
        check_step(self.t, self.batch, shape)
        check_index("column", self.column, shape.spec.input_size)
        check_fits_dtype(self.value, shape)


@dataclass(frozen=True)
class TokenEdit(Edit):
    """Feed another token to one batch element at step t: its name, and the numbers that it stands for.

    Parameters
    ----------
    t : int
        The step, as a position in the input.
    token : str
        What it is called.
    row : tuple of float
        The K numbers of x at that step.
    batch : int
        Which batch element.

    Raises
    ------
    GatescopeError
        `not_whole`, `out_of_range`, `edit_not_text`, `edit_not_several`, `edit_not_number`.
    """

    t: int
    token: str
    row: tuple[float, ...]
    batch: int = 0

    _new = ("token", "row")

    def __post_init__(self) -> None:
        make_whole(self, "t", "batch")
        make_text(self, "token")
        if isinstance(self.row, str) or not isinstance(self.row, Iterable):
            raise GatescopeError("edit_not_several", name="row", value=shortened(self.row))
        object.__setattr__(self, "row", tuple(as_number("row", value) for value in self.row))

    @property
    def label(self) -> Message:
        """Such as `token at t = 3 set to 'l'`."""
        return _in_batch(Message("edit_token", {"t": self.t, "token": shortened(self.token)}), self.batch)

    def check(self, shape: Shape) -> None:
        """Refuse a sequence without tokens, and a row of another width."""
        if not shape.tokens:
            raise GatescopeError("edit_no_tokens")
        check_step(self.t, self.batch, shape)
        if len(self.row) != shape.spec.input_size:
            raise GatescopeError("sequence_width", given=len(self.row), expected=shape.spec.input_size)
        for value in self.row:
            check_fits_dtype(value, shape)


@dataclass(frozen=True)
class StateEdit(Edit):
    """Start from another number: h0 or c0 of one unit of one layer and direction.

    Parameters
    ----------
    state : {"h0", "c0"}
        Which state.
    layer, direction, unit
        Whose.
    value : float
        Any finite number.
    batch : int
        Which batch element.

    Raises
    ------
    GatescopeError
        `not_whole`, `out_of_range`, `edit_not_text`, `edit_not_number`.
    """

    state: str
    layer: int
    direction: Direction
    unit: int
    value: float
    batch: int = 0

    def __post_init__(self) -> None:
        make_whole(self, "layer", "unit", "batch")
        make_text(self, "state", "direction")
        make_number(self, "value")

    @property
    def label(self) -> Message:
        """Such as `h0[2] set to 0.5`."""
        fields = {"place": f"{self.state}[{self.unit}]", "value": _format_number(self.value)}
        return _in_batch(_in_cell(Message("edit_set", fields), self.layer, self.direction), self.batch)

    def check(self, shape: Shape) -> None:
        """Refuse a state or unit that the network does not have."""
        spec = shape.spec
        if self.state not in spec.states:
            refuse("state", " / ".join(spec.states), self.state)
        check_cell(self.layer, self.direction, spec)
        check_index("unit", self.unit, units_of(spec, self.state[0]))
        check_index("batch", self.batch, shape.batch)
        check_fits_dtype(self.value, shape)


@dataclass(frozen=True)
class WeightEdit(Edit):
    """Compute with another weight or bias.

    Parameters
    ----------
    parameter : str
        Torch's name of it, such as `weight_ih_l0`.
    index : tuple of int
        Which number of it.
    value : float
        Any finite number.

    Raises
    ------
    GatescopeError
        `not_whole`, `out_of_range`, `edit_not_text`, `edit_not_several`, `edit_not_number`.
    """

    parameter: str
    index: tuple[int, ...]
    value: float

    def __post_init__(self) -> None:
        make_text(self, "parameter")
        object.__setattr__(self, "index", as_indices("index", self.index))
        make_number(self, "value")

    @property
    def label(self) -> Message:
        """Such as `weight_ih_l0[3, 1] set to 0.2`."""
        place = f"{self.parameter}[{', '.join(map(str, self.index))}]"
        return Message("edit_set", {"place": place, "value": _format_number(self.value)})

    def check(self, shape: Shape) -> None:
        """Refuse a parameter or place that the network does not have."""
        shapes = shape.spec.parameters()
        if self.parameter not in shapes:
            refuse("parameter", describe_all(shapes), self.parameter)
        sizes = shapes[self.parameter]
        if len(self.index) != len(sizes):
            raise GatescopeError("edit_index", name=self.parameter, shape=sizes, value=self.index)
        for dimension, (index, size) in enumerate(zip(self.index, sizes, strict=True)):
            check_index(f"index[{dimension}]", index, size)
        check_fits_dtype(self.value, shape)


@dataclass(frozen=True)
class Hold(Edit):
    """Hold a quantity at a value while the cell runs; all that is computed from it follows.

    Of several holds of the same value the later one acts.

    Parameters
    ----------
    quantity : str
        Its name, or torch's letter for it.
    value : float
        Any finite number, also beyond what a gate can reach.
    start, stop : int
        From step `start` to step `stop` - 1 of the input; None means to the end.
    layer, direction
        Which cell.
    units, batch : tuple of int, optional
        Which of them; None means all.
    """

    quantity: str
    value: float
    start: int = 0
    stop: int | None = None
    layer: int = 0
    direction: Direction = "forward"
    units: tuple[int, ...] | None = None
    batch: tuple[int, ...] | None = None

    def __post_init__(self) -> None:
        make_text(self, "quantity", "direction")
        make_number(self, "value")
        make_whole(self, "start", "layer")
        if self.stop is not None:
            make_whole(self, "stop")
            if self.stop <= self.start:
                raise GatescopeError("out_of_range", name="stop", allowed=f"> {self.start} (start)", value=self.stop)
        for name in ("units", "batch"):
            if getattr(self, name) is not None:
                object.__setattr__(self, name, tuple(sorted(set(as_indices(name, getattr(self, name))))))

    @property
    def label(self) -> Message:
        """Such as `f of unit 2 held at 1 at t = 3`."""
        fields = {"what": self._what, "value": _format_number(self.value), "when": self._when}
        held = _in_cell(Message("edit_hold", fields), self.layer, self.direction)
        if self.batch is None:
            return held
        return Message("edit_in_batch", {"edit": held, "batch": _listed(self.batch)})

    @property
    def _what(self) -> str | Message:
        if self.units is None:
            return self.quantity
        return Message("edit_of_unit", {"quantity": self.quantity, "unit": _listed(self.units)})

    @property
    def _when(self) -> Message:
        if self.stop is None:
            return Message("edit_from", {"t": self.start}) if self.start else Message("edit_always")
        if self.stop == self.start + 1:
            return Message("edit_at", {"t": self.start})
        return Message("edit_during", {"first": self.start, "last": self.stop - 1})

    def steps(self, count: int) -> range:
        """Return the steps at which it acts, of a sequence of `count`."""
        return range(self.start, count if self.stop is None else self.stop)

    def named(self, cell: Cell) -> Hold:
        """Return the same hold by the quantity's own name in a `cell`.

        Raises
        ------
        GatescopeError
            `no_such_quantity` where the cell has none of that name; pre-activations cannot be held.
        """
        own = {quantity.torch_name: quantity.name for quantity in cell.quantities} | {one: one for one in cell.names}
        if self.quantity not in own:
            raise GatescopeError("no_such_quantity", allowed=describe_all(cell.names), value=self.quantity)
        return replace(self, quantity=own[self.quantity])

    def check(self, shape: Shape) -> None:
        """Refuse a quantity, step, unit or batch element that the run does not have."""
        spec = shape.spec
        quantity = self.named(spec.cell).quantity
        check_cell(self.layer, self.direction, spec)
        check_index("start", self.start, shape.steps)
        if self.stop is not None and self.stop > shape.steps:
            refuse("stop", f"≤ {shape.steps}", self.stop)
        for unit in self.units or ():
            check_index("units", unit, units_of(spec, quantity))
        for element in self.batch or ():
            check_index("batch", element, shape.batch)
        check_fits_dtype(self.value, shape)


MOST_HOLDS = 1000
"""How many holds one run may have: more than anyone makes by hand, few enough to be worked through."""


def checked_holds(holds: Sequence[Hold], shape: Shape) -> tuple[Hold, ...]:
    """Return holds by their quantities' own names.

    Raises
    ------
    GatescopeError
        Where something is no hold, one does not fit, or there are too many.
    """
    given = tuple(holds) if isinstance(holds, Iterable) else (holds,)
    for hold in given:
        if not isinstance(hold, Hold) or isinstance(holds, Hold):
            raise GatescopeError("holds_unknown", given=type(hold).__name__)
        hold.check(shape)
    if len(given) > MOST_HOLDS:
        raise GatescopeError("holds_too_many", limit=MOST_HOLDS, given=len(given))
    return tuple(hold.named(shape.spec.cell) for hold in given)


# ---- labels ----


def _format_number(value: float) -> str:
    return f"{value:.6g}"


def _listed(numbers: tuple[int, ...]) -> str | Message:
    first = ", ".join(map(str, numbers[:_LISTED]))
    more = len(numbers) - _LISTED
    return Message("and_more", {"first": first, "count": more}) if more > 0 else first


def _in_cell(edit: Message, layer: int, direction: str) -> Message:
    if (layer, direction) == (0, "forward"):
        return edit
    # A direction that there is has a sentence of its own; any other is refused by `check`.
    way = Message(direction) if direction in ("forward", "reverse") else direction
    return Message("edit_in_cell", {"edit": edit, "layer": layer, "direction": way})


def _in_batch(edit: Message, batch: int) -> Message:
    return Message("edit_in_batch", {"edit": edit, "batch": batch}) if batch else edit
