"""The bounds on rounding: closed forms at chosen places, and never below what numbers nearby show."""

from __future__ import annotations

import pytest
import torch

from gatescope.cells.arithmetic import BFLOAT16, IEEE16, IEEE32, IEEE64, TF32
from gatescope.cells.rounding import both_sides, product_error, sigmoid_error, tanh_error, tanh_slope

U = 2.0**-53


def doubles(*values: float) -> torch.Tensor:
    return torch.tensor(values, dtype=torch.float64)


def test_a_sum_of_products_is_off_by_n_u_times_its_magnitude() -> None:
    # Powers of two, so that every number here is exact.
    assert product_error(8, doubles(1, 4), IEEE64).tolist() == [8 * U, 32 * U]
    assert product_error(8, doubles(1), IEEE32).item() == 8 * 2.0**-24
    assert product_error(8, doubles(1), TF32).item() == 8 * 2.0**-24 + 2 * 2.0**-11  # two operands are rounded first
    assert product_error(8, doubles(1), BFLOAT16).item() == 8 * 2.0**-24 + 6 * 2.0**-8  # added up in float32


def test_below_the_normal_range_everything_may_be_lost() -> None:
    # Each of 8 operands below 2^-126, times a weight of 3; each product; and each sum.
    assert product_error(8, doubles(0), IEEE32, largest=3.0).item() == 8 * 2.0**-126 * 5
    assert product_error(8, doubles(0), IEEE16, largest=3.0).item() == 8 * 2.0**-126 * 5  # added up in float32
    assert product_error(8, doubles(0), IEEE32).item() == 8 * 2.0**-126 * 3  # weights of 1, if not told
    assert both_sides({"c": doubles(0)}, IEEE32)["c"].item() == 5 * 2.0**-126


def test_the_error_of_a_sigmoid_is_that_of_z_through_its_slope() -> None:
    # At s = 1/2 the slope is at its largest, 1/4; at 0 it is what rounding makes of s (1 - s); past dz = 1/2 it is 1/4.
    dz = 2.0**-20
    assert sigmoid_error(doubles(0.5), doubles(dz), IEEE64).item() == dz / 4 + IEEE64.elementary * U
    assert sigmoid_error(doubles(0.0), doubles(dz), IEEE64).item() == 8 * U * (1 + 4 * dz) * dz + IEEE64.elementary * U
    assert sigmoid_error(doubles(0.0), doubles(0.75), IEEE64).item() == 0.75 / 4 + IEEE64.elementary * U


def test_the_slope_of_tanh_within_reach() -> None:
    assert tanh_slope(doubles(0, 0.5, 1), doubles(0, 0, 0)).tolist() == [1, 0.75, 0]
    assert tanh_slope(doubles(0.5), doubles(2.0**-10)).item() == 0.75 * (1 + 8 * 2.0**-10)
    assert tanh_slope(doubles(0.99, 1), doubles(0.5, 0.5)).tolist() == [1, 1]  # too far for any better
    assert tanh_slope(doubles(0, 0.5), doubles(0.2, 0.2)).tolist() == [1, 1]  # never steeper than at 0


def test_beyond_1_no_slope_is_negative() -> None:
    # Nothing that is computed is there; a record may be.
    assert tanh_slope(doubles(1.5), doubles(0.1)).item() == 0
    assert sigmoid_error(doubles(1.5), doubles(0.1), IEEE64).item() == IEEE64.elementary * U


def test_tanh_is_off_by_its_own_size_only_where_that_is_known() -> None:
    small, none = doubles(2.0**-30), doubles(0)
    assert tanh_error(small, none, IEEE64).item() == IEEE64.elementary * U * 2.0**-30 + 2.0**-1022
    at_1 = tanh_error(doubles(1), doubles(2.0**-20), type(IEEE64)("", 2.0**-30, 0.0, elementary=0.0)).item()
    assert at_1 == 16 * 2.0**-30 * (1 + 8 * 2.0**-20) * 2.0**-20  # what rounding makes of 1 - t^2
    from_1 = type(IEEE64)("", U, 2.0**-1022, relative_tanh=False)
    assert tanh_error(small, none, from_1).item() == IEEE64.elementary * U


@pytest.mark.parametrize("dz", [1e-6, 0.01, 0.1, 0.24, 0.26, 0.49, 0.51, 2.0])
def test_no_function_moves_further_than_its_bound(dz: float) -> None:
    z = torch.linspace(-12, 12, 4801, dtype=torch.float64)
    for apply, bound in ((torch.sigmoid, sigmoid_error), (torch.tanh, tanh_error)):
        for other in (z - dz, z + dz):
            # s is the computed one: that of either side.
            assert bool(((apply(other) - apply(z)).abs() <= bound(apply(z), torch.full_like(z, dz), IEEE64)).all())


def test_both_sides_round() -> None:
    assert both_sides({"h": doubles(3 * U)}, IEEE64)["h"].item() == 6 * U + 2.0**-1022
