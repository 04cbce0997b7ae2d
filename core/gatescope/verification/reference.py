"""What a trace is compared with: one step from given states, its gates, and a whole run.

That is what torch itself computes; for a cell that torch does not have, the module of one's own, called step by step.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from functools import partial
from typing import Any

import torch
from torch import Tensor
from torch.nn.utils.rnn import PackedSequence, pack_padded_sequence, pad_packed_sequence
from torch.utils._python_dispatch import TorchDispatchMode

from gatescope.cells.probe import Kernel, Probe
from gatescope.cells.torch_cell import TorchCell
from gatescope.cells.values import Values
from gatescope.cells.weights import Weights
from gatescope.messages.message import Progress
from gatescope.modules.kernel import one_cell_step, one_module_step, one_step, without_remarks
from gatescope.modules.network import with_weights
from gatescope.modules.spec import ModuleSpec
from gatescope.traces.trace import CellTrace, Trace


def has_reference(trace: Trace) -> bool:
    """Whether there is something to compare with: a file does not hold a module of one's own."""
    return trace.module is not None or isinstance(trace.spec.cell, TorchCell)


def shows_gates(spec: ModuleSpec) -> bool:
    """Whether there is a kernel that can be made to show its gates."""
    return isinstance(spec.cell, TorchCell)


def step_of(trace: Trace) -> Kernel:
    """Return one step of what a trace is compared with."""
    if trace.module is None:
        return kernel_of(trace.spec)
    step = partial(one_module_step, trace.spec.cell, trace.module)
    return lambda _weights, x, before: step(x, before)  # it has its own


def kernel_of(spec: ModuleSpec, cell: TorchCell | None = None) -> Kernel:
    """Return one step of the kernel that a module calls: nn.LSTM and nn.LSTMCell have different ones."""
    return partial(one_cell_step if spec.is_cell else one_step, cell or spec.cell)


def revealed_gates(spec: ModuleSpec, w: Weights, x: Tensor, before: Values) -> Values:
    """Let the kernel show its gates, which it does not return; see `TorchCell.reveal`.

    Parameters
    ----------
    spec : ModuleSpec
        The module's arguments.
    w : Weights
        The parameters of one layer and direction.
    x : Tensor
        x_t of N steps, (N, K).
    before : dict
        The states before each, (N, units).

    Returns
    -------
    dict
        Each gate, (N, H).
    """
    cell = _torch_cell(spec)
    return cell.reveal(Probe(kernel_of(spec, cell.revealing), w, x, before))


def observed_gates(spec: ModuleSpec, w: Weights, x: Tensor, before: Values) -> Values:
    """Watch torch's native CPU kernel compute the gates of a step: a second way, without any change of parameters.

    Parameters and result as for `revealed_gates`; on the CPU only. oneDNN's layer shows nothing, so it is off here.
    """
    watcher = _Watcher()
    with _without_onednn(), watcher:
        kernel_of(spec)(w, x, before)
    return _torch_cell(spec).observed(watcher.calls)


def _torch_cell(spec: ModuleSpec) -> TorchCell:
    assert isinstance(spec.cell, TorchCell), "only torch's kernels show their gates"
    return spec.cell


@contextmanager
def _without_onednn() -> Iterator[None]:
    # Not `mkldnn.flags`, which would set the precision of products as well.
    backend: Any = torch.backends.mkldnn  # a module that torch makes a class of
    before, backend.enabled = backend.enabled, False
    try:
        yield
    finally:
        backend.enabled = before


class _Watcher(TorchDispatchMode):  # type: ignore[no-untyped-call]  # torch's class has no types
    """Keeps what goes into and comes out of each nonlinearity."""

    @classmethod
    def _should_skip_dynamo(cls) -> bool:
        return False  # to keep its compiler away, torch would import it: 1.7 s in the first verdict, for nothing

    def __init__(self) -> None:
        super().__init__()  # type: ignore[no-untyped-call]  # as above
        self.calls: list[tuple[str, Tensor, Tensor]] = []

    def __torch_dispatch__(self, func, types, args=(), kwargs=None):  # type: ignore[no-untyped-def]  # as above
        name = func.overloadpacket.__name__.rstrip("_")
        watched = name in ("sigmoid", "tanh", "relu")
        argument = args[0].clone() if watched else None
        result = func(*args, **(kwargs or {}))
        if argument is not None:
            self.calls.append((name, argument, result.clone()))
        return result


@torch.no_grad()
def free_run(trace: Trace, progress: Progress | None = None) -> dict[tuple[int, str], Values]:
    """Let the module run the whole sequence on its own history.

    A module tells h for every step of its last layer. For a layer below, a network cut off above it is asked.
    nn.LSTM tells C only for the last step, so each step is run again from the reference's own h and C before it.

    Parameters
    ----------
    trace : Trace
        Gives the network, the input and the initial states.
    progress : callable, optional
        Called with the fraction done, from 0 to 1; may raise `Cancelled` to stop.

    Returns
    -------
    dict
        For each (layer, direction) the states after each step, (T, B, units), at their positions in the input.
    """
    report = _Fraction(progress, len(trace) * len(trace.cells))
    if trace.module is not None:
        return {(0, "forward"): _own_run(trace, report)}
    states: dict[tuple[int, str], Values] = {}
    layer_input = trace.x
    for layer in range(trace.spec.num_layers):
        output = _cell_output(trace) if trace.spec.is_cell else _output_of(trace, layer)  # (T, B, D*P)
        per_direction = output.chunk(len(trace.spec.directions), dim=-1)
        for direction, h in zip(trace.spec.directions, per_direction, strict=True):
            cell = replace(trace.cells[layer, direction], values={"h": h}, x=layer_input)
            states[layer, direction] = {"h": h} | _memory(trace.spec, cell, report)
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
    """Run the module with its layers up to `layer`; return its output, (T, B, D*P), NaN where there is no step."""
    cut = replace(trace.spec, num_layers=layer + 1, batch_first=False, dropout=0.0)
    module = with_weights(cut, {name: trace.weights[name] for name in cut.parameters()})
    cells = [trace.cells[key] for key in cut.cells()]
    states = [torch.stack([cell.before[name] for cell in cells]) for name in trace.spec.cell.states]
    hx = tuple(states) if len(states) > 1 else states[0]
    if trace.lengths is None:
        output: Tensor = without_remarks(lambda: module(trace.x, hx)[0])
        return output
    packed = pack_padded_sequence(trace.x, trace.lengths.cpu(), enforce_sorted=trace.in_order)
    result: PackedSequence = without_remarks(lambda: module(packed, hx)[0])
    return pad_packed_sequence(result, padding_value=torch.nan)[0]


def _cell_output(trace: Trace) -> Tensor:
    """Feed the cell module step by step; return h after each, (T, B, H)."""
    module = with_weights(trace.spec, trace.weights)
    before = trace.cell().before
    states = [before[name] for name in trace.spec.cell.states]
    rows = []
    for x in trace.x:
        after = module(x, states if len(states) > 1 else states[0])
        states = list(after) if len(states) > 1 else [after]
        rows.append(states[0])
    return torch.stack(rows)


def _own_run(trace: Trace, each_step: _Fraction) -> Values:
    """Feed a module of one's own step by step; return the states after each, (T, B, units)."""
    step, cell = step_of(trace), trace.cell()
    states, steps = cell.before, list[Values]()
    for x in trace.x:
        states = step(cell.weights, x, states)
        steps.append(states)
        each_step()
    return {name: torch.stack([after[name] for after in steps]) for name in cell.cell.states}


def _memory(spec: ModuleSpec, cell: CellTrace, each_step: _Fraction) -> Values:
    """Return the C of every step of the reference's run, (T, B, H), from its inputs and its h; {} without a C."""
    if "c" not in spec.cell.states:
        return {}
    kernel, h_before, present = kernel_of(spec), cell.state_before("h"), cell.present
    c, kept = cell.c0, []
    for t in range(len(cell.x)) if cell.direction == "forward" else reversed(range(len(cell.x))):
        after = kernel(cell.weights, cell.x[t], {"h": h_before[t], "c": c})["c"]
        c = after if present is None else torch.where(present[t][:, None], after, c)
        kept.append(c)
        each_step()
    memory = torch.stack(kept if cell.direction == "forward" else kept[::-1])
    return {"c": memory if present is None else memory.masked_fill(~present[..., None], torch.nan)}
