"""What there is to show of one cell's parameters: a map for each, with the gates' blocks of rows."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from gatescope.analysis.histograms import Histogram, histogram
from gatescope.messages.message import Progress
from gatescope.modules.spec import Direction, ModuleSpec
from gatescope_app.panels.weights.levels import ReductionLevels

if TYPE_CHECKING:  # imports torch
    from gatescope.traces.trace import Trace

Numbers = NDArray[np.floating[Any]]

SUM = "b_sum"
"""The map that is no parameter: both biases added."""

_KINDS = {"weight_ih": "w_ih", "weight_hh": "w_hh", "bias_ih": "b_ih", "bias_hh": "b_hh", "weight_hr": "w_hr"}


class MapPlace(NamedTuple):
    """A number: of which map, and where in it."""

    kind: str
    row: int
    column: int


@dataclass(frozen=True)
class GateBlock:
    """The rows of one gate."""

    gate: str
    rows: slice

    @property
    def size(self) -> int:
        """How many rows it has."""
        return int(self.rows.stop - self.rows.start)


@dataclass(frozen=True, eq=False)
class WeightMap:
    """One parameter.

    Parameters
    ----------
    kind : str
        What `Session.point_at` calls it, or `SUM`.
    name : str
        What torch calls it; of the sum both names.
    numbers : ndarray
        (rows, columns), in the order in which torch packs them; a bias has one column.
    blocks : tuple of Block
        The gates' rows from top to bottom; what lies in none of them has no number.
    vector : bool
        Whether the parameter has no second dimension.
    levels : tuple of Levels
        The numbers of each block, to be drawn at any size.
    """

    kind: str
    name: str
    numbers: Numbers
    blocks: tuple[GateBlock, ...]
    vector: bool
    levels: tuple[ReductionLevels, ...]

    @property
    def columns(self) -> int:
        """How many columns it has."""
        return int(self.numbers.shape[1])

    @property
    def editable(self) -> bool:
        """Whether the network has these numbers; a sum only follows from them."""
        return self.kind != SUM

    def block_at(self, row: int) -> GateBlock | None:
        """Return whose row that is."""
        return next((block for block in self.blocks if block.rows.start <= row < block.rows.stop), None)

    def block_of(self, gate: str) -> GateBlock | None:
        """Return a gate's rows."""
        return next((block for block in self.blocks if block.gate == gate), None)

    def index(self, row: int, column: int) -> tuple[int, ...]:
        """Return the index into torch's tensor."""
        return (row,) if self.vector else (row, column)


@dataclass(frozen=True, eq=False)
class CellMaps:
    """All parameters of the cell of one layer and direction.

    Parameters
    ----------
    spec : ModuleSpec
        The network's arguments.
    layer, direction
        Which cell.
    maps : tuple of WeightMap
        From left to right.
    limit : float
        The largest magnitude among them, at which the colours end; never 0.
    """

    spec: ModuleSpec
    layer: int
    direction: Direction
    maps: tuple[WeightMap, ...]
    limit: float

    def __iter__(self) -> Iterator[WeightMap]:
        return iter(self.maps)

    def of(self, kind: str) -> WeightMap | None:
        """Return a map by its kind, where the cell has it."""
        return next((one for one in self.maps if one.kind == kind), None)

    def get(self, kind: str) -> WeightMap:
        """Return a map that the cell has."""
        return next(one for one in self.maps if one.kind == kind)

    @property
    def packed(self) -> tuple[GateBlock, ...]:
        """The blocks of the packed parameters, from top to bottom."""
        return self.maps[0].blocks

    def number(self, place: MapPlace) -> np.floating[Any] | None:
        """Return the number at a place; None where there is none."""
        one = self.of(place.kind)
        if one is None or one.block_at(place.row) is None:
            return None
        number: np.floating[Any] = one.numbers[place.row, place.column]
        return number


def kind_of(parameter: str) -> str:
    """Return which kind of parameter torch's name stands for."""
    return _KINDS["_".join(parameter.split("_")[:2])]


def cell_maps(trace: Trace, layer: int, direction: Direction, progress: Progress | None = None) -> CellMaps:
    """Gather the parameters of a cell as arrays in memory.

    Raises
    ------
    Cancelled
        As `progress` does.
    """
    spec = trace.spec
    maps: list[WeightMap] = []
    further = spec.cell.further_shapes(spec.input_size, spec.hidden_size)  # have no rows for each gate
    for name in (name for name in spec.cell_parameters(layer, direction) if name not in further):
        if progress is not None:
            progress(len(maps) / len(spec.parameters()))
        maps.append(_parameter(trace, name))
    biases = [index for index, one in enumerate(maps) if one.vector]
    if biases:
        maps.insert(biases[-1] + 1, _sum(trace, [maps[index] for index in biases]))
    return CellMaps(spec, layer, direction, tuple(maps), _largest(maps))


def _parameter(trace: Trace, name: str) -> WeightMap:
    from gatescope.traces.trace import as_numpy  # noqa: PLC0415 - imports torch, which is there once there is a trace

    tensor, spec, kind = trace.weights[name], trace.spec, kind_of(name)
    if kind == "w_hr":
        blocks: tuple[GateBlock, ...] = (GateBlock("h", slice(0, spec.proj_size)),)
    else:
        blocks = tuple(GateBlock(gate, spec.gate_rows(gate)) for gate in spec.cell.packed)
    return _map(kind, name, as_numpy(tensor), blocks)


def _sum(trace: Trace, biases: list[WeightMap]) -> WeightMap:
    """Add both biases in the network's own dtype; but not where something lies between the two."""
    from gatescope.traces.trace import as_numpy  # noqa: PLC0415 - as above

    first, second = (trace.weights[one.name] for one in biases)
    blocks = tuple(block for block in biases[0].blocks if not trace.spec.cell.keeps_biases_apart(block.gate))
    return _map(SUM, " + ".join(one.name for one in biases), as_numpy(first + second), blocks)


def _map(kind: str, name: str, values: Numbers, blocks: tuple[GateBlock, ...]) -> WeightMap:
    numbers = values.reshape(len(values), -1)
    levels = tuple(ReductionLevels(numbers[block.rows]) for block in blocks)
    return WeightMap(kind, name, numbers, blocks, values.ndim == 1, levels)


def _largest(maps: list[WeightMap]) -> float:
    """Return the largest finite magnitude; 1 where there is none but zeros."""
    return max(levels.largest for one in maps for levels in one.levels) or 1.0


def histograms_of(maps: CellMaps, gate: str) -> tuple[Histogram, ...]:
    """Return one for each parameter in which a gate has a block."""
    found = ((one, one.block_of(gate)) for one in maps if one.kind != SUM)
    return tuple(histogram(one.name, one.numbers[block.rows]) for one, block in found if block is not None)
