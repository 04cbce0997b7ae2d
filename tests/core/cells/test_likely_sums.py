"""Sums that are rounded in each of their additions stay within what is likely, and come near to it."""

from __future__ import annotations

from math import exp

import numpy as np
import pytest
import torch
from torch import Tensor

from gatescope.cells.arithmetic import BFLOAT16, FLOAT32_ROUNDOFF, IEEE32, TF32
from gatescope.cells.likely_sums import Alike, LikelySums, UnitWeights, likely_error, partial_sums, spread_for
from gatescope.cells.lstm import LSTM
from gatescope.cells.rounding import product_error
from gatescope.cells.weights import Parameters

SUMS, TERMS = 4000, 300


def drawn(*shape: int, seed: int = 0) -> Tensor:
    return torch.randn(*shape, generator=torch.Generator().manual_seed(seed)).float()


def rounding_of_sum(terms: Tensor) -> Tensor:
    """Add up float32 numbers, each addition rounded; return the errors, (...). numpy adds one after the other here."""
    added = torch.from_numpy(np.add.accumulate(terms.numpy(), axis=-1, dtype=np.float32)[..., -1])
    return (added.double() - terms.double().sum(dim=-1)).abs()


def likely(terms: Tensor, spread: float) -> Tensor:
    return likely_error(terms.double(), torch.zeros(terms.shape[:-1]).double(), IEEE32, spread)


@pytest.mark.parametrize("order", ["drawn", "reversed"])
@pytest.mark.parametrize("spread", [0.5, 1.0, 2.0, 8.0])
def test_no_more_sums_exceed_it_than_its_probability(spread: float, order: str) -> None:
    terms = drawn(SUMS, TERMS)
    added = {"drawn": terms, "by size": terms.abs().sort(dim=-1).values * terms.sign(), "reversed": terms.flip(-1)}[
        order
    ]
    exceeding = (rounding_of_sum(added) > likely(terms, spread)).double().mean()
    assert float(exceeding) <= min(1.0, 2 * exp(-(spread**2) / 2))


def test_sums_come_within_a_factor_of_four_of_it() -> None:
    terms = drawn(SUMS, TERMS)
    assert float((rounding_of_sum(terms) / likely(terms, 1.0)).max()) > 1 / 4


def test_it_grows_with_the_root_of_the_terms_and_the_worst_case_with_their_number() -> None:
    few, many = drawn(SUMS, 100), drawn(SUMS, 1600)
    grows = float(likely(many, 8.0).mean() / likely(few, 8.0).mean())
    assert 12 < grows < 20  # both the number of roundings and what is rounded grow with the root: 4 * 4
    worst = [float(product_error(of.shape[-1], of.double().abs().sum(-1), IEEE32).mean()) for of in (few, many)]
    assert 200 < worst[1] / worst[0] < 300


def test_equal_terms_round_alike() -> None:
    terms = torch.full((1, 2000), 0.1)
    error = rounding_of_sum(terms)
    independent = FLOAT32_ROUNDOFF * terms.double().cumsum(-1).square().sum(-1).sqrt()
    assert float(error) > float(independent)
    assert float(error) <= float(likely(terms, 8.0))
    spread_out = terms + 1e-3 * drawn(1, 2000)
    assert float(likely(spread_out, 8.0)) < float(likely(terms, 8.0)) / 3


def test_the_squares_of_equal_terms_are_of_their_sum() -> None:
    alike = Alike(torch.tensor([2.0, 5.0, 2.0, 0.0, 0.0]))
    assert alike.squares(torch.tensor([1.0, 10.0, 3.0, 7.0, 9.0])).item() == (1 + 3) ** 2 + 100 + 49 + 81


def test_adding_nothing_rounds_nothing() -> None:
    one_hot = torch.zeros(1, 50).double()
    one_hot[0, 20] = 3.0
    in_order = partial_sums(one_hot, Alike(one_hot))
    assert in_order.item() == max(9.0, 50 / 6 * 9 + 50 / 3 * 9)  # in any order there may be others behind it


def test_it_is_never_more_than_the_worst_case() -> None:
    terms = drawn(100, 3).double()
    worst = product_error(4, terms.abs().sum(-1), IEEE32)
    assert bool((likely(terms, 1e3) == worst).all())


def test_operands_that_are_rounded_first_count() -> None:
    terms = drawn(100, 400).double()
    none = torch.zeros(100).double()
    rounded = (terms * (1 + 2.0**-11)).sum(-1) - terms.sum(-1)
    assert bool((likely_error(terms, none, TF32, 8.0) > rounded.abs()).all())
    assert float((likely_error(terms, none, TF32, 8.0) / likely_error(terms, none, IEEE32, 8.0)).min()) > 50


def weights(bias: bool = True) -> tuple[UnitWeights, Tensor]:
    numbers, inputs, units = 5, 7, 3
    b = [drawn(numbers, 4, seed=seed).double() if bias else None for seed in (3, 4)]
    p = Parameters(drawn(numbers, 4, inputs, seed=1).double(), drawn(numbers, 4, units, seed=2).double(), *b, None)
    return UnitWeights(LSTM.packed, p), drawn(numbers, inputs + units, seed=5).double()


@pytest.mark.parametrize("bias", [True, False])
def test_each_row_has_a_unit_of_its_own(bias: bool) -> None:
    w, xh = weights(bias)
    p = w.parameters
    expected = torch.einsum("mgk,mk->gm", torch.cat([p.w_ih, p.w_hh], dim=-1), xh)
    if p.b_ih is not None and p.b_hh is not None:
        expected = expected + (p.b_ih + p.b_hh).T
    torch.testing.assert_close(w.of_both(xh)[..., 0], expected)
    torch.testing.assert_close(w.of_both(xh, "c_tilde")[0], w.of_both(xh)[2])
    torch.testing.assert_close(w.of_x(xh, "f") + w.of_h(xh, "f"), w.of_both(xh, "f"))


@pytest.mark.parametrize("bias", [True, False])
def test_sixteen_bits_round_what_is_stored(bias: bool) -> None:
    w, xh = weights(bias)
    sums = LikelySums(w, xh, BFLOAT16, 8.0)
    found = sums.of_both("f")[0, :, 0]

    def stored(value: Tensor) -> Tensor:
        return value.to(torch.bfloat16).double()

    def less_bias(kind: str) -> Tensor:
        value = w.of_x(xh, "f") if kind == "x" else w.of_h(xh, "f")
        p = w.parameters.b_ih if kind == "x" else w.parameters.b_hh
        return value[0, :, 0] - (0 if p is None else p[:, 1])

    def plus_bias(value: Tensor, of: Tensor | None) -> Tensor:
        return value if of is None else stored(value + of[:, 1])

    p = w.parameters
    exact = w.of_both(xh, "f")[0, :, 0]
    each = [plus_bias(stored(less_bias("x")), p.b_ih), plus_bias(stored(less_bias("h")), p.b_hh)]
    error = (stored(each[0] + each[1]) - exact).abs()
    assert bool((error <= found).all())
    assert float((error / found).max()) > 1 / 20
    size, of_x = sums.of_x("f")
    torch.testing.assert_close(size, w.of_x(xh, "f")[0].abs())
    assert bool(((each[0] - w.of_x(xh, "f")[0, :, 0]).abs() <= of_x[:, 0]).all())


def test_the_spread_follows_from_the_probability() -> None:
    numbers, probability = 1_000_000, 1e-9
    assert numbers * 2 * exp(-(spread_for(numbers, probability) ** 2) / 2) == pytest.approx(probability)
