"""What a cell should have run, and what its h may gather in rounding over the steps."""

from __future__ import annotations

from dataclasses import replace

import torch
from torch import Tensor

from gatescope.cells.arithmetic import Arithmetic
from gatescope.cells.torch_cell import TorchCell
from gatescope.cells.values import Scan
from gatescope.edits.active_holds import holds_of
from gatescope.modules.network import cell_weights
from gatescope.traces.layers import scan
from gatescope.traces.trace import CellTrace, Trace, side_by_side


def expected_cell(trace: Trace, layer: int, direction: str) -> CellTrace:
    """Return the record of a cell with what it should have run, put together anew.

    Its recorded x and weights are not trusted: x is what the layer below recorded, the parameters are the network's.
    """
    recorded = trace.cell(layer, direction)
    weights = cell_weights(trace.spec, trace.weights, recorded.layer, recorded.direction)
    holds = holds_of(trace.holds, layer, direction)
    return replace(recorded, x=_layer_input(trace, layer), weights=weights, holds=holds)


def _layer_input(trace: Trace, layer: int) -> Tensor:
    """Return what a layer should have read, (T, B, K): x, or the h of all directions of the layer below."""
    if layer == 0:
        return trace.x
    return side_by_side([trace.cells[layer - 1, direction].h for direction in trace.spec.directions])


def gathered_in_h(cell: CellTrace, of_memory: Tensor, arithmetic: Arithmetic) -> Tensor:
    """Bound what a kernel's own h differs by since the memory beside it has run on a history of its own.

    Parameters
    ----------
    cell : CellTrace
        One whose h comes from torch's kernel and that has a memory.
    of_memory : Tensor
        What the memory may be off by in each step, (T, B, H).
    arithmetic : Arithmetic
        Of the less exact of the two computations.

    Returns
    -------
    Tensor
        (T, B, H), beside the bound of one step.
    """

    def in_order(values: Tensor) -> Tensor:
        return values if cell.direction == "forward" else values.flip(0)

    assert isinstance(cell.cell, TorchCell), "no other has a kernel"
    values = {name: in_order(value) for name, value in cell.values.items()}
    gather = _anew_where_held(cell) if cell.held else scan
    return in_order(cell.cell.gathered(values, in_order(of_memory), gather, arithmetic))


def _anew_where_held(cell: CellTrace) -> Scan:
    """Return a scan over all steps that starts anew wherever the memory is held or follows from what is held.

    From there both computations go on from the number in the record, so that nothing of before is left.
    """
    segments = cell.held.ordered(reverse=cell.direction == "reverse")
    steps = [segment.stop - segment.start for segment in segments]
    memory, nowhere = cell.cell.states[-1], cell.x.new_zeros(()).bool()

    def gather(kept: Tensor, written: Tensor, before: Tensor) -> Tensor:
        parts = [before[None]]
        for segment, *own in zip(segments, torch.split(kept, steps), torch.split(written, steps), strict=True):
            anew = segment.following(cell.cell).get(memory, nowhere)
            parts.append(scan(*(values.masked_fill(anew, 0) for values in (*own, parts[-1][-1]))))
        return torch.cat(parts[1:])

    return gather
