"""Each term of the bounds on rounding is reached within a factor of 4, so that a looser constant fails.

By computations that are right but round in the worst way: in another order, with chosen numbers, or with operands
rounded first. They are made of single operations of numpy in float32, which are the same on every processor.
"""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
import torch
from torch import Tensor

from gatescope.cells.arithmetic import BF16, BFLOAT16, IEEE16, IEEE32, IEEE64, TF32, Arithmetic
from gatescope.cells.lstm import LSTM
from gatescope.cells.rnn import RNN_RELU
from gatescope.cells.rounding import WorstSums, both_sides, sigmoid_error, tanh_error, tanh_slope
from gatescope.cells.weights import Parameters, Weights

U = 2.0**-24


def assert_within_four(reached: float, bound: float) -> None:
    assert reached <= bound <= 4 * reached, f"{reached / bound:.3g} of the bound is reached"


def bound_of_sum(products: Tensor, operands: Tensor, arithmetic: Arithmetic = IEEE32) -> float:
    """Return the bound of the sum of `products`, each a weight times one of the `operands`."""
    given = len(operands) - 1  # all but the last are x, the last is h
    weights = (products / operands).double()
    w = Weights(RNN_RELU.packed, Parameters(weights[None, :given], weights[None, given:], None, None, None))
    xh = operands.double()[None]
    step = {"a": products.double().sum().view(1, 1), "h": products.double().sum().relu().view(1, 1)}
    bounds = RNN_RELU.bound(xh, {"h": xh[:, given:]}, w, step, arithmetic)
    assert torch.equal(bounds["a"], bounds["h"])
    return float(bounds["a"])


def added_up(numbers: Tensor) -> float:
    """Add up one after the other in float32, from the first to the last."""
    total = np.float32(0)
    for number in numbers.numpy():
        total = np.float32(total + np.float32(number))
    return float(total)


@pytest.mark.parametrize("terms", [16, 64, 1000])
def test_two_orders_of_adding_up_reach_n_u_A(terms: int) -> None:
    small = U * (1 + 2.0**-10)  # a little more than half of the distance from 1 to the next number
    numbers = torch.cat([torch.ones(1), torch.full((terms,), small)])
    # From the largest each addition rounds up; from the smallest they are as good as exact.
    reached = abs(added_up(numbers) - added_up(numbers.flip(0)))
    assert_within_four(reached, bound_of_sum(numbers, torch.ones(terms + 1)))


def as_operand(values: Tensor, bits: int) -> Tensor:
    """Round to so many bits, to the nearest; of two as near to the even one."""
    mantissa, exponent = torch.frexp(values)
    return torch.ldexp(torch.round(mantissa * 2**bits), exponent - bits)


@pytest.mark.parametrize(("arithmetic", "bits"), [(TF32, 11), (BF16, 8)], ids=["TF32", "BF16"])
def test_operands_that_are_rounded_first_reach_their_term(arithmetic: Arithmetic, bits: int) -> None:
    halfway = torch.full((8,), 1 + 2.0**-bits).double()
    exact, rounded = float((halfway * halfway).sum()), float(as_operand(halfway, bits).square().sum())
    assert rounded == 8
    assert_within_four(exact - rounded, bound_of_sum(halfway * halfway, halfway, arithmetic))


@pytest.mark.parametrize(("arithmetic", "dtype"), [(IEEE16, torch.float16), (BFLOAT16, torch.bfloat16)])
def test_sums_of_16_bits_that_are_stored_on_their_way_reach_their_term(
    arithmetic: Arithmetic, dtype: torch.dtype
) -> None:
    below_half = float(torch.finfo(dtype).eps) * (0.5 - 2.0**-6)  # what a number of 16 bits just above 1 loses
    from_x, from_h, b_ih, b_hh = torch.tensor([1 + below_half, below_half, below_half, below_half])
    stored = from_x.to(dtype)
    for part in (from_h, b_ih, b_hh):
        stored = (stored.float() + part.to(dtype).float()).to(dtype)
    once = (from_x + from_h + b_ih + b_hh).to(dtype)
    numbers = torch.tensor([1 + below_half, below_half])
    w = Weights(RNN_RELU.packed, Parameters(numbers[:1, None], numbers[1:, None], b_ih[None], b_hh[None], None))
    bound = WorstSums(w, torch.ones(1, 2), arithmetic).of_both()
    assert_within_four(float(once) - float(stored), 2 * float(bound))


# ---- below the normal range ----


@pytest.mark.parametrize("arithmetic", [IEEE32, BFLOAT16, IEEE64], ids=lambda arithmetic: arithmetic.name)
def test_operands_that_are_taken_for_0_reach_what_is_lost(arithmetic: Arithmetic) -> None:
    below = arithmetic.tiny * (1 - 2.0**-7)
    operands = torch.full((40,), below, dtype=torch.float64)
    bound = bound_of_sum(100 * operands, operands, arithmetic)
    of_magnitudes = 2 * arithmetic.product_roundoff(43) * 40 * 100 * below
    # The other side loses nothing; both may lose as much, each in another place.
    assert_within_four(2 * 40 * 100 * below, bound - of_magnitudes)


@pytest.mark.parametrize("arithmetic", [IEEE32, IEEE64, BFLOAT16], ids=lambda arithmetic: arithmetic.name)
def test_results_that_are_taken_for_0_reach_what_is_lost(arithmetic: Arithmetic) -> None:
    below = arithmetic.tiny * (1 - 2.0**-7)  # of the two products of a state, neither is normal
    assert_within_four(2 * below, float(both_sides({"c": torch.zeros(1).double()}, arithmetic)["c"]))


@pytest.mark.parametrize("arithmetic", [IEEE16, BFLOAT16, IEEE32, IEEE64], ids=lambda arithmetic: arithmetic.name)
def test_a_tanh_that_is_taken_for_0_reaches_what_is_lost(arithmetic: Arithmetic) -> None:
    below = arithmetic.tiny * (1 - 2.0**-7)
    exact = replace(arithmetic, elementary=0.0)
    assert_within_four(below, float(tanh_error(doubles(below), doubles(0), exact)))


def test_float16_is_flushed_as_the_float32_that_it_is_added_up_in() -> None:
    assert (IEEE16.flushed, BFLOAT16.flushed, IEEE32.flushed, IEEE64.flushed) == (
        2.0**-126, 2.0**-126, 2.0**-126, 2.0**-1022
    )  # fmt: skip


# ---- sigmoid and tanh ----


def doubles(*values: float) -> Tensor:
    return torch.tensor(values, dtype=torch.float64)


def off_by(value: np.float32, units: int) -> float:
    """Return a number that is so many units in the last place nearer to 0."""
    for _ in range(units):
        value = np.nextafter(value, np.float32(0))
    return float(value)


def test_what_libraries_promise_of_their_functions_reaches_what_is_allowed_for() -> None:
    above = np.float32(1 + 2.0**-20)  # where a unit in the last place is largest beside the number
    # SLEEF, which PyTorch uses on the CPU, promises tanh within 1.0 units: documentation of Sleef_tanhf_u10.
    t = above / np.float32(2)
    assert_within_four(float(t) - off_by(t, 1), float(tanh_error(doubles(float(t)), doubles(0), IEEE32)))
    # 1 / (1 + e^-z) near 1: the sum rounds, and CUDA's __fdividef is within 2 units (CUDA C++ Programming Guide).
    s = np.float32(1 - 2.0**-20)
    assert_within_four(U + float(s) - off_by(s, 2), float(sigmoid_error(doubles(float(s)), doubles(0), IEEE32)))


@pytest.mark.parametrize("dz", [1e-6, 1e-3, 0.1, 0.25, 0.4, 0.6, 0.75, 1.0])
def test_the_slopes_are_reached_within_four_wherever_they_count(dz: float) -> None:
    z = torch.linspace(-8, 8, 801, dtype=torch.float64)
    at = torch.full_like(z, dz)
    for apply, bound, near in ((torch.sigmoid, sigmoid_error, 0.5), (torch.tanh, tanh_error, 0.25)):
        # The one that is known may be off by dz to the one side, and the other to the other side.
        apart = torch.stack([(apply(z + 2 * to * dz) - apply(z)).abs() for to in (-1, 1)]).amax(dim=0)
        both = 2 * bound(apply(z), at, replace(IEEE64, elementary=0.0))
        assert bool((apart <= both + 2.0**-52).all())
        assert float((apart / both).max()) >= 0.25
        if dz <= near:  # further out the steepest slope of all is taken
            assert bool((both <= 4 * apart).all())


def test_where_a_function_rounds_to_1_its_slope_is_what_it_may_be_off_by() -> None:
    u, off = IEEE32.unit_roundoff, IEEE32.elementary * IEEE32.unit_roundoff
    dz = doubles(2.0**-20)
    without = replace(IEEE32, elementary=0.0, tiny=0.0)
    s, t = 1 - off, 1 - off  # what it may be where 1 is returned
    assert_within_four(s * (1 - s), float(sigmoid_error(doubles(1), dz, without) / dz))
    assert_within_four(1 - t * t, float(tanh_error(doubles(1), dz, without) / dz))
    assert float(tanh_slope(doubles(1), doubles(0))) == 0
    assert float(sigmoid_error(doubles(1 + u), dz, without)) > 0  # a little above 1 as well


# ---- the sums of a step ----


def whole_step() -> tuple[Weights, Tensor]:
    """Return weights of every kind and operands; small whole numbers, so that every sum is exact."""
    shapes = ((8, 3), (8, 2), (8,), (8,), (2, 2))
    generator = torch.Generator().manual_seed(5)
    parameters = (torch.randint(-3, 4, shape, generator=generator).double() for shape in shapes)
    return Weights(LSTM.packed, Parameters(*parameters)), torch.tensor(
        [[1.0, -2, 3, -1, 2], [2, 0, -1, 4, -1]]
    ).double()


def test_the_sums_of_a_step_are_off_by_as_many_roundings_as_they_have_terms() -> None:
    w, xh = whole_step()
    sums, p = WorstSums(w, xh, IEEE64), w.parameters
    assert p.b_ih is not None
    assert p.b_hh is not None
    u, lost = 2.0**-53, 8 * 2.0**-1022 * (2 + 4)  # K + P = 5 products and 2 biases, and one more
    of_x = (xh.abs()[:, :3] @ p.w_ih.abs().T + p.b_ih.abs()).view(2, 4, 2).transpose(0, 1)  # (G, N, H)
    of_h = (xh.abs()[:, 3:] @ p.w_hh.abs().T + p.b_hh.abs()).view(2, 4, 2).transpose(0, 1)
    assert torch.equal(sums.of_both(), (of_x + of_h) * 8 * u + lost)
    assert torch.equal(sums.of_both("f", "c_tilde"), ((of_x + of_h) * 8 * u + lost)[1:3])
    for index, gate in enumerate(LSTM.packed):
        for asked, sizes in ((sums.of_x, of_x), (sums.of_h, of_h)):
            size, error = asked(gate)
            assert torch.equal(size, sizes[index])
            assert torch.equal(error, sizes[index] * 8 * u + lost)


def test_a_projection_adds_up_what_its_terms_are_off_by_and_rounds_itself() -> None:
    w, xh = whole_step()
    assert w.w_hr is not None
    m, dm = doubles(2, 1).expand(2, 2), doubles(2.0**-20, 2.0**-19).expand(2, 2)
    found = WorstSums(w, xh, IEEE64).projected(m, dm)
    expected = dm @ w.w_hr.abs().T + (m @ w.w_hr.abs().T) * 2 * 2.0**-53
    torch.testing.assert_close(found, expected, rtol=2.0**-50, atol=0.0)
    assert float((m @ w.w_hr.abs().T).min()) > 0
    exact = WorstSums(w, xh, replace(IEEE64, unit_roundoff=2.0**-4)).projected(m, 0 * dm)
    torch.testing.assert_close(exact, (m @ w.w_hr.abs().T) * 2 * 2.0**-4, rtol=2.0**-50, atol=0.0)
    plain = Weights(w.packed, w.parameters._replace(w_hr=None))
    assert WorstSums(plain, xh, IEEE64).projected(m, dm) is dm
