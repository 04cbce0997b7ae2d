"""One step of the GRU in torch's form against its formulas in numpy, and against torch's own cell."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from gatescope.cells.gru import GRU
from gatescope.cells.values import Values
from gatescope.cells.weights import Parameters, Weights

AssertWithinBound = Callable[..., None]
K, H, N = 3, 4, 5


def drawn() -> tuple[Weights, Tensor, Values]:
    """Return parameters, x of N rows, and h before."""
    parameters = (torch.randn(3 * H, *shape).double() for shape in ((K,), (H,), (), ()))
    return (
        Weights(GRU.packed, Parameters(*parameters, None)),
        torch.randn(N, K).double(),
        {"h": torch.randn(N, H).double()},
    )


def sigmoid(z: NDArray[Any]) -> NDArray[Any]:
    result: NDArray[Any] = 1 / (1 + np.exp(-z))
    return result


def textbook(w: Weights, x: Tensor, before: Values) -> dict[str, NDArray[Any]]:
    """The documentation of torch.nn.GRU: packing r, z, n, and r after the product with h and its bias."""
    w_ih, w_hh, b_ih, b_hh = (part.numpy() for part in w.parameters[:4] if part is not None)
    h = before["h"].numpy()
    from_x, from_h = x.numpy() @ w_ih.T + b_ih, h @ w_hh.T + b_hh
    r, z = (sigmoid(from_x[:, part] + from_h[:, part]) for part in (slice(0, H), slice(H, 2 * H)))
    n = np.tanh(from_x[:, 2 * H :] + r * from_h[:, 2 * H :])
    return {"r": r, "z": z, "n": n, "h": (1 - z) * n + z * h}


def test_a_step_is_the_documented_one_and_that_of_torchs_cell(assert_within_bound: AssertWithinBound) -> None:
    w, x, before = drawn()
    step = GRU.step(torch.cat([x, before["h"]], dim=1), before, w)
    assert_within_bound(GRU, w, x, before, step, textbook(w, x, before))
    assert_within_bound(GRU, w, x, before, step, {"h": torch.gru_cell(x, before["h"], *w.parameters[:4])})


def test_a_reset_gate_that_is_held_shut_leaves_x_and_its_bias() -> None:
    w, x, before = drawn()
    xh = torch.cat([x, before["h"]], dim=1)
    free, held = (
        GRU.step(xh, before, w, hold)
        for hold in (lambda _name, value: value, lambda name, value: value * (name != "r"))
    )
    assert torch.equal(held["z"], free["z"])
    assert torch.equal(held["n"], w.of_x(xh, "n")[0].tanh())


def test_the_summands_of_h_add_up_to_it() -> None:
    w, x, before = drawn()
    step = GRU.step(torch.cat([x, before["h"]], dim=1), before, w)
    ((kept, h), (written, n)) = GRU.summands(step, before)["h"].values()
    assert torch.equal(written * n + kept * h, step["h"])
    share, added = GRU.kept_and_written(step)
    assert torch.equal(added + share * before["h"], step["h"])
