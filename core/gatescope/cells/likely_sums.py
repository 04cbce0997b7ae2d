"""What rounding is likely to make of the sums of a step: of chosen numbers, by a model of roundings.

The largest error of a sum of n products, n u A, is hardly ever come near to: it needs every addition to round its own
way as far as it can. Where the roundings of different additions have nothing to do with each other, their mean being
zero, the error of a sum exceeds

    lambda u sqrt(s_1^2 + ... + s_n^2)

with a probability of at most 2 exp(-lambda^2 / 2), where s_k are the partial sums that are rounded [1]_ [2]_: that is
the inequality of Azuma and Hoeffding. Equal products round alike, and are counted as one. In another order the partial
sums are others; for an order taken at random, the mean of their squares' sum is n/6 (p_1^2 + ... + p_n^2) + n/3 z^2,
where p_k are the products and z is their sum. The larger of the two counts.

Sums of 16-bit types are added up in float32, and rounded where they are stored. These few roundings are not
left to chance: each is off by at most u of what is stored.

References
----------
.. [1] Higham and Mary, "A New Approach to Probabilistic Rounding Error Analysis", SIAM J. Sci. Comput. 41(5), 2019,
   A2815-A2835.
.. [2] Ipsen and Zhou, "Probabilistic Error Analysis for Inner Products", SIAM J. Matrix Anal. Appl. 41(4), 2020.
"""

from __future__ import annotations

from dataclasses import dataclass
from math import log, sqrt

import torch
from torch import Tensor

from gatescope.cells.arithmetic import FLOAT32_ROUNDOFF, Arithmetic
from gatescope.cells.rounding import product_error
from gatescope.cells.weights import Weights


@dataclass(frozen=True, eq=False)
class UnitWeights(Weights):
    """The parameters of M units, each for a row of its own: `w_ih` is (M, G, K), `w_hh` (M, G, P), a bias (M, G).

    A step of M rows with them is that of a cell with one unit: each quantity is (M, 1).
    """

    def of_both(self, xh: Tensor, *gates: str) -> Tensor:
        return self.of_x(xh, *gates) + self.of_h(xh, *gates)

    def of_x(self, xh: Tensor, *gates: str) -> Tensor:
        return self.terms_of_x(xh, *gates).sum(dim=-1, keepdim=True)

    def of_h(self, xh: Tensor, *gates: str) -> Tensor:
        return self.terms_of_h(xh, *gates).sum(dim=-1, keepdim=True)

    def terms_of_x(self, xh: Tensor, *gates: str) -> Tensor:
        """Return what W_ih x_t + b_ih adds up, (G, M, K), or one more with a bias."""
        p = self.parameters
        return self._terms(xh[:, : p.w_ih.shape[-1]], p.w_ih, p.b_ih, gates)

    def terms_of_h(self, xh: Tensor, *gates: str) -> Tensor:
        """Return what W_hh h_(t-1) + b_hh adds up, (G, M, P), or one more with a bias."""
        p = self.parameters
        return self._terms(xh[:, p.w_ih.shape[-1] :], p.w_hh, p.b_hh, gates)

    def _terms(self, inputs: Tensor, matrix: Tensor, bias: Tensor | None, gates: tuple[str, ...]) -> Tensor:
        chosen = [self.packed.index(gate) for gate in gates or self.packed]
        terms = matrix[:, chosen] * inputs[:, None]  # (M, G, columns)
        terms = terms if bias is None else torch.cat([terms, bias[:, chosen, None]], dim=-1)
        return terms.transpose(0, 1)


class NoErrors:
    """Sums without any error: what is left is that of all that follows. A `SumErrors`; parameters as `LikelySums`."""

    def __init__(self, w: UnitWeights, xh: Tensor) -> None:
        self._w, self._xh = w, xh

    def of_both(self, *gates: str) -> Tensor:
        return torch.zeros_like(self._w.of_both(self._xh, *gates))

    def of_x(self, gate: str) -> tuple[Tensor, Tensor]:
        size = self._w.of_x(self._xh, gate)[0].abs()
        return size, torch.zeros_like(size)

    def of_h(self, gate: str) -> tuple[Tensor, Tensor]:
        size = self._w.of_h(self._xh, gate)[0].abs()
        return size, torch.zeros_like(size)

    def projected(self, m: Tensor, dm: Tensor) -> Tensor:
        return dm


class LikelySums:
    """What the sums of M numbers are off by, but with a small probability; see the module. A `SumErrors`.

    Parameters
    ----------
    w : UnitWeights
        The parameters of each number's unit, in float64.
    xh : Tensor
        [x_t, h_(t-1)] of each number's step, (M, K+P), in float64.
    arithmetic : Arithmetic
        Of the less exact of the two computations.
    spread : float
        lambda: how many standard deviations are allowed.
    part : Tensor, optional
        Of which inputs alone the errors are taken, (K+P,), True for these; biases are always among them.
    """

    def __init__(
        self, w: UnitWeights, xh: Tensor, arithmetic: Arithmetic, spread: float, part: Tensor | None = None
    ) -> None:
        self._w, self._xh, self._arithmetic, self._spread = w, xh, arithmetic, spread
        self._rounded = xh if part is None else xh.where(part, 0.0)

    def of_both(self, *gates: str) -> Tensor:
        of_x, of_h = self._w.terms_of_x(self._rounded, *gates), self._w.terms_of_h(self._rounded, *gates)
        from_x, from_h = of_x.sum(dim=-1), of_h.sum(dim=-1)
        # Either the sums with x and with h are stored, each without its bias and with it; or that of all products, and
        # that of both biases.
        apart = from_x.abs() + from_h.abs() + of_x[..., :-1].sum(dim=-1).abs() + of_h[..., :-1].sum(dim=-1).abs()
        biases = of_x[..., -1] + of_h[..., -1] if self._w.parameters.b_ih is not None else torch.zeros_like(from_x)
        joined = (from_x + from_h - biases).abs() + biases.abs()
        stored = torch.maximum(apart, joined) + (from_x + from_h).abs()
        return self._error(torch.cat([of_x, of_h], dim=-1), stored)

    def of_x(self, gate: str) -> tuple[Tensor, Tensor]:
        return self._w.of_x(self._xh, gate)[0].abs(), self._of_one(self._w.terms_of_x(self._rounded, gate)[0])

    def of_h(self, gate: str) -> tuple[Tensor, Tensor]:
        return self._w.of_h(self._xh, gate)[0].abs(), self._of_one(self._w.terms_of_h(self._rounded, gate)[0])

    def projected(self, m: Tensor, dm: Tensor) -> Tensor:
        return dm  # the numbers are those of units, before a projection

    def _of_one(self, terms: Tensor) -> Tensor:
        return self._error(terms, terms.sum(dim=-1).abs() + terms[..., :-1].sum(dim=-1).abs())

    def _error(self, terms: Tensor, stored: Tensor) -> Tensor:
        return likely_error(terms, stored, self._arithmetic, self._spread)[..., None]


def likely_error(terms: Tensor, stored: Tensor, arithmetic: Arithmetic, spread: float) -> Tensor:
    """Bound the errors of sums, (...), but with a small probability; never beyond the worst case.

    Parameters
    ----------
    terms : Tensor
        What is added up, (..., n).
    stored : Tensor
        The sum of the magnitudes that are rounded to a 16-bit type on the way, (...).
    arithmetic : Arithmetic
        Of the less exact of the two computations.
    spread : float
        lambda.
    """
    n, a = terms.shape[-1], arithmetic
    added_up = FLOAT32_ROUNDOFF if a.stored_roundings else a.unit_roundoff
    alike = Alike(terms)
    of_terms = alike.squares(terms)
    # the products are rounded as well, where they are not fused with the addition
    likely = spread * added_up * (partial_sums(terms, alike) + of_terms).sqrt()
    likely += spread * 2 * a.operand_roundoff * of_terms.sqrt()
    likely += a.unit_roundoff * stored if a.stored_roundings else 0.0
    worst = product_error(n + 1, terms.abs().sum(dim=-1), a)
    return torch.minimum(likely + product_error(n, torch.zeros_like(likely), a), worst)


def partial_sums(terms: Tensor, alike: Alike) -> Tensor:
    """Return the sum of squares of what is rounded while `terms`, (..., n), are added up; the larger of two orders."""
    n = terms.shape[-1]
    partial = terms.cumsum(dim=-1)
    in_order = partial.where(terms != 0, 0.0)  # adding 0 rounds nothing
    in_any_order = n / 6 * terms.square().sum(dim=-1) + n / 3 * partial[..., -1].square()
    larger = (in_any_order / in_order.square().sum(dim=-1)).nan_to_num(1.0).clamp(min=1.0)
    return alike.squares(in_order) * larger


class Alike:
    """Which of the terms of a sum, (..., n), are equal, so that their roundings may be equal as well."""

    def __init__(self, terms: Tensor) -> None:
        ordered = terms.sort(dim=-1)
        self._order = ordered.indices
        self._new = (ordered.values[..., 1:] != ordered.values[..., :-1]) | (ordered.values[..., 1:] == 0)
        self._any = not bool(self._new.all())

    def squares(self, values: Tensor) -> Tensor:
        """Return the sum of squares of `values`, (..., n), of which those of equal terms are added up before."""
        if not self._any:
            return values.square().sum(dim=-1)
        group = torch.nn.functional.pad(self._new, (1, 0)).cumsum(dim=-1)
        sizes = values.abs().gather(-1, self._order)
        return torch.zeros_like(sizes).scatter_add_(-1, group, sizes).square().sum(dim=-1)


def spread_for(numbers: int, probability: float) -> float:
    """Return the lambda with which so many sums all stay within their bounds, but with a probability."""
    return sqrt(2 * log(2 * numbers / probability))
