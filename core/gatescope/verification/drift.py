"""How far rounding alone lets two correct runs drift apart, each on its own history.

`gatescope.verification.verify` starts every step anew, so that only the rounding of one step parts the two sides. Two
whole runs, such as `trace.output` and `module(x)`, part by more: a step passes on what had come together before it, and
a layer what the layers below it had. To first order that is a linear recurrence [1]_. With s_t the states after step
t, J_t = ds_t / ds_(t-1) and b_t the bound of one step,

    d_t = J_t d_(t-1) + e_t    with    |e_t| <= |ds_t / dx_t| |dx_t| + b_t,

so that |d_t| <= sum over r <= t of |J_t ... J_(r+1)| |e_r|, where dx of a deeper layer is the drift of the h below it.
The Jacobians are those of the equations, by autograd, in float64. Their products keep their signs over a block of
steps, so that what a network forgets is forgotten here as well; from one block to the next only magnitudes are known.

References
----------
.. [1] Higham, Accuracy and Stability of Numerical Algorithms, 2nd ed., SIAM 2002, section 3.3.
"""

from __future__ import annotations

from collections.abc import Iterator
from math import inf, sqrt
from typing import NamedTuple

import torch
from torch import Tensor

from gatescope.cells.arithmetic import Arithmetic
from gatescope.cells.values import Values
from gatescope.modules.spec import Direction
from gatescope.traces.layers import one_step, steps_at_once
from gatescope.traces.trace import CellTrace, Trace, side_by_side

_BLOCK = 16  # steps over which products of Jacobians keep their signs: what is older has mostly been forgotten


def is_same_kernel_call(trace: Trace) -> bool:
    """Whether the h of a trace come from the very call of PyTorch's kernel that `module(x)` makes.

    Where it is so, `trace.output` and `trace.h_n` are bit for bit what `module(x)` returns in evaluation mode, without
    autograd, from an x and weights that are contiguous and begin where PyTorch allocated them: kernels round otherwise
    at other addresses and strides. Of another x they are what the module returns of a copy of its own, such as
    `x.clone(memory_format=torch.contiguous_format)`. It is so for one layer in one direction without a projection, in
    float32 or float64, of a sequence that is neither packed nor `batch_first` and runs in one part. A network with a
    reverse direction makes other calls: its kernel multiplies the steps of that in another order.
    """
    cell, spec = trace.cell(), trace.spec
    as_given = not (trace.batched and spec.batch_first)  # else the module turns the sequence round
    in_one = len(trace) <= steps_at_once(cell.cell, cell.weights.hidden_size, trace.batch_size)
    return len(trace.cells) == 1 and cell.h_from_kernel and not cell.holds and as_given and in_one


def drift_bounds(trace: Trace) -> dict[tuple[int, Direction], Values]:
    """Bound the difference of two correct runs of a trace's network over its input, each on its own history.

    Parameters
    ----------
    trace : Trace
        One of the two; the bounds are taken at its states. Nothing in it may be held by hand.

    Returns
    -------
    dict
        For each (layer, direction) the bound of each state, (T, B, units), in float64; NaN where a packed sequence has
        ended. It is infinite from the step on at which a pre-activation or a state may have drifted by more than the
        root of the unit roundoff: what the first order leaves out is then no longer below the roundings counted.
    """
    with torch.inference_mode(False), torch.autocast(trace.x.device.type, enabled=False):
        return _drift_bounds(trace.mapped(Tensor.detach))


def _drift_bounds(trace: Trace) -> dict[tuple[int, Direction], Values]:
    drifts: dict[tuple[int, Direction], Values] = {}
    of_x = torch.zeros_like(trace.x, dtype=torch.float64)
    for layer in range(trace.spec.num_layers):
        for direction in trace.spec.directions:
            drifts[layer, direction] = _cell_drift(trace.cells[layer, direction], of_x, trace.arithmetic)
        of_x = side_by_side([drifts[layer, direction]["h"] for direction in trace.spec.directions])
    return drifts


class _Block(NamedTuple):
    """Some steps of a cell to first order, in the order of the run; zero where an element has no step.

    With S numbers in all states of an element: ds_t / ds_(t-1) is `by_states`, (t, B, S, S), ds_t / dx_t is `by_x`,
    (t, B, S, K), and `rounding` the bound of one step, (t, B, S).
    """

    by_states: Tensor
    by_x: Tensor
    rounding: Tensor


@torch.no_grad()
def _cell_drift(cell: CellTrace, of_x: Tensor, arithmetic: Arithmetic) -> Values:
    """Bound the states of one layer and direction, given how far its x, (T, B, K), may have drifted."""
    of_x = _in_order(cell, of_x.nan_to_num(nan=0.0, posinf=inf))
    sizes = [cell.before[name].shape[-1] for name in cell.cell.states]
    drift, reached = map(torch.stack, zip(*_step_by_step(cell, of_x, sizes, arithmetic), strict=True))
    unknown = ~(reached <= sqrt(arithmetic.unit_roundoff))  # (T, B); NaN as well
    drift = _in_order(cell, drift.masked_fill(unknown.cummax(dim=0).values[..., None], inf))
    drift = drift if cell.present is None else drift.masked_fill(~cell.present[..., None], torch.nan)
    return dict(zip(cell.cell.states, torch.split(drift, sizes, dim=-1), strict=True))


def _step_by_step(
    cell: CellTrace, of_x: Tensor, sizes: list[int], arithmetic: Arithmetic
) -> Iterator[tuple[Tensor, Tensor]]:
    """Yield for each step the drift of all states, (B, S), and the farthest that anything has drifted there, (B,)."""
    w, units = cell.weights.parameters.mapped(Tensor.double), sizes[0]
    now = beside = of_x.new_zeros(of_x.shape[1], sum(sizes))  # (B, S)
    of_steps = iter(zip(of_x, _in_order(cell, cell.values[cell.cell.names[0]]).double().abs(), strict=True))
    for block in _blocks(cell, arithmetic):
        parts = torch.diag_embed(now)  # (B, S, n): in a column what is left of one difference of before
        for (by_states, by_x, rounding), (dx, first) in zip(zip(*block, strict=True), of_steps, strict=False):
            dz = _times(w.w_ih, dx) + (w.w_hh @ parts[:, :units]).abs().sum(dim=-1)  # (B, GH), of pre-activations
            new = _times(by_x, dx) + rounding
            if cell.cell.nonlinearity == "relu":  # its first quantity is the pre-activation, where the slope jumps
                new = new + dz.where(first <= dz, 0.0)
            parts = torch.cat([by_states @ parts, torch.diag_embed(new)], dim=-1)
            now = parts.abs().sum(dim=-1)
            beside = _times(by_states, beside) + rounding
            beside[:, :units] = 0.0
            # The other states have run beside those of the kernel, from the same h.
            yield now + beside if cell.h_from_kernel else now, torch.cat([dz, now], dim=-1).amax(dim=-1)


def _times(jacobian: Tensor, drift: Tensor) -> Tensor:
    """Return |J| d of each element, (B, S)."""
    return (jacobian.abs() @ drift[..., None])[..., 0]


def _blocks(cell: CellTrace, arithmetic: Arithmetic) -> Iterator[_Block]:
    """Yield the steps of a cell, a block at a time."""
    states = {name: _in_order(cell, cell.state_before(name)) for name in cell.cell.states}
    x = _in_order(cell, cell.x)
    there = torch.ones(x.shape[:2], device=x.device) if cell.present is None else _in_order(cell, cell.present)
    for start in range(0, len(x), _BLOCK):
        part = slice(start, start + _BLOCK)
        rows = [values[part].flatten(0, 1).double().nan_to_num(0.0) for values in (x, *states.values())]  # (t B, units)
        block = _linear(cell, rows[0], dict(zip(states, rows[1:], strict=True)), arithmetic)
        of_steps = (values.view(*there[part].shape, *values.shape[1:]) for values in block)
        yield _Block(*(values * there[part].view(*there[part].shape, *[1] * (values.dim() - 2)) for values in of_steps))


def _linear(cell: CellTrace, x: Tensor, before: Values, arithmetic: Arithmetic) -> _Block:
    """Return N rows of a cell to first order."""
    w = cell.weights.mapped(Tensor.double)
    given = [values.requires_grad_() for values in (*before.values(), x)]
    with torch.enable_grad():
        step = one_step(cell.cell, w, x, before)
        # Rows know nothing of each other, so that the gradient of a sum over them is that of each.
        sums = torch.cat([step[name] for name in before], dim=-1).sum(dim=0)  # (S,)
        slopes = [torch.autograd.grad(one, given, retain_graph=True) for one in sums]
    *by_states, by_x = (torch.stack(of_one, dim=1) for of_one in zip(*slopes, strict=True))  # each (N, S, units)
    step, before = ({name: value.detach() for name, value in of.items()} for of in (step, before))
    bounds = cell.cell.bound(torch.cat([x.detach(), before["h"]], dim=-1), before, w, step, arithmetic)
    return _Block(torch.cat(by_states, dim=-1), by_x, torch.cat([bounds[name] for name in before], dim=-1))


def _in_order(cell: CellTrace, values: Tensor) -> Tensor:
    """Turn what belongs to steps from their positions into the order of the run, or back."""
    return values if cell.direction == "forward" else values.flip(0)
