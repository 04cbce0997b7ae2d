"""The LSTM's equations: one step, and one layer in one direction.

Symbols: T steps, B batch elements, K numbers read at each step, H hidden units, P units of h (H, or
proj_size). The rows of the packed weights are blocks in torch's order i, f, g, o; g is the textbook's C̃.

References
----------
Hochreiter and Schmidhuber, "Long Short-Term Memory", Neural Computation 9(8), 1997; in the form with a
forget gate of Gers, Schmidhuber and Cummins, 2000. Packing and projection: documentation of torch.nn.LSTM.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple

import torch
from torch import Tensor
from torch.nn.functional import linear


class CellWeights(NamedTuple):
    """The parameters of one layer in one direction, packed as nn.LSTM packs them."""

    w_ih: Tensor  # (4H, K)
    w_hh: Tensor  # (4H, P)
    b_ih: Tensor | None  # (4H,)
    b_hh: Tensor | None  # (4H,)
    w_hr: Tensor | None  # (P, H), only with a projection


class Step(NamedTuple):
    """Everything that one step computes; the last dimension of each is H, of h it is P."""

    z_f: Tensor
    z_i: Tensor
    z_c: Tensor
    z_o: Tensor
    f: Tensor
    i: Tensor
    c_tilde: Tensor
    c: Tensor
    o: Tensor
    h: Tensor


def lstm_step(x: Tensor, h: Tensor, c: Tensor, w: CellWeights) -> Step:
    """Compute one step.

    Parameters
    ----------
    x : Tensor
        x_t, (B, K).
    h : Tensor
        h_(t-1), (B, P).
    c : Tensor
        C_(t-1), (B, H).
    w : CellWeights
        Of the same dtype and device as x, h and c.

    Returns
    -------
    Step
        Each (B, H), and h (B, P), in the dtype of the inputs.
    """
    z = linear(x, w.w_ih, w.b_ih) + linear(h, w.w_hh, w.b_hh)  # (B, 4H)
    z_i, z_f, z_c, z_o = z.chunk(4, dim=-1)  # four (B, H)

    f = torch.sigmoid(z_f)
    i = torch.sigmoid(z_i)
    c_tilde = torch.tanh(z_c)
    c = f * c + i * c_tilde
    o = torch.sigmoid(z_o)
    h = o * torch.tanh(c)
    if w.w_hr is not None:
        h = linear(h, w.w_hr)  # (B, H) -> (B, P)
    return Step(z_f, z_i, z_c, z_o, f, i, c_tilde, c, o, h)


def lstm_layer(
    x: Tensor, h0: Tensor, c0: Tensor, w: CellWeights, *, reverse: bool, each_step: Callable[[], None]
) -> Step:
    """Run one layer in one direction over the whole sequence, each step on the state of the one before.

    Parameters
    ----------
    x : Tensor
        (T, B, K).
    h0, c0 : Tensor
        (B, P) and (B, H).
    w : CellWeights
        The cell's parameters.
    reverse : bool
        Whether to run from T-1 down to 0.
    each_step : callable
        Called after each step; may raise to stop the run.

    Returns
    -------
    Step
        Each (T, B, H), and h (T, B, P); the index t is the position in x, in either direction.
    """
    steps = len(x)
    batch, hidden, units = x.shape[1], c0.shape[-1], h0.shape[-1]
    record = Step(*(x.new_empty(steps, batch, units if name == "h" else hidden) for name in Step._fields))
    h, c = h0, c0
    for t in reversed(range(steps)) if reverse else range(steps):
        step = lstm_step(x[t], h, c, w)
        for kept, value in zip(record, step, strict=True):
            kept[t] = value
        h, c = step.h, step.c
        each_step()
    return record
