"""No term of a cell's bounds is below what a correct computation reaches, and none above four times that.

The computation is simulated in the standard model of rounding (Higham, section 2.2): an operation returns its result
times 1 + d, where |d| <= u; a sum of products and a function are off by what they may be. Here each of them is off to
the side that moves the result farthest. All in float64, whose own roundings are far below: no processor's matter.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field, replace

import pytest
import torch
from torch import Tensor

from gatescope.cells.arithmetic import IEEE64, Arithmetic
from gatescope.cells.gru import GRU
from gatescope.cells.lstm import LSTM
from gatescope.cells.rnn import RNN_RELU, RNN_TANH
from gatescope.cells.torch_cell import TorchCell
from gatescope.cells.values import Values
from gatescope.traces.layers import scan

EXACT = replace(IEEE64, unit_roundoff=0.0, tiny=0.0, elementary=0.0)
FIRST_ORDER = 2.0**-20  # an error whose square is nothing beside it, and far above the roundings of float64


@dataclass
class Off:
    """How far everything is off; the sums by the gate that they belong to. What is asked of by `carried`."""

    sums: dict[str, float] = field(default_factory=dict)
    rounding: float = 0.0
    function: float = 0.0
    sizes: dict[str, Tensor] = field(default_factory=dict)
    packed: tuple[str, ...] = ()

    def of(self, name: str) -> float:
        return self.sums.get(name, 0.0)

    def of_both(self, *gates: str) -> Tensor:
        return torch.stack([torch.full((N, 1), self.of(gate)).double() for gate in gates or self.packed])

    def of_x(self, gate: str) -> tuple[Tensor, Tensor]:
        return self.sizes["x"].abs(), torch.full((N, 1), self.of(f"{gate} from x")).double()

    def of_h(self, gate: str) -> tuple[Tensor, Tensor]:
        return self.sizes["h"].abs(), torch.full((N, 1), self.of(f"{gate} from h")).double()

    def projected(self, _m: Tensor, dm: Tensor) -> Tensor:
        return dm

    @property
    def arithmetic(self) -> Arithmetic:
        u = self.rounding or 2.0**-80  # else nothing to make `elementary` u of
        return replace(EXACT, unit_roundoff=u, elementary=self.function / u)

    # Each is moved to the side of `to`, +1 or -1.
    def rounded(self, value: Tensor, to: Tensor) -> Tensor:
        return value + to * value.abs() * self.rounding

    def sigmoid(self, z: Tensor, gate: str, to: Tensor) -> Tensor:
        return (z + to * self.of(gate)).sigmoid() + to * self.function

    def tanh(self, z: Tensor, gate: str, to: Tensor) -> Tensor:
        t = (z + to * self.of(gate)).tanh()
        return t + to * t.abs() * self.function


N = 200
UP = torch.ones(N, 1, dtype=torch.float64)


def drawn(seed: int, low: float, high: float) -> Tensor:
    generator = torch.Generator().manual_seed(seed)
    return torch.rand(N, 1, generator=generator, dtype=torch.float64) * (high - low) + low


def lstm(off: Off) -> tuple[Values, Values]:
    """Return the states before a step, and the step."""
    z = {gate: drawn(seed, -2, 2) for seed, gate in enumerate(LSTM.packed)}
    before = {"h": torch.zeros(N, 1).double(), "c": drawn(9, -2, 2)}
    c_tilde = off.tanh(z["c_tilde"], "c_tilde", UP * before["c"].sign())
    f = off.sigmoid(z["f"], "f", UP)
    i = off.sigmoid(z["i"], "i", UP * c_tilde.sign() * before["c"].sign())
    to = before["c"].sign()
    c = off.rounded(off.rounded(f * before["c"], to) + off.rounded(i * c_tilde, to), to)
    o = off.sigmoid(z["o"], "o", to * c.sign())
    h = off.rounded(o * off.tanh(c, "", to), to)
    return before, {"f": f, "i": i, "c_tilde": c_tilde, "o": o, "c": c, "h": h}


def gru(off: Off) -> tuple[Values, Values]:
    # n and the state before are of opposite signs, where an error of z counts most; so the step is n + z (h - n).
    from_x, from_h = drawn(1, 0.2, 1.5), drawn(2, 0.2, 1.5)
    off.sizes = {"x": from_x, "h": from_h}
    before = {"h": -drawn(3, 0.2, 2)}
    r = off.sigmoid(drawn(4, -2, 2), "r", UP)
    product = off.rounded(r * (from_h + off.of("n from h")), UP)
    z_n = off.rounded(from_x + off.of("n from x") + product, UP)
    n = off.tanh(z_n, "", UP)
    z = off.sigmoid(drawn(5, 0.5, 3), "z", -UP)
    h = off.rounded(n + off.rounded(z * off.rounded(before["h"] - n, UP), UP), UP)
    return before, {"r": r, "z": z, "n": n, "h": h}


def rnn(off: Off) -> tuple[Values, Values]:
    a = drawn(1, 0.1, 2) + off.of("a")
    return {"h": UP * 0}, {"a": a, "h": off.tanh(a, "", UP)}


def rnn_relu(off: Off) -> tuple[Values, Values]:
    a = drawn(1, 0.1, 2) + off.of("a")
    return {"h": UP * 0}, {"a": a, "h": a.relu()}


STEPS: dict[TorchCell, Callable[[Off], tuple[Values, Values]]] = {
    LSTM: lstm, GRU: gru, RNN_TANH: rnn, RNN_RELU: rnn_relu,
}  # fmt: skip
NAMES = {LSTM: "LSTM", GRU: "GRU", RNN_TANH: "RNN with tanh", RNN_RELU: "RNN with relu"}
SUMS = {cell: cell.packed for cell in STEPS} | {GRU: ("r", "z", "n from x", "n from h")}
each_cell = pytest.mark.parametrize("cell", STEPS, ids=NAMES.values())


def reached(cell: TorchCell, off: Off) -> dict[str, tuple[Tensor, Tensor]]:
    """Return of each quantity how far one side is off, and half of what both may be."""
    off.packed = cell.packed
    before, exact = STEPS[cell](Off())
    _, moved = STEPS[cell](off)
    bounds = cell.carried(off, before, {name: value.clone() for name, value in exact.items()}, off.arithmetic)
    assert set(bounds) == set(cell.names)
    return {name: ((moved[name] - exact[name]).abs(), bounds[name] / 2) for name in cell.names}


def parts_of_bounds(cell: TorchCell, off: Off) -> dict[str, Tensor]:
    """Return of each quantity how large a part of its bound is reached; it may be more by the square of a rounding."""
    second_order, of_float64 = 1 + 8 * (off.rounding + off.function), 2.0**-50
    return {name: (error - of_float64) / (bound * second_order) for name, (error, bound) in reached(cell, off).items()}


@each_cell
def test_the_error_of_a_sum_reaches_all_that_follows_from_it_and_nothing_else(cell: TorchCell) -> None:
    for of_sum in SUMS[cell]:
        for error, bound in reached(cell, Off({of_sum: FIRST_ORDER})).values():
            torch.testing.assert_close(bound, error, rtol=1e-3, atol=2.0**-40)


@each_cell
def test_what_functions_are_off_by_themselves_is_counted_once(cell: TorchCell) -> None:
    for error, bound in reached(cell, Off(function=FIRST_ORDER)).values():
        torch.testing.assert_close(bound, error, rtol=1e-3, atol=2.0**-40)


@each_cell
@pytest.mark.parametrize("rounding", [2.0**-30, 2.0**-12])
def test_each_rounding_of_products_and_sums_counts(cell: TorchCell, rounding: float) -> None:
    for name, part in parts_of_bounds(cell, Off(rounding=rounding)).items():
        if name in ("c", "n", "h") and cell in (LSTM, GRU):
            assert 0.25 <= float(part.min()) <= float(part.max()) <= 1, name


@each_cell
@pytest.mark.parametrize("size", [2.0**-7, 0.05, 0.2, 0.4])
@pytest.mark.parametrize("function", [0.0, 0.01])
def test_large_errors_of_all_at_once_stay_within_the_bound(cell: TorchCell, size: float, function: float) -> None:
    sums = dict.fromkeys(SUMS[cell], size)
    for name, part in parts_of_bounds(cell, Off(sums, function=function)).items():
        assert 0.25 <= float(part.max()) <= 1, name


# ---- what C gathers beside torch's own h ----

T = 12


def lstm_run() -> tuple[Values, Tensor]:
    """Return the values of T steps and the bounds of C; of one row in each of the N elements."""
    values = {"f": drawn(1, 0, 1), "o": drawn(2, 0, 1), "c": drawn(3, -3, 3)}
    values = {name: torch.stack([value.roll(7 * t, dims=0) for t in range(T)]) for name, value in values.items()}
    return values, torch.full((T, N, 1), 2.0**-16).double()


def gathered(values: Values, bounds: Tensor, arithmetic: Arithmetic = EXACT) -> Tensor:
    kept = bounds.clone()
    shown = LSTM.gathered(values, bounds, scan, arithmetic)
    assert torch.equal(bounds, kept)
    return shown


def apart_at_each_step(values: Values, bounds: Tensor) -> tuple[Tensor, Tensor]:
    """Return how far h is moved by what C has gathered before each step; and C, moved where tanh is steeper."""
    (f, o, c), apart, moved = (values[name] for name in ("f", "o", "c")), bounds[0] * 0, []
    for t in range(T):
        reached = f[t] * apart
        moved.append((o[t] * (c[t].abs().tanh() - (c[t].abs() - reached).tanh()), reached))
        apart = reached + bounds[t]
    h, reached = (torch.stack(part) for part in zip(*moved, strict=True))
    return h, reached


def test_h_may_move_by_what_c_has_gathered_and_by_nothing_more() -> None:
    values, bounds = lstm_run()
    moved, _ = apart_at_each_step(values, bounds)
    shown = gathered(values, bounds)
    assert bool((moved <= shown * (1 + 2.0**-40) + 2.0**-50).all())
    torch.testing.assert_close(shown, moved, rtol=2.0**-8, atol=2.0**-50)
    assert float(shown[0].abs().max()) == 0  # nothing is before the first


def test_where_tanh_is_flat_h_moves_no_further_than_tanh_does() -> None:
    values, bounds = lstm_run()
    values["c"] *= 4
    for size in (0.01, 0.3, 2.0):  # beyond first order
        bounds.fill_(size)
        moved, reached = apart_at_each_step(values, bounds)
        shown = gathered(values, bounds)
        across_0 = reached > values["c"].abs()
        assert bool((moved <= shown + 2.0**-50).all())
        assert bool((shown <= 4 * moved + 2.0**-50)[~across_0 & (values["c"].abs() > 2)].all())


def test_rounding_where_tanh_is_1_is_allowed_for() -> None:
    values, bounds = lstm_run()
    values["c"].fill_(400.0)  # tanh is 1 there, to the last bit, and both sides' may be a rounding off
    u = 2.0**-10
    shown = gathered(values, bounds, replace(EXACT, unit_roundoff=u))
    slope = (8 * values["f"][1:] * bounds[1:]).max()
    assert bool((shown <= values["o"] * 4 * u).all())
    assert float(slope) < u  # else the limit above would not be what counts


def test_recorded_numbers_out_of_range_widen_no_more_than_the_range_allows() -> None:
    values, bounds = lstm_run()
    within = gathered({**values, "f": values["f"] * 0 + 1, "o": values["o"] * 0 + 1}, bounds)
    beyond = gathered({**values, "f": values["f"] * 0 + 3, "o": values["o"] * 0 + 3}, bounds)
    assert torch.equal(beyond, within)
    assert float(within[1:].min()) > 0
    for name in ("f", "o"):
        assert float(gathered({**values, name: values[name] - 2}, bounds).abs().max()) == 0


def test_the_sign_of_c_does_not_matter() -> None:
    values, bounds = lstm_run()
    assert torch.equal(gathered({**values, "c": -values["c"]}, bounds), gathered(values, bounds))


def test_a_cell_without_another_state_gathers_nothing() -> None:
    with pytest.raises(NotImplementedError):
        GRU.gathered({}, torch.ones(1), scan, EXACT)
