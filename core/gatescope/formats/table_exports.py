"""A trace as a Parquet table, and as an `xarray.Dataset`."""

from __future__ import annotations

import io
import os
from collections.abc import Iterator
from contextlib import contextmanager
from typing import IO, TYPE_CHECKING, Any, BinaryIO, cast

import numpy as np
import polars as pl
from numpy.typing import NDArray
from polars.io.plugins import register_io_source

from gatescope.formats.files import whole_files
from gatescope.formats.table_columns import NUMBERS, NumberColumn, Rows, frames
from gatescope.messages.message import GatescopeError, Progress
from gatescope.traces.trace import Trace, as_numpy

if TYPE_CHECKING:
    import xarray


_GROUP = 1 << 18  # rows in a row group, which is what a reader that looks for some steps has to unpack


def write_parquet(trace: Trace, path: str | os.PathLike[str], progress: Progress | None = None) -> None:
    """Write the table of `Trace.to_parquet`; in parts, so that it is never in memory as a whole."""
    with whole_files(path) as (file,):
        _ParquetStream(trace, file, progress).sink()


def to_dataset(trace: Trace) -> xarray.Dataset:
    """Return what `Trace.to_xarray` does."""
    try:
        import xarray  # noqa: PLC0415 - only who asks for it needs it
    except ImportError:
        raise GatescopeError("xarray_missing", command="pip install xarray") from None
    rows = Rows(trace, range(len(trace)))
    pairs = [(column, name) for column in NUMBERS for name in column.quantities(rows)]
    variables = {column.name.format(name): _variable(rows, column, name) for column, name in pairs}
    origin = {
        "module": trace.spec.constructor(), "arithmetic": trace.arithmetic.name,
        "seed": trace.seed, "source": trace.source,
        "holds": "; ".join(str(hold.label) for hold in trace.holds) or None,
    }  # fmt: skip
    attributes = {name: value for name, value in origin.items() if value is not None}
    return xarray.Dataset(variables, _coordinates(trace), attributes)


class _ParquetStream(io.RawIOBase):
    """What polars reads the table of a trace from, part by part, and writes the file to.

    Of an exception in either polars would only pass a text on, if at all; so it is kept here.
    """

    def __init__(self, trace: Trace, file: BinaryIO, progress: Progress | None) -> None:
        self._trace, self._file, self._progress = trace, file, progress
        self.stopped_by: BaseException | None = None

    def sink(self) -> None:
        rows = register_io_source(self._frames_with_progress, schema=next(self._frames()).schema)
        try:
            rows.sink_parquet(cast("IO[bytes]", self), row_group_size=_GROUP, engine="streaming")
        except (pl.exceptions.PolarsError, OSError):
            if self.stopped_by is not None:
                raise self.stopped_by from None
            raise

    def writable(self) -> bool:
        return True

    def write(self, data: Any) -> int:
        with self._keeping_error():
            return self._file.write(data)

    def _frames_with_progress(self, *_: object) -> Iterator[pl.DataFrame]:
        # Polars says which columns and rows it needs, and for a file these are all.
        with self._keeping_error():
            for frame in self._frames():
                if self._progress is not None:
                    self._progress((frame["t"][-1] + 1) / len(self._trace))
                yield frame

    def _frames(self) -> Iterator[pl.DataFrame]:
        return frames(self._trace, "long")

    @contextmanager
    def _keeping_error(self) -> Iterator[None]:
        try:
            yield
        except GeneratorExit:  # polars asks for no more parts
            raise
        except BaseException as error:
            self.stopped_by = self.stopped_by or error
            raise


def _variable(rows: Rows, column: NumberColumn, name: str) -> tuple[tuple[str, ...], NDArray[Any], dict[str, str]]:
    """Return the dimensions, the values of all cells, (T, B, L, D, units), and the title of one column."""
    spec = rows.trace.spec
    per_layer = [
        np.stack([as_numpy(column.values(rows, rows.trace.cells[layer, way], name)) for way in spec.directions], axis=2)
        for layer in range(spec.num_layers)
    ]
    values = np.stack(per_layer, axis=2)
    unit = "unit" if values.shape[-1] == spec.hidden_size else "unit_h"
    titles = {one.name: one.title for one in spec.cell.quantities}
    return ("t", "batch", "layer", "direction", unit), values, {"long_name": column.name.format(titles[name])}


def _coordinates(trace: Trace) -> dict[str, Any]:
    spec = trace.spec
    coordinates: dict[str, Any] = {
        "t": np.arange(len(trace)),
        "batch": np.arange(trace.batch_size),
        "layer": np.arange(spec.num_layers),
        "direction": list(spec.directions),
        "unit": np.arange(spec.hidden_size),
    }
    if spec.proj_size:
        coordinates["unit_h"] = np.arange(spec.proj_size)
    if trace.tokens is not None:
        coordinates["token"] = ("t", list(trace.tokens))
    return coordinates
