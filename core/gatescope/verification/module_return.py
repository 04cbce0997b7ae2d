"""One more call of a module that was traced: what it returns, read in one layout, and the module left as it was."""

from __future__ import annotations

import contextlib
from collections.abc import Callable, Iterator
from typing import Any

import torch
from torch import Tensor, nn
from torch.nn.utils.rnn import PackedSequence, pad_packed_sequence

from gatescope.cells.values import Values
from gatescope.messages.message import Message, describe_all
from gatescope.modules.bits import same_bits
from gatescope.modules.kernel import without_remarks
from gatescope.modules.network import parametrizations_kept
from gatescope.traces.original_call import called_to_compare
from gatescope.traces.trace import Trace


class OtherwiseError(Exception):
    """What a module returned is of another kind than what such a module returns."""

    def __init__(self, place: str, given: str, expected: str) -> None:
        self.message = Message("call_returns", {"place": place, "given": given, "expected": expected})
        super().__init__(str(self.message))


class MovingError(Exception):
    """A call changed the module's own state, so that it never returns the same twice."""

    def __init__(self, names: list[str]) -> None:
        super().__init__(names)
        self.message = Message("not_asked_moving", {"names": describe_all(names)})


def places_of(trace: Trace) -> Values:
    """Return what a trace has of what its module returns: `output` (T, B, D*P), `h_n` and `c_n`.

    Of a cell module it is `h` and `c` after each step, (T, B, H). Without a batch, B is left out.
    """
    names = trace.spec.cell.states
    if trace.spec.is_cell:
        cell = trace.cell()
        return {name: cell.quantity(name) if trace.batched else cell.quantity(name)[:, 0] for name in names}
    return {"output": _padded(trace.output)} | {f"{name}_n": getattr(trace, f"{name}_n") for name in names}


def returned(trace: Trace, module: Callable[..., Any], x: Any, hx: Any, *, one_by_one: bool) -> Values:
    """Call a module as people call it, and return what `places_of` returns of a trace.

    Parameters
    ----------
    trace : Trace
        A cell module is given the states that are recorded before each step: so no step depends on the ones before it.
    module : callable
        A module of the kind that was traced, or its forward.
    x, hx
        What it is given.
    one_by_one : bool
        Whether a cell module is called for each step on its own; else it is fed all of them as one batch.

    Raises
    ------
    OtherwiseError
        Where it returns something of another kind or shape.
    """
    if not trace.spec.is_cell:
        return by_place(trace, x, without_remarks(lambda: module(x) if hx is None else module(x, hx)))
    before = {name: _without_batch(trace, trace.cell().state_before(name)) for name in trace.spec.cell.states}
    if one_by_one:
        steps = [_after(trace, module, x_t, {name: of[t] for name, of in before.items()}) for t, x_t in enumerate(x)]
        return _checked(trace, {name: torch.stack([step[name] for step in steps]) for name in before})
    after = _after(trace, module, _rows(x), {name: _rows(of) for name, of in before.items()})
    return _checked(trace, {name: value.view(before[name].shape) for name, value in after.items()})


def by_place(trace: Trace, x: Any, values: Any) -> Values:
    """Return what an nn.LSTM, nn.GRU or nn.RNN returned for `x`, as `returned` does, and may raise what that raises."""
    output, states = _unpacked(values, 2)
    if type(output) is not type(x):
        raise OtherwiseError("output", given=_kind(output), expected=type(x).__name__)
    return _checked(trace, {"output": _padded(output)} | _named(trace, states, "_n"))


@contextlib.contextmanager
def left_as_it_was(module: nn.Module, device: torch.device) -> Iterator[None]:
    """Let a module be called without its parametrizations, its buffers or the random numbers going on.

    Raises
    ------
    MovingError
        Where the call changed a buffer.
    """
    before = {name: buffer.clone() for name, buffer in module.named_buffers()}
    devices = [device] if device.type == "cuda" else []
    with torch.random.fork_rng(devices=devices), parametrizations_kept(module), called_to_compare():
        yield
    buffers = dict(module.named_buffers())
    moved = [name for name, buffer in before.items() if not same_bits(buffer, buffers[name])]
    for name in moved:
        buffers[name].copy_(before[name])
    if moved:
        raise MovingError(moved)


def _after(trace: Trace, module: Callable[..., Any], x: Tensor, before: Values) -> Values:
    """Call a cell module for one step; return the states after it."""
    hx = tuple(before.values())
    return _named(trace, module(x, hx if len(hx) > 1 else hx[0]))


def _named(trace: Trace, states: Any, suffix: str = "") -> Values:
    names = trace.spec.cell.states
    given = (states,) if len(names) == 1 else _unpacked(states, len(names))
    return {f"{name}{suffix}": state for name, state in zip(names, given, strict=True)}


def _unpacked(values: Any, count: int) -> Any:
    if not isinstance(values, tuple | list) or len(values) != count:
        raise OtherwiseError("output", given=_kind(values), expected=f"tuple ({count})")
    return values


def _kind(value: Any) -> str:
    return f"tuple ({len(value)})" if isinstance(value, tuple) else type(value).__name__


def _checked(trace: Trace, values: Values) -> Values:
    for place, own in places_of(trace).items():
        shape, given = _described(own), _described(values[place])
        if shape != given:
            raise OtherwiseError(place, given=given, expected=shape)
    return values


def _described(value: Any) -> str:
    if not isinstance(value, Tensor):
        return type(value).__name__
    return f"{str(value.dtype).removeprefix('torch.')} {tuple(value.shape)}, {value.device}"


def _padded(output: Any) -> Any:
    return pad_packed_sequence(output)[0] if isinstance(output, PackedSequence) else output


def _rows(values: Tensor) -> Tensor:
    return values.flatten(0, 1) if values.dim() == 3 else values


def _without_batch(trace: Trace, values: Tensor) -> Tensor:
    return values if trace.batched else values[:, 0]
