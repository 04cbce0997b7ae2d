"""Where a value came from: which steps wrote a memory, and which terms a step was summed up from."""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING

from gatescope.analysis.preactivation_terms import StateSum, Terms, sums_of, terms_of
from gatescope.analysis.unrolling import MemoryTerms, Unrolling
from gatescope.traces.one_unit import OneUnit

if TYPE_CHECKING:
    from gatescope.traces.trace import Trace


class Origins:
    """Where the values of one unit came from.

    Everything is computed in float64 from the recorded numbers.

    Parameters
    ----------
    trace : Trace
        A run.
    layer : int
        From 0.
    direction : {"forward", "reverse"}
        In reverse the run begins at the last step, which counts as the earliest.
    batch : int
        Which batch element.
    unit : int
        Which unit of the cell; with a projection a unit of C and of the gates.

    Raises
    ------
    GatescopeError
        Where the trace has no such layer, direction, batch element or unit.

    Examples
    --------
    >>> origins = gs.Origins(trace, unit=2)
    >>> origins.memory(t=9).shares  # sums up to C_9
    >>> origins.terms("f", t=9)[0].name  # what counts most in the forget gate
    """

    def __init__(self, trace: Trace, layer: int = 0, direction: str = "forward", batch: int = 0, unit: int = 0) -> None:
        self._one = OneUnit(trace, layer, direction, batch, unit)

    @property
    def steps(self) -> range:
        """The steps that the batch element has, as positions in the input, in the order of the run."""
        return self._one.steps

    def memory(self, t: int) -> MemoryTerms:
        """Return the memory after step `t` as the sum of what the steps wrote, as far as it is left.

        Of an LSTM the memory is C:

            C_t = (prod_(r=0..t) f_r) C_0 + sum_s (prod_(r=s+1..t) f_r) i_s C̃_s

        Of a GRU it is h, where z keeps as f does, and (1 - z) n is written. A step whose recorded memory differs by
        more than rounding from what the step before and the gates make was set by hand, and so was one that is held:
        the sum then begins there. The first call reads the unit's numbers of all steps, others are quick.

        Raises
        ------
        GatescopeError
            `no_memory` for a plain RNN; `no_such_step` where the batch element has none at `t`.
        """
        return self._unrolling.at(t)

    def terms(self, gate: str, t: int) -> Terms:
        """Return the terms that a pre-activation is summed up from, the largest first.

        They are W_ih[k, j] x_t[j] and W_hh[k, j] h_(t-1)[j] for all j, and both biases where the network has them. In
        a GRU's z_n = W_in x_t + b_in + r_t * (W_hn h_(t-1) + b_hn) what comes from h is multiplied by r_t.

        Parameters
        ----------
        gate : str
            A gate, or its pre-activation: "f" or "z_f"; "a" of a plain RNN.
        t : int
            The step, as a position in the input.

        Raises
        ------
        GatescopeError
            `no_such_quantity` where the cell has no such gate; `no_such_step` as above.
        """
        return terms_of(self._one, gate, t)

    def sums(self, t: int) -> tuple[StateSum, ...]:
        """Return step `t` in short: C_t = f_t * C_(t-1) + i_t * C̃_t and so on, with its numbers.

        With a projection h is left out, which is a sum over all units there.

        Raises
        ------
        GatescopeError
            `no_such_step` as above.
        """
        return sums_of(self._one, t)

    @cached_property
    def _unrolling(self) -> Unrolling:
        return Unrolling(self._one)
