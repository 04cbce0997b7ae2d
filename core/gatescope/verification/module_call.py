"""Ask the module itself: what it returns for what was traced, held against the trace.

`gatescope.verification.verify` runs torch's kernels with the module's weights, and so does not notice where the module
does something else than its weights tell: by a hook, a forward of the instance's own, or flat weights that are no
longer the parameters. So the whole module is called once more, as people call it.

Two runs, each on its own history, part by more than the rounding of one step, and those of a network with large weights
by anything. So there are two ways to see that the module does what its weights tell, and one is enough:

- What it returned is within the rounding bound of one step everywhere, and has the trace's own bits where the trace
  made the same call of the kernel.
- It has the bits of what one of PyTorch's own modules, with nothing but these weights, returns for the same arguments.
  The trace has read the very numbers that the module was given (`gatescope.verification.record_check`), and each of its
  steps is right, so both are runs of the same network from the same start, and what parts them is rounding: by
  induction over the steps, as in `verify`.

Where something is attached to a module that may change what it does, only bits count on the CPU: in 16-bit types a
change could hide in the rounding bound.

Of a trace that was recorded while a model ran, what the module returned then was compared when it was recorded.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from math import inf
from typing import Any

import torch
from torch import Tensor, nn

from gatescope.cells.values import Values
from gatescope.messages.message import GatescopeError, Message
from gatescope.modules.attachments import attachments, has_moving_norm
from gatescope.modules.bits import same_bits
from gatescope.modules.network import live_weights, own_cell, spec_of, with_weights
from gatescope.traces.original_call import OriginalCall, ReturnedApart, change_numbers
from gatescope.traces.trace import Trace
from gatescope.verification.drift import is_same_kernel_call
from gatescope.verification.findings import ModuleAnswer, ModuleDifference
from gatescope.verification.module_return import (
    MovingError,
    OtherwiseError,
    by_place,
    left_as_it_was,
    places_of,
    returned,
)
from gatescope.verification.report import Report


@torch.no_grad()
def ask_module(report: Report, call: OriginalCall | None) -> ModuleAnswer:
    """Call the module of a trace as it was called when it was traced, and compare what it returns.

    Parameters
    ----------
    report : Report
        The comparison of the trace step by step.
    call : OriginalCall, optional
        What was traced, where it is known.
    """
    returned_apart = report.trace.returned
    if returned_apart is not None:
        return _answer_when_recorded(returned_apart)
    not_asked = _refusal(report.trace, call)
    if call is None or not_asked is not None:
        return ModuleAnswer(not_asked=not_asked)
    if own_cell(call.module) is not None:
        return ModuleAnswer()  # `verify` has called it at every step
    with torch.autocast(report.trace.x.device.type, enabled=False):
        attached = attachments(call.module)
        return _ask_as_it_is(report, call, attached) if attached else _ask_plain(report, call)


def _answer_when_recorded(apart: ReturnedApart) -> ModuleAnswer:
    reasons = (Message("returned_when_recorded"),)
    return ModuleAnswer(ModuleDifference(*apart, reasons) if apart.error > apart.bound else None)


def _refusal(trace: Trace, call: OriginalCall | None) -> Message | None:
    """Say why the module cannot be asked, or would answer about something else than the trace."""
    if call is None:
        return Message("not_asked_absent")
    if trace.holds:
        return Message("not_asked_held")
    if not call.is_fed_the_same:
        return Message("not_asked_changed", {"name": "x, hx"})
    changed = _changed(call.module, trace)
    if changed is not None:
        return Message("not_asked_changed", {"name": changed})
    if has_moving_norm(call.module):
        return Message("not_asked_moving", {"names": "spectral_norm"})
    return Message("not_asked_compiled") if call.module._compiled_call_impl is not None else None


def _changed(module: nn.Module, trace: Trace) -> str | Message | None:
    """Name what of a module is no longer as it was traced."""
    try:
        weights = live_weights(module, trace.spec) if spec_of(module) == trace.spec else {}
    except (GatescopeError, AttributeError):  # a parameter is gone
        weights = {}
    if weights.keys() != trace.weights.keys():
        return Message("arguments_of_module")
    if module.training and trace.spec.dropout > 0 and trace.spec.num_layers > 1:
        return "dropout"
    return next((name for name, weight in weights.items() if not same_bits(weight, trace.weights[name])), None)


def _ask_plain(report: Report, call: OriginalCall) -> ModuleAnswer:
    """Ask a module that has nothing attached to it."""
    trace = report.trace
    if call.returned is not None:  # the trace was made by calling it
        theirs = by_place(trace, call.x, call.returned)
    else:
        theirs = returned(trace, call.module, call.x, call.hx, one_by_one=False)
    if _is_within(report, theirs):
        return ModuleAnswer()
    expected = returned(trace, _of_weights_alone(call.module, trace), call.x, call.hx, one_by_one=False)
    if _is_same(theirs, expected):
        return ModuleAnswer()
    return ModuleAnswer(_difference(theirs, expected, (Message("attached_nothing"),)))


def _ask_as_it_is(report: Report, call: OriginalCall, attached: tuple[Message, ...]) -> ModuleAnswer:
    """Ask a module that has something attached to it, which may do anything."""
    trace = report.trace
    alone = _of_weights_alone(call.module, trace)
    # What is attached may write into what it is given, or make it contiguous, which changes how kernels round.
    x, hx = change_numbers(call.x, torch.clone), change_numbers(call.hx, torch.clone)
    layouts = (x, change_numbers(x, Tensor.contiguous))
    expected = [returned(trace, alone, given, hx, one_by_one=True) for given in layouts]
    try:
        with left_as_it_was(call.module, trace.x.device):
            theirs = returned(trace, call.module, x, hx, one_by_one=True)
    except MovingError as error:
        return ModuleAnswer(not_asked=error.message)
    except (MemoryError, torch.OutOfMemoryError):
        raise
    except Exception as error:  # noqa: BLE001 - what is attached may raise anything
        return ModuleAnswer(ModuleDifference(next(iter(expected[0])), inf, 0.0, (_describe(error), *attached)))
    if any(_is_same(theirs, one) for one in expected):
        return ModuleAnswer()
    if not _repeats(trace) and _is_within(report, theirs):
        return ModuleAnswer()
    return ModuleAnswer(_difference(theirs, expected[0], attached))


def _describe(error: Exception) -> Message:
    if isinstance(error, OtherwiseError):
        return error.message
    return Message("call_raises", {"reason": f"{type(error).__name__}: {error}"})


def _of_weights_alone(module: nn.Module, trace: Trace) -> Callable[..., Any]:
    """Return the forward of a module that has nothing but these weights.

    They have the same memory and want gradients where the module's do: PyTorch multiplies otherwise at other addresses,
    and where a gradient is wanted. It is the forward and not the module, since there may be hooks of all modules.
    """
    weights = live_weights(module, trace.spec)
    alone = with_weights(trace.spec, {name: weight.detach() for name, weight in weights.items()})
    for name, weight in alone.named_parameters():
        weight.requires_grad_(weights[name].requires_grad)
    return alone.train(module.training).forward


def _bounds(report: Report) -> Values:
    """Return the bounds of one step in the layout of what the module returns, 0 where it must have the trace's bits."""
    trace = report.trace
    for (layer, direction), cell in trace.cells.items():
        values = {name: report.bound(name, layer, direction) for name in cell.cell.states}
        trace = trace.with_cell(replace(cell, values=values))
    bounds = places_of(trace)
    if is_same_kernel_call(report.trace) and _repeats(trace):
        bounds |= {place: torch.zeros_like(bounds[place]) for place in ("output", "h_n")}
    return bounds


def _repeats(trace: Trace) -> bool:
    """Whether a kernel that is called twice is known to return the same bits: cuDNN does not promise it."""
    return trace.x.device.type == "cpu"


def _is_within(report: Report, theirs: Values) -> bool:
    """Whether what the module returned is within the bounds of the trace, which are only made where they are needed."""
    ours = places_of(report.trace)
    others = [place for place, value in theirs.items() if not torch.equal(value, ours[place])]
    bounds = _bounds(report) if others else {}
    return not any(_is_beyond(_apart(theirs[place], ours[place]), bounds[place]) for place in others)


def _is_beyond(apart: Tensor, bound: Tensor) -> bool:
    return bool(((apart > bound) | (apart.isnan() & bound.isfinite())).any())


def _apart(one: Tensor, other: Tensor) -> Tensor:
    """Return |one - other|, 0 where both are the same infinity, and NaN where either is NaN."""
    wide = (side if side.dtype.itemsize > 2 else side.float() for side in (one, other))
    first, second = wide
    return (first - second).abs().masked_fill(first == second, 0.0)


def _is_same(one: Values, other: Values) -> bool:
    return all(same_bits(value, other[place]) for place, value in one.items())


def _difference(theirs: Values, expected: Values, reasons: tuple[Message, ...]) -> ModuleDifference:
    """Return the largest difference to what the same call of the kernel makes of the weights."""
    errors = {place: _largest(_apart(value, expected[place])) for place, value in theirs.items()}
    place = max(errors, key=lambda name: errors[name])
    return ModuleDifference(place, errors[place], 0.0, reasons)


def _largest(values: Tensor) -> float:
    return float(values.nan_to_num(inf, inf).amax()) if values.numel() else 0.0
