"""Write a trace as CSV, and beside it a JSON file that says where it came from."""

from __future__ import annotations

import json
import os
import platform
from collections.abc import Sequence
from dataclasses import asdict
from importlib.metadata import version
from typing import Any, get_args

import numpy as np
import torch

from gatescope.edits.edits import Edit
from gatescope.formats.files import is_special, whole_files
from gatescope.formats.table_columns import Layout, frames, parts_of
from gatescope.messages.message import GatescopeError, Progress
from gatescope.verification.report import Report


def write_csv(
    report: Report, path: str | os.PathLike[str], layout: Layout = "long", progress: Progress | None = None,
    edits: Sequence[Edit] = (),
) -> None:  # fmt: skip
    """Write the trace of a report to `path`, and its origin to `path` + `.json`; both whole or neither.

    The columns are those of `gatescope.formats.table_columns`. The long layout has `t, token, batch, layer, direction,
    unit`, the cell's quantities (`f, i, c_tilde, c, o, h` of an LSTM), and for its states the reference and the error,
    such as `c_ref, h_ref, c_err, h_err`; sorted by t, batch, layer, direction, unit; `token` only where steps have one.
    The reference and the errors are the re-synced ones. The wide layout has a row for each t and batch element, and
    columns such as `l0.forward.f.0`. Floats have the shortest form that reads back to the same bits. Steps that a
    shorter element of a packed sequence does not have are left out of the long layout, and empty in the wide one.

    Parameters
    ----------
    report : Report
        Holds the trace.
    path, layout, progress
        As for `Trace.to_csv`.
    edits : sequence of Edit
        What was changed by hand before this run, for the file beside.

    Raises
    ------
    GatescopeError
        Where the file cannot be written.
    """
    if layout not in get_args(Layout):
        raise GatescopeError("layout_unknown", value=layout)
    parts = parts_of(report.trace)
    # A pipe has no place beside it.
    paths = (path,) if is_special(path) else (path, f"{os.fspath(path)}.json")
    with whole_files(*paths) as (file, *beside):
        for done, frame in enumerate(frames(report.trace, layout, report)):
            frame.write_csv(file, include_header=done == 0)
            if progress is not None:
                progress((done + 1) / len(parts))
        for origin_file in beside:
            origin_file.write(json.dumps(origin(report, edits), indent=2, ensure_ascii=False, allow_nan=False).encode())


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
        **({"deviation": asdict(report.deviation)} if report.deviation is not None else {}),
    }


def _is_json(value: Any) -> bool:
    return not isinstance(value, float) or bool(np.isfinite(value))
