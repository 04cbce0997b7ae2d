"""The rounding bound: the largest difference that floating-point rounding alone can explain in one step.

Both sides start a step from the same x_t, h_(t-1) and C_(t-1), so that only this step's rounding can part them.

For one side: a sum of n products rounded in any order is off by at most n u A, where u is the unit roundoff
and A the sum of the products' magnitudes [1]_; an operand rounded to TF32 first adds 2 u' A. The error of a
pre-activation reaches its gate through the steepest slope that the nonlinearity has within reach of it, and
every elementary function adds a few u of its own. The bound on the difference is twice that, since both round.

References
----------
.. [1] Higham, Accuracy and Stability of Numerical Algorithms, 2nd ed., SIAM 2002, section 3.1.
"""

from __future__ import annotations

from typing import NamedTuple

import torch
from torch import Tensor
from torch.nn.functional import linear

from gatescope.arithmetic import Arithmetic
from gatescope.equations import CellWeights, Step

ELEMENTARY = 6.0
"""What sigmoid and tanh may be off by themselves, in u: sigmoid of 1, tanh of its value where it is that exact.

On the CPU, oneDNN's sigmoid near 0 was seen off by 100 u of its value, its tanh nowhere by more than 2.
"""


class Bound(NamedTuple):
    """The largest explicable difference in each quantity: h_t (..., P), the others (..., H)."""

    f: Tensor
    i: Tensor
    c_tilde: Tensor
    c: Tensor
    o: Tensor
    h: Tensor


def step_bound(x: Tensor, h: Tensor, c: Tensor, w: CellWeights, step: Step, arithmetic: Arithmetic) -> Bound:
    """Bound the difference between two correct computations of one step.

    Parameters
    ----------
    x, h, c : Tensor
        x_t, h_(t-1), C_(t-1): (N, K), (N, P), (N, H).
    w : CellWeights
        The cell's parameters.
    step : Step
        The step, computed from these by a correct program; a recorded one would widen its own tolerance.
    arithmetic : Arithmetic
        Of the less exact of the two computations.

    Returns
    -------
    Bound
        In the dtype of the inputs; infinite or NaN where the step is not finite.
    """
    u = arithmetic.unit_roundoff
    tiny = torch.finfo(x.dtype).tiny  # results below the normal range may be flushed to zero

    def tanh_error(value: Tensor) -> Tensor:
        size = value.abs() if arithmetic.relative_tanh else torch.ones_like(value)
        return ELEMENTARY * (u * size + tiny)

    sigmoid_error = ELEMENTARY * u
    n = x.shape[-1] + h.shape[-1] + 3
    dz = _product_error(n, _magnitudes(x, h, w), arithmetic)  # (N, 4H)
    dz_i, dz_f, dz_c, dz_o = dz.chunk(4, dim=-1)  # four (N, H)
    df = _steepest_sigmoid(step.z_f, dz_f) * dz_f + sigmoid_error
    di = _steepest_sigmoid(step.z_i, dz_i) * dz_i + sigmoid_error
    do = _steepest_sigmoid(step.z_o, dz_o) * dz_o + sigmoid_error
    dc_tilde = _steepest_tanh(step.z_c, dz_c) * dz_c + tanh_error(step.c_tilde)

    kept, written = (step.f * c).abs(), (step.i * step.c_tilde).abs()
    dc = (
        c.abs() * df + step.i * dc_tilde + step.c_tilde.abs() * di + di * dc_tilde
        + u * (2 * kept + 2 * written)  # two products and their sum
    )  # fmt: skip
    memory = torch.tanh(step.c)
    d_memory = _steepest_tanh(step.c, dc) * dc + tanh_error(memory)
    shown = step.o * memory  # (N, H); this is h_t before a projection
    dh = step.o * d_memory + memory.abs() * do + do * d_memory + u * shown.abs()
    if w.w_hr is not None:
        hidden = c.shape[-1]
        dh = linear(dh, w.w_hr.abs()) + _product_error(hidden, linear(shown.abs(), w.w_hr.abs()), arithmetic)

    return Bound(*(2 * one_side + tiny for one_side in (df, di, dc_tilde, dc, do, dh)))


def _magnitudes(x: Tensor, h: Tensor, w: CellWeights) -> Tensor:
    """A = |W_ih||x| + |W_hh||h| + |b_ih| + |b_hh|, (N, 4H)."""
    b_ih, b_hh = (None if b is None else b.abs() for b in (w.b_ih, w.b_hh))
    return linear(x.abs(), w.w_ih.abs(), b_ih) + linear(h.abs(), w.w_hh.abs(), b_hh)


def _product_error(terms: int, magnitudes: Tensor, arithmetic: Arithmetic) -> Tensor:
    return (terms * arithmetic.unit_roundoff + 2 * arithmetic.operand_roundoff) * magnitudes


def _nearest_to_zero(z: Tensor, dz: Tensor) -> Tensor:
    """The steepest point of sigmoid and tanh within reach: z is off by dz itself, and so may be the other side's.

    Both slopes fall away from 0.
    """
    return (z.abs() - 2 * dz).clamp(min=0)


def _steepest_sigmoid(z: Tensor, dz: Tensor) -> Tensor:
    s = torch.sigmoid(_nearest_to_zero(z, dz))
    return s * (1 - s)


def _steepest_tanh(z: Tensor, dz: Tensor) -> Tensor:
    return 1 - torch.tanh(_nearest_to_zero(z, dz)) ** 2
