"""The methods of `Trace` that make files and tables of it.

A trace knows nothing of files, so these are bound onto it where the package is put together (`gatescope.__getattr__`).
"""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

from gatescope.messages.message import GatescopeError, Progress
from gatescope.traces.trace import Trace
from gatescope.verification.report import Report
from gatescope.verification.verify import verify

if TYPE_CHECKING:
    import xarray

    from gatescope.formats.table_columns import Layout

# What these import takes as long as torch's own modules, and most runs are never written.


def to_csv(
    trace: Trace,
    path: str | os.PathLike[str],
    layout: Layout = "long",
    *,
    report: Report | None = None,
    progress: Progress | None = None,
) -> None:
    """Write the trace as CSV, and `PATH.json` beside it with where it came from.

    Parameters
    ----------
    trace : Trace
        What to write.
    path : path
        Written whole or not at all.
    layout : {"long", "wide"}
        A row for each unit at each step, or a row for each step.
    report : Report, optional
        The verification of this trace; computed when not given.
    progress : callable, optional
        Called with the fraction done, from 0 to 1; may raise `Cancelled` to stop.

    Raises
    ------
    GatescopeError
        `report_of_another` for the report of another trace; and where the file cannot be written.
    """
    if report is not None and report.trace.x.data_ptr() != trace.x.data_ptr():
        raise GatescopeError("report_of_another")
    from gatescope.formats.csv_export import write_csv  # noqa: PLC0415 - imported when used

    write_csv(report or verify(trace, gates=True), path, layout, progress)


def save(trace: Trace, path: str | os.PathLike[str], progress: Progress | None = None) -> None:
    """Write the trace into a file of its own, without its graph, in the format of `gatescope.formats.trace_file`.

    Parameters
    ----------
    trace : Trace
        What to write.
    path : path
        Written whole or not at all.
    progress : callable, optional
        As for `to_csv`.

    Raises
    ------
    GatescopeError
        Where the file cannot be written.
    """
    from gatescope.formats.trace_file import save_trace  # noqa: PLC0415 - imported when used

    save_trace(trace, path, progress)


def to_parquet(trace: Trace, path: str | os.PathLike[str], progress: Progress | None = None) -> None:
    """Write the trace as a Parquet table: a row for each unit at each step, a column for each quantity.

    The columns are `t, token, batch, layer, direction, unit` and the cell's quantities, as in the long CSV layout;
    there are no references, so nothing is verified.

    Parameters
    ----------
    trace : Trace
        What to write; bfloat16 becomes float32, which holds the same numbers.
    path : path
        Written whole or not at all.
    progress : callable, optional
        As for `to_csv`.

    Raises
    ------
    GatescopeError
        Where the file cannot be written.
    """
    from gatescope.formats.table_exports import write_parquet  # noqa: PLC0415 - imported when used

    write_parquet(trace, path, progress)


def to_xarray(trace: Trace) -> xarray.Dataset:
    """Return a copy in which every quantity is a variable with named dimensions (t, batch, layer, direction, unit).

    With a projection, h has the dimension `unit_h` instead of `unit`. Steps that a shorter element of a packed sequence
    does not have are NaN; bfloat16 becomes float32.

    Raises
    ------
    GatescopeError
        `xarray_missing` where xarray is not installed.
    """
    from gatescope.formats.table_exports import to_dataset  # noqa: PLC0415 - imported when used

    return to_dataset(trace)


for _method in (to_csv, save, to_parquet, to_xarray):
    setattr(Trace, _method.__name__, _method)
