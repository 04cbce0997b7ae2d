"""How far rounding alone can take a computation: what the bounds of every cell are made of.

Both sides start a step from the same x_t and the same states, so that only this step's rounding can part them.

For one side: a sum of n products rounded in any order is off by at most n u A, where u is the unit roundoff
and A the sum of the products' magnitudes [1]_; an operand rounded to TF32 first adds 2 u' A. In the 16-bit types the
sum is added up in float32 and rounded when it is stored, so it is n 2^-24 A and a few u A. The error of a
pre-activation reaches its gate through the steepest slope that the nonlinearity has within reach of it, and
every elementary function adds a few u of its own. The bound on the difference is twice that, since both round.

The formulas themselves stand beside the equations, in each file of `gatescope.cells`.

References
----------
.. [1] Higham, Accuracy and Stability of Numerical Algorithms, 2nd ed., SIAM 2002, section 3.1.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:  # see gatescope.cells
    from torch import Tensor

    from gatescope.cells.arithmetic import Arithmetic
    from gatescope.cells.weights import Weights


def product_error(terms: int, magnitudes: Tensor, arithmetic: Arithmetic, largest: Tensor | float = 1.0) -> Tensor:
    """Bound the error of sums of products; in the place of the `magnitudes`.

    Parameters
    ----------
    terms : int
        n, how many are summed.
    magnitudes : Tensor
        The sums A of the products' magnitudes.
    arithmetic : Arithmetic
        Of the less exact of the two computations.
    largest : Tensor or float
        The largest magnitude among weights and operands; of each row, (N, 1), or of all. An operand below the normal range may be taken for 0, and its
        product lost with it; so may each product and each sum.
    """
    lost = terms * arithmetic.flushed * (2 + largest)
    return magnitudes.mul_(arithmetic.product_roundoff(terms)).add_(lost)


class SumErrors(Protocol):
    """What the sums of N rows of a step may be off by."""

    def of_both(self, *gates: str) -> Tensor:
        """Bound the error of W_ih x_t + b_ih + W_hh h_(t-1) + b_hh of those gates, or of all: (G, N, H)."""

    def of_x(self, gate: str) -> tuple[Tensor, Tensor]:
        """Return how large W_ih x_t + b_ih may be, and bound its error, each (N, H)."""

    def of_h(self, gate: str) -> tuple[Tensor, Tensor]:
        """Return how large W_hh h_(t-1) + b_hh may be, and bound its error, each (N, H)."""

    def projected(self, m: Tensor, dm: Tensor) -> Tensor:
        """Bound the error of W_hr m, (N, P), where m of that size, (N, H), is off by dm; without a W_hr it is dm."""


class WorstSums:
    """The largest errors of sums, whatever their roundings: n u A.

    Parameters
    ----------
    w : Weights
        The cell's parameters.
    xh : Tensor
        [x_t, h_(t-1)] side by side, (N, K+P).
    arithmetic : Arithmetic
        Of the less exact of the two computations.
    """

    def __init__(self, w: Weights, xh: Tensor, arithmetic: Arithmetic) -> None:
        self._w, self._xh, self._arithmetic = w, xh.abs(), arithmetic
        self._largest = w.largest(xh)

    def of_both(self, *gates: str) -> Tensor:
        return self._error(self._w.magnitudes.of_both(self._xh, *gates))

    def of_x(self, gate: str) -> tuple[Tensor, Tensor]:
        (size,) = self._w.magnitudes.of_x(self._xh, gate)
        return size, self._error(size.clone())

    def of_h(self, gate: str) -> tuple[Tensor, Tensor]:
        (size,) = self._w.magnitudes.of_h(self._xh, gate)
        return size, self._error(size.clone())

    def projected(self, m: Tensor, dm: Tensor) -> Tensor:
        if self._w.w_hr is None:
            return dm
        sums = self._w.magnitudes.projected(m)
        return self._w.magnitudes.projected(dm) + product_error(m.shape[-1], sums, self._arithmetic, self._largest)

    def _error(self, magnitudes: Tensor) -> Tensor:
        # K + P products and two biases
        return product_error(self._xh.shape[-1] + 3, magnitudes, self._arithmetic, self._largest)


def sigmoid_error(s: Tensor, dz: Tensor, arithmetic: Arithmetic) -> Tensor:
    """Bound the error of s = sigmoid(z) where z is off by up to dz.

    The slope s (1 - s) grows by a factor of at most e^(2 dz) within 2 dz of z (z is off by dz, and so may be the other
    side's), and e^(2 dz) <= 1 + 4 dz up to dz = 1/2. It is nowhere above 1/4. The computed s (1 - s) is itself off by
    a few u, which matters where s rounds to 1.
    """
    u = arithmetic.unit_roundoff
    slope = s.addcmul(s, s, value=-1).add_(8 * u)  # s (1 - s)
    slope.addcmul_(slope, dz, value=4).clamp_(0, 0.25).masked_fill_(dz > 0.5, 0.25)
    return slope.mul_(dz).add_(arithmetic.elementary * u)


def tanh_error(t: Tensor, dz: Tensor, arithmetic: Arithmetic) -> Tensor:
    """Bound the error of t = tanh(z) where z is off by up to dz."""
    u = arithmetic.unit_roundoff
    error = tanh_slope(t, dz, 16 * u).mul_(dz)
    own = arithmetic.elementary * u
    error.add_(t.abs(), alpha=own) if arithmetic.relative_tanh else error.add_(own)
    return error.add_(arithmetic.tiny)  # a result below the normal range may be flushed to zero


def tanh_slope(t: Tensor, dz: Tensor, slack: float = 0.0) -> Tensor:
    """Return the steepest slope of tanh within 2 dz of where it is t.

    As for the sigmoid: 1 - t^2 grows by at most e^(4 dz) <= 1 + 8 dz up to dz = 1/4, and is at most 1.
    """
    slope = (1 + slack) - t * t
    return slope.addcmul_(slope, dz, value=8).clamp_(0.0, 1.0).masked_fill_(dz > 0.25, 1.0)


def both_sides(errors: dict[str, Tensor], arithmetic: Arithmetic) -> dict[str, Tensor]:
    """Return the bounds of the difference of two computations, each off by up to `errors`; in their place."""
    lost = arithmetic.tiny + 4 * arithmetic.flushed  # of the two products of a state, their sum, and the state before
    return {name: error.mul_(2).add_(lost) for name, error in errors.items()}
