"""How long a memory lasts: after how many steps half of it is left.

A memory S_t = kept_t * S_(t-1) + written_t, such as C of an LSTM with kept = f, has after n more steps kept a part of
kept_(t+1) * ... * kept_(t+n) of what is in it now. That product is g^n, where g is the geometric mean of its factors;
their arithmetic mean would count one step that forgets nearly everything for hardly more than one that forgets half.

References
----------
A time scale of a unit from its forget gate: Tallec and Ollivier, "Can recurrent neural networks warp time?", ICLR 2018,
and Mahto et al., "Multi-timescale Representation Learning in LSTM Language Models", ICLR 2021.
"""

from __future__ import annotations

from math import log
from typing import TYPE_CHECKING

import numpy as np
import torch
from numpy.typing import NDArray

from gatescope.messages.message import GatescopeError
from gatescope.traces.chunks import value_chunks
from gatescope.traces.one_unit import OneUnit

if TYPE_CHECKING:
    from gatescope.messages.message import Progress
    from gatescope.traces.trace import Trace


def half_lives(
    trace: Trace,
    layer: int = 0,
    direction: str = "forward",
    batch: int | None = None,
    progress: Progress | None = None,
) -> NDArray[np.float64]:
    """Return after how many steps half of each unit's memory is left, with the forget gate that it typically has.

    That is ln 2 / -mean(ln kept) over all steps: the geometric mean g of what is kept solves g^n = 1/2 for n. Kept is f
    of an LSTM, whose memory is C, and z of a GRU, whose memory is h. Holding a memory at a value changes nothing here.

    Parameters
    ----------
    trace : Trace
        A run.
    layer : int
        From 0.
    direction : {"forward", "reverse"}
        Which of the layer's directions.
    batch : int, optional
        One batch element; the steps of all when not given.
    progress : callable, optional
        Called with the fraction done, from 0 to 1; may raise `Cancelled` to stop.

    Returns
    -------
    array
        In steps, (H,) in float64: infinite where nothing is ever forgotten, 0 where some step forgets everything, NaN
        where a gate is NaN.

    Raises
    ------
    GatescopeError
        `no_memory` for a plain RNN; and where the trace has no such layer, direction or batch element.

    Examples
    --------
    >>> slow = gs.half_lives(trace).argsort()[::-1]  # the units that remember longest first
    """
    cell = trace.cell(layer, direction).cell
    if cell.memory_state is None:
        raise GatescopeError("no_memory")
    steps, logarithms = 0, torch.zeros(trace.spec.hidden_size, dtype=torch.float64)
    for chunk in value_chunks(trace, layer, direction, cell.gates, batch, progress):
        kept, _ = cell.kept_and_written(chunk)  # (N, H)
        logarithms += kept.abs().log().sum(dim=0).cpu()  # one that is held may be negative
        steps += len(kept)
    fading = (logarithms / steps).clamp(max=0).abs().numpy()  # of one held beyond 1 nothing fades
    with np.errstate(divide="ignore"):
        return np.asarray(log(2) / fading)


class Fading:
    """How what one unit's memory holds at a step fades in the steps after it, as they were in the run.

    Parameters
    ----------
    trace, layer, direction, batch, unit
        As for `gatescope.Origins`.

    Raises
    ------
    GatescopeError
        `no_memory` for a plain RNN; and where the trace has no such layer, direction, batch element or unit.
    """

    def __init__(self, trace: Trace, layer: int = 0, direction: str = "forward", batch: int = 0, unit: int = 0) -> None:
        self._one = OneUnit(trace, layer, direction, batch, unit)
        cell = self._one.cell.cell
        if cell.memory_state is None:
            raise GatescopeError("no_memory")
        kept, _ = cell.kept_and_written({name: self._one.over_time(name) for name in cell.gates})
        self._kept = np.abs(kept.numpy())  # (L,), in the order of the run
        self._kept[self._one.held(cell.memory_state)] = 0.0  # where it is set by hand nothing from before is left

    def steps_to_half(self, t: int) -> int | None:
        """Return after how many further steps at most half is left of what the memory holds after step `t`.

        Returns
        -------
        int or None
            None where more is left at the end of the run.

        Raises
        ------
        GatescopeError
            `no_such_step` where the batch element has none at `t`.
        """
        left = np.cumprod(self._kept[self._one.number(t) + 1 :])
        fallen = np.flatnonzero(left <= 0.5)
        return int(fallen[0]) + 1 if len(fallen) else None
