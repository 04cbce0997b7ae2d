"""Does a trace match torch's own module? Step by step, within what rounding can explain.

Every recorded step is compared with what torch computes *from the state that the trace recorded before it*.
So a difference belongs to that step alone, drift cannot blur it, and the numbers compared are the recorded ones:
a step that was recorded wrong, shifted or mixed up is found even where the equations are right. What a layer
should have read is put together here from the h recorded below it, and its parameters are taken from the whole
network's, so that wrong wiring is found too. By induction from the initial states, a trace whose every step is right
is a run of the module up to rounding.

What was held by hand, and what follows from it in the same step, has no counterpart in torch's module and is taken out
of the comparison. But a record that is not what was held, or not what the equations make of it, is a difference.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from functools import partial
from math import isfinite

import torch
from torch import Tensor

from gatescope.cells.arithmetic import Arithmetic, ArithmeticName, coarser, computing_in
from gatescope.cells.overflow import overflowing
from gatescope.cells.torch_cell import TorchCell
from gatescope.cells.values import Values
from gatescope.cells.weights import Weights
from gatescope.edits.active_holds import HoldSegment
from gatescope.messages.message import GatescopeError, Progress, fraction_of
from gatescope.modules.arithmetic_probe import running_arithmetic
from gatescope.modules.spec import ModuleSpec
from gatescope.traces.layers import one_step, rows_apart
from gatescope.traces.trace import CellTrace, Trace
from gatescope.verification.expected_cell import expected_cell, gathered_in_h
from gatescope.verification.findings import CellReport, CrossCheck
from gatescope.verification.module_call import ask_module
from gatescope.verification.record_check import wrong_in_record
from gatescope.verification.reference import has_reference, observed_gates, revealed_gates, shows_gates, step_of
from gatescope.verification.report import Report

_ROWS = 1 << 22  # numbers in the largest tensor of one call, so that long traces need little more memory
_CROSS_CHECKED = 128  # rows of each cell, spread over all its steps


def verify(
    trace: Trace, *, gates: bool = False, arithmetic: ArithmeticName | None = None, progress: Progress | None = None
) -> Report:
    """Compare every step of a trace with torch on the trace's own device and dtype, or with a module of one's own.

    Parameters
    ----------
    trace : Trace
        What to check.
    gates : bool
        Whether to compare the gates as well, which no module tells but its kernel can be made to show
        (`TorchCell.reveal`). On the CPU some of these are cross-checked with what torch's native kernel is seen to
        compute. Of a module of one's own there is no kernel, and only its states are compared.
    arithmetic : {"ieee", "tf32"}, optional
        What float32 products on CUDA are to be computed in; as torch is set when not given.
    progress : callable, optional
        Called with the fraction done, from 0 to 1; may raise `Cancelled` to stop.

    Returns
    -------
    Report
        For every step the difference to torch's module, and the rounding bound of that difference.

    Raises
    ------
    GatescopeError
        `not_a_trace`; and where `arithmetic` is not what the device computes in.
    """
    if not isinstance(trace, Trace):
        raise GatescopeError("not_a_trace", given=type(trace).__name__)
    # Watching torch's native kernel needs the dispatcher, which inference mode goes past.
    with torch.inference_mode(False), computing_in(arithmetic, trace.x.device):
        now = running_arithmetic(trace.spec, trace.x.device, trace.x.dtype, trace.x.shape[:2].numel())
        report = verified(trace, coarser(trace.arithmetic, now), gates=gates, progress=progress)
        report.find_deviation(progress)
        report.wrong_in_record = wrong_in_record(trace)
        report.answer = ask_module(report, trace.call)
        return report


@torch.no_grad()
def verified(trace: Trace, arithmetic: Arithmetic, *, gates: bool, progress: Progress | None) -> Report:
    """Do as `verify`, within the rounding of a given arithmetic."""
    gates = gates and shows_gates(trace.spec)
    if any(cell.graph for cell in trace.cells.values()):
        trace = trace.mapped(Tensor.detach)
    cells = {}
    with torch.autocast(trace.x.device.type, enabled=False):
        for done, key in enumerate(trace.cells):
            steps = fraction_of(progress, done, len(trace.cells))
            cells[key] = _verify_cell(trace, *key, arithmetic, gates=gates, progress=steps)
    return Report(trace, cells, arithmetic)


def _verify_cell(
    trace: Trace, layer: int, direction: str, arithmetic: Arithmetic, *, gates: bool, progress: Progress | None
) -> CellReport:
    cell = expected_cell(trace, layer, direction)
    weights = cell.weights
    if not has_reference(trace):
        return _incomparable(cell, cell.cell.states)
    if trace.batch_size == 0:
        return _incomparable(cell, cell.cell.names if gates else cell.cell.states)
    reference = step_of(trace)
    result = CellReport(cell, {}, {})
    before = {name: cell.state_before(name) for name in cell.cell.states}
    for part in _parts(cell, 0, len(cell.x)):
        there = _present(cell, part)
        # (t, B, ...) -> (N, ...): one row for each step and batch element that there is
        x, h = _rows(cell.x[part], there), {name: _rows(states[part], there) for name, states in before.items()}
        rows = rows_apart(partial(reference, weights), x, h)
        if gates:
            rows |= rows_apart(partial(revealed_gates, trace.spec, weights), x, h)
        # The bound is taken at numbers computed here: recorded ones could widen their own tolerance.
        all_shown = gates and all(isfinite(float(values.sum())) for values in rows.values())
        step = rows if all_shown else one_step(cell.cell, weights, x, h)
        ours = {name: _rows(cell.values[name][part], there) for name in rows}
        bounds = _comparable(cell, ours, rows, *_bounds(cell, weights, x, h, step, arithmetic))
        for name, values in rows.items():
            _keep(result.reference, name, values, part, there, cell)
            _keep(result.bound, name, bounds[name], part, there, cell)
        if progress is not None:
            progress(part.stop / len(cell.x))
    if gates:
        unshown = {name: int(result.unshown_mask(name).sum()) for name in cell.cell.gates}
        result = result._replace(unshown={name: count for name, count in unshown.items() if count})
    if gates and cell.x.device.type == "cpu":
        result = result._replace(cross_check=_cross_check(trace.spec, cell, before, result))
    if cell.h_from_kernel and len(before) > 1:
        gathered = gathered_in_h(cell, result.bound[cell.cell.states[-1]], arithmetic)
        result.bound["h"] += gathered
        result = result._replace(gathered=gathered)
    return _without_held(result, cell, before, arithmetic, progress) if cell.held else result


def _incomparable(cell: CellTrace, names: Iterable[str]) -> CellReport:
    """Return a comparison of quantities with nothing."""
    nothing = {name: torch.full_like(cell.values[name], torch.nan) for name in names}
    everywhere = {name: torch.ones_like(of, dtype=torch.bool) for name, of in nothing.items()}
    return CellReport(cell, nothing, nothing, without_counterpart=everywhere)


def _bounds(
    cell: CellTrace, w: Weights, x: Tensor, before: Values, step: Values, arithmetic: Arithmetic
) -> tuple[Values, Values]:
    """Bound every quantity, and say where a sum behind it may overflow (`overflowing`).

    Those of 16-bit types in float32, where no bound overflows.
    """
    if x.dtype in (torch.float16, torch.bfloat16):
        x, w = x.float(), w.mapped(Tensor.float)
        before, step = ({name: value.float() for name, value in of.items()} for of in (before, step))
    arguments = (torch.cat([x, before["h"]], dim=-1), before, w, step, arithmetic)
    overflow = overflowing(cell.cell, *arguments) if isinstance(cell.cell, TorchCell) else {}
    return cell.cell.bound(*arguments), overflow


def _comparable(cell: CellTrace, ours: Values, theirs: Values, bounds: Values, overflow: Values) -> Values:
    """Return bounds without end for numbers that differ where a sum may have overflowed on one side only."""
    for name in overflow.keys() & theirs.keys():
        untold = overflow[name] & ~_within(ours[name], theirs[name], bounds[name])
        if name not in cell.cell.states:
            untold &= ~theirs[name].isnan()  # a gate that could not be shown
        bounds[name] = bounds[name].masked_fill(untold, torch.inf)
    return bounds


def _within(ours: Tensor, theirs: Tensor, bound: Tensor) -> Tensor:
    return (ours.to(bound.dtype) - theirs.to(bound.dtype)).abs() <= bound  # NaN is not within


def _without_held(
    result: CellReport, cell: CellTrace, before: Values, arithmetic: Arithmetic, progress: Progress | None
) -> CellReport:
    """Take out of the comparison what torch has no counterpart of, but for what is wrong by itself."""
    masks = {name: torch.zeros_like(cell.values[name], dtype=torch.bool) for name in result.reference}
    for segment in cell.held.segments:
        for part in _parts(cell, segment.start, segment.stop) if segment.holds else ():
            for name, mask, right, bound in _as_held(cell, segment, part, before, arithmetic):
                if name in masks:
                    _take_out(result, name, part, mask, _wrong(cell.values[name][part], right, bound), right, bound)
                    masks[name][part] = mask
            if progress is not None:
                progress(1.0)  # only to be cancelled
    return result._replace(without_counterpart=masks)


def _as_held(
    cell: CellTrace, segment: HoldSegment, part: slice, before: Values, arithmetic: Arithmetic
) -> Iterator[tuple[str, Tensor, Tensor, Tensor]]:
    """Yield of each quantity that torch does not have: its name, where it does not, what it must be and the bound.

    All of (t, B, units). What is held must be that very number, but for the rounding to another dtype.
    """
    x, states = cell.x[part].flatten(0, 1), {name: state[part].flatten(0, 1) for name, state in before.items()}
    step = one_step(cell.cell, cell.weights, x, states, segment)
    ours = {name: values[part].flatten(0, 1) for name, values in cell.values.items()}
    bounds = _comparable(cell, ours, step, *_bounds(cell, cell.weights, x, states, step, arithmetic))
    for name, mask in segment.following(cell.cell).items():
        like = cell.values[name][part]
        bound = bounds[name].view_as(like)
        if name in segment.tensors:
            held, value = segment.tensors[name]
            bound = torch.where(held, value.abs() * arithmetic.unit_roundoff + arithmetic.tiny, bound)
        there = mask.expand_as(like) if cell.present is None else mask & cell.present[part][..., None]
        yield name, there, step[name].view_as(like), bound


def _wrong(ours: Tensor, right: Tensor, bound: Tensor) -> Tensor:
    return right.isfinite() & bound.isfinite() & ~_within(ours, right, bound)


def _take_out(
    result: CellReport, name: str, part: slice, mask: Tensor, wrong: Tensor, right: Tensor, bound: Tensor
) -> None:
    for kept, values in ((result.reference[name], right), (result.bound[name], bound)):
        expected = values.to(kept.dtype).masked_fill(~wrong, torch.nan)
        kept[part] = torch.where(mask, expected, kept[part])


def _cross_check(spec: ModuleSpec, cell: CellTrace, before: Values, result: CellReport) -> CrossCheck:
    """Compare the gates that the kernel was made to show with those that torch's native kernel is seen to compute."""
    part = slice(None, None, max(1, len(cell.x) * cell.x.shape[1] // _CROSS_CHECKED))
    there = _present(cell, part)

    def some(values: Tensor) -> Tensor:
        return _rows(values[part], there)[:_CROSS_CHECKED]

    seen = observed_gates(spec, cell.weights, some(cell.x), {name: some(states) for name, states in before.items()})
    ratios = {}
    for name, gate in seen.items():
        ratio = (some(result.reference[name]) - gate).abs() / some(result.bound[name])
        ratios[name] = float(ratio.nan_to_num(0.0).max())
    return CrossCheck(len(gate), ratios)


def _present(cell: CellTrace, part: slice) -> Tensor | None:
    """Which rows of a part there are, (t, B); None for all."""
    return None if cell.present is None else cell.present[part]


def _rows(values: Tensor, there: Tensor | None) -> Tensor:
    """Return the rows that there are, (N, ...), of (t, B, ...)."""
    return values.flatten(0, 1) if there is None else values[there]


def _keep(kept: Values, name: str, rows: Tensor, part: slice, there: Tensor | None, cell: CellTrace) -> None:
    """Put the rows of one part where they belong among all steps."""
    like = cell.quantity(name)
    if there is None and len(rows) == like.shape[0] * like.shape[1]:
        kept[name] = rows.view_as(like)
        return
    if name not in kept:
        kept[name] = rows.new_full(like.shape, torch.nan)
    if there is None:
        kept[name][part] = rows.view_as(kept[name][part])
    else:
        kept[name][part][there] = rows


def _parts(cell: CellTrace, start: int, stop: int) -> Iterator[slice]:
    size = max(1, _ROWS // (len(cell.cell.packed) * cell.weights.hidden_size * cell.x.shape[1]))
    return (slice(first, min(first + size, stop)) for first in range(start, stop, size))
