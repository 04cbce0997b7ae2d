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


_INDICATORS = ("g = 1", "i = 1", "i = 0", "f = 1")


def gate_module(spec: LSTMSpec, w: CellWeights) -> nn.LSTM:
    """Build an nn.LSTM that can be made to show one cell's gates; see `gate_rows`.

    Its input is x_t, h_(t-1) and four indicators, one behind the other. An indicator adds its value to the
    pre-activations of one gate, and an exact zero to those of the others.
    """
    hidden = spec.hidden_size
    indicators = w.w_ih.new_zeros(4 * hidden, len(_INDICATORS))  # (4H, 4)
    for column, (gate, sign) in enumerate((("c_tilde", 1.0), ("i", 1.0), ("i", -1.0), ("f", 1.0))):
        indicators[spec.gate_rows(gate), column] = sign
    w_ih = torch.cat([w.w_ih, w.w_hh, indicators], dim=1)  # (4H, K+P+4)
    w_hh = w.w_ih.new_zeros(4 * hidden, hidden)  # h_(t-1) comes with the input, so that a projection is no matter
    plain = LSTMSpec(w_ih.shape[1], hidden, bias=spec.bias, dtype=spec.dtype)
    return cell_module(plain, CellWeights(w_ih, w_hh, w.b_ih, w.b_hh, None))


def gate_rows(module: nn.LSTM, x: Tensor, h: Tensor) -> dict[str, Tensor]:
    """Let the kernel of nn.LSTM show its gates, which it does not return, without any equation of ours.

    With gates held open or shut by an indicator far beyond any pre-activation, C_t = f * C_(t-1) + i * C̃ becomes
    the gate that is left: with i shut and C_(t-1) = 1 it is f, with C̃ = 1 and C_(t-1) = 0 it is i, with i open it
    is C̃; and with C_t huge, h_t is o.

    Parameters
    ----------
    module : nn.LSTM
        From `gate_module`.
    x, h : Tensor
        x_t and h_(t-1) of N steps: (N, K), (N, P).

    Returns
    -------
    dict
        `f`, `i`, `c_tilde` and `o`, each (N, H).
    """
    far = _beyond(module, torch.cat([x, h], dim=1))

    def shown(c_before: float, *held: str) -> States:
        indicators = x.new_zeros(len(x), len(_INDICATORS))
        indicators[:, [_INDICATORS.index(name) for name in held]] = far
        c = x.new_full((len(x), module.hidden_size), c_before)
        return resynced_rows(module, torch.cat([x, h, indicators], dim=1), torch.zeros_like(c), c)

    return {
        "f": shown(1.0, "i = 0").c,
        "i": shown(0.0, "g = 1").c,
        "c_tilde": shown(0.0, "i = 1").c,
        "o": shown(1e30, "f = 1", "i = 0").h,
    }


def _beyond(module: nn.LSTM, inputs: Tensor) -> float:
    """Return a value beyond every pre-activation that finite inputs, (N, K+P), can add up to."""

    def largest(tensor: Tensor) -> float:
        return float(tensor.nan_to_num(0.0, 0.0, 0.0).abs().max())

    parameters = dict(module.named_parameters())
    sums = parameters["weight_ih_l0"].nan_to_num(0.0, 0.0, 0.0).abs().sum(dim=1)  # (4H,)
    biases = sum(largest(bias) for name, bias in parameters.items() if name.startswith("bias"))
    return 1e4 + 2 * (float(sums.max()) * max(1.0, largest(inputs)) + biases)


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
