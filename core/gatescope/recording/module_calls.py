"""One call of a recurrent module: what it read and what it returned, for the batch elements that are kept."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from math import inf, sqrt
from typing import Any, NamedTuple

import torch
from torch import Tensor, nn
from torch.nn.utils.parametrize import is_parametrized
from torch.nn.utils.rnn import PackedSequence, pack_sequence

from gatescope.messages.message import GatescopeError
from gatescope.modules.network import CLASSES, Recurrent, first_weight, with_weights
from gatescope.traces.original_call import ReturnedApart, change_numbers
from gatescope.traces.trace import Trace
from gatescope.traces.tracer import trace as run

Batch = int | Sequence[int] | slice | None
"""Which elements of a batch: one, several, a range, or all."""


@dataclass(frozen=True, eq=False)
class RecordedCall:
    """A call, with only the elements that are kept.

    Parameters
    ----------
    x : Tensor or PackedSequence
        The input in the layout that the module took it in; of a cell module one step, (B, K) or (K).
    before : tuple of Tensor, optional
        h0, and c0 of an LSTM; None where the call gave none.
    output : Tensor or PackedSequence, optional
        What was returned for every step; None where what was returned is no output of such a module.
    after : tuple of Tensor
        The states that were returned; empty where `output` is None.
    size : int, optional
        How many elements the batch had in all; None for unbatched input.
    roundoff : float
        The unit roundoff of the coarsest numbers that the module may have computed with.
    """

    x: Any
    before: tuple[Tensor, ...] | None
    output: Any
    after: tuple[Tensor, ...]
    size: int | None
    roundoff: float

    @property
    def hx(self) -> Any:
        """The states as the module takes them."""
        return self.before[0] if self.before is not None and len(self.before) == 1 else self.before

    def copied(self) -> RecordedCall:
        """Return the call of a cell module with tensors of its own."""
        return replace(
            self,
            x=self.x.clone(),
            before=None if self.before is None else tuple(state.clone() for state in self.before),
            output=None if self.output is None else self.output.clone(),
            after=tuple(state.clone() for state in self.after),
        )


def read_call(
    module: Recurrent, args: tuple[Any, ...], kwargs: dict[str, Any], returned: Any, batch: Batch
) -> RecordedCall:
    """Read a call from what a forward hook is told.

    Its tensors may be views of those of the call. Call it without autograd.

    Raises
    ------
    GatescopeError
        `not_recurrent` for a forward of the module's own, whose arguments could mean anything, and `batch_beyond`.
    """
    kind, own = next((kind, own) for kind, own in CLASSES.items() if isinstance(module, own))
    if type(module).forward is not own.forward:
        raise GatescopeError("not_recurrent", allowed=f"nn.{kind}", value=type(module).__name__)
    given = dict(zip(("input", "hx"), args, strict=False)) | kwargs
    x, hx = given["input"], given.get("hx")
    before = None if hx is None else _as_tuple(hx)
    size, dim = _batch_of(module, x)
    chosen = positions(batch, 1 if size is None else size)
    if size is None:
        chosen = None  # all there is
    output, after = _returned(module, x, returned)
    like = first_weight(module)  # autocast takes other dtypes than the module's own, which the trace has
    return RecordedCall(
        _select(x, dim, chosen).to(like.dtype),
        None if before is None else tuple(_select(state, -2, chosen).to(like.dtype) for state in before),
        None if output is None else _select(output, dim, chosen),
        tuple(_select(state, -2, chosen) for state in after),
        size,
        _roundoff(like, *after),
    )


def positions(batch: Batch, size: int) -> list[int] | None:
    """Return the positions of the elements that are asked for in a batch of that size, None for all.

    Raises
    ------
    GatescopeError
        `batch_beyond` where one is not there, or a range holds none.
    """
    if batch is None:
        return None
    try:
        if isinstance(batch, slice):
            chosen = list(range(size)[batch])
        else:
            chosen = [range(size)[index] for index in ([batch] if isinstance(batch, int) else batch)]
    except IndexError:
        chosen = []
    if not chosen:
        raise GatescopeError("batch_beyond", batch=batch, size=size)
    return chosen


class Difference(NamedTuple):
    """How far a trace is from what the module returned.

    Parameters
    ----------
    largest : float
        The largest distance of two numbers; infinite where one is not finite, or there is nothing to compare.
    by_rounding : bool
        Whether rounding alone may explain it.
    returned : ReturnedApart
        The place where they are farthest apart, in parts of what rounding may explain.
    """

    largest: float
    by_rounding: bool
    returned: ReturnedApart


def difference(trace: Trace, call: RecordedCall) -> Difference:
    """Compare a trace with what the module returned for the same elements.

    The two are not the same bits: torch multiplies matrices of another batch size in another order. What rounding
    makes of that grows from step to step, by how much depends on the network, and no bound is both right and cheap. So
    the two count as the same where they agree to half of their digits, relative to the largest number returned: far
    above what rounding makes of any run but a chaotic one, far below what another input, state or weight does.
    """
    if call.output is None:
        return Difference(inf, by_rounding=False, returned=ReturnedApart("output", inf, 0.0))
    names = ("output", *(f"{state}_n" for state in trace.spec.cell.states))
    roundoff, found = _coarsest(trace, call), []
    for name, one, other in zip(names, (trace.output, *_states(trace)), (call.output, *call.after), strict=True):
        apart, scale = _distance(_data(one), _data(other))
        # A few u on top: a network that has hardly been fed returns numbers near 0, made of larger ones.
        found.append(ReturnedApart(name, apart, sqrt(roundoff) * scale + 64 * roundoff))
    worst = max(found, key=lambda place: place.error / place.bound)
    return Difference(max(place.error for place in found), worst.error <= worst.bound, worst)


def kept_difference(trace: Trace, call: RecordedCall, found: Difference) -> ReturnedApart | None:
    """Return what is kept of a difference; None where rounding may have grown to it, so that nothing is known.

    That is so where the same network, fed with numbers that are rounded a little otherwise, parts from the trace by a
    thousandth of that or more.
    """
    if found.by_rounding or found.largest == inf:
        return found.returned
    x = change_numbers(call.x, lambda values: values * (1 + 4 * _coarsest(trace, call)))
    beside = run(with_weights(trace.spec, trace.weights), x, call.hx)
    grown = difference(trace, replace(call, output=beside.output, after=_states(beside)))
    return found.returned if grown.largest < found.largest / 1000 else None


def _states(trace: Trace) -> tuple[Tensor, ...]:
    return tuple(getattr(trace, f"{name}_n") for name in trace.spec.cell.states)


def _coarsest(trace: Trace, call: RecordedCall) -> float:
    return max(call.roundoff, trace.arithmetic.unit_roundoff, trace.arithmetic.operand_roundoff)


@contextlib.contextmanager
def undisturbed(module: nn.Module) -> Iterator[None]:
    """Let a block read a module and compute without leaving anything behind: no graph, no step of a parametrization.

    A parametrized weight is computed whenever it is read, and in training mode that may change it: spectral norm makes
    one more iteration. In evaluation mode it gives the weight that the module has just used.
    """
    parametrizations = module.get_submodule("parametrizations") if is_parametrized(module) else nn.Module()
    training = [part for part in parametrizations.modules() if part.training]
    for part in training:
        part.training = False
    try:
        with torch.inference_mode(mode=False), torch.no_grad():
            yield
    finally:
        for part in training:
            part.training = True


def _as_tuple(states: Any) -> tuple[Tensor, ...]:
    return (states,) if isinstance(states, Tensor) else tuple(states)


def _batch_of(module: Recurrent, x: Tensor | PackedSequence) -> tuple[int | None, int]:
    """Return the size of the batch, None where there is none, and which dimension of `x` it is."""
    if isinstance(x, PackedSequence):
        return int(x.batch_sizes[0]), 0
    cell = isinstance(module, nn.RNNCellBase)
    dim = 0 if cell or module.batch_first else 1
    batched = x.dim() == (2 if cell else 3)
    return (x.shape[dim] if batched else None), dim


def _returned(module: Recurrent, x: Any, returned: Any) -> tuple[Any, tuple[Tensor, ...]]:
    """Return the output of all steps and the states after them; None and none where a hook made them something else."""
    try:
        after = _as_tuple(returned) if isinstance(module, nn.RNNCellBase) else _as_tuple(returned[1])
        output = after[0] if isinstance(module, nn.RNNCellBase) else returned[0]
        same = type(output) is type(x) and _data(output).shape[:-1] == _data(x).shape[:-1]
    except (TypeError, LookupError, AttributeError):
        return None, ()
    count = 2 if isinstance(module, nn.LSTM | nn.LSTMCell) else 1
    return (output, after) if same and len(after) == count else (None, ())


def _select(value: Any, dim: int, chosen: list[int] | None) -> Any:
    if chosen is None:
        return value
    if isinstance(value, PackedSequence):
        return _select_packed(value, chosen)
    if len(chosen) == 1:
        return value.narrow(dim, chosen[0], 1)
    return value.index_select(dim, torch.tensor(chosen, device=value.device))


def _select_packed(packed: PackedSequence, chosen: list[int]) -> PackedSequence:
    sizes = packed.batch_sizes  # (T,), on the CPU: how many elements still run at each step
    starts = sizes.cumsum(0) - sizes  # where each step starts in the data
    ranks = chosen if packed.unsorted_indices is None else packed.unsorted_indices[chosen].tolist()
    rows = [starts[sizes > rank] + rank for rank in ranks]
    lengths = [len(of_one) for of_one in rows]
    in_order = packed.sorted_indices is None and lengths == sorted(lengths, reverse=True)
    return pack_sequence([packed.data[of_one.to(packed.data.device)] for of_one in rows], enforce_sorted=in_order)


def _data(value: Tensor | PackedSequence) -> Tensor:
    return value.data if isinstance(value, PackedSequence) else value


def _roundoff(*tensors: Tensor) -> float:
    """Return the coarsest unit roundoff among the tensors' dtypes and autocast's."""
    device = tensors[0].device.type
    dtypes = {tensor.dtype for tensor in tensors}
    if torch.is_autocast_enabled(device):
        dtypes.add(torch.get_autocast_dtype(device))
    return max(torch.finfo(dtype).eps for dtype in dtypes) / 2


def _distance(ours: Tensor, theirs: Tensor) -> tuple[float, float]:
    """Return the largest distance, and the largest finite number of theirs."""
    if ours.numel() != theirs.numel():
        return inf, 0.0
    ours = ours.reshape(theirs.shape)
    theirs = theirs.to(ours.dtype)
    same = (ours == theirs) | (ours.isnan() & theirs.isnan())
    apart = (ours - theirs).abs().masked_fill(same, 0).nan_to_num(inf, inf)
    scale = theirs.abs().masked_fill(~theirs.isfinite(), 0)
    return float(apart.max()), float(scale.max())
