"""Where the sums of a step may overflow on their way although the numbers that they come to do not.

A sum of products that is added up in another order passes through other partial sums. None of them is larger than the
sum of the products' magnitudes; where that is beyond the largest number, one correct computation may come to infinity,
or to no number at all, and another to a number. Nothing can be told from a difference there.
"""

from __future__ import annotations

from math import nan
from typing import TYPE_CHECKING

from gatescope.cells.values import Values

if TYPE_CHECKING:  # see gatescope.cells
    from torch import Tensor

    from gatescope.cells.arithmetic import Arithmetic
    from gatescope.cells.torch_cell import TorchCell
    from gatescope.cells.weights import Weights


def overflowing(
    cell: TorchCell, xh: Tensor, before: Values, w: Weights, step: Values, arithmetic: Arithmetic
) -> Values:
    """Return which quantities follow from a sum that may overflow on its way; nothing at all where none may.

    Parameters
    ----------
    cell : TorchCell
        Which kind.
    xh, before, w, step, arithmetic
        As for `Cell.bound`.

    Returns
    -------
    dict
        A mask of each quantity, (N, units), or {}.
    """
    sums = OverflowingSums(w, xh, arithmetic)
    if not sums.possible:
        return {}
    return {name: error.isnan() for name, error in cell.carried(sums, before, step, arithmetic).items()}


class OverflowingSums:
    """Errors of sums (`SumErrors`) that are not a number where one may overflow, and else 0.

    Parameters
    ----------
    w, xh, arithmetic
        As for `gatescope.cells.rounding.WorstSums`.
    """

    def __init__(self, w: Weights, xh: Tensor, arithmetic: Arithmetic) -> None:
        self._w, self._xh, self._arithmetic = w, xh, arithmetic

    @property
    def possible(self) -> bool:
        """Whether any may: a quick look that knows the largest numbers only."""
        given = float(self._xh.abs().max())
        largest = max(given, self._w.largest_weight, 1.0)  # NaN where that comes first
        terms = self._xh.shape[-1] + self._w.hidden_size
        return not (terms * largest * largest + 2 * self._w.largest_bias) * 2 < self._arithmetic.largest

    def of_both(self, *gates: str) -> Tensor:
        return self._nan_beyond(self._w.magnitudes.of_both(self._xh.abs(), *gates))

    def of_x(self, gate: str) -> tuple[Tensor, Tensor]:
        (size,) = self._w.magnitudes.of_x(self._xh.abs(), gate)
        return size, self._nan_beyond(size)

    def of_h(self, gate: str) -> tuple[Tensor, Tensor]:
        (size,) = self._w.magnitudes.of_h(self._xh.abs(), gate)
        return size, self._nan_beyond(size)

    def projected(self, m: Tensor, dm: Tensor) -> Tensor:
        if self._w.w_hr is None:
            return dm
        return self._w.magnitudes.projected(dm) + self._nan_beyond(self._w.magnitudes.projected(m))

    def _nan_beyond(self, magnitudes: Tensor) -> Tensor:
        terms = self._xh.shape[-1] + self._w.hidden_size
        rounded = magnitudes * (1 + self._arithmetic.product_roundoff(terms))
        return magnitudes.new_zeros(magnitudes.shape).masked_fill_(~(rounded < self._arithmetic.largest), nan)
