"""Write a trace as CSV, and beside it a JSON file that says where it came from."""

from __future__ import annotations

import json
import os
import platform
from collections.abc import Iterator, Sequence
from dataclasses import asdict
from importlib.metadata import version
from typing import Any, Literal, get_args

import numpy as np
import polars as pl
import torch
from numpy.typing import NDArray
from torch import Tensor

from gatescope.edits.edits import Edit
from gatescope.formats.files import is_special, whole_files
from gatescope.messages.message import GatescopeError, Progress
from gatescope.traces.trace import CellTrace, Trace, as_numpy
from gatescope.verification.report import Report

Layout = Literal["long", "wide"]

_PART = 1 << 20  # values of one quantity in one part: bounds the memory, and how long a cancel waits


def write_csv(
    report: Report, path: str | os.PathLike[str], layout: Layout = "long", progress: Progress | None = None,
    edits: Sequence[Edit] = (),
) -> None:  # fmt: skip
    """Write the trace of a report to `path`, and its origin to `path` + `.json`; both whole or neither.

    The long layout has the columns `t, token, batch, layer, direction, unit`, the cell's quantities (`f, i, c_tilde,
    c, o, h` of an LSTM), and for its states the reference and the error, such as `c_ref, h_ref, c_err, h_err`; sorted
    by t, batch, layer, direction, unit; `token` only where steps have one. The reference and the errors are the
    re-synced ones. The wide layout has a row for each t and batch element, and columns such as `l0.forward.f.0`.
    Floats have the shortest form that reads back to the same bits. Steps that a shorter element of a packed sequence
    does not have are left out of the long layout, and empty in the wide one.

    Parameters
    ----------
    report : Report
        Holds the trace.
    path : path
        Where to write.
    layout : {"long", "wide"}
        Which of the two.
    progress : callable, optional
        Called with the fraction done, from 0 to 1; may raise `Cancelled` to stop.
    edits : sequence of Edit
        What was changed by hand before this run, for the file beside.

    Raises
    ------
    GatescopeError
        Where the file cannot be written.
    """
    if layout not in get_args(Layout):
        raise GatescopeError("layout_unknown", value=layout)
    parts = _parts(report.trace)
    # A pipe has no place beside it.
    paths = (path,) if is_special(path) else (path, f"{os.fspath(path)}.json")
    with whole_files(*paths) as (file, *beside):
        for done, frame in enumerate(frames(report.trace, layout, report)):
            frame.write_csv(file, include_header=done == 0)
            if progress is not None:
                progress((done + 1) / len(parts))
        for origin_file in beside:
            origin_file.write(json.dumps(origin(report, edits), indent=2, ensure_ascii=False, allow_nan=False).encode())


def frames(trace: Trace, layout: Layout, report: Report | None = None) -> Iterator[pl.DataFrame]:
    """Yield the table of a trace in consecutive parts of some steps each; a long one with a report's references."""
    if layout == "wide":
        return (_wide_frame(trace, part) for part in _parts(trace))
    return (_long_frame(trace, part, report) for part in _parts(trace))


def origin(report: Report, edits: Sequence[Edit] = ()) -> dict[str, Any]:
    """Return where a trace came from, ready for JSON: module, seed, device, arithmetic, edits, versions, verdict."""
    trace, worst = report.trace, report.worst
    return {
        "module": trace.spec.constructor(),
        "seed": trace.seed,
        "steps": len(trace),
        "batch": trace.batch_size,
        "device": trace.spec.device,
        "arithmetic": trace.arithmetic.name,
        **({"edits": [{"kind": type(edit).__name__, **vars(edit)} for edit in edits]} if edits else {}),
        **({"holds": [asdict(hold) for hold in trace.holds]} if trace.holds else {}),
        "versions": {
            "gatescope": version("gatescope"),
            "torch": torch.__version__,
            "python": platform.python_version(),
        },
        "verdict": report.verdict.code,
        "verdict_text": str(report.verdict),
        # JSON has no NaN or infinity, so those become text.
        "worst": {key: value if _is_json(value) else str(value) for key, value in vars(worst).items()},
    }


def _is_json(value: Any) -> bool:
    return not isinstance(value, float) or bool(np.isfinite(value))


def _parts(trace: Trace) -> list[slice]:
    size = max(1, _PART // (trace.batch_size * len(trace.cells) * trace.spec.hidden_size))
    return [slice(start, min(start + size, len(trace))) for start in range(0, len(trace), size)]


def _long_frame(trace: Trace, part: slice, report: Report | None) -> pl.DataFrame:
    cells = list(trace.cells.values())
    # Every column is built as (t, B, L*D, H), which in memory is the order of the rows.
    shape = (part.stop - part.start, trace.batch_size, len(cells), trace.spec.hidden_size)
    t, batch, cell, unit = np.indices(shape, dtype=np.int64, sparse=True)

    def column(values: NDArray[Any]) -> NDArray[Any]:
        return np.broadcast_to(values, shape).reshape(-1)

    columns: dict[str, Any] = {"t": column(t + part.start)}
    if trace.tokens is not None:
        columns["token"] = _tokens(trace.tokens[part]).gather(column(t))
    columns |= {
        "batch": column(batch),
        "layer": column(np.array([c.layer for c in cells])[cell]),
        "direction": pl.Series([c.direction for c in cells]).gather(column(cell)),
        "unit": column(unit),
    }
    for name in trace.spec.cell.names:
        columns[name] = _stacked([c.quantity(name)[part] for c in cells], shape)
    if report is not None:
        columns |= _references(report, cells, part, shape)
    present = cells[0].present
    if present is None:
        return pl.DataFrame(columns)
    return pl.DataFrame(columns).filter(column(present[part].cpu().numpy()[:, :, None, None]))


def _references(
    report: Report, cells: list[CellTrace], part: slice, shape: tuple[int, int, int, int]
) -> dict[str, pl.Series]:
    """Return what torch computed for the states, and then the differences to it."""
    ours = {name: [cell.quantity(name)[part] for cell in cells] for name in report.states}
    theirs = {name: [report.reference(name, *_key(cell))[part] for cell in cells] for name in report.states}
    columns = {f"{name}_ref": _stacked(theirs[name], shape) for name in report.states}
    for name in report.states:
        # Subtracted part by part: `report.resynced` would go over all steps for each part.
        errors = [(one - other).abs() for one, other in zip(ours[name], theirs[name], strict=True)]
        columns[f"{name}_err"] = _stacked(errors, shape)
    return columns


def _wide_frame(trace: Trace, part: slice) -> pl.DataFrame:
    shape = (part.stop - part.start, trace.batch_size)
    t, batch = np.indices(shape, dtype=np.int64).reshape(2, -1)
    columns: dict[str, Any] = {"t": t + part.start}
    if trace.tokens is not None:
        columns["token"] = _tokens(trace.tokens[part]).gather(t)
    columns["batch"] = batch
    for (layer, direction), cell in trace.cells.items():
        for name in trace.spec.cell.names:
            values = as_numpy(cell.quantity(name)[part].flatten(0, 1).T.contiguous())  # (units, t*B)
            columns |= {f"l{layer}.{direction}.{name}.{unit}": column for unit, column in enumerate(values)}
    frame = pl.DataFrame(columns)
    if trace.lengths is None:
        return frame
    absent = pl.Series(t + part.start >= trace.lengths.cpu().numpy()[batch])
    numbers = pl.selectors.starts_with("l")
    return frame.with_columns(pl.when(absent).then(None).otherwise(numbers).name.keep())


def _tokens(tokens: tuple[str, ...]) -> pl.Series:
    # Half of a surrogate pair, which a broken argument or paste may hold, has no form in UTF-8.
    return pl.Series([token.encode(errors="backslashreplace").decode() for token in tokens], dtype=pl.String)


def _key(cell: CellTrace) -> tuple[int, str]:
    return cell.layer, cell.direction


def _stacked(per_cell: list[Tensor], shape: tuple[int, ...]) -> pl.Series:
    """Put the cells' (t, B, units) side by side as one column; rows of units that do not exist are empty."""
    values = as_numpy(torch.stack(per_cell, dim=2))  # (t, B, L*D, units)
    units = values.shape[-1]
    if units == shape[-1]:
        return pl.Series(values.reshape(-1))
    padded = np.zeros(shape, dtype=values.dtype)
    padded[..., :units] = values
    present = np.broadcast_to(np.arange(shape[-1]) < units, shape).reshape(-1)
    return pl.select(pl.when(pl.Series(present)).then(pl.Series(padded.reshape(-1)))).to_series()
