"""Does a trace match nn.LSTM? Step by step, within what rounding can explain.

Every recorded step is compared with what nn.LSTM computes *from the state that the trace recorded before it*.
So a difference belongs to that step alone, drift cannot blur it, and the numbers compared are the recorded ones:
a step that was recorded wrong, shifted or mixed up is found even where the equations are right. What a layer
should have read is put together here from the h recorded below it, and its parameters are taken from the whole
network's, so that wrong wiring is found too. By induction from h0 and C0, a trace whose every step is right is a
run of nn.LSTM up to rounding.
"""

from __future__ import annotations

from collections.abc import Iterator

import torch
from torch import Tensor

from gatescope.arithmetic import Arithmetic, coarser, running_arithmetic
from gatescope.equations import lstm_step
from gatescope.messages import Progress, fraction_of
from gatescope.network import cell_weights
from gatescope.reference import cell_module, gate_module, gate_rows, resynced_rows
from gatescope.report import CellReport, Report
from gatescope.rounding import step_bound
from gatescope.traces import CellTrace, Trace

_ROWS = 1 << 22  # numbers in the largest tensor of one call, so that long traces need little more memory


@torch.no_grad()
def verify(trace: Trace, *, gates: bool = False, progress: Progress | None = None) -> Report:
    """Compare every step of a trace with nn.LSTM on the trace's own device and dtype.

    Parameters
    ----------
    trace : Trace
        What to check.
    gates : bool
        Whether to compare f, i, C̃ and o as well, which nn.LSTM does not tell but its kernel can be made to show
        (`reference.gate_rows`); it costs four more calls.
    progress : callable, optional
        Called with the fraction done, from 0 to 1; may raise `Cancelled` to stop.

    Returns
    -------
    Report
    """
    cells = {}
    arithmetic = coarser(trace.arithmetic, running_arithmetic(trace.x.device, trace.x.dtype))
    with torch.autocast(trace.x.device.type, enabled=False):
        for done, (key, cell) in enumerate(trace.cells.items()):
            steps = fraction_of(progress, done, len(trace.cells))
            cells[key] = _verify_cell(trace, cell, arithmetic, gates=gates, progress=steps)
    return Report(trace, cells)


def _verify_cell(
    trace: Trace, cell: CellTrace, arithmetic: Arithmetic, *, gates: bool, progress: Progress | None
) -> CellReport:
    weights = cell_weights(trace.spec, trace.weights, cell.layer, cell.direction)
    layer_input = _layer_input(trace, cell.layer)
    module = cell_module(trace.spec, weights)
    gates_module = gate_module(trace.spec, weights) if gates else None
    result = CellReport({}, {})
    for part in _parts(cell):
        # (t, B, ...) -> (t*B, ...): one row for each step and batch element
        x, h, c = (tensor[part].flatten(0, 1) for tensor in (layer_input, cell.h_before, cell.c_before))
        rows = resynced_rows(module, x, h, c)._asdict()
        if gates_module is not None:
            rows |= gate_rows(gates_module, x, h)
        bounds = step_bound(x, h, c, weights, lstm_step(x, h, c, weights), arithmetic)._asdict()
        for name, values in rows.items():
            _keep(result.reference, name, values, part, cell)
            _keep(result.bound, name, bounds[name], part, cell)
        if progress is not None:
            progress(min(part.stop / len(cell.x), 1.0))
    return result


def _keep(kept: dict[str, Tensor], name: str, rows: Tensor, part: slice, cell: CellTrace) -> None:
    """Put the rows of one part where they belong among all steps."""
    ours = cell.quantity(name)
    if name not in kept:
        kept[name] = torch.empty_like(ours)
    kept[name][part] = rows.view_as(ours[part])


def _layer_input(trace: Trace, layer: int) -> Tensor:
    """Return what a layer should have read, (T, B, K): x, or the h of all directions of the layer below."""
    if layer == 0:
        return trace.x
    return torch.cat([trace.cells[layer - 1, direction].h for direction in trace.spec.directions], dim=-1)


def _parts(cell: CellTrace) -> Iterator[slice]:
    steps, batch, hidden = cell.c.shape
    size = max(1, _ROWS // (4 * hidden * batch))
    return (slice(start, start + size) for start in range(0, steps, size))
