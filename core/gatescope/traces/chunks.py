"""The numbers of one cell over a whole run, in chunks that fit into memory beside it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

from gatescope.messages.message import GatescopeError, Progress

if TYPE_CHECKING:  # a window reads the thresholds of the saturation before torch is there
    from torch import Tensor

    from gatescope.traces.trace import Trace

_AT_ONCE = 1 << 17  # numbers of each quantity in a chunk: few enough to stay in the cache


def value_chunks(
    trace: Trace,
    layer: int,
    direction: str,
    names: Sequence[str],
    batch: int | None = None,
    progress: Progress | None = None,
) -> Iterator[dict[str, Tensor]]:
    """Yield quantities of one layer and direction, each (N, units) in float64, a row for each step of each element.

    Steps that a shorter element of a packed batch does not have are left out.

    Parameters
    ----------
    trace : Trace
        A run.
    layer, direction
        As in the trace.
    names : sequence of str
        Quantities of the cell that have H units.
    batch : int, optional
        One batch element; all when not given.
    progress : callable, optional
        Called with the fraction done, from 0 to 1; may raise `Cancelled` to stop.

    Raises
    ------
    GatescopeError
        Where the trace has no such layer, direction or batch element.
    """
    cell, elements = trace.cell(layer, direction), _elements(trace, batch)
    if not names:
        return
    present = None if cell.present is None else cell.present[:, elements]
    count = len(range(trace.batch_size)[elements]) * trace.spec.hidden_size
    size = max(_AT_ONCE // count, 1)
    for start in range(0, len(trace), size):
        if progress is not None:
            progress(start / len(trace))
        steps = slice(start, start + size)
        parts = {name: cell.values[name][steps, elements].detach() for name in names}  # (n, B, units)
        if present is None:
            yield {name: part.flatten(0, 1).double() for name, part in parts.items()}
        else:
            yield {name: part[present[steps]].double() for name, part in parts.items()}


def _elements(trace: Trace, batch: int | None) -> slice:
    if batch is None:
        return slice(None)
    if isinstance(batch, bool) or not isinstance(batch, int) or batch not in range(trace.batch_size):
        raise GatescopeError("no_such_element", last=trace.batch_size - 1, value=batch)
    return slice(batch, batch + 1)
