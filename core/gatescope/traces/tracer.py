"""Run a network and record everything."""

from __future__ import annotations

import copy
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from itertools import chain
from typing import Any

import torch
from torch import Tensor, nn
from torch.nn.utils.prune import BasePruningMethod
from torch.nn.utils.rnn import PackedSequence
from torch.nn.utils.spectral_norm import SpectralNorm
from torch.nn.utils.weight_norm import WeightNorm

from gatescope.cells.arithmetic import ArithmeticName, computing_in
from gatescope.cells.torch_cell import TorchCell
from gatescope.cells.values import Values
from gatescope.edits.active_holds import ActiveHolds, holds_of
from gatescope.edits.checks import Shape
from gatescope.edits.edits import Hold, checked_holds
from gatescope.messages.message import GatescopeError, Progress, describe_all
from gatescope.modules.arithmetic_probe import running_arithmetic
from gatescope.modules.attachments import attachments
from gatescope.modules.inputs import Inputs, checked_inputs
from gatescope.modules.kernel import without_remarks
from gatescope.modules.memory_needed import require_memory
from gatescope.modules.network import (
    CLASSES,
    cell_weights,
    first_weight,
    live_weights,
    own_cell,
    spec_of,
    weights_of,
)
from gatescope.modules.spec import ITEM_BYTES, ModuleSpec
from gatescope.traces.layers import Done, Run, by_equations_held, by_kernel, by_kernel_held, steps_at_once
from gatescope.traces.original_call import OriginalCall
from gatescope.traces.trace import CellTrace, Trace, side_by_side

State = Tensor | tuple[Tensor, Tensor] | None


def trace(
    module: nn.Module,
    x: Tensor | PackedSequence,
    hx: State = None,
    *,
    holds: Sequence[Hold] = (),
    grad: bool = False,
    arithmetic: ArithmeticName | None = None,
    tokens: Sequence[str] | None = None,
    seed: int | None = None,
    progress: Progress | None = None,
) -> Trace:
    """Run a network over a sequence and record every gate and state of every step.

    Parameters
    ----------
    module : nn.LSTM, nn.GRU, nn.RNN, nn.LSTMCell, nn.GRUCell or nn.RNNCell
        With any options, of any floating dtype that it runs in itself, on any device. Or a module of one's own that is
        fed step by step and whose cell is known, see `gatescope.cells.kinds.add_cell`.
    x : Tensor or PackedSequence
        The sequence as the module takes it: (T, K), (T, B, K), or (B, T, K) with batch_first. A cell module is fed the
        steps of (T, K) or (T, B, K) one by one.
    hx : Tensor or (Tensor, Tensor), optional
        h0, or h0 and c0 of an LSTM, as the module takes them; zeros when missing.
    holds : sequence of Hold
        What to hold by hand while it runs: all that is computed from it follows, in that step and later. The steps that
        run before the first hold are bit for bit those without it. Of several holds of one value the later acts.
    grad : bool
        Whether to keep autograd's graph: `loss(trace.output).backward()` then gives gradients to the module, to x, and
        to every quantity (`CellTrace.grad`). Every step is then computed by the equations themselves.
    arithmetic : {"ieee", "tf32"}, optional
        What float32 products on CUDA are to be computed in; as torch is set when not given.
    tokens : sequence of str, optional
        What each step is called; kept for tables and files.
    seed : int, optional
        The seed of the module's initial weights; kept for files.
    progress : callable, optional
        Called with the fraction done, from 0 to 1; may raise `Cancelled` to stop.

    Returns
    -------
    Trace
        Its `output`, `h_n` and `c_n` are what `module(x, hx)` returns, up to rounding. `output` and `h_n` have the same
        bits where the same kernel is called with the same arguments, see
        `gatescope.verification.drift.is_same_kernel_call`: of an nn.LSTM, nn.GRU or nn.RNN in evaluation mode with one
        layer and one direction, without a projection, in float32 or float64, where autograd and autocast are off, for a
        contiguous x in memory of its own, (T, B, K) or (T, K), of at most 2^24 values of gates (4 TBH of an LSTM). Of
        another such x, as a transposed one or a slice, they have the bits that the module makes of a contiguous copy.
        Everything else is within the rounding of one step that `verify` judges by, carried through time and layers
        (`gatescope.verification.drift.drift_bounds`): other layers, directions and layouts are computed by other calls,
        and PyTorch takes another path itself where autograd is on. A spectral norm stays in its state: in training mode
        the weights are those of that state, as in evaluation, while `module(x, hx)` would first change it.

    Raises
    ------
    GatescopeError
        Where the module or the input is not what the module itself would take, naming both sides; for a hold of
        what the run does not have; and for a module in training mode whose dropout would act.
    """
    spec = _checked_spec(module)
    like = first_weight(module)
    if grad and torch.is_inference_mode_enabled():
        raise GatescopeError("grad_in_inference_mode")
    named = None if tokens is None else _checked_tokens(tokens)
    with (
        torch.inference_mode(False),  # the trace outlives it
        torch.set_grad_enabled(grad),
        # The trace has the module's own dtype, whatever autocast would make of it.
        torch.autocast(like.device.type, enabled=False),
        computing_in(arithmetic, like.device),
    ):
        _refresh_weights(module)
        weights = live_weights(module, spec) if grad else weights_of(module, spec)
        inputs = checked_inputs(spec, x, hx, like)
        steps, batch = inputs.x.shape[:2]
        require_memory(trace_bytes(spec, steps, batch), lambda: f"{spec.constructor()}, T = {steps}, B = {batch}")
        if named is not None and len(named) != steps:
            raise GatescopeError("tokens_length", given=len(named), expected=steps)
        kept = checked_holds(holds, Shape(spec, steps, batch))
        own = _OwnCall(module, spec, x, hx) if _is_own_call(module, spec, x, inputs, kept) else None
        result = _run(spec, weights, inputs, kept, progress, own)
    call = OriginalCall.of(module, x, hx, None if own is None else own.returned)
    return replace(result, tokens=named, seed=seed, module=_own_copy(module), call=call)


def _is_own_call(module: nn.Module, spec: ModuleSpec, x: Any, inputs: Inputs, holds: tuple[Hold, ...]) -> bool:
    """Whether the kernel is called as the module calls it, so that the module itself can be called in its place.

    Not where something is attached to it that may do something else: the trace is of its weights. Nor for a part of
    another tensor, of which kernels make other bits.
    """
    if len(spec.cells()) > 1 or holds or not _is_fast(spec, inputs) or (inputs.batched and spec.batch_first):
        return False
    if not isinstance(spec.cell, TorchCell) or not x.is_contiguous() or x.storage_offset():
        return False
    in_one = len(inputs.x) <= steps_at_once(spec.cell, spec.hidden_size, inputs.x.shape[1])
    return in_one and module._compiled_call_impl is None and not attachments(module)


@dataclass
class _OwnCall:
    """Calls the module itself, as people call it, in place of its kernel; a `gatescope.traces.layers.Run`."""

    module: nn.Module
    spec: ModuleSpec
    x: Any
    hx: Any
    returned: Any = None

    def __call__(self, x: Tensor, before: Values) -> tuple[Tensor, Values]:
        self.returned = without_remarks(
            lambda: self.module(self.x) if self.hx is None else self.module(self.x, self.hx)
        )
        output, after = self.returned
        names = self.spec.cell.states
        states = after if len(names) > 1 else (after,)  # each (1, B, units), or (1, units) without a batch
        after = {name: state.reshape(before[name].shape) for name, state in zip(names, states, strict=True)}
        return output.reshape(*x.shape[:2], output.shape[-1]), after


def _run(
    spec: ModuleSpec,
    weights: dict[str, Tensor],
    inputs: Inputs,
    holds: tuple[Hold, ...],
    progress: Progress | None,
    own_call: Run | None,
) -> Trace:
    arithmetic = running_arithmetic(spec, inputs.x.device, inputs.x.dtype, inputs.x.shape[:2].numel())
    # Later training changes live parameters and inputs, and must not change the record.
    kept_weights = {name: _kept(weight) for name, weight in weights.items()}
    trace = Trace(
        spec, kept_weights, _absent_marked(_kept(inputs.x), inputs.present), inputs.batched, {}, arithmetic,
        lengths=inputs.lengths, in_order=inputs.in_order, holds=holds,
    )  # fmt: skip
    held = {
        key: ActiveHolds(holds_of(holds, *key), spec.cell, cell_weights(spec, weights, *key), inputs.x)
        for key in spec.cells()
    }
    twice = sum(_run_twice(spec, inputs, own, direction) for (_, direction), own in held.items())
    done = _counter(progress, len(inputs.x) * len(held) + twice)
    x = inputs.x
    for layer in range(spec.num_layers):
        outputs = []
        for direction in spec.directions:
            before = {name: inputs.states[f"{name}0"][len(trace.cells)] for name in spec.cell.states}
            own = held.pop((layer, direction))  # it holds what is put together for the products
            values, graph, fast = _layer(
                spec, x, before, inputs, own, reverse=direction == "reverse", done=done, run=own_call
            )
            outputs.append(values["h"])
            kept = {name: _absent_marked(value, inputs.present) for name, value in values.items()}
            trace.cells[layer, direction] = CellTrace(
                layer, direction, spec.cell, _absent_marked(_kept(x), inputs.present),
                {name: _kept(state) for name, state in before.items()},
                # Not those that ran, which hold what was put together for their products.
                cell_weights(spec, kept_weights, layer, direction), kept, inputs.lengths, graph, fast, own.holds,
            )  # fmt: skip
        x = side_by_side(outputs)
    return trace


def _layer(
    spec: ModuleSpec,
    x: Tensor,
    before: Values,
    inputs: Inputs,
    held: ActiveHolds,
    *,
    reverse: bool,
    done: Done,
    run: Run | None,
) -> tuple[Values, dict[str, list[Tensor]] | None, bool]:
    """Run one layer in one direction by the fastest way there is; return its quantities, the graph, and which way."""
    w, cell = held.weights, spec.cell
    if isinstance(cell, TorchCell) and _is_fast(spec, inputs):
        if not held:
            return by_kernel(cell, w, x, before, reverse=reverse, done=done, run=run), None, True
        values = by_kernel_held(cell, w, x, before, held=held, reverse=reverse, done=done)
        return values, None, not held.everywhere
    steps = by_equations_held(cell, w, x, before, held=held, reverse=reverse, present=inputs.present, done=done)
    graph = steps if torch.is_grad_enabled() else None
    for value in chain.from_iterable(graph.values() if graph else ()):
        if value.requires_grad:
            value.retain_grad()
    return {name: torch.stack(values) for name, values in steps.items()}, graph, False


def _is_fast(spec: ModuleSpec, inputs: Inputs) -> bool:
    """Whether torch's own kernel can run, and its h be recorded."""
    plain = not (torch.is_grad_enabled() or spec.is_cell or spec.proj_size) and inputs.lengths is None
    return plain and inputs.x.dtype in (torch.float32, torch.float64)


def _run_twice(spec: ModuleSpec, inputs: Inputs, held: ActiveHolds, direction: str) -> int:
    """Return how many steps of a layer and direction are run once by the kernel, and again from the first hold on."""
    if not held or not _is_fast(spec, inputs):
        return 0
    return sum(segment.stop - segment.start for segment, _ in held.changes(reverse=direction == "reverse"))


def _kept(tensor: Tensor) -> Tensor:
    """Return a tensor that nobody else changes: without a graph it is a copy already."""
    return tensor.detach().clone() if torch.is_grad_enabled() else tensor


def _absent_marked(values: Tensor, present: Tensor | None) -> Tensor:
    """Return the values with NaN where there is no step."""
    return values if present is None else values.masked_fill(~present[..., None], torch.nan)


def trace_bytes(spec: ModuleSpec, steps: int, batch: int) -> int:
    """Return how many bytes such a run takes, its quantities and their verification."""
    states = sum(spec.output_size if name == "h" else spec.hidden_size for name in spec.cell.states)
    recorded = len(spec.cell.gates) * spec.hidden_size + states
    per_step = 3 * recorded  # with a reference and a bound for each
    return steps * batch * len(spec.cells()) * per_step * ITEM_BYTES[spec.dtype]


def _checked_spec(module: Any) -> ModuleSpec:
    if isinstance(module, nn.Module) and own_cell(module) is not None:
        return spec_of(module)
    own = next((own for own in CLASSES.values() if isinstance(module, own)), None)
    # A forward of its own would compute something else than what is verified against torch's.
    if own is None or type(module).forward is not own.forward:
        raise GatescopeError(
            "not_recurrent", allowed=describe_all(f"nn.{kind}" for kind in CLASSES), value=_class_name(module)
        )
    if isinstance(module, nn.RNNBase) and module.training and module.dropout > 0 and module.num_layers > 1:
        raise GatescopeError("dropout_in_training", dropout=module.dropout)
    return spec_of(module)


def _class_name(module: Any) -> str:
    """Return the name of a class; of one that is called as torch's are, such as a quantized LSTM, with its module."""
    own = type(module)
    return f"{own.__module__}.{own.__qualname__}" if own.__name__ in CLASSES else own.__name__


def _refresh_weights(module: nn.Module) -> None:
    """Have the older weight_norm, spectral_norm and pruning compute the weights, as they do before each forward."""
    for part in module.modules():
        for hook in part._forward_pre_hooks.values():  # there is no public way to them
            if isinstance(hook, (WeightNorm, BasePruningMethod)):
                hook(part, ())
            elif isinstance(hook, SpectralNorm):  # which in training changes its own state with each call
                setattr(part, hook.name, hook.compute_weight(part, do_power_iteration=False))


def _own_copy(module: nn.Module) -> nn.Module | None:
    """Return a module of one's own as it is now; None for torch's, which can be built from their weights."""
    if own_cell(module) is None:
        return None
    with torch.no_grad():
        _refresh_weights(module)  # with a graph they could not be copied
        return copy.deepcopy(module)


def _checked_tokens(tokens: Any) -> tuple[str, ...]:
    named = tuple(tokens) if isinstance(tokens, Iterable) else (tokens,)
    if not all(isinstance(token, str) for token in named):
        raise GatescopeError("tokens_not_texts", given=type(tokens).__name__)
    return named


def _counter(progress: Progress | None, total: int) -> Done:
    """Return what is told of steps that are done; it passes the fraction on about a hundred times in all."""
    counted, reported, every = 0, 0, max(1, min(100, total // 100))

    def done(steps: int) -> None:
        nonlocal counted, reported
        counted += steps
        if progress is not None and counted - reported >= every:
            reported = counted
            progress(counted / total)

    return done
