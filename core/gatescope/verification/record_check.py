"""Does a trace hold what ran? Its inputs, its states before, and what each of its cells is said to have read.

`gatescope.verification.verify` computes every step from what is put together anew: what a layer should have read from
the h recorded below it, and its parameters from those of the whole network. So it would not notice that the record
of a cell shows another x or other weights; nor that the trace has read another x or h0 than it was given.
"""

from __future__ import annotations

from typing import Any

import torch
from torch import Tensor
from torch.nn.utils.rnn import PackedSequence

from gatescope.cells.weights import Weights
from gatescope.messages.message import Message
from gatescope.modules.bits import same_bits
from gatescope.traces.original_call import OriginalCall
from gatescope.traces.trace import CellTrace, Trace
from gatescope.verification.expected_cell import expected_cell


def wrong_in_record(trace: Trace) -> str | Message | None:
    """Name what in a trace is not what ran, bit for bit; None where all is.

    What was given is only known while it still holds the numbers that it had when it was traced.
    """
    if trace.call is not None and trace.call.is_fed_the_same:
        wrong = _read_otherwise(trace, trace.call)
        if wrong is not None:
            return wrong
    for cell in trace.cells.values():
        wrong = _wrong_in_cell(trace, cell)
        if wrong is not None:
            return Message("in_cell", {"quantity": wrong, "layer": cell.layer, "direction": Message(cell.direction)})
    return None


def _wrong_in_cell(trace: Trace, cell: CellTrace) -> str | None:
    expected = expected_cell(trace, cell.layer, cell.direction)
    return _other_weight(cell.weights, expected.weights) if _is_same(cell.x, expected.x) else "x"


def _other_weight(recorded: Weights, own: Weights) -> str | None:
    """Return the first kind of parameters in which the two differ, such as `w_hh`."""
    pairs = {name: (getattr(recorded.parameters, name), value) for name, value in own.parameters._asdict().items()}
    pairs |= {name: (recorded.further.get(name), value) for name, value in own.further.items()}
    return next((name for name, pair in pairs.items() if not _is_same(*pair)), None)


def _read_otherwise(trace: Trace, call: OriginalCall) -> str | None:
    """Return the input that the trace has not as it was given: `x`, `h0` or `c0`."""
    if not _is_same(*_sequences(trace, call.x)):
        return "x"
    given = call.hx if call.hx is None or not isinstance(call.hx, Tensor) else (call.hx,)
    for n, name in enumerate(trace.spec.cell.states):
        read = torch.stack([cell.before[name] for cell in trace.cells.values()])  # (L*D, B, units)
        read = read if trace.batched else read[:, 0]
        read = read if not trace.spec.is_cell else read[0]
        if not _is_same(read, torch.zeros_like(read) if given is None else given[n]):
            return f"{name}0"
    return None


def _sequences(trace: Trace, given: Any) -> tuple[Tensor, Tensor]:
    """Return x as the trace has it, in the layout that it was given in, and as it was given."""
    if isinstance(given, PackedSequence):
        x = trace.x if given.sorted_indices is None else trace.x[:, given.sorted_indices]
        runs = torch.arange(trace.batch_size) < given.batch_sizes[:, None]  # (T, B)
        return x[runs.to(x.device)], given.data
    if not trace.batched:
        return trace.x[:, 0], given
    return trace.x.transpose(0, 1) if trace.spec.batch_first else trace.x, given


def _is_same(one: Tensor | None, other: Tensor | None) -> bool:
    return one is other or (one is not None and other is not None and same_bits(one, other))
