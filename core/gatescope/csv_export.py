"""Write a trace as CSV, and beside it a JSON file that says where it came from."""

from __future__ import annotations

import json
import os
import platform
from collections.abc import Iterator
from typing import Any, Literal, get_args

import numpy as np
import polars as pl
import torch
from numpy.typing import NDArray
from torch import Tensor

import gatescope
from gatescope.files import is_special, whole_files
from gatescope.messages import GatescopeError, Progress
from gatescope.quantities import NAMES
from gatescope.report import STATES, Report
from gatescope.traces import CellTrace, Trace

Layout = Literal["long", "wide"]

_PART = 1 << 20  # values of one quantity in one part: bounds the memory, and how long a cancel waits


def write_csv(
    report: Report, path: str | os.PathLike[str], layout: Layout = "long", progress: Progress | None = None
) -> None:
    """Write the trace of a report to `path`, and its origin to `path` + `.json`; both whole or neither.

    The long layout has the columns `t, token, batch, layer, direction, unit, f, i, c_tilde, c, o, h, c_ref,
    h_ref, c_err, h_err`, sorted by t, batch, layer, direction, unit; `token` only where steps have one. The
    reference and the errors are the re-synced ones. The wide layout has a row for each t and batch element,
    and columns such as `l0.forward.f.0`. Floats have the shortest form that reads back to the same bits.

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
        for done, frame in enumerate(frames(report, layout)):
            frame.write_csv(file, include_header=done == 0)
            if progress is not None:
                progress((done + 1) / len(parts))
        for origin_file in beside:
            origin_file.write(json.dumps(origin(report), indent=2, ensure_ascii=False, allow_nan=False).encode())


def frames(report: Report, layout: Layout) -> Iterator[pl.DataFrame]:
    """Yield the table of a trace in consecutive parts of some steps each."""
    build = _long_frame if layout == "long" else _wide_frame
    return (build(report, part) for part in _parts(report.trace))


def origin(report: Report) -> dict[str, Any]:
    """Return where a trace came from, ready for JSON: module, seed, device, arithmetic, versions, verdict."""
    trace, worst = report.trace, report.worst
    return {
        "module": trace.spec.constructor(),
        "seed": trace.seed,
        "steps": len(trace),
        "batch": trace.batch_size,
        "device": trace.spec.device,
        "arithmetic": trace.arithmetic.name,
        "versions": {
            "gatescope": gatescope.__version__,
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


def _long_frame(report: Report, part: slice) -> pl.DataFrame:
    trace, cells = report.trace, list(report.trace.cells.values())
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
    for name in NAMES:
        columns[name] = _stacked([c.quantity(name)[part] for c in cells], shape)
    for name in STATES:
        columns[f"{name}_ref"] = _stacked([report.reference(name, *_key(c))[part] for c in cells], shape)
    for name in STATES:
        # Subtracted part by part: `report.resynced` would go over all steps for each part.
        pairs = [(c.quantity(name)[part], report.reference(name, *_key(c))[part]) for c in cells]
        columns[f"{name}_err"] = _stacked([(ours - theirs).abs() for ours, theirs in pairs], shape)
    return pl.DataFrame(columns)


def _wide_frame(report: Report, part: slice) -> pl.DataFrame:
    trace = report.trace
    shape = (part.stop - part.start, trace.batch_size)
    t, batch = np.indices(shape, dtype=np.int64).reshape(2, -1)
    columns: dict[str, Any] = {"t": t + part.start}
    if trace.tokens is not None:
        columns["token"] = _tokens(trace.tokens[part]).gather(t)
    columns["batch"] = batch
    for (layer, direction), cell in trace.cells.items():
        for name in NAMES:
            values = cell.quantity(name)[part].flatten(0, 1).T.contiguous().cpu().numpy()  # (units, t*B)
            columns |= {f"l{layer}.{direction}.{name}.{unit}": column for unit, column in enumerate(values)}
    return pl.DataFrame(columns)


def _tokens(tokens: tuple[str, ...]) -> pl.Series:
    # Half of a surrogate pair, which a broken argument or paste may hold, has no form in UTF-8.
    return pl.Series([token.encode(errors="backslashreplace").decode() for token in tokens], dtype=pl.String)


def _key(cell: CellTrace) -> tuple[int, str]:
    return cell.layer, cell.direction


def _stacked(per_cell: list[Tensor], shape: tuple[int, ...]) -> pl.Series:
    """Put the cells' (t, B, units) side by side as one column; rows of units that do not exist are empty."""
    values = torch.stack(per_cell, dim=2).cpu().numpy()  # (t, B, L*D, units)
    units = values.shape[-1]
    if units == shape[-1]:
        return pl.Series(values.reshape(-1))
    padded = np.zeros(shape, dtype=values.dtype)
    padded[..., :units] = values
    present = np.broadcast_to(np.arange(shape[-1]) < units, shape).reshape(-1)
    return pl.select(pl.when(pl.Series(present)).then(pl.Series(padded.reshape(-1)))).to_series()
