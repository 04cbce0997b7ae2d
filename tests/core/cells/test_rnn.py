"""One step of the plain cell against its formula in numpy, and against torch's own cell."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pytest
import torch

from gatescope.cells.cell import Cell
from gatescope.cells.rnn import RNN_RELU, RNN_TANH
from gatescope.cells.weights import Parameters, Weights

AssertWithinBound = Callable[..., None]
K, H, N = 3, 4, 5


@pytest.mark.parametrize("cell", [RNN_TANH, RNN_RELU], ids=["tanh", "relu"])
def test_a_step_is_elmans_and_that_of_torchs_cell(cell: Cell, assert_within_bound: AssertWithinBound) -> None:
    w_ih, w_hh, b_ih, b_hh = (torch.randn(H, *shape).double() for shape in ((K,), (H,), (), ()))
    w = Weights(cell.packed, Parameters(w_ih, w_hh, b_ih, b_hh, None))
    x, h = torch.randn(N, K).double(), torch.randn(N, H).double()
    before = {"h": h}
    step = cell.step(torch.cat([x, h], dim=1), before, w)
    a = x.numpy() @ w_ih.numpy().T + b_ih.numpy() + h.numpy() @ w_hh.numpy().T + b_hh.numpy()
    expected = np.tanh(a) if cell is RNN_TANH else np.maximum(a, 0)
    assert_within_bound(cell, w, x, before, step, {"a": a, "h": expected})
    own = torch.rnn_tanh_cell if cell is RNN_TANH else torch.rnn_relu_cell
    assert_within_bound(cell, w, x, before, step, {"h": own(x, h, *w.parameters[:4])})
    ((summand,),) = cell.summands(step, before)["h"].values()
    assert torch.equal(summand, step["h"])


def test_only_the_one_with_relu_has_no_upper_limit() -> None:
    assert [(cell.quantity("h").low, cell.quantity("h").high) for cell in (RNN_TANH, RNN_RELU)] == [(-1, 1), (0, None)]
    assert RNN_TANH.revealing is RNN_RELU is RNN_RELU.revealing
