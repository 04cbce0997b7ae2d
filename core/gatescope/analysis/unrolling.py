"""A memory as the sum of what each step wrote into it, as far as it is left.

A memory that follows S_t = kept_t * S_(t-1) + written_t is, with the steps in the order of the run,

    S_t = (prod_(r=0..t) kept_r) S_0 + sum_(s=0..t) (prod_(r=s+1..t) kept_r) written_s

where S_0 is the state before the first step. Of an LSTM C is one, with kept = f and written = i * C̃; of a GRU h is
one, with kept = z and written = (1 - z) * n (`gatescope.cells`).
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import cached_property

import numpy as np
import torch
from numpy.typing import NDArray

from gatescope.cells.torch_cell import TorchCell
from gatescope.messages.message import GatescopeError
from gatescope.traces.one_unit import OneUnit

Floats = NDArray[np.float64]

_ROUNDINGS = 4.0  # of a step's state at most, when it is put together from its gates, and one to spare


@dataclass(frozen=True, eq=False)
class MemoryTerms:
    """The terms of a memory after step `t`, in float64.

    Parameters
    ----------
    state : str
        Which state: "c" of an LSTM, "h" of a GRU.
    t : int
        The step, as a position in the input.
    steps : array of int
        The steps up to `t`, as positions in the input, in the order of the run: in reverse descending.
    written : array
        What each of them wrote.
    left : array
        Which part of that is left after `t`: the product of what the later steps kept.
    shares : array
        `written * left`: what each step has contributed to the memory as it is after `t`.
    set_by_hand : array of bool
        Where the memory was not computed but set: that value is what was written there, and nothing from before is
        left.
    initial : float
        The state before the first step.
    initial_left : float
        Which part of it is left after `t`.
    recorded : float
        The memory after `t` as it was recorded; `total` is the same up to rounding.
    """

    state: str
    t: int
    steps: NDArray[np.int64]
    written: Floats
    left: Floats
    shares: Floats
    set_by_hand: NDArray[np.bool_]
    initial: float
    initial_left: float
    recorded: float

    @property
    def initial_share(self) -> float:
        """What the state before the first step has contributed."""
        return self.initial * self.initial_left if self.initial and self.initial_left else 0.0

    @cached_property
    def total(self) -> float:
        """The sum of all shares."""
        with np.errstate(all="ignore"):
            return float(self.shares.sum()) + self.initial_share

    def largest(self, count: int) -> NDArray[np.int64]:
        """Return where in `steps` the largest shares are, the largest first and NaN last."""
        size = np.nan_to_num(np.abs(self.shares), nan=-1.0, posinf=np.inf)
        among = np.arange(len(size)) if count >= len(size) else np.sort(np.argpartition(-size, count)[:count])
        return among[np.argsort(-size[among], kind="stable")]


@dataclass(frozen=True, eq=False)
class Recurrence:
    """One unit's memory S_t = kept_t * S_(t-1) + written_t over all steps, in the order of the run.

    Parameters
    ----------
    kept, written : array
        (L,) in float64.
    initial : float
        S before the first step.
    recorded : array
        S after each step, (L,), as it was recorded.
    set_by_hand : array of bool
        Where S was set to what is recorded, whatever it was before, (L,).
    """

    kept: Floats
    written: Floats
    initial: float
    recorded: Floats
    set_by_hand: NDArray[np.bool_]

    def misfit(self) -> tuple[Floats, Floats]:
        """Return how far each recorded step is from the recurrence, and the sum of its two terms' magnitudes."""
        before = np.concatenate([[self.initial], self.recorded[:-1]])
        with np.errstate(all="ignore"):  # NaN and infinity are told of by the verification
            from_before = self.kept * before
            return np.abs(self.recorded - from_before - self.written), np.abs(from_before) + np.abs(self.written)

    def unrolled(self, last: int) -> tuple[Floats, Floats, Floats, float]:
        """Return what each step up to number `last` wrote, what is left of that, and the shares; then S_0's part."""
        written, left = self.written[: last + 1].copy(), np.zeros(last + 1)
        by_hand = np.flatnonzero(self.set_by_hand[: last + 1])
        written[by_hand] = self.recorded[by_hand]
        start = int(by_hand[-1]) if len(by_hand) else 0
        left[last] = 1.0
        shares = np.zeros(last + 1)
        with np.errstate(all="ignore"):  # what is all but forgotten underflows to 0
            left[start:last] = np.cumprod(self.kept[last:start:-1])[::-1]
            # What was not written leaves nothing, also where gates held beyond 1 make `left` infinite.
            shares[start:] = np.where(written[start:] == 0, 0.0, written[start:] * left[start:])
            initial_left = 0.0 if len(by_hand) else float(left[0] * self.kept[0])
        return written, left, shares, initial_left


class Unrolling:
    """The memory of one unit, which can be unrolled at any of its steps.

    Raises
    ------
    GatescopeError
        `no_memory` for a plain RNN.
    """

    def __init__(self, one: OneUnit) -> None:
        state = one.cell.cell.memory_state
        if state is None:
            raise GatescopeError("no_memory")
        self.state, self._one = state, one
        self._gates = {name: one.over_time(name) for name in one.cell.cell.gates}
        kept, written = (part.numpy() for part in one.cell.cell.kept_and_written(self._gates))
        recorded = one.over_time(state)
        initial = one.cell.before[state][one.batch, one.unit].item()
        self._recurrence = Recurrence(kept, written, initial, recorded.numpy(), np.zeros(len(recorded), dtype=bool))
        self._recurrence = replace(self._recurrence, set_by_hand=one.held(state) | self._beyond_rounding())

    def at(self, t: int) -> MemoryTerms:
        """Return the terms of the memory after step `t`."""
        last, of = self._one.number(t), self._recurrence
        written, left, shares, initial_left = of.unrolled(last)
        steps = np.arange(len(self._one.steps))[: last + 1] * self._one.steps.step + self._one.steps.start
        by_hand, recorded = of.set_by_hand[: last + 1], float(of.recorded[last])
        return MemoryTerms(self.state, t, steps, written, left, shares, by_hand, of.initial, initial_left, recorded)

    def _beyond_rounding(self) -> NDArray[np.bool_]:
        """Return where the recorded state is further than rounding from what the state before and the gates make."""
        misfit, size = self._recurrence.misfit()
        arithmetic = self._one.trace.arithmetic
        rounding = _ROUNDINGS * (arithmetic.unit_roundoff * size + arithmetic.tiny)
        doubtful = np.flatnonzero(np.isfinite(self._recurrence.recorded) & ~(misfit <= rounding))
        result = np.zeros(len(misfit), dtype=bool)
        if len(doubtful):
            # It may be torch's own state: the gates in the kernel differ from the recorded ones, by rounding as well.
            result[doubtful] = ~(misfit[doubtful] <= self._bound(torch.as_tensor(doubtful)))
        return result

    def _bound(self, numbers: torch.Tensor) -> Floats:
        """Return how far rounding alone can take the memory in some steps."""
        one, cell = self._one, self._one.cell.cell
        if not isinstance(cell, TorchCell):  # one unit may need all the others
            return np.array([one.bound(self.state, number) for number in numbers.tolist()])
        recorded = torch.as_tensor(self._recurrence.recorded)
        before = recorded[(numbers - 1).clamp(min=0)].masked_fill(numbers == 0, self._recurrence.initial)
        step = {name: values[numbers, None] for name, values in self._gates.items()}
        step |= dict.fromkeys(cell.states, recorded[numbers, None])
        weights = one.weights.mapped(lambda of: of.detach().cpu().double())
        states = dict.fromkeys(cell.states, before[:, None])
        bound = cell.bound(one.xh(numbers), states, weights, step, one.trace.arithmetic)[self.state]
        return np.asarray(bound[:, 0])
