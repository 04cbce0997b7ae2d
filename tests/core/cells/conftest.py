"""What the tests of the cells share."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import pytest
import torch
from torch import Tensor

from gatescope.cells.arithmetic import IEEE64
from gatescope.cells.cell import Cell
from gatescope.cells.values import Values
from gatescope.cells.weights import Weights

AssertWithinBound = Callable[[Cell, Weights, Tensor, Values, Values, Mapping[str, Any]], None]


@pytest.fixture(scope="session")
def assert_within_bound() -> AssertWithinBound:
    """Return a function that compares a step with another right computation of it in float64.

    They may part by what rounding alone can do to two computations, which the cell itself derives: n u A for each sum
    of n products of the magnitude A, u = 2^-53, through the slopes of what is applied to it.
    """

    def check(cell: Cell, w: Weights, x: Tensor, before: Values, step: Values, expected: Mapping[str, Any]) -> None:
        bounds = cell.bound(torch.cat([x, before["h"]], dim=1), before, w, step, IEEE64)
        for name, values in expected.items():
            apart = (step[name] - torch.as_tensor(values)).abs()
            assert bool((apart <= bounds[name]).all()), name

    return check
