"""How often each gate of a run is all but open or all but closed.

References
----------
Karpathy, Johnson and Fei-Fei, "Visualizing and Understanding Recurrent Networks", 2015 (arXiv 1506.02078), section 4.2:
a gate is left-saturated below 0.1 and right-saturated above 0.9; each gate is a point at the fractions of time that it
is either.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from gatescope.traces.chunks import value_chunks

if TYPE_CHECKING:
    from gatescope.cells.cell import Cell
    from gatescope.messages.message import Progress
    from gatescope.traces.trace import Trace

OPEN_ABOVE, CLOSED_BELOW = 0.9, 0.1
"""Karpathy, Johnson and Fei-Fei's."""


@dataclass(frozen=True, eq=False)
class Saturation:
    """How often the units of one gate are open or closed.

    Parameters
    ----------
    quantity : str
        Which gate.
    steps : int
        How many numbers of each unit were looked at: the steps of all batch elements together.
    closed, open : array
        The fraction of them that is below the one threshold, and above the other, (units,) in float64.
    not_numbers : array of int
        How many of them are NaN, which count as neither, (units,).
    """

    quantity: str
    steps: int
    closed: NDArray[np.float64]
    open: NDArray[np.float64]
    not_numbers: NDArray[np.int64]

    @property
    def closed_in_all(self) -> float:
        """The fraction of the steps of all units in which they are closed."""
        return float(self.closed.mean())

    @property
    def open_in_all(self) -> float:
        """The fraction of the steps of all units in which they are open."""
        return float(self.open.mean())


def gates_of(cell: Cell) -> tuple[str, ...]:
    """Return the quantities of a cell that lie between 0, closed, and 1, open, in teaching order."""
    return tuple(one.name for one in cell.quantities if (one.low, one.high) == (0.0, 1.0))


def saturation(
    trace: Trace,
    layer: int = 0,
    direction: str = "forward",
    batch: int | None = None,
    open_above: float = OPEN_ABOVE,
    closed_below: float = CLOSED_BELOW,
    progress: Progress | None = None,
) -> dict[str, Saturation]:
    """Count how often each gate is open or closed over a whole run, unit by unit.

    After Karpathy, Johnson and Fei-Fei, "Visualizing and Understanding Recurrent Networks", 2015, section 4.2. Steps
    that a shorter element of a packed batch does not have do not count.

    Parameters
    ----------
    trace, layer, direction, batch, progress
        As for `half_lives`.
    open_above : float
        A gate is open, or right-saturated, where it is more than this.
    closed_below : float
        A gate is closed, or left-saturated, where it is less than this.

    Returns
    -------
    dict of str to Saturation
        For each gate whose values lie between 0 and 1, in teaching order: f, i, o of an LSTM, r, z of a GRU; none of a
        plain RNN.

    Raises
    ------
    GatescopeError
        Where the trace has no such layer, direction or batch element.

    Examples
    --------
    >>> always_open = gs.saturation(trace)["f"].open == 1  # the units that forget nothing
    """
    gates = gates_of(trace.cell(layer, direction).cell)
    steps, found = 0, {name: np.zeros((3, trace.spec.hidden_size), dtype=np.int64) for name in gates}
    for chunk in value_chunks(trace, layer, direction, gates, batch, progress):
        steps += len(chunk[gates[0]])
        for name, values in chunk.items():
            kinds = (values < closed_below, values > open_above, values.isnan())
            found[name] += np.stack([kind.sum(dim=0).cpu().numpy() for kind in kinds])
    return {
        name: Saturation(name, steps, closed / steps, opened / steps, not_numbers)
        for name, (closed, opened, not_numbers) in found.items()
    }
