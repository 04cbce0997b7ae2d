"""What a module is fed: checked as the module itself would check it, and brought into one layout."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import torch
from torch import Tensor
from torch.nn.utils.rnn import PackedSequence, pad_packed_sequence

from gatescope.messages.message import GatescopeError
from gatescope.modules.spec import ModuleSpec


@dataclass(frozen=True, eq=False)
class Inputs:
    """A sequence and the states before it, time-major.

    Parameters
    ----------
    x : Tensor
        (T, B, K); zero where an element of a packed sequence has ended.
    states : dict
        By the names of `ModuleSpec.states`, each (L*D, B, units).
    batched : bool
        Whether the sequence had a batch dimension; without one, B is 1 here.
    lengths : Tensor, optional
        How many steps each element has, (B,), where it was packed.
    in_order : bool
        Whether the packed sequence held its elements in the order of the batch.
    """

    x: Tensor
    states: dict[str, Tensor]
    batched: bool
    lengths: Tensor | None = None
    in_order: bool = False

    @property
    def present(self) -> Tensor | None:
        """Where the elements have a step, (T, B); None where all have all."""
        if self.lengths is None:
            return None
        t = torch.arange(len(self.x), device=self.x.device)[:, None]
        return t < self.lengths.to(self.x.device)


def checked_inputs(spec: ModuleSpec, x: Any, hx: Any, like: Tensor) -> Inputs:
    """Check a sequence and states as the module takes them.

    Parameters
    ----------
    spec : ModuleSpec
        The module's arguments.
    x : Tensor or PackedSequence
        (T, K), (T, B, K), or (B, T, K) with batch_first.
    hx : object
        h0, or (h0, c0) of an LSTM; None for zeros.
    like : Tensor
        A parameter, whose dtype and device the inputs must have.

    Raises
    ------
    GatescopeError
        Where the module would not take them, naming both sides.
    """
    if isinstance(x, PackedSequence) and not spec.is_cell:
        _check_tensor(spec, x.data[:, None] if x.data.dim() == 2 else x.data, like)
        padded, lengths = pad_packed_sequence(x)  # (T, B, K) in the order of the batch
        padded = _own(padded)
        states = _states(spec, hx, len(lengths), padded)
        return Inputs(padded, states, batched=True, lengths=lengths, in_order=x.sorted_indices is None)
    batched = _check_tensor(spec, x, like)
    if not batched:
        x = x[:, None]
    elif spec.batch_first:
        x = x.transpose(0, 1)
    x = _own(x)
    return Inputs(x, _states(spec, hx, x.shape[1] if batched else None, x), batched)


def _own(x: Tensor) -> Tensor:
    """Return the sequence as the run's own; with autograd it always has a gradient, so that every quantity has one."""
    if not torch.is_grad_enabled():
        return x.detach().clone(memory_format=torch.contiguous_format)
    return x.contiguous() if x.requires_grad else x.detach().clone().requires_grad_()


def _check_tensor(spec: ModuleSpec, x: Any, like: Tensor) -> bool:
    """Refuse what the module would refuse; return whether `x` has a batch dimension."""
    if not isinstance(x, Tensor) or x.layout != torch.strided:
        raise GatescopeError("sequence_not_tensor", given=type(x).__name__)
    batch = "B, T, K" if spec.batch_first else "T, B, K"
    if x.dim() not in (2, 3):
        raise GatescopeError("sequence_dimensions", width=spec.input_size, batch=batch, given=tuple(x.shape))
    if x.shape[-1] != spec.input_size:
        raise GatescopeError("sequence_width", given=x.shape[-1], expected=spec.input_size)
    if x.shape[1 if spec.batch_first and x.dim() == 3 else 0] == 0:  # a batch may be empty, as for the module
        raise GatescopeError("sequence_empty")
    if x.dtype != like.dtype:
        raise GatescopeError("sequence_dtype", given=x.dtype, expected=like.dtype)
    if x.device != like.device:
        raise GatescopeError("sequence_device", given=x.device, expected=like.device)
    return x.dim() == 3


def _states(spec: ModuleSpec, hx: Any, batch: int | None, x: Tensor) -> dict[str, Tensor]:
    names = spec.states
    if hx is None:
        given = [x.new_zeros(spec.state_shape(name, batch)) for name in names]
    elif len(names) == 1:
        if not isinstance(hx, Tensor) or hx.layout != torch.strided:
            raise GatescopeError("state_not_tensor", given=type(hx).__name__)
        given = [hx]
    else:
        if not isinstance(hx, tuple | list) or len(hx) != len(names):
            raise GatescopeError("state_not_pair", given=type(hx).__name__)
        if not all(isinstance(state, Tensor) for state in hx):
            raise GatescopeError("state_not_pair", given=f"pair of {type(hx[0]).__name__} and {type(hx[1]).__name__}")
        given = list(hx)
    return {name: _state(spec, name, state, batch, x) for name, state in zip(names, given, strict=True)}


def _state(spec: ModuleSpec, name: str, state: Tensor, batch: int | None, x: Tensor) -> Tensor:
    expected = spec.state_shape(name, batch)
    if tuple(state.shape) != expected:
        raise GatescopeError("state_shape", name=name, expected=expected, given=tuple(state.shape))
    if state.dtype != x.dtype:
        raise GatescopeError("state_dtype", name=name, given=state.dtype, expected=x.dtype)
    if state.device != x.device:
        raise GatescopeError("state_device", name=name, given=state.device, expected=x.device)
    state = state if torch.is_grad_enabled() else state.detach().clone()
    if spec.is_cell:
        state = state[None]  # one layer, one direction
    return state if batch is not None else state[:, None]
