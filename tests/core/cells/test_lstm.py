"""One step of the LSTM against the textbook's formulas in numpy, and against torch's own cell."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
import torch
from numpy.typing import NDArray
from torch import Tensor

from gatescope.cells.lstm import LSTM
from gatescope.cells.values import Values
from gatescope.cells.weights import Parameters, Weights
from gatescope.traces.layers import scan

AssertWithinBound = Callable[..., None]
K, H, N = 3, 4, 5


def sigmoid(z: NDArray[Any]) -> NDArray[Any]:
    return 1 / (1 + np.exp(-z))


def drawn(units: int = H) -> tuple[Weights, Tensor, Values]:
    """Return parameters, with a projection where h has fewer units, x of N rows, and the states before."""
    w_ih, w_hh, b_ih, b_hh = (torch.randn(4 * H, *shape).double() for shape in ((K,), (units,), (), ()))
    w_hr = None if units == H else torch.randn(units, H).double()
    before = {"h": torch.randn(N, units).double(), "c": torch.randn(N, H).double()}
    return Weights(LSTM.packed, Parameters(w_ih, w_hh, b_ih, b_hh, w_hr)), torch.randn(N, K).double(), before


def textbook(w: Weights, x: Tensor, before: Values) -> dict[str, NDArray[Any]]:
    """Gers, Schmidhuber and Cummins, 2000, in torch's packing i, f, g, o, one gate after the other."""
    p = w.parameters
    assert p.b_ih is not None
    assert p.b_hh is not None
    w_ih, w_hh, b_ih, b_hh = (part.numpy() for part in (p.w_ih, p.w_hh, p.b_ih, p.b_hh))
    z = x.numpy() @ w_ih.T + b_ih + before["h"].numpy() @ w_hh.T + b_hh
    i, f, o = sigmoid(z[:, :H]), sigmoid(z[:, H : 2 * H]), sigmoid(z[:, 3 * H :])
    c_tilde = np.tanh(z[:, 2 * H : 3 * H])
    c = f * before["c"].numpy() + i * c_tilde
    h = o * np.tanh(c)
    return {"f": f, "i": i, "c_tilde": c_tilde, "c": c, "o": o, "h": h if p.w_hr is None else h @ p.w_hr.numpy().T}


@pytest.mark.parametrize("units", [H, 2])
def test_a_step_is_the_textbooks(units: int, assert_within_bound: AssertWithinBound) -> None:
    w, x, before = drawn(units)
    step = LSTM.step(torch.cat([x, before["h"]], dim=1), before, w)
    assert tuple(step) == ("f", "i", "c_tilde", "o", "c", "h")
    assert_within_bound(LSTM, w, x, before, step, textbook(w, x, before))


def test_a_step_is_that_of_torchs_cell(assert_within_bound: AssertWithinBound) -> None:
    w, x, before = drawn()
    step = LSTM.step(torch.cat([x, before["h"]], dim=1), before, w)
    h, c = torch.lstm_cell(x, [before["h"], before["c"]], *w.parameters[:4])
    assert_within_bound(LSTM, w, x, before, step, {"h": h, "c": c})


def test_what_is_held_reaches_all_that_follows_and_nothing_else() -> None:
    w, x, before = drawn()
    xh = torch.cat([x, before["h"]], dim=1)
    free = LSTM.step(xh, before, w)
    held = LSTM.step(xh, before, w, lambda name, value: torch.ones_like(value) if name == "f" else value)
    assert torch.equal(held["f"], torch.ones(N, H).double())
    assert all(torch.equal(held[name], free[name]) for name in ("i", "c_tilde", "o"))
    assert torch.equal(held["c"], before["c"] + free["i"] * free["c_tilde"])
    assert torch.equal(held["h"], free["o"] * held["c"].tanh())


def test_the_memory_of_many_steps_is_that_of_one_after_the_other() -> None:
    gates = {name: torch.rand(7, N, H).double() for name in ("f", "i", "c_tilde")}
    before = torch.randn(N, H).double()
    c = LSTM.memory({name: gate.clone() for name, gate in gates.items()}, {"c": before}, scan)["c"]
    for t in range(7):
        before = gates["f"][t] * before + gates["i"][t] * gates["c_tilde"][t]
        assert torch.equal(c[t], before)  # the same two products and one sum


def test_the_summands_of_c_add_up_to_it() -> None:
    w, x, before = drawn()
    step = LSTM.step(torch.cat([x, before["h"]], dim=1), before, w)
    of_c, of_h = LSTM.summands(step, before).values()
    assert list(of_c) == ["f_t * C_(t-1)", "i_t * C̃_t"]
    kept, written = (one * other for one, other in of_c.values())
    assert torch.equal(kept + written, step["c"])
    assert torch.equal(torch.stack(of_h["o_t * tanh(C_t)"]).prod(dim=0), step["h"])
    assert torch.equal(LSTM.kept_and_written(step)[0], step["f"])
    assert torch.equal(LSTM.kept_and_written(step)[1], written)
