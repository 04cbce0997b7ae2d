"""Run a network by the equations and record everything."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import torch
from torch import Tensor, nn

from gatescope.arithmetic import running_arithmetic
from gatescope.equations import Step, lstm_layer
from gatescope.memory import require_memory
from gatescope.messages import GatescopeError, Progress
from gatescope.network import cell_weights, spec_of, weights_of
from gatescope.spec import ITEM_BYTES, Direction, LSTMSpec
from gatescope.traces import CellTrace, Trace

_Run = tuple[int, Direction]


@torch.no_grad()
def trace(
    module: nn.LSTM,
    x: Tensor,
    hx: tuple[Tensor, Tensor] | None = None,
    *,
    tokens: Sequence[str] | None = None,
    seed: int | None = None,
    progress: Progress | None = None,
) -> Trace:
    """Run a network over a sequence and record every gate and state of every step.

    Parameters
    ----------
    module : torch.nn.LSTM
        With any options, float32 or float64, on any device.
    x : Tensor
        The sequence as the module takes it: (T, K), (T, B, K), or (B, T, K) with batch_first.
    hx : (Tensor, Tensor), optional
        h0 and c0 as the module takes them; zeros when missing.
    tokens : sequence of str, optional
        What each step is called; kept for tables and files.
    seed : int, optional
        The seed of the module's initial weights; kept for files.
    progress : callable, optional
        Called with the fraction done, from 0 to 1; may raise `Cancelled` to stop.

    Returns
    -------
    Trace

    Raises
    ------
    GatescopeError
        Where the module or the input is not what the module itself would take, naming both sides; and for a
        module in training mode whose dropout would act.
    """
    spec = _checked_spec(module)
    weights = weights_of(module, spec)
    batched = _check_sequence(spec, x, weights["weight_ih_l0"])
    inputs = _time_major(spec, x)  # (T, B, K)
    steps, batch = inputs.shape[:2]
    require_memory(trace_bytes(spec, steps, batch), f"{spec.constructor()}, T = {steps}, B = {batch}")
    h0, c0 = _initial_states(spec, hx, batch if batched else None, inputs)  # (L*D, B, P), (L*D, B, H)
    if tokens is not None and len(tokens) != steps:
        raise GatescopeError("tokens_length", given=len(tokens), expected=steps)
    each_step = _step_counter(progress, steps * len(spec.cells()))

    cells: dict[_Run, CellTrace] = {}
    layer_input = inputs
    for layer in range(spec.num_layers):
        for direction in spec.directions:
            index, w = len(cells), cell_weights(spec, weights, layer, direction)
            with torch.autocast(x.device.type, enabled=False):  # the trace has the module's own dtype
                record = lstm_layer(
                    layer_input, h0[index], c0[index], w, reverse=direction == "reverse", each_step=each_step
                )
            cells[layer, direction] = CellTrace(layer, direction, layer_input, h0[index], c0[index], w, record)
        layer_input = torch.cat([cells[layer, direction].h for direction in spec.directions], dim=-1)

    arithmetic = running_arithmetic(x.device, x.dtype)
    kept = None if tokens is None else tuple(tokens)
    return Trace(spec, weights, inputs, batched, cells, arithmetic, kept, seed)


def trace_bytes(spec: LSTMSpec, steps: int, batch: int) -> int:
    """Return how many bytes such a run takes, its quantities and their verification."""
    verified = 2 * (spec.hidden_size + spec.output_size)  # reference and bound, of C and h
    states_before = spec.hidden_size + spec.output_size
    per_step = (len(Step._fields) - 1) * spec.hidden_size + spec.output_size + verified + states_before
    return steps * batch * len(spec.cells()) * per_step * ITEM_BYTES[spec.dtype]


def _checked_spec(module: Any) -> LSTMSpec:
    # A forward of its own would compute something else than what is verified against nn.LSTM's.
    if not isinstance(module, nn.LSTM) or type(module).forward is not nn.LSTM.forward:
        raise GatescopeError("not_lstm", value=type(module).__name__)
    if module.training and module.dropout > 0 and module.num_layers > 1:
        raise GatescopeError("dropout_in_training", dropout=module.dropout)
    return spec_of(module)


def _check_sequence(spec: LSTMSpec, x: Any, like: Tensor) -> bool:
    """Refuse what the module would refuse; return whether `x` has a batch dimension."""
    if not isinstance(x, Tensor) or x.layout != torch.strided:
        raise GatescopeError("sequence_not_tensor", given=type(x).__name__)
    batch = "B, T, K" if spec.batch_first else "T, B, K"
    if x.dim() not in (2, 3):
        raise GatescopeError("sequence_dimensions", width=spec.input_size, batch=batch, given=tuple(x.shape))
    if x.shape[-1] != spec.input_size:
        raise GatescopeError("sequence_width", given=x.shape[-1], expected=spec.input_size)
    if x.numel() == 0:
        raise GatescopeError("sequence_empty")
    if x.dtype != like.dtype:
        raise GatescopeError("sequence_dtype", given=x.dtype, expected=like.dtype)
    if x.device != like.device:
        raise GatescopeError("sequence_device", given=x.device, expected=like.device)
    return x.dim() == 3


def _time_major(spec: LSTMSpec, x: Tensor) -> Tensor:
    if x.dim() == 2:
        x = x[:, None]
    elif spec.batch_first:
        x = x.transpose(0, 1)
    return x.detach().clone(memory_format=torch.contiguous_format)


def _initial_states(spec: LSTMSpec, hx: Any, batch: int | None, inputs: Tensor) -> tuple[Tensor, Tensor]:
    if hx is None:
        hx = tuple(inputs.new_zeros(spec.state_shape(name, batch)) for name in ("h0", "c0"))
    if not isinstance(hx, tuple | list) or len(hx) != 2:
        raise GatescopeError("state_not_pair", given=type(hx).__name__)
    if not all(isinstance(state, Tensor) for state in hx):
        raise GatescopeError("state_not_pair", given=f"pair of {type(hx[0]).__name__} and {type(hx[1]).__name__}")
    for name, state in zip(("h0", "c0"), hx, strict=True):
        expected = spec.state_shape(name, batch)
        if tuple(state.shape) != expected:
            raise GatescopeError("state_shape", name=name, expected=expected, given=tuple(state.shape))
        if state.dtype != inputs.dtype:
            raise GatescopeError("state_dtype", name=name, given=state.dtype, expected=inputs.dtype)
        if state.device != inputs.device:
            raise GatescopeError("state_device", name=name, given=state.device, expected=inputs.device)
    h0, c0 = (state.detach().clone() for state in hx)
    return (h0, c0) if batch is not None else (h0[:, None], c0[:, None])


def _step_counter(progress: Progress | None, total: int) -> Callable[[], None]:
    """Return what each step calls; it tells `progress` about a hundred times in all, and 100 steps at most."""
    done, every = 0, max(1, min(100, total // 100))

    def each_step() -> None:
        nonlocal done
        done += 1
        if progress is not None and done % every == 0:
            progress(done / total)

    return each_step
