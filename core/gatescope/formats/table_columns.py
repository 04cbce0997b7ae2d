"""The columns of an exported trace, and its table, which is made part by part: CSV and Parquet are written from it.

A further column is one entry, in `PLACES` where it says which row this is, in `NUMBERS` where it has a number for each
unit. It is then in both layouts of CSV where it can be, in Parquet, and as a variable in xarray.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any, Literal, NamedTuple

import numpy as np
import polars as pl
import torch
from numpy.typing import NDArray
from torch import Tensor

from gatescope.traces.trace import CellTrace, Trace, as_numpy
from gatescope.verification.report import Report

Layout = Literal["long", "wide"]
"""A row for each unit at each step, or a row for each step."""

_STEP, _BATCH, _CELL, _UNIT = range(4)
_PART = 1 << 20  # values of one quantity in one part: bounds the memory, and how long a cancel waits


@dataclass(frozen=True, eq=False)
class Rows:
    """The rows of some consecutive steps: in the long layout (t, B, L*D, H) of them, in the wide one (t, B).

    Parameters
    ----------
    trace : Trace
        Of which.
    steps : range
        Which of its steps.
    report : Report, optional
        Its verification, for references and errors.
    """

    trace: Trace
    steps: range
    report: Report | None = None

    @property
    def part(self) -> slice:
        """The steps, as an index."""
        return slice(self.steps.start, self.steps.stop)

    @property
    def cells(self) -> list[CellTrace]:
        """L*D of them, in the order of the rows."""
        return list(self.trace.cells.values())

    @property
    def shape(self) -> tuple[int, int, int, int]:
        """That of the long layout."""
        return len(self.steps), self.trace.batch_size, len(self.trace.cells), self.trace.spec.hidden_size


class PlaceColumn(NamedTuple):
    """A column that says which row this is.

    Parameters
    ----------
    name : str
        Its header.
    axis : int
        Along which axis of (t, B, L*D, H) it changes; the wide layout has the first two.
    values : callable
        Returns one item for each index along that axis; None where this trace has no such column.
    """

    name: str
    axis: int
    values: Callable[[Rows], range | Sequence[int] | Sequence[str] | None]


class NumberColumn(NamedTuple):
    """A column for each of some quantities, with a number for each unit.

    Parameters
    ----------
    name : str
        Its header, with {} for the quantity's name.
    quantities : callable
        Returns which quantities have it.
    values : callable
        Returns its numbers for one cell, (t, B, units).
    wide : bool
        Whether the wide layout has it as well.
    """

    name: str
    quantities: Callable[[Rows], Iterable[str]]
    values: Callable[[Rows, CellTrace, str], Tensor]
    wide: bool = False


def _tokens(rows: Rows) -> list[str] | None:
    # Half of a surrogate pair, which a broken argument or paste may hold, has no form in UTF-8.
    tokens = rows.trace.tokens
    if tokens is None:
        return None
    return [token.encode(errors="backslashreplace").decode() for token in tokens[rows.part]]


def _quantities(rows: Rows) -> tuple[str, ...]:
    return rows.trace.spec.cell.names


def _verified(rows: Rows) -> tuple[str, ...]:
    return () if rows.report is None else rows.report.states


def _recorded(rows: Rows, cell: CellTrace, name: str) -> Tensor:
    return cell.quantity(name)[rows.part]


def _reference(rows: Rows, cell: CellTrace, name: str) -> Tensor:
    assert rows.report is not None
    return rows.report.reference(name, cell.layer, cell.direction)[rows.part]


def _error(rows: Rows, cell: CellTrace, name: str) -> Tensor:
    # Subtracted part by part: `Report.resynced` would go over all steps for each part.
    return (_recorded(rows, cell, name) - _reference(rows, cell, name)).abs()


PLACES = (
    PlaceColumn("t", _STEP, lambda rows: rows.steps),
    PlaceColumn("token", _STEP, _tokens),
    PlaceColumn("batch", _BATCH, lambda rows: range(rows.trace.batch_size)),
    PlaceColumn("layer", _CELL, lambda rows: [cell.layer for cell in rows.cells]),
    PlaceColumn("direction", _CELL, lambda rows: [cell.direction for cell in rows.cells]),
    PlaceColumn("unit", _UNIT, lambda rows: range(rows.trace.spec.hidden_size)),
)

NUMBERS = (
    NumberColumn("{}", _quantities, _recorded, wide=True),
    NumberColumn("{}_ref", _verified, _reference),
    NumberColumn("{}_err", _verified, _error),
)


def parts_of(trace: Trace) -> list[range]:
    """Return the steps of each part of its table."""
    size = max(1, _PART // (max(1, trace.batch_size) * len(trace.cells) * trace.spec.hidden_size))
    return [range(start, min(start + size, len(trace))) for start in range(0, len(trace), size)]


def frames(trace: Trace, layout: Layout, report: Report | None = None) -> Iterator[pl.DataFrame]:
    """Yield the table of a trace in consecutive parts of some steps each; a long one with a report's references."""
    table = _wide_table if layout == "wide" else _long_table
    return (table(Rows(trace, steps, report)) for steps in parts_of(trace))


def _long_table(rows: Rows) -> pl.DataFrame:
    columns = _places(rows, rows.shape)
    for column in NUMBERS:
        for name in column.quantities(rows):
            per_cell = [column.values(rows, cell, name) for cell in rows.cells]
            columns[column.name.format(name)] = _stacked(per_cell, rows.shape)
    present = rows.cells[0].present
    if present is None:
        return pl.DataFrame(columns)
    there = present[rows.part].cpu().numpy()[:, :, None, None]
    return pl.DataFrame(columns).filter(np.broadcast_to(there, rows.shape).reshape(-1))


def _wide_table(rows: Rows) -> pl.DataFrame:
    columns = _places(rows, rows.shape[:2])
    for (layer, direction), cell in rows.trace.cells.items():
        for column in (one for one in NUMBERS if one.wide):
            for name in column.quantities(rows):
                values = as_numpy(column.values(rows, cell, name).flatten(0, 1).T.contiguous())  # (units, t*B)
                header = f"l{layer}.{direction}.{column.name.format(name)}"
                columns |= {f"{header}.{unit}": of_unit for unit, of_unit in enumerate(values)}
    present = rows.cells[0].present
    if present is None:
        return pl.DataFrame(columns)
    there = pl.Series(present[rows.part].cpu().numpy().reshape(-1))
    numbers = pl.selectors.starts_with("l")
    return pl.DataFrame(columns).with_columns(pl.when(there).then(numbers).otherwise(None).name.keep())


def _places(rows: Rows, shape: tuple[int, ...]) -> dict[str, Any]:
    columns = ((place, place.values(rows)) for place in PLACES if place.axis < len(shape))
    return {place.name: _along(place.axis, values, shape) for place, values in columns if values is not None}


def _along(axis: int, values: range | Sequence[int] | Sequence[str], shape: tuple[int, ...]) -> pl.Series:
    """Return the column of a value for each index along one axis of the rows."""
    if values and isinstance(values[0], str):
        return pl.Series(values, dtype=pl.String).gather(_along(axis, range(len(values)), shape))
    there = [shape[axis] if one == axis else 1 for one in range(len(shape))]
    return pl.Series(np.broadcast_to(np.array(values, dtype=np.int64).reshape(there), shape).reshape(-1))


def _stacked(per_cell: list[Tensor], shape: tuple[int, ...]) -> pl.Series:
    """Put the cells' (t, B, units) side by side as one column; rows of units that do not exist are empty."""
    values: NDArray[Any] = as_numpy(torch.stack(per_cell, dim=2))  # (t, B, L*D, units)
    units = values.shape[-1]
    if units == shape[-1]:
        return pl.Series(values.reshape(-1))
    padded = np.zeros(shape, dtype=values.dtype)
    padded[..., :units] = values
    present = np.broadcast_to(np.arange(shape[-1]) < units, shape).reshape(-1)
    return pl.select(pl.when(pl.Series(present)).then(pl.Series(padded.reshape(-1)))).to_series()
