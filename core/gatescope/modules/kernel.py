"""What a trace is compared with: torch's own kernels, for one layer in one direction, and modules of one's own."""

from __future__ import annotations

import warnings
from collections.abc import Callable
from typing import Any

import torch
from torch import Tensor, nn

from gatescope.cells.cell import Cell
from gatescope.cells.values import Values
from gatescope.cells.weights import Weights
from gatescope.messages.message import GatescopeError

# Both by (name, nonlinearity). nn.LSTM.forward calls torch.lstm, and nn.LSTMCell.forward torch.lstm_cell.
_LAYERS: dict[tuple[str, str | None], Callable[..., Any]] = {
    ("LSTM", None): torch.lstm,
    ("GRU", None): torch.gru,
    ("RNN", "tanh"): torch.rnn_tanh,
    ("RNN", "relu"): torch.rnn_relu,
}
_STEPS: dict[tuple[str, str | None], Callable[..., Any]] = {
    ("LSTM", None): torch.lstm_cell,
    ("GRU", None): torch.gru_cell,
    ("RNN", "tanh"): torch.rnn_tanh_cell,
    ("RNN", "relu"): torch.rnn_relu_cell,
}
# Remarks on speed, which are nothing to the person who traces.
_REMARKS = (
    "LSTM with projections is not supported with oneDNN",
    "RNN module weights are not part of single contiguous chunk of memory",
)


def sequence(cell: Cell, w: Weights, x: Tensor, before: Values) -> tuple[Tensor, Values]:
    """Run a layer over a whole sequence.

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

    Returns
    -------
    tuple
        h of all steps, (T, B, P), and the states after the last, each (B, units).
    """
    hx = tuple(before[name][None] for name in cell.states)
    biases = w.parameters.b_ih is not None
    options = (biases, 1, 0.0, False, False, False)  # one layer, no dropout, evaluation, one direction, time first
    layer, weights = _LAYERS[cell.name, cell.nonlinearity], [value for value in w.parameters if value is not None]
    arguments = (x, hx if len(hx) > 1 else hx[0], weights, *options)
    remarked_on = w.w_hr is not None or x.device.type == "cuda"  # silencing costs as much as a small step
    output, *after = without_remarks(lambda: layer(*arguments)) if remarked_on else layer(*arguments)
    return output, {name: state[0] for name, state in zip(cell.states, after, strict=True)}


def one_step(cell: Cell, w: Weights, x: Tensor, before: Values) -> Values:
    """Run one step of N rows with the kernel of a layer: time is folded into the batch.

    Parameters
    ----------
    x : Tensor
        (N, K).
    before : dict
        Each (N, units).

    Returns
    -------
    dict
        The states after the step, each (N, units).
    """
    return sequence(cell, w, x[None], before)[1]


def one_cell_step(cell: Cell, w: Weights, x: Tensor, before: Values) -> Values:
    """Do as `one_step`, with the kernel of nn.LSTMCell, nn.GRUCell or nn.RNNCell."""
    hx = [before[name] for name in cell.states]
    after = _STEPS[cell.name, cell.nonlinearity](x, hx if len(hx) > 1 else hx[0], *w.parameters[:4])
    return dict(zip(cell.states, after if len(hx) > 1 else (after,), strict=True))


def one_module_step(cell: Cell, module: nn.Module, x: Tensor, before: Values) -> Values:
    """Do as `one_step`, with a module of one's own, which is fed as many rows at once as it takes.

    Raises
    ------
    GatescopeError
        `own_states` where it returns states of another shape.
    """
    if cell.takes_batch:
        after = cell.call(module, x, before)
    else:
        rows = [cell.call(module, row, {name: before[name][n] for name in cell.states}) for n, row in enumerate(x)]
        after = {name: torch.stack([row[name] for row in rows]) for name in cell.states}
    for name, state in after.items():
        if state.shape != before[name].shape:
            shapes = {"expected": tuple(before[name].shape), "given": tuple(state.shape)}
            raise GatescopeError("own_states", module=cell.name, name=name, **shapes)
    return after


def without_remarks(call: Callable[[], Any]) -> Any:
    """Call torch without its remarks on speed."""
    with warnings.catch_warnings():
        for remark in _REMARKS:
            warnings.filterwarnings("ignore", message=remark)
        return call()
