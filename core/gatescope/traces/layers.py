"""Running one layer in one direction and keeping everything.

`by_equations` is the plain loop over the equations of `gatescope.cells`. `by_kernel` is several times faster where it
can be used: torch's own kernel computes h of all steps; the gates follow from h in one product, and C by a scan over
the gates. Where quantities are held by hand only the equations can go on, so such a run goes segment by segment.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from math import isfinite

import numpy as np
import torch
from torch import Tensor

from gatescope.cells.cell import Cell
from gatescope.cells.torch_cell import TorchCell
from gatescope.cells.values import Holding, Values, as_computed
from gatescope.cells.weights import Weights
from gatescope.edits.active_holds import ActiveHolds
from gatescope.modules.kernel import sequence

Done = Callable[[int], None]
"""Told how many more steps are done; may raise to stop the run."""

_PART = 1 << 24  # numbers in the gates of one part: bounds the memory, and how long a cancel waits


def by_equations(
    cell: Cell, w: Weights, x: Tensor, before: Values, *, reverse: bool, present: Tensor | None, done: Done,
    held: Holding = as_computed,
) -> dict[str, list[Tensor]]:  # fmt: skip
    """Run the equations step by step, each on the states of the one before.

    Parameters
    ----------
    cell : Cell
        Which kind.
    w : Weights
        Its parameters.
    x : Tensor
        (T, B, K).
    before : dict
        The states before the first step, each (B, units).
    reverse : bool
        Whether to run from T-1 down to 0.
    present : Tensor, optional
        (T, B), False at steps past a sequence's end, which leave the states as they are.
    done : callable
        Called after each step.
    held : callable
        What to hold, the same at all of these steps.

    Returns
    -------
    dict
        For each quantity a list of (B, units); the index t is the position in x, in either direction.
    """
    record: dict[str, list[Tensor]] = {name: [] for name in cell.names}
    for t in reversed(range(len(x))) if reverse else range(len(x)):
        values = one_step(cell, w, x[t], before, held)
        if present is not None:
            there = present[t][:, None]
            values |= {name: torch.where(there, values[name], before[name]) for name in cell.states}
        before = {name: values[name] for name in cell.states}
        for name, kept in record.items():
            kept.append(values[name])
        done(1)
    return {name: kept[::-1] if reverse else kept for name, kept in record.items()}


def one_step(cell: Cell, w: Weights, x: Tensor, before: Values, held: Holding = as_computed) -> Values:
    """Compute one step of N rows by the equations: every quantity, (N, units), from x (N, K) and the states."""

    def step(x: Tensor, before: Values) -> Values:
        return cell.step(torch.cat([x, before["h"]], dim=-1), before, w, held)

    return rows_apart(step, x, before)


def rows_apart(step: Callable[[Tensor, Values], Values], x: Tensor, before: Values) -> Values:
    """Compute one step of N rows, where one that is not finite must not reach another.

    In a product of 16-bit numbers on the CPU it may: oneDNN reads rows of odd length two numbers at a time, and what
    follows the last one, in the next row, is multiplied by 0. So each row that is finite is computed beside zeros.
    """
    values = step(x, before)
    x_now, h = x.detach(), before["h"].detach()
    mixing = x.dtype.itemsize <= 2 and x.device.type == "cpu" and len(x) > 1
    if not mixing or isfinite(float(x_now.sum()) + float(h.sum())):  # a sum is the fastest way to see it
        return values
    finite = (x_now.isfinite().all(dim=-1) & h.isfinite().all(dim=-1))[:, None]
    beside_zeros = step(x.where(finite, 0), before | {"h": before["h"].where(finite, 0)})
    return {name: value.where(finite, values[name]) for name, value in beside_zeros.items()}


Run = Callable[[Tensor, Values], tuple[Tensor, Values]]
"""Runs a layer over x, (T, B, K), from the states before: h of all steps, (T, B, P), and the states after the last."""


def by_kernel(
    cell: TorchCell, w: Weights, x: Tensor, before: Values, *, reverse: bool, done: Done, run: Run | None = None
) -> Values:
    """Let torch's kernel run, and compute from its h what it does not return.

    The recorded h are the bits that the kernel returned, and every gate is computed from the h recorded before it. C
    follows from the gates in one scan and so has run on its own history, beside the C inside the kernel: what the two
    gather in rounding is known (`Cell.gathered`). A module with more layers or directions makes other calls than this
    one, and may round otherwise: its kernel multiplies the steps of a reverse direction in another order, for example.

    Parameters
    ----------
    cell, w, x, before, reverse, done
        As for `by_equations`.
    run : callable, optional
        What runs in place of the kernel: the module itself.

    Returns
    -------
    dict
        Each quantity (T, B, units).
    """
    run = run or partial(sequence, cell, w)
    x = x.flip(0) if reverse else x
    steps, batch = x.shape[:2]
    size = steps_at_once(cell, w.hidden_size, batch)
    record: Values = {}
    ours = theirs = before
    for start in range(0, steps, size):
        part = x[start : start + size]
        h, theirs = run(part, theirs)
        values = _from_h(cell, w, part, h, ours)
        _keep(record, values, start, steps)
        ours = {name: values[name][-1] for name in cell.states}
        done(len(part))
    return {name: values.flip(0) for name, values in record.items()} if reverse else record


def steps_at_once(cell: Cell, hidden_size: int, batch: int) -> int:
    """Return how many steps `by_kernel` runs in one call of torch's kernel."""
    return max(1, _PART // (len(cell.packed) * hidden_size * max(1, batch)))


def _from_h(cell: TorchCell, w: Weights, x: Tensor, h: Tensor, before: Values) -> Values:
    """Compute every quantity of some steps, (t, B, units), from their h and the states before the first."""
    (steps, batch, width), units = x.shape, h.shape[-1]
    xh = x.new_empty(steps, batch, width + units)  # [x_t, h_(t-1)]
    xh[..., :width] = x
    xh[0, :, width:] = before["h"]
    xh[1:, :, width:] = h[:-1]
    rows = xh.flatten(0, 1)
    gates = cell.activate(cell.preactivations(rows, {"h": rows[:, width:]}, w))
    gates = {name: value.view(steps, batch, value.shape[-1]) for name, value in gates.items()}
    return gates | cell.memory(gates, before, scan) | {"h": h}


def by_equations_held(
    cell: Cell,
    w: Weights,
    x: Tensor,
    before: Values,
    *,
    held: ActiveHolds,
    reverse: bool,
    present: Tensor | None,
    done: Done,
) -> dict[str, list[Tensor]]:
    """Do as `by_equations`, with quantities held."""
    parts = []
    for segment in held.ordered(reverse=reverse):
        there = None if present is None else present[segment.part]
        hold = segment if segment.holds else as_computed
        parts.append(
            by_equations(cell, w, x[segment.part], before, reverse=reverse, present=there, done=done, held=hold)
        )
        before = {name: parts[-1][name][0 if reverse else -1] for name in before}
    ordered = parts[::-1] if reverse else parts
    return {name: [step for part in ordered for step in part[name]] for name in cell.names}


def by_kernel_held(
    cell: TorchCell, w: Weights, x: Tensor, before: Values, *, held: ActiveHolds, reverse: bool, done: Done
) -> Values:
    """Do as `by_kernel`, with quantities held: after the first hold by the equations, and by the kernel between holds.

    What no hold reaches has the bits of a run without holds: a batch element until the first hold of its own.
    """
    # A product's bits depend on how many steps it is made for at once: so at first all of them run without holds.
    record = by_kernel(cell, w, x, before, reverse=reverse, done=done)
    for segment, reached in held.changes(reverse=reverse):
        t = segment.stop if reverse else segment.start - 1
        states = {name: record[name][t] for name in before} if t in range(len(x)) else before
        if segment.holds:
            steps = by_equations(
                cell, w, x[segment.part], states, reverse=reverse, present=None, done=done, held=segment
            )
            values = {name: torch.stack(rows) for name, rows in steps.items()}
        else:
            values = by_kernel(cell, w, x[segment.part], states, reverse=reverse, done=done)
        for name, mask in reached.items():
            record[name][segment.part] = torch.where(mask, values[name], record[name][segment.part])
    return record


def scan(kept: Tensor, written: Tensor, before: Tensor) -> Tensor:
    """Solve s_t = kept_t * s_(t-1) + written_t for all t, in the place of `written`."""
    if kept.device.type != "cpu":
        for kept_t, s_t in zip(kept, written, strict=True):
            before = torch.addcmul(s_t, kept_t, before, out=s_t)
        return written
    # numpy's call costs less than torch's, and here there are two for each step.
    previous, product = before.numpy(), np.empty_like(before.numpy())
    with np.errstate(all="ignore"):  # NaN and infinity are told of by the verification
        for kept_t, s_t in zip(kept.numpy(), written.numpy(), strict=True):
            np.multiply(kept_t, previous, out=product)
            np.add(s_t, product, out=s_t)
            previous = s_t
    return written


def _keep(record: Values, values: Values, start: int, steps: int) -> None:
    """Put some steps into the record of all; where they are all, they are the record."""
    for name, value in values.items():
        if len(value) == steps:
            record[name] = value
            continue
        if name not in record:
            record[name] = value.new_empty(steps, *value.shape[1:])
        record[name][start : start + len(value)] = value
