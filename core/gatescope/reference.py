"""What torch.nn.LSTM itself computes, to compare with."""

from __future__ import annotations

import warnings
from collections.abc import Iterator
from typing import NamedTuple

import torch
from torch import Tensor, nn

from gatescope.equations import CellWeights
from gatescope.messages import Progress
from gatescope.network import with_weights
from gatescope.spec import LSTMSpec
from gatescope.traces import CellTrace, Trace


class States(NamedTuple):
    """The states after each step, h (T, B, P) and C (T, B, H), at their positions in the input."""

    h: Tensor
    c: Tensor


def cell_module(spec: LSTMSpec, w: CellWeights) -> nn.LSTM:
    """Build an nn.LSTM of one layer and one direction around one cell's parameters."""
    single = LSTMSpec(w.w_ih.shape[1], spec.hidden_size, bias=spec.bias, proj_size=spec.proj_size, dtype=spec.dtype)
    kinds = ("weight_ih_l0", "weight_hh_l0", "bias_ih_l0", "bias_hh_l0", "weight_hr_l0")
    return with_weights(single, {kind: value for kind, value in zip(kinds, w, strict=True) if value is not None})


def resynced_rows(module: nn.LSTM, x: Tensor, h: Tensor, c: Tensor) -> States:
    """Let nn.LSTM compute one step from each given state, all in one call.

    Parameters
    ----------
    module : nn.LSTM
        Of one layer and direction.
    x, h, c : Tensor
        x_t, h_(t-1) and C_(t-1) of N steps: (N, K), (N, P), (N, H).

    Returns
    -------
    States
        (N, P) and (N, H).
    """
    # Time is folded into the batch: a sequence of length 1 with N elements.
    _, (h_next, c_next) = _call(module, x[None], (h[None], c[None]))
    return States(h_next[0], c_next[0])


def _call(module: nn.LSTM, x: Tensor, hx: tuple[Tensor, Tensor]) -> tuple[Tensor, tuple[Tensor, Tensor]]:
    """Call the module without torch's remark that oneDNN has no projections: another kernel of torch's runs."""
    if not module.proj_size:
        result: tuple[Tensor, tuple[Tensor, Tensor]] = module(x, hx)
        return result
    with warnings.catch_warnings():
        warnings.filterwarnings("ignore", message="LSTM with projections is not supported with oneDNN")
        result = module(x, hx)
        return result


@torch.no_grad()
def free_run(trace: Trace, progress: Progress | None = None) -> dict[tuple[int, str], States]:
    """Let nn.LSTM run the whole sequence on its own history.

    nn.LSTM tells h for every step of its last layer. For a layer below, a network cut off above it is asked.
    C is told only for the last step, so each step is run again from the reference's own h and C before it.

    Parameters
    ----------
    trace : Trace
        Gives the network, the input and the initial states.
    progress : callable, optional
        Called with the fraction done, from 0 to 1; may raise `Cancelled` to stop.

    Returns
    -------
    dict
        `States` for each (layer, direction).
    """
    report = _Fraction(progress, len(trace) * len(trace.cells))
    states: dict[tuple[int, str], States] = {}
    layer_input = trace.x
    for layer in range(trace.spec.num_layers):
        output = _output_of(trace, layer)  # (T, B, D*P)
        per_direction = output.chunk(len(trace.spec.directions), dim=-1)
        for direction, h in zip(trace.spec.directions, per_direction, strict=True):
            cell = trace.cells[layer, direction]
            states[layer, direction] = States(h, _memory(trace.spec, cell, layer_input, h, report))
        layer_input = output
    return states


class _Fraction:
    """Counts steps of the whole work and passes on the fraction now and then."""

    def __init__(self, progress: Progress | None, total: int) -> None:
        self._progress, self._total, self._done = progress, total, 0

    def __call__(self) -> None:
        self._done += 1
        if self._progress is not None and self._done % 100 == 0:
            self._progress(self._done / self._total)


def _output_of(trace: Trace, layer: int) -> Tensor:
    """Run nn.LSTM with its layers up to `layer`; return its output, (T, B, D*P)."""
    spec = trace.spec
    cut = LSTMSpec(
        spec.input_size, spec.hidden_size, layer + 1, bias=spec.bias, bidirectional=spec.bidirectional,
        proj_size=spec.proj_size, dtype=spec.dtype,
    )  # fmt: skip
    module = with_weights(cut, {name: trace.weights[name] for name in cut.parameters()})
    cells = [trace.cells[key] for key in cut.cells()]
    h0, c0 = (torch.stack([getattr(cell, name) for cell in cells]) for name in ("h0", "c0"))
    return _call(module, trace.x, (h0, c0))[0]


def _memory(spec: LSTMSpec, cell: CellTrace, x: Tensor, h: Tensor, each_step: _Fraction) -> Tensor:
    """Return C for every step of the reference's run, (T, B, H), from its inputs and its h."""
    module = cell_module(spec, cell.weights)
    memory = torch.empty_like(cell.c)
    h_before, c = cell.h0, cell.c0
    for t in _order(len(x), cell):
        memory[t] = c = resynced_rows(module, x[t], h_before, c).c
        h_before = h[t]
        each_step()
    return memory


def _order(steps: int, cell: CellTrace) -> Iterator[int]:
    return iter(range(steps) if cell.direction == "forward" else reversed(range(steps)))
