"""Which sums may overflow on their way: those whose magnitudes add up to more than the largest number."""

from __future__ import annotations

import pytest
import torch
from torch import Tensor

from gatescope.cells.arithmetic import BFLOAT16, IEEE16, IEEE32, IEEE64, Arithmetic
from gatescope.cells.gru import GRU
from gatescope.cells.lstm import LSTM
from gatescope.cells.overflow import overflowing
from gatescope.cells.rnn import RNN_RELU
from gatescope.cells.torch_cell import TorchCell
from gatescope.cells.weights import Parameters, Weights

H = 2


def masks(
    cell: TorchCell, arithmetic: Arithmetic, *, gate: str, x: float = 0.0, h: float = 0.0, bias: float = 0.0,
    projection: Tensor | None = None,
) -> dict[str, list[bool]]:  # fmt: skip
    """Return which quantities of unit 0 and 1 are marked, where such numbers come to a gate of unit 0."""
    units = H if projection is None else len(projection)
    parameters = [torch.zeros(len(cell.packed) * H, *shape).double() for shape in ((1,), (units,), (), ())]
    row = cell.packed.index(gate) * H
    for part, value in zip(parameters, (x, h, bias, -bias), strict=True):
        part.view(len(part), -1)[row, 0] = value
    w = Weights(cell.packed, Parameters(*parameters, projection))
    xh, before = torch.ones(1, 1 + units).double(), {"h": torch.ones(1, units).double()}
    before |= {"c": torch.ones(1, H).double()} if "c" in cell.states else {}
    step = {name: torch.full((1, units if name == "h" else H), 0.5).double() for name in cell.names}
    return {name: mask[0].tolist() for name, mask in overflowing(cell, xh, before, w, step, arithmetic).items()}


@pytest.mark.parametrize("arithmetic", [IEEE16, BFLOAT16, IEEE32, IEEE64], ids=lambda one: one.name)
def test_the_largest_number_of_each_type_is_the_limit(arithmetic: Arithmetic) -> None:
    largest = arithmetic.largest
    assert not any(masks(RNN_RELU, arithmetic, gate="a", x=0.4 * largest, h=-0.5 * largest)["a"])
    assert masks(RNN_RELU, arithmetic, gate="a", x=0.5 * largest, h=-0.6 * largest)["a"] == [True, False]
    assert masks(RNN_RELU, arithmetic, gate="a", bias=0.6 * largest)["h"] == [True, False]
    assert masks(RNN_RELU, arithmetic, gate="a", x=2.0) == {}  # not looked at any closer


def test_what_follows_from_such_a_sum_is_marked_and_nothing_else() -> None:
    found = masks(LSTM, IEEE16, gate="f", x=6e4, h=6e4)
    assert {name for name, mask in found.items() if mask[0]} == {"f", "c", "h"}
    assert not any(mask[1] for mask in found.values())
    found = masks(LSTM, IEEE16, gate="o", x=6e4, h=6e4)
    assert {name for name, mask in found.items() if mask[0]} == {"o", "h"}
    found = masks(GRU, IEEE16, gate="r", x=6e4, h=6e4)
    assert {name for name, mask in found.items() if mask[0]} == {"r", "n", "h"}
    found = masks(GRU, IEEE16, gate="n", bias=7e4)
    assert {name for name, mask in found.items() if mask[0]} == {"n", "h"}


def test_a_projection_mixes_all_units() -> None:
    projection = torch.full((1, H), 0.1).double()
    assert masks(LSTM, IEEE16, gate="o", x=6e4, h=6e4, projection=projection)["h"] == [True]
    huge = torch.full((1, H), 65504.0).double()
    found = masks(LSTM, IEEE16, gate="o", projection=huge * 4)
    assert {name for name, mask in found.items() if any(mask)} == {"h"}
    assert not any(masks(LSTM, IEEE16, gate="o", projection=huge / 2)["h"])


def test_the_rounding_of_the_sums_counts_before_the_limit() -> None:
    largest = IEEE16.largest
    near = largest * (1 - IEEE16.product_roundoff(1 + H + H))  # which the roundings of 16 bits may take over it
    assert masks(RNN_RELU, IEEE16, gate="a", x=(near + largest) / 2)["a"] == [True, False]
    assert not any(masks(RNN_RELU, IEEE16, gate="a", x=near * (1 - 2.0**-9)).get("a", []))
